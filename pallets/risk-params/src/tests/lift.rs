use super::assert_refused;
use crate::{mock::*, Error, Event, GroupKey, GuardEnd, GuardedValue};
use ballast_primitives::{params::CashRules, Ratio};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn no_loans() -> GuardedValue {
	GuardedValue::Cash(CashRules { borrow_until: Ratio::ZERO, ..CashRules::default() })
}

#[test]
fn governance_lifts_a_guard() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskParams::guard(RuntimeOrigin::signed(GUARDIAN), no_loans(), 50));
		let lift = || RiskParams::lift_guard(RuntimeOrigin::root(), GroupKey::Cash);
		assert_ok!(lift());
		assert_eq!(RiskParams::cash(), CashRules::default());
		let ended = Event::GuardEnded { key: GroupKey::Cash, reason: GuardEnd::Lifted };
		assert_eq!(last_event(), ended);
		assert_refused(lift, Error::<Test>::NotGuarded);
	});
}

#[test]
fn governance_lifts_a_halt() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskParams::halt(RuntimeOrigin::signed(GUARDIAN), BTC, 50));
		let lift = || RiskParams::lift_halt(RuntimeOrigin::root(), BTC);
		assert_ok!(lift());
		assert!(!RiskParams::is_halted(BTC));
		let ended = Event::HaltEnded { underlying: BTC, reason: GuardEnd::Lifted };
		assert_eq!(last_event(), ended);
		assert_refused(lift, Error::<Test>::NotGuarded);
	});
}

#[test]
fn the_guardian_cannot_lift() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskParams::guard(RuntimeOrigin::signed(GUARDIAN), no_loans(), 50));
		assert_ok!(RiskParams::halt(RuntimeOrigin::signed(GUARDIAN), BTC, 50));
		next_block();
		let guardian = || RuntimeOrigin::signed(GUARDIAN);
		assert_refused(
			|| RiskParams::lift_guard(guardian(), GroupKey::Cash),
			DispatchError::BadOrigin,
		);
		assert_refused(|| RiskParams::lift_halt(guardian(), BTC), DispatchError::BadOrigin);
	});
}
