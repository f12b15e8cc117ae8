//! Whole rounds, from deposits to payout, by calls that anyone may make.

use super::*;
use ballast_primitives::SeriesId;

#[test]
fn calls_that_end_worthless_leave_the_premium() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		let Selling { series, strike, expiry, offered, assets, .. } = open(id);
		assert_eq!((series, strike, expiry), (SeriesId(0), price(33_000), FRIDAY));
		assert_eq!((offered, assets), (contracts(3), 3 * COIN));
		// 3 contracts x 1,000 at 30,000 are a tenth of a bitcoin.
		let before = units(BOB, BTC);
		buy(BOB, id, contracts(3));
		assert_eq!(before - units(BOB, BTC), COIN / 10);
		let working = OptionVaults::working_account(id);
		assert_eq!(covers(working, OptionKind::Call), contracts(3).into_inner());
		assert_eq!(free_of(id), COIN / 10);
		close(id);
		let outcome = settle_at(id, price(33_000));
		let price = per(31 * COIN / 10, 3 * SHARE);
		assert_eq!(outcome, Outcome { price, ..Default::default() });
		turn(id);
		assert_eq!(vault(id).state, State::Idle(Idle { not_before: FRIDAY }));
		assert_eq!((vault(id).round, vault(id).high_water), (1, price));
		// Alice leaves with all of it.
		let had = units(ALICE, BTC);
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 3 * SHARE));
		assert_eq!(units(ALICE, BTC) - had, 31 * COIN / 10);
		assert_eq!((vault(id).shares, free_of(id)), (0, 0));
	});
}

#[test]
fn calls_in_the_money_are_paid_in_units_from_their_cover() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let had = units(BOB, BTC);
		// (44,000 - 33,000) / 44,000 = a quarter of a unit each.
		let outcome = round(id, 1_000, contracts(3), 44_000);
		assert_eq!(outcome.payoff, 75 * COIN / 100);
		assert_eq!(outcome.price, per(235 * COIN / 100, 3 * SHARE));
		assert_ok!(<House as ballast_traits::MutateAccounts<AccountId>>::touch(&BOB));
		assert_eq!(units(BOB, BTC), had - COIN / 10 + 75 * COIN / 100);
		assert_eq!(holder(id, ALICE).value, 235 * COIN / 100);
		// It is no performance: the high-water mark stays.
		assert_eq!(vault(id).high_water, SharePrice::first(8));
	});
}

#[test]
fn puts_that_end_worthless_leave_the_premium() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		set_bid(Some(price(500)));
		let Selling { strike, offered, assets, .. } = open(id);
		assert_eq!((strike, offered), (price(27_000), contracts(2)));
		assert_eq!(assets, 54_000 * DOLLAR);
		let before = dollars(BOB);
		buy(BOB, id, contracts(2));
		assert_eq!(before - dollars(BOB), 1_000 * DOLLAR);
		let working = OptionVaults::working_account(id);
		assert_eq!(covers(working, OptionKind::Put), usd(54_000).into_inner());
		assert_eq!(free_of(id), 1_000 * DOLLAR);
		close(id);
		let outcome = settle_at(id, price(27_000));
		let price = per(55_000 * DOLLAR, 54_000 * SHARE);
		assert_eq!(outcome, Outcome { price, ..Default::default() });
		turn(id);
		let had = dollars(ALICE);
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 54_000 * SHARE));
		assert_eq!(dollars(ALICE) - had, 55_000 * DOLLAR);
	});
}

#[test]
fn puts_in_the_money_are_paid_in_cash_from_their_cover() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		let had = dollars(BOB);
		let outcome = round(id, 500, contracts(2), 24_000);
		assert_eq!(outcome.payoff, 6_000 * DOLLAR);
		assert_eq!(outcome.price, per(49_000 * DOLLAR, 54_000 * SHARE));
		assert_ok!(<House as ballast_traits::MutateAccounts<AccountId>>::touch(&BOB));
		assert_eq!(dollars(BOB), had - 1_000 * DOLLAR + 6_000 * DOLLAR);
		assert_eq!(holder(id, ALICE).value, 49_000 * DOLLAR);
	});
}

