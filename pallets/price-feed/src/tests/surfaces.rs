//! Volatility surfaces: what counts, what is accepted, what a median becomes.

use crate::{mock::*, observation::Observation, Event};
use ballast_primitives::{
	time::years_between, Correlation, Quality, Rate, Ratio, SliceQuote, SurfaceQuote, Volatility,
};
use ballast_traits::{InspectMarket, MutateMarket};
use proptest::prelude::*;

const DAY: u64 = 86_400;

/// A skewed surface that is free of arbitrage.
fn skewed(percent: u32, rho: i32) -> SurfaceQuote {
	let mut quote = flat(percent);
	for (slice, psi) in quote.tenors.iter_mut().zip([8, 11, 16, 22, 27, 38]) {
		slice.rho = Correlation::from_percent(rho);
		slice.psi = Ratio::from_percent(psi);
		slice.carry = Rate::from_basis_points(500);
		slice.rate = Rate::from_basis_points(300);
	}
	quote
}

fn surface() -> SurfaceQuote {
	PriceFeed::state(BTC).unwrap().volatility
}

#[test]
fn a_surface_prices_skew_carry_and_rate() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		feed_all(10_000);
		(1..=5).for_each(|operator| feed_volatility(operator, skewed(60, -30)));
		PriceFeed::accept_ticks();
		assert_eq!(surface(), skewed(60, -30));
		let now = PriceFeed::now();
		let float = |strike: u64, days: u64| {
			let found = PriceFeed::volatility_view(BTC, price(strike), now + days * DAY);
			found.unwrap().into_inner() as f64 / 1e18
		};
		// rho below zero: low strikes are dearer, and both wings rise
		assert!(float(6_000, 30) > float(10_000, 30) + 0.02);
		assert!(float(30_000, 30) > float(12_000, 30));
		let state = PriceFeed::state(BTC).unwrap();
		let years = years_between(now, now + 90 * DAY);
		let q = |value: ballast_math::Q64| value.to_bits() as f64 / 2f64.powi(64);
		let forward = q(state.forward(years).unwrap());
		assert!((forward - 10_000.0 * (0.05f64 * 90.0 / 365.0).exp()).abs() < 1e-9);
		let discount = q(state.discount(years).unwrap());
		assert!((discount - (-0.03f64 * 90.0 / 365.0).exp()).abs() < 1e-15);
	});
}

#[test]
fn a_surface_with_arbitrage_does_not_count_and_its_operator_is_named() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let mut butterfly = skewed(60, -30);
		butterfly.tenors[0].psi = Ratio::from_percent(200);
		let mut crossing = skewed(60, -30);
		crossing.tenors[3].psi = Ratio::from_percent(60);
		let mut falling = flat(60);
		falling.tenors[2].volatility = Volatility::from_percent(30);
		let mut no_correlation = skewed(60, -30);
		no_correlation.tenors[5].rho = Correlation::from_percent(100);
		let mut steep_carry = skewed(60, -30);
		steep_carry.tenors[1].carry = Rate::from_basis_points(-40_001);
		for bad in [butterfly, crossing, falling, no_correlation, steep_carry] {
			assert!(!bad.is_plausible(), "{bad:?}");
			next_block(3);
			feed_all(10_000);
			for operator in 1..=5 {
				feed_volatility(operator, if operator == 4 { bad } else { skewed(60, -30) });
			}
			PriceFeed::accept_ticks();
			assert_eq!(surface(), skewed(60, -30));
			let ignored = Event::ValueIgnored { underlying: BTC, operator: 4 };
			assert!(events().contains(&ignored));
			assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::Good);
		}
	});
}

#[test]
fn the_median_of_three_surfaces_may_cross_and_is_projected() {
	// each rises in psi where another does not: their medians by component need not be one of them
	let quote = |psis: [u32; 6], rhos: [i32; 6]| {
		let mut quote = flat(60);
		for (slice, (psi, rho)) in quote.tenors.iter_mut().zip(psis.into_iter().zip(rhos)) {
			slice.psi = Ratio::from_percent(psi);
			slice.rho = Correlation::from_percent(rho);
		}
		quote
	};
	let surfaces = [
		quote([6, 8, 12, 17, 20, 28], [-80, -80, -80, -80, -80, -80]),
		quote([14, 18, 26, 36, 43, 60], [0, 0, 0, 0, 0, 0]),
		quote([10, 14, 20, 28, 34, 48], [50, 40, 20, 0, -10, -20]),
	];
	surfaces.iter().for_each(|surface| assert!(surface.is_plausible(), "{surface:?}"));
	let median = SurfaceQuote::median(&surfaces).unwrap();
	assert!(median.is_plausible(), "{median:?}");
}

