//! What happened on a walk, so that a walk on which nothing happens fails.

use ballast_runtime::{RuntimeCall, RuntimeEvent};
use frame_support::{dispatch::DispatchResult, traits::GetCallMetadata};
use std::{collections::BTreeMap, fmt};

/// Calls and events, counted.
#[derive(Default)]
pub struct Tally {
	/// Per call: sent, succeeded.
	calls: BTreeMap<String, (u64, u64)>,
	events: BTreeMap<&'static str, u64>,
}

impl Tally {
	/// Counts a call.
	pub fn count_call(&mut self, call: &RuntimeCall, outcome: &DispatchResult) {
		let of = call.get_call_metadata();
		let count = self.calls.entry(format!("{}.{}", of.pallet_name, of.function_name));
		let (sent, succeeded) = count.or_default();
		*sent += 1;
		*succeeded += u64::from(outcome.is_ok());
	}

	/// Counts an event, if it is of those that matter.
	pub fn count_event(&mut self, event: &RuntimeEvent) {
		if let Some(name) = name(event) {
			self.count(name);
		}
	}

	/// Counts something else.
	pub fn count(&mut self, name: &'static str) {
		*self.events.entry(name).or_default() += 1;
	}

	/// Adds another walk.
	pub fn add(&mut self, other: Self) {
		for (name, (sent, succeeded)) in other.calls {
			let sum = self.calls.entry(name).or_default();
			*sum = (sum.0 + sent, sum.1 + succeeded);
		}
		for (name, count) in other.events {
			*self.events.entry(name).or_default() += count;
		}
	}

	/// Calls sent.
	pub fn calls(&self) -> u64 {
		self.calls.values().map(|(sent, _)| sent).sum()
	}

	fn succeeded(&self) -> u64 {
		self.calls.values().map(|(_, succeeded)| succeeded).sum()
	}

	/// Enough calls succeed, those of everyday life do at least once, those that are not users'
	/// never, and everything that can happen to money has happened.
	pub fn assert_progress(&self) {
		let (sent, succeeded) = (self.calls(), self.succeeded());
		assert!(succeeded * 5 >= sent, "{succeeded} of {sent} calls succeeded");
		let succeeded = |name: &&&str| self.calls.get(**name).is_some_and(|(_, times)| *times > 0);
		let missing: Vec<_> = SUCCEED.iter().filter(|name| !succeeded(name)).collect();
		assert!(missing.is_empty(), "nobody succeeded with {missing:?}\n{self}");
		let forbidden: Vec<_> = NEVER.iter().filter(succeeded).collect();
		assert!(forbidden.is_empty(), "users succeeded with {forbidden:?}\n{self}");
		for (name, least) in LEAST {
			let count = self.events.get(name).copied().unwrap_or_default();
			assert!(count >= *least, "{name}: {count}, expected at least {least}\n{self}");
		}
	}
}

/// Calls that succeed at least once. What is not here the chain mostly does before anybody has to, or there
/// is seldom anything to do it with.
const SUCCEED: &[&str] = &[
	"Assets.transfer",
	"BlockTrades.accept",
	"BlockTrades.offer",
	"Liquidation.bid",
	"Margin.deposit",
	"Margin.deposit_collateral",
	"Margin.request_exercise",
	"Margin.secure_put",
	"Margin.set_transfer_permit",
	"Margin.settle",
	"Margin.transfer_positions",
	"Margin.withdraw",
	"Margin.withdraw_collateral",
	"OptionVaults.buy",
	"OptionVaults.cancel_deposit",
	"OptionVaults.cancel_withdrawal",
	"OptionVaults.claim",
	"OptionVaults.close_auction",
	"OptionVaults.close_vault",
	"OptionVaults.deposit",
	"OptionVaults.open_round",
	"OptionVaults.open_vault",
	"OptionVaults.request_withdrawal",
	"OptionVaults.schedule_terms",
	"OptionVaults.withdraw",
	"RiskParams.guard",
	"RiskParams.halt",
	"RiskParams.ramp",
	"RiskParams.set_cash_rules",
	"RiskParams.set_margin_rules",
	"RiskParams.set_underlying_risk",
	"RiskPool.buy",
	"RiskPool.cancel_deposit",
	"RiskPool.cancel_withdrawal",
	"RiskPool.deposit",
	"RiskPool.donate_insurance",
	"RiskPool.process_queue",
	"RiskPool.request_withdrawal",
	"RiskPool.sell",
];

/// Calls that no signed user may make.
const NEVER: &[&str] = &["Liquidation.liquidate_authorized", "Options.list_series"];

/// What must have happened, and how often at least, over the seeds of the ordinary run.
const LEAST: &[(&str, u64)] = &[
	("trades", 500),
	("auctions started", 8),
	("auctions ended", 8),
	("bids", 1),
	("takeovers", 1),
	("exercises", 1),
	("positions folded", 1),
	("claims paid", 1),
	("positions settled", 150),
	("positions delivered", 1),
	("series completed", 50),
	("deficits covered", 1),
	("losses borne", 1),
	("deposits priced", 50),
	("withdrawals paid", 1),
	("ticks refused", 10),
	("rounds begun", 12),
	("contracts sold", 8),
	("rounds settled", 6),
	("turns", 12),
	("vault withdrawals paid", 3),
	("days closed", 12),
	("ramps ended", 5),
	("guards ended", 5),
	("underlyings opened again", 2),
	("halts", 5),
	("epochs begun", 6),
];

