use super::{
	bivariate::{tilted, Correlation, INV_RHO, RHO, RHO_SQUARED},
	market::Spread,
	normal::{cdf, scaled_tail, tilted_cdf},
	real::Real,
	whaley::{Critical, Terms},
};
use crate::black76::Kind;
use proptest::prelude::*;

fn real(value: f64) -> Real {
	Real::from_bits((value * 2f64.powi(64)) as i128)
}

fn float(value: Real) -> f64 {
	assert!(!value.is_lost());
	value.bits() as f64 / 2f64.powi(64)
}

/// `M(x, y; rho)` and `M(x, y; -rho)` in 64 fractional bits, by forty nodes in 40 digits.
const BIVARIATE: [(f64, f64, i128, i128); 8] = [
	(0.0, 0.0, 7_267_366_014_088_010_315, 1_956_006_022_766_765_493),
	(1.0, -1.0, 2_925_102_676_314_931_625, 1_163_817_418_663_884_030),
	(-2.0, -3.0, 20_260_478_186_439_750, 5_832),
	(-6.0, 2.5, 18_199_329_794, 1_688_557),
	(3.0, 3.0, 18_403_364_256_161_737_139, 18_396_941_626_679_382_346),
	(-8.0, -8.0, 57, 0),
	(0.5, -0.25, 7_093_011_156_826_103_727, 2_796_614_503_052_155_875),
	(-1.0, -1.5, 956_155_548_307_508_197, 75_596_855_885_414),
];

/// 4e-12 in 64 fractional bits, the bound of the nodes.
const BIVARIATE_BOUND: u128 = 73_786_976;

#[test]
fn the_bivariate_distribution_meets_its_values() {
	for (x, y, plus, minus) in BIVARIATE {
		for (correlation, value) in [(Correlation::Plus, plus), (Correlation::Minus, minus)] {
			for (x, y) in [(x, y), (y, x)] {
				let got = tilted(Real::ZERO, real(x), real(y), correlation).bits();
				assert!(got.abs_diff(value) <= BIVARIATE_BOUND, "{x} {y} {correlation:?}: {got}");
			}
		}
	}
}

#[test]
fn the_constants_of_the_step_agree() {
	assert!((RHO * RHO - RHO_SQUARED).bits().abs() <= 2);
	assert!((RHO * INV_RHO - Real::ONE).bits().abs() <= 2);
	// the golden section: rho^2 + rho^4 = 1
	assert!((RHO_SQUARED + RHO_SQUARED * RHO_SQUARED - Real::ONE).bits().abs() <= 3);
}

/// `exp(x^2/2) Phi(-x)` in 64 fractional bits: inside the table, at its end and beyond.
#[test]
fn the_scaled_tail_meets_its_values_beyond_the_table() {
	let values = [
		(0.0, 9_223_372_036_854_775_808i128),
		(1.0, 4_825_267_805_274_031_972),
		(11.0, 663_619_581_921_015_322),
		(11.25, 649_099_212_908_863_167),
		(12.0, 609_092_509_038_594_308),
		(20.0, 367_046_223_541_727_108),
		(100.0, 73_584_504_487_979_015),
	];
	for (x, value) in values {
		let got = scaled_tail(real(x)).bits();
		let allowed = if x < 11.25 { 4 } else { 1_000_000 };
		assert!(got.abs_diff(value) <= allowed, "{x}: {got} {value}");
	}
}

