//! What benchmarks call on the host besides the node's host functions.
//!
//! `frame-benchmarking` of the client's generation has the same interface but for the keys whose reads
//! and writes are counted: the runtime's generation encodes them with one field less.

use cpu_time::ThreadTime;
use parity_scale_codec::{Decode, Encode};
use sp_core::storage::TrackedStorageKey;
use sp_runtime_interface::{
	pass_by::{
		AllocateAndReturnByCodec, AllocateAndReturnPointer, PassFatPointerAndDecode,
		PassFatPointerAndRead,
	},
	runtime_interface,
};
/// The node's, and those of benchmarks.
pub type HostFunctions = (crate::blob::HostFunctions, benchmarking::HostFunctions);

thread_local! {
	/// From when time is counted.
	static BEGAN: ThreadTime = ThreadTime::now();
}

/// A key whose reads and writes are counted, as the runtime encodes it.
#[derive(Encode, Decode)]
pub struct Tracked {
	key: Vec<u8>,
	reads: u32,
	writes: u32,
	whitelisted: bool,
}

impl From<TrackedStorageKey> for Tracked {
	fn from(tracked: TrackedStorageKey) -> Self {
		let TrackedStorageKey { key, reads, writes, whitelisted, .. } = tracked;
		Self { key, reads, writes, whitelisted }
	}
}

impl From<Tracked> for TrackedStorageKey {
	fn from(Tracked { key, reads, writes, whitelisted }: Tracked) -> Self {
		Self { key, reads, writes, whitelisted, child_trie_key: None }
	}
}

/// The interface of `frame_benchmarking::benchmarking`.
#[allow(dead_code, reason = "called from the Wasm")]
#[runtime_interface]
pub trait Benchmarking {
	/// Nanoseconds that this thread has had a processor: what else the machine does is not counted.
	fn current_time() -> AllocateAndReturnPointer<[u8; 16], 16> {
		BEGAN.with(ThreadTime::elapsed).as_nanos().to_le_bytes()
	}

	/// Back to the state at genesis.
	fn wipe_db(&mut self) {
		self.wipe()
	}

	/// Writes what has changed into the trie, and forgets what was read.
	fn commit_db(&mut self) {
		self.commit();
	}

	/// Keys read, reads again, keys written, writes again.
	fn read_write_count(&self) -> AllocateAndReturnByCodec<(u32, u32, u32, u32)> {
		self.read_write_count()
	}

	/// Counts from nothing again.
	fn reset_read_write_count(&mut self) {
		self.reset_read_write_count()
	}

	/// Keys that do not count.
	fn get_whitelist(&self) -> AllocateAndReturnByCodec<Vec<Tracked>> {
		self.get_whitelist().into_iter().map(Into::into).collect::<Vec<_>>()
	}

	/// Sets the keys that do not count.
	fn set_whitelist(&mut self, new: PassFatPointerAndDecode<Vec<Tracked>>) {
		self.set_whitelist(new.into_iter().map(Into::into).collect())
	}

	/// Adds a key that does not count.
	fn add_to_whitelist(&mut self, add: PassFatPointerAndDecode<Tracked>) {
		let mut whitelist = self.get_whitelist();
		whitelist.retain(|tracked| tracked.key != add.key);
		whitelist.push(add.into());
		self.set_whitelist(whitelist);
	}

	/// Counts a key again.
	fn remove_from_whitelist(&mut self, remove: PassFatPointerAndRead<Vec<u8>>) {
		let mut whitelist = self.get_whitelist();
		whitelist.retain(|tracked| tracked.key != remove);
		self.set_whitelist(whitelist);
	}

	/// Prefixes of the keys that were read and written, with how many of each.
	fn get_read_and_written_keys(
		&self,
	) -> AllocateAndReturnByCodec<Vec<(Vec<u8>, u32, u32, bool)>> {
		self.get_read_and_written_keys()
	}

	/// Nothing: no proof is recorded.
	fn proof_size(&self) -> AllocateAndReturnByCodec<Option<u32>> {
		self.proof_size()
	}
}
