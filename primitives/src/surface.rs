//! The volatility surface as operators quote it: an eSSVI slice with carry and rate at each standard
//! tenor. What lies between and beyond the tenors is `ballast_math::surface`'s to say.

use crate::{
	arithmetic,
	units::{Correlation, Rate},
	Ratio, Volatility,
};
use ballast_math::{
	fixed::{Rounding, Q64},
	kernels::sqrt,
	surface::{self, Node, Slice},
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::ArithmeticError;

/// Tenors at which operators quote, in days.
pub const TENOR_DAYS: [u32; TENORS] = [7, 14, 30, 60, 90, 180];
/// How many tenors there are.
pub const TENORS: usize = 6;
/// Days in the year of every formula (ACT/365).
const DAYS_IN_YEAR: i128 = 365;

/// One tenor of a surface: total variance at log-moneyness `k = ln(strike / forward)` is
/// `w(k) = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2))` with `phi = psi / theta`.
///
/// `theta = volatility^2 x tenor` is not quoted itself: an at-the-money volatility is what people
/// know, and its median gives theta's.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct SliceQuote {
	/// Annualised volatility at the forward price, in [0.01, 10].
	pub volatility: Volatility,
	/// Which wing is higher: within 0.999 of zero, negative where low strikes are dearer.
	pub rho: Correlation,
	/// How steep the wings are, `theta phi`, in [0, 4]; zero is flat in strike.
	pub psi: Ratio,
	/// Growth rate of the forward price a year, continuously compounded: `F = S exp(carry T)`; within
	/// 4 of zero.
	pub carry: Rate,
	/// Interest rate a year, continuously compounded, that discounts what is paid at this tenor; in
	/// [-0.2, 1].
	pub rate: Rate,
}

/// What an operator feeds and what is accepted: a slice at each of [`TENOR_DAYS`].
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct SurfaceQuote {
	/// One slice per tenor.
	pub tenors: [SliceQuote; TENORS],
}

/// The tenor of this many days, in years.
fn tenor_years(days: u32) -> Result<Q64, ArithmeticError> {
	Q64::from_ratio(i128::from(days), DAYS_IN_YEAR, Rounding::Nearest)
		.ok_or(ArithmeticError::Overflow)
}

impl SliceQuote {
	/// The same volatility at every strike; the forward price is spot and nothing is discounted.
	pub const fn flat(volatility: Volatility) -> Self {
		Self {
			volatility,
			rho: Correlation::ZERO,
			psi: Ratio::ZERO,
			carry: Rate::ZERO,
			rate: Rate::ZERO,
		}
	}

	fn slice(&self, years: Q64) -> Result<Slice, ArithmeticError> {
		let volatility = self.volatility.to_q64()?;
		let theta = volatility
			.checked_mul(volatility, Rounding::Nearest)
			.and_then(|rate| rate.checked_mul(years, Rounding::Nearest))
			.ok_or(ArithmeticError::Overflow)?;
		Ok(Slice { theta, rho: self.rho.to_q64()?, psi: self.psi.to_q64()? })
	}
}

impl SurfaceQuote {
	/// The same volatility at every tenor and strike; the forward price is spot and nothing is
	/// discounted.
	pub const fn flat(volatility: Volatility) -> Self {
		Self { tenors: [SliceQuote::flat(volatility); TENORS] }
	}

	/// The nodes of the surface in the numbers of the kernel. [`ArithmeticError::Overflow`] for a
	/// figure beyond 9.2e18.
	pub fn nodes(&self) -> Result<[Node; TENORS], ArithmeticError> {
		let flat = Slice { theta: Q64::ONE, rho: Q64::ZERO, psi: Q64::ZERO };
		let empty = Node { years: Q64::ZERO, slice: flat, carry: Q64::ZERO, rate: Q64::ZERO };
		let mut nodes = [empty; TENORS];
		for ((node, quote), days) in nodes.iter_mut().zip(&self.tenors).zip(TENOR_DAYS) {
			let years = tenor_years(days)?;
			*node = Node {
				years,
				slice: quote.slice(years)?,
				carry: quote.carry.to_q64()?,
				rate: quote.rate.to_q64()?,
			};
		}
		Ok(nodes)
	}

	/// The slices alone.
	fn slices(&self) -> Result<[Slice; TENORS], ArithmeticError> {
		Ok(self.nodes()?.map(|node| node.slice))
	}

