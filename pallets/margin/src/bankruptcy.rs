//! An account with nothing left but a debt is a deficit at once, without an auction.

use crate::{pallet::Event, Account, Config, Error, Pallet};
use ballast_primitives::Usd;
use ballast_traits::{CoverDeficit, InspectMarket, InspectSeries};
use frame_support::{dispatch::DispatchResult, ensure, traits::Contains};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// If an account without positions owes more than its collateral is worth: its collateral goes to
	/// the successor at mark, the waterfall bears the rest, and its cash is zero.
	///
	/// While a price that this needs is not usable nothing happens and the answer is `true`: the next
	/// touch tries again. The accounts that bear losses are never resolved themselves.
	pub(crate) fn resolve_bankruptcy(who: &T::AccountId) -> Result<bool, DispatchError> {
		let account = Self::load(who);
		if account.has_positions() || !account.cash().is_negative() || T::Exempt::contains(who) {
			return Ok(false);
		}
		let Some(collateral) = Self::collateral_mark(&account)? else { return Ok(true) };
		let deficit = account.cash().checked_add(collateral)?.checked_neg()?;
		let successor = T::Waterfall::successor();
		if !deficit.is_positive() || *who == successor {
			return Ok(false);
		}
		Self::hand_over(who, account, &successor, collateral)?;
		T::Waterfall::cover(who, deficit)?;
		ensure!(Self::load(who).cash().is_zero(), Error::<T>::DeficitNotCovered);
		let who = who.clone();
		Self::deposit_event(Event::BankruptcyResolved { who, deficit, collateral });
		Ok(false)
	}

	/// Mark of all collateral, rounded down; `None` if a price is not usable.
	fn collateral_mark(account: &Account) -> Result<Option<Usd>, DispatchError> {
		let mut sum = Usd::ZERO;
		for (asset, units) in account.collateral() {
			let Some(underlying) = T::Series::underlying_of(asset) else { return Ok(None) };
			match T::Market::state(underlying) {
				Some(state) if state.is_usable() => {
					sum = sum.checked_add(state.spot.value_floor(units)?)?;
				}
				_ => return Ok(None),
			}
		}
		Ok(Some(sum))
	}

	/// The successor buys all collateral at mark.
	fn hand_over(
		who: &T::AccountId,
		mut account: Account,
		successor: &T::AccountId,
		value: Usd,
	) -> DispatchResult {
		if !account.has_collateral() {
			return Ok(());
		}
		let mut taker = Self::load(successor);
		for (asset, quantity) in account.clone().collateral() {
			Self::change_collateral(&mut account, asset, quantity.checked_neg()?)?;
			Self::change_collateral(&mut taker, asset, quantity)?;
			let (from, to) = (who.clone(), successor.clone());
			Self::deposit_event(Event::CollateralTransferred { from, to, asset, quantity });
		}
		account.change_cash(value)?;
		taker.change_cash(value.checked_neg()?)?;
		Self::store(who, account);
		Self::store(successor, taker);
		let (from, to) = (successor.clone(), who.clone());
		Self::deposit_event(Event::CashTransferred { from, to, amount: value });
		Ok(())
	}
}
