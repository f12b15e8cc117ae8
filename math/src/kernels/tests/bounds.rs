//! The bounds stated in the documentation follow from the proven ones, and the proven ones are of this code.

#![allow(
	clippy::assertions_on_constants,
	reason = "the constants are generated, and asserted here"
)]

use crate::{
	kernels::{
		certified::{self, BOUND_BITS},
		exponential::{exp_parts, exp_word},
		logarithm::minus_ln,
		normal::{mills, MILLS_END},
		quantile::distance,
		reciprocal::reciprocal,
		root::root_u128,
		tables::{MILLS, QUANTILE},
	},
	wide::join,
};

/// One unit in the last place.
const UNIT: f64 = 1.0 / 18_446_744_073_709_551_616.0;

fn value(bound: u64) -> f64 {
	bound as f64 * 2f64.powi(-BOUND_BITS)
}

fn largest(bounds: &[u64]) -> f64 {
	value(bounds.iter().copied().max().unwrap())
}

#[test]
fn exponential_and_logarithm_are_within_what_is_stated() {
	assert_eq!(certified::EXP.len(), 256);
	assert!(largest(&certified::EXP) <= 3.9e-19);
	// in the public function the last place comes on top, where the value is at most one
	assert!(largest(&certified::EXP) + UNIT <= 4.4e-19);
	assert_eq!(certified::LN.len(), 128);
	assert!(largest(&certified::LN) <= 1.6e-21);
	assert!(value(certified::LN_RELATIVE) <= 2e-19);
	// the public function adds a multiple of ln 2, in 120 digits, and is rounded to nearest
	assert!(largest(&certified::LN) + 128.0 * 2f64.powi(-121) + UNIT / 2.0 <= 3e-20);
}

#[test]
fn every_cell_of_the_normal_distribution_is_within_what_is_stated() {
	assert_eq!(MILLS.len() as u64, MILLS_END >> 56);
	for bounds in [certified::MILLS, certified::TAIL, certified::CDF, certified::PDF] {
		assert_eq!(bounds.len(), MILLS.len());
	}
	for cell in 0..MILLS.len() {
		assert!(value(certified::MILLS[cell]) <= 8.4e-20, "cell {cell}");
		assert!(value(certified::CDF[cell]) <= 5.3e-19, "cell {cell}");
		assert!(value(certified::PDF[cell]) <= 3.8e-19, "cell {cell}");
		let right = (cell + 1) as f64 / 16.0;
		let stated = match right {
			x if x <= 2.0 => 1e-18,
			x if x <= 5.0 => 1.6e-18,
			_ => 2.9e-18,
		};
		assert!(value(certified::TAIL[cell]) <= stated, "cell {cell}");
	}
}

#[test]
fn every_cell_of_the_quantile_is_within_what_is_stated_and_rises() {
	assert_eq!(certified::QUANTILE.len(), QUANTILE.len());
	assert_eq!(certified::QUANTILE_GAP.len(), QUANTILE.len());
	for (cell, bound) in certified::QUANTILE.iter().enumerate() {
		assert!(value(*bound) <= 8.4e-20, "cell {cell}");
		// neighbouring arguments are further apart than their errors reach, across the cell's end too
		let next = certified::QUANTILE.get(cell + 1).unwrap_or(bound);
		assert!(bound + bound.max(next) < certified::QUANTILE_GAP[cell], "cell {cell}");
	}
	// times the density of at most 0.39895, in a probability
	assert!(largest(&certified::QUANTILE) * 0.398_95 <= 3.4e-20);
}

#[test]
fn reciprocals_and_roots_are_within_what_is_stated() {
	assert!(value(certified::RECIPROCAL) <= 2f64.powi(-62));
	assert!(certified::RATIO < 1 << 10);
	// the remainder decides between neighbours: enough up to a unit and a half
	assert!(certified::ROOT_CANDIDATE < 1_500);
}

#[test]
fn prices_and_greeks_are_within_what_is_stated() {
	assert!(certified::PRICE <= 1.4e-18);
	assert!(certified::TAIL_PRICE <= 1.6e-18);
	assert!(certified::DELTA <= 1.6e-18);
	assert!(certified::VEGA <= 1.8e-18);
	assert!(certified::GAMMA <= 2.3e-17);
	assert!(certified::THETA <= 1.9e-17);
	assert!(certified::VANNA <= 4.9e-18);
	assert!(certified::VOLGA <= 1.4e-17);
	// -T V: the price, its 64 digits, those of T and the product's
	assert!(certified::PRICE + 4.2 * UNIT <= 1.7e-18);
	// r V: the price, its 64 digits, those of r = -ln D / T and the product's
	let rate = value(certified::LN_RELATIVE) + value(certified::RECIPROCAL) + 4.2 * UNIT;
	assert!(certified::PRICE + rate + 3.0 * UNIT <= 2.1e-18);
}

/// Sum of `f` over pseudo-random arguments.
fn fingerprint(f: impl Fn(u64, u64) -> u64) -> u64 {
	let mut state = 1u64;
	let mut next = || {
		state =
			state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
		state
	};
	(0..4096).fold(0, |sum: u64, _| {
		let (a, b) = (next(), next());
		sum.wrapping_add(f(a, b))
	})
}

#[test]
fn evaluation_is_the_one_the_bounds_are_derived_for() {
	let found = [
		fingerprint(|a, b| exp_word((a % 109) as i64 - 64, b).unwrap().0),
		fingerprint(|a, b| minus_ln(join(a, b) >> (a % 64)) as u64),
		fingerprint(|a, _| mills(a % MILLS_END)),
		fingerprint(|a, b| distance(minus_ln(join((a >> (1 + b % 62)) | 1, 0))).unwrap() as u64),
		fingerprint(|a, _| reciprocal(a | 1 << 63)),
		fingerprint(|a, b| root_u128(join(a | 1 << 62, b))),
	];
	assert_eq!(found, certified::FINGERPRINTS);
	// the word of the exponential is what the function goes on with
	let (word, exponent) = exp_word(-3, 1 << 62).unwrap();
	assert_eq!(
		exp_parts(-3, 1 << 62),
		Some(crate::kernels::mantissa::Mantissa::new(word, exponent))
	);
}
