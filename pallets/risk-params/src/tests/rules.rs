//! Ranges, steps and rules between fields, group by group, without a chain.

use crate::rules::{Group, Rule, Violation};
use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	Price, Quantity, Ratio, Usd,
};
use proptest::prelude::*;

fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

/// The rule that refuses a start value after `change`, with the field.
fn refused<G: Group>(mut value: G, change: impl FnOnce(&mut G)) -> Option<(Rule, &'static str)> {
	assert_eq!(value.validate(), Ok(()));
	change(&mut value);
	value.validate().err().map(|violation| (violation.rule, violation.field))
}

/// Sets one field of a group.
macro_rules! refused {
	($start:expr; $($field:ident = $value:expr),+) => {
		refused($start, |value| { $(value.$field = $value;)+ })
	};
}

#[test]
fn rules_between_fields_of_an_underlying_name_themselves() {
	let btc = UnderlyingRisk::btc;
	assert_eq!(
		refused!(btc(); scan_floor = percent(29)),
		Some((Rule::FloorAboveStressed, "scan_floor"))
	);
	assert_eq!(
		refused!(btc(); scan_stressed = percent(33)),
		Some((Rule::StressedAboveCap, "scan_stressed"))
	);
	assert_eq!(
		refused!(btc(); fast_half_life = 259_200),
		Some((Rule::FastHalfLifeNotBelowSlow, "fast_half_life"))
	);
	assert_eq!(
		refused!(btc(); short_contingency_maintenance = percent(6),
			short_contingency_initial = percent(5)),
		Some((Rule::ContingencyNotBelowFloor, "short_contingency_maintenance"))
	);
	for half in [
		refused!(btc(); peg_threshold = Price::from_int(1)),
		refused!(btc(); peg_slope = percent(500)),
		refused!(UnderlyingRisk::stable(); peg_slope = Ratio::ZERO),
		refused!(UnderlyingRisk::stable(); peg_threshold = Price::ZERO),
	] {
		assert_eq!(half, Some((Rule::PegHalfSet, "peg_threshold")));
	}
	assert_eq!(
		refused!(btc(); quantity_min = Quantity::from_inner(15_000_000_000_000_000)),
		Some((Rule::StepDoesNotDivideMinimum, "quantity_min"))
	);
	assert_eq!(
		refused!(btc(); quantity_min = Quantity::from_int(1_001)),
		Some((Rule::MinimumAbovePositionCap, "quantity_min"))
	);
	assert_eq!(
		refused!(btc(); position_cap = Quantity::from_int(10_001)),
		Some((Rule::PositionCapAboveOpenInterestCap, "position_cap"))
	);
	// Equal is allowed where the rule says "at most".
	assert_eq!(refused!(btc(); scan_floor = percent(28)), None);
	assert_eq!(refused!(btc(); scan_stressed = percent(32)), None);
	assert_eq!(refused!(btc(); position_cap = Quantity::from_int(10_000)), None);
}

#[test]
fn rules_between_fields_of_a_liquidation_name_themselves() {
	let start = LiquidationRules::default;
	assert_eq!(
		refused!(start(); penalty = percent(15)),
		Some((Rule::PenaltyNotBelowBuffer, "penalty"))
	);
	assert_eq!(
		refused!(start(); compensation_start = percent(16)),
		Some((Rule::CompensationFalls, "compensation_start"))
	);
	assert_eq!(
		refused!(start(); fast_length = 7_200),
		Some((Rule::FastPartNotShorter, "fast_length"))
	);
	assert_eq!(
		refused!(start(); keeper_reward_min = Usd::from_int(51)),
		Some((Rule::RewardAboveBlockLimit, "keeper_reward_min"))
	);
	assert_eq!(
		refused!(start(); dust = Usd::from_int(101)),
		Some((Rule::DustAboveWholeAccount, "dust"))
	);
}

#[test]
fn rules_between_fields_of_oracle_and_pool_name_themselves() {
	assert_eq!(
		refused!(OracleRules::default(); raw_age_max = 121),
		Some((Rule::RawOlderThanSpot, "raw_age_max"))
	);
	assert_eq!(
		refused!(PoolRules::default(); delta_min = percent(50), delta_max = percent(50)),
		Some((Rule::DeltaBandEmpty, "delta_min"))
	);
}

