//! American legs: longs at the lower, shorts at the upper bound.

use super::*;
use crate::{
	american::{bounds, American},
	risk_array::{requirement_from_arrays, ArrayLeg, SeriesRisk, SideRisk},
};

/// With interest at `rate` and a forward that grows by `carry`, both a year.
fn early(leg: Leg, rate: f64, carry: f64) -> Leg {
	let years = f(leg.years);
	Leg {
		exercise: Exercise::American { spot: q(SPOT), rate: q(rate), carry: q(carry) },
		forward: q(SPOT * (carry * years).exp()),
		discount: q((-rate * years).exp()),
		..leg
	}
}

fn european(leg: Leg) -> Leg {
	Leg { exercise: Exercise::European, ..leg }
}

#[test]
fn longs_count_the_lower_and_shorts_the_upper_bound() {
	for (kind, strike, rate, carry) in [
		(Kind::Call, 100.0, 0.05, -0.1),
		(Kind::Call, 60.0, 0.0, -0.2),
		(Kind::Put, 100.0, 0.1, 0.05),
		(Kind::Put, 140.0, 0.08, 0.0),
	] {
		let long = early(leg(kind, strike, 180.0, 1.0), rate, carry);
		let short = Leg { quantity: q(-1.0), ..long };
		let option = American {
			spot: q(SPOT),
			strike: long.strike,
			volatility: long.volatility,
			years: long.years,
			rate: q(rate),
			carry: q(carry),
		};
		let want = bounds(&option, kind).unwrap();
		let (long, short) = (margins(0.0, &[long]), margins(0.0, &[short]));
		assert!((f(long.mark) - f(want.lower)).abs() < 1e-12, "{kind:?} {strike}");
		assert!((f(short.mark) + f(want.upper)).abs() < 1e-12, "{kind:?} {strike}");
		assert!(want.lower < want.upper);
	}
}

#[test]
fn the_right_to_exercise_early_is_never_worth_less_than_nothing() {
	for kind in [Kind::Call, Kind::Put] {
		for strike in [40.0, 90.0, 100.0, 115.0, 250.0] {
			for (rate, carry) in [(0.0, 0.0), (0.05, 0.05), (0.1, -0.1), (0.0, 0.2), (-0.1, 0.1)] {
				let american = early(leg(kind, strike, 90.0, 1.0), rate, carry);
				let mark = |leg: Leg| f(margins(0.0, &[leg]).mark);
				let owed = -mark(Leg { quantity: q(-1.0), ..american });
				let sign = if kind == Kind::Call { 1.0 } else { -1.0 };
				let exercised = (sign * (SPOT - strike)).max(0.0);
				assert!(mark(american) >= mark(european(american)).max(exercised) - 1e-15);
				assert!(owed >= mark(american));
				// Two per cent of spot, and what a negative rate makes of the whole.
				let most = mark(american) * f(american.discount).max(1.0) + 0.02 * SPOT;
				assert!(owed <= most, "{kind:?} {strike} {rate} {carry}");
			}
		}
	}
}

#[test]
fn a_short_that_may_be_exercised_has_no_greatest_loss_and_a_long_has() {
	let long = early(put(100.0, 1.0), 0.1, 0.0);
	assert!(margins(0.0, &[long]).l_max.is_some());
	let short = Leg { quantity: q(-1.0), ..early(put(90.0, 1.0), 0.1, 0.0) };
	assert_eq!(margins(0.0, &[long, short]).l_max, None);
	let got = margins(0.0, &[long, short]);
	let sum = got.loss_mm.checked_add(extras(&got)).unwrap();
	assert!(got.scan_mm == sum && got.loss_mm.is_positive() && got.basis.is_positive());
}

#[test]
fn in_the_settlement_window_a_holder_may_still_exercise_at_spot() {
	let years = 15.0 / 525_600.0;
	let leg = Leg { fixed: q(60.0), years: q(years), ..early(call(80.0, 1.0), 0.0, 0.0) };
	// Spot has risen since: the average will be 110, spot is 120.
	let exercise = Exercise::American { spot: q(120.0), rate: Q64::ZERO, carry: Q64::ZERO };
	let leg = Leg { exercise, forward: q(110.0), ..leg };
	let book = Book { spot: q(120.0), units: Q64::ZERO, legs: &[leg] };
	assert!((f(value_range(&book, Q64::ZERO).unwrap().mark) - 40.0).abs() < 1e-9);
}

#[test]
fn no_market_leaves_an_american_leg_without_a_value() {
	for spot in [1e-12, 1e-6, 0.05, 0.11, 100.0, 9e4, 1.1e5, 1e9] {
		for days in [0.0, 1e-6, 1.0, 1_095.0, 18_250.0] {
			for volatility in [0.0, 0.001, 0.8, 500.0] {
				for (rate, carry) in
					[(0.0, 0.0), (0.05, -0.3), (-0.2, 4.0), (1.0, -4.0), (50.0, 200.0)]
				{
					for (kind, quantity) in
						[(Kind::Call, 1.0), (Kind::Call, -1.0), (Kind::Put, 1.0), (Kind::Put, -1.0)]
					{
						let years = days / 365.0;
						let legs = [Leg {
							exercise: Exercise::American {
								spot: q(spot),
								rate: q(rate),
								carry: q(carry),
							},
							forward: q((spot * (carry * years).min(20.0).exp()).clamp(1e-15, 1e12)),
							discount: q((-rate * years).clamp(-5.0, 5.0).exp()),
							volatility: q(volatility),
							..leg(kind, 100.0, days, quantity)
						}];
						check(spot, &legs);
					}
				}
			}
		}
	}
}

/// There is a requirement, from scratch and from arrays, and the two agree.
fn check(spot: f64, legs: &[Leg]) {
	let set = scenarios();
	let grid = grid(&set, q(0.6), q(0.7));
	let book = Book { spot: q(spot), units: q(1.0), legs };
	let scratch = requirement(&book, &grid, &contingencies());
	let scratch = scratch.unwrap_or_else(|error| panic!("{error:?}: {spot} {legs:?}"));
	value_range(&book, q(0.6)).unwrap();
	let moves = Moves::new(&grid).unwrap();
	let unit = SideRisk::of_unit(q(spot), &moves).unwrap();
	let risk = SeriesRisk::new(&legs[0], &moves).unwrap();
	let Leg { kind, strike, expiry, years, quantity, .. } = legs[0];
	let legs = [ArrayLeg { kind, strike, expiry, years, quantity, risk: &risk }];
	let book = Book { spot: q(spot), units: q(1.0), legs: &legs };
	let arrays = requirement_from_arrays(&book, Some(&unit), &set, &contingencies()).unwrap();
	assert_eq!((arrays.mark, arrays.l_max), (scratch.mark, scratch.l_max));
	assert!(arrays.initial >= scratch.initial);
	assert!(arrays.basis >= scratch.basis && arrays.vol_term >= scratch.vol_term);
	let close = 1e-13 * (spot + 100.0).max(f(scratch.loss_im));
	assert!(f(arrays.loss_mm) - f(scratch.loss_mm) <= close);
	assert!(f(arrays.loss_im) - f(scratch.loss_im) <= close);
	assert!(risk.short.unwrap().mark >= risk.long.mark);
}
