use super::*;
use crate::{
	black76::{Kind, Prepared},
	kernels::exp,
	scenario::VolMove,
};

fn nodes() -> impl Iterator<Item = Q64> {
	NODE_BASIS_POINTS
		.iter()
		.map(|node| Q64::from_ratio((*node).into(), 10_000, Rounding::Nearest).unwrap())
}

#[test]
fn nodes_are_in_order_and_the_same_on_both_sides() {
	assert!(NODE_BASIS_POINTS.windows(2).all(|pair| pair[0] < pair[1]));
	assert_eq!(NODE_BASIS_POINTS[SPOT_NODES / 2], 0);
	let mirrored: Vec<i64> = NODE_BASIS_POINTS.iter().rev().map(|node| -node).collect();
	assert_eq!(mirrored, NODE_BASIS_POINTS);
	let widths: Vec<i64> = NODE_BASIS_POINTS.windows(2).map(|pair| pair[1] - pair[0]).collect();
	// What bounds the arithmetic of the interpolation.
	assert!(widths.windows(2).all(|pair| pair[0] < 2 * pair[1] && pair[1] < 2 * pair[0]));
	assert!((-0.92f64).exp() < 0.4, "the last node is beyond the widest scan range");
}

#[test]
fn a_unit_gains_what_spot_gains() {
	let column = Column::of_unit(&lattice(), q(100.0)).unwrap();
	for layer in column.values() {
		for (value, node) in layer.iter().zip(nodes()) {
			assert!((f(*value) - 100.0 * f(node).exp_m1()).abs() < 1e-13);
		}
	}
	let mut grid = Grid::ZERO;
	grid.add_units(&lattice(), q(100.0), q(2.0)).unwrap();
	assert!((size(&grid) - 200.0 * 0.92f64.exp_m1()).abs() < 1e-12);
}

#[test]
fn a_column_has_a_value_in_every_market() {
	for (strike, forward) in [(1e-9, 1e9), (1e9, 1e-6), (1.0, 1e12), (1e12, 1.0), (100.0, 100.0)] {
		for (years, volatility) in [(0.0, 0.5), (1e-9, 0.0), (9.0, 50.0), (1.0, 0.001)] {
			for kind in [Kind::Call, Kind::Put] {
				let contract = Leg {
					exercise: Exercise::European,
					expiry: 0,
					quantity: Q64::ONE,
					kind,
					strike: q(strike),
					years: q(years),
					forward: q(forward),
					fixed: Q64::ZERO,
					discount: Q64::ONE,
					volatility: q(volatility),
				};
				let column = Column::new(&contract, &lattice()).unwrap();
				assert!(column.values()[1][SPOT_NODES / 2].is_zero());
			}
		}
	}
}

#[test]
fn what_is_fixed_of_an_average_does_not_move() {
	let call = Leg {
		kind: Kind::Call,
		exercise: Exercise::European,
		expiry: 0,
		strike: q(90.0),
		years: q(1.0 / 20_000.0),
		forward: q(100.0),
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: q(0.5),
		quantity: Q64::ONE,
	};
	let column = |fixed| Column::new(&Leg { fixed: q(fixed), ..call }, &lattice());
	let unmoved = column(100.0).unwrap();
	assert!(unmoved.values().iter().flatten().all(|value| value.is_zero()));
	// Half of it moves: a rise of 8% counts as one of 4%.
	let node = NODE_BASIS_POINTS.iter().position(|node| *node == 800).unwrap();
	let gained = f(column(50.0).unwrap().values()[1][node]);
	assert!((gained - 50.0 * 0.08f64.exp_m1()).abs() < 1e-9, "{gained}");
	for fixed in [-0.1, 100.1] {
		assert_eq!(column(fixed), Err(MathError::OutOfDomain));
	}
}

#[test]
fn a_strike_or_forward_of_zero_is_refused() {
	let contract = Leg {
		exercise: Exercise::European,
		expiry: 0,
		quantity: Q64::ONE,
		kind: Kind::Call,
		strike: Q64::ZERO,
		years: Q64::ONE,
		forward: Q64::ONE,
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: Q64::ONE,
	};
	assert_eq!(Column::new(&contract, &lattice()), Err(MathError::OutOfDomain));
	let contract = Leg { strike: Q64::ONE, forward: Q64::ZERO, ..contract };
	assert_eq!(Column::new(&contract, &lattice()), Err(MathError::OutOfDomain));
}

#[test]
fn a_grid_that_would_overflow_stays_as_it_is() {
	let column = Column::of_unit(&lattice(), q(1e9)).unwrap();
	let mut grid = grid_of(&[(column, Q64::ONE)]);
	let before = grid;
	assert_eq!(grid.add(&column, Q64::from_int(i64::MAX)), Err(MathError::Overflow));
	assert_eq!(grid, before);
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn a_column_is_black_76_at_the_nodes(contract in contract()) {
		let column = Column::new(&contract, &lattice()).unwrap();
		let prepared =
			Prepared::new(contract.strike, contract.years, contract.discount).unwrap();
		let price = |forward, volatility| prepared.price(forward, volatility, contract.kind);
		let now = price(contract.forward, contract.volatility).unwrap();
		let shock = VolShock { up: q(0.3), down: q(0.25), least_up: Q64::ZERO, ..term_structure() };
		for (layer, direction) in column.values().iter().zip([VolMove::Down, VolMove::None, VolMove::Up]) {
			let volatility = shock.shocked(contract.volatility, contract.years, direction).unwrap();
			for (value, node) in layer.iter().zip(nodes()) {
				let forward = exp(node).unwrap().checked_mul(contract.forward, Rounding::Nearest).unwrap();
				let moved = price(forward, volatility.max(q(0.01))).unwrap().checked_sub(now).unwrap();
				prop_assert!((f(moved) - f(*value)).abs() < 1e-15 * 250.0);
			}
		}
	}

	/// After any order of trades a grid is the sum of what is left, to half a unit per trade.
	#[test]
	fn a_grid_of_many_trades_is_the_grid_of_what_is_left(
		contracts in prop::collection::vec(contract(), 1..5),
		trades in prop::collection::vec((0usize..5, quantity()), 1..40),
	) {
		let columns: Vec<Column> =
			contracts.iter().map(|contract| Column::new(contract, &lattice()).unwrap()).collect();
		let mut held = vec![Q64::ZERO; columns.len()];
		let mut grid = Grid::ZERO;
		for (series, quantity) in &trades {
			let series = series % columns.len();
			held[series] = held[series].checked_add(*quantity).unwrap();
			grid.add(&columns[series], *quantity).unwrap();
		}
		let scratch = grid_of(&columns.iter().cloned().zip(held.iter().copied()).collect::<Vec<_>>());
		let bound = (trades.len() + columns.len()) as i128;
		for (a, b) in grid.values().iter().flatten().zip(scratch.values().iter().flatten()) {
			prop_assert!(2 * (a.to_bits() - b.to_bits()).abs() <= bound);
		}
		// Taken off again, the trades leave nothing behind.
		for (series, quantity) in &trades {
			grid.add(&columns[series % columns.len()], quantity.checked_neg().unwrap()).unwrap();
		}
		prop_assert_eq!(grid, Grid::ZERO);
	}
}
