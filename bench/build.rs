//! Compiles the workloads to Wasm with the settings of the runtime (`runtime/wasm/build.rs`).

use std::{env, error::Error, path::PathBuf};

use substrate_wasm_builder::WasmBuilder;

fn main() -> Result<(), Box<dyn Error>> {
	let manifest_dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
	let root = manifest_dir.parent().ok_or("this crate lives one folder below the root")?;
	// See `runtime/wasm/build.rs` for the reason of each.
	env::set_var("WASM_BUILD_WORKSPACE_HINT", root);
	env::remove_var("RUSTC_WORKSPACE_WRAPPER");

	WasmBuilder::new()
		.with_project(manifest_dir.join("workloads/Cargo.toml"))?
		.import_memory()
		.export_heap_base()
		.append_to_rust_flags("-C overflow-checks=on")
		.append_to_rust_flags("-C link-arg=--allow-undefined")
		// Nobody asks it for its version.
		.disable_runtime_version_section_check()
		.build();
	Ok(())
}
