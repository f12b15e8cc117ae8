use super::chain::development;
use crate::{Executive, Runtime, RuntimeCall, TxExtension, UncheckedExtrinsic};
use frame_system::offchain::CreateAuthorizedTransaction;
use parity_scale_codec::{Decode, Encode};
use sp_runtime::{
	generic::Preamble,
	traits::TransactionExtension,
	transaction_validity::{InvalidTransaction, TransactionSource},
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
