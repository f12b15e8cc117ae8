//! The bivariate normal distribution function at the one correlation (and its opposite) that the
//! two-step boundary needs.
//!
//! `M(x, y; rho) = Phi(x) Phi(y) + 1/(2 pi) int_0^asin(rho) exp(-(x^2 + y^2 - 2 x y sin t) / (2 cos^2 t)) dt`
//! (Plackett 1954; Drezner and Wesolowsky 1990), the integral by ten Gauss-Legendre nodes as Genz (2004)
//! does it.
//!
//! Error of the ten nodes: at most 4e-12 for every `x` and `y`. On the Bernstein ellipse of parameter 3.52
//! around `[0, asin(rho)]` the real part of the quadratic form stays positive, so the integrand is at
//! most one in modulus there, and `64/15 * 3.52^-20 / (1 - 3.52^-2) * asin(rho) / (4 pi) = 4e-12`
//! (`tools/cross_check_american.py --nodes` computes that and the table). Rounding adds less than 1e-14.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "the operators of `Real` are checked; the words of the integral are bounded beside each step"
)]

use super::{
	normal::{below, cdf, scaled_tail, EXPONENT_MIN},
	real::Real,
};
use crate::{kernels::exponential::exp_parts, wide::mul_hi};

/// `rho = sqrt((sqrt(5) - 1) / 2)`, the square root of the share of time before the step.
pub(super) const RHO: Real = Real::from_fraction(14_501_933_268_685_347_015);
/// `1 / rho`.
pub(super) const INV_RHO: Real = Real::from_bits(23_464_620_931_315_752_594);
/// `rho^2 = (sqrt(5) - 1) / 2`.
pub(super) const RHO_SQUARED: Real = Real::from_fraction(11_400_714_819_323_198_486);

/// Per node `t`: `1 / (2 cos^2 t)` and `sin t / cos^2 t` in 62 fractional bits, and the weight over `2 pi` in 64.
#[rustfmt::skip]
const NODES: [(u64, u64, u64); 10] = [
	(2_306_164_187_050_911_162, 54_431_197_887_417_388, 88_528_877_682_192_388),
	(2_314_452_561_362_352_609, 282_321_802_364_930_901, 198_447_479_131_844_017),
	(2_355_008_424_073_797_821, 680_543_800_702_431_477, 290_911_635_127_872_372),
	(2_464_154_409_860_002_918, 1_249_165_699_230_836_158, 357_543_119_984_360_577),
	(2_684_355_780_660_394_885, 2_015_998_954_450_858_348, 392_408_885_904_041_852),
	(3_060_398_124_345_341_961, 3_039_236_127_097_780_551, 392_408_885_904_041_852),
	(3_629_005_056_876_370_763, 4_382_584_516_941_914_111, 357_543_119_984_360_577),
	(4_385_183_282_560_285_181, 6_039_300_689_793_084_177, 290_911_635_127_872_372),
	(5_216_826_858_481_428_987, 7_793_869_059_578_965_179, 198_447_479_131_844_017),
	(5_860_339_291_021_916_867, 9_128_100_398_236_654_078, 88_528_877_682_192_388),
];

/// The sign of the correlation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Correlation {
	Plus,
	Minus,
}

/// `exp(a) M(x, y; rho)` or `exp(a) M(x, y; -rho)`.
///
/// Error: at most 4e-12 for `a <= 0`. For `a > 0` the callers' arguments keep `exp(a)` times the product
/// and every node at most one (the module's tests and the cross-check measure what is left).
pub(super) fn tilted(a: Real, x: Real, y: Real, correlation: Correlation) -> Real {
	// a tail on either side alone is enough to make nothing of the whole
	let (x_half, y_half) = ((x * x).half(), (y * y).half());
	let negligible = |arg: Real, half: Real| arg.is_negative() && below(a - half, EXPONENT_MIN);
	if negligible(x, x_half) || negligible(y, y_half) {
		return Real::ZERO;
	}
	let sum = integral(a, x_half.double() + y_half.double(), x * y, correlation);
	let independent = independent(a, (x, x_half), (y, y_half));
	match correlation {
		Correlation::Plus => independent + sum,
		Correlation::Minus => (independent - sum).at_least(Real::ZERO),
	}
}

/// `exp(a)` times the integral, for `|a|`, `x^2 + y^2` and `|x y|` below 2^15 (else lost).
///
/// The exponents are taken in 46 fractional bits: an error of 5e-14 of a node at the most, and of less than
/// 2e-15 of the sum, whose weights add up to 0.144.
fn integral(a: Real, squares: Real, product: Real, correlation: Correlation) -> Real {
	const LIMIT: u128 = 1 << 79;
	/// 44 in 46 fractional bits.
	const NEGLIGIBLE: i64 = 44 << 46;
	let too_large = [a, squares, product].iter().any(|v| v.bits().unsigned_abs() >= LIMIT);
	if too_large || (a + squares + product).is_lost() {
		return Real::LOST;
	}
	let falls = product.is_negative() == (correlation == Correlation::Plus);
	let square_bits = (squares.bits().unsigned_abs() >> 16) as u64;
	let product_bits = (product.bits().unsigned_abs() >> 16) as u64;
	// below 2^15 in 46 bits
	let offset = (a.bits() >> 18) as i64;
	let mut sum = 0u128;
	for (over_square, over_product, weight) in NODES {
		// 48 and 62 fractional bits, less 64: at most 2^15 * 2 in 46
		let cross = mul_hi(over_product, product_bits) as i64;
		let depth = mul_hi(over_square, square_bits) as i64 - offset;
		let depth = if falls { depth + cross } else { depth - cross };
		if depth >= NEGLIGIBLE {
			continue;
		}
		let Some(part) = node(depth, weight) else { return Real::LOST };
		sum += part;
	}
	// ten parts below 2^62 each
	Real::from_bits(sum as i128)
}

/// `weight exp(-depth)` in 64 fractional bits, for a depth in 46; `None` from e^44 upwards.
#[inline(always)]
fn node(depth: i64, weight: u64) -> Option<u128> {
	let fraction = (depth as u64) << 18;
	exp_parts(-(depth >> 46), fraction)?.times_fraction(weight).to_fixed(64)
}

/// `exp(a) Phi(x) Phi(y)`; each argument comes with half its square.
fn independent(a: Real, (x, x_half): (Real, Real), (y, y_half): (Real, Real)) -> Real {
	let mut exponent = a;
	let mut factor = |arg: Real, half: Real| {
		if arg.is_positive() {
			cdf(arg)
		} else {
			exponent = exponent - half;
			scaled_tail(-arg)
		}
	};
	let product = factor(x, x_half) * factor(y, y_half);
	if below(exponent, EXPONENT_MIN) {
		return Real::ZERO;
	}
	product * exponent.exp()
}
