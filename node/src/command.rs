//! Runs what the command line asks for.

use std::{future::Future, sync::Arc};

use sc_chain_spec::ChainType;
use sc_cli::{CliConfiguration, Runner, SubstrateCli};
use sc_service::{Configuration, PartialComponents, PruningMode};

use crate::{
	cli::{Cli, Subcommand},
	runtime_api::opaque::{Block, BlockNumber},
	service::{self, FullBackend, FullClient, ImportQueue},
};

/// Parses the command line and runs it to its end.
pub fn run() -> sc_cli::Result<()> {
	let cli = Cli::from_args();
	let Some(subcommand) = &cli.subcommand else {
		let compiled = cli.compiled.clone();
		return create_runner(&cli, &cli.run)?.run_node_until_exit(|config| async move {
			service::start(config, compiled.as_deref()).map_err(sc_cli::Error::Service)
		});
	};
	match subcommand {
		Subcommand::Key(cmd) => cmd.run(&cli),
		Subcommand::BuildSpec(cmd) => {
			create_runner(&cli, cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
		}
		Subcommand::ExportChainSpec(cmd) => cmd.run(cli.load_spec(&cmd.chain)?),
		Subcommand::ChainInfo(cmd) => {
			create_runner(&cli, cmd)?.sync_run(|config| cmd.run::<Block>(&config))
		}
		Subcommand::PurgeChain(cmd) => {
			create_runner(&cli, cmd)?.sync_run(|config| cmd.run(config.database))
		}
		Subcommand::CheckBlock(cmd) => {
			import_to_chain(&cli, cmd, |client, queue| cmd.run(client, queue))
		}
		Subcommand::ImportBlocks(cmd) => {
			import_to_chain(&cli, cmd, |client, queue| cmd.run(client, queue))
		}
		Subcommand::ExportBlocks(cmd) => {
			with_chain(&cli, cmd, |client, _, config| cmd.run(client, config.database))
		}
		Subcommand::ExportState(cmd) => {
			with_chain(&cli, cmd, |client, _, config| cmd.run(client, config.chain_spec))
		}
		Subcommand::Revert(cmd) => with_chain(&cli, cmd, |client, backend, _| {
			cmd.run(client, backend, Some(Box::new(revert_consensus)))
		}),
	}
}

/// Opens the chain of `command` without joining its network, and runs `work` on it.
fn with_chain<C, F>(
	cli: &Cli,
	command: &C,
	work: impl FnOnce(Arc<FullClient>, Arc<FullBackend>, Configuration) -> F,
) -> sc_cli::Result<()>
where
	C: CliConfiguration,
	F: Future<Output = sc_cli::Result<()>>,
{
	// The import queue, the pool and BABE's worker run as essential tasks that end, and report that
	// as a failure, with the last handle to them: keep the handles until the tasks are gone.
	let mut held = None;
	let result = create_runner(cli, command)?.async_run(|config| {
		let PartialComponents {
			client,
			backend,
			task_manager,
			import_queue,
			transaction_pool,
			other,
			..
		} = service::new_partial(&config, cli.compiled.as_deref())?;
		held = Some((import_queue, transaction_pool, other));
		Ok((work(client, backend, config), task_manager))
	});
	drop(held);
	result
}

/// Like [`with_chain`], for work that feeds blocks to the import queue.
fn import_to_chain<C, F>(
	cli: &Cli,
	command: &C,
	work: impl FnOnce(Arc<FullClient>, ImportQueue) -> F,
) -> sc_cli::Result<()>
where
	C: CliConfiguration,
	F: Future<Output = sc_cli::Result<()>>,
{
	let mut held = None;
	let result = create_runner(cli, command)?.async_run(|config| {
		let PartialComponents {
			client, task_manager, import_queue, transaction_pool, other, ..
		} = service::new_partial(&config, cli.compiled.as_deref())?;
		held = Some((transaction_pool, other));
		Ok((work(client, import_queue), task_manager))
	});
	drop(held);
	result
}

/// Takes back what BABE and GRANDPA have stored about the last `blocks` blocks.
fn revert_consensus(
	client: Arc<FullClient>,
	backend: Arc<FullBackend>,
	blocks: BlockNumber,
) -> sc_cli::Result<()> {
	sc_consensus_babe::revert(client.clone(), backend, blocks)?;
	sc_consensus_grandpa::revert(client, blocks)?;
	Ok(())
}

fn create_runner<C: CliConfiguration>(cli: &Cli, command: &C) -> sc_cli::Result<Runner<Cli>> {
	let mut runner = cli.create_runner(command)?;
	keep_all_states_of_a_new_development_chain(runner.config_mut());
	Ok(runner)
}

/// A development chain is there to be looked at: unless told otherwise it keeps every state, which
/// also turns the `archive_v1` RPC group on. The mode is fixed when a database is created, so an
/// existing one keeps its own.
fn keep_all_states_of_a_new_development_chain(config: &mut Configuration) {
	let is_new = config.database.path().is_some_and(|path| !path.exists());
	if config.chain_spec.chain_type() == ChainType::Development && is_new {
		config.state_pruning.get_or_insert(PruningMode::ArchiveAll);
	}
}
