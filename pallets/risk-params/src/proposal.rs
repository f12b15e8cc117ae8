//! A value of any group, as somebody proposes it before the vote.

use crate::{pallet::*, rules::Violation, GuardedValue};
use alloc::vec::Vec;
use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	UnderlyingId,
};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// A proposed value of a group.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time, in a question")]
pub enum Proposal {
	/// Of governance: risk of an underlying.
	Underlying(UnderlyingId, UnderlyingRisk),
	/// Of governance: oracle rules of an underlying.
	Oracle(UnderlyingId, OracleRules),
	/// Of governance: margin rules.
	Margin(MarginRules),
	/// Of governance: rules of cash.
	Cash(CashRules),
	/// Of governance: liquidation rules.
	Liquidation(LiquidationRules),
	/// Of governance: rules of the pool.
	Pool(PoolRules),
	/// Of governance: bounds of vaults.
	Vaults(VaultRules),
	/// Of the guardian.
	Guard(GuardedValue),
	/// Of governance: rules of the insurance fund, the waterfall and revenue.
	Funds(FundRules),
	/// Of governance: rules of trades between two accounts.
	Trades(TradeRules),
}

impl<T: Config> Pallet<T> {
	/// Would the call that sets it accept this value now?
	pub fn check(proposal: &Proposal) -> Result<(), Violation> {
		match proposal {
			Proposal::Underlying(underlying, value) => {
				Self::check_underlying_risk(*underlying, value)
			}
			Proposal::Oracle(underlying, value) => Self::check_oracle_rules(*underlying, value),
			Proposal::Margin(value) => Self::check_margin_rules(value),
			Proposal::Cash(value) => Self::check_cash_rules(value),
			Proposal::Liquidation(value) => Self::check_liquidation_rules(value),
			Proposal::Pool(value) => Self::check_pool_rules(value),
			Proposal::Vaults(value) => Self::check_vault_rules(value),
			Proposal::Guard(value) => Self::check_guard(value),
			Proposal::Funds(value) => Self::check_fund_rules(value),
			Proposal::Trades(value) => Self::check_trade_rules(value),
		}
	}

	/// Puts in force, at once and unchecked, where every ramp and guard leads, and this value if there is
	/// one. For a look at what it would mean, in a transaction that is rolled back.
	pub fn look_ahead(proposal: Option<&Proposal>) {
		Self::settled().collect::<Vec<_>>().iter().for_each(Self::put_in_force);
		match proposal {
			None => {}
			Some(Proposal::Underlying(underlying, value)) => {
				UnderlyingRisks::<T>::insert(underlying, value);
			}
			Some(Proposal::Oracle(underlying, value)) => {
				OracleRulesOf::<T>::insert(underlying, value);
			}
			Some(Proposal::Margin(value)) => Margin::<T>::put(value),
			Some(Proposal::Cash(value)) => Cash::<T>::put(value),
			Some(Proposal::Liquidation(value)) => Liquidation::<T>::put(value),
			Some(Proposal::Pool(value)) => Pool::<T>::put(value),
			Some(Proposal::Vaults(value)) => Vaults::<T>::put(value),
			Some(Proposal::Guard(value)) => {
				let guarded = Self::guarded_by(value);
				Self::put_in_force(guarded.as_ref().unwrap_or(value));
			}
			Some(Proposal::Funds(value)) => Funds::<T>::put(value),
			Some(Proposal::Trades(value)) => Trades::<T>::put(value),
		}
	}
}
