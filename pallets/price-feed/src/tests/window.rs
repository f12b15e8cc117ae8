//! The settlement window against a plain computation second by second.

use crate::settlement::{Held, Watch, Window};
use ballast_primitives::{params::OracleRules, Price, Ratio};
use proptest::prelude::*;

fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

#[test]
fn a_window_ends_at_its_expiry_and_is_a_multiple_of_six_seconds() {
	let window = Window::before(10_000, 1_803);
	assert_eq!((window.start(), window.end(), window.length()), (8_200, 10_000, 1_800));
	let least = Window::before(10_000, 0);
	assert_eq!((least.end(), least.length()), (10_000, 6));
}

#[test]
fn the_average_is_rounded_to_nearest() {
	let mut window = Window::before(1_006, 6);
	let held = |inner, from, to| Some(Held { price: Price::from_inner(inner), from, to });
	assert_eq!(window.advance(held(10, 1_000, 1_003), 1_003, Ratio::ONE), None);
	let average = window.advance(held(11, 1_003, 1_006), 1_006, Ratio::ONE).unwrap();
	assert_eq!((average.price.into_inner(), average.covered), (11, 6));
}

#[test]
fn a_complete_window_says_so_again() {
	let mut window = Window::before(1_060, 60);
	let held = Some(Held { price: price(7), from: 1_000, to: 1_100 });
	let first = window.advance(held, 1_100, Ratio::ONE);
	assert!(first.is_some());
	let later = Some(Held { price: price(9), from: 1_100, to: 1_200 });
	assert_eq!(window.advance(later, 1_200, Ratio::ONE), first);
}

#[test]
fn a_gap_of_exactly_the_steps_there_are_moves_the_window_no_further() {
	// 72 s that end at 10,001; nothing for 156 s, which is thirteen slices from the end
	let mut window = Window::before(10_001, 72);
	assert_eq!(window.advance(None, 10_156, Ratio::ONE), None);
	assert_eq!(window.end(), 10_157);
	let held = Some(Held { price: price(1), from: 10_156, to: 10_157 });
	let average = window.advance(held, 10_168, Ratio::from_percent(1)).unwrap();
	assert_eq!(average.covered, 1);
	// far behind, it jumps to the first end that is to come
	let mut window = Window::before(10_001, 72);
	assert_eq!(window.advance(None, 20_001, Ratio::ONE), None);
	assert_eq!(window.end(), 20_009);
}

#[test]
fn what_is_known_of_the_average_and_what_is_left_make_the_average() {
	let rules = OracleRules { settlement_window: 60, ..OracleRules::default() };
	for seconds in 1..60u64 {
		let mut watch = Watch::new(1_060);
		assert_eq!(watch.averaging(1_000), None);
		let held = |whole, from, to| Some(Held { price: price(whole), from, to });
		let now = 1_000 + seconds;
		assert_eq!(watch.advance(held(100, 1_000, now), &rules, now), None);
		let known = watch.averaging(now).unwrap();
		// 100 for so many seconds, then 40 for the rest
		let expected = known.fixed.into_inner() as f64 + known.share.into_inner() as f64 * 40.0;
		let average = watch.advance(held(40, now, 1_060), &rules, 1_060).unwrap().price;
		assert!((average.into_inner() as f64 - expected).abs() < 1e6, "{seconds}");
	}
}

#[test]
fn a_gap_in_the_window_makes_what_is_known_weigh_more() {
	let rules = OracleRules { settlement_window: 60, ..OracleRules::default() };
	let mut watch = Watch::new(1_060);
	let held = Some(Held { price: price(100), from: 1_000, to: 1_015 });
	assert_eq!(watch.advance(held, &rules, 1_030), None);
	// 15 s are known, 15 s are lost, 30 s are left
	let known = watch.averaging(1_030).unwrap();
	assert_eq!(known.fixed.into_inner(), 33_333_333_333_333_333_333);
	assert_eq!(known.share.into_inner(), 666_666_666_666_666_667);
	let mut empty = Watch::new(1_060);
	assert_eq!(empty.advance(None, &rules, 1_030), None);
	assert_eq!(empty.averaging(1_030), None);
}

/// The rule, second by second: the first window, in steps of a slice, that is covered enough.
fn plain(
	expiry: u64,
	length: u64,
	coverage: u64,
	prices: &[Option<u64>],
	origin: u64,
) -> Option<(f64, u64)> {
	let slice = length / 6;
	let mut end = expiry;
	while end <= origin + prices.len() as u64 {
		let seconds = (end - 6 * slice).max(origin)..end;
		let seen: Vec<u64> =
			seconds.filter_map(|second| prices[(second - origin) as usize]).collect();
		let covered = seen.len() as u64;
		if covered > 0 && covered * 100 >= coverage * slice * 6 {
			return Some((seen.iter().sum::<u64>() as f64 / covered as f64, covered));
		}
		end += slice;
	}
	None
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(3_000))]

	#[test]
	fn agrees_with_the_plain_computation(
		segments in prop::collection::vec((1u64..200, prop::option::of(1u64..1_000), 0u64..200), 1..60),
		lead in 0u64..500,
		slice in 1u64..40,
		coverage in 1u64..=100,
	) {
		let origin = 10_000u64;
		let expiry = origin + lead + 1;
		let mut window = Window::before(expiry, slice * 6);
		let mut prices: Vec<Option<u64>> = Vec::new();
		let mut result = None;
		let mut now = origin;
		for (seconds, whole, fresh) in segments {
			let next = now + seconds;
			let to = next.min(now + fresh);
			let held = whole.filter(|_| to > now).map(|whole| Held { price: price(whole), from: now, to });
			for second in now..next {
				prices.push(whole.filter(|_| second < to));
			}
			now = next;
			if now > window.start() && result.is_none() {
				result = window.advance(held, now, Ratio::from_percent(coverage as u32));
			}
			prop_assert!(window.is_sound());
		}
		match (result, plain(expiry, slice * 6, coverage, &prices, origin)) {
			(None, None) => {},
			(Some(average), Some((expected, covered))) => {
				prop_assert_eq!(average.covered, covered);
				let found = average.price.into_inner() as f64 / 1e18;
				prop_assert!((found - expected).abs() < 1e-9 * expected, "{} {}", found, expected);
			},
			(found, expected) => prop_assert!(false, "{:?} {:?}", found, expected),
		}
	}
}
