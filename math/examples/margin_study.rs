//! What the margin costs and what it buys, beside other venues' published models.
//!
//! ```text
//! cargo run --release -p ballast-math --example margin_study -- [DIR [--every]]
//! ```
//!
//! 1. *Capital.* Twelve standard portfolios in a calm market (implied and realised volatility of 50, 65 and
//!    80% for BTC, ETH and DOT at every tenor and strike): the equity, options at their mark, that an account
//!    must have to open (and to keep), in per cent of spot.
//! 2. *Safety*, with a folder of candles (`DIR/stress/` or `DIR`: `PERIOD_NAME_STEP.csv` of lines
//!    `seconds,open,high,low,close`; others are passed over). Every whole hour each portfolio is opened with
//!    exactly its initial margin. A breach of maintenance margin is seen at a five-minute close (a half-hourly
//!    one where candles are no shorter), and the account is sold a quarter of an hour later (at the next close):
//!    it is bankrupt if its equity is below zero at that close, and at the worst price of that candle.
//!    Volatility is modelled (`history.rs`), and the scan ranges follow from it and from the candles as on the chain.
//!    A requirement is computed where the market has moved enough for it to matter, or with `--every` at every
//!    close: the same tables, in a multiple of the time. No market impact, no fees, no bidder's compensation.
//!
//! The chain's own requirement is the library's, at the start values. Floating point reads, simulates the
//! implied volatility, adds cash and prints.

#[path = "margin_study/capital.rs"]
mod capital;
#[path = "margin_study/defaults.rs"]
mod defaults;
#[path = "margin_study/fit.rs"]
mod fit;
#[path = "margin_study/history.rs"]
mod history;
#[path = "margin_study/number.rs"]
mod number;
#[path = "margin_study/portfolios.rs"]
mod portfolios;
#[path = "margin_study/replay.rs"]
mod replay;
#[path = "margin_study/safety.rs"]
mod safety;
#[path = "margin_study/table.rs"]
mod table;
#[path = "margin_study/venues.rs"]
mod venues;

use number::Failure;
use replay::Looks;
use std::{env, path::Path};
use venues::{Own, Tables, Venue};

fn main() -> Result<(), Failure> {
	let tables = Tables::new()?;
	let scenarios = defaults::scenarios()?;
	let own = Own {
		scenarios: &scenarios,
		shock: defaults::shock()?,
		contingencies: defaults::contingencies()?,
		horizon: 0,
	};
	let mut venues = vec![("Ballast", Venue::Own(own))];
	venues.extend(tables.models()?);
	capital::print(&venues)?;
	capital::print_parts(&own, &defaults::RISKS[0])?;
	let Some(dir) = env::args().nth(1) else { return Ok(()) };
	let scan = Own { contingencies: defaults::shorts_only()?, ..own };
	let variants = [
		("Ballast", Venue::Own(own)),
		("Ballast, scan and short contingency alone", Venue::Own(scan)),
		("... and a horizon of 15 minutes", Venue::Own(Own { horizon: 1, ..scan })),
	];
	let every = env::args().nth(2).is_some_and(|argument| argument == "--every");
	let looks = if every { Looks::Every } else { Looks::Needed };
	safety::print(Path::new(&dir), looks, &venues, &variants)
}
