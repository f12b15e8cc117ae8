use crate::{mock::*, Auctions, Error, Event};
use ballast_primitives::{Ratio, Usd};
use ballast_traits::InspectAccounts;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

/// No limit worth the name.
fn any_price() -> Usd {
	usd(1_000_000_000)
}

fn start() {
	assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(ALICE), ALICE));
	events();
}

fn bid_at(share: Ratio, limit: Usd) -> DispatchResult {
	let last_bid = auction_of(ALICE).last_bid;
	Liquidation::bid(RuntimeOrigin::signed(BOB), ALICE, share, limit, last_bid)
}

fn bid(share: Ratio) -> DispatchResult {
	bid_at(share, any_price())
}

/// Payment, penalty and deficit of the one bid that was accepted since the last call.
fn accepted() -> (Ratio, Usd, Usd, Usd) {
	let mut bids = events().into_iter().filter_map(|event| match event {
		Event::BidAccepted { account: ALICE, bidder: BOB, share, payment, penalty, deficit } => {
			Some((share, payment, penalty, deficit))
		}
		_ => None,
	});
	let only = bids.next().expect("a bid");
	assert!(bids.next().is_none(), "one bid");
	only
}

/// Alice: equity 900, requirement 1,000, positions worth -4,000. At the start g = 2%, pi = 5%.
#[test]
fn a_partial_bid_moves_portfolio_payment_and_penalty() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		let total = Ledger::total_cash();
		wait(60);
		assert_ok!(bid(Ratio::from_percent(10)));
		let (share, payment, penalty, deficit) = accepted();
		assert_eq!((share, deficit), (Ratio::from_percent(10), Usd::ZERO));
		// The bidder takes over shorts worth -400 and is given 100 g besides,
		// g = 0.02 + 0.13 x 60 / 900.
		assert_near(payment, Usd::from_inner(-402_866_666_666_666_666_667));
		assert_near(penalty, usd(5));

		let (alice, bob) = (Books::get(ALICE), Books::get(BOB));
		let tenth = |leg: &Leg| (leg.value, leg.requirement);
		assert_eq!(tenth(&alice.legs[0]), (usd(-3_600), usd(900)));
		assert_eq!(tenth(&bob.legs[0]), (usd(-400), usd(100)));
		let equity = Ledger::health(&ALICE).unwrap().equity;
		assert_near(equity, Usd::from_inner(892_133_333_333_333_333_333));
		assert_eq!(bob.cash, usd(100_000).checked_sub(payment).unwrap());
		assert_eq!(Ledger::cash(&FUND), usd(1_000).checked_add(penalty).unwrap());
		assert_eq!(Ledger::total_cash(), total);

		let auction = auction_of(ALICE);
		assert_eq!((auction.started_at, auction.last_bid_at), (1_000_000, 1_000_060));
		assert_eq!(auction.last_bid, 2);
		// A tenth of 900 - 28.67 is set aside in the presentation of the price.
		assert_near(auction.reserved, Usd::from_inner(87_133_333_333_333_333_333));
	});
}

#[test]
fn a_bid_for_more_takes_what_restores_the_buffer_and_ends_the_auction() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		let total = Ledger::total_cash();
		let last_bid = auction_of(ALICE).last_bid;
		assert_ok!(Liquidation::bid(
			RuntimeOrigin::signed(BOB),
			ALICE,
			Ratio::from_inner(u128::MAX),
			any_price(),
			last_bid
		));
		let seen = events();
		let [Event::BidAccepted { share, .. }, Event::AuctionEnded { account: ALICE }] = seen[..]
		else {
			panic!("bid, then end: {seen:?}")
		};
		// 250 / 1080
		let gap = share.into_inner().abs_diff(231_481_481_481_481_481);
		assert!(gap <= 2, "{share:?}");
		assert!(!Auctions::<Test>::contains_key(ALICE));
		let health = Ledger::health(&ALICE).unwrap();
		let buffered = health.maintenance.times_ceil(Ratio::from_percent(115)).unwrap();
		assert_near(health.equity, buffered);
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn a_small_account_is_sold_whole() {
	ExtBuilder::default().with(ALICE, book(90, 100)).build_and_execute(|| {
		start();
		assert_ok!(bid(Ratio::ONE));
		assert!(Books::get(ALICE).legs.is_empty());
		assert_near(Ledger::cash(&ALICE), usd(83));
		assert!(!Auctions::<Test>::contains_key(ALICE));
	});
}

#[test]
fn what_exceeds_own_equity_is_the_bids_deficit() {
	// One hour in: g = 0.15 + 0.85 x 45 / 105.
	ExtBuilder::default().with(ALICE, book(300, 1_000)).build_and_execute(|| {
		start();
		let total = Ledger::total_cash();
		wait(3_600);
		assert_ok!(bid(Ratio::ONE));
		let (share, _, penalty, deficit) = accepted();
		assert_eq!((share, penalty), (Ratio::ONE, Usd::ZERO));
		assert_near(deficit, Usd::from_inner(214_285_714_285_714_285_714));
		assert_eq!(Books::get(ALICE), Book::default(), "nothing is left, to the last unit");
		assert_eq!(Ledger::total_cash(), total);
		assert!(!Auctions::<Test>::contains_key(ALICE));
	});
}

