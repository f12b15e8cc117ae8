//! Which slices may stand together, and how slices that may not are brought to do so.
//!
//! In `theta`, `u = psi (1 + rho)` and `v = psi (1 - rho)` total variance rises in each of the three
//! once `k` is given its sign, and the conditions between an earlier slice 1 and a later slice 2 are
//!
//! 1. `theta` does not fall, nor does `u` or `v` (the wings): necessary;
//! 2. with these, `w2 >= w1` everywhere if `psi2 / theta2 <= psi1 / theta1`;
//! 3. otherwise the sign is found exactly. Squaring twice, `w1 = w2` becomes `k^2 (A k^2 + B k + C) = 0`
//!    with
//!
//! ```text
//! A = -du dv (u2 + v1) (v2 + u1)
//! C = 4 dtheta (theta2 u1 v1 - theta1 u2 v2)
//! B = 4 (theta2 dp (2 p2 dp - a) + dtheta (2 dp psi2^2 - a p2)),   a = psi2^2 - psi1^2 + dp^2
//! ```
//!
//! (`p = rho psi`, `d` the difference, 2 less 1). Of its roots those with `dtheta + dp k < 0` are roots
//! of `w2 - w1`, and only those, because `w` rises with `theta + p k` and with `u v`. Two roots of
//! different signs are never that, so the slices cross exactly where `C < 0`, the discriminant is
//! positive and the vertex `-B / 2A` has `dtheta + dp k < 0`.
//!
//! That two quoted slices do not cross does not make the slices between them rise: along the segment
//! total variance at a given `k` may first fall and then rise. It never rises first and then falls, so
//! it rises all along if it does at the start, which is the same condition in the limit of slice 2
//! moving to slice 1 on that segment: [`rises_between`]. The directions in which it rises form a convex
//! cone. The same convexity keeps the slices between free of butterflies.

use super::{
	slice::{Slice, Wings},
	NODES_MAX, TOLERANCE,
};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::sqrt,
	wide::mul_wide_u128,
};

/// Steps in which [`project`] finds how much of a wing's rise may stay.
const STEPS: u32 = 32;

/// Why a set of slices is not admissible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
	/// A parameter is out of range.
	OutOfRange,
	/// The slice allows a butterfly that costs less than nothing.
	Butterfly,
	/// Total variance at the money is below that of the slice before.
	ThetaFalls,
	/// A wing is flatter than that of the slice before.
	WingFalls,
	/// The slice, or one between it and the slice before, crosses the slice before.
	Crosses,
}

/// The first condition that a set of slices violates, and the slice, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
	/// Position of the slice; for a condition between two, of the later.
	pub slice: usize,
	/// What it violates.
	pub condition: Condition,
}

/// Whether the later slice is below the earlier one at any log moneyness, by more than rounding
/// (1e-17 in a parameter). True for parameters out of range.
pub fn crosses(near: &Slice, far: &Slice) -> bool {
	let (Ok(near), Ok(far)) = (near.wings(), far.wings()) else { return true };
	falls(&near, &far).is_some() || dips(&near, &far, &far)
}

/// Whether total variance rises at every log moneyness all the way from one slice to the next on the
/// surface between them. Never true where [`crosses`] is.
pub fn rises_between(near: &Slice, far: &Slice) -> bool {
	let (Ok(near), Ok(far)) = (near.wings(), far.wings()) else { return false };
	falls(&near, &far).is_none() && !dips(&near, &far, &near)
}

/// Whether slices at increasing times are free of arbitrage, each and together, at and between their
/// times: [`ensure_admissible`].
pub fn is_admissible(slices: &[Slice]) -> bool {
	ensure_admissible(slices).is_ok()
}

/// The first violation of: parameters in range, [`Slice::is_free_of_butterflies`], and
/// [`rises_between`] each slice and the next.
pub fn ensure_admissible(slices: &[Slice]) -> Result<(), Violation> {
	let mut before = None;
	for (slice, this) in slices.iter().enumerate() {
		let fails = |condition| Err(Violation { slice, condition });
		let Ok(wings) = this.wings() else { return fails(Condition::OutOfRange) };
		if !this.is_free_of_butterflies() {
			return fails(Condition::Butterfly);
		}
		if let Some(near) = before {
			if let Some(condition) = falls(&near, &wings) {
				return fails(condition);
			}
			if dips(&near, &wings, &near) {
				return fails(Condition::Crosses);
			}
		}
		before = Some(wings);
	}
	Ok(())
}

