//! Rule-based margin: examples worked by hand, and another venue's published numbers where a folder `shared`
//! beside the checkout holds them.

use ballast_math::{
	black76::Kind,
	contingency::{Confidence, Depeg},
	margin_model::{Book, Expiry, Holding, Leg, MarginModel, OwnModel, Perpetual, UNDERLYING},
	portfolio_margin::{sets, PortfolioModel},
	requirement::{Contingencies, Exercise, Grid},
	rule_margin::{CollateralFactor, NakedModel, NakedRule, Shares, ShortOptions, StandardModel},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
	MathError, Rounding, Q64,
};
use std::{fs, path::PathBuf};

/// A decimal in units of 1e-4, to nearest.
fn r(points: i128) -> Q64 {
	Q64::from_ratio(points, 10_000, Rounding::Nearest).unwrap()
}

fn n(value: i64) -> Q64 {
	Q64::from_int(value)
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// An option of expiry 1 whose time is over, so that its mark is what it pays: forward 2,000.
fn leg(kind: Kind, strike: i64, quantity: i64) -> Leg {
	Leg {
		kind,
		exercise: Exercise::European,
		strike: n(strike),
		expiry: 1,
		years: Q64::ZERO,
		forward: n(2_000),
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: Q64::ONE,
		quantity: n(quantity),
	}
}

fn book<'a>(legs: &'a [Leg], holdings: &'a [Holding]) -> Book<'a> {
	Book {
		spot: n(2_000),
		spot_confidence: Q64::ONE,
		quote_price: Q64::ONE,
		cash: Q64::ZERO,
		perpetual: Perpetual::NONE,
		holdings,
		legs,
		expiries: &[],
	}
}

fn standard(collateral: &[CollateralFactor]) -> StandardModel<'_> {
	let confidence = Confidence { threshold: r(5_500), slope: Q64::ONE };
	StandardModel {
		shorts: ShortOptions::derive().unwrap(),
		perpetuals: Shares { maintenance: r(650), initial: r(1_000) },
		confidence_perpetuals: confidence,
		confidence_options: confidence,
		confidence_collateral: confidence,
		depeg: Depeg { threshold: r(9_900), slope: n(2) },
		collateral,
	}
}

/// Excess of a book without cash: what it needs, below zero.
fn excess(model: &impl MarginModel, book: &Book<'_>) -> (f64, f64) {
	let required = model.margins(book).unwrap();
	(float(required.maintenance_excess().unwrap()), float(required.initial_excess().unwrap()))
}

fn assert_near(got: (f64, f64), want: (f64, f64)) {
	assert!((got.0 - want.0).abs() < 1e-9 && (got.1 - want.1).abs() < 1e-9, "{got:?} {want:?}");
}

#[test]
fn short_calls_need_their_mark_and_a_share_of_spot() {
	let model = standard(&[]);
	let needs = |strike, quantity| excess(&model, &book(&[leg(Kind::Call, strike, quantity)], &[]));
	// At the money: 9% and 15% of 2,000.
	assert_near(needs(2_000, -1), (-180.0, -300.0));
	// 100 in the money: the mark on top; twice.
	assert_near(needs(1_900, -2), (-560.0, -800.0));
	// 1% out of the money: 14%; 30% out: the least, 13%.
	assert_near(needs(2_020, -1), (-180.0, -280.0));
	assert_near(needs(2_600, -1), (-180.0, -260.0));
	assert_near(needs(2_000, 1), (0.0, 0.0));
}

#[test]
fn short_puts_need_a_share_of_their_mark_where_that_is_more() {
	let model = standard(&[]);
	let needs = |strike| excess(&model, &book(&[leg(Kind::Put, strike, -1)], &[]));
	assert_near(needs(2_000), (-180.0, -300.0));
	// 4,500 strike: mark 2,500, 9% of it is 225 > 180. MM 2,725; IM max(2,500 + 300, 1.05 x 2,725 = 2,861.25).
	assert_near(needs(4_500), (-2_725.0, -2_861.25));
	// What a put can lose is its strike: 100 at a mark of nothing, less than 180.
	assert_near(needs(100), (-100.0, -100.0));
}

