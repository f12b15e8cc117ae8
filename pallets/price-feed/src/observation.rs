//! What operators observe: prices and volatility surfaces, their medians and how far they are apart.

use crate::feed::Limits;
use alloc::vec::Vec;
use ballast_primitives::{
	params::OracleRules, units::ACCURACY, Correlation, Price, Rate, Ratio, SliceQuote,
	SurfaceQuote, Volatility,
};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// Greatest price that is believed: a trillion. Keeps every sum over a settlement window in range.
pub const PRICE_MAX: Price = Price::from_int(1_000_000_000_000);
/// Something that several operators observe and whose median is accepted.
pub trait Observation: Copy + Eq {
	/// Whether each figure by itself can be true.
	fn is_in_range(&self) -> bool;

	/// Whether it can be true as a whole; what is not plausible is ignored.
	fn is_plausible(&self) -> bool {
		self.is_in_range()
	}

	/// The median, of each component; of an even number the mean of the two in the middle, rounded
	/// towards zero. `None` of none. What cannot be true as a whole is brought to what can: the
	/// median of surfaces without arbitrage need not be without arbitrage.
	fn median(values: &[Self]) -> Option<Self>;

	/// The lesser of two (of each component).
	fn least(self, other: Self) -> Self;

	/// The greater of two (of each component).
	fn greatest(self, other: Self) -> Self;

	/// `|self - other| / base`, rounded up (of the components, the greatest). A gap that does not
	/// fit, or a base of zero, is the greatest ratio there is.
	fn gap(&self, other: &Self, base: &Self) -> Ratio;

	/// What of the oracle rules is about this kind of observation.
	fn limits(rules: &OracleRules) -> Limits;
}

/// `part / whole`, rounded up; the greatest ratio if it does not fit or `whole` is zero.
fn ratio_ceil(part: u128, whole: u128) -> Ratio {
	let ratio = multiply_by_rational_with_rounding(part, ACCURACY, whole, Rounding::Up);
	Ratio::from_inner(ratio.unwrap_or(u128::MAX))
}

/// The element in the middle, or the two; sorts them.
fn middle<N: Ord + Copy>(numbers: &mut [N]) -> Option<(N, N)> {
	numbers.sort_unstable();
	let half = numbers.len().checked_div(2)?;
	let upper = numbers.get(half).copied()?;
	if numbers.len().checked_rem(2)? == 1 {
		return Some((upper, upper));
	}
	Some((numbers.get(half.checked_sub(1)?).copied()?, upper))
}

/// The median of numbers that are not negative.
fn median_of(numbers: impl Iterator<Item = u128>) -> Option<u128> {
	middle(&mut numbers.collect::<Vec<_>>()).map(|(lower, upper)| lower.midpoint(upper))
}

/// The median of signed numbers.
fn median_of_signed(numbers: impl Iterator<Item = i128>) -> Option<i128> {
	middle(&mut numbers.collect::<Vec<_>>()).map(|(lower, upper)| lower.midpoint(upper))
}

impl Observation for Price {
	fn limits(rules: &OracleRules) -> Limits {
		Limits::of_spot(rules)
	}

	fn is_in_range(&self) -> bool {
		!self.is_zero() && *self <= PRICE_MAX
	}

	fn median(values: &[Self]) -> Option<Self> {
		median_of(values.iter().map(|price| price.into_inner())).map(Price::from_inner)
	}

	fn least(self, other: Self) -> Self {
		self.min(other)
	}

	fn greatest(self, other: Self) -> Self {
		self.max(other)
	}

	fn gap(&self, other: &Self, base: &Self) -> Ratio {
		ratio_ceil(self.into_inner().abs_diff(other.into_inner()), base.into_inner())
	}
}

/// Puts two quotes together, tenor by tenor.
fn by_tenor(
	mut a: SurfaceQuote,
	b: SurfaceQuote,
	pick: impl Fn(SliceQuote, SliceQuote) -> SliceQuote,
) -> SurfaceQuote {
	for (left, right) in a.tenors.iter_mut().zip(b.tenors) {
		*left = pick(*left, right);
	}
	a
}

/// The median of slices of one tenor, component by component.
fn median_slice(slices: &[SliceQuote]) -> Option<SliceQuote> {
	let unsigned = |of: fn(&SliceQuote) -> u128| median_of(slices.iter().map(of));
	let signed = |of: fn(&SliceQuote) -> i128| median_of_signed(slices.iter().map(of));
	Some(SliceQuote {
		volatility: Volatility::from_inner(unsigned(|slice| slice.volatility.into_inner())?),
		rho: Correlation::from_inner(signed(|slice| slice.rho.into_inner())?),
		psi: Ratio::from_inner(unsigned(|slice| slice.psi.into_inner())?),
		carry: Rate::from_inner(signed(|slice| slice.carry.into_inner())?),
		rate: Rate::from_inner(signed(|slice| slice.rate.into_inner())?),
	})
}

/// How far apart two slices are: volatility relative to that of `base`, the rest absolutely.
fn slice_gap(a: &SliceQuote, b: &SliceQuote, base: &SliceQuote) -> Ratio {
	let volatility = ratio_ceil(
		a.volatility.into_inner().abs_diff(b.volatility.into_inner()),
		base.volatility.into_inner(),
	);
	let absolute = [
		a.rho.into_inner().abs_diff(b.rho.into_inner()),
		a.psi.into_inner().abs_diff(b.psi.into_inner()),
		a.carry.into_inner().abs_diff(b.carry.into_inner()),
		a.rate.into_inner().abs_diff(b.rate.into_inner()),
	];
	absolute.into_iter().map(Ratio::from_inner).fold(volatility, Ratio::max)
}

impl Observation for SurfaceQuote {
	fn limits(rules: &OracleRules) -> Limits {
		Limits::of_volatility(rules)
	}

	fn is_in_range(&self) -> bool {
		SurfaceQuote::is_in_range(self)
	}

	/// In range, and without arbitrage: no butterfly, no two tenors that cross.
	fn is_plausible(&self) -> bool {
		SurfaceQuote::is_in_range(self) && self.is_admissible()
	}

	fn median(values: &[Self]) -> Option<Self> {
		let mut result = SurfaceQuote::default();
		for (tenor, slot) in result.tenors.iter_mut().enumerate() {
			let slices: Vec<SliceQuote> =
				values.iter().filter_map(|quote| quote.tenors.get(tenor)).copied().collect();
			*slot = median_slice(&slices)?;
		}
		// rounding could lead out again at volatilities near the end of the range
		result.projected().ok().filter(Self::is_plausible)
	}

	fn least(self, other: Self) -> Self {
		by_tenor(self, other, |a, b| SliceQuote {
			volatility: a.volatility.min(b.volatility),
			rho: a.rho.min(b.rho),
			psi: a.psi.min(b.psi),
			carry: a.carry.min(b.carry),
			rate: a.rate.min(b.rate),
		})
	}

	fn greatest(self, other: Self) -> Self {
		by_tenor(self, other, |a, b| SliceQuote {
			volatility: a.volatility.max(b.volatility),
			rho: a.rho.max(b.rho),
			psi: a.psi.max(b.psi),
			carry: a.carry.max(b.carry),
			rate: a.rate.max(b.rate),
		})
	}

	fn gap(&self, other: &Self, base: &Self) -> Ratio {
		let tenors = self.tenors.iter().zip(&other.tenors).zip(&base.tenors);
		tenors.map(|((a, b), c)| slice_gap(a, b, c)).max().unwrap_or_default()
	}
}
