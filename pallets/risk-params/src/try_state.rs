//! What must hold of the storage after every call. Numbers are those of the README.

use crate::{
	pallet::*,
	rules::{ensure_sampling, ensure_spread, Group, Rule, Violation},
	GuardedValue, MAX_UNDERLYINGS,
};
use ballast_traits::RiskParameters;
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::TryRuntimeError;

/// Says which threshold is wrong, for the log; the error itself carries a fixed text.
fn report(group: &'static str) -> impl Fn(Violation) -> TryRuntimeError {
	move |violation| {
		log::error!(target: "runtime::risk-params", "{group}: {violation:?}");
		TryRuntimeError::Other(group)
	}
}

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_groups()?;
		Self::try_state_between_groups()?;
		Self::try_state_bounds()?;
		Self::try_state_guards()?;
		Self::try_state_ramps()
	}

	/// I1: every group in force obeys its hard ranges and the rules between its fields.
	fn try_state_groups() -> Result<(), TryRuntimeError> {
		for risk in UnderlyingRisks::<T>::iter_values() {
			risk.validate().map_err(report("I1: risk of an underlying"))?;
		}
		for rules in OracleRulesOf::<T>::iter_values() {
			rules.validate().map_err(report("I1: oracle rules"))?;
		}
		Margin::<T>::get().validate().map_err(report("I1: margin rules"))?;
		Cash::<T>::get().validate().map_err(report("I1: rules of cash"))?;
		Liquidation::<T>::get().validate().map_err(report("I1: liquidation rules"))?;
		Pool::<T>::get().validate().map_err(report("I1: pool rules"))?;
		Vaults::<T>::get().validate().map_err(report("I1: bounds of vaults"))?;
		Funds::<T>::get().validate().map_err(report("I1: rules of the funds"))?;
		Trades::<T>::get().validate().map_err(report("I1: rules of trades"))
	}

	/// I2: the rules between groups hold for every underlying, whatever of its values and of the pool's
	/// comes into force.
	fn try_state_between_groups() -> Result<(), TryRuntimeError> {
		for (underlying, risk) in Self::risks_to_come() {
			for pool in Self::pools_to_come() {
				ensure_spread(&pool, &risk).map_err(report("I2: spread"))?;
			}
			ensure_sampling(&<Self as RiskParameters>::oracle(underlying), &risk)
				.map_err(report("I2: sampling"))?;
		}
		Ok(())
	}

	/// I3: no more underlyings than the chain carries, and they are counted right.
	fn try_state_bounds() -> Result<(), TryRuntimeError> {
		let risks = UnderlyingRisks::<T>::iter_keys().count();
		let rules = OracleRulesOf::<T>::iter_keys().count();
		ensure!(
			risks == UnderlyingRisks::<T>::count() as usize
				&& rules == OracleRulesOf::<T>::count() as usize,
			"I3: count of underlyings"
		);
		let most = MAX_UNDERLYINGS as usize;
		ensure!(risks <= most && rules <= most, "I3: too many underlyings");
		Ok(())
	}

	/// I6: what the guardian has set is no looser than, and within a step of, the value that returns, which
	/// is valid itself; and no end is missed.
	fn try_state_guards() -> Result<(), TryRuntimeError> {
		for (key, guard) in Guards::<T>::iter() {
			ensure!(guard.returns_to.key() == key && Self::is_noted(guard.until), "I6: guard");
			let guarded = Self::heading(&key).ok_or("I6: nothing is guarded")?;
			is_guarded(&guarded, &guard.returns_to).map_err(report("I6: guarded value"))?;
		}
		ensure!(Halts::<T>::iter_values().all(Self::is_noted), "I6: halt");
		Ok(())
	}

	/// I7: the value in force of a group that is ramped is that of this block, every value on the way is
	/// valid, and no step is missed.
	fn try_state_ramps() -> Result<(), TryRuntimeError> {
		let now = frame_system::Pallet::<T>::block_number();
		for (key, ramp) in Ramps::<T>::iter() {
			let sound = ramp.to.key() == key && ramp.from.key() == key && now < ramp.ends;
			ensure!(sound && ramp.from != ramp.to, "I7: ramp");
			ensure!(Self::is_noted(ramp.next(now)), "I7: a step is missed");
			ensure!(Self::in_force(&key) == Some(ramp.at(now)), "I7: value in force");
			ramp.ensure_valid().map_err(report("I7: value on the way"))?;
		}
		Ok(())
	}

	/// Whether something that is due in a block will be looked at in time.
	fn is_noted(due: BlockNumberFor<T>) -> bool {
		NextDue::<T>::get().is_some_and(|next| next <= due)
	}
}

/// What the guardian has set and the value that returns.
fn is_guarded(guarded: &GuardedValue, governed: &GuardedValue) -> Result<(), Violation> {
	fn check<G: Group>(guarded: &G, governed: &G) -> Result<(), Violation> {
		governed.validate()?;
		guarded.ensure_no_looser(governed)?;
		guarded.ensure_step(governed)
	}
	match (guarded, governed) {
		(GuardedValue::Underlying(_, a), GuardedValue::Underlying(_, b)) => check(a, b),
		(GuardedValue::Margin(a), GuardedValue::Margin(b)) => check(a, b),
		(GuardedValue::Cash(a), GuardedValue::Cash(b)) => check(a, b),
		(GuardedValue::Pool(a), GuardedValue::Pool(b)) => check(a, b),
		_ => Err(Violation { rule: Rule::NothingInForce, field: "key", position: 0 }),
	}
}