#[test]
fn even_a_worthless_underlying_costs_no_more_than_the_strike() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		set_bid(Some(price(500)));
		open(id);
		buy(BOB, id, contracts(2));
		close(id);
		let nearly_nothing = Price::from_inner(1);
		let outcome = settle_at(id, nearly_nothing);
		assert_eq!(outcome.payoff, 54_000 * DOLLAR);
		assert_eq!(outcome.price, per(1_000 * DOLLAR, 54_000 * SHARE));
		assert!(!cash(OptionVaults::working_account(id)).is_negative());
	});
}

#[test]
fn what_is_not_sold_stays_unwritten() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let outcome = round(id, 1_500, contracts(1), 44_000);
		// 1,500 at 30,000 are a twentieth; one contract pays a quarter.
		assert_eq!(outcome.payoff, COIN / 4);
		assert_eq!(outcome.price, per(28 * COIN / 10, 3 * SHARE));
		let record = OptionVaults::rounds_of(id)[0];
		assert_eq!((record.sold, record.premium), (contracts(1), COIN / 20));
		assert_eq!((record.assets, record.began, record.ended), (3 * COIN, START, FRIDAY));
	});
}

#[test]
fn how_long_the_options_live_at_least_is_governed() {
	for (more, expiry) in [(0, FRIDAY), (1, FRIDAY + WEEK)] {
		execute(|| {
			let id = calls();
			deposit(ALICE, id, 3 * COIN);
			let life_min = FRIDAY - now() - terms().auction + more;
			set_rules(VaultRules { life_min, ..rules() });
			assert_eq!(open(id).expiry, expiry);
		});
	}
}

#[test]
fn a_round_that_sells_nothing_waits_for_the_next_expiry() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		deposit(CAROL, id, COIN);
		events();
		close(id);
		let price = per(3 * COIN, 3 * SHARE);
		let outcome = Outcome { price, ..Default::default() };
		let [Event::AuctionClosed { sold, unsold, premium: 0, .. }, settled] = &events()[..] else {
			panic!("it is closed and settled at once")
		};
		assert_eq!((*sold, *unsold), (contracts(0), contracts(3)));
		assert_eq!(*settled, Event::RoundSettled { vault: id, round: 0, outcome });
		turn(id);
		assert_eq!(holder(id, CAROL).shares, SHARE);
		// Nothing is locked: everybody may leave at once, or wait for the next round.
		assert_ok!(OptionVaults::withdraw(by(CAROL), id, SHARE));
		let too_early: DispatchError = Error::<Test>::TooEarly.into();
		assert_refused!(OptionVaults::open_round(by(DAVE), id), too_early);
		pass_to(FRIDAY);
		assert_eq!(open(id).expiry, FRIDAY + WEEK);
		assert_eq!(vault(id).round, 1);
	});
}

#[test]
fn a_round_waits_while_the_market_is_not_usable() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let refused: DispatchError = Error::<Test>::MarketNotUsable.into();
		for hide in [set_usable, set_averaged] {
			hide(false);
			pass(WEEK);
			assert_refused!(OptionVaults::open_round(by(DAVE), id), refused);
			idle();
			idle();
			assert_eq!(vault(id).state, State::Idle(Idle::default()));
			// Nothing is committed: the deposit can be taken back.
			assert_eq!(holder(id, ALICE).queued_deposit, 3 * COIN);
			hide(true);
		}
		let Selling { expiry, .. } = open(id);
		assert_eq!(expiry, FRIDAY + 2 * WEEK);
	});
}

