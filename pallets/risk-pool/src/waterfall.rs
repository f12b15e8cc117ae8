//! The loss waterfall: event windows, the two steps of this pallet, and the deficit account.

use crate::{
	pallet::*,
	types::{EventWindow, WaterfallStep},
	LOG_TARGET,
};
use alloc::{vec, vec::Vec};
use ballast_primitives::{Moment, Usd};
use ballast_traits::{
	waterfall::borne, BearLoss, Borne, CoverDeficit, InspectAccounts, InspectMarket,
	MutateAccounts, RiskParameters,
};
use core::marker::PhantomData;
use frame_support::{pallet_prelude::*, storage::with_storage_layer};

/// Step of the waterfall: the insurance fund pays from its cash, within the window's cap.
pub struct InsuranceFund<T>(PhantomData<T>);

/// Step of the waterfall: the mutual pool pays from its cash, within the window's cap and its net
/// asset value.
pub struct PoolBacking<T>(PhantomData<T>);

impl<T: Config> BearLoss<T::AccountId> for InsuranceFund<T> {
	fn bear(defaulter: &T::AccountId, loss: Usd) -> Result<Vec<Borne>, DispatchError> {
		let Some(mut window) = Window::<T>::get() else { return Ok(Vec::new()) };
		let left = window.insurance_cap.checked_sub(window.insurance_paid)?;
		let amount = loss.min(left).min(Pallet::<T>::insurance_fund());
		window.insurance_paid = window.insurance_paid.checked_add(amount.max(Usd::ZERO))?;
		let payer = Pallet::<T>::insurance();
		Pallet::<T>::bear(WaterfallStep::InsuranceFund, &payer, defaulter, amount, window)
	}
}

impl<T: Config> BearLoss<T::AccountId> for PoolBacking<T> {
	fn bear(defaulter: &T::AccountId, loss: Usd) -> Result<Vec<Borne>, DispatchError> {
		let Some(mut window) = Window::<T>::get() else { return Ok(Vec::new()) };
		let payer = Pallet::<T>::pool();
		let left = window.pool_cap.checked_sub(window.pool_paid)?;
		let amount = loss.min(left).min(T::Accounts::cash(&payer)).min(Pallet::<T>::known_nav());
		window.pool_paid = window.pool_paid.checked_add(amount.max(Usd::ZERO))?;
		Pallet::<T>::bear(WaterfallStep::Pool, &payer, defaulter, amount, window)
	}
}

impl<T: Config> Pallet<T> {
	/// Moves what a step bears to the defaulter. Nothing if there is nothing to bear it with, or if
	/// the payer is the defaulter.
	fn bear(
		step: WaterfallStep,
		payer: &T::AccountId,
		defaulter: &T::AccountId,
		amount: Usd,
		window: EventWindow,
	) -> Result<Vec<Borne>, DispatchError> {
		if payer == defaulter || !amount.is_positive() {
			return Ok(Vec::new());
		}
		T::Accounts::transfer(payer, defaulter, amount)?;
		Window::<T>::put(window);
		Self::deposit_event(Event::LossBorne { step, defaulter: defaulter.clone(), amount });
		Ok(vec![Borne::Paid(amount)])
	}

	/// Net asset value now, or the last one that could be computed: the pool bears losses whether
	/// or not its own book has a usable price.
	fn known_nav() -> Usd {
		match Self::appraise() {
			Ok(_) => LastNav::<T>::get().nav,
			Err(error) => {
				log::warn!(target: LOG_TARGET, "net asset value of the last tick used: {error:?}");
				LastNav::<T>::get().nav
			}
		}
	}

	/// Whether an event window has had no deficit for its length.
	pub(crate) fn is_over(window: &EventWindow, now: Moment) -> bool {
		let length = T::Parameters::funds().window_length;
		now >= window.last_deficit_at.saturating_add(length)
	}

	/// The event window of a deficit that comes now: the open one, or a new one.
	fn extend_window() -> Result<EventWindow, DispatchError> {
		let now = T::Market::now();
		Self::close_window();
		let mut window = match Window::<T>::get() {
			Some(window) => window,
			None => Self::open_window(now)?,
		};
		window.last_deficit_at = now;
		Window::<T>::put(window);
		Ok(window)
	}

