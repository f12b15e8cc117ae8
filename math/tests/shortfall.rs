//! Expected shortfall from grids against full revaluation, on random books and a synthetic history.
//!
//! `cargo test --release -p ballast-math --test shortfall -- --nocapture` prints the figures.

use ballast_math::{
	black76::{Kind, Prepared},
	fixed::Rounding,
	kernels::exp,
	requirement::{Exercise, Leg},
	scenario::VolShock,
	shortfall::{
		align, filter, shortfall, Column, Exposure, Grid, Interpolant, Lattice, Move, Shock,
		Shortfall, DAYS_MAX, WARM_UP,
	},
	Q64,
};

fn q(value: f64) -> Q64 {
	Q64::from_e18((value * 1e18) as i128).unwrap()
}

fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// SplitMix64: the same books in every run.
struct Random(u64);

impl Random {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	}

	fn uniform(&mut self, from: f64, to: f64) -> f64 {
		from + (to - from) * (self.next() >> 11) as f64 / 2f64.powi(53)
	}

	fn normal(&mut self) -> f64 {
		let radius = (-2.0 * self.uniform(1e-300, 1.0).ln()).sqrt();
		radius * (std::f64::consts::TAU * self.uniform(0.0, 1.0)).cos()
	}

	/// Student's law with four degrees of freedom and variance one.
	fn fat(&mut self) -> f64 {
		let chi: f64 = (0..4).map(|_| self.normal().powi(2)).sum();
		(self.normal() / (chi / 4.0).sqrt() / 2f64.sqrt()).clamp(-6.0, 6.0)
	}
}

/// 560 days of three underlyings that move together, with volatility in clusters and fat tails; volatility of
/// options is known for the first alone.
fn histories(random: &mut Random) -> [Vec<Move>; 3] {
	let daily = [0.025, 0.035, 0.05];
	let mut variance = daily.map(|sigma: f64| sigma * sigma);
	let mut histories = [const { Vec::new() }; 3];
	for day in 0..(DAYS_MAX + WARM_UP) as u32 {
		let common = random.fat();
		for (index, history) in histories.iter_mut().enumerate() {
			let shock = 0.8 * common + 0.6 * random.fat();
			let move_ = shock * variance[index].sqrt();
			let target = daily[index] * daily[index];
			variance[index] = 0.05 * target + 0.88 * variance[index] + 0.07 * move_ * move_;
			let volatility = 0.034 * (0.8 * random.normal() + 0.4 * random.fat() - 0.3 * shock);
			history.push(Move {
				day,
				spot: q(move_),
				volatility: (index == 0).then(|| q(volatility)),
			});
		}
	}
	histories
}

/// The shocks of three underlyings over their joint days.
fn shocks(histories: &[Vec<Move>; 3]) -> Vec<Vec<Shock>> {
	let mut lists: Vec<Vec<Shock>> = histories
		.iter()
		.map(|history| {
			let mut list = vec![Shock::default(); DAYS_MAX];
			let count = filter(history, &histories[0], &mut list).unwrap();
			list.truncate(count);
			list
		})
		.collect();
	let mut slices: Vec<&mut [Shock]> = lists.iter_mut().map(Vec::as_mut_slice).collect();
	let joint = align(&mut slices);
	lists.iter_mut().for_each(|list| list.truncate(joint));
	lists
}

