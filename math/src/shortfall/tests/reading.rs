use super::*;

/// A grid of any shape.
fn any_grid() -> impl Strategy<Value = Grid> {
	let node = prop_oneof![-1e6..1e6, Just(0.0), (-2.0..2.0f64).prop_map(|tiny| tiny * 1e-9),];
	prop::collection::vec(node, LAYERS * SPOT_NODES).prop_map(|nodes| {
		let mut values = [[Q64::ZERO; SPOT_NODES]; LAYERS];
		for (value, node) in values.iter_mut().flatten().zip(nodes) {
			*value = q(node);
		}
		Grid::from_values(values)
	})
}

/// A grid whose unmoved layer is this function of the log return, and others twice and three times it.
fn grid_of_function(function: impl Fn(f64) -> f64) -> Grid {
	let mut values = [[Q64::ZERO; SPOT_NODES]; LAYERS];
	for (layer, times) in values.iter_mut().zip([2.0, 1.0, 3.0]) {
		for (value, node) in layer.iter_mut().zip(NODE_BASIS_POINTS) {
			*value = q(times * function(node as f64 / 1e4));
		}
	}
	Grid::from_values(values)
}

fn read(grid: &Grid, spot: f64, volatility: f64) -> f64 {
	f(Interpolant::new(grid).unwrap().value(&shock(spot, volatility)).0)
}

#[test]
fn nothing_moves_and_nothing_is_lost() {
	let column = Column::of_unit(&lattice(), q(60_000.0)).unwrap();
	let book = Interpolant::new(&grid_of(&[(column, q(-3.0))])).unwrap();
	assert_eq!(book.value(&Shock::default()).0, Q64::ZERO);
}

#[test]
fn parabolas_are_read_exactly() {
	// Rising throughout, so that the limiter has nothing to do.
	let grid = grid_of_function(|x| (x + 4.0) * (x + 4.0));
	for spot in [-0.919, -0.8, -0.5, -0.1234, -0.004, 0.0001, 0.0333, 0.2, 0.7, 0.9199] {
		let got = read(&grid, spot, 0.0);
		assert!((got - (spot + 4.0) * (spot + 4.0)).abs() < 1e-7, "{spot}: {got}");
	}
	// Lines in volatility, from the unmoved layer up to three times it.
	let mut lines = grid_of_function(|_| 1.0);
	lines.values[0] = [q(1.0 - 2.0 * 0.25 / 0.3); SPOT_NODES];
	for change in [-0.25, -0.1, 0.0, 0.07, 0.3] {
		let got = read(&lines, 0.1, change);
		assert!((got - (1.0 + 2.0 * change / 0.3)).abs() < 1e-7, "{change}: {got}");
	}
}

#[test]
fn the_last_nodes_belong_to_the_grid() {
	let grid = grid_of_function(|x| 100.0 * x);
	assert!((read(&grid, -0.92, 0.0) + 92.0).abs() < 1e-6);
	assert!((read(&grid, 0.92, 0.0) - 92.0).abs() < 1e-6);
	assert!((read(&grid, 0.1, 0.3) - 30.0).abs() < 1e-6);
	assert!((read(&grid, 0.1, -0.25) - 20.0).abs() < 1e-6);
}

#[test]
fn beyond_the_grid_the_worst_node_counts() {
	// Loses most in the middle of a fall.
	let grid = grid_of_function(|x| if x == -0.31 { -50.0 } else { 10.0 * x });
	for spot in [-0.93, -3.0, 0.93, 40.0] {
		assert!((read(&grid, spot, 0.0) + 50.0).abs() < 1e-9);
	}
	// Beyond a layer, the worst layer at that spot: here the upper one.
	for change in [-0.26, -0.9, 0.31, 7.0] {
		assert!((read(&grid, -0.1, change) + 3.0).abs() < 1e-9, "{}", read(&grid, -0.1, change));
		assert!((read(&grid, 0.1, change) - 1.0).abs() < 1e-9, "the unmoved one if spot rises");
		assert!((read(&grid, 2.0, change) + 150.0).abs() < 1e-9);
	}
}

#[test]
fn a_grid_that_is_too_large_is_refused() {
	let mut grid = Grid::ZERO;
	grid.values[2][5] = Q64::from_bits(1 << 112);
	assert_eq!(Interpolant::new(&grid), Err(MathError::Overflow));
	grid.values[2][5] = Q64::from_bits(-(1 << 112) + 1);
	let largest = Interpolant::new(&grid).unwrap();
	let node = f64::from(NODE_BASIS_POINTS[5] as i32) / 1e4;
	let got = f(largest.value(&shock(node, 0.299_999_999_9)).0);
	assert!((got / -(2f64.powi(48)) - 1.0).abs() < 1e-6, "{got}");
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

	/// No profit or loss is invented: between neighbouring nodes the value is between theirs.
	#[test]
	fn a_value_lies_between_its_neighbours(grid in any_grid(), spot in -0.92..0.92, change in -0.25..0.3) {
		let cell = NODE_BASIS_POINTS.iter().rposition(|node| (*node as f64) / 1e4 <= spot).unwrap().min(31);
		let layers = if change < 0.0 { 0..2 } else { 1..3 };
		let corners: Vec<f64> = grid.values()[layers].iter()
			.flat_map(|layer| [f(layer[cell]), f(layer[cell + 1])])
			.collect();
		let least = corners.iter().copied().fold(f64::INFINITY, f64::min);
		let most = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
		let slack = size(&grid) * 2f64.powi(-44);
		let got = read(&grid, spot, change);
		prop_assert!((least - slack..=most + slack).contains(&got), "{got} in {least}..{most}");
	}

	#[test]
	fn nodes_are_read_as_they_are(grid in any_grid(), layer in 0usize..3, node in 0usize..SPOT_NODES) {
		let change = [-0.25, 0.0, 0.3][layer];
		let got = read(&grid, NODE_BASIS_POINTS[node] as f64 / 1e4, change);
		let slack = size(&grid) * 2f64.powi(-24);
		prop_assert!((got - f(grid.values()[layer][node])).abs() <= slack);
	}

	/// Where the book was read, it is the sum of its series read in the same way.
	#[test]
	fn a_book_is_the_sum_of_its_series(columns in book(), shock in any_shock()) {
		let book = Interpolant::new(&grid_of(&columns)).unwrap();
		let (value, point) = book.value(&shock);
		prop_assert_eq!(book.at(&point), value);
		let mut sum = 0.0;
		let mut scale = 0.0;
		for (column, quantity) in &columns {
			let read = book.following(column).unwrap();
			sum += f(read.at(&point)) * f(*quantity);
			scale += size(&Grid { values: *column.values() }) * f(*quantity).abs();
		}
		prop_assert!((sum - f(value)).abs() <= scale * 2f64.powi(-40), "{sum} {}", f(value));
	}
}
