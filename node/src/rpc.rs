//! RPC groups that the service does not add by itself: account nonces, fees, BABE and GRANDPA.
//! (`system`, `chain`, `state`, `author`, `offchain` and the v2 groups come with it.)

use std::{error::Error, sync::Arc};

use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use substrate_frame_rpc_system::{System, SystemApiServer};

use crate::{
	runtime_api::opaque::{Block, BlockNumber, Hash},
	service::{FullBackend, FullClient, SelectChain, TransactionPool},
};

/// What the RPC groups read.
pub struct Deps {
	pub client: Arc<FullClient>,
	pub transaction_pool: Arc<TransactionPool>,
	pub select_chain: SelectChain,
	pub keystore: KeystorePtr,
	pub babe_worker: BabeWorkerHandle<Block>,
	pub grandpa: GrandpaDeps,
}

/// What the GRANDPA group reads.
pub struct GrandpaDeps {
	pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
	pub voter_state: SharedVoterState,
	pub justifications: GrandpaJustificationStream<Block>,
	pub finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// All of the node's own RPC methods.
pub fn module(
	deps: &Deps,
	executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
	let Deps { client, transaction_pool, select_chain, keystore, babe_worker, grandpa } = deps;
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), transaction_pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(
		Babe::new(client.clone(), babe_worker.clone(), keystore.clone(), select_chain.clone())
			.into_rpc(),
	)?;
	module.merge(
		Grandpa::new(
			executor,
			grandpa.authority_set.clone(),
			grandpa.voter_state.clone(),
			grandpa.justifications.clone(),
			grandpa.finality_proofs.clone(),
		)
		.into_rpc(),
	)?;
	Ok(module)
}
