//! The scenario model: examples worked by hand, and another venue's published portfolios. The latter are not
//! part of this repository: tests read them from `../shared` beside it when that folder exists and pass
//! without it. Run with `--nocapture` to see the residuals.

#[path = "../examples/portfolio_margin/reader.rs"]
mod reader;

use ballast_math::{
	black76::Kind,
	contingency::{DiscountRule, StaticDiscount},
	margin_model::{Book, Holding, Leg, MarginModel, Perpetual, UNDERLYING},
	portfolio_margin::{
		sets, BasisRole, CollateralRule, PortfolioModel, Rates, Rules, Shift, MAX_SHIFTS,
	},
	requirement::Exercise,
	scenario::{Skew, SpotMove, VolMove},
	MathError, Q64,
};
use std::path::PathBuf;

fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

fn leg(kind: Kind, strike: f64, years: f64, quantity: f64) -> Leg {
	Leg {
		kind,
		exercise: Exercise::European,
		strike: q(strike),
		expiry: (years * 1e6) as u64,
		years: q(years),
		forward: q(100.0),
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: q(0.6),
		quantity: q(quantity),
	}
}

/// A book at spot 100 in a market that nobody doubts.
const fn book<'a>(legs: &'a [Leg], holdings: &'a [Holding]) -> Book<'a> {
	Book {
		spot: Q64::from_int(100),
		spot_confidence: Q64::ONE,
		quote_price: Q64::ONE,
		cash: Q64::ZERO,
		perpetual: Perpetual::NONE,
		holdings,
		legs,
		expiries: &[],
	}
}

/// Requirements under the 33 scenarios of [`sets::pmrm_2_33`].
fn second(book: &Book<'_>, collateral: &[CollateralRule]) -> (f64, f64) {
	let shifts = sets::pmrm_2_33().unwrap();
	let model = PortfolioModel { shifts: &shifts, rules: sets::pmrm_2_rules(collateral).unwrap() };
	let required = model.margins(book).unwrap();
	(float(required.maintenance), float(required.initial))
}

fn assert_close(got: (f64, f64), want: (f64, f64)) {
	let near = |got: f64, want: f64| (got - want).abs() < 1e-11;
	assert!(near(got.0, want.0) && near(got.1, want.1), "{got:?} {want:?}");
}

#[test]
fn short_perpetuals_lose_the_widest_rise() {
	// 2 short at 1000, spot 1010. Worst: +18% x 2000 = 360 (tail +500% x 0.0072: 72). Contingencies on
	// 2 x 1010: 1.5% = 30.3, 0.5% = 10.1. MM = 0.8 x 360 + 30.3, IM = 360 + 40.4.
	let perpetual = Perpetual { quantity: q(-2.0), price: q(1000.0), ..Perpetual::NONE };
	let short = Book { perpetual, spot: q(1010.0), ..book(&[], &[]) };
	assert_close(second(&short, &[]), (318.3, 400.4));
	// Doubt below 0.55 charges (1 - c) of the notional, initially only: 0.7 x 2020.
	let doubted = Perpetual { confidence: q(0.3), ..perpetual };
	assert_close(second(&Book { perpetual: doubted, ..short }, &[]), (318.3, 400.4 + 1414.0));
	// At a price of 0.9, 0.08 below the threshold, the initial factor is 1 + 2 x 0.08.
	let depegged = Book { quote_price: q(0.9), ..short };
	assert_close(second(&depegged, &[]), (318.3, 1.16 * 360.0 + 40.4));
}

#[test]
fn an_option_about_to_expire_moves_by_what_is_not_yet_averaged() {
	// Short call 100 at forward 100, time over: 18 lost at +18%. 1.04 on short value is capped by 1 / D = 1.
	// Short contingency 0.3 and 0.2. MM = 0.8 x 18 + 0.3, IM = 18 + 0.5.
	let legs = [leg(Kind::Call, 100.0, 0.0, -1.0)];
	assert_close(second(&book(&legs, &[]), &[]), (14.7, 18.5));
	// Half of the average known: the forward moves half as far.
	let half = [Leg { fixed: q(50.0), ..legs[0] }];
	assert_close(second(&book(&half, &[]), &[]), (7.5, 9.5));
	// All of it known: nothing moves.
	let all = [Leg { fixed: q(100.0), ..legs[0] }];
	assert_close(second(&book(&all, &[]), &[]), (0.3, 0.5));
	let more = [Leg { fixed: q(101.0), ..legs[0] }];
	let model = PortfolioModel { shifts: &[], rules: sets::pmrm_2_rules(&[]).unwrap() };
	assert_eq!(model.margins(&book(&more, &[])), Err(MathError::OutOfDomain));
}

