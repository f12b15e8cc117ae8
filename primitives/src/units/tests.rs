//! Products, quotients and conversions of the units, against exact integers of 512 bits.

use super::*;
use proptest::prelude::*;
use sp_core::U512;

/// `a b / c` as exact floor and whether it is inexact.
fn exact(a: u128, b: u128, c: u128) -> (U512, bool) {
	let product = U512::from(a) * U512::from(b);
	(product / U512::from(c), !(product % U512::from(c)).is_zero())
}

/// What a product must be: the exact value rounded towards minus or plus infinity, or nothing.
fn expected(a: i128, b: u128, up: bool) -> Option<i128> {
	let (magnitude, inexact) = exact(a.unsigned_abs(), b, ACCURACY);
	let away = inexact && up != (a < 0);
	let magnitude = magnitude + U512::from(u8::from(away));
	let magnitude = i128::try_from(magnitude.try_into().unwrap_or(u128::MAX)).ok()?;
	Some(if a < 0 { -magnitude } else { magnitude })
}

/// Integers of every size, both signs.
fn signed() -> impl Strategy<Value = i128> {
	(any::<i128>(), 0u32..128).prop_map(|(value, shift)| value >> shift)
}

/// Integers of every size.
fn unsigned() -> impl Strategy<Value = u128> {
	(any::<u128>(), 0u32..128).prop_map(|(value, shift)| value >> shift)
}

/// Amounts that the kernel number carries: below 9.2e18 in value.
fn kernel_sized() -> impl Strategy<Value = i128> {
	let most = 9_000_000_000_000_000_000i128 * ACCURACY as i128;
	(-most..=most, 0u32..120).prop_map(|(value, shift)| value >> shift)
}

#[test]
fn constants_are_what_they_say() {
	assert_eq!(Price::from_int(3).into_inner(), 3 * ACCURACY);
	assert_eq!(Usd::from_int(-3).into_inner(), -3 * ACCURACY as i128);
	assert_eq!(Quantity::from_int(2).into_inner(), 2 * ACCURACY as i128);
	assert_eq!(Ratio::from_percent(100), Ratio::ONE);
	assert_eq!(Ratio::from_basis_points(10_000), Ratio::ONE);
	assert_eq!(Ratio::from_basis_points(1).into_inner(), ACCURACY / 10_000);
	assert_eq!(Volatility::from_percent(100), Volatility::ONE);
	assert_eq!(Usd::default(), Usd::ZERO);
	assert!(Usd::ZERO.is_zero() && !Usd::ONE.is_zero());
}

#[test]
fn products_round_where_they_say() {
	let third = Price::from_inner(ACCURACY / 3);
	let unit = Quantity::from_inner(1);
	assert_eq!(third.value_floor(unit), Ok(Usd::ZERO));
	assert_eq!(third.value_ceil(unit), Ok(Usd::from_inner(1)));
	let unit = Quantity::from_inner(-1);
	assert_eq!(third.value_floor(unit), Ok(Usd::from_inner(-1)));
	assert_eq!(third.value_ceil(unit), Ok(Usd::ZERO));
	// Exact products are the same both ways.
	let price = Price::from_int(60_000);
	let short = Quantity::from_int(-2);
	assert_eq!(price.value_floor(short), Ok(Usd::from_int(-120_000)));
	assert_eq!(price.value_ceil(short), Ok(Usd::from_int(-120_000)));
	let five = Ratio::from_percent(5);
	assert_eq!(Usd::from_int(-100).times_floor(five), Ok(Usd::from_int(-5)));
	assert_eq!(Price::from_int(100).times_ceil(five), Ok(Price::from_int(5)));
	assert_eq!(five.times_floor(five), Ok(Ratio::from_basis_points(25)));
}

#[test]
fn overflow_is_an_error() {
	let most = Usd::from_inner(i128::MAX);
	let least = Usd::from_inner(i128::MIN);
	assert_eq!(most.checked_add(Usd::from_inner(1)), Err(ArithmeticError::Overflow));
	assert_eq!(least.checked_sub(Usd::from_inner(1)), Err(ArithmeticError::Underflow));
	assert_eq!(least.checked_neg(), Err(ArithmeticError::Overflow));
	assert_eq!(least.checked_abs(), Err(ArithmeticError::Overflow));
	assert_eq!(Price::ZERO.checked_sub(Price::ONE), Err(ArithmeticError::Underflow));
	let double = Ratio::from_percent(200);
	assert_eq!(most.times_floor(double), Err(ArithmeticError::Overflow));
	assert_eq!(Ratio::from_inner(u128::MAX).times_floor(double), Err(ArithmeticError::Overflow));
	let price = Price::from_inner(u128::MAX);
	assert_eq!(price.value_ceil(Quantity::ONE), Err(ArithmeticError::Overflow));
	assert_eq!(price.to_q64(), Err(ArithmeticError::Overflow));
	assert_eq!(most.to_q64(), Err(ArithmeticError::Overflow));
}

