//! What the command line accepts.

use std::path::PathBuf;

use clap::Arg;
use sc_chain_spec::ChainSpec;
use sc_cli::{
	BuildSpecCmd, ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd,
	ImportBlocksCmd, KeySubcommand, PurgeChainCmd, RevertCmd, RunCmd, SubstrateCli,
};

use crate::chain_spec;

/// The command line: options of a running node, or one subcommand.
#[derive(Debug, clap::Parser)]
#[command(mut_arg("pool_type", single_state_by_default))]
#[command(mut_arg("database", parity_db_by_default))]
pub struct Cli {
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	/// Folder in which compiled runtimes are kept; `compiled` in the base path if not given.
	///
	/// A node that finds its runtime there does not compile it. Who can write there can make the node run
	/// anything.
	#[arg(long, value_name = "PATH")]
	pub compiled: Option<PathBuf>,

	#[clap(flatten)]
	pub run: RunCmd,
}

#[derive(Debug, clap::Subcommand)]
// One value per process: boxing the larger commands would gain nothing.
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
	/// Generate, inspect and insert keys.
	#[command(subcommand)]
	Key(KeySubcommand),

	/// Print a chain specification (kept for scripts: prefer `export-chain-spec`).
	BuildSpec(BuildSpecCmd),

	/// Export a chain specification as JSON, plain or raw.
	ExportChainSpec(ExportChainSpecCmd),

	/// Execute a block of the database again and compare the result.
	#[command(mut_arg("database", parity_db_by_default))]
	CheckBlock(CheckBlockCmd),

	/// Export blocks to a file.
	#[command(mut_arg("database", parity_db_by_default))]
	ExportBlocks(ExportBlocksCmd),

	/// Export the state of a block as a raw chain specification.
	#[command(mut_arg("database", parity_db_by_default))]
	ExportState(ExportStateCmd),

	/// Import blocks from a file.
	#[command(mut_arg("database", parity_db_by_default))]
	ImportBlocks(ImportBlocksCmd),

	/// Remove the whole chain from the database.
	#[command(mut_arg("database", parity_db_by_default))]
	PurgeChain(PurgeChainCmd),

	/// Take back the newest blocks that are not finalized.
	#[command(mut_arg("database", parity_db_by_default))]
	Revert(RevertCmd),

	/// Print the best and the finalized block of the database.
	#[command(mut_arg("database", parity_db_by_default))]
	ChainInfo(ChainInfoCmd),
}

/// The fork-aware pool can hand a transaction that the node itself submits to the view of the block
/// before the newest one, which delays it by a block. Liquidations are such transactions.
fn single_state_by_default(arg: Arg) -> Arg {
	arg.default_value("single-state")
}

/// The only database this client is built with, stated where the option is explained.
fn parity_db_by_default(arg: Arg) -> Arg {
	arg.default_value("paritydb")
}

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Ballast Node".into()
	}

	fn impl_version() -> String {
		env!("CARGO_PKG_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
		chain_spec::load(id)
	}
}
