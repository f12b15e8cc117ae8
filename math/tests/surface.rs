//! The volatility surface: values against exact references, arbitrage between and beyond the tenors,
//! projection, integrity.

#[path = "surface/arbitrage.rs"]
mod arbitrage;
#[path = "surface/exact.rs"]
mod exact;
#[path = "surface/integrity.rs"]
mod integrity;
#[path = "surface/random.rs"]
mod random;

use ballast_math::{
	surface::{
		crosses, is_admissible, project, rises_between, Node, Slice, Surface, VOLATILITY_MAX,
		VOLATILITY_MIN,
	},
	MathError, Q64,
};
use exact::{float, variance_f64, Wide};
use proptest::prelude::*;
use random::{any_slice, days, grown, nodes, q, seconds, slice, time};

/// Cases of a property; CASES_TIMES multiplies them.
fn cases(n: u32) -> ProptestConfig {
	let times = std::env::var("CASES_TIMES").ok().and_then(|t| t.parse().ok()).unwrap_or(1);
	let cases = n * times;
	ProptestConfig {
		failure_persistence: None,
		max_global_rejects: 10 * cases,
		..ProptestConfig::with_cases(cases)
	}
}

/// `|value - exact|` in units of `relative exact + units 2^-64`.
fn error(value: Q64, exact: &Wide, relative: f64, units: f64) -> f64 {
	let gap = Wide::of(value).minus(exact).to_f64().abs();
	gap / (relative * exact.to_f64().abs() + units * 2f64.powi(-64))
}

#[test]
fn worked_examples_to_18_digits() {
	// mpmath, 40 digits: theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2))
	for (s, k, expected) in WORKED {
		let value = slice_e18(s).total_variance(e18(k)).unwrap();
		assert!((value.to_bits() - e18(expected).to_bits()).abs() <= 20, "{s:?} {k}");
	}
}

fn e18(value: i128) -> Q64 {
	Q64::from_e18(value).expect("in range")
}

fn slice_e18((theta, rho, psi): (i128, i128, i128)) -> Slice {
	Slice { theta: e18(theta), rho: e18(rho), psi: e18(psi) }
}

/// (theta, rho, psi), k, w in 18 decimals.
#[rustfmt::skip]
const WORKED: [((i128, i128, i128), i128, i128); 8] = [
	((10_000_000_000_000_000, -500_000_000_000_000_000, 100_000_000_000_000_000), 37_000_000_000_000_000, 8_453_641_341_786_285),
	((10_200_000_000_000_000, -500_000_000_000_000_000, 160_000_000_000_000_000), 37_000_000_000_000_000, 8_055_718_656_542_590),
	((50_000_000_000_000_000, -350_000_000_000_000_000, 250_000_000_000_000_000), -1_200_000_000_000_000_000, 237_968_065_358_812_125),
	((200_000_000_000_000_000, 600_000_000_000_000_000, 500_000_000_000_000_000), 2_500_000_000_000_000_000, 1_164_655_711_206_686_086),
	((10_000_000_000_000, 900_000_000_000_000_000, 4_000_000_000_000_000), -300_000_000_000_000_000, 60_503_988_231_817),
	((2_500_000_000_000_000_000, -200_000_000_000_000_000, 1_900_000_000_000_000_000), -6_900_000_000_000_000_000, 9_475_334_747_464_863_666),
	((12_000_000_000, -990_000_000_000_000_000, 100_000_000_000_000), 20_000_000_000_000_000, 10_060_360_340),
	((40_000_000_000_000_000, -999_000_000_000_000_000, 300_000_000_000_000_000), 1_700_000_000_000_000_000, 276_701_125_662_011),
];

#[test]
fn flat_slices_are_slices() {
	let flat = [
		Slice::flat(q(0.01)),
		Slice { rho: q(0.7), ..Slice::flat(q(0.01)) },
		slice(0.02, 0.0, 0.1),
	];
	assert!(is_admissible(&flat));
	for k in [-3.0, 0.0, 0.4] {
		assert_eq!(flat[1].total_variance(q(k)), Ok(flat[1].theta));
	}
	// a smile that leans cannot grow out of a flat slice: just after it, one wing would be below
	let leaning = slice(0.02, -0.3, 0.1);
	assert!(!crosses(&flat[0], &leaning) && !rises_between(&flat[0], &leaning));
	let surface = nodes(&flat, 0.0, 0.0);
	let surface = Surface::new(&surface[..2]).unwrap();
	for years in [seconds(1), days(3), days(10), days(400)] {
		let vol = surface.volatility(q(120.0), q(100.0), years).unwrap();
		assert_eq!(Ok(vol), surface.atm_volatility(years));
	}
}

