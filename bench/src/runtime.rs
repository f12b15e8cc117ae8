//! The hot paths of the real runtime, over a state in memory.

use crate::{
	market::{Market, SERIES},
	measure::Clock,
	table::{Row, Table},
	Result,
};
use parity_scale_codec::Encode;
use std::cell::RefCell;

/// What is asked of the runtime: name of the row, function.
const QUESTIONS: [(&str, &str); 6] = [
	("account health, 32 legs", "MarginApi_health"),
	("requirement of the account, with its terms", "MarginApi_requirement"),
	("explanation of the account", "MarginApi_explain"),
	("quote of the pool", "PoolApi_quote"),
	("value and capital of the pool, 32 legs", "PoolApi_pool"),
	("candidates for liquidation", "LiquidationApi_candidates"),
];
/// The rows of transactions.
const NOTHING: &str = "transaction that does nothing, signature included";
const FEED: &str = "  less that: feed of an operator, 3 prices";
const TICKS: &str = "  less that: 3 ticks of 5 operators are accepted";
const TRADE: &str = "  less that: trade with the pool, both 32 legs";
/// The row of what is subtracted.
const CALL: &str = "a call that does nothing (not subtracted)";

/// Times what a node asks of the runtime and what a block consists of, for an account with 32 positions.
pub fn hot_paths(clock: &Clock, wanted: &str, table: &mut Table) -> Result<()> {
	let code = ballast_runtime_wasm::WASM_BINARY.ok_or("built without the runtime's Wasm")?;
	let rows = [CALL, NOTHING, FEED, TICKS, TRADE];
	let mut rows = rows.into_iter().chain(QUESTIONS.map(|(name, _)| name));
	if !rows.any(|name| name.contains(wanted)) {
		return Ok(());
	}
	let paths = Paths { clock, wanted, market: RefCell::new(Market::open(code)?) };
	table.head("runtime, state in memory; less a call that does nothing");
	let nothing = paths.function("Core_version", &[])?;
	paths.questions(nothing, table)?;
	paths.transactions(nothing, table)
}

struct Paths<'a> {
	clock: &'a Clock,
	wanted: &'a str,
	market: RefCell<Market>,
}

impl Paths<'_> {
	/// Nanoseconds of one call of a function, everything included.
	fn function(&self, function: &str, argument: &[u8]) -> Result<f64> {
		let mut market = self.market.borrow_mut();
		let fastest =
			self.clock.per_run(|| Ok(()), || market.chain.ask(function, argument), || Ok(()))?;
		Ok(fastest.nanoseconds)
	}

	fn add(&self, table: &mut Table, name: &str, nanoseconds: f64) {
		if name.contains(self.wanted) {
			table.add(Row { name: name.into(), native: None, wasm: nanoseconds, goal: None });
		}
	}

	/// What wallets and offchain workers ask.
	fn questions(&self, nothing: f64, table: &mut Table) -> Result<()> {
		self.add(table, CALL, nothing);
		let who = self.market.borrow().trader.account().encode();
		let quote = (1u32, 1_000_000_000_000_000_000i128).encode();
		for (name, function) in QUESTIONS {
			let argument = match function {
				"PoolApi_quote" => quote.clone(),
				"PoolApi_pool" => Vec::new(),
				"LiquidationApi_candidates" => 1u32.encode(),
				_ => who.clone(),
			};
			if function != "LiquidationApi_candidates" {
				self.market.borrow_mut().chain.ask_ok(function, &argument)?;
			}
			self.add(table, name, self.function(function, &argument)? - nothing);
		}
		Ok(())
	}

	/// What a block consists of. Each is applied to the same state and taken back.
	fn transactions(&self, nothing: f64, table: &mut Table) -> Result<()> {
		let mut market = self.market.borrow_mut();
		market.chain.begin()?;
		let feeds = market.feeds();
		let (first, rest) = feeds.split_first().ok_or("there are no operators")?;
		let feed = self.transaction(&mut market, first)?;
		market.chain.apply(first)?;
		for feed in rest {
			market.chain.apply(feed)?;
		}
		// The first transaction that is not a feed takes the block's prices.
		let remark = market.nothing();
		let with_ticks = self.transaction(&mut market, &remark)?;
		market.chain.apply(&remark)?;
		let remark = market.nothing();
		let without = self.transaction(&mut market, &remark)?;
		market.chain.apply(&remark)?;
		let trader = market.trader.clone();
		let trade = market.trade_of(SERIES - 1);
		let trade = market.chain.signed(&trader, &trade);
		let trade = self.transaction(&mut market, &trade)?;
		drop(market);
		self.add(table, NOTHING, without - nothing);
		self.add(table, FEED, feed - without);
		self.add(table, TICKS, with_ticks - without);
		self.add(table, TRADE, trade - without);
		Ok(())
	}

	fn transaction(&self, market: &mut Market, transaction: &[u8]) -> Result<f64> {
		let chain = RefCell::new(&mut market.chain);
		let fastest = self.clock.per_run(
			|| {
				chain.borrow_mut().mark();
				Ok(())
			},
			|| chain.borrow_mut().apply(transaction),
			|| chain.borrow_mut().back(),
		)?;
		Ok(fastest.nanoseconds)
	}
}
