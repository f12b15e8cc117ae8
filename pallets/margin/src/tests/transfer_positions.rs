//! Positions and cash that move by their owner's will, without a trade.

use crate::mock::*;
use ballast_primitives::{Quality, Quantity, SeriesId, Usd};
use frame_support::{
	assert_ok,
	dispatch::DispatchResult,
	pallet_prelude::DispatchError,
	storage::{with_storage_layer, with_transaction},
};

fn give(to: u64, list: Vec<(SeriesId, Quantity)>, cash: Usd) -> DispatchResult {
	let list = list.try_into().unwrap();
	with_storage_layer(|| Margin::transfer_positions(signed(ALICE), to, list, cash))
}

fn prepare(alice: u128, bob: u128) {
	deposit(ALICE, alice);
	deposit(BOB, bob);
	deposit(CAROL, 1_000_000);
	assert_ok!(Margin::set_transfer_permit(signed(BOB), ALICE, true));
}

fn refused(error: Error) -> DispatchResult {
	Err(DispatchError::from(error))
}

#[test]
fn longs_shorts_and_cash_move_at_once() {
	build_and_execute(|| {
		prepare(20_000, 1);
		trade(ALICE, CAROL, CALL, 3, 0);
		trade(CAROL, ALICE, HIGH_CALL, 2, 0);
		let list = vec![(CALL, Quantity::from_int(3)), (HIGH_CALL, Quantity::from_int(-2))];
		assert_ok!(give(BOB, list, usd(20_000)));
		assert_eq!((cash(ALICE), cash(BOB)), (Usd::ZERO, usd(20_001)));
		assert_eq!(held(BOB, CALL), Quantity::from_int(3));
		assert_eq!(held(BOB, HIGH_CALL), Quantity::from_int(-2));
		assert!(!crate::Accounts::<Test>::contains_key(ALICE));
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::from_int(3));
	});
}

#[test]
fn no_more_than_is_held_and_in_its_own_direction() {
	build_and_execute(|| {
		prepare(20_000, 20_000);
		trade(ALICE, CAROL, CALL, 1, 0);
		let none = Usd::ZERO;
		let more = units(1_000_000_000_000_000_001);
		assert_eq!(give(BOB, vec![(CALL, more)], none), refused(Error::InsufficientPosition));
		let minus = Quantity::from_int(-1);
		assert_eq!(give(BOB, vec![(CALL, minus)], none), refused(Error::InsufficientPosition));
		assert_eq!(give(BOB, vec![(PUT, minus)], none), refused(Error::InsufficientPosition));
		let zero = Quantity::ZERO;
		assert_eq!(give(BOB, vec![(CALL, zero)], none), refused(Error::InsufficientPosition));
		// Twice the same: the second finds nothing.
		let twice = vec![(CALL, Quantity::ONE), (CALL, Quantity::ONE)];
		assert_eq!(give(BOB, twice, none), refused(Error::InsufficientPosition));
		assert_eq!(give(ALICE, vec![], none), refused(Error::SelfTrade));
		assert_eq!(give(BOB, vec![], usd(20_001)), refused(Error::InsufficientCash));
		assert_eq!(give(BOB, vec![], usd(-1)), refused(Error::AmountNegative));
		set_quality(ON_BTC, Quality::Stale);
		let one = vec![(CALL, Quantity::ONE)];
		assert_eq!(give(BOB, one.clone(), none), refused(Error::PriceNotUsable));
		expire(CALL);
		assert_eq!(give(BOB, one, none), refused(Error::SeriesNotLive));
	});
}

#[test]
fn both_accounts_meet_initial_margin_afterwards() {
	build_and_execute(|| {
		prepare(50_000, 100);
		trade(CAROL, ALICE, CALL, 2, 0);
		let one = vec![(CALL, Quantity::from_int(-1))];
		// Bob cannot carry it without cash, nor may Alice keep the rest with too little.
		assert_eq!(give(BOB, one.clone(), Usd::ZERO), refused(Error::BelowInitialMargin));
		assert_eq!(give(BOB, one.clone(), usd(49_000)), refused(Error::BelowInitialMargin));
		assert_ok!(give(BOB, one, usd(20_000)));
		for who in [ALICE, BOB] {
			let health = health(who);
			assert!(health.equity >= health.initial);
		}
	});
}

#[test]
fn cash_leaves_by_the_rule_of_withdrawals() {
	build_and_execute(|| {
		prepare(12_000, 1);
		// Long options on one underlying, shorts on another.
		trade(ALICE, CAROL, ETH_CALL, 250, 0);
		trade(CAROL, ALICE, CALL, 1, 0);
		set_spot(ON_ETH, 400);
		let all = health(ALICE);
		let free = Margin::withdrawable_of(&Margin::load(&ALICE)).unwrap();
		let excess = all.equity.checked_sub(all.initial).unwrap();
		assert!(free < excess && free < all.cash, "{free:?} {all:?}");
		assert_ok!(with_transaction(|| {
			sp_runtime::TransactionOutcome::Rollback(give(BOB, vec![], free))
		}));
		let more = free.checked_add(Usd::from_inner(1)).unwrap();
		assert_eq!(give(BOB, vec![], more), refused(Error::BelowInitialMargin));
		// Whoever pays to be rid of a short is better off, and may.
		set_spot(ON_BTC, 12_000);
		let short = vec![(CALL, Quantity::from_int(-1))];
		deposit(BOB, 3_000);
		assert_ok!(give(BOB, short, usd(5_000)));
	});
}

#[test]
fn whoever_is_below_margin_gives_away_risk_and_nothing_else() {
	build_and_execute(|| {
		prepare(20_000, 100_000);
		trade(CAROL, ALICE, CALL, 2, 0);
		trade(ALICE, CAROL, HIGH_CALL, 2, 0);
		set_spot(ON_BTC, 10_500);
		let (long, short) = ((HIGH_CALL, Quantity::from_int(2)), (CALL, Quantity::from_int(-2)));
		Markets::mutate(ON_BTC, |state| state.as_mut().unwrap().spot_at += 1);
		let all = cash(ALICE).checked_sub(usd(1_800)).unwrap();
		<Margin as ballast_traits::MutateAccounts<u64>>::transfer(&ALICE, &FUND, all).unwrap();
		assert!(health(ALICE).equity < health(ALICE).initial);
		// The hedge cannot flee from what it hedges, nor the cash.
		assert_eq!(give(BOB, vec![long], Usd::ZERO), refused(Error::BelowInitialMargin));
		assert_eq!(give(BOB, vec![], usd(1)), refused(Error::BelowInitialMargin));
		assert_ok!(give(BOB, vec![long, short], Usd::ZERO));
		assert_eq!(health(ALICE).initial, Usd::ZERO);
	});
}
