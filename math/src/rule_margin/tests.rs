//! Properties of rule-based margin over random books.

use super::*;
use crate::{
	black76::Kind,
	contingency::{Confidence, Depeg},
	fixed::{Rounding, Q64},
	margin_model::{Book, MarginModel, Perpetual},
	requirement::Exercise,
};
use proptest::prelude::*;

fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

fn ratio(points: i128) -> Q64 {
	Q64::from_ratio(points, 10_000, Rounding::Nearest).unwrap()
}

fn standard() -> StandardModel<'static> {
	let confidence = Confidence { threshold: ratio(5_500), slope: Q64::ONE };
	StandardModel {
		shorts: ShortOptions::derive().unwrap(),
		perpetuals: Shares { maintenance: ratio(650), initial: ratio(1_000) },
		confidence_perpetuals: confidence,
		confidence_options: confidence,
		confidence_collateral: confidence,
		depeg: Depeg { threshold: ratio(9_900), slope: Q64::from_int(2) },
		collateral: &[],
	}
}

fn leg(kind: Kind, strike: f64, days: f64, quantity: f64) -> Leg {
	Leg {
		kind,
		exercise: Exercise::European,
		strike: q(strike),
		expiry: (days * 86_400.0) as u64,
		years: q(days / 365.0),
		forward: q(100.0),
		fixed: Q64::ZERO,
		discount: Q64::ONE,
		volatility: q(0.8),
		quantity: q(quantity),
	}
}

fn book(legs: &[Leg], perpetuals: f64) -> Book<'_> {
	Book {
		spot: q(100.0),
		spot_confidence: Q64::ONE,
		quote_price: Q64::ONE,
		cash: Q64::ZERO,
		perpetual: Perpetual { quantity: q(perpetuals), price: q(100.0), ..Perpetual::NONE },
		holdings: &[],
		legs,
		expiries: &[],
	}
}

prop_compose! {
	fn any_leg()(
		is_call in any::<bool>(),
		strike in 5u32..40,
		days in prop::sample::select(vec![0.0, 1.0, 7.0, 30.0, 90.0]),
		quantity in -400i32..400,
	) -> Leg {
		let kind = if is_call { Kind::Call } else { Kind::Put };
		leg(kind, f64::from(strike) * 5.0, days, f64::from(quantity) / 100.0)
	}
}

fn any_legs() -> impl Strategy<Value = Vec<Leg>> {
	prop::collection::vec(any_leg(), 0..7)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

	#[test]
	fn no_standard_requirement_is_below_zero_and_initial_is_not_below_maintenance(
		legs in any_legs(),
		perpetuals in -2.0f64..2.0,
	) {
		let required = standard().margins(&book(&legs, perpetuals)).unwrap();
		prop_assert!(f(required.maintenance) >= -1e-12, "{required:?}");
		prop_assert!(required.initial >= required.maintenance, "{required:?}");
	}

	#[test]
	fn what_is_only_long_needs_its_premium(legs in any_legs()) {
		let longs: Vec<_> = legs.into_iter().filter(|leg| leg.quantity.is_positive()).collect();
		let required = standard().margins(&book(&longs, 0.0)).unwrap();
		prop_assert_eq!(required.maintenance, required.mark);
		prop_assert_eq!(required.initial, required.mark);
	}

	#[test]
	fn one_more_long_never_needs_more_than_it_costs(legs in any_legs(), extra in any_leg()) {
		// Not above the strikes there are: see `StandardModel` on calls short at the top.
		let highest = legs.iter().filter(|leg| leg.expiry == extra.expiry).map(|leg| leg.strike).max();
		let strike = highest.map_or(extra.strike, |highest| extra.strike.min(highest));
		let extra = Leg { quantity: extra.quantity.checked_abs().unwrap(), strike, ..extra };
		let before = standard().margins(&book(&legs, 0.0)).unwrap();
		let mut more = legs.clone();
		more.push(extra);
		let after = standard().margins(&book(&more, 0.0)).unwrap();
		let excess = |required: crate::margin_model::Requirement| {
			(f(required.maintenance_excess().unwrap()), f(required.initial_excess().unwrap()))
		};
		let (before, after) = (excess(before), excess(after));
		prop_assert!(after.0 >= before.0 - 1e-11 && after.1 >= before.1 - 1e-11);
	}

	#[test]
	fn an_expiry_whose_calls_are_covered_needs_no_more_than_it_can_lose(legs in any_legs()) {
		let legs: Vec<_> = legs
			.iter()
			.map(|leg| Leg { expiry: 1, years: q(0.1), ..*leg })
			.chain([leg(Kind::Call, 150.0, 36.5, 30.0)].map(|leg| Leg { expiry: 1, ..leg }))
			.collect();
		let required = standard().margins(&book(&legs, 0.0)).unwrap();
		let payoff = |price: f64| {
			legs.iter().fold(0.0, |sum, leg| {
				let gain = match leg.kind {
					Kind::Call => price - f(leg.strike),
					Kind::Put => f(leg.strike) - price,
				};
				sum + f(leg.quantity) * gain.max(0.0)
			})
		};
		let kinks = legs.iter().map(|leg| f(leg.strike)).chain([0.0]);
		let least = kinks.map(payoff).fold(0.0, f64::min);
		prop_assert!(f(required.initial) <= f(required.mark) - least + 1e-9);
	}

	#[test]
	fn a_naked_margin_is_between_the_shocked_intrinsic_value_and_the_whole(
		strike in 0.1f64..1e4,
		spot in 0.1f64..1e4,
		bound in 0.0f64..1.0,
		shock in 0.1f64..1.0,
		more in 0.0f64..1.0,
	) {
		let rule = NakedRule { spot_shock: q(shock), bounds: &[] };
		let margin = |kind, bound: f64| f(rule.margin(kind, q(strike), q(spot), q(bound)).unwrap());
		let put = margin(Kind::Put, bound);
		prop_assert!(put >= (strike - shock * spot).max(0.0) - 1e-9 && put <= strike + 1e-9);
		let call = margin(Kind::Call, bound);
		prop_assert!(call >= (1.0 - shock * strike / spot).max(0.0) - 1e-12 && call <= 1.0 + 1e-12);
		let higher = bound + (1.0 - bound) * more;
		prop_assert!(margin(Kind::Put, higher) >= put && margin(Kind::Call, higher) >= call);
	}

	#[test]
	fn naked_shorts_add_up_and_longs_lend_nothing(legs in any_legs()) {
		let rule = NakedRule { spot_shock: ratio(7_500), bounds: &[(Q64::ONE, ratio(2_000))] };
		let model = NakedModel { calls: rule, puts: rule };
		let excess = |legs: &[Leg]| {
			f(model.margins(&book(legs, 0.0)).unwrap().maintenance_excess().unwrap())
		};
		let one_by_one: f64 = legs.iter().map(|leg| excess(&[*leg])).sum();
		prop_assert!((excess(&legs) - one_by_one).abs() < 1e-9);
		prop_assert!(legs.iter().all(|leg| leg.quantity.is_negative() || excess(&[*leg]) == 0.0));
	}
}
