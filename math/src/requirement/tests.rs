//! The requirement against a floating point revaluation, and its properties.

mod charges;
mod early;
mod window;

use super::*;
use crate::{black76::Kind, scenario::SpotMove};

pub(crate) fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

pub(crate) fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

pub(crate) fn usd(value: Q64, rounding: Rounding) -> i128 {
	value.to_e18(rounding).unwrap()
}

/// Complementary error function: series near zero, continued fraction in the tail.
fn erfc(x: f64) -> f64 {
	if x < 0.0 {
		return 2.0 - erfc(-x);
	}
	if x < 2.5 {
		let (mut term, mut sum) = (x, x);
		for n in 1..100 {
			term *= -x * x / f64::from(n);
			sum += term / f64::from(2 * n + 1);
		}
		return 1.0 - 2.0 / std::f64::consts::PI.sqrt() * sum;
	}
	let fraction = (1..200).rev().fold(0.0, |tail, n| f64::from(n) / 2.0 / (x + tail));
	(-x * x).exp() / std::f64::consts::PI.sqrt() / (x + fraction)
}

fn black(kind: Kind, forward: f64, strike: f64, years: f64, sigma: f64) -> f64 {
	let sign = if kind == Kind::Call { 1.0 } else { -1.0 };
	if years <= 0.0 {
		return (sign * (forward - strike)).max(0.0);
	}
	let v = sigma * years.sqrt();
	let d1 = (forward / strike).ln() / v + v / 2.0;
	let phi = |z: f64| 0.5 * erfc(-z / std::f64::consts::SQRT_2);
	sign * (forward * phi(sign * d1) - strike * phi(sign * (d1 - v)))
}

const DAY: f64 = 1.0 / 365.0;

pub(crate) fn shock() -> VolShock {
	VolShock {
		up: q(0.5),
		down: q(0.3),
		short_power: q(0.3),
		long_power: q(0.13),
		floor_years: q(DAY),
		cap: q(3.0),
		least_up: q(0.4),
	}
}

/// The default set: 21 scenarios, two wide ones, eight tails.
pub(crate) fn scenarios() -> Vec<Scenario> {
	let mut set = Vec::new();
	for thirds in [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0] {
		for volatility in [VolMove::Up, VolMove::None, VolMove::Down] {
			let spot = SpotMove::ScanRanges(q(thirds / 3.0));
			set.push(Scenario { spot, volatility, weight: Q64::ONE });
		}
	}
	let tails =
		[(0.34, 0.168), (0.67, 0.336), (1.5, 0.222), (2.0, 0.111), (3.0, 0.055), (6.0, 0.022)];
	for (spot, weight) in [(SpotMove::ScanRanges(q(2.0)), 1.0 / 3.0)]
		.into_iter()
		.chain([(SpotMove::ScanRanges(q(-2.0)), 1.0 / 3.0)])
		.chain(tails.map(|(multiple, weight)| (SpotMove::Multiple(q(multiple)), weight)))
	{
		set.push(Scenario { spot, volatility: VolMove::Up, weight: q(weight) });
	}
	set
}

pub(crate) fn contingencies() -> Contingencies {
	Contingencies {
		short_mm: q(0.003),
		short_im: q(0.005),
		initial_factor: q(1.25),
		basis_weight: q(0.5),
		basis_weight_per_year: q(2.0),
		vol_term: q(0.35),
		confidence: Q64::ZERO,
		long_value: q(0.95),
		long_value_rate: q(0.16),
		open_interest: Q64::ONE,
		peg: Q64::ZERO,
	}
}

/// Ranges of maintenance and initial margin with the moves of volatility and basis above.
pub(crate) fn grid(scenarios: &[Scenario], range_mm: Q64, range_im: Q64) -> Grid<'_> {
	let (basis_up, basis_down) = (q(0.045), q(0.045));
	Grid { scenarios, range_mm, range_im, shock: shock(), basis_up, basis_down }
}

