use crate::{mock::*, Auctions, Error, Event};
use ballast_primitives::{Ratio, Usd};
use ballast_traits::InspectAccounts;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

const PATIENCE: u64 = 3_600;

fn take_over() -> DispatchResult {
	Liquidation::take_over(RuntimeOrigin::signed(KEEPER), ALICE)
}

fn start() {
	assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(ALICE), ALICE));
	events();
}

#[test]
fn the_pool_takes_what_restores_the_buffer_after_the_governed_time() {
	// A requirement of 1,000 and equity of 1,000 - 1: one hour in, g is 0.514.
	ExtBuilder::default().with(ALICE, book(999, 1_000)).build_and_execute(|| {
		start();
		let total = Ledger::total_cash();
		wait(PATIENCE - 1);
		assert_noop!(take_over(), Error::<Test>::TakeOverTooEarly);
		wait(1);
		assert_ok!(take_over());
		let seen = events();
		let [Event::TakenOver { account: ALICE, share, deficit, .. }, Event::AuctionEnded { .. }] =
			seen[..]
		else {
			panic!("takeover, then end: {seen:?}")
		};
		// 151 / (1150 - 514.2857 - 50)
		assert_eq!(share.into_inner() / 1_000_000_000_000, 257_804);
		assert_eq!(deficit, Usd::ZERO);
		let pool = Ledger::health(&POOL).unwrap();
		assert_eq!(pool.maintenance.into_inner() / 1_000_000_000_000_000, 257_804);
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn a_bid_makes_the_pool_wait_again() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		wait(PATIENCE - 1);
		let last = auction_of(ALICE).last_bid;
		assert_ok!(Liquidation::bid(
			RuntimeOrigin::signed(BOB),
			ALICE,
			Ratio::from_percent(5),
			usd(0),
			last
		));
		wait(PATIENCE - 1);
		assert_noop!(take_over(), Error::<Test>::TakeOverTooEarly);
		wait(1);
		assert_ok!(take_over());
	});
}

#[test]
fn the_pool_takes_the_largest_part_that_its_rule_accepts_and_goes_on() {
	// Bankrupt: all of it is for sale.
	ExtBuilder::default().with(ALICE, book(-10, 1_000)).build_and_execute(|| {
		start();
		wait(PATIENCE);
		PoolCapacity::put(usd(300));
		let last = auction_of(ALICE).last_bid;
		assert_ok!(take_over());
		let shares: Vec<Ratio> = events()
			.into_iter()
			.filter_map(|event| match event {
				Event::TakenOver { share, .. } => Some(share),
				_ => None,
			})
			.collect();
		assert_eq!(shares, [Ratio::from_percent(25)]);
		assert_eq!(Ledger::health(&POOL).unwrap().maintenance, usd(250));
		assert_ne!(auction_of(ALICE).last_bid, last, "bidders see that it changed");
		// 50 of capacity is left: an eighth of 750 is too much.
		assert_noop!(take_over(), DispatchError::Other("PoolCapacityExceeded"));
		PoolCapacity::put(usd(1_000));
		assert_ok!(take_over());
		assert_eq!(Books::get(ALICE), Book::default());
		assert!(!Auctions::<Test>::contains_key(ALICE));
	});
}

#[test]
fn a_refused_part_leaves_no_trace_in_the_auction() {
	ExtBuilder::failing().build_and_execute(|| {
		assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(KEEPER), ALICE));
		wait(PATIENCE);
		PoolCapacity::put(Usd::ZERO);
		let before = auction_of(ALICE);
		assert_noop!(take_over(), DispatchError::Other("PoolCapacityExceeded"));
		assert_eq!(auction_of(ALICE), before);
	});
}

#[test]
fn the_deficit_of_a_takeover_goes_to_the_waterfall() {
	ExtBuilder::default().with(ALICE, book(-10, 100)).build_and_execute(|| {
		start();
		let total = Ledger::total_cash();
		wait(2 * PATIENCE);
		assert_ok!(take_over());
		// g is one: the pool is given the whole requirement, 100, and Alice's debt is paid.
		assert_eq!(Ledger::cash(&FUND), usd(890));
		assert_eq!(Ledger::health(&POOL).unwrap().equity, usd(1_000_100));
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn nothing_is_taken_from_an_account_that_has_recovered_or_is_unknown() {
	ExtBuilder::failing().build_and_execute(|| {
		assert_noop!(take_over(), Error::<Test>::NotInAuction);
		start();
		wait(PATIENCE);
		Unusable::put(vec![BTC]);
		assert_noop!(take_over(), Error::<Test>::PriceNotUsable);
		Unusable::kill();
		set_equity(ALICE, usd(1_200));
		assert_noop!(take_over(), Error::<Test>::AuctionOver);
		assert_noop!(
			Liquidation::take_over(RuntimeOrigin::none(), ALICE),
			DispatchError::BadOrigin
		);
	});
}
