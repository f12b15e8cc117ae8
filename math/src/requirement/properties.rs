//! Properties of the requirement over random books.

use super::tests::*;
use super::*;
use crate::black76::Kind;
use proptest::prelude::*;

// Quantities are exact in binary: whether units cover calls is a matter of the last place.
prop_compose! {
	pub(super) fn any_leg()(
		is_call in any::<bool>(),
		strike in 5u32..40,
		days in prop::sample::select(vec![0.0, 1.0, 7.0, 30.0, 180.0]),
		quantity in -400i32..400,
	) -> Leg {
		let kind = if is_call { Kind::Call } else { Kind::Put };
		leg(kind, f64::from(strike) * 5.0, days, f64::from(quantity) / 128.0)
	}
}

prop_compose! {
	pub(super) fn any_book()(legs in prop::collection::vec(any_leg(), 0..8), units in 0u32..300) -> (f64, Vec<Leg>) {
		(f64::from(units) / 128.0, legs)
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

	#[test]
	fn scan_losses_agree_with_floating_point((units, legs) in any_book()) {
		let got = margins(units, &legs);
		prop_assert!((f(got.loss_mm) - loss(units, &legs, 0.15)).abs() < 1e-9);
		prop_assert!((f(got.loss_im) - loss(units, &legs, 0.18)).abs() < 1e-9);
	}

	#[test]
	fn the_greatest_loss_of_one_expiry_is_what_a_search_finds(
		(units, legs) in any_book(),
	) {
		let legs: Vec<_> = legs.iter().map(|leg| Leg { expiry: 1, years: q(0.1), ..*leg }).collect();
		let got = margins(units, &legs);
		let value = f(got.mark) + f(got.units_value);
		match (got.l_max, searched_loss(value, units, &legs)) {
			(Some(got), Some(want)) => prop_assert!((f(got) - want).abs() < 1e-9),
			(got, want) => prop_assert_eq!(got.is_some(), want.is_some()),
		}
	}

	#[test]
	fn no_scenario_loses_more_than_the_greatest_loss((units, legs) in any_book()) {
		let got = margins(units, &legs);
		if let Some(l_max) = got.l_max {
			prop_assert!(f(got.loss_mm) <= f(l_max) + 1e-9);
			prop_assert!(f(got.loss_im) <= f(l_max) + 1e-9);
		}
	}

	#[test]
	fn no_scenario_loses_more_than_the_greatest_loss_in_the_settlement_window(
		(units, legs) in any_book(),
		fixed in 0.0f64..100.0,
	) {
		let legs: Vec<_> = legs
			.iter()
			.map(|leg| Leg { expiry: 1, years: q(3e-5), fixed: q(fixed), ..*leg })
			.collect();
		let got = margins(units, &legs);
		if let Some(l_max) = got.l_max {
			prop_assert!(f(got.loss_mm) <= f(l_max) + 1e-9);
			prop_assert!(f(got.loss_im) <= f(l_max) + 1e-9);
		}
	}

	#[test]
	fn the_order_of_legs_does_not_matter((units, legs) in any_book()) {
		let mut sorted = legs.clone();
		sorted.sort_by_key(|leg| (leg.expiry, leg.strike));
		let (one, other) = (margins(units, &legs), margins(units, &sorted));
		prop_assert_eq!(one.mark, other.mark);
		prop_assert_eq!(one.contingency_mm, other.contingency_mm);
		// Which expiry the free units join depends on the order, and with it the bound's value.
		prop_assert_eq!(one.l_max.is_some(), other.l_max.is_some());
		if units == 0.0 {
			prop_assert_eq!(one.l_max, other.l_max);
		}
	}

	#[test]
	fn maintenance_is_never_above_initial((units, legs) in any_book()) {
		let got = margins(units, &legs);
		prop_assert!(got.maintenance <= got.initial);
		prop_assert!(!got.maintenance.is_negative());
		prop_assert!(got.loss_mm.checked_add(extras(&got)).unwrap() >= got.scan_mm);
	}

	#[test]
	fn what_cannot_lose_more_than_its_value_never_needs_more((units, legs) in any_book()) {
		let longs: Vec<_> = legs.iter().filter(|leg| leg.quantity.is_positive()).copied().collect();
		let got = margins(units, &longs);
		let worth = usd(got.mark, Rounding::Nearest) + usd(got.units_value, Rounding::Nearest);
		prop_assert!(usd(got.initial, Rounding::Ceil) <= worth);
	}

	#[test]
	fn a_long_option_for_nothing_never_lowers_the_excess((units, legs) in any_book(), extra in any_leg()) {
		let extra = Leg { quantity: extra.quantity.checked_abs().unwrap(), ..extra };
		// The estimates of what no scenario shows do count what a long adds to them.
		let plain = Contingencies { short_mm: q(0.003), short_im: q(0.005), ..Contingencies::NONE };
		let before = margins_with(&plain, units, &legs);
		let mut more = legs.clone();
		more.push(extra);
		let after = margins_with(&plain, units, &more);
		let gained = f(after.mark) - f(before.mark);
		prop_assert!(f(after.maintenance) <= f(before.maintenance) + gained + 1e-9);
	}

	#[test]
	fn twice_the_book_needs_twice_the_margin((units, legs) in any_book()) {
		let twice: Vec<_> = legs
			.iter()
			.map(|leg| Leg { quantity: leg.quantity.checked_add(leg.quantity).unwrap(), ..*leg })
			.collect();
		let (one, two) = (margins(units, &legs), margins(2.0 * units, &twice));
		prop_assert!((2.0 * f(one.initial) - f(two.initial)).abs() < 1e-9);
		prop_assert!((2.0 * f(one.maintenance) - f(two.maintenance)).abs() < 1e-9);
	}

	#[test]
	fn units_bound_more_and_never_unbound((units, legs) in any_book(), extra in 1u32..100) {
		let before = margins(units, &legs);
		let after = margins(units + f64::from(extra) / 10.0, &legs);
		prop_assert!(before.l_max.is_none() || after.l_max.is_some());
	}
}