const SPOT: f64 = 100.0;

pub(crate) fn leg(kind: Kind, strike: f64, days: f64, quantity: f64) -> Leg {
	Leg {
		kind,
		exercise: Exercise::European,
		strike: q(strike),
		expiry: (days * 86_400.0) as u64,
		years: q(days * DAY),
		forward: q(SPOT),
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: q(0.8),
		quantity: q(quantity),
	}
}

pub(crate) fn call(strike: f64, quantity: f64) -> Leg {
	leg(Kind::Call, strike, 30.0, quantity)
}

pub(crate) fn put(strike: f64, quantity: f64) -> Leg {
	leg(Kind::Put, strike, 30.0, quantity)
}

pub(crate) fn margins(units: f64, legs: &[Leg]) -> Margins {
	margins_with(&contingencies(), units, legs)
}

pub(crate) fn margins_with(with: &Contingencies, units: f64, legs: &[Leg]) -> Margins {
	let set = scenarios();
	let book = Book { spot: q(SPOT), units: q(units), legs };
	requirement(&book, &grid(&set, q(0.15), q(0.18)), with).unwrap()
}

/// The charges that join the loss in maintenance margin.
pub(crate) fn extras(margins: &Margins) -> Q64 {
	[margins.basis, margins.vol_term, margins.discount]
		.into_iter()
		.fold(Q64::ZERO, |sum, line| sum.checked_add(line).unwrap())
}

/// Worst weighted loss by floating point.
pub(crate) fn loss(units: f64, legs: &[Leg], range: f64) -> f64 {
	let value = |factor: f64, direction| {
		legs.iter().fold(units * SPOT * factor, |sum, leg| {
			let years = f(leg.years);
			let sigma = f(shock().shocked(leg.volatility, leg.years, direction).unwrap());
			let price = black(leg.kind, SPOT * factor, f(leg.strike), years, sigma);
			sum + f(leg.quantity) * price
		})
	};
	let before = value(1.0, VolMove::None);
	scenarios().iter().fold(0.0, |worst: f64, scenario| {
		let factor = match scenario.spot {
			SpotMove::ScanRanges(n) => 1.0 + f(n) * range,
			SpotMove::Multiple(multiple) => f(multiple),
		};
		worst.max((before - value(factor, scenario.volatility)) * f(scenario.weight))
	})
}

/// The most a book of one expiry can lose, by looking at many prices; `None` if it grows for ever.
pub(crate) fn searched_loss(value: f64, units: f64, legs: &[Leg]) -> Option<f64> {
	let payoff = |price: f64| {
		legs.iter().fold(units * price, |sum, leg| {
			let sign = if leg.kind == Kind::Call { 1.0 } else { -1.0 };
			sum + f(leg.quantity) * (sign * (price - f(leg.strike))).max(0.0)
		})
	};
	if payoff(2e6) < payoff(1e6) - 1.0 {
		return None;
	}
	let least = (0..40_000).map(|n| payoff(f64::from(n) / 50.0)).fold(f64::MAX, f64::min);
	Some(value - least)
}

#[test]
fn a_bought_option_with_exactly_its_premium_is_at_initial_margin_or_above() {
	for legs in [[call(110.0, 1.0)], [put(70.0, 3.0)], [leg(Kind::Call, 100.0, 1.0, 0.37)]] {
		let got = margins(0.0, &legs);
		assert_eq!(got.l_max, Some(got.mark));
		// The ledger books the mark to nearest and the requirement up: no last unit is lost.
		assert!(usd(got.initial, Rounding::Ceil) <= usd(got.mark, Rounding::Nearest));
		assert_eq!(got.contingency_mm, Q64::ZERO);
	}
}

