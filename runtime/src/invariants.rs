//! What must hold of the clearing house at every block, of each pallet and between them: for sampling on a live
//! chain, whose blocks do not check it. Reads all accounts, so it is a look, never part of a block.

use crate::{
	BlockTrades, Liquidation, Margin, OptionVaults, Options, PriceFeed, Revenue, RiskParams,
	RiskPool, Runtime,
};
use alloc::{format, string::String, vec::Vec};
use ballast_primitives::{AccountStatus, Usd};
use ballast_traits::{CoverDeficit, InspectAccounts, InspectSeries};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_runtime::TryRuntimeError;

/// Something that should hold and does not.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BrokenInvariant {
	/// The pallet whose README names it; `Between` for those that connect several.
	pub of: String,
	/// What does not hold.
	pub what: String,
}

sp_api::decl_runtime_apis! {
	/// Whether the books are right.
	pub trait InvariantsApi {
		/// Every invariant of every pallet of the clearing house that does not hold now, and every one
		/// between them; empty if the books are right. Slow on a chain with many accounts.
		fn check_invariants() -> Vec<BrokenInvariant>;
	}
}

/// A check and the name of the pallet that it is of.
type Check = (&'static str, fn() -> Result<(), TryRuntimeError>);

const CHECKS: [Check; 13] = [
	("RiskParams", RiskParams::do_try_state),
	("PriceFeed", PriceFeed::do_try_state),
	("Options", Options::do_try_state),
	("Margin", Margin::do_try_state),
	("RiskPool", RiskPool::do_try_state),
	("Liquidation", Liquidation::do_try_state),
	("BlockTrades", BlockTrades::do_try_state),
	("OptionVaults", OptionVaults::do_try_state),
	("Revenue", Revenue::do_try_state),
	("Between", deficits_agree),
	("Between", positions_are_listed),
	("Between", own_accounts_are_not_sold),
	("Between", vaults_are_safe),
];

/// Runs every check.
pub fn check() -> Vec<BrokenInvariant> {
	let broken = |(of, check): &Check| {
		let error = check().err()?;
		let what = match error {
			TryRuntimeError::Other(what) => String::from(what),
			other => format!("{other:?}"),
		};
		Some(BrokenInvariant { of: (*of).into(), what })
	};
	CHECKS.iter().filter_map(broken).collect()
}

/// The ledger and the waterfall see the same deficit account.
fn deficits_agree() -> Result<(), TryRuntimeError> {
	let seen = Margin::check_identities()?.deficit;
	let carried = <RiskPool as CoverDeficit<_>>::deficit_account();
	frame_support::ensure!(seen == carried && carried <= Usd::ZERO, "two deficit accounts");
	Ok(())
}

/// Whatever somebody holds is listed, and counted in its underlying's open interest until it is settled.
fn positions_are_listed() -> Result<(), TryRuntimeError> {
	for who in pallet_margin::Accounts::<Runtime>::iter_keys() {
		for (id, _) in Margin::positions(&who) {
			let series = Options::series(id).ok_or("a position in a series that is not listed")?;
			let listed = Options::underlyings().contains(&series.underlying);
			frame_support::ensure!(listed, "a series on an underlying that is not listed");
		}
	}
	Ok(())
}

/// The accounts that bear losses are never under auction.
fn own_accounts_are_not_sold() -> Result<(), TryRuntimeError> {
	let own = RiskPool::own_accounts();
	for account in [own.pool, own.insurance, own.queue] {
		let auction = pallet_liquidation::Auctions::<Runtime>::contains_key(account);
		frame_support::ensure!(!auction, "an own account of the chain is under auction");
	}
	Ok(())
}

/// Vaults are fully covered: whatever prices do, they are never under auction, and never short of margin at
/// prices that are usable.
fn vaults_are_safe() -> Result<(), TryRuntimeError> {
	for id in pallet_option_vaults::Vaults::<Runtime>::iter_keys() {
		for account in [OptionVaults::working_account(id), OptionVaults::waiting_account(id)] {
			let auction = pallet_liquidation::Auctions::<Runtime>::contains_key(&account);
			frame_support::ensure!(!auction, "a vault is under auction");
			let status = Margin::health(&account).map(|health| health.status);
			let safe = matches!(status, Ok(AccountStatus::Safe | AccountStatus::Unknown));
			frame_support::ensure!(safe, "a vault is short of margin");
		}
	}
	Ok(())
}
