//! Realised volatility and scan range.

use ballast_math::{
	fixed::{Rounding, Q64},
	realised::{decay, log_return, ramp, HalfLives, RealisedVariance, ScanRule},
	MathError,
};
use proptest::prelude::*;

const HALF_LIVES: HalfLives = HalfLives { fast: 14_400, slow: 259_200 };

fn e18(value: i128) -> Q64 {
	Q64::from_e18(value).unwrap()
}

fn basis_points(value: i128) -> Q64 {
	e18(value * 100_000_000_000_000)
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

fn close(a: Q64, b: f64, tolerance: f64) -> bool {
	(float(a) - b).abs() <= tolerance
}

/// BTC's start values.
fn btc() -> ScanRule {
	ScanRule {
		floor: basis_points(1_100),
		stressed: basis_points(2_800),
		cap: basis_points(3_200),
		multiple: Q64::from_int(3),
		stressed_weight: basis_points(2_500),
		horizon: 86_400,
	}
}

#[test]
fn half_of_a_weight_is_left_after_a_half_life() {
	let half = Q64::from_bits(1 << 63);
	assert!((decay(14_400, 14_400).unwrap().to_bits() - half.to_bits()).abs() < 40);
	assert!(close(decay(300, 14_400).unwrap(), 0.985_663_198_640_187_9, 1e-15));
	assert_eq!(decay(0, 14_400), Ok(Q64::ONE));
	assert_eq!(decay(14_400 * 64, 14_400), Ok(Q64::ZERO));
	assert_eq!(decay(u64::MAX, 1), Ok(Q64::ZERO));
	assert_eq!(decay(1, 0), Err(MathError::OutOfDomain));
}

#[test]
fn log_returns_are_symmetric_and_bounded() {
	let up = log_return(134_400, 100_000).unwrap();
	let down = log_return(100_000, 134_400).unwrap();
	assert!(close(up, 0.295_650_2, 1e-7));
	assert!((up.to_bits() + down.to_bits()).abs() < 20);
	assert_eq!(log_return(7, 7), Ok(Q64::ZERO));
	assert!(close(log_return(i128::MAX, 1).unwrap(), 43.668, 1e-3));
	assert!(close(log_return(1, i128::MAX).unwrap(), -44.361, 1e-3));
	assert_eq!(log_return(0, 1), Err(MathError::OutOfDomain));
	assert_eq!(log_return(1, -1), Err(MathError::OutOfDomain));
}

#[test]
fn a_constant_return_converges_to_its_own_volatility() {
	// 0.1% every 5 minutes is 0.001 * sqrt(365 * 288) = 32.42% a year
	let mut state = RealisedVariance::from_volatility(basis_points(9_000)).unwrap();
	let r = basis_points(10);
	for _ in 0..50_000 {
		state = state.update(r, 300, HALF_LIVES).unwrap();
	}
	let (fast, slow) = state.volatilities().unwrap();
	assert!(close(fast, 0.324_222_14, 1e-7), "{}", float(fast));
	assert!(close(slow, 0.324_222_14, 1e-5), "{}", float(slow));
}

#[test]
fn the_fast_average_sees_a_crash_first_and_forgets_it_first() {
	let calm = RealisedVariance::from_volatility(basis_points(6_000)).unwrap();
	let crash = log_return(814, 1_000).unwrap();
	let after = calm.update(crash, 1_800, HALF_LIVES).unwrap();
	assert!(after.fast > after.slow && after.slow > calm.slow);
	let mut later = after;
	for _ in 0..48 {
		later = later.update(Q64::ZERO, 1_800, HALF_LIVES).unwrap();
	}
	assert!(later.fast < later.slow);
	// sigma_hat is the greatest of the three
	let (fast, slow) = after.volatilities().unwrap();
	assert_eq!(after.volatility(Q64::ZERO), Ok(fast.max(slow)));
	assert_eq!(after.volatility(Q64::from_int(9)), Ok(Q64::from_int(9)));
}

#[test]
fn one_step_of_the_average_by_hand() {
	// 1% in an hour: 0.0001 * 8760 = 0.876; half of it after a half life of an hour
	let lives = HalfLives { fast: 3_600, slow: 7_200 };
	let state = RealisedVariance { fast: basis_points(4_000), slow: basis_points(4_000) };
	let next = state.update(basis_points(100), 3_600, lives).unwrap();
	assert!(close(next.fast, 0.638, 1e-16));
	assert!(close(next.slow, 0.876 - 0.476 * 0.5f64.sqrt(), 1e-15));
}

#[test]
fn a_gap_weighs_as_much_as_the_samples_that_are_missing() {
	// quiet for an hour, seen in one sample or in twelve
	let start = RealisedVariance::from_volatility(basis_points(8_000)).unwrap();
	let once = start.update(Q64::ZERO, 3_600, HALF_LIVES).unwrap();
	let mut often = start;
	for _ in 0..12 {
		often = often.update(Q64::ZERO, 300, HALF_LIVES).unwrap();
	}
	assert!((once.fast.to_bits() - often.fast.to_bits()).abs() < 100);
	assert!((once.slow.to_bits() - often.slow.to_bits()).abs() < 100);
}

#[test]
fn updates_refuse_what_means_nothing() {
	let state = RealisedVariance::from_volatility(Q64::ONE).unwrap();
	assert_eq!(state.update(Q64::ZERO, 0, HALF_LIVES), Err(MathError::OutOfDomain));
	let dead = HalfLives { fast: 0, slow: 1 };
	assert_eq!(state.update(Q64::ZERO, 1, dead), Err(MathError::OutOfDomain));
	assert_eq!(RealisedVariance::from_volatility(Q64::from_int(-1)), Err(MathError::OutOfDomain));
	// the largest return that log_return can give, in one second
	let worst = log_return(1, i128::MAX).unwrap();
	let state = state.update(worst, 1, HALF_LIVES).unwrap();
	assert_eq!(btc().target(state.volatility(Q64::ZERO).unwrap()), Ok(basis_points(3_200)));
}

#[test]
fn targets_by_hand() {
	// 0.75 * 3 * 0.8 / sqrt(365) + 0.25 * 0.28
	assert!(close(btc().target(basis_points(8_000)).unwrap(), 0.164_216_306_066_238_47, 1e-15));
	// a calm market: the floor; a storm: the cap
	assert_eq!(btc().target(basis_points(100)), Ok(basis_points(1_100)));
	assert_eq!(btc().target(Q64::from_int(9)), Ok(basis_points(3_200)));
	assert_eq!(btc().target(Q64::MAX), Ok(basis_points(3_200)));
	// a cap above one counts as one
	let wild = ScanRule { cap: Q64::from_int(5), ..btc() };
	assert_eq!(wild.target(Q64::from_int(90)), Ok(Q64::ONE));
	// the cap also bounds a floor above it
	let crossed = ScanRule { floor: basis_points(5_000), ..btc() };
	assert_eq!(crossed.target(Q64::ZERO), Ok(basis_points(3_200)));
	let heavy = ScanRule { stressed_weight: Q64::from_int(2), ..btc() };
	assert_eq!(heavy.target(Q64::ONE), Err(MathError::OutOfDomain));
	assert_eq!(btc().target(Q64::from_bits(-1)), Err(MathError::OutOfDomain));
}

#[test]
fn the_ramp_moves_by_its_speed_both_ways_and_stops_at_the_target() {
	let (low, high, speed) = (basis_points(1_100), basis_points(3_200), basis_points(200));
	let near = |a: Q64, b: i128| (a.to_bits() - basis_points(b).to_bits()).abs() <= 4;
	assert!(near(ramp(low, high, speed, 1_800).unwrap(), 1_200));
	assert!(near(ramp(high, low, speed, 1_800).unwrap(), 3_100));
	assert_eq!(ramp(low, high, speed, 360_000), Ok(high));
	assert_eq!(ramp(high, low, speed, u64::MAX), Ok(low));
	assert_eq!(ramp(low, high, speed, 0), Ok(low));
	assert_eq!(ramp(low, high, Q64::ZERO, 3_600), Ok(low));
	assert_eq!(ramp(low, high, Q64::from_int(-1), 3_600), Err(MathError::OutOfDomain));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_000))]

	#[test]
	fn target_is_monotone_and_bounded(a in 0i128..10_000_000_000_000_000_000, b in 0i128..10_000_000_000_000_000_000) {
		let rule = btc();
		let low = rule.target(e18(a.min(b))).unwrap();
		let high = rule.target(e18(a.max(b))).unwrap();
		prop_assert!(rule.floor <= low && low <= high && high <= rule.cap);
	}

	#[test]
	fn ramp_is_bounded_and_never_overshoots(
		current in 0i128..1_000_000_000_000_000_000,
		target in 0i128..1_000_000_000_000_000_000,
		speed in 0i128..100_000_000_000_000_000,
		elapsed in 0u64..100_000,
	) {
		let (current, target) = (e18(current), e18(target));
		let next = ramp(current, target, e18(speed), elapsed).unwrap();
		let moved = next.checked_sub(current).unwrap().checked_abs().unwrap();
		let allowed = e18(speed).checked_mul(
			Q64::from_ratio(i128::from(elapsed), 3_600, Rounding::Ceil).unwrap(), Rounding::Ceil).unwrap();
		prop_assert!(moved <= allowed);
		prop_assert!(current.min(target) <= next && next <= current.max(target));
		// two halves reach no further than the whole
		let half = ramp(current, target, e18(speed), elapsed / 2).unwrap();
		let both = ramp(half, target, e18(speed), elapsed - elapsed / 2).unwrap();
		let gap = |x: Q64| target.checked_sub(x).unwrap().checked_abs().unwrap();
		prop_assert!(gap(both) >= gap(next));
		prop_assert!(gap(both).to_bits() - gap(next).to_bits() < 8);
	}

	#[test]
	fn an_average_stays_between_what_it_was_and_what_it_sees(
		vol in 0i128..5_000_000_000_000_000_000,
		r in -200_000_000_000_000_000i128..200_000_000_000_000_000,
		elapsed in 1u64..100_000,
	) {
		let start = RealisedVariance::from_volatility(e18(vol)).unwrap();
		let next = start.update(e18(r), elapsed, HALF_LIVES).unwrap();
		let seen = float(e18(r)).powi(2) * 31_536_000.0 / elapsed as f64;
		for value in [next.fast, next.slow] {
			let (low, high) = (float(start.fast).min(seen), float(start.fast).max(seen));
			prop_assert!(float(value) >= low - high * 1e-12 - 1e-15);
			prop_assert!(float(value) <= high + high * 1e-12 + 1e-15);
			prop_assert!(!value.is_negative());
		}
	}
}
