//! Rules of cash and of the contingencies: what a range or a relation is there for, without a chain.

use crate::rules::{Group, Limit, Rule};
use ballast_math::{
	contingency::{diversification, Binding, OpenInterest, DIVERSIFICATION_MAX_PERCENT},
	utilisation::Kinked,
	MathError, Q64,
};
use ballast_primitives::{
	params::{CashRules, MarginRules, OracleRules, UnderlyingRisk},
	Ratio, Usd,
};
use proptest::prelude::*;

fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

/// The rule that refuses the default rules of cash after `change`, with the field.
fn refused(change: impl FnOnce(&mut CashRules)) -> Option<(Rule, &'static str)> {
	let mut rules = CashRules::default();
	assert_eq!(rules.validate(), Ok(()));
	change(&mut rules);
	rules.validate().err().map(|violation| (violation.rule, violation.field))
}

fn limit<G: Group>(field: &str) -> &'static Limit<G> {
	G::LIMITS.iter().find(|limit| limit.field == field).expect("a known field")
}

/// The curve of interest that the clearing house makes of the rules.
fn curve(rules: &CashRules) -> Result<Kinked, MathError> {
	Kinked::new(
		rules.kink.into_inner(),
		rules.rate_at_zero.into_inner(),
		rules.rate_at_kink.into_inner(),
		rules.rate_at_one.into_inner(),
	)
}

#[test]
fn rules_between_fields_of_cash_name_themselves() {
	assert_eq!(
		refused(|rules| rules.rate_at_zero = percent(13)),
		Some((Rule::RateFalls, "rate_at_zero"))
	);
	assert_eq!(
		refused(|rules| rules.rate_at_kink = percent(151)),
		Some((Rule::RateFalls, "rate_at_kink"))
	);
	assert_eq!(
		refused(|rules| rules.withdrawal_per_hour = percent(11)),
		Some((Rule::HourAboveDay, "withdrawal_per_hour"))
	);
	// Equal is allowed.
	assert_eq!(refused(|rules| rules.rate_at_zero = percent(12)), None);
	assert_eq!(refused(|rules| rules.rate_at_kink = percent(150)), None);
	assert_eq!(refused(|rules| rules.withdrawal_per_hour = percent(10)), None);
}

#[test]
fn all_lent_cash_costs_at_least_a_hundred_and_fifty_per_cent_a_year() {
	let out = Some((Rule::OutOfRange, "rate_at_one"));
	let rate = percent(150).into_inner();
	assert_eq!(refused(|rules| rules.rate_at_one = Ratio::from_inner(rate - 1)), out);
	assert_eq!(refused(|rules| rules.rate_at_one = Ratio::from_inner(rate)), None);
}

