//! The surface in integers of 220 fractional bits and in floating point, both straight from the
//! formulas: no code is shared with what they check.

use ballast_math::{
	surface::{Node, Slice},
	Q64,
};
use num_bigint::BigInt;

/// Fractional bits of the reference.
const BITS: u64 = 220;

/// A number in units of 2^-220.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide(BigInt);

impl Wide {
	pub fn of(value: Q64) -> Self {
		Self(BigInt::from(value.to_bits()) << (BITS - 64))
	}

	pub fn int(value: i64) -> Self {
		Self(BigInt::from(value) << BITS)
	}

	pub fn plus(&self, other: &Self) -> Self {
		Self(&self.0 + &other.0)
	}

	pub fn minus(&self, other: &Self) -> Self {
		Self(&self.0 - &other.0)
	}

	pub fn times(&self, other: &Self) -> Self {
		Self((&self.0 * &other.0) >> BITS)
	}

	pub fn over(&self, other: &Self) -> Self {
		Self((&self.0 << BITS) / &other.0)
	}

	pub fn root(&self) -> Self {
		Self((&self.0 << BITS).sqrt())
	}

	/// `ln` by `2 atanh((r - 1) / (r + 1))` after powers of two.
	pub fn ln(&self) -> Self {
		let one = Self::int(1);
		let two = Self::int(2);
		let (mut r, mut powers) = (self.clone(), 0i64);
		while r > two {
			r = Self(&r.0 >> 1u32);
			powers += 1;
		}
		while r < one {
			r = Self(&r.0 << 1u32);
			powers -= 1;
		}
		let small = atanh_twice(&r);
		let ln_2 = atanh_twice(&two);
		small.plus(&ln_2.times(&Self::int(powers)))
	}

	/// `exp` by halving eight times, series, squaring.
	pub fn exp(&self) -> Self {
		let x = Self(&self.0 >> 8u32);
		let (mut term, mut total) = (Self::int(1), Self::int(1));
		for n in 1..60 {
			term = term.times(&x).over(&Self::int(n));
			total = total.plus(&term);
		}
		(0..8).fold(total, |y, _| y.times(&y))
	}

	pub fn to_f64(&self) -> f64 {
		let scaled: BigInt = &self.0 >> (BITS - 120);
		let (negative, text) = (scaled < BigInt::from(0), scaled.to_string());
		let digits: f64 = text.trim_start_matches('-').parse().expect("digits");
		(if negative { -digits } else { digits }) / 2f64.powi(120)
	}
}

fn atanh_twice(r: &Wide) -> Wide {
	let one = Wide::int(1);
	let y = r.minus(&one).over(&r.plus(&one));
	let square = y.times(&y);
	let (mut power, mut total) = (y.clone(), y);
	for n in 1..75 {
		power = power.times(&square);
		total = total.plus(&power.over(&Wide::int(2 * n + 1)));
	}
	total.plus(&total)
}

/// `theta`, `psi` and `rho psi`.
#[derive(Clone)]
pub struct Parameters {
	pub theta: Wide,
	pub psi: Wide,
	pub tilt: Wide,
}

impl Parameters {
	/// `rho psi` is what the surface takes it for: the product to nearest.
	pub fn of(slice: &Slice) -> Self {
		let tilt = slice.rho.checked_mul(slice.psi, ballast_math::Rounding::Nearest);
		Self {
			theta: Wide::of(slice.theta),
			psi: Wide::of(slice.psi),
			tilt: Wide::of(tilt.expect("in range")),
		}
	}

	/// `(theta + rho psi k + sqrt((psi k)^2 + 2 theta rho psi k + theta^2)) / 2`.
	pub fn total_variance(&self, k: &Wide) -> Wide {
		let across = self.psi.times(k);
		let tilted = self.tilt.times(k);
		let twice = self.theta.plus(&self.theta);
		let inner = across.times(&across);
		let inner = inner.plus(&twice.times(&tilted)).plus(&self.theta.times(&self.theta));
		self.theta.plus(&tilted).plus(&inner.root()).over(&Wide::int(2))
	}

