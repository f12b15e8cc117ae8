//! Benchmarks: each value at its largest, with as many others in force as there may be.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use alloc::vec::Vec;
use ballast_primitives::params::{ScenarioRule, SpotMove, VolMove, MAX_SCENARIOS};
use ballast_primitives::Ratio;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{EnsureOrigin, Get},
	BoundedVec,
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::Saturating;

/// The underlying that changes.
const CHANGED: UnderlyingId = UnderlyingId(1);

/// Thresholds of as many underlyings as the chain carries, none changed in this block.
fn fill<T: Config>() {
	for id in 0..MAX_UNDERLYINGS {
		let id = UnderlyingId(u16::try_from(id).expect("there are few"));
		UnderlyingRisks::<T>::insert(id, UnderlyingRisk::btc());
		OracleRulesOf::<T>::insert(id, OracleRules::default());
	}
	Pool::<T>::put(PoolRules::default());
	Liquidation::<T>::put(LiquidationRules::default());
	Margin::<T>::put(largest_margin_rules());
	Cash::<T>::put(CashRules::default());
	Vaults::<T>::put(VaultRules::default());
	Funds::<T>::put(FundRules::default());
	Trades::<T>::put(TradeRules::default());
	frame_system::Pallet::<T>::set_block_number(7u32.into());
	let keys = [
		GroupKey::Underlying(CHANGED),
		GroupKey::Oracle(CHANGED),
		GroupKey::Margin,
		GroupKey::Cash,
		GroupKey::Liquidation,
		GroupKey::Pool,
		GroupKey::Vaults,
		GroupKey::Funds,
		GroupKey::Trades,
	];
	for key in keys {
		ChangedAt::<T>::insert(key, BlockNumberFor::<T>::from(1u32));
	}
}

/// The default rules with scenarios up to the greatest number of them.
fn largest_margin_rules() -> MarginRules {
	let rules = MarginRules::default();
	let mut scenarios: Vec<ScenarioRule> = rules.scenarios.to_vec();
	for percent in 101..=100 + MAX_SCENARIOS {
		scenarios.push(ScenarioRule {
			spot: SpotMove::Multiple(Ratio::from_percent(percent)),
			volatility: VolMove::Up,
			weight: Ratio::from_percent(10),
		});
	}
	MarginRules { scenarios: BoundedVec::truncate_from(scenarios), ..rules }
}

/// BTC's risk with everything tighter that comes in steps and may.
fn tighter_risk() -> UnderlyingRisk {
	UnderlyingRisk { volatility_up: Ratio::from_percent(60), ..UnderlyingRisk::btc() }
}

/// The largest margin rules with something tighter that comes in steps.
fn tighter_margin_rules() -> MarginRules {
	let rules = largest_margin_rules();
	let vol_term = rules.vol_term.checked_add(Ratio::from_percent(1)).expect("in range");
	MarginRules { vol_term, ..rules }
}

#[benchmarks]
mod benchmarks {
	use super::*;

	fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
		T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
	}

	fn changed_now<T: Config>(key: GroupKey) -> bool {
		ChangedAt::<T>::get(key) == Some(frame_system::Pallet::<T>::block_number())
	}

	#[benchmark]
	fn set_underlying_risk() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CHANGED, tighter_risk());
		assert!(changed_now::<T>(GroupKey::Underlying(CHANGED)));
		Ok(())
	}

	#[benchmark]
	fn set_oracle_rules() -> Result<(), BenchmarkError> {
		let origin =
			T::OracleOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		fill::<T>();
		on_the_way::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CHANGED, OracleRules::default());
		assert!(changed_now::<T>(GroupKey::Oracle(CHANGED)));
		Ok(())
	}

	#[benchmark]
	fn set_margin_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		let rules = tighter_margin_rules();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, rules);
		assert!(changed_now::<T>(GroupKey::Margin));
		Ok(())
	}

	#[benchmark]
	fn set_cash_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		// As it is where the ramp begins: loans come back by steps.
		let rules = CashRules { borrow_until: Ratio::ZERO, ..CashRules::default() };
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, rules);
		assert!(changed_now::<T>(GroupKey::Cash));
		Ok(())
	}

	#[benchmark]
	fn set_liquidation_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, LiquidationRules::default());
		assert!(changed_now::<T>(GroupKey::Liquidation));
		Ok(())
	}

	#[benchmark]
	fn set_pool_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, PoolRules::default());
		assert!(changed_now::<T>(GroupKey::Pool));
		Ok(())
	}

	#[benchmark]
	fn set_vault_rules() -> Result<(), BenchmarkError> {
		let origin =
			T::ListingOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		fill::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, VaultRules::default());
		assert!(changed_now::<T>(GroupKey::Vaults));
		Ok(())
	}

	#[benchmark]
	fn set_fund_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, FundRules::default());
		assert!(changed_now::<T>(GroupKey::Funds));
		Ok(())
	}

	#[benchmark]
	fn set_trade_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, TradeRules::default());
		assert!(changed_now::<T>(GroupKey::Trades));
		Ok(())
	}

	/// The end of what the guardian does in benchmarks, and a later one.
	fn ends<T: Config>() -> (BlockNumberFor<T>, BlockNumberFor<T>) {
		let now = frame_system::Pallet::<T>::block_number();
		let next = now.saturating_add(1u32.into());
		(next, next.saturating_add(1u32.into()).min(now.saturating_add(T::GuardLengthMax::get())))
	}

	/// A value of every group that the guardian may touch.
	fn values() -> Vec<GuardedValue> {
		let risk = |id| {
			let id = UnderlyingId(u16::try_from(id).expect("there are few"));
			GuardedValue::Underlying(id, UnderlyingRisk::btc())
		};
		let others = [
			GuardedValue::Margin(largest_margin_rules()),
			GuardedValue::Cash(CashRules::default()),
			GuardedValue::Pool(PoolRules::default()),
		];
		(0..MAX_UNDERLYINGS).map(risk).chain(others).collect()
	}

	/// The same values, each asking for more safety in some of its figures.
	fn tighter(value: &GuardedValue) -> GuardedValue {
		match value.clone() {
			GuardedValue::Underlying(id, _) => GuardedValue::Underlying(id, tighter_risk()),
			GuardedValue::Margin(_) => GuardedValue::Margin(tighter_margin_rules()),
			GuardedValue::Cash(rules) => {
				let borrow_until = Ratio::ZERO;
				GuardedValue::Cash(CashRules { borrow_until, ..rules })
			}
			GuardedValue::Pool(rules) => {
				let stress_cap = Ratio::from_percent(45);
				GuardedValue::Pool(PoolRules { stress_cap, ..rules })
			}
		}
	}

	/// All of them are guarded, and every underlying halted, until this block. The guards take as many steps as
	/// any way.
	fn guard_all<T: Config>(until: BlockNumberFor<T>) {
		let begins = frame_system::Pallet::<T>::block_number();
		let ends = begins.saturating_add(T::RampLengthMax::get());
		for returns_to in values() {
			let (key, to) = (returns_to.key(), tighter(&returns_to));
			let course = Ramp { from: returns_to.clone(), to, begins, ends };
			Guards::<T>::insert(key, Guard { until, returns_to, course });
			if let GroupKey::Underlying(id) = key {
				UnderlyingRisks::<T>::insert(id, UnderlyingRisk::btc());
				Halts::<T>::insert(id, until);
			}
		}
		NextDue::<T>::put(until);
	}

	/// So many groups are on their way, and come from tighter values.
	fn ramp_some<T: Config>(count: u32) {
		let begins = frame_system::Pallet::<T>::block_number();
		let ends = begins.saturating_add(T::RampLengthMax::get());
		for to in values().into_iter().take(count as usize) {
			let from = tighter(&to);
			Ramps::<T>::insert(to.key(), Ramp { from, to, begins, ends });
		}
		NextDue::<T>::put(begins);
	}

	/// Every group is ramped and guarded.
	fn on_the_way<T: Config>() {
		ramp_some::<T>(u32::MAX);
		guard_all::<T>(ends::<T>().1);
	}

	fn guardian<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
		T::GuardianOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
	}

	/// Over a ramp of governance and over another guard: the longest way, of the largest group.
	#[benchmark]
	fn guard() -> Result<(), BenchmarkError> {
		let origin = guardian::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		let value = GuardedValue::Margin(tighter_margin_rules());
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, value, ends::<T>().1);
		assert!(Guards::<T>::contains_key(GroupKey::Margin));
		Ok(())
	}

	/// The group that is checked against every value of every underlying.
	#[benchmark]
	fn guard_of_pool() -> Result<(), BenchmarkError> {
		let origin = guardian::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		let value = tighter(&GuardedValue::Pool(PoolRules::default()));
		#[extrinsic_call]
		guard(origin as T::RuntimeOrigin, value, ends::<T>().1);
		assert!(Guards::<T>::contains_key(GroupKey::Pool));
		Ok(())
	}

	#[benchmark]
	fn halt() -> Result<(), BenchmarkError> {
		let origin = guardian::<T>()?;
		fill::<T>();
		let (first, _) = ends::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CHANGED, first);
		assert!(Pallet::<T>::halted(CHANGED));
		Ok(())
	}

	#[benchmark]
	fn lift_guard() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		ramp_some::<T>(u32::MAX);
		guard_all::<T>(ends::<T>().0);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, GroupKey::Margin);
		assert!(!Guards::<T>::contains_key(GroupKey::Margin));
		Ok(())
	}

	#[benchmark]
	fn lift_halt() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		guard_all::<T>(ends::<T>().0);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CHANGED);
		assert!(!Halts::<T>::contains_key(CHANGED));
		Ok(())
	}

	#[benchmark]
	fn end_guards() {
		fill::<T>();
		let (first, _) = ends::<T>();
		ramp_some::<T>(u32::MAX);
		guard_all::<T>(first);
		frame_system::Pallet::<T>::set_block_number(first);
		#[block]
		{
			let _ = Pallet::<T>::end_what_is_over(first, |_| ());
		}
		assert!(Guards::<T>::iter().next().is_none() && Halts::<T>::iter().next().is_none());
	}

	/// The longest way, of the largest group.
	#[benchmark]
	fn ramp() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		let value = GuardedValue::Margin(tighter_margin_rules());
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, value, T::RampLengthMax::get());
		assert!(Ramps::<T>::contains_key(GroupKey::Margin));
		Ok(())
	}

	/// The group that is checked against every value of every underlying.
	#[benchmark]
	fn ramp_of_pool() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		on_the_way::<T>();
		let value = tighter(&GuardedValue::Pool(PoolRules::default()));
		#[extrinsic_call]
		ramp(origin as T::RuntimeOrigin, value, T::RampLengthMax::get());
		assert!(Ramps::<T>::contains_key(GroupKey::Pool));
		Ok(())
	}

	#[benchmark]
	fn cancel_ramp() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		ramp_some::<T>(u32::MAX);
		// The pool's rules are checked against every underlying.
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, GroupKey::Pool);
		assert!(!Ramps::<T>::contains_key(GroupKey::Pool));
		Ok(())
	}

	#[benchmark]
	fn step_ramps(n: Linear<0, { MAX_UNDERLYINGS + 3 }>) {
		fill::<T>();
		ramp_some::<T>(n);
		let now = frame_system::Pallet::<T>::block_number();
		let due = now.saturating_add(T::RampLengthMax::get()).saturating_sub(1u32.into());
		guard_all::<T>(due.saturating_add(1u32.into()));
		Guards::<T>::iter_keys()
			.filter(|key| !Ramps::<T>::contains_key(key))
			.for_each(Guards::<T>::remove);
		let mut next = None;
		#[block]
		{
			let _ = Pallet::<T>::step(due, |block| next = Some(block));
		}
		assert_eq!(next.is_some(), n > 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
