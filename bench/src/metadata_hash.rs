//! The hash of a runtime's metadata: what a hardware wallet signs over, to know that what it shows is
//! what the chain will do ([RFC 78](https://polkadot-fellows.github.io/RFCs/approved/0078-merkleized-metadata.html)).
//!
//! It covers the types, how transactions are encoded, name and version of the runtime, address prefix
//! and token. It does not cover constants, some of which (the periods of governance) this runtime reads
//! from the state: asked without a state they are the defaults, and the hash is that of every chain.

use crate::{blob::Blob, Result};
use frame_metadata::{v15::RuntimeMetadataV15, RuntimeMetadata, RuntimeMetadataPrefixed};
use merkleized_metadata::{generate_metadata_digest, ExtraInfo};
use parity_scale_codec::{Decode, Encode};
use sp_version::RuntimeVersion;
use std::{fs, path::PathBuf};

/// The version of the metadata that the hash is defined over.
const METADATA_VERSION: u32 = 15;
/// Symbol and decimals of the native token, as `node/src/chain_spec.rs` tells wallets.
const TOKEN: (&str, u8) = ("BLST", 12);

pub const USAGE: &str = "
usage: ballast-bench metadata-hash [--wasm FILE] [--out FILE]
  prints the hash of the metadata of the runtime in FILE, or of the one that this program was built with;
  with --out it is written to a file too";

/// What is asked for.
#[derive(Default)]
struct Options {
	wasm: Option<PathBuf>,
	out: Option<PathBuf>,
}

impl Options {
	fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
		let mut options = Self::default();
		while let Some(argument) = arguments.next() {
			let place = match argument.as_str() {
				"--wasm" => &mut options.wasm,
				"--out" => &mut options.out,
				_ => return Err(USAGE.trim_start().into()),
			};
			*place = Some(arguments.next().ok_or(format!("{argument} of what?"))?.into());
		}
		Ok(options)
	}
}

/// Prints the hash.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
	let options = Options::parse(arguments)?;
	let code = match options.wasm {
		Some(file) => fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?,
		None => ballast_runtime_wasm::WASM_BINARY.ok_or("built without the runtime's Wasm")?.into(),
	};
	let hash = format!("0x{}", hex(&of(&code)?));
	if let Some(out) = options.out {
		fs::write(&out, &hash).map_err(|error| format!("{}: {error}", out.display()))?;
	}
	println!("{hash}");
	Ok(())
}

/// The hash of this runtime's metadata.
fn of(code: &[u8]) -> Result<[u8; 32]> {
	let blob: Blob = Blob::new(code);
	let version = blob.call_without_state("Core_version", &[])?;
	let version = RuntimeVersion::decode(&mut &version[..])?;
	let metadata =
		blob.call_without_state("Metadata_metadata_at_version", &METADATA_VERSION.encode())?;
	let metadata = Option::<Vec<u8>>::decode(&mut &metadata[..])?
		.ok_or("the runtime has no metadata of version 15")?;
	let RuntimeMetadataPrefixed(_, metadata) = RuntimeMetadataPrefixed::decode(&mut &metadata[..])?;
	let RuntimeMetadata::V15(v15) = &metadata else {
		return Err("the runtime answers with metadata of another version".into());
	};
	let (symbol, decimals) = TOKEN;
	let extra_info = ExtraInfo {
		spec_version: version.spec_version,
		spec_name: version.spec_name.into(),
		base58_prefix: address_prefix(v15)?,
		decimals,
		token_symbol: symbol.into(),
	};
	Ok(generate_metadata_digest(&metadata, extra_info)?.hash())
}

/// The constant of the system that says how addresses begin.
fn address_prefix(metadata: &RuntimeMetadataV15) -> Result<u16> {
	let constants = metadata
		.pallets
		.iter()
		.filter(|pallet| pallet.name == "System")
		.flat_map(|pallet| &pallet.constants);
	let prefix = constants
		.into_iter()
		.find(|constant| constant.name == "SS58Prefix")
		.ok_or("the runtime has no address prefix")?;
	Ok(u16::decode(&mut &prefix.value[..])?)
}

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
