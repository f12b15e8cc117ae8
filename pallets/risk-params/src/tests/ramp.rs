//! Ramps on a chain: `ramp`, and what `set_...` does by itself.

use super::assert_refused;
use crate::{mock::*, Error, Event, GroupKey, GuardedValue, NextDue, RampEnd, Ramps};
use ballast_primitives::{
	params::{CashRules, MarginRules, PoolRules, UnderlyingRisk},
	Quantity, Ratio,
};
use ballast_traits::RiskParameters;
use frame_support::{
	assert_ok,
	pallet_prelude::DispatchError,
	traits::{Get, Hooks},
	weights::RuntimeDbWeight,
};
use sp_runtime::DispatchResult;

const KEY: GroupKey = GroupKey::Underlying(BTC);

/// BTC with this rise of volatility, in per cent; 50 at genesis.
pub fn volatility(percent: u32) -> UnderlyingRisk {
	UnderlyingRisk { volatility_up: Ratio::from_percent(percent), ..UnderlyingRisk::btc() }
}

pub fn set(risk: UnderlyingRisk) -> DispatchResult {
	RiskParams::set_underlying_risk(RuntimeOrigin::root(), BTC, risk)
}

pub fn ramp(risk: UnderlyingRisk, over: u64) -> DispatchResult {
	RiskParams::ramp(RuntimeOrigin::root(), GuardedValue::Underlying(BTC, risk), over)
}

pub fn in_force() -> UnderlyingRisk {
	RiskParams::underlying(BTC).unwrap()
}

/// The rise of volatility in force, in basis points.
pub fn points() -> u128 {
	in_force().volatility_up.into_inner() / 100_000_000_000_000
}

pub fn events() -> Vec<Event<Test>> {
	System::read_events_for_pallet::<Event<Test>>()
}

#[test]
fn what_raises_maintenance_margin_comes_in_steps_and_the_rest_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = UnderlyingRisk {
			scan_floor: Ratio::from_percent(13),
			basis_up: Ratio::from_basis_points(400),
			position_cap: Quantity::from_int(500),
			short_contingency_initial: Ratio::from_basis_points(60),
			..volatility(60)
		};
		System::reset_events();
		assert_ok!(set(risk.clone()));
		let set = Event::UnderlyingRiskSet { underlying: BTC, risk: risk.clone() };
		assert_eq!(events(), [set, Event::RampBegun { key: KEY, ends: 11 }]);
		let waits = volatility(50).volatility_up;
		assert_eq!(in_force(), UnderlyingRisk { volatility_up: waits, ..risk.clone() });
		for block in 2..=10 {
			run_to(block);
			assert_eq!(points(), 5_000 + 100 * (u128::from(block) - 1));
			assert_ok!(RiskParams::do_try_state());
		}
		System::reset_events();
		run_to(11);
		assert_eq!(in_force(), risk);
		assert_eq!(events(), [Event::RampEnded { key: KEY, reason: RampEnd::Arrived }]);
		assert_eq!((Ramps::<Test>::iter().count(), NextDue::<Test>::get()), (0, None));
	});
}

#[test]
fn what_is_looser_comes_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(volatility(40)));
		assert_eq!((in_force(), Ramps::<Test>::iter().count()), (volatility(40), 0));
	});
}

#[test]
fn what_is_tighter_for_one_book_and_looser_for_another_comes_in_steps_either_way() {
	ExtBuilder::default().build_and_execute(|| {
		for (percent, at) in [(12, 1), (14, 20)] {
			run_to(at);
			let before = in_force();
			let risk = UnderlyingRisk { long_term_power: Ratio::from_percent(percent), ..before };
			assert_ok!(set(risk.clone()));
			let begun = in_force();
			assert_ne!(begun, risk);
			run_to(at + 5);
			assert_ne!(in_force(), begun);
			run_to(at + 10);
			assert_eq!(in_force(), risk);
		}
	});
}

#[test]
fn a_ramp_takes_everything_along_in_a_hundred_steps() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = UnderlyingRisk {
			scan_floor: Ratio::from_percent(10),
			position_cap: Quantity::from_int(2_000),
			..volatility(60)
		};
		assert_ok!(ramp(risk.clone(), 250));
		assert_eq!(in_force(), UnderlyingRisk::btc());
		let mut seen = Vec::new();
		for block in 2..=251 {
			run_to(block);
			if seen.last() != Some(&in_force()) {
				seen.push(in_force());
			}
			let steps = u128::from((block - 1) * 100 / 250);
			assert_eq!(points(), 5_000 + 10 * steps);
			let cap = 1_000 * 10i128.pow(18) + 10 * 10i128.pow(18) * steps as i128;
			assert_eq!(in_force().position_cap, Quantity::from_inner(cap));
			let floor = 110_000_000_000_000_000 - 100_000_000_000_000 * steps;
			assert_eq!(in_force().scan_floor, Ratio::from_inner(floor));
		}
		assert_eq!((seen.len(), in_force()), (101, risk));
	});
}

