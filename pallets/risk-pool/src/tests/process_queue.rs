use super::*;
use ballast_mocks::MockAccounts;

fn process(max: u32) -> DispatchResult {
	RiskPool::process_queue(by(DAVE), max)
}

#[test]
fn an_empty_queue_is_said_to_be_empty() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused!(process(16), Error::<Test>::NothingQueued);
	});
}

#[test]
fn the_first_deposit_is_priced_at_one_in_the_next_block() {
	ExtBuilder::default().build_and_execute(|| {
		let before = all_money();
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		assert_refused!(process(1), Error::<Test>::NothingReady);
		pass(3);
		events();
		assert_ok!(process(1));
		assert_eq!(shares_of(BOB), shares(500));
		assert_eq!((cash(pool()), cash(queue())), (usd(500), usd(0)));
		assert_eq!(
			events(),
			[Event::DepositPriced { ticket: 0, who: BOB, amount: usd(500), shares: shares(500) }]
		);
		assert_eq!(all_money(), before);
	});
}

#[test]
fn with_risk_a_deposit_waits_for_newer_spot_and_newer_volatility() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		give_the_pool_risk();
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		pass(30);
		assert_refused!(process(1), Error::<Test>::NothingReady);
		tick_spot_only(30);
		assert_refused!(process(1), Error::<Test>::NothingReady);
		tick(30);
		assert_ok!(process(1));
		assert_eq!(shares_of(BOB), shares(500));
	});
}

#[test]
fn collateral_counts_as_risk_on_its_underlyings() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		set_collateral(pool(), usd(1));
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		pass(30);
		assert_refused!(process(1), Error::<Test>::NothingReady);
		tick(30);
		assert_ok!(process(1));
	});
}

#[test]
fn a_listed_underlying_that_nobody_feeds_stops_nobody() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		let fed_by_nobody = ballast_primitives::UnderlyingId(9);
		ballast_mocks::MockSeries::mock_underlyings(move || vec![BTC, fed_by_nobody]);
		MockAccounts::mock_collaterals(|_| vec![BTC]);
		set_collateral(pool(), usd(1));
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		tick(30);
		assert_ok!(process(1));
	});
}

#[test]
fn a_deposit_is_priced_at_what_the_pool_is_worth_by_then() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		tick(3);
		pool_gains(500);
		assert_ok!(process(1));
		assert_eq!(shares_of(BOB), shares(400));
	});
}

#[test]
fn stale_prices_stop_everybody() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(100)));
		give_the_pool_risk();
		tick(8 * DAY);
		set_usable(false);
		assert_refused!(process(16), Error::<Test>::PriceStale);
		set_usable(true);
		assert_ok!(process(16));
	});
}

#[test]
fn deposits_wait_while_the_pool_has_no_value() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		tick(3);
		pool_gains(-1_000);
		assert_refused!(process(16), Error::<Test>::NothingReady);
		pool_gains(1);
		assert_ok!(process(16));
	});
}

#[test]
fn the_limit_binds_each_queue() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..20 {
			assert_ok!(RiskPool::deposit(by(BOB), usd(10)));
		}
		tick(3);
		assert_ok!(process(3));
		assert_eq!(shares_of(BOB), shares(30));
		assert_ok!(process(u32::MAX));
		assert_eq!(shares_of(BOB), shares(190));
		assert_refused!(process(0), Error::<Test>::NothingReady);
	});
}

#[test]
fn a_withdrawal_is_paid_after_the_cooldown() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		let before = all_money();
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(400)));
		tick(7 * DAY - 1);
		assert_refused!(process(16), Error::<Test>::NothingReady);
		tick(1);
		events();
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_000_400));
		assert_eq!(cash(pool()), usd(600));
		assert_eq!(Withdrawals::<Test>::iter().count(), 0);
		assert_eq!(
			events(),
			[Event::WithdrawalPaid {
				ticket: 0,
				who: ALICE,
				amount: usd(400),
				shares: shares(400),
				shares_left: shares(0)
			}]
		);
		assert_eq!(all_money(), before);
	});
}

#[test]
fn with_risk_a_withdrawal_waits_for_prices_newer_than_the_cooldown() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		give_the_pool_risk();
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(400)));
		tick(7 * DAY);
		pass(60);
		assert_refused!(process(16), Error::<Test>::NothingReady);
		tick(1);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_000_400));
	});
}

#[test]
fn a_gain_after_the_request_stays_in_the_pool() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		pool_gains(750);
		tick(7 * DAY);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_000_500));
		// 500 shares and the offset of 1,000 own the 1,250 that are left and the offset.
		assert_eq!(
			RiskPool::pool_view().unwrap().price,
			Price::from_inner(1_500_000_000_000_000_000)
		);
	});
}

