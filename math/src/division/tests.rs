use super::*;
use proptest::prelude::*;

#[test]
fn products_are_exact_before_they_are_divided() {
	assert_eq!(mul_div_floor(u128::MAX, u128::MAX, u128::MAX), Ok(u128::MAX));
	assert_eq!(mul_div_ceil(u128::MAX, 3, 4), Ok(u128::MAX / 4 * 3 + 3));
	assert_eq!(mul_div_floor(7, 3, 2), Ok(10));
	assert_eq!(mul_div_ceil(7, 3, 2), Ok(11));
	assert_eq!(mul_div_ceil(8, 3, 2), Ok(12));
	assert_eq!(mul_div_floor(u128::MAX, 2, 1), Err(MathError::Overflow));
	assert_eq!(mul_div_ceil(u128::MAX, u128::MAX, u128::MAX - 1), Err(MathError::Overflow));
	assert_eq!(mul_div_floor(1, 1, 0), Err(MathError::DivisionByZero));
	assert_eq!(mul_div_ceil(1, 1, 0), Err(MathError::DivisionByZero));
}

/// Divisors where the estimate of a quotient word is two too large, or a word and one.
#[test]
fn the_estimate_is_corrected_at_its_worst() {
	let divisors = [1u128 << 127, (1 << 127) | u128::from(u64::MAX), u128::MAX, 1 << 64, 3];
	for divisor in divisors {
		for high in [divisor - 1, divisor / 2, 0] {
			for low in [0, 1, u128::from(u64::MAX), u128::MAX - 1, u128::MAX] {
				check((high, low), divisor);
			}
		}
	}
}

/// `quotient divisor + rest = high_low` and `rest < divisor`: that is the quotient.
#[track_caller]
fn check((high, low): (u128, u128), divisor: u128) {
	let (quotient, rest) = div_wide((high, low), divisor).unwrap();
	assert!(rest < divisor);
	let product = mul_wide_u128(quotient, divisor);
	let (sum, carry) = product.1.overflowing_add(rest);
	assert_eq!((product.0 + u128::from(carry), sum), (high, low));
}

/// Any number of bits is as likely as any other.
fn any_width() -> impl Strategy<Value = u128> {
	(any::<u128>(), 0u32..128).prop_map(|(bits, shift)| bits >> shift)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

	#[test]
	fn the_long_division_is_exact(high in any_width(), low in any_width(), divisor in any_width()) {
		if divisor > high {
			check((high, low), divisor);
		} else {
			prop_assert_eq!(div_wide((high, low), divisor), None);
		}
	}

	#[test]
	fn a_quotient_is_rounded_as_named(a in any_width(), b in any_width(), c in any_width()) {
		let c = c.max(1);
		if let Ok(floor) = mul_div_floor(a, b, c) {
			let exact = mul_wide_u128(floor, c) == mul_wide_u128(a, b);
			let ceil = if exact { Some(floor) } else { floor.checked_add(1) };
			prop_assert_eq!(mul_div_ceil(a, b, c).ok(), ceil);
		} else {
			prop_assert!(mul_wide_u128(a, b).0 >= c);
		}
	}
}
