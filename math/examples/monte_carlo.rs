//! Expected shortfall of one book in four ways, to see what each assumption costs.
//!
//! ```text
//! cargo run --release -p ballast-math --example monte_carlo -- DIR [PATHS] [SEED]
//! ```
//!
//! Reads `BTC_1d.csv`, `ETH_1d.csv` and `DOT_1d.csv` of `DIR/daily` (or `DIR`): lines
//! `seconds,open,high,low,close`, others are passed over; and, where there is one, the daily closes of
//! an index of bitcoin's implied volatility, `DIR/dvol/BTC_DVOL_*.csv`: lines `seconds,close`.
//! For a pool that has sold a strangle and a calendar on each underlying, prints value at risk and
//! expected shortfall in per cent of gross notional:
//!
//! - filtered historical simulation from grids, as the chain computes it;
//! - the same days, every option priced anew;
//! - Monte Carlo with the forecast volatilities and the correlations of the filtered days, normal: shocks
//!   correlated by Cholesky's factor, PATHS of them (20,000), from a fixed seed;
//! - the same with Student's law of four degrees of freedom.

use ballast_math::{
	black76::{Kind, Prepared},
	kernels::exp,
	realised::log_return,
	requirement::{Exercise, Leg},
	scenario::VolShock,
	shortfall::{
		align, filter, shortfall, Column, Exposure, Grid, Interpolant, Lattice, Move, Part, Shock,
		DAYS_MAX, WARM_UP,
	},
	MathError, Rounding, Q64,
};
use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

const NAMES: [&str; 3] = ["BTC", "ETH", "DOT"];
const VOLATILITIES: [f64; 3] = [0.45, 0.65, 0.8];
/// Spot of every underlying and the volatility of bitcoin.
const FACTORS: usize = 4;

/// Anything that went wrong, as text: the library's errors do not need `std`.
type Failure = Box<dyn Error>;

fn math(error: MathError) -> Failure {
	error.to_string().into()
}

fn q(value: f64) -> Q64 {
	Q64::from_e18((value * 1e18) as i128).unwrap_or(Q64::MAX)
}

fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

fn main() -> Result<(), Failure> {
	let mut args = env::args().skip(1);
	let dir = args.next().ok_or("usage: monte_carlo DIR [PATHS] [SEED]")?;
	let paths: usize = args.next().map_or(Ok(20_000), |paths| paths.parse())?;
	let seed: u64 = args.next().map_or(Ok(1), |seed| seed.parse())?;
	let market = Market::read(Path::new(&dir))?;
	let books: Vec<Vec<(Leg, Q64)>> =
		market.spots.iter().zip(VOLATILITIES).map(|(spot, vol)| pool(*spot, vol)).collect();
	let gross: f64 = books
		.iter()
		.zip(&market.spots)
		.flat_map(|(legs, spot)| legs.iter().map(move |(_, quantity)| f(*quantity).abs() * spot))
		.sum();
	println!("{:<34} {:>9} {:>9} {:>9}", "% of gross notional", "VaR 97.5", "VaR 99", "ES 97.5");
	let print = |name: &str, measures: [f64; 3]| {
		let [a, b, c] = measures.map(|measure| 100.0 * measure / gross);
		println!("{name:<34} {a:>9.4} {b:>9.4} {c:>9.4}");
	};
	let contributions = from_grids(&market, &books, print)?;
	let days = market.shocks[0].len();
	let losses = (0..days).map(|day| -market.revalued(&books, |u| market.shocks[u][day]));
	print("filtered history, full revaluation", measures(losses.collect()));
	let factor = cholesky(market.covariance());
	for (name, freedom) in [("Monte Carlo, normal", None), ("Monte Carlo, Student 4", Some(4))] {
		let mut random = Random(seed);
		let losses = (0..paths).map(|_| {
			let shocks = random.correlated(&factor, freedom);
			-market.revalued(&books, |u| Shock {
				day: 0,
				spot: q(shocks[u]),
				volatility: q(shocks[FACTORS - 1].exp_m1().clamp(-0.9, 5.0)),
			})
		});
		print(name, measures(losses.collect()));
	}
	for (name, share) in NAMES.iter().zip(contributions) {
		println!("contribution of {name}: {:.4}", 100.0 * share / gross);
	}
	Ok(())
}

