//! Prices inside and outside the domain of Black-76.

use super::*;
use crate::margin_model::Leg;
use proptest::prelude::*;

fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

fn leg(kind: Kind, strike: f64, years: f64) -> Leg {
	Leg {
		kind,
		exercise: Exercise::European,
		strike: q(strike),
		expiry: 1,
		years: q(years),
		forward: Q64::ONE,
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: Q64::ONE,
		quantity: Q64::ONE,
	}
}

fn value(kind: Kind, forward: f64, strike: f64, years: f64, volatility: f64) -> f64 {
	let contract = Contract::new(&leg(kind, strike, years)).unwrap();
	f(contract.price(q(forward), q(volatility)).unwrap())
}

#[test]
fn values_outside_the_domain_are_as_computed_to_forty_digits() {
	// Black's formula with mpmath: forward, strike, volatility, years, call, put.
	for (forward, strike, sigma, years, call, put) in [
		(100.0, 100.0, 30.0, 30.0 / 365.0, 99.998_294_840_103_82, 99.998_294_840_103_82),
		(100.0, 120.0, 30.0, 30.0 / 365.0, 99.998_132_474_142_54, 119.998_132_474_142_54),
		(100.0, 100.0, 0.004, 1.0, 0.159_576_805_776_028_8, 0.159_576_805_776_028_8),
		(100.0, 101.0, 0.004, 1.0, 0.000_837_197_380_462_092, 1.000_837_197_380_462),
		(100.0, 130.0, 0.5, 5.0, 34.936_683_992_632_18, 64.936_683_992_632_18),
		(100.0, 130.0, 4.0, 5.0, 99.999_117_372_358_56, 129.999_117_372_358_56),
		(100.0, 100.0, 900.0, 7.0 / 365.0, 100.0, 100.0),
	] {
		let got = value(Kind::Call, forward, strike, years, sigma);
		assert!((got - call).abs() < 1e-11, "{strike} {sigma} {years}: {got} {call}");
		let got = value(Kind::Put, forward, strike, years, sigma);
		assert!((got - put).abs() < 1e-11, "{strike} {sigma} {years}: {got} {put}");
	}
}

#[test]
fn a_forward_beyond_a_thousand_strikes_is_worth_its_parity() {
	// Put of strike 1 on a forward of 100,000 at v = 0.35: below 1e-30.
	assert_eq!(value(Kind::Call, 1e5, 1.0, 0.1, 1.1), 99_999.0);
	assert_eq!(value(Kind::Put, 1e5, 1.0, 0.1, 1.1), 0.0);
	assert_eq!(value(Kind::Put, 1.0, 1e5, 0.1, 1.1), 99_999.0);
	assert_eq!(value(Kind::Put, 0.0, 1e5, 0.1, 1.1), 1e5);
}

#[test]
fn what_makes_no_sense_is_refused() {
	assert!(Contract::new(&leg(Kind::Call, 0.0, 1.0)).is_err());
	assert!(Contract::new(&leg(Kind::Call, 1.0, -1.0)).is_err());
	let contract = Contract::new(&leg(Kind::Call, 1.0, 1.0)).unwrap();
	assert_eq!(contract.price(Q64::ONE, q(-0.1)), Err(MathError::OutOfDomain));
	assert_eq!(contract.price(q(-1.0), Q64::ONE), Err(MathError::OutOfDomain));
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

	#[test]
	fn every_market_has_a_value_within_its_bounds(
		log_forward in -14.0f64..14.0,
		log_years in -20.0f64..4.0,
		log_sigma in -12.0f64..12.0,
	) {
		let (forward, years, sigma) = (log_forward.exp(), log_years.exp(), log_sigma.exp());
		for kind in [Kind::Call, Kind::Put] {
			let got = value(kind, forward, 1.0, years, sigma);
			let (intrinsic, most) = match kind {
				Kind::Call => ((forward - 1.0).max(0.0), forward),
				Kind::Put => ((1.0 - forward).max(0.0), 1.0),
			};
			// One double of the largest forward, 1.2e6, is 2e-10.
			prop_assert!(got >= intrinsic - 1e-9 && got <= most + 1e-9, "{got} {intrinsic} {most}");
		}
	}

	#[test]
	fn more_volatility_is_never_worth_less(
		log_forward in -14.0f64..14.0,
		log_years in -20.0f64..4.0,
		log_sigma in -12.0f64..12.0,
		more in 1.0f64..3.0,
	) {
		let (forward, years, sigma) = (log_forward.exp(), log_years.exp(), log_sigma.exp());
		for kind in [Kind::Call, Kind::Put] {
			let less = value(kind, forward, 1.0, years, sigma);
			let more = value(kind, forward, 1.0, years, sigma * more);
			// The bound of Black-76, twice, and a double of each value.
			prop_assert!(more >= less - 1e-15 * forward.max(1.0), "{less} {more}");
		}
	}
}
