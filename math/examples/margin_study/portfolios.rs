//! The standard portfolios, and what they are worth.

use crate::number::{f, math, q, Failure};
use ballast_math::{
	black76::{price, Kind, Option76},
	margin_model::{Book, Holding, Leg, Perpetual, UNDERLYING},
	requirement::Exercise,
	MathError, Rounding, Q64,
};

/// Seconds in a day and in a year.
pub const DAY: u64 = 86_400;
const YEAR: i128 = 31_536_000;

/// Standard normal quantiles of 90% and 75%: where a delta of 10% and of 25% is.
const TENTH: f64 = 1.281_551_565_544_6;
const QUARTER: f64 = 0.674_489_750_196_1;

/// Contracts of one series.
#[derive(Clone, Copy)]
pub struct Position {
	pub kind: Kind,
	pub strike: Q64,
	/// Seconds since 1970.
	pub expiry: u64,
	pub quantity: Q64,
}

/// A position in spot and options, without its cash.
#[derive(Clone)]
pub struct Portfolio {
	pub positions: Vec<Position>,
	/// Units of the underlying.
	pub units: Q64,
}

/// What a market says at one time.
pub trait Market {
	/// Seconds since 1970.
	fn time(&self) -> u64;
	fn spot(&self) -> Q64;
	/// Implied volatility at a time to expiry in years, the same at every strike.
	fn volatility(&self, years: f64) -> Q64;
}

/// A standard portfolio: its name, the days to its (first) expiry, and how it is made.
#[derive(Clone, Copy)]
pub struct Standard {
	pub name: &'static str,
	pub days: u64,
	make: fn(&Maker<'_>) -> Vec<Made>,
	units: i64,
}

/// Kind, strike over spot, days to expiry, quantity.
type Made = (Kind, f64, u64, f64);

/// What strikes are chosen from.
struct Maker<'a> {
	market: &'a dyn Market,
	days: u64,
}

impl Maker<'_> {
	/// The strike, over spot, at which a call (`deviations` above zero) or a put has the delta of
	/// so many deviations.
	fn at_delta(&self, deviations: f64) -> f64 {
		let years = self.days as f64 / 365.0;
		let v = f(self.market.volatility(years)) * years.sqrt();
		(deviations * v + v * v / 2.0).exp()
	}
}

use Kind::{Call, Put};

/// The twelve portfolios at the times to expiry that make sense of them; the calendars have their own.
pub fn standard() -> Vec<Standard> {
	let new = |name, units, make| Standard { name, days: 30, make, units };
	let single: [Standard; 10] = [
		new("short straddle", 0, |m| vec![(Call, 1.0, m.days, -1.0), (Put, 1.0, m.days, -1.0)]),
		new("short strangle, 10 delta", 0, |m| {
			let strikes = (m.at_delta(TENTH), m.at_delta(-TENTH));
			vec![(Call, strikes.0, m.days, -1.0), (Put, strikes.1, m.days, -1.0)]
		}),
		new("covered call, 10% out", 1, |m| vec![(Call, 1.1, m.days, -1.0)]),
		new("short put, at the money", 0, |m| vec![(Put, 1.0, m.days, -1.0)]),
		new("iron condor, 25 / 10 delta", 0, |m| {
			vec![
				(Call, m.at_delta(QUARTER), m.days, -1.0),
				(Call, m.at_delta(TENTH), m.days, 1.0),
				(Put, m.at_delta(-QUARTER), m.days, -1.0),
				(Put, m.at_delta(-TENTH), m.days, 1.0),
			]
		}),
		new("box 90 / 110%, long", 0, |m| {
			let leg = |kind, strike, quantity| (kind, strike, m.days, quantity);
			vec![leg(Call, 0.9, 1.0), leg(Call, 1.1, -1.0), leg(Put, 1.1, 1.0), leg(Put, 0.9, -1.0)]
		}),
		new("call ratio 1 x 2, 100 / 110%", 0, |m| {
			vec![(Call, 1.0, m.days, 1.0), (Call, 1.1, m.days, -2.0)]
		}),
		new("butterfly 90 / 100 / 110%", 0, |m| {
			vec![(Call, 0.9, m.days, 1.0), (Call, 1.0, m.days, -2.0), (Call, 1.1, m.days, 1.0)]
		}),
		new("short put spread 100 / 90%", 0, |m| {
			vec![(Put, 1.0, m.days, -1.0), (Put, 0.9, m.days, 1.0)]
		}),
		new("long straddle", 0, |m| vec![(Call, 1.0, m.days, 1.0), (Put, 1.0, m.days, 1.0)]),
	];
	let mut all: Vec<Standard> = [7, 30]
		.into_iter()
		.flat_map(|days| single.map(|standard| Standard { days, ..standard }))
		.collect();
	all.push(Standard {
		days: 7,
		..new("call calendar, -7 / +30 days", 0, |_| {
			vec![(Call, 1.0, 7, -1.0), (Call, 1.0, 30, 1.0)]
		})
	});
	// Vega is as the root of time: as much of it is bought at 30 days as is sold at 90.
	all.push(new("vega-neutral straddles, +30 / -90 days", 0, |_| {
		[Call, Put]
			.into_iter()
			.flat_map(|kind| [(kind, 1.0, 30, 3f64.sqrt()), (kind, 1.0, 90, -1.0)])
			.collect()
	}));
	all
}

