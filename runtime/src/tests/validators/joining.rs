//! How one becomes a validator, and leaves.

use super::*;
use crate::{
	validators::election::{MAX_CANDIDATES, MIN_VALIDATOR_BOND},
	Authorship, Grandpa, SafeMode,
};
use frame_support::{assert_ok, traits::Contains};
use pallet_staking::{ConfigOp, ErasRewardPoints, ErasStakersOverview, Validators};
use sp_keyring::Sr25519Keyring::{Bob, Charlie, Dave, Eve, Ferdie};

#[test]
fn a_new_validator_stakes_sets_keys_stands_is_elected_and_authors() {
	on_a_testnet(|_| {
		eve_stands();
		assert!(Validators::<Runtime>::contains_key(Eve.to_account_id()));
		assert_eq!(on_hold(&Eve.to_account_id()), NEW_STAKE);

		// The next era's validators were elected when this one began.
		next_epoch();
		assert!(!validates(Eve));
		next_epoch();
		assert!(validates(Eve) && Session::validators().len() == 5);
		let voter = Ed25519Keyring::Eve.public().into();
		assert!(Grandpa::grandpa_authorities().iter().any(|(key, _)| *key == voter));

		let index = index_of(Eve).expect("one of the authorities of blocks");
		build_block(index, 0, Vec::new());
		assert_eq!(Authorship::author(), Some(Eve.to_account_id()));
		let points = ErasRewardPoints::<Runtime>::get(era());
		assert_eq!(points.individual.get(&Eve.to_account_id()), Some(&20));
	});
}

#[test]
fn a_candidate_is_elected_when_it_has_session_keys() {
	on_a_testnet(|_| {
		send(Eve, vec![bond(NEW_STAKE), validate(Perbill::zero())]);
		pass_eras(2);
		assert!(Validators::<Runtime>::contains_key(Eve.to_account_id()));
		assert!(!ErasStakersOverview::<Runtime>::contains_key(era(), Eve.to_account_id()));
		assert!(!validates(Eve) && index_of(Eve).is_none());
		assert_eq!(Babe::authorities().len(), 4);

		send(Eve, vec![set_keys(keys(Eve, Ed25519Keyring::Eve))]);
		pass_eras(2);
		assert!(ErasStakersOverview::<Runtime>::contains_key(era(), Eve.to_account_id()));
		assert!(validates(Eve) && index_of(Eve).is_some());
	});
}

#[test]
fn candidates_without_session_keys_do_not_make_up_the_least_number() {
	on_a_testnet(|_| {
		for leaves in [Charlie, Dave] {
			send(leaves, vec![pallet_staking::Call::chill {}.into()]);
		}
		for joins in [Eve, Ferdie] {
			send(joins, vec![bond(NEW_STAKE), validate(Perbill::zero())]);
		}
		assert_eq!(Validators::<Runtime>::count(), 4);
		next_epoch();
		assert!(staked(|event| matches!(event, pallet_staking::Event::StakingElectionFailed)));
		pass_blocks(60);
		assert_eq!((Session::validators().len(), Babe::authorities().len()), (4, 4));
	});
}

/// Root sets the most candidates there may be, and what each stakes at the least.
fn govern(most: u32, least: Balance) {
	assert_ok!(Staking::set_staking_configs(
		RuntimeOrigin::root(),
		ConfigOp::Noop,
		ConfigOp::Set(least),
		ConfigOp::Noop,
		ConfigOp::Set(most),
		ConfigOp::Noop,
		ConfigOp::Noop,
		ConfigOp::Noop,
	));
}

#[test]
fn places_that_are_squatted_are_freed_by_a_greater_least_stake() {
	on_a_testnet(|_| {
		send(Eve, vec![bond(MIN_VALIDATOR_BOND), validate(Perbill::zero())]);
		let (eve, bob) = (Eve.to_account_id(), Bob.to_account_id());
		govern(5, MIN_VALIDATOR_BOND);
		assert_ok!(Staking::bond(origin(Ferdie), NEW_STAKE, RewardDestination::Staked));
		let stand = || Staking::validate(origin(Ferdie), Default::default());
		assert_eq!(stand(), Err(pallet_staking::Error::<Runtime>::TooManyValidators.into()));
		let cannot = Err(pallet_staking::Error::<Runtime>::CannotChillOther.into());
		// Who stakes the least keeps its place, and so does everybody while there are enough.
		assert_eq!(Staking::chill_other(origin(Ferdie), eve.clone()), cannot);
		govern(MAX_CANDIDATES, NEW_STAKE);
		assert_eq!(Staking::chill_other(origin(Ferdie), eve.clone()), cannot);

		govern(5, NEW_STAKE);
		assert_eq!(Staking::chill_other(origin(Ferdie), bob), cannot);
		assert_ok!(Staking::chill_other(origin(Ferdie), eve.clone()));
		assert!(!Validators::<Runtime>::contains_key(eve));
		assert_ok!(stand());
	});
}

#[test]
fn a_candidate_stakes_the_least_there_is() {
	on_a_testnet(|_| {
		assert_ok!(Staking::bond(origin(Eve), 9_999 * BLST, RewardDestination::Staked));
		assert_eq!(
			Staking::validate(origin(Eve), Default::default()),
			Err(pallet_staking::Error::<Runtime>::InsufficientBond.into())
		);
		assert_ok!(Staking::bond_extra(origin(Eve), BLST));
		assert_ok!(Staking::validate(origin(Eve), Default::default()));
	});
}

#[test]
fn who_no_longer_stands_works_until_the_next_era_that_is_not_elected() {
	on_a_testnet(|_| {
		send(Dave, vec![pallet_staking::Call::chill {}.into()]);
		next_epoch();
		assert!(validates(Dave));
		next_epoch();
		assert!(!validates(Dave));
		assert_eq!((Babe::authorities().len(), Grandpa::grandpa_authorities().len()), (3, 3));
	});
}

#[test]
fn with_too_few_candidates_whoever_validates_stays() {
	on_a_testnet(|_| {
		send(Dave, vec![pallet_staking::Call::chill {}.into()]);
		send(Charlie, vec![pallet_staking::Call::chill {}.into()]);
		next_epoch();
		assert!(staked(|event| matches!(event, pallet_staking::Event::StakingElectionFailed)));
		pass_blocks(60);
		assert_eq!(Session::validators().len(), 4);
		// No era without an election: the clock of the last one runs on.
		assert_eq!(era(), 1);
	});
}

#[test]
fn validators_can_act_in_safe_mode() {
	on_a_testnet(|_| {
		assert_ok!(SafeMode::force_enter(RuntimeOrigin::root()));
		let open =
			|call: &RuntimeCall| <Runtime as frame_system::Config>::BaseCallFilter::contains(call);
		assert!(!open(&pallet_margin::Call::withdraw { amount: 1 }.into()));
		eve_stands();
		assert!(Validators::<Runtime>::contains_key(Eve.to_account_id()));
	});
}
