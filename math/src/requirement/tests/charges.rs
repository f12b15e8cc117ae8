//! The charges by hand, on books whose greatest loss is known, and as properties.

use super::*;
use crate::contingency::{DiscountRule, StaticDiscount};
use proptest::prelude::*;

fn with(change: impl FnOnce(&mut Contingencies)) -> Contingencies {
	let mut with = Contingencies::NONE;
	change(&mut with);
	with
}

fn value(kind: Kind, forward: f64, strike: f64, days: f64, sigma: f64) -> f64 {
	black(kind, forward, strike, days * DAY, sigma)
}

#[test]
fn basis_charges_the_worse_move_of_each_expiry() {
	let weights = with(|with| (with.basis_weight, with.basis_weight_per_year) = (q(0.5), q(2.0)));
	let near = [call(100.0, -2.0)];
	let far = [leg(Kind::Put, 95.0, 90.0, -1.0), leg(Kind::Call, 110.0, 90.0, 1.0)];
	let rise = 2.0
		* (value(Kind::Call, 104.5, 100.0, 30.0, 0.8) - value(Kind::Call, 100.0, 100.0, 30.0, 0.8));
	let at = |forward: f64| {
		value(Kind::Call, forward, 110.0, 90.0, 0.8) - value(Kind::Put, forward, 95.0, 90.0, 0.8)
	};
	let fall = at(100.0) - at(95.5);
	assert!(rise > 0.0 && fall > 0.0);
	let wanted = [rise * (0.5 + 2.0 * 30.0 * DAY), fall * (0.5 + 2.0 * 90.0 * DAY)];
	let charge = |legs: &[Leg]| f(margins_with(&weights, 0.0, legs).basis);
	assert!((charge(&near) - wanted[0]).abs() < 1e-12);
	assert!((charge(&far) - wanted[1]).abs() < 1e-12);
	// Moves of two expiries need not agree: one rises, the other falls, both count.
	let both = [near[0], far[0], far[1]];
	assert!((charge(&both) - wanted[0] - wanted[1]).abs() < 1e-12);
	// A hedge of the same expiry is one.
	let parity = [call(100.0, -1.0), put(100.0, 1.0), call(90.0, 1.0), put(90.0, -1.0)];
	assert!(charge(&parity) < 1e-15);
}

#[test]
fn only_the_open_part_of_a_forward_has_a_basis() {
	let weights = with(|with| with.basis_weight = Q64::ONE);
	let short = Leg { years: Q64::ZERO, fixed: q(60.0), ..call(70.0, -1.0) };
	// Forty are open: 4.5% of them.
	assert!((f(margins_with(&weights, 0.0, &[short]).basis) - 1.8).abs() < 1e-12);
}

#[test]
fn vol_term_charges_what_one_bucket_makes_good_of_another() {
	let weights = with(|with| with.vol_term = q(0.35));
	let charge = |legs: &[Leg]| f(margins_with(&weights, 0.0, legs).vol_term);
	let change = |days: f64| {
		let risen = f(shock().shocked(q(0.8), q(days * DAY), VolMove::Up).unwrap());
		value(Kind::Call, 100.0, 100.0, days, risen) - value(Kind::Call, 100.0, 100.0, days, 0.8)
	};
	let (near, far) = (leg(Kind::Call, 100.0, 30.0, 1.0), leg(Kind::Call, 100.0, 90.0, -1.0));
	let smaller = change(30.0).min(change(90.0));
	assert!((charge(&[near, far]) - 0.35 * smaller).abs() < 1e-12);
	// Two expiries of one bucket offset each other freely, and one sign alone has nothing to offset.
	assert_eq!(
		charge(&[leg(Kind::Call, 100.0, 20.0, 1.0), leg(Kind::Call, 100.0, 30.0, -1.0)]),
		0.0
	);
	assert_eq!(charge(&[near, Leg { quantity: q(1.0), ..far }]), 0.0);
}

#[test]
fn long_value_counts_less_and_short_value_in_full() {
	let weights = with(|with| (with.long_value, with.long_value_rate) = (q(0.95), q(0.16)));
	let discount = q((-0.05 * 180.0 * DAY).exp());
	let long = Leg { discount, ..leg(Kind::Call, 100.0, 180.0, 2.0) };
	let short = Leg { quantity: q(-3.0), ..long };
	let got = margins_with(&weights, 0.0, &[long]);
	let factor = 0.95 * (-0.21 * 180.0 * DAY).exp();
	assert!((f(got.discount) - f(got.mark) * (1.0 - factor)).abs() < 1e-12);
	// Net of an expiry: a short of as much leaves nothing to discount, at another expiry all of it.
	assert_eq!(margins_with(&weights, 0.0, &[long, short]).discount, Q64::ZERO);
	let elsewhere = Leg { expiry: 7, ..short };
	assert_eq!(margins_with(&weights, 0.0, &[long, elsewhere]).discount, got.discount);
	// The rule as other models write it.
	let rule = DiscountRule { base: q(0.95), rate_multiple: Q64::ONE, rate_added: q(0.16) };
	let rule = StaticDiscount { long: rule, short: DiscountRule::NONE };
	let counted = rule.applied(got.mark, long.years, discount).unwrap();
	let gap = f(got.mark) - f(got.discount) - f(counted);
	assert!(gap.abs() < 1e-16);
}

