use crate::{mock::*, Auctions, Error, Event};
use ballast_primitives::Usd;
use ballast_traits::InspectAccounts;
use frame_support::{assert_noop, assert_ok};

fn end(account: u64) -> frame_support::dispatch::DispatchResult {
	Liquidation::end_auction(RuntimeOrigin::signed(KEEPER), account)
}

fn start() {
	assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(ALICE), ALICE));
	events();
}

#[test]
fn it_ends_when_the_buffer_is_back() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		set_equity(ALICE, usd(1_150));
		assert_ok!(end(ALICE));
		assert_eq!(events(), [Event::AuctionEnded { account: ALICE }]);
		assert!(!Auctions::<Test>::contains_key(ALICE));
		assert_noop!(end(ALICE), Error::<Test>::NotInAuction);
	});
}

#[test]
fn above_maintenance_but_below_the_buffer_it_goes_on() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		assert_noop!(end(ALICE), Error::<Test>::AuctionNotOver);
		set_equity(ALICE, usd(1_149));
		assert_noop!(end(ALICE), Error::<Test>::AuctionNotOver);
	});
}

#[test]
fn dust_below_the_buffer_counts_as_the_buffer() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		let dust = ballast_primitives::params::LiquidationRules::default().dust;
		set_equity(ALICE, usd(1_150).checked_sub(dust).unwrap());
		assert_ok!(end(ALICE));
	});
}

#[test]
fn it_ends_when_only_a_debt_is_left_and_the_waterfall_bears_it() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		// Every position expired against Alice.
		Books::insert(ALICE, Book { cash: usd(-300), expired: usd(-100), ..Book::default() });
		assert_ok!(end(ALICE));
		assert_eq!(events(), [Event::AuctionEnded { account: ALICE }]);
		assert_eq!((Ledger::cash(&ALICE), Ledger::cash(&FUND)), (Usd::ZERO, usd(600)));
	});
}

#[test]
fn it_ends_when_nothing_is_left_at_all() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		Books::remove(ALICE);
		assert_ok!(end(ALICE));
		assert!(!Auctions::<Test>::contains_key(ALICE));
	});
}

#[test]
fn with_an_unusable_price_it_ends_only_if_even_the_worst_case_keeps_the_buffer() {
	let mut mixed = book(900, 1_000);
	mixed.legs.push(Leg {
		underlying: ETH,
		is_collateral: true,
		value: usd(50),
		requirement: usd(0),
	});
	ExtBuilder::default().with(ALICE, mixed).build_and_execute(|| {
		start();
		Unusable::put(vec![ETH]);
		set_equity(ALICE, usd(1_199));
		assert_noop!(end(ALICE), Error::<Test>::AuctionNotOver);
		set_equity(ALICE, usd(1_200));
		assert_ok!(end(ALICE));
	});
}