#[test]
fn an_expiry_needs_no_more_than_it_can_lose() {
	let model = standard(&[]);
	let needs = |legs: &[Leg]| excess(&model, &book(legs, &[]));
	// A credit call spread 1,800 / 2,000 at 2,000: shorts alone 200 + 180; it can lose 200.
	let spread = [leg(Kind::Call, 1_800, -1), leg(Kind::Call, 2_000, 1)];
	assert_near(needs(&spread), (-200.0, -200.0));
	// One more call short at the top: 200 + 1.1 (1.2) x 2,000 against 200 + 2 x 180 (200 + 2 x 300) one by one.
	let ratio = [leg(Kind::Call, 1_800, -2), leg(Kind::Call, 2_000, 1)];
	assert_near(needs(&ratio), (-760.0, -1_000.0));
	// One call deep in the money: 1,900 + 180 (+ 300) one by one, less than 1.1 (1.2) forwards.
	assert_near(needs(&[leg(Kind::Call, 100, -1)]), (-2_080.0, -2_200.0));
	// The long leg in another expiry relieves nothing.
	let other = Leg { expiry: 2, ..leg(Kind::Call, 2_000, 1) };
	assert_near(needs(&[leg(Kind::Call, 1_800, -1), other]), (-380.0, -500.0));
	// A short box of 200: it owes 200 and is worth that.
	let box_ = [
		leg(Kind::Call, 1_800, -1),
		leg(Kind::Call, 2_000, 1),
		leg(Kind::Put, 1_800, 1),
		leg(Kind::Put, 2_000, -1),
	];
	assert_near(needs(&box_), (-200.0, -200.0));
}

#[test]
fn perpetuals_collateral_doubt_and_depeg() {
	let counts = Shares { maintenance: r(8_000), initial: r(7_500) };
	let collateral = [CollateralFactor { asset: UNDERLYING, counts }];
	let model = standard(&collateral);
	let held =
		[Holding { asset: UNDERLYING, quantity: n(2), price: n(2_000), confidence: Q64::ONE }];
	let legs = [leg(Kind::Call, 2_000, -1)];
	let perpetual = Perpetual { quantity: n(-3), price: n(2_100), ..Perpetual::NONE };
	let all = Book { perpetual, cash: n(500), ..book(&legs, &held) };
	// Cash 500; collateral 3,200 and 3,000; option 180 and 300; perpetual 6.5% and 10% of 6,300.
	let (mm, im) = (500.0 + 3_200.0 - 180.0 - 409.5, 500.0 + 3_000.0 - 300.0 - 630.0);
	assert_near(excess(&model, &all), (mm, im));
	// Spot doubted at 0.5: half of 6,000 (perpetuals), 2,000 (shorts) and 4,000 (collateral), initially.
	let doubted = Book { spot_confidence: r(5_000), ..all };
	assert_near(excess(&model, &doubted), (mm, im - 6_000.0));
	// Doubt about the expiry alone: half of 2,000.
	let vague = [Expiry { expiry: 1, confidence: r(5_000) }];
	assert_near(excess(&model, &Book { expiries: &vague, ..all }), (mm, im - 1_000.0));
	// Quote currency at 0.89: 0.1 x 2 of the 8,000 in perpetuals and shorts; collateral counts as before.
	assert_near(excess(&model, &Book { quote_price: r(8_900), ..all }), (mm, im - 1_600.0));
	let unknown = [Holding { asset: 9, ..held[0] }];
	assert_eq!(model.margins(&book(&[], &unknown)), Err(MathError::OutOfDomain));
}

/// The rule of the venue's own tests, without a table.
fn naked(bounds: &[(Q64, Q64)]) -> NakedRule<'_> {
	NakedRule { spot_shock: r(7_500), bounds }
}

#[test]
fn naked_margin_is_the_bound_at_the_shocked_price_and_what_the_shock_takes() {
	let margin = |kind, strike, spot, bound| {
		float(naked(&[]).margin(kind, n(strike), n(spot), r(bound)).unwrap())
	};
	// Put 100 at 200: 150 after the shock, above the strike: 20% of 100.
	assert_eq!(margin(Kind::Put, 100, 200, 2_000), 20.0);
	// Put 200 at 200: 20% of 150, and 50 in the money.
	assert_eq!(margin(Kind::Put, 200, 200, 2_000), 80.0);
	// Call 100 at 100: 0.75 of a unit after the shock at 20%, and a quarter.
	assert!((margin(Kind::Call, 100, 100, 2_000) - 0.4).abs() < 1e-18);
	assert_eq!(margin(Kind::Call, 400, 100, 2_000), 0.2);
}