#[test]
fn unsigned_units_refuse_negative_kernel_numbers() {
	let minus = Q64::from_int(-1);
	assert_eq!(Price::from_q64(minus, Rounding::Nearest), Err(ArithmeticError::Underflow));
	assert_eq!(Usd::from_q64(minus, Rounding::Nearest), Ok(Usd::from_int(-1)));
}

#[test]
fn deviation_is_relative_to_the_other_and_rounds_up() {
	let price = Price::from_int;
	assert_eq!(price(110).deviation_ceil(price(100)), Ok(Ratio::from_percent(10)));
	assert_eq!(price(90).deviation_ceil(price(100)), Ok(Ratio::from_percent(10)));
	assert_eq!(price(4).deviation_ceil(price(3)), Ok(Ratio::from_inner(333_333_333_333_333_334)));
	assert_eq!(price(1).deviation_ceil(Price::ZERO), Err(ArithmeticError::DivisionByZero));
}

#[test]
fn shares_of_amounts_need_amounts_that_are_not_negative() {
	let usd = Usd::from_int;
	assert_eq!(usd(1).share_of_floor(usd(4)), Ok(Ratio::from_percent(25)));
	assert_eq!(usd(2).share_of_floor(usd(3)), Ok(Ratio::from_inner(666_666_666_666_666_666)));
	assert_eq!(usd(-1).share_of_floor(usd(4)), Err(ArithmeticError::Underflow));
	assert_eq!(usd(1).share_of_floor(usd(-4)), Err(ArithmeticError::Underflow));
	assert_eq!(usd(1).share_of_floor(usd(0)), Err(ArithmeticError::DivisionByZero));
}

#[test]
fn amounts_with_more_than_18_decimals_are_refused() {
	assert_eq!(quantity_from_amount(1, 19), Err(ArithmeticError::Overflow));
	assert_eq!(amount_from_quantity_floor(1, 19), Err(ArithmeticError::Overflow));
	assert_eq!(amount_from_quantity_floor(-1, 6), Err(ArithmeticError::Underflow));
	assert_eq!(quantity_from_amount(u128::MAX, 18), Err(ArithmeticError::Overflow));
	// A dollar of six decimals.
	assert_eq!(quantity_from_amount(1_000_000, 6), Ok(ACCURACY as i128));
	assert_eq!(amount_from_quantity_floor(ACCURACY as i128 + 7, 6), Ok((1_000_000, 7)));
}

#[test]
fn errors_of_the_mathematics_keep_their_meaning() {
	assert_eq!(arithmetic(MathError::Overflow), ArithmeticError::Overflow);
	assert_eq!(arithmetic(MathError::DivisionByZero), ArithmeticError::DivisionByZero);
	assert_eq!(arithmetic(MathError::OutOfDomain), ArithmeticError::Underflow);
	assert_eq!(arithmetic(MathError::NoConvergence), ArithmeticError::Underflow);
}

#[test]
fn years_are_of_365_days_and_never_negative() {
	use crate::time::{years_between, DAY, YEAR};
	assert_eq!(years_between(5, 5 + YEAR), Q64::ONE);
	assert_eq!(years_between(YEAR, 0), Q64::ZERO);
	let day = Volatility::from_q64(years_between(0, DAY), Rounding::Nearest);
	assert_eq!(day, Ok(Volatility::from_inner(2_739_726_027_397_260)));
}