/// How far volatility moves at each tenor.
fn shock() -> VolShock {
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

const SPOTS: [f64; 3] = [60_000.0, 3_000.0, 6.0];

/// A pool's book on one underlying: it has sold more than it has bought, at strikes around spot.
fn book(random: &mut Random, underlying: usize) -> Vec<(Leg, Q64)> {
	let spot = SPOTS[underlying];
	let legs = 4 + random.next() % 13;
	(0..legs)
		.map(|_| {
			let days = [2.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0][(random.next() % 7) as usize];
			let wing = 0.6 * (days / 365.0f64).sqrt() * random.normal();
			let strike = spot * wing.clamp(-0.9, 0.9).exp();
			let volatility = random.uniform(0.45, 0.9);
			let kind = if strike > spot { Kind::Call } else { Kind::Put };
			let lot = 1e6 / spot;
			let quantity = lot * random.uniform(-1.0, 0.3);
			let years = Q64::from_ratio(days as i128, 365, Rounding::Nearest).unwrap();
			let contract = Leg {
				exercise: Exercise::European,
				expiry: 0,
				quantity: Q64::ONE,
				kind,
				strike: q(strike),
				years,
				forward: q(spot),
				fixed: Q64::ZERO,
				discount: Q64::ONE,
				volatility: q(volatility),
			};
			(contract, q(quantity))
		})
		.collect()
}

/// A book made ready to be priced anew: every option with its contract, quantity and value now.
fn ready(legs: &[(Leg, Q64)]) -> Vec<(Prepared, Leg, f64, f64)> {
	legs.iter()
		.map(|(contract, quantity)| {
			let prepared =
				Prepared::new(contract.strike, contract.years, contract.discount).unwrap();
			let now = prepared.price(contract.forward, contract.volatility, contract.kind);
			(prepared, *contract, f(*quantity), f(now.unwrap()))
		})
		.collect()
}

/// Change of a book's value in a shock, every option priced anew.
fn revalued(book: &[(Prepared, Leg, f64, f64)], shock: &Shock, moves: &VolShock) -> f64 {
	let factor = exp(shock.spot).unwrap();
	book.iter()
		.map(|(prepared, contract, quantity, now)| {
			let moved = f(shock.volatility) * f(moves.multiple(contract.years).unwrap());
			let volatility = q(f(contract.volatility) * (1.0 + moved).max(0.05));
			let forward = contract.forward.checked_mul(factor, Rounding::Nearest).unwrap();
			(f(prepared.price(forward, volatility, contract.kind).unwrap()) - now) * quantity
		})
		.sum()
}

fn grid_of(legs: &[(Leg, Q64)], lattice: &Lattice) -> Grid {
	let mut grid = Grid::ZERO;
	for (contract, quantity) in legs {
		grid.add(&Column::new(contract, lattice).unwrap(), *quantity).unwrap();
	}
	grid
}

/// Expected shortfall, value at risk at 97.5% and at 99%.
fn measures(shortfall: &Shortfall) -> [f64; 3] {
	[&shortfall.expected_shortfall, &shortfall.value_at_risk_975, &shortfall.value_at_risk_99]
		.map(|measure| f(*measure))
}

/// The same measures of a book in several ways.
struct Compared {
	/// From grids.
	grids: [f64; 3],
	/// From grids read linearly between the layers of volatility.
	linear: [f64; 3],
	/// Every option priced anew.
	revalued: [f64; 3],
	/// What errors are a share of: expected shortfall, or of a hedged book, which loses less than half a per
	/// cent of its gross notional, that.
	scale: f64,
}

impl Compared {
	fn errors(&self, of: &[f64; 3]) -> [f64; 3] {
		std::array::from_fn(|i| (of[i] - self.revalued[i]).abs() / self.scale)
	}
}

/// What a grid would say if it were read linearly between its layers.
fn linear(book: &Interpolant, shock: &Shock) -> f64 {
	let change = f(shock.volatility);
	let at = |volatility: f64| f(book.value(&Shock { volatility: q(volatility), ..*shock }).0);
	let layer = if change < 0.0 { -0.25 } else { 0.3 };
	if (change / layer) >= 1.0 {
		return f(book.value(shock).0);
	}
	at(0.0) + (at(layer * 0.999_999_999) - at(0.0)) * change / layer
}

fn compare(random: &mut Random, moves_volatility: bool) -> Compared {
	let moves = shock();
	let lattice = Lattice::new(&moves).unwrap();
	let mut shocks = shocks(&histories(random));
	if !moves_volatility {
		shocks.iter_mut().flatten().for_each(|shock| shock.volatility = Q64::ZERO);
	}
	let books: Vec<_> = (0..3).map(|underlying| book(random, underlying)).collect();
	let read: Vec<_> =
		books.iter().map(|legs| Interpolant::new(&grid_of(legs, &lattice)).unwrap()).collect();
	let exposures: Vec<_> =
		read.iter().zip(&shocks).map(|(book, shocks)| Exposure { book, shocks }).collect();
	let grids = shortfall(&exposures).unwrap();
	let ready: Vec<_> = books.iter().map(|legs| ready(legs)).collect();
	let days = 0..grids.days as usize;
	let revalued = days.clone().map(|day| {
		let books = ready.iter().zip(&shocks);
		q(-books.map(|(book, shocks)| revalued(book, &shocks[day], &moves)).sum::<f64>())
	});
	let linear = days.map(|day| {
		let books = read.iter().zip(&shocks);
		q(-books.map(|(book, shocks)| linear(book, &shocks[day])).sum::<f64>())
	});
	let gross = books.iter().zip(SPOTS).map(|(legs, spot)| {
		legs.iter().map(|(_, quantity)| f(*quantity).abs() * spot).sum::<f64>()
	});
	let revalued = measures(&Shortfall::of_losses(revalued).unwrap());
	Compared {
		grids: measures(&grids),
		linear: measures(&Shortfall::of_losses(linear).unwrap()),
		revalued,
		scale: revalued[0].max(0.005 * gross.sum::<f64>()),
	}
}

/// Mean, 95th percentile and greatest error of each measure; printed.
fn summary(name: &str, errors: Vec<[f64; 3]>) -> [[f64; 3]; 3] {
	std::array::from_fn(|i| {
		let mut all: Vec<f64> = errors.iter().map(|error| error[i]).collect();
		all.sort_by(f64::total_cmp);
		let mean = all.iter().sum::<f64>() / all.len() as f64;
		let figures = [mean, all[all.len() * 95 / 100], all[all.len() - 1]];
		let [mean, most, greatest] = figures.map(|figure| 100.0 * figure);
		let measure = ["ES 97.5", "VaR 97.5", "VaR 99"][i];
		println!("{name:<22} {measure:<9} mean {mean:.3}%  95% {most:.3}%  most {greatest:.3}%");
		figures
	})
}

fn assert_below(figures: [[f64; 3]; 3], bounds: [[f64; 3]; 3]) {
	for (figure, bound) in figures.iter().flatten().zip(bounds.iter().flatten()) {
		assert!(figure < bound, "{figure} is not below {bound}");
	}
}

#[test]
fn grids_give_the_expected_shortfall_of_full_revaluation() {
	let mut random = Random(7);
	let all: Vec<_> = (0..100).map(|_| compare(&mut random, true)).collect();
	let cubic = summary("grids", all.iter().map(|one| one.errors(&one.grids)).collect());
	assert_below(cubic, [[2e-3, 5e-3, 2e-2], [3e-3, 1e-2, 3e-2], [3e-3, 1e-2, 3e-2]]);
	let linear =
		summary("linear in volatility", all.iter().map(|one| one.errors(&one.linear)).collect());
	assert!(3.0 * cubic[0][0] < linear[0][0], "cubic in volatility is worth its while");
}

#[test]
fn grids_are_finer_still_where_volatility_does_not_move() {
	let mut random = Random(8);
	let all: Vec<_> = (0..100).map(|_| compare(&mut random, false)).collect();
	let figures =
		summary("volatility unmoved", all.iter().map(|one| one.errors(&one.grids)).collect());
	assert_below(figures, [[2e-4, 1e-3, 5e-3], [3e-4, 1e-3, 5e-3], [3e-4, 1e-3, 5e-3]]);
}

/// The figure that the limits of the grid cost: a history in which the market moves beyond every node counts
/// with the worst node, never with less than the grid lost on its way there.
#[test]
fn a_market_beyond_the_grid_counts_with_the_worst_node() {
	let lattice = Lattice::new(&shock()).unwrap();
	let legs = book(&mut Random(3), 0);
	let grid = grid_of(&legs, &lattice);
	let read = Interpolant::new(&grid).unwrap();
	let worst = grid.values()[1].iter().min().unwrap();
	let shocks = vec![Shock { day: 0, spot: q(-1.5), volatility: Q64::ZERO }; 100];
	let measured = shortfall(&[Exposure { book: &read, shocks: &shocks }]).unwrap();
	let gap = f(measured.expected_shortfall) + f(*worst);
	assert!(gap.abs() <= f(*worst).abs() * 1e-12, "{gap}");
	assert_eq!(measured.value_at_risk_99, measured.expected_shortfall);
}
