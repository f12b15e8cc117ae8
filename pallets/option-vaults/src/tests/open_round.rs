use super::*;

fn open_round(id: VaultId) -> DispatchResult {
	OptionVaults::open_round(by(DAVE), id)
}

#[test]
fn the_strike_is_on_the_grid_and_away_from_the_money() {
	execute(|| {
		let distance = |strategy| {
			let strike = StrikeRule::Distance(Ratio::from_basis_points(1_001));
			let id = open_vault(strategy, BTC, VaultTerms { strike, ..terms() });
			let amount = if strategy == Strategy::CoveredCall { COIN } else { 30_000 * DOLLAR };
			deposit(ALICE, id, amount);
			open(id).strike
		};
		// 33,003 and 26,997 on a grid of 300.
		assert_eq!(distance(Strategy::CoveredCall), price(33_300));
		assert_eq!(distance(Strategy::CashSecuredPut), price(26_700));
	});
}

#[test]
fn the_strike_is_the_nearest_with_at_most_the_delta() {
	execute(|| {
		for strategy in [Strategy::CoveredCall, Strategy::CashSecuredPut] {
			let target = Ratio::from_percent(25);
			let strike = StrikeRule::Delta(target);
			let id = open_vault(strategy, BTC, VaultTerms { strike, ..terms() });
			deposit(ALICE, id, 60_000 * COIN.min(DOLLAR * 100));
			let Selling { strike, expiry, .. } = open(id);
			let delta = |strike| {
				let market = market_at(price(30_000));
				let greeks = market.greeks(now(), strategy.kind(), strike, expiry).unwrap().0;
				Ratio::from_q64(greeks.delta.checked_abs().unwrap(), ballast_math::Rounding::Ceil)
					.unwrap()
			};
			let nearer = match strategy {
				Strategy::CoveredCall => strike.checked_sub(price(300)),
				Strategy::CashSecuredPut => strike.checked_add(price(300)),
			};
			assert!(delta(strike) <= target && delta(nearer.unwrap()) > target, "{strike:?}");
		}
	});
}

#[test]
fn the_auction_is_measured_in_mark() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, COIN);
		events();
		let auction = open(id).auction;
		let opened = events().into_iter().find_map(|event| match event {
			Event::RoundOpened { mark, start, reserve, .. } => Some((mark, start, reserve)),
			_ => None,
		});
		let (mark, start, reserve) = opened.expect("it is open");
		assert!(mark > price(60) && mark < price(75), "{mark:?}");
		assert_eq!(start, mark.times_ceil(Ratio::from_percent(150)).unwrap());
		assert_eq!(reserve, mark.times_ceil(Ratio::from_percent(95)).unwrap());
		assert_eq!((auction.start, auction.reserve), (start, reserve));
		assert_eq!((auction.began, auction.ends), (START, START + 3_600));
	});
}

#[test]
fn no_more_is_offered_than_one_account_may_hold() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 30 * COIN + 1_999_999);
		set_position_cap(7);
		assert_eq!(open(id).offered, contracts(7));
	});
}

#[test]
fn whole_steps_are_offered() {
	execute(|| {
		let (calls, puts) = (calls(), puts());
		deposit(ALICE, calls, 3 * COIN + 1_999_999);
		assert_eq!(open(calls).offered, hundredths(301));
		deposit(ALICE, puts, 27_539 * DOLLAR);
		// 27,539 / 27,000 = 1.01996
		assert_eq!(open(puts).offered, hundredths(101));
	});
}

#[test]
fn there_is_something_to_sell_or_no_round() {
	execute(|| {
		let id = calls();
		let nothing: DispatchError = Error::<Test>::NothingToSell.into();
		assert_refused!(open_round(id), nothing);
		deposit(ALICE, id, COIN / 100 - 1);
		// The deposit still waits, and can be taken back.
		assert_refused!(open_round(id), nothing);
		assert_eq!(vault(id).deposits, COIN / 100 - 1);
		deposit(ALICE, id, 50_000);
		assert_ok!(open_round(id));
		assert_eq!(selling(id).offered, hundredths(1));
	});
}

#[test]
fn what_is_worth_nothing_is_not_sold() {
	execute(|| {
		// Half of spot is more than ten standard deviations away.
		let far = VaultTerms { strike: StrikeRule::Distance(Ratio::from_percent(50)), ..terms() };
		let id = open_vault(Strategy::CashSecuredPut, BTC, far);
		deposit(ALICE, id, 27_000 * DOLLAR);
		assert_refused!(open_round(id), Error::<Test>::NothingToSell);
		// A week later there is a little more time.
		pass_to(FRIDAY);
		assert_eq!(open(id).strike, price(15_000));
	});
}

#[test]
fn what_is_nobodys_is_not_sold() {
	execute(|| {
		let id = puts();
		earn(OptionVaults::working_account(id), usd(54_000));
		assert_refused!(open_round(id), Error::<Test>::NothingToSell);
		// It is whoever's comes first.
		deposit(ALICE, id, 27_000 * DOLLAR);
		assert_eq!(open(id).offered, contracts(3));
		assert_eq!(holder(id, ALICE).shares, 27_000 * SHARE);
		close(id);
		turn(id);
		assert_eq!(holder(id, ALICE).value, 81_000 * DOLLAR);
	});
}

#[test]
fn no_strike_no_round() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 27_000 * DOLLAR);
		// 90% of it is below the first strike.
		set_strike_step(price(28_000));
		assert_refused!(open_round(id), Error::<Test>::NoStrike);
	});
}

#[test]
fn one_round_at_a_time() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, COIN);
		open(id);
		let running: DispatchError = Error::<Test>::RoundRunning.into();
		assert_refused!(open_round(id), running);
		buy(BOB, id, contracts(1));
		close(id);
		assert_refused!(open_round(id), running);
		settle_at(id, price(30_000));
		assert_refused!(open_round(id), running);
		assert_refused!(open_round(9), Error::<Test>::VaultUnknown);
	});
}

#[test]
fn what_is_delisted_or_without_rules_is_not_sold() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, COIN);
		let unlisted: DispatchError = Error::<Test>::UnderlyingNotListed.into();
		set_unlisted(true);
		assert_refused!(open_round(id), unlisted);
		set_unlisted(false);
		remove_risk_rules();
		assert_refused!(open_round(id), unlisted);
	});
}

#[test]
fn no_round_opens_on_a_halted_underlying() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, COIN);
		halt(BTC);
		assert_refused!(open_round(id), Error::<Test>::UnderlyingHalted);
		idle();
		assert!(matches!(vault(id).state, State::Idle(_)));
		// Who does not want to wait has the deposit back.
		assert_ok!(OptionVaults::cancel_deposit(by(ALICE), id, COIN));
		deposit(ALICE, id, COIN);
		halt(ETH);
		idle();
		assert!(matches!(vault(id).state, State::Selling(_)));
	});
}