#[test]
fn doubt_open_interest_and_a_lost_peg_charge_what_they_are_to() {
	let legs = [call(110.0, -2.0), put(90.0, 3.0)];
	let plain = margins_with(&Contingencies::NONE, 2.0, &legs);
	let doubt = margins_with(&with(|with| with.confidence = q(0.02)), 2.0, &legs);
	// Five contracts of a hundred; the units have no part in it.
	assert!((f(doubt.confidence) - 10.0).abs() < 1e-12);
	let gap = |a: Q64, b: Q64| f(a) - f(b);
	// One source that lies liquidates nobody.
	assert_eq!(doubt.maintenance, plain.maintenance);
	let naked = [call(110.0, -2.0)];
	let doubt = margins_with(&with(|with| with.confidence = q(0.02)), 0.0, &naked);
	let plain_naked = margins_with(&Contingencies::NONE, 0.0, &naked);
	assert!((gap(doubt.initial, plain_naked.initial) - 4.0).abs() < 1e-12);
	let crowded = margins_with(&with(|with| with.open_interest = q(1.5)), 2.0, &legs);
	assert!((f(crowded.scan_im) - 1.5 * f(plain.loss_im)).abs() < 1e-12);
	assert_eq!(crowded.maintenance, plain.maintenance);
	// Calls and puts at one strike are net, and nothing is short any more.
	let flat = [call(110.0, -2.0), put(110.0, 3.0)];
	let crowd = with(|with| with.open_interest = q(1.5));
	let calm = margins_with(&Contingencies::NONE, 0.0, &flat);
	assert_eq!(margins_with(&crowd, 0.0, &flat), calm);
	let pegless = margins_with(&with(|with| with.peg = q(0.1)), 2.0, &legs);
	assert!((f(pegless.peg) - 20.0).abs() < 1e-12);
	assert!((gap(pegless.maintenance, plain.maintenance) - 20.0).abs() < 1e-12);
	assert!((gap(pegless.initial, plain.initial) - 20.0).abs() < 1e-12);
}

/// What a portfolio's initial margin may be at most: what it can lose, and the short contingencies of
/// so many contracts.
fn holds_within(legs: &[Leg], most: f64, shorts: f64) {
	let got = margins(0.0, legs);
	let bound = most + 0.008 * shorts * SPOT;
	assert!(f(got.initial) <= bound + 1e-9, "{} above {bound}", f(got.initial));
	assert!((f(got.l_max.unwrap()) - most).abs() < 1e-9);
}

#[test]
fn spreads_need_no_more_than_they_can_lose_and_the_short_contingency() {
	// A box: worth twenty, and never anything else.
	let sides = [call(90.0, 1.0), put(90.0, -1.0), call(110.0, -1.0), put(110.0, 1.0)];
	let got = margins(0.0, &sides);
	assert!((f(got.mark) - 20.0).abs() < 1e-12);
	// Twenty are in hand of which the discount would take one and a quarter: none of it is asked for.
	assert!(f(got.discount) > 1.2);
	holds_within(&sides, 0.0, 0.0);
	// A call spread sold, and bought.
	let sold = [call(100.0, -1.0), call(110.0, 1.0)];
	let worth = f(margins(0.0, &sold).mark);
	holds_within(&sold, 10.0 + worth, 1.0);
	let bought = sold.map(|leg| Leg { quantity: leg.quantity.checked_neg().unwrap(), ..leg });
	holds_within(&bought, -worth, 1.0);
	// A butterfly bought can lose its premium; one sold, the width less what it brought.
	let bought = [call(90.0, 1.0), call(100.0, -2.0), call(110.0, 1.0)];
	let worth = f(margins(0.0, &bought).mark);
	holds_within(&bought, worth, 2.0);
	let sold = bought.map(|leg| Leg { quantity: leg.quantity.checked_neg().unwrap(), ..leg });
	holds_within(&sold, 10.0 - worth, 2.0);
}

/// Vega-neutral at the money: as much vega long at 30 days as short at 90.
fn calendar(sigma: f64) -> [Leg; 4] {
	let straddle = |days: f64, quantity: f64| {
		[Kind::Call, Kind::Put]
			.map(|kind| Leg { volatility: q(sigma), ..leg(kind, SPOT, days, quantity) })
	};
	let ([a, b], [c, d]) = (straddle(30.0, 3f64.sqrt()), straddle(90.0, -1.0));
	[a, b, c, d]
}

