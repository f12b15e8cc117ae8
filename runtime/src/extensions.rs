//! What every transaction passes through, and how the runtime makes transactions of its own.

use crate::{fees::ChargeFees, Runtime, RuntimeCall, UncheckedExtrinsic};
use frame_system::offchain::{
	CreateAuthorizedTransaction, CreateBare, CreateTransaction, CreateTransactionBase,
};
use sp_runtime::generic::Era;

/// The extensions of a transaction, in order. Their order and number are part of the encoding of
/// every signed transaction: a change raises `transaction_version`.
pub type TxExtension = (
	// First, because it gives a call that authorises itself its origin.
	frame_system::AuthorizeCall<Runtime>,
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckMortality<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	ChargeFees,
	frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	// Takes the block's prices before the first transaction that is not a feed.
	pallet_price_feed::PrioritiseFeeds<Runtime>,
	// Last, because it gives back the weight that everything before it has not used.
	frame_system::WeightReclaim<Runtime>,
);

impl<LocalCall> CreateTransactionBase<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	type Extrinsic = UncheckedExtrinsic;
	type RuntimeCall = RuntimeCall;
}

impl<LocalCall> CreateBare<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_bare(call)
	}
}

impl<LocalCall> CreateTransaction<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	type Extension = TxExtension;

	fn create_transaction(call: RuntimeCall, extension: TxExtension) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_transaction(call, extension)
	}
}

impl<LocalCall> CreateAuthorizedTransaction<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	// Nobody signs these, so there is neither nonce nor tip, and the call itself says how long it
	// lives.
	fn create_extension() -> TxExtension {
		(
			frame_system::AuthorizeCall::new(),
			frame_system::CheckNonZeroSender::new(),
			frame_system::CheckSpecVersion::new(),
			frame_system::CheckTxVersion::new(),
			frame_system::CheckGenesis::new(),
			frame_system::CheckMortality::from(Era::Immortal),
			frame_system::CheckNonce::from(0),
			frame_system::CheckWeight::new(),
			ChargeFees::from_tip(0),
			frame_metadata_hash_extension::CheckMetadataHash::new(false),
			pallet_price_feed::PrioritiseFeeds::new(),
			frame_system::WeightReclaim::new(),
		)
	}
}
