//! Daily closes and moves.

use crate::{mock::*, Event, GenesisMarket, History, LastClose};
use ballast_primitives::{
	history::{day_of, DailyMove, HISTORY_DAYS},
	Price, Volatility,
};
use ballast_traits::{InspectHistory, MutateMarket};

const DAY: u64 = 86_400;

/// Lets time pass to the given second of a later day, with fresh values of all operators.
fn look(seconds: u64, whole: u64, percent: u32) {
	next_block(seconds);
	feed_all(whole);
	feed_volatility_all(percent);
	PriceFeed::accept_ticks();
}

/// Seconds from now to the next midnight.
fn to_midnight() -> u64 {
	DAY - Clock::get() % DAY
}

fn moves() -> Vec<DailyMove> {
	PriceFeed::daily_moves(BTC)
}

#[test]
fn a_day_closes_at_the_price_in_force_when_it_ended() {
	ExtBuilder::default().fed().build_and_execute(|| {
		set_rules(|rules| rules.spot_deviation_max = ballast_primitives::Ratio::ONE);
		let first = day_of(Clock::get());
		look(to_midnight() - 10, 10_500, 70);
		assert_eq!(LastClose::<Test>::get(BTC), None);
		// the first price of the next day is not the close
		look(20, 12_000, 60);
		let close = LastClose::<Test>::get(BTC).unwrap();
		assert_eq!((close.day, close.spot), (first, price(10_500)));
		assert_eq!(close.volatility, Some(Volatility::from_percent(70)));
		assert_eq!(moves(), vec![]);
		look(to_midnight() - 10, 11_025, 77);
		look(20, 11_025, 77);
		// ln(11,025 / 10,500) = ln 1.05, ln(77 / 70) = ln 1.1
		let moved = DailyMove { day: first + 1, spot: 48_790, volatility: Some(95_310) };
		assert_eq!(moves(), vec![moved]);
		assert!(events().contains(&Event::DayClosed {
			underlying: BTC,
			day: first + 1,
			price: price(11_025),
			volatility: Some(Volatility::from_percent(77)),
			moved: Some(moved),
		}));
		// once a day
		look(20, 11_025, 77);
		assert_eq!(moves().len(), 1);
	});
}

#[test]
fn a_day_that_ends_without_a_usable_price_has_no_close() {
	ExtBuilder::default().fed().build_and_execute(|| {
		look(to_midnight() - 10, 10_100, 60);
		look(20, 10_100, 60);
		let closed = LastClose::<Test>::get(BTC);
		// operators fall silent for the end of the second day and all of the third
		next_block(to_midnight() - 10);
		PriceFeed::accept_ticks();
		next_block(DAY);
		PriceFeed::accept_ticks();
		look(20, 10_100, 60);
		assert_eq!(LastClose::<Test>::get(BTC), closed);
		assert_eq!(moves(), vec![]);
		// the next move is over all the days that have none of their own
		look(to_midnight() - 10, 10_900, 60);
		look(20, 10_900, 60);
		let (day, before) = (moves()[0].day, closed.unwrap().day);
		assert!(day > before + 1, "{day} {before}");
		assert_eq!(moves()[0].spot, 76_227); // ln(10,900 / 10,100) = 0.0762272
	});
}

#[test]
fn the_oldest_day_gives_way() {
	let day = |n: u32| DailyMove { day: n, spot: n as i32, volatility: None };
	let history: Vec<_> = (0..HISTORY_DAYS).map(day).collect();
	let market = GenesisMarket { underlying: BTC, spot: None, volatility: flat(60), history };
	ExtBuilder::default().markets(vec![market]).fed().build_and_execute(|| {
		assert_eq!(moves().len(), HISTORY_DAYS as usize);
		for _ in 0..2 {
			look(to_midnight() - 10, 10_000, 60);
			look(20, 10_000, 60);
		}
		let moves = moves();
		assert_eq!((moves.len(), moves[0]), (HISTORY_DAYS as usize, day(1)));
		assert_eq!(moves.last().unwrap().spot, 0);
		assert_eq!(moves.last().unwrap().volatility, Some(0));
	});
}

#[test]
fn days_given_at_genesis_for_later_than_now_are_not_overtaken() {
	let later = DailyMove { day: 40_000, spot: 1, volatility: None };
	let market =
		GenesisMarket { underlying: BTC, spot: None, volatility: flat(60), history: vec![later] };
	ExtBuilder::default().markets(vec![market]).fed().build_and_execute(|| {
		for _ in 0..2 {
			look(to_midnight() - 10, 10_000, 60);
			look(20, 10_000, 60);
		}
		assert_eq!(History::<Test>::get(BTC).into_inner(), vec![later]);
	});
}

#[test]
fn a_market_that_was_never_fed_has_no_closes() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..3 {
			next_block(DAY);
			PriceFeed::accept_ticks();
		}
		assert_eq!(LastClose::<Test>::iter().count(), 0);
		assert_eq!(PriceFeed::daily_moves(ETH), vec![]);
		assert!(spot_is(None));
	});
}

fn spot_is(expected: Option<Price>) -> bool {
	use ballast_traits::InspectMarket;
	PriceFeed::state(BTC).map(|state| state.spot) == expected
}
