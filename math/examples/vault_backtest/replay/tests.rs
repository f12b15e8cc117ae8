use super::*;
use crate::{
	calendar::DAY,
	history::History,
	market::{Smile, Volatility},
};

/// 2025-01-03, a Friday, at midnight.
const FRIDAY: u64 = 1_735_862_400;

/// Weeks at one close each, from the Friday on.
fn market(weekly: &[f64]) -> Market {
	let day = |(week, close): (usize, &f64)| {
		let candles = (0..7).map(move |day| (FRIDAY + (week as u64 * 7 + day) * DAY, *close));
		// a candle that opens on Thursday closes as Friday begins
		candles.map(|(time, close)| format!("{},{close}\n", time - DAY)).collect::<String>()
	};
	let text: String = weekly.iter().enumerate().map(day).collect();
	Market::new(History::parse(&text).unwrap(), Volatility::Flat(0.7), Smile::default()).unwrap()
}

fn rule(strategy: Strategy) -> Rule {
	Rule {
		strategy,
		strike: StrikeRule::Distance(ONE / 10),
		cycle: Cycle::Weekly,
		step: 250 * ONE,
		sold: ONE,
		fees: Fees { management: 0, performance: 0, treasury: 0 },
	}
}

fn price(settled: &Settled, strategy: Strategy) -> f64 {
	let whole = ONE / strategy.whole();
	(settled.pot.assets * whole) as f64 / settled.pot.shares as f64
}

#[test]
fn a_call_is_paid_in_kind_and_never_more_than_was_locked() {
	// out of the money; far in it; at the strike
	let replay = Replay::run(
		&market(&[100_000.0, 100_000.0, 10_000_000.0, 11_000_000.0]),
		&rule(Strategy::CoveredCall),
	)
	.unwrap();
	let [quiet, jump, at] = replay.rounds[..] else { panic!("{}", replay.rounds.len()) };
	assert_eq!(quiet.payoff, 0);
	let kept = 1.0 + quiet.sale.unwrap().premium as f64 / replay.start.pot.assets as f64;
	assert!((price(&quiet, Strategy::CoveredCall) - kept).abs() < 1e-12);
	// 110,000 of 10,000,000 are left of each coin, and the premium
	let coins = quiet.pot.assets as f64;
	let left = coins * 0.011 + jump.sale.unwrap().premium as f64;
	assert!((jump.pot.assets as f64 / left - 1.0).abs() < 1e-9);
	assert_eq!(at.payoff, 0);
	assert!(at.pot.assets > jump.pot.assets);
}

#[test]
fn puts_are_as_many_as_the_cash_buys_at_the_strike() {
	let replay =
		Replay::run(&market(&[100_000.0, 45_000.0, 1.0]), &rule(Strategy::CashSecuredPut)).unwrap();
	let [half, all] = replay.rounds[..] else { panic!("{}", replay.rounds.len()) };
	// strike 90,000: half of the cash is lost, and the premium kept
	let start = replay.start.pot.assets;
	assert_eq!(half.pot.assets - half.sale.unwrap().premium, start / 2);
	// strike 40,500, nearest below on the grid: 40,500 itself is out by its tenth
	let kept = all.pot.assets as f64 - all.sale.unwrap().premium as f64;
	assert!((kept / half.pot.assets as f64 * 40_500.0 - 1.0).abs() < 1e-6);
}

#[test]
fn fees_are_taken_of_what_was_locked_and_of_new_highs_only() {
	let fees = Fees { management: ONE / 50, performance: ONE / 5, treasury: ONE / 5 };
	let rule = Rule { fees, ..rule(Strategy::CoveredCall) };
	let replay =
		Replay::run(&market(&[100_000.0, 100_000.0, 200_000.0, 200_000.0]), &rule).unwrap();
	let [gain, loss, below] = replay.rounds[..] else { panic!("{}", replay.rounds.len()) };
	let management = |before: u128| before / 50 * 7 / 365;
	let start = replay.start.pot.assets;
	let premium = gain.sale.unwrap().premium;
	let performance = (premium - management(start)) / 5;
	assert!(gain.fees.abs_diff(management(start) + performance) <= 2);
	assert!(gain.treasury.abs_diff(gain.fees / 5) <= 1);
	assert!(loss.payoff > 0 && loss.fees.abs_diff(management(gain.pot.assets)) <= 1);
	// it earns again, below the mark
	assert!(below.pot.assets > loss.pot.assets);
	assert!(below.fees.abs_diff(management(loss.pot.assets)) <= 1);
}

#[test]
fn a_round_without_a_strike_is_skipped_and_costs_nothing() {
	let fees = Fees { management: ONE / 50, performance: ONE / 5, treasury: ONE / 5 };
	// no strike of 250 is below 100
	let rule = Rule { fees, ..rule(Strategy::CashSecuredPut) };
	let replay = Replay::run(&market(&[100.0, 90.0]), &rule).unwrap();
	let [skipped] = replay.rounds[..] else { panic!("{}", replay.rounds.len()) };
	assert!(skipped.sale.is_none());
	assert_eq!(skipped.pot, replay.start.pot);
}

#[test]
fn a_history_too_short_is_refused() {
	let error = Replay::run(&market(&[100.0]), &rule(Strategy::CoveredCall)).err().unwrap();
	assert!(error.contains("shorter than one round"), "{error}");
}
