//! Governed thresholds.

use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
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

	/// Rules of the mutual pool.
	fn pool() -> PoolRules;

	/// Bounds of option vaults.
	fn vaults() -> VaultRules;

	/// Rules of the insurance fund, the waterfall and revenue.
	fn funds() -> FundRules;

	/// Rules of trades between two accounts.
	fn trades() -> TradeRules;

	/// Whether the guardian has closed an underlying to new open interest for now.
	fn is_halted(underlying: UnderlyingId) -> bool;
}
