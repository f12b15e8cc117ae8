//! The requirement from arrays against the one from scratch, over random books.

use super::{tests::*, *};
use crate::{
	black76::Kind,
	requirement::{Exercise, Leg},
	scenario::SpotMove,
};
use proptest::prelude::*;

/// Contracts of every size: a sign and a magnitude in bits.
fn quantity() -> impl Strategy<Value = Q64> {
	let size = prop_oneof![3 => 54u32..76, 1 => 0u32..90];
	(any::<bool>(), any::<u64>(), size).prop_map(|(short, bits, size)| {
		let magnitude = (u128::from(bits) << 64 >> (127 - size)) as i128;
		Q64::from_bits(if short { -magnitude } else { magnitude })
	})
}

prop_compose! {
	fn any_leg(spot: Q64)(
		is_call in any::<bool>(),
		strike in 5u32..400,
		days in prop::sample::select(vec![0.0, 0.01, 1.0, 7.0, 30.0, 180.0, 700.0]),
		basis in 0.9f64..1.1,
		fixed in prop_oneof![3 => Just(0.0), 1 => 0.0f64..1.0],
		volatility in 0.05f64..3.0,
		quantity in quantity(),
		early in prop_oneof![7 => Just(None), 1 => (0.0f64..0.2).prop_map(Some)],
	) -> Leg {
		let times = |factor: f64| spot.checked_mul(q(factor), crate::Rounding::Nearest).unwrap();
		let forward = times(basis);
		Leg {
			kind: if is_call { Kind::Call } else { Kind::Put },
			exercise: early.map_or(Exercise::European, |rate| Exercise::American {
				spot,
				rate: q(rate),
				carry: q(basis - 1.0),
			}),
			strike: times(f64::from(strike) / 100.0).max(Q64::from_bits(1)),
			expiry: (days * 86_400.0) as u64,
			years: q(days / 365.0),
			forward,
			fixed: forward.checked_mul(q(fixed), crate::Rounding::Floor).unwrap(),
			discount: q(0.97),
			volatility: q(volatility),
			quantity,
		}
	}
}

prop_compose! {
	/// A spot price from 1e-6 to a million, units, and up to 64 legs.
	fn any_book()(magnitude in -6i32..6, units in quantity())(
		spot in Just(q(1.37 * 10f64.powi(magnitude))),
		units in Just(units.checked_abs().unwrap()),
		legs in prop::collection::vec(any_leg(q(1.37 * 10f64.powi(magnitude))), 0..64),
	) -> (Q64, Q64, Vec<Leg>) {
		let mut legs = legs;
		legs.sort_by_key(|leg| (leg.expiry, leg.strike));
		(spot, units, legs)
	}
}

