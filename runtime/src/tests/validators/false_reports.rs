//! What does not prove anything costs the accused nothing.

use super::{
	proofs::{
		authorship, ownership, sealed, suffrage, two_blocks, two_votes, vote_ownership, TwoBlocks,
	},
	*,
};
use crate::{Executive, Grandpa};
use pallet_staking::{Ledger, UnappliedSlashes, Validators};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve, One};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionSource},
	DispatchError,
};
use sp_session::MembershipProof;

/// Everything that a report could have done to Bob.
fn standing() -> impl PartialEq + core::fmt::Debug {
	let bob = Bob.to_account_id();
	(
		Ledger::<Runtime>::get(&bob).map(|ledger| (ledger.active, ledger.total)),
		Validators::<Runtime>::contains_key(&bob),
		Session::disabled_validators(),
		UnappliedSlashes::<Runtime>::iter().count(),
		pallet_offences::Reports::<Runtime>::iter().count(),
	)
}

/// Why a report of two blocks fails, from an account that pays for it.
fn refused(proof: TwoBlocks, owner: MembershipProof) -> DispatchError {
	let before = standing();
	let result = Babe::report_equivocation(origin(Eve), Box::new(proof), owner);
	assert_eq!(standing(), before);
	let refusal = result.unwrap_err();
	assert_eq!(refusal.post_info.pays_fee, frame_support::dispatch::Pays::Yes);
	refusal.error
}

#[test]
fn headers_that_are_no_equivocation() {
	on_a_testnet(|_| {
		let (index, slot) = (index_of(Bob).unwrap(), Babe::current_slot());
		let mut same = two_blocks(Bob);
		same.second_header = same.first_header.clone();
		let false_ones = [
			// The same block twice.
			same,
			// The second is for another slot.
			TwoBlocks { second_header: sealed(Bob, index, slot + 1, 2), ..two_blocks(Bob) },
			// The second is another's.
			TwoBlocks { second_header: sealed(Eve, index, slot, 2), ..two_blocks(Bob) },
			// Both are, and say that they are Bob's.
			TwoBlocks {
				first_header: sealed(Eve, index, slot, 1),
				second_header: sealed(Eve, index, slot, 2),
				..two_blocks(Bob)
			},
			// Another authority is named in the second.
			TwoBlocks {
				second_header: sealed(Bob, index_of(Alice).unwrap(), slot, 2),
				..two_blocks(Bob)
			},
		];
		for proof in false_ones {
			assert_eq!(
				refused(proof, ownership(Bob)),
				pallet_babe::Error::<Runtime>::InvalidEquivocationProof.into()
			);
		}
	});
}

#[test]
fn keys_that_are_not_the_authors() {
	on_a_testnet(|_| {
		// Somebody who does not validate signs twice, and says it is Alice.
		assert!(authorship(Eve).is_none() && suffrage(Ed25519Keyring::Eve).is_none());
		assert_eq!(refused(in_the_place_of(Alice, Eve), ownership(Alice)), not_an_owner());
		// Bob signs with keys that he has set and that are not in force yet.
		send(Bob, vec![set_keys(keys(One, Ed25519Keyring::One))]);
		assert!(authorship(One).is_none() && suffrage(Ed25519Keyring::One).is_none());
		assert_eq!(refused(in_the_place_of(Bob, One), ownership(Bob)), not_an_owner());
	});
}

/// Two blocks that somebody signs in the slot of an authority.
fn in_the_place_of(author: Sr25519Keyring, signer: Sr25519Keyring) -> TwoBlocks {
	let (index, slot) = (index_of(author).unwrap(), Babe::current_slot());
	TwoBlocks {
		offender: signer.public().into(),
		slot,
		first_header: sealed(signer, index, slot, 1),
		second_header: sealed(signer, index, slot, 2),
	}
}

fn not_an_owner() -> DispatchError {
	pallet_babe::Error::<Runtime>::InvalidKeyOwnershipProof.into()
}

#[test]
fn proofs_that_are_forged() {
	on_a_testnet(|_| {
		pass_to_era(2);
		let forged = [
			// Of fewer validators, which would be a greater slash, and of more.
			MembershipProof { validator_count: 1, ..ownership(Bob) },
			MembershipProof { validator_count: 5, ..ownership(Bob) },
			// Of sessions in which Bob had the same keys.
			MembershipProof { session: 0, ..ownership(Bob) },
			MembershipProof { session: 1, ..ownership(Bob) },
			// Of sessions that have not been.
			MembershipProof { session: 3, ..ownership(Bob) },
			MembershipProof { session: u32::MAX, validator_count: 0, ..ownership(Bob) },
			// With something that nobody has asked for.
			MembershipProof { trie_nodes: vec![vec![0]], ..ownership(Bob) },
		];
		for proof in forged {
			assert_eq!(refused(two_blocks(Bob), proof), not_an_owner());
		}
	});
}

#[test]
fn a_false_report_without_a_fee_does_not_enter_a_block() {
	on_a_testnet(|_| {
		let call = pallet_babe::Call::report_equivocation_unsigned {
			equivocation_proof: Box::new(two_blocks(Bob)),
			key_owner_proof: MembershipProof { session: 1, ..ownership(Bob) },
		};
		let report = UncheckedExtrinsic::new_bare(call.into());
		let before = standing();
		assert_eq!(
			Executive::validate_transaction(
				TransactionSource::Local,
				report,
				System::parent_hash()
			),
			Err(InvalidTransaction::BadProof.into())
		);
		assert_eq!(standing(), before);
	});
}

#[test]
fn votes_that_are_no_equivocation() {
	on_a_testnet(|_| {
		// The set of the first session is that of the second too.
		pass_to_era(2);
		let before = standing();
		let report = |proof, owner| {
			let refused = Grandpa::report_equivocation(origin(Eve), Box::new(proof), owner);
			assert_eq!(standing(), before);
			refused.unwrap_err().error
		};
		let (bob, eve) = (Ed25519Keyring::Bob, Ed25519Keyring::Eve);
		let owner = || vote_ownership(bob);
		assert_eq!(
			report(two_votes(eve, 1), owner()),
			pallet_grandpa::Error::<Runtime>::InvalidKeyOwnershipProof.into()
		);
		// Votes in a set that is not yet.
		let mut bytes = parity_scale_codec::Encode::encode(&two_votes(bob, 1));
		bytes[0] += 1;
		let of_another_set = Decode::decode(&mut &bytes[..]).unwrap();
		assert_eq!(
			report(of_another_set, owner()),
			pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof.into()
		);
		// Of a session of another set.
		let earlier = MembershipProof { session: 0, ..owner() };
		assert_eq!(
			report(two_votes(bob, 1), earlier),
			pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof.into()
		);
	});
}
