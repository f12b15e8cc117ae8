//! Accounts opened every hour at exactly their initial margin, followed until they are sold or expire.

use crate::{
	history::{History, Ranges, Tick},
	number::{f, Failure},
	portfolios::{book, value, Portfolio, Standard},
	venues::Venue,
};
use ballast_math::{
	margin_model::{Leg, Requirement},
	Q64,
};
use std::{
	sync::{
		atomic::{AtomicUsize, Ordering},
		Mutex,
	},
	thread,
};

/// Seconds from the close at which a breach is seen to the sale.
const REACTION: u64 = 900;
/// Nothing is opened in so many seconds after the first candle, and before the last.
const WARM_UP: u64 = 86_400;
const RUN_OUT: u64 = 43_200;
/// Seconds between openings.
const HOUR: u64 = 3_600;

/// Equity or a margin that falls short by so little, as a share of spot, is rounding.
const DUST: f64 = 1e-9;

/// Whether accounts are looked at at every close, or where the market has moved enough since the last
/// look ([`Look`]) that they may be in breach. The outcome is the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Looks {
	Every,
	Needed,
}

/// What became of the accounts of one model and portfolio.
#[derive(Clone, Copy)]
pub struct Outcome {
	pub opened: u64,
	/// Seen below maintenance margin.
	pub breached: u64,
	/// Equity below zero at the close at which they were sold.
	pub at_close: u64,
	/// The same at the worst price of that candle.
	pub at_tick: u64,
	/// Least equity of those sold, as a share of spot when they were opened.
	pub least_close: f64,
	pub least_tick: f64,
}

impl Outcome {
	pub const NONE: Self = Self {
		opened: 0,
		breached: 0,
		at_close: 0,
		at_tick: 0,
		least_close: f64::INFINITY,
		least_tick: f64::INFINITY,
	};

	pub fn join(&mut self, other: &Self) {
		self.opened += other.opened;
		self.breached += other.breached;
		self.at_close += other.at_close;
		self.at_tick += other.at_tick;
		self.least_close = self.least_close.min(other.least_close);
		self.least_tick = self.least_tick.min(other.least_tick);
	}

	fn end(&mut self, at_close: f64, at_tick: f64) {
		let at_tick = at_tick.min(at_close);
		self.at_close += u64::from(at_close < -DUST);
		self.at_tick += u64::from(at_tick < -DUST);
		self.least_close = self.least_close.min(at_close);
		self.least_tick = self.least_tick.min(at_tick);
	}
}

/// Outcomes of one portfolio, model by model; `None` where a model does not know it.
pub type Row = Vec<Option<Outcome>>;

/// Replays every portfolio on every history; one row per portfolio.
pub fn replay(
	histories: &[History],
	portfolios: &[Standard],
	looks: Looks,
	venues: &[&Venue<'_>],
) -> Result<Vec<Row>, Failure> {
	let jobs: Vec<(&History, usize, usize)> = histories
		.iter()
		.flat_map(|history| openings(history).into_iter().map(move |at| (history, at)))
		.flat_map(|(history, at)| (0..portfolios.len()).map(move |which| (history, at, which)))
		.collect();
	let next = AtomicUsize::new(0);
	let rows = Mutex::new(vec![vec![None; venues.len()]; portfolios.len()]);
	let work = || -> Result<(), Failure> {
		let mut mine: Vec<Row> = vec![vec![None; venues.len()]; portfolios.len()];
		while let Some((history, at, which)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
			let row = mine.get_mut(*which).ok_or("a portfolio")?;
			Account::follow((history, *at), &portfolios[*which], looks, venues, row)?;
		}
		let mut rows = rows.lock().map_err(|_| "a thread failed")?;
		for (row, mine) in rows.iter_mut().zip(mine) {
			for (all, mine) in row.iter_mut().zip(mine) {
				if let Some(mine) = mine {
					all.get_or_insert(Outcome::NONE).join(&mine);
				}
			}
		}
		Ok(())
	};
	let threads = thread::available_parallelism().map_or(2, usize::from);
	thread::scope(|scope| {
		let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
		workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a thread failed")?)
	})?;
	rows.into_inner().map_err(|_| "a thread failed".into())
}

/// The ticks at which accounts are opened: whole hours.
fn openings(history: &History) -> Vec<usize> {
	let (Some(first), Some(last)) = (history.ticks.first(), history.ticks.last()) else {
		return Vec::new();
	};
	let (from, to) = (first.time - history.step + WARM_UP, last.time - RUN_OUT);
	let hourly = |tick: &Tick| tick.time.is_multiple_of(HOUR) && (from..to).contains(&tick.time);
	let ticks = history.ticks.iter().enumerate();
	ticks.filter(|(_, tick)| hourly(tick)).map(|(index, _)| index).collect()
}

/// One account, under every model at once: they differ in cash only.
struct Account<'a> {
	history: &'a History,
	portfolio: Portfolio,
	legs: Vec<Leg>,
	/// Deviations `sigma sqrt(T)` of the legs.
	deviations: Vec<f64>,
	spot_opened: f64,
	looks: Looks,
}

