//! A whole account.

use crate::{
	digest, entry,
	inputs::{millionths, Random},
	Entry, Workload,
};
use ballast_math::{
	black76::Kind,
	requirement::{self, Book, Contingencies, Exercise, Grid, Leg, Moves},
	risk_array::{entries, requirement_from_arrays, scan_loss, ArrayLeg, SeriesRisk, SideRisk},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
	Rounding, Q64,
};

pub const WORKLOADS: &[Entry] = &[
	Entry {
		units: (ENTRIES * LEGS) as u32,
		..entry::<Array>("risk array of a series, per scenario", Some(160))
	},
	Entry {
		units: 2,
		..entry::<FromArrays>("margin, 32 legs x 23 scenarios, from arrays, per range", Some(2_000))
	},
	entry::<Scan>("  of which: the scan loss", None),
	entry::<Scratch>("margin, 32 legs x 23 scenarios, from scratch, one range", Some(100_000)),
];

/// Legs of the account.
pub const LEGS: usize = 32;
/// Spot moves that meet every volatility move, in sixths of the scan range.
const GRID: [i64; 7] = [0, 2, -2, 4, -4, 6, -6];
/// Scenarios: the grid and two far moves.
pub const SCENARIOS: usize = 23;

/// Entries of an array: one per scenario, one more for the 20 that depend on the range, and three that
/// no scenario shows.
const ENTRIES: usize = 46;

/// Seven spot moves by three volatility moves, and twice the scan range either way at a third.
pub fn scenarios() -> Option<[Scenario; SCENARIOS]> {
	let sixths = |count: i64| Q64::from_ratio(count.into(), 6, Rounding::Nearest);
	let third = Q64::from_ratio(1, 3, Rounding::Nearest)?;
	let far = |ranges| Scenario {
		spot: SpotMove::ScanRanges(Q64::from_int(ranges)),
		volatility: VolMove::Up,
		weight: third,
	};
	let mut all = [far(2); SCENARIOS];
	all[SCENARIOS - 1] = far(-2);
	let moves = [VolMove::Up, VolMove::None, VolMove::Down];
	for (index, scenario) in all.iter_mut().take(GRID.len() * moves.len()).enumerate() {
		*scenario = Scenario {
			spot: SpotMove::ScanRanges(sixths(GRID[index / moves.len()])?),
			volatility: moves[index % moves.len()],
			weight: Q64::ONE,
		};
	}
	Some(all)
}

/// How far volatility moves: the start values of the chain.
pub fn shock() -> Option<VolShock> {
	Some(VolShock {
		up: millionths(500_000)?,
		down: millionths(300_000)?,
		short_power: millionths(300_000)?,
		long_power: millionths(130_000)?,
		floor_years: Q64::from_ratio(1, 365, Rounding::Nearest)?,
		cap: Q64::from_int(3),
		least_up: millionths(400_000)?,
	})
}

/// Longs and shorts, calls and puts, over four expiries around a spot of 60,000; those of one expiry
/// side by side, as an account's are.
pub fn legs() -> Option<[Leg; LEGS]> {
	let mut random = Random::new(32);
	let mut make = |index: usize| {
		let days = [7, 30, 90, 180][index * 4 / LEGS];
		Some(Leg {
			kind: if index.is_multiple_of(2) { Kind::Call } else { Kind::Put },
			exercise: Exercise::European,
			strike: Q64::from_int(42_000 + 1_250 * ((index * 5) % LEGS) as i64),
			expiry: days,
			years: Q64::from_ratio(days.into(), 365, Rounding::Nearest)?,
			forward: random.between(60_000_000_000, 61_000_000_000)?,
			fixed: Q64::ZERO,
			discount: random.between(960_000, 1_000_000)?,
			volatility: random.between(450_000, 900_000)?,
			quantity: random.between(-10_000_000, 10_000_000)?,
		})
	};
	let mut legs = [make(0)?; LEGS];
	for (index, leg) in legs.iter_mut().enumerate().skip(1) {
		*leg = make(index)?;
	}
	Some(legs)
}

/// What is added to the scan loss: the start values of the chain.
fn contingencies() -> Option<Contingencies> {
	Some(Contingencies {
		short_mm: millionths(3_000)?,
		short_im: millionths(5_000)?,
		initial_factor: millionths(1_250_000)?,
		basis_weight: millionths(500_000)?,
		basis_weight_per_year: Q64::from_int(2),
		vol_term: millionths(350_000)?,
		confidence: Q64::ZERO,
		long_value: millionths(950_000)?,
		long_value_rate: millionths(160_000)?,
		open_interest: Q64::ONE,
		peg: Q64::ZERO,
	})
}

/// The grid of a tick, at these ranges in millionths.
fn grid(scenarios: &[Scenario], shock: VolShock, mm: i64, im: i64) -> Option<Grid<'_>> {
	let (range_mm, range_im) = (millionths(mm)?, millionths(im)?);
	let (basis_up, basis_down) = (millionths(45_000)?, millionths(45_000)?);
	Some(Grid { scenarios, range_mm, range_im, shock, basis_up, basis_down })
}

