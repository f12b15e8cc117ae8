//! The volatility surface: extended SSVI slices at quoted tenors, the arbitrage-free way between
//! them, and the forward and discount factor beside them.
//!
//! A slice gives total implied variance `w = sigma^2 T` against log moneyness `k = ln(K / F)`
//! (Gatheral and Jacquier 2014; Hendriks and Martini 2019):
//!
//! ```text
//! w(k) = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)),   phi = psi / theta
//! ```
//!
//! # In time
//!
//! Times are in years of 365 days, 0 to 3; less than a second counts as a second (an option is then
//! worth its intrinsic value).
//!
//! | where | rule |
//! |---|---|
//! | up to the first tenor | `theta` proportional to `T`, `psi` to `sqrt(T)`, `rho` constant: volatility depends on `k / sqrt(T)` alone |
//! | between tenors | `theta` linear in `T`, `psi` and `rho psi` linear in `theta` (Corbetta et al. 2019) |
//! | above the last | `theta` goes on at the last forward variance (a single tenor goes on flat; below zero counts as zero), `psi` proportional to `sqrt(theta)` and held at the butterfly bound `4 / (1 + abs(rho))`, `rho` constant |
//! | carry and rate | `carry T` and `rate T` linear between tenors, carry and rate constant outside |
//!
//! Where two slices have the same `theta`, "linear in `theta`" means linear in `T`, its limit.
//! The smile of an [admissible](is_admissible) set of slices is then free of butterflies and rises in
//! time at every `k`, between the tenors too. Volatility is held within [`VOLATILITY_MIN`] and
//! [`VOLATILITY_MAX`].
//!
//! # Error
//!
//! Volatility: 2e-17 of itself and one unit in the last place, for the slices and the time as given,
//! from one second to three years. Forward: 2e-17 of itself and one unit. Discount factor: 1e-17.

mod admissible;
mod at;
mod integrity;
mod slice;
mod smile;

pub use admissible::{
	crosses, ensure_admissible, is_admissible, project, rises_between, Condition, Violation,
};
pub use at::SliceAt;
pub use integrity::{integrity, ExpiryPrices, Integrity, StrikePrices};
pub use slice::Slice;

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{exp, mantissa::Mantissa, root::sqrt_mantissa},
};
use smile::{sum, Smile};

/// The least volatility of the pricing domain, 0.01 (truncated).
pub const VOLATILITY_MIN: Q64 = Q64::from_bits(184_467_440_737_095_516);
/// The greatest volatility of the pricing domain, 10.
pub const VOLATILITY_MAX: Q64 = Q64::from_int(10);
/// The most tenors of a surface.
pub const NODES_MAX: usize = 8;
/// The largest `|rho|`, 0.999: beyond it a wing is all but flat and the slice's error bound grows as
/// `1 / sqrt(1 - rho^2)`.
pub const RHO_MAX: Q64 = Q64::from_bits(((999 << 64) + 500) / 1000);
/// The largest `psi`: where `rho = 0`, the butterfly bound.
pub const PSI_MAX: Q64 = Q64::from_int(4);
/// The largest `theta`: the greatest volatility over the longest time.
pub const THETA_MAX: Q64 = Q64::from_int(300);
/// The largest `|carry|`: a forward 8% above spot in a week, 39% in a month.
pub const CARRY_MAX: Q64 = Q64::from_int(4);
/// The lowest rate, -0.2: the discount factor of three years stays below 2, the largest that can be
/// priced with.
pub const RATE_MIN: Q64 = Q64::from_bits(-(1 << 64) / 5);
/// The highest rate, 1.
pub const RATE_MAX: Q64 = Q64::ONE;

/// The shortest tenor, one hour, and the longest time.
const TENOR_MIN: Q64 = Q64::from_bits((1 << 64) / 8760);
const YEARS_MAX: Q64 = Q64::from_int(3);
/// One second, truncated.
const SECOND: Q64 = Q64::from_bits((1 << 64) / 31_536_000);
/// 1e-17 in units of the last place, ten units of the eighteenth decimal: what a condition between
/// parameters may be missed by. Rounding parameters to 18 decimals moves a wing by half of it at most.
pub(crate) const TOLERANCE: i128 = 185;

/// One tenor of the surface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
	/// Time to expiry in years, one hour to three years.
	pub years: Q64,
	/// The slice. Volatility at the money, `sqrt(theta / years)`, within [`VOLATILITY_MIN`] and
	/// [`VOLATILITY_MAX`].
	pub slice: Slice,
	/// Growth of the forward, `ln(F / S) / T`: within [`CARRY_MAX`] of zero.
	pub carry: Q64,
	/// Continuously compounded interest, [`RATE_MIN`] to [`RATE_MAX`].
	pub rate: Q64,
}

