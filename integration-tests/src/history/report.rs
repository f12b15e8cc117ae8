//! What happened in a period, counted.

use super::people::Kind;
use ballast_primitives::Usd;
use ballast_runtime::{AccountId, RuntimeCall, RuntimeEvent};
use frame_support::{dispatch::DispatchResult, traits::GetCallMetadata};
use pallet_margin::IdentityReport;
use std::{
	collections::BTreeMap,
	fmt::{self, Write},
	time::Duration,
};

/// Blocks from failing to its auction that are told apart.
const DELAYS: usize = 5;

/// Counts and extremes of a period. Amounts are of the ledger.
#[derive(Default)]
pub struct Report {
	/// Which period.
	pub period: String,
	/// Accounts besides the chain's own.
	pub accounts: usize,
	/// Series listed, and the most that were alive at a time.
	pub series: u64,
	pub series_alive: usize,
	/// Blocks after which every identity was checked, and those after which every pallet was.
	pub blocks: u64,
	pub checked_everything: u64,
	/// Accounts that have opened a position before the first block.
	pub opened: u64,
	/// Per call: sent, succeeded.
	calls: BTreeMap<String, (u64, u64)>,
	/// Calls for which there was no room.
	pub turned_away: u64,
	/// Errors by call, in blocks and before the first of them.
	refused: [BTreeMap<String, u64>; 2],
	events: BTreeMap<&'static str, u64>,
	/// Auctions by blocks from failing to their start; the last stands for all later.
	delays: [u64; DELAYS],
	/// Most accounts that failed at the end of a block and were not under auction.
	pub failing_most: usize,
	/// Most auctions at a time.
	pub auctions_most: usize,
	/// The most at a time: notional of open interest, maintenance margin of all accounts but the chain's own,
	/// in dollars; series that the pool has options of.
	pub notional_most: f64,
	pub maintenance_most: f64,
	pub pool_legs_most: usize,
	/// Deficits: of what kind of account, how many, what was missing.
	deficits: BTreeMap<Option<Kind>, (u64, i128)>,
	/// What was missing, and who bore it: insurance fund, pool, nobody.
	missing: i128,
	borne: [i128; 3],
	repaid: i128,
	largest: i128,
	/// Largest residue of the money identity with the roundings it came from, least balance of the insurance
	/// fund, lowest deficit account, and that at the end.
	pub residue: (i128, u64),
	pub insurance_least: Option<Usd>,
	pub deficit_lowest: Usd,
	pub deficit_last: Usd,
	/// Time it took until the first block, and in all.
	pub prepared: Duration,
	pub took: Duration,
}

impl Report {
	/// Of a period in which nothing has happened yet.
	pub fn new(period: String, accounts: usize) -> Self {
		Self { period, accounts, ..Self::default() }
	}

	/// Counts a call.
	pub fn count_call(&mut self, call: &RuntimeCall, outcome: &DispatchResult) {
		let of = call.get_call_metadata();
		let name = format!("{}.{}", of.pallet_name, of.function_name);
		let (sent, succeeded) = self.calls.entry(name).or_default();
		*sent += 1;
		*succeeded += u64::from(outcome.is_ok());
		count_error(&mut self.refused[0], call, outcome);
	}

	/// Counts a call that was no valid transaction.
	pub fn count_invalid(&mut self, error: &'static str) {
		self.turned_away += 1;
		*self.refused[0].entry(error.into()).or_default() += 1;
	}

	/// Counts a call before the first block.
	pub fn count_opening(&mut self, call: &RuntimeCall, outcome: &DispatchResult) {
		count_error(&mut self.refused[1], call, outcome);
	}

	/// Counts an event.
	pub fn count_event(&mut self, event: &RuntimeEvent, kinds: &BTreeMap<AccountId, Kind>) {
		use pallet_risk_pool::Event as Pool;
		if let Some(name) = name(event) {
			*self.events.entry(name).or_default() += 1;
		}
		match event {
			RuntimeEvent::RiskPool(Pool::DeficitCovered {
				defaulter,
				deficit,
				insurance,
				pool,
				uncovered,
				..
			}) => {
				let missing = deficit.into_inner();
				let of_kind = self.deficits.entry(kinds.get(defaulter).copied()).or_default();
				*of_kind = (of_kind.0 + 1, of_kind.1 + missing);
				self.missing += missing;
				self.largest = self.largest.max(missing);
				for (sum, part) in self.borne.iter_mut().zip([insurance, pool, uncovered]) {
					*sum += part.into_inner();
				}
			}
			RuntimeEvent::RiskPool(Pool::DeficitRepaid { amount, .. }) => {
				self.repaid += amount.into_inner();
			}
			_ => {}
		}
	}

