use super::*;

#[test]
fn the_gift_is_the_funds() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::donate_insurance(by(BOB), usd(300)));
		assert_eq!((cash(BOB), cash(insurance())), (usd(999_700), usd(300)));
		assert_eq!(events(), [Event::InsuranceDonated { from: BOB, amount: usd(300) }]);
	});
}

#[test]
fn it_repays_the_deficit_account_first() {
	ExtBuilder::default().insured(50).build_and_execute(|| {
		DeficitAccount::<Test>::put(usd(-200));
		let before = all_money();
		assert_ok!(RiskPool::donate_insurance(by(BOB), usd(120)));
		assert_eq!(cash(insurance()), usd(50));
		assert_eq!(DeficitAccount::<Test>::get(), usd(-80));
		assert_eq!(
			events(),
			[
				Event::InsuranceDonated { from: BOB, amount: usd(120) },
				Event::DeficitRepaid { amount: usd(120), deficit_account: usd(-80) }
			]
		);
		assert_ok!(RiskPool::donate_insurance(by(BOB), usd(100)));
		assert_eq!(cash(insurance()), usd(70));
		assert_eq!(DeficitAccount::<Test>::get(), usd(0));
		assert_eq!(all_money(), before);
	});
}

#[test]
fn only_cash_that_is_there_can_be_given() {
	ExtBuilder::default().build_and_execute(|| {
		let give = |amount| RiskPool::donate_insurance(by(BOB), amount);
		assert_refused!(give(usd(1_000_001)), Error::<Test>::InsufficientCash);
		assert_refused!(give(usd(0)), Error::<Test>::AmountNotPositive);
		assert_refused!(give(usd(-1)), Error::<Test>::AmountNotPositive);
		set_below_margin(BOB);
		assert_refused!(give(usd(50)), DispatchError::Other("BelowInitialMargin"));
	});
}

#[test]
fn a_gift_is_how_blocked_withdrawals_are_released() {
	ExtBuilder::default().build_and_execute(|| {
		use ballast_traits::CoverDeficit;
		DeficitAccount::<Test>::put(usd(-200));
		assert!(RiskPool::withdrawals_blocked());
		// The clearing house lets nothing go then.
		set_locked(BOB, usd(1_000_000));
		assert_ok!(RiskPool::donate_insurance(by(BOB), usd(199)));
		assert!(!RiskPool::withdrawals_blocked());
	});
}
