//! What a node does around the runtime: it signs, validates and pools transactions, and runs the
//! offchain worker of each block.

use crate::{Actor, Env};
use ballast_runtime::{
	fees::ChargeFees, Balance, Executive, Header, Nonce, Runtime, RuntimeCall, SignedPayload,
	UncheckedExtrinsic,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use parity_scale_codec::{Decode, Encode};
use sp_core::offchain::{
	testing::{TestOffchainExt, TestTransactionPoolExt},
	OffchainDbExt, OffchainWorkerExt, TransactionPoolExt,
};
use sp_io::TestExternalities;
use sp_runtime::transaction_validity::{
	TransactionSource, TransactionValidityError, ValidTransaction,
};

/// Takes out what the offchain worker has submitted, encoded.
pub type Proposals = Box<dyn Fn() -> Vec<Vec<u8>>>;

/// Gives a chain the local storage and the transaction pool that offchain workers use.
pub fn equip(ext: &mut TestExternalities) -> Proposals {
	let (offchain, _) = TestOffchainExt::new();
	let (pool, state) = TestTransactionPoolExt::new();
	ext.register_extension(OffchainDbExt::new(offchain.clone()));
	ext.register_extension(OffchainWorkerExt::new(offchain));
	ext.register_extension(TransactionPoolExt::new(pool));
	Box::new(move || core::mem::take(&mut state.write().transactions))
}

/// A transaction signed by `signer`, with the extensions of an ordinary one. Within externalities.
pub fn signed(signer: &Actor, nonce: Nonce, tip: Balance, call: RuntimeCall) -> UncheckedExtrinsic {
	type Call = pallet_liquidation::Call<Runtime>;
	let mut extension = <Runtime as CreateAuthorizedTransaction<Call>>::create_extension();
	extension.6 = frame_system::CheckNonce::from(nonce);
	extension.8 = ChargeFees::from_tip(tip);
	let payload = SignedPayload::new(call, extension).expect("the extensions have implicits");
	let signature = payload.using_encoded(|bytes| signer.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, signer.account().into(), signature.into(), extension)
}

impl Env {
	/// Reads or computes something on the state and leaves no trace in it, as a node does outside
	/// blocks.
	pub fn undone<R>(&mut self, read: impl FnOnce() -> R) -> R {
		self.execute(|| {
			sp_io::storage::start_transaction();
			let result = read();
			sp_io::storage::rollback_transaction();
			result
		})
	}

	/// Validates a transaction for the next block.
	pub fn validate(
		&mut self,
		source: TransactionSource,
		extrinsic: UncheckedExtrinsic,
	) -> Result<ValidTransaction, TransactionValidityError> {
		let parent = self.parent();
		self.undone(|| Executive::validate_transaction(source, extrinsic, parent))
	}

	/// Validates a transaction and lets it wait for the next block.
	pub fn submit(
		&mut self,
		source: TransactionSource,
		extrinsic: UncheckedExtrinsic,
	) -> Result<(), TransactionValidityError> {
		let valid = self.validate(source, extrinsic.clone())?;
		let now = self.number();
		self.pool_mut().import(extrinsic, valid, now);
		Ok(())
	}

	/// Signs a call and submits it as a wallet does; `later` transactions of the signer wait already.
	pub fn submit_signed(
		&mut self,
		signer: &Actor,
		later: Nonce,
		tip: Balance,
		call: RuntimeCall,
	) -> Result<(), TransactionValidityError> {
		let nonce = self.nonce(signer) + later;
		let extrinsic = self.execute(|| signed(signer, nonce, tip, call));
		self.submit(TransactionSource::External, extrinsic)
	}

	/// Runs the offchain worker of the last block, and submits what it proposes from this node.
	pub(crate) fn run_worker(&mut self, header: &Header) {
		self.undone(|| Executive::offchain_worker(header));
		for encoded in self.proposals() {
			let extrinsic = UncheckedExtrinsic::decode(&mut &encoded[..])
				.expect("the worker submits transactions of this runtime");
			// What the next block would refuse is refused now.
			let _ = self.submit(TransactionSource::Local, extrinsic);
		}
	}
}
