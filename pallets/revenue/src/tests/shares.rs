//! The arithmetic of a page, without a chain.

use super::*;
use crate::shares::{page_due, PageDue};
use ballast_math::MathError;
use ballast_traits::ExposurePage;
use proptest::prelude::*;

fn page(total: u128, own: u128, nominators: Vec<(u64, u128)>) -> ExposurePage<u64> {
	let page_total = own + nominators.iter().map(|(_, stake)| stake).sum::<u128>();
	ExposurePage { total, own, page_total, nominators }
}

#[test]
fn every_part_is_rounded_down() {
	let stake = page(7, 1, vec![(3, 2), (4, 4)]);
	// A third of 100 is 33, of which 3 are commission; 30 in parts of 1, 2 and 4 of 7.
	let due = page_due(100, 1, 3, percent(10), &stake);
	assert_eq!(due, Ok(PageDue { validator: 3 + 4, nominators: vec![(3, 8), (4, 17)] }));
}

#[test]
fn without_points_or_stake_there_is_no_share() {
	let none = Err(MathError::DivisionByZero);
	assert_eq!(page_due(100, 0, 0, Ratio::ZERO, &page(1, 1, vec![])), none);
	assert_eq!(page_due(100, 1, 1, Ratio::ZERO, &page(0, 0, vec![])), none);
}

#[test]
fn more_than_all_is_all() {
	let due = page_due(100, 9, 3, percent(200), &page(4, 3, vec![(5, 1)]));
	assert_eq!(due, Ok(PageDue { validator: 100, nominators: vec![(5, 0)] }));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_000))]

	/// All pages of all validators together are due at most the pot, and at least all but a few units.
	#[test]
	fn nothing_is_made_and_only_roundings_are_lost(
		pot in 0u128..=1_000_000_000_000_000_000_000_000_000,
		validators in prop::collection::vec(
			(1u32..100_000, 0u32..=100, 0u128..=1 << 80,
				prop::collection::vec(1u128..=1 << 80, 0..10)),
			1..6
		),
	) {
		let total_points = validators.iter().map(|(points, ..)| points).sum();
		let (mut sum, mut parts) = (0u128, 0u128);
		for (points, commission, own, stakes) in &validators {
			let total = own + stakes.iter().sum::<u128>();
			if total == 0 {
				sum += pot * u128::from(*points) / u128::from(total_points);
				continue;
			}
			let mut pages: Vec<Vec<(u64, u128)>> =
				stakes.chunks(3).map(|part| part.iter().map(|stake| (0, *stake)).collect()).collect();
			if pages.is_empty() {
				pages.push(vec![]);
			}
			for (place, nominators) in pages.into_iter().enumerate() {
				let own = if place == 0 { *own } else { 0 };
				let page = page(total, own, nominators);
				let due = page_due(pot, *points, total_points, percent(*commission), &page).unwrap();
				sum += due.validator + due.nominators.iter().map(|(_, share)| share).sum::<u128>();
				parts += 2 + due.nominators.len() as u128;
			}
			parts += 2;
		}
		prop_assert!(sum <= pot);
		prop_assert!(pot - sum <= parts + validators.len() as u128, "{} lost", pot - sum);
	}
}
