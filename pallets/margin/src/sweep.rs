//! The settlement sweep: everything expired is settled without anyone acting, with the weight that
//! blocks have left.
//!
//! While a passed expiry is remembered, passes over all accounts follow each other, a bounded number of
//! accounts per block. The first pass makes every short pay, the second pays every long; a series
//! whose settlement price is late keeps them going until it has one. Folds (early exercise,
//! deleveraging) set them going too: assigned shorts pay, claims are paid.

use crate::{
	pallet::{Accounts, OpenExpiries, Sweep, UnsweptFolds},
	Config, Pallet, Pass, WeightInfo,
};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::{
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
};

/// Most accounts visited in one block.
const VISITS_MAX: u32 = 64;
/// A sweep may use one part in so many of a block.
const BLOCK_PARTS: u64 = 5;

impl<T: Config> Pallet<T> {
	/// Part of `on_idle`: visits accounts as far as weight allows. Returns what it used.
	pub(crate) fn do_sweep(remaining: Weight) -> Weight {
		let share = T::BlockWeights::get().max_block.saturating_div(BLOCK_PARTS);
		let mut meter = WeightMeter::with_limit(remaining.min(share));
		let one_touch = T::WeightInfo::visit(crate::MAX_POSITIONS);
		let one_visit = T::WeightInfo::sweep_base().saturating_add(one_touch);
		if !meter.can_consume(one_visit) {
			return Weight::zero();
		}
		meter.consume(T::WeightInfo::sweep_base());
		if let Err(error) = with_storage_layer(Self::keep_lending) {
			log::error!(target: crate::LOG_TARGET, "interest: {error:?}");
		}
		let now = T::Market::now();
		let due = OpenExpiries::<T>::get().first().is_some_and(|expiry| *expiry <= now);
		if !due && !UnsweptFolds::<T>::get() && !Sweep::<T>::exists() {
			return meter.consumed();
		}
		// Most often they were accepted long before, and this is a look.
		let ticks = T::Market::accept_ticks();
		if meter.try_consume(ticks).is_err() {
			return meter.consumed().saturating_add(ticks);
		}
		let fresh = Pass { until: now, after: None, unfinished: false };
		let mut pass = Sweep::<T>::get().unwrap_or_else(|| {
			// What is folded from here on is seen by the next pass.
			UnsweptFolds::<T>::kill();
			fresh
		});
		for _ in 0..VISITS_MAX {
			if !meter.can_consume(one_touch) {
				break;
			}
			let Some(who) = Self::account_after(pass.after.as_ref()) else {
				Self::finish(&pass);
				return meter.consumed();
			};
			meter.consume(Self::visit(&who, &mut pass));
			pass.after = Some(who);
		}
		Sweep::<T>::put(pass);
		meter.consumed()
	}

	/// The account after this one in the order of storage.
	pub(crate) fn account_after(who: Option<&T::AccountId>) -> Option<T::AccountId> {
		match who {
			Some(who) => Accounts::<T>::iter_keys_from_key(who).next(),
			None => Accounts::<T>::iter_keys().next(),
		}
	}

	/// Touches one account. A failure leaves it as it was and is tried again in the next pass.
	pub(crate) fn visit(who: &T::AccountId, pass: &mut Pass<T::AccountId>) -> Weight {
		let touched = with_storage_layer(|| Self::do_touch(who));
		let positions = match touched {
			Ok(outcome) => {
				pass.unfinished |= outcome.waiting;
				outcome.positions
			}
			Err(error) => {
				log::error!(target: crate::LOG_TARGET, "settlement of {who:?}: {error:?}");
				pass.unfinished = true;
				crate::MAX_POSITIONS
			}
		};
		T::WeightInfo::visit(positions)
	}

	/// Ends a pass: the expiries it settled are forgotten, unless something was left.
	fn finish(pass: &Pass<T::AccountId>) {
		Sweep::<T>::kill();
		if pass.unfinished {
			UnsweptFolds::<T>::put(true);
		} else {
			OpenExpiries::<T>::mutate(|expiries| {
				while let Some(expiry) = expiries.first().copied().filter(|at| *at <= pass.until) {
					expiries.remove(&expiry);
				}
			});
		}
	}
}
