use super::*;
use ballast_math::shares::Claim;

const ONE: u128 = 1_000_000_000_000_000_000;

/// A claim on a hundred shares, `step` half per cents above a price of one.
fn claim(step: u32) -> Claim {
	let value = (0..step).fold(100 * ONE, |value, _| value / 200 * 201);
	Claim { shares: 100 * ONE, value }
}

#[test]
fn claims_of_one_price_share_a_level() {
	let mut cohorts = Cohorts::default();
	let level = cohorts.join(claim(0)).unwrap();
	assert_eq!(cohorts.join(claim(0)), Ok(level));
	assert_ne!(cohorts.join(claim(1)), Ok(level));
	let sums: Vec<_> = cohorts.levels().map(|(_, cohort)| cohort.shares).collect();
	assert_eq!(sums, [shares(200), shares(100)]);
}

#[test]
fn when_all_levels_are_taken_the_nearest_one_is_shared() {
	let mut cohorts = Cohorts::default();
	let joined: Vec<_> =
		(0..200).map(|step| (cohorts.join(claim(step)).unwrap(), claim(step))).collect();
	assert_eq!(cohorts.levels().count(), crate::types::MAX_LEVELS as usize);
	let own = |step: u32| claim(step).level().unwrap();
	assert_eq!(joined[0].0, own(0));
	assert_eq!(joined[199].0, joined[127].0.max(joined[198].0));
	// Nothing is lost, and whoever leaves takes out what it brought in.
	let value: u128 = cohorts.claims().unwrap().iter().map(|claim| claim.value).sum();
	assert_eq!(value, joined.iter().map(|(_, claim)| claim.value).sum());
	for (level, claim) in joined {
		cohorts.leave(level, claim).unwrap();
	}
	assert_eq!(cohorts, Cohorts::default());
}

#[test]
fn nobody_takes_out_more_than_is_in() {
	let mut cohorts = Cohorts::default();
	let level = cohorts.join(claim(0)).unwrap();
	let before = cohorts.clone();
	assert!(cohorts.leave(level, claim(1)).is_err());
	assert!(cohorts.leave(level + 1, claim(0)).is_err());
	assert_eq!(cohorts, before);
}
