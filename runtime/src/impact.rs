//! What new thresholds would mean for the accounts there are: the dry run of a proposal before the vote.
//!
//! The thresholds are put in force in a transaction that is rolled back, so requirements are computed as they
//! would be then, by the code that computes them always.

use crate::{configs::clearing::OwnAccounts, AccountId, Margin, Options, PriceFeed, RiskParams};
use alloc::{collections::BTreeMap, vec::Vec};
use ballast_primitives::{AccountHealth, AccountStatus, SeriesId, UnderlyingId, Usd};
use ballast_traits::{InspectAccounts, InspectMarket, InspectSeries};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::Contains,
};
use pallet_risk_params::{Proposal, Refusal};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, DispatchError};

/// Accounts that are looked at per page, at most.
pub const PAGE_MAX: u32 = 10_000;
/// Accounts that are valued at a time.
const BATCH: usize = 64;

/// Some accounts, and how much they have at stake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Tally {
	/// How many.
	pub accounts: u32,
	/// Their contracts, long and short, times spot; rounded down. Covered ones too.
	pub notional: Usd,
}

/// How accounts stand under some thresholds, at the prices of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Standings {
	/// Equity below initial margin: they may open nothing more. Those below are among them.
	pub below_initial: Tally,
	/// Equity below maintenance margin: they may be liquidated. Those below are among them.
	pub below_maintenance: Tally,
	/// Equity below nothing.
	pub bankrupt: Tally,
	/// Neither certainly below maintenance margin nor certainly not: a price is not usable.
	pub unknown: Tally,
}

/// What a proposal would mean for a page of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Impact {
	/// Accounts looked at: all of the page but those of the chain itself, which are never liquidated.
	pub examined: u32,
	/// Those among them whose value cannot be computed; they are in no tally.
	pub failed: u32,
	/// The last account of the page, to be given as `after` for the next one; `None` if it was the last
	/// page. Tallies of pages add up.
	pub next: Option<AccountId>,
	/// Now, with scan ranges and ramps where they are.
	pub now: Standings,
	/// If nothing is changed, once scan ranges and ramps are where they are going.
	pub unchanged: Standings,
	/// If the proposal is enacted, once scan ranges and ramps are where they would be going then. Its own
	/// part is the difference from `unchanged`.
	pub proposed: Standings,
}

sp_api::decl_runtime_apis! {
	/// What new thresholds would mean for the accounts there are.
	pub trait RiskImpactApi {
		/// Whether a value of a group would be accepted now, and how many accounts and how much notional would
		/// be under margin with it, at the prices of now and once every ramp has ended.
		///
		/// Looks at `limit` accounts (10,000 at most) after the one that is named. Nothing is changed.
		fn impact(
			proposal: Proposal,
			after: Option<AccountId>,
			limit: u32,
		) -> Result<Impact, Refusal>;
	}
}

/// See [`RiskImpactApi`].
pub fn impact(
	proposal: &Proposal,
	after: Option<AccountId>,
	limit: u32,
) -> Result<Impact, Refusal> {
	RiskParams::check(proposal)?;
	let (page, next) = page(after, limit.min(PAGE_MAX));
	let accounts = Accounts::new(page);
	// What is computed on the way is stored for the next account, but not for good.
	let now = undone(|| accounts.standings());
	let (unchanged, _) = undone(|| accounts.ahead(None));
	let (proposed, failed) = undone(|| accounts.ahead(Some(proposal)));
	let examined = u32::try_from(accounts.all.len()).unwrap_or(u32::MAX);
	Ok(Impact { examined, failed: failed.max(now.1), next, now: now.0, unchanged, proposed })
}

/// Looks at something as it would be, and leaves no trace.
fn undone<R>(look: impl FnOnce() -> R) -> R {
	let mut seen = None;
	let rolled_back: Result<(), DispatchError> = with_transaction(|| {
		seen = Some(look());
		TransactionOutcome::Rollback(Ok(()))
	});
	debug_assert!(rolled_back.is_ok());
	seen.expect("a transaction can be opened outside of a call")
}

