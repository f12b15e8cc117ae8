//! A chain in memory: the runtime's blob, its state, blocks, and transactions that people sign.
//!
//! The benchmark links none of the runtime, so calls are written by their indices. These, and the order
//! of a transaction's extensions, are pinned by the runtime's own tests, because old transactions must
//! keep their meaning; a call written wrongly fails, and with it the benchmark.

use crate::{
	blob::{Blob, HostFunctions},
	Result,
};
use parity_scale_codec::{Compact, Decode, Encode};
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	Slot, BABE_ENGINE_ID,
};
use sp_core::{sr25519, traits::Externalities, Pair, H256};
use sp_runtime::{
	generic::{Digest, DigestItem, Header as GenericHeader},
	traits::{BlakeTwo256, Hash},
	ApplyExtrinsicResult,
};
use sp_state_machine::BasicExternalities;
use sp_version::RuntimeVersion;
use std::collections::HashMap;

type Header = GenericHeader<u32, BlakeTwo256>;

/// The preset that the chain is born from, see `runtime/src/genesis`.
const PRESET: &str = "development";
/// The slot of block 1, and how long a slot is, in milliseconds.
const FIRST_SLOT: u64 = 600_000_000;
const SLOT: u64 = 3_000;

/// An account with its key.
#[derive(Clone)]
pub struct Actor {
	pair: sr25519::Pair,
}

impl Actor {
	/// The key at this path of the development phrase.
	pub fn at(path: &str) -> Result<Self> {
		let pair =
			sr25519::Pair::from_string(path, None).map_err(|error| format!("{path}: {error:?}"))?;
		Ok(Self { pair })
	}

	/// Its account.
	pub fn account(&self) -> [u8; 32] {
		self.pair.public().0
	}
}

/// A call: pallet, number, arguments.
pub fn call(index: [u8; 2], arguments: impl Encode) -> Vec<u8> {
	[index.to_vec(), arguments.encode()].concat()
}

/// A runtime and its state.
pub struct Chain {
	blob: Blob,
	ext: BasicExternalities,
	version: RuntimeVersion,
	number: u32,
	parent: H256,
	nonces: HashMap<[u8; 32], u32>,
}

impl Chain {
	/// At genesis.
	pub fn new(code: &[u8]) -> Result<Self> {
		let blob = Blob::new(code);
		let preset = PRESET.to_string();
		let genesis = GenesisConfigBuilderRuntimeCaller::<HostFunctions>::new(code)
			.get_storage_for_named_preset(Some(&preset))?;
		let mut ext = BasicExternalities::new(genesis);
		let version = blob.call(&mut ext, "Core_version", &[])?;
		let version = RuntimeVersion::decode(&mut &version[..])?;
		let (parent, nonces) = (H256::zero(), HashMap::new());
		Ok(Self { blob, ext, version, number: 0, parent, nonces })
	}

	/// Calls a function of the runtime and gives its encoded answer.
	pub fn ask(&mut self, function: &str, argument: &[u8]) -> Result<Vec<u8>> {
		self.blob.call(&mut self.ext, function, argument)
	}

	/// The same for a function that answers with a `Result`, which must be a success.
	pub fn ask_ok(&mut self, function: &str, argument: &[u8]) -> Result<Vec<u8>> {
		let answer = self.ask(function, argument)?;
		match answer.split_first() {
			Some((0, value)) => Ok(value.to_vec()),
			_ => Err(format!("{function}: {answer:?}").into()),
		}
	}

	/// From here on changes can be taken back.
	pub fn mark(&mut self) {
		self.ext.storage_start_transaction();
	}

	/// Takes back what was changed since the mark.
	pub fn back(&mut self) -> Result<()> {
		self.ext.storage_rollback_transaction().map_err(|()| "there is no mark".into())
	}

	/// Begins a block: digest and timestamp.
	pub fn begin(&mut self) -> Result<()> {
		self.number += 1;
		let slot = FIRST_SLOT + u64::from(self.number) - 1;
		let pre_digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
			authority_index: 0,
			slot: Slot::from(slot),
		});
		let logs = vec![DigestItem::PreRuntime(BABE_ENGINE_ID, pre_digest.encode())];
		let header = Header {
			parent_hash: self.parent,
			number: self.number,
			state_root: H256::zero(),
			extrinsics_root: H256::zero(),
			digest: Digest { logs },
		};
		self.ask("Core_initialize_block", &header.encode())?;
		let timestamp = call([1, 0], Compact(slot * SLOT));
		self.apply(&unsigned(&timestamp))
	}

	/// Ends the block.
	pub fn end(&mut self) -> Result<()> {
		let header = self.ask("BlockBuilder_finalize_block", &[])?;
		self.parent = Header::decode(&mut &header[..])?.hash();
		Ok(())
	}

	/// Applies a transaction, which must succeed.
	pub fn apply(&mut self, transaction: &[u8]) -> Result<()> {
		let outcome = self.ask("BlockBuilder_apply_extrinsic", transaction)?;
		match ApplyExtrinsicResult::decode(&mut &outcome[..])? {
			Ok(Ok(())) => Ok(()),
			refused => Err(format!("in block {}: {refused:?}", self.number).into()),
		}
	}

	/// Signs a call, with the signer's next nonce.
	pub fn signed(&mut self, actor: &Actor, call: &[u8]) -> Vec<u8> {
		let nonce = self.nonces.entry(actor.account()).or_default();
		let transaction = sign(actor, call, *nonce, &self.version);
		*nonce += 1;
		transaction
	}
}

/// A transaction nobody signs.
fn unsigned(call: &[u8]) -> Vec<u8> {
	[&[4u8], call].concat().encode()
}

/// A signed transaction of version 4. Of the extensions (`runtime/src/extensions.rs`) only era, nonce,
/// tip and the mode of the metadata hash have an encoding; immortal, no tip, no hash.
///
/// The state has no genesis block: its hash is zero.
fn sign(actor: &Actor, call: &[u8], nonce: u32, version: &RuntimeVersion) -> Vec<u8> {
	let extensions = (0u8, Compact(nonce), Compact(0u128), 0u8).encode();
	let genesis = H256::zero();
	let implicit =
		(version.spec_version, version.transaction_version, genesis, genesis, None::<H256>);
	let payload = [call, &extensions, &implicit.encode()].concat();
	let signature = if payload.len() > 256 {
		actor.pair.sign(BlakeTwo256::hash(&payload).as_bytes())
	} else {
		actor.pair.sign(&payload)
	};
	let signer = (0x84u8, 0u8, actor.account(), 1u8, signature).encode();
	[&signer, &extensions, call].concat().encode()
}
