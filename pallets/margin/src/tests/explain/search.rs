//! The search for where a figure becomes negative.

use crate::explain::search::{crossing, places, Crossing};
use ballast_primitives::Usd;
use proptest::prelude::*;
use sp_runtime::ArithmeticError;

fn inner(value: i128) -> Usd {
	Usd::from_inner(value)
}

#[test]
fn places_end_at_the_end() {
	assert_eq!(places(10, 4).collect::<Vec<_>>(), [4, 8, 10]);
	assert_eq!(places(8, 4).collect::<Vec<_>>(), [4, 8]);
	assert_eq!(places(3, 4).collect::<Vec<_>>(), [3]);
	assert_eq!(places(0, 4).collect::<Vec<_>>(), [0]);
}

#[test]
fn an_error_ends_the_search() {
	let fails = |place: u128| {
		if place > 20 {
			Err(ArithmeticError::Overflow)
		} else {
			Ok(inner(1))
		}
	};
	let found = crossing((0, inner(1)), places(100, 8), 1, fails);
	assert_eq!(found, Err(ArithmeticError::Overflow));
}

#[test]
fn a_straight_line_is_met_exactly() {
	let line = |place: u128| Ok(inner(3_000 - 7 * place as i128));
	let found = crossing((0, inner(3_000)), places(1_000, 100), 16, line).unwrap().unwrap();
	assert!(found.after.0 - found.before.0 <= 16);
	assert_eq!(found.place().unwrap(), 428);
	assert_eq!(crossing((0, inner(3_000)), places(428, 100), 16, line).unwrap(), None);
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

	#[test]
	fn what_is_found_is_a_change_of_sign_no_wider_than_asked(
		end in 1u128..1_000_000,
		apart in 1u128..500_000,
		width in 0u128..10_000,
		last in 0u128..1_200_000,
		slope in 1i128..1_000,
	) {
		// Not negative up to `last`, falling from there on.
		let figure = |place: u128| {
			let beyond = place.saturating_sub(last) as i128;
			Ok(inner(if beyond == 0 { 5 } else { -slope * beyond }))
		};
		let mut asked = 0u32;
		let found = crossing((0, inner(5)), places(end, apart), width, |place| {
			asked += 1;
			figure(place)
		});
		match found.unwrap() {
			None => prop_assert!(last >= end),
			Some(Crossing { before, after }) => {
				prop_assert!(before.0 <= last && last < after.0 && after.0 <= end);
				prop_assert!(after.0 - before.0 <= width.max(1));
				prop_assert_eq!((figure(before.0), figure(after.0)), (Ok(before.1), Ok(after.1)));
				let place = Crossing { before, after }.place().unwrap();
				prop_assert!(before.0 <= place && place <= after.0);
			}
		}
		prop_assert!(asked as u128 <= end.div_ceil(apart) + 20);
	}
}
