//! A market on a fresh chain: prices, listed series, a funded pool, and an account that trades 32 of them.

use crate::{
	chain::{call, Actor, Chain},
	Result,
};
use parity_scale_codec::{Compact, Encode, Output};

/// Indices of pallets and calls, as the runtime pins them.
mod index {
	pub const REMARK: [u8; 2] = [0, 0];
	pub const BATCH_ALL: [u8; 2] = [20, 2];
	pub const SUDO: [u8; 2] = [29, 0];
	pub const FEED_SPOT: [u8; 2] = [31, 0];
	pub const FEED_SURFACE: [u8; 2] = [32, 0];
	pub const LIST_GRID: [u8; 2] = [42, 3];
	pub const DEPOSIT: [u8; 2] = [43, 0];
	pub const POOL_DEPOSIT: [u8; 2] = [44, 0];
	pub const BUY: [u8; 2] = [44, 5];
	pub const SELL: [u8; 2] = [44, 6];
}

/// One in 18 decimals, and a dollar of the quote asset.
const ONE: u128 = 1_000_000_000_000_000_000;
const DOLLAR: u128 = 1_000_000;
/// Spot prices of BTC, ETH and DOT, in cents.
const SPOT: [(u16, u128); 3] = [(1, 800_000), (2, 20_000), (3, 400)];
/// Tenors of the volatility surface, in days.
const TENORS: [u32; 6] = [7, 14, 30, 60, 90, 180];
/// BTC.
const UNDERLYING: u16 = 1;
/// European.
const STYLE: u8 = 0;
/// In cash.
const SETTLEMENT: u8 = 0;
/// 13, 20 and 27 March and 24 April 2020, 08:00 UTC: the clock of the preset starts on the 11th.
const EXPIRIES: [u64; 4] = [1_584_086_400, 1_584_691_200, 1_585_296_000, 1_587_715_200];
/// Strikes of each expiry, in dollars.
const STRIKES: [u128; 4] = [7_500, 7_750, 8_000, 8_250];
/// A call and a put at each strike.
pub const SERIES: u32 = 2 * (EXPIRIES.len() * STRIKES.len()) as u32;

/// A market and its people.
pub struct Market {
	/// The chain, in the middle of a block whose prices are taken.
	pub chain: Chain,
	/// Holds a position in each series.
	pub trader: Actor,
	operators: Vec<Actor>,
	rounds: u128,
}

impl Market {
	/// With everybody funded and the trader's 32 positions taken: half bought, half sold.
	pub fn open(code: &[u8]) -> Result<Self> {
		let operators: Result<Vec<Actor>> =
			(1..=5).map(|number| Actor::at(&format!("//Operator//{number}"))).collect();
		let trader = Actor::at("//Writer")?;
		let mut market =
			Self { chain: Chain::new(code)?, trader, operators: operators?, rounds: 0 };
		market.fund()?;
		market.trade()?;
		Ok(market)
	}

	fn fund(&mut self) -> Result<()> {
		let (sudo, provider) = (Actor::at("//Alice")?, Actor::at("//Provider")?);
		let strikes = STRIKES.map(|strike| strike * ONE).to_vec();
		let listings: Vec<Raw> = EXPIRIES
			.iter()
			.map(|expiry| {
				Raw(call(index::LIST_GRID, (UNDERLYING, STYLE, SETTLEMENT, expiry, &strikes)))
			})
			.collect();
		let listing = call(index::SUDO, Raw(call(index::BATCH_ALL, listings)));
		let deposit = |dollars: u128| call(index::DEPOSIT, Compact(dollars * DOLLAR));
		let invest = call(index::POOL_DEPOSIT, 20_000_000 * ONE);
		let trader = self.trader.clone();
		self.chain.begin()?;
		self.feed_surfaces()?;
		self.chain.end()?;
		self.block_with_prices(&[
			(&sudo, listing),
			(&provider, deposit(20_000_000)),
			(&provider, invest),
			(&trader, deposit(5_000_000)),
		])?;
		// Deposits into the pool are priced at the next tick.
		self.block_with_prices(&[])?;
		self.block_with_prices(&[])
	}

	fn trade(&mut self) -> Result<()> {
		let trades: Vec<Raw> = (0..SERIES).map(|series| Raw(self.trade_of(series))).collect();
		let trader = self.trader.clone();
		for some in trades.chunks(8) {
			self.block_with_prices(&[(&trader, call(index::BATCH_ALL, some))])?;
		}
		Ok(())
	}

	/// One contract of a series, bought if its number is even and sold if it is odd.
	pub fn trade_of(&self, series: u32) -> Vec<u8> {
		let (quantity, deadline) = (ONE as i128, u64::MAX);
		if series.is_multiple_of(2) {
			call(index::BUY, (series, quantity, 1_000_000 * ONE as i128, deadline))
		} else {
			call(index::SELL, (series, quantity, 0i128, deadline))
		}
	}

	/// A transaction that does nothing but be one.
	pub fn nothing(&mut self) -> Vec<u8> {
		let trader = self.trader.clone();
		self.chain.signed(&trader, &call(index::REMARK, Vec::<u8>::new()))
	}

	/// Feeds every operator's volatility surfaces, all the same.
	fn feed_surfaces(&mut self) -> Result<()> {
		let values: Vec<(u16, Raw)> = SPOT.iter().map(|(id, _)| (*id, Raw(surface()))).collect();
		let call = call(index::FEED_SURFACE, values);
		for operator in self.operators.clone() {
			let transaction = self.chain.signed(&operator, &call);
			self.chain.apply(&transaction)?;
		}
		Ok(())
	}

	/// Every operator's prices, not yet applied. They move by a basis point from one round to the next,
	/// and operators differ by one.
	pub fn feeds(&mut self) -> Vec<Vec<u8>> {
		self.rounds += 1;
		let round = self.rounds % 7;
		let mut feeds = Vec::new();
		for (place, operator) in self.operators.iter().enumerate() {
			let points = 10_000 + place as u128 + round;
			let values: Vec<(u16, u128)> = SPOT
				.iter()
				.map(|(id, cents)| (*id, cents * (ONE / 100) / 10_000 * points))
				.collect();
			feeds.push(self.chain.signed(operator, &call(index::FEED_SPOT, values)));
		}
		feeds
	}

	/// Begins a block and feeds it.
	pub fn begin_with_prices(&mut self) -> Result<()> {
		self.chain.begin()?;
		for feed in self.feeds() {
			self.chain.apply(&feed)?;
		}
		Ok(())
	}

	fn block_with_prices(&mut self, calls: &[(&Actor, Vec<u8>)]) -> Result<()> {
		self.begin_with_prices()?;
		for (actor, call) in calls {
			let transaction = self.chain.signed(actor, call);
			self.chain.apply(&transaction)?;
		}
		self.chain.end()
	}
}

/// A smile at 65% of volatility, 2% of carry and 3% of interest: volatility, rho, psi, carry and rate at
/// each tenor, in 18 decimals.
fn surface() -> Vec<u8> {
	let decimal = |value: f64| (value * 1e9) as i128 * (ONE as i128 / 1_000_000_000);
	let tenor = |days: &u32| {
		let psi = 0.6 * 0.65 * (f64::from(*days) / 365.0).sqrt();
		[0.65, -0.3, psi, 0.02, 0.03].map(decimal).encode()
	};
	TENORS.iter().flat_map(tenor).collect()
}

/// A call within a call: already encoded.
struct Raw(Vec<u8>);

impl Encode for Raw {
	fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
		output.write(&self.0);
	}
}
