//! The rule of the market's average against a plain computation.

use crate::{
	average::{keep, ClosedSlice, Figures, Held, RunningSlice, CLOSED_SLICES},
	mock::*,
};
use ballast_primitives::{
	params::OracleRules, Correlation, Moment, Price, Rate, Ratio, SurfaceQuote, Volatility,
};
use frame_support::{traits::ConstU32, BoundedVec};
use proptest::prelude::*;

const WINDOW: Moment = 1_800;
/// A whole multiple of every slice that is tried.
const ORIGIN: Moment = 1_000_000_800;
/// The volatility on top of which the plain computation varies.
const HALF: u128 = 500_000_000_000_000_000;

fn rules(window: Moment, percent: u32) -> OracleRules {
	OracleRules {
		settlement_window: window,
		settlement_coverage: Ratio::from_percent(percent),
		..Default::default()
	}
}

/// A market all of whose figures are one small integer, or differ by it from what must be.
fn figures(figure: i64) -> Figures {
	let mut surface =
		SurfaceQuote::flat(Volatility::from_inner(HALF.checked_add_signed(figure.into()).unwrap()));
	for tenor in &mut surface.tenors {
		tenor.rho = Correlation::from_inner(-i128::from(figure));
		tenor.carry = Rate::from_inner(-i128::from(figure));
		tenor.rate = Rate::from_inner(figure.into());
	}
	Figures { spot: Price::from_inner(figure.unsigned_abs().into()), surface }
}

/// The figures again, as differences from what [`figures`] starts from.
fn numbers(mean: &Figures) -> Vec<f64> {
	let mut all = vec![mean.spot.into_inner() as f64];
	for tenor in &mean.surface.tenors {
		all.push((tenor.volatility.into_inner() as i128 - HALF as i128) as f64);
		all.push(-tenor.rho.into_inner() as f64);
		all.push(-tenor.carry.into_inner() as f64);
		all.push(tenor.rate.into_inner() as f64);
	}
	all
}

/// The two storage items of one market.
struct Kept {
	rules: OracleRules,
	running: RunningSlice,
	closed: BoundedVec<ClosedSlice, ConstU32<CLOSED_SLICES>>,
}

impl Kept {
	fn new(rules: OracleRules, from: Moment) -> Self {
		let running = RunningSlice::at(from, &rules);
		Self { rules, running, closed: Default::default() }
	}

	fn record(&mut self, figure: i64, from: Moment, to: Moment) {
		let held = Held { figures: figures(figure), from, to };
		keep(&mut self.closed, self.running.record(&held).unwrap());
		assert!(self.running.is_sound(&self.closed, to));
	}

	fn average(&self, now: Moment) -> Option<Figures> {
		self.running.average(&self.closed, &self.rules, now).unwrap()
	}
}

/// The rule out of the whole list of what was in force: slice by slice, nothing kept.
fn plain(held: &[(Moment, Moment, i64)], window: Moment, percent: u64, now: Moment) -> Option<f64> {
	let slice = window / 6;
	let since = now - slice * 6;
	let (mut sum, mut covered) = (0.0, 0);
	let mut start = since / slice * slice;
	while start < now {
		let parts = held.iter().map(|(from, to, figure)| {
			((*to).min(start + slice).saturating_sub((*from).max(start)), *figure)
		});
		let (seconds, weighted) = parts.fold((0, 0.0), |(seconds, weighted), (part, figure)| {
			(seconds + part, weighted + part as f64 * figure as f64)
		});
		let later = (start + slice).min(start + slice - since.saturating_sub(start).min(slice));
		let counts = seconds * (later - start) / slice;
		if counts > 0 {
			sum += weighted / seconds as f64 * counts as f64;
			covered += counts;
		}
		start += slice;
	}
	(covered > 0 && covered * 100 >= percent * slice * 6).then(|| sum / covered as f64)
}

/// The mean of what was in force, second by second.
fn exact(held: &[(Moment, Moment, i64)], window: Moment, now: Moment) -> f64 {
	let parts = held.iter().map(|(from, to, figure)| {
		(*to).min(now).saturating_sub((*from).max(now - window)) as f64 * *figure as f64
	});
	parts.sum::<f64>() / window as f64
}

#[test]
fn a_jump_in_the_last_minute_moves_the_average_by_no_more_than_a_thirtieth() {
	let (before, after) = (1_000_000, 2_000_000);
	// wherever in its slice the moment lies
	for phase in 0..330 {
		for seconds in [1, 7, 59, 60] {
			let jump = ORIGIN + 4_000 + phase;
			let mut kept = Kept::new(rules(WINDOW, 100), ORIGIN);
			kept.record(before, ORIGIN, jump - 2_000);
			kept.record(before, jump - 2_000, jump);
			kept.record(after, jump, jump + seconds);
			let mean = kept.average(jump + seconds).unwrap();
			let moved = (after - before) as f64 * seconds as f64 / WINDOW as f64;
			assert!(moved <= (after - before) as f64 / 30.0);
			for found in numbers(&mean) {
				assert!((found - before as f64 - moved).abs() <= 1.0, "{phase} {seconds} {found}");
			}
		}
	}
}

