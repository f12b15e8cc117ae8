//! The pieces below the public functions: tables, reciprocals, roots, against exact integers; and the proven
//! bounds against the stated ones.

mod bounds;

use super::{
	exp, inverse_cdf, ln,
	logarithm::minus_ln,
	mantissa::Mantissa,
	norm_cdf, norm_pdf,
	normal::{mills, tail, MILLS_END},
	product::mul_hi_short,
	reciprocal::{ratio, reciprocal},
	sqrt,
	tables::{EXP_FRACTION, EXP_INTEGER, LN_2, LN_CELL, MILLS},
};
use crate::{error::MathError, fixed::Q64, wide};
use num_bigint::BigUint;
use proptest::prelude::*;

#[test]
fn neighbouring_cells_of_the_mills_table_meet() {
	for cell in 1..MILLS.len() as u64 {
		let edge = cell << 56;
		let (before, at) = (mills(edge - 1), mills(edge));
		// one step of the argument is 16 units and the slope at most 1/2; two errors of 2 units
		assert!(before.abs_diff(at) <= 12, "cell {cell}: {before} and {at}");
	}
	assert_eq!(mills(0), 1 << 63);
}

#[test]
fn tables_of_exponentials_are_consistent() {
	// e^(n+1) / e^n is the same for all n, and the last fraction times e^(1/256) completes e
	for pair in EXP_INTEGER.windows(2) {
		let [(a, ea), (b, eb)] = [pair[0], pair[1]];
		let quotient = b as f64 / a as f64 * 2f64.powi(eb - ea);
		assert!((quotient / core::f64::consts::E - 1.0).abs() < 1e-15);
	}
	assert_eq!(EXP_INTEGER[64], (1 << 63, 1));
	for (j, lost) in EXP_FRACTION.iter().enumerate() {
		let expected = -(-(j as f64) / 256.0).exp_m1();
		assert!((*lost as f64 / 2f64.powi(64) - expected).abs() < 1e-15, "{j}");
	}
}

#[test]
fn cells_of_the_logarithm_bring_their_numbers_just_below_one() {
	for (i, (g, log)) in LN_CELL.iter().enumerate() {
		let factor = (1 << 15) + g;
		let (low, high) = ((128 + i as u64) * factor, (129 + i as u64) * factor);
		assert!(high <= 256 << 15, "cell {i}");
		assert!((256 << 15) - low < 256 << 8, "cell {i}");
		let expected = (factor as f64 / 32_768.0).ln();
		assert!((*log as f64 / 2f64.powi(120) - expected).abs() < 1e-15, "cell {i}");
	}
	assert!((LN_2 as f64 / 2f64.powi(120) - core::f64::consts::LN_2).abs() < 1e-15);
}

#[test]
fn special_arguments() {
	let half = Q64::from_bits(1 << 63);
	assert_eq!(exp(Q64::ZERO), Ok(Q64::ONE));
	assert_eq!(exp(Q64::from_int(-45)), Ok(Q64::ZERO));
	assert_eq!(exp(Q64::MIN), Ok(Q64::ZERO));
	assert_eq!(exp(Q64::from_int(44)), Err(MathError::Overflow));
	assert_eq!(exp(Q64::MAX), Err(MathError::Overflow));
	assert_eq!(ln(Q64::ONE), Ok(Q64::ZERO));
	assert_eq!(ln(Q64::ZERO), Err(MathError::OutOfDomain));
	assert_eq!(ln(Q64::from_int(-1)), Err(MathError::OutOfDomain));
	assert_eq!(sqrt(Q64::ZERO), Ok(Q64::ZERO));
	assert_eq!(sqrt(Q64::from_int(-1)), Err(MathError::OutOfDomain));
	assert_eq!(norm_cdf(Q64::ZERO), half);
	assert_eq!(norm_cdf(Q64::MIN), Q64::ZERO);
	assert_eq!(norm_cdf(Q64::MAX), Q64::ONE);
	assert_eq!(norm_pdf(Q64::MIN), Q64::ZERO);
	assert_eq!(inverse_cdf(half), Ok(Q64::ZERO));
	for outside in [Q64::ZERO, Q64::ONE, Q64::from_int(-1), Q64::MAX, Q64::MIN] {
		assert_eq!(inverse_cdf(outside), Err(MathError::OutOfDomain));
	}
	// Phi(-9.080...) = 2^-64
	let least = inverse_cdf(Q64::from_bits(1)).unwrap().to_bits() as f64 / 2f64.powi(64);
	assert!((least + 9.080_155_1).abs() < 1e-6, "{least}");
}

