//! Random slices and surfaces.

use super::exact::float;
use ballast_math::{
	surface::{is_admissible, Node, Slice},
	Rounding, Q64,
};
use proptest::prelude::*;

pub const DAYS: [i128; 6] = [7, 14, 30, 60, 90, 180];

pub fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

pub fn days(days: i128) -> Q64 {
	Q64::from_ratio(days, 365, Rounding::Nearest).expect("in range")
}

pub fn seconds(seconds: u64) -> Q64 {
	Q64::from_ratio(i128::from(seconds), 31_536_000, Rounding::Nearest).expect("in range")
}

pub fn slice(theta: f64, rho: f64, psi: f64) -> Slice {
	Slice { theta: q(theta), rho: q(rho), psi: q(psi) }
}

/// Times of whole seconds, short ones as often as long ones.
pub fn time() -> impl Strategy<Value = Q64> {
	prop_oneof![
		(0.0f64..18.36).prop_map(|p| seconds(p.exp() as u64)),
		(1u64..94_608_000).prop_map(seconds)
	]
}

/// `theta`, `u`, `v`.
type Wings = (f64, f64, f64);

fn from_wings((theta, u, v): Wings) -> Slice {
	let psi = (u + v) / 2.0;
	let rho = if psi > 0.0 { ((u - v) / (u + v)).clamp(-0.998, 0.998) } else { 0.0 };
	slice(theta, rho, psi)
}

/// A slice free of butterflies at a volatility over a time; `share` of the largest psi.
fn first_slice(years: f64, vol: f64, rho: f64, share: f64) -> Wings {
	let theta = vol * vol * years;
	let steep = 1.0 + rho.abs();
	let psi = share * (4.0 / steep).min((4.0 * theta / steep).sqrt()) * 0.999_999;
	(theta, psi * (1.0 + rho), psi * (1.0 - rho))
}

/// Steps of one tenor to the next: growth of theta, of u and of v, the last two relative to the first.
pub type Step = (f64, f64, f64);

/// Six slices, admissible by construction: wings grow at most as theta does, or twice as much where
/// that is admissible too.
pub fn grown(vol: f64, rho: f64, share: f64, steps: &[Step]) -> Vec<Slice> {
	let mut last = first_slice(7.0 / 365.0, vol, rho, share);
	let mut slices = vec![from_wings(last)];
	for (more, right, left) in steps {
		let candidate = |times: f64| -> Wings {
			let grow = |wing: f64, share: f64| wing * (1.0 + more * share * times);
			(last.0 * (1.0 + more), grow(last.1, *right), grow(last.2, *left))
		};
		let tried = [2.0, 1.0, 0.0].into_iter().map(candidate).find(|next| {
			let mut all = slices.clone();
			all.push(from_wings(*next));
			is_admissible(&all)
		});
		// more variance alone is always admissible
		last = tried.expect("admissible");
		slices.push(from_wings(last));
	}
	slices
}

pub fn step() -> impl Strategy<Value = Step> {
	(prop_oneof![Just(0.0), 1e-6f64..0.05, 0.05f64..1.5], 0.0f64..=1.0, 0.0f64..=1.0)
}

prop_compose! {
	pub fn admissible_slices()(
		vol in prop_oneof![0.05f64..1.5, 0.02f64..5.0], rho in -0.99f64..0.99, share in 0.0f64..=1.0,
		steps in prop::collection::vec(step(), 5),
	) -> Vec<Slice> {
		grown(vol, rho, share, &steps)
	}
}

/// Slices in range and nothing else.
pub fn any_slice() -> impl Strategy<Value = Slice> {
	(-9.0f64..2.4, -0.999f64..0.999, prop_oneof![Just(0.0), 0.0f64..4.0, -14.0f64..0.0]).prop_map(
		|(theta, rho, psi)| slice(10f64.powf(theta), rho, if psi < 0.0 { psi.exp() } else { psi }),
	)
}

/// Slices near each other: where the interesting pairs are.
pub fn pair() -> impl Strategy<Value = (Slice, Slice)> {
	let first = (-7.0f64..1.0, -0.99f64..0.99, 0.01f64..1.0);
	let reach = prop_oneof![-9.0f64..-3.0, -3.0f64..0.5];
	(first, reach, -0.05f64..1.0, -0.05f64..1.0, -0.05f64..1.0).prop_map(
		|((theta, rho, share), reach, more, right, left)| {
			let near = first_slice(1.0, 10f64.powf(theta / 2.0), rho, share);
			let reach = 10f64.powf(reach);
			let grow = |x: f64, by: f64| x * (1.0 + by * reach);
			let far = (grow(near.0, more), grow(near.1, right), grow(near.2, left));
			(from_wings(near), from_wings(far))
		},
	)
}

/// Volatilities of the slices' times from slices; carry and rate of any size in range.
pub fn nodes(slices: &[Slice], carry: f64, rate: f64) -> Vec<Node> {
	let node = |(n, slice): (usize, &Slice)| Node {
		years: days(DAYS[n]),
		slice: *slice,
		carry: q(carry * (0.7f64).powi(n as i32)),
		rate: q(rate * (1.0 - 0.1 * n as f64)),
	};
	slices.iter().enumerate().map(node).collect()
}

/// The smallest `w2 - w1` over a grid of log moneyness, over `theta2`, and where.
pub fn lowest(near: impl Fn(f64) -> f64, far: impl Fn(f64) -> f64, scale: f64) -> (f64, f64) {
	let mut found = (f64::INFINITY, 0.0);
	for step in -400..=400 {
		let k = scale * (f64::from(step) / 40.0).sinh();
		let gap = far(k) - near(k);
		if gap < found.0 {
			found = (gap, k);
		}
	}
	found
}

/// The log moneyness at which a smile's bend and level are alike.
pub fn scale(slice: &Slice) -> f64 {
	(float(slice.theta) / float(slice.psi).max(1e-9)).min(1e3)
}

/// Uniform numbers from a seed (a linear congruence's upper bits).
pub struct Uniform(u64);

impl Uniform {
	pub fn new(seed: u64) -> Self {
		Self(seed)
	}

	pub fn between(&mut self, low: f64, high: f64) -> f64 {
		self.0 =
			self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
		low + (high - low) * (self.0 >> 11) as f64 / 2f64.powi(53)
	}
}