/// Every field of a group is refused one below its least and one above its greatest value.
macro_rules! ranges_refuse {
	($start:expr, $($field:ident: $make:expr),+ $(,)?) => {{
		let start = $start;
		let mut fields = 0;
		$(
			let limit = limit_of(&start, stringify!($field));
			let outside = limit.0.checked_sub(1).into_iter().chain([limit.1 + 1]);
			for figure in outside {
				let mut value = start.clone();
				value.$field = $make(figure);
				let violation = value.validate().expect_err(stringify!($field));
				assert_eq!(
					(violation.rule, violation.field),
					(Rule::OutOfRange, stringify!($field))
				);
			}
			fields += 1;
		)+
		assert_eq!(fields, limits_of(&start), "every field is tried");
	}};
}

fn limit_of<G: Group>(_: &G, field: &str) -> (u128, u128) {
	let limit = G::LIMITS.iter().find(|limit| limit.field == field).expect("a known field");
	(limit.least, limit.greatest)
}

fn limits_of<G: Group>(_: &G) -> usize {
	G::LIMITS.len()
}

fn time(figure: u128) -> u64 {
	u64::try_from(figure).unwrap()
}

fn count(figure: u128) -> u32 {
	u32::try_from(figure).unwrap()
}

fn usd(figure: u128) -> Usd {
	Usd::from_inner(i128::try_from(figure).unwrap())
}

fn quantity(figure: u128) -> Quantity {
	Quantity::from_inner(i128::try_from(figure).unwrap())
}

#[test]
fn every_field_is_refused_just_outside_its_range() {
	let ratio = Ratio::from_inner;
	let volatility = ballast_primitives::Volatility::from_inner;
	ranges_refuse!(UnderlyingRisk::btc(), scan_floor: ratio, scan_stressed: ratio,
		scan_cap: ratio, scan_multiple: ratio, scan_stressed_weight: ratio, scan_horizon: time,
		scan_ramp_per_hour: ratio, fast_half_life: time, slow_half_life: time,
		volatility_up: ratio, volatility_down: ratio, short_term_power: ratio,
		long_term_power: ratio, volatility_floor_time: time, volatility_move_cap: ratio,
		least_shocked_volatility: volatility, short_contingency_maintenance: ratio,
		short_contingency_initial: ratio, basis_up: ratio, basis_down: ratio,
		basis_weight: ratio, basis_weight_per_year: ratio, open_interest_start: ratio,
		open_interest_factor: ratio, peg_threshold: Price::from_inner, peg_slope: ratio, position_cap: quantity, open_interest_cap: quantity,
		collateral_cap: quantity, quantity_min: quantity, quantity_step: quantity);
	ranges_refuse!(OracleRules::default(), spot_age_max: time, volatility_age_max: time,
		operators_min: count, raw_age_max: time, spot_deviation_max: ratio,
		volatility_deviation_max: ratio, confirming_rounds: count, sample_period: time,
		settlement_window: time, settlement_coverage: ratio, settlement_overdue: time);
	ranges_refuse!(MarginRules::default(), initial_factor: ratio, vol_term: ratio,
		long_value: ratio, long_value_rate: ratio, confidence_threshold: ratio,
		confidence_slope: ratio, depeg_threshold: ratio, depeg_slope: ratio,
		diversification: ratio);
	ranges_refuse!(CashRules::default(), kink: ratio, rate_at_zero: ratio, rate_at_kink: ratio,
		rate_at_one: ratio, interest_margin: ratio, borrow_until: ratio,
		withdrawal_per_hour: ratio, withdrawal_per_day: ratio, withdrawal_exempt: usd);
	ranges_refuse!(LiquidationRules::default(), compensation_start: ratio,
		compensation_fast: ratio, fast_length: time, full_length: time, buffer: ratio,
		penalty: ratio, keeper_share: ratio, keeper_reward_min: usd,
		keeper_rewards_per_block: usd, dust: usd, whole_below_equity: usd,
		bid_share_min: ratio, takeover_after: time, idle_checks: count);
	ranges_refuse!(PoolRules::default(), spread_of_mark: ratio, spread_of_volatility: volatility,
		spread_of_spot: ratio, stress_cap: ratio, delta_min: ratio, delta_max: ratio,
		quote_until: time, cooldown: time, deposit_min: usd, virtual_offset: usd,
		takeover_cap: ratio);
	ranges_refuse!(FundRules::default(), insurance_target: usd, insurance_floor: usd,
		insurance_window_cap: ratio, pool_window_cap: ratio, window_length: time,
		deficit_dust: usd, pool_share: ratio, insurance_share: ratio, treasury_share: ratio,
		staker_share: ratio);
	ranges_refuse!(TradeRules::default(), collar_share: ratio, collar_volatility: volatility,
		collar_tick: ratio, offer_life_max: time, offer_deposit: core::convert::identity);
	ranges_refuse!(VaultRules::default(), bond: core::convert::identity, deposit_min: usd,
		management_fee_max: ratio, performance_fee_max: ratio, treasury_share: ratio,
		delta_min: ratio, delta_max: ratio, distance_min: ratio, distance_max: ratio,
		reserve_min: ratio, start_max: ratio, auction_min: time, auction_max: time,
		life_min: time);
}

