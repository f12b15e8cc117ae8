//! The components every command on a chain needs, network or not.

use std::{path::Path, sync::Arc};

use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_executor::{HeapAllocStrategy, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_service::{
	config::ExecutorConfiguration, error::Error as ServiceError, Configuration, PartialComponents,
	TaskManager,
};
use sc_telemetry::{Telemetry, TelemetryWorker};

use super::consensus::{self, Consensus, ImportQueue};
use crate::runtime_api::{opaque::Block, RuntimeApi};

/// What the Wasm may call on the host.
pub type HostFunctions = sp_io::SubstrateHostFunctions;
/// The client: executes blocks and reads the chain.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;
/// The database.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// The rule that picks the best chain.
pub type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// The transaction pool, single-state or fork-aware.
pub type TransactionPool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;

/// A chain that is not connected to its network.
pub type Components =
	PartialComponents<FullClient, FullBackend, SelectChain, ImportQueue, TransactionPool, Other>;

/// What this client has beyond the usual components.
pub struct Other {
	pub consensus: Consensus,
	pub telemetry: Option<Telemetry>,
}

/// The executor of `sc_service::new_wasm_executor`, which keeps what it compiles: to compile the runtime takes many
/// seconds, and a validator that restarts is wanted back at once.
fn new_executor(config: &ExecutorConfiguration, compiled: &Path) -> WasmExecutor<HostFunctions> {
	let strategy = config.default_heap_pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
		HeapAllocStrategy::Static { extra_pages: pages.try_into().unwrap_or(u32::MAX) }
	});
	WasmExecutor::builder()
		.with_execution_method(config.wasm_method)
		.with_onchain_heap_alloc_strategy(strategy)
		.with_offchain_heap_alloc_strategy(strategy)
		.with_max_runtime_instances(config.max_runtime_instances)
		.with_runtime_cache_size(config.runtime_cache_size)
		.with_cache_path(compiled)
		.build()
}

/// Opens the database, loads the runtime and prepares block import. Compiled runtimes are kept in the given
/// folder, or in one of the base path.
pub fn new_partial(
	config: &Configuration,
	compiled: Option<&Path>,
) -> Result<Components, ServiceError> {
	let telemetry = new_telemetry(config)?;
	let own = config.base_path.path().join("compiled");
	let executor = new_executor(&config.executor, compiled.unwrap_or(&own));
	let (client, backend, keystore_container, task_manager) =
		sc_service::new_full_parts::<Block, RuntimeApi, _>(
			config,
			telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
			executor,
			// Blocks with a justification prove finality to nodes that warp-sync: never pruned.
			vec![Arc::new(GrandpaPruningFilter)],
		)?;
	let client = Arc::new(client);
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});
	let select_chain = SelectChain::new(backend.clone());
	let transaction_pool = Arc::new(new_transaction_pool(config, &task_manager, client.clone()));
	let (consensus, import_queue) = consensus::prepare(consensus::Parameters {
		config,
		client: client.clone(),
		select_chain: select_chain.clone(),
		transaction_pool: transaction_pool.clone(),
		task_manager: &task_manager,
		telemetry: telemetry.as_ref().map(Telemetry::handle),
	})?;
	Ok(PartialComponents {
		client,
		backend,
		task_manager,
		keystore_container,
		select_chain,
		import_queue,
		transaction_pool,
		other: Other { consensus, telemetry },
	})
}

fn new_telemetry(
	config: &Configuration,
) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
	/// Messages waiting for the worker; more are dropped.
	const BUFFER_SIZE: usize = 16;

	let Some(endpoints) = config.telemetry_endpoints.clone().filter(|list| !list.is_empty()) else {
		return Ok(None);
	};
	let worker = TelemetryWorker::new(BUFFER_SIZE)?;
	let telemetry = worker.handle().new_telemetry(endpoints);
	Ok(Some((worker, telemetry)))
}

fn new_transaction_pool(
	config: &Configuration,
	task_manager: &TaskManager,
	client: Arc<FullClient>,
) -> TransactionPool {
	sc_transaction_pool::Builder::new(
		task_manager.spawn_essential_handle(),
		client,
		config.role.is_authority().into(),
	)
	.with_options(config.transaction_pool.clone())
	.with_prometheus(config.prometheus_registry())
	.build()
}
