use super::assert_refused;
use crate::{mock::*, Error, Event, MAX_UNDERLYINGS};
use ballast_primitives::{
	params::{OracleRules, UnderlyingRisk},
	Ratio, UnderlyingId,
};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(underlying: UnderlyingId, rules: OracleRules) -> sp_runtime::DispatchResult {
	RiskParams::set_oracle_rules(RuntimeOrigin::root(), underlying, rules)
}

#[test]
fn a_first_value_has_no_step() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = OracleRules { operators_min: 12, ..Default::default() };
		assert_ok!(set(DOT, rules.clone()));
		assert_eq!(RiskParams::oracle(DOT), rules);
		assert_eq!(last_event(), Event::OracleRulesSet { underlying: DOT, rules });
		assert_eq!(RiskParams::oracle(BTC), OracleRules::default());
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(
			|| RiskParams::set_oracle_rules(RuntimeOrigin::signed(1), BTC, OracleRules::default()),
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn a_field_outside_its_range_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = OracleRules { operators_min: 0, ..Default::default() };
		assert_refused(|| set(DOT, rules), Error::<Test>::OutOfRange(2));
		let rules =
			OracleRules { settlement_coverage: Ratio::from_percent(101), ..Default::default() };
		assert_refused(|| set(DOT, rules), Error::<Test>::OutOfRange(9));
	});
}

#[test]
fn a_later_value_is_bound_by_the_step() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = |operators_min| OracleRules { operators_min, ..Default::default() };
		assert_refused(|| set(BTC, rules(5)), Error::<Test>::StepTooLarge(2));
		assert_ok!(set(BTC, rules(4)));
		assert_refused(|| set(BTC, rules(5)), Error::<Test>::ChangedInThisBlock);
		next_block();
		assert_ok!(set(BTC, rules(5)));
	});
}

#[test]
fn raw_values_older_than_an_acceptable_price_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = OracleRules { raw_age_max: 121, ..Default::default() };
		assert_refused(|| set(DOT, rules), Error::<Test>::RawOlderThanSpot);
	});
}

#[test]
fn sampling_slower_than_the_half_life_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		// An underlying without a risk may sample at any period in range.
		let rules = OracleRules { sample_period: 6 * 3_600, ..Default::default() };
		assert_ok!(set(DOT, rules));
		// BTC's fast half life is four hours: walk up to it, then one step beyond.
		for minutes in [7, 10, 15, 22, 33, 49, 73, 109, 163, 240] {
			next_block();
			assert_ok!(set(BTC, OracleRules { sample_period: minutes * 60, ..Default::default() }));
		}
		next_block();
		let rules = OracleRules { sample_period: 240 * 60 + 1, ..Default::default() };
		assert_refused(|| set(BTC, rules), Error::<Test>::SampleSlowerThanHalfLife);
	});
}

#[test]
fn more_underlyings_than_the_chain_carries_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let most = u16::try_from(MAX_UNDERLYINGS).unwrap();
		for id in 3..=most {
			assert_ok!(set(UnderlyingId(id), OracleRules::default()));
		}
		assert_refused(
			|| set(UnderlyingId(most + 1), OracleRules::default()),
			Error::<Test>::TooManyUnderlyings,
		);
	});
}

#[test]
fn the_first_rules_choose_whether_only_spot_is_fed() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = |spot_only| OracleRules { spot_only, ..Default::default() };
		assert_ok!(set(DOT, rules(true)));
		next_block();
		assert_refused(|| set(DOT, rules(false)), Error::<Test>::SpotOnlyFixed);
		assert_refused(|| set(BTC, rules(true)), Error::<Test>::SpotOnlyFixed);
		assert_ok!(set(DOT, OracleRules { operators_min: 2, ..rules(true) }));
	});
}

#[test]
fn an_underlying_with_a_risk_has_options_though_it_has_no_rules() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = |spot_only| OracleRules { spot_only, ..Default::default() };
		assert_ok!(RiskParams::set_underlying_risk(
			RuntimeOrigin::root(),
			DOT,
			UnderlyingRisk::dot()
		));
		assert_refused(|| set(DOT, rules(true)), Error::<Test>::SpotOnlyFixed);
		assert_ok!(set(DOT, rules(false)));
	});
}
