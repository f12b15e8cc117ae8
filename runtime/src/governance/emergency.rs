//! What stays possible when all else is stopped.
//!
//! *Safe mode* stops every call but those named here, for a while. A *pause* stops one call, by its name and
//! that of its pallet, until it is lifted, but none of [`ALWAYS`]; a whole pallet takes a pause for each of its
//! calls. Hooks are calls of nobody: settlement, margin checks and liquidations go on in both. While safe mode
//! lasts every underlying is halted: whoever trades with the pool can close positions and not open any. Bids and
//! take-overs in liquidations go on, whatever they open.

use crate::{Runtime, RuntimeCall, SafeMode};
use frame_support::traits::{CallMetadata, Contains, Get, GetCallMetadata};
use pallet_tx_pause::RuntimeCallNameOf;

/// Calls of one pallet.
pub struct Calls {
	/// Name of the pallet.
	pub pallet: &'static str,
	/// Names of calls; none of them means all there are.
	pub calls: &'static [&'static str],
}

impl Calls {
	const fn all(pallet: &'static str) -> Self {
		Self { pallet, calls: &[] }
	}

	const fn some(pallet: &'static str, calls: &'static [&'static str]) -> Self {
		Self { pallet, calls }
	}

	fn contains(&self, pallet: &[u8], call: &[u8]) -> bool {
		let named = |name: &&str| name.as_bytes() == call;
		self.pallet.as_bytes() == pallet && (self.calls.is_empty() || self.calls.iter().any(named))
	}
}

/// Neither safe mode nor a pause stops these: inherents and consensus, those who validate or back a
/// validator, feeds of the oracles, governance, and what can only reduce the risk of an account.
pub const ALWAYS: &[Calls] = &[
	Calls::some("System", &["apply_authorized_upgrade"]),
	Calls::all("Timestamp"),
	Calls::all("Babe"),
	Calls::all("Grandpa"),
	Calls::all("Session"),
	Calls::all("Staking"),
	Calls::all("VoterList"),
	Calls::all("Sudo"),
	Calls::all("OracleMembers"),
	Calls::all("SpotOracle"),
	Calls::all("VolatilityOracle"),
	Calls::all("PriceFeed"),
	Calls::all("RiskParams"),
	Calls::all("Preimage"),
	Calls::all("Scheduler"),
	Calls::all("ConvictionVoting"),
	Calls::all("Referenda"),
	Calls::all("Whitelist"),
	Calls::all("TechnicalCommittee"),
	Calls::all("Treasury"),
	Calls::all("SafeMode"),
	Calls::all("TxPause"),
	Calls::all("Liquidation"),
	Calls::some(
		"Margin",
		&["deposit", "deposit_collateral", "settle", "request_exercise", "secure_put"],
	),
	Calls::some("Options", &["set_underlying", "settle_series", "remove_series"]),
];

/// What safe mode leaves open besides, and a pause may stop: trades with the pool, which close and do
/// not open while every underlying is halted; the ends of what was begun; money between wallets, since
/// `margin.deposit` takes it from the account's own one; and what wraps other calls, which are looked at
/// one by one. No money leaves the clearing house.
pub const IN_SAFE_MODE: &[Calls] = &[
	Calls::some("Assets", &["transfer", "transfer_keep_alive"]),
	Calls::some("RiskPool", &["buy", "sell", "cancel_deposit", "cancel_withdrawal"]),
	Calls::some("BlockTrades", &["cancel", "clean"]),
	Calls::some(
		"OptionVaults",
		&["cancel_deposit", "cancel_withdrawal", "claim", "close_auction", "settle_round"],
	),
	Calls::some("Revenue", &["payout", "claim"]),
	Calls::all("Utility"),
	Calls::all("Multisig"),
	Calls::all("Proxy"),
];

/// What safe mode leaves open.
pub struct OpenInSafeMode;
impl Contains<RuntimeCall> for OpenInSafeMode {
	fn contains(call: &RuntimeCall) -> bool {
		let CallMetadata { pallet_name, function_name } = call.get_call_metadata();
		let (pallet, call) = (pallet_name.as_bytes(), function_name.as_bytes());
		ALWAYS.iter().chain(IN_SAFE_MODE).any(|calls| calls.contains(pallet, call))
	}
}

/// What cannot be paused.
pub struct NeverPaused;
impl Contains<RuntimeCallNameOf<Runtime>> for NeverPaused {
	fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
		ALWAYS.iter().any(|calls| calls.contains(pallet, call))
	}
}

/// Whether every underlying is closed to new open interest.
pub struct InSafeMode;
impl Get<bool> for InSafeMode {
	fn get() -> bool {
		SafeMode::is_entered()
	}
}
