//! The published sets, and properties over random books.

use super::{sets::*, *};
use crate::{
	black76::Kind,
	contingency::Basis,
	fixed::Rounding,
	margin_model::{Holding, Perpetual},
	requirement::{Contingencies, Exercise, Grid},
	scenario::{Scenario, Skew, SpotMove, VolMove, VolShock},
};
use proptest::prelude::*;

fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

const COLLATERAL: [CollateralRule; 1] = [CollateralRule {
	asset: UNDERLYING,
	moves_with_spot: true,
	haircut: Rates { maintenance: Q64::ZERO, initial: Q64::ZERO },
}];

const SPOT: f64 = 100.0;

fn leg(kind: Kind, strike: f64, days: f64, quantity: f64) -> Leg {
	Leg {
		kind,
		exercise: Exercise::European,
		strike: q(strike),
		expiry: (days * 86_400.0) as u64,
		years: q(days / 365.0),
		forward: q(SPOT),
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: q(0.8),
		quantity: q(quantity),
	}
}

fn book<'a>(legs: &'a [Leg], holdings: &'a [Holding], perpetuals: f64) -> Book<'a> {
	Book {
		spot: q(SPOT),
		spot_confidence: Q64::ONE,
		quote_price: Q64::ONE,
		cash: Q64::ZERO,
		perpetual: Perpetual { quantity: q(perpetuals), price: q(SPOT), ..Perpetual::NONE },
		holdings,
		legs,
		expiries: &[],
	}
}

fn units(quantity: f64) -> [Holding; 1] {
	let (quantity, price) = (q(quantity), q(SPOT));
	[Holding { asset: UNDERLYING, quantity, price, confidence: Q64::ONE }]
}

/// The four models, with their names.
fn with_models(mut check: impl FnMut(&str, &PortfolioModel<'_>)) {
	let range = q(0.16);
	let span = span_16().unwrap();
	let rules = span_rules(range, q(0.3), &COLLATERAL);
	check("span", &PortfolioModel { shifts: &span, rules });
	let rules = deribit_rules(&COLLATERAL).unwrap();
	let mut both = deribit_27().unwrap().to_vec();
	both.extend(
		deribit_extended_8(range, Q64::ZERO)
			.unwrap()
			.map(|shift| Shift { weight: q(0.1), ..shift }),
	);
	check("deribit", &PortfolioModel { shifts: &both, rules });
	let rules = pmrm_rules(&COLLATERAL).unwrap();
	check("pmrm", &PortfolioModel { shifts: &pmrm_23().unwrap(), rules });
	let rules = pmrm_2_rules(&COLLATERAL).unwrap();
	check("pmrm 2", &PortfolioModel { shifts: &pmrm_2_33().unwrap(), rules });
}

fn bounded<'a>(model: &PortfolioModel<'a>) -> PortfolioModel<'a> {
	PortfolioModel { rules: Rules { bounded: true, ..model.rules }, ..*model }
}

fn without_skew(model: &PortfolioModel<'_>) -> Vec<Shift> {
	model.shifts.iter().filter(|shift| shift.skew == Skew::None).copied().collect()
}

/// Spot in scan ranges of one or as a multiple, volatility, smile, weight: as text, to compare sets.
fn row(shift: &Shift) -> (i64, VolMove, Skew, i64) {
	let points = |value: Q64| (f(value) * 1e4).round() as i64;
	let spot = match shift.spot {
		SpotMove::ScanRanges(ranges) => points(ranges),
		SpotMove::Multiple(multiple) => points(multiple),
	};
	(spot, shift.volatility, shift.skew, points(shift.weight))
}

#[test]
fn span_is_seven_prices_by_two_volatilities_and_two_covered_extremes() {
	let set = span_16().unwrap();
	let want = [0, 3333, -3333, 6667, -6667, 10_000, -10_000]
		.into_iter()
		.flat_map(|spot| [VolMove::Up, VolMove::Down].map(|vol| (spot, vol, Skew::None, 10_000)))
		.chain([20_000, -20_000].map(|spot| (spot, VolMove::None, Skew::None, 3_500)));
	assert!(set.iter().map(row).eq(want));
}