/// The four positions of the earlier replay, at 7 and at 30 days.
pub fn replayed() -> Vec<Standard> {
	let tenth_put = Standard {
		name: "short put, 10 delta",
		days: 30,
		units: 0,
		make: |m| vec![(Put, m.at_delta(-TENTH), m.days, -1.0)],
	};
	let mut all: Vec<Standard> = standard()
		.into_iter()
		.filter(|standard| {
			let short = ["short straddle", "short strangle, 10 delta", "short put, at the money"];
			short.contains(&standard.name)
		})
		.collect();
	all.extend([7, 30].map(|days| Standard { days, ..tenth_put }));
	all
}

impl Standard {
	/// One of it at a market.
	pub fn open(&self, market: &dyn Market) -> Portfolio {
		let spot = f(market.spot());
		let made = (self.make)(&Maker { market, days: self.days });
		let positions = made.into_iter().map(|(kind, strike, days, quantity)| Position {
			kind,
			strike: if strike == 1.0 { market.spot() } else { q(strike * spot) },
			expiry: market.time() + days * DAY,
			quantity: q(quantity),
		});
		Portfolio { positions: positions.collect(), units: Q64::from_int(self.units) }
	}
}

impl Portfolio {
	/// The most contracts and units whose deltas have one sign, and the most contracts of one sign.
	pub fn gross(&self) -> [f64; 2] {
		let (mut delta, mut sign) = ([f(self.units), 0.0], [0.0, 0.0]);
		for position in &self.positions {
			let short = position.quantity.is_negative();
			let falls = short == (position.kind == Call);
			delta[usize::from(falls)] += f(position.quantity).abs();
			sign[usize::from(short)] += f(position.quantity).abs();
		}
		[delta, sign].map(|sums| sums[0].max(sums[1]))
	}

	/// Takes positions off that have expired; what they pay at spot.
	pub fn settle(&mut self, market: &dyn Market) -> Result<Q64, Failure> {
		let mut paid = Q64::ZERO;
		for position in self.positions.iter().filter(|p| p.expiry <= market.time()) {
			let gain = match position.kind {
				Call => market.spot().checked_sub(position.strike),
				Put => position.strike.checked_sub(market.spot()),
			};
			paid = gain
				.and_then(|gain| {
					gain.max(Q64::ZERO).checked_mul(position.quantity, Rounding::Floor)
				})
				.and_then(|gain| paid.checked_add(gain))
				.ok_or_else(|| math(MathError::Overflow))?;
		}
		self.positions.retain(|position| position.expiry > market.time());
		Ok(paid)
	}

	/// The positions as legs, into a cleared list.
	pub fn legs(&self, market: &dyn Market, into: &mut Vec<Leg>) -> Result<(), Failure> {
		into.clear();
		for position in &self.positions {
			let seconds = i128::from(position.expiry.saturating_sub(market.time()));
			let years = Q64::from_ratio(seconds, YEAR, Rounding::Nearest).ok_or("a time")?;
			into.push(Leg {
				kind: position.kind,
				exercise: Exercise::European,
				strike: position.strike,
				expiry: position.expiry,
				years,
				forward: market.spot(),
				fixed: Q64::ZERO,
				discount: Q64::ONE,
				volatility: market.volatility(seconds as f64 / YEAR as f64),
				quantity: position.quantity,
			});
		}
		Ok(())
	}

	/// The units, as collateral.
	pub fn holdings(&self, spot: Q64) -> Vec<Holding> {
		let held =
			Holding { asset: UNDERLYING, quantity: self.units, price: spot, confidence: Q64::ONE };
		if self.units.is_zero() {
			Vec::new()
		} else {
			vec![held]
		}
	}
}

/// The book of legs, units and cash.
pub fn book<'a>(spot: Q64, cash: Q64, holdings: &'a [Holding], legs: &'a [Leg]) -> Book<'a> {
	Book {
		spot,
		spot_confidence: Q64::ONE,
		quote_price: Q64::ONE,
		cash,
		perpetual: Perpetual::NONE,
		holdings,
		legs,
		expiries: &[],
	}
}

/// Mark of options and units if spot is at a price, volatilities as they are. In floating point from
/// exact prices: it is compared with zero and printed.
pub fn value(portfolio: &Portfolio, legs: &[Leg], spot: Q64) -> Result<f64, Failure> {
	let mut sum = f(portfolio.units) * f(spot);
	for leg in legs {
		let option = Option76 {
			forward: spot,
			strike: leg.strike,
			years: leg.years,
			discount: leg.discount,
			volatility: leg.volatility,
		};
		sum += f(leg.quantity) * f(price(&option, leg.kind).map_err(math)?);
	}
	Ok(sum)
}