/// Makes slices at increasing times admissible; says whether any changed. Admissible slices stay as
/// they are, and the result is admissible always, also after rounding to 18 decimals.
///
/// 1. `psi` is shrunk to the butterfly bound, slice by slice.
/// 2. `theta` is raised to the running maximum.
/// 3. From the last slice back, each wing slope is lowered to that of the slice after it.
/// 4. From the first slice on, where the smile would still dip below the slice before, the steeper
///    wing's rise is shrunk towards the other's until it does not (32 halvings).
///
/// So `theta` never falls and `psi` never rises; `rho` changes only as the wings do. Every step is
/// continuous in the slices, so what is nearly admissible is changed little.
///
/// Range: at most [`NODES_MAX`] slices, parameters in range; else `OutOfDomain` and nothing changes.
pub fn project(slices: &mut [Slice]) -> Result<bool, MathError> {
	if slices.len() > NODES_MAX || !slices.iter().all(Slice::is_in_range) {
		return Err(MathError::OutOfDomain);
	}
	if is_admissible(slices) {
		return Ok(false);
	}
	let mut theta = Q64::ZERO;
	for slice in slices.iter_mut() {
		slice.psi = slice.psi.min(psi_max(slice)?);
		theta = theta.max(slice.theta);
		slice.theta = theta;
	}
	let mut after: Option<Wings> = None;
	for slice in slices.iter_mut().rev() {
		let mut wings = slice.wings()?;
		if let Some(far) = after {
			if wings.right > far.right || wings.left > far.left {
				wings.right = wings.right.min(far.right);
				wings.left = wings.left.min(far.left);
				*slice = Slice::from_wings(&wings)?;
			}
		}
		after = Some(wings);
	}
	let mut before: Option<Slice> = None;
	for slice in slices.iter_mut() {
		if let Some(near) = before {
			*slice = shrunk(&near, slice)?;
		}
		before = Some(*slice);
	}
	Ok(true)
}

/// The largest `psi` that is free of butterflies at the slice's `theta` and `rho`, rounded down.
fn psi_max(slice: &Slice) -> Result<Q64, MathError> {
	let tilt = slice.rho.checked_abs().and_then(|rho| Q64::ONE.checked_add(rho));
	let tilt = tilt.ok_or(MathError::Overflow)?;
	let steepest =
		Q64::from_int(4).checked_div(tilt, Rounding::Floor).ok_or(MathError::Overflow)?;
	let room = slice.theta.checked_mul(Q64::from_int(4), Rounding::Floor);
	let room = room.and_then(|room| room.checked_div(tilt, Rounding::Floor));
	let root = sqrt(room.ok_or(MathError::Overflow)?)?;
	// the root is to nearest
	let root = root.checked_sub(Q64::from_bits(1)).ok_or(MathError::Overflow)?;
	Ok(steepest.min(root).max(Q64::ZERO))
}

/// The later slice with as much of its wings as may follow the earlier one. Its wings are at least as
/// steep as the earlier one's.
fn shrunk(near: &Slice, far: &Slice) -> Result<Slice, MathError> {
	let (start, end) = (near.wings()?, far.wings()?);
	let may_follow = |slice: &Slice| {
		slice.is_free_of_butterflies()
			&& slice.wings().is_ok_and(|wings| {
				falls(&start, &wings).is_none() && !dips(&start, &worsened(&wings, &start), &start)
			})
	};
	if may_follow(far) {
		return Ok(*far);
	}
	let rise = |from: i128, to: i128| to.saturating_sub(from).max(0);
	let (right, left) = (rise(start.right, end.right), rise(start.left, end.left));
	let both = right.min(left);
	// what both wings rise by may stay (the slope at the money is then the earlier slice's), and of
	// what one rises by beyond the other, this share of 2^32
	let candidate = |share: i128| -> Result<Slice, MathError> {
		let part = |rise: i128| rise.saturating_sub(both).saturating_mul(share) >> STEPS;
		let sum = |from: i128, rise: i128| from.saturating_add(both).saturating_add(part(rise));
		let wings =
			Wings { theta: end.theta, right: sum(start.right, right), left: sum(start.left, left) };
		Slice::from_wings(&wings)
	};
	let (mut low, mut high) = (0i128, 1i128 << STEPS);
	for _ in 0..STEPS {
		let middle = low.saturating_add(high) >> 1;
		if may_follow(&candidate(middle)?) {
			low = middle;
		} else {
			high = middle;
		}
	}
	// a millionth inside, for the rounding of the earlier slice's own wings
	let found = candidate(low.saturating_sub(low >> 20))?;
	if may_follow(&found) {
		return Ok(found);
	}
	// the earlier slice's own wings over more variance: admissible without any arithmetic
	Ok(Slice { theta: far.theta, rho: near.rho, psi: near.psi })
}

/// A later slice after the worst that rounding its and the earlier slice's parameters to 18 decimals
/// can do to its place among those that may follow the earlier one: less variance, more of the wing
/// that rises more, less of the other.
fn worsened(far: &Wings, near: &Wings) -> Wings {
	const LESS: i128 = TOLERANCE / 2;
	let (theta, more) = (far.theta.saturating_sub(LESS), TOLERANCE);
	if far.tilt() >= near.tilt() {
		let right = far.right.saturating_add(more);
		Wings { theta, right, left: far.left.saturating_sub(LESS) }
	} else {
		let left = far.left.saturating_add(more);
		Wings { theta, right: far.right.saturating_sub(LESS), left }
	}
}

/// The first condition: what falls from the earlier slice to the later by more than rounding.
fn falls(near: &Wings, far: &Wings) -> Option<Condition> {
	let below = |a: i128, b: i128| a < b.saturating_sub(TOLERANCE);
	if below(far.theta, near.theta) {
		Some(Condition::ThetaFalls)
	} else if below(far.right, near.right) || below(far.left, near.left) {
		Some(Condition::WingFalls)
	} else {
		None
	}
}