#[test]
fn deribit_is_nine_prices_by_three_volatilities() {
	let vols = [VolMove::Up, VolMove::None, VolMove::Down];
	let want = (-4i64..=4).flat_map(|n| vols.map(|vol| (n * 2_500, vol, Skew::None, 10_000)));
	assert!(deribit_27().unwrap().iter().map(row).eq(want));
	// 16% in four steps: 4, 8, 12, 16%.
	let third = deribit_27().unwrap()[3].spot.factor(q(0.16)).unwrap();
	assert!((f(third) - 0.88).abs() < 1e-15);
	let extended = deribit_extended_8(q(0.16), q(1_000.0)).unwrap();
	let spots = [3_400, 6_700, 15_000, 20_000, 30_000, 40_000, 50_000, 60_000];
	assert!(extended.iter().map(|shift| row(shift).0).eq(spots));
	assert!(extended.iter().all(|shift| shift.volatility == VolMove::Up));
	// A move of 500% is 31.25 ranges: 30.25 dampeners of relief.
	assert!((f(extended[7].relief) - 30_250.0).abs() < 1e-9);
	assert!((f(extended[1].relief) - 1_062.5).abs() < 1e-9);
	assert!(deribit_extended_8(Q64::ZERO, Q64::ONE).is_err());
}

#[test]
fn the_two_ladders_have_their_steps_tails_and_skews() {
	let first = pmrm_23().unwrap();
	let ups = first.iter().filter(|shift| shift.volatility == VolMove::Up).map(|s| row(s).0);
	assert!(ups.eq([12_000, 11_500, 11_000, 10_500, 10_000, 9_500, 9_000, 8_500, 8_000]));
	let others = first.iter().filter(|shift| shift.volatility != VolMove::Up);
	assert_eq!(others.count(), 14);
	let second = pmrm_2_33().unwrap();
	let (ladder, rest) = second.split_at(23);
	assert_eq!((row(&ladder[0]).0, row(&ladder[1]).0, row(&ladder[22]).0), (11_800, 11_350, 8_200));
	let weights: Vec<_> = rest.iter().map(row).map(|row| (row.0, row.3)).collect();
	let want = [
		(3_400, 545),
		(6_700, 1_091),
		(15_000, 720),
		(20_000, 360),
		(30_000, 180),
		(40_000, 120),
		(50_000, 90),
		(60_000, 72),
		(10_000, 10_000),
		(10_000, 10_000),
	];
	assert_eq!(weights, want);
	assert_eq!((rest[8].skew, rest[9].skew), (Skew::Linear, Skew::Absolute));
}

#[test]
fn a_set_of_the_wrong_length_or_an_unknown_asset_is_refused() {
	with_models(|_, model| {
		let mut unknown = units(1.0);
		unknown[0].asset = 7;
		assert_eq!(model.evaluate(&book(&[], &unknown, 0.0)), Err(MathError::OutOfDomain));
		let many = vec![model.shifts[0]; MAX_SHIFTS + 1];
		let model = PortfolioModel { shifts: &many, ..*model };
		assert_eq!(model.evaluate(&book(&[], &[], 0.0)), Err(MathError::OutOfDomain));
	});
}

/// The chain's default scenarios, shortened to what differs.
fn own_scenarios() -> Vec<Scenario> {
	let mut set = Vec::new();
	for thirds in [0i128, 1, -1, 2, -2, 3, -3] {
		for volatility in [VolMove::Up, VolMove::None, VolMove::Down] {
			let spot = Q64::from_ratio(thirds, 3, Rounding::Nearest).unwrap();
			set.push(Scenario { spot: SpotMove::ScanRanges(spot), volatility, weight: Q64::ONE });
		}
	}
	for (multiple, weight) in [(0.34, 0.168), (0.67, 0.336), (1.5, 0.222), (6.0, 0.022)] {
		let spot = SpotMove::Multiple(q(multiple));
		set.push(Scenario { spot, volatility: VolMove::Up, weight: q(weight) });
	}
	set
}

fn own_shock() -> VolShock {
	VolShock {
		up: q(0.5),
		down: q(0.3),
		short_power: q(0.3),
		long_power: q(0.13),
		floor_years: q(1.0 / 365.0),
		cap: q(3.0),
		least_up: q(0.4),
	}
}

prop_compose! {
	fn any_leg(longest: f64)(
		is_call in any::<bool>(),
		strike in 5u32..40,
		days in prop::sample::select(vec![0.0, 0.5, 1.0, 7.0, 30.0, 60.0, 90.0, 180.0, 700.0]),
		quantity in -400i32..400,
	) -> Leg {
		let kind = if is_call { Kind::Call } else { Kind::Put };
		leg(kind, f64::from(strike) * 5.0, f64::min(days, longest), f64::from(quantity) / 100.0)
	}
}

