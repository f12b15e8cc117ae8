//! Kernels and Black-76 against values computed to 60 digits by `tools/gen_vectors.py`.
//!
//! Reads `tests/vectors`, or the folder named by `BALLAST_VECTORS` (`tools/check_random.sh` makes one
//! with as many random points as wanted). Run with `--nocapture` to see the largest errors.

use ballast_math::{
	black76::{Greeks, Kind, Prepared, TimeToExpiry},
	kernels, Q64,
};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// Value of one unit in the last place.
const UNIT: f64 = 1.0 / 18_446_744_073_709_551_616.0;

fn read(name: &str) -> Vec<String> {
	let folder = std::env::var_os("BALLAST_VECTORS")
		.map(PathBuf::from)
		.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors"));
	let path = folder.join(name);
	let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
	text.lines().skip(1).map(str::to_owned).collect()
}

/// Difference of a result from an expected value `<units>.<thousandths>`, in units of the last place.
fn distance(result: Q64, expected: &str) -> f64 {
	let (negative, digits) =
		expected.strip_prefix('-').map_or((false, expected), |digits| (true, digits));
	let (whole, thousandths) = digits.split_once('.').expect("a decimal point");
	let whole: i128 = whole.parse().expect("an integer");
	let part = thousandths.parse::<f64>().expect("digits") / 1000.0;
	let (whole, part) = if negative { (-whole, -part) } else { (whole, part) };
	((result.to_bits() - whole) as f64 - part).abs()
}

fn q64(text: &str) -> Q64 {
	Q64::from_bits(text.parse().expect("bits"))
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 * UNIT
}

/// The largest quotient of error and bound by quantity, and the line where it occurred.
#[derive(Default)]
struct Worst(BTreeMap<&'static str, (f64, f64, String)>);

impl Worst {
	/// `error` in units; it must be within `bound * scale + units` with the last in units.
	fn note(
		&mut self,
		what: &'static str,
		error: f64,
		scale: f64,
		bound: f64,
		units: f64,
		line: &str,
	) {
		let used = error / (bound * scale / UNIT + units);
		let relative = (error - units).max(0.0) * UNIT / scale;
		let entry = self.0.entry(what).or_default();
		entry.1 = entry.1.max(relative);
		if used >= entry.0 {
			entry.0 = used;
			entry.2 = line.to_owned();
		}
	}

	fn assert_within_bounds(&self, points: usize) {
		println!(
			"{points} points: largest part of the bound used, largest error in the bound's scale"
		);
		for (what, (used, relative, _)) in &self.0 {
			println!("  {what:<14} {used:>8.4} {relative:>12.3e}");
		}
		for (what, (used, _, line)) in &self.0 {
			assert!(*used <= 1.0, "{what}: {used} of its bound at {line}");
		}
	}
}

#[test]
fn kernels_are_within_their_bounds() {
	let mut worst = Worst::default();
	let lines = read("kernels.csv");
	for line in &lines {
		let fields: Vec<&str> = line.split(',').collect();
		let &[name, x, expected] = fields.as_slice() else { panic!("{line}") };
		let x = q64(x);
		let (what, value, scale, bound, units) = match name {
			"exp" => {
				let value = kernels::exp(x).expect(line);
				let (bound, units) = if x.is_positive() { (3.9e-19, 1.0) } else { (4.4e-19, 0.0) };
				("exp", value, float(value).max(1.0), bound, units)
			}
			"ln" => ("ln", kernels::ln(x).expect(line), 1.0, 3e-20, 0.0),
			"sqrt" => {
				let value = kernels::sqrt(x).expect(line);
				("sqrt", value, float(value), 5.5e-20, 0.501)
			}
			"cdf" => ("cdf", kernels::norm_cdf(x), 1.0, 5.3e-19, 0.0),
			"pdf" => ("pdf", kernels::norm_pdf(x), 1.0, 3.8e-19, 0.0),
			"inverse" => ("inverse", kernels::inverse_cdf(x).expect(line), 1.0, 8.4e-20, 0.0),
			_ => panic!("{line}"),
		};
		worst.note(what, distance(value, expected), scale, bound, units, line);
	}
	worst.assert_within_bounds(lines.len());
}

/// The option of a line, its Greeks here and the expected ones as written.
struct Point<'a> {
	series: Prepared,
	forward: Q64,
	volatility: Q64,
	years: f64,
	greeks: Greeks,
	expected: Vec<&'a str>,
}

fn point(line: &str) -> Point<'_> {
	let mut fields = line.split(',');
	let mut field = || fields.next().expect("a field");
	let kind = match field() {
		"call" => Kind::Call,
		"put" => Kind::Put,
		other => panic!("{other}"),
	};
	let (forward, strike, volatility) = (q64(field()), q64(field()), q64(field()));
	let (time, years) = match field() {
		text if text.starts_with('s') => {
			let seconds: u64 = text[1..].parse().expect("seconds");
			(TimeToExpiry::from_seconds(seconds).expect(line), seconds as f64 / 31_536_000.0)
		}
		text => (TimeToExpiry::from_years(q64(text)).expect(line), float(q64(text))),
	};
	let series = Prepared::with_time(strike, time, q64(field())).expect(line);
	let greeks = series.greeks(forward, volatility, kind).expect(line);
	assert_eq!(series.price(forward, volatility, kind), Ok(greeks.price), "{line}");
	Point { series, forward, volatility, years, greeks, expected: fields.collect() }
}

#[test]
fn black76_is_within_its_bounds() {
	let mut worst = Worst::default();
	let lines = read("black76.csv");
	for line in &lines {
		let p = point(line);
		let [price, delta, gamma, gamma_forward, vega, theta, rho, vanna, volga] =
			p.expected.as_slice().try_into().expect("nine values");
		let g = &p.greeks;
		let f = float(p.forward);
		let discount = float(p.series.discount());
		let larger = f.max(float(p.series.strike())) * discount.max(1.0);
		let rate = (discount.ln() / p.years).abs();
		let decay = float(g.vega) * float(p.volatility) / (2.0 * p.years);
		let curved = float(g.gamma_forward).max(1.0);
		let mut note = |what, value, expected, scale, bound, units| {
			worst.note(what, distance(value, expected), scale, bound, units, line)
		};
		let per_discount = discount.max(1.0);
		note("price", g.price, price, larger, 1.4e-18, 2.0);
		note("delta", g.delta, delta, per_discount, 1.6e-18, 1.0);
		note("gamma", g.gamma, gamma, curved / f, 2.3e-17, 1.0);
		note("gamma_forward", g.gamma_forward, gamma_forward, curved, 2.3e-17, 1.0);
		note("vega", g.vega, vega, f * per_discount, 1.8e-18, 1.0);
		// r V with the errors of V and of r, and the decay's
		let theta_scale = f.max(decay) + rate * larger * 2.1e-18 / 1.9e-17;
		note("theta", g.theta, theta, theta_scale, 1.9e-17, 2.0 + 2.0 * rate);
		note("rho", g.rho, rho, larger * p.years, 1.7e-18, 2.0 * p.years + 1.0);
		let per_volatility = (1.0 / float(p.volatility)).max(1.0) * per_discount;
		note("vanna", g.vanna, vanna, per_volatility, 4.9e-18, 1.0);
		note("volga", g.volga, volga, f * per_volatility, 1.4e-17, 1.0);
	}
	worst.assert_within_bounds(lines.len());
}
