//! Compiles to Wasm, with the settings of the runtime (`runtime/wasm/build.rs`): the workloads, and with
//! the feature `weights` the runtime with its benchmarks.

use std::{
	env,
	error::Error,
	path::{Path, PathBuf},
};

use substrate_wasm_builder::WasmBuilder;

fn main() -> Result<(), Box<dyn Error>> {
	// Asked for by the macro of host functions.
	println!("cargo::rustc-check-cfg=cfg(substrate_runtime)");
	let manifest_dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
	let root = manifest_dir.parent().ok_or("this crate lives one folder below the root")?;
	// See `runtime/wasm/build.rs` for the reason of each.
	env::set_var("WASM_BUILD_WORKSPACE_HINT", root);
	env::remove_var("RUSTC_WORKSPACE_WRAPPER");

	builder(&manifest_dir.join("workloads/Cargo.toml"))?
		// Nobody asks it for its version.
		.disable_runtime_version_section_check()
		.build();
	if env::var_os("CARGO_FEATURE_WEIGHTS").is_some() {
		builder(&manifest_dir.join("runtime/Cargo.toml"))?
			.set_file_name("runtime_binary.rs")
			.build();
	}
	Ok(())
}

fn builder(project: &Path) -> Result<WasmBuilder, Box<dyn Error>> {
	let builder = WasmBuilder::new()
		.with_project(project)?
		.import_memory()
		.export_heap_base()
		.append_to_rust_flags("-C overflow-checks=on")
		.append_to_rust_flags("-C link-arg=--allow-undefined");
	Ok(builder)
}
