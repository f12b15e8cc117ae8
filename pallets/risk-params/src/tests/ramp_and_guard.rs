//! A guard over a group that is ramped, and the way of a guard.

use super::{
	assert_refused,
	ramp::{events, in_force, points, ramp, set, volatility},
};
use crate::{mock::*, Error, Event, Group, GroupKey, GuardEnd, GuardedValue, RampEnd, Ramps};
use ballast_primitives::{params::UnderlyingRisk, Quantity, Ratio};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_runtime::DispatchResult;

const KEY: GroupKey = GroupKey::Underlying(BTC);

fn guard(risk: UnderlyingRisk, until: u64) -> DispatchResult {
	let origin = RuntimeOrigin::signed(GUARDIAN);
	RiskParams::guard(origin, GuardedValue::Underlying(BTC, risk), until)
}

/// A risk with this cap of positions, in contracts; 1,000 at genesis.
fn capped(contracts: i64, risk: UnderlyingRisk) -> UnderlyingRisk {
	UnderlyingRisk { position_cap: Quantity::from_int(contracts), ..risk }
}

/// A risk with this power, in per cent, which is not the guardian's; 15 at genesis.
fn power(percent: u32, risk: UnderlyingRisk) -> UnderlyingRisk {
	UnderlyingRisk { long_term_power: Ratio::from_percent(percent), ..risk }
}

#[test]
fn a_guard_comes_in_steps_and_goes_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		System::reset_events();
		assert_ok!(guard(volatility(60), 50));
		let value = GuardedValue::Underlying(BTC, volatility(60));
		assert_eq!(events(), [Event::Guarded { value, arrives: 11, until: 50 }]);
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
		assert_eq!(events(), [Event::GuardEnded { key: KEY, reason: GuardEnd::Expired }]);
		assert_eq!(in_force(), volatility(50));
	});
}

#[test]
fn over_a_ramp_up_the_tighter_is_in_force() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(60), 100));
		run_to(51);
		// Looser than the 55 in force, and than the 60 to which governance is on its way.
		assert_refused(|| guard(volatility(54), 95), Error::<Test>::Loosens(9));
		// A step from 60, not from what guards have made of it.
		assert_refused(|| guard(volatility(73), 95), Error::<Test>::StepTooLarge(9));
		assert_ok!(guard(volatility(57), 95));
		run_to(61);
		assert_eq!(points(), 5_700);
		let cancel = || RiskParams::cancel_ramp(RuntimeOrigin::root(), KEY);
		assert_refused(cancel, Error::<Test>::GuardInForce);
		// Until governance has passed it.
		run_to(71);
		assert_eq!(points(), 5_700);
		run_to(81);
		assert_eq!(points(), 5_800);
		assert_ok!(guard(volatility(72), 95));
		run_to(91);
		assert_eq!(points(), 7_200);
		run_to(95);
		assert_eq!(points(), 5_940);
		run_to(101);
		assert_eq!(in_force(), volatility(60));
	});
}

#[test]
fn over_a_ramp_down_a_guard_holds_what_is_in_force_and_leaves_the_ramp_where_it_is() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(40), 100));
		run_to(51);
		assert_refused(|| guard(volatility(39), 80), Error::<Test>::Loosens(9));
		assert_refused(|| guard(volatility(55), 80), Error::<Test>::StepTooLarge(9));
		assert_ok!(guard(volatility(45), 80));
		run_to(79);
		assert_eq!(in_force(), volatility(45));
		run_to(80);
		assert_eq!(points(), 4_210);
		run_to(100);
		assert_eq!(points(), 4_010);
		run_to(101);
		assert_eq!(in_force(), volatility(40));
	});
}

