use super::*;
use ballast_traits::CoverDeficit;

/// Dave has lost `whole` more than he had; the waterfall brings him to zero.
fn default_of(whole: i64) {
	set_cash(DAVE, usd(-whole));
	let before = all_money();
	assert_ok!(RiskPool::cover(&DAVE, usd(whole)));
	assert_eq!(cash(DAVE), usd(0));
	assert_eq!(all_money(), before);
}

fn covered(deficit: i64, insurance: i64, pool: i64, uncovered: i64) -> Event<Test> {
	Event::DeficitCovered {
		defaulter: DAVE,
		deficit: usd(deficit),
		insurance: usd(insurance),
		pool: usd(pool),
		pledged: usd(0),
		uncovered: usd(uncovered),
	}
}

fn borne(step: WaterfallStep, amount: i64) -> Event<Test> {
	Event::LossBorne { step, defaulter: DAVE, amount: usd(amount) }
}

#[test]
fn the_insurance_fund_pays_first() {
	ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
		default_of(400);
		assert_eq!((cash(insurance()), cash(pool())), (usd(600), usd(10_000)));
		assert_eq!(
			events(),
			[
				Event::WindowOpened { insurance_cap: usd(600), pool_cap: usd(2_000) },
				borne(WaterfallStep::InsuranceFund, 400),
				covered(400, 400, 0, 0),
			]
		);
	});
}

#[test]
fn then_the_pool_and_what_is_left_is_carried() {
	ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
		default_of(5_000);
		// 60% of the fund, 20% of net asset value.
		assert_eq!((cash(insurance()), cash(pool())), (usd(400), usd(8_000)));
		assert_eq!(RiskPool::deficit_account(), usd(-2_400));
		assert_eq!(
			events()[1..],
			[
				borne(WaterfallStep::InsuranceFund, 600),
				borne(WaterfallStep::Pool, 2_000),
				Event::DeficitUncovered {
					defaulter: DAVE,
					amount: usd(2_400),
					deficit_account: usd(-2_400)
				},
				covered(5_000, 600, 2_000, 2_400),
			]
		);
		assert!(RiskPool::withdrawals_blocked());
	});
}

#[test]
fn all_deficits_of_a_window_share_its_caps() {
	ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
		default_of(500);
		tick(DAY - 1);
		default_of(500);
		assert_eq!((cash(insurance()), cash(pool())), (usd(400), usd(9_600)));
		// Each deficit extends the window.
		tick(DAY - 1);
		default_of(2_000);
		assert_eq!((cash(insurance()), cash(pool())), (usd(400), usd(8_000)));
		assert_eq!(RiskPool::deficit_account(), usd(-400));
		let window = Window::<Test>::get().unwrap();
		assert_eq!(window.opened_at, now() - 2 * (DAY - 1));
		assert_eq!(window.last_deficit_at, now());
		assert_eq!((window.insurance_paid, window.pool_paid), (usd(600), usd(2_000)));
	});
}

#[test]
fn a_deficit_after_the_window_opens_a_new_one() {
	ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
		default_of(600);
		tick(DAY);
		events();
		default_of(600);
		assert_eq!(
			events()[..2],
			[
				Event::WindowClosed { insurance_paid: usd(600), pool_paid: usd(0) },
				Event::WindowOpened { insurance_cap: usd(240), pool_cap: usd(2_000) },
			]
		);
		assert_eq!((cash(insurance()), cash(pool())), (usd(160), usd(9_640)));
	});
}

#[test]
fn splitting_a_deficit_gains_nothing() {
	let covered_by_two = |parts: &[i64]| {
		let mut after = (usd(0), usd(0), usd(0));
		ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
			parts.iter().for_each(|part| default_of(*part));
			after = (cash(insurance()), cash(pool()), RiskPool::deficit_account());
		});
		after
	};
	assert_eq!(covered_by_two(&[5_000]), covered_by_two(&[1, 599, 1_900, 2_500]));
}

#[test]
fn a_fund_without_cash_is_passed_over() {
	ExtBuilder::default().provided(10_000).build_and_execute(|| {
		set_cash(insurance(), usd(-5));
		default_of(100);
		assert_eq!((cash(insurance()), cash(pool())), (usd(-5), usd(9_900)));
	});
}

