//! What referenda and the guardian do while people trade: thresholds move and ramp, are tightened for a
//! while, underlyings are closed and opened again. Each call comes from the origin of its track.

use super::walk::Walk;
use ballast_integration_tests::calls::UNDERLYINGS;
use ballast_primitives::{
	params::{CashRules, MarginRules, PoolRules, UnderlyingRisk},
	Ratio, UnderlyingId,
};
use ballast_runtime::{
	governance::origins::pallet_custom_origins::Origin, BlockNumber, OriginCaller, Runtime,
	RuntimeCall, RuntimeOrigin,
};
use frame_support::dispatch::RawOrigin;
use pallet_risk_params::{Call, GroupKey, GuardedValue};
use sp_runtime::traits::Dispatchable;

/// A field of a group.
type Field<G> = fn(&mut G) -> &mut Ratio;

const OF_UNDERLYINGS: [Field<UnderlyingRisk>; 12] = [
	|risk| &mut risk.scan_floor,
	|risk| &mut risk.scan_stressed,
	|risk| &mut risk.scan_cap,
	|risk| &mut risk.scan_multiple,
	|risk| &mut risk.scan_ramp_per_hour,
	|risk| &mut risk.volatility_up,
	|risk| &mut risk.volatility_down,
	|risk| &mut risk.short_contingency_maintenance,
	|risk| &mut risk.short_contingency_initial,
	|risk| &mut risk.basis_up,
	|risk| &mut risk.basis_weight,
	|risk| &mut risk.open_interest_factor,
];
const OF_MARGIN: [Field<MarginRules>; 5] = [
	|rules| &mut rules.initial_factor,
	|rules| &mut rules.vol_term,
	|rules| &mut rules.long_value,
	|rules| &mut rules.depeg_slope,
	|rules| &mut rules.diversification,
];
const OF_CASH: [Field<CashRules>; 4] = [
	|rules| &mut rules.rate_at_kink,
	|rules| &mut rules.interest_margin,
	|rules| &mut rules.withdrawal_per_hour,
	|rules| &mut rules.withdrawal_per_day,
];
const OF_POOL: [Field<PoolRules>; 3] = [
	|rules| &mut rules.spread_of_mark,
	|rules| &mut rules.stress_cap,
	|rules| &mut rules.takeover_cap,
];

impl Walk {
	/// An origin of governance does something, mostly what it may.
	pub(super) fn govern(&mut self) {
		let (origin, call) = match self.random.below(10) {
			0..=3 => (Origin::RiskAdmin, self.set()),
			4 => (Origin::RiskAdmin, self.ramp()),
			5 => (Origin::RiskAdmin, self.take_back()),
			6..=7 => (Origin::RiskGuardian, self.guard()),
			8 => (Origin::RiskGuardian, self.halt()),
			_ => (Origin::RiskGuardian, self.set()),
		};
		let origin = if self.random.per_mille(50) {
			RawOrigin::Signed(self.somebody()).into()
		} else {
			OriginCaller::Origins(origin)
		};
		let is_governance = matches!(origin, OriginCaller::Origins(_));
		let dispatched = call.clone();
		let result = self.env.execute(|| dispatched.dispatch(RuntimeOrigin::from(origin)));
		let result = result.map(drop).map_err(|refused| refused.error);
		assert!(is_governance || result.is_err(), "somebody has done {call:?}");
		self.after(&call, &result);
	}

	/// So many hundredths of what it was, mostly a little.
	fn moved<G>(&mut self, value: &mut G, fields: &[Field<G>]) {
		for _ in 0..self.random.between(1, 3) {
			let factor = match self.random.below(10) {
				0 => self.random.below(400),
				_ => self.random.between(85, 118),
			};
			let field = self.random.pick(fields)(value);
			*field = Ratio::from_inner(field.into_inner() * u128::from(factor) / 100);
		}
	}

	fn underlying(&mut self) -> UnderlyingId {
		*self.random.pick(&UNDERLYINGS)
	}

	/// Another value of a group that can be tightened and ramped.
	fn value(&mut self) -> GuardedValue {
		match self.random.below(8) {
			0..=3 => {
				let underlying = self.underlying();
				let stored = pallet_risk_params::UnderlyingRisks::<Runtime>::get;
				let mut risk = self.env.execute(|| stored(underlying)).expect("a risk at genesis");
				self.moved(&mut risk, &OF_UNDERLYINGS);
				GuardedValue::Underlying(underlying, risk)
			}
			4..=5 => {
				let mut rules = self.env.execute(pallet_risk_params::Margin::<Runtime>::get);
				self.moved(&mut rules, &OF_MARGIN);
				GuardedValue::Margin(rules)
			}
			6 => {
				let mut rules = self.env.execute(pallet_risk_params::Cash::<Runtime>::get);
				self.moved(&mut rules, &OF_CASH);
				GuardedValue::Cash(rules)
			}
			_ => {
				let mut rules = self.env.execute(pallet_risk_params::Pool::<Runtime>::get);
				self.moved(&mut rules, &OF_POOL);
				GuardedValue::Pool(rules)
			}
		}
	}

	fn set(&mut self) -> RuntimeCall {
		let call: Call<Runtime> = match self.value() {
			GuardedValue::Underlying(underlying, value) => {
				Call::set_underlying_risk { underlying, value }
			}
			GuardedValue::Margin(value) => Call::set_margin_rules { value },
			GuardedValue::Cash(value) => Call::set_cash_rules { value },
			GuardedValue::Pool(value) => Call::set_pool_rules { value },
		};
		call.into()
	}

	fn ramp(&mut self) -> RuntimeCall {
		let over = self.random.below(200) as BlockNumber;
		Call::<Runtime>::ramp { value: self.value(), over }.into()
	}

	/// A block before long, mostly after this one.
	fn until(&mut self) -> BlockNumber {
		(self.env.number() + self.random.below(40) as BlockNumber).saturating_sub(2)
	}

	fn guard(&mut self) -> RuntimeCall {
		let until = self.until();
		Call::<Runtime>::guard { value: self.value(), until }.into()
	}

	fn halt(&mut self) -> RuntimeCall {
		let (underlying, until) = (self.underlying(), self.until());
		Call::<Runtime>::halt { underlying, until }.into()
	}

	/// Ends what is under way in a group before its time.
	fn take_back(&mut self) -> RuntimeCall {
		let underlying = self.underlying();
		let keys =
			[GroupKey::Underlying(underlying), GroupKey::Margin, GroupKey::Cash, GroupKey::Pool];
		let under_way = self.env.execute(|| {
			keys.into_iter().find(|key| {
				pallet_risk_params::Guards::<Runtime>::contains_key(key)
					|| pallet_risk_params::Ramps::<Runtime>::contains_key(key)
			})
		});
		let key = under_way.unwrap_or_else(|| *self.random.pick(&keys));
		let call: Call<Runtime> = match self.random.below(3) {
			0 => Call::lift_guard { key },
			1 => Call::cancel_ramp { key },
			_ => Call::lift_halt { underlying },
		};
		call.into()
	}
}