	/// Counts an auction that began so many blocks after its account failed.
	pub fn count_delay(&mut self, blocks: u32) {
		self.delays[(blocks as usize).min(DELAYS - 1)] += 1;
	}

	/// Notes the terms of the money identity after a block.
	pub fn note(&mut self, identity: &IdentityReport, insurance: Usd) {
		let residue = identity.residue.into_inner();
		if residue >= self.residue.0 {
			self.residue = (residue, identity.roundings);
		}
		self.insurance_least =
			Some(self.insurance_least.map_or(insurance, |least| least.min(insurance)));
		self.deficit_lowest = self.deficit_lowest.min(identity.deficit);
		self.deficit_last = identity.deficit;
	}

	/// What was missing was borne or is carried, and nothing else is: from events alone.
	pub fn check(&self) -> Result<(), String> {
		let borne: i128 = self.borne.iter().sum();
		let carried = self.repaid - self.borne[2];
		if borne != self.missing {
			return Err(format!("{} was missing, {borne} was borne", self.missing));
		}
		if carried != self.deficit_last.into_inner() {
			return Err(format!("{carried} is carried, {:?} is booked", self.deficit_last));
		}
		Ok(())
	}

	/// How often something of this name happened.
	pub fn happened(&self, name: &str) -> u64 {
		self.events.get(name).copied().unwrap_or_default()
	}

	/// Calls sent and calls that succeeded.
	pub fn calls(&self) -> (u64, u64) {
		self.calls.values().fold((0, 0), |sum, (sent, succeeded)| (sum.0 + sent, sum.1 + succeeded))
	}

	/// Deficits, and what was missing in all.
	pub fn deficits(&self) -> (u64, i128) {
		(self.deficits.values().map(|(count, _)| count).sum(), self.missing)
	}

	fn rows(&self) -> Vec<(&'static str, String)> {
		let happened = |name| self.happened(name).to_string();
		let (sent, succeeded) = self.calls();
		let (deficits, missing) = self.deficits();
		let [at_once, one, two, three, later] = self.delays;
		let kinds = self.deficits.iter().map(|(kind, (count, missing))| {
			let kind = kind.map_or("own".into(), |kind| format!("{kind:?}"));
			format!("{kind} {count} ({})", dollars(*missing))
		});
		let kinds: Vec<String> = kinds.collect();
		vec![
			("accounts, of which opened positions", format!("{}, {}", self.accounts, self.opened)),
			("series listed, most alive", format!("{}, {}", self.series, self.series_alive)),
			("blocks, each with all identities checked", self.blocks.to_string()),
			("of which with every pallet's state checked", self.checked_everything.to_string()),
			("calls, succeeded, turned away", format!("{sent}, {succeeded}, {}", self.turned_away)),
			("trades, of which between accounts", {
				format!("{}, {}", happened("trades"), happened("offers accepted"))
			}),
			("most open interest, maintenance margin", {
				format!("${:.0}, ${:.0}", self.notional_most, self.maintenance_most)
			}),
			("most series in the pool", self.pool_legs_most.to_string()),
			("exercises", happened("exercises")),
			("positions folded", happened("positions folded")),
			("positions settled, delivered", {
				format!("{}, {}", happened("positions settled"), happened("positions delivered"))
			}),
			("ticks refused by the band", happened("ticks refused")),
			("auctions started, ended", {
				format!("{}, {}", happened("auctions started"), happened("auctions ended"))
			}),
			("resolved without an auction", happened("resolved at once")),
			("blocks from failing to auction: 0, 1, 2, 3, more", {
				format!("{at_once}, {one}, {two}, {three}, {later}")
			}),
			("most failing and not yet under auction", self.failing_most.to_string()),
			("most auctions at a time", self.auctions_most.to_string()),
			(
				"bids, takeovers by the pool",
				format!("{}, {}", happened("bids"), happened("takeovers")),
			),
			("deficits", deficits.to_string()),
			("missing in all, at most in one", {
				format!("{}, {}", dollars(missing), dollars(self.largest))
			}),
			("borne by insurance fund, by pool, carried", {
				let [insurance, pool, uncovered] = self.borne.map(dollars);
				format!("{insurance}, {pool}, {uncovered}")
			}),
			("of whom", if kinds.is_empty() { "nobody".into() } else { kinds.join(", ") }),
			("lowest deficit account, last", {
				let last = self.deficit_last.into_inner();
				format!("{}, {}", dollars(self.deficit_lowest.into_inner()), dollars(last))
			}),
			("least insurance fund", {
				dollars(self.insurance_least.unwrap_or_default().into_inner())
			}),
			("largest residue, roundings then (1e-18 dollars)", {
				format!("{}, {}", self.residue.0, self.residue.1)
			}),
			("wall time, of which before the first block", {
				format!("{:.0} s, {:.0} s", self.took.as_secs_f64(), self.prepared.as_secs_f64())
			}),
		]
	}
}

