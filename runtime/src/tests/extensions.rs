use super::chain::development;
use crate::{Executive, Runtime, RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic};
use frame_system::offchain::CreateAuthorizedTransaction;
use parity_scale_codec::{Decode, Encode};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic::Preamble,
	traits::TransactionExtension,
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidityError, UnknownTransaction,
	},
};

#[test]
fn order_and_number_of_extensions_are_part_of_the_encoding() {
	let order: Vec<&str> = <TxExtension as TransactionExtension<RuntimeCall>>::metadata()
		.into_iter()
		.map(|extension| extension.identifier)
		.collect();
	assert_eq!(
		order,
		[
			"AuthorizeCall",
			"CheckNonZeroSender",
			"CheckSpecVersion",
			"CheckTxVersion",
			"CheckGenesis",
			"CheckMortality",
			"CheckNonce",
			"CheckWeight",
			"ChargeTransactionPayment",
			"CheckMetadataHash",
			"PrioritiseFeeds",
			"WeightReclaim",
		]
	);
}

fn remark() -> frame_system::Call<Runtime> {
	frame_system::Call::remark { remark: vec![1, 2, 3] }
}

#[test]
fn a_transaction_of_the_runtime_itself_survives_encoding() {
	let transaction: UncheckedExtrinsic = <Runtime as CreateAuthorizedTransaction<
		frame_system::Call<Runtime>,
	>>::create_authorized_transaction(remark().into());
	assert!(matches!(transaction.preamble, Preamble::General(..)));
	let decoded = UncheckedExtrinsic::decode(&mut &transaction.encode()[..]).unwrap();
	assert_eq!(decoded.encode(), transaction.encode());
}

/// A remark that is signed over this hash of the metadata.
fn signed_over(hash: [u8; 32]) -> UncheckedExtrinsic {
	let remark = RuntimeCall::from(remark());
	let mut transaction = super::chain::signed(Sr25519Keyring::Bob, 0, remark.clone());
	let Preamble::Signed(_, signature, extension) = &mut transaction.preamble else {
		unreachable!()
	};
	extension.9 = frame_metadata_hash_extension::CheckMetadataHash::new_with_custom_hash(hash);
	let payload = SignedPayload::new(remark, extension.clone()).unwrap();
	*signature = payload.using_encoded(|bytes| Sr25519Keyring::Bob.sign(bytes)).into();
	transaction
}

#[test]
fn a_signature_over_a_metadata_hash_takes_a_runtime_built_with_it() {
	let refused: TransactionValidityError = match option_env!("RUNTIME_METADATA_HASH") {
		None => UnknownTransaction::CannotLookup.into(),
		Some(_) => InvalidTransaction::BadProof.into(),
	};
	development().execute_with(|| {
		// As it arrives: what hash it was signed over is not in it.
		let bytes = signed_over([1; 32]).encode();
		let transaction = UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap();
		assert_eq!(
			Executive::validate_transaction(
				TransactionSource::External,
				transaction,
				Default::default()
			),
			Err(refused)
		);
	});
}

#[test]
fn a_call_that_does_not_authorise_itself_needs_a_signature() {
	development().execute_with(|| {
		let transaction =
			<Runtime as CreateAuthorizedTransaction<frame_system::Call<Runtime>>>::create_authorized_transaction(
				remark().into(),
			);
		assert_eq!(
			Executive::validate_transaction(TransactionSource::Local, transaction, Default::default()),
			Err(InvalidTransaction::UnknownOrigin.into())
		);
	});
}