#[test]
fn the_average_moves_by_little_when_a_slice_ends() {
	let mut kept = Kept::new(rules(WINDOW, 100), ORIGIN);
	let mut last: Option<f64> = None;
	for second in 0..6_000 {
		let now = ORIGIN + second;
		let figure = if second % 700 < 350 { 1_000_000 } else { 2_000_000 };
		kept.record(figure, now, now + 1);
		let found = kept.average(now + 1).map(|mean| numbers(&mean)[0]);
		if let (Some(found), Some(last)) = (found, last) {
			// one second in, one second's share of a slice's mean out: at most 1 in 1,800 of the range
			assert!((found - last).abs() <= 1_000_000.0 / 1_800.0 + 1.0, "{second}");
		}
		assert_eq!(found.is_some(), second + 1 >= WINDOW, "{second}");
		last = found;
	}
}

#[test]
fn what_is_too_large_or_too_early_is_refused() {
	let rules = rules(6 * 200_000_000, 80);
	let mut running = RunningSlice::at(0, &rules);
	let figures = Figures { spot: crate::PRICE_MAX, surface: flat(60) };
	assert!(running.record(&Held { figures, from: 0, to: 100_000_000 }).is_ok());
	assert!(running.record(&Held { figures, from: 100_000_000, to: 200_000_000 }).is_err());
	let mut running = RunningSlice::at(1_000_000_000, &rules);
	assert!(running.record(&Held { figures, from: 1, to: 2 }).is_err());
	// the longest window that governance may choose has room for a thousand times more
	let rules = OracleRules { settlement_window: 21_600, ..rules };
	let mut running = RunningSlice::at(0, &rules);
	let mut closed = BoundedVec::default();
	for hour in 0..12 {
		let held = Held { figures, from: hour * 3_600, to: (hour + 1) * 3_600 };
		keep(&mut closed, running.record(&held).unwrap());
	}
	assert_eq!(running.average(&closed, &rules, 12 * 3_600), Ok(Some(figures)));
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

	#[test]
	fn agrees_with_the_plain_computation(
		parts in prop::collection::vec((1u64..300, 0u64..400, 1i64..1_000_000), 1..60),
		slice in 1u64..60,
		percent in 1u64..=100,
		lead in 0u64..100,
	) {
		let window = slice * 6 + lead % 6;
		let mut now = ORIGIN + lead;
		let mut kept = Kept::new(rules(window, percent as u32), now);
		let mut held = Vec::new();
		for (seconds, fresh, figure) in parts {
			let to = (now + seconds).min(now + fresh);
			if to > now {
				kept.record(figure, now, to);
				held.push((now, to, figure));
			}
			now += seconds;
			let expected = plain(&held, window, percent, now);
			let found = kept.average(now);
			prop_assert_eq!(found.is_some(), expected.is_some());
			if let (Some(mean), Some(expected)) = (found, expected) {
				for figure in numbers(&mean) {
					prop_assert!((figure - expected).abs() <= 1.0 + 1e-6, "{} {}", figure, expected);
				}
			}
		}
	}

	/// With nothing missing it is the mean of the last seconds, but for the order within the slice
	/// that the window's beginning cuts.
	#[test]
	fn is_near_the_mean_of_the_last_seconds(
		parts in prop::collection::vec((1u64..300, 1i64..1_000_000), 1..60),
		slice in 1u64..60,
		lead in 0u64..100,
	) {
		let begin = ORIGIN + lead;
		let (mut now, mut held) = (begin, Vec::new());
		let mut kept = Kept::new(rules(slice * 6, 100), now);
		for (seconds, figure) in parts {
			kept.record(figure, now, now + seconds);
			held.push((now, now + seconds, figure));
			now += seconds;
			let Some(mean) = kept.average(now) else { continue };
			prop_assert!(now - begin >= slice * 6);
			let expected = exact(&held, slice * 6, now);
			for figure in numbers(&mean) {
				prop_assert!((figure - expected).abs() <= 1e6 / 24.0 + 1.0, "{figure} {expected}");
			}
		}
	}

	/// Whatever surfaces were in force, without arbitrage, there is an average, and it has none.
	#[test]
	fn the_average_has_no_arbitrage(
		tenors in prop::collection::vec(prop::collection::vec(
			(20u32..150, -90i32..90, 0u32..80), ballast_primitives::TENORS), 2..8),
	) {
		let mut running = RunningSlice::at(ORIGIN, &rules(WINDOW, 80));
		let mut now = ORIGIN;
		for tenors in tenors.iter().cycle().take(30) {
			let mut surface = SurfaceQuote::default();
			for (slot, (volatility, rho, psi)) in surface.tenors.iter_mut().zip(tenors) {
				slot.volatility = Volatility::from_percent(*volatility);
				slot.rho = Correlation::from_percent(*rho);
				slot.psi = Ratio::from_percent(*psi);
			}
			let figures = Figures { spot: price(7), surface: surface.projected().unwrap() };
			running.record(&Held { figures, from: now, to: now + 10 }).unwrap();
			now += 10;
		}
		// of one slice
		let mean = running.average(&[], &rules(WINDOW, 16), now).unwrap().expect("an average");
		prop_assert!(mean.surface.is_admissible());
		prop_assert_eq!(mean.spot, price(7));
	}
}
