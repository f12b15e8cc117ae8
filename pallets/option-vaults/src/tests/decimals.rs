//! Assets with 6, 8, 10, 12 and 18 decimals, in one chain: the same rounds in the same numbers, but for the
//! scale.

use super::*;

fn scale(decimals: u8) -> u128 {
	10u128.pow(decimals.into())
}

#[test]
fn covered_calls_in_every_scale() {
	execute(|| {
		let vaults = MARKETS.map(|(underlying, decimals, spot)| {
			let performance_fee = Ratio::from_percent(20);
			let terms = VaultTerms { performance_fee, ..terms() };
			let id = open_vault(Strategy::CoveredCall, underlying, terms);
			assert_eq!(vault(id).decimals, decimals);
			deposit(ALICE, id, 30 * scale(decimals));
			// A twentieth of spot, per contract.
			let bid = price(spot).times_floor(Ratio::from_percent(5)).unwrap();
			set_bid(Some(bid));
			assert_eq!(open(id).offered, contracts(30));
			let had = units(BOB, underlying);
			buy(BOB, id, contracts(30));
			assert_eq!(had - units(BOB, underlying), 15 * scale(decimals) / 10);
			set_bid(None);
			(id, underlying, decimals, spot)
		});
		for (id, ..) in vaults {
			close(id);
			deposit(CAROL, id, 30 * scale(vault(id).decimals));
		}
		for (id, _, decimals, spot) in vaults {
			let outcome = settle_at(id, price(spot));
			// A fifth of 1.5; the treasury has a fifth of that.
			assert_eq!(outcome.performance_fee, 3 * scale(decimals) / 10);
			assert_eq!(outcome.price, per(312 * scale(decimals) / 10, 30 * SHARE));
			let (manager, treasury) = (24 * scale(decimals) / 100, 6 * scale(decimals) / 100);
			assert_eq!(vault(id).fees, Fees { manager, treasury });
			turn(id);
			// 30 / 1.04
			assert_eq!(holder(id, CAROL).shares, 3_000 * SHARE / 104);
			let lost = 30 * scale(decimals) - holder(id, CAROL).value;
			assert!(lost <= 1, "{lost} of {decimals} decimals");
			// The scale of the price per share is that of the asset, in shares of 18 decimals.
			let whole = vault(id).high_water.assets_for(30 * SHARE).unwrap();
			assert_eq!(whole, 312 * scale(decimals) / 10);
		}
	});
}

#[test]
fn calls_in_the_money_in_every_scale() {
	execute(|| {
		for (underlying, decimals, spot) in MARKETS {
			let id = open_vault(Strategy::CoveredCall, underlying, terms());
			deposit(ALICE, id, 30 * scale(decimals));
			set_bid(Some(price(spot).times_floor(Ratio::from_percent(5)).unwrap()));
			let strike = open(id).strike;
			buy(BOB, id, contracts(30));
			set_bid(None);
			close(id);
			// At twice the strike half of every unit is the buyer's.
			let outcome = settle_at(id, strike.times_floor(Ratio::from_percent(200)).unwrap());
			assert_eq!(outcome.payoff, 15 * scale(decimals));
			assert_eq!(outcome.price, per(165 * scale(decimals) / 10, 30 * SHARE));
			turn(id);
			let had = units(ALICE, underlying);
			assert_ok!(OptionVaults::withdraw(by(ALICE), id, 30 * SHARE));
			assert_eq!(units(ALICE, underlying) - had, 165 * scale(decimals) / 10);
			assert_eq!(free_of(id), 0);
		}
	});
}

#[test]
fn puts_in_every_scale_of_the_quote_asset() {
	execute(|| {
		set_rules(VaultRules { bond: BOND / 10, ..rules() });
		for decimals in [6, 8, 10, 12, 18] {
			set_quote_decimals(decimals);
			let one = scale(decimals);
			for (settled, left) in [(30_000, 55_000), (24_000, 49_000)] {
				let id = puts();
				assert_eq!(vault(id).decimals, decimals);
				set_spot(BTC, price(30_000));
				deposit(ALICE, id, 54_000 * one);
				set_bid(Some(price(500)));
				assert_eq!(open(id).offered, contracts(2));
				assert_eq!(offered(id, contracts(2)).premium, 1_000 * one);
				buy(BOB, id, contracts(2));
				set_bid(None);
				close(id);
				let outcome = settle_at(id, price(settled));
				assert_eq!(outcome.price, per(left * one, 54_000 * SHARE));
				turn(id);
				assert_eq!(holder(id, ALICE).value, left * one);
				let had = cash(ALICE);
				assert_ok!(OptionVaults::withdraw(by(ALICE), id, 54_000 * SHARE));
				let got = cash(ALICE).checked_sub(had).unwrap();
				assert_eq!(got, usd(left as i64));
			}
		}
	});
}

#[test]
fn the_smallest_unit_is_what_roundings_cost() {
	execute(|| {
		for (underlying, decimals, spot) in MARKETS {
			let id = open_vault(Strategy::CoveredCall, underlying, terms());
			let whole = 30 * scale(decimals);
			for (place, who) in [ALICE, CAROL, DAVE].into_iter().enumerate() {
				deposit(who, id, whole + 1 + place as u128);
			}
			open(id);
			let third = 333_333_333_333_333_333;
			set_bid(Some(price(spot).times_floor(Ratio::from_inner(third)).unwrap()));
			buy(BOB, id, hundredths(777));
			let Selling { premium, .. } = selling(id);
			// 7.77 x 0.333... units, rounded up to the smallest one.
			let exact = (777 * third * scale(decimals)).div_ceil(100 * SHARE);
			assert_eq!(premium, exact);
			close(id);
			settle_at(id, price(spot).times_floor(Ratio::from_percent(173)).unwrap());
			for who in [ALICE, CAROL, DAVE] {
				assert_ok!(OptionVaults::claim(by(BOB), id, who));
				let shares = holder(id, who).shares;
				assert_ok!(OptionVaults::request_withdrawal(by(who), id, shares));
			}
			let pot = free_of(id);
			turn(id);
			let paid: u128 = [ALICE, CAROL, DAVE]
				.map(|who| {
					let had = units(who, underlying);
					assert_ok!(OptionVaults::claim(by(BOB), id, who));
					units(who, underlying) - had
				})
				.iter()
				.sum();
			assert!(paid <= pot && pot - paid < 4, "{decimals} decimals: {paid} of {pot}");
			assert_eq!(vault(id).shares, 0);
			assert_eq!(free_of(id) + waiting_of(id), pot - paid);
		}
	});
}

#[test]
fn the_least_deposit_is_the_same_money_in_every_scale() {
	execute(|| {
		for (underlying, decimals, spot) in MARKETS {
			let id = open_vault(Strategy::CoveredCall, underlying, terms());
			let least = (10 * scale(decimals)).div_ceil(u128::from(spot));
			let small: DispatchError = Error::<Test>::DepositTooSmall.into();
			assert_refused!(OptionVaults::deposit(by(ALICE), id, least - 1), small);
			deposit(ALICE, id, least);
		}
	});
}
