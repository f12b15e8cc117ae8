//! Slashes that are cancelled, and who is not chilled.

use super::{proofs::report_blocks, *};
use crate::{
	genesis::stakes::STAKE,
	governance::{origins::Origin, TechnicalCollective},
	validators::{
		pallet_validator_periods::{Lengths, Periods},
		periods::PRODUCTION,
		SLASH_DEFER_DURATION,
	},
};
use frame_support::{assert_noop, assert_ok};
use pallet_staking::{UnappliedSlashes, Validators};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Eve};
use sp_runtime::{traits::Dispatchable, DispatchError};

/// The era that a slash of era 0 comes with.
const DUE: EraIndex = SLASH_DEFER_DURATION + 1;

/// So many of three members of the technical collective.
fn members(count: u32) -> RuntimeOrigin {
	pallet_collective::RawOrigin::<AccountId, TechnicalCollective>::Members(count, 3).into()
}

#[test]
fn two_thirds_of_the_technical_collective_cancel_a_slash_and_nobody_less() {
	on_a_testnet(|submitted| {
		block(vec![report_blocks(submitted, Bob)]);
		for refused in [origin(Bob), members(1), Origin::RiskAdmin.into()] {
			assert_noop!(
				Staking::cancel_deferred_slash(refused, DUE, vec![0]),
				DispatchError::BadOrigin
			);
		}
		assert_ok!(Staking::cancel_deferred_slash(members(2), DUE, vec![0]));
		assert!(UnappliedSlashes::<Runtime>::get(DUE).is_empty());
		pass_to_era(DUE + 1);
		assert_eq!(active(&Bob.to_account_id()), STAKE);
		// What was chilled does not stand again by itself.
		assert!(!validates(Bob));
	});
}

#[test]
fn root_cancels_a_slash() {
	on_a_testnet(|submitted| {
		block(vec![report_blocks(submitted, Bob)]);
		assert_ok!(Staking::cancel_deferred_slash(RuntimeOrigin::root(), DUE, vec![0]));
		pass_to_era(DUE);
		assert_eq!(active(&Bob.to_account_id()), STAKE);
	});
}

#[test]
fn only_root_slashes_without_a_proof() {
	on_a_testnet(|_| {
		let slash = || {
			RuntimeCall::from(pallet_staking::Call::manual_slash {
				validator_stash: Bob.to_account_id(),
				era: 0,
				slash_fraction: Perbill::from_percent(1),
			})
		};
		assert_eq!(
			slash().dispatch(members(3)).map_err(|refused| refused.error),
			Err(frame_system::Error::<Runtime>::CallFiltered.into())
		);
		assert!(UnappliedSlashes::<Runtime>::get(DUE).is_empty());
		assert_ok!(slash().dispatch(RuntimeOrigin::root()));
		assert_eq!(UnappliedSlashes::<Runtime>::get(DUE).len(), 1);
	});
}

#[test]
fn the_collective_does_not_set_the_least_commission() {
	on_a_testnet(|_| {
		let least = Perbill::from_percent(3);
		let set = || RuntimeCall::from(pallet_staking::Call::set_min_commission { new: least });
		assert_eq!(
			set().dispatch(members(3)).map_err(|refused| refused.error),
			Err(frame_system::Error::<Runtime>::CallFiltered.into())
		);
		assert_ok!(set().dispatch(RuntimeOrigin::root()));
		assert_eq!(pallet_staking::MinCommission::<Runtime>::get(), least);
	});
}

/// Bob signs twice, takes his stake out at once and asks for it in every session: the slash comes first,
/// however many sessions an era has.
fn no_stake_gets_away(lengths: Lengths) {
	on_a_testnet(|submitted| {
		Periods::<Runtime>::put(lengths);
		let bob = Bob.to_account_id();
		block(vec![report_blocks(submitted, Bob)]);
		assert_ok!(Staking::unbond(origin(Bob), STAKE));
		assert_eq!((active(&bob), on_hold(&bob)), (0, STAKE));
		while era() < DUE {
			assert_eq!(on_hold(&bob), STAKE);
			next_epoch();
			assert_ok!(Staking::withdraw_unbonded(origin(Bob), 8));
		}
		let left = STAKE - Perbill::from_rational(9u32, 16) * STAKE;
		assert_eq!(on_hold(&bob), left);
		pass_eras(2);
		let spans = pallet_staking::SlashingSpans::<Runtime>::get(&bob).unwrap();
		assert_eq!(spans.last_nonzero_slash(), 0);
		assert_ok!(Staking::withdraw_unbonded(origin(Bob), 8));
		assert_eq!(on_hold(&bob), 0);
	});
}

#[test]
fn a_stake_that_is_being_taken_out_is_slashed_too() {
	no_stake_gets_away(Lengths { epoch: 20, era: 1 });
}

#[test]
fn a_stake_that_is_being_taken_out_is_slashed_in_eras_of_several_sessions() {
	no_stake_gets_away(Lengths { epoch: 10, era: 3 });
}

#[test]
fn a_stake_that_is_being_taken_out_is_slashed_in_eras_of_a_production_chain() {
	no_stake_gets_away(Lengths { epoch: 10, era: PRODUCTION.era });
}

#[test]
fn candidates_without_session_keys_do_not_stand_in_for_who_is_needed() {
	on_a_testnet(|submitted| {
		send(Eve, vec![bond(NEW_STAKE), validate(Perbill::zero())]);
		block(vec![report_blocks(submitted, Bob)]);
		block(vec![report_blocks(submitted, Charlie)]);
		// Three are the fewest: Alice, Charlie and Dave, since Eve cannot be elected.
		let stands = |who: Sr25519Keyring| Validators::<Runtime>::contains_key(who.to_account_id());
		assert!(!stands(Bob) && stands(Charlie) && stands(Eve));
	});
}

#[test]
fn the_only_validator_is_slashed_but_goes_on() {
	on_a_development_chain(|submitted| {
		let alice = Alice.to_account_id();
		block(vec![report_blocks(submitted, Alice)]);
		assert!(Session::disabled_validators().is_empty());
		assert!(Validators::<Runtime>::contains_key(&alice));
		pass_to_era(DUE);
		assert_eq!(active(&alice), 0);
		// Nobody has a stake left: there is no election, and whoever validates stays.
		pass_blocks(2);
		(0..3).for_each(|_| next_epoch());
		assert_eq!(Session::validators(), [alice]);
	});
}

#[test]
fn a_newcomer_takes_the_place_of_an_offender() {
	on_a_testnet(|submitted| {
		block(vec![report_blocks(submitted, Bob)]);
		eve_stands();
		pass_eras(2);
		assert!(validates(Eve) && !validates(Bob));
		assert_eq!(Session::validators().len(), 4);
	});
}