#[test]
fn what_does_not_fit_is_lost_and_stays_lost() {
	let large = Real::from_bits(i128::MAX);
	for lost in [large + Real::ONE, large * large, -Real::from_bits(i128::MIN), Real::ZERO.recip()]
	{
		assert!(lost.is_lost());
		let later = [
			lost * Real::ZERO,
			lost - lost,
			-lost,
			lost.half(),
			lost.recip(),
			lost.exp(),
			lost.ln(),
			lost.sqrt(),
			lost.at_least(Real::ZERO),
			lost.at_most(Real::ONE),
			cdf(lost),
			scaled_tail(lost),
			tilted_cdf(Real::ZERO, lost),
			tilted_cdf(lost, Real::ONE),
			tilted(lost, Real::ZERO, Real::ZERO, Correlation::Plus),
			tilted(Real::ZERO, lost, Real::ZERO, Correlation::Minus),
		];
		for (index, value) in later.into_iter().enumerate() {
			assert!(value.is_lost() && value.value().is_err(), "{index}");
		}
	}
	assert!(real(50.0).exp().is_lost());
	assert!((-Real::ONE).ln().is_lost());
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

	#[test]
	fn the_two_correlations_add_up(x in -9.0f64..9.0, y in -9.0f64..9.0) {
		let (x, y) = (real(x), real(y));
		let sum = tilted(Real::ZERO, x, y, Correlation::Plus)
			+ tilted(Real::ZERO, x, -y, Correlation::Minus);
		prop_assert!(sum.bits().abs_diff(cdf(x).bits()) <= 2 * BIVARIATE_BOUND);
	}

	#[test]
	fn the_bivariate_distribution_is_a_distribution(x in -9.0f64..9.0, y in -9.0f64..9.0, step in 0.0f64..4.0) {
		for correlation in [Correlation::Plus, Correlation::Minus] {
			let at = |x: f64, y: f64| tilted(Real::ZERO, real(x), real(y), correlation).bits();
			let value = at(x, y);
			let slack = 2 * BIVARIATE_BOUND as i128;
			prop_assert!((0..=(1i128 << 64) + slack).contains(&value));
			prop_assert!(value <= cdf(real(x)).bits().min(cdf(real(y)).bits()) + slack);
			prop_assert!(at(x + step, y) + slack >= value);
			prop_assert!(at(x, y + step) + slack >= value);
		}
	}

	#[test]
	fn tilting_is_multiplying(a in -8.0f64..4.0, x in -8.0f64..8.0) {
		let exact = float(real(a).exp()) * float(cdf(real(x)));
		let got = float(tilted_cdf(real(a), real(x)));
		prop_assert!((got - exact).abs() <= 1e-15 * a.exp().max(1.0), "{got} {exact}");
	}

	#[test]
	fn the_mean_discount_meets_its_formula(u in 1e-4f64..40.0) {
		let exact = -(-u).exp_m1() / u;
		prop_assert!((float(Real::mean_discount(real(u))) - exact).abs() < 2e-15);
	}

	#[test]
	fn value_and_slope_meet_exercise_at_the_critical_price(
		volatility in 0.05f64..3.0,
		years in 0.003f64..3.0,
		rate in 0.001f64..0.3,
		gap in 0.001f64..0.3,
		is_call: bool,
	) {
		// a call needs a yield, a put a rate; keep the critical price where doubles follow
		let carry = if is_call { rate - gap } else { rate - gap.min(rate) };
		let kind = if is_call { Kind::Call } else { Kind::Put };
		let terms = Terms {
			kind,
			rate: real(rate),
			carry: real(carry),
			years: real(years),
			discount: real(-rate * years).exp(),
			spot_discount: real((carry - rate) * years).exp(),
		};
		let deviation = volatility * years.sqrt();
		let spread = Spread {
			volatility: real(volatility),
			inverse_variance: real(1.0 / (volatility * volatility)),
			deviation: real(deviation),
			inverse: real(1.0 / deviation),
		};
		for start in [0.0, deviation, 1.0, 40.0] {
			let start = real(if is_call { start } else { -start });
			let critical = Critical::new(&terms, &spread, start).expect("a critical price");
			let y = critical.log();
			prop_assert!(critical.is_reached(y));
			let (y, e) = (float(y), if is_call { 1.0 } else { -1.0 });
			let d1 = (y + carry * years) / deviation + deviation / 2.0;
			let phi = |x: f64| float(cdf(real(x.clamp(-16.0, 16.0))));
			let european = e * (((carry - rate) * years + y).exp() * phi(e * d1)
				- (-rate * years).exp() * phi(e * (d1 - deviation)));
			let premium = critical.premium(critical.log());
			let value = european + float(Real::from_mantissa(premium));
			let exercise = e * (y.exp() - 1.0);
			prop_assert!((value - exercise).abs() <= 1e-9 * y.exp().max(1.0), "{value} {exercise}");
		}
	}
}
