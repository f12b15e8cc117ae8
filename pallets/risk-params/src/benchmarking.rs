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
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CHANGED, UnderlyingRisk::btc());
		assert!(changed_now::<T>(GroupKey::Underlying(CHANGED)));
		Ok(())
	}

	#[benchmark]
	fn set_oracle_rules() -> Result<(), BenchmarkError> {
		let origin =
			T::OracleOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		fill::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CHANGED, OracleRules::default());
		assert!(changed_now::<T>(GroupKey::Oracle(CHANGED)));
		Ok(())
	}

	#[benchmark]
	fn set_margin_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		let rules = largest_margin_rules();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, rules);
		assert!(changed_now::<T>(GroupKey::Margin));
		Ok(())
	}

	#[benchmark]
	fn set_cash_rules() -> Result<(), BenchmarkError> {
		let origin = admin::<T>()?;
		fill::<T>();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CashRules::default());
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

	/// Everything that the guardian may touch is guarded and halted until this block.
	fn guard_all<T: Config>(until: BlockNumberFor<T>) {
		for id in 0..MAX_UNDERLYINGS {
			let id = UnderlyingId(u16::try_from(id).expect("there are few"));
			let returns_to = GuardedValue::Underlying(id, UnderlyingRisk::btc());
			Guards::<T>::insert(GroupKey::Underlying(id), Guard { until, returns_to });
			Halts::<T>::insert(id, until);
		}
		let others = [
			GuardedValue::Margin(largest_margin_rules()),
			GuardedValue::Cash(CashRules::default()),
			GuardedValue::Pool(PoolRules::default()),
		];
		for returns_to in others {
			Guards::<T>::insert(returns_to.key(), Guard { until, returns_to });
		}
		NextGuardEnd::<T>::put(until);
	}

	fn guardian<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
		T::GuardianOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
	}

	#[benchmark]
	fn guard() -> Result<(), BenchmarkError> {
		let origin = guardian::<T>()?;
		fill::<T>();
		let (first, second) = ends::<T>();
		guard_all::<T>(first);
		// The pool's rules are checked against every underlying, twice.
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, GuardedValue::Pool(PoolRules::default()), second);
		assert!(changed_now::<T>(GroupKey::Pool));
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
		guard_all::<T>(first);
		#[block]
		{
			let _ = Pallet::<T>::do_end_guards(first);
		}
		assert!(NextGuardEnd::<T>::get().is_none());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
