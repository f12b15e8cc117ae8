//! Nominators: whom they put on a seat, and what they earn.

use super::*;
use crate::validators::election::MIN_NOMINATOR_BOND;
use frame_support::assert_ok;
use pallet_staking::{ErasStakersOverview, ErasValidatorReward};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve, Ferdie};

fn nominate(targets: &[Sr25519Keyring]) -> RuntimeCall {
	let targets = targets.iter().map(|who| who.to_account_id().into()).collect();
	pallet_staking::Call::nominate { targets }.into()
}

#[test]
fn a_nominator_decides_who_has_the_last_seat() {
	on_a_testnet(|_| {
		assert_ok!(Staking::set_validator_count(RuntimeOrigin::root(), 4));
		eve_stands();
		pass_eras(2);
		assert!(!validates(Eve), "the others have staked twice as much");

		send(Ferdie, vec![bond(3 * NEW_STAKE), nominate(&[Eve])]);
		pass_eras(2);
		assert!(validates(Eve));
		assert_eq!(Session::validators().len(), 4);
		let backing = ErasStakersOverview::<Runtime>::get(era(), Eve.to_account_id()).unwrap();
		assert_eq!((backing.own, backing.total), (NEW_STAKE, 4 * NEW_STAKE));
		assert_eq!(backing.nominator_count, 1);
	});
}

#[test]
fn nominators_earn_in_proportion_after_the_commission() {
	on_a_testnet(|_| {
		send(Alice, vec![validate(Perbill::from_percent(20))]);
		send(Ferdie, vec![bond(NEW_STAKE), nominate(&[Alice])]);
		pass_eras(2);
		let worked = era();
		build_block(index_of(Alice).unwrap(), 0, Vec::new());
		let (alice, ferdie) = (Alice.to_account_id(), Ferdie.to_account_id());
		let staked = (active(&alice), active(&ferdie));
		next_epoch();
		assert_ok!(Staking::payout_stakers(origin(Bob), alice.clone(), worked));

		// Alice has two thirds of the stake behind her, and a fifth of the reward before it is split.
		let (of_alice, of_ferdie) = (active(&alice) - staked.0, active(&ferdie) - staked.1);
		let reward = of_alice + of_ferdie;
		assert!(reward > 0 && reward <= ErasValidatorReward::<Runtime>::get(worked).unwrap());
		let after_commission = reward - Perbill::from_percent(20) * reward;
		assert!(of_ferdie.abs_diff(after_commission / 3) <= 1_000, "{of_ferdie} of {reward}");
	});
}

#[test]
fn a_nominator_stakes_the_least_there_is() {
	on_a_testnet(|_| {
		let least = RewardDestination::Staked;
		assert_ok!(Staking::bond(origin(Ferdie), MIN_NOMINATOR_BOND - BLST, least));
		let alice = || vec![Alice.to_account_id().into()];
		assert_eq!(
			Staking::nominate(origin(Ferdie), alice()),
			Err(pallet_staking::Error::<Runtime>::InsufficientBond.into())
		);
		assert_ok!(Staking::bond_extra(origin(Ferdie), BLST));
		assert_ok!(Staking::nominate(origin(Ferdie), alice()));
	});
}
