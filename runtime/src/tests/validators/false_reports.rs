//! What does not prove anything costs the accused nothing.

use super::{
	proofs::{ownership, sealed, suffrage, two_blocks, two_votes, TwoBlocks},
	*,
};
use crate::{Executive, Grandpa};
use pallet_staking::{Ledger, UnappliedSlashes, Validators};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
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
		let invalid = pallet_babe::Error::<Runtime>::InvalidKeyOwnershipProof;
		// Somebody who does not validate signs twice, and says it is Alice.
		let (index, slot) = (index_of(Alice).unwrap(), Babe::current_slot());
		let of_eve = TwoBlocks {
			offender: Eve.public().into(),
			slot,
			first_header: sealed(Eve, index, slot, 1),
			second_header: sealed(Eve, index, slot, 2),
		};
		assert_eq!(refused(of_eve, ownership(Alice)), invalid.into());

		let invalid = || pallet_babe::Error::<Runtime>::InvalidKeyOwnershipProof.into();
		assert_eq!(refused(two_blocks(Bob), ownership(Alice)), invalid());
		// Of fewer validators, which would be a greater slash.
		let fewer = MembershipProof { validator_count: 1, ..ownership(Bob) };
		assert_eq!(refused(two_blocks(Bob), fewer), invalid());
		let another = MembershipProof { session: 5, ..ownership(Bob) };
		assert_eq!(refused(two_blocks(Bob), another), invalid());
		assert!(super::proofs::authorship(Eve).is_none_or(|proof| {
			Babe::report_equivocation(
				origin(Eve),
				Box::new(two_blocks(Bob)),
				proof.decode().unwrap(),
			)
			.is_err()
		}));
	});
}

#[test]
fn a_false_report_without_a_fee_does_not_enter_a_block() {
	on_a_testnet(|_| {
		let call = pallet_babe::Call::report_equivocation_unsigned {
			equivocation_proof: Box::new(two_blocks(Bob)),
			key_owner_proof: ownership(Alice),
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
		pass_to_era(1);
		let before = standing();
		let owner = |voter| suffrage(voter).decode().unwrap();
		let report = |proof, owner| {
			let refused = Grandpa::report_equivocation(origin(Eve), Box::new(proof), owner);
			assert_eq!(standing(), before);
			refused.unwrap_err().error
		};
		let (bob, alice) = (Ed25519Keyring::Bob, Ed25519Keyring::Alice);
		assert_eq!(
			report(two_votes(bob, 1), owner(alice)),
			pallet_grandpa::Error::<Runtime>::InvalidKeyOwnershipProof.into()
		);
		// Votes in a set that is not yet.
		let mut bytes = parity_scale_codec::Encode::encode(&two_votes(bob, 1));
		bytes[0] += 1;
		let of_another_set = Decode::decode(&mut &bytes[..]).unwrap();
		assert_eq!(
			report(of_another_set, owner(bob)),
			pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof.into()
		);
	});
}
