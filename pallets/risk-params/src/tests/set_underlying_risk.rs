use super::assert_refused;
use crate::{mock::*, Error, Event, GenesisConfig, Refusal, Rule, MAX_UNDERLYINGS};
use ballast_primitives::{
	params::{OracleRules, PoolRules, UnderlyingRisk},
	Quantity, Ratio, UnderlyingId,
};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(underlying: UnderlyingId, risk: UnderlyingRisk) -> sp_runtime::DispatchResult {
	RiskParams::set_underlying_risk(RuntimeOrigin::root(), underlying, risk)
}

#[test]
fn a_first_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(DOT, UnderlyingRisk::dot()));
		assert_eq!(RiskParams::underlying(DOT), Some(UnderlyingRisk::dot()));
		let expected = Event::UnderlyingRiskSet { underlying: DOT, risk: UnderlyingRisk::dot() };
		assert_eq!(last_event(), expected);
		// Nothing else moved.
		assert_eq!(RiskParams::underlying(BTC), Some(UnderlyingRisk::btc()));
		assert_eq!(RiskParams::underlying(ETH), Some(UnderlyingRisk::eth()));
	});
}

#[test]
fn a_change_within_every_step_takes_effect() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = UnderlyingRisk {
			scan_floor: Ratio::from_percent(13),
			open_interest_cap: Quantity::from_int(20_000),
			collateral_cap: Quantity::ZERO,
			..UnderlyingRisk::btc()
		};
		assert_ok!(set(BTC, risk.clone()));
		assert_eq!(RiskParams::underlying(BTC), Some(risk));
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_refused(
				|| RiskParams::set_underlying_risk(origin, DOT, UnderlyingRisk::dot()),
				DispatchError::BadOrigin,
			);
		}
	});
}

#[test]
fn a_field_outside_its_range_is_refused_with_its_position() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = UnderlyingRisk { scan_floor: Ratio::ZERO, ..UnderlyingRisk::dot() };
		assert_refused(|| set(DOT, risk), Error::<Test>::OutOfRange(0));
		let risk = UnderlyingRisk { quantity_step: Quantity::ZERO, ..UnderlyingRisk::dot() };
		assert_refused(|| set(DOT, risk), Error::<Test>::OutOfRange(30));
		let risk = UnderlyingRisk { position_cap: Quantity::from_int(-1), ..UnderlyingRisk::dot() };
		assert_refused(|| set(DOT, risk), Error::<Test>::OutOfRange(26));
	});
}

#[test]
fn a_step_too_large_is_refused_with_its_position_and_named_by_the_dry_run() {
	ExtBuilder::default().build_and_execute(|| {
		let risk =
			UnderlyingRisk { scan_stressed: Ratio::from_percent(20), ..UnderlyingRisk::btc() };
		let dry = RiskParams::check_underlying_risk(BTC, &risk).map_err(Refusal::from);
		let refusal = Refusal { rule: Rule::StepTooLarge, field: "scan_stressed".into() };
		assert_eq!(dry, Err(refusal));
		assert_refused(|| set(BTC, risk), Error::<Test>::StepTooLarge(1));
	});
}

#[test]
fn fields_that_contradict_each_other_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = UnderlyingRisk { scan_floor: Ratio::from_percent(51), ..UnderlyingRisk::dot() };
		assert_refused(|| set(DOT, risk), Error::<Test>::FloorAboveStressed);
	});
}

#[test]
fn half_a_peg_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = UnderlyingRisk { peg_slope: Ratio::ZERO, ..UnderlyingRisk::stable() };
		assert_refused(|| set(DOT, risk), Error::<Test>::PegHalfSet);
		assert_ok!(set(DOT, UnderlyingRisk::stable()));
		assert_eq!(RiskParams::underlying(DOT), Some(UnderlyingRisk::stable()));
	});
}

#[test]
fn a_contingency_that_the_pools_spread_reaches_is_refused() {
	let pool = PoolRules { spread_of_spot: Ratio::from_basis_points(20), ..Default::default() };
	ExtBuilder::with(GenesisConfig { pool: Some(pool), ..Default::default() }).build_and_execute(
		|| {
			let risk = |points| UnderlyingRisk {
				short_contingency_maintenance: Ratio::from_basis_points(points),
				..UnderlyingRisk::dot()
			};
			assert_refused(|| set(DOT, risk(20)), Error::<Test>::SpreadNotBelowContingency);
			assert_ok!(set(DOT, risk(21)));
		},
	);
}

#[test]
fn a_half_life_shorter_than_the_sampling_period_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let slow = OracleRules { sample_period: 3_600, ..Default::default() };
		assert_ok!(RiskParams::set_oracle_rules(RuntimeOrigin::root(), DOT, slow));
		let risk = |fast_half_life| UnderlyingRisk { fast_half_life, ..UnderlyingRisk::dot() };
		assert_refused(|| set(DOT, risk(3_599)), Error::<Test>::SampleSlowerThanHalfLife);
		assert_ok!(set(DOT, risk(3_600)));
	});
}

#[test]
fn a_group_changes_once_in_a_block() {
	ExtBuilder::default().build_and_execute(|| {
		let risk = |percent| UnderlyingRisk {
			scan_floor: Ratio::from_percent(percent),
			..UnderlyingRisk::btc()
		};
		assert_ok!(set(BTC, risk(13)));
		assert_refused(|| set(BTC, risk(15)), Error::<Test>::ChangedInThisBlock);
		// Another underlying's group is another group.
		assert_ok!(set(ETH, UnderlyingRisk::eth()));
		next_block();
		assert_ok!(set(BTC, risk(15)));
	});
}

#[test]
fn more_underlyings_than_the_chain_carries_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let most = u16::try_from(MAX_UNDERLYINGS).unwrap();
		for id in 3..=most {
			assert_ok!(set(UnderlyingId(id), UnderlyingRisk::dot()));
		}
		assert_refused(
			|| set(UnderlyingId(most + 1), UnderlyingRisk::dot()),
			Error::<Test>::TooManyUnderlyings,
		);
		// One that is known may still change.
		next_block();
		assert_ok!(set(UnderlyingId(most), UnderlyingRisk::dot()));
	});
}