#[test]
fn the_band_counts_every_figure() {
	let base = skewed(60, -30);
	let changed = |change: fn(&mut SliceQuote)| {
		let mut quote = base;
		change(&mut quote.tenors[3]);
		quote.gap(&base, &base)
	};
	assert_eq!(changed(|_| {}), Ratio::ZERO);
	assert_eq!(
		changed(|slice| slice.volatility = Volatility::from_percent(75)),
		Ratio::from_percent(25)
	);
	assert_eq!(changed(|slice| slice.rho = Correlation::from_percent(10)), Ratio::from_percent(40));
	assert_eq!(changed(|slice| slice.psi = Ratio::from_percent(32)), Ratio::from_percent(10));
	assert_eq!(
		changed(|slice| slice.carry = Rate::from_basis_points(-500)),
		Ratio::from_percent(10)
	);
	assert_eq!(
		changed(|slice| slice.rate = Rate::from_basis_points(10_300)),
		Ratio::from_percent(100)
	);
}

#[test]
fn the_marks_of_an_admissible_surface_have_no_arbitrage() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		feed_all(10_000);
		(1..=5).for_each(|operator| feed_volatility(operator, skewed(60, -30)));
		PriceFeed::accept_ticks();
		let now = PriceFeed::now();
		// out of order, with repetitions, a past expiry and a strike beyond the domain
		let strikes = || (1..60).rev().map(|n| price(500 * n)).collect::<Vec<_>>();
		let mut wild = strikes();
		wild.extend([price(10_000), price(50_000_000)]);
		let chain = [400, 30, 8, 1, 95]
			.map(|days| (now + days * DAY, strikes()))
			.into_iter()
			.chain([(now + 45 * DAY, wild), (now, strikes())])
			.collect();
		let view = PriceFeed::integrity_view(BTC, chain).unwrap();
		assert_eq!(view.strikes, 6 * 59);
		let dust = 1_000_000; // 1e-12 dollars on prices up to 10,000: the rounding of prices
		for violation in [view.parity, view.monotonicity, view.convexity] {
			assert!(violation.into_inner() < dust, "{view:?}");
		}
		assert!(view.calendar.into_inner() < 100, "{view:?}");
		assert_eq!(PriceFeed::integrity_view(ETH, vec![]), None);
		assert_eq!(PriceFeed::integrity_view(BTC, vec![]).unwrap().strikes, 0);
	});
}

prop_compose! {
	/// An admissible surface: what operators with their own opinions feed.
	fn admissible()(
		volatility in 20u32..150,
		rises in prop::array::uniform6(0u32..20),
		rho in -80i32..80,
		turns in prop::array::uniform6(-15i32..15),
		steepness in 1u32..15,
	) -> SurfaceQuote {
		let mut quote = flat(volatility);
		let mut level = volatility;
		for ((slice, rise), turn) in quote.tenors.iter_mut().zip(rises).zip(turns) {
			level += rise;
			slice.volatility = Volatility::from_percent(level);
			slice.rho = Correlation::from_percent((rho + turn).clamp(-95, 95));
		}
		for (slice, psi) in quote.tenors.iter_mut().zip([10u32, 14, 21, 30, 36, 51]) {
			slice.psi = Ratio::from_basis_points(psi * steepness * 10);
		}
		quote.projected().unwrap()
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

	/// Whatever admissible surfaces are fed, what is accepted is admissible, with wings no steeper than
	/// the steepest and no less variance than the least that was fed.
	#[test]
	fn medians_of_admissible_surfaces_are_admissible(
		surfaces in prop::collection::vec(admissible(), 1..7),
	) {
		for surface in &surfaces {
			prop_assert!(surface.is_plausible(), "{surface:?}");
		}
		let median = SurfaceQuote::median(&surfaces).unwrap();
		prop_assert!(median.is_plausible(), "{median:?}");
		for (tenor, slice) in median.tenors.iter().enumerate() {
			let of = |pick: fn(&SliceQuote) -> i128| {
				surfaces.iter().map(move |surface| pick(&surface.tenors[tenor]))
			};
			let psi = |slice: &SliceQuote| slice.psi.into_inner() as i128;
			prop_assert!(psi(slice) <= of(psi).max().unwrap());
			let volatility = |slice: &SliceQuote| slice.volatility.into_inner() as i128;
			prop_assert!(volatility(slice) >= of(volatility).min().unwrap());
		}
		if surfaces.len() == 1 {
			prop_assert_eq!(median, surfaces[0]);
		}
	}
}
