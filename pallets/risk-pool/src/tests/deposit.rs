use super::*;

#[test]
fn the_amount_waits_in_the_queue_account_until_it_is_priced() {
	ExtBuilder::default().build_and_execute(|| {
		let before = all_money();
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		assert_eq!(cash(BOB), usd(999_500));
		assert_eq!(cash(queue()), usd(500));
		assert_eq!(cash(pool()), usd(0));
		assert_eq!(shares_of(BOB), shares(0));
		let waiting = PendingDeposit { amount: usd(500), requested_at: START, requested_in: 1 };
		assert_eq!(Deposits::<Test>::get(BOB, 0), Some(waiting));
		assert_eq!(events(), [Event::DepositQueued { ticket: 0, who: BOB, amount: usd(500) }]);
		assert_eq!(all_money(), before);
	});
}

#[test]
fn each_deposit_has_its_own_ticket_and_its_place_in_the_queue() {
	ExtBuilder::default().build_and_execute(|| {
		for who in [BOB, CAROL, BOB] {
			assert_ok!(RiskPool::deposit(by(who), usd(10)));
		}
		let queued = crate::providers::DepositFifo::<Test>::walk();
		assert_eq!(queued, Ok(vec![(0, BOB), (1, CAROL), (2, BOB)]));
	});
}

#[test]
fn amounts_that_are_too_small_or_not_there_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = |amount, error: Error<Test>| {
			assert_refused!(RiskPool::deposit(by(BOB), amount), error);
		};
		refused(usd(0), Error::<Test>::AmountNotPositive);
		refused(usd(-100), Error::<Test>::AmountNotPositive);
		refused(Usd::from_inner(i128::MIN), Error::<Test>::AmountNotPositive);
		refused(usd(9), Error::<Test>::DepositTooSmall);
		refused(usd(1_000_001), Error::<Test>::InsufficientCash);
		refused(Usd::from_inner(i128::MAX), Error::<Test>::InsufficientCash);
		set_locked(BOB, usd(999_950));
		refused(usd(51), Error::<Test>::InsufficientCash);
	});
}

#[test]
fn margin_of_the_depositor_is_checked() {
	ExtBuilder::default().build_and_execute(|| {
		set_below_margin(BOB);
		let error = DispatchError::Other("BelowInitialMargin");
		assert_refused!(RiskPool::deposit(by(BOB), usd(500)), error);
	});
}

#[test]
fn a_full_queue_refuses_more() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..MaxQueued::get() {
			assert_ok!(RiskPool::deposit(by(BOB), usd(10)));
		}
		assert_refused!(RiskPool::deposit(by(CAROL), usd(10)), Error::<Test>::QueueFull);
		// A cancelled one makes room, wherever it stood.
		assert_ok!(RiskPool::cancel_deposit(by(BOB), 50));
		assert_ok!(RiskPool::deposit(by(CAROL), usd(10)));
	});
}

#[test]
fn nothing_is_taken_in_while_withdrawals_are_blocked() {
	ExtBuilder::default().build_and_execute(|| {
		DeficitAccount::<Test>::put(usd(-2));
		assert_refused!(RiskPool::deposit(by(BOB), usd(500)), Error::<Test>::WithdrawalsBlocked);
		DeficitAccount::<Test>::put(usd(-1));
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
	});
}
