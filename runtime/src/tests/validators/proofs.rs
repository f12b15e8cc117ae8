//! Equivocations as nodes prove them: signed with the keys of the keyring, reported through the runtime
//! API.

use super::*;
use crate::{Hash, Header};
use finality_grandpa::{Message, Prevote};
use parity_scale_codec::Encode;
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	runtime_decl_for_babe_api::BabeApiV2,
	OpaqueKeyOwnershipProof, Slot, BABE_ENGINE_ID,
};
use sp_consensus_grandpa::{
	localized_payload, runtime_decl_for_grandpa_api::GrandpaApiV3, AuthorityId as VoterId,
};
use sp_runtime::{traits::Header as _, Digest, DigestItem};
use sp_session::MembershipProof;

/// Two blocks for one slot.
pub type TwoBlocks = sp_consensus_babe::EquivocationProof<Header>;
/// Two votes in one round.
pub type TwoVotes = sp_consensus_grandpa::EquivocationProof<Hash, crate::BlockNumber>;

/// A header for a slot with a root of its own, signed.
pub fn sealed(signer: Sr25519Keyring, index: u32, slot: Slot, root: u8) -> Header {
	let pre_digest =
		PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: index, slot });
	let logs = vec![DigestItem::PreRuntime(BABE_ENGINE_ID, pre_digest.encode())];
	let mut header = Header::new(
		System::block_number() + 1,
		Hash::zero(),
		Hash::repeat_byte(root),
		System::parent_hash(),
		Digest { logs },
	);
	let signature = signer.sign(header.hash().as_ref());
	header.digest_mut().push(DigestItem::Seal(BABE_ENGINE_ID, signature.encode()));
	header
}

/// Two blocks for this slot by an authority.
pub fn two_blocks(author: Sr25519Keyring) -> TwoBlocks {
	let (index, slot) = (index_of(author).unwrap(), Babe::current_slot());
	TwoBlocks {
		offender: author.public().into(),
		slot,
		first_header: sealed(author, index, slot, 1),
		second_header: sealed(author, index, slot, 2),
	}
}

/// The proof that an authority signs blocks in this session, as a node asks the runtime for it.
pub fn authorship(author: Sr25519Keyring) -> Option<OpaqueKeyOwnershipProof> {
	let (slot, key) = (Babe::current_slot(), author.public().into());
	<Runtime as BabeApiV2<Block>>::generate_key_ownership_proof(slot, key)
}

/// The same, decoded.
pub fn ownership(author: Sr25519Keyring) -> MembershipProof {
	authorship(author).unwrap().decode().unwrap()
}

/// What the runtime has handed to the pool.
fn only(mut submitted: Vec<UncheckedExtrinsic>) -> UncheckedExtrinsic {
	assert_eq!(submitted.len(), 1);
	submitted.remove(0)
}

/// Reports two blocks of now as a node does that has seen them: what it puts into its pool.
pub fn report_blocks(submitted: Submitted, author: Sr25519Keyring) -> UncheckedExtrinsic {
	report_these(submitted, two_blocks(author))
}

/// The same of two blocks of whenever.
pub fn report_these(submitted: Submitted, blocks: TwoBlocks) -> UncheckedExtrinsic {
	let (slot, key) = (blocks.slot, blocks.offender.clone());
	let owner = <Runtime as BabeApiV2<Block>>::generate_key_ownership_proof(slot, key).unwrap();
	let report = <Runtime as BabeApiV2<Block>>::submit_report_equivocation_unsigned_extrinsic;
	report(blocks, owner).unwrap();
	only(submitted())
}

/// Two votes for different blocks in one round of this set.
pub fn two_votes(voter: Ed25519Keyring, round_number: u64) -> TwoVotes {
	let set_id = crate::Grandpa::current_set_id();
	let vote = |target: u8| {
		let prevote = Prevote::new(Hash::repeat_byte(target), System::block_number());
		let message = Message::Prevote(prevote.clone());
		let signature = voter.sign(&localized_payload(round_number, set_id, &message));
		(prevote, signature.into())
	};
	let equivocation = finality_grandpa::Equivocation {
		round_number,
		identity: voter.public().into(),
		first: vote(1),
		second: vote(2),
	};
	TwoVotes::new(set_id, sp_consensus_grandpa::Equivocation::Prevote(equivocation))
}

/// The proof that an authority votes in this set.
pub fn suffrage(voter: Ed25519Keyring) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
	let (set, key) = (crate::Grandpa::current_set_id(), VoterId::from(voter.public()));
	<Runtime as GrandpaApiV3<Block>>::generate_key_ownership_proof(set, key)
}

/// The same, decoded.
pub fn vote_ownership(voter: Ed25519Keyring) -> MembershipProof {
	suffrage(voter).unwrap().decode().unwrap()
}

/// Reports two votes of now as a node does that has seen them: what it puts into its pool.
pub fn report_votes(submitted: Submitted, voter: Ed25519Keyring) -> UncheckedExtrinsic {
	report_those(submitted, two_votes(voter, 7))
}

/// The same of two votes of whenever.
pub fn report_those(submitted: Submitted, votes: TwoVotes) -> UncheckedExtrinsic {
	let (set, key) = (votes.set_id(), votes.offender().clone());
	let owner = <Runtime as GrandpaApiV3<Block>>::generate_key_ownership_proof(set, key).unwrap();
	let report = <Runtime as GrandpaApiV3<Block>>::submit_report_equivocation_unsigned_extrinsic;
	report(votes, owner).unwrap();
	only(submitted())
}
