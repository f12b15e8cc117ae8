//! [`Interpolant`]: a grid read between its nodes.
//!
//! Monotone cubic in the log return of spot within each layer of volatility, and monotone cubic between the
//! three layers (`steffen`): continuous, exact for parabolas where the limiter does not act, and between
//! neighbouring nodes within their values, so that no profit or loss is invented.
//!
//! Once the limiters have chosen, the value at a point is a fixed linear function of the nodes. The
//! choices are kept ([`Interpolant::following`] and [`Point`] read another grid by them), which makes
//! contributions add up.

use super::{
	column::Column,
	filter::Shock,
	grid::Grid,
	nodes::{
		place, place_change, Change, Place, CELLS, LAYERS, SPOT_NODES, VOLATILITY_WIDTHS, WIDTHS,
	},
	steffen::{scaled, Cubic, Ratio, Rises, Slope},
};
use crate::{error::MathError, fixed::Q64};

/// Bits of the largest node in the unit of an interpolant.
const NODE_BITS: i32 = 50;

/// Most bits of a node as a [`Q64`]: below 2.8e14 of quote currency.
const NODE_BITS_MAX: u32 = 112;

/// The layer in which volatility does not move.
const UNMOVED: u8 = 1;

/// A place on a grid, in spot and in volatility, with the choices by which the limiters read it: every
/// grid is read there by the same linear function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
	spot: SpotPoint,
	volatility: VolatilityPoint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SpotPoint {
	/// In this cell, so many parts of 2^32 from its left node.
	Cell(u8, u32),
	/// At this node.
	Node(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum VolatilityPoint {
	/// On this layer.
	Layer(u8),
	/// Between the unmoved layer and an outer one.
	Between(Between),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Between {
	/// Towards the layer above; else below.
	rises: bool,
	/// So many parts of 2^32 from the lower of the two layers.
	part: u32,
	/// Slope at the unmoved layer.
	centre: Slope,
	/// Slope at the outer layer.
	outer: Slope,
}

/// Rises at the unmoved layer (in the width of the cell) and at the outer one.
#[inline(always)]
fn rises_between([down, unmoved, up]: [i64; LAYERS], rises: bool) -> (Rises, Rises) {
	let (below, above) = (unmoved.wrapping_sub(down), up.wrapping_sub(unmoved));
	let outer = if rises {
		Rises::last(below, above, &VOLATILITY_WIDTHS)
	} else {
		Rises::first(below, above, &VOLATILITY_WIDTHS)
	};
	(Rises::inner(below, above, &VOLATILITY_WIDTHS), outer)
}

/// The choices of slope between two layers.
#[inline]
fn choose(values: [i64; LAYERS], rises: bool, part: u32) -> Between {
	let (centre, outer) = rises_between(values, rises);
	Between { rises, part, centre: centre.choose(), outer: outer.choose() }
}

#[inline]
fn read_between(values: [i64; LAYERS], between: &Between) -> i64 {
	let (centre, outer) = rises_between(values, between.rises);
	let centre = centre.slope(between.centre);
	let outer = outer.slope(between.outer);
	let [down, unmoved, up] = values;
	let cubic = if between.rises {
		Cubic::new((unmoved, up), (centre, outer))
	} else {
		Cubic::new((down, unmoved), (outer, scaled(centre, VOLATILITY_WIDTHS.left)))
	};
	cubic.at(between.part)
}

/// A grid made ready to be read between its nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpolant {
	cells: [[Cubic; CELLS]; LAYERS],
	/// Nodes in units of 2^(exponent - 64).
	nodes: [[i64; SPOT_NODES]; LAYERS],
	exponent: i32,
	slopes: [[Slope; SPOT_NODES]; LAYERS],
}

impl Interpolant {
	/// Of a book's grid. `Overflow` if a node exceeds 2.8e14 of quote currency.
	///
	/// Reading is within 2^-28 of the rise across the cell (places are rounded down) and 2^-44 of the largest node
	/// (nodes keep 50 bits of it) of the exact interpolation; an unmoved shock gives zero exactly.
	pub fn new(grid: &Grid) -> Result<Self, MathError> {
		let slopes = [[Slope::Flat; SPOT_NODES]; LAYERS];
		let mut this = Self::unfilled(&grid.values, slopes)?;
		for (slopes, nodes) in this.slopes.iter_mut().zip(&this.nodes) {
			for (index, slope) in slopes.iter_mut().enumerate() {
				*slope = rises_at(nodes, index).map_or(Slope::Flat, |(rises, _)| rises.choose());
			}
		}
		this.fill();
		Ok(this)
	}

	/// Of one contract of a series in the book that `self` reads, by the same functions of the nodes:
	/// at a [`Point`] a book is, but for rounding, the sum of its quantities times these.
	pub fn following(&self, column: &Column) -> Result<Self, MathError> {
		let mut this = Self::unfilled(&column.values, self.slopes)?;
		this.fill();
		Ok(this)
	}

	fn unfilled(
		values: &[[Q64; SPOT_NODES]; LAYERS],
		slopes: [[Slope; SPOT_NODES]; LAYERS],
	) -> Result<Self, MathError> {
		let bits = |value: &Q64| value.to_bits().unsigned_abs();
		let largest = values.iter().flatten().map(bits).max().unwrap_or_default();
		let length = u128::BITS.saturating_sub(largest.leading_zeros());
		if length > NODE_BITS_MAX {
			return Err(MathError::Overflow);
		}
		let exponent = i32::try_from(length).map_err(|_| MathError::Overflow)?;
		let exponent = exponent.saturating_sub(NODE_BITS);
		let nodes = values.map(|layer| layer.map(|value| reduced(value, exponent)));
		let cells = [[Cubic::ZERO; CELLS]; LAYERS];
		Ok(Self { cells, nodes, exponent, slopes })
	}

	/// The cubics of every cell, from nodes and choices of slope.
	fn fill(&mut self) {
		let layers = self.cells.iter_mut().zip(&self.nodes).zip(&self.slopes);
		for ((cells, nodes), slopes) in layers {
			let mut slopes = slopes.iter().enumerate().map(|(index, chosen)| {
				rises_at(nodes, index).map_or((0, 0), |(rises, to_left)| {
					let right = rises.slope(*chosen);
					(scaled(right, to_left), right)
				})
			});
			// The slope at the left node of a cell, in the width of the cell.
			let mut left = slopes.next().map_or(0, |(_, right)| right);
			let ends = nodes.iter().zip(nodes.iter().skip(1));
			for ((cell, ends), (here, next)) in cells.iter_mut().zip(ends).zip(slopes) {
				*cell = Cubic::new((*ends.0, *ends.1), (left, here));
				left = next;
			}
		}
	}

	/// Change of value in a shock, and where it was read. A shock beyond the last node of spot, or
	/// beyond an outer layer of volatility, counts with the worst node, or layer, there is (the one it is
	/// clamped to included).
	pub fn value(&self, shock: &Shock) -> (Q64, Point) {
		let change = place_change(shock.volatility);
		match (place(shock.spot), change) {
			(Place::Beyond, _) | (_, Change::Beyond) => self.worst(place(shock.spot), change),
			(Place::Cell(cell, part), _) => self.read(SpotPoint::Cell(cell, part), change),
		}
	}

	/// What the grid says at a point.
	pub fn at(&self, point: &Point) -> Q64 {
		self.restored(match &point.volatility {
			VolatilityPoint::Layer(layer) => self.layer(*layer, point.spot),
			VolatilityPoint::Between(between) => read_between(self.layers(point.spot), between),
		})
	}

	/// At a spot and a volatility that is not beyond.
	#[inline]
	fn read(&self, spot: SpotPoint, change: Change) -> (Q64, Point) {
		let Change::Inside(rises, part) = change else {
			let volatility = VolatilityPoint::Layer(UNMOVED);
			return (self.restored(self.layer(UNMOVED, spot)), Point { spot, volatility });
		};
		let values = self.layers(spot);
		let between = choose(values, rises, part);
		let value = self.restored(read_between(values, &between));
		(value, Point { spot, volatility: VolatilityPoint::Between(between) })
	}

	/// In quote currency, rounded down.
	#[inline(always)]
	fn restored(&self, value: i64) -> Q64 {
		let value = i128::from(value);
		let left = self.exponent.unsigned_abs();
		Q64::from_bits(if self.exponent < 0 {
			value.checked_shr(left).unwrap_or(0)
		} else {
			// At most 2^63 times 2^62.
			value.wrapping_shl(left)
		})
	}

	#[inline]
	fn layers(&self, spot: SpotPoint) -> [i64; LAYERS] {
		[self.layer(0, spot), self.layer(1, spot), self.layer(2, spot)]
	}

	#[inline(always)]
	fn layer(&self, layer: u8, spot: SpotPoint) -> i64 {
		let layer = usize::from(layer);
		match spot {
			SpotPoint::Cell(cell, part) => self
				.cells
				.get(layer)
				.and_then(|cells| cells.get(usize::from(cell)))
				.map_or(0, |cubic| cubic.at(part)),
			SpotPoint::Node(node) => self
				.nodes
				.get(layer)
				.and_then(|nodes| nodes.get(usize::from(node)))
				.copied()
				.unwrap_or(0),
		}
	}

	/// The worst of the places where a shock beyond the grid may be: every node if its spot is, every
	/// layer if its volatility is. The first of equals.
	#[cold]
	fn worst(&self, spot: Place, change: Change) -> (Q64, Point) {
		let mut worst: Option<(Q64, Point)> = None;
		let mut look = |spot: SpotPoint| {
			let layer = |layer| Point { spot, volatility: VolatilityPoint::Layer(layer) };
			let mut keep = |found: (Q64, Point)| {
				if worst.is_none_or(|(least, _)| found.0 < least) {
					worst = Some(found);
				}
			};
			if matches!(change, Change::Beyond) {
				(0..LAYERS as u8).map(layer).for_each(|point| keep((self.at(&point), point)));
			} else {
				keep(self.read(spot, change));
			}
		};
		match spot {
			Place::Cell(cell, part) => look(SpotPoint::Cell(cell, part)),
			Place::Beyond => (0..SPOT_NODES as u8).map(SpotPoint::Node).for_each(look),
		}
		worst.unwrap_or_else(|| self.read(SpotPoint::Node(0), Change::None))
	}
}

/// A node in units of 2^(exponent - 64), rounded down: at most 2^50.
fn reduced(value: Q64, exponent: i32) -> i64 {
	let shift = exponent.unsigned_abs();
	let bits = value.to_bits();
	let reduced = if exponent < 0 { bits.wrapping_shl(shift) } else { bits.wrapping_shr(shift) };
	reduced as i64
}

/// The rises at a node in the width of the cell on its right (of the last node: on its left), and what
/// turns that width into that of the cell on its left.
fn rises_at(nodes: &[i64; SPOT_NODES], index: usize) -> Option<(Rises, Ratio)> {
	let rise = |cell: usize| {
		let ends = nodes.get(cell).zip(nodes.get(cell.checked_add(1)?))?;
		Some(ends.1.wrapping_sub(*ends.0))
	};
	match index.checked_sub(1) {
		None => {
			let widths = WIDTHS.first()?;
			Some((Rises::first(rise(0)?, rise(1)?, widths), Ratio::new(1, 1)))
		}
		Some(before) if index < CELLS => {
			let widths = WIDTHS.get(before)?;
			Some((Rises::inner(rise(before)?, rise(index)?, widths), widths.left))
		}
		Some(before) => {
			let widths = WIDTHS.last()?;
			Some((
				Rises::last(rise(before.checked_sub(1)?)?, rise(before)?, widths),
				Ratio::new(1, 1),
			))
		}
	}
}
