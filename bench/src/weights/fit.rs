//! From single runs to a line: a base and a slope for each component.

use super::{
	chain::{utf8, StorageItem},
	steps::Component,
};
use crate::Result;
use frame_benchmarking::{Analysis, BenchmarkMetadata, BenchmarkResult, BenchmarkSelector};
use std::collections::BTreeMap;

/// A base and what each component adds to it, in the order of the components.
pub struct Line {
	pub base: u128,
	pub slopes: Vec<u128>,
}

/// Reads or writes: a base and what each component adds to it, in hundredths, in the order of the
/// components. Nowhere below what was counted.
pub struct Keys {
	pub base: u128,
	pub slopes: Vec<u128>,
}

/// What a benchmark has measured.
pub struct Measured {
	/// Name of the benchmark.
	pub name: String,
	pub components: Vec<Component>,
	/// In picoseconds.
	pub time: Line,
	/// Keys read from the database.
	pub reads: Keys,
	/// Keys written to the database.
	pub writes: Keys,
	/// The longest median of a point, in nanoseconds.
	pub greatest: u128,
	/// Pallet and name of each value in storage, with its greatest number of keys read and written.
	pub storage: BTreeMap<String, (u32, u32)>,
}

impl Measured {
	/// Fits times by the greater of least squares (of the middle half of each point's runs) and median
	/// slopes, part by part.
	pub fn fit(
		benchmark: &BenchmarkMetadata,
		times: &Vec<BenchmarkResult>,
		counts: &[BenchmarkResult],
		items: &[StorageItem],
	) -> Result<Self> {
		let Analysis { base, slopes, .. } = Analysis::max(times, BenchmarkSelector::ExtrinsicTime)?;
		let keys = |of: fn(&BenchmarkResult) -> u32| {
			let points: Vec<Counted> =
				counts.iter().map(|result| Counted::of(result, of)).collect();
			Keys::above(&points, benchmark.components.len())
		};
		Ok(Self {
			name: utf8(&benchmark.name),
			components: benchmark.components.clone(),
			time: Line { base, slopes },
			reads: keys(|result| result.reads),
			writes: keys(|result| result.writes),
			greatest: greatest_median(times),
			storage: storage(counts, items),
		})
	}
}

/// What was counted at a point.
struct Counted {
	at: Vec<u32>,
	keys: u32,
}

impl Counted {
	fn of(result: &BenchmarkResult, of: fn(&BenchmarkResult) -> u32) -> Self {
		let at = result.components.iter().map(|(_, value)| *value).collect();
		Self { at, keys: of(result) }
	}
}

impl Keys {
	/// Slopes from one end of each component to the other, rounded up to a hundredth, and the least base
	/// with which no point is above.
	fn above(points: &[Counted], components: usize) -> Self {
		let most = |place| points.iter().map(|point| point.at[place]).max().unwrap_or_default();
		let greatest: Vec<u32> = (0..components).map(most).collect();
		let slope = |place: usize| {
			let alone = |point: &&Counted| {
				let others = point.at.iter().zip(&greatest).enumerate();
				others.filter(|(other, _)| *other != place).all(|(_, (value, most))| value == most)
			};
			let mut line: Vec<&Counted> = points.iter().filter(alone).collect();
			line.sort_by_key(|point| point.at[place]);
			let (Some(first), Some(last)) = (line.first(), line.last()) else { return 0 };
			let (rise, run) =
				(last.keys.saturating_sub(first.keys), last.at[place] - first.at[place]);
			if run == 0 {
				0
			} else {
				(u128::from(rise) * 100).div_ceil(u128::from(run))
			}
		};
		let slopes: Vec<u128> = (0..components).map(slope).collect();
		let base = |point: &Counted| {
			let values = point.at.iter().map(|value| u128::from(*value));
			let varying: u128 = values.zip(&slopes).map(|(value, slope)| value * slope).sum();
			(u128::from(point.keys) * 100).saturating_sub(varying).div_ceil(100)
		};
		let base = points.iter().map(base).max().unwrap_or_default();
		Self { base, slopes }
	}
}

fn greatest_median(times: &[BenchmarkResult]) -> u128 {
	let mut points = BTreeMap::<Vec<u32>, Vec<u128>>::new();
	for result in times {
		let at = result.components.iter().map(|(_, value)| *value).collect();
		points.entry(at).or_default().push(result.extrinsic_time);
	}
	let medians = points.into_values().filter_map(|mut times| {
		times.sort_unstable();
		times.get(times.len() / 2).copied()
	});
	medians.max().unwrap_or_default()
}

/// Greatest number of keys of each value in storage. Keys of no pallet keep their hexadecimal form.
fn storage(counts: &[BenchmarkResult], items: &[StorageItem]) -> BTreeMap<String, (u32, u32)> {
	let mut storage = BTreeMap::<String, (u32, u32)>::new();
	for result in counts {
		let mut of_run = BTreeMap::<String, (u32, u32)>::new();
		for (key, reads, writes, _) in &result.keys {
			let item = items.iter().find(|item| key.starts_with(&item.prefix));
			let name = match item {
				Some(item) => format!("{}::{}", utf8(&item.pallet), utf8(&item.name)),
				None => key.iter().map(|byte| format!("{byte:02x}")).collect(),
			};
			let entry = of_run.entry(name).or_default();
			*entry = (entry.0 + reads, entry.1 + writes);
		}
		for (name, (reads, writes)) in of_run {
			let entry = storage.entry(name).or_default();
			*entry = (entry.0.max(reads), entry.1.max(writes));
		}
	}
	storage
}

#[cfg(test)]
mod tests {
	use super::*;

	fn counted(at: &[u32], keys: u32) -> Counted {
		Counted { at: at.to_vec(), keys }
	}

	#[test]
	fn what_rises_evenly_is_met_exactly() {
		let points: Vec<Counted> = (0..5).map(|value| counted(&[value], 7 + 3 * value)).collect();
		let keys = Keys::above(&points, 1);
		assert_eq!((keys.base, keys.slopes), (7, vec![300]));
	}

	#[test]
	fn no_point_is_above() {
		let points = [(0, 1), (1, 4), (2, 4), (3, 9), (4, 6)];
		let points = points.map(|(value, keys)| counted(&[value, 2], keys));
		let keys = Keys::above(&points, 2);
		assert_eq!((keys.base, &keys.slopes), (6, &vec![125, 0]));
		for point in &points {
			let hundredths = 100 * keys.base + keys.slopes[0] * u128::from(point.at[0]);
			assert!(hundredths >= 100 * u128::from(point.keys));
		}
	}

	#[test]
	fn components_have_a_slope_each() {
		let at = [[0, 3], [1, 3], [2, 3], [2, 0]];
		let points = at.map(|[a, b]| counted(&[a, b], 10 + 2 * a + 4 * b));
		let keys = Keys::above(&points, 2);
		assert_eq!((keys.base, keys.slopes), (10, vec![200, 400]));
	}

	#[test]
	fn without_components_the_greatest_counts() {
		let keys = Keys::above(&[counted(&[], 3), counted(&[], 5)], 0);
		assert_eq!((keys.base, keys.slopes), (5, vec![]));
	}
}
