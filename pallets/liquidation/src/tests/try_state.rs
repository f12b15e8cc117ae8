//! Every invariant is seen to be broken by a state that breaks it.

use crate::{mock::*, AuctionOf, Auctions, LastTrade, Pallet};
use frame_support::{assert_err, assert_ok};
use sp_runtime::TryRuntimeError;

/// A sound auction, changed, and what is wrong then.
fn broken(change: impl FnOnce(&mut AuctionOf<Test>), condition: &'static str) {
	ExtBuilder::failing().build().execute_with(|| {
		assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(ALICE), ALICE));
		assert_ok!(Pallet::<Test>::do_try_state());
		Auctions::<Test>::mutate(ALICE, |auction| change(auction.as_mut().expect("there")));
		assert_err!(Pallet::<Test>::do_try_state(), TryRuntimeError::Other(condition));
	});
}

#[test]
fn i1_names_exempt_accounts_and_owners_as_keepers() {
	broken(|auction| auction.keeper = Some(ALICE), "I1: an account is its own keeper");
	ExtBuilder::failing().build().execute_with(|| {
		assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(ALICE), ALICE));
		Auctions::<Test>::insert(POOL, auction_of(ALICE));
		Auctions::<Test>::remove(ALICE);
		assert_err!(
			Pallet::<Test>::do_try_state(),
			TryRuntimeError::Other("I1: an exempt account is under auction")
		);
	});
}

#[test]
fn i2_names_times_out_of_order() {
	broken(|auction| auction.last_bid_at -= 1, "I2: a bid before its auction");
	broken(|auction| auction.last_bid_at += 1, "I2: a bid in the future");
}

#[test]
fn i3_names_impossible_amounts() {
	broken(|auction| auction.reserved = usd(-1), "I3: negative cash set aside");
	broken(
		|auction| {
			auction.insolvent = true;
			auction.reserved = usd(1);
		},
		"I3: cash set aside in an insolvent account",
	);
	broken(|auction| auction.keeper_advance = usd(-1), "I3: negative advance");
	broken(|auction| auction.keeper_advance = usd(1), "I3: an advance without a keeper");
}

#[test]
fn i4_names_trades_that_are_not_unique_or_not_counted() {
	broken(|auction| auction.last_bid = 2, "I4: a trade that was not counted");
	ExtBuilder::failing().with(7, book(90, 100)).build().execute_with(|| {
		assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(ALICE), ALICE));
		Auctions::<Test>::insert(7, auction_of(ALICE));
		assert_err!(
			Pallet::<Test>::do_try_state(),
			TryRuntimeError::Other("I4: two auctions with the same last trade")
		);
		frame_support::storage::unhashed::put(
			&Auctions::<Test>::counter_storage_final_key(),
			&1u32,
		);
		LastTrade::<Test>::put(5);
		Auctions::<Test>::mutate(7, |auction| auction.as_mut().expect("there").last_bid = 5);
		assert_err!(
			Pallet::<Test>::do_try_state(),
			TryRuntimeError::Other("I4: auctions are miscounted")
		);
	});
}
