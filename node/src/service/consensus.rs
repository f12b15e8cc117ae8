//! BABE makes blocks, GRANDPA finalizes them.

use std::{sync::Arc, time::Duration};

use sc_consensus_babe::{BabeBlockImport, BabeLink, BabeParams, BabeWorkerHandle, SlotProportion};
use sc_consensus_grandpa::{
	GrandpaBlockImport, GrandpaParams, LinkHalf, SharedVoterState, VotingRulesBuilder,
};
use sc_network::{NotificationService, ProtocolName};
use sc_service::{error::Error as ServiceError, Configuration, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::{inherents::InherentDataProvider as BabeInherent, SlotDuration};
use sp_inherents::CreateInherentDataProviders;
use sp_timestamp::InherentDataProvider as TimestampInherent;

use super::{
	partial::{FullBackend, FullClient, SelectChain, TransactionPool},
	Node,
};
use crate::runtime_api::opaque::{Block, Hash};

/// At least one justification is stored and imported every so many blocks, for light clients and
/// warp sync.
const JUSTIFICATION_PERIOD_BLOCKS: u32 = 512;
/// How long a vote is expected to travel. GRANDPA's rounds wait multiples of it.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// Part of a slot that may be spent on proposing. The proposer takes transactions for two thirds of
/// it: 1 s of a 3 s slot. The rest is for the end of the block and for its way to the others.
const PROPOSAL_SLOT_PORTION: f32 = 0.5;

type Grandpa = GrandpaBlockImport<FullBackend, Block, FullClient, SelectChain>;
type BlockImport = BabeBlockImport<Block, FullClient, Grandpa, Inherents, SelectChain>;
type GrandpaLink = LinkHalf<Block, FullClient, SelectChain>;
/// The queue that verifies and imports blocks.
pub type ImportQueue = sc_consensus::DefaultImportQueue<Block>;
/// Makes the inherents of a block: its slot and its time.
type Inherents = Arc<
	dyn CreateInherentDataProviders<
		Block,
		(),
		InherentDataProviders = (BabeInherent, TimestampInherent),
	>,
>;

/// What authoring, voting and the RPC groups of consensus need.
pub struct Consensus {
	pub babe: Babe,
	pub grandpa_link: GrandpaLink,
}

/// BABE's half of [`Consensus`].
pub struct Babe {
	pub worker: BabeWorkerHandle<Block>,
	block_import: BlockImport,
	link: BabeLink<Block>,
	inherents: Inherents,
}

/// What [`prepare`] needs.
pub struct Parameters<'a> {
	pub config: &'a Configuration,
	pub client: Arc<FullClient>,
	pub select_chain: SelectChain,
	pub transaction_pool: Arc<TransactionPool>,
	pub task_manager: &'a TaskManager,
	pub telemetry: Option<TelemetryHandle>,
}

/// Builds the import pipeline: BABE's checks around GRANDPA's around the client.
pub fn prepare(params: Parameters) -> Result<(Consensus, ImportQueue), ServiceError> {
	let Parameters { config, client, select_chain, transaction_pool, task_manager, telemetry } =
		params;
	let (grandpa_import, grandpa_link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD_BLOCKS,
		&client,
		select_chain.clone(),
		telemetry.clone(),
	)?;
	// Slots and epochs are the runtime's business.
	let babe_config = sc_consensus_babe::configuration(&*client)?;
	let slot_duration = babe_config.slot_duration();
	let inherents = inherents(slot_duration);
	let (block_import, link) = sc_consensus_babe::block_import(
		babe_config,
		grandpa_import.clone(),
		client.clone(),
		inherents.clone(),
		select_chain,
		OffchainTransactionPoolFactory::new(transaction_pool),
	)?;
	let (import_queue, worker) =
		sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
			link: link.clone(),
			block_import: block_import.clone(),
			justification_import: Some(Box::new(grandpa_import)),
			client,
			slot_duration,
			spawner: &task_manager.spawn_essential_handle(),
			registry: config.prometheus_registry(),
			telemetry,
		})?;
	let babe = Babe { worker, block_import, link, inherents };
	Ok((Consensus { babe, grandpa_link }, import_queue))
}

fn inherents(slot_duration: SlotDuration) -> Inherents {
	Arc::new(move |_parent: Hash, _: ()| async move {
		let timestamp = TimestampInherent::from_system_time();
		let slot = BabeInherent::from_timestamp_and_slot_duration(*timestamp, slot_duration);
		Ok((slot, timestamp))
	})
}

/// Makes blocks in the slots that the keystore's keys win.
pub fn start_babe(task_manager: &TaskManager, node: &Node, babe: Babe) -> Result<(), ServiceError> {
	let proposer = sc_basic_authorship::ProposerFactory::new(
		task_manager.spawn_handle(),
		node.client.clone(),
		node.transaction_pool.clone(),
		node.registry.as_ref(),
		node.telemetry.clone(),
	);
	let author = sc_consensus_babe::start_babe(BabeParams {
		keystore: node.keystore.clone(),
		client: node.client.clone(),
		select_chain: node.select_chain.clone(),
		env: proposer,
		block_import: babe.block_import,
		sync_oracle: node.sync.clone(),
		justification_sync_link: node.sync.clone(),
		create_inherent_data_providers: babe.inherents,
		force_authoring: node.force_authoring,
		// Never: a clearing house whose blocks slow down with finality would liquidate late exactly
		// when it must not.
		backoff_authoring_blocks: None::<()>,
		babe_link: babe.link,
		block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SLOT_PORTION),
		max_block_proposal_slot_portion: None,
		telemetry: node.telemetry.clone(),
	})?;
	task_manager.spawn_essential_handle().spawn_blocking(
		"babe-proposer",
		Some("block-authoring"),
		author,
	);
	Ok(())
}

/// GRANDPA's notification protocol on this chain.
pub struct GrandpaProtocol {
	pub name: ProtocolName,
	pub notifications: Box<dyn NotificationService>,
}

/// Votes on finality if the node is an authority, and follows the votes if it is not.
pub fn start_grandpa(
	task_manager: &TaskManager,
	node: &Node,
	link: GrandpaLink,
	protocol: GrandpaProtocol,
	voter_state: SharedVoterState,
) -> Result<(), ServiceError> {
	let config = sc_consensus_grandpa::Config {
		gossip_duration: GOSSIP_DURATION,
		justification_generation_period: JUSTIFICATION_PERIOD_BLOCKS,
		observer_enabled: false,
		local_role: node.role,
		name: Some(node.name.clone()),
		keystore: node.role.is_authority().then(|| node.keystore.clone()),
		telemetry: node.telemetry.clone(),
		protocol_name: protocol.name,
	};
	let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
		config,
		link,
		network: node.network.clone(),
		sync: node.sync.clone(),
		notification_service: protocol.notifications,
		voting_rule: VotingRulesBuilder::default().build(),
		prometheus_registry: node.registry.clone(),
		shared_voter_state: voter_state,
		telemetry: node.telemetry.clone(),
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(
			node.transaction_pool.clone(),
		),
	})?;
	task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", Some("finality"), voter);
	Ok(())
}
