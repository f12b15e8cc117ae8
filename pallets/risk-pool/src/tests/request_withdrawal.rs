use super::*;

#[test]
fn the_shares_stop_earning_at_their_value_of_now() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		// 1,000 shares and the offset of 1,000 divide a gain of 500: the price is 1.25.
		pool_gains(500);
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(400)));
		assert_eq!(shares_of(ALICE), shares(600));
		assert_eq!(TotalShares::<Test>::get(), shares(600));
		let payable_at = now() + 7 * DAY;
		let queued = Withdrawals::<Test>::get(ALICE, 0).unwrap();
		assert_eq!(
			(queued.shares, queued.value, queued.payable_at),
			(shares(400), usd(500), payable_at)
		);
		assert_eq!(cash(ALICE), usd(1_000_000));
		assert_eq!(cash(pool()), usd(1_500));
		assert_eq!(
			events(),
			[Event::WithdrawalRequested {
				ticket: 0,
				who: ALICE,
				shares: shares(400),
				value: usd(500),
				payable_at
			}]
		);
		// The price of the others has not moved.
		assert_eq!(
			RiskPool::pool_view().unwrap().price,
			Price::from_inner(1_250_000_000_000_000_000)
		);
	});
}

#[test]
fn nobody_withdraws_more_than_they_have_or_nothing() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		let refused = |who, amount, error: Error<Test>| {
			assert_refused!(RiskPool::request_withdrawal(by(who), amount), error);
		};
		refused(ALICE, shares(0), Error::<Test>::AmountNotPositive);
		refused(ALICE, shares(-1), Error::<Test>::AmountNotPositive);
		refused(ALICE, shares(1_001), Error::<Test>::InsufficientShares);
		refused(ALICE, Quantity::from_inner(i128::MAX), Error::<Test>::InsufficientShares);
		refused(BOB, shares(1), Error::<Test>::InsufficientShares);
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(600)));
		refused(ALICE, shares(401), Error::<Test>::InsufficientShares);
	});
}

#[test]
fn crumbs_are_refused_unless_they_are_all_there_is() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_refused!(
			RiskPool::request_withdrawal(by(ALICE), shares(9)),
			Error::<Test>::WithdrawalTooSmall
		);
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(995)));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(5)));
		assert_eq!(TotalShares::<Test>::get(), shares(0));
	});
}

#[test]
fn there_is_no_price_to_leave_at_while_prices_are_stale() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		give_the_pool_risk();
		set_usable(false);
		assert_refused!(
			RiskPool::request_withdrawal(by(ALICE), shares(100)),
			Error::<Test>::PriceStale
		);
	});
}

#[test]
fn there_is_no_price_to_leave_at_while_a_settlement_price_is_missing() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		give_the_pool_risk();
		set_settled(CALL, ballast_primitives::SeriesState::Expired);
		assert_refused!(
			RiskPool::request_withdrawal(by(ALICE), shares(100)),
			Error::<Test>::PriceStale
		);
		let (price, payoff) = (Price::from_int(31_000), Price::from_int(1_000));
		set_settled(CALL, ballast_primitives::SeriesState::Settled { price, payoff });
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(100)));
	});
}

#[test]
fn a_pool_without_value_cannot_be_left() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		pool_gains(-1_000);
		assert_refused!(
			RiskPool::request_withdrawal(by(ALICE), shares(100)),
			Error::<Test>::PoolWithoutValue
		);
	});
}

#[test]
fn requests_go_on_while_payments_are_blocked() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		DeficitAccount::<Test>::put(usd(-50));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(100)));
	});
}
