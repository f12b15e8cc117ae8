use super::assert_refused;
use crate::{mock::*, Error, Event, Refusal, Rule};
use ballast_primitives::{params::CashRules, Ratio, Usd};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(rules: CashRules) -> sp_runtime::DispatchResult {
	RiskParams::set_cash_rules(RuntimeOrigin::root(), rules)
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = CashRules {
			rate_at_kink: Ratio::from_percent(18),
			borrow_until: Ratio::ZERO,
			withdrawal_exempt: Usd::ZERO,
			..Default::default()
		};
		assert_ok!(set(rules.clone()));
		assert_eq!(RiskParams::cash(), rules);
		assert_eq!(last_event(), Event::CashRulesSet { rules });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_refused(
				|| RiskParams::set_cash_rules(origin, CashRules::default()),
				DispatchError::BadOrigin,
			);
		}
	});
}

#[test]
fn a_field_outside_its_range_is_refused_with_its_position() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = CashRules { kink: Ratio::ONE, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(0));
		let rules = CashRules { rate_at_one: Ratio::from_percent(149), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(3));
		let rules = CashRules { withdrawal_exempt: Usd::from_inner(-1), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(8));
	});
}

#[test]
fn a_step_too_large_is_refused_and_named_by_the_dry_run() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = CashRules { rate_at_one: Ratio::from_percent(226), ..Default::default() };
		let dry = RiskParams::check_cash_rules(&rules).map_err(Refusal::from);
		assert_eq!(dry, Err(Refusal { rule: Rule::StepTooLarge, field: "rate_at_one".into() }));
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(3));
		let rules = CashRules { rate_at_one: Ratio::from_percent(225), ..Default::default() };
		assert_eq!(RiskParams::check_cash_rules(&rules), Ok(()));
		assert_ok!(set(rules));
	});
}

#[test]
fn a_curve_that_falls_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = |zero, kink| CashRules {
			rate_at_zero: Ratio::from_percent(zero),
			rate_at_kink: Ratio::from_percent(kink),
			..Default::default()
		};
		assert_refused(|| set(rules(13, 12)), Error::<Test>::RateFalls);
		assert_refused(|| set(rules(2, 151)), Error::<Test>::RateFalls);
	});
}

#[test]
fn an_hour_above_a_day_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules =
			CashRules { withdrawal_per_hour: Ratio::from_percent(11), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::HourAboveDay);
	});
}

#[test]
fn a_second_change_in_a_block_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(CashRules::default()));
		assert_refused(|| set(CashRules::default()), Error::<Test>::ChangedInThisBlock);
		next_block();
		assert_ok!(set(CashRules::default()));
	});
}