/// An amount in dollars; what is less than a cent with its order of magnitude.
fn dollars(amount: i128) -> String {
	let value = amount as f64 / 1e18;
	if amount != 0 && value.abs() < 0.005 {
		return format!("${value:.0e}");
	}
	format!("${value:.2}")
}

/// Periods beside each other, in Markdown.
pub fn table(reports: &[Report]) -> String {
	let mut text = String::from("| |");
	for report in reports {
		write!(text, " {} |", report.period).expect("a string takes text");
	}
	text += "\n|---|";
	text += &"---|".repeat(reports.len());
	text.push('\n');
	let columns: Vec<_> = reports.iter().map(Report::rows).collect();
	for row in 0..columns.first().map_or(0, Vec::len) {
		write!(text, "| {} |", columns[0][row].0).expect("a string takes text");
		for column in &columns {
			write!(text, " {} |", column[row].1).expect("a string takes text");
		}
		text.push('\n');
	}
	text
}

impl fmt::Display for Report {
	/// Every call and event.
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		writeln!(f, "{}:", self.period)?;
		for (name, (sent, succeeded)) in &self.calls {
			writeln!(f, "  {name:<34} {succeeded:>6} of {sent:>6}")?;
		}
		for (name, count) in &self.events {
			writeln!(f, "  {name:<34} {count:>6}")?;
		}
		for (of, refused) in ["calls", "calls before the first block"].iter().zip(&self.refused) {
			writeln!(f, "  {of} refused:")?;
			for (name, count) in refused {
				writeln!(f, "    {name:<32} {count:>6}")?;
			}
		}
		Ok(())
	}
}

fn count_error(refused: &mut BTreeMap<String, u64>, call: &RuntimeCall, outcome: &DispatchResult) {
	if let Err(error) = outcome {
		let error: &str = (*error).into();
		let call = call.get_call_metadata().function_name;
		*refused.entry(format!("{call}: {error}")).or_default() += 1;
	}
}

fn name(event: &RuntimeEvent) -> Option<&'static str> {
	use pallet_liquidation::Event as Liquidation;
	use pallet_margin::Event as Margin;
	use pallet_price_feed::Event as PriceFeed;
	use pallet_risk_pool::Event as RiskPool;
	Some(match event {
		RuntimeEvent::Margin(Margin::Traded { .. }) => "trades",
		RuntimeEvent::Margin(Margin::Exercised { .. }) => "exercises",
		RuntimeEvent::Margin(Margin::ExerciseLapsed { .. }) => "exercises lapsed",
		RuntimeEvent::Margin(Margin::PositionFolded { .. }) => "positions folded",
		RuntimeEvent::Margin(Margin::PositionSettled { .. }) => "positions settled",
		RuntimeEvent::Margin(Margin::PositionDelivered { .. }) => "positions delivered",
		RuntimeEvent::Margin(Margin::SeriesCompleted { .. }) => "series completed",
		RuntimeEvent::Margin(Margin::BankruptcyResolved { .. }) => "bankruptcies without auction",
		RuntimeEvent::BlockTrades(pallet_block_trades::Event::OfferAccepted { .. }) => {
			"offers accepted"
		}
		RuntimeEvent::Liquidation(Liquidation::LiquidationStarted { .. }) => "auctions started",
		RuntimeEvent::Liquidation(Liquidation::LiquidationResolved { .. }) => "resolved at once",
		RuntimeEvent::Liquidation(Liquidation::AuctionEnded { .. }) => "auctions ended",
		RuntimeEvent::Liquidation(Liquidation::BidAccepted { .. }) => "bids",
		RuntimeEvent::Liquidation(Liquidation::TakenOver { .. }) => "takeovers",
		RuntimeEvent::RiskPool(RiskPool::DeficitUncovered { .. }) => "deficits carried",
		RuntimeEvent::RiskPool(RiskPool::WaterfallFailed { .. }) => "waterfalls failed",
		RuntimeEvent::PriceFeed(PriceFeed::TickRefused { .. }) => "ticks refused",
		RuntimeEvent::PriceFeed(PriceFeed::TickFailed { .. }) => "ticks failed",
		RuntimeEvent::Session(pallet_session::Event::NewSession { .. }) => "epochs begun",
		_ => return None,
	})
}
