//! Interpolation of the volatility surface.

use ballast_math::{
	fixed::{Rounding, Q64},
	surface::{volatility, VOLATILITY_MAX, VOLATILITY_MIN},
	MathError,
};
use proptest::prelude::*;

const DAYS: [i128; 6] = [7, 14, 30, 60, 90, 180];

fn years(days: i128) -> Q64 {
	Q64::from_ratio(days, 365, Rounding::Nearest).unwrap()
}

fn tenors() -> Vec<Q64> {
	DAYS.iter().map(|days| years(*days)).collect()
}

fn e18(value: i128) -> Q64 {
	Q64::from_e18(value).unwrap()
}

fn percent(value: i128) -> Q64 {
	e18(value * 10_000_000_000_000_000)
}

fn distance(a: Q64, b: Q64) -> i128 {
	(a.to_bits() - b.to_bits()).abs()
}

/// Total variance in floating point, for properties.
fn total(vol: Q64, years: Q64) -> f64 {
	let float = |x: Q64| x.to_bits() as f64 / 2f64.powi(64);
	float(vol).powi(2) * float(years)
}

/// 1e-17 in units of the last place.
const TOLERANCE: i128 = 185;

#[test]
fn a_flat_surface_is_flat() {
	let vols = [percent(80); 6];
	for days in [0, 1, 7, 8, 20, 45, 100, 180, 181, 365, 1_095] {
		let vol = volatility(&tenors(), &vols, years(days)).unwrap();
		assert!(distance(vol, percent(80)) <= TOLERANCE, "{days} days");
	}
}

#[test]
fn quotes_come_back_at_their_tenors() {
	let vols = [90, 85, 80, 76, 75, 74].map(percent);
	for (days, vol) in DAYS.iter().zip(vols) {
		let found = volatility(&tenors(), &vols, years(*days)).unwrap();
		assert!(distance(found, vol) <= TOLERANCE, "{days} days");
	}
	assert_eq!(volatility(&tenors(), &vols, years(7)), Ok(percent(90)));
	assert_eq!(volatility(&tenors(), &vols, Q64::ZERO), Ok(percent(90)));
	assert_eq!(volatility(&tenors(), &vols, Q64::from_bits(1)), Ok(percent(90)));
}

#[test]
fn worked_examples_to_18_digits() {
	// tenors 30 and 60 days at 80% and 70%: w = 0.64 * 30/365 and 0.49 * 60/365.
	// at 45 days w = (0.64*30 + 0.49*60) / 2 / 365, sigma = sqrt(24.3 / 45) = sqrt(0.54)
	let two = [years(30), years(60)];
	let vols = [percent(80), percent(70)];
	let vol = volatility(&two, &vols, years(45)).unwrap();
	assert!(distance(vol, e18(734_846_922_834_953_429)) <= TOLERANCE);
	// at 90 days: forward variance (29.4 - 19.2)/30 = 0.34, w = 39.6/365, sigma = sqrt(0.44)
	let vol = volatility(&two, &vols, years(90)).unwrap();
	assert!(distance(vol, e18(663_324_958_071_079_970)) <= TOLERANCE);
	// three tenors, between the second and the third: 0.49*60 = 29.4, 0.36*90 = 32.4; at 75: 30.9/75
	let three = [years(30), years(60), years(90)];
	let vols = [percent(80), percent(70), percent(60)];
	let vol = volatility(&three, &vols, years(75)).unwrap();
	assert!(distance(vol, e18(641_872_261_435_248_501)) <= TOLERANCE);
}

#[test]
fn falling_total_variance_is_raised() {
	// 100% for 30 days is w = 30/365; 10% for 60 days would be 0.6/365: nothing may be gained by
	// waiting, so w stays at 30/365 and sigma(60 d) = sqrt(1/2); the forward variance is zero.
	let two = [years(30), years(60)];
	let vols = [percent(100), percent(10)];
	let vol = volatility(&two, &vols, years(60)).unwrap();
	assert!(distance(vol, e18(707_106_781_186_547_524)) <= TOLERANCE);
	let vol = volatility(&two, &vols, years(120)).unwrap();
	assert!(distance(vol, percent(50)) <= TOLERANCE);
}

