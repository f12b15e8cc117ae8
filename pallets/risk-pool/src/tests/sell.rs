use super::*;

const NEVER: Moment = Moment::MAX;

#[test]
fn the_seller_receives_the_bid_and_the_pool_is_long() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let (premium, before) =
			(RiskPool::quote(PUT, shares(2)).unwrap().sell_premium, all_money());
		assert_ok!(RiskPool::sell(by(BOB), PUT, shares(2), premium, now()));
		assert_eq!(positions(BOB), vec![(PUT, shares(-2))]);
		assert_eq!(positions(pool()), vec![(PUT, shares(2))]);
		assert_eq!(cash(BOB), usd(1_000_000).checked_add(premium).unwrap());
		let event = Event::Sold { who: BOB, series: PUT, quantity: shares(2), premium };
		assert_eq!(events(), [event]);
		assert_eq!(all_money(), before);
	});
}

#[test]
fn the_limit_and_the_deadline_are_kept() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let premium = RiskPool::quote(PUT, shares(1)).unwrap().sell_premium;
		let more = premium.checked_add(Usd::from_inner(1)).unwrap();
		assert_refused!(
			RiskPool::sell(by(BOB), PUT, shares(1), more, NEVER),
			Error::<Test>::SlippageExceeded
		);
		assert_refused!(
			RiskPool::sell(by(BOB), PUT, shares(1), usd(0), now() - 1),
			Error::<Test>::DeadlinePassed
		);
	});
}

#[test]
fn closing_needs_neither_step_nor_least_quantity() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_positions(BOB, vec![(CALL, Quantity::from_inner(7))]);
		assert_refused!(
			RiskPool::sell(by(BOB), CALL, Quantity::from_inner(8), usd(0), NEVER),
			Error::<Test>::QuantityTooSmall
		);
		assert_ok!(RiskPool::sell(by(BOB), CALL, Quantity::from_inner(7), usd(0), NEVER));
		assert_eq!(positions(BOB), vec![]);
	});
}

#[test]
fn a_round_trip_costs_two_spreads_and_the_pool_earns_them() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let quote = RiskPool::quote(CALL, shares(1)).unwrap();
		assert_ok!(RiskPool::buy(by(BOB), CALL, shares(1), usd(100_000), NEVER));
		assert_ok!(RiskPool::sell(by(BOB), CALL, shares(1), usd(0), NEVER));
		let earned = cash(pool()).checked_sub(usd(1_000_000)).unwrap();
		assert_eq!(earned, quote.buy_premium.checked_sub(quote.sell_premium).unwrap());
		assert!(earned.into_inner() as u128 >= 2 * quote.spread.into_inner() - 2);
		assert_eq!(positions(pool()), vec![]);
	});
}

#[test]
fn the_pools_capital_and_the_sellers_margin_are_limits() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_refused!(
			RiskPool::sell(by(BOB), PUT, shares(6), usd(0), NEVER),
			Error::<Test>::PoolCapacityExceeded
		);
		set_below_margin(BOB);
		assert_refused!(
			RiskPool::sell(by(BOB), PUT, shares(1), usd(0), NEVER),
			DispatchError::Other("BelowInitialMargin")
		);
	});
}

#[test]
fn on_a_halted_underlying_nobody_opens_even_where_the_pool_closes() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-10))]);
		set_positions(CAROL, vec![(CALL, shares(10))]);
		let sell = |who, id, quantity| RiskPool::sell(by(who), id, quantity, usd(0), NEVER);
		halt(true);
		// As many contracts would be open as before: the pool would have closed five and Bob opened them.
		assert_refused!(sell(BOB, CALL, shares(5)), Error::<Test>::UnderlyingHalted);
		assert_refused!(sell(CAROL, CALL, shares(11)), Error::<Test>::UnderlyingHalted);
		assert_ok!(sell(CAROL, CALL, shares(4)));
		assert_eq!(
			(positions(CAROL), positions(pool())),
			(vec![(CALL, shares(6))], vec![(CALL, shares(-6))])
		);
		// It is not halted itself.
		assert_ok!(sell(BOB, ETH_PUT, shares(1)));
		halt(false);
		assert_ok!(sell(BOB, CALL, shares(5)));
	});
}