#[test]
fn the_pool_pays_no_more_than_its_cash() {
	ExtBuilder::default().provided(10_000).build_and_execute(|| {
		// Most of it is in options.
		set_cash(pool(), usd(300));
		set_book(pool(), usd(9_700));
		default_of(1_000);
		assert_eq!(cash(pool()), usd(0));
		assert_eq!(RiskPool::deficit_account(), usd(-700));
	});
}

#[test]
fn the_pool_pays_no_more_than_its_net_asset_value() {
	ExtBuilder::default().provided(10_000).build_and_execute(|| {
		default_of(1_000);
		// Its book loses almost everything in the same window.
		set_book(pool(), usd(-8_900));
		default_of(500);
		assert_eq!(cash(pool()), usd(8_900));
		assert_eq!(RiskPool::deficit_account(), usd(-400));
	});
}

#[test]
fn a_pool_that_cannot_be_valued_bears_by_its_last_value() {
	ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
		assert_eq!(LastNav::<Test>::get().nav, usd(0));
		tick(3_600);
		idle();
		assert_eq!(LastNav::<Test>::get(), NavRecord { nav: usd(10_000), at: now() });
		give_the_pool_risk();
		set_usable(false);
		pool_gains(5_000);
		events();
		default_of(5_000);
		assert_eq!(
			events()[..1],
			[Event::WindowOpened { insurance_cap: usd(600), pool_cap: usd(2_000) }]
		);
		assert_eq!(cash(pool()), usd(13_000));
	});
}

#[test]
fn a_pledge_is_carried_until_it_is_paid() {
	ExtBuilder::default().insured(1_000).build_and_execute(|| {
		set_extra_step(1);
		default_of(1_000);
		assert_eq!(RiskPool::deficit_account(), usd(-400));
		assert_eq!(
			events().pop(),
			Some(Event::DeficitCovered {
				defaulter: DAVE,
				deficit: usd(1_000),
				insurance: usd(600),
				pool: usd(0),
				pledged: usd(400),
				uncovered: usd(0),
			})
		);
	});
}

#[test]
fn a_waterfall_that_fails_bears_nothing_and_holds_nobody_up() {
	for what in [2, 3] {
		ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
			set_extra_step(what);
			default_of(5_000);
			assert_eq!((cash(insurance()), cash(pool())), (usd(1_000), usd(10_000)));
			assert_eq!(RiskPool::deficit_account(), usd(-5_000));
			assert!(events().iter().any(|event| matches!(event, Event::WaterfallFailed { .. })));
			assert_eq!(Window::<Test>::get().unwrap().insurance_paid, usd(0));
		});
	}
}

#[test]
fn the_funds_do_not_pay_for_themselves() {
	ExtBuilder::default().provided(10_000).insured(1_000).build_and_execute(|| {
		let before = all_money();
		assert_ok!(RiskPool::cover(&insurance(), usd(100)));
		assert_eq!((cash(insurance()), cash(pool())), (usd(1_100), usd(9_900)));
		assert_ok!(RiskPool::cover(&pool(), usd(2_000)));
		assert_eq!(cash(insurance()), usd(500));
		assert_eq!(cash(pool()), usd(11_900));
		assert_eq!(RiskPool::deficit_account(), usd(-1_400));
		assert_eq!(all_money(), before);
	});
}

#[test]
fn no_deficit_is_no_event() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::cover(&DAVE, usd(0)));
		assert_ok!(RiskPool::cover(&DAVE, usd(-5)));
		assert_eq!(events(), []);
		assert_eq!(Window::<Test>::get(), None);
	});
}

#[test]
fn the_loss_lowers_the_price_of_every_share_alike() {
	ExtBuilder::default().provided(10_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(4_000)));
		default_of(1_100);
		// 11,000 of shares, offset included, lose a tenth; queued ones too.
		let view = RiskPool::pool_view().unwrap();
		assert_eq!(view.price, Price::from_inner(900_000_000_000_000_000));
		assert_eq!((view.claims, view.nav), (usd(3_600), usd(5_300)));
	});
}

#[test]
fn the_insurance_fund_succeeds_the_bankrupt() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(RiskPool::successor(), insurance());
	});
}
