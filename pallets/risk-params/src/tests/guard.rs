use super::assert_refused;
use crate::{mock::*, Error, Event, GroupKey, GuardEnd, GuardedValue, Guards, NextDue};
use ballast_primitives::{
	params::{CashRules, MarginRules, PoolRules, ScenarioRule, SpotMove, UnderlyingRisk, VolMove},
	Quantity, Ratio, UnderlyingId,
};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError, BoundedVec};
use sp_runtime::DispatchResult;

fn guard(value: GuardedValue, until: u64) -> DispatchResult {
	RiskParams::guard(RuntimeOrigin::signed(GUARDIAN), value, until)
}

/// BTC with this scan floor, in per cent.
fn floor(percent: u32) -> UnderlyingRisk {
	UnderlyingRisk { scan_floor: Ratio::from_percent(percent), ..UnderlyingRisk::btc() }
}

fn btc(risk: UnderlyingRisk) -> GuardedValue {
	GuardedValue::Underlying(BTC, risk)
}

fn in_force() -> UnderlyingRisk {
	RiskParams::underlying(BTC).unwrap()
}

#[test]
fn a_guard_tightens_at_once_and_ends_by_itself() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(btc(floor(13)), 50));
		assert_eq!(last_event(), Event::Guarded { value: btc(floor(13)), arrives: 1, until: 50 });
		assert_eq!(in_force(), floor(13));

		run_to(49);
		assert_eq!(in_force(), floor(13));
		run_to(50);
		assert_eq!(in_force(), UnderlyingRisk::btc());
		let key = GroupKey::Underlying(BTC);
		assert_eq!(last_event(), Event::GuardEnded { key, reason: GuardEnd::Expired });
		assert_eq!((Guards::<Test>::iter().count(), NextDue::<Test>::get()), (0, None));
	});
}

#[test]
fn every_group_of_the_guardian_returns_to_what_governance_has_set() {
	ExtBuilder::default().build_and_execute(|| {
		let before = state();
		let margin =
			MarginRules { initial_factor: Ratio::from_percent(140), ..MarginRules::default() };
		let cash = CashRules { borrow_until: Ratio::ZERO, ..CashRules::default() };
		let pool = PoolRules { stress_cap: Ratio::from_percent(45), ..PoolRules::default() };
		assert_ok!(guard(btc(floor(12)), 10));
		assert_ok!(guard(GuardedValue::Margin(margin.clone()), 20));
		assert_ok!(guard(GuardedValue::Cash(cash.clone()), 30));
		assert_ok!(guard(GuardedValue::Pool(pool.clone()), 40));
		assert_eq!(RiskParams::margin(), margin);
		assert_eq!(RiskParams::cash(), cash);
		assert_eq!(RiskParams::pool(), pool);
		for (block, guards) in [(10, 3), (20, 2), (30, 1), (40, 0)] {
			run_to(block);
			assert_eq!(Guards::<Test>::iter().count(), guards);
		}
		assert_eq!(state(), before);
	});
}

#[test]
fn only_the_guardian_may_guard() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_refused(
				|| RiskParams::guard(origin, btc(floor(13)), 50),
				DispatchError::BadOrigin,
			);
		}
	});
}

#[test]
fn a_loosening_is_refused_with_its_position() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| guard(btc(floor(10)), 50), Error::<Test>::Loosens(0));
		let caps = UnderlyingRisk {
			open_interest_cap: Quantity::from_int(10_001),
			..UnderlyingRisk::btc()
		};
		assert_refused(|| guard(btc(caps), 50), Error::<Test>::Loosens(27));
		let rules = MarginRules { long_value: Ratio::from_percent(96), ..MarginRules::default() };
		assert_refused(|| guard(GuardedValue::Margin(rules), 50), Error::<Test>::Loosens(2));
	});
}

#[test]
fn a_field_without_a_direction_is_not_the_guardians() {
	ExtBuilder::default().build_and_execute(|| {
		for ramp in [190, 210] {
			let risk = UnderlyingRisk {
				scan_ramp_per_hour: Ratio::from_basis_points(ramp),
				..UnderlyingRisk::btc()
			};
			assert_refused(|| guard(btc(risk), 50), Error::<Test>::Loosens(6));
		}
	});
}

#[test]
fn scenarios_may_be_added_but_not_taken_away() {
	ExtBuilder::default().build_and_execute(|| {
		let with = |change: &dyn Fn(&mut Vec<ScenarioRule>)| {
			let rules = MarginRules::default();
			let mut scenarios = rules.scenarios.to_vec();
			change(&mut scenarios);
			let scenarios = BoundedVec::truncate_from(scenarios);
			GuardedValue::Margin(MarginRules { scenarios, ..rules })
		};
		let fewer = with(&|set| {
			set.pop();
		});
		assert_refused(|| guard(fewer, 50), Error::<Test>::Loosens(0));
		let lighter = with(&|set| {
			let last = set.last_mut().unwrap();
			last.weight = last.weight.checked_sub(Ratio::from_basis_points(1)).unwrap();
		});
		assert_refused(|| guard(lighter, 50), Error::<Test>::Loosens(0));
		let spot = SpotMove::Multiple(Ratio::from_percent(130));
		let rule = ScenarioRule { spot, volatility: VolMove::Up, weight: Ratio::ONE };
		assert_ok!(guard(with(&|set| set.push(rule)), 50));
	});
}

