//! How a share of an account changes hands: to a bidder, or to the mutual pool.

use crate::{
	types::{Settlement, Sold},
	AuctionOf, Auctions, Config, Error, Event, Pallet, Stage, Standing, TradeId,
};
use ballast_primitives::{params::LiquidationRules, Moment, Ratio, Usd};
use ballast_traits::{
	CoverDeficit, InspectAccounts, InspectMarket, MutateAccounts, MutualPool, RiskParameters,
};
use frame_support::{dispatch::DispatchResult, ensure, storage::with_storage_layer};
use sp_runtime::DispatchError;

/// The parts of what is for sale that the pool tries to take, largest first: 1, 1/2, 1/4, 1/8.
const TAKE_OVER_PARTS: [u128; 4] = [1, 2, 4, 8];

/// One account's auction, read and judged at this block's tick.
struct Lot<'a, T: Config> {
	account: &'a T::AccountId,
	auction: AuctionOf<T>,
	standing: Standing,
	rules: LiquidationRules,
}

impl<T: Config> Pallet<T> {
	/// Sells `share` of an account, or what restores its buffer if that is less, to a bidder.
	pub(crate) fn do_bid(
		bidder: &T::AccountId,
		account: &T::AccountId,
		share: Ratio,
		max_payment: Usd,
		last_bid: TradeId,
	) -> DispatchResult {
		ensure!(!share.is_zero(), Error::<T>::ShareZero);
		ensure!(bidder != account, Error::<T>::SelfBid);
		let auction = Auctions::<T>::get(account).ok_or(Error::<T>::NotInAuction)?;
		ensure!(auction.last_bid == last_bid, Error::<T>::AuctionChanged);
		let lot = Self::open_lot(account, auction)?;
		let largest = lot.standing.largest_share()?;
		let share = share.min(largest);
		let least = largest.times_floor(lot.rules.bid_share_min)?;
		ensure!(share >= least, Error::<T>::ShareTooSmall);
		let sold =
			T::Accounts::guarded(bidder, || Self::sell(&lot, bidder, share, Some(max_payment)))?;
		let Settlement { payment, penalty, deficit } = sold.settlement;
		Self::deposit_event(Event::BidAccepted {
			account: account.clone(),
			bidder: bidder.clone(),
			share,
			payment,
			penalty,
			deficit,
		});
		Self::finish(lot, &sold, T::Market::now())
	}

	/// Sells what is for sale to the mutual pool if nobody has bid for long enough; if the pool's
	/// capital rule refuses it, the largest part that it accepts.
	pub(crate) fn do_take_over(account: &T::AccountId) -> DispatchResult {
		let auction = Auctions::<T>::get(account).ok_or(Error::<T>::NotInAuction)?;
		let rules = T::Parameters::liquidation();
		ensure!(Self::is_take_over_due(&auction, &rules), Error::<T>::TakeOverTooEarly);
		let lot = Self::open_lot(account, auction)?;
		let sold = Self::sell_to_pool(&lot)?;
		let Settlement { payment, penalty, deficit } = sold.settlement;
		Self::deposit_event(Event::TakenOver {
			account: account.clone(),
			share: sold.share,
			payment,
			penalty,
			deficit,
		});
		// The pool does not wait again for what it could not take at once.
		let last_bid_at = lot.auction.last_bid_at;
		Self::finish(lot, &sold, last_bid_at)
	}

	/// Whether nobody has bid for the governed time.
	pub(crate) fn is_take_over_due(auction: &AuctionOf<T>, rules: &LiquidationRules) -> bool {
		T::Market::now().saturating_sub(auction.last_bid_at) >= rules.takeover_after
	}

