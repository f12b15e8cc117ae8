//! Assembles a running node.

use std::{path::Path, sync::Arc};

use sc_client_api::Backend;
use sc_consensus_grandpa::{warp_proof, FinalityProofProvider, SharedVoterState};
use sc_network::{
	config::{FullNetworkConfiguration, NetworkBackendType},
	service::traits::NetworkService,
	Litep2pNetworkBackend, NetworkBackend, NetworkWorker, NotificationMetrics,
};
use sc_network_sync::SyncingService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{
	config::Role, error::Error as ServiceError, BuildNetworkParams, Configuration,
	PartialComponents, SpawnTasksParams, TaskManager, WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryHandle};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use substrate_prometheus_endpoint::Registry;

mod consensus;
mod partial;

pub use consensus::ImportQueue;
pub use partial::{new_partial, FullBackend, FullClient, SelectChain, TransactionPool};

use crate::{
	rpc,
	runtime_api::opaque::{Block, Hash},
};
use consensus::{Consensus, GrandpaProtocol};
use partial::Other;

/// Handles to the parts of a running node.
pub struct Node {
	pub client: Arc<FullClient>,
	pub backend: Arc<FullBackend>,
	pub select_chain: SelectChain,
	pub transaction_pool: Arc<TransactionPool>,
	pub keystore: KeystorePtr,
	pub network: Arc<dyn NetworkService>,
	pub sync: Arc<SyncingService<Block>>,
	pub role: Role,
	pub name: String,
	pub force_authoring: bool,
	pub disable_grandpa: bool,
	pub registry: Option<Registry>,
	pub telemetry: Option<TelemetryHandle>,
}

/// Starts a node: its tasks run until the returned manager is dropped. Where compiled runtimes are kept: see
/// [`new_partial`].
pub fn start(config: Configuration, compiled: Option<&Path>) -> Result<TaskManager, ServiceError> {
	match config.network.network_backend {
		NetworkBackendType::Litep2p => start_on::<Litep2pNetworkBackend>(config, compiled),
		NetworkBackendType::Libp2p => start_on::<NetworkWorker<Block, Hash>>(config, compiled),
	}
}

