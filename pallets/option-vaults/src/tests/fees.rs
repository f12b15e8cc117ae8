//! Fees by numbers that were computed by hand.

use super::*;

fn charging(management: u32, performance: u32) -> VaultId {
	let terms = VaultTerms {
		management_fee: Ratio::from_percent(management),
		performance_fee: Ratio::from_percent(performance),
		..terms()
	};
	let id = open_vault(Strategy::CoveredCall, BTC, terms);
	deposit(ALICE, id, 3 * COIN);
	id
}

#[test]
fn a_loss_is_made_good_before_the_performance_fee_is_charged_again() {
	execute(|| {
		let id = charging(0, 20);
		// A tenth of a bitcoin won: two hundredths are the fee, a fifth of which is the treasury's.
		let won = round(id, 1_000, contracts(3), 30_000);
		assert_eq!((won.management_fee, won.performance_fee), (0, 2_000_000));
		assert_eq!(won.price, per(308_000_000, 3 * SHARE));
		assert_eq!(vault(id).fees, Fees { manager: 1_600_000, treasury: 400_000 });
		assert_eq!(vault(id).high_water, won.price);
		// 3.08 + 0.1 - 0.75 = 2.43.
		let lost = round(id, 1_000, contracts(3), 44_000);
		assert_eq!(lost.performance_fee, 0);
		assert_eq!(lost.price, per(243_000_000, 3 * SHARE));
		// 2.43 + 0.08 = 2.51, a gain, but below the mark of 3.08.
		let recovering = round(id, 1_000, hundredths(240), 30_000);
		assert_eq!(recovering.performance_fee, 0);
		assert_eq!(recovering.price, per(251_000_000, 3 * SHARE));
		assert_eq!(vault(id).high_water, won.price);
		assert_eq!(vault(id).fees.manager, 1_600_000);
		// 2.51 + 1 = 3.51: a fifth of the 0.43 above the mark.
		let above = round(id, 15_000, contracts(2), 30_000);
		assert_eq!(above.performance_fee, 8_600_000);
		assert_eq!(above.price, per(342_400_000, 3 * SHARE));
		assert_eq!(vault(id).high_water, above.price);
		let fees = Fees { manager: 1_600_000 + 6_880_000, treasury: 400_000 + 1_720_000 };
		assert_eq!(vault(id).fees, fees);
		assert_eq!(waiting_of(id), 10_600_000);
	});
}

#[test]
fn the_management_fee_is_on_what_was_locked_for_as_long_as_the_round() {
	execute(|| {
		let id = charging(2, 20);
		// 1 of 3 bitcoins for 208,000 s of 31,536,000: 2,000,000 x 208,000 / 31,536,000 = 13,191.3.
		let outcome = round(id, 3_000, contracts(1), 30_000);
		assert_eq!(outcome.management_fee, 13_191);
		// Performance is net of it: (10,000,000 - 13,191) / 5 = 1,997,361.8.
		assert_eq!(outcome.performance_fee, 1_997_361);
		assert_eq!(outcome.price, per(300_000_000 + 10_000_000 - 13_191 - 1_997_361, 3 * SHARE));
		let treasury = (13_191 + 1_997_361) / 5;
		let manager = 13_191 + 1_997_361 - treasury;
		assert_eq!(vault(id).fees, Fees { manager, treasury });
	});
}

#[test]
fn a_losing_round_pays_management_only() {
	execute(|| {
		let id = charging(2, 20);
		let outcome = round(id, 1_000, contracts(3), 44_000);
		// 6,000,000 x 208,000 / 31,536,000 = 39,573.8
		assert_eq!((outcome.management_fee, outcome.performance_fee), (39_573, 0));
		assert_eq!(outcome.price, per(235_000_000 - 39_573, 3 * SHARE));
		assert_eq!(vault(id).high_water, SharePrice::first(8));
	});
}

#[test]
fn a_round_that_sells_nothing_is_free() {
	execute(|| {
		let id = charging(2, 20);
		open(id);
		close(id);
		turn(id);
		assert_eq!(vault(id).fees, Fees::default());
		assert_eq!(free_of(id), 3 * COIN);
	});
}

#[test]
fn fees_of_puts_are_in_cash() {
	execute(|| {
		let terms = VaultTerms {
			management_fee: Ratio::from_percent(2),
			performance_fee: Ratio::from_percent(10),
			..terms()
		};
		let id = open_vault(Strategy::CashSecuredPut, BTC, terms);
		deposit(ALICE, id, 54_000 * DOLLAR);
		let outcome = round(id, 500, contracts(2), 30_000);
		// 1,080 x 208,000 / 31,536,000 = 7.1232876..., then a tenth of the 992.8767124 that are left.
		assert_eq!(outcome.management_fee, 7_123_287);
		assert_eq!(outcome.performance_fee, 99_287_671);
	});
}

#[test]
fn newcomers_do_not_pay_for_what_was_before_them() {
	execute(|| {
		let id = charging(0, 20);
		let won = round(id, 1_000, contracts(3), 30_000);
		// Carol comes in at the high-water mark.
		deposit(CAROL, id, 308_000_000);
		let next = round(id, 1_500, contracts(6), 30_000);
		assert_eq!(won.price, per(308_000_000, 3 * SHARE));
		// 6 x 1,500 / 30,000 = 0.3 on 6.16; a fifth of it.
		assert_eq!(next.performance_fee, 6_000_000);
		assert_eq!(holder(id, CAROL).value, 320_000_000);
	});
}

#[test]
fn when_everybody_has_left_the_mark_begins_anew() {
	execute(|| {
		let id = charging(0, 20);
		round(id, 1_000, contracts(3), 44_000);
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 3 * SHARE));
		deposit(CAROL, id, 3 * COIN);
		let outcome = round(id, 1_000, contracts(3), 30_000);
		assert_eq!(outcome.performance_fee, 2_000_000);
	});
}
