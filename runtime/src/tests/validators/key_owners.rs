//! Whoever signs twice is found, whatever becomes of the keys.

use super::{
	proofs::{
		authorship, report_these, report_those, report_votes, suffrage, two_blocks, two_votes,
	},
	*,
};
use crate::{
	validators::{
		pallet_key_owners::InForce,
		pallet_validator_periods::{Lengths, Periods},
		SessionsKept, SLASH_DEFER_DURATION,
	},
	Grandpa, KeyOwners,
};
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use pallet_session::{NextKeys, QueuedKeys};
use pallet_staking::{Event, UnappliedSlashes};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve, Ferdie, One, Two};

/// Whether the last block has a slash of one of four, noted for this era.
fn is_punished(who: Sr25519Keyring, of_era: EraIndex) -> bool {
	staked(|event| {
		*event
			== Event::SlashReported {
				validator: who.to_account_id(),
				fraction: Perbill::from_rational(9u32, 16),
				slash_era: of_era,
			}
	})
}

/// Whether the last block has an offence of a voter.
fn has_voted_twice() -> bool {
	events().iter().any(|event| {
		matches!(
			event,
			RuntimeEvent::Offences(pallet_offences::Event::Offence { kind, .. })
				if kind == b"grandpa:equivoca"
		)
	})
}

fn rotate(who: Sr25519Keyring, author: Sr25519Keyring, voter: Ed25519Keyring) {
	send(who, vec![set_keys(keys(author, voter))]);
}

fn punish_blocks(submitted: Submitted, author: Sr25519Keyring) {
	block(vec![report_these(submitted, two_blocks(author))]);
}

#[test]
fn keys_that_are_set_after_signing_twice_do_not_help() {
	on_a_testnet(|submitted| {
		let (blocks, votes) = (two_blocks(Bob), two_votes(Ed25519Keyring::Bob, 1));
		rotate(Bob, One, Ed25519Keyring::One);
		rotate(Bob, Two, Ed25519Keyring::Two);
		block(vec![report_these(submitted, blocks)]);
		assert!(is_punished(Bob, 0));
		block(vec![report_those(submitted, votes)]);
		assert!(has_voted_twice());
	});
}

#[test]
fn keys_are_punished_in_the_sessions_in_which_they_are_in_force() {
	on_a_testnet(|submitted| {
		rotate(Bob, One, Ed25519Keyring::One);
		assert!(authorship(One).is_none() && suffrage(Ed25519Keyring::One).is_none());
		next_epoch();
		assert!(authorship(One).is_none() && suffrage(Ed25519Keyring::One).is_none());
		punish_blocks(submitted, Bob);
		assert!(is_punished(Bob, 1));

		next_epoch();
		assert!(authorship(Bob).is_none() && suffrage(Ed25519Keyring::Bob).is_none());
		punish_blocks(submitted, One);
		assert!(is_punished(Bob, 2));
	});
}

#[test]
fn keys_that_are_changed_in_every_session_are_punished() {
	on_a_testnet(|submitted| {
		for (author, voter) in [
			(One, Ed25519Keyring::One),
			(Two, Ed25519Keyring::Two),
			(Eve, Ed25519Keyring::Eve),
			(Ferdie, Ed25519Keyring::Ferdie),
		] {
			rotate(Bob, author, voter);
			next_epoch();
		}
		rotate(Bob, Bob, Ed25519Keyring::Bob);
		let bob = Bob.to_account_id();
		let queued = QueuedKeys::<Runtime>::get().into_iter().find(|(who, _)| *who == bob).unwrap();
		assert_eq!(queued.1, keys(Ferdie, Ed25519Keyring::Ferdie));
		assert_eq!(NextKeys::<Runtime>::get(&bob), Some(keys(Bob, Ed25519Keyring::Bob)));

		punish_blocks(submitted, Eve);
		assert!(is_punished(Bob, 4));
		block(vec![report_votes(submitted, Ed25519Keyring::Eve)]);
		assert!(has_voted_twice());
	});
}

#[test]
fn keys_that_another_sets_shield_nobody() {
	on_a_testnet(|submitted| {
		let report = report_these(submitted, two_blocks(Bob));
		rotate(Charlie, One, Ed25519Keyring::One);
		rotate(Dave, Two, Ed25519Keyring::Two);
		block(vec![report]);
		assert!(is_punished(Bob, 0));
	});
}

