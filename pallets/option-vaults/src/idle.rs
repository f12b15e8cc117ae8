//! What the chain does by itself at the end of a block: whatever step a vault is due, round robin.

use crate::{pallet::*, types::*, VaultOf, WeightInfo, LOG_TARGET};
use ballast_primitives::MarketState;
use ballast_traits::{InspectMarket, InspectSeries, MutateMarket, RiskParameters};
use frame_support::{pallet_prelude::*, storage::with_storage_layer, weights::WeightMeter};

/// Vaults looked at per block, at most.
pub(crate) const IDLE_LOOKS: u32 = 16;

/// A step that a vault is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
	Open,
	CloseAuction,
	Settle,
	Turn,
}

impl<T: Config> Pallet<T> {
	/// The most that `on_idle` may use: a fifth of a block.
	pub(crate) fn idle_limit() -> Weight {
		T::BlockWeights::get().max_block.saturating_div(5)
	}

	/// Advances vaults that are due, in the order of storage from where it stopped. Returns the weight used.
	pub(crate) fn do_idle(remaining: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(remaining.min(Self::idle_limit()));
		// The benchmark has no vault, and so no cursor.
		let base = T::WeightInfo::idle_base().saturating_add(T::DbWeight::get().reads_writes(1, 1));
		if meter.try_consume(base).is_err() || Vaults::<T>::count() == 0 {
			return meter.consumed();
		}
		let ticks = T::Market::accept_ticks();
		if meter.try_consume(ticks).is_err() {
			return meter.consumed().saturating_add(ticks);
		}
		let mut cursor = IdleCursor::<T>::get();
		for _ in 0..IDLE_LOOKS.min(Vaults::<T>::count()) {
			if meter.try_consume(T::WeightInfo::idle_look()).is_err() {
				break;
			}
			let after = cursor.map(Vaults::<T>::hashed_key_for).map(Vaults::<T>::iter_from);
			// From the beginning again after the last one.
			let next = after.and_then(|mut after| after.next());
			let Some((id, vault)) = next.or_else(|| Vaults::<T>::iter().next()) else { break };
			let step = Self::step_due(&vault);
			if let Some(step) = step {
				// A step for which there is no room is the first one of the next block.
				if meter.try_consume(Self::weight_of(step)).is_err() {
					break;
				}
				Self::try_step(id, step);
			}
			cursor = Some(id);
		}
		IdleCursor::<T>::set(cursor);
		meter.consumed()
	}

	fn weight_of(step: Step) -> Weight {
		match step {
			Step::Open => Self::weight_of_opening(),
			Step::CloseAuction => T::WeightInfo::close_auction(),
			Step::Settle => T::WeightInfo::settle_round(),
			Step::Turn => T::WeightInfo::turn(),
		}
	}

	/// The step that a vault is due now, as far as can be told at a glance.
	pub(crate) fn step_due(vault: &VaultOf<T>) -> Option<Step> {
		let now = T::Market::now();
		match &vault.state {
			State::Idle(idle) => {
				let has_any = vault.shares > 0 || vault.deposits > 0;
				let usable = || {
					T::Market::state(vault.underlying)
						.is_some_and(|market| MarketState::is_usable(&market))
				};
				let listed = || T::Series::grid(vault.underlying).is_some();
				let open = || !T::Parameters::is_halted(vault.underlying);
				(!vault.closed
					&& has_any && now >= idle.not_before
					&& usable() && listed()
					&& open())
				.then_some(Step::Open)
			}
			State::Selling(selling) => selling.is_over(now).then_some(Step::CloseAuction),
			State::Locked(locked) => {
				(now >= locked.expiry && Self::is_settled(locked)).then_some(Step::Settle)
			}
			State::Settled(_) => Some(Step::Turn),
		}
	}

	/// A step that fails leaves everything as it was, and is tried again.
	fn try_step(id: VaultId, step: Step) {
		let done = with_storage_layer(|| match step {
			Step::Open => Self::do_open_round(id),
			Step::CloseAuction => Self::do_close_auction(id),
			Step::Settle => Self::do_settle_round(id),
			Step::Turn => Self::do_turn(id),
		});
		if let Err(error) = done {
			// A round waits for prices, or for money, without any fault of anybody's.
			log::debug!(target: LOG_TARGET, "vault {id}: {step:?} waits: {error:?}");
		}
	}
}