/// What the series of an underlying cost at a tick: 32 of them, both ranges.
struct Array;

impl Workload for Array {
	type Inputs = ([Leg; LEGS], [Scenario; SCENARIOS], VolShock);

	fn prepare() -> Option<Self::Inputs> {
		let scenarios = scenarios()?;
		(entries(&scenarios) == ENTRIES).then_some((legs()?, scenarios, shock()?))
	}

	fn run((legs, scenarios, shock): &mut Self::Inputs, round: usize) -> Option<u64> {
		let mm = 110_000 + (round % 97) as i64 * 500;
		let moves = Moves::new(&grid(scenarios, *shock, mm, mm + 40_000)?).ok()?;
		let mut sum = 0u64;
		for leg in legs {
			let SideRisk { mark, array } = SeriesRisk::new(leg, &moves).ok()?.long;
			let fold = |sum: u64, mantissa: &i64| sum.rotate_left(9) ^ mantissa.unsigned_abs();
			sum = array.mantissas().iter().fold(sum ^ digest::of(mark), fold);
		}
		Some(sum)
	}
}

/// An account whose series have been valued at the tick.
struct Valued {
	legs: [Leg; LEGS],
	risks: [SeriesRisk; LEGS],
	unit: SideRisk,
	scenarios: [Scenario; SCENARIOS],
	contingencies: Contingencies,
}

impl Valued {
	fn prepare() -> Option<Self> {
		let (legs, scenarios) = (legs()?, scenarios()?);
		let moves = Moves::new(&grid(&scenarios, shock()?, 120_000, 160_000)?).ok()?;
		let mut risks = [SeriesRisk::new(&legs[0], &moves).ok()?; LEGS];
		for (risk, leg) in risks.iter_mut().zip(&legs) {
			*risk = SeriesRisk::new(leg, &moves).ok()?;
		}
		let unit = SideRisk::of_unit(Q64::from_int(60_000), &moves).ok()?;
		Some(Self { legs, risks, unit, scenarios, contingencies: contingencies()? })
	}

	/// Another account each time: quantities go round the legs.
	fn quantity(&self, leg: usize, round: usize) -> Q64 {
		self.legs[(leg + round) % LEGS].quantity
	}

	fn leg(&self, leg: usize, round: usize) -> ArrayLeg<'_> {
		let Leg { kind, strike, expiry, years, .. } = self.legs[leg];
		let (quantity, risk) = (self.quantity(leg, round), &self.risks[leg]);
		ArrayLeg { kind, strike, expiry, years, quantity, risk }
	}
}

/// The worst loss alone, one range.
struct Scan;

impl Workload for Scan {
	type Inputs = Valued;

	fn prepare() -> Option<Valued> {
		Valued::prepare()
	}

	fn run(account: &mut Valued, round: usize) -> Option<u64> {
		let account = &*account;
		let legs =
			(0..LEGS).map(|leg| (account.quantity(leg, round), &account.risks[leg].long.array));
		let (loss, binding) = scan_loss(legs, &account.scenarios).ok()?;
		Some(digest::of(loss) ^ u64::from(binding))
	}
}

/// Marks, both ranges, the most that the book can lose, contingencies.
struct FromArrays;

impl Workload for FromArrays {
	type Inputs = Valued;

	fn prepare() -> Option<Valued> {
		Valued::prepare()
	}

	fn run(account: &mut Valued, round: usize) -> Option<u64> {
		let legs: [ArrayLeg<'_>; LEGS] = core::array::from_fn(|leg| account.leg(leg, round));
		let book = Book { spot: Q64::from_int(60_000), units: Q64::ONE, legs: &legs };
		let Valued { unit, scenarios, contingencies, .. } = &*account;
		let margins = requirement_from_arrays(&book, Some(unit), scenarios, contingencies).ok()?;
		Some(digest::of_all([margins.mark, margins.maintenance, margins.initial]))
	}
}

/// Everything revalued. The two ranges are the same, so that every scenario is valued once.
struct Scratch;

impl Workload for Scratch {
	type Inputs = ([Leg; LEGS], [Scenario; SCENARIOS], VolShock, Contingencies);

	fn prepare() -> Option<Self::Inputs> {
		Some((legs()?, scenarios()?, shock()?, contingencies()?))
	}

	fn run(
		(legs, scenarios, shock, contingencies): &mut Self::Inputs,
		round: usize,
	) -> Option<u64> {
		// Another spot and another range each time.
		let range = 110_000 + (round % 97) as i64 * 500;
		let spot = Q64::from_int(60_000 + (round % 101) as i64);
		let book = Book { spot, units: Q64::ONE, legs };
		let grid = grid(scenarios, *shock, range, range)?;
		let margins = requirement::requirement(&book, &grid, contingencies).ok()?;
		Some(digest::of_all([margins.mark, margins.maintenance, margins.initial]))
	}
}