/// Prints what the grids say; returns the contributions of the underlyings.
fn from_grids(
	market: &Market,
	books: &[Vec<(Leg, Q64)>],
	print: impl Fn(&str, [f64; 3]),
) -> Result<Vec<f64>, Failure> {
	let lattice = Lattice::new(&market.moves).map_err(math)?;
	let mut read = Vec::new();
	for legs in books {
		let mut grid = Grid::ZERO;
		for (contract, quantity) in legs {
			let column = Column::new(contract, &lattice).map_err(math)?;
			grid.add(&column, *quantity).map_err(math)?;
		}
		read.push(Interpolant::new(&grid).map_err(math)?);
	}
	let exposures: Vec<Exposure<'_>> =
		read.iter().zip(&market.shocks).map(|(book, shocks)| Exposure { book, shocks }).collect();
	let measured = shortfall(&exposures).map_err(math)?;
	let figures =
		[measured.value_at_risk_975, measured.value_at_risk_99, measured.expected_shortfall];
	print("filtered history, grids", figures.map(f));
	let mut shares = [Part::default(); NAMES.len()];
	measured.contributions(&exposures, &mut shares).map_err(math)?;
	Ok(shares.iter().map(|share| f(Q64::from_bits(share.amount))).collect())
}

/// A strangle sold at 14 days, a call bought at 30 and a put sold at 60, a million each.
fn pool(spot: f64, volatility: f64) -> Vec<(Leg, Q64)> {
	let legs = [
		(Kind::Call, 1.1, 14, -1.0),
		(Kind::Put, 0.9, 14, -1.0),
		(Kind::Call, 1.15, 30, 0.6),
		(Kind::Put, 0.8, 60, -0.5),
	];
	legs.map(|(kind, strike, days, millions)| {
		let contract = Leg {
			exercise: Exercise::European,
			expiry: 0,
			quantity: Q64::ONE,
			kind,
			strike: q(spot * strike),
			years: Q64::from_ratio(days, 365, Rounding::Nearest).unwrap_or(Q64::ONE),
			forward: q(spot),
			fixed: Q64::ZERO,
			discount: Q64::ONE,
			volatility: q(volatility),
		};
		(contract, q(millions * 1e6 / spot))
	})
	.to_vec()
}

/// Value at risk at 97.5% and 99%, expected shortfall at 97.5%.
fn measures(mut losses: Vec<f64>) -> [f64; 3] {
	losses.sort_by(|a, b| b.total_cmp(a));
	let n = losses.len() as f64;
	let at = |p: f64| {
		let place = n * p - 0.5;
		let below = place.floor() as usize;
		let part = place - place.floor();
		losses[below] + part * (losses[(below + 1).min(losses.len() - 1)] - losses[below])
	};
	let tail = n / 40.0;
	let whole = tail.floor() as usize;
	let sum: f64 = losses[..whole].iter().sum::<f64>() + (tail - tail.floor()) * losses[whole];
	[at(0.025), at(0.01), sum / tail]
}

struct Market {
	spots: Vec<f64>,
	shocks: Vec<Vec<Shock>>,
	moves: VolShock,
}

impl Market {
	fn read(dir: &Path) -> Result<Self, Failure> {
		let daily = dir.join("daily");
		let folder = if daily.is_dir() { daily } else { dir.to_owned() };
		let mut closes = Vec::new();
		for name in NAMES {
			closes.push(series(&folder.join(format!("{name}_1d.csv")))?);
		}
		let volatility = match fs::read_dir(dir.join("dvol")) {
			Ok(files) => {
				let mut paths: Vec<_> = files.flatten().map(|file| file.path()).collect();
				paths.sort();
				let bitcoin =
					paths.iter().find(|path| path.to_string_lossy().contains("BTC_DVOL_"));
				bitcoin.map_or(Ok(BTreeMap::new()), |path| series(path))?
			}
			Err(_) => BTreeMap::new(),
		};
		let mut histories = Vec::new();
		for (index, closes) in closes.iter().enumerate() {
			let empty = BTreeMap::new();
			let volatility = if index == 0 { &volatility } else { &empty };
			histories.push(moves(closes, volatility)?);
		}
		let mut shocks = Vec::new();
		for history in &histories {
			let mut list = vec![Shock::default(); DAYS_MAX];
			let count = filter(history, &histories[0], &mut list).map_err(math)?;
			list.truncate(count);
			shocks.push(list);
		}
		let mut slices: Vec<&mut [Shock]> = shocks.iter_mut().map(Vec::as_mut_slice).collect();
		let joint = align(&mut slices);
		shocks.iter_mut().for_each(|list| list.truncate(joint));
		let last = |closes: &BTreeMap<u32, f64>| closes.values().last().copied().unwrap_or(1.0);
		Ok(Self { spots: closes.iter().map(last).collect(), shocks, moves: term_structure() })
	}

	/// What the books gain in a joint shock, every option priced anew.
	fn revalued(&self, books: &[Vec<(Leg, Q64)>], shock: impl Fn(usize) -> Shock) -> f64 {
		let mut gain = 0.0;
		for (underlying, legs) in books.iter().enumerate() {
			let shock = shock(underlying);
			for (contract, quantity) in legs {
				gain += f(*quantity) * self.change(contract, &shock).unwrap_or(f64::NAN);
			}
		}
		gain
	}

