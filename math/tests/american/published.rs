//! Values that others have published or computed.

use super::*;
use ballast_math::{
	american::{bounds, Bounds},
	Rounding,
};

/// The put of Andersen, Lake and Offengenden, "High performance American option pricing" (2015): premium
/// 0.106952702747. The approximations' values are published to six decimals, that of Bjerksund and
/// Stensland by QuantLib's engine of that name, which is the flat boundary of 1993.
#[test]
fn the_put_with_a_value_of_high_precision() {
	let truth = 9.569445;
	let premium = 0.106_952_702_747;
	// carry 0: the call mirrors the put
	for kind in KINDS {
		let european = float(european(&usual(), kind));
		assert!((truth - european - premium).abs() < 1e-6);
		assert!((float(whaley(&usual(), kind)) - 9.606374).abs() < 1e-6);
		assert!((float(flat(&usual(), kind)) - 9.545403).abs() < 1e-6);
		let Bounds { lower, upper } = bounds(&usual(), kind).unwrap();
		let (lower, upper) = (float(lower) - european, float(upper) - european);
		assert!(lower <= premium && premium <= upper);
		// the stated errors: an eighth below, half above
		assert!(premium - lower < 0.0135, "{lower}");
		assert!(upper - premium < 0.0495, "{upper}");
	}
}

/// Haug, "Option pricing formulas" (1998), page 24: calls and puts by Barone-Adesi and Whaley, strike 100,
/// rate and yield 10%. Printed to four places; his program, too, meets them to the second only.
#[test]
fn haugs_table_of_barone_adesi_and_whaley() {
	// years, volatility, then call and put at spots 90, 100, 110
	let table = [
		("0.1", "0.15", [0.0206, 1.8771, 10.0089], [10.0000, 1.8770, 0.0410]),
		("0.1", "0.25", [0.3159, 3.1280, 10.3919], [10.2533, 3.1277, 0.4562]),
		("0.1", "0.35", [0.9495, 4.3777, 11.1679], [10.8787, 4.3777, 1.2402]),
		("0.5", "0.15", [0.8208, 4.0842, 10.8087], [10.5595, 4.0842, 1.0822]),
		("0.5", "0.25", [2.7437, 6.8015, 13.0170], [12.4419, 6.8014, 3.3226]),
		("0.5", "0.35", [5.0063, 9.5106, 15.5689], [14.6945, 9.5104, 5.8823]),
	];
	for (years, volatility, calls, puts) in table {
		for (kind, values) in KINDS.into_iter().zip([calls, puts]) {
			for (spot, value) in ["90", "100", "110"].into_iter().zip(values) {
				let option = American {
					spot: q(spot),
					years: q(years),
					volatility: q(volatility),
					rate: q("0.1"),
					..usual()
				};
				let got = float(whaley(&option, kind));
				assert!((got - value).abs() < 3e-3, "{kind:?} {option:?}: {got} {value}");
			}
		}
	}
}

/// Haug (1998), page 27 and his program, by Bjerksund and Stensland 1993. At a volatility of 1000% the
/// formula alone gives 94.89543 (QuantLib's tests), which is less than the European value.
#[test]
fn haugs_values_of_bjerksund_and_stensland() {
	let option = |spot, strike, rate, carry, years, volatility| American {
		spot: q(spot),
		strike: q(strike),
		volatility: q(volatility),
		years: q(years),
		rate: q(rate),
		carry: q(carry),
	};
	let call = option("42", "40", "0.04", "-0.04", "0.75", "0.35");
	assert!((float(flat(&call, Kind::Call)) - 5.2704).abs() < 5e-5);
	let put = option("36", "40", "0.06", "0.06", "1", "0.2");
	assert!((float(flat(&put, Kind::Put)) - 4.4531).abs() < 5e-5);
	let wild = option("110", "100", "0.05", "0", "1", "10");
	assert!(float(european(&wild, Kind::Put)) > 94.89543 + 0.2);
	assert_eq!(flat(&wild, Kind::Put), european(&wild, Kind::Put));
}

/// True values by the method of Andersen, Lake and Offengenden (`tools/cross_check_american.py --vectors`).
#[test]
fn true_values_lie_within_the_bounds() {
	let text = include_str!("../vectors/american.csv");
	let mut premiums = 0;
	for line in text.lines().skip(1) {
		let fields: Vec<&str> = line.split(',').collect();
		let &[kind, spot, strike, volatility, days, rate, carry, value] = fields.as_slice() else {
			panic!("{line}");
		};
		let kind = if kind == "call" { Kind::Call } else { Kind::Put };
		let years = Q64::from_ratio(days.parse().unwrap(), 365, Rounding::Nearest).unwrap();
		let option = American {
			spot: q(spot),
			strike: q(strike),
			volatility: q(volatility),
			years,
			rate: q(rate),
			carry: q(carry),
		};
		let value: f64 = value.parse().unwrap();
		let Bounds { lower, upper } = bounds(&option, kind).unwrap();
		// the last digit of the table
		let slack = 1e-7;
		assert!(float(lower) <= value + slack, "{line}: {}", float(lower));
		assert!(float(upper) >= value - slack, "{line}: {}", float(upper));
		premiums += usize::from(value > float(european(&option, kind)) + 1e-3);
	}
	assert!(premiums > 150, "{premiums} with a premium");
}
