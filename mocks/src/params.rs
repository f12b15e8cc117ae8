//! Mock of the thresholds.

use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	UnderlyingId,
};
use ballast_traits::RiskParameters;

/// Settable [`RiskParameters`].
pub struct MockParameters;

slots! { MockParameters:
	underlying / mock_underlying(underlying: UnderlyingId) -> Option<UnderlyingRisk>;
	oracle / mock_oracle(underlying: UnderlyingId) -> OracleRules;
	margin / mock_margin() -> MarginRules;
	underlying_in / mock_underlying_in(underlying: UnderlyingId, blocks: u32) -> Option<UnderlyingRisk>;
	margin_in / mock_margin_in(blocks: u32) -> MarginRules;
	ramped_for / mock_ramped_for(underlying: UnderlyingId) -> u32;
	cash / mock_cash() -> CashRules;
	liquidation / mock_liquidation() -> LiquidationRules;
	pool / mock_pool() -> PoolRules;
	vaults / mock_vaults() -> VaultRules;
	funds / mock_funds() -> FundRules;
	trades / mock_trades() -> TradeRules;
	is_halted / mock_is_halted(underlying: UnderlyingId) -> bool;
}

impl MockParameters {
	/// The start values: BTC's risk for every underlying, default rules for every group, nothing
	/// halted, nothing ramped.
	pub fn mock_defaults() {
		Self::mock_underlying(|_| Some(UnderlyingRisk::btc()));
		Self::mock_oracle(|_| OracleRules::default());
		Self::mock_margin(MarginRules::default);
		Self::mock_underlying_in(|underlying, _| call::underlying(underlying));
		Self::mock_margin_in(|_| call::margin());
		Self::mock_ramped_for(|_| 0);
		Self::mock_cash(CashRules::default);
		Self::mock_liquidation(LiquidationRules::default);
		Self::mock_pool(PoolRules::default);
		Self::mock_vaults(VaultRules::default);
		Self::mock_funds(FundRules::default);
		Self::mock_trades(TradeRules::default);
		Self::mock_is_halted(|_| false);
	}
}

impl RiskParameters for MockParameters {
	fn underlying(underlying: UnderlyingId) -> Option<UnderlyingRisk> {
		call::underlying(underlying)
	}
	fn oracle(underlying: UnderlyingId) -> OracleRules {
		call::oracle(underlying)
	}
	fn margin() -> MarginRules {
		call::margin()
	}
	fn underlying_in(underlying: UnderlyingId, blocks: u32) -> Option<UnderlyingRisk> {
		call::underlying_in(underlying, blocks)
	}
	fn margin_in(blocks: u32) -> MarginRules {
		call::margin_in(blocks)
	}
	fn ramped_for(underlying: UnderlyingId) -> u32 {
		call::ramped_for(underlying)
	}
	fn cash() -> CashRules {
		call::cash()
	}
	fn liquidation() -> LiquidationRules {
		call::liquidation()
	}
	fn pool() -> PoolRules {
		call::pool()
	}
	fn vaults() -> VaultRules {
		call::vaults()
	}
	fn funds() -> FundRules {
		call::funds()
	}
	fn trades() -> TradeRules {
		call::trades()
	}
	fn is_halted(underlying: UnderlyingId) -> bool {
		call::is_halted(underlying)
	}
}
