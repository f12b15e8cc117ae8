//! One file per part.

mod apportioning;
mod filtering;
mod grids;
mod reading;
mod tails;

pub use super::*;
pub use crate::{
	fixed::{Rounding, Q64},
	requirement::{Exercise, Leg},
	scenario::VolShock,
	MathError,
};
pub use proptest::prelude::*;

pub fn q(value: f64) -> Q64 {
	Q64::from_e18((value * 1e18) as i128).unwrap()
}

pub fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// How volatility moves at each tenor.
pub fn term_structure() -> VolShock {
	VolShock {
		up: q(0.5),
		down: q(0.3),
		short_power: q(0.3),
		long_power: q(0.13),
		floor_years: q(1.0 / 365.0),
		cap: q(3.0),
		least_up: q(0.4),
	}
}

pub fn lattice() -> Lattice {
	Lattice::new(&term_structure()).unwrap()
}

pub fn shock(spot: f64, volatility: f64) -> Shock {
	Shock { day: 0, spot: q(spot), volatility: q(volatility) }
}

/// A series on an underlying at 100.
pub fn contract() -> impl Strategy<Value = Leg> {
	(any::<bool>(), 40.0..250.0, 0u32..400, 0.1..2.0, 0.9..1.01f64).prop_map(
		|(call, strike, days, volatility, discount)| Leg {
			exercise: Exercise::European,
			expiry: 0,
			quantity: Q64::ONE,
			kind: if call { crate::black76::Kind::Call } else { crate::black76::Kind::Put },
			strike: q(strike),
			years: Q64::from_ratio(i128::from(days), 365, Rounding::Nearest).unwrap(),
			forward: q(100.0),
			fixed: Q64::ZERO,
			discount: q(discount),
			volatility: q(volatility),
		},
	)
}

pub fn quantity() -> impl Strategy<Value = Q64> {
	(-1_000.0..1_000.0).prop_map(q)
}

pub fn any_shock() -> impl Strategy<Value = Shock> {
	(-1.2..1.2, -0.4..0.5).prop_map(|(spot, volatility)| shock(spot, volatility))
}

/// A book and its columns.
pub fn book() -> impl Strategy<Value = Vec<(Column, Q64)>> {
	let series = (contract(), quantity());
	prop::collection::vec(series, 1..8).prop_map(|legs| {
		let column = |contract: &Leg| Column::new(contract, &lattice()).unwrap();
		legs.iter().map(|(contract, quantity)| (column(contract), *quantity)).collect()
	})
}

pub fn grid_of(columns: &[(Column, Q64)]) -> Grid {
	let mut grid = Grid::ZERO;
	for (column, quantity) in columns {
		grid.add(column, *quantity).unwrap();
	}
	grid
}

/// The largest node.
pub fn size(grid: &Grid) -> f64 {
	grid.values().iter().flatten().map(|value| f(*value).abs()).fold(0.0, f64::max)
}