#[test]
fn negative_amounts_are_out_of_range_where_zero_is_allowed() {
	assert_eq!(
		refused!(LiquidationRules::default(); dust = Usd::from_inner(-1)),
		Some((Rule::OutOfRange, "dust"))
	);
	assert_eq!(
		refused!(UnderlyingRisk::btc(); collateral_cap = Quantity::from_inner(-1)),
		Some((Rule::OutOfRange, "collateral_cap"))
	);
}

/// Whether a change of BTC's start value is within the steps, and if not, the field.
fn stepped(change: impl FnOnce(&mut UnderlyingRisk)) -> Result<(), &'static str> {
	let old = UnderlyingRisk::btc();
	let mut new = old.clone();
	change(&mut new);
	new.ensure_step(&old).map_err(|violation| {
		assert_eq!(violation.rule, Rule::StepTooLarge);
		violation.field
	})
}

#[test]
fn steps_bind_exactly_at_their_share() {
	// 20% of 0.32 is 0.064.
	let cap = |inner: u128| stepped(|risk| risk.scan_cap = Ratio::from_inner(inner));
	assert_eq!(cap(384_000_000_000_000_000), Ok(()));
	assert_eq!(cap(384_000_000_000_000_001), Err("scan_cap"));
	assert_eq!(cap(256_000_000_000_000_000), Ok(()));
	assert_eq!(cap(255_999_999_999_999_999), Err("scan_cap"));
	// Half of four hours.
	let half_life = |seconds| stepped(|risk| risk.fast_half_life = seconds);
	assert_eq!(half_life(21_600), Ok(()));
	assert_eq!(half_life(21_601), Err("fast_half_life"));
	assert_eq!(half_life(7_199), Err("fast_half_life"));
}

#[test]
fn caps_double_at_most_and_fall_freely() {
	let cap = |contracts| stepped(|risk| risk.open_interest_cap = Quantity::from_int(contracts));
	assert_eq!(cap(20_000), Ok(()));
	assert_eq!(cap(20_001), Err("open_interest_cap"));
	assert_eq!(cap(1), Ok(()));
}

#[test]
fn a_field_at_zero_can_leave_it_by_a_grain() {
	let old = UnderlyingRisk { collateral_cap: Quantity::ZERO, ..UnderlyingRisk::btc() };
	let to = |contracts| UnderlyingRisk {
		collateral_cap: Quantity::from_int(contracts),
		..UnderlyingRisk::btc()
	};
	assert_eq!(to(1).ensure_step(&old), Ok(()));
	assert!(to(2).ensure_step(&old).is_err());
}