impl Node {
	/// Whether every number is in range.
	pub fn is_in_range(&self) -> bool {
		let within = || -> Option<bool> {
			let lowest = VOLATILITY_MIN.checked_mul(VOLATILITY_MIN, Rounding::Floor)?;
			let lowest = lowest.checked_mul(self.years, Rounding::Floor)?;
			let highest = Q64::from_int(100).checked_mul(self.years, Rounding::Ceil)?;
			let theta = self.slice.theta;
			Some(
				theta.to_bits().checked_add(TOLERANCE)? >= lowest.to_bits()
					&& theta.to_bits().checked_sub(TOLERANCE)? <= highest.to_bits(),
			)
		};
		(TENOR_MIN..=YEARS_MAX).contains(&self.years)
			&& self.slice.is_in_range()
			&& within() == Some(true)
			&& self.carry.checked_abs().is_some_and(|carry| carry <= CARRY_MAX)
			&& (RATE_MIN..=RATE_MAX).contains(&self.rate)
	}
}

/// A surface over quoted tenors. See the module.
#[derive(Clone, Copy, Debug)]
pub struct Surface<'a> {
	nodes: &'a [Node],
	first: &'a Node,
	last: &'a Node,
}

/// Where a time lies among the tenors.
enum Place<'a> {
	/// At or before the first tenor.
	Before,
	/// After the first of these and not after the second.
	Between(&'a Node, &'a Node),
	/// After the last tenor.
	Beyond,
}

impl<'a> Surface<'a> {
	/// The surface of 1 to [`NODES_MAX`] tenors, increasing, each [in range](Node::is_in_range); else
	/// `OutOfDomain`. The slices need not be [admissible](is_admissible): every function has a value
	/// all the same.
	///
	/// A time between two tenors needs only those two, one beyond the last only the last two.
	pub fn new(nodes: &'a [Node]) -> Result<Self, MathError> {
		let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else {
			return Err(MathError::OutOfDomain);
		};
		let increasing = nodes.iter().zip(nodes.iter().skip(1)).all(|(a, b)| a.years < b.years);
		if nodes.len() > NODES_MAX || !increasing || !nodes.iter().all(Node::is_in_range) {
			return Err(MathError::OutOfDomain);
		}
		Ok(Self { nodes, first, last })
	}

	/// Volatility of an option on the forward, as [`SliceAt::volatility`]. For many strikes of one
	/// expiry take [`Surface::at`] once.
	pub fn volatility(&self, strike: Q64, forward: Q64, years: Q64) -> Result<Q64, MathError> {
		self.at(years)?.volatility(strike, forward)
	}

	/// Volatility at the money, `K = F`.
	pub fn atm_volatility(&self, years: Q64) -> Result<Q64, MathError> {
		self.at(years)?.atm_volatility()
	}

	/// The slice at a time: at a tenor the node's own, elsewhere as [`SliceAt::slice`].
	pub fn slice_at(&self, years: Q64) -> Result<Slice, MathError> {
		match self.nodes.iter().find(|node| node.years == years) {
			Some(node) => Ok(node.slice),
			None => self.at(years)?.slice(),
		}
	}

	/// The surface at one time, ready for many strikes. `OutOfDomain` beyond [0, 3] years.
	pub fn at(&self, years: Q64) -> Result<SliceAt, MathError> {
		let years = within(years)?;
		let smile = match self.place(years) {
			Place::Before => {
				let tenor = Mantissa::from_q64(self.first.years);
				let per_root = inverse(sqrt_mantissa(tenor))?;
				scaled(&self.first.slice.wings()?.smile(), inverse(tenor)?, per_root)
			}
			Place::Between(near, far) => between(near, far, years)?,
			Place::Beyond => self.beyond(years)?,
		};
		let time = Mantissa::from_q64(years);
		let root = sqrt_mantissa(time);
		Ok(SliceAt { smile, years: time, root, per_root: inverse(root)? })
	}

	/// Forward price `F = S exp(carry T)`. Range: `spot >= 0`, else `OutOfDomain`. Truncated.
	pub fn forward(&self, spot: Q64, years: Q64) -> Result<Q64, MathError> {
		if spot.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let growth = self.carry_at(years)?;
		let growth = growth.checked_mul(years, Rounding::Nearest).ok_or(MathError::Overflow)?;
		// |growth| <= 12; the exponential keeps its relative accuracy above one only
		let factor = exp(growth.checked_abs().ok_or(MathError::Overflow)?)?;
		let factor = Mantissa::from_q64(factor);
		let factor = if growth.is_negative() { inverse(factor)? } else { factor };
		if growth.is_zero() {
			return Ok(spot);
		}
		Mantissa::from_q64(spot).times(factor).to_q64(false)
	}

	/// What one unit of quote currency paid at `years` is worth today, `exp(-rate T)`.
	pub fn discount(&self, years: Q64) -> Result<Q64, MathError> {
		let cost = self.rate_at(years)?.checked_mul(years, Rounding::Nearest);
		exp(cost.and_then(Q64::checked_neg).ok_or(MathError::Overflow)?)
	}

	/// Carry to a time, `ln(F / S) / T`. Error: at most 2^-60 of the larger of the carries around, and
	/// two units.
	pub fn carry_at(&self, years: Q64) -> Result<Q64, MathError> {
		self.mean(years, |node| node.carry)
	}