	/// Brings the account up to date and requires that bids are taken.
	fn open_lot(
		account: &T::AccountId,
		auction: AuctionOf<T>,
	) -> Result<Lot<'_, T>, DispatchError> {
		T::Accounts::touch(account)?;
		let rules = T::Parameters::liquidation();
		let standing = Self::standing(account, &auction, &rules)?;
		match standing.stage() {
			Stage::Open => Ok(Lot { account, auction, standing, rules }),
			Stage::Waiting => Err(Error::<T>::PriceNotUsable.into()),
			Stage::Over => Err(Error::<T>::AuctionOver.into()),
		}
	}

	/// The largest part of what is for sale that the pool's capital rule accepts.
	fn sell_to_pool(lot: &Lot<T>) -> Result<Sold, DispatchError> {
		let whole = lot.standing.largest_share()?;
		let mut refusal = Error::<T>::NothingToSell.into();
		for part in TAKE_OVER_PARTS {
			let share = Ratio::from_inner(whole.into_inner().checked_div(part).unwrap_or_default());
			if share.is_zero() {
				break;
			}
			let requirement = lot.standing.health().maintenance.times_ceil(share)?;
			let attempt = with_storage_layer(|| {
				T::Pool::take_over(requirement, |pool| Self::sell(lot, pool, share, None))
			});
			match attempt {
				Ok(sold) => return Ok(sold),
				Err(error) => refusal = error,
			}
		}
		Err(refusal)
	}

	/// Moves `share` of the account's usable positions and collateral to `buyer`, and payment and
	/// penalty for it (the deficit is covered in `finish`, once the sale stands). What has moved is measured by the account's own equity and requirement
	/// before and after, so that no rounding of the ledger is lost between the two.
	fn sell(
		lot: &Lot<T>,
		buyer: &T::AccountId,
		share: Ratio,
		max_payment: Option<Usd>,
	) -> Result<Sold, DispatchError> {
		let before = *lot.standing.health();
		T::Accounts::transfer_portfolio(lot.account, buyer, share)?;
		let moved = T::Accounts::health(lot.account)?;
		let value = before.equity.checked_sub(moved.equity)?;
		let requirement = before.maintenance.checked_sub(moved.maintenance)?.max(Usd::ZERO);
		let nothing = value.is_zero() && requirement.is_zero();
		ensure!(!nothing, Error::<T>::NothingToSell);
		let settlement = lot.standing.fill(share, value, requirement)?;
		let reserved = lot.standing.reserved_after(share)?;
		if let Some(limit) = max_payment {
			ensure!(settlement.payment <= limit, Error::<T>::PriceLimitExceeded);
		}
		if settlement.payment.is_negative() {
			T::Accounts::transfer(lot.account, buyer, settlement.payment.checked_neg()?)?;
		} else {
			T::Accounts::transfer(buyer, lot.account, settlement.payment)?;
		}
		let keeper_advance = Self::pay_penalty(lot, settlement.penalty)?;
		Ok(Sold { share, settlement, reserved, keeper_advance })
	}

	/// Splits a penalty between the keeper (after what it was advanced is paid back) and the
	/// insurance fund; returns what is still advanced. A keeper that cannot receive is passed over.
	fn pay_penalty(lot: &Lot<T>, penalty: Usd) -> Result<Usd, DispatchError> {
		let advance = lot.auction.keeper_advance;
		if !penalty.is_positive() {
			return Ok(advance);
		}
		let Some(keeper) = &lot.auction.keeper else {
			T::Pool::collect_penalty(lot.account, penalty)?;
			return Ok(advance);
		};
		let earned = penalty.times_floor(lot.rules.keeper_share)?.min(penalty);
		let repaid = earned.min(advance);
		let reward = earned.checked_sub(repaid)?;
		let mut fund = penalty;
		if reward.is_positive() {
			let paid = with_storage_layer(|| T::Accounts::transfer(lot.account, keeper, reward));
			if paid.is_ok() {
				fund = penalty.checked_sub(reward)?;
				Self::deposit_event(Event::KeeperPaid {
					account: lot.account.clone(),
					keeper: keeper.clone(),
					amount: reward,
				});
			}
		}
		if fund.is_positive() {
			T::Pool::collect_penalty(lot.account, fund)?;
		}
		Ok(advance.checked_sub(repaid)?)
	}

	/// Sends the sale's deficit to the loss waterfall, requires that the sale raised the buffered
	/// excess, and ends or updates the auction.
	fn finish(lot: Lot<T>, sold: &Sold, last_bid_at: Moment) -> DispatchResult {
		let Lot { account, mut auction, standing, rules } = lot;
		if sold.settlement.deficit.is_positive() {
			T::Deficits::cover(account, sold.settlement.deficit)?;
		}
		let after = Self::standing(account, &auction, &rules)?;
		let raised = after.buffered_excess()? > standing.buffered_excess()?;
		ensure!(raised, Error::<T>::NoImprovement);
		auction.last_bid = Self::next_trade_id();
		auction.last_bid_at = last_bid_at;
		auction.keeper_advance = sold.keeper_advance;
		auction.reserved = sold.reserved;
		auction.note_solvency(&after);
		Auctions::<T>::insert(account, &auction);
		Self::try_close(account, &after)?;
		Ok(())
	}
}
