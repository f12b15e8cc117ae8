//! Random numbers that are the same on every machine and in every version: SplitMix64.

/// A generator. The same seed gives the same numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
	/// The generator of a seed.
	pub const fn new(seed: u64) -> Self {
		Self(seed)
	}

	/// Any number.
	pub fn any(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut z = self.0;
		z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		z ^ (z >> 31)
	}

	/// A number below `bound`, which is not zero.
	pub fn below(&mut self, bound: u64) -> u64 {
		// The bias is below 2^-32 for the small bounds used here.
		((u128::from(self.any()) * u128::from(bound)) >> 64) as u64
	}

	/// A number from `low` to `high`, both included.
	pub fn between(&mut self, low: u64, high: u64) -> u64 {
		low + self.below(high - low + 1)
	}

	/// True in so many of a thousand cases.
	pub fn per_mille(&mut self, chance: u64) -> bool {
		self.below(1_000) < chance
	}

	/// One of these.
	pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
		&from[self.below(from.len() as u64) as usize]
	}

	/// A number between `low` and `high` (both above zero) of which every order of magnitude is as
	/// likely as another.
	pub fn magnitude(&mut self, low: f64, high: f64) -> f64 {
		low * (high / low).powf(self.unit())
	}

	/// A number in [0, 1).
	pub fn unit(&mut self) -> f64 {
		(self.any() >> 11) as f64 / (1u64 << 53) as f64
	}
}

#[cfg(test)]
mod tests {
	use super::Random;

	#[test]
	fn numbers_are_those_of_splitmix64() {
		// The reference implementation's first values for seed 1234567.
		let mut random = Random::new(1_234_567);
		let first: Vec<u64> = (0..3).map(|_| random.any()).collect();
		let published =
			[6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
		assert_eq!(first, published);
	}

	#[test]
	fn bounds_are_kept() {
		let mut random = Random::new(7);
		for _ in 0..10_000 {
			assert!((3..=9).contains(&random.between(3, 9)));
			assert!((1.0..1_000.0).contains(&random.magnitude(1.0, 1_000.0)));
		}
	}
}