#[test]
fn lenders_earn_and_withdrawals_are_never_forbidden() {
	let field = |refusal: Option<(Rule, &'static str)>| refusal.map(|(_, field)| field);
	assert_eq!(
		field(refused(|rules| rules.interest_margin = percent(100))),
		Some("interest_margin")
	);
	assert_eq!(
		field(refused(|rules| rules.withdrawal_per_hour = Ratio::ZERO)),
		Some("withdrawal_per_hour")
	);
	assert_eq!(
		field(refused(|rules| rules.withdrawal_exempt = Usd::from_inner(-1))),
		Some("withdrawal_exempt")
	);
	// New loans may be halted.
	assert_eq!(refused(|rules| rules.borrow_until = Ratio::ZERO), None);
	assert_eq!(field(refused(|rules| rules.borrow_until = percent(101))), Some("borrow_until"));
}

#[test]
fn new_loans_stop_at_once_and_come_back_in_steps() {
	let until = |value| CashRules { borrow_until: percent(value), ..Default::default() };
	assert_eq!(until(0).ensure_step(&until(80)), Ok(()));
	assert_eq!(until(20).ensure_step(&until(0)), Ok(()));
	let refusal = until(21).ensure_step(&until(0)).expect_err("further than a step");
	assert_eq!(
		(refusal.rule, refusal.field, refusal.position),
		(Rule::StepTooLarge, "borrow_until", 5)
	);
}

#[test]
fn contingencies_keep_to_what_the_mathematics_takes() {
	let greatest = limit::<MarginRules>("diversification").greatest;
	assert_eq!(greatest, percent(DIVERSIFICATION_MAX_PERCENT as u32).into_inner());
	let pair = [1, -1].map(|way| Binding { loss: Q64::ONE, spot_move: Q64::from_int(way) });
	let share = |inner: u128| Ratio::from_inner(inner).to_q64().unwrap();
	assert!(diversification(&pair, share(greatest)).is_ok());
	assert!(diversification(&pair, share(greatest + 100)).is_err());
	// A forward moved down stays a price.
	assert!(limit::<UnderlyingRisk>("basis_down").greatest < Ratio::ONE.into_inner());
	assert!(limit::<MarginRules>("long_value").greatest <= Ratio::ONE.into_inner());
	// Open interest begins to count before its cap and never lowers a requirement.
	let start = limit::<UnderlyingRisk>("open_interest_start").greatest;
	let cap = Q64::from_int(1_000);
	let low = cap.checked_mul(share(start), ballast_math::fixed::Rounding::Floor).unwrap();
	let least = limit::<UnderlyingRisk>("open_interest_factor").least;
	let scaling = OpenInterest { low, high: cap, most: share(least) };
	assert_eq!(scaling.factor(cap), Ok(Q64::ONE));
}

#[test]
fn whether_only_spot_is_fed_never_changes_between_two_values() {
	let rules = |spot_only| OracleRules { spot_only, ..Default::default() };
	for spot_only in [false, true] {
		assert_eq!(rules(spot_only).validate(), Ok(()));
		assert_eq!(rules(spot_only).ensure_step(&rules(spot_only)), Ok(()));
		let refusal = rules(!spot_only).ensure_step(&rules(spot_only)).expect_err("another kind");
		assert_eq!((refusal.rule, refusal.field), (Rule::SpotOnlyFixed, "spot_only"));
	}
}

fn any_ratio(greatest_percent: u128) -> impl Strategy<Value = Ratio> {
	(0..=greatest_percent * 10_000_000_000_000_000).prop_map(Ratio::from_inner)
}

prop_compose! {
	/// Rules of cash, about half of them acceptable.
	fn any_cash()(
		kink in any_ratio(105),
		zero in any_ratio(20),
		at_kink in any_ratio(210),
		at_one in any_ratio(1_050),
		margin in any_ratio(95),
		hour in any_ratio(20),
		day in any_ratio(105),
	) -> CashRules {
		CashRules {
			kink, rate_at_zero: zero, rate_at_kink: at_kink, rate_at_one: at_one,
			interest_margin: margin, withdrawal_per_hour: hour, withdrawal_per_day: day,
			..Default::default()
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

	/// Whatever is accepted makes a curve that never falls, leaves lenders a share and lets a day's
	/// withdrawals be at least an hour's; whatever is refused breaks what it is refused for.
	#[test]
	fn accepted_rules_of_cash_make_a_curve(rules in any_cash()) {
		let relations = [
			(Rule::RateFalls, rules.rate_at_zero <= rules.rate_at_kink
				&& rules.rate_at_kink <= rules.rate_at_one),
			(Rule::HourAboveDay, rules.withdrawal_per_hour <= rules.withdrawal_per_day),
		];
		match rules.validate() {
			Ok(()) => {
				let curve = curve(&rules);
				prop_assert!(curve.is_ok());
				prop_assert!(relations.iter().all(|(_, holds)| *holds));
				let full = curve.unwrap().value_ceil(Ratio::ONE.into_inner()).unwrap();
				prop_assert!(full >= percent(150).into_inner());
				prop_assert!(rules.interest_margin < Ratio::ONE);
			}
			Err(violation) if violation.rule == Rule::OutOfRange => {
				let figure = match violation.field {
					"kink" => rules.kink,
					"rate_at_zero" => rules.rate_at_zero,
					"rate_at_kink" => rules.rate_at_kink,
					"rate_at_one" => rules.rate_at_one,
					"interest_margin" => rules.interest_margin,
					"withdrawal_per_hour" => rules.withdrawal_per_hour,
					"withdrawal_per_day" => rules.withdrawal_per_day,
					other => panic!("{other} is always in range"),
				};
				let limit = limit::<CashRules>(violation.field);
				prop_assert!(!(limit.least..=limit.greatest).contains(&figure.into_inner()));
			}
			Err(violation) => {
				let broken = relations.iter().find(|(rule, _)| *rule == violation.rule);
				prop_assert_eq!(broken.map(|(_, holds)| *holds), Some(false));
			}
		}
	}
}