	fn change(&self, contract: &Leg, shock: &Shock) -> Result<f64, MathError> {
		let prepared = Prepared::new(contract.strike, contract.years, contract.discount)?;
		let price = |forward, volatility| prepared.price(forward, volatility, contract.kind);
		let factor = exp(shock.spot)?;
		let forward =
			contract.forward.checked_mul(factor, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let moved = f(shock.volatility) * f(self.moves.multiple(contract.years)?);
		let volatility = q(f(contract.volatility) * (1.0 + moved).max(0.05));
		let now = price(contract.forward, contract.volatility)?;
		Ok(f(price(forward, volatility)?) - f(now))
	}

	/// Of the filtered days: log returns of every underlying and log change of bitcoin's volatility.
	fn covariance(&self) -> [[f64; FACTORS]; FACTORS] {
		let days = self.shocks[0].len();
		let row = |day: usize| -> [f64; FACTORS] {
			std::array::from_fn(|i| match self.shocks.get(i) {
				Some(list) => f(list[day].spot),
				None => f(self.shocks[0][day].volatility).ln_1p(),
			})
		};
		let mut covariance = [[0.0; FACTORS]; FACTORS];
		for values in (0..days).map(row) {
			for (line, a) in covariance.iter_mut().zip(values) {
				for (entry, b) in line.iter_mut().zip(values) {
					*entry += a * b / days as f64;
				}
			}
		}
		covariance
	}
}

/// How volatility moves at each tenor: the start values of the chain.
fn term_structure() -> VolShock {
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

/// Closes by day: the last field of every line that begins with a time.
fn series(path: &Path) -> Result<BTreeMap<u32, f64>, Failure> {
	let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
	let mut closes = BTreeMap::new();
	for line in text.lines() {
		let mut fields = line.split(',').map(str::trim);
		let Some(Ok(seconds)) = fields.next().map(|field| field.parse::<u64>()) else { continue };
		let close = fields.next_back().ok_or("a line without a close")?.parse()?;
		closes.insert(u32::try_from(seconds / 86_400)?, close);
	}
	Ok(closes)
}

/// The last days of log changes that a forecast needs.
fn moves(
	closes: &BTreeMap<u32, f64>,
	volatility: &BTreeMap<u32, f64>,
) -> Result<Vec<Move>, Failure> {
	let log = |closes: &BTreeMap<u32, f64>, day: u32| -> Option<Result<Q64, MathError>> {
		let scaled = |day| closes.get(&day).map(|close| (close * 1e12).round() as i128);
		Some(log_return(scaled(day)?, scaled(day.checked_sub(1)?)?))
	};
	let mut moves = Vec::new();
	for day in closes.keys() {
		let Some(spot) = log(closes, *day) else { continue };
		let volatility = log(volatility, *day).transpose().map_err(math)?;
		moves.push(Move { day: *day, spot: spot.map_err(math)?, volatility });
	}
	let first = moves.len().saturating_sub(DAYS_MAX + WARM_UP);
	Ok(moves.split_off(first))
}

/// The lower triangle `L` with `L L' = covariance`.
fn cholesky(covariance: [[f64; FACTORS]; FACTORS]) -> [[f64; FACTORS]; FACTORS] {
	let mut lower = [[0.0; FACTORS]; FACTORS];
	for i in 0..FACTORS {
		for j in 0..=i {
			let sum: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
			let rest = covariance[i][j] - sum;
			lower[i][j] = if i == j {
				rest.max(0.0).sqrt()
			} else if lower[j][j] > 0.0 {
				rest / lower[j][j]
			} else {
				0.0
			};
		}
	}
	lower
}

/// SplitMix64.
struct Random(u64);

impl Random {
	fn uniform(&mut self) -> f64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		(((z ^ (z >> 31)) >> 11) as f64 + 0.5) / 2f64.powi(53)
	}

	fn normal(&mut self) -> f64 {
		let radius = (-2.0 * self.uniform().ln()).sqrt();
		radius * (std::f64::consts::TAU * self.uniform()).cos()
	}

	/// Joint shocks of the given covariance; with degrees of freedom, Student's.
	fn correlated(
		&mut self,
		factor: &[[f64; FACTORS]; FACTORS],
		freedom: Option<u32>,
	) -> [f64; FACTORS] {
		let normals: [f64; FACTORS] = std::array::from_fn(|_| self.normal());
		let scale = freedom.map_or(1.0, |n| {
			let chi: f64 = (0..n).map(|_| self.normal().powi(2)).sum();
			// Of variance one.
			((f64::from(n) - 2.0) / chi).sqrt()
		});
		std::array::from_fn(|i| scale * (0..=i).map(|k| factor[i][k] * normals[k]).sum::<f64>())
	}
}
