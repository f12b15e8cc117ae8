//! Governed thresholds.

use ballast_primitives::{
	params::{
		CashRules, LiquidationRules, MarginRules, OracleRules, PoolRules, UnderlyingRisk,
		VaultRules,
	},
	UnderlyingId,
};

/// The thresholds in force. Each is one storage read.
pub trait RiskParameters {
	/// Risk of an underlying; `None` if it was never set (then it cannot be traded).
	fn underlying(underlying: UnderlyingId) -> Option<UnderlyingRisk>;

	/// Oracle rules of an underlying; the default rules if none were set.
	fn oracle(underlying: UnderlyingId) -> OracleRules;

	/// Margin rules.
	fn margin() -> MarginRules;

	/// Rules of cash: interest and withdrawal limits.
	fn cash() -> CashRules;

	/// Liquidation rules.
	fn liquidation() -> LiquidationRules;

	/// Rules of the mutual pool and the waterfall.
	fn pool() -> PoolRules;

	/// Bounds of option vaults.
	fn vaults() -> VaultRules;

	/// Whether the guardian has closed an underlying to new open interest for now.
	fn is_halted(underlying: UnderlyingId) -> bool;
}
