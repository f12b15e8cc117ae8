//! Whoever receives positions has agreed to.

use crate::{mock::*, TransferPermits};
use ballast_primitives::{Quantity, Usd};
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_permit_is_given_and_taken_back_by_the_receiver() {
	build_and_execute(|| {
		assert_ok!(Margin::set_transfer_permit(signed(BOB), ALICE, true));
		assert!(TransferPermits::<Test>::contains_key(BOB, ALICE));
		// It is for one sender and one direction.
		assert!(!TransferPermits::<Test>::contains_key(ALICE, BOB));
		let set = |allowed| Event::TransferPermitSet { receiver: BOB, sender: ALICE, allowed };
		assert!(events().contains(&set(true)));
		assert_ok!(Margin::set_transfer_permit(signed(BOB), ALICE, false));
		assert!(TransferPermits::<Test>::iter_keys().next().is_none());
		assert!(events().contains(&set(false)));
	});
}

#[test]
fn nobody_permits_himself() {
	build_and_execute(|| {
		assert_noop!(Margin::set_transfer_permit(signed(BOB), BOB, true), Error::SelfTrade);
	});
}

#[test]
fn without_one_nothing_is_received_not_even_cash() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		let give =
			|| Margin::transfer_positions(signed(ALICE), BOB, Default::default(), Usd::from_int(1));
		assert_noop!(give(), Error::NotPermitted);
		// Not the other way round either.
		assert_ok!(Margin::set_transfer_permit(signed(ALICE), BOB, true));
		assert_noop!(give(), Error::NotPermitted);
		assert_ok!(Margin::set_transfer_permit(signed(BOB), ALICE, true));
		assert_ok!(give());
		assert_eq!((cash(ALICE), cash(BOB)), (usd(999), usd(1)));
		assert_eq!(held(BOB, CALL), Quantity::ZERO);
	});
}
