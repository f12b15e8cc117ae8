#![doc = include_str!("../README.md")]

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod runtime_api;
mod service;

fn main() -> sc_cli::Result<()> {
	command::run()
}
