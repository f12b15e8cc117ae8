//! The pool's risk: grids, expected shortfall.

use crate::{
	digest, entry,
	inputs::{millionths, Random},
	margin::{legs, shock, LEGS},
	Entry, Workload,
};
use ballast_math::{
	requirement::Leg,
	shortfall::{shortfall, Column, Exposure, Grid, Interpolant, Lattice, Shock, DAYS_MAX},
	Q64,
};

pub const WORKLOADS: &[Entry] = &[
	entry::<Pool>("expected shortfall, 3 underlyings x 500 days, from grids", Some(300_000)),
	entry::<Trade>("pool grid update for one trade", Some(10_000)),
	entry::<Fresh>("  beside it: the column of a series, 33 x 3", None),
];

/// Underlyings.
const UNDERLYINGS: usize = 3;

/// The pool's grids and the joint days.
struct Pool;

struct Book {
	grids: [Grid; UNDERLYINGS],
	columns: [Column; 4],
	shocks: [[Shock; DAYS_MAX]; UNDERLYINGS],
}

/// Four of the account's series, in the order of its legs.
fn columns() -> Option<[Column; 4]> {
	let lattice = Lattice::new(&shock()?).ok()?;
	let mut columns = [Column::of_unit(&lattice, Q64::ONE).ok()?; 4];
	for (column, leg) in columns.iter_mut().zip(legs()?.iter().step_by(7)) {
		*column = Column::new(leg, &lattice).ok()?;
	}
	Some(columns)
}

/// Days with tails: the sum of four uniform numbers, every fiftieth day four times as large, so that some
/// lie beyond the grid.
fn days(random: &mut Random) -> Option<[Shock; DAYS_MAX]> {
	let mut shocks = [Shock::default(); DAYS_MAX];
	for (day, shock) in (0u32..).zip(shocks.iter_mut()) {
		let times = if day.is_multiple_of(50) { 4 } else { 1 };
		let mut sum = |width: i64| -> Option<Q64> {
			millionths((0..4).map(|_| random.millionths(-width, width)).sum::<i64>() * times)
		};
		*shock = Shock { day, spot: sum(35_000)?, volatility: sum(45_000)? };
	}
	Some(shocks)
}

impl Workload for Pool {
	type Inputs = Book;

	fn prepare() -> Option<Book> {
		let mut random = Random::new(500);
		let columns = columns()?;
		let mut grids = [Grid::ZERO; UNDERLYINGS];
		for grid in &mut grids {
			for column in &columns {
				grid.add(column, random.between(-20_000_000, 20_000_000)?).ok()?;
			}
		}
		let mut shocks = [[Shock::default(); DAYS_MAX]; UNDERLYINGS];
		for days_of in &mut shocks {
			*days_of = days(&mut random)?;
		}
		Some(Book { grids, columns, shocks })
	}

	/// After a trade in one of the underlyings, so that no two rounds are alike.
	fn run(book: &mut Book, round: usize) -> Option<u64> {
		let column = &book.columns[round % 4];
		let quantity = millionths(round as i64 % 41 * 100_000 - 2_000_000)?;
		book.grids[round % UNDERLYINGS].add(column, quantity).ok()?;
		let [first, second, third] = &book.grids;
		let books = [
			Interpolant::new(first).ok()?,
			Interpolant::new(second).ok()?,
			Interpolant::new(third).ok()?,
		];
		let exposure = |place: usize| Exposure { book: &books[place], shocks: &book.shocks[place] };
		let risk = shortfall(&[exposure(0), exposure(1), exposure(2)]).ok()?;
		Some(digest::of_all([
			risk.expected_shortfall,
			risk.value_at_risk_975,
			risk.value_at_risk_99,
		]))
	}
}

/// A trade of a series whose column is known: what trades between two ticks cost.
struct Trade;

struct Trading {
	grid: Grid,
	columns: [Column; 4],
}

impl Workload for Trade {
	type Inputs = Trading;

	fn prepare() -> Option<Trading> {
		Some(Trading { grid: Grid::ZERO, columns: columns()? })
	}

	fn run(trading: &mut Trading, round: usize) -> Option<u64> {
		let quantity = millionths(round as i64 % 41 * 100_000 - 2_000_000)?;
		trading.grid.add(&trading.columns[round % 4], quantity).ok()?;
		let values = trading.grid.values();
		Some(digest::of_all([values[0][0], values[1][round % 33], values[2][32]]))
	}
}

/// The column of a series at a tick.
struct Fresh;

struct Series {
	legs: [Leg; LEGS],
	lattice: Lattice,
}

impl Workload for Fresh {
	type Inputs = Series;

	fn prepare() -> Option<Series> {
		Some(Series { legs: legs()?, lattice: Lattice::new(&shock()?).ok()? })
	}

	fn run(series: &mut Series, round: usize) -> Option<u64> {
		let column = Column::new(&series.legs[round % LEGS], &series.lattice).ok()?;
		let values = column.values();
		Some(digest::of_all([values[0][0], values[1][round % 33], values[2][32]]))
	}
}
