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

	/// Risk of an underlying so many blocks from now, if nothing else is decided and what the guardian has
	/// set stays. Two storage reads.
	fn underlying_in(underlying: UnderlyingId, blocks: u32) -> Option<UnderlyingRisk>;

	/// Margin rules so many blocks from now, in the same way.
	fn margin_in(blocks: u32) -> MarginRules;

	/// Blocks from now in which the risk of an underlying or the margin rules still move, in the same
	/// way; zero if neither does.
	fn ramped_for(underlying: UnderlyingId) -> u32;

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
