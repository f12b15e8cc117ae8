//! Chain specifications. Genesis comes from the presets inside the runtime's Wasm, so nothing here
//! knows a type of the runtime.

use std::path::PathBuf;

use sc_chain_spec::{
	ChainSpec, ChainType, GenericChainSpec, Properties, DEV_RUNTIME_PRESET,
	LOCAL_TESTNET_RUNTIME_PRESET,
};

/// Symbol of the native token.
const TOKEN_SYMBOL: &str = "BLST";
/// One BLST is 10^12 of the smallest unit.
const TOKEN_DECIMALS: u8 = 12;
/// Generic Substrate address format.
const SS58_FORMAT: u16 = 42;
/// Prefix of the network protocols' legacy names.
const PROTOCOL_ID: &str = "ballast";

/// What distinguishes a chain that is built from a preset.
struct Preset {
	name: &'static str,
	id: &'static str,
	chain_type: ChainType,
	genesis: &'static str,
}

/// The chain specification for the `--chain` argument: a known name, else the path of a JSON file.
pub fn load(id: &str) -> Result<Box<dyn ChainSpec>, String> {
	let spec = match id {
		"dev" | "development" => from_preset(Preset {
			name: "Ballast Development",
			id: "ballast_dev",
			chain_type: ChainType::Development,
			genesis: DEV_RUNTIME_PRESET,
		})?,
		"" | "local" | "local_testnet" => from_preset(Preset {
			name: "Ballast Local Testnet",
			id: "ballast_local",
			chain_type: ChainType::Local,
			genesis: LOCAL_TESTNET_RUNTIME_PRESET,
		})?,
		path => GenericChainSpec::from_json_file(PathBuf::from(path))?,
	};
	Ok(Box::new(spec))
}

fn from_preset(preset: Preset) -> Result<GenericChainSpec, String> {
	let code = ballast_runtime_wasm::WASM_BINARY
		.ok_or("this binary carries no runtime: build it without SKIP_WASM_BUILD")?;
	Ok(GenericChainSpec::builder(code, None)
		.with_name(preset.name)
		.with_id(preset.id)
		.with_chain_type(preset.chain_type)
		.with_protocol_id(PROTOCOL_ID)
		.with_properties(properties())
		.with_genesis_config_preset_name(preset.genesis)
		.build())
}

/// What wallets read to print amounts and addresses.
fn properties() -> Properties {
	Properties::from_iter([
		("tokenSymbol".to_string(), TOKEN_SYMBOL.into()),
		("tokenDecimals".to_string(), TOKEN_DECIMALS.into()),
		("ss58Format".to_string(), SS58_FORMAT.into()),
	])
}
