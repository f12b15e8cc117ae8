//! Two votes in one round: what meets the voter.

use super::{
	proofs::{report_votes, two_votes, vote_ownership},
	*,
};
use crate::{genesis::stakes::STAKE, validators::SLASH_DEFER_DURATION, Grandpa};
use frame_support::assert_ok;
use pallet_staking::{Event, Validators};
use sp_keyring::Sr25519Keyring::{Charlie, Eve};

#[test]
fn a_voter_that_votes_twice_is_disabled_chilled_and_slashed() {
	on_a_testnet(|submitted| {
		let charlie = Charlie.to_account_id();
		block(vec![report_votes(submitted, Ed25519Keyring::Charlie)]);
		let kind = *b"grandpa:equivoca";
		assert!(events().iter().any(|event| matches!(
			event,
			RuntimeEvent::Offences(pallet_offences::Event::Offence { kind: of, .. }) if *of == kind
		)));
		assert_eq!(Session::disabled_validators(), [index_of(Charlie).unwrap()]);
		assert!(!Validators::<Runtime>::contains_key(&charlie));
		pass_to_era(2);
		let key = Ed25519Keyring::Charlie.public().into();
		assert!(!Grandpa::grandpa_authorities().iter().any(|(voter, _)| *voter == key));
		pass_to_era(SLASH_DEFER_DURATION + 1);
		let amount = Perbill::from_rational(9u32, 16) * STAKE;
		assert!(staked(|event| *event == Event::Slashed { staker: charlie.clone(), amount }));
		assert_eq!(active(&charlie), STAKE - amount);
	});
}

#[test]
fn votes_of_an_earlier_set_are_still_punished() {
	on_a_testnet(|_| {
		pass_to_era(1);
		let proof = two_votes(Ed25519Keyring::Charlie, 3);
		let owner = vote_ownership(Ed25519Keyring::Charlie);
		pass_to_era(4);
		assert!(Grandpa::current_set_id() > proof.set_id());
		assert_ok!(Grandpa::report_equivocation(origin(Eve), Box::new(proof), owner));
		pass_to_era(1 + SLASH_DEFER_DURATION + 1);
		assert!(active(&Charlie.to_account_id()) < STAKE);
	});
}

#[test]
fn the_same_votes_of_two_voters_are_two_offences_and_weigh_more() {
	on_a_testnet(|submitted| {
		block(vec![report_votes(submitted, Ed25519Keyring::Charlie)]);
		block(vec![report_votes(submitted, Ed25519Keyring::Bob)]);
		let fractions: Vec<_> = pallet_staking::ValidatorSlashInEra::<Runtime>::iter_prefix(0)
			.map(|(_, (fraction, _))| fraction)
			.collect();
		// (3 * 2 / 4)^2, capped: both lose everything.
		assert_eq!(fractions, [Perbill::one(), Perbill::one()]);
		// Less than a third may be disabled.
		assert_eq!(Session::disabled_validators().len(), 1);
		// Three are the fewest: the second offender stays a candidate.
		assert_eq!(Validators::<Runtime>::count(), 3);
	});
}