#[test]
fn a_report_may_come_in_a_later_era_after_a_change_of_keys() {
	on_a_testnet(|submitted| {
		let (blocks, votes) = (two_blocks(Bob), two_votes(Ed25519Keyring::Bob, 1));
		rotate(Bob, One, Ed25519Keyring::One);
		pass_to_era(3);
		assert!(index_of(Bob).is_none() && Grandpa::current_set_id() > votes.set_id());
		block(vec![report_these(submitted, blocks)]);
		assert!(is_punished(Bob, 0));
		assert_eq!(UnappliedSlashes::<Runtime>::get(SLASH_DEFER_DURATION + 1).len(), 1);
		block(vec![report_those(submitted, votes)]);
		assert!(has_voted_twice());
	});
}

#[test]
fn votes_are_punished_in_a_set_of_several_sessions() {
	on_a_testnet(|submitted| {
		Periods::<Runtime>::put(Lengths { epoch: 20, era: 3 });
		pass_to_era(1);
		let set = Grandpa::current_set_id();
		next_epoch();
		assert_eq!((era(), Grandpa::current_set_id()), (1, set));
		let votes = two_votes(Ed25519Keyring::Bob, 5);
		rotate(Bob, One, Ed25519Keyring::One);
		pass_to_era(3);
		assert!(suffrage(Ed25519Keyring::Bob).is_none());
		block(vec![report_those(submitted, votes)]);
		assert!(is_punished(Bob, 1));
	});
}

#[test]
fn who_removes_its_keys_leaves_the_session_and_is_punished_still() {
	on_a_testnet(|submitted| {
		Periods::<Runtime>::put(Lengths { epoch: 20, era: 4 });
		pass_to_era(1);
		let sets = Grandpa::current_set_id();
		// Of the last of the list `Session` would report no change.
		let stash = Session::validators().last().cloned().unwrap();
		let last = [Alice, Bob, Charlie, Dave].into_iter().find(|who| who.to_account_id() == stash);
		let last = last.unwrap();
		send(last, vec![pallet_session::Call::purge_keys {}.into()]);
		next_epoch();
		assert!(validates(last));
		let blocks = two_blocks(last);
		next_epoch();
		assert!(!validates(last) && era() == 1);
		assert_eq!((Babe::authorities().len(), Grandpa::grandpa_authorities().len()), (3, 3));
		assert_eq!(Grandpa::current_set_id(), sets + 1);
		block(vec![report_these(submitted, blocks)]);
		assert!(is_punished(last, 1));
	});
}

#[test]
fn slots_after_epochs_without_a_block_belong_to_their_session() {
	on_a_testnet(|submitted| {
		pass_to_era(1);
		build_block(able(), 3 * EpochDuration::get(), Vec::new());
		assert!(Babe::epoch_index() > u64::from(Session::current_index()));
		let blocks = two_blocks(Bob);
		rotate(Bob, One, Ed25519Keyring::One);
		pass_eras(2);
		block(vec![report_these(submitted, blocks)]);
		assert!(is_punished(Bob, 2));
	});
}

#[test]
fn a_session_is_remembered_as_long_as_stakes_are_bonded() {
	on_a_testnet(|_| {
		let kept = SessionsKept::get();
		assert_eq!(kept, 9);
		let (slot, key) = (Babe::current_slot(), Bob.public().into());
		pass_to_era(kept - 1);
		assert!(KeyOwners::prove_author(slot, &key).is_some());
		next_epoch();
		assert!(KeyOwners::prove_author(slot, &key).is_none());
		pass_eras(3);
		assert_eq!(InForce::<Runtime>::iter_keys().count(), kept as usize);
	});
}

#[test]
fn without_a_session_the_newest_one_with_the_key_is_proven() {
	on_a_testnet(|_| {
		rotate(Bob, One, Ed25519Keyring::One);
		pass_eras(3);
		let key = |author: Sr25519Keyring| (sp_consensus_babe::KEY_TYPE, author.public());
		let proof = KeyOwners::prove(key(Bob)).unwrap();
		assert_eq!((proof.session, proof.validator_count), (1, 4));
		let bob = Some((Bob.to_account_id(), ()));
		assert_eq!(KeyOwners::check_proof(key(Bob), proof), bob);
		let proof = KeyOwners::prove(key(One)).unwrap();
		assert_eq!(proof.session, Session::current_index());
		assert_eq!(KeyOwners::check_proof(key(One), proof), bob);
		assert_eq!(KeyOwners::prove(key(Eve)), None);
		assert_ok!(KeyOwners::do_try_state());
	});
}
