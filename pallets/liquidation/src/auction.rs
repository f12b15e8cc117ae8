//! How auctions start and end.

use crate::{
	Auction, AuctionOf, Auctions, Config, Error, Event, LastTrade, Pallet, Stage, Standing,
	Started, TradeId,
};
use ballast_primitives::{params::LiquidationRules, AccountHealth, AccountStatus, Usd};
use ballast_traits::{
	CoverDeficit, InspectAccounts, InspectMarket, MutateAccounts, MutualPool, RiskParameters,
};
use frame_support::{
	dispatch::DispatchResult, ensure, storage::with_storage_layer, traits::Contains,
};
use sp_runtime::DispatchError;

/// Whether an account of this status may be put under auction. One whose status hangs on an unusable
/// price may not.
pub(crate) const fn is_failing(status: AccountStatus) -> bool {
	matches!(status, AccountStatus::Liquidatable | AccountStatus::Bankrupt)
}

impl<T: Config> Pallet<T> {
	/// Whether the account would be put under auction now. An account whose health cannot be
	/// computed is reported in the log and left alone.
	pub(crate) fn is_candidate(account: &T::AccountId) -> bool {
		if T::Exempt::contains(account) || Auctions::<T>::contains_key(account) {
			return false;
		}
		let needs = T::Accounts::health(account)
			.and_then(|health| Self::needs_liquidation(account, &health));
		needs.unwrap_or_else(|error| {
			log::error!(target: crate::LOG_TARGET, "health of {account:?}: {error:?}");
			false
		})
	}

	/// Whether an account of this health fails, by more than an auction would call over at once.
	pub(crate) fn needs_liquidation(
		account: &T::AccountId,
		health: &AccountHealth,
	) -> Result<bool, DispatchError> {
		if !is_failing(health.status) {
			return Ok(false);
		}
		let standing = Self::standing_at_start(account, health, &T::Parameters::liquidation())?;
		Ok(standing.stage() == Stage::Open)
	}

	fn standing_at_start(
		account: &T::AccountId,
		health: &AccountHealth,
		rules: &LiquidationRules,
	) -> Result<Standing, DispatchError> {
		let all_usable = T::Accounts::unusable(account).is_empty();
		Ok(Standing::new(*health, all_usable, Usd::ZERO, 0, rules)?)
	}

	/// Starts the liquidation of an account that fails.
	pub(crate) fn do_start(
		account: &T::AccountId,
		keeper: Option<T::AccountId>,
	) -> Result<Started, DispatchError> {
		ensure!(!T::Exempt::contains(account), Error::<T>::ExemptAccount);
		ensure!(!Auctions::<T>::contains_key(account), Error::<T>::AlreadyInAuction);
		let before = T::Accounts::health(account)?;
		T::Accounts::touch(account)?;
		let health = T::Accounts::health(account)?;
		if !Self::needs_liquidation(account, &health)? {
			// Settling what had expired may resolve it; an error would undo that.
			let needed = Self::needs_liquidation(account, &before)?;
			ensure!(needed, Error::<T>::NotLiquidatable);
			Self::deposit_event(Event::LiquidationResolved { account: account.clone() });
			return Ok(Started::Resolved);
		}
		if Self::cover_bare_debt(account, &health)? {
			Self::deposit_event(Event::LiquidationResolved { account: account.clone() });
			return Ok(Started::Resolved);
		}
		let now = T::Market::now();
		let auction = Auction {
			started_at: now,
			last_bid_at: now,
			reserved: Usd::ZERO,
			last_bid: Self::next_trade_id(),
			keeper: keeper.clone(),
			keeper_advance: Usd::ZERO,
			insolvent: health.equity.is_negative(),
		};
		Auctions::<T>::insert(account, auction);
		Self::deposit_event(Event::LiquidationStarted {
			account: account.clone(),
			keeper,
			equity: health.equity,
			maintenance: health.maintenance,
		});
		Ok(Started::Auction)
	}

