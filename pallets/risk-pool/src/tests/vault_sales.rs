//! What vaults sell to the pool: at its bid, under its rules, without a look at the seller's margin.

use super::*;
use ballast_primitives::{params::PoolRules, SeriesId};
use ballast_traits::MutualPool;

fn bid(id: SeriesId, quantity: Quantity) -> Option<Price> {
	RiskPool::bid(id, quantity)
}

fn sale(id: SeriesId, quantity: Quantity, least: Usd) -> Result<Usd, DispatchError> {
	RiskPool::buy_from(&BOB, id, quantity, least)
}

fn hundredths(count: i128) -> Quantity {
	Quantity::from_inner(count * 10_000_000_000_000_000)
}

#[test]
fn the_bid_is_that_of_the_quote_whatever_the_capital() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		for (id, quantity) in [(CALL, shares(1)), (PUT, shares(2)), (PUT, shares(60))] {
			let quote = RiskPool::quote(id, quantity).unwrap();
			assert_eq!(bid(id, quantity), Some(quote.bid));
			assert!(!quote.bid.is_zero() && quote.bid < quote.mark);
		}
		// The capital of 100,000 carries five.
		assert!(!RiskPool::quote(PUT, shares(60)).unwrap().can_sell);
	});
}

#[test]
fn what_the_pool_does_not_quote_it_neither_bids_for_nor_buys() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let refused = |id, quantity, error: Error<Test>| {
			assert_eq!(bid(id, quantity), None);
			let before = state();
			assert_eq!(sale(id, quantity, usd(0)), Err(error.into()));
			assert_eq!(state(), before);
		};
		refused(CALL, shares(0), Error::<Test>::QuantityTooSmall);
		refused(CALL, shares(-1), Error::<Test>::QuantityTooSmall);
		refused(SeriesId(99), shares(1), Error::<Test>::SeriesUnknown);
		refused(FAR, shares(1), Error::<Test>::OutsideQuotedDelta);
		set_usable(false);
		refused(CALL, shares(1), Error::<Test>::PriceStale);
		set_usable(true);
		assert!(bid(CALL, shares(1)).is_some());
		tick(30 * DAY - 3_600 - (now() - START));
		refused(CALL, shares(1), Error::<Test>::TooCloseToExpiry);
		tick(3_600);
		refused(CALL, shares(1), Error::<Test>::SeriesExpired);
	});
}

#[test]
fn a_bid_of_nothing_is_said_as_such() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_rules(PoolRules { delta_min: Ratio::ZERO, delta_max: Ratio::ONE, ..rules() });
		assert_eq!(bid(FAR, shares(1)), Some(Price::ZERO));
		let least = Usd::from_inner(1);
		assert_eq!(sale(FAR, shares(1), least), Err(Error::<Test>::SlippageExceeded.into()));
	});
}

#[test]
fn the_seller_has_the_premium_that_is_returned() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let before = all_money();
		let each = bid(PUT, hundredths(205)).unwrap();
		let premium = sale(PUT, hundredths(205), usd(0)).unwrap();
		assert_eq!(premium, each.value_floor(hundredths(205)).unwrap());
		assert_eq!(positions(BOB), vec![(PUT, hundredths(-205))]);
		assert_eq!(positions(pool()), vec![(PUT, hundredths(205))]);
		assert_eq!(cash(BOB), usd(1_000_000).checked_add(premium).unwrap());
		let (who, series, quantity) = (BOB, PUT, hundredths(205));
		assert_eq!(events(), [Event::Sold { who, series, quantity, premium }]);
		assert_eq!(all_money(), before);
		// The grid of what the pool holds follows its book.
		assert!(Grids::<Test>::contains_key(BTC));
	});
}

#[test]
fn it_pays_what_a_sale_by_the_owner_would_bring() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let premium = sale(CALL, shares(1), usd(0)).unwrap();
		let owner = RiskPool::sell(by(CAROL), CALL, shares(1), premium, Moment::MAX);
		assert_ok!(owner);
		assert_eq!(cash(CAROL), cash(BOB));
	});
}

#[test]
fn not_for_less_than_the_least_premium() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let premium = RiskPool::quote(PUT, shares(2)).unwrap().sell_premium;
		let more = premium.checked_add(Usd::from_inner(1)).unwrap();
		let before = state();
		assert_eq!(sale(PUT, shares(2), more), Err(Error::<Test>::SlippageExceeded.into()));
		assert_eq!(state(), before);
		assert_eq!(sale(PUT, shares(2), premium), Ok(premium));
	});
}

#[test]
fn the_pools_capital_is_a_limit() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		let before = state();
		let refused = sale(PUT, shares(6), usd(0));
		assert_eq!(refused, Err(Error::<Test>::PoolCapacityExceeded.into()));
		assert_eq!(state(), before);
		assert_ok!(sale(PUT, shares(5), usd(0)));
		assert!(sale(PUT, hundredths(1), usd(0)).is_err());
	});
}

#[test]
fn what_opens_has_a_least_quantity_and_a_step() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let small = Quantity::from_inner(9_999_999_999_999_999);
		let before = state();
		assert_eq!(sale(CALL, small, usd(0)), Err(Error::<Test>::QuantityTooSmall.into()));
		let off = Quantity::from_inner(10_000_000_000_000_001);
		assert_eq!(sale(CALL, off, usd(0)), Err(Error::<Test>::QuantityOffStep.into()));
		assert_eq!(state(), before);
		assert_ok!(sale(CALL, hundredths(1), usd(0)));
		// What closes has neither.
		set_positions(BOB, vec![(CALL, Quantity::from_inner(7))]);
		assert_ok!(sale(CALL, Quantity::from_inner(7), usd(0)));
		assert_eq!(positions(BOB), vec![]);
	});
}

#[test]
fn the_sellers_margin_is_the_callers_business() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_below_margin(BOB);
		assert_refused!(
			RiskPool::sell(by(BOB), PUT, shares(1), usd(0), Moment::MAX),
			DispatchError::Other("BelowInitialMargin")
		);
		assert_ok!(sale(PUT, shares(1), usd(0)));
	});
}

#[test]
fn nothing_is_left_of_a_trade_that_the_ledger_refuses() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		ballast_mocks::MockAccounts::mock_trade(|buyer, seller, _, _, premium| {
			set_cash(*buyer, cash(*buyer).checked_sub(premium)?);
			set_cash(*seller, cash(*seller).checked_add(premium)?);
			Err(DispatchError::Other("position cap"))
		});
		let before = state();
		assert_eq!(sale(PUT, shares(1), usd(0)), Err(DispatchError::Other("position cap")));
		assert_eq!(state(), before);
		assert_eq!(events(), []);
	});
}

#[test]
fn on_a_halted_underlying_a_vault_writes_nothing() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_positions(pool(), vec![(PUT, shares(-2))]);
		halt(true);
		let before = state();
		assert_eq!(sale(PUT, shares(1), usd(0)), Err(Error::<Test>::UnderlyingHalted.into()));
		assert_eq!(state(), before);
		set_positions(BOB, vec![(PUT, shares(1))]);
		assert_ok!(sale(PUT, shares(1), usd(0)));
		assert_eq!(positions(BOB), vec![]);
	});
}
