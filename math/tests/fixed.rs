//! `Q64` against integers of any width.

use ballast_math::{Rounding, E18, Q64};
use num_bigint::BigInt;
use proptest::prelude::*;

/// `num / den` rounded as named.
fn divide(num: BigInt, den: BigInt, rounding: Rounding) -> BigInt {
	let zero = BigInt::from(0);
	let (num, den) = if den < zero { (-num, -den) } else { (num, den) };
	let negative = num < zero;
	let magnitude = if negative { -num } else { num };
	let (whole, rest) = (&magnitude / &den, &magnitude % &den);
	let up = match rounding {
		_ if rest == zero => false,
		Rounding::Floor => negative,
		Rounding::Ceil => !negative,
		Rounding::Nearest => rest * 2 >= den,
	};
	let whole = if up { whole + 1 } else { whole };
	if negative {
		-whole
	} else {
		whole
	}
}

/// The bits as a `Q64`, if they fit.
fn fits(bits: BigInt) -> Option<Q64> {
	i128::try_from(bits).ok().map(Q64::from_bits)
}

fn two_to(power: u32) -> BigInt {
	BigInt::from(1) << power
}

/// Bits of every length, both signs, and the numbers around each power of two.
fn bits() -> impl Strategy<Value = i128> {
	let any = (any::<i128>(), 0u32..128).prop_map(|(n, shift)| n >> shift);
	let edge = (0u32..127, -2i128..3).prop_map(|(p, d)| (1i128 << p).wrapping_add(d));
	prop_oneof![
		4 => any,
		2 => edge.clone(),
		1 => edge.prop_map(i128::wrapping_neg),
		1 => Just(i128::MIN),
		1 => Just(i128::MAX),
		1 => Just(0),
	]
}

fn rounding() -> impl Strategy<Value = Rounding> {
	prop_oneof![Just(Rounding::Floor), Just(Rounding::Ceil), Just(Rounding::Nearest)]
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) })]

	#[test]
	fn product_is_the_exact_one_rounded(a in bits(), b in bits(), r in rounding()) {
		let expected = divide(BigInt::from(a) * BigInt::from(b), two_to(64), r);
		prop_assert_eq!(Q64::from_bits(a).checked_mul(Q64::from_bits(b), r), fits(expected));
	}

	#[test]
	fn quotient_is_the_exact_one_rounded(a in bits(), b in bits(), r in rounding()) {
		let expected = if b == 0 {
			None
		} else {
			fits(divide(BigInt::from(a) * two_to(64), BigInt::from(b), r))
		};
		prop_assert_eq!(Q64::from_bits(a).checked_div(Q64::from_bits(b), r), expected);
		prop_assert_eq!(Q64::from_ratio(a, b, r), expected);
	}

	#[test]
	fn ledger_values_are_converted_to_nearest(value in bits()) {
		let expected = divide(BigInt::from(value) * two_to(64), BigInt::from(E18), Rounding::Nearest);
		prop_assert_eq!(Q64::from_e18(value), fits(expected));
	}

	#[test]
	fn ledger_values_come_back_unchanged(value in bits()) {
		if let Some(converted) = Q64::from_e18(value) {
			prop_assert_eq!(converted.to_e18(Rounding::Nearest), Some(value));
		}
	}

	#[test]
	fn conversion_to_the_ledger_is_the_exact_one_rounded(value in bits(), r in rounding()) {
		let expected = divide(BigInt::from(value) * BigInt::from(E18), two_to(64), r);
		prop_assert_eq!(Q64::from_bits(value).to_e18(r).map(BigInt::from), Some(expected));
	}

	#[test]
	fn sums_are_exact_or_refused(a in bits(), b in bits()) {
		let (x, y) = (Q64::from_bits(a), Q64::from_bits(b));
		prop_assert_eq!(x.checked_add(y), fits(BigInt::from(a) + BigInt::from(b)));
		prop_assert_eq!(x.checked_sub(y), fits(BigInt::from(a) - BigInt::from(b)));
		prop_assert_eq!(x.checked_neg(), fits(-BigInt::from(a)));
		prop_assert_eq!(x.checked_abs(), fits(BigInt::from(a.unsigned_abs())));
		prop_assert_eq!(x.cmp(&y), a.cmp(&b));
		prop_assert_eq!(
			(x.is_negative(), x.is_zero(), x.is_positive()),
			(a < 0, a == 0, a > 0)
		);
	}
}

#[test]
fn whole_numbers_convert_exactly() {
	for n in [0, 1, -1, 7, i64::MAX, i64::MIN] {
		assert_eq!(Q64::from_int(n).to_bits(), (n as i128) << 64);
	}
	assert_eq!(Q64::from_e18(3 * E18 / 2), Some(Q64::from_bits(3 << 63)));
	assert_eq!(Q64::MIN.to_e18(Rounding::Nearest), Some(-(1 << 63) * E18));
}