#[test]
fn a_vega_neutral_calendar_has_what_it_loses_when_the_far_volatility_rises_alone() {
	let psi = with(|with| with.vol_term = q(0.35));
	for (sigma, covered) in [(0.4, false), (0.5, false), (0.6, true), (0.8, true)] {
		let far = |sigma: f64| 2.0 * value(Kind::Call, SPOT, SPOT, 90.0, sigma);
		let loss = far(sigma + 0.1) - far(sigma);
		let plain = margins_with(&Contingencies::NONE, 0.0, &calendar(sigma));
		let termed = margins_with(&psi, 0.0, &calendar(sigma));
		assert!((loss - 3.9).abs() < 0.1, "{loss}");
		// The grid alone moves both volatilities together and sees little of it. Ten points are a fifth of
		// 50%: there the vol-term charge alone is not enough, and basis and discount fill the gap.
		assert!(f(plain.maintenance) < 0.5 * loss);
		assert_eq!(f(termed.maintenance) >= loss, covered, "{sigma}: {loss}");
		assert!(f(margins(0.0, &calendar(sigma)).maintenance) > 1.2 * loss);
	}
}

prop_compose! {
	fn any_contingencies()(
		short in 0.0f64..0.1,
		factor in 1.0f64..3.0,
		basis in (0.0f64..2.0, 0.0f64..5.0),
		vol_term in 0.0f64..1.0,
		confidence in 0.0f64..0.5,
		long in (0.0f64..1.0, 0.0f64..0.5),
		open_interest in 1.0f64..3.0,
		peg in 0.0f64..1.0,
	) -> Contingencies {
		Contingencies {
			short_mm: q(short),
			short_im: q(2.0 * short),
			initial_factor: q(factor),
			basis_weight: q(basis.0),
			basis_weight_per_year: q(basis.1),
			vol_term: q(vol_term),
			confidence: q(confidence),
			long_value: q(long.0),
			long_value_rate: q(long.1),
			open_interest: q(open_interest),
			peg: q(peg),
		}
	}
}

/// `NONE` but for the contingency of this number.
fn alone(all: &Contingencies, number: usize) -> Contingencies {
	with(|with| match number {
		0 => with.short_mm = all.short_mm,
		1 => with.short_im = all.short_im,
		2 => with.initial_factor = all.initial_factor,
		3 => with.basis_weight = all.basis_weight,
		4 => with.basis_weight_per_year = all.basis_weight_per_year,
		5 => with.vol_term = all.vol_term,
		6 => with.confidence = all.confidence,
		7 => with.long_value = all.long_value,
		8 => with.long_value_rate = all.long_value_rate,
		9 => with.open_interest = all.open_interest,
		_ => with.peg = all.peg,
	})
}

/// `all` but for the contingency of this number.
fn without(all: &Contingencies, number: usize) -> Contingencies {
	let (mut with, none) = (*all, Contingencies::NONE);
	match number {
		0 => with.short_mm = none.short_mm,
		1 => with.short_im = none.short_im,
		2 => with.initial_factor = none.initial_factor,
		3 => with.basis_weight = none.basis_weight,
		4 => with.basis_weight_per_year = none.basis_weight_per_year,
		5 => with.vol_term = none.vol_term,
		6 => with.confidence = none.confidence,
		7 => with.long_value = none.long_value,
		8 => with.long_value_rate = none.long_value_rate,
		9 => with.open_interest = none.open_interest,
		_ => with.peg = none.peg,
	}
	with
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

	#[test]
	fn bought_options_with_exactly_their_premium_are_at_initial_margin_whatever_is_added(
		all in any_contingencies(),
		legs in prop::collection::vec(crate::requirement::properties::any_leg(), 0..6),
	) {
		let longs: Vec<_> = legs
			.iter()
			.map(|leg| Leg { quantity: leg.quantity.checked_abs().unwrap(), ..*leg })
			.collect();
		let got = margins_with(&all, 0.0, &longs);
		prop_assert!(usd(got.initial, Rounding::Ceil) <= usd(got.mark, Rounding::Nearest));
	}

	#[test]
	fn adding_a_contingency_never_lowers_a_requirement(
		all in any_contingencies(),
		(units, legs) in crate::requirement::properties::any_book(),
		number in 0usize..11,
	) {
		let none = margins_with(&Contingencies::NONE, units, &legs);
		let one = margins_with(&alone(&all, number), units, &legs);
		let rest = margins_with(&without(&all, number), units, &legs);
		let all = margins_with(&all, units, &legs);
		for (less, more) in [(none, one), (rest, all)] {
			prop_assert!(more.maintenance >= less.maintenance);
			prop_assert!(more.initial >= less.initial);
			prop_assert_eq!((more.mark, more.loss_mm, more.loss_im), (less.mark, less.loss_mm, less.loss_im));
		}
	}

	#[test]
	fn no_charge_is_below_zero_and_units_have_no_part_in_any(
		all in any_contingencies(),
		(units, legs) in crate::requirement::properties::any_book(),
	) {
		let got = margins_with(&all, units, &legs);
		let bare = margins_with(&all, 0.0, &legs);
		let lines = |of: &Margins| [of.basis, of.vol_term, of.confidence, of.discount];
		prop_assert_eq!(lines(&got), lines(&bare));
		prop_assert!(lines(&got).iter().chain([&got.peg]).all(|line| !line.is_negative()));
		if let Some(l_max) = got.l_max {
			prop_assert!(got.scan_mm <= l_max && got.scan_im <= l_max);
		} else {
			prop_assert_eq!(got.scan_mm, got.loss_mm.checked_add(extras(&got)).unwrap());
		}
	}
}
