use crate::{
	inputs::quotes,
	others::{by_float, by_solmath, fixed, floats},
	pricing::{full, option},
	run, workloads,
};
use ballast_math::Q64;

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

#[test]
fn every_workload_has_results_and_every_result_counts() {
	for (number, entry) in workloads() {
		let once = run(number, 5).expect(entry.name);
		assert_eq!(run(number, 5), Some(once), "{}: not reproducible", entry.name);
		assert_ne!(run(number, 6), Some(once), "{}: the last result is not used", entry.name);
	}
}

#[test]
fn there_is_no_workload_beyond_the_last() {
	assert_eq!(run(workloads().count() as u32, 1), None);
}

/// What is compared must be the same work: the same values, within what the other library resolves.
#[test]
fn the_libraries_compute_the_same() {
	for quote in quotes().unwrap() {
		let ours = full(&option(quote).unwrap()).unwrap().map(float);
		let forward = quote.forward as f64 / 1e6;
		// Values scale with the forward, gamma with its inverse.
		let scale = [forward, forward, 1.0, 1.0 / forward, forward, forward, forward];
		for ((ours, theirs), scale) in ours.iter().zip(by_float(floats(quote))).zip(scale) {
			assert!((ours - theirs).abs() <= 1e-11 * scale, "f64: {ours} {theirs}");
		}
		let [call, put, ..] = by_solmath(fixed(quote)).unwrap().map(|value| value as f64 / 1e12);
		assert!((call - ours[0]).abs() <= 1e-9 * forward, "solmath: {call} {}", ours[0]);
		assert!((put - ours[1]).abs() <= 1e-9 * forward, "solmath: {put} {}", ours[1]);
	}
}
