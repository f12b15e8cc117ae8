//! The edges: no premium, no interest, no time, no volatility, arguments out of range.

use super::*;
use ballast_math::{
	american::{bounds, Bounds},
	Rounding,
};

#[test]
fn without_a_gain_from_exercise_the_value_is_european() {
	let cases = [
		// options on a forward that is not discounted
		(Kind::Call, "0", "0"),
		(Kind::Put, "0", "0"),
		// a call without a yield, or with a negative one
		(Kind::Call, "0.05", "0.05"),
		(Kind::Call, "0.05", "0.2"),
		(Kind::Call, "0", "0.1"),
		// a put without interest on the strike
		(Kind::Put, "0", "-0.1"),
	];
	for (kind, rate, carry) in cases {
		for spot in ["60", "100", "150"] {
			let option = American { spot: q(spot), rate: q(rate), carry: q(carry), ..usual() };
			let value = european(&option, kind);
			assert_eq!(bounds(&option, kind), Ok(Bounds { lower: value, upper: value }));
			assert_eq!((whaley(&option, kind), flat(&option, kind)), (value, value));
		}
	}
}

/// At rate 0 exercise earns the yield of a call (or saves that of a put): true values as in the vectors.
#[test]
fn without_interest_there_is_a_premium_where_the_carry_gives_one() {
	let call = American {
		spot: q("332.0116922736547"),
		volatility: q("1.258214283783026"),
		years: Q64::from_ratio(318, 365, Rounding::Nearest).unwrap(),
		rate: Q64::ZERO,
		carry: q("-0.0951200128513273"),
		..usual()
	};
	let put = American {
		spot: q("30.119421191220212"),
		volatility: q("0.8283029163197564"),
		years: Q64::from_ratio(1002, 365, Rounding::Nearest).unwrap(),
		carry: q("0.09682967604560952"),
		..call
	};
	for (option, kind, value) in
		[(call, Kind::Call, 236.541_833_778), (put, Kind::Put, 73.326_799_988)]
	{
		assert!(float(european(&option, kind)) < value - 1.0);
		let Bounds { lower, upper } = bounds(&option, kind).unwrap();
		assert!(float(lower) < value && value < float(upper));
		assert!(float(whaley(&option, kind)) > float(european(&option, kind)) + 0.9);
		// next to nothing of interest changes next to nothing
		let near = American { rate: q("0.000000000000001"), ..option };
		assert!((float(whaley(&near, kind)) - float(whaley(&option, kind))).abs() < 1e-9);
		assert!((float(bounds(&near, kind).unwrap().upper) - float(upper)).abs() < 1e-9);
	}
}

#[test]
fn deep_in_the_money_the_value_is_intrinsic() {
	let put = American { spot: q("20"), rate: q("0.1"), carry: q("0.1"), ..usual() };
	assert_eq!(bounds(&put, Kind::Put).unwrap().lower, q("80"));
	assert_eq!((whaley(&put, Kind::Put), flat(&put, Kind::Put)), (q("80"), q("80")));
	let call = American { spot: q("400"), carry: q("-0.15"), ..usual() };
	assert_eq!(bounds(&call, Kind::Call).unwrap().lower, q("300"));
	assert_eq!((whaley(&call, Kind::Call), flat(&call, Kind::Call)), (q("300"), q("300")));
	// the bound from above knows the boundary less well
	assert!(float(bounds(&put, Kind::Put).unwrap().upper) < 80.1);
	assert!(float(bounds(&call, Kind::Call).unwrap().upper) < 300.1);
}

#[test]
fn time_and_volatility_run_out_towards_the_intrinsic_value() {
	for kind in KINDS {
		for spot in ["80", "100", "125"] {
			let near = |seconds| American {
				spot: q(spot),
				years: Q64::from_ratio(seconds, 31_536_000, Rounding::Ceil).unwrap(),
				..usual()
			};
			let value = intrinsic(&near(1), kind);
			let Bounds { lower, upper } = bounds(&near(1), kind).unwrap();
			assert!(lower >= value && float(upper) - float(value) < 0.002);
			let over = American { years: Q64::ZERO, ..near(1) };
			assert_eq!(bounds(&over, kind), Ok(Bounds { lower: value, upper: value }));
			let calm = American { spot: q(spot), volatility: q("0.01"), ..usual() };
			let Bounds { lower, upper } = bounds(&calm, kind).unwrap();
			assert!(lower >= value && float(upper) - float(value) < 0.5);
		}
	}
}

/// Without volatility a call with rate 10% and carry 5% is exercised when the spot has grown to
/// `K r/q = 2 K`: after `ln(200/180)/0.05 = 2.1072` years, worth `(180/200)^2 100 = 81` today.
#[test]
fn without_volatility_the_best_moment_counts() {
	let still = American {
		spot: q("180"),
		volatility: Q64::ZERO,
		years: q("3"),
		rate: q("0.1"),
		carry: q("0.05"),
		..usual()
	};
	let Bounds { lower, upper } = bounds(&still, Kind::Call).unwrap();
	assert_eq!(lower, upper);
	assert!((float(lower) - 81.0).abs() < 1e-12, "{}", float(lower));
	// too early for it: the value at expiry, exp(-0.05) 180 - exp(-0.1) 100
	let soon = American { years: q("1"), ..still };
	let value = 180.0 * (-0.05f64).exp() - 100.0 * (-0.1f64).exp();
	assert!((float(bounds(&soon, Kind::Call).unwrap().lower) - value).abs() < 1e-12);
	// past it: now
	let late = American { spot: q("210"), ..still };
	assert_eq!(bounds(&late, Kind::Call).unwrap().lower, q("110"));
	// the same option, seen as a put
	let put =
		American { spot: q("100"), strike: q("180"), rate: q("0.05"), carry: q("-0.05"), ..still };
	assert!((float(bounds(&put, Kind::Put).unwrap().upper) - 81.0).abs() < 1e-12);
	// a tiny volatility comes close from both sides
	let calm = American { volatility: q("0.01"), ..still };
	let Bounds { lower, upper } = bounds(&calm, Kind::Call).unwrap();
	assert!(float(lower) < 81.1 && float(upper) > 81.0);
}

#[test]
fn arguments_outside_the_range_are_refused() {
	let outside = [
		American { rate: q("-0.000000000000000001"), ..usual() },
		American { rate: q("10.1"), ..usual() },
		// exp(-r T) below 0.001
		American { rate: q("6.91"), ..usual() },
		American { carry: q("100.1"), years: q("0.001"), ..usual() },
		American { carry: q("-100.1"), years: q("0.001"), ..usual() },
		American { carry: Q64::MIN, ..usual() },
		// the forward more than a thousand times the strike
		American { carry: q("6.91"), ..usual() },
		American { carry: q("50"), ..usual() },
		American { carry: q("-14.1"), ..usual() },
		American { volatility: q("0.0099"), ..usual() },
		American { volatility: q("10.001"), ..usual() },
		American { volatility: q("-1"), ..usual() },
		American { years: q("3.001"), ..usual() },
		American { years: q("-1"), ..usual() },
		American { spot: q("0.09"), ..usual() },
		American { spot: q("100001"), ..usual() },
		American { spot: Q64::ZERO, ..usual() },
		American { spot: q("-1"), ..usual() },
		American { strike: Q64::ZERO, ..usual() },
		American { strike: q("-1"), ..usual() },
	];
	for option in outside {
		for kind in KINDS {
			assert_eq!(bounds(&option, kind), Err(MathError::OutOfDomain), "{option:?}");
		}
	}
}