prop_compose! {
	fn any_book(longest: f64)(
		legs in prop::collection::vec(any_leg(longest), 0..6),
		units in 0u32..300,
	) -> (Vec<Leg>, f64) {
		(legs, f64::from(units) / 100.0)
	}
}

fn longs(legs: &[Leg]) -> Vec<Leg> {
	legs.iter().filter(|leg| leg.quantity.is_positive()).copied().collect()
}

fn shorts(legs: &[Leg]) -> Vec<Leg> {
	legs.iter().filter(|leg| leg.quantity.is_negative()).copied().collect()
}

const ULPS: f64 = 1e-12;

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

	#[test]
	fn what_is_only_long_never_needs_more_than_its_premium((legs, _) in any_book(90.0)) {
		let legs = longs(&legs);
		with_models(|name, model| {
			let margins = bounded(model).evaluate(&book(&legs, &[], 0.0)).unwrap();
			assert!(f(margins.initial) <= f(margins.options) + ULPS, "{name} {margins:?}");
			// Without the cap it holds where no factor is above one, the basis charge counts at most once and
			// the smile stays: its opposite may be said to lose more than an option far out of the money is worth.
			if name != "pmrm" {
				let shifts = without_skew(model);
				let model = PortfolioModel { shifts: &shifts, ..*model };
				let margins = model.evaluate(&book(&legs, &[], 0.0)).unwrap();
				assert!(f(margins.initial) <= f(margins.options) + ULPS, "{name} {margins:?}");
			}
		});
	}

	#[test]
	fn no_requirement_is_below_zero_and_initial_is_not_below_maintenance(
		(legs, held) in any_book(700.0),
		perpetuals in -2.0f64..2.0,
	) {
		with_models(|name, model| {
			for model in [*model, bounded(model)] {
				let held = units(held);
				let margins = model.evaluate(&book(&legs, &held, perpetuals)).unwrap();
				assert!(!margins.maintenance.is_negative(), "{name} {margins:?}");
				assert!(margins.initial >= margins.maintenance, "{name} {margins:?}");
				assert!(!margins.basis.is_negative() && !margins.contingency_mm.is_negative());
			}
		});
	}

	#[test]
	fn one_more_scenario_and_a_heavier_one_never_ask_for_less(
		(legs, held) in any_book(700.0),
		kept in 1usize..16,
		heavier in 1.0f64..2.0,
	) {
		with_models(|name, model| {
			let held = units(held);
			let fewer = PortfolioModel { shifts: &model.shifts[..kept], ..*model };
			let full = model.evaluate(&book(&legs, &held, 0.0)).unwrap();
			let less = fewer.evaluate(&book(&legs, &held, 0.0)).unwrap();
			assert!(less.maintenance <= full.maintenance && less.initial <= full.initial, "{name}");
			let shifts: Vec<_> = model
				.shifts
				.iter()
				.map(|shift| Shift { weight: q(f(shift.weight) * heavier), ..*shift })
				.collect();
			let more = PortfolioModel { shifts: &shifts, ..*model };
			let more = more.evaluate(&book(&legs, &held, 0.0)).unwrap();
			assert!(f(full.maintenance) <= f(more.maintenance) + ULPS, "{name}");
		});
	}

	#[test]
	fn shorts_need_more_when_volatility_moves_further(
		(legs, _) in any_book(700.0),
		further in 1.0f64..3.0,
	) {
		let legs = shorts(&legs);
		with_models(|name, model| {
			// Of the smile's moves both directions count, so a higher level can cost less: they are left out.
			let shifts = without_skew(model);
			let model = PortfolioModel { shifts: &shifts, ..*model };
			let mut rules = model.rules;
			rules.volatility.shock.up = q(f(rules.volatility.shock.up) * further);
			let less = model.evaluate(&book(&legs, &[], 0.0)).unwrap();
			let more = PortfolioModel { rules, ..model }.evaluate(&book(&legs, &[], 0.0)).unwrap();
			assert!(f(less.maintenance) <= f(more.maintenance) + ULPS, "{name}");
			assert!(f(less.initial) <= f(more.initial) + ULPS, "{name}");
		});
	}

	#[test]
	fn an_outright_needs_its_move_and_more_when_spot_moves_further(
		perpetuals in -3.0f64..3.0,
		range in 0.01f64..0.4,
	) {
		let span = span_16().unwrap();
		let needed = |range: f64| {
			let rules = span_rules(q(range), q(0.3), &COLLATERAL);
			let model = PortfolioModel { shifts: &span, rules };
			f(model.evaluate(&book(&[], &[], perpetuals)).unwrap().maintenance)
		};
		// The extremes at 35% of two ranges cost less than one range.
		prop_assert!((needed(range) - perpetuals.abs() * range * SPOT).abs() < 1e-9);
		prop_assert!(needed(range * 1.1) >= needed(range));
	}

	#[test]
	fn twice_the_book_needs_twice_the_margin((legs, held) in any_book(700.0)) {
		let twice: Vec<_> = legs
			.iter()
			.map(|leg| Leg { quantity: leg.quantity.checked_add(leg.quantity).unwrap(), ..*leg })
			.collect();
		with_models(|name, model| {
			let one = model.evaluate(&book(&legs, &units(held), 0.5)).unwrap();
			let two = model.evaluate(&book(&twice, &units(2.0 * held), 1.0)).unwrap();
			assert!((2.0 * f(one.initial) - f(two.initial)).abs() < 1e-9, "{name}");
			assert!((2.0 * f(one.maintenance) - f(two.maintenance)).abs() < 1e-9, "{name}");
		});
	}

	#[test]
	fn the_chains_own_requirement_is_one_set_of_rules((legs, held) in any_book(700.0)) {
		let scenarios = own_scenarios();
		let shifts: Vec<Shift> = scenarios.iter().map(|scenario| Shift::from(*scenario)).collect();
		let plain = span_rules(q(0.15), Q64::ZERO, &COLLATERAL);
		let factors = Factors { initial: q(1.25), ..plain.factors };
		let rules = Rules {
			range_im: q(0.18),
			volatility: VolRule { shock: own_shock(), least_left: q(0.05) },
			factors,
			shorts: Rates { maintenance: q(0.003), initial: q(0.005) },
			netting: Netting::Strike,
			bounded: true,
			..plain
		};
		let held_units = units(held);
		let general = PortfolioModel { shifts: &shifts, rules }.evaluate(&book(&legs, &held_units, 0.0));
		let general = general.unwrap();
		let grid = Grid {
			scenarios: &scenarios,
			range_mm: q(0.15),
			range_im: q(0.18),
			shock: own_shock(),
			basis_up: Q64::ZERO,
			basis_down: Q64::ZERO,
		};
		let contingencies = Contingencies {
			short_mm: q(0.003),
			short_im: q(0.005),
			initial_factor: q(1.25),
			..Contingencies::NONE
		};
		let own = crate::margin_model::OwnModel { grid, contingencies };
		let own = own.margins(&book(&legs, &held_units, 0.0)).unwrap();
		prop_assert!((f(general.maintenance) - f(own.maintenance)).abs() < 1e-12);
		prop_assert!((f(general.initial) - f(own.initial)).abs() < 1e-12);
		prop_assert!((f(general.mark) - f(own.mark)).abs() < 1e-12);
	}

	#[test]
	fn what_is_fixed_of_a_forward_does_not_move((legs, _) in any_book(1.0), fixed in 0.0f64..1.0) {
		let mut shifts = pmrm_23().unwrap();
		shifts.iter_mut().for_each(|shift| shift.volatility = VolMove::None);
		let rules = Rules { basis: Basis::NONE, ..span_rules(Q64::ZERO, Q64::ZERO, &[]) };
		let model = PortfolioModel { shifts: &shifts, rules };
		let part: Vec<_> = legs.iter().map(|leg| Leg { fixed: q(SPOT * fixed), ..*leg }).collect();
		let mut into = [Q64::ZERO; MAX_SHIFTS];
		let all = model.profits(&book(&part, &[], 0.0), &mut into).unwrap().to_vec();
		let free = book(&legs, &[], 0.0);
		// The same as a smaller move of a forward that is not fixed.
		for (shift, profit) in shifts.iter().zip(all) {
			let SpotMove::Multiple(multiple) = shift.spot else { unreachable!() };
			let spot = SpotMove::Multiple(q(1.0 + (f(multiple) - 1.0) * (1.0 - fixed)));
			let model = PortfolioModel { shifts: &[Shift { spot, ..*shift }], rules };
			let alone = model.profits(&free, &mut into).unwrap()[0];
			prop_assert!((f(alone) - f(profit)).abs() < 1e-11);
		}
	}
}
