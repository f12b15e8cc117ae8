//! Results as one word.

use ballast_math::Q64;

/// Everything of a number.
pub fn of(value: Q64) -> u64 {
	let bits = value.to_bits() as u128;
	bits as u64 ^ (bits >> 64) as u64
}

/// Everything of several numbers, and their order.
pub fn of_all<const N: usize>(values: [Q64; N]) -> u64 {
	values.into_iter().fold(0, |sum, value| sum.rotate_left(9) ^ of(value))
}

/// Everything of several words, and their order.
pub fn of_words<const N: usize>(values: [u64; N]) -> u64 {
	values.into_iter().fold(0, |sum, value| sum.rotate_left(9) ^ value)
}
