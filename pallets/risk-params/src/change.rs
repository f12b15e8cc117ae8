//! How a value is checked against what is in force, and put in its place.

use crate::{
	guardian::GuardEnd,
	pallet::*,
	rules::{ensure_same_kind, ensure_sampling, ensure_spread, Group, Violation},
	MAX_UNDERLYINGS,
};
use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	UnderlyingId,
};
use ballast_traits::RiskParameters;
use frame_support::{dispatch::DispatchResult, ensure};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What one change is about. Each may change once in a block.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum GroupKey {
	/// [`UnderlyingRisk`] of an underlying.
	Underlying(UnderlyingId),
	/// [`OracleRules`] of an underlying.
	Oracle(UnderlyingId),
	/// [`MarginRules`].
	Margin,
	/// [`LiquidationRules`].
	Liquidation,
	/// [`PoolRules`].
	Pool,
	/// [`CashRules`].
	Cash,
	/// [`VaultRules`].
	Vaults,
	/// [`FundRules`].
	Funds,
	/// [`TradeRules`].
	Trades,
}

/// Ranges, rules between fields, and the step from the value in force, if there is one.
fn check<G: Group>(value: &G, in_force: Option<&G>) -> Result<(), Violation> {
	value.validate()?;
	in_force.map_or(Ok(()), |old| value.ensure_step(old))
}

/// The checks without a change: what a call would answer, but for the limits of a block.
impl<T: Config> Pallet<T> {
	/// Checks the pool's least spread against every underlying's contingency: the one in force, and
	/// the one that returns when a guard ends.
	pub(crate) fn ensure_spread_of_all(pool: &PoolRules) -> Result<(), Violation> {
		UnderlyingRisks::<T>::iter_values()
			.chain(Self::guarded_underlyings())
			.try_for_each(|risk| ensure_spread(pool, &risk))
	}

	/// Checks a risk of an underlying, also against the pool's rules and its oracle rules.
	pub fn check_underlying_risk(
		underlying: UnderlyingId,
		value: &UnderlyingRisk,
	) -> Result<(), Violation> {
		check(value, Self::governed_underlying(underlying).as_ref())?;
		ensure_spread(&Pool::<T>::get(), value)?;
		ensure_sampling(&<Self as RiskParameters>::oracle(underlying), value)
	}

	/// Checks oracle rules of an underlying, also against its risk.
	pub fn check_oracle_rules(
		underlying: UnderlyingId,
		value: &OracleRules,
	) -> Result<(), Violation> {
		check(value, OracleRulesOf::<T>::get(underlying).as_ref())?;
		let Some(risk) = UnderlyingRisks::<T>::get(underlying) else { return Ok(()) };
		// With a risk it may be in use already, under the default rules if it has none of its own.
		ensure_same_kind(value, &<Self as RiskParameters>::oracle(underlying))?;
		ensure_sampling(value, &risk)
	}

	/// Checks margin rules.
	pub fn check_margin_rules(value: &MarginRules) -> Result<(), Violation> {
		check(value, Some(&Self::governed_margin()))
	}

	/// Checks rules of cash.
	pub fn check_cash_rules(value: &CashRules) -> Result<(), Violation> {
		check(value, Some(&Self::governed_cash()))
	}

	/// Checks liquidation rules.
	pub fn check_liquidation_rules(value: &LiquidationRules) -> Result<(), Violation> {
		check(value, Some(&Liquidation::<T>::get()))
	}

	/// Checks bounds of vaults.
	pub fn check_vault_rules(value: &VaultRules) -> Result<(), Violation> {
		check(value, Some(&Vaults::<T>::get()))
	}

	/// Checks rules of the insurance fund, the waterfall and revenue.
	pub fn check_fund_rules(value: &FundRules) -> Result<(), Violation> {
		check(value, Some(&Funds::<T>::get()))
	}

	/// Checks rules of trades between two accounts.
	pub fn check_trade_rules(value: &TradeRules) -> Result<(), Violation> {
		check(value, Some(&Trades::<T>::get()))
	}

	/// Checks rules of the pool, also against every underlying's risk.
	pub fn check_pool_rules(value: &PoolRules) -> Result<(), Violation> {
		check(value, Some(&Self::governed_pool()))?;
		Self::ensure_spread_of_all(value)
	}
}

impl<T: Config> Pallet<T> {
	/// See [`Pallet::set_underlying_risk`].
	pub(crate) fn do_set_underlying_risk(
		underlying: UnderlyingId,
		risk: UnderlyingRisk,
	) -> DispatchResult {
		Self::check_underlying_risk(underlying, &risk).map_err(Error::<T>::from)?;
		Self::ensure_room(
			UnderlyingRisks::<T>::contains_key(underlying),
			UnderlyingRisks::<T>::count(),
		)?;
		Self::once_per_block(GroupKey::Underlying(underlying))?;
		Self::end_guard(GroupKey::Underlying(underlying), GuardEnd::Replaced);
		UnderlyingRisks::<T>::insert(underlying, &risk);
		Self::deposit_event(Event::UnderlyingRiskSet { underlying, risk });
		Ok(())
	}

	/// See [`Pallet::set_oracle_rules`].
	pub(crate) fn do_set_oracle_rules(
		underlying: UnderlyingId,
		rules: OracleRules,
	) -> DispatchResult {
		Self::check_oracle_rules(underlying, &rules).map_err(Error::<T>::from)?;
		Self::ensure_room(
			OracleRulesOf::<T>::contains_key(underlying),
			OracleRulesOf::<T>::count(),
		)?;
		Self::once_per_block(GroupKey::Oracle(underlying))?;
		OracleRulesOf::<T>::insert(underlying, &rules);
		Self::deposit_event(Event::OracleRulesSet { underlying, rules });
		Ok(())
	}

