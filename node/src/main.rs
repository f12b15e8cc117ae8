#![doc = include_str!("../README.md")]
// The errors are the SDK's own, and are made at most once per run.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod runtime_api;
mod service;

fn main() -> sc_cli::Result<()> {
	command::run()
}
