//! Premium auctions: what a contract costs now, who buys it, and what becomes of the rest.

use crate::{
	pallet::*,
	purse::{amount_ceil, amount_floor},
	types::*,
	VaultOf, LOG_TARGET,
};
use ballast_math::fixed::Rounding;
use ballast_primitives::{params::OpeningFault, MarketState, Moment, Price, Quantity, Usd};
use ballast_traits::{InspectMarket, MutateAccounts, MutualPool, RiskParameters};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	/// Price per contract now: on its way from the start to the reserve, but never below the reserve's share of
	/// mark at this block's tick, nor below what the mutual pool bids. A price that was set before a jump
	/// sells nothing cheap after it, to whoever is quick, or slow.
	pub(crate) fn price_now(
		vault: &VaultOf<T>,
		selling: &Selling,
		market: &MarketState,
		quantity: Quantity,
	) -> Result<Price, DispatchError> {
		let now = T::Market::now();
		let curve = selling.auction.price_at(now);
		Ok(curve.max(Self::floor_now(vault, selling, market, quantity)?))
	}

	/// The least price of now, whatever the auction says.
	fn floor_now(
		vault: &VaultOf<T>,
		selling: &Selling,
		market: &MarketState,
		quantity: Quantity,
	) -> Result<Price, DispatchError> {
		let (greeks, _) = market
			.greeks(T::Market::now(), vault.strategy.kind(), selling.strike, selling.expiry)
			.map_err(|_| Error::<T>::MarketNotUsable)?;
		let mark = Price::from_q64(greeks.price.max(Default::default()), Rounding::Ceil)?;
		let reserve = vault.terms.within(&T::Parameters::vaults()).reserve;
		let least = mark.times_ceil(reserve)?;
		let bid = T::Pool::bid(selling.series, quantity).unwrap_or(Price::ZERO);
		Ok(least.max(bid))
	}

	/// The premium of so many contracts in a vault's asset, rounded up: of a call vault, at spot of the same
	/// tick.
	pub(crate) fn premium(
		vault: &VaultOf<T>,
		market: &MarketState,
		price: Price,
		quantity: Quantity,
	) -> Result<AssetAmount, DispatchError> {
		let owed = price.value_ceil(quantity)?;
		let owed = match vault.strategy {
			Strategy::CoveredCall => units_for_ceil(owed, market.spot)?,
			Strategy::CashSecuredPut => Quantity::from_inner(owed.into_inner()),
		};
		Ok(amount_ceil(owed, vault.decimals)?)
	}

	/// A market on which something may be sold now.
	pub(crate) fn usable_market(vault: &VaultOf<T>) -> Result<MarketState, DispatchError> {
		let market = T::Market::state(vault.underlying).filter(MarketState::is_usable);
		Ok(market.ok_or(Error::<T>::MarketNotUsable)?)
	}

	pub(crate) fn do_buy(
		who: &T::AccountId,
		id: VaultId,
		quantity: Quantity,
		max_premium: AssetAmount,
		deadline: Moment,
	) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		let State::Selling(mut selling) = vault.state else {
			return Err(Error::<T>::NotSelling.into());
		};
		let now = T::Market::now();
		ensure!(now <= deadline, Error::<T>::DeadlinePassed);
		ensure!(!selling.is_over(now), Error::<T>::NotSelling);
		Self::ensure_quantity(&vault, &selling, quantity)?;
		Self::ensure_not_halted(&vault)?;
		let market = Self::usable_market(&vault)?;
		let price = Self::price_now(&vault, &selling, &market, quantity)?;
		let premium = Self::premium(&vault, &market, price, quantity)?;
		ensure!(premium <= max_premium, Error::<T>::SlippageExceeded);
		let working = Self::working_account(id);
		T::Accounts::guarded(who, || {
			Self::pay(&vault, who, &working, premium)?;
			T::Accounts::trade(who, &working, selling.series, quantity, Usd::ZERO)?;
			Self::secure(&vault, &working, &selling)
		})?;
		let round = vault.round;
		Self::note_sale(&mut selling, quantity, premium)?;
		vault.state = State::Selling(selling);
		Vaults::<T>::insert(id, vault);
		let buyer = who.clone();
		Self::deposit_event(Event::ContractsSold {
			vault: id,
			round,
			buyer,
			quantity,
			price,
			premium,
		});
		Ok(())
	}

	/// What a vault sells it opens, even to somebody who closes with it.
	pub(crate) fn ensure_not_halted(vault: &VaultOf<T>) -> DispatchResult {
		ensure!(!T::Parameters::is_halted(vault.underlying), Error::<T>::UnderlyingHalted);
		Ok(())
	}

	/// Locks the strikes of puts; calls settled in the underlying are covered by the trade itself.
	fn secure(vault: &VaultOf<T>, working: &T::AccountId, selling: &Selling) -> DispatchResult {
		match vault.strategy {
			Strategy::CoveredCall => Ok(()),
			Strategy::CashSecuredPut => T::Accounts::secure_put(working, selling.series),
		}
	}

	fn note_sale(
		selling: &mut Selling,
		quantity: Quantity,
		premium: AssetAmount,
	) -> DispatchResult {
		selling.sold = selling.sold.checked_add(quantity)?;
		selling.premium = selling.premium.checked_add(premium).ok_or(ArithmeticError::Overflow)?;
		Ok(())
	}

	/// A part must be a whole number of steps and not too small, unless it is all that is left.
	fn ensure_quantity(
		vault: &VaultOf<T>,
		selling: &Selling,
		quantity: Quantity,
	) -> DispatchResult {
		let risk =
			T::Parameters::underlying(vault.underlying).ok_or(Error::<T>::UnderlyingNotListed)?;
		ensure!(quantity.is_positive(), Error::<T>::QuantityTooSmall);
		let unsold = selling.unsold();
		ensure!(quantity <= unsold, Error::<T>::QuantityTooLarge);
		if quantity == unsold {
			return Ok(());
		}
		match risk.opening_fault(quantity) {
			None => Ok(()),
			Some(OpeningFault::TooSmall) => Err(Error::<T>::QuantityTooSmall.into()),
			Some(OpeningFault::OffStep) => Err(Error::<T>::QuantityOffStep.into()),
		}
	}

	pub(crate) fn do_close_auction(id: VaultId) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		let State::Selling(mut selling) = vault.state else {
			return Err(Error::<T>::NotSelling.into());
		};
		let now = T::Market::now();
		ensure!(selling.is_over(now), Error::<T>::AuctionOpen);
		Self::sell_rest_to_pool(id, &vault, &mut selling, now);
		let Selling { sold, premium, .. } = selling;
		let unsold = selling.unsold();
		let round = vault.round;
		Self::deposit_event(Event::AuctionClosed { vault: id, round, sold, unsold, premium });
		vault.state = if sold.is_zero() {
			let outcome = Outcome { price: Self::price_of(id, &vault)?, ..Default::default() };
			Self::record(id, round, &selling.lock(), outcome);
			Self::deposit_event(Event::RoundSettled { vault: id, round, outcome });
			State::Settled(selling.settle())
		} else {
			State::Locked(selling.lock())
		};
		Vaults::<T>::insert(id, vault);
		Ok(())
	}

	/// The mutual pool as the last resort: it pays in quote currency, so only what is sold for that goes to
	/// it. What it does not take stays unwritten.
	fn sell_rest_to_pool(id: VaultId, vault: &VaultOf<T>, selling: &mut Selling, now: Moment) {
		let rest = selling.unsold();
		let in_cash = vault.strategy == Strategy::CashSecuredPut;
		if rest.is_zero() || !in_cash || now >= selling.expiry {
			return;
		}
		// Sold and noted, or neither.
		let sale = || -> Result<(Selling, Price, AssetAmount), DispatchError> {
			let market = Self::usable_market(vault)?;
			let price = Self::price_now(vault, selling, &market, rest)?;
			let working = Self::working_account(id);
			// Rounded down, as the pool's premium is: at its own bid it pays no more than that.
			let least = price.value_floor(rest)?;
			let paid = T::Pool::buy_from(&working, selling.series, rest, least)?;
			Self::secure(vault, &working, selling)?;
			let premium = amount_floor(Quantity::from_inner(paid.into_inner()), vault.decimals)?;
			let mut sold = *selling;
			Self::note_sale(&mut sold, rest, premium)?;
			Ok((sold, price, premium))
		};
		match with_storage_layer(sale) {
			Ok((sold, price, premium)) => {
				*selling = sold;
				Self::deposit_event(Event::ContractsSold {
					vault: id,
					round: vault.round,
					buyer: T::Pool::pool_account(),
					quantity: rest,
					price,
					premium,
				});
			}
			// A pool that bids less, or has not the capital, or may not open, is no fault.
			Err(error) => {
				log::debug!(target: LOG_TARGET, "vault {id}: the pool buys nothing: {error:?}");
			}
		}
	}
}

/// Units of something at a price that are worth an amount of money, rounded up.
fn units_for_ceil(value: Usd, price: Price) -> Result<Quantity, ArithmeticError> {
	let floor = value.quantity_at_floor(price)?;
	if price.value_floor(floor)? >= value {
		return Ok(floor);
	}
	floor.checked_add(Quantity::from_inner(1))
}
