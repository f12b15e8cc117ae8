//! How far apart the operators are: `(highest - lowest) / median` of the values that made the accepted
//! tick, rounded up.

use crate::{mock::*, PRICE_MAX};
use ballast_primitives::{Price, Quality, Ratio};
use ballast_traits::{InspectMarket, MutateMarket};
use proptest::prelude::*;

fn dispersion() -> Ratio {
	PriceFeed::state(BTC).unwrap().dispersion
}

/// A block in which operators 1, 2, ... feed these prices.
fn block_of(prices: &[u64]) {
	next_block(3);
	prices.iter().zip(1..).for_each(|(whole, operator)| feed(operator, *whole));
	PriceFeed::accept_ticks();
}

#[test]
fn operators_that_agree_have_none() {
	ExtBuilder::default().fed().build_and_execute(|| assert_eq!(dispersion(), Ratio::ZERO));
}

#[test]
fn it_is_rounded_up() {
	ExtBuilder::default().fed().build_and_execute(|| {
		block_of(&[9_999, 9_999, 9_999, 9_999, 10_000]);
		// 1 / 9,999 = 0.000 100 010 001 000 100 010 ...
		assert_eq!(dispersion().into_inner(), 100_010_001_000_101);
	});
}

#[test]
fn it_is_that_of_the_accepted_tick_and_of_values_that_count() {
	ExtBuilder::default().fed().build_and_execute(|| {
		block_of(&[9_900, 10_000, 10_000, 10_000, 10_100]);
		assert_eq!(dispersion(), Ratio::from_percent(2));
		// nothing new, a tick that is refused: the accepted one has the dispersion it had
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(dispersion(), Ratio::from_percent(2));
		block_of(&[5_000, 5_000, 5_000, 9_000, 20_000]);
		assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::Unconfirmed);
		assert_eq!(dispersion(), Ratio::from_percent(2));
		// what cannot be true, and what is stale, does not count
		next_block(3);
		(1..=3).for_each(|operator| feed(operator, 10_000));
		feed(4, 10_050);
		feed_of(BTC, 5, PRICE_MAX.checked_add(Price::from_inner(1)).unwrap());
		PriceFeed::accept_ticks();
		assert_eq!(dispersion(), Ratio::from_basis_points(50));
		next_block(121);
		(1..=3).for_each(|operator| feed(operator, 10_000));
		PriceFeed::accept_ticks();
		assert_eq!(dispersion(), Ratio::ZERO);
	});
}

/// It is a measure of disagreement, not a robust one: whoever charges for it must bound the charge.
#[test]
fn one_operator_alone_can_make_it_larger_than_one() {
	ExtBuilder::default().fed().build_and_execute(|| {
		block_of(&[10_000, 10_000, 10_000, 10_000, 1_000_000]);
		assert_eq!(spot(), price(10_000));
		assert_eq!(dispersion(), Ratio::from_percent(9_900));
		assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::Good);
	});
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

	/// Whatever is accepted: the least number of 18 decimals that is not below the quotient.
	#[test]
	fn it_is_the_range_over_the_median(
		prices in prop::collection::vec(9_200_000_000_000_000_000_000u128..10_800_000_000_000_000_000_000, 3..=5),
	) {
		let mut outcome = Ok(());
		ExtBuilder::default().fed().build_and_execute(|| {
			Operators::set((1..=prices.len() as u64).collect());
			next_block(3);
			for (inner, operator) in prices.iter().zip(1..) {
				feed_of(BTC, operator, Price::from_inner(*inner));
			}
			PriceFeed::accept_ticks();
			let median = spot().into_inner();
			let range = prices.iter().max().unwrap() - prices.iter().min().unwrap();
			let found = dispersion().into_inner();
			// range x 1e18 <= found x median < range x 1e18 + median, in 256 bits by halves
			let wide = |a: u128, b: u128| sp_core::U256::from(a) * sp_core::U256::from(b);
			let exact = wide(range, 1_000_000_000_000_000_000);
			let product = wide(found, median);
			outcome = if product >= exact && product - exact < sp_core::U256::from(median) {
				Ok(())
			} else {
				Err(TestCaseError::fail(format!("{found} {prices:?}")))
			};
		});
		outcome?;
	}
}