	/// Starts a liquidation for a signer, who is rewarded unless the account is its own.
	pub(crate) fn do_liquidate(signer: T::AccountId, account: &T::AccountId) -> DispatchResult {
		let keeper = (signer != *account).then_some(signer);
		let started = Self::do_start(account, keeper.clone())?;
		match (started, keeper) {
			(Started::Auction, Some(keeper)) => Self::advance_reward(account, &keeper),
			_ => Ok(()),
		}
	}

	/// Pays a keeper its least reward ahead of its share of the penalties, as far as the insurance
	/// fund's means, its allowance of the block and [`Standing::keeper_advance_max`] go. Want of
	/// money never stops a liquidation.
	fn advance_reward(account: &T::AccountId, keeper: &T::AccountId) -> DispatchResult {
		let rules = T::Parameters::liquidation();
		let health = T::Accounts::health(account)?;
		let standing = Self::standing_at_start(account, &health, &rules)?;
		let reward = rules.keeper_reward_min.min(standing.keeper_advance_max(&rules)?);
		let paid = if reward.is_positive() {
			with_storage_layer(|| T::Pool::pay_keeper(keeper, reward)).unwrap_or(Usd::ZERO)
		} else {
			Usd::ZERO
		};
		if !paid.is_positive() {
			return Ok(());
		}
		Auctions::<T>::mutate(account, |auction| {
			if let Some(auction) = auction {
				auction.keeper_advance = paid;
			}
		});
		let (account, keeper) = (account.clone(), keeper.clone());
		Self::deposit_event(Event::KeeperPaid { account, keeper, amount: paid });
		Ok(())
	}

	/// Ends an auction whose account has its buffer again, or of which only a debt is left.
	pub(crate) fn do_end(account: &T::AccountId) -> DispatchResult {
		let auction = Auctions::<T>::get(account).ok_or(Error::<T>::NotInAuction)?;
		T::Accounts::touch(account)?;
		let standing = Self::standing(account, &auction, &T::Parameters::liquidation())?;
		ensure!(Self::try_close(account, &standing)?, Error::<T>::AuctionNotOver);
		Ok(())
	}

	/// Ends the auction if it is over, or if nothing is left to be sold; says whether it did.
	pub(crate) fn try_close(
		account: &T::AccountId,
		standing: &Standing,
	) -> Result<bool, DispatchError> {
		let over = standing.stage() == Stage::Over
			|| (standing.is_known() && Self::cover_bare_debt(account, standing.health())?);
		if over {
			Auctions::<T>::remove(account);
			Self::deposit_event(Event::AuctionEnded { account: account.clone() });
		}
		Ok(over)
	}

	/// Sends the debt of an account that has nothing left but cash to the loss waterfall; says
	/// whether there was one.
	fn cover_bare_debt(
		account: &T::AccountId,
		health: &AccountHealth,
	) -> Result<bool, DispatchError> {
		let bare = health.equity.is_negative() && !T::Accounts::has_lots(account);
		if bare {
			T::Deficits::cover(account, health.equity.checked_neg()?)?;
		}
		Ok(bare)
	}

	/// How an account under auction stands now.
	pub(crate) fn standing(
		account: &T::AccountId,
		auction: &AuctionOf<T>,
		rules: &LiquidationRules,
	) -> Result<Standing, DispatchError> {
		let health = T::Accounts::health(account)?;
		let all_usable = T::Accounts::unusable(account).is_empty();
		let elapsed = T::Market::now().saturating_sub(auction.started_at);
		Ok(Standing::new(health, all_usable, auction.reserved, elapsed, rules)?)
	}

	/// An identifier that no trade or auction has had.
	pub(crate) fn next_trade_id() -> TradeId {
		LastTrade::<T>::mutate(|last| {
			// After 2^32 trades an identifier comes back; a bid signed for its first use would then
			// have to be still valid, and name the same account.
			*last = last.wrapping_add(1);
			*last
		})
	}
}
