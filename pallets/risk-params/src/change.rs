//! How a value is checked against what is in force, and put in its place.

use crate::{
	guardian::GuardEnd,
	pallet::*,
	ramp::{Pace, RampEnd},
	rules::{ensure_same_kind, ensure_sampling, ensure_spread, Group, Rule, Violation},
	GuardedValue, MAX_UNDERLYINGS,
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
use frame_system::pallet_prelude::BlockNumberFor;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What one change is about. Each may change once in a block.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
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

/// Ranges, rules between fields, and the step from the value in force, if there is one, of a group that is
/// not ramped.
fn check<G: Group>(value: &G, in_force: Option<&G>) -> Result<(), Violation> {
	value.validate()?;
	in_force.map_or(Ok(()), |old| value.ensure_step(old))
}

/// The checks without a change: what a call would answer, but for the limits of a block.
impl<T: Config> Pallet<T> {
	/// Risks that are in force or will be: at the end of a ramp, or of a guard. A figure in force in
	/// between lies between two of them, so a rule that compares single figures of two groups holds
	/// throughout if it holds for each pair.
	pub(crate) fn risks_to_come() -> impl Iterator<Item = (UnderlyingId, UnderlyingRisk)> {
		let later = Self::to_come().filter_map(|value| match value {
			GuardedValue::Underlying(underlying, risk) => Some((underlying, risk)),
			_ => None,
		});
		UnderlyingRisks::<T>::iter().chain(later)
	}

	/// Rules of the pool that are in force or will be.
	pub(crate) fn pools_to_come() -> impl Iterator<Item = PoolRules> {
		let later = Self::to_come_of(&GroupKey::Pool).filter_map(|value| match value {
			GuardedValue::Pool(rules) => Some(rules),
			_ => None,
		});
		core::iter::once(Pool::<T>::get()).chain(later)
	}

	/// Checks a value against the groups beside which it may come to stand.
	pub(crate) fn ensure_between(value: &GuardedValue) -> Result<(), Violation> {
		match value {
			GuardedValue::Underlying(underlying, risk) => {
				Self::pools_to_come().try_for_each(|pool| ensure_spread(&pool, risk))?;
				ensure_sampling(&<Self as RiskParameters>::oracle(*underlying), risk)
			}
			GuardedValue::Pool(pool) => {
				Self::risks_to_come().try_for_each(|(_, risk)| ensure_spread(pool, &risk))
			}
			GuardedValue::Margin(_) | GuardedValue::Cash(_) => Ok(()),
		}
	}

	/// Checks a value of governance by itself, by its step from what governance has in force, and against
	/// other groups; not the way to it. The step is from where a ramp is, not from where it leads: else a row
	/// of slow ramps, each a step further, could be made a quick change by the last vote alone.
	pub(crate) fn check_governed(value: &GuardedValue) -> Result<(), Violation> {
		value.validate()?;
		match Self::governed(&value.key()) {
			Some(governed) => value.ensure_step(&governed)?,
			None => Self::ensure_room(UnderlyingRisks::<T>::count())?,
		}
		Self::ensure_between(value)
	}

	/// What the calls that set a group which can be ramped check.
	fn check_set(value: &GuardedValue) -> Result<(), Violation> {
		Self::check_governed(value)?;
		Self::ensure_course(value, Self::usual_pace())
	}

	/// Checks a risk of an underlying, also against the pool's rules and its oracle rules.
	pub fn check_underlying_risk(
		underlying: UnderlyingId,
		value: &UnderlyingRisk,
	) -> Result<(), Violation> {
		Self::check_set(&GuardedValue::Underlying(underlying, value.clone()))
	}

	/// Checks oracle rules of an underlying, also against its risk.
	pub fn check_oracle_rules(
		underlying: UnderlyingId,
		value: &OracleRules,
	) -> Result<(), Violation> {
		let in_force = OracleRulesOf::<T>::get(underlying);
		check(value, in_force.as_ref())?;
		if in_force.is_none() {
			Self::ensure_room(OracleRulesOf::<T>::count())?;
		}
		if !UnderlyingRisks::<T>::contains_key(underlying) {
			return Ok(());
		}
		// With a risk it may be in use already, under the default rules if it has none of its own.
		ensure_same_kind(value, &<Self as RiskParameters>::oracle(underlying))?;
		Self::risks_to_come()
			.filter(|(id, _)| *id == underlying)
			.try_for_each(|(_, risk)| ensure_sampling(value, &risk))
	}

	/// Checks margin rules.
	pub fn check_margin_rules(value: &MarginRules) -> Result<(), Violation> {
		Self::check_set(&GuardedValue::Margin(value.clone()))
	}

	/// Checks rules of cash.
	pub fn check_cash_rules(value: &CashRules) -> Result<(), Violation> {
		Self::check_set(&GuardedValue::Cash(value.clone()))
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
		Self::check_set(&GuardedValue::Pool(value.clone()))
	}
}

impl<T: Config> Pallet<T> {
	/// Sets a group that can be ramped: what may come at once does, the rest over the least length.
	pub(crate) fn do_set(value: GuardedValue) -> DispatchResult {
		Self::check_set(&value).map_err(Error::<T>::from)?;
		Self::change(value, Self::usual_pace())
	}

	/// Makes for a value of governance that was checked.
	pub(crate) fn change(value: GuardedValue, pace: Pace<BlockNumberFor<T>>) -> DispatchResult {
		let key = value.key();
		Self::once_per_block(key)?;
		Self::end_guard(key, GuardEnd::Replaced);
		Self::deposit_event(match value.clone() {
			GuardedValue::Underlying(underlying, risk) => {
				Event::UnderlyingRiskSet { underlying, risk }
			}
			GuardedValue::Margin(rules) => Event::MarginRulesSet { rules },
			GuardedValue::Cash(rules) => Event::CashRulesSet { rules },
			GuardedValue::Pool(rules) => Event::PoolRulesSet { rules },
		});
		Self::head_for(value, pace, RampEnd::Replaced);
		Ok(())
	}

	/// See [`Pallet::set_oracle_rules`].
	pub(crate) fn do_set_oracle_rules(
		underlying: UnderlyingId,
		rules: OracleRules,
	) -> DispatchResult {
		Self::check_oracle_rules(underlying, &rules).map_err(Error::<T>::from)?;
		Self::once_per_block(GroupKey::Oracle(underlying))?;
		OracleRulesOf::<T>::insert(underlying, &rules);
		Self::deposit_event(Event::OracleRulesSet { underlying, rules });
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
	fn ensure_room(count: u32) -> Result<(), Violation> {
		let rule = Rule::TooManyUnderlyings;
		let full = Violation { rule, field: "underlying", position: 0 };
		(count < MAX_UNDERLYINGS).then_some(()).ok_or(full)
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

	fn underlying_in(underlying: UnderlyingId, blocks: u32) -> Option<UnderlyingRisk> {
		Self::risk_in(underlying, blocks)
	}

	fn margin_in(blocks: u32) -> MarginRules {
		Self::margin_rules_in(blocks)
	}

	fn ramped_for(underlying: UnderlyingId) -> u32 {
		Self::margin_ramped_for(underlying)
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