#[test]
fn a_block_without_a_step_costs_one_read() {
	ExtBuilder::default().build_and_execute(|| {
		let weights: RuntimeDbWeight = <Test as frame_system::Config>::DbWeight::get();
		let one = weights.reads(1);
		assert_eq!(RiskParams::on_initialize(1), one);
		assert_ok!(ramp(volatility(60), 1_000));
		System::set_block_number(10);
		assert_eq!(RiskParams::on_initialize(10), one);
		System::set_block_number(11);
		assert!(RiskParams::on_initialize(11).any_gt(one));
		System::set_block_number(12);
		assert_eq!(RiskParams::on_initialize(12), one);
	});
}

#[test]
fn only_the_admin_ramps() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::signed(GUARDIAN)] {
			let value = GuardedValue::Underlying(BTC, volatility(60));
			assert_refused(
				|| RiskParams::ramp(origin.clone(), value, 20),
				DispatchError::BadOrigin,
			);
			assert_refused(|| RiskParams::cancel_ramp(origin, KEY), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn a_length_out_of_its_range_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		for over in [0, RAMP_LENGTH_MIN - 1, RAMP_LENGTH_MAX + 1] {
			assert_refused(|| ramp(volatility(60), over), Error::<Test>::RampLengthOutOfRange);
		}
		assert_ok!(ramp(volatility(60), RAMP_LENGTH_MIN));
		next_block();
		assert_ok!(ramp(volatility(60), RAMP_LENGTH_MAX));
	});
}

#[test]
fn what_has_no_value_cannot_be_ramped() {
	ExtBuilder::default().build_and_execute(|| {
		let value = GuardedValue::Underlying(DOT, UnderlyingRisk::dot());
		let call = || RiskParams::ramp(RuntimeOrigin::root(), value.clone(), 20);
		assert_refused(call, Error::<Test>::NothingInForce);
	});
}

#[test]
fn steps_are_measured_from_where_a_ramp_is() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(60), 100));
		run_to(51);
		assert_eq!(points(), 5_500);
		// A fifth of 55, not of the 60 to which it leads.
		assert_refused(|| set(volatility(67)), Error::<Test>::StepTooLarge(9));
		System::reset_events();
		assert_ok!(set(volatility(66)));
		let replaced = Event::RampEnded { key: KEY, reason: RampEnd::Replaced };
		assert_eq!(events()[1..], [replaced, Event::RampBegun { key: KEY, ends: 61 }]);
		assert_eq!(points(), 5_500);
		run_to(60);
		assert_eq!(points(), 6_490);
		run_to(61);
		assert_eq!(in_force(), volatility(66));
	});
}

#[test]
fn slow_ramps_one_upon_the_other_go_no_further_than_one() {
	ExtBuilder::default().build_and_execute(|| {
		// Each a fifth above the last: the last vote would have made a quick change of all of them.
		assert_ok!(ramp(volatility(60), 1_000));
		next_block();
		assert_refused(|| ramp(volatility(72), 1_000), Error::<Test>::StepTooLarge(9));
		assert_refused(|| set(volatility(72)), Error::<Test>::StepTooLarge(9));
		// Nor may the way back be longer.
		assert_ok!(ramp(volatility(40), 1_000));
		next_block();
		assert_refused(|| ramp(volatility(32), 1_000), Error::<Test>::StepTooLarge(9));
		run_to(1_003);
		assert_eq!(in_force(), volatility(40));
		assert_ok!(ramp(volatility(32), 1_000));
	});
}

#[test]
fn a_value_below_where_a_ramp_is_comes_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(60), 100));
		run_to(51);
		assert_ok!(set(volatility(54)));
		assert_eq!((in_force(), Ramps::<Test>::iter().count()), (volatility(54), 0));
		run_to(101);
		assert_eq!(in_force(), volatility(54));
	});
}

#[test]
fn a_ramped_group_changes_once_in_a_block() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ramp(volatility(60), 100));
		assert_refused(|| ramp(volatility(60), 50), Error::<Test>::ChangedInThisBlock);
		assert_refused(|| set(volatility(55)), Error::<Test>::ChangedInThisBlock);
		let cancel = || RiskParams::cancel_ramp(RuntimeOrigin::root(), KEY);
		assert_refused(cancel, Error::<Test>::ChangedInThisBlock);
		// A step is not a change.
		run_to(2);
		assert_ok!(cancel());
	});
}

#[test]
fn a_cancelled_ramp_goes_back_and_leaves_what_had_come_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let cancel = || RiskParams::cancel_ramp(RuntimeOrigin::root(), KEY);
		assert_refused(cancel, Error::<Test>::NotRamped);
		let cap = Quantity::from_int(500);
		assert_ok!(set(UnderlyingRisk { position_cap: cap, ..volatility(60) }));
		run_to(6);
		assert_eq!(points(), 5_500);
		assert_ok!(cancel());
		assert_eq!(in_force(), UnderlyingRisk { position_cap: cap, ..volatility(50) });
		assert_eq!(last_event(), Event::RampEnded { key: KEY, reason: RampEnd::Cancelled });
		assert_refused(cancel, Error::<Test>::NotRamped);
		run_to(20);
		assert_eq!(points(), 5_000);
	});
}