fn start_on<N: NetworkBackend<Block, Hash>>(
	config: Configuration,
	compiled: Option<&Path>,
) -> Result<TaskManager, ServiceError> {
	let PartialComponents {
		client,
		backend,
		mut task_manager,
		import_queue,
		keystore_container,
		select_chain,
		transaction_pool,
		other: Other { consensus, mut telemetry },
	} = new_partial(&config, compiled)?;

	let (net_config, metrics, grandpa) = configure_network::<N>(&config, &client);
	let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
		sc_service::build_network(BuildNetworkParams {
			config: &config,
			net_config,
			client: client.clone(),
			transaction_pool: transaction_pool.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(warp_sync(&backend, &consensus)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	let node = Node {
		client,
		backend,
		select_chain,
		transaction_pool,
		keystore: keystore_container.keystore(),
		network,
		sync,
		role: config.role,
		name: config.network.node_name.clone(),
		force_authoring: config.force_authoring,
		disable_grandpa: config.disable_grandpa,
		registry: config.prometheus_registry().cloned(),
		telemetry: telemetry.as_ref().map(Telemetry::handle),
	};

	if config.offchain_worker.enabled {
		start_offchain_workers(&task_manager, &node)?;
	}
	let voter_state = SharedVoterState::empty();
	let rpc = rpc_deps(&node, &consensus, voter_state.clone());
	sc_service::spawn_tasks(SpawnTasksParams {
		config,
		client: node.client.clone(),
		backend: node.backend.clone(),
		task_manager: &mut task_manager,
		keystore: node.keystore.clone(),
		transaction_pool: node.transaction_pool.clone(),
		rpc_builder: Box::new(move |executor| Ok(rpc::module(&rpc, executor)?)),
		network: node.network.clone(),
		system_rpc_tx,
		tx_handler_controller,
		sync_service: node.sync.clone(),
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;
	start_consensus(&task_manager, &node, consensus, grandpa, voter_state)?;
	Ok(task_manager)
}

/// The network's configuration with GRANDPA's protocol in it. BABE needs none of its own.
fn configure_network<N: NetworkBackend<Block, Hash>>(
	config: &Configuration,
	client: &FullClient,
) -> (FullNetworkConfiguration<Block, Hash, N>, NotificationMetrics, GrandpaProtocol) {
	let registry = config.prometheus_registry();
	let mut net_config = FullNetworkConfiguration::new(&config.network, registry.cloned());
	let metrics = N::register_notification_metrics(registry);
	let name = sc_consensus_grandpa::protocol_standard_name(
		&client.chain_info().genesis_hash,
		&config.chain_spec,
	);
	let (protocol, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
		name.clone(),
		metrics.clone(),
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(protocol);
	(net_config, metrics, GrandpaProtocol { name, notifications })
}

/// Proves finality to nodes that join by warp sync, and joins by it.
fn warp_sync(backend: &Arc<FullBackend>, consensus: &Consensus) -> WarpSyncConfig<Block> {
	let authorities = consensus.grandpa_link.shared_authority_set().clone();
	let no_hard_forks = Vec::new();
	WarpSyncConfig::WithProvider(Arc::new(warp_proof::NetworkProvider::new(
		backend.clone(),
		authorities,
		no_hard_forks,
	)))
}

/// Runs the runtime's offchain workers after each new best block. They may use HTTP, the keystore
/// and the offchain database, and submit transactions to the node's own pool.
fn start_offchain_workers(task_manager: &TaskManager, node: &Node) -> Result<(), ServiceError> {
	let workers = OffchainWorkers::new(OffchainWorkerOptions {
		runtime_api_provider: node.client.clone(),
		keystore: Some(node.keystore.clone()),
		offchain_db: node.backend.offchain_storage(),
		transaction_pool: Some(OffchainTransactionPoolFactory::new(node.transaction_pool.clone())),
		network_provider: Arc::new(node.network.clone()),
		is_validator: node.role.is_authority(),
		enable_http_requests: true,
		custom_extensions: |_| Vec::new(),
	})?;
	task_manager.spawn_handle().spawn(
		"offchain-workers-runner",
		"offchain-worker",
		workers.run(node.client.clone(), task_manager.spawn_handle()),
	);
	Ok(())
}

fn rpc_deps(node: &Node, consensus: &Consensus, voter_state: SharedVoterState) -> rpc::Deps {
	let authority_set = consensus.grandpa_link.shared_authority_set().clone();
	rpc::Deps {
		client: node.client.clone(),
		transaction_pool: node.transaction_pool.clone(),
		select_chain: node.select_chain.clone(),
		keystore: node.keystore.clone(),
		babe_worker: consensus.babe.worker.clone(),
		grandpa: rpc::GrandpaDeps {
			finality_proofs: FinalityProofProvider::new_for_service(
				node.backend.clone(),
				Some(authority_set.clone()),
			),
			authority_set,
			voter_state,
			justifications: consensus.grandpa_link.justification_stream(),
		},
	}
}

/// Makes blocks if the node is an authority; votes on, or follows, finality unless told not to.
fn start_consensus(
	task_manager: &TaskManager,
	node: &Node,
	consensus: Consensus,
	grandpa: GrandpaProtocol,
	voter_state: SharedVoterState,
) -> Result<(), ServiceError> {
	if node.role.is_authority() {
		consensus::start_babe(task_manager, node, consensus.babe)?;
	}
	if !node.disable_grandpa {
		let link = consensus.grandpa_link;
		consensus::start_grandpa(task_manager, node, link, grandpa, voter_state)?;
	}
	Ok(())
}