#[test]
fn long_value_counts_for_less_in_every_scenario() {
	// Long put 120 at forward 100, time over: worth 20. At +18%: 2 x 0.95 = 1.9, loss 18.1.
	let legs = [leg(Kind::Put, 120.0, 0.0, 1.0)];
	assert_close(second(&book(&legs, &[]), &[]), (0.8 * 18.1, 18.1));
}

#[test]
fn calls_of_one_strike_net_by_expiry_or_altogether() {
	// Expired legs at strike 300, worth nothing anywhere on the plain grid; 3 short, 1 long of another expiry.
	let far = |expiry, quantity| Leg { expiry, ..leg(Kind::Call, 300.0, 0.0, quantity) };
	let legs = [far(1, -3.0), far(2, 1.0)];
	let rules = |netting| Rules {
		shorts: Rates { maintenance: q(0.01), initial: Q64::ZERO },
		netting,
		..sets::span_rules(q(0.1), Q64::ZERO, &[])
	};
	for (netting, want) in [
		(ballast_math::portfolio_margin::Netting::StrikeAndExpiry, 3.0),
		(ballast_math::portfolio_margin::Netting::Strike, 2.0),
	] {
		let shifts = sets::span_16().unwrap();
		let model = PortfolioModel { shifts: &shifts, rules: rules(netting) };
		let required = model.margins(&book(&legs, &[])).unwrap();
		assert!((float(required.maintenance) - want).abs() < 1e-12);
	}
}

#[test]
fn collateral_is_cut_and_hedges_where_it_moves_with_spot() {
	// 3 units at 100, haircut 10% and 5%: MM 30, IM 45, and 0.8 (1.0) of the loss at -18%, 54, where it moves.
	let haircut = Rates { maintenance: q(0.1), initial: q(0.05) };
	let rule = |moves_with_spot| [CollateralRule { asset: UNDERLYING, moves_with_spot, haircut }];
	let held =
		[Holding { asset: UNDERLYING, quantity: q(3.0), price: q(100.0), confidence: q(0.8) }];
	let held = book(&[], &held);
	assert_close(second(&held, &rule(false)), (30.0, 45.0));
	assert_close(second(&held, &rule(true)), (30.0 + 43.2, 45.0 + 54.0));
	// Three short perpetuals hedge it: their own contingencies remain, 1.5% and 0.5% of 300.
	let perpetual = Perpetual { quantity: q(-3.0), price: q(100.0), ..Perpetual::NONE };
	let hedged = Book { perpetual, ..held };
	assert_close(second(&hedged, &rule(true)), (30.0 + 4.5, 45.0 + 4.5 + 1.5));
}

#[test]
fn relief_is_taken_off_what_a_scenario_costs() {
	// One short perpetual at 100: +100% costs 100, relief (1 / 0.16 - 1) x 10 = 52.5.
	let shifts = sets::deribit_extended_8(q(0.16), q(10.0)).unwrap();
	let model = PortfolioModel { shifts: &shifts, rules: sets::deribit_rules(&[]).unwrap() };
	let perpetual = Perpetual { quantity: q(-1.0), price: q(100.0), ..Perpetual::NONE };
	let mut into = [Q64::ZERO; MAX_SHIFTS];
	let profits = model.profits(&Book { perpetual, ..book(&[], &[]) }, &mut into).unwrap();
	let got: Vec<f64> = profits.iter().map(|profit| (float(*profit) * 1e9).round() / 1e9).collect();
	// -66%: 66 - 31.25; -33%: 33 - 10.625; +50%: -50 + 21.25; ... +500%: -500 + 302.5.
	assert_eq!(got, [34.75, 22.375, -28.75, -47.5, -85.0, -122.5, -160.0, -197.5]);
}

