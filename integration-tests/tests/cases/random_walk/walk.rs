//! A chain on which everything is random but made by one seed.

use super::tally::Tally;
use ballast_integration_tests::{
	calls::{deposit, dollars, pool_deposit, BTC, DOT, ETH},
	checks,
	env::is_full,
	Actor, Env, Random,
};
use ballast_primitives::{
	Moment, OptionKind, Price, SeriesId, Settlement, Style, UnderlyingId, Usd, Volatility,
};
use ballast_runtime::{genesis::accounts, AccountId, Liquidation, Runtime, RuntimeCall};
use frame_support::dispatch::DispatchResult;
use std::collections::BTreeMap;

/// Blocks of a walk: four days and a half of market time, four expiries, the end of an epoch.
const BLOCKS: u32 = 215;
/// Calls per block, at most.
const CALLS_MAX: u64 = 18;
/// The pool's cooldown: a day and three quarters, so that withdrawals are paid on the walk.
const COOLDOWN: Moment = 151_200;
/// Blocks of a thousand in which governance does something.
const GOVERNED: u64 = 250;
/// Blocks between two listings: half a day.
const LISTING_EVERY: u32 = 24;
/// Blocks in which a failing account must be under auction, worker or not: there are few enough
/// accounts for two passes of `on_idle`, and one block may begin an epoch.
const UNNOTICED_MAX: u32 = 5;
/// Accounts that `on_idle` looks at per block.
const IDLE_CHECKS: u32 = 20;
/// What the pool begins with.
const POOL: i64 = 3_000_000;

/// A market: its start, and where it is.
pub struct Market {
	pub id: UnderlyingId,
	start: f64,
	pub spot: f64,
	step: f64,
	silent_until: u32,
}

/// A walk.
pub struct Walk {
	seed: u64,
	pub env: Env,
	pub random: Random,
	pub actors: Vec<Actor>,
	pub markets: [Market; 3],
	/// Series that were listed and have not expired yet.
	pub live: Vec<(SeriesId, UnderlyingId, Moment)>,
	unnoticed: BTreeMap<AccountId, u32>,
	tally: Tally,
}

impl Walk {
	/// The walk of a seed, at its begin.
	pub fn new(seed: u64) -> Self {
		let named = accounts::ACTORS.iter().map(Actor::named);
		let well_known = ["//Alice", "//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie"];
		let actors: Vec<Actor> = named.chain(well_known.map(Actor::at)).collect();
		let market = |id, start, step| Market { id, start, spot: start, step, silent_until: 0 };
		let mut walk = Self {
			seed,
			env: Env::development(),
			random: Random::new(seed),
			actors,
			markets: [market(BTC, 8_000.0, 250.0), market(ETH, 200.0, 5.0), market(DOT, 4.0, 0.1)],
			live: Vec::new(),
			unnoticed: BTreeMap::new(),
			tally: Tally::default(),
		};
		walk.env.feeds.skewed = true;
		walk.env.blocks(1);
		walk.env.raise_idle_checks(IDLE_CHECKS);
		walk.env.shorten_cooldown(COOLDOWN);
		let provider = walk.actors[0].clone();
		walk.env.block_ok(vec![
			(&provider, deposit(dollars(20_000_000))),
			(&provider, pool_deposit(Usd::from_int(POOL))),
		]);
		walk
	}

	/// Walks to the end.
	pub fn run(mut self) -> Tally {
		for block in 0..BLOCKS {
			if block % LISTING_EVERY == 0 {
				self.list();
			}
			if self.random.per_mille(20) {
				self.env.workers = self.random.per_mille(600);
			}
			self.move_markets(block);
			self.env.begin();
			if self.random.per_mille(GOVERNED) {
				self.govern();
			}
			for _ in 0..self.random.below(CALLS_MAX + 1) {
				let (actor, call) = self.action();
				self.send(&actor, call);
			}
			self.end_block();
		}
		self.tally
	}

	/// Sends a call, in the next block if there is no room in this one.
	fn send(&mut self, actor: &Actor, call: RuntimeCall) {
		let mut result = self.env.try_call(actor, 0, call.clone());
		// A block, then perhaps an epoch's first.
		for _ in 0..2 {
			if is_full(&result) {
				self.end_block();
				self.env.begin();
				result = self.env.try_call(actor, 0, call.clone());
			}
		}
		let outcome = result.unwrap_or_else(|error| panic!("{} {call:?}: {error:?}", self.seed));
		self.after(&call, &outcome);
	}

