use super::assert_refused;
use crate::{mock::*, Error, Event, GuardEnd, Halts, NextDue};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn halt(until: u64) -> sp_runtime::DispatchResult {
	RiskParams::halt(RuntimeOrigin::signed(GUARDIAN), BTC, until)
}

#[test]
fn a_halt_ends_by_itself() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(halt(50));
		assert_eq!(last_event(), Event::UnderlyingHalted { underlying: BTC, until: 50 });
		assert_eq!((RiskParams::is_halted(BTC), RiskParams::is_halted(ETH)), (true, false));
		run_to(49);
		assert!(RiskParams::is_halted(BTC));
		run_to(50);
		assert!(!RiskParams::is_halted(BTC));
		let ended = Event::HaltEnded { underlying: BTC, reason: GuardEnd::Expired };
		assert_eq!(last_event(), ended);
		assert_eq!((Halts::<Test>::iter().count(), NextDue::<Test>::get()), (0, None));
	});
}

#[test]
fn an_emergency_halts_every_underlying() {
	ExtBuilder::default().build_and_execute(|| {
		AllHalted::set(true);
		assert!(RiskParams::is_halted(BTC) && RiskParams::is_halted(ETH));
		AllHalted::set(false);
		assert!(!RiskParams::is_halted(BTC));
	});
}

#[test]
fn only_the_guardian_may_halt() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_refused(|| RiskParams::halt(origin, BTC, 50), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn the_end_of_a_halt_is_bounded_and_moves_only_later() {
	ExtBuilder::default().build_and_execute(|| {
		run_to(20);
		assert_refused(|| halt(20), Error::<Test>::GuardOver);
		let longest = 20 + GUARD_LENGTH_MAX;
		assert_refused(|| halt(longest + 1), Error::<Test>::GuardTooLong);
		assert_ok!(halt(60));
		assert_refused(|| halt(59), Error::<Test>::GuardEndsEarlier);
		assert_ok!(halt(longest));
		run_to(60);
		assert!(RiskParams::is_halted(BTC));
	});
}

#[test]
fn what_has_no_risk_cannot_be_halted() {
	ExtBuilder::default().build_and_execute(|| {
		let call = || RiskParams::halt(RuntimeOrigin::signed(GUARDIAN), DOT, 50);
		assert_refused(call, Error::<Test>::NothingInForce);
	});
}