#[test]
fn a_loss_after_the_request_is_shared() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(50_000)));
		pool_gains(-20_000);
		tick(7 * DAY);
		assert_ok!(process(16));
		// A fifth is lost: the offset's part of it is borne by nobody, so that half of what is left
		// is less than half of the shares at the price.
		assert_eq!(cash(ALICE), usd(1_040_000));
		assert_eq!(cash(pool()), usd(40_000));
	});
}

#[test]
fn what_the_stress_loss_needs_is_not_paid_out() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		// One short call loses 40,000 under stress and needs 80,000 of equity.
		give_the_pool_risk();
		set_stress_per_contract(40_000);
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(50_000)));
		tick(7 * DAY + 1);
		events();
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_020_000));
		assert_eq!(
			events(),
			[Event::WithdrawalPaid {
				ticket: 0,
				who: ALICE,
				amount: usd(20_000),
				shares: shares(20_000),
				shares_left: shares(30_000)
			}]
		);
		assert_refused!(process(16), Error::<Test>::NothingReady);
		// The risk is gone: the rest is paid.
		set_positions(pool(), vec![]);
		tick(1);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_050_000));
		assert_eq!(Withdrawals::<Test>::iter().count(), 0);
	});
}

#[test]
fn cash_that_the_clearing_house_holds_back_is_not_paid_out() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		set_locked(pool(), usd(70_000));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(50_000)));
		tick(7 * DAY);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_030_000));
		// Less than the least deposit is not worth a payment.
		set_locked(pool(), usd(69_991));
		assert_refused!(process(16), Error::<Test>::NothingReady);
		set_locked(pool(), usd(69_990));
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_030_010));
	});
}

#[test]
fn payments_are_first_come_first_served() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(100_000)));
		tick(3);
		assert_ok!(process(16));
		assert_ok!(RiskPool::request_withdrawal(by(BOB), shares(60_000)));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(60_000)));
		set_locked(pool(), usd(110_000));
		tick(7 * DAY);
		assert_ok!(process(16));
		assert_eq!(cash(BOB), usd(960_000));
		assert_eq!(cash(ALICE), usd(1_030_000));
	});
}

#[test]
fn a_recipient_that_cannot_be_paid_holds_up_nobody() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(100_000)));
		tick(3);
		assert_ok!(process(16));
		assert_ok!(RiskPool::request_withdrawal(by(BOB), shares(1_000)));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(1_000)));
		tick(7 * DAY);
		set_refusing(BOB, true);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_001_000));
		let queued = crate::providers::WithdrawalFifo::<Test>::walk();
		assert_eq!(queued, Ok(vec![(0, BOB)]));
		set_refusing(BOB, false);
		assert_ok!(process(16));
		assert_eq!(cash(BOB), usd(901_000));
	});
}

#[test]
fn neither_side_is_executed_while_withdrawals_are_blocked() {
	ExtBuilder::default().provided(1_000).insured(10).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		tick(7 * DAY);
		// The fund of 10 and dust of 1 are exceeded by the least there is.
		DeficitAccount::<Test>::put(Usd::from_inner(usd(-11).into_inner() - 1));
		assert_refused!(process(16), Error::<Test>::WithdrawalsBlocked);
		DeficitAccount::<Test>::put(usd(-11));
		assert_ok!(process(16));
		assert_eq!(shares_of(BOB), shares(500));
		assert_eq!(cash(ALICE), usd(1_000_500));
	});
}

#[test]
fn withdrawals_wait_while_the_pool_owes_more_than_it_has() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		pool_gains(-1_200);
		tick(7 * DAY);
		assert_refused!(process(16), Error::<Test>::NothingReady);
		pool_gains(1_200);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_000_500));
	});
}

#[test]
fn everybody_can_leave_a_pool_that_has_lost_and_it_starts_anew() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		pool_gains(-500);
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(600)));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(400)));
		tick(7 * DAY);
		assert_ok!(process(16));
		assert_eq!(cash(ALICE), usd(1_000_500));
		assert_eq!(cash(pool()), usd(0));
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		tick(3);
		assert_ok!(process(16));
		assert_eq!(shares_of(BOB), shares(500));
	});
}

#[test]
fn the_pool_is_touched_before_it_is_valued() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(1_000)));
		tick(3);
		// An expired option is worth 1,000 to the pool.
		MockAccounts::mock_touch(|who| {
			set_cash(*who, cash(*who).checked_add(usd(1_000))?);
			Ok(())
		});
		assert_ok!(process(1));
		MockAccounts::mock_touch(|_| Ok(()));
		// (1,000 + 1,000 + offset) / (1,000 + offset) = 1.5 each.
		assert_eq!(shares_of(BOB).into_inner(), 666_666_666_666_666_666_666);
	});
}