#[test]
fn guards_do_not_add_up() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(btc(floor(13)), 50));
		next_block();
		// A fifth above what the guard has made of it, but more than a fifth above governance's 11%.
		assert_refused(|| guard(btc(floor(15)), 50), Error::<Test>::StepTooLarge(0));
		// What is looser than the guard is a loosening.
		assert_refused(|| guard(btc(floor(12)), 50), Error::<Test>::Loosens(0));
		// Longer is tighter, shorter is not.
		assert_refused(|| guard(btc(floor(13)), 49), Error::<Test>::GuardEndsEarlier);
		assert_ok!(guard(btc(floor(13)), 60));
		run_to(50);
		assert_eq!(in_force(), floor(13));
		run_to(60);
		assert_eq!(in_force(), UnderlyingRisk::btc());
	});
}

#[test]
fn an_inconsistent_value_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let pool =
			PoolRules { spread_of_spot: Ratio::from_basis_points(4), ..PoolRules::default() };
		assert_ok!(guard(GuardedValue::Pool(pool), 50));
		// BTC's range alone, beyond the stressed one.
		let risk = UnderlyingRisk { scan_cap: Ratio::from_percent(27), ..UnderlyingRisk::btc() };
		assert_refused(|| guard(btc(risk), 50), Error::<Test>::StressedAboveCap);
	});
}

#[test]
fn a_guard_that_comes_too_late_or_lasts_too_long_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		run_to(20);
		for until in [0, 19, 20] {
			assert_refused(|| guard(btc(floor(13)), until), Error::<Test>::GuardOver);
		}
		let longest = 20 + GUARD_LENGTH_MAX;
		assert_refused(|| guard(btc(floor(13)), longest + 1), Error::<Test>::GuardTooLong);
		assert_ok!(guard(btc(floor(13)), longest));
	});
}

#[test]
fn what_has_no_risk_cannot_be_guarded() {
	ExtBuilder::default().build_and_execute(|| {
		let value = |id: UnderlyingId| GuardedValue::Underlying(id, UnderlyingRisk::dot());
		assert_refused(|| guard(value(DOT), 50), Error::<Test>::NothingInForce);
	});
}

#[test]
fn governance_replaces_a_guard_and_is_bound_by_its_own_last_value() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(btc(floor(13)), 50));
		next_block();
		let set =
			|percent| RiskParams::set_underlying_risk(RuntimeOrigin::root(), BTC, floor(percent));
		assert_refused(|| set(14), Error::<Test>::StepTooLarge(0));
		assert_ok!(set(9));
		assert_eq!(in_force(), floor(9));
		let ended =
			Event::GuardEnded { key: GroupKey::Underlying(BTC), reason: GuardEnd::Replaced };
		let events = System::read_events_for_pallet::<Event<Test>>();
		assert!(events.contains(&ended));
		// Nothing returns at the end that the guard would have had.
		run_to(50);
		assert_eq!(in_force(), floor(9));
	});
}

#[test]
fn the_guardian_does_not_use_up_the_change_of_governance() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(btc(floor(12)), 50));
		assert_ok!(guard(btc(floor(13)), 50));
		let set =
			|percent| RiskParams::set_underlying_risk(RuntimeOrigin::root(), BTC, floor(percent));
		assert_ok!(set(12));
		assert_refused(|| set(13), Error::<Test>::ChangedInThisBlock);
		// And after it a guard is measured from what it has set.
		assert_refused(|| guard(btc(floor(15)), 50), Error::<Test>::StepTooLarge(0));
		assert_ok!(guard(btc(floor(14)), 50));
		run_to(50);
		assert_eq!(in_force(), floor(12));
	});
}

#[test]
fn a_spread_must_stay_below_the_contingency_that_returns() {
	ExtBuilder::default().build_and_execute(|| {
		let contingency = |points| UnderlyingRisk {
			short_contingency_maintenance: Ratio::from_basis_points(points),
			..UnderlyingRisk::btc()
		};
		assert_ok!(guard(btc(contingency(36)), 100));
		let eth = UnderlyingRisk {
			short_contingency_maintenance: Ratio::from_basis_points(36),
			..UnderlyingRisk::eth()
		};
		assert_ok!(RiskParams::set_underlying_risk(RuntimeOrigin::root(), ETH, eth));
		let spread = |points| {
			let spread_of_spot = Ratio::from_basis_points(points);
			let rules = PoolRules { spread_of_spot, ..PoolRules::default() };
			RiskParams::set_pool_rules(RuntimeOrigin::root(), rules)
		};
		for points in [4, 6, 9, 13, 19, 28] {
			next_block();
			assert_ok!(spread(points));
		}
		next_block();
		// Below 36, not below the 30 that return.
		assert_refused(|| spread(31), Error::<Test>::SpreadNotBelowContingency);
	});
}
