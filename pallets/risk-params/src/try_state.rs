//! What must hold of the storage after every call. Numbers are those of the README.

use crate::{
	pallet::*,
	rules::{ensure_sampling, ensure_spread, Group, Violation},
	MAX_UNDERLYINGS,
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

	/// I6: under a guard nothing is looser than what governance alone would have in force, which is what the
	/// guard leaves; and no end and no step is missed.
	fn try_state_guards() -> Result<(), TryRuntimeError> {
		let now = frame_system::Pallet::<T>::block_number();
		for (key, guard) in Guards::<T>::iter() {
			let (returns_to, course) = (&guard.returns_to, &guard.course);
			ensure!(returns_to.key() == key && course.to.key() == key, "I6: guard");
			ensure!(Self::is_noted(guard.until), "I6: an end is missed");
			ensure!(course.after(now).is_none_or(Self::is_noted), "I6: a step is missed");
			ensure!(Self::target(&key).as_ref() == Some(returns_to), "I6: what returns");
			returns_to.validate().map_err(report("I6: value that returns"))?;
			let in_force = Self::in_force(&key).ok_or("I6: nothing is guarded")?;
			let governed = Self::governed(&key).ok_or("I6: nothing is governed")?;
			in_force.ensure_no_looser(&governed).map_err(report("I6: guarded value"))?;
		}
		ensure!(Halts::<T>::iter_values().all(Self::is_noted), "I6: halt");
		Ok(())
	}

	/// I7: the value in force of a group that is ramped or guarded is that of this block, every value of
	/// governance on the way is valid, and no step is missed.
	fn try_state_ramps() -> Result<(), TryRuntimeError> {
		let now = frame_system::Pallet::<T>::block_number();
		for (key, ramp) in Ramps::<T>::iter() {
			let sound = ramp.to.key() == key && ramp.from.key() == key && ramp.from != ramp.to;
			ensure!(sound, "I7: ramp");
			ensure!(ramp.after(now).is_some_and(Self::is_noted), "I7: a step is missed");
			ramp.ensure_passable().map_err(report("I7: value on the way"))?;
			ramp.to.validate().map_err(report("I7: end of the way"))?;
		}
		for key in Ramps::<T>::iter_keys().chain(Guards::<T>::iter_keys()) {
			ensure!(Self::in_force(&key) == Self::value_at(&key, now), "I7: value in force");
		}
		Ok(())
	}

	/// Whether something that is due in a block will be looked at in time.
	fn is_noted(due: BlockNumberFor<T>) -> bool {
		NextDue::<T>::get().is_some_and(|next| next <= due)
	}
}
