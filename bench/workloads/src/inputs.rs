//! Inputs: reproducible, spread over the range that a market has.

use ballast_math::{Rounding, Q64};

/// Inputs in a list; a power of two.
pub const COUNT: usize = 64;

/// A pseudo-random sequence (SplitMix64, Steele, Lea and Flood 2014).
pub struct Random(u64);

impl Random {
	/// The sequence of this seed.
	pub const fn new(seed: u64) -> Self {
		Self(seed)
	}

	/// The next word.
	pub fn word(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	}

	/// The next number from `low` to `high`, in millionths.
	pub fn millionths(&mut self, low: i64, high: i64) -> i64 {
		let width = high.abs_diff(low) + 1;
		low + (self.word() % width) as i64
	}

	/// The next number between two, given in millionths.
	pub fn between(&mut self, low: i64, high: i64) -> Option<Q64> {
		millionths(self.millionths(low, high))
	}
}

/// So many millionths.
pub fn millionths(value: i64) -> Option<Q64> {
	Q64::from_ratio(value.into(), 1_000_000, Rounding::Nearest)
}

/// A list made one by one.
pub fn list<T: Copy>(mut make: impl FnMut(usize) -> Option<T>) -> Option<[T; COUNT]> {
	let mut list = [make(0)?; COUNT];
	for (index, item) in list.iter_mut().enumerate().skip(1) {
		*item = make(index)?;
	}
	Some(list)
}

/// The input of a round.
pub fn pick<T: Copy>(list: &[T; COUNT], round: usize) -> T {
	list[round % COUNT]
}

/// An option in millionths: what every library is given.
#[derive(Clone, Copy)]
pub struct Quote {
	/// Forward price.
	pub forward: i64,
	/// Strike price.
	pub strike: i64,
	/// Annualised volatility.
	pub volatility: i64,
	/// Time to expiry in years.
	pub years: i64,
	/// Annual rate of interest, continuously compounded.
	pub rate: i64,
}

/// Options of a market: forward 60,000 +- 10%, strikes within 60% to 160% of it, 25% to 150% of
/// volatility, a day to a year and a half, 0 to 8% of interest.
pub fn quotes() -> Option<[Quote; COUNT]> {
	let mut random = Random::new(76);
	list(|_| {
		let forward = random.millionths(54_000_000_000, 66_000_000_000);
		let share = random.millionths(600_000, 1_600_000);
		Some(Quote {
			forward,
			strike: (forward / 1_000_000) * share,
			volatility: random.millionths(250_000, 1_500_000),
			years: random.millionths(2_740, 1_500_000),
			rate: random.millionths(0, 80_000),
		})
	})
}
