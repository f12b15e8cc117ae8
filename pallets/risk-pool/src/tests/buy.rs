use super::*;

const NEVER: Moment = Moment::MAX;

fn ask(quantity: Quantity) -> Usd {
	RiskPool::quote(CALL, quantity).unwrap().buy_premium
}

#[test]
fn the_buyer_pays_the_ask_and_the_pool_is_short() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let (premium, before) = (ask(shares(2)), all_money());
		assert_ok!(RiskPool::buy(by(BOB), CALL, shares(2), premium, now()));
		assert_eq!(positions(BOB), vec![(CALL, shares(2))]);
		assert_eq!(positions(pool()), vec![(CALL, shares(-2))]);
		assert_eq!(cash(BOB), usd(1_000_000).checked_sub(premium).unwrap());
		assert_eq!(cash(pool()), usd(1_000_000).checked_add(premium).unwrap());
		let event = Event::Bought { who: BOB, series: CALL, quantity: shares(2), premium };
		assert_eq!(events(), [event]);
		assert_eq!(all_money(), before);
	});
}

#[test]
fn the_limit_and_the_deadline_are_kept() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let less = ask(shares(1)).checked_sub(Usd::from_inner(1)).unwrap();
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(1), less, NEVER),
			Error::<Test>::SlippageExceeded
		);
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(1), usd(100_000), now() - 1),
			Error::<Test>::DeadlinePassed
		);
	});
}

#[test]
fn what_is_not_quoted_cannot_be_bought() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let refused = |id, quantity, error: Error<Test>| {
			assert_refused!(RiskPool::buy(by(BOB), id, quantity, usd(1_000_000), NEVER), error);
		};
		refused(ballast_primitives::SeriesId(99), shares(1), Error::<Test>::SeriesUnknown);
		refused(FAR, shares(1), Error::<Test>::OutsideQuotedDelta);
		refused(CALL, shares(0), Error::<Test>::QuantityTooSmall);
		refused(CALL, shares(-1), Error::<Test>::QuantityTooSmall);
		set_usable(false);
		refused(CALL, shares(1), Error::<Test>::PriceStale);
		set_usable(true);
		remove_risk_rules();
		refused(CALL, shares(1), Error::<Test>::UnderlyingWithoutRules);
		tick(30 * DAY);
		refused(CALL, shares(1), Error::<Test>::SeriesExpired);
	});
}

#[test]
fn an_enormous_quantity_is_an_error_and_nothing_else() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let all = Quantity::from_inner(i128::MAX / 1_000 * 1_000);
		let result = frame_support::storage::with_storage_layer(|| {
			RiskPool::buy(by(BOB), CALL, all, Usd::from_inner(i128::MAX), NEVER)
		});
		assert!(result.is_err());
		assert_eq!(positions(BOB), vec![]);
	});
}

#[test]
fn an_order_that_opens_has_a_least_quantity_and_a_step() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		// One hundredth of a contract and its multiples.
		let hundredth = 10_000_000_000_000_000;
		let buy =
			|inner| RiskPool::buy(by(BOB), CALL, Quantity::from_inner(inner), usd(100_000), NEVER);
		assert_refused!(buy(hundredth - 1), Error::<Test>::QuantityTooSmall);
		assert_refused!(buy(hundredth + 1), Error::<Test>::QuantityOffStep);
		assert_ok!(buy(3 * hundredth));
	});
}

#[test]
fn an_order_that_closes_has_neither() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let odd = Quantity::from_inner(-1_234_567);
		set_positions(BOB, vec![(CALL, odd)]);
		let buy =
			|inner| RiskPool::buy(by(BOB), CALL, Quantity::from_inner(inner), usd(100_000), NEVER);
		assert_ok!(buy(234_567));
		// One unit too many turns it long: that opens.
		assert_refused!(buy(1_000_001), Error::<Test>::QuantityTooSmall);
		assert_ok!(buy(1_000_000));
		assert_eq!(positions(BOB), vec![]);
	});
}

#[test]
fn the_buyers_margin_is_checked() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_below_margin(BOB);
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(1), usd(100_000), NEVER),
			DispatchError::Other("BelowInitialMargin")
		);
	});
}

#[test]
fn the_pools_capital_is_a_limit() {
	// Capital of 100,000 carries a stress loss of 50,000: five contracts at 10,000 each.
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(6), usd(100_000), NEVER),
			Error::<Test>::PoolCapacityExceeded
		);
		assert_ok!(RiskPool::buy(by(BOB), CALL, shares(5), usd(100_000), NEVER));
	});
}

#[test]
fn queued_withdrawals_carry_no_new_risk() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(60_000)));
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(3), usd(100_000), NEVER),
			Error::<Test>::PoolCapacityExceeded
		);
		assert_ok!(RiskPool::buy(by(BOB), CALL, shares(2), usd(100_000), NEVER));
	});
}

#[test]
fn what_lowers_the_pools_risk_is_never_refused() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		// Far beyond its capital, and long: buying from it helps.
		set_positions(pool(), vec![(CALL, shares(9))]);
		assert_ok!(RiskPool::buy(by(BOB), CALL, shares(4), usd(100_000), NEVER));
		// Not so far that it ends up as short as it was long.
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(11), usd(100_000), NEVER),
			Error::<Test>::PoolCapacityExceeded
		);
	});
}

#[test]
fn unusable_legs_count_at_their_worst() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		set_positions(pool(), vec![(PUT, shares(-1))]);
		// The mock's market of the series is usable; the pool says that a leg of it is not.
		ballast_mocks::MockAccounts::mock_unusable(|_| vec![ballast_primitives::UnderlyingId(2)]);
		set_worst(usd(60_000));
		assert_refused!(
			RiskPool::buy(by(BOB), CALL, shares(2), usd(100_000), NEVER),
			Error::<Test>::PoolCapacityExceeded
		);
		assert_ok!(RiskPool::buy(by(BOB), CALL, shares(1), usd(100_000), NEVER));
		ballast_mocks::MockAccounts::mock_unusable(|_| vec![]);
	});
}

#[test]
fn on_a_halted_underlying_nobody_opens_even_where_the_pool_closes() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		set_positions(pool(), vec![(PUT, shares(10))]);
		set_positions(CAROL, vec![(PUT, shares(-10))]);
		let buy = |who, quantity| RiskPool::buy(by(who), PUT, quantity, usd(100_000), Moment::MAX);
		halt(true);
		assert_refused!(buy(BOB, shares(5)), Error::<Test>::UnderlyingHalted);
		assert_refused!(buy(CAROL, shares(11)), Error::<Test>::UnderlyingHalted);
		assert_ok!(buy(CAROL, shares(4)));
		assert_eq!(positions(CAROL), vec![(PUT, shares(-6))]);
		assert_eq!(positions(pool()), vec![(PUT, shares(6))]);
		halt(false);
		assert_ok!(buy(BOB, shares(5)));
	});
}