/// One scenario of its own.
fn only(volatility: VolMove, skew: Skew) -> [Shift; 1] {
	let spot = SpotMove::Multiple(Q64::ONE);
	[Shift { spot, volatility, skew, weight: Q64::ONE, relief: Q64::ZERO }]
}

#[test]
fn a_rise_of_volatility_is_black_at_the_risen_volatility() {
	// 30 days, where a +50% move is +50%: C(0.9) - C(0.6) = 10.265104749046513453 - 6.853940718253547253
	// (Black's formula with mpmath, F = K = 100).
	let legs = [leg(Kind::Call, 100.0, 30.0 / 365.0, -1.0)];
	let shifts = only(VolMove::Up, Skew::None);
	let mut rules = sets::pmrm_2_rules(&[]).unwrap();
	rules.discount = StaticDiscount::NONE;
	let model = PortfolioModel { shifts: &shifts, rules };
	let mut into = [Q64::ZERO; MAX_SHIFTS];
	let profit = float(model.profits(&book(&legs, &[]), &mut into).unwrap()[0]);
	assert!((profit + 3.411_164_030_792_966).abs() < 1e-13, "{profit}");
}

#[test]
fn a_tilt_of_the_smile_costs_either_way() {
	// Quarter of a year, K = 110, D = 0.98, so r = -4 ln 0.98: the tilt is k cap / width = ln 1.1 x 0.125 / 1.1,
	// volatility 0.6 x 1.01083070225. C = 7.978191807984924, after the tilt 8.103502698770057; long value
	// counts for 0.95 exp(-(r + 0.08) / 4) = 0.912564964848589: P = -0.583219152531381 (mpmath).
	let quarter = Leg { discount: q(0.98), ..leg(Kind::Call, 110.0, 0.25, 1.0) };
	let shifts = only(VolMove::None, Skew::Linear);
	let mut rules = sets::pmrm_2_rules(&[]).unwrap();
	let mut into = [Q64::ZERO; MAX_SHIFTS];
	let legs = [quarter];
	let model = PortfolioModel { shifts: &shifts, rules };
	let profit = float(model.profits(&book(&legs, &[]), &mut into).unwrap()[0]);
	assert!((profit + 0.583_219_152_531_380).abs() < 1e-14, "{profit}");
	// Without the discount the tilt gains 0.125310890785133, and counts as a loss all the same.
	rules.discount = StaticDiscount { long: DiscountRule::NONE, short: DiscountRule::NONE };
	let model = PortfolioModel { shifts: &shifts, rules };
	let profit = float(model.profits(&book(&legs, &[]), &mut into).unwrap()[0]);
	assert!((profit + 0.125_310_890_785_133).abs() < 1e-14, "{profit}");
}

#[test]
fn basis_is_a_scenario_or_a_charge() {
	// Long put 120, time over, worth 20: at 104.5 it is worth 15.5, half of the 4.5 counts.
	let legs = [leg(Kind::Put, 120.0, 0.0, 1.0)];
	let shifts = only(VolMove::None, Skew::None);
	let mut rules = sets::pmrm_2_rules(&[]).unwrap();
	rules.discount = StaticDiscount::NONE;
	for (role, maintenance) in [(BasisRole::Scenario, 0.8 * 2.25), (BasisRole::Added, 2.25)] {
		rules.basis_role = role;
		let model = PortfolioModel { shifts: &shifts, rules };
		let required = model.margins(&book(&legs, &[])).unwrap();
		assert_close((float(required.maintenance), float(required.initial)), (maintenance, 2.25));
	}
}

#[test]
fn a_market_that_makes_no_sense_is_refused() {
	let shifts = sets::pmrm_2_33().unwrap();
	let model = PortfolioModel { shifts: &shifts, rules: sets::pmrm_2_rules(&[]).unwrap() };
	let sound = book(&[], &[]);
	for senseless in [
		Book { spot: Q64::ZERO, ..sound },
		Book { quote_price: Q64::ZERO, ..sound },
		Book { spot_confidence: q(1.1), ..sound },
		Book { legs: &[leg(Kind::Call, 0.0, 1.0, 1.0)], ..sound },
	] {
		assert_eq!(model.margins(&senseless), Err(MathError::OutOfDomain));
	}
	assert_eq!(float(model.margins(&sound).unwrap().initial), 0.0);
}