	/// Continuously compounded rate to a time. Error as of carry.
	pub fn rate_at(&self, years: Q64) -> Result<Q64, MathError> {
		self.mean(years, |node| node.rate)
	}

	/// The place of a time of at least one second.
	fn place(&self, years: Q64) -> Place<'a> {
		if years <= self.first.years {
			return Place::Before;
		}
		let pairs = self.nodes.iter().zip(self.nodes.iter().skip(1));
		pairs
			.into_iter()
			.find(|(_, far)| years <= far.years)
			.map_or(Place::Beyond, |(near, far)| Place::Between(near, far))
	}

	/// Above the last tenor.
	fn beyond(&self, years: Q64) -> Result<Smile, MathError> {
		let last = self.last.slice.wings()?;
		let before = match self.nodes.iter().rev().nth(1) {
			Some(node) => (node.slice.theta, node.years),
			None => (Q64::ZERO, Q64::ZERO),
		};
		let gained = self.last.slice.theta.checked_sub(before.0).ok_or(MathError::Overflow)?;
		let forward = Mantissa::from_q64(gained.max(Q64::ZERO))
			.times(inverse(difference(self.last.years, before.1)?)?);
		let level = Mantissa::from_q64(self.last.slice.theta);
		let theta = sum(level, forward.times(difference(years, self.last.years)?));
		let growth = sqrt_mantissa(theta.times(inverse(level)?));
		let steep = Q64::from_bits(last.right.max(last.left));
		let time = Mantissa::from_q64(years);
		let per_root = inverse(sqrt_mantissa(time))?;
		let growth = match Mantissa::from_q64(steep).reciprocal() {
			Some(room) => smaller(growth, room.scaled(2)),
			None => growth,
		};
		let own = last.smile();
		let wings = Smile { level: theta, right: own.right, left: own.left };
		Ok(scaled(&wings, inverse(time)?, per_root.times(growth)))
	}

	/// The mean to a time of a quantity whose product with time is linear between tenors.
	fn mean(&self, years: Q64, of: impl Fn(&Node) -> Q64) -> Result<Q64, MathError> {
		let years = within(years)?;
		let (near, far) = match self.place(years) {
			Place::Before => return Ok(of(self.first)),
			Place::Beyond => return Ok(of(self.last)),
			Place::Between(near, far) => (near, far),
		};
		let (near_share, far_share) = shares(near, far, years)?;
		let per_year = inverse(Mantissa::from_q64(years))?;
		let part = |node: &Node, share: Mantissa| -> Result<Q64, MathError> {
			let share = share.times(Mantissa::from_q64(node.years)).times(per_year);
			Mantissa::from_q64(of(node)).times(share).to_q64(of(node).is_negative())
		};
		part(near, near_share)?.checked_add(part(far, far_share)?).ok_or(MathError::Overflow)
	}
}

/// A time of [0, 3] years, at least one second.
fn within(years: Q64) -> Result<Q64, MathError> {
	if years.is_negative() || years > YEARS_MAX {
		return Err(MathError::OutOfDomain);
	}
	Ok(years.max(SECOND))
}

/// `later - earlier`, never negative here.
fn difference(later: Q64, earlier: Q64) -> Result<Mantissa, MathError> {
	later.checked_sub(earlier).map(Mantissa::from_q64).ok_or(MathError::Overflow)
}

/// `1 / x`.
fn inverse(x: Mantissa) -> Result<Mantissa, MathError> {
	x.reciprocal().ok_or(MathError::DivisionByZero)
}

/// The smaller of two positive numbers.
fn smaller(a: Mantissa, b: Mantissa) -> Mantissa {
	if (a.exponent(), a.word()) <= (b.exponent(), b.word()) {
		a
	} else {
		b
	}
}

/// The weights of two tenors at a time between them: `(T2 - T) / (T2 - T1)` and `(T - T1) / (T2 - T1)`.
fn shares(near: &Node, far: &Node, years: Q64) -> Result<(Mantissa, Mantissa), MathError> {
	let width = inverse(difference(far.years, near.years)?)?;
	let near_share = difference(far.years, years)?.times(width);
	Ok((near_share, difference(years, near.years)?.times(width)))
}

/// The slice between two tenors, per year.
fn between(near: &Node, far: &Node, years: Q64) -> Result<Smile, MathError> {
	let (near_share, far_share) = shares(near, far, years)?;
	let (one, two) = (near.slice.wings()?.smile(), far.slice.wings()?.smile());
	let mix = |a: Mantissa, b: Mantissa| sum(a.times(near_share), b.times(far_share));
	let smile = Smile {
		level: mix(one.level, two.level),
		right: mix(one.right, two.right),
		left: mix(one.left, two.left),
	};
	let time = Mantissa::from_q64(years);
	Ok(scaled(&smile, inverse(time)?, inverse(sqrt_mantissa(time))?))
}

/// The level and the wings each times a factor.
fn scaled(smile: &Smile, level: Mantissa, wings: Mantissa) -> Smile {
	Smile {
		level: smile.level.times(level),
		right: smile.right.times(wings),
		left: smile.left.times(wings),
	}
}