fn any_ratio(greatest_percent: u128) -> impl Strategy<Value = Ratio> {
	(0..=greatest_percent * 10_000_000_000_000_000).prop_map(Ratio::from_inner)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	/// What is accepted satisfies every relation, and what is refused breaks the named one.
	#[test]
	fn accepted_risks_satisfy_the_relations(
		floor in any_ratio(40), stressed in any_ratio(60), cap in any_ratio(100),
		maintenance in any_ratio(12), initial in any_ratio(12),
		fast in 0u64..300_000, slow in 0u64..300_000,
		step in -1i128..20, minimum in 0i128..60, position in 0i128..100, open in 0i128..100,
	) {
		let risk = UnderlyingRisk {
			scan_floor: floor, scan_stressed: stressed, scan_cap: cap,
			short_contingency_maintenance: maintenance, short_contingency_initial: initial,
			fast_half_life: fast, slow_half_life: slow,
			quantity_step: Quantity::from_int(step as i64),
			quantity_min: Quantity::from_int(minimum as i64),
			position_cap: Quantity::from_int(position as i64),
			open_interest_cap: Quantity::from_int(open as i64),
			..UnderlyingRisk::btc()
		};
		let sum = maintenance.into_inner() + initial.into_inner();
		let relations = [
			(Rule::FloorAboveStressed, floor <= stressed),
			(Rule::StressedAboveCap, stressed <= cap),
			(Rule::FastHalfLifeNotBelowSlow, fast < slow),
			(Rule::ContingencyNotBelowFloor, sum < floor.into_inner()),
			(Rule::StepDoesNotDivideMinimum, step > 0 && minimum % step == 0),
			(Rule::MinimumAbovePositionCap, minimum <= position),
			(Rule::PositionCapAboveOpenInterestCap, position <= open),
		];
		match risk.validate() {
			Ok(()) => prop_assert!(relations.iter().all(|(_, holds)| *holds)),
			Err(Violation { rule: Rule::OutOfRange, field, .. }) => {
				let limit = limit_of(&risk, field);
				let figure = match field {
					"scan_floor" => floor.into_inner(),
					"scan_stressed" => stressed.into_inner(),
					"scan_cap" => cap.into_inner(),
					"short_contingency_maintenance" => maintenance.into_inner(),
					"short_contingency_initial" => initial.into_inner(),
					"fast_half_life" => fast.into(),
					"slow_half_life" => slow.into(),
					// Sizes are generated as integers from -1: all but the positive are outside.
					_ => 0,
				};
				prop_assert!(figure < limit.0 || figure > limit.1);
			},
			Err(violation) => {
				let broken = relations.iter().find(|(rule, _)| *rule == violation.rule);
				prop_assert_eq!(broken.map(|(_, holds)| *holds), Some(false));
			},
		}
	}

	/// Along the whole curve of an accepted auction `1 + b > g + pi`, so that every bid helps.
	#[test]
	fn accepted_auctions_always_help(
		start in any_ratio(120), fast in any_ratio(120), buffer in any_ratio(60),
		penalty in any_ratio(60), fast_length in 0u64..10_000, full_length in 0u64..10_000,
	) {
		let rules = LiquidationRules {
			compensation_start: start, compensation_fast: fast, buffer, penalty, fast_length,
			full_length, ..Default::default()
		};
		if rules.validate().is_ok() {
			for compensation in [start, fast, Ratio::ONE] {
				let left = Ratio::ONE.into_inner() + buffer.into_inner();
				prop_assert!(left > compensation.into_inner() + penalty.into_inner());
			}
			prop_assert!(start <= fast && fast <= Ratio::ONE && fast_length < full_length);
		}
	}

	/// Whatever two values a step allows, the change is at most the share or the grain.
	#[test]
	fn a_factor_never_moves_by_more_than_a_fifth(old in 1u32..95, new in 1u32..95) {
		let with = |value| UnderlyingRisk { scan_cap: percent(value), ..UnderlyingRisk::btc() };
		let allowed = with(new).ensure_step(&with(old)).is_ok();
		prop_assert_eq!(allowed, old.abs_diff(new) * 5 <= old);
	}
}