#[test]
fn people_come_and_go_at_the_price_of_the_round_that_was_settled() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		deposit(CAROL, id, COIN);
		set_bid(Some(price(1_500)));
		open(id);
		buy(BOB, id, contracts(4));
		close(id);
		// During the round Alice asks for one share of her three, and Dave deposits 2.1 bitcoins.
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		deposit(DAVE, id, 21 * COIN / 10);
		settle_at(id, price(30_000));
		// 4 + 4 x 1,500 / 30,000 = 4.2 for four shares.
		turn(id);
		assert_eq!(vault(id).shares, 5 * SHARE);
		assert_eq!(holder(id, DAVE).shares, 2 * SHARE);
		assert_eq!(holder(id, ALICE).claimable, 105 * COIN / 100);
		assert_eq!(vault(id).claimable, 105 * COIN / 100);
		// 4.2 + 2.1 - 1.05 for five shares.
		assert_eq!(free_of(id), 525 * COIN / 100);
		assert_eq!(holder(id, CAROL).value, 105 * COIN / 100);
		let had = units(ALICE, BTC);
		assert_ok!(OptionVaults::claim(by(BOB), id, ALICE));
		assert_eq!(units(ALICE, BTC) - had, 105 * COIN / 100);
		// The next round has what is there then.
		set_bid(None);
		assert_eq!(open(id).offered, hundredths(525));
	});
}

#[test]
fn several_vaults_on_several_underlyings_do_not_touch_each_other() {
	execute(|| {
		let (btc_calls, btc_puts) = (calls(), puts());
		let eth_calls = open_vault(Strategy::CoveredCall, ETH, terms());
		let eth_puts = open_vault(Strategy::CashSecuredPut, ETH, terms());
		let ether = SHARE;
		deposit(ALICE, btc_calls, 3 * COIN);
		deposit(ALICE, btc_puts, 54_000 * DOLLAR);
		deposit(ALICE, eth_calls, 3 * ether);
		deposit(CAROL, eth_puts, 3_600 * DOLLAR);
		for id in [btc_calls, btc_puts, eth_calls, eth_puts] {
			set_bid(Some(price(if vault(id).underlying == BTC { 1_500 } else { 200 })));
			open(id);
		}
		let terms_of = |id| (selling(id).strike, selling(id).offered);
		assert_eq!(terms_of(btc_calls), (price(33_000), contracts(3)));
		assert_eq!(terms_of(btc_puts), (price(27_000), contracts(2)));
		assert_eq!(terms_of(eth_calls), (price(2_200), contracts(3)));
		assert_eq!(terms_of(eth_puts), (price(1_800), contracts(2)));
		for id in [btc_calls, btc_puts, eth_calls, eth_puts] {
			set_bid(Some(price(if vault(id).underlying == BTC { 1_500 } else { 200 })));
			let half = Quantity::from_inner(selling(id).offered.into_inner() / 2);
			buy(BOB, id, half);
			buy(DAVE, id, half);
		}
		set_bid(None);
		for id in [btc_calls, btc_puts, eth_calls, eth_puts] {
			close(id);
		}
		// BTC rises, ETH falls.
		let outcomes = [(btc_calls, 44_000), (btc_puts, 44_000), (eth_calls, 900), (eth_puts, 900)]
			.map(|(id, at)| settle_at(id, price(at)));
		assert_eq!(outcomes.map(|outcome| outcome.payoff), [75 * COIN / 100, 0, 0, 1_800 * DOLLAR]);
		assert_eq!(outcomes[0].price, per(24 * COIN / 10, 3 * SHARE));
		assert_eq!(outcomes[1].price, per(57_000 * DOLLAR, 54_000 * SHARE));
		assert_eq!(outcomes[2].price, per(33 * ether / 10, 3 * SHARE));
		assert_eq!(outcomes[3].price, per(2_200 * DOLLAR, 3_600 * SHARE));
	});
}

#[test]
fn a_month_ends_on_its_last_friday() {
	execute(|| {
		let monthly = VaultTerms { expiry: ExpiryRule::Monthly, ..terms() };
		let id = open_vault(Strategy::CoveredCall, BTC, monthly);
		deposit(ALICE, id, COIN);
		// 2023-11-24.
		assert_eq!(open(id).expiry, FRIDAY + WEEK);
	});
}