#[test]
fn margin_cash_and_pool_rules_are_ramped_at_the_same_time() {
	ExtBuilder::default().build_and_execute(|| {
		let margin = MarginRules { vol_term: Ratio::from_percent(42), ..MarginRules::default() };
		let cash = CashRules { rate_at_one: Ratio::from_percent(200), ..CashRules::default() };
		let pool = PoolRules { stress_cap: Ratio::from_percent(45), ..PoolRules::default() };
		let values = [
			GuardedValue::Margin(margin.clone()),
			GuardedValue::Cash(cash.clone()),
			GuardedValue::Pool(pool.clone()),
		];
		for (over, value) in [15, 20, 30].into_iter().zip(values) {
			assert_ok!(RiskParams::ramp(RuntimeOrigin::root(), value, over));
		}
		assert_ok!(ramp(volatility(60), 40));
		for block in 2..=41 {
			run_to(block);
			assert_ok!(RiskParams::do_try_state());
			assert_eq!(Ramps::<Test>::iter().count(), RiskParams::ramps().len());
			let left = [16, 21, 31, 41].iter().filter(|end| block < **end).count();
			assert_eq!(Ramps::<Test>::iter().count(), left);
		}
		assert_eq!((RiskParams::margin(), RiskParams::cash()), (margin, cash));
		assert_eq!((RiskParams::pool(), in_force()), (pool, volatility(60)));
	});
}

#[test]
fn a_spread_must_stay_below_every_contingency_on_the_way() {
	ExtBuilder::default().build_and_execute(|| {
		let points = Ratio::from_basis_points;
		let spread = |spread| {
			let rules = PoolRules { spread_of_spot: points(spread), ..PoolRules::default() };
			RiskParams::set_pool_rules(RuntimeOrigin::root(), rules)
		};
		for value in [4, 6, 9, 13, 19, 25] {
			assert_ok!(spread(value));
			next_block();
		}
		let contingency = |points| UnderlyingRisk {
			short_contingency_maintenance: Ratio::from_basis_points(points),
			..UnderlyingRisk::btc()
		};
		// From 30 down to 27 over a long time: 27 counts from the beginning.
		assert_ok!(ramp(contingency(27), 1_000));
		next_block();
		assert_refused(|| spread(27), Error::<Test>::SpreadNotBelowContingency);
		assert_ok!(spread(26));
		next_block();
		// And the other way round: a spread on its way up counts as what it will be.
		assert_ok!(spread(15));
		assert_ok!(set(contingency(27)));
		let rules = PoolRules { spread_of_spot: points(22), ..PoolRules::default() };
		next_block();
		assert_ok!(RiskParams::ramp(RuntimeOrigin::root(), GuardedValue::Pool(rules), 100));
		assert_refused(|| set(contingency(22)), Error::<Test>::SpreadNotBelowContingency);
		assert_ok!(set(contingency(23)));
		run_to(200);
		assert_eq!(RiskParams::pool().spread_of_spot, points(22));
	});
}

#[test]
fn what_is_foretold_is_what_comes() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!((RiskParams::ramped_for(BTC), RiskParams::ramped_for(ETH)), (0, 0));
		assert_ok!(ramp(volatility(60), 250));
		let margin = MarginRules { vol_term: Ratio::from_percent(42), ..MarginRules::default() };
		assert_ok!(RiskParams::set_margin_rules(RuntimeOrigin::root(), margin));
		assert_eq!((RiskParams::ramped_for(BTC), RiskParams::ramped_for(ETH)), (250, 10));
		run_to(4);
		let foretold: Vec<_> = (0..260)
			.map(|blocks| (RiskParams::underlying_in(BTC, blocks), RiskParams::margin_in(blocks)))
			.collect();
		for (blocks, (risk, margin)) in foretold.into_iter().enumerate() {
			run_to(4 + blocks as u64);
			assert_eq!((RiskParams::underlying(BTC), RiskParams::margin()), (risk, margin));
		}
		assert_eq!(RiskParams::ramped_for(BTC), 0);
		assert_eq!(RiskParams::underlying_in(DOT, 5), None);
	});
}

#[test]
fn the_dry_run_answers_what_the_call_does() {
	ExtBuilder::default().build_and_execute(|| {
		for (percent, over) in [(60, 20), (61, 20), (60, 5), (60, 2_000)] {
			let value = GuardedValue::Underlying(BTC, volatility(percent));
			let answer = RiskParams::check_ramp(&value, over).map_err(Error::<Test>::from);
			let call = frame_support::storage::with_transaction(|| {
				sp_runtime::TransactionOutcome::Rollback(ramp(volatility(percent), over))
			});
			assert_eq!(answer.map_err(DispatchError::from), call);
		}
	});
}