/// The second and third condition for slices of which nothing [falls]: whether the later slice is
/// below the earlier one anywhere (`second` is the later slice), or goes below it at the start of the
/// way (`second` is the earlier slice).
fn dips(near: &Wings, far: &Wings, second: &Wings) -> bool {
	let rise = |from: i128, to: i128| to.saturating_sub(from).max(0);
	let rises = Wings {
		theta: rise(near.theta, far.theta),
		right: rise(near.right, far.right),
		left: rise(near.left, far.left),
	};
	if rises.tilt().abs() <= TOLERANCE.saturating_mul(2) || is_flatter(near, far) {
		return false;
	}
	if second.right.max(second.left) == 0 {
		// no smile may lean at once out of a flat slice
		return true;
	}
	// arithmetic in range does not fail; if it did, refusing is the safe answer
	root_below(near, second, &rises).unwrap_or(true)
}

/// Whether `psi2 / theta2 <= psi1 / theta1`, exactly.
fn is_flatter(near: &Wings, far: &Wings) -> bool {
	let psi = |wings: &Wings| wings.right.wrapping_add(wings.left).unsigned_abs();
	mul_wide_u128(psi(far), near.theta.unsigned_abs())
		<= mul_wide_u128(psi(near), far.theta.unsigned_abs())
}

/// The third condition. The differences come apart from the slices, because in the limit they are
/// nothing beside them; the condition is homogeneous in them.
///
/// Everything is scaled by powers of two to numbers below one, with `t = 2 p`, `s = 2 psi`. The last
/// places of the sums (values up to 80, errors below 1e-17) decide only between slices that touch.
fn root_below(near: &Wings, second: &Wings, rises: &Wings) -> Option<bool> {
	let theta_shift = headroom(second.theta);
	let wing_shift = headroom(second.right.max(second.left));
	let rise_shift = headroom(rises.theta)
		.checked_sub(theta_shift)?
		.min(headroom(rises.right.max(rises.left)).checked_sub(wing_shift)?);
	let theta = |bits| shifted(bits, theta_shift);
	let wing = |bits| shifted(bits, wing_shift);
	let (theta1, u1, v1) = (theta(near.theta), wing(near.right), wing(near.left));
	let (theta2, u2, v2) = (theta(second.theta), wing(second.right), wing(second.left));
	let d_theta = shifted(rises.theta, theta_shift.checked_add(rise_shift)?);
	let wing_rise_shift = wing_shift.checked_add(rise_shift)?;
	let (du, dv) = (shifted(rises.right, wing_rise_shift), shifted(rises.left, wing_rise_shift));

	let (s1, s2) = (add(u1, v1)?, add(u2, v2)?);
	let (t1, t2, dt) = (sub(u1, v1)?, sub(u2, v2)?, sub(du, dv)?);
	// C / 4 dtheta
	let c = sub(mul(d_theta, mul(u1, v1)?)?, mul(theta1, add(mul(u1, dv)?, mul(v2, du)?)?)?)?;
	if !c.is_negative() {
		return Some(false);
	}
	// 4 a, then 2 B
	let a4 = add(mul(add(du, dv)?, add(s1, s2)?)?, mul(dt, sub(t2, t1)?)?)?;
	let t2_dt = mul(t2, dt)?;
	let from_theta = mul(mul(theta2, dt)?, sub(add(t2_dt, t2_dt)?, a4)?)?;
	let dt_square = mul(dt, mul(s2, s2)?)?;
	let from_rise = mul(d_theta, sub(add(dt_square, dt_square)?, mul(a4, t2)?)?)?;
	let b2 = add(from_theta, from_rise)?;
	// -A dtheta
	let a = mul(mul(mul(du, dv)?, mul(add(u2, v1)?, add(v2, u1)?)?)?, d_theta)?;
	let eight = Q64::from_int(8);
	if !add(mul(eight, a)?, mul(dt, b2)?)?.is_negative() {
		return Some(false);
	}
	let bound = mul(Q64::from_int(64), mul(a, c.checked_neg()?)?)?;
	Some(mul(b2, b2)? > bound)
}

/// How far a number can be shifted up and stay below one.
fn headroom(bits: i128) -> i32 {
	bits.unsigned_abs().leading_zeros().cast_signed().saturating_sub(64)
}

/// `bits 2^by`, truncated.
fn shifted(bits: i128, by: i32) -> Q64 {
	let bits = if by < 0 {
		bits.checked_shr(by.unsigned_abs()).unwrap_or(0)
	} else {
		bits.wrapping_shl(by.unsigned_abs())
	};
	Q64::from_bits(bits)
}

fn add(a: Q64, b: Q64) -> Option<Q64> {
	a.checked_add(b)
}

fn sub(a: Q64, b: Q64) -> Option<Q64> {
	a.checked_sub(b)
}

fn mul(a: Q64, b: Q64) -> Option<Q64> {
	a.checked_mul(b, Rounding::Nearest)
}