#[test]
fn a_bankrupt_account_is_sold_in_parts_without_harming_the_rest() {
	ExtBuilder::default().with(ALICE, book(-400, 1_000)).build_and_execute(|| {
		start();
		assert!(auction_of(ALICE).insolvent);
		let total = Ledger::total_cash();
		assert_ok!(bid(Ratio::from_percent(25)));
		let (_, payment, penalty, deficit) = accepted();
		assert_near(payment, usd(-1_005));
		assert_near(deficit, usd(105));
		assert_eq!(penalty, Usd::ZERO);
		let health = Ledger::health(&ALICE).unwrap();
		assert_near(health.equity, usd(-300));
		assert_eq!(health.maintenance, usd(750));
		assert_eq!(auction_of(ALICE).reserved, Usd::ZERO);
		assert_ok!(bid(Ratio::ONE));
		assert_eq!(Books::get(ALICE), Book::default());
		// 420 in all, of which the fund had it.
		assert_near(Ledger::cash(&FUND), usd(580));
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn turning_insolvent_sets_nothing_aside_any_more() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		assert_ok!(bid(Ratio::from_percent(10)));
		assert!(auction_of(ALICE).reserved.is_positive());
		set_equity(ALICE, usd(-1));
		assert_ok!(bid(Ratio::from_percent(10)));
		assert!(auction_of(ALICE).insolvent);
		assert_eq!(auction_of(ALICE).reserved, Usd::ZERO);
	});
}

#[test]
fn the_keeper_shares_in_penalties_beyond_what_it_was_advanced() {
	let large = book(90_000, 100_000);
	ExtBuilder::default().with(ALICE, large).build_and_execute(|| {
		Books::mutate(BOB, |book| book.cash = usd(1_000_000));
		rules(|rules| rules.bid_share_min = Ratio::ZERO);
		assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(KEEPER), ALICE));
		let total = Ledger::total_cash();
		// Penalty 25, keeper's tenth 2.5: all of it goes to pay back the advance of 5.
		assert_ok!(bid(Ratio::from_basis_points(50)));
		assert_near(auction_of(ALICE).keeper_advance, Usd::from_inner(2_500_000_000_000_000_000));
		assert_eq!(Ledger::cash(&KEEPER), usd(5));
		assert_near(Ledger::cash(&FUND), usd(1_020));
		// Penalty about 497.5, its tenth 49.75 less 2.5.
		assert_ok!(bid(Ratio::from_percent(10)));
		assert_eq!(auction_of(ALICE).keeper_advance, Usd::ZERO);
		assert_near(Ledger::cash(&KEEPER), Usd::from_inner(52_250_000_000_000_000_000));
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn a_keeper_that_refuses_money_does_not_stop_a_bid() {
	ExtBuilder::failing().build_and_execute(|| {
		rules(|rules| rules.keeper_reward_min = Usd::ZERO);
		assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(KEEPER), ALICE));
		Refusing::put(vec![KEEPER]);
		assert_ok!(bid(Ratio::from_percent(10)));
		assert_near(Ledger::cash(&FUND), usd(1_005));
	});
}

#[test]
fn the_price_limit_holds_both_ways() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		// A tenth pays the bidder 402.
		assert_noop!(bid_at(Ratio::from_percent(10), usd(-403)), Error::<Test>::PriceLimitExceeded);
		assert_ok!(bid_at(Ratio::from_percent(10), usd(-401)));
	});
	let long = Book {
		cash: usd(-3_100),
		legs: vec![Leg {
			underlying: BTC,
			is_collateral: true,
			value: usd(4_000),
			requirement: usd(1_000),
		}],
		expired: Usd::ZERO,
	};
	ExtBuilder::default().with(ALICE, long).build_and_execute(|| {
		start();
		// A tenth costs 400 - 2.
		assert_noop!(bid_at(Ratio::from_percent(10), usd(397)), Error::<Test>::PriceLimitExceeded);
		assert_ok!(bid_at(Ratio::from_percent(10), usd(399)));
		let (_, payment, ..) = accepted();
		assert_near(payment, usd(398));
	});
}

#[test]
fn a_bid_on_an_auction_that_has_moved_is_refused() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		let seen = auction_of(ALICE).last_bid;
		assert_ok!(bid(Ratio::from_percent(10)));
		let stale =
			|share| Liquidation::bid(RuntimeOrigin::signed(BOB), ALICE, share, any_price(), seen);
		assert_noop!(stale(Ratio::from_percent(10)), Error::<Test>::AuctionChanged);
		// Not even in a later auction of the same account.
		assert_ok!(bid(Ratio::ONE));
		assert_noop!(stale(Ratio::ONE), Error::<Test>::NotInAuction);
		set_equity(ALICE, usd(10));
		start();
		assert_noop!(stale(Ratio::ONE), Error::<Test>::AuctionChanged);
	});
}

