use super::*;

#[test]
fn the_pool_view_adds_up() {
	ExtBuilder::default().provided(100_000).insured(700).build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-1))]);
		set_book(pool(), usd(-10_000));
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(20_000)));
		assert_ok!(RiskPool::deposit(by(BOB), usd(50)));
		let view = RiskPool::pool_view().unwrap();
		assert!(view.priced && !view.withdrawals_blocked);
		assert_eq!(view.equity, usd(90_000));
		assert_eq!(view.nav.checked_add(view.claims).unwrap(), view.equity);
		assert_eq!(view.capital, view.nav);
		assert_eq!(view.shares, shares(80_000));
		assert_eq!(view.stress_loss, usd(10_000));
		let limit = view.capital.times_floor(Ratio::from_percent(50)).unwrap();
		assert_eq!(view.utilisation, Some(usd(10_000).share_of_floor(limit).unwrap()));
		assert_eq!((view.queued_deposits, view.queued_withdrawals), (1, 1));
		assert_eq!((view.insurance_fund, view.deficit_account), (usd(700), usd(0)));
		assert_eq!(view.window, None);
	});
}

#[test]
fn a_pool_without_capital_has_no_utilisation() {
	ExtBuilder::default().build_and_execute(|| {
		let view = RiskPool::pool_view().unwrap();
		assert_eq!(view.utilisation, None);
		assert_eq!(view.price, Price::from_int(1));
	});
}

#[test]
fn stale_prices_show() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		give_the_pool_risk();
		set_usable(false);
		assert!(!RiskPool::pool_view().unwrap().priced);
		assert_eq!(RiskPool::provider_view(&ALICE).value, None);
	});
}

#[test]
fn a_provider_sees_its_shares_and_its_tickets() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		pool_gains(500);
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(400)));
		assert_ok!(RiskPool::deposit(by(ALICE), usd(50)));
		let payable_at = now() + 7 * DAY;
		assert_eq!(
			RiskPool::provider_view(&ALICE),
			ProviderView {
				shares: shares(600),
				value: Some(usd(750)),
				deposits: vec![QueuedView {
					ticket: 1,
					shares: shares(0),
					value: usd(50),
					after: now()
				}],
				withdrawals: vec![QueuedView {
					ticket: 0,
					shares: shares(400),
					value: usd(500),
					after: payable_at
				}],
			}
		);
		assert_eq!(RiskPool::provider_view(&CAROL).value, Some(usd(0)));
	});
}

#[test]
fn the_accounts_are_three() {
	ExtBuilder::default().build_and_execute(|| {
		use frame_support::traits::Hooks;
		RiskPool::integrity_test();
		assert_eq!(
			RiskPool::own_accounts(),
			OwnAccounts { pool: pool(), insurance: insurance(), queue: queue() }
		);
	});
}
