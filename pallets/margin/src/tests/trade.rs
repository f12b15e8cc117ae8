use crate::mock::*;
use ballast_mocks::MockParameters;
use ballast_primitives::{params::UnderlyingRisk, Quality, Quantity, SeriesId, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

fn attempt(buyer: u64, seller: u64, id: SeriesId, quantity: i64, premium: i64) -> DispatchResult {
	let (quantity, premium) = (Quantity::from_int(quantity), Usd::from_int(premium));
	<Margin as MutateAccounts<u64>>::trade(&buyer, &seller, id, quantity, premium)
}

fn interest() -> Quantity {
	SidesOf::get(CALL).long.total
}

#[test]
fn the_buyer_is_long_the_seller_short_and_the_premium_moves() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		trade(ALICE, BOB, CALL, 2, 900);
		assert_eq!(quantity(ALICE, CALL), Quantity::from_int(2));
		assert_eq!(quantity(BOB, CALL), Quantity::from_int(-2));
		assert_eq!((cash(ALICE), cash(BOB)), (Usd::from_int(100), Usd::from_int(900)));
		assert_eq!(interest(), Quantity::from_int(2));
		let event = Event::Traded {
			buyer: ALICE,
			seller: BOB,
			series: CALL,
			quantity: Quantity::from_int(2),
			premium: Usd::from_int(900),
		};
		assert_eq!(events().last(), Some(&event));
	});
}

#[test]
fn open_interest_follows_longs_through_netting_and_flips() {
	build_and_execute(|| {
		trade(ALICE, BOB, CALL, 3, 0);
		assert_eq!(interest(), Quantity::from_int(3));
		// A long passes on: nothing opens.
		trade(CAROL, ALICE, CALL, 1, 0);
		assert_eq!(interest(), Quantity::from_int(3));
		// Alice flips from two long to three short: three more are open.
		trade(CAROL, ALICE, CALL, 5, 0);
		assert_eq!(quantity(ALICE, CALL), Quantity::from_int(-3));
		assert_eq!(interest(), Quantity::from_int(6));
		// Short and long close against each other, down to nothing.
		trade(ALICE, CAROL, CALL, 3, 0);
		trade(BOB, CAROL, CALL, 3, 0);
		assert_eq!(interest(), Quantity::ZERO);
		for who in [ALICE, BOB, CAROL] {
			assert_eq!(Margin::account_view(&who), None);
		}
	});
}

#[test]
fn meaningless_trades_are_refused() {
	build_and_execute(|| {
		assert_noop!(attempt(ALICE, BOB, CALL, 0, 1), Error::AmountZero);
		assert_noop!(attempt(ALICE, BOB, CALL, -1, 1), Error::AmountZero);
		assert_noop!(attempt(ALICE, BOB, CALL, 1, -1), Error::AmountNegative);
		assert_noop!(attempt(ALICE, ALICE, CALL, 1, 1), Error::SelfTrade);
		assert_noop!(attempt(ALICE, BOB, SeriesId(99), 1, 1), Error::SeriesUnknown);
	});
}

#[test]
fn an_expired_series_is_frozen_even_for_closing() {
	build_and_execute(|| {
		trade(ALICE, BOB, CALL, 1, 0);
		// Its expiry has passed although nobody has marked it expired yet.
		Now::put(EXPIRY);
		assert_noop!(attempt(BOB, ALICE, CALL, 1, 0), Error::SeriesNotLive);
		expire(CALL);
		assert_noop!(attempt(BOB, ALICE, CALL, 1, 0), Error::SeriesNotLive);
		Now::put(EXPIRY - 1);
		assert_noop!(attempt(BOB, ALICE, CALL, 1, 0), Error::SeriesNotLive);
	});
}

#[test]
fn an_underlying_without_a_usable_price_is_not_traded() {
	build_and_execute(|| {
		set_quality(ON_BTC, Quality::Unconfirmed);
		assert_noop!(attempt(ALICE, BOB, CALL, 1, 0), Error::PriceNotUsable);
		assert_ok!(attempt(ALICE, BOB, ETH_CALL, 1, 0));
		Markets::remove(ON_BTC);
		assert_noop!(attempt(ALICE, BOB, CALL, 1, 0), Error::PriceNotUsable);
	});
}

#[test]
fn a_position_grows_to_its_cap_and_may_always_shrink() {
	build_and_execute(|| {
		assert_ok!(attempt(ALICE, BOB, CALL, 1_000, 0));
		let beyond = |buyer, seller| {
			frame_support::storage::with_storage_layer(|| attempt(buyer, seller, CALL, 1, 0))
		};
		assert_noop!(beyond(ALICE, CAROL), Error::PositionCapExceeded);
		assert_noop!(beyond(CAROL, BOB), Error::PositionCapExceeded);
		MockParameters::mock_underlying(|_| {
			let position_cap = Quantity::from_int(10);
			Some(UnderlyingRisk { position_cap, ..UnderlyingRisk::btc() })
		});
		// Now far above the cap: closing passes, growing does not.
		assert_ok!(attempt(BOB, ALICE, CALL, 1, 0));
		assert_noop!(beyond(ALICE, BOB), Error::PositionCapExceeded);
		// The pool has a capital rule instead of a cap.
		assert_ok!(attempt(POOL, FUND, CALL, 5_000, 0));
	});
}

#[test]
fn an_underlying_without_risk_parameters_is_not_traded() {
	build_and_execute(|| {
		MockParameters::mock_underlying(|_| None);
		assert_noop!(attempt(ALICE, BOB, CALL, 1, 0), Error::NotTradable);
	});
}

#[test]
fn a_sixty_fifth_position_does_not_fit() {
	build_and_execute(|| {
		let template = Listed::get(CALL).unwrap();
		for id in 1_000..1_065 {
			Listed::insert(SeriesId(id), template);
		}
		for id in 1_000..1_064 {
			assert_ok!(attempt(ALICE, POOL, SeriesId(id), 1, 0));
		}
		let last = SeriesId(1_064);
		let call = || attempt(ALICE, BOB, last, 1, 0);
		assert_noop!(frame_support::storage::with_storage_layer(call), Error::TooManyPositions);
		let call = || attempt(BOB, POOL, last, 1, 0);
		assert_noop!(frame_support::storage::with_storage_layer(call), Error::TooManyPositions);
		// Closing one makes room for another.
		assert_ok!(attempt(POOL, ALICE, SeriesId(1_000), 1, 0));
		assert_ok!(attempt(ALICE, POOL, last, 1, 0));
	});
}

#[test]
fn what_the_listing_refuses_does_not_trade() {
	build_and_execute(|| {
		ballast_mocks::MockSeries::mock_change_sides(|_, _, _| Err("cap".into()));
		let call = || attempt(ALICE, BOB, CALL, 1, 0);
		assert_noop!(frame_support::storage::with_storage_layer(call), "cap");
	});
}