#[test]
fn the_bidder_must_be_above_initial_margin_afterwards() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		Books::mutate(BOB, |book| book.cash = usd(10));
		assert_noop!(bid(Ratio::from_percent(10)), DispatchError::Other("BelowInitialMargin"));
	});
}

#[test]
fn bad_bids_are_refused_by_name() {
	ExtBuilder::failing().with(7, book(5_000, 1_000)).build_and_execute(|| {
		let send = |who, account, share, last| {
			Liquidation::bid(RuntimeOrigin::signed(who), account, share, any_price(), last)
		};
		assert_noop!(send(BOB, 7, Ratio::ONE, 0), Error::<Test>::NotInAuction);
		start();
		let last = auction_of(ALICE).last_bid;
		assert_noop!(send(BOB, ALICE, Ratio::ZERO, last), Error::<Test>::ShareZero);
		assert_noop!(send(ALICE, ALICE, Ratio::ONE, last), Error::<Test>::SelfBid);
		assert_noop!(
			Liquidation::bid(RuntimeOrigin::none(), ALICE, Ratio::ONE, any_price(), last),
			DispatchError::BadOrigin
		);
		set_equity(ALICE, usd(1_150));
		assert_noop!(send(BOB, ALICE, Ratio::ONE, last), Error::<Test>::AuctionOver);
	});
}

#[test]
fn dust_bids_are_refused_and_the_least_one_is_a_twentieth_of_what_is_for_sale() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		let largest = Liquidation::auction(&ALICE).expect("an auction").largest_share;
		let least = largest.times_floor(Ratio::from_percent(5)).expect("a share");
		let below = Ratio::from_inner(least.into_inner() - 1);
		assert_noop!(bid(Ratio::from_inner(1)), Error::<Test>::ShareTooSmall);
		assert_noop!(bid(below), Error::<Test>::ShareTooSmall);
		assert_ok!(bid(least));
		assert_eq!(accepted().0, least);
	});
}

#[test]
fn a_share_too_small_to_move_anything_is_refused() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		rules(|rules| rules.bid_share_min = Ratio::ZERO);
		// 1e-18 of the book moves four thousand units of value and a thousand of requirement.
		assert_ok!(bid(Ratio::from_inner(1)));
		Books::mutate(ALICE, |book| {
			book.legs[0].value = Usd::from_inner(5);
			book.legs[0].requirement = usd(0);
			book.cash = usd(-1);
		});
		assert_noop!(bid(Ratio::from_inner(1)), Error::<Test>::NothingToSell);
	});
}

#[test]
fn while_the_status_is_unknown_no_bid_is_taken() {
	ExtBuilder::failing().build_and_execute(|| {
		start();
		Unusable::put(vec![BTC]);
		assert_noop!(bid(Ratio::from_percent(10)), Error::<Test>::PriceNotUsable);
	});
}

#[test]
fn legs_on_unusable_prices_stay_and_the_rest_is_sold() {
	let mut mixed = book(900, 1_000);
	let other = Leg { underlying: ETH, is_collateral: false, value: usd(7), requirement: usd(3) };
	mixed.legs.push(other.clone());
	ExtBuilder::default().with(ALICE, mixed).build_and_execute(|| {
		start();
		Unusable::put(vec![ETH]);
		let total = Ledger::total_cash();
		assert_ok!(bid(Ratio::from_percent(10)));
		let (_, payment, penalty, deficit) = accepted();
		assert_near(payment, usd(-402));
		assert_eq!((penalty, deficit), (Usd::ZERO, Usd::ZERO), "equity is not known");
		let alice = Books::get(ALICE);
		assert_eq!((alice.legs[0].value, &alice.legs[1]), (usd(-3_600), &other));
		assert_eq!(Ledger::total_cash(), total);
	});
}

#[test]
fn a_bankrupt_book_with_an_unusable_leg_books_its_deficit_when_the_price_is_back() {
	let mut mixed = book(-500, 1_000);
	let other = Leg { underlying: ETH, is_collateral: false, value: usd(7), requirement: usd(3) };
	mixed.legs.push(other.clone());
	ExtBuilder::default().with(ALICE, mixed).build_and_execute(|| {
		start();
		Unusable::put(vec![ETH]);
		let total = Ledger::total_cash();
		assert_ok!(bid(Ratio::ONE));
		assert_eq!(Ledger::cash(&FUND), usd(1_000));
		assert_eq!(Books::get(ALICE).legs, [other]);
		assert_noop!(bid(Ratio::ONE), Error::<Test>::NothingToSell);
		Unusable::kill();
		assert_ok!(bid(Ratio::ONE));
		assert_eq!(Books::get(ALICE), Book::default());
		// 493 of debt, 20 and 0.06 for the bidder.
		assert_near(Ledger::cash(&FUND), Usd::from_inner(486_940_000_000_000_000_000));
		assert_eq!(Ledger::total_cash(), total);
	});
}
