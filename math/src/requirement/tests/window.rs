//! The settlement window: part of the price is averaged already.

use super::*;

/// Most of the settlement price is averaged already: what one contract pays with spot at `price` times
/// what it is, `left` of the window being open.
fn settling(kind: Kind, strike: f64, quantity: f64, left: f64) -> Leg {
	Leg {
		forward: q(SPOT),
		fixed: q(SPOT * (1.0 - left)),
		years: q(left * 30.0 / 525_600.0),
		..leg(kind, strike, 1.0, quantity)
	}
}

#[test]
fn in_the_settlement_window_only_the_open_part_moves() {
	for left in [1.0, 0.5, 0.1, 0.01] {
		for kind in [Kind::Call, Kind::Put] {
			for strike in [80.0, 99.0, 100.0, 101.0, 130.0] {
				let legs = [settling(kind, strike, 1.0, left)];
				let book = Book { spot: q(SPOT), units: Q64::ZERO, legs: &legs };
				let (fixed, open) = (f(legs[0].fixed), SPOT - f(legs[0].fixed));
				for factor in [0.7, 0.9, 1.0, 1.1, 1.3] {
					// At one spot alone: a range of one point around the moved book.
					let moved = [Leg { forward: q(fixed + open * factor), ..legs[0] }];
					let moved = Book { legs: &moved, ..book };
					let got = f(value_range(&moved, Q64::ZERO).unwrap().mark);
					let years = f(legs[0].years);
					let want = if strike > fixed {
						black(kind, open * factor, strike - fixed, years, 0.8)
					} else {
						let forward = fixed + open * factor;
						if kind == Kind::Call {
							forward - strike
						} else {
							0.0
						}
					};
					assert!(
						(got - want).abs() < 1e-9,
						"{left} {kind:?} {strike} {factor}: {got} {want}"
					);
				}
			}
		}
	}
}

#[test]
fn the_requirement_shrinks_with_the_window() {
	let loss = |left: f64| f(margins(0.0, &[settling(Kind::Call, 100.0, -1.0, left)]).loss_mm);
	// Spot up 15%: the open part alone gains that.
	assert!((loss(1.0) - 15.0).abs() < 0.5);
	assert!((loss(0.5) - 7.5).abs() < 0.5);
	assert!(loss(0.01) < 0.2 && loss(0.01) > 0.1);
	assert_eq!(margins(0.0, &[settling(Kind::Call, 100.0, -1.0, 0.0)]).loss_mm, Q64::ZERO);
}

#[test]
fn what_is_fixed_above_the_strike_is_a_forward_on_the_rest() {
	// 90 of 100 are averaged: a put at 80 is nothing, a call its intrinsic value and the open part.
	let call = margins(0.0, &[settling(Kind::Call, 80.0, 2.0, 0.1)]);
	assert!((f(call.mark) - 40.0).abs() < 1e-9);
	// Down 15%: 2 x 10 x 0.15; to 34%: 2 x 10 x 0.66 x 0.168.
	assert!((f(call.loss_mm) - 3.0).abs() < 1e-9);
	let put = margins(0.0, &[settling(Kind::Put, 80.0, -2.0, 0.1)]);
	assert_eq!((put.mark, put.loss_mm), (Q64::ZERO, Q64::ZERO));
}

#[test]
fn the_greatest_loss_knows_what_is_fixed() {
	// A put at 100 with 90 fixed can pay ten at most, whatever spot does.
	let put = margins(0.0, &[settling(Kind::Put, 100.0, -1.0, 0.1)]);
	assert!((f(put.l_max.unwrap()) - (10.0 + f(put.mark))).abs() < 1e-9);
	// A call needs a unit for the open part only.
	let short = [settling(Kind::Call, 100.0, -1.0, 0.1)];
	assert_eq!(margins(0.0, &short).l_max, None);
	assert_eq!(margins(0.09, &short).l_max, None);
	let covered = margins(0.1001, &short);
	// At the bottom the call pays nothing and the units are lost, at the top the two cancel out.
	assert!((f(covered.l_max.unwrap()) - (10.01 + f(covered.mark))).abs() < 0.011);
	// Nothing is open any more: the payoff is known.
	let over = margins(0.0, &[settling(Kind::Call, 90.0, -1.0, 0.0)]);
	assert_eq!(over.l_max, Some(Q64::ZERO));
	assert!((f(over.mark) + 10.0).abs() < 1e-12);
}

#[test]
fn a_fixed_part_outside_the_forward_is_refused() {
	for fixed in [-1.0, 100.1] {
		let legs = [Leg { fixed: q(fixed), ..call(100.0, 1.0) }];
		let book = Book { spot: q(SPOT), units: Q64::ZERO, legs: &legs };
		assert_eq!(value_range(&book, q(0.1)), Err(MathError::OutOfDomain));
	}
}
