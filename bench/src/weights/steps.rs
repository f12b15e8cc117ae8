//! At which points of its components a benchmark is run.

use frame_benchmarking::BenchmarkParameter;

/// A component with its least and greatest value.
pub type Component = (BenchmarkParameter, u32, u32);
/// A value for each component.
pub type Values = Vec<(BenchmarkParameter, u32)>;

/// Each component in equal steps from its least value to its greatest, the others at their greatest; one
/// point if there is nothing to vary.
pub fn points(components: &[Component], steps: u32) -> Vec<Values> {
	let greatest: Values = components.iter().map(|(name, _, high)| (*name, *high)).collect();
	let mut points = Vec::new();
	for (place, (_, low, high)) in components.iter().enumerate() {
		for value in values(*low, *high, steps) {
			let mut point = greatest.clone();
			point[place].1 = value;
			if !points.contains(&point) {
				points.push(point);
			}
		}
	}
	if points.is_empty() {
		points.push(greatest);
	}
	points
}

/// From the least to the greatest, both included.
fn values(low: u32, high: u32, steps: u32) -> Vec<u32> {
	let (range, last) = (u64::from(high.saturating_sub(low)), u64::from(steps.max(2)) - 1);
	let step = |number: u64| low + ((range * number + last / 2) / last) as u32;
	let mut values: Vec<u32> = (0..=last).map(step).collect();
	values.dedup();
	values
}

#[cfg(test)]
mod tests {
	use super::*;
	use BenchmarkParameter::{a, b};

	#[test]
	fn a_benchmark_without_components_runs_at_one_point() {
		assert_eq!(points(&[], 10), vec![vec![]]);
	}

	#[test]
	fn both_ends_are_among_the_values() {
		assert_eq!(values(0, 64, 5), [0, 16, 32, 48, 64]);
		assert_eq!(values(1, 4, 10), [1, 2, 3, 4]);
		assert_eq!(values(7, 7, 10), [7]);
		assert_eq!(values(0, u32::MAX, 2), [0, u32::MAX]);
	}

	#[test]
	fn one_component_moves_at_a_time() {
		let points = points(&[(a, 0, 2), (b, 1, 2)], 3);
		let expected = [[0, 2], [1, 2], [2, 2], [2, 1]];
		assert_eq!(points, expected.map(|[x, y]| vec![(a, x), (b, y)]));
	}
}