/// The account under one model.
struct Margined {
	cash: f64,
	/// When it was last looked at.
	last: Look,
}

/// The market and the excess over maintenance margin when an account was looked at.
struct Look {
	spot: f64,
	ranges: [f64; 2],
	deviations: Vec<f64>,
	excess: f64,
}

impl Look {
	/// Whether the account cannot be in breach now.
	///
	/// In a scenario that takes spot to `m` times it and counts with weight `w`, the excess is that of the
	/// account's value there and falls by at most `w m D` per unit of spot, `D` the contracts (and units) whose
	/// deltas have the same sign; `w m` is at most 1.4. It falls by at most `0.4 w m N` spots per unit of
	/// deviation, `N` the contracts of one sign, times the scenario's factor on volatility, at most 2.5.
	/// Both are rounded up to 2, for what the contingencies add.
	fn holds(&self, account: &Account<'_>, tick: &Tick) -> bool {
		let [same_delta, same_sign] = account.portfolio.gross();
		if account.looks == Looks::Every || self.deviations.len() != account.deviations.len() {
			return false;
		}
		let ranges = self.ranges.iter().zip(ranges(tick));
		let wider = ranges.map(|(before, now)| (now - before).abs()).fold(0.0, f64::max);
		let deviations = self.deviations.iter().zip(&account.deviations);
		let moved = deviations.map(|(before, now)| (now - before).abs()).fold(0.0, f64::max);
		let spot = f(tick.close);
		let most = spot.max(self.spot);
		let fall =
			same_delta * ((spot - self.spot).abs() + most * wider) + same_sign * most * moved;
		2.0 * fall < self.excess
	}
}

/// The ranges of maintenance margin.
fn ranges(tick: &Tick) -> [f64; 2] {
	tick.ranges.map(|ranges| f(ranges.mm))
}

