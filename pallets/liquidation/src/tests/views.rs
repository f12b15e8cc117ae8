use crate::{mock::*, types::Settlement, Pallet, Stage};
use ballast_primitives::{Ratio, Usd};
use ballast_traits::InspectAccounts;
use frame_support::assert_ok;

fn start(account: u64) {
	assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(account), account));
}

#[test]
fn an_auction_is_explained_term_by_term() {
	ExtBuilder::failing().build_and_execute(|| {
		assert_eq!(Pallet::<Test>::auction(&ALICE), None);
		start(ALICE);
		wait(7_200);
		let view = Pallet::<Test>::auction(&ALICE).expect("under auction");
		assert_eq!((view.stage, view.failing, view.insolvent), (Stage::Open, true, false));
		assert_eq!((view.started_at, view.elapsed, view.last_bid), (1_000_000, 7_200, 1));
		assert_eq!((view.compensation, view.largest_share), (Ratio::ONE, Ratio::ONE));
		assert_eq!((view.equity, view.maintenance), (usd(900), usd(1_000)));
		assert_eq!(view.excess, usd(-100));
		assert_near(view.buffered_excess, usd(-250));
		assert_eq!((view.price_of_whole, view.reserved), (usd(-100), Usd::ZERO));
		let expected = Settlement { payment: usd(-5_000), penalty: Usd::ZERO, deficit: usd(100) };
		assert_eq!(view.expected, Some(expected));
	});
}

#[test]
fn what_a_view_expects_is_what_a_bid_gets() {
	ExtBuilder::failing().build_and_execute(|| {
		start(ALICE);
		wait(400);
		let view = Pallet::<Test>::auction(&ALICE).expect("under auction");
		let expected = view.expected.expect("all prices are usable");
		let before = Ledger::cash(&BOB);
		let origin = RuntimeOrigin::signed(BOB);
		assert_ok!(Liquidation::bid(
			origin,
			ALICE,
			view.largest_share,
			expected.payment,
			view.last_bid
		));
		assert_near(before.checked_sub(Ledger::cash(&BOB)).unwrap(), expected.payment);
		assert_eq!(Pallet::<Test>::auction(&ALICE), None);
	});
}

#[test]
fn with_an_unusable_price_nothing_is_promised() {
	let mut mixed = book(900, 1_000);
	mixed.legs.push(Leg {
		underlying: ETH,
		is_collateral: false,
		value: usd(7),
		requirement: usd(3),
	});
	ExtBuilder::default().with(ALICE, mixed).build_and_execute(|| {
		start(ALICE);
		Unusable::put(vec![ETH]);
		let view = Pallet::<Test>::auction(&ALICE).expect("under auction");
		assert_eq!((view.stage, view.expected), (Stage::Open, None));
		Unusable::put(vec![BTC, ETH]);
		let view = Pallet::<Test>::auction(&ALICE).expect("under auction");
		assert_eq!((view.stage, view.largest_share), (Stage::Waiting, Ratio::ZERO));
	});
}

#[test]
fn candidates_fail_and_are_not_under_auction_yet() {
	ExtBuilder::failing().with(7, book(90, 100)).with(8, book(500, 100)).build_and_execute(|| {
		Books::insert(POOL, book(-1, 10));
		let mut found = Pallet::<Test>::candidates(10);
		found.sort_unstable();
		assert_eq!(found, [ALICE, 7]);
		assert_eq!(Pallet::<Test>::candidates(1).len(), 1);
		assert!(Pallet::<Test>::candidates(0).is_empty());
		start(ALICE);
		assert_eq!(Pallet::<Test>::candidates(10), [7]);
		let auctions = Pallet::<Test>::auctions();
		assert_eq!(auctions.iter().map(|(who, _)| *who).collect::<Vec<_>>(), [ALICE]);
	});
}