#[test]
fn a_naked_book_needs_calls_in_units_and_puts_in_quote() {
	let week = Q64::from_ratio(7, 365, Rounding::Nearest).unwrap();
	let bounds = [(week, r(2_000)), (Q64::ONE, r(4_000))];
	let model = NakedModel { calls: naked(&bounds), puts: naked(&bounds) };
	// Marks 0 (expired at 2,000). Call: 0.2 x 0.75 + 0.25 = 0.4 units at 2,000; put: 0.2 x 1,500 + 500; twice.
	let legs = [leg(Kind::Call, 2_000, -2), leg(Kind::Put, 2_000, -1), leg(Kind::Put, 1_000, 1)];
	assert_near(excess(&model, &book(&legs, &[])), (-2_400.0, -2_400.0));
	let bound = |years| naked(&bounds).bound(years);
	assert_eq!(bound(week), Ok(r(2_000)));
	assert_eq!(bound(Q64::from_bits(week.to_bits() + 1)), Ok(r(4_000)));
	assert_eq!(bound(n(2)), Err(MathError::OutOfDomain));
	let perpetual = Perpetual { quantity: n(1), price: n(2_000), ..Perpetual::NONE };
	let future = Book { perpetual, ..book(&[], &[]) };
	assert_eq!(model.margins(&future), Err(MathError::OutOfDomain));
}

#[test]
fn every_model_answers_to_the_trait() {
	let shifts = sets::pmrm_2_33().unwrap();
	let rules = sets::pmrm_2_rules(&[]).unwrap();
	let scenario_model = PortfolioModel { shifts: &shifts, rules };
	let scenarios = [Scenario {
		spot: SpotMove::ScanRanges(Q64::ONE),
		volatility: VolMove::None,
		weight: Q64::ONE,
	}];
	let shock = VolShock {
		up: r(5_000),
		down: r(3_000),
		short_power: r(3_000),
		long_power: r(1_300),
		floor_years: r(27),
		cap: n(3),
		least_up: r(4_000),
	};
	let own = OwnModel {
		grid: Grid {
			scenarios: &scenarios,
			range_mm: r(1_500),
			range_im: r(2_000),
			shock,
			basis_up: Q64::ZERO,
			basis_down: Q64::ZERO,
		},
		contingencies: Contingencies {
			short_mm: r(30),
			short_im: r(50),
			initial_factor: r(12_500),
			..Contingencies::NONE
		},
	};
	let rule_model = standard(&[]);
	let table = [(Q64::ONE, r(2_000))];
	let naked_model = NakedModel { calls: naked(&table), puts: naked(&table) };
	let models: [&dyn MarginModel; 4] = [&scenario_model, &own, &rule_model, &naked_model];
	let legs = [leg(Kind::Call, 2_000, -1)];
	let needed = models.map(|model| {
		let required = model.margins(&Book { cash: n(1_000), ..book(&legs, &[]) }).unwrap();
		assert_eq!(float(required.mark), 1_000.0);
		float(required.maintenance)
	});
	// 0.8 x 18% of 2,000 and 0.3%; 15% and 0.3%; 9%; 0.4 of a unit.
	for (got, want) in needed.into_iter().zip([294.0, 306.0, 180.0, 800.0]) {
		assert!((got - want).abs() < 1e-9, "{needed:?}");
	}
}

#[test]
fn naked_margins_of_a_venue_are_reproduced() {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
		.join("../../shared/vectors/opyn_naked_margin.csv");
	let Ok(text) = fs::read_to_string(path) else { return };
	// Decimals with at most four places.
	let number = |text: &str| {
		let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
		r(format!("{whole}{fraction:0<4}").parse().expect("a decimal"))
	};
	let mut compared = 0;
	for line in text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())) {
		let fields: Vec<&str> = line.split(',').collect();
		let kind = if fields[3] == "1" { Kind::Put } else { Kind::Call };
		let rule = NakedRule { spot_shock: number(fields[5]), bounds: &[] };
		let each =
			rule.margin(kind, number(fields[1]), number(fields[2]), number(fields[4])).unwrap();
		let margin = each.checked_mul(number(fields[0]), Rounding::Nearest).unwrap();
		// Exact to the published decimals, and to ten more.
		let want = number(fields[7]);
		let gap = margin.checked_sub(want).unwrap();
		println!("{}: {:e}", fields[7], float(gap));
		assert!(float(gap).abs() < 1e-14, "{line}: {}", float(margin));
		compared += 1;
	}
	assert_eq!(compared, 4);
}
