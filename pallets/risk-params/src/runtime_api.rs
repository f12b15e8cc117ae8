//! What a proposer asks before the vote.

use crate::{rules::Refusal, GuardedValue, Ramp};
use alloc::vec::Vec;
use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	UnderlyingId,
};
use sp_runtime::traits::NumberFor;

sp_api::decl_runtime_apis! {
	/// The thresholds in force, and whether a new value would be accepted now.
	///
	/// The `check_...` functions answer what the call of the same group would: nothing, or the rule
	/// that refuses the value and the field that breaks it.
	pub trait RiskParamsApi {
		/// Risk of an underlying; none if it was never set.
		fn underlying_risk(underlying: UnderlyingId) -> Option<UnderlyingRisk>;

		/// Every underlying that has a risk, in order of ids.
		fn underlying_risks() -> Vec<(UnderlyingId, UnderlyingRisk)>;

		/// Oracle rules in force for an underlying.
		fn oracle_rules(underlying: UnderlyingId) -> OracleRules;

		/// Margin rules in force.
		fn margin_rules() -> MarginRules;

		/// Rules of cash in force: interest and limits of withdrawals.
		fn cash_rules() -> CashRules;

		/// Liquidation rules in force.
		fn liquidation_rules() -> LiquidationRules;

		/// Rules of the mutual pool in force.
		fn pool_rules() -> PoolRules;

		/// Bounds of option vaults in force.
		fn vault_rules() -> VaultRules;

		/// Rules of the insurance fund, the waterfall and revenue in force.
		fn fund_rules() -> FundRules;

		/// Rules of trades between two accounts in force.
		fn trade_rules() -> TradeRules;

		/// Would `riskParams.setUnderlyingRisk` accept this value now?
		fn check_underlying_risk(
			underlying: UnderlyingId,
			value: UnderlyingRisk,
		) -> Result<(), Refusal>;

		/// Would `riskParams.setOracleRules` accept this value now?
		fn check_oracle_rules(underlying: UnderlyingId, value: OracleRules) -> Result<(), Refusal>;

		/// Would `riskParams.setMarginRules` accept this value now?
		fn check_margin_rules(value: MarginRules) -> Result<(), Refusal>;

		/// Would `riskParams.setCashRules` accept this value now?
		fn check_cash_rules(value: CashRules) -> Result<(), Refusal>;

		/// Would `riskParams.setLiquidationRules` accept this value now?
		fn check_liquidation_rules(value: LiquidationRules) -> Result<(), Refusal>;

		/// Would `riskParams.setPoolRules` accept this value now?
		fn check_pool_rules(value: PoolRules) -> Result<(), Refusal>;

		/// Would `riskParams.setVaultRules` accept this value now?
		fn check_vault_rules(value: VaultRules) -> Result<(), Refusal>;

		/// Would `riskParams.setFundRules` accept this value now?
		fn check_fund_rules(value: FundRules) -> Result<(), Refusal>;

		/// Would `riskParams.setTradeRules` accept this value now?
		fn check_trade_rules(value: TradeRules) -> Result<(), Refusal>;

		/// Would `riskParams.guard` accept this value of the guardian's now?
		fn check_guard(value: GuardedValue) -> Result<(), Refusal>;

		/// Would `riskParams.ramp` accept this value and this number of blocks now?
		fn check_ramp(value: GuardedValue, over: NumberFor<Block>) -> Result<(), Refusal>;

		/// Every group on its way to a new value: from where, to where, and in which blocks.
		fn ramps() -> Vec<Ramp<NumberFor<Block>>>;
	}
}

impl<T: crate::Config> crate::Pallet<T> {
	/// Every underlying that has a risk, in order of ids.
	pub fn underlying_risks() -> Vec<(UnderlyingId, UnderlyingRisk)> {
		let mut risks = crate::UnderlyingRisks::<T>::iter().collect::<Vec<_>>();
		risks.sort_by_key(|(underlying, _)| *underlying);
		risks
	}
}