#[test]
fn units_are_their_integer_in_scale() {
	assert_eq!(Price::from_int(7).encode(), (7 * ACCURACY).encode());
	assert_eq!(Usd::from_int(-7).encode(), (-7 * ACCURACY as i128).encode());
	assert_eq!(Usd::decode(&mut &(-7i128).encode()[..]), Ok(Usd::from_inner(-7)));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_000))]

	/// Every product is the exact one rounded as named, or an error exactly where it does not fit.
	#[test]
	fn products_are_exact_up_to_the_named_rounding(a in signed(), b in unsigned()) {
		let usd = |value| Usd::from_inner(value);
		let (price, share) = (Price::from_inner(b), Ratio::from_inner(b));
		let quantity = Quantity::from_inner(a);
		let (floor, ceil) = (expected(a, b, false), expected(a, b, true));
		prop_assert_eq!(price.value_floor(quantity).ok(), floor.map(usd));
		prop_assert_eq!(price.value_ceil(quantity).ok(), ceil.map(usd));
		prop_assert_eq!(usd(a).times_floor(share).ok(), floor.map(usd));
		prop_assert_eq!(usd(a).times_ceil(share).ok(), ceil.map(usd));
		prop_assert_eq!(quantity.times_floor(share).ok(), floor.map(Quantity::from_inner));
		prop_assert_eq!(quantity.times_ceil(share).ok(), ceil.map(Quantity::from_inner));
	}

	/// The same for units that are never negative.
	#[test]
	fn unsigned_products_are_exact_up_to_the_named_rounding(a in unsigned(), b in unsigned()) {
		let (exact, inexact) = exact(a, b, ACCURACY);
		let floor = u128::try_from(exact).ok();
		let ceil = u128::try_from(exact + U512::from(u8::from(inexact))).ok();
		let share = Ratio::from_inner(b);
		prop_assert_eq!(Price::from_inner(a).times_floor(share).ok(), floor.map(Price::from_inner));
		prop_assert_eq!(Price::from_inner(a).times_ceil(share).ok(), ceil.map(Price::from_inner));
		prop_assert_eq!(Ratio::from_inner(a).times_floor(share).ok(), floor.map(Ratio::from_inner));
	}

	/// Deviations and shares are the exact quotients, rounded as named.
	#[test]
	fn quotients_are_exact_up_to_the_named_rounding(a in unsigned(), b in unsigned()) {
		prop_assume!(b != 0);
		let (quotient, inexact) = exact(a.abs_diff(b), ACCURACY, b);
		let ceil = u128::try_from(quotient + U512::from(u8::from(inexact))).ok();
		let deviation = Price::from_inner(a).deviation_ceil(Price::from_inner(b));
		prop_assert_eq!(deviation.ok(), ceil.map(Ratio::from_inner));
		let (part, whole) = ((a >> 1) as i128, (b >> 1) as i128);
		prop_assume!(whole != 0);
		let floor = u128::try_from(exact(part as u128, ACCURACY, whole as u128).0).ok();
		let share = Usd::from_inner(part).share_of_floor(Usd::from_inner(whole));
		prop_assert_eq!(share.ok(), floor.map(Ratio::from_inner));
	}

	/// Sums undo differences and never wrap.
	#[test]
	fn sums_are_exact_or_an_error(a in signed(), b in signed()) {
		let (x, y) = (Usd::from_inner(a), Usd::from_inner(b));
		prop_assert_eq!(x.checked_add(y).ok(), a.checked_add(b).map(Usd::from_inner));
		prop_assert_eq!(x.checked_sub(y).ok(), a.checked_sub(b).map(Usd::from_inner));
		if let Ok(sum) = x.checked_add(y) {
			prop_assert_eq!(sum.checked_sub(y), Ok(x));
		}
		let (u, v) = (a.unsigned_abs(), b.unsigned_abs());
		let (p, q) = (Price::from_inner(u), Price::from_inner(v));
		prop_assert_eq!(p.checked_sub(q).ok(), u.checked_sub(v).map(Price::from_inner));
	}

	/// A unit converted to a kernel number and back to nearest is unchanged.
	#[test]
	fn kernel_numbers_give_units_back(value in kernel_sized()) {
		let usd = Usd::from_inner(value);
		prop_assert_eq!(Usd::from_q64(usd.to_q64().unwrap(), Rounding::Nearest), Ok(usd));
		let price = Price::from_inner(value.unsigned_abs());
		prop_assert_eq!(Price::from_q64(price.to_q64().unwrap(), Rounding::Nearest), Ok(price));
	}

	/// Rounding of a kernel number down and up encloses it, at most one unit apart.
	#[test]
	fn kernel_numbers_round_where_they_say(bits in any::<i128>(), shift in 0u32..120) {
		let value = Q64::from_bits(bits >> shift);
		let floor = Usd::from_q64(value, Rounding::Floor).unwrap().into_inner();
		let ceil = Usd::from_q64(value, Rounding::Ceil).unwrap().into_inner();
		let nearest = Usd::from_q64(value, Rounding::Nearest).unwrap().into_inner();
		prop_assert!(floor <= nearest && nearest <= ceil && ceil - floor <= 1);
	}

	/// What enters the ledger leaves it unchanged; what does not fill an asset unit is left over.
	#[test]
	fn amounts_round_trip(amount in unsigned(), decimals in 0u8..=18, rest in any::<u128>()) {
		let scale = 10u128.pow(18 - u32::from(decimals));
		let inner = quantity_from_amount(amount, decimals);
		let fits = amount.checked_mul(scale).is_some_and(|inner| i128::try_from(inner).is_ok());
		prop_assert_eq!(inner.is_ok(), fits);
		if let Ok(inner) = inner {
			let rest = (rest % scale) as i128;
			if let Some(more) = inner.checked_add(rest) {
				prop_assert_eq!(amount_from_quantity_floor(more, decimals), Ok((amount, rest)));
			}
		}
	}
}
