use super::assert_refused;
use crate::{mock::*, rules::Group, Error, Event, Refusal, Rule};
use ballast_primitives::{params::VaultRules, Ratio, Usd};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(rules: VaultRules) -> sp_runtime::DispatchResult {
	RiskParams::set_vault_rules(RuntimeOrigin::root(), rules)
}

fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = VaultRules {
			bond: 200_000_000_000_000,
			deposit_min: Usd::from_int(20),
			management_fee_max: percent(1),
			reserve_min: percent(92),
			auction_max: 7_200,
			..Default::default()
		};
		assert_ok!(set(rules.clone()));
		assert_eq!(RiskParams::vaults(), rules);
		assert_eq!(last_event(), Event::VaultRulesSet { rules });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_refused(
				|| RiskParams::set_vault_rules(origin, VaultRules::default()),
				DispatchError::BadOrigin,
			);
		}
	});
}

#[test]
fn a_field_outside_its_range_is_refused_with_its_position() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = VaultRules { bond: 999_999_999_999, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(0));
		let rules = VaultRules { deposit_min: Usd::from_inner(-1), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(1));
		// the floor of every reserve is hard, whatever governance wants
		let below = Ratio::from_inner(percent(90).into_inner() - 1);
		let rules = VaultRules { reserve_min: below, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(9));
	});
}

#[test]
fn a_step_too_large_is_refused_and_named_by_the_dry_run() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = VaultRules { performance_fee_max: percent(31), ..Default::default() };
		let dry = RiskParams::check_vault_rules(&rules).map_err(Refusal::from);
		let field = "performance_fee_max".into();
		assert_eq!(dry, Err(Refusal { rule: Rule::StepTooLarge, field }));
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(3));
		let rules = VaultRules { performance_fee_max: percent(30), ..Default::default() };
		assert_eq!(RiskParams::check_vault_rules(&rules), Ok(()));
		assert_ok!(set(rules));
		let rules = VaultRules { reserve_min: percent(93), ..RiskParams::vaults() };
		next_block();
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(9));
	});
}

#[test]
fn bounds_that_cross_are_refused_and_equal_ones_are_not() {
	let start = VaultRules::default;
	let refused = |rules: VaultRules| rules.validate().err().map(|v| (v.rule, v.field));
	let delta = |max| VaultRules { delta_max: percent(max), ..start() };
	assert_eq!(refused(delta(14)), Some((Rule::VaultBoundsCross, "delta_min")));
	assert_eq!(refused(delta(15)), None);
	let distance = |max| VaultRules { distance_max: percent(max), ..start() };
	assert_eq!(refused(distance(1)), Some((Rule::VaultBoundsCross, "distance_min")));
	assert_eq!(refused(distance(2)), None);
	let auction = |min| VaultRules { auction_min: min, ..start() };
	assert_eq!(refused(auction(14_401)), Some((Rule::VaultBoundsCross, "auction_min")));
	assert_eq!(refused(auction(14_400)), None);
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| set(auction(14_401)), Error::<Test>::VaultBoundsCross);
	});
}

#[test]
fn a_start_is_never_below_a_reserve() {
	let limit = |field: &str| VaultRules::LIMITS.iter().find(|limit| limit.field == field).unwrap();
	assert!(limit("reserve_min").greatest <= limit("start_max").least);
	// fees never take all, and the treasury never more than all of them
	assert!(limit("performance_fee_max").greatest < Ratio::ONE.into_inner());
	assert!(limit("management_fee_max").greatest < Ratio::ONE.into_inner());
	assert_eq!(limit("treasury_share").greatest, Ratio::ONE.into_inner());
}

#[test]
fn a_second_change_in_a_block_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(VaultRules::default()));
		assert_refused(|| set(VaultRules::default()), Error::<Test>::ChangedInThisBlock);
		next_block();
		assert_ok!(set(VaultRules::default()));
	});
}