/// What the module states: `10 n max(|q| ulp)` and `2 (n + 3)` units.
fn bound(legs: &[(Q64, RiskArray)]) -> f64 {
	let n = legs.len() as f64;
	let largest = legs.iter().map(|(q, array)| f(*q).abs() * f(array.ulp())).fold(0.0, f64::max);
	10.0 * n * largest + 2.0 * (n + 3.0) * 2f64.powi(-64)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

	#[test]
	fn the_loss_is_never_below_the_one_from_scratch_and_above_it_by_the_stated_bound(
		(spot, units, legs) in any_book(),
		range in 0.05f64..0.7,
	) {
		let world = World::new(range, 1.3 * range);
		let Ok(scratch) = world.scratch(spot, units, &legs) else { return Ok(()) };
		let risks = world.risks(&legs);
		let unit = SideRisk::of_unit(spot, &world.moves()).unwrap();
		let arrays = world.margins(spot, units, &legs, &risks, Some(&unit)).unwrap();
		prop_assert_eq!(arrays.mark, scratch.mark);
		prop_assert_eq!(arrays.units_value, scratch.units_value);
		prop_assert_eq!(arrays.l_max, scratch.l_max);
		prop_assert_eq!(arrays.contingency_mm, scratch.contingency_mm);
		prop_assert_eq!(arrays.contingency_im, scratch.contingency_im);
		let mut all = vec![(units, unit.array)];
		all.extend(legs.iter().zip(&risks).map(|(leg, risk)| {
			(leg.quantity, risk.side(leg.quantity).array)
		}));
		let bound = bound(&all);
		prop_assert_eq!(arrays.confidence, scratch.confidence);
		prop_assert_eq!(arrays.discount, scratch.discount);
		prop_assert_eq!(arrays.peg, scratch.peg);
		// Basis counts at most 0.5 and twice the years that are left; vol-term 0.35.
		let years = legs.iter().map(|leg| f(leg.years)).fold(0.0, f64::max);
		let (basis, vol_term) = (0.5 + 2.0 * years, 0.35);
		let (mm, im) = (1.0 + basis + vol_term, 1.25 * 1.5 + basis + vol_term);
		for (got, least, times) in [
			(arrays.loss_mm, scratch.loss_mm, 1.0),
			(arrays.loss_im, scratch.loss_im, 1.0),
			(arrays.basis, scratch.basis, basis),
			(arrays.vol_term, scratch.vol_term, vol_term),
			(arrays.scan_mm, scratch.scan_mm, mm),
			(arrays.scan_im, scratch.scan_im, im),
			(arrays.maintenance, scratch.maintenance, mm),
			(arrays.initial, scratch.initial, im),
		] {
			prop_assert!(got >= least, "{got:?} below {least:?}");
			let above = f(got.checked_sub(least).unwrap());
			let roundings = 4.0 * (legs.len() + 1) as f64 * 2f64.powi(-64);
			prop_assert!(above <= times * bound + roundings, "{above:e} above, {bound:e}");
		}
		let legs = all.iter().map(|(quantity, array)| (*quantity, array));
		prop_assert_eq!(scan_loss(legs, &world.set).unwrap().0, arrays.loss_mm);
	}

	#[test]
	fn expiries_in_pieces_are_never_charged_less((spot, units, legs) in any_book(), at in 0usize..64) {
		let world = World::new(0.15, 0.2);
		let mut pieces = legs.clone();
		pieces.rotate_left(at.checked_rem(legs.len()).unwrap_or(0));
		pieces.reverse();
		let (even, odd): (Vec<_>, Vec<_>) = pieces.iter().enumerate().partition(|(at, _)| at % 2 == 0);
		let pieces: Vec<_> = even.into_iter().chain(odd).map(|(_, leg)| *leg).collect();
		let Ok(scratch) = world.scratch(spot, units, &pieces) else { return Ok(()) };
		let unit = SideRisk::of_unit(spot, &world.moves()).unwrap();
		let arrays =
			world.margins(spot, units, &pieces, &world.risks(&pieces), Some(&unit)).unwrap();
		prop_assert!(arrays.basis >= scratch.basis);
		prop_assert!(arrays.vol_term >= scratch.vol_term);
		prop_assert!(arrays.discount >= scratch.discount);
		prop_assert_eq!(arrays.confidence, scratch.confidence);
		prop_assert!(arrays.maintenance >= scratch.maintenance);
		prop_assert!(arrays.initial >= scratch.initial);
	}

	#[test]
	fn an_array_is_the_change_of_value_to_half_a_unit(leg in any_leg(q(137.0)), range in 0.05f64..0.7) {
		let world = World::new(range, 1.3 * range);
		let leg = Leg { exercise: Exercise::European, ..leg };
		let one = Leg { quantity: Q64::ONE, ..leg };
		let risk = world.risks(&[leg])[0];
		let half = f(risk.long.array.ulp()) / 2.0;
		let changes: Vec<_> = risk.long.array.changes().map(Result::unwrap).collect();
		prop_assert_eq!(changes.len(), entries(&world.set));
		let mut moved = changes[world.set.len()..].iter();
		for (index, scenario) in world.set.iter().enumerate() {
			let initial = match scenario.spot {
				SpotMove::ScanRanges(n) if !n.is_zero() => *moved.next().unwrap(),
				_ => changes[index],
			};
			// One scenario alone: its loss is what the position loses, its gain what the opposite does.
			let alone = |quantity| {
				let world = World { set: vec![*scenario], ..World::new(range, 1.3 * range) };
				let unit = Scenario { weight: Q64::ONE, ..*scenario };
				let world = World { set: vec![unit], ..world };
				let got = world.scratch(q(137.0), Q64::ZERO, &[Leg { quantity, ..one }]).unwrap();
				(f(got.loss_mm), f(got.loss_im))
			};
			let (long, short) = (alone(Q64::ONE), alone(Q64::from_int(-1)));
			let (mm, im) = (short.0 - long.0, short.1 - long.1);
			prop_assert!((f(changes[index]) - mm).abs() <= half + 1e-12 * mm.abs());
			prop_assert!((f(initial) - im).abs() <= half + 1e-12 * im.abs());
		}
	}

	#[test]
	fn shifts_in_words_are_shifts(value in any::<i128>(), size in 0u32..127, by in 0u32..140) {
		let value = value >> size;
		let want = match by {
			0 => value,
			1..=127 => ((value >> (by - 1)) + 1) >> 1,
			_ => 0,
		};
		if let Ok(want) = i64::try_from(want) {
			prop_assert_eq!(shift_right_nearest(value, by), want);
		}
	}

	#[test]
	fn parts_give_the_array_back(changes in prop::collection::vec(any::<i64>(), 0..80), by in 0u32..62) {
		let changes: Vec<_> =
			changes.iter().map(|bits| Q64::from_bits(i128::from(*bits) << by)).collect();
		let array = RiskArray::from_changes(&changes).unwrap();
		prop_assert_eq!(RiskArray::from_parts(array.exponent(), array.mantissas()).unwrap(), array);
		for (kept, given) in array.changes().zip(&changes) {
			let gap = f(kept.unwrap().checked_sub(*given).unwrap()).abs();
			prop_assert!(gap <= f(array.ulp()) / 2.0);
		}
		let greatest = changes.iter().map(|change| f(*change).abs()).fold(0.0, f64::max);
		prop_assert!(f(array.ulp()) <= (greatest * 2f64.powi(-54)).max(2f64.powi(-64)));
	}
}

#[test]
fn weights_above_one_count_too() {
	let mut world = World::new(0.15, 0.18);
	for scenario in &mut world.set {
		scenario.weight = q(1.5);
	}
	let legs =
		[crate::requirement::tests::call(100.0, -1.0), crate::requirement::tests::put(90.0, 2.0)];
	let scratch = world.scratch(q(100.0), Q64::ZERO, &legs).unwrap();
	let risks = world.risks(&legs);
	let arrays = world.margins(q(100.0), Q64::ZERO, &legs, &risks, None).unwrap();
	assert!(arrays.loss_mm >= scratch.loss_mm);
	assert!(f(arrays.loss_mm) - f(scratch.loss_mm) < 1e-11);
	assert_eq!(arrays.binding_mm, scratch.binding_mm);
}