#[test]
fn nodes_come_back_and_edges_hold() {
	let slices = grown(0.8, -0.4, 0.5, &[(0.5, 0.5, 0.5); 5]);
	let nodes = nodes(&slices, 0.1, 0.05);
	let surface = Surface::new(&nodes).unwrap();
	for node in &nodes {
		assert_eq!(surface.slice_at(node.years), Ok(node.slice));
		assert!((float(surface.carry_at(node.years).unwrap()) - float(node.carry)).abs() < 1e-17);
		let at = surface.at(node.years).unwrap().slice().unwrap();
		for (a, b) in
			[(at.theta, node.slice.theta), (at.rho, node.slice.rho), (at.psi, node.slice.psi)]
		{
			assert!((a.to_bits() - b.to_bits()).abs() <= 4_000, "{a:?} {b:?}");
		}
	}
	// less than a second is a second, and no time leaves the forward where it is
	assert_eq!(surface.at(Q64::ZERO), surface.at(q(1e-9)));
	assert_eq!(surface.forward(q(100.0), Q64::ZERO), Ok(q(100.0)));
	assert_eq!(surface.discount(Q64::ZERO), Ok(Q64::ONE));
	// far from the money in the last second the smile's wings end at the pricing domain's edge
	assert_eq!(surface.volatility(q(0.2), q(100.0), Q64::ZERO), Ok(VOLATILITY_MAX));
}

#[test]
fn out_of_range_is_refused() {
	let good = nodes(&grown(0.8, -0.4, 0.5, &[(0.5, 0.5, 0.5); 5]), 0.1, 0.05);
	let refused = |change: &dyn Fn(&mut Vec<Node>)| {
		let mut bad = good.clone();
		change(&mut bad);
		assert_eq!(Surface::new(&bad).unwrap_err(), MathError::OutOfDomain);
	};
	refused(&|n| n.clear());
	refused(&|n| n.swap(0, 1));
	refused(&|n| n[1].years = n[0].years);
	refused(&|n| n[0].years = seconds(3_000));
	refused(&|n| n[5].years = q(3.1));
	refused(&|n| n[0].slice.theta = q(0.000_09 * 7.0 / 365.0));
	refused(&|n| n[0].slice.theta = q(101.0 * 7.0 / 365.0));
	refused(&|n| n[2].slice.psi = q(-0.1));
	refused(&|n| n[2].slice.rho = q(-0.9995));
	refused(&|n| n[3].carry = q(-4.1));
	refused(&|n| n[3].rate = q(-0.21));
	refused(&|n| n.extend_from_within(..3));
	let surface = Surface::new(&good).unwrap();
	let (strike, forward) = (q(100.0), q(110.0));
	for (strike, forward, years) in [
		(Q64::ZERO, forward, days(9)),
		(strike, Q64::ZERO, days(9)),
		(q(-1.0), forward, days(9)),
		(q(120_000.0), forward, days(9)),
		(strike, q(110_000.0), days(9)),
		(strike, forward, q(3.01)),
		(strike, forward, q(-1e-3)),
	] {
		assert_eq!(surface.volatility(strike, forward, years), Err(MathError::OutOfDomain));
	}
	assert_eq!(surface.forward(q(-1.0), days(9)), Err(MathError::OutOfDomain));
	let mut nine = [good[0].slice; 9];
	assert_eq!(project(&mut nine), Err(MathError::OutOfDomain));
}