/// So many accounts after this one, and the last of them if there are more.
fn page(after: Option<AccountId>, limit: u32) -> (Vec<AccountId>, Option<AccountId>) {
	let mut page = Vec::new();
	let mut last = after;
	for _ in 0..limit {
		let Some(next) = Margin::next_after(last.as_ref()) else { return (page, None) };
		page.push(next.clone());
		last = Some(next);
	}
	let more = Margin::next_after(last.as_ref()).is_some();
	(page, last.filter(|_| more))
}

/// Accounts that can be liquidated, with what each has at stake.
struct Accounts {
	all: Vec<(AccountId, Usd)>,
}

impl Accounts {
	fn new(page: Vec<AccountId>) -> Self {
		let mut book = Book::default();
		let users = page.into_iter().filter(|who| !OwnAccounts::contains(who));
		let staked = |who: AccountId| {
			// What does not fit is as much as does.
			let notional = book.notional(&who).unwrap_or(Usd::from_inner(i128::MAX));
			(who, notional)
		};
		Self { all: users.map(staked).collect() }
	}

	/// Once scan ranges and ramps have arrived, with this proposal enacted if there is one.
	fn ahead(&self, proposal: Option<&Proposal>) -> (Standings, u32) {
		RiskParams::look_ahead(proposal);
		PriceFeed::finish_scan_ranges();
		self.standings()
	}

	/// Under the thresholds in force, and how many have no value.
	fn standings(&self) -> (Standings, u32) {
		let (mut standings, mut failed) = (Standings::default(), 0u32);
		for batch in self.all.chunks(BATCH) {
			let names: Vec<_> = batch.iter().map(|(who, _)| who.clone()).collect();
			for ((_, notional), health) in batch.iter().zip(Margin::healths(&names)) {
				match health {
					Ok(health) => standings.add(&health, *notional),
					Err(_) => failed = failed.saturating_add(1),
				}
			}
		}
		(standings, failed)
	}
}

impl Standings {
	fn add(&mut self, health: &AccountHealth, notional: Usd) {
		let [initial, maintenance, bankrupt, unknown] = match health.status {
			AccountStatus::Safe => [false; 4],
			AccountStatus::BelowInitial => [true, false, false, false],
			AccountStatus::Unknown => [false, false, false, true],
			AccountStatus::Liquidatable => [true, true, false, false],
			AccountStatus::Bankrupt => [true, true, true, false],
		};
		let tallies = [
			(&mut self.below_initial, initial),
			(&mut self.below_maintenance, maintenance),
			(&mut self.bankrupt, bankrupt),
			(&mut self.unknown, unknown),
		];
		for (tally, _) in tallies.into_iter().filter(|(_, counts)| *counts) {
			tally.accounts = tally.accounts.saturating_add(1);
			let sum = tally.notional.checked_add(notional);
			tally.notional = sum.unwrap_or(Usd::from_inner(i128::MAX));
		}
	}
}

/// Series and prices, each looked up once.
#[derive(Default)]
struct Book {
	series: BTreeMap<SeriesId, Option<UnderlyingId>>,
	spots: BTreeMap<UnderlyingId, Option<ballast_primitives::Price>>,
}

impl Book {
	/// Contracts that an account holds or owes, times spot.
	fn notional(&mut self, who: &AccountId) -> Result<Usd, ArithmeticError> {
		let mut sum = Usd::ZERO;
		for (id, quantity) in Margin::positions(who) {
			let known = self.series.entry(id);
			let underlying = *known.or_insert_with(|| Some(Options::series(id)?.underlying));
			let Some(underlying) = underlying else { continue };
			let known = self.spots.entry(underlying);
			let spot = *known.or_insert_with(|| Some(PriceFeed::state(underlying)?.spot));
			let Some(spot) = spot else { continue };
			let quantity = if quantity.is_negative() { quantity.checked_neg()? } else { quantity };
			sum = sum.checked_add(spot.value_floor(quantity)?)?;
		}
		Ok(sum)
	}
}