impl Account<'_> {
	/// Opens the account and follows it to its end.
	fn follow(
		(history, at): (&History, usize),
		standard: &Standard,
		looks: Looks,
		venues: &[&Venue<'_>],
		row: &mut Row,
	) -> Result<(), Failure> {
		let tick = &history.ticks[at];
		let mut account = Account {
			history,
			portfolio: standard.open(tick),
			legs: Vec::new(),
			deviations: Vec::new(),
			spot_opened: f(tick.close),
			looks,
		};
		account.mark(tick)?;
		let worth = account.worth(tick.close)?;
		let mut open: Vec<Option<Margined>> = Vec::new();
		for (venue, outcome) in venues.iter().zip(row.iter_mut()) {
			let required = account.required(venue, tick, &tick.ranges)?;
			if let Some(required) = &required {
				assert!(required.initial >= required.maintenance, "an account opened in breach");
				outcome.get_or_insert(Outcome::NONE).opened += 1;
			}
			open.push(required.map(|required| {
				let cash = f(required.initial) - worth;
				let excess = f(required.initial) - f(required.maintenance);
				Margined { cash, last: account.look(tick, excess) }
			}));
		}
		for (later, tick) in history.ticks.iter().enumerate().skip(at + 1) {
			let paid = f(account.portfolio.settle(tick)?);
			account.mark(tick)?;
			for ((margined, venue), outcome) in open.iter_mut().zip(venues).zip(row.iter_mut()) {
				let (Some(known), Some(outcome)) = (margined.as_mut(), outcome) else { continue };
				known.cash += paid;
				if !known.last.holds(&account, tick)
					&& account.ends(later, known, venue, outcome)?
				{
					*margined = None;
				}
			}
			if open.iter().all(Option::is_none) {
				break;
			}
		}
		Ok(())
	}

	/// Brings legs and deviations to a tick.
	fn mark(&mut self, tick: &Tick) -> Result<(), Failure> {
		self.portfolio.legs(tick, &mut self.legs)?;
		self.deviations.clear();
		let deviations = self.legs.iter().map(|leg| f(leg.volatility) * f(leg.years).sqrt());
		self.deviations.extend(deviations);
		Ok(())
	}

	fn look(&self, tick: &Tick, excess: f64) -> Look {
		let deviations = self.deviations.clone();
		Look { spot: f(tick.close), ranges: ranges(tick), deviations, excess }
	}

	/// Looks at the account at a tick; whether that is the last of it.
	fn ends(
		&self,
		at: usize,
		margined: &mut Margined,
		venue: &Venue<'_>,
		outcome: &mut Outcome,
	) -> Result<bool, Failure> {
		let tick = &self.history.ticks[at];
		let cash = margined.cash;
		let equity = cash + self.worth(tick.close)?;
		let share = |equity: f64| equity / self.spot_opened;
		if self.portfolio.positions.is_empty() {
			if share(equity) < -DUST {
				outcome.end(share(equity), share(equity));
			}
			return Ok(true);
		}
		// Maintenance margin does not look at the range of initial margin.
		let ranges = tick.ranges.map(|Ranges { mm, .. }| Ranges { mm, im: mm });
		let required = self.required(venue, tick, &ranges)?.ok_or("a book that was known")?;
		let excess = equity - f(required.maintenance);
		margined.last = self.look(tick, excess);
		let breached = share(excess) < -DUST;
		if breached {
			outcome.breached += 1;
			if let Some((close, worst)) = self.sold(at)? {
				outcome.end(share(cash + close), share(cash + worst));
			}
		}
		Ok(breached)
	}

	/// What options and units are worth at a spot.
	fn worth(&self, spot: Q64) -> Result<f64, Failure> {
		value(&self.portfolio, &self.legs, spot)
	}

	fn required(
		&self,
		venue: &Venue<'_>,
		tick: &Tick,
		ranges: &[Ranges; 2],
	) -> Result<Option<Requirement>, Failure> {
		let holdings = self.portfolio.holdings(tick.close);
		let book = book(tick.close, Q64::ZERO, &holdings, &self.legs);
		venue.margins(self.history.risk, ranges, &book)
	}

	/// Worth at the close of the candle in which an account that is in breach is sold, and at its worst
	/// price; `None` beyond the last candle.
	fn sold(&self, breach: usize) -> Result<Option<(f64, f64)>, Failure> {
		let later = usize::try_from((REACTION / self.history.step).max(1)).map_err(|_| "a step")?;
		let Some(tick) = self.history.ticks.get(breach + later) else { return Ok(None) };
		let mut portfolio = self.portfolio.clone();
		let paid = f(portfolio.settle(tick)?);
		let mut legs = Vec::new();
		portfolio.legs(tick, &mut legs)?;
		let at = |spot| value(&portfolio, &legs, spot).map(|worth| paid + worth);
		Ok(Some((at(tick.close)?, at(tick.low)?.min(at(tick.high)?))))
	}
}