	/// See [`Pallet::set_margin_rules`].
	pub(crate) fn do_set_margin_rules(rules: MarginRules) -> DispatchResult {
		Self::check_margin_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Margin)?;
		Self::end_guard(GroupKey::Margin, GuardEnd::Replaced);
		Margin::<T>::put(&rules);
		Self::deposit_event(Event::MarginRulesSet { rules });
		Ok(())
	}

	/// See [`Pallet::set_cash_rules`].
	pub(crate) fn do_set_cash_rules(rules: CashRules) -> DispatchResult {
		Self::check_cash_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Cash)?;
		Self::end_guard(GroupKey::Cash, GuardEnd::Replaced);
		Cash::<T>::put(&rules);
		Self::deposit_event(Event::CashRulesSet { rules });
		Ok(())
	}

	/// See [`Pallet::set_liquidation_rules`].
	pub(crate) fn do_set_liquidation_rules(rules: LiquidationRules) -> DispatchResult {
		Self::check_liquidation_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Liquidation)?;
		Liquidation::<T>::put(&rules);
		Self::deposit_event(Event::LiquidationRulesSet { rules });
		Ok(())
	}

	/// See [`Pallet::set_pool_rules`].
	pub(crate) fn do_set_pool_rules(rules: PoolRules) -> DispatchResult {
		Self::check_pool_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Pool)?;
		Self::end_guard(GroupKey::Pool, GuardEnd::Replaced);
		Pool::<T>::put(&rules);
		Self::deposit_event(Event::PoolRulesSet { rules });
		Ok(())
	}

	/// See [`Pallet::set_vault_rules`].
	pub(crate) fn do_set_vault_rules(rules: VaultRules) -> DispatchResult {
		Self::check_vault_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Vaults)?;
		Vaults::<T>::put(&rules);
		Self::deposit_event(Event::VaultRulesSet { rules });
		Ok(())
	}

	/// See [`Pallet::set_fund_rules`].
	pub(crate) fn do_set_fund_rules(rules: FundRules) -> DispatchResult {
		Self::check_fund_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Funds)?;
		Funds::<T>::put(&rules);
		Self::deposit_event(Event::FundRulesSet { rules });
		Ok(())
	}

	/// See [`Pallet::set_trade_rules`].
	pub(crate) fn do_set_trade_rules(rules: TradeRules) -> DispatchResult {
		Self::check_trade_rules(&rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Trades)?;
		Trades::<T>::put(&rules);
		Self::deposit_event(Event::TradeRulesSet { rules });
		Ok(())
	}

	/// Refuses one more underlying than the chain carries.
	fn ensure_room(known: bool, count: u32) -> Result<(), Error<T>> {
		ensure!(known || count < MAX_UNDERLYINGS, Error::<T>::TooManyUnderlyings);
		Ok(())
	}

	/// Refuses a second change of a group in one block, and notes this one. The greatest step is per
	/// enactment, and a batch of calls is one enactment.
	pub(crate) fn once_per_block(key: GroupKey) -> Result<(), Error<T>> {
		let now = frame_system::Pallet::<T>::block_number();
		ensure!(ChangedAt::<T>::get(key) != Some(now), Error::<T>::ChangedInThisBlock);
		ChangedAt::<T>::insert(key, now);
		Ok(())
	}
}

impl<T: Config> GenesisConfig<T> {
	/// Puts the values in place, unchecked.
	pub(crate) fn put(&self) {
		for (underlying, risk, oracle) in &self.underlyings {
			UnderlyingRisks::<T>::insert(underlying, risk);
			OracleRulesOf::<T>::insert(underlying, oracle);
		}
		if let Some(rules) = &self.margin {
			Margin::<T>::put(rules);
		}
		if let Some(rules) = &self.cash {
			Cash::<T>::put(rules);
		}
		if let Some(rules) = &self.liquidation {
			Liquidation::<T>::put(rules);
		}
		if let Some(rules) = &self.pool {
			Pool::<T>::put(rules);
		}
		if let Some(rules) = &self.vaults {
			Vaults::<T>::put(rules);
		}
		if let Some(rules) = &self.funds {
			Funds::<T>::put(rules);
		}
		if let Some(rules) = &self.trades {
			Trades::<T>::put(rules);
		}
	}
}

impl<T: Config> RiskParameters for Pallet<T> {
	fn underlying(underlying: UnderlyingId) -> Option<UnderlyingRisk> {
		UnderlyingRisks::<T>::get(underlying)
	}

	fn oracle(underlying: UnderlyingId) -> OracleRules {
		OracleRulesOf::<T>::get(underlying).unwrap_or_default()
	}

	fn margin() -> MarginRules {
		Margin::<T>::get()
	}

	fn cash() -> CashRules {
		Cash::<T>::get()
	}

	fn liquidation() -> LiquidationRules {
		Liquidation::<T>::get()
	}

	fn pool() -> PoolRules {
		Pool::<T>::get()
	}

	fn vaults() -> VaultRules {
		Vaults::<T>::get()
	}

	fn funds() -> FundRules {
		Funds::<T>::get()
	}

	fn trades() -> TradeRules {
		Trades::<T>::get()
	}

	fn is_halted(underlying: UnderlyingId) -> bool {
		Self::halted(underlying)
	}
}
