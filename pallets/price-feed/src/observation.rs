//! What operators observe: prices and volatilities, their medians and how far they are apart.

use alloc::vec::Vec;
use ballast_primitives::{units::ACCURACY, Price, Ratio, SurfaceQuote, Volatility};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// Greatest price that is believed: a trillion. Keeps every sum over a settlement window in range.
pub const PRICE_MAX: Price = Price::from_int(1_000_000_000_000);
/// Least volatility that is believed: the domain of pricing begins here.
pub const VOLATILITY_MIN: Volatility = Volatility::from_percent(1);
/// Greatest volatility that is believed: the domain of pricing ends here.
pub const VOLATILITY_MAX: Volatility = Volatility::from_percent(1_000);

/// Something that several operators observe and whose median is accepted.
pub trait Observation: Copy + Eq {
	/// Whether it can be true at all; what is not plausible is ignored.
	fn is_plausible(&self) -> bool;

	/// The median; of an even number the mean of the two in the middle, rounded down. `None` of
	/// none.
	fn median(values: &[Self]) -> Option<Self>;

	/// The lesser of two (of each component).
	fn least(self, other: Self) -> Self;

	/// The greater of two (of each component).
	fn greatest(self, other: Self) -> Self;

	/// `|self - other| / base`, rounded up (of the components, the greatest). A gap that does not
	/// fit, or a base of zero, is the greatest ratio there is.
	fn gap(&self, other: &Self, base: &Self) -> Ratio;
}

/// `part / whole`, rounded up; the greatest ratio if it does not fit or `whole` is zero.
fn ratio_ceil(part: u128, whole: u128) -> Ratio {
	let ratio = multiply_by_rational_with_rounding(part, ACCURACY, whole, Rounding::Up);
	Ratio::from_inner(ratio.unwrap_or(u128::MAX))
}

/// The median of numbers; sorts them.
fn median_of(numbers: &mut [u128]) -> Option<u128> {
	numbers.sort_unstable();
	let middle = numbers.len().checked_div(2)?;
	let upper = numbers.get(middle).copied()?;
	if numbers.len().checked_rem(2)? == 1 {
		return Some(upper);
	}
	let lower = numbers.get(middle.checked_sub(1)?).copied()?;
	Some(lower.midpoint(upper))
}

impl Observation for Price {
	fn is_plausible(&self) -> bool {
		!self.is_zero() && *self <= PRICE_MAX
	}

	fn median(values: &[Self]) -> Option<Self> {
		let mut numbers: Vec<u128> = values.iter().map(|price| price.into_inner()).collect();
		median_of(&mut numbers).map(Price::from_inner)
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
	pick: impl Fn(Volatility, Volatility) -> Volatility,
) -> SurfaceQuote {
	for (left, right) in a.tenors.iter_mut().zip(b.tenors) {
		*left = pick(*left, right);
	}
	a
}

impl Observation for SurfaceQuote {
	fn is_plausible(&self) -> bool {
		self.tenors.iter().all(|vol| (VOLATILITY_MIN..=VOLATILITY_MAX).contains(vol))
	}

	fn median(values: &[Self]) -> Option<Self> {
		let mut result = SurfaceQuote::default();
		for (tenor, slot) in result.tenors.iter_mut().enumerate() {
			let mut numbers: Vec<u128> = values
				.iter()
				.filter_map(|quote| quote.tenors.get(tenor))
				.map(|vol| vol.into_inner())
				.collect();
			*slot = Volatility::from_inner(median_of(&mut numbers)?);
		}
		Some(result)
	}

	fn least(self, other: Self) -> Self {
		by_tenor(self, other, Volatility::min)
	}

	fn greatest(self, other: Self) -> Self {
		by_tenor(self, other, Volatility::max)
	}

	fn gap(&self, other: &Self, base: &Self) -> Ratio {
		let tenors = self.tenors.iter().zip(&other.tenors).zip(&base.tenors);
		tenors
			.map(|((a, b), c)| ratio_ceil(a.into_inner().abs_diff(b.into_inner()), c.into_inner()))
			.max()
			.unwrap_or_default()
	}
}
