//! How a stake is taken out.

use super::*;
use crate::validators::{election::MIN_VALIDATOR_BOND, BONDING_DURATION};
use frame_support::{assert_ok, traits::fungible::Inspect};
use pallet_staking::Validators;
use sp_keyring::Sr25519Keyring::{Dave, Eve};

#[test]
fn a_stake_is_free_eight_eras_after_it_was_taken_out() {
	on_a_testnet(|_| {
		assert_ok!(Staking::bond(origin(Eve), NEW_STAKE, RewardDestination::Staked));
		let eve = Eve.to_account_id();
		let before = Balances::free_balance(&eve);
		send(Eve, vec![pallet_staking::Call::unbond { value: NEW_STAKE }.into()]);
		assert_eq!((active(&eve), on_hold(&eve)), (0, NEW_STAKE));

		pass_eras(BONDING_DURATION - 1);
		assert_ok!(Staking::withdraw_unbonded(origin(Eve), 0));
		assert_eq!(on_hold(&eve), NEW_STAKE);
		pass_eras(1);
		send(Eve, vec![pallet_staking::Call::withdraw_unbonded { num_slashing_spans: 0 }.into()]);
		assert_eq!((on_hold(&eve), Staking::bonded(&eve)), (0, None));
		assert!(Balances::free_balance(&eve) > before + NEW_STAKE - BLST);
		assert_eq!(Balances::balance(&eve), Balances::free_balance(&eve));
	});
}

#[test]
fn a_candidate_that_takes_out_a_part_keeps_the_least_and_all_of_it_no_longer_stands() {
	on_a_testnet(|_| {
		let dave = Dave.to_account_id();
		let stake = active(&dave);
		assert_eq!(
			Staking::unbond(origin(Dave), stake - MIN_VALIDATOR_BOND + 1)
				.map_err(|refused| refused.error),
			Err(pallet_staking::Error::<Runtime>::InsufficientBond.into())
		);
		assert_ok!(Staking::unbond(origin(Dave), stake - MIN_VALIDATOR_BOND));
		assert!(Validators::<Runtime>::contains_key(&dave));
		assert_ok!(Staking::unbond(origin(Dave), stake));
		assert!(!Validators::<Runtime>::contains_key(&dave));
	});
}
