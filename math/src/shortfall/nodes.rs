//! Where the grid has nodes, and where between them a shock lies.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "constants are computed at compile time, where an overflow stops the build; differences of nodes are below 2^65"
)]

use super::steffen::Widths;
use crate::fixed::Q64;

/// Nodes in spot.
pub const SPOT_NODES: usize = 33;

/// Nodes in volatility: down, unmoved, up.
pub const LAYERS: usize = 3;

/// Cells between two neighbouring nodes.
pub(super) const CELLS: usize = SPOT_NODES - 1;

/// Log returns at the nodes of spot, in hundredths of a per cent: dense around zero, where the options
/// of the book have their strikes, out to a fall of 60% (a rise of 151%), the widest scan range.
pub const NODE_BASIS_POINTS: [i64; SPOT_NODES] = [
	-9_200, -7_300, -5_500, -4_100, -3_100, -2_400, -1_900, -1_550, -1_250, -1_000, -800, -600,
	-450, -300, -200, -100, 0, 100, 200, 300, 450, 600, 800, 1_000, 1_250, 1_550, 1_900, 2_400,
	3_100, 4_100, 5_500, 7_300, 9_200,
];

/// Relative rise of the 30-day volatility at the upper layer, in per cent. Of 500 filtered days of Deribit's
/// index for bitcoin (2022 to 2025) at most one lies beyond the layers; further apart they would cost accuracy for
/// short options out of the money.
pub const VOLATILITY_UP_PERCENT: i64 = 30;

/// Relative fall of the 30-day volatility at the lower layer, in per cent.
pub const VOLATILITY_DOWN_PERCENT: i64 = 25;

/// The nodes as log returns, to nearest.
pub(super) const NODES: [Q64; SPOT_NODES] = nodes();

/// The nodes in parts of 2^56, rounded down.
const PLACES: [i64; SPOT_NODES] = places();

/// What turns a distance from the node before a cell, in parts of 2^36, into parts of 2^62 of the cell: one
/// over its width in parts of 2^26, rounded down.
const PER_WIDTH: [u64; CELLS] = per_width();

/// Of every inner node, the first of them first: the widths of the cells beside it against each other.
pub(super) const WIDTHS: [Widths; CELLS - 1] = widths();

/// Widths of the cells beside the unmoved layer.
pub(super) const VOLATILITY_WIDTHS: Widths =
	Widths::new(VOLATILITY_DOWN_PERCENT, VOLATILITY_UP_PERCENT);

/// The relative moves of volatility in the outer layers, down and up, to nearest.
pub(super) const VOLATILITY_MOVES: (Q64, Q64) =
	(percent(VOLATILITY_DOWN_PERCENT), percent(VOLATILITY_UP_PERCENT));

const fn quotient(num: i128, den: i128) -> i128 {
	let scaled = num << 64;
	let half = if num < 0 { -(den / 2) } else { den / 2 };
	(scaled + half) / den
}

const fn percent(percent: i64) -> Q64 {
	Q64::from_bits(quotient(percent as i128, 100))
}

#[allow(clippy::indexing_slicing, reason = "constants: an index out of range stops the build")]
const fn nodes() -> [Q64; SPOT_NODES] {
	let mut nodes = [Q64::ZERO; SPOT_NODES];
	let mut i = 0;
	while i < SPOT_NODES {
		nodes[i] = Q64::from_bits(quotient(NODE_BASIS_POINTS[i] as i128, 10_000));
		i += 1;
	}
	nodes
}

#[allow(clippy::indexing_slicing, reason = "constants: an index out of range stops the build")]
const fn places() -> [i64; SPOT_NODES] {
	let mut places = [0; SPOT_NODES];
	let mut i = 0;
	while i < SPOT_NODES {
		places[i] = (NODES[i].to_bits() >> 8) as i64;
		i += 1;
	}
	places
}

#[allow(clippy::indexing_slicing, reason = "constants: an index out of range stops the build")]
const fn width(cell: usize) -> i64 {
	NODE_BASIS_POINTS[cell + 1] - NODE_BASIS_POINTS[cell]
}

#[allow(clippy::indexing_slicing, reason = "constants: an index out of range stops the build")]
const fn per_width() -> [u64; CELLS] {
	let mut per_width = [0; CELLS];
	let mut i = 0;
	while i < CELLS {
		per_width[i] = (10_000 << 26) / width(i) as u64;
		i += 1;
	}
	per_width
}

#[allow(clippy::indexing_slicing, reason = "constants: an index out of range stops the build")]
const fn widths() -> [Widths; CELLS - 1] {
	let mut widths = [Widths::new(1, 1); CELLS - 1];
	let mut i = 0;
	while i < CELLS - 1 {
		widths[i] = Widths::new(width(i), width(i + 1));
		i += 1;
	}
	widths
}

/// Where a log return of spot lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
	/// In this cell, this many parts of 2^32 from its left node (its right node is one part short of it).
	Cell(u8, u32),
	/// Beyond the last node, on either side.
	Beyond,
}

/// Where a log return lies among the nodes, rounded down: within 2^-28 of a cell.
#[inline]
pub(super) fn place(log_return: Q64) -> Place {
	let Ok(at) = i64::try_from(log_return.to_bits() >> 8) else { return Place::Beyond };
	let above = PLACES.partition_point(|node| *node <= at);
	let Some(cell) = above.checked_sub(1) else { return Place::Beyond };
	let cell = if cell < CELLS {
		cell
	} else if PLACES.last().is_some_and(|last| at <= *last) {
		CELLS - 1
	} else {
		return Place::Beyond;
	};
	let (Some(node), Some(per_width)) = (PLACES.get(cell), PER_WIDTH.get(cell)) else {
		return Place::Beyond;
	};
	// At most the whole cell: 2^62.
	let share = (((at - node) as u64) >> 20) * per_width;
	let part = u32::try_from(share >> 30).unwrap_or(u32::MAX);
	Place::Cell(cell as u8, part)
}

/// Where a relative change of volatility lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
	/// On the unmoved layer.
	None,
	/// Towards the layer above (else below), and so many parts of 2^32 from the lower of the two layers.
	Inside(bool, u32),
	/// Beyond an outer layer.
	Beyond,
}

/// Where a relative change of volatility lies among the layers.
#[inline]
pub(super) fn place_change(change: Q64) -> Change {
	if change.is_zero() {
		return Change::None;
	}
	let rises = change.is_positive();
	let outer = if rises { VOLATILITY_UP_PERCENT } else { VOLATILITY_DOWN_PERCENT };
	// Parts of 2^48 per cent, below 2^61 unless beyond every layer.
	let bits = change.to_bits().unsigned_abs() >> 16;
	let Ok(bits) = u64::try_from(bits) else { return Change::Beyond };
	let Some(percent) = bits.checked_mul(100) else { return Change::Beyond };
	let layers = percent.checked_div(outer.unsigned_abs()).unwrap_or(u64::MAX);
	if layers > 1 << 48 {
		return Change::Beyond;
	}
	// An outer layer itself counts as a part short of it.
	let part = u32::try_from(layers >> 16).unwrap_or(u32::MAX);
	Change::Inside(rises, if rises { part } else { !part })
}