	/// Whether each figure by itself is in range: [`Node::is_in_range`] has the ranges.
	pub fn is_in_range(&self) -> bool {
		self.nodes().is_ok_and(|nodes| nodes.iter().all(Node::is_in_range))
	}

	/// Whether it is free of butterfly arbitrage and no two neighbouring slices cross. `false` too
	/// for figures out of range.
	pub fn is_admissible(&self) -> bool {
		self.slices().is_ok_and(|slices| surface::is_admissible(&slices))
	}

	/// The nearest admissible surface, itself if it is admissible: total variance that falls in time
	/// is raised to what it was, and wings that are too steep or cross are flattened
	/// ([`surface::project`]). Carry and rate stay. Of what changes, volatility is rounded up, `psi`
	/// down and `rho` to nearest, to the ledger's 18 decimals: the result is admissible as rounded.
	pub fn projected(mut self) -> Result<Self, ArithmeticError> {
		let quoted = self.slices()?;
		let mut slices = quoted;
		if !surface::project(&mut slices).map_err(arithmetic)? {
			return Ok(self);
		}
		let pairs = self.tenors.iter_mut().zip(slices.iter().zip(&quoted)).zip(TENOR_DAYS);
		for ((quote, (slice, before)), days) in pairs {
			if slice.theta != before.theta {
				quote.volatility = volatility_of(slice.theta, tenor_years(days)?)?;
			}
			if slice.psi != before.psi || slice.rho != before.rho {
				quote.psi = Ratio::from_q64(slice.psi, Rounding::Floor)?;
				quote.rho = Correlation::from_q64(slice.rho, Rounding::Nearest)?;
			}
		}
		Ok(self)
	}
}

/// The volatility that makes this total variance over a tenor, rounded up.
fn volatility_of(theta: Q64, years: Q64) -> Result<Volatility, ArithmeticError> {
	let rate = theta.checked_div(years, Rounding::Ceil).ok_or(ArithmeticError::Overflow)?;
	Volatility::from_q64(sqrt(rate).map_err(arithmetic)?, Rounding::Ceil)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn slice(percent: u32, rho: i32, psi: u32) -> SliceQuote {
		SliceQuote {
			rho: Correlation::from_percent(rho),
			psi: Ratio::from_percent(psi),
			..SliceQuote::flat(Volatility::from_percent(percent))
		}
	}

	#[test]
	fn a_flat_surface_is_admissible_and_stays_itself() {
		for percent in [1, 60, 1_000] {
			let flat = SurfaceQuote::flat(Volatility::from_percent(percent));
			assert!(flat.is_admissible());
			assert_eq!(flat.projected(), Ok(flat));
		}
	}

	#[test]
	fn variance_that_falls_is_raised() {
		let mut quote = SurfaceQuote::flat(Volatility::from_percent(50));
		quote.tenors[0].volatility = Volatility::from_percent(90);
		// 0.81 * 7 > 0.25 * 14
		assert!(!quote.is_admissible());
		let mended = quote.projected().unwrap();
		assert!(mended.is_admissible());
		let theta = mended.nodes().unwrap().map(|node| node.slice.theta);
		assert_eq!(mended.tenors[0], quote.tenors[0]);
		let gap = theta[1].to_bits().abs_diff(theta[0].to_bits());
		assert!(theta[1] >= theta[0] && gap < 1_000, "{gap}");
		assert_eq!(mended.tenors[3], quote.tenors[3]);
	}

	#[test]
	fn slices_that_cross_are_flattened() {
		let mut quote = SurfaceQuote { tenors: [60, 60, 60, 60, 60, 60].map(|v| slice(v, -50, 4)) };
		for (tenor, psi) in quote.tenors.iter_mut().zip([4, 6, 9, 12, 16, 22]) {
			tenor.psi = Ratio::from_percent(psi);
		}
		assert!(quote.is_admissible());
		quote.tenors[3].psi = Ratio::from_percent(200);
		assert!(!quote.is_admissible());
		let mended = quote.projected().unwrap();
		assert!(mended.is_admissible(), "{mended:?}");
		assert!(mended.tenors[3].psi < quote.tenors[3].psi);
	}

	#[test]
	fn figures_out_of_range_are_not_admissible() {
		let mut quote = SurfaceQuote::flat(Volatility::from_percent(50));
		quote.tenors[2].rho = Correlation::ONE;
		assert!(!quote.is_admissible());
		quote.tenors[2].rho = Correlation::from_inner(i128::MIN);
		assert!(!quote.is_admissible());
		assert_eq!(quote.projected(), Err(ArithmeticError::Overflow));
	}
}
