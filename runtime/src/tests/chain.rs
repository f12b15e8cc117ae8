//! A chain in memory: genesis from a preset, blocks as a node would build them.

use crate::{
	genesis, BlockNumber, Executive, Header, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig,
	SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use parity_scale_codec::Encode;
use serde_json::Value;
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	Slot, BABE_ENGINE_ID,
};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic::Era,
	traits::{Block as _, Header as _},
	Digest, DigestItem, ExtrinsicInclusionMode,
};

/// The slot of block 1.
const FIRST_SLOT: u64 = 600_000_000;

/// Puts `patch` over `base`, field by field, as a node does with a preset.
fn merge(base: &mut Value, patch: Value) {
	match (base, patch) {
		(Value::Object(base), Value::Object(patch)) => {
			patch.into_iter().for_each(|(key, value)| {
				merge(base.entry(key).or_insert(Value::Null), value);
			})
		}
		(base, patch) => *base = patch,
	}
}

/// The whole genesis of a preset as JSON.
pub fn genesis_json(preset: &str) -> Vec<u8> {
	let default = get_preset::<RuntimeGenesisConfig>(&None, genesis::preset).unwrap();
	let patch =
		get_preset::<RuntimeGenesisConfig>(&Some(PresetId::from(preset)), genesis::preset).unwrap();
	let mut json: Value = serde_json::from_slice(&default).unwrap();
	merge(&mut json, serde_json::from_slice(&patch).unwrap());
	serde_json::to_vec(&json).unwrap()
}

/// The state at genesis of a preset.
pub fn born_from(preset: &str) -> sp_io::TestExternalities {
	let mut ext = sp_io::TestExternalities::new_empty();
	ext.execute_with(|| build_state::<RuntimeGenesisConfig>(genesis_json(preset)).unwrap());
	ext.commit_all().unwrap();
	ext
}

/// The state at genesis of the `development` preset.
pub fn development() -> sp_io::TestExternalities {
	born_from(DEV_RUNTIME_PRESET)
}

/// A transaction signed by `signer`.
pub fn signed(
	signer: Sr25519Keyring,
	nonce: Nonce,
	call: impl Into<RuntimeCall>,
) -> UncheckedExtrinsic {
	let extension: TxExtension = (
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckMortality::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		crate::fees::ChargeFees::from_tip(0),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
		pallet_price_feed::PrioritiseFeeds::new(),
		frame_system::WeightReclaim::new(),
	);
	let payload = SignedPayload::new(call.into(), extension).unwrap();
	let signature = payload.using_encoded(|bytes| signer.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, signer.to_account_id().into(), signature.into(), extension)
}

/// Begins the block after the last one, `skipped` slots late, and gives its timestamp inherent.
pub fn begin_block(author: u32, skipped: u64) -> UncheckedExtrinsic {
	begin_block_in_mode(author, skipped).0
}

/// The same, with what the block may hold.
pub fn begin_block_in_mode(
	author: u32,
	skipped: u64,
) -> (UncheckedExtrinsic, ExtrinsicInclusionMode) {
	let parent = System::block_number();
	let last =
		if parent == 0 { FIRST_SLOT - 1 } else { *pallet_babe::CurrentSlot::<Runtime>::get() };
	let slot = last + 1 + skipped;
	let pre_digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
		authority_index: author,
		slot: Slot::from(slot),
	});
	let parent_hash = match parent {
		0 => System::block_hash(0),
		_ => LAST_HASH.with(|hash| *hash.borrow()),
	};
	let mode = Executive::initialize_block(&Header::new(
		parent + 1,
		Default::default(),
		Default::default(),
		parent_hash,
		Digest { logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, pre_digest.encode())] },
	));
	let now = slot * crate::constants::time::SLOT_DURATION;
	let inherent = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
	(UncheckedExtrinsic::new_bare(inherent), mode)
}

thread_local! {
	/// Hash of the last block built on this thread, which is that of the last test's chain.
	static LAST_HASH: core::cell::RefCell<crate::Hash> = core::cell::RefCell::default();
}

/// Builds the next block from `transactions`, which must all be valid.
pub fn build_block(
	author: u32,
	skipped_slots: u64,
	transactions: Vec<UncheckedExtrinsic>,
) -> crate::Block {
	let inherent = begin_block(author, skipped_slots);
	let extrinsics: Vec<_> = core::iter::once(inherent).chain(transactions).collect();
	for extrinsic in &extrinsics {
		Executive::apply_extrinsic(extrinsic.clone()).expect("valid").expect("dispatched");
	}
	let header = Executive::finalize_block();
	LAST_HASH.with(|hash| *hash.borrow_mut() = header.hash());
	crate::Block::new(header, extrinsics)
}

/// Builds `count` empty blocks.
pub fn pass_blocks(count: BlockNumber) {
	(0..count).for_each(|_| {
		build_block(0, 0, Vec::new());
	});
}
