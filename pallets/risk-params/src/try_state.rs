//! What must hold of the storage after every call. Numbers are those of the README.

use crate::{
	pallet::*,
	rules::{ensure_sampling, ensure_spread, Group, Violation},
	GuardedValue, MAX_UNDERLYINGS,
};
use ballast_traits::RiskParameters;
use frame_support::ensure;
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
		Self::try_state_guards()
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

	/// I2: the rules between groups hold for every underlying.
	fn try_state_between_groups() -> Result<(), TryRuntimeError> {
		let pool = Pool::<T>::get();
		for (underlying, risk) in UnderlyingRisks::<T>::iter() {
			ensure_spread(&pool, &risk).map_err(report("I2: spread"))?;
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

	/// I6: what is guarded is no looser than, and within a step of, the value that returns, which is
	/// valid itself; and no end is missed.
	fn try_state_guards() -> Result<(), TryRuntimeError> {
		let next = NextGuardEnd::<T>::get();
		let is_noted = |until| next.is_some_and(|next| next <= until);
		for (key, guard) in Guards::<T>::iter() {
			ensure!(guard.returns_to.key() == key && is_noted(guard.until), "I6: guard");
			let violation = match guard.returns_to {
				GuardedValue::Underlying(underlying, governed) => {
					let risk = UnderlyingRisks::<T>::get(underlying).ok_or("I6: no risk")?;
					is_guarded(&risk, &governed)
				}
				GuardedValue::Margin(governed) => is_guarded(&Margin::<T>::get(), &governed),
				GuardedValue::Cash(governed) => is_guarded(&Cash::<T>::get(), &governed),
				GuardedValue::Pool(governed) => is_guarded(&Pool::<T>::get(), &governed),
			};
			violation.map_err(report("I6: guarded value"))?;
		}
		ensure!(Halts::<T>::iter_values().all(is_noted), "I6: halt");
		Ok(())
	}
}

/// A guarded value and the one that returns.
fn is_guarded<G: Group>(in_force: &G, governed: &G) -> Result<(), Violation> {
	governed.validate()?;
	in_force.ensure_no_looser(governed)?;
	in_force.ensure_step(governed)
}
