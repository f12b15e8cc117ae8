use super::*;

#[test]
fn at_the_same_price_all_shares_come_back() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(400)));
		events();
		assert_ok!(RiskPool::cancel_withdrawal(by(ALICE), 0));
		assert_eq!(shares_of(ALICE), shares(1_000));
		assert_eq!(TotalShares::<Test>::get(), shares(1_000));
		assert_eq!(Withdrawals::<Test>::iter().count(), 0);
		assert_eq!(QueuedCohorts::<Test>::get(), Cohorts::default());
		let event = Event::WithdrawalCancelled { ticket: 0, who: ALICE, shares: shares(400) };
		assert_eq!(events(), [event]);
	});
}

#[test]
fn after_a_gain_the_value_buys_fewer_shares() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		// 500 earning shares and the offset divide a gain of 1,500: the price is two.
		pool_gains(1_500);
		assert_ok!(RiskPool::cancel_withdrawal(by(ALICE), 0));
		assert_eq!(shares_of(ALICE), shares(750));
		assert_eq!(RiskPool::pool_view().unwrap().price, Price::from_int(2));
	});
}

#[test]
fn after_a_loss_only_the_shares_come_back() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		pool_gains(-400);
		assert_ok!(RiskPool::cancel_withdrawal(by(ALICE), 0));
		assert_eq!(shares_of(ALICE), shares(1_000));
		assert_eq!(
			RiskPool::pool_view().unwrap().price,
			Price::from_inner(800_000_000_000_000_000)
		);
	});
}

#[test]
fn nobody_cancels_for_somebody_else_or_twice() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		assert_refused!(RiskPool::cancel_withdrawal(by(BOB), 0), Error::<Test>::TicketUnknown);
		assert_ok!(RiskPool::cancel_withdrawal(by(ALICE), 0));
		assert_refused!(RiskPool::cancel_withdrawal(by(ALICE), 0), Error::<Test>::TicketUnknown);
	});
}

#[test]
fn there_is_no_price_to_return_at_while_prices_are_stale() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		give_the_pool_risk();
		set_usable(false);
		assert_refused!(RiskPool::cancel_withdrawal(by(ALICE), 0), Error::<Test>::PriceStale);
	});
}
