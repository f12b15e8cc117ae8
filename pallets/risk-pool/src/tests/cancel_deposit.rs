use super::*;

#[test]
fn the_whole_amount_comes_back() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		events();
		assert_ok!(RiskPool::cancel_deposit(by(BOB), 0));
		assert_eq!(cash(BOB), usd(1_000_000));
		assert_eq!(cash(queue()), usd(0));
		assert_eq!(Deposits::<Test>::iter().count(), 0);
		assert_eq!(events(), [Event::DepositCancelled { ticket: 0, who: BOB, amount: usd(500) }]);
	});
}

#[test]
fn the_others_keep_their_order() {
	ExtBuilder::default().build_and_execute(|| {
		for who in [BOB, CAROL, DAVE] {
			assert_ok!(RiskPool::deposit(by(who), usd(10)));
		}
		let queued = crate::providers::DepositFifo::<Test>::walk;
		assert_ok!(RiskPool::cancel_deposit(by(CAROL), 1));
		assert_eq!(queued(), Ok(vec![(0, BOB), (2, DAVE)]));
		assert_ok!(RiskPool::cancel_deposit(by(BOB), 0));
		assert_eq!(queued(), Ok(vec![(2, DAVE)]));
		assert_ok!(RiskPool::deposit(by(BOB), usd(10)));
		assert_ok!(RiskPool::cancel_deposit(by(BOB), 3));
		assert_eq!(queued(), Ok(vec![(2, DAVE)]));
		assert_ok!(RiskPool::cancel_deposit(by(DAVE), 2));
		assert_eq!(queued(), Ok(vec![]));
	});
}

#[test]
fn nobody_cancels_for_somebody_else_or_twice() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		assert_refused!(RiskPool::cancel_deposit(by(CAROL), 0), Error::<Test>::TicketUnknown);
		assert_refused!(RiskPool::cancel_deposit(by(BOB), 1), Error::<Test>::TicketUnknown);
		assert_ok!(RiskPool::cancel_deposit(by(BOB), 0));
		assert_refused!(RiskPool::cancel_deposit(by(BOB), 0), Error::<Test>::TicketUnknown);
	});
}

#[test]
fn what_was_priced_cannot_be_cancelled() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		tick(3);
		assert_ok!(RiskPool::process_queue(by(DAVE), 1));
		assert_refused!(RiskPool::cancel_deposit(by(BOB), 0), Error::<Test>::TicketUnknown);
	});
}