fn name(event: &RuntimeEvent) -> Option<&'static str> {
	use pallet_liquidation::Event as Liquidation;
	use pallet_margin::Event as Margin;
	use pallet_option_vaults::Event as Vaults;
	use pallet_price_feed::Event as PriceFeed;
	use pallet_risk_params::Event as RiskParams;
	use pallet_risk_pool::Event as RiskPool;
	Some(match event {
		RuntimeEvent::PriceFeed(PriceFeed::DayClosed { .. }) => "days closed",
		RuntimeEvent::RiskParams(RiskParams::RampEnded { .. }) => "ramps ended",
		RuntimeEvent::RiskParams(RiskParams::GuardEnded { .. }) => "guards ended",
		RuntimeEvent::RiskParams(RiskParams::HaltEnded { .. }) => "underlyings opened again",
		RuntimeEvent::Margin(Margin::Traded { .. }) => "trades",
		RuntimeEvent::Margin(Margin::Exercised { .. }) => "exercises",
		RuntimeEvent::Margin(Margin::ExerciseLapsed { .. }) => "exercises lapsed",
		RuntimeEvent::Margin(Margin::PositionFolded { .. }) => "positions folded",
		RuntimeEvent::Margin(Margin::ClaimPaid { .. }) => "claims paid",
		RuntimeEvent::Margin(Margin::PositionDelivered { .. }) => "positions delivered",
		RuntimeEvent::Margin(Margin::InterestMarginPaid { .. }) => "interest margins paid",
		RuntimeEvent::Margin(Margin::PositionSettled { .. }) => "positions settled",
		RuntimeEvent::Margin(Margin::SeriesCompleted { .. }) => "series completed",
		RuntimeEvent::Margin(Margin::BankruptcyResolved { .. }) => "bankruptcies without auction",
		RuntimeEvent::Liquidation(Liquidation::LiquidationStarted { .. }) => "auctions started",
		RuntimeEvent::Liquidation(Liquidation::LiquidationResolved { .. }) => "resolved at once",
		RuntimeEvent::Liquidation(Liquidation::AuctionEnded { .. }) => "auctions ended",
		RuntimeEvent::Liquidation(Liquidation::BidAccepted { .. }) => "bids",
		RuntimeEvent::Liquidation(Liquidation::TakenOver { .. }) => "takeovers",
		RuntimeEvent::Liquidation(Liquidation::KeeperPaid { .. }) => "keepers paid",
		RuntimeEvent::RiskPool(RiskPool::DeficitCovered { .. }) => "deficits covered",
		RuntimeEvent::RiskPool(RiskPool::DeficitUncovered { .. }) => "deficits carried",
		RuntimeEvent::RiskPool(RiskPool::DeficitRepaid { .. }) => "deficits repaid",
		RuntimeEvent::RiskPool(RiskPool::LossBorne { .. }) => "losses borne",
		RuntimeEvent::RiskPool(RiskPool::DepositPriced { .. }) => "deposits priced",
		RuntimeEvent::RiskPool(RiskPool::WithdrawalPaid { .. }) => "withdrawals paid",
		RuntimeEvent::RiskPool(RiskPool::WaterfallFailed { .. }) => "waterfalls failed",
		RuntimeEvent::OptionVaults(Vaults::RoundOpened { .. }) => "rounds begun",
		RuntimeEvent::OptionVaults(Vaults::ContractsSold { .. }) => "contracts sold",
		RuntimeEvent::OptionVaults(Vaults::RoundSettled { .. }) => "rounds settled",
		RuntimeEvent::OptionVaults(Vaults::Turned { .. }) => "turns",
		RuntimeEvent::OptionVaults(Vaults::TermsChanged { .. }) => "terms changed",
		RuntimeEvent::OptionVaults(Vaults::WithdrawalPaid { .. }) => "vault withdrawals paid",
		RuntimeEvent::PriceFeed(PriceFeed::TickRefused { .. }) => "ticks refused",
		RuntimeEvent::PriceFeed(PriceFeed::TickFailed { .. }) => "ticks failed",
		RuntimeEvent::Session(pallet_session::Event::NewSession { .. }) => "epochs begun",
		_ => return None,
	})
}

impl fmt::Display for Tally {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let (sent, succeeded) = (self.calls(), self.succeeded());
		writeln!(f, "{sent} calls, {succeeded} succeeded")?;
		for (name, (sent, succeeded)) in &self.calls {
			writeln!(f, "  {name:<32} {succeeded:>6} of {sent:>6}")?;
		}
		for (name, count) in &self.events {
			writeln!(f, "  {name:<32} {count:>6}")?;
		}
		Ok(())
	}
}
