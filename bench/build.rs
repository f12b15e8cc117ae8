//! Compiles to Wasm, with the settings of the runtime (`runtime/wasm/build.rs`): the workloads, the next
//! runtime, and with the feature `weights` the runtime with its benchmarks.

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
	next_runtime(root)
}

/// The runtime that a live chain is upgraded to in tests. Its dependencies are those of the runtime, with
/// the same features and flags: they are taken from where that was compiled (cargo 1.91 or later; an
/// older one compiles them again), and only the runtime itself is compiled once more.
fn next_runtime(root: &Path) -> Result<(), Box<dyn Error>> {
	env::set_var("CARGO_BUILD_BUILD_DIR", env::var("DEP_BALLAST_RUNTIME_WASM_WASM_TARGET")?);
	builder(&root.join("runtime/next/Cargo.toml"))?
		.enable_feature("next")
		.set_file_name("next_runtime.rs")
		.build();
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
