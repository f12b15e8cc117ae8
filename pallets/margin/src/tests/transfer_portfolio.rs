use crate::mock::*;
use ballast_mocks::MockParameters;
use ballast_primitives::{params::UnderlyingRisk, Price, Quality, Quantity, Ratio, SeriesId, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

fn transfer(from: u64, to: u64, share: Ratio) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| Margin::transfer_portfolio(&from, &to, share))
}

/// Alice: short 3 calls, long 1 put, 2.5 BTC, 100 dollars.
fn alice_has_a_book() {
	deposit(ALICE, 100);
	assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(250)));
	trade(POOL, ALICE, CALL, 3, 0);
	trade(ALICE, POOL, PUT, 1, 0);
}

fn held(account: &crate::AccountView) -> Vec<(SeriesId, Quantity)> {
	account.positions.iter().map(|position| (position.series, position.quantity)).collect()
}

#[test]
fn everything_moves_but_cash() {
	build_and_execute(|| {
		alice_has_a_book();
		assert_ok!(transfer(ALICE, BOB, Ratio::ONE));
		let account = Margin::account_view(&ALICE).unwrap();
		assert_eq!(account.cash, Usd::from_int(100));
		assert!(account.positions.is_empty() && account.collateral.is_empty());
		let account = Margin::account_view(&BOB).unwrap();
		assert_eq!(account.cash, Usd::ZERO);
		let two_and_a_half = Quantity::from_inner(2_500_000_000_000_000_000);
		assert_eq!(account.collateral, vec![(BTC, two_and_a_half)]);
		assert_eq!(held(&account), vec![(CALL, Quantity::from_int(-3)), (PUT, Quantity::ONE)]);
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::from_int(3));
	});
}

#[test]
fn a_share_of_each_moves_rounded_towards_zero() {
	build_and_execute(|| {
		alice_has_a_book();
		let third = Ratio::from_inner(333_333_333_333_333_333);
		assert_ok!(transfer(ALICE, BOB, third));
		assert_eq!(quantity(BOB, CALL), Quantity::from_inner(-999_999_999_999_999_999));
		assert_eq!(quantity(BOB, PUT), Quantity::from_inner(333_333_333_333_333_333));
		let (from, to, asset) = (ALICE, BOB, BTC);
		let quantity = Quantity::from_inner(833_333_333_333_333_332);
		let event = Event::CollateralTransferred { from, to, asset, quantity };
		assert_eq!(events().last(), Some(&event));
		// A share of less than the last unit moves nothing.
		assert_ok!(transfer(BOB, CAROL, Ratio::from_inner(1)));
		assert_eq!(crate::Accounts::<Test>::get(CAROL), None);
	});
}

#[test]
fn netting_lowers_open_interest() {
	build_and_execute(|| {
		alice_has_a_book();
		trade(BOB, POOL, CALL, 2, 0);
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::from_int(3));
		assert_ok!(transfer(ALICE, BOB, Ratio::ONE));
		assert_eq!(quantity(BOB, CALL), Quantity::from_int(-1));
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::ONE);
		assert_ok!(transfer(BOB, POOL, Ratio::ONE));
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::ZERO);
	});
}

#[test]
fn what_is_on_an_unusable_price_stays() {
	build_and_execute(|| {
		alice_has_a_book();
		trade(POOL, ALICE, ETH_CALL, 4, 0);
		set_quality(ON_BTC, Quality::Stale);
		assert_ok!(transfer(ALICE, BOB, Ratio::ONE));
		let account = Margin::account_view(&BOB).unwrap();
		assert_eq!(held(&account), vec![(ETH_CALL, Quantity::from_int(-4))]);
		assert!(account.collateral.is_empty());
		assert_eq!(quantity(ALICE, CALL), Quantity::from_int(-3));
	});
}

#[test]
fn claims_on_settled_series_move_and_are_paid_to_their_new_owner() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_300));
		assert_ok!(transfer(ALICE, CAROL, Ratio::from_percent(50)));
		assert_eq!(health(CAROL).equity, Usd::from_int(150));
		Margin::do_try_state().unwrap();
		for who in [BOB, ALICE, CAROL] {
			assert_ok!(Margin::settle(signed(DAVE), who));
		}
		assert_eq!((cash(ALICE), cash(CAROL)), (Usd::from_int(150), Usd::from_int(150)));
	});
}

#[test]
fn meaningless_shares_are_refused() {
	build_and_execute(|| {
		alice_has_a_book();
		assert_noop!(transfer(ALICE, BOB, Ratio::ZERO), Error::ShareOutOfRange);
		let more = Ratio::from_inner(1_000_000_000_000_000_001);
		assert_noop!(transfer(ALICE, BOB, more), Error::ShareOutOfRange);
		assert_noop!(transfer(ALICE, ALICE, Ratio::ONE), Error::SelfTrade);
	});
}

#[test]
fn a_recipient_must_have_room() {
	build_and_execute(|| {
		alice_has_a_book();
		let template = Listed::get(CALL).unwrap();
		for id in 1_000..1_063 {
			Listed::insert(SeriesId(id), template);
			trade(BOB, POOL, SeriesId(id), 1, 0);
			// The pool has no room for all of them at once.
			trade(POOL, DAVE, SeriesId(id), 1, 0);
		}
		assert_noop!(transfer(ALICE, BOB, Ratio::ONE), Error::TooManyPositions);
		trade(DAVE, BOB, SeriesId(1_000), 1, 0);
		assert_ok!(transfer(ALICE, BOB, Ratio::ONE));
	});
}

#[test]
fn a_recipient_stays_below_the_position_cap() {
	build_and_execute(|| {
		alice_has_a_book();
		MockParameters::mock_underlying(|_| {
			let position_cap = Quantity::from_int(2);
			Some(UnderlyingRisk { position_cap, ..UnderlyingRisk::btc() })
		});
		assert_noop!(transfer(ALICE, BOB, Ratio::ONE), Error::PositionCapExceeded);
		assert_ok!(transfer(ALICE, BOB, Ratio::from_percent(50)));
		assert_ok!(transfer(ALICE, POOL, Ratio::ONE));
	});
}

#[test]
fn an_expired_series_changes_hands_and_nothing_is_closed_in_it() {
	build_and_execute(|| {
		for who in [ALICE, BOB, CAROL] {
			deposit(who, 100_000);
		}
		trade(ALICE, BOB, CALL, 3, 0);
		trade(ALICE, CAROL, PUT, 2, 0);
		expire(CALL);
		expire(PUT);
		// Dave holds nothing, so everything moves; the totals of both series stay.
		Margin::transfer_portfolio(&ALICE, &DAVE, Ratio::ONE).unwrap();
		assert_eq!(crate::mock::held(DAVE, CALL), Quantity::from_int(3));
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::from_int(3));
		// Carol's shorts would close his longs: they stay where they are.
		Margin::transfer_portfolio(&CAROL, &DAVE, Ratio::ONE).unwrap();
		assert_eq!(crate::mock::held(CAROL, PUT), Quantity::from_int(-2));
		assert_eq!(crate::mock::held(DAVE, PUT), Quantity::from_int(2));
	});
}
