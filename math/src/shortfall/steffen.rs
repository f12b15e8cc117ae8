//! Monotone cubic interpolation in one dimension (Steffen, A&A 239, 443, 1990).
//!
//! A cubic in each cell whose slope at a node is that of the parabola through the node and its
//! neighbours, at most twice the smaller of the secants beside it, and zero where they differ in sign; at
//! an end, that of the parabola through the last three nodes under the same limit. All slopes here are
//! times the width of a cell: rises across it.
//!
//! Values are 64-bit integers in a unit of the caller's choice (see `interpolant`), below 2^50 at the nodes
//! of a book; places within a cell are parts of 2^32. WebAssembly multiplies 64-bit words in one
//! instruction, so a cell costs a few nanoseconds there.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "nodes are below 2^50 (the caller's choice of unit), widths differ by less than a factor of two: slopes are below 2^53 in a book and 2^54 in a column read by a book's choices, coefficients below 2^57; the same again between layers is below 2^62"
)]

/// How the slope at a node was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slope {
	/// Zero: an extremum.
	Flat,
	/// Twice the secant on the left.
	Left,
	/// Twice the secant on the right.
	Right,
	/// Of the parabola through three nodes.
	Parabola,
}

/// A ratio: whole and parts of 2^32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
	whole: i64,
	part: u32,
}

impl Ratio {
	/// `num / den` of two small numbers above zero, rounded down.
	pub(super) const fn new(num: i64, den: i64) -> Self {
		Self { whole: num / den, part: (((num % den) << 32) / den) as u32 }
	}
}

/// Widths of the cells on either side of a node, against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Widths {
	/// Right over left.
	right: Ratio,
	/// Left over right.
	pub(super) left: Ratio,
	/// Right over both, in parts of 2^32.
	right_of_both: u32,
}

impl Widths {
	pub(super) const fn new(left: i64, right: i64) -> Self {
		Self {
			right: Ratio::new(right, left),
			left: Ratio::new(left, right),
			right_of_both: Ratio::new(right, left + right).part,
		}
	}
}

/// Rises at a node: by the secant on the left, on the right, and by the parabola, all in the width of one
/// cell.
#[derive(Clone, Copy)]
pub(super) struct Rises {
	left: i64,
	right: i64,
	parabola: i64,
}

impl Rises {
	/// At a node between two cells, from the rises across them; in the width of the right one.
	#[inline(always)]
	pub(super) fn inner(left: i64, right: i64, widths: &Widths) -> Self {
		let left = scaled(left, widths.right);
		Self { left, right, parabola: right + times(left - right, widths.right_of_both) }
	}

	/// At the first node, from the rises across the first two cells and the widths at the node between
	/// them; in the width of the first.
	#[inline(always)]
	pub(super) fn first(here: i64, next: i64, widths: &Widths) -> Self {
		let next = scaled(next, widths.left);
		let share = widths.right_of_both.wrapping_neg();
		Self { left: here, right: here, parabola: here + times(here - next, share) }
	}

	/// At the last node, from the rises across the last two cells and the widths at the node between
	/// them; in the width of the last.
	#[inline(always)]
	pub(super) fn last(before: i64, here: i64, widths: &Widths) -> Self {
		let before = scaled(before, widths.right);
		let parabola = here + times(here - before, widths.right_of_both);
		Self { left: here, right: here, parabola }
	}

	/// Steffen's choice.
	#[inline]
	pub(super) fn choose(&self) -> Slope {
		let same = |a: i64, b: i64| (a > 0 && b > 0) || (a < 0 && b < 0);
		if !same(self.left, self.right) || !same(self.parabola, self.right) {
			return Slope::Flat;
		}
		let (left, right) = (self.left.unsigned_abs(), self.right.unsigned_abs());
		if self.parabola.unsigned_abs() <= 2 * left.min(right) {
			Slope::Parabola
		} else if left <= right {
			Slope::Left
		} else {
			Slope::Right
		}
	}

	/// The slope of a choice.
	#[inline(always)]
	pub(super) const fn slope(&self, chosen: Slope) -> i64 {
		match chosen {
			Slope::Flat => 0,
			Slope::Left => 2 * self.left,
			Slope::Right => 2 * self.right,
			Slope::Parabola => self.parabola,
		}
	}
}

/// `value + a t + b t^2 + c t^3` for `t` in [0, 1] across one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cubic {
	value: i64,
	a: i64,
	b: i64,
	c: i64,
}

impl Cubic {
	pub(super) const ZERO: Self = Self { value: 0, a: 0, b: 0, c: 0 };

	/// From the values at both ends and the slopes there.
	#[inline(always)]
	pub(super) const fn new(ends: (i64, i64), slopes: (i64, i64)) -> Self {
		let rise = ends.1 - ends.0;
		Self {
			value: ends.0,
			a: slopes.0,
			b: 3 * rise - 2 * slopes.0 - slopes.1,
			c: slopes.0 + slopes.1 - 2 * rise,
		}
	}

	/// At `part / 2^32` of the cell, rounded down: within 3 units.
	#[inline(always)]
	pub(super) const fn at(&self, part: u32) -> i64 {
		let sum = self.b + times(self.c, part);
		let sum = self.a + times(sum, part);
		self.value + times(sum, part)
	}
}

/// `value part / 2^32`, rounded down: exact halves, since `value = high 2^32 + low` with `low` not negative.
#[inline(always)]
pub(super) const fn times(value: i64, part: u32) -> i64 {
	let low = (value as u32) as u64;
	(value >> 32) * part as i64 + ((low * part as u64) >> 32) as i64
}

/// `value ratio`, rounded down.
#[inline(always)]
pub(super) const fn scaled(value: i64, ratio: Ratio) -> i64 {
	value * ratio.whole + times(value, ratio.part)
}