#[test]
fn a_call_spread_needs_no_more_than_it_can_lose_and_the_contingency() {
	let got = margins(0.0, &[call(100.0, -1.0), call(110.0, 1.0)]);
	// It can lose the ten between the strikes, of which its negative mark is already lost.
	let most = 10.0 + f(got.mark);
	assert!((f(got.l_max.unwrap()) - most).abs() < 1e-12);
	assert!(f(got.scan_im) <= most + 1e-12);
	assert!((f(got.initial) - f(got.scan_im) - 0.008 * SPOT).abs() < 1e-12);
}

#[test]
fn a_covered_call_can_lose_no_more_than_the_book_is_worth() {
	let naked = margins(0.0, &[call(110.0, -1.0)]);
	assert_eq!(naked.l_max, None);
	let covered = margins(1.0, &[call(110.0, -1.0)]);
	assert!((f(covered.l_max.unwrap()) - (SPOT + f(covered.mark))).abs() < 1e-12);
	// Hedged in the grid: the call gains what the units lose, so the two need less than either twice.
	let units = margins(1.0, &[]);
	assert!(covered.loss_mm < units.loss_mm);
	assert!(f(covered.loss_mm) < 0.7 * (f(units.loss_mm) + f(naked.loss_mm)));
	// One unit does not cover two calls.
	assert_eq!(margins(1.0, &[call(110.0, -2.0)]).l_max, None);
}

#[test]
fn long_calls_of_another_expiry_bound_nothing() {
	let calendar = [leg(Kind::Call, 100.0, 30.0, 1.0), leg(Kind::Call, 100.0, 90.0, -1.0)];
	assert_eq!(margins(0.0, &calendar).l_max, None);
	assert!(margins(0.0, &calendar).scan_mm.is_positive());
	// With a unit for the far call the book is bounded: the near call only adds.
	let covered = margins(1.0, &calendar);
	assert!((f(covered.l_max.unwrap()) - (SPOT + f(covered.mark))).abs() < 1e-12);
}

#[test]
fn units_of_one_underlying_cover_calls_of_several_expiries_only_once() {
	let legs = [leg(Kind::Call, 100.0, 7.0, -1.0), leg(Kind::Call, 110.0, 30.0, -1.0)];
	assert_eq!(margins(1.5, &legs).l_max, None);
	assert!(margins(2.0, &legs).l_max.is_some());
}

#[test]
fn a_cash_secured_put_can_lose_its_strike() {
	let got = margins(0.0, &[put(90.0, -1.0)]);
	assert!((f(got.l_max.unwrap()) - (90.0 + f(got.mark))).abs() < 1e-12);
}

#[test]
fn shorts_are_netted_per_strike_over_kinds_and_expiries_but_not_over_strikes() {
	let contingency = |legs: &[Leg]| f(margins(0.0, legs).contingency_mm) / 0.003 / SPOT;
	let close = |legs: &[Leg], want: f64| assert!((contingency(legs) - want).abs() < 1e-12);
	close(&[call(100.0, -1.0), put(100.0, -1.0)], 2.0);
	close(&[call(110.0, -1.0), put(90.0, -1.0)], 2.0);
	close(&[call(100.0, -1.0), put(100.0, 1.0)], 0.0);
	close(&[call(100.0, -1.0), leg(Kind::Call, 100.0, 60.0, 1.0)], 0.0);
	close(&[call(100.0, -3.0), call(110.0, 3.0)], 3.0);
	close(&[call(100.0, 5.0), put(90.0, 2.0)], 0.0);
}

#[test]
fn an_expired_leg_is_worth_what_it_would_pay_and_is_still_scanned() {
	let got = margins(0.0, &[leg(Kind::Put, 110.0, 0.0, -1.0)]);
	assert_eq!(got.mark, Q64::from_int(-10));
	// Twice the range at a third of the weight against the whole range: the range binds.
	assert!((f(got.loss_mm) - 15.0).abs() < 1e-12);
	let expired = [leg(Kind::Call, 90.0, 0.0, 1.0)];
	let book = Book { spot: q(SPOT), units: Q64::ZERO, legs: &expired };
	assert_eq!(value_range(&book, q(0.5)).unwrap().greatest, Q64::from_int(60));
}

