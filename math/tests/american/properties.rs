//! Properties that hold for every option.

use super::*;
use ballast_math::{
	american::{bounds, Bounds},
	Rounding,
};
use proptest::prelude::*;

/// Options over the whole range, the corners included.
fn any_option() -> impl Strategy<Value = American> {
	let spot = (-2.0f64..9.0).prop_map(|p| 10f64.powf(p));
	let moneyness = prop_oneof![1 => -6.9f64..6.9, 3 => -1.0f64..1.0, 1 => Just(0.0)];
	let volatility = prop_oneof![4 => (-2.0f64..1.0).prop_map(|p| 10f64.powf(p).clamp(0.0101, 9.99)), 1 => Just(0.0101), 1 => Just(9.99)];
	let years = (-7.45f64..0.47).prop_map(|p| 10f64.powf(p));
	let rate = prop_oneof![
		2 => 0.0f64..0.2,
		1 => 0.0f64..2.0,
		1 => (-18.0f64..-2.0).prop_map(|p| 10f64.powf(p)),
		1 => Just(0.0),
	];
	let carry = prop_oneof![
		3 => -0.3f64..0.3,
		1 => -2.0f64..2.0,
		1 => -100.0f64..100.0,
		1 => (-18.0f64..-2.0).prop_map(|p| 10f64.powf(p)),
		1 => (-18.0f64..-2.0).prop_map(|p| -10f64.powf(p)),
		1 => Just(0.0),
	];
	// the carry as such, or beside the rate
	(spot, moneyness, volatility, years, rate, carry, prop::bool::weighted(0.3)).prop_map(
		|(s, x, v, t, r, b, beside)| American {
			spot: bits(s),
			strike: bits(s * x.exp()),
			volatility: bits(v),
			years: bits(t),
			rate: bits(r),
			carry: bits(if beside { r - b.clamp(-1.0, 1.0) * 1e-3 } else { b }),
		},
	)
}

/// Options such as are traded.
fn traded_option() -> impl Strategy<Value = American> {
	(-2.0f64..2.0, 0.1f64..3.0, 0.003f64..3.0, 0.0f64..0.2, -0.3f64..0.3).prop_map(
		|(x, v, t, r, b)| American {
			spot: bits(100.0 * (x * v * t.sqrt()).clamp(-3.0, 3.0).exp()),
			strike: bits(100.0),
			volatility: bits(v),
			years: bits(t),
			rate: bits(r),
			carry: bits(b),
		},
	)
}

/// What the arithmetic may be wrong by, 1e-10 of the larger of spot and strike.
fn slack(option: &American) -> f64 {
	1e-10 * float(option.spot.max(option.strike))
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

	#[test]
	fn bounds_are_in_order_and_above_european_and_intrinsic(option in any_option()) {
		for kind in KINDS {
			let (series, spot, exercise) = match ready(&option, kind) {
				Ok(ready) => ready,
				// the corners of the range: the discount, the forward
				Err(error) => {
					prop_assert_eq!(error, MathError::OutOfDomain);
					continue;
				}
			};
			let floor = european(&option, kind).max(intrinsic(&option, kind));
			let Bounds { lower, upper } = series.bounds(&spot, &exercise).unwrap();
			prop_assert!(floor <= lower && lower <= upper);
			prop_assert_eq!(series.lower(&spot, &exercise), Ok(lower));
			prop_assert_eq!(series.upper(&spot, &exercise), Ok(upper));
			let whaley = series.barone_adesi_whaley(&spot, &exercise).unwrap();
			prop_assert!(floor <= whaley && whaley <= upper);
			let flat = series.bjerksund_stensland_1993(&spot, &exercise).unwrap();
			prop_assert!(floor <= flat && flat <= lower);
			prop_assert_eq!(bounds(&option, kind), Ok(Bounds { lower, upper }));
		}
	}

	#[test]
	fn bounds_stay_below_what_certainty_is_worth(option in any_option()) {
		for kind in KINDS {
			let Ok(Bounds { lower, .. }) = bounds(&option, kind) else { continue };
			let ceiling = match kind {
				// the yield of a call without one can only be owed
				Kind::Call if option.carry <= option.rate => option.spot,
				Kind::Call => continue,
				Kind::Put => option.strike,
			};
			prop_assert!(float(lower) <= float(ceiling) + slack(&option));
		}
	}

	/// Two bounds that share nothing but the European value. 1e-5 is left to the quadrature of the upper one
	/// where neither is far from the true value.
	#[test]
	fn the_bound_from_above_is_above_the_one_from_below(option in any_option()) {
		for kind in KINDS {
			let Ok((series, spot, exercise)) = ready(&option, kind) else { continue };
			let lower = series.lower(&spot, &exercise).unwrap();
			let bound = series.income_bound(&spot, &exercise).unwrap();
			let gap = float(bound) - float(lower);
			let larger = float(option.spot.max(option.strike));
			prop_assert!(gap >= -1e-5 * larger, "{gap:e}");
		}
	}

	#[test]
	fn a_put_is_the_call_that_it_mirrors(option in any_option()) {
		let mirror = American {
			spot: option.strike,
			strike: option.spot,
			rate: option.rate.checked_sub(option.carry).unwrap(),
			carry: option.carry.checked_neg().unwrap(),
			..option
		};
		// the mirror's rate has to be one
		if let (Ok(put), Ok(call)) = (bounds(&option, Kind::Put), bounds(&mirror, Kind::Call)) {
			let gap = (float(put.lower) - float(call.lower)).abs();
			prop_assert!(gap <= slack(&option), "{gap:e}");
			let flats = (float(flat(&option, Kind::Put)) - float(flat(&mirror, Kind::Call))).abs();
			prop_assert!(flats <= slack(&option), "{flats:e}");
		}
	}

	#[test]
	fn calls_rise_and_puts_fall_with_the_spot(option in traded_option(), step in -6.0f64..0.0) {
		let higher = bits(float(option.spot) * (1.0 + 10f64.powf(step)));
		let higher = American { spot: higher, ..option };
		for (kind, sign) in KINDS.into_iter().zip([1.0, -1.0]) {
			let (Ok(low), Ok(high)) = (bounds(&option, kind), bounds(&higher, kind)) else { continue };
			let slack = slack(&higher);
			prop_assert!(sign * (float(high.upper) - float(low.upper)) >= -slack);
			prop_assert!(sign * (float(high.lower) - float(low.lower)) >= -slack);
		}
	}

	#[test]
	fn values_do_not_depend_on_the_unit_of_money(option in traded_option(), scale in 1i64..1_000_000) {
		let times = |value: Q64| {
			value.checked_mul(Q64::from_int(scale), Rounding::Nearest).unwrap()
		};
		let other = American { spot: times(option.spot), strike: times(option.strike), ..option };
		for kind in KINDS {
			let (small, large) = (bounds(&option, kind).unwrap(), bounds(&other, kind).unwrap());
			for (small, large) in [(small.lower, large.lower), (small.upper, large.upper)] {
				let gap = (float(large) / scale as f64 - float(small)).abs();
				prop_assert!(gap <= 1e-12 * float(option.spot.max(option.strike)), "{gap:e}");
			}
		}
	}
}