	/// Counts a call, and checks what it has left.
	pub(super) fn after(&mut self, call: &RuntimeCall, outcome: &DispatchResult) {
		self.tally.count_call(call, outcome);
		let checked = self.env.execute(checks::check_ledgers);
		if let Err(broken) = checked {
			let block = self.env.number();
			panic!("seed {}, block {block}: {broken}\nafter {call:?} = {outcome:?}", self.seed);
		}
	}

	fn end_block(&mut self) {
		self.env.end();
		for event in self.env.events() {
			self.tally.count_event(&event);
		}
		let now = self.env.now();
		self.live.retain(|(_, _, expiry)| *expiry > now);
		self.check_that_failing_accounts_are_found();
	}

	/// Nobody fails for long without an auction.
	fn check_that_failing_accounts_are_found(&mut self) {
		let failing = self.env.undone(|| Liquidation::candidates(u32::MAX));
		self.unnoticed.retain(|who, _| failing.contains(who));
		for who in failing {
			let blocks = self.unnoticed.entry(who.clone()).or_default();
			*blocks += 1;
			assert!(*blocks <= UNNOTICED_MAX, "seed {}: nobody has noticed {who}", self.seed);
		}
	}

	/// Moves prices and volatilities; now and then one falls silent, or operators are missing.
	fn move_markets(&mut self, block: u32) {
		for place in 0..self.markets.len() {
			let random = &mut self.random;
			let market = &mut self.markets[place];
			let noise = (random.unit() + random.unit() + random.unit() - 1.5) * 0.03;
			let jump = if random.per_mille(35) {
				let size = 0.08 + 0.45 * random.unit();
				if random.per_mille(500) {
					size
				} else {
					-size
				}
			} else {
				0.0
			};
			let pull = (market.start / market.spot).ln() * 0.01;
			let limits = (market.start / 4.0, market.start * 4.0);
			let moved = market.spot * (noise + jump + pull).exp();
			market.spot = moved.clamp(limits.0, limits.1);
			self.env
				.feeds
				.set(market.id, Price::from_inner((market.spot * 1e4) as u128 * 10u128.pow(14)));
			if random.per_mille(8) && market.silent_until <= block {
				market.silent_until = block + random.between(2, 12) as u32;
				self.env.feeds.silence(market.id);
				self.tally.count("halts");
			} else if market.silent_until == block {
				self.env.feeds.resume(market.id);
			}
			if random.per_mille(20) {
				let volatility = Volatility::from_percent(random.between(35, 180) as u32);
				self.env.feeds.set_volatility(market.id, volatility);
			}
		}
		self.env.feeds.active =
			if self.random.per_mille(40) { self.random.below(5) as usize } else { 5 };
	}

	/// Lists a call and a put around spot for the next days' expiries, at spot American ones too while
	/// there is room for them.
	fn list(&mut self) {
		for days in [0, 1, 6] {
			let expiry = self.env.expiry_in(days);
			for place in 0..self.markets.len() {
				let (id, spot, step) = {
					let market = &self.markets[place];
					(market.id, market.spot, market.step)
				};
				for distance in [0.9, 1.0, 1.1] {
					let steps = (spot * distance / step).round().max(1.0) as u128;
					let strike = steps * (step * 1e3) as u128 * 10u128.pow(15);
					for kind in [OptionKind::Call, OptionKind::Put] {
						let strike = Price::from_inner(strike);
						let cash = Settlement::Cash;
						self.list_one(id, kind, (Style::European, cash), strike, expiry);
						// In the money, so that it is worth exercising.
						let worth = if kind == OptionKind::Call { 0.9 } else { 1.1 };
						if distance == worth {
							self.list_one(id, kind, (Style::American, cash), strike, expiry);
						}
						if distance == 1.1 && kind == OptionKind::Call {
							let in_kind = (Style::European, Settlement::InKind);
							self.list_one(id, kind, in_kind, strike, expiry);
						}
					}
				}
			}
		}
	}

	/// Lists a series unless there is one with these terms.
	fn list_one(
		&mut self,
		underlying: UnderlyingId,
		kind: OptionKind,
		(style, settlement): (Style, Settlement),
		strike: Price,
		expiry: Moment,
	) {
		let terms = pallet_options::Terms { underlying, kind, style, settlement, strike, expiry };
		let find = || pallet_options::SeriesByTerms::<Runtime>::get(terms);
		if self.env.execute(find).is_some() {
			return;
		}
		let call = pallet_options::Call::list_series {
			underlying,
			kind,
			style,
			settlement,
			strike,
			expiry,
		};
		// The market may have moved beyond ten times a strike that is no longer wanted.
		if self.env.try_root(call.into()).is_ok() {
			let id = self.env.execute(find).expect("listed");
			self.live.push((id, underlying, expiry));
		}
	}
}
