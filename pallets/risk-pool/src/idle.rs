//! What the pallet does by itself at the end of a block.

use crate::{
	pallet::*,
	providers::{DepositFifo, WithdrawalFifo},
	WeightInfo, LOG_TARGET,
};
use ballast_primitives::time::HOUR;
use ballast_traits::{CoverDeficit, InspectMarket, MutateAccounts, MutateMarket};
use frame_support::{pallet_prelude::*, storage::with_storage_layer, weights::WeightMeter};

/// Deposits and withdrawals executed per block, at most so many of each: the rest of the fifth of a
/// block is for what takes longest, valuing the pool.
const IDLE_STEPS: u32 = 8;

impl<T: Config> Pallet<T> {
	/// Each step in its own storage layer; what does not fit into `remaining` or a fifth of a block
	/// waits for the next one. Returns the weight used.
	pub(crate) fn do_idle(remaining: Weight) -> Weight {
		let fifth = T::BlockWeights::get().max_block.saturating_div(5);
		let mut meter = WeightMeter::with_limit(remaining.min(fifth));
		if meter.try_consume(T::WeightInfo::idle()).is_err() {
			return Weight::zero();
		}
		Self::idle_window(&mut meter);
		Self::idle_revenue(&mut meter);
		let steps = Self::idle_steps(&meter);
		let ticks = match (steps, Self::is_record_old()) {
			(0, false) => return meter.consumed(),
			// Prices of this block, whichever pallet's hook comes first.
			_ => T::Market::accept_ticks(),
		};
		if steps > 0 && meter.try_consume(T::WeightInfo::process_queue(steps)).is_ok() {
			Self::idle_queue(steps);
		}
		if Self::is_record_old() && meter.try_consume(T::WeightInfo::record_nav()).is_ok() {
			// Fails while prices are not usable: the record then stays what it was.
			let _ = with_storage_layer(|| Self::appraise().map(|_| ()));
		}
		meter.consumed().saturating_add(ticks)
	}

	fn idle_window(meter: &mut WeightMeter) {
		let now = T::Market::now();
		let over = Window::<T>::get().is_some_and(|window| Self::is_over(&window, now));
		if over && meter.try_consume(T::WeightInfo::close_window()).is_ok() {
			let close = || -> DispatchResult {
				Self::close_window();
				Ok(())
			};
			let _ = with_storage_layer(close);
		}
	}

	fn idle_revenue(meter: &mut WeightMeter) {
		// The fund and the three that it pays, whatever expired options they hold.
		let touches = T::Accounts::touch_weight().saturating_mul(4);
		let weight = T::WeightInfo::divide_revenue().saturating_add(touches);
		if Self::is_revenue_due() && meter.try_consume(weight).is_ok() {
			if let Err(error) = with_storage_layer(Self::divide_revenue) {
				log::error!(target: LOG_TARGET, "revenue not divided: {error:?}");
			}
		}
	}

	/// How many of each queue there is time for; none if nobody's turn can have come.
	fn idle_steps(meter: &WeightMeter) -> u32 {
		if Self::withdrawals_blocked() || !Self::has_turn_come() {
			return 0;
		}
		let fits = |steps: &u32| meter.can_consume(T::WeightInfo::process_queue(*steps));
		[IDLE_STEPS, 4, 2, 1].into_iter().find(fits).unwrap_or(0)
	}

	/// Whether the first of a queue has waited for its block and its cooldown. (Whether prices are
	/// newer is found out by the step itself.)
	fn has_turn_come() -> bool {
		let deposit = DepositFifo::<T>::first()
			.and_then(|(ticket, who)| Deposits::<T>::get(who, ticket))
			.is_some_and(|deposit| Self::is_later_than(deposit.requested_in));
		let now = T::Market::now();
		deposit
			|| WithdrawalFifo::<T>::first()
				.and_then(|(ticket, who)| Withdrawals::<T>::get(who, ticket))
				.is_some_and(|queued| queued.payable_at <= now)
	}

	fn idle_queue(steps: u32) {
		// Fails with `PriceStale` while a price is missing: everybody waits.
		let _ = with_storage_layer(|| Self::do_process_queue(steps).map(|_| ()));
	}

	/// Whether the record of the last net asset value is an hour old.
	fn is_record_old() -> bool {
		T::Market::now() >= LastNav::<T>::get().at.saturating_add(HOUR)
	}
}
