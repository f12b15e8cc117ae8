use crate::{mock::*, Auctions, Error, Event};
use ballast_primitives::Usd;
use ballast_traits::InspectAccounts;
use frame_support::{assert_noop, assert_ok};

fn liquidate(signer: u64, account: u64) -> frame_support::dispatch::DispatchResult {
	Liquidation::liquidate(RuntimeOrigin::signed(signer), account)
}

#[test]
fn a_keeper_starts_the_auction_and_is_paid_its_least_reward() {
	ExtBuilder::failing().build_and_execute(|| {
		let total = Ledger::total_cash();
		assert_ok!(liquidate(KEEPER, ALICE));
		assert_eq!(
			events(),
			[
				Event::LiquidationStarted {
					account: ALICE,
					keeper: Some(KEEPER),
					equity: usd(900),
					maintenance: usd(1_000),
				},
				Event::KeeperPaid { account: ALICE, keeper: KEEPER, amount: usd(5) },
			]
		);
		assert_eq!(auction_of(ALICE).keeper, Some(KEEPER));
		assert_eq!(auction_of(ALICE).keeper_advance, usd(5));
		assert_eq!((Ledger::cash(&KEEPER), Ledger::cash(&FUND)), (usd(5), usd(995)));
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn the_owner_may_start_it_and_gets_nothing() {
	ExtBuilder::failing().build_and_execute(|| {
		assert_ok!(liquidate(ALICE, ALICE));
		assert_eq!(auction_of(ALICE).keeper, None);
		assert_eq!(auction_of(ALICE).keeper_advance, Usd::ZERO);
		assert_eq!(Ledger::cash(&FUND), usd(1_000));
	});
}

#[test]
fn the_fund_advances_what_it_has() {
	ExtBuilder::failing().build_and_execute(|| {
		Books::mutate(FUND, |book| book.cash = usd(3));
		assert_ok!(liquidate(KEEPER, ALICE));
		assert_eq!(auction_of(ALICE).keeper_advance, usd(3));
		assert_eq!((Ledger::cash(&KEEPER), Ledger::cash(&FUND)), (usd(3), Usd::ZERO));
	});
}

#[test]
fn an_empty_fund_or_a_keeper_that_refuses_does_not_stop_it() {
	ExtBuilder::failing().with(7, book(90, 100)).build_and_execute(|| {
		Refusing::put(vec![KEEPER]);
		assert_ok!(liquidate(KEEPER, 7));
		assert_eq!(auction_of(7).keeper_advance, Usd::ZERO);
		Refusing::kill();
		Books::mutate(FUND, |book| book.cash = Usd::ZERO);
		assert_ok!(liquidate(KEEPER, ALICE));
		assert_eq!(auction_of(ALICE).keeper, Some(KEEPER));
		assert_eq!(Ledger::cash(&KEEPER), Usd::ZERO);
	});
}

#[test]
fn accounts_that_do_not_fail_are_left_alone() {
	ExtBuilder::failing().with(7, book(1_000, 1_000)).build_and_execute(|| {
		assert_noop!(liquidate(KEEPER, 7), Error::<Test>::NotLiquidatable);
		assert_noop!(liquidate(KEEPER, 12_345), Error::<Test>::NotLiquidatable);
		Books::insert(FUND, book(-10, 10));
		assert_noop!(liquidate(KEEPER, FUND), Error::<Test>::ExemptAccount);
		assert_ok!(liquidate(KEEPER, ALICE));
		assert_noop!(liquidate(KEEPER, ALICE), Error::<Test>::AlreadyInAuction);
	});
}

#[test]
fn an_unknown_status_is_neither_safe_nor_unsafe() {
	ExtBuilder::failing().build_and_execute(|| {
		Unusable::put(vec![BTC]);
		assert_noop!(liquidate(KEEPER, ALICE), Error::<Test>::NotLiquidatable);
	});
}

#[test]
fn one_leg_on_an_unusable_price_does_not_make_a_book_immune() {
	let mut mixed = book(900, 1_000);
	mixed.legs.push(Leg {
		underlying: ETH,
		is_collateral: false,
		value: usd(1),
		requirement: usd(1),
	});
	ExtBuilder::default().with(ALICE, mixed).build_and_execute(|| {
		Unusable::put(vec![ETH]);
		assert_ok!(liquidate(KEEPER, ALICE));
		assert!(Auctions::<Test>::contains_key(ALICE));
	});
}

#[test]
fn an_expired_leg_is_settled_first_and_may_resolve_it() {
	let saved = Book { expired: usd(200), ..book(900, 1_000) };
	ExtBuilder::default().with(ALICE, saved).build_and_execute(|| {
		assert_ok!(liquidate(KEEPER, ALICE));
		assert_eq!(events(), [Event::LiquidationResolved { account: ALICE }]);
		assert!(!Auctions::<Test>::contains_key(ALICE));
		assert_eq!(Ledger::cash(&ALICE), usd(5_100), "the settlement stays");
		assert_eq!(Ledger::cash(&KEEPER), Usd::ZERO, "no auction, no reward");
	});
}

#[test]
fn a_settlement_may_also_break_an_account() {
	let broken = Book { expired: usd(-200), ..book(1_100, 1_000) };
	ExtBuilder::default().with(ALICE, broken).build_and_execute(|| {
		assert_ok!(liquidate(KEEPER, ALICE));
		assert!(Auctions::<Test>::contains_key(ALICE));
	});
}

#[test]
fn a_debt_with_nothing_to_sell_goes_to_the_waterfall_at_once() {
	let debt = Book { cash: usd(-1_200), ..Book::default() };
	ExtBuilder::default().with(ALICE, debt).build_and_execute(|| {
		let total = Ledger::total_cash();
		assert_ok!(liquidate(KEEPER, ALICE));
		assert_eq!(events(), [Event::LiquidationResolved { account: ALICE }]);
		assert_eq!(Ledger::cash(&ALICE), Usd::ZERO);
		assert_eq!((Ledger::cash(&FUND), Uncovered::get()), (Usd::ZERO, usd(200)));
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn a_keeper_is_advanced_no_more_than_the_penalty_that_a_full_bid_brings() {
	// Requirements 10 and 40, both sold whole: 5% of them.
	let builder = ExtBuilder::default().with(7, book(9, 10)).with(8, book(-1, 40));
	builder.build_and_execute(|| {
		assert_ok!(liquidate(KEEPER, 7));
		assert_eq!(auction_of(7).keeper_advance, Usd::from_inner(500_000_000_000_000_000));
		assert_ok!(liquidate(KEEPER, 8));
		assert_eq!(auction_of(8).keeper_advance, usd(2));
	});
}

#[test]
fn an_account_that_fails_by_dust_is_left_alone_unless_it_is_bankrupt() {
	let mills = |equity: i128, maintenance: i128| {
		let mut book = book(0, 0);
		book.cash = Usd::from_inner(equity * 1_000_000_000_000_000);
		book.legs[0].requirement = Usd::from_inner(maintenance * 1_000_000_000_000_000);
		book
	};
	let builder =
		ExtBuilder::default().with(7, mills(10, 20)).with(8, mills(10, 12)).with(9, mills(-1, 0));
	builder.build_and_execute(|| {
		assert_ok!(liquidate(KEEPER, 7));
		assert_noop!(liquidate(KEEPER, 8), Error::<Test>::NotLiquidatable);
		assert_ok!(liquidate(KEEPER, 9));
		assert_eq!(Auctions::<Test>::count(), 2);
	});
}