#[test]
fn no_market_leaves_an_account_without_a_requirement() {
	for forward in [1e-12, 1e-6, 0.05, 0.11, 9e4, 1.1e5, 1e9] {
		for years in [0.0, 1e-9, DAY, 3.0, 50.0] {
			for volatility in [0.0, 0.001, 0.8, 10.0, 500.0] {
				for kind in [Kind::Call, Kind::Put] {
					let legs = [Leg {
						forward: q(forward),
						years: q(years),
						volatility: q(volatility),
						..leg(kind, 100.0, 1.0, -2.0)
					}];
					let set = scenarios();
					let grid = grid(&set, q(0.6), q(0.6));
					let book = Book { spot: q(forward), units: q(1.0), legs: &legs };
					let got = requirement(&book, &grid, &contingencies()).unwrap();
					assert!(!got.maintenance.is_negative() && got.initial >= got.maintenance);
					let most = if kind == Kind::Call { forward } else { 100.0 };
					assert!(f(got.mark) <= 0.0 && f(got.mark) >= -2.0 * most - 1e-9);
					value_range(&book, q(0.6)).unwrap();
				}
			}
		}
	}
}

#[test]
fn values_join_at_the_edge_of_the_domain() {
	for kind in [Kind::Call, Kind::Put] {
		for (edge, step) in [(100_000.0, 1.0), (0.1, 1e-6)] {
			let at = |forward: f64| {
				let legs = [Leg { forward: q(forward), ..leg(kind, 100.0, 365.0, 1.0) }];
				let book = Book { spot: q(forward), units: Q64::ZERO, legs: &legs };
				f(value_range(&book, Q64::ZERO).unwrap().mark)
			};
			let (below, above) = (at(edge - step), at(edge + step));
			assert!((above - below).abs() <= 2.0 * step + 1e-9, "{kind:?} {edge}");
		}
	}
}

#[test]
fn more_scenarios_than_fit_and_meaningless_books_are_refused() {
	let set = vec![
		Scenario {
			spot: SpotMove::Multiple(Q64::ONE),
			volatility: VolMove::None,
			weight: Q64::ONE
		};
		41
	];
	let grid = |n: usize| grid(&set[..n], q(0.1), q(0.1));
	let ask = |n: usize, spot: f64, units: f64, legs: &[Leg]| {
		requirement(&Book { spot: q(spot), units: q(units), legs }, &grid(n), &contingencies())
	};
	assert!(ask(40, 1.0, 0.0, &[]).is_ok());
	assert_eq!(ask(41, 1.0, 0.0, &[]), Err(MathError::OutOfDomain));
	assert_eq!(ask(1, 0.0, 0.0, &[]), Err(MathError::OutOfDomain));
	assert_eq!(ask(1, 1.0, -1.0, &[]), Err(MathError::OutOfDomain));
	assert_eq!(ask(1, 1.0, 0.0, &[call(0.0, 1.0)]), Err(MathError::OutOfDomain));
}

#[test]
fn the_range_of_an_unusable_book_has_its_extremes_at_strikes_and_ends() {
	let legs = [call(95.0, 1.0), call(100.0, -2.0), call(105.0, 1.0)]
		.map(|leg| Leg { years: q(1e-6), ..leg });
	let book = Book { spot: q(SPOT), units: Q64::ZERO, legs: &legs };
	let range = value_range(&book, q(0.32)).unwrap();
	assert!((f(range.greatest) - 5.0).abs() < 0.1);
	assert!(f(range.least).abs() < 1e-6);
	let range = value_range(&Book { units: q(2.0), legs: &[], ..book }, q(0.32)).unwrap();
	assert!((f(range.least) - 136.0).abs() < 1e-9);
	assert!((f(range.greatest) - 264.0).abs() < 1e-9);
	assert_eq!(range.units_value, q(200.0));
}
