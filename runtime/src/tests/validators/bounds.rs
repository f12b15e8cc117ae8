//! What a block can compute bounds how many stand, vote and are slashed.

use super::*;
use crate::{
	configs::system::RuntimeBlockWeights,
	validators::{
		election::{
			Bounds, MAX_CANDIDATES, MAX_NOMINATIONS, MAX_SEATS, MAX_VOTERS, MIN_NOMINATOR_BOND,
			MIN_VALIDATOR_BOND, THRESHOLDS,
		},
		offences::ReportWeights,
	},
};
use frame_election_provider_support::bounds::CountBound;
use frame_support::{
	assert_ok,
	dispatch::DispatchClass,
	traits::{fungible::Mutate, Get},
	weights::Weight,
};
use pallet_staking::{ErasStakersOverview, MaxValidatorsCount, WeightInfo as _};

/// The most that a normal call may weigh.
fn heaviest_call() -> Weight {
	RuntimeBlockWeights::get().get(DispatchClass::Normal).max_extrinsic.unwrap()
}

#[test]
fn a_report_fits_into_a_block_whatever_it_slashes() {
	let babe = <ReportWeights as pallet_babe::WeightInfo>::report_equivocation;
	let grandpa = <ReportWeights as pallet_grandpa::WeightInfo>::report_equivocation;
	for weight in [babe(MAX_SEATS, MAX_VOTERS), grandpa(MAX_SEATS, MAX_VOTERS)] {
		assert!(weight.all_lte(heaviest_call()), "{weight:?}");
		// The chill and both checks of membership are in it.
		let upstream = <() as pallet_babe::WeightInfo>::report_equivocation(MAX_SEATS, MAX_VOTERS);
		assert!(weight.ref_time() > upstream.ref_time());
	}
}

#[test]
fn a_payout_of_a_page_is_a_tenth_of_a_block() {
	type Weights = <Runtime as pallet_staking::Config>::WeightInfo;
	let page = <Runtime as pallet_staking::Config>::MaxExposurePageSize::get();
	let tenth = RuntimeBlockWeights::get().max_block.saturating_div(10);
	assert!(Weights::payout_stakers_alive_staked(page).all_lte(tenth));
}

#[test]
fn no_more_may_stand_than_an_election_looks_at() {
	on_a_testnet(|_| {
		let most = MaxValidatorsCount::<Runtime>::get().unwrap();
		assert!(!Bounds::get().targets.count_exhausted(CountBound(most)));
		assert!(Bounds::get().targets.count_exhausted(CountBound(MAX_CANDIDATES + 1)));
	});
}

#[test]
fn bags_grow_by_a_quarter_from_the_least_stake_to_the_greatest_vote() {
	assert_eq!(u128::from(THRESHOLDS[0]), MIN_NOMINATOR_BOND);
	for pair in THRESHOLDS.windows(2) {
		assert_eq!(pair[1], pair[0] + pair[0] / 4);
	}
	let last = u128::from(THRESHOLDS[THRESHOLDS.len() - 1]);
	assert!(last + last / 4 > u128::from(u64::MAX));
}

/// A funded account of the greatest election.
fn someone(group: u8, number: u32) -> AccountId {
	let mut bytes = [group; 32];
	bytes[..4].copy_from_slice(&number.to_le_bytes());
	let who = AccountId::new(bytes);
	Balances::mint_into(&who, 2 * MIN_VALIDATOR_BOND).unwrap();
	who
}

/// Session keys that nobody else has.
fn keys_of(number: u32) -> SessionKeys {
	let mut bytes = [7; 32];
	bytes[..4].copy_from_slice(&number.to_le_bytes());
	SessionKeys {
		babe: sp_core::sr25519::Public::from_raw(bytes).into(),
		grandpa: sp_core::ed25519::Public::from_raw(bytes).into(),
	}
}

#[test]
fn more_candidates_than_an_election_looks_at_do_not_end_elections() {
	on_a_testnet(|_| {
		MaxValidatorsCount::<Runtime>::put(MAX_CANDIDATES + 1);
		let others: Vec<_> = (4..=MAX_CANDIDATES).map(|number| someone(3, number)).collect();
		for who in &others {
			let who = RuntimeOrigin::signed(who.clone());
			assert_ok!(Staking::bond(who.clone(), MIN_VALIDATOR_BOND, RewardDestination::Staked));
			assert_ok!(Staking::validate(who, Default::default()));
		}
		assert_eq!(pallet_staking::Validators::<Runtime>::count(), MAX_CANDIDATES + 1);
		pass_eras(2);
		assert_eq!((era(), Session::validators().len()), (2, 4));
		// As many as may stand, so that what follows is consistent.
		MaxValidatorsCount::<Runtime>::put(MAX_CANDIDATES);
		assert_ok!(Staking::chill(RuntimeOrigin::signed(others[0].clone())));
	});
}

#[test]
fn the_greatest_election_takes_less_than_half_a_block() {
	on_a_testnet(|_| {
		let candidates: Vec<_> = (4..MAX_CANDIDATES).map(|number| someone(1, number)).collect();
		let nothing_paid = || RewardDestination::Staked;
		for (number, who) in (0..).zip(&candidates) {
			let who = RuntimeOrigin::signed(who.clone());
			assert_ok!(Staking::bond(who.clone(), MIN_VALIDATOR_BOND, nothing_paid()));
			assert_ok!(Session::set_keys(who.clone(), keys_of(number), Vec::new()));
			assert_ok!(Staking::validate(who, Default::default()));
		}
		assert_eq!(
			Staking::bond(origin(Sr25519Keyring::Eve), MIN_VALIDATOR_BOND, nothing_paid())
				.and_then(|_| Staking::validate(origin(Sr25519Keyring::Eve), Default::default())),
			Err(pallet_staking::Error::<Runtime>::TooManyValidators.into())
		);
		// More nominators than votes count.
		for number in 0..MAX_VOTERS {
			let who = RuntimeOrigin::signed(someone(2, number));
			let stake = MIN_NOMINATOR_BOND + u128::from(number) * BLST;
			assert_ok!(Staking::bond(who.clone(), stake, nothing_paid()));
			let first = (number as usize * 7) % candidates.len();
			let targets = candidates.iter().cycle().skip(first).take(MAX_NOMINATIONS as usize);
			let targets = targets.map(|target| target.clone().into()).collect();
			assert_ok!(Staking::nominate(who, targets));
		}
		assert_ok!(Staking::set_validator_count(RuntimeOrigin::root(), MAX_SEATS));

		let max = RuntimeBlockWeights::get().max_block;
		next_epoch();
		let consumed = *System::block_weight().get(DispatchClass::Mandatory);
		// A block that begins a session counts as full, and what the election takes is counted besides.
		let election = consumed.saturating_sub(max);
		assert!(election.ref_time() > max.ref_time() / 10, "{election:?}");
		assert!(election.ref_time() < max.ref_time() / 2, "{election:?}");
		let elected = ErasStakersOverview::<Runtime>::iter_prefix(era() + 1).count();
		assert_eq!(elected, MAX_SEATS as usize);
		let backers: u32 = ErasStakersOverview::<Runtime>::iter_prefix(era() + 1)
			.map(|(_, overview)| overview.nominator_count)
			.max()
			.unwrap();
		assert!(backers <= MAX_VOTERS);
	});
}