#[test]
fn the_result_keeps_to_the_domain_of_pricing() {
	let two = [years(30), years(60)];
	let steep = [VOLATILITY_MIN, VOLATILITY_MAX];
	assert_eq!(volatility(&two, &steep, years(1_095)), Ok(VOLATILITY_MAX));
	let dead = [percent(2), VOLATILITY_MIN];
	assert_eq!(volatility(&two, &dead, years(365_000)), Ok(VOLATILITY_MIN));
	// nothing overflows, however long
	assert_eq!(volatility(&two, &dead, Q64::MAX), Ok(VOLATILITY_MIN));
	assert_eq!(volatility(&two, &steep, Q64::MAX), Ok(VOLATILITY_MAX));
	assert_eq!(volatility(&[years(30)], &[percent(70)], years(400)), Ok(percent(70)));
}

#[test]
fn bad_arguments_are_out_of_domain() {
	let two = [years(30), years(60)];
	let good = [percent(50), percent(50)];
	let cases: [(&[Q64], &[Q64], Q64); 8] = [
		(&[], &[], years(1)),
		(&two, &good[..1], years(1)),
		(&two, &good, Q64::from_bits(-1)),
		(&[years(60), years(30)], &good, years(61)),
		(&[years(30), years(30)], &good, years(61)),
		(&[Q64::ZERO, years(30)], &good, years(1)),
		(&two, &[percent(50), Q64::ZERO], years(45)),
		(&two, &[percent(1_001), percent(50)], years(1)),
	];
	for (tenors, vols, years) in cases {
		assert_eq!(volatility(tenors, vols, years), Err(MathError::OutOfDomain));
	}
}

prop_compose! {
	fn any_vols()(vols in prop::collection::vec(10_000_000_000_000_000i128..=10_000_000_000_000_000_000, 6))
		-> Vec<Q64> {
		vols.into_iter().map(e18).collect()
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_000))]

	/// No calendar spread costs less than nothing, whatever is quoted.
	#[test]
	fn total_variance_never_falls(vols in any_vols(), a in 0u64..94_608_000, b in 0u64..94_608_000) {
		let at = |s: u64| Q64::from_ratio(i128::from(s), 31_536_000, Rounding::Nearest).unwrap();
		let (early, late) = (at(a.min(b)), at(a.max(b)));
		let first = total(volatility(&tenors(), &vols, early).unwrap(), early);
		let second = total(volatility(&tenors(), &vols, late).unwrap(), late);
		prop_assert!(second >= first - first.abs() * 1e-13 - 1e-16, "{first} {second}");
	}

	/// Inside the domain of pricing, and never below what is quoted at a tenor.
	#[test]
	fn result_is_in_the_domain(vols in any_vols(), s in 0u64..94_608_000, which in 0usize..6) {
		let at = Q64::from_ratio(i128::from(s), 31_536_000, Rounding::Nearest).unwrap();
		let vol = volatility(&tenors(), &vols, at).unwrap();
		prop_assert!((VOLATILITY_MIN..=VOLATILITY_MAX).contains(&vol));
		let quoted = volatility(&tenors(), &vols, years(DAYS[which])).unwrap();
		prop_assert!(quoted.to_bits() >= vols[which].to_bits() - 20 * TOLERANCE);
	}

	/// A higher quote at one tenor never lowers the surface up to that tenor.
	#[test]
	fn monotone_in_quotes(vols in any_vols(), which in 0usize..6, more in 0i128..1_000_000_000_000_000_000, s in 0u64..15_552_000) {
		let at = Q64::from_ratio(i128::from(s), 31_536_000, Rounding::Nearest).unwrap();
		let mut higher = vols.clone();
		let raised = higher[which].checked_add(e18(more)).unwrap();
		higher[which] = raised.min(VOLATILITY_MAX);
		let low = volatility(&tenors(), &vols, at).unwrap();
		let high = volatility(&tenors(), &higher, at).unwrap();
		prop_assert!(high.to_bits() >= low.to_bits() - 20 * TOLERANCE);
	}
}