fn folder() -> Option<PathBuf> {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
	path.join("derive_pmrm2_cases.csv").is_file().then_some(path)
}

/// The distance in units of the published tolerance, 1e-8 of the value. Below a tenth of a cent, where
/// published numbers are the noise of a difference of doubles, in units of 1e-11 of quote currency.
fn distance(got: Q64, want: Q64) -> f64 {
	let gap = float(got.checked_sub(want).expect("in range")).abs();
	gap / (1e-8 * float(want).abs()).max(1e-11)
}

#[test]
fn portfolios_of_a_venue_are_reproduced() {
	let Some(folder) = folder() else { return };
	let cases = reader::cases(&folder).expect("readable");
	let mut worst = (0f64, String::new());
	for case in &cases {
		let (model, book) = (case.model().expect("rules"), case.book().expect("a book"));
		let required = model.margins(&book).expect("a requirement");
		let excess = [required.maintenance_excess(), required.initial_excess()];
		for (got, column) in excess.into_iter().zip(["expected_MM", "expected_IM"]) {
			let got = got.expect("in range");
			let want = case.number(column).expect("a number");
			let distance = distance(got, want);
			assert!(distance <= 1.0, "{} {column}: {} {}", case.case, float(got), float(want));
			if distance > worst.0 {
				worst = (distance, format!("{} {column}", case.case));
			}
		}
	}
	println!("{} portfolios, worst {:.1e} of 1e-8: {}", cases.len(), worst.0, worst.1);
	assert_eq!(cases.len(), 69);
}

#[test]
fn scenarios_of_a_venue_are_reproduced() {
	let Some(folder) = folder() else { return };
	let cases = reader::cases(&folder).expect("readable");
	let rows = reader::rows(&folder, "scenarios").expect("readable");
	let mut rows = rows.iter();
	let mut worst = (0f64, String::new());
	let (mut compared, mut noise) = (0, 0);
	for case in &cases {
		let (model, book) = (case.model().expect("rules"), case.book().expect("a book"));
		let mut profits = [Q64::ZERO; MAX_SHIFTS];
		let profits = model.profits(&book, &mut profits).expect("profits");
		assert_eq!(profits.len(), case.scenarios.len());
		for (got, index) in profits.iter().zip(&case.scenarios) {
			let row = rows.next().expect("a row");
			assert_eq!(
				(row.text("case"), row.text("scenario_idx")),
				(Ok(&*case.case), Ok(&**index))
			);
			let want = row.number("expected_pnl").expect("a number");
			let distance = distance(*got, want);
			assert!(distance <= 1.0, "{} {index}: {} {}", case.case, float(*got), float(want));
			if (float(*got) - float(want)).abs() > 1e-8 * float(want).abs() {
				println!("{} {index}: {:e}, published {:e}", case.case, float(*got), float(want));
				noise += 1;
			}
			if distance > worst.0 {
				worst = (distance, format!("{} scenario {index}", case.case));
			}
			compared += 1;
		}
	}
	println!("{compared} scenarios, worst {:.1e} of 1e-8: {}; {noise} noise", worst.0, worst.1);
	assert!(rows.next().is_none() && compared > 2_000);
}

#[test]
fn the_set_of_33_contains_what_the_venue_uses() {
	let Some(folder) = folder() else { return };
	let cases = reader::cases(&folder).expect("readable");
	let set = sets::pmrm_2_33().unwrap();
	let near = |a: Q64, b: Q64| (float(a) - float(b)).abs() < 1e-15;
	let same = |a: &Shift, b: &Shift| {
		let spots = match (a.spot, b.spot) {
			(SpotMove::Multiple(a), SpotMove::Multiple(b)) => near(a, b),
			_ => false,
		};
		spots && a.volatility == b.volatility && a.skew == b.skew && near(a.weight, b.weight)
	};
	let whole = cases.iter().filter(|case| {
		let model = case.model().expect("rules");
		model.shifts.iter().all(|shift| set.iter().any(|own| same(own, shift)))
	});
	// The others set other weights on tails or skews, or another last tail.
	let whole = whole.count();
	println!("{whole} of {} portfolios use scenarios of the set alone", cases.len());
	assert!(whole > 50);
}
