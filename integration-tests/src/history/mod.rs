//! Days of a market with many accounts: people trade on real prices, some fail, auctions run. After every
//! block the money identity and the open interest of every series are checked.
//!
//! A block stands for half an hour of market time, and operators feed its last close, with implied volatility
//! modelled from the closes before it. So whoever fails is sold half an hour later, at the next
//! close, where the chain would need one block of three seconds. The weight of a block is counted anew when
//! it is full, up to [`REFILLS`] times: half an hour of the chain is 600 blocks.
//!
//! Positions of the first day are opened through the pallets' calls, signed, between two blocks: with every
//! check, without weight limit. From then on all calls are transactions in blocks.

mod actions;
mod candles;
mod implied;
mod listing;
mod people;
mod report;
mod trading;

pub use candles::{Closes, Period, BLOCK};
pub use listing::Listed;
pub use people::Kind;
pub use report::{table, Report};

use self::{implied::Implied, people::Person};
use crate::{
	calls::{BTC, ETH},
	checks, Env, Random,
};
use ballast_primitives::{AccountStatus, Moment, Price, UnderlyingId, Usd};
use ballast_runtime::{
	genesis::assets::{self, TestAsset},
	AccountId, BlockNumber, Margin, Options, RiskPool, Runtime, RuntimeEvent,
};
use ballast_traits::{InspectAccounts, InspectSeries};
use pallet_liquidation::Auctions;
use std::{collections::BTreeMap, time::Instant};

/// How often a full block is filled again.
const REFILLS: u32 = 20;
/// Blocks before the first close of the period.
const BEFORE: BlockNumber = 10;
/// Blocks between two listings, and between two looks at the state of every pallet.
const LISTING_EVERY: usize = 12;
const EVERYTHING_EVERY: usize = 48;
/// Accounts that `on_idle` looks at per block.
const IDLE_CHECKS: u32 = 20;

/// How many there are of everything.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
	/// Accounts.
	pub accounts: usize,
	/// Live series, about.
	pub series: usize,
	/// Days to the expiries that are listed, at least; none: the next one.
	pub expiries: &'static [u64],
	/// People who do something in each block.
	pub calls: u64,
	/// Of a thousand auctions so many are looked at by bidders in a block.
	pub attention: u64,
	/// Blocks, at most.
	pub blocks: usize,
	/// Makes everything that is random.
	pub seed: u64,
}

/// A market as it goes.
pub(crate) struct Market {
	id: UnderlyingId,
	asset: TestAsset,
	strike_step: f64,
	/// Contracts.
	quantity_step: f64,
	spot: f64,
	implied: Implied,
	silent: bool,
}

impl Market {
	fn new(id: UnderlyingId, spot: f64) -> Self {
		let (asset, strike_step, quantity_step, level) = match id {
			BTC => (assets::BTC, 250.0, 0.01, 0.65),
			ETH => (assets::ETH, 5.0, 0.01, 0.75),
			_ => (assets::DOT, 0.1, 1.0, 0.85),
		};
		let implied = Implied::new(level, spot);
		Self { id, asset, strike_step, quantity_step, spot, implied, silent: false }
	}
}

/// A chain on which a period is gone through.
struct History {
	plan: Plan,
	env: Env,
	random: Random,
	markets: Vec<Market>,
	people: Vec<Person>,
	kinds: BTreeMap<AccountId, Kind>,
	live: Vec<Listed>,
	/// Accounts that fail and are not under auction, since which block.
	failing: BTreeMap<AccountId, BlockNumber>,
	/// Accounts between maintenance and initial margin, with the latter.
	below_initial: Vec<(AccountId, Usd)>,
	/// Whether blocks carry what people do; before that it is dispatched between two blocks.
	begun: bool,
	report: Report,
}

/// Goes through a period. An error says after which block what did not hold.
pub fn run(period: &Period, plan: Plan) -> Result<Report, String> {
	let began = Instant::now();
	let mut history = History::new(period, plan)?;
	history.report.prepared = began.elapsed();
	let blocks = period.blocks().min(plan.blocks);
	for block in 1..blocks {
		history.block(period, block).map_err(|broken| {
			let number = history.env.number();
			format!("{}, close {block} (block {number}): {broken}", period.name)
		})?;
		if block.is_multiple_of(EVERYTHING_EVERY) {
			let seconds = began.elapsed().as_secs();
			eprintln!("{}: {block} of {blocks} blocks in {seconds} s", period.name);
		}
	}
	history.check_everything()?;
	history.report.check()?;
	history.report.took = began.elapsed();
	Ok(history.report)
}

impl History {
	/// A chain at the first close, on which everybody has opened positions.
	fn new(period: &Period, plan: Plan) -> Result<Self, String> {
		let first = |market: &Closes| -> Result<Market, String> {
			let close = market.closes.first().copied().flatten();
			Ok(Market::new(market.id, close.ok_or("a period begins with a close of each market")?))
		};
		let markets = period.markets.iter().map(first).collect::<Result<Vec<_>, String>>()?;
		let mut history = Self {
			plan,
			env: Env::replay(period.begins - Moment::from(BEFORE) * BLOCK),
			random: Random::new(plan.seed),
			markets,
			people: Vec::new(),
			kinds: BTreeMap::new(),
			live: Vec::new(),
			failing: BTreeMap::new(),
			below_initial: Vec::new(),
			begun: false,
			report: Report::new(period.name.clone(), plan.accounts),
		};
		history.env.checked = false;
		history.env.refills = REFILLS;
		history.env.feeds.skewed = true;
		history.feed();
		history.env.blocks(1);
		history.env.raise_idle_checks(IDLE_CHECKS);
		history.populate();
		history.fund();
		let left = BEFORE - history.env.number();
		history.env.blocks(left);
		history.list();
		history.report.series_alive = history.live.len();
		history.open();
		history.begun = true;
		history.check_everything()?;
		Ok(history)
	}

