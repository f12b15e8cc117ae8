//! How one becomes a validator, and leaves.

use super::*;
use crate::{Authorship, Grandpa, SafeMode};
use frame_support::{assert_ok, traits::Contains};
use pallet_staking::{ErasRewardPoints, ErasStakersOverview, Validators};
use sp_keyring::Sr25519Keyring::{Dave, Eve};

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
fn a_seat_without_session_keys_stays_empty() {
	on_a_testnet(|_| {
		send(Eve, vec![bond(NEW_STAKE), validate(Perbill::zero())]);
		pass_eras(2);
		assert!(ErasStakersOverview::<Runtime>::contains_key(era(), Eve.to_account_id()));
		assert!(!validates(Eve) && index_of(Eve).is_none());
		assert_eq!(Babe::authorities().len(), 4);
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
		send(Sr25519Keyring::Charlie, vec![pallet_staking::Call::chill {}.into()]);
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
