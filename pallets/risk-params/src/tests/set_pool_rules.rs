use super::assert_refused;
use crate::{mock::*, Error, Event, GenesisConfig};
use ballast_primitives::{
	params::{OracleRules, PoolRules, UnderlyingRisk},
	Ratio,
};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(rules: PoolRules) -> sp_runtime::DispatchResult {
	RiskParams::set_pool_rules(RuntimeOrigin::root(), rules)
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = PoolRules { stress_cap: Ratio::from_percent(40), ..Default::default() };
		assert_ok!(set(rules.clone()));
		assert_eq!(RiskParams::pool(), rules);
		assert_eq!(last_event(), Event::PoolRulesSet { rules });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(
			|| RiskParams::set_pool_rules(RuntimeOrigin::signed(1), PoolRules::default()),
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn a_field_outside_its_range_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = PoolRules { takeover_cap: Ratio::from_percent(101), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(10));
	});
}

#[test]
fn a_step_too_large_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = PoolRules { cooldown: 3 * 86_400, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(7));
	});
}

#[test]
fn a_second_change_in_a_block_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(PoolRules::default()));
		assert_refused(|| set(PoolRules::default()), Error::<Test>::ChangedInThisBlock);
	});
}

#[test]
fn a_spread_that_reaches_any_underlyings_contingency_is_refused() {
	let risk = UnderlyingRisk {
		short_contingency_maintenance: Ratio::from_basis_points(6),
		..UnderlyingRisk::dot()
	};
	let underlyings = vec![
		(BTC, UnderlyingRisk::btc(), OracleRules::default()),
		(DOT, risk, OracleRules::default()),
	];
	let pool = PoolRules { spread_of_spot: Ratio::from_basis_points(4), ..Default::default() };
	ExtBuilder::with(GenesisConfig { underlyings, pool: Some(pool), ..Default::default() })
		.build_and_execute(|| {
			let rules = |points| PoolRules {
				spread_of_spot: Ratio::from_basis_points(points),
				..Default::default()
			};
			assert_refused(|| set(rules(6)), Error::<Test>::SpreadNotBelowContingency);
			assert_ok!(set(rules(5)));
		});
}
