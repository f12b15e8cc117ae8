//! The chain's start values (`primitives/src/params`, `docs/parameters.md`), as the mathematics takes
//! them: this crate knows no chain.

use crate::{
	history::Ranges,
	number::{bp, math, Failure},
};
use ballast_math::{
	realised::{HalfLives, ScanRule},
	requirement::{Contingencies, Grid},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
	MathError, Rounding, Q64,
};

/// What differs between underlyings, in basis points.
pub struct Risk {
	/// Name, as the files of candles have it.
	pub name: &'static str,
	/// Volatility of a calm market, implied and realised.
	pub calm: f64,
	/// Level to which the modelled one reverts, where every replay begins.
	pub level: f64,
	floor: i128,
	stressed: i128,
	cap: i128,
	/// Greatest change of the maintenance range an hour.
	ramp: i128,
	/// How far a forward moves while spot stays, either way.
	basis: i128,
}

/// The underlyings with start values.
pub const RISKS: [Risk; 3] = [
	Risk {
		name: "BTC",
		calm: 0.50,
		level: 0.60,
		floor: 1_100,
		stressed: 2_800,
		cap: 3_200,
		ramp: 200,
		basis: 450,
	},
	Risk {
		name: "ETH",
		calm: 0.65,
		level: 0.78,
		floor: 1_300,
		stressed: 3_200,
		cap: 3_800,
		ramp: 250,
		basis: 450,
	},
	Risk {
		name: "DOT",
		calm: 0.80,
		level: 0.96,
		floor: 2_000,
		stressed: 5_000,
		cap: 6_000,
		ramp: 300,
		basis: 700,
	},
];

/// Half lives of realised volatility: 4 h and 72 h.
pub const HALF_LIVES: HalfLives = HalfLives { fast: 14_400, slow: 259_200 };

/// The horizon of the scan range: one day.
pub const HORIZON: u64 = 86_400;

impl Risk {
	/// The rule of the scan range, at a horizon in seconds.
	pub fn scan_rule(&self, horizon: u64) -> Result<ScanRule, Failure> {
		Ok(ScanRule {
			floor: bp(self.floor)?,
			stressed: bp(self.stressed)?,
			cap: bp(self.cap)?,
			multiple: bp(30_000)?,
			stressed_weight: bp(2_500)?,
			horizon,
		})
	}

	/// Greatest change of the maintenance range an hour.
	pub fn ramp_per_hour(&self) -> Result<Q64, Failure> {
		bp(self.ramp)
	}
}

/// Damped tails with volatility up: spot multiple and weight, in basis points.
const TAILS: [(i128, i128); 8] = [
	(3_400, 1_680),
	(6_700, 3_360),
	(15_000, 2_220),
	(20_000, 1_110),
	(30_000, 550),
	(40_000, 370),
	(50_000, 280),
	(60_000, 220),
];

/// The scenario set: 21 on the grid, two ranges at a third, eight damped tails.
pub fn scenarios() -> Result<Vec<Scenario>, Failure> {
	let thirds = |n: i128| {
		let ranges = Q64::from_ratio(n, 3, Rounding::Nearest);
		ranges.map(SpotMove::ScanRanges).ok_or_else(|| math(MathError::Overflow))
	};
	let mut set = Vec::new();
	for n in [0, 1, -1, 2, -2, 3, -3] {
		for volatility in [VolMove::Up, VolMove::None, VolMove::Down] {
			set.push(Scenario { spot: thirds(n)?, volatility, weight: Q64::ONE });
		}
	}
	let third = Q64::from_ratio(1, 3, Rounding::Nearest).ok_or("a third")?;
	for n in [6, -6] {
		set.push(Scenario { spot: thirds(n)?, volatility: VolMove::Up, weight: third });
	}
	for (multiple, weight) in TAILS {
		let spot = SpotMove::Multiple(bp(multiple)?);
		set.push(Scenario { spot, volatility: VolMove::Up, weight: bp(weight)? });
	}
	Ok(set)
}

/// How far volatility moves.
pub fn shock() -> Result<VolShock, Failure> {
	Ok(VolShock {
		up: bp(5_000)?,
		down: bp(3_000)?,
		short_power: bp(3_000)?,
		long_power: bp(1_300)?,
		floor_years: Q64::from_ratio(1, 365, Rounding::Nearest).ok_or("a day")?,
		cap: Q64::from_int(3),
		least_up: bp(4_000)?,
	})
}

/// The grid of an underlying.
pub fn grid<'a>(
	scenarios: &'a [Scenario],
	shock: VolShock,
	risk: &Risk,
	Ranges { mm, im }: Ranges,
) -> Result<Grid<'a>, Failure> {
	let basis = bp(risk.basis)?;
	Ok(Grid { scenarios, range_mm: mm, range_im: im, shock, basis_up: basis, basis_down: basis })
}

/// The contingencies: nothing is doubted, nothing has lost its peg, and open interest is low.
pub fn contingencies() -> Result<Contingencies, Failure> {
	Ok(Contingencies {
		basis_weight: bp(5_000)?,
		basis_weight_per_year: bp(20_000)?,
		vol_term: bp(3_500)?,
		long_value: bp(9_500)?,
		long_value_rate: bp(1_600)?,
		..shorts_only()?
	})
}

/// Of the contingencies only that on net shorts.
pub fn shorts_only() -> Result<Contingencies, Failure> {
	Ok(Contingencies {
		short_mm: bp(30)?,
		short_im: bp(50)?,
		initial_factor: bp(12_500)?,
		..Contingencies::NONE
	})
}