#[test]
fn what_a_guard_does_not_ask_for_goes_on_along_the_ramp() {
	for goes_to in [40, 60] {
		ExtBuilder::default().build_and_execute(|| {
			assert_ok!(ramp(power(12, volatility(goes_to)), 100));
			run_to(2);
			// The power is not the guardian's: it is that of governance.
			let other = capped(500, power(13, volatility(goes_to)));
			assert_refused(|| guard(other, 60), Error::<Test>::Loosens(12));
			assert_ok!(guard(capped(500, power(12, volatility(goes_to))), 60));
			for block in 3..=101 {
				run_to(block);
				let passed = i64::try_from(block).unwrap() - 1;
				let up = (i64::from(goes_to) - 50) * passed;
				assert_eq!(points() as i64, 5_000 + up, "in block {block}");
				let cap = if block < 60 { 500 } else { 1_000 };
				assert_eq!(in_force().position_cap, Quantity::from_int(cap));
				assert_ok!(RiskParams::do_try_state());
			}
			assert_eq!(in_force(), power(12, volatility(goes_to)));
		});
	}
}

#[test]
fn a_second_guard_does_not_take_back_what_the_first_has_not_reached() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(guard(volatility(60), 50));
		run_to(6);
		assert_eq!(points(), 5_500);
		assert_refused(|| guard(volatility(56), 60), Error::<Test>::Loosens(9));
		assert_ok!(guard(volatility(60), 60));
		assert_eq!(points(), 5_500);
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
		assert_eq!(points(), 5_120);
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
		assert_eq!(last_event(), Event::RampEnded { key: KEY, reason: RampEnd::Arrived });
		run_to(80);
		assert_eq!(in_force(), volatility(58));
	});
}

/// What is in force in each block to the last.
fn history(last: u64, mut act: impl FnMut(u64)) -> Vec<UnderlyingRisk> {
	let mut seen = Vec::new();
	ExtBuilder::default().build_and_execute(|| {
		for block in 1..=last {
			run_to(block);
			act(block);
			assert_ok!(RiskParams::do_try_state());
			seen.push(in_force());
		}
	});
	seen
}

/// A change of several figures of BTC's risk, in per cent of what they are.
fn changed([volatility, floor, power, cap, contingency]: [u128; 5]) -> UnderlyingRisk {
	let risk = UnderlyingRisk::btc();
	let ratio = |of: Ratio, percent| Ratio::from_inner(of.into_inner() * percent / 100);
	UnderlyingRisk {
		volatility_up: ratio(risk.volatility_up, volatility),
		scan_floor: ratio(risk.scan_floor, floor),
		long_term_power: ratio(risk.long_term_power, power),
		position_cap: Quantity::from_int(i64::try_from(10 * cap).unwrap()),
		short_contingency_maintenance: ratio(risk.short_contingency_maintenance, contingency),
		..risk
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	/// Whatever the guardian asks for over whatever ramp: nothing is looser than the ramp alone would have it, and
	/// after the guard all is as if it had never been.
	#[test]
	fn a_guard_over_a_ramp_loosens_nothing_and_leaves_nothing(
		change in prop::array::uniform5(85u128..=115),
		asks in prop::array::uniform5(prop_oneof![Just(None), (85u128..=115).prop_map(Some)]),
		(over, at, length) in (10u64..120, 2u64..60, 1u64..60),
	) {
		let target = changed(change);
		let mut asked = change;
		for (asked, asks) in asked.iter_mut().zip(asks) {
			*asked = asks.unwrap_or(*asked);
		}
		// A power is not the guardian's.
		asked[2] = change[2];
		let begin = |block| if block == 1 {
			// A change that breaks a rule is refused in both histories.
			let _ = ramp(target.clone(), over);
		};
		let alone = history(130, begin);
		let mut guarded = false;
		let both = history(130, |block| {
			begin(block);
			if block == at {
				guarded = guard(changed(asked), at + length).is_ok();
			}
		});
		for (block, (both, alone)) in (1..).zip(both.iter().zip(&alone)) {
			if guarded && (at..at + length).contains(&block) {
				prop_assert_eq!(both.ensure_no_looser(alone), Ok(()), "in block {}", block);
			} else {
				prop_assert_eq!(both, alone, "in block {}", block);
			}
		}
	}
}