	fn open_window(now: Moment) -> Result<EventWindow, DispatchError> {
		let rules = T::Parameters::funds();
		let insurance_cap = Self::insurance_fund().times_floor(rules.insurance_window_cap)?;
		let pool_cap = Self::known_nav().max(Usd::ZERO).times_floor(rules.pool_window_cap)?;
		Self::deposit_event(Event::WindowOpened { insurance_cap, pool_cap });
		Ok(EventWindow {
			opened_at: now,
			last_deficit_at: now,
			insurance_cap,
			pool_cap,
			insurance_paid: Usd::ZERO,
			pool_paid: Usd::ZERO,
		})
	}

	/// Closes the event window if it is over, and repays the deficit account once, from the share of
	/// the insurance fund that a window may use: the rest stays for the next default.
	pub(crate) fn close_window() {
		let Some(window) = Window::<T>::get() else { return };
		if !Self::is_over(&window, T::Market::now()) {
			return;
		}
		Window::<T>::kill();
		let EventWindow { insurance_paid, pool_paid, .. } = window;
		Self::deposit_event(Event::WindowClosed { insurance_paid, pool_paid });
		let share = T::Parameters::funds().insurance_window_cap;
		let repay = || Self::repay(Self::insurance_fund().times_floor(share)?);
		// The next deficit opens a window whether or not the last one could be repaid.
		if let Err(error) = with_storage_layer(repay) {
			log::error!(target: LOG_TARGET, "deficit account not repaid: {error:?}");
		}
	}

	/// Runs the waterfall in a storage layer of its own. If it fails nothing is borne: a default
	/// must be covered whatever the state of those who stand behind it.
	fn run_waterfall(defaulter: &T::AccountId, deficit: Usd) -> Vec<Borne> {
		let run = || -> Result<Vec<Borne>, DispatchError> {
			let answers = T::Waterfall::bear(defaulter, deficit)?;
			ensure!(borne(&answers)? <= deficit, Error::<T>::BoreTooMuch);
			Ok(answers)
		};
		with_storage_layer(run).unwrap_or_else(|error| {
			log::error!(target: LOG_TARGET, "waterfall failed: {error:?}");
			let defaulter = defaulter.clone();
			Self::deposit_event(Event::WaterfallFailed { defaulter, error });
			Vec::new()
		})
	}

	/// What nobody has paid (yet) is credited all the same, and carried by the deficit account.
	fn carry(defaulter: &T::AccountId, amount: Usd) -> DispatchResult {
		if !amount.is_positive() {
			return Ok(());
		}
		T::Accounts::credit_deficit(defaulter, amount)?;
		let deficit_account = DeficitAccount::<T>::get().checked_sub(amount)?;
		DeficitAccount::<T>::put(deficit_account);
		let defaulter = defaulter.clone();
		Self::deposit_event(Event::DeficitUncovered { defaulter, amount, deficit_account });
		Ok(())
	}
}

impl<T: Config> CoverDeficit<T::AccountId> for Pallet<T> {
	fn cover(defaulter: &T::AccountId, deficit: Usd) -> DispatchResult {
		if !deficit.is_positive() {
			return Ok(());
		}
		let before = Self::extend_window()?;
		let answers = Self::run_waterfall(defaulter, deficit);
		let after = Window::<T>::get().unwrap_or(before);
		let (mut paid, mut pledged) = (Usd::ZERO, Usd::ZERO);
		for answer in &answers {
			match answer {
				Borne::Paid(amount) => paid = paid.checked_add(*amount)?,
				Borne::Pledged(amount, _) => pledged = pledged.checked_add(*amount)?,
			}
		}
		let open = deficit.checked_sub(paid)?;
		Self::carry(defaulter, open)?;
		Self::deposit_event(Event::DeficitCovered {
			defaulter: defaulter.clone(),
			deficit,
			insurance: after.insurance_paid.checked_sub(before.insurance_paid)?,
			pool: after.pool_paid.checked_sub(before.pool_paid)?,
			pledged,
			uncovered: open.checked_sub(pledged)?,
		});
		Ok(())
	}

	fn deficit_account() -> Usd {
		DeficitAccount::<T>::get()
	}

	fn withdrawals_blocked() -> bool {
		let dust = T::Parameters::funds().deficit_dust;
		let room = Self::insurance_fund().checked_add(dust);
		let deficit = DeficitAccount::<T>::get().checked_neg();
		match (deficit, room) {
			(Ok(deficit), Ok(room)) => deficit > room,
			// No sum of money is that large; if one were, nothing should leave.
			_ => true,
		}
	}

	fn successor() -> T::AccountId {
		Self::insurance()
	}
}
