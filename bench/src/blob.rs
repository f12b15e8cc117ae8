//! A Wasm blob under the executor of the node.

use crate::Result;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, Externalities, RuntimeCode, WrappedRuntimeCode};
use sp_runtime::traits::{BlakeTwo256, Hash};
use sp_state_machine::BasicExternalities;
use std::{borrow::Cow, cell::RefCell};

/// The host functions of the node (`node/src/service/partial.rs`).
pub type HostFunctions = sp_io::SubstrateHostFunctions;

/// A blob and the executor that holds it compiled.
pub struct Blob<H = HostFunctions> {
	code: Vec<u8>,
	hash: Vec<u8>,
	executor: WasmExecutor<H>,
	/// For blobs that have no use for state.
	nothing: RefCell<BasicExternalities>,
}

impl<H: sc_executor::HostFunctions> Blob<H> {
	/// With the executor's own defaults, which the node leaves as they are: ahead-of-time compiled by
	/// wasmtime, instances pooled and copied on write, a static heap.
	pub fn new(code: &[u8]) -> Self {
		Self {
			code: code.to_vec(),
			hash: BlakeTwo256::hash(code).as_bytes().to_vec(),
			executor: WasmExecutor::builder().build(),
			nothing: RefCell::new(BasicExternalities::new_empty()),
		}
	}

	/// Calls a function as block import does.
	pub fn call(
		&self,
		ext: &mut dyn Externalities,
		function: &str,
		argument: &[u8],
	) -> Result<Vec<u8>> {
		let fetcher = WrappedRuntimeCode(Cow::Borrowed(&self.code));
		let code =
			RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash: self.hash.clone() };
		let context = CallContext::Onchain { import: true };
		let (answer, _) = self.executor.call(ext, &code, function, argument, context);
		answer.map_err(|error| format!("{function}: {error}").into())
	}

	/// The same for a blob that reads and writes no state.
	pub fn call_without_state(&self, function: &str, argument: &[u8]) -> Result<Vec<u8>> {
		self.call(&mut *self.nothing.borrow_mut(), function, argument)
	}
}
