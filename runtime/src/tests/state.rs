//! A state for benchmarks that are run for their assertions alone: nothing is committed, wiped or counted.

use core::any::{Any, TypeId};
use sp_core::storage::{ChildInfo, StateVersion, Storage, TrackedStorageKey};
use sp_externalities::{
	set_and_run_with_externalities, Error, Extension, ExtensionStore, Externalities,
	MultiRemovalResults,
};
use sp_state_machine::BasicExternalities;

/// Runs `what` on this state.
pub fn run_on<R>(state: Storage, what: impl FnOnce() -> R) -> R {
	set_and_run_with_externalities(&mut Uncounted(BasicExternalities::new(state)), what)
}

struct Uncounted(BasicExternalities);

impl Externalities for Uncounted {
	fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
		self.0.set_offchain_storage(key, value);
	}
	fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.0.storage(key)
	}
	fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.0.storage_hash(key)
	}
	fn child_storage_hash(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
		self.0.child_storage_hash(child, key)
	}
	fn child_storage(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
		self.0.child_storage(child, key)
	}
	fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.0.next_storage_key(key)
	}
	fn next_child_storage_key(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
		self.0.next_child_storage_key(child, key)
	}
	fn kill_child_storage(
		&mut self,
		child: &ChildInfo,
		limit: Option<u32>,
		cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		self.0.kill_child_storage(child, limit, cursor)
	}
	fn clear_prefix(
		&mut self,
		prefix: &[u8],
		limit: Option<u32>,
		cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		self.0.clear_prefix(prefix, limit, cursor)
	}
	fn clear_child_prefix(
		&mut self,
		child: &ChildInfo,
		prefix: &[u8],
		limit: Option<u32>,
		cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		self.0.clear_child_prefix(child, prefix, limit, cursor)
	}
	fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
		self.0.place_storage(key, value);
	}
	fn place_child_storage(&mut self, child: &ChildInfo, key: Vec<u8>, value: Option<Vec<u8>>) {
		self.0.place_child_storage(child, key, value);
	}
	/// Nobody asks what it is, only how long it takes.
	fn storage_root(&mut self, _: StateVersion) -> Vec<u8> {
		vec![0; 32]
	}
	fn child_storage_root(&mut self, child: &ChildInfo, version: StateVersion) -> Vec<u8> {
		self.0.child_storage_root(child, version)
	}
	fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
		self.0.storage_append(key, value);
	}
	fn storage_start_transaction(&mut self) {
		self.0.storage_start_transaction();
	}
	fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
		self.0.storage_rollback_transaction()
	}
	fn storage_commit_transaction(&mut self) -> Result<(), ()> {
		self.0.storage_commit_transaction()
	}
	fn wipe(&mut self) {}
	fn commit(&mut self) {}
	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		(0, 0, 0, 0)
	}
	fn reset_read_write_count(&mut self) {}
	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		Vec::new()
	}
	fn set_whitelist(&mut self, _: Vec<TrackedStorageKey>) {}
	fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
		Vec::new()
	}
}

impl ExtensionStore for Uncounted {
	fn extension_by_type_id(&mut self, id: TypeId) -> Option<&mut dyn Any> {
		self.0.extension_by_type_id(id)
	}
	fn register_extension_with_type_id(
		&mut self,
		id: TypeId,
		extension: Box<dyn Extension>,
	) -> Result<(), Error> {
		self.0.register_extension_with_type_id(id, extension)
	}
	fn deregister_extension_by_type_id(&mut self, id: TypeId) -> Result<(), Error> {
		self.0.deregister_extension_by_type_id(id)
	}
}
