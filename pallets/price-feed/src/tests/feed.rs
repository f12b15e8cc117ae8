//! Quorum, band and confirmation on values alone.

use crate::{
	feed::{Feed, Limits, Outcome, Refusal},
	observation::Observation,
};
use ballast_primitives::{Moment, Price, Ratio, SurfaceQuote, Volatility};
use proptest::prelude::*;

const LIMITS: Limits = Limits {
	raw_age_max: 120,
	quorum: 3,
	deviation_max: Ratio::from_percent(10),
	confirming_rounds: 3,
};

fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

fn fed(values: &[(u64, Moment)]) -> Vec<(Price, Moment)> {
	values.iter().map(|(whole, at)| (price(*whole), *at)).collect()
}

#[test]
fn medians_of_prices() {
	let median = |values: &[u128]| {
		let prices: Vec<Price> = values.iter().copied().map(Price::from_inner).collect();
		Price::median(&prices).map(|price| price.into_inner())
	};
	assert_eq!(median(&[]), None);
	assert_eq!(median(&[7]), Some(7));
	assert_eq!(median(&[9, 4]), Some(6));
	assert_eq!(median(&[9, 1, 5]), Some(5));
	assert_eq!(median(&[1, 2, 3, 100]), Some(2));
	assert_eq!(median(&[u128::MAX, u128::MAX]), Some(u128::MAX));
}

#[test]
fn gaps_are_rounded_up_and_saturate() {
	assert_eq!(price(3).gap(&price(1), &price(3)).into_inner(), 666_666_666_666_666_667);
	assert_eq!(price(1).gap(&price(3), &price(1)), Ratio::from_percent(200));
	assert_eq!(price(1).gap(&price(2), &Price::ZERO).into_inner(), u128::MAX);
	let tiny = Price::from_inner(1);
	assert_eq!(price(1_000_000_000_000).gap(&tiny, &tiny).into_inner(), u128::MAX);
	let mut quote = SurfaceQuote::flat(Volatility::from_percent(50));
	let base = quote;
	quote.tenors[3].volatility = Volatility::from_percent(75);
	quote.tenors[4].volatility = Volatility::from_percent(20);
	assert_eq!(quote.gap(&base, &base), Ratio::from_percent(60));
}

#[test]
fn what_is_plausible() {
	let vol = |percent| SurfaceQuote::flat(Volatility::from_percent(percent));
	assert!(vol(1).is_plausible() && vol(1_000).is_plausible());
	assert!(!vol(0).is_plausible() && !vol(1_001).is_plausible());
	let mut quote = vol(50);
	quote.tenors[5].volatility = Volatility::ZERO;
	assert!(!quote.is_plausible());
	assert!(Price::from_inner(1).is_plausible() && !Price::ZERO.is_plausible());
}

#[test]
fn late_values_of_the_same_second_are_new() {
	let mut feed = Feed::<Price>::default();
	let early = fed(&[(100, 50), (100, 50), (100, 50)]);
	assert_eq!(feed.observe(&early, &LIMITS, 50), Outcome::Accepted(price(100)));
	assert_eq!(feed.observe(&early, &LIMITS, 53), Outcome::Unchanged);
	let mut feed = Feed::<Price>::default();
	assert_eq!(feed.observe(&early, &LIMITS, 50), Outcome::Accepted(price(100)));
	let late = fed(&[(100, 50), (100, 50), (100, 50), (104, 50), (104, 50)]);
	assert_eq!(feed.observe(&late, &LIMITS, 53), Outcome::Accepted(price(100)));
	assert_eq!(feed.operators(), 5);
	assert_eq!(feed.observe(&late, &LIMITS, 56), Outcome::Unchanged);
}

#[test]
fn values_from_the_future_do_not_count() {
	let mut feed = Feed::<Price>::default();
	let values = fed(&[(100, 10), (100, 10), (100, 11)]);
	assert_eq!(
		feed.observe(&values, &LIMITS, 10),
		Outcome::Refused(price(100), Refusal::TooFewOperators)
	);
}

#[test]
fn a_quorum_of_none_is_a_quorum_of_one() {
	let rules = ballast_primitives::params::OracleRules { operators_min: 0, ..Default::default() };
	let limits = Limits::of_spot(&rules);
	let mut feed = Feed::<Price>::default();
	assert_eq!(feed.observe(&[], &limits, 10), Outcome::Unchanged);
	assert_eq!(feed.value(), None);
	assert_eq!(feed.observe(&fed(&[(5, 10)]), &limits, 10), Outcome::Accepted(price(5)));
}

#[test]
fn no_confirming_rounds_are_one() {
	let limits = Limits { confirming_rounds: 0, ..LIMITS };
	let mut feed = Feed::<Price>::default();
	let at = |whole, at| fed(&[(whole, at), (whole, at), (whole, at)]);
	feed.observe(&at(100, 1), &limits, 1);
	let refused = Outcome::Refused(price(50), Refusal::OutsideBand);
	assert_eq!(feed.observe(&at(50, 2), &limits, 2), refused);
	assert_eq!(feed.observe(&at(50, 3), &limits, 3), Outcome::Accepted(price(50)));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	/// Fewer than half of the operators cannot take the median out of the others' range.
	#[test]
	fn a_minority_cannot_set_the_median(
		honest in prop::collection::vec(9_000u64..11_000, 3..9),
		lies in prop::collection::vec(1u64..1_000_000_000, 0..8),
	) {
		let lies = &lies[..lies.len().min(honest.len() - 1)];
		let all: Vec<Price> = honest.iter().chain(lies).copied().map(price).collect();
		let median = Price::median(&all).unwrap();
		let (low, high) = (honest.iter().min().unwrap(), honest.iter().max().unwrap());
		prop_assert!(price(*low) <= median && median <= price(*high));
	}

	/// Whatever is fed: an accepted value moves by at most the band, unless as many full rounds as
	/// governed came before.
	#[test]
	fn a_jump_needs_its_rounds(rounds in prop::collection::vec((50u64..200, 1usize..=5), 1..40)) {
		let mut feed = Feed::<Price>::default();
		let mut values = fed(&[(100, 0); 5]);
		feed.observe(&values, &LIMITS, 1);
		values = fed(&[(100, 2); 5]);
		feed.observe(&values, &LIMITS, 2);
		let mut last = feed.value();
		let mut outside = 0;
		for (step, (whole, operators)) in rounds.into_iter().enumerate() {
			let now = 3 + step as u64;
			for value in values.iter_mut().take(operators) {
				*value = (price(whole), now);
			}
			let outcome = feed.observe(&values, &LIMITS, now);
			if let (Outcome::Accepted(value), Some(last)) = (outcome, last) {
				let jumped = value.gap(&last, &last) > LIMITS.deviation_max;
				prop_assert!(!jumped || outside >= 3, "{outside} looks outside");
			}
			outside = match outcome {
				Outcome::Accepted(_) => 0,
				_ => outside + 1,
			};
			prop_assert!(feed.pending().is_none_or(|pending| pending.is_sound()));
			last = feed.value();
		}
	}
}