/// Words with their top bit set, the ends and the neighbours of powers of two included.
fn normalised() -> impl Strategy<Value = u64> {
	let edge = (0u32..63, any::<bool>()).prop_map(|(p, up)| {
		let step = 1u64 << p;
		if up {
			(1 << 63) | step
		} else {
			u64::MAX - step + 1
		}
	});
	prop_oneof![4 => any::<u64>().prop_map(|n| n | 1 << 63), 2 => edge, 1 => Just(1 << 63)]
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20_000) })]

	#[test]
	fn half_products_equal_the_native_one(a in any::<u64>(), b in any::<u64>()) {
		let native = a as u128 * b as u128;
		prop_assert_eq!(wide::mul_halves(a, b), ((native >> 64) as u64, native as u64));
		prop_assert_eq!(wide::mul_hi_halves(a, b), (native >> 64) as u64);
	}

	#[test]
	fn word_shifts_equal_the_native_ones(a in any::<u128>(), by in 0u32..300) {
		prop_assert_eq!(wide::shl(a, by), a.checked_shl(by).unwrap_or(0));
		prop_assert_eq!(wide::shr(a, by), a.checked_shr(by).unwrap_or(0));
		let small = a.checked_shr(by).unwrap_or(0);
		let zeros = small.leading_zeros();
		prop_assert_eq!(wide::normalised(small), (small.checked_shl(zeros).unwrap_or(0), zeros));
	}

	#[test]
	fn fractions_equal_long_division(
		a in any::<u128>(), b in any::<u128>(), widths in (0u32..128, 0u32..128), ends in any::<[bool; 4]>(),
	) {
		// digits of all ones and of zeros are where estimates are wrong
		let dense = |n: u128, high: bool, low: bool| {
			let n = if high { n | 0xffff_ffff << 96 } else { n };
			if low { n & !0 << 64 } else { n }
		};
		let divisor = (dense(a, ends[0], ends[1]) >> widths.0).max(1);
		let numerator = (dense(b, ends[2], ends[3]) >> widths.1) % divisor;
		let numerator = if widths.1 == 0 { divisor - 1 } else { numerator };
		let (mut fraction, mut rest) = (0u64, numerator);
		for _ in 0..64 {
			let out = rest >> 127;
			rest <<= 1;
			fraction <<= 1;
			if out == 1 || rest >= divisor {
				rest = rest.wrapping_sub(divisor);
				fraction |= 1;
			}
		}
		let expected = Some((fraction, rest != 0, rest >= divisor - rest));
		prop_assert_eq!(wide::div_fraction(numerator, divisor), expected);
	}

	#[test]
	fn short_products_are_less_than_three_units_below(a in any::<u64>(), b in any::<u64>()) {
		let exact = a as u128 * b as u128;
		let short = (mul_hi_short(a, b) as u128) << 64;
		prop_assert!(short <= exact && exact - short < 3 << 64);
	}

	#[test]
	fn reciprocals_are_within_two_units(divisor in normalised()) {
		let exact = (u128::MAX >> 1) / divisor as u128;
		let found = reciprocal(divisor) as u128;
		prop_assert!(found.abs_diff(exact) <= 2, "{} units", found.abs_diff(exact));
	}

	#[test]
	fn ratios_are_just_below_the_true_one(a in any::<u128>(), b in any::<u128>(), shift in 0u32..60) {
		let (larger, smaller) = (a.max(b), a.min(b) >> shift);
		prop_assume!(smaller != 0 && smaller < larger);
		let exact = (BigUint::from(smaller) << 128u32) / BigUint::from(larger);
		let exact = u128::try_from(exact).unwrap();
		let found = ratio(smaller, larger);
		prop_assert!(found <= exact && exact - found < 1 << 10, "{}", exact.abs_diff(found));
	}

	#[test]
	fn roots_are_to_nearest(bits in any::<u128>(), shift in 1u32..127) {
		let bits = (bits >> shift) as i128;
		let root = sqrt(Q64::from_bits(bits)).unwrap().to_bits() as u128;
		// in a unit where the root has 64 bits or more: |root^2 - x| <= root + 1/4
		let exact = BigUint::from(bits as u128) << 64u32;
		let square = BigUint::from(root) * BigUint::from(root);
		let gap = if square > exact { &square - &exact } else { &exact - &square };
		// the last place of the result, or of the 64 significant bits where it has more
		let last = BigUint::from(root >> 63).max(BigUint::from(1u8));
		prop_assert!(gap <= BigUint::from(root) * last + 1u8);
	}

	#[test]
	fn squares_have_exact_roots(n in 0u32..1 << 31) {
		let square = (n as i128 * n as i128) << 64;
		prop_assert_eq!(sqrt(Q64::from_bits(square)), Ok(Q64::from_int(n as i64)));
	}

	#[test]
	fn logarithm_near_one_keeps_its_leading_digits(distance in 1u128..1 << 100) {
		// -ln(1 - d) = d + d^2/2 + ... with d below 2^-28
		let found = minus_ln(0u128.wrapping_sub(distance));
		let d = distance as f64 / 2f64.powi(128);
		let expected = d + d * d / 2.0;
		prop_assert!((found as f64 / 2f64.powi(120) - expected).abs() <= expected * 1e-14 + 2f64.powi(-119));
	}

	#[test]
	fn exponential_undoes_the_logarithm(bits in 1i128..1 << 126) {
		let x = Q64::from_bits(bits);
		let back = exp(ln(x).unwrap()).unwrap();
		// the logarithm's error, its last place and the exponential's own
		let open = bits as f64 * 1.3e-18 + 2.0;
		prop_assert!(((back.to_bits() - bits) as f64).abs() <= open);
	}

	#[test]
	fn distribution_is_symmetric_and_rising(a in -220i128 << 60..220 << 60, step in 1i128..1 << 66) {
		let (x, y) = (Q64::from_bits(a), Q64::from_bits(a + step));
		let sum = norm_cdf(x).checked_add(norm_cdf(Q64::from_bits(-a))).unwrap();
		prop_assert_eq!(sum, Q64::ONE);
		// two values within their error of 1e-18
		prop_assert!(norm_cdf(x).to_bits() <= norm_cdf(y).to_bits() + 36);
		prop_assert_eq!(norm_pdf(x), norm_pdf(Q64::from_bits(-a)));
	}

	#[test]
	fn quantile_rises_and_is_symmetric(bits in 1u64.., shift in 0u32..63, step in 0u32..64) {
		let tail = (bits >> shift).clamp(1, u64::MAX - 1);
		let further = tail.saturating_add(1 << step.min(63));
		let at = |p: u64| inverse_cdf(Q64::from_bits(p as i128)).unwrap();
		prop_assert!(at(tail) < at(further) || tail == further);
		prop_assert!(at(tail) < at(tail + 1));
		prop_assert_eq!(at(tail.wrapping_neg()).to_bits(), -at(tail).to_bits());
	}

	#[test]
	fn distribution_of_the_quantile_is_the_probability(bits in 1u64.., shift in 0u32..63) {
		let p = Q64::from_bits((bits >> shift).max(1) as i128);
		let back = norm_cdf(inverse_cdf(p).unwrap());
		// 5.3e-19 and 3.4e-20, in units of 5.4e-20
		prop_assert!(back.to_bits().abs_diff(p.to_bits()) <= 10);
	}

	#[test]
	fn quantile_of_the_distribution_is_the_argument(bits in -136i128 << 60..136 << 60) {
		let p = norm_cdf(Q64::from_bits(bits));
		prop_assume!(p.to_bits() > 64 && p.to_bits() < (1 << 64) - 64);
		let back = inverse_cdf(p).unwrap();
		let density = norm_pdf(Q64::from_bits(bits)).to_bits() as f64;
		// 5.3e-19 over the density, its curvature over such a step (twice where Phi is only a few units)
		let open = 2.0 * 10.0 * 2f64.powi(64) / density.max(1.0) + 2.0;
		prop_assert!((back.to_bits().abs_diff(bits) as f64) <= open);
	}

	#[test]
	fn tail_is_the_distribution_with_more_digits(x in 0u64..MILLS_END) {
		let small = tail(x);
		let cdf = norm_cdf(Q64::from_bits(-((x as i128) << 4)));
		prop_assert_eq!(small.to_fixed(64), Some(cdf.to_bits() as u128));
		prop_assert!(!small.is_zero());
	}

	#[test]
	fn products_in_sixty_digits_are_to_nearest(a in normalised(), b in normalised(), e in -70i32..8) {
		let found = Mantissa::new(a, e).product_q60(Mantissa::new(b, 0));
		// a b 2^(e - 128) in units of 2^-60
		let exact = BigUint::from(a) * BigUint::from(b);
		let shift = (68 - e) as u32;
		let nearest = (&exact + (BigUint::from(1u8) << (shift - 1))) >> shift;
		match found {
			Some(word) => {
				let word = BigUint::from(word);
				// a tie may go either way, since digits below the words' product are dropped
				prop_assert!(word == nearest || &word + 1u8 == nearest);
				let scaled = word << shift;
				let gap = if scaled > exact { scaled - exact } else { exact - scaled };
				prop_assert!(gap <= BigUint::from(1u8) << (shift - 1));
			}
			None => prop_assert!(nearest > BigUint::from(u64::MAX)),
		}
	}

	#[test]
	fn mantissas_multiply_like_numbers(a in any::<u128>(), b in any::<u128>(), e in -60i32..60) {
		prop_assume!(a != 0 && b != 0);
		let (x, y) = (Mantissa::from_u128(a, 0), Mantissa::from_u128(b, e));
		let value = |m: Mantissa| m.word() as f64 * 2f64.powi(m.exponent() - 64);
		let product = value(x) * value(y);
		prop_assert!((value(x.times(y)) / product - 1.0).abs() < 1e-15);
		prop_assert!((value(x.reciprocal().unwrap()) * value(x) - 1.0).abs() < 1e-15);
		prop_assert!((value(x) / (a as f64 / 2f64.powi(128)) - 1.0).abs() < 1e-15);
	}
}