	fn mixed(&self, share: &Wide, far: &Self) -> Self {
		let mix = |a: &Wide, b: &Wide| a.plus(&share.times(&b.minus(a)));
		Self {
			theta: mix(&self.theta, &far.theta),
			psi: mix(&self.psi, &far.psi),
			tilt: mix(&self.tilt, &far.tilt),
		}
	}

	fn scaled(&self, theta: &Wide, psi: &Wide) -> Self {
		Self {
			theta: self.theta.times(theta),
			psi: self.psi.times(psi),
			tilt: self.tilt.times(psi),
		}
	}
}

/// The surface's slice at a time.
pub fn parameters_at(nodes: &[Node], years: &Wide) -> Parameters {
	let own = |node: &Node| Parameters::of(&node.slice);
	let time = |node: &Node| Wide::of(node.years);
	let (first, last) = (&nodes[0], &nodes[nodes.len() - 1]);
	if *years <= time(first) {
		let share = years.over(&time(first));
		return own(first).scaled(&share, &share.root());
	}
	for pair in nodes.windows(2) {
		let (near, far) = (&pair[0], &pair[1]);
		if *years <= time(far) {
			let share = years.minus(&time(near)).over(&time(far).minus(&time(near)));
			return own(near).mixed(&share, &own(far));
		}
	}
	let (from, start) = match nodes.len() {
		1 => (Wide::int(0), Wide::int(0)),
		n => (Wide::of(nodes[n - 2].slice.theta), time(&nodes[n - 2])),
	};
	let end = own(last);
	let forward = end.theta.minus(&from).over(&time(last).minus(&start)).max(Wide::int(0));
	let growth = end.theta.plus(&forward.times(&years.minus(&time(last)))).over(&end.theta);
	let lean = end.tilt.clone().max(Wide::int(0).minus(&end.tilt));
	let steep = end.psi.plus(&lean);
	let mut wings = growth.root();
	if steep > Wide::int(0) {
		wings = wings.min(Wide::int(4).over(&steep));
	}
	end.scaled(&growth, &wings)
}

/// Volatility before it is held within its range.
pub fn volatility(nodes: &[Node], strike: Q64, forward: Q64, years: Q64) -> Wide {
	let years = Wide::of(years);
	let k = Wide::of(strike).over(&Wide::of(forward)).ln();
	parameters_at(nodes, &years).total_variance(&k).over(&years).root()
}

/// The mean to a time of a quantity whose product with time is linear between tenors.
pub fn mean(nodes: &[Node], years: Q64, of: impl Fn(&Node) -> Q64) -> Wide {
	let years = Wide::of(years);
	let product = |node: &Node| Wide::of(of(node)).times(&Wide::of(node.years));
	let (first, last) = (&nodes[0], &nodes[nodes.len() - 1]);
	if years <= Wide::of(first.years) {
		return Wide::of(of(first));
	}
	for pair in nodes.windows(2) {
		let (start, end) = (Wide::of(pair[0].years), Wide::of(pair[1].years));
		if years <= end {
			let share = years.minus(&start).over(&end.minus(&start));
			let (a, b) = (product(&pair[0]), product(&pair[1]));
			return a.plus(&share.times(&b.minus(&a))).over(&years);
		}
	}
	Wide::of(of(last))
}

pub fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// Total variance in floating point, as the formula is printed.
pub fn variance_f64(slice: &Slice, k: f64) -> f64 {
	let (theta, rho, psi) = (float(slice.theta), float(slice.rho), float(slice.psi));
	let phi = psi / theta;
	let root = ((phi * k + rho).powi(2) + 1.0 - rho * rho).sqrt();
	theta / 2.0 * (1.0 + rho * phi * k + root)
}
