use super::assert_refused;
use crate::{mock::*, rules::Group, Error, Event, Refusal, Rule};
use ballast_primitives::{
	params::{TradeRules, UnderlyingRisk},
	Ratio, Volatility,
};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(rules: TradeRules) -> sp_runtime::DispatchResult {
	RiskParams::set_trade_rules(RuntimeOrigin::root(), rules)
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = TradeRules {
			collar_share: Ratio::from_percent(15),
			collar_volatility: Volatility::from_percent(1),
			collar_tick: Ratio::from_basis_points(2),
			offer_life_max: 302_400,
			offer_deposit: 432_000_000_000,
		};
		assert_ok!(set(rules.clone()));
		assert_eq!(RiskParams::trades(), rules);
		assert_eq!(last_event(), Event::TradeRulesSet { rules });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_refused(
				|| RiskParams::set_trade_rules(origin, TradeRules::default()),
				DispatchError::BadOrigin,
			);
		}
	});
}

#[test]
fn a_field_outside_its_range_is_refused_with_its_position() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = TradeRules { collar_share: Ratio::from_percent(51), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(0));
		let rules = TradeRules { collar_tick: Ratio::from_basis_points(5), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(2));
		let rules = TradeRules { offer_deposit: 0, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(4));
	});
}

#[test]
fn a_step_too_large_is_refused_and_named_by_the_dry_run() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = TradeRules { collar_share: Ratio::from_percent(16), ..Default::default() };
		let dry = RiskParams::check_trade_rules(&rules).map_err(Refusal::from);
		assert_eq!(dry, Err(Refusal { rule: Rule::StepTooLarge, field: "collar_share".into() }));
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(0));
		let rules = TradeRules { offer_life_max: 302_399, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(3));
	});
}

#[test]
fn the_collars_tick_is_below_the_least_requirement_of_any_short_option() {
	let greatest = |field| TradeRules::LIMITS.iter().find(|limit| limit.field == field).unwrap();
	let least = UnderlyingRisk::LIMITS
		.iter()
		.find(|limit| limit.field == "short_contingency_maintenance")
		.unwrap();
	assert!(greatest("collar_tick").greatest < least.least);
	// and the collar never reaches down to nothing
	assert!(greatest("collar_share").greatest < Ratio::ONE.into_inner());
}

#[test]
fn a_second_change_in_a_block_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(TradeRules::default()));
		assert_refused(|| set(TradeRules::default()), Error::<Test>::ChangedInThisBlock);
		next_block();
		assert_ok!(set(TradeRules::default()));
	});
}
