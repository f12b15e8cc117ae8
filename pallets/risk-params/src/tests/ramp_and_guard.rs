//! A guard on a group that is ramped, and the ramp of a guard.

use super::{
	assert_refused,
	ramp::{events, in_force, points, ramp, set, volatility},
};
use crate::{mock::*, Error, Event, GroupKey, GuardEnd, GuardedValue, RampEnd, Ramps};
use ballast_primitives::{params::UnderlyingRisk, Ratio};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;

const KEY: GroupKey = GroupKey::Underlying(BTC);

fn guard(risk: UnderlyingRisk, until: u64) -> DispatchResult {
	let origin = RuntimeOrigin::signed(GUARDIAN);
	RiskParams::guard(origin, GuardedValue::Underlying(BTC, risk), until)
}

#[test]
fn a_guard_comes_in_steps_and_goes_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		System::reset_events();
		assert_ok!(guard(volatility(60), 50));
		assert_eq!(events()[1], Event::RampBegun { key: KEY, ends: 11 });
		assert_eq!(points(), 5_000);
		run_to(6);
		assert_eq!(points(), 5_500);
		run_to(11);
		assert_eq!(in_force(), volatility(60));
		run_to(50);
		assert_eq!((in_force(), Ramps::<Test>::iter().count()), (volatility(50), 0));
		assert_eq!(last_event(), Event::GuardEnded { key: KEY, reason: GuardEnd::Expired });
	});
}

#[test]
fn a_guard_that_ends_before_it_has_come_goes_back() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(volatility(60), 5));
		run_to(4);
		assert_eq!(points(), 5_300);
		System::reset_events();
		run_to(5);
		let ended = Event::GuardEnded { key: KEY, reason: GuardEnd::Expired };
		assert_eq!(events(), [ended, Event::RampEnded { key: KEY, reason: RampEnd::Replaced }]);
		assert_eq!((in_force(), Ramps::<Test>::iter().count()), (volatility(50), 0));
	});
}

#[test]
fn a_guard_on_a_ramp_is_bound_by_where_it_leads() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(60), 100));
		run_to(51);
		// Tighter than the 55 in force, looser than the 60 to which governance is on its way.
		assert_refused(|| guard(volatility(57), 80), Error::<Test>::Loosens(9));
		// A step from 60, not from 55.
		assert_refused(|| guard(volatility(73), 80), Error::<Test>::StepTooLarge(9));
		assert_ok!(guard(volatility(70), 80));
		run_to(61);
		assert_eq!(in_force(), volatility(70));
		let cancel = || RiskParams::cancel_ramp(RuntimeOrigin::root(), KEY);
		assert_refused(cancel, Error::<Test>::GuardInForce);
		// What returns is where governance was going.
		run_to(80);
		assert_eq!(in_force(), volatility(60));
	});
}

#[test]
fn a_guard_on_a_ramp_down_is_no_looser_than_where_it_is() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(40), 100));
		run_to(51);
		assert_refused(|| guard(volatility(44), 80), Error::<Test>::Loosens(9));
		assert_ok!(guard(volatility(45), 80));
		run_to(79);
		assert_eq!(in_force(), volatility(45));
		run_to(80);
		assert_eq!(in_force(), volatility(40));
	});
}

#[test]
fn a_guard_does_not_overtake_the_ramp_of_governance_in_other_fields() {
	ExtBuilder::default().build_and_execute(|| {
		let power = |percent, risk: UnderlyingRisk| UnderlyingRisk {
			long_term_power: Ratio::from_percent(percent),
			..risk
		};
		assert_ok!(ramp(power(12, UnderlyingRisk::btc()), 100));
		run_to(21);
		// The power is not the guardian's: it is that of governance, and goes on.
		assert_refused(|| guard(volatility(60), 40), Error::<Test>::Loosens(12));
		assert_ok!(guard(power(12, volatility(60)), 26));
		run_to(26);
		assert_eq!(points(), 5_000);
		// Four steps of ten, in the blocks of the guard, from 12.8% in force at block 21 to 12%.
		let now = in_force().long_term_power;
		assert_eq!(now, Ratio::from_basis_points(1_248));
		// What returns arrives when governance's own ramp would have.
		let returning = RiskParams::ramps();
		assert_eq!((returning[0].begins, returning[0].ends), (26, 101));
		run_to(101);
		assert_eq!(in_force(), power(12, UnderlyingRisk::btc()));
	});
}

#[test]
fn a_lifted_guard_leaves_the_ramp_of_governance() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(60), 100));
		run_to(11);
		assert_ok!(guard(volatility(65), 60));
		run_to(13);
		// Two tenths of the way from 51 to 65.
		assert_eq!(points(), 5_380);
		assert_ok!(RiskParams::lift_guard(RuntimeOrigin::root(), KEY));
		assert_eq!(points(), 5_380);
		run_to(100);
		assert!(points() < 6_000);
		run_to(101);
		assert_eq!(in_force(), volatility(60));
	});
}

#[test]
fn governance_replaces_a_guard_that_is_on_its_way() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(volatility(60), 80));
		run_to(6);
		assert_refused(|| set(volatility(61)), Error::<Test>::StepTooLarge(9));
		assert_ok!(set(volatility(58)));
		let ended = Event::GuardEnded { key: KEY, reason: GuardEnd::Replaced };
		assert!(events().contains(&ended));
		assert_eq!(points(), 5_500);
		run_to(16);
		assert_eq!(in_force(), volatility(58));
		run_to(80);
		assert_eq!(in_force(), volatility(58));
	});
}
