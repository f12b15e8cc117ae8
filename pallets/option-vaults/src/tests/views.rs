use super::*;

#[test]
fn a_vault_shows_what_it_is_and_how_it_stands() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let view = OptionVaults::view_of(id).unwrap();
		assert_eq!(view.account, OptionVaults::working_account(id));
		assert_eq!((view.assets, view.shares, view.queued_deposits), (0, 0, 3 * COIN));
		assert_eq!((view.price, view.annualised), (SharePrice::first(8), None));
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		let view = OptionVaults::view_of(id).unwrap();
		// The premium is the depositors', what was written is not valued.
		assert_eq!((view.assets, view.shares), (31 * COIN / 10, 3 * SHARE));
		assert_eq!(view.price, SharePrice::first(8));
		close(id);
		settle_at(id, price(30_000));
		turn(id);
		let view = OptionVaults::view_of(id).unwrap();
		assert_eq!(view.price, per(31 * COIN / 10, 3 * SHARE));
		assert_eq!(view.high_water, view.price);
		assert_eq!(OptionVaults::all_vaults(), [view]);
		assert_eq!(OptionVaults::view_of(9), None);
		assert_eq!(OptionVaults::holder_of(9, &ALICE), None);
	});
}

#[test]
fn the_yield_is_that_of_the_rounds_that_are_kept() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		round(id, 1_000, contracts(3), 30_000);
		// (31 / 30) ^ (31,536,000 / 208,000) = 144.2...: a year of rounds like this.
		let shown = OptionVaults::view_of(id).unwrap().annualised.unwrap();
		let expected = (31f64 / 30f64).powf(31_536_000f64 / 208_000f64) - 1f64;
		let relative = (shown as f64 / 1e18 - expected) / expected;
		assert!(relative.abs() < 1e-6, "{shown} for {expected}");
		// A losing round makes it negative: 3.1 + 0.1 - 0.75 in all.
		round(id, 1_000, contracts(3), 44_000);
		let shown = OptionVaults::view_of(id).unwrap().annualised.unwrap();
		let seconds = 208_000f64 + WEEK as f64;
		let expected = (245f64 / 300f64).powf(31_536_000f64 / seconds) - 1f64;
		assert!((shown as f64 / 1e18 - expected).abs() < 1e-6, "{shown} for {expected}");
	});
}

#[test]
fn what_is_shown_as_claimable_is_what_is_paid() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN + 1);
		deposit(CAROL, id, 2 * COIN + 1);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(5));
		for who in [ALICE, CAROL] {
			assert_ok!(OptionVaults::claim(by(who), id, who));
			assert_ok!(OptionVaults::request_withdrawal(by(who), id, SHARE));
		}
		close(id);
		settle_at(id, price(37_000));
		turn(id);
		for who in [ALICE, CAROL] {
			let shown = holder(id, who).claimable;
			let had = units(who, BTC);
			assert_ok!(OptionVaults::claim(by(DAVE), id, who));
			assert_eq!(units(who, BTC) - had, shown);
		}
	});
}