	/// Tells operators what there is.
	fn feed(&mut self) {
		for market in &self.markets {
			let price = Price::from_inner((market.spot * 1e6).round() as u128 * 10u128.pow(12));
			self.env.feeds.set(market.id, price);
			self.env.feeds.set_term_structure(market.id, market.implied.term_structure());
		}
	}

	/// One block at one close.
	fn block(&mut self, period: &Period, block: usize) -> Result<(), String> {
		self.step(period, block);
		if block.is_multiple_of(LISTING_EVERY) {
			self.list();
			self.report.series_alive = self.report.series_alive.max(self.live.len());
		}
		self.env.begin();
		for (call, outcome) in &self.env.included {
			if matches!(call, ballast_runtime::RuntimeCall::Liquidation(_)) {
				self.report.count_call(call, outcome);
			}
		}
		self.act();
		self.env.end();
		self.look()?;
		self.report.blocks += 1;
		if block.is_multiple_of(EVERYTHING_EVERY) {
			self.check_everything()?;
		}
		Ok(())
	}

	/// Every pallet's own checks, and what holds between them.
	fn check_everything(&mut self) -> Result<(), String> {
		self.report.checked_everything += 1;
		self.env.execute(|| checks::check_all(true))
	}

	/// Moves the markets to a close; where there is none operators fall silent.
	fn step(&mut self, period: &Period, block: usize) {
		for (market, closes) in self.markets.iter_mut().zip(&period.markets) {
			let close = closes.closes.get(block).copied().flatten();
			market.implied.step(BLOCK as f64, close);
			market.spot = close.unwrap_or(market.spot);
			if close.is_none() && !market.silent {
				self.env.feeds.silence(market.id);
			} else if close.is_some() && market.silent {
				self.env.feeds.resume(market.id);
			}
			market.silent = close.is_none();
		}
		self.feed();
	}

	/// What holds after a block, and who stands how.
	fn look(&mut self) -> Result<(), String> {
		for event in self.env.events() {
			self.report.count_event(&event, &self.kinds);
			self.note_start(&event);
		}
		let identity = self.env.execute(checks::check_identities)?;
		let insurance = self.env.execute(|| Margin::cash(&RiskPool::own_accounts().insurance));
		self.report.note(&identity, insurance);
		self.measure();
		self.judge();
		Ok(())
	}

	/// How much there is.
	fn measure(&mut self) {
		let (legs, open) = self.env.execute(|| {
			let legs = Margin::positions(&RiskPool::own_accounts().pool).len();
			let open = |listed: &Listed| {
				(listed.underlying, Options::open_interest(listed.id).into_inner() as f64 / 1e18)
			};
			(legs, self.live.iter().map(open).collect::<Vec<_>>())
		});
		let spot = |id| {
			let market = self.markets.iter().find(|market| market.id == id);
			market.map_or(0.0, |market| market.spot)
		};
		let notional: f64 = open.into_iter().map(|(id, open)| open * spot(id)).sum();
		self.report.notional_most = self.report.notional_most.max(notional);
		self.report.pool_legs_most = self.report.pool_legs_most.max(legs);
	}

	/// Counts how long after it failed an account was dealt with.
	fn note_start(&mut self, event: &RuntimeEvent) {
		use pallet_liquidation::Event as Liquidation;
		if let RuntimeEvent::Liquidation(Liquidation::LiquidationStarted { account, .. }) = event {
			let number = self.env.number();
			let since = self.failing.remove(account).unwrap_or(number);
			self.report.count_delay(number - since);
		}
	}

	/// Looks at the health of everybody.
	fn judge(&mut self) {
		let (healths, auctions) = self.env.undone(|| {
			let own = RiskPool::own_accounts();
			let own = [own.pool, own.insurance, own.queue];
			let keys = pallet_margin::Accounts::<Runtime>::iter_keys();
			let keys: Vec<AccountId> = keys.filter(|who| !own.contains(who)).collect();
			let healths = Margin::healths(&keys);
			let healths: Vec<_> = keys.into_iter().zip(healths).collect();
			let auctions: Vec<AccountId> = Auctions::<Runtime>::iter_keys().collect();
			(healths, auctions)
		});
		let number = self.env.number();
		let mut failing = BTreeMap::new();
		let mut maintenance = 0.0;
		self.below_initial.clear();
		for (who, health) in healths {
			let Ok(health) = health else { continue };
			maintenance += health.maintenance.into_inner() as f64 / 1e18;
			match health.status {
				AccountStatus::Liquidatable | AccountStatus::Bankrupt => {
					if !auctions.contains(&who) {
						let since = self.failing.get(&who).copied().unwrap_or(number);
						failing.insert(who, since);
					}
				}
				AccountStatus::BelowInitial => self.below_initial.push((who, health.initial)),
				AccountStatus::Safe | AccountStatus::Unknown => {}
			}
		}
		self.failing = failing;
		self.report.maintenance_most = self.report.maintenance_most.max(maintenance);
		self.report.failing_most = self.report.failing_most.max(self.failing.len());
		self.report.auctions_most = self.report.auctions_most.max(auctions.len());
	}
}