proptest! {
	#![proptest_config(cases(2_000))]

	#[test]
	fn total_variance_agrees_with_floating_point(s in any_slice(), k in -7.0f64..7.0) {
		let value = float(s.total_variance(q(k)).unwrap());
		let expected = variance_f64(&s, float(q(k)));
		let size = float(s.theta) + float(s.psi) * k.abs() + 1e-6;
		prop_assert!((value - expected).abs() <= 1e-12 * size, "{value} {expected}");
	}

	#[test]
	fn total_variance_is_within_its_bound(s in any_slice(), k in -7.0f64..7.0) {
		let exact = exact::Parameters::of(&s).total_variance(&Wide::of(q(k)));
		let off = error(s.total_variance(q(k)).unwrap(), &exact, 2e-17, 2.0);
		prop_assert!(off <= 1.0, "{off}");
	}

	/// Admissible or not: any nodes in range.
	#[test]
	fn volatility_is_within_its_bound(
		vols in prop::collection::vec(-4.6f64..2.3, 6), rhos in prop::collection::vec(-0.999f64..0.999, 6),
		psis in prop::collection::vec(-12.0f64..1.38, 6), count in 1usize..=6, k in -6.9f64..6.9, years in time(),
	) {
		let make = |n: usize| {
			let theta = (2.0 * vols[n]).exp() * random::DAYS[n] as f64 / 365.0;
			slice(theta, rhos[n], psis[n].exp())
		};
		let slices: Vec<Slice> = (0..count).map(make).collect();
		let nodes = nodes(&slices, 0.0, 0.0);
		let (strike, forward) = (q(100.0 * k.exp()), q(100.0));
		let value = Surface::new(&nodes).unwrap().volatility(strike, forward, years).unwrap();
		let exact = exact::volatility(&nodes, strike, forward, years);
		let exact = exact.clamp(Wide::of(VOLATILITY_MIN), Wide::of(VOLATILITY_MAX));
		let off = error(value, &exact, 2e-17, 1.0);
		prop_assert!(off <= 1.0, "{off} {}", float(value));
	}

	#[test]
	fn forward_and_discount_are_within_their_bounds(
		carry in -4.0f64..4.0, rate in -0.2f64..1.0, years in time(), spot in -9.0f64..25.0,
	) {
		let nodes = nodes(&grown(0.8, -0.4, 0.5, &[(0.5, 0.5, 0.5); 5]), carry, rate);
		let surface = Surface::new(&nodes).unwrap();
		let time = Wide::of(years);
		let carried = exact::mean(&nodes, years, |node| node.carry);
		let cost = exact::mean(&nodes, years, |node| node.rate);
		prop_assert!(error(surface.carry_at(years).unwrap(), &carried, 0.0, 70.0) <= 1.0);
		prop_assert!(error(surface.rate_at(years).unwrap(), &cost, 0.0, 18.0) <= 1.0);
		let spot = q(spot.exp());
		let forward = Wide::of(spot).times(&carried.times(&time).exp());
		prop_assert!(error(surface.forward(spot, years).unwrap(), &forward, 2e-17, 1.0) <= 1.0);
		let discount = Wide::int(0).minus(&cost.times(&time)).exp();
		prop_assert!(error(surface.discount(years).unwrap(), &discount, 1e-17, 0.0) <= 1.0);
	}
}

/// The largest error of volatility, beyond the last place, over the whole range: printed for the
/// documentation.
#[test]
fn largest_error_of_volatility() {
	let mut random = random::Uniform::new(3);
	let mut most = 0.0f64;
	for _ in 0..2_000 {
		let make = |n: usize, random: &mut random::Uniform| {
			let theta = (random.between(-9.2, 4.6)).exp() * random::DAYS[n] as f64 / 365.0;
			slice(theta, random.between(-0.999, 0.999), random.between(-12.0, 1.38).exp())
		};
		let slices: Vec<Slice> = (0..6).map(|n| make(n, &mut random)).collect();
		let nodes = nodes(&slices, 0.0, 0.0);
		let years = seconds(random.between(0.0, 18.36).exp() as u64);
		let (strike, forward) = (q(100.0 * random.between(-6.9, 6.9).exp()), q(100.0));
		let value = Surface::new(&nodes).unwrap().volatility(strike, forward, years).unwrap();
		if value <= VOLATILITY_MIN || value >= VOLATILITY_MAX {
			continue;
		}
		let exact = exact::volatility(&nodes, strike, forward, years);
		let gap = Wide::of(value).minus(&exact).to_f64().abs() - 2f64.powi(-64);
		most = most.max(gap / exact.to_f64());
	}
	println!("largest relative error of volatility beyond the last place: {most:.1e}");
	assert!(most <= 2e-17);
}
