//! Compiles the runtime to Wasm.

use std::{env, error::Error, path::PathBuf};

use substrate_wasm_builder::WasmBuilder;

fn main() -> Result<(), Box<dyn Error>> {
	// Read when the script runs: a path that is compiled in could be another checkout's, since checkouts
	// may share a target folder.
	let manifest_dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
	let root =
		manifest_dir.ancestors().nth(2).ok_or("this crate lives two folders below the root")?;
	// With a target folder outside the checkout the builder finds no Cargo.lock by itself, and would
	// resolve the dependencies of the runtime afresh.
	env::set_var("WASM_BUILD_WORKSPACE_HINT", root);
	// Compiled into what checks signatures over the metadata: `scripts/build-production`.
	println!("cargo::rerun-if-env-changed=RUNTIME_METADATA_HASH");
	// Else the linter of the host's toolchain would be called with the compiler of the Wasm's.
	env::remove_var("RUSTC_WORKSPACE_WRAPPER");

	WasmBuilder::new()
		.with_project(root.join("runtime/Cargo.toml"))?
		.import_memory()
		.export_heap_base()
		// The profiles of the workspace do not reach the builder's own: an overflow that the tests
		// would catch must not wrap on the chain.
		.append_to_rust_flags("-C overflow-checks=on")
		// Host functions are undefined symbols; from Rust 1.96 on the linker refuses them by default.
		.append_to_rust_flags("-C link-arg=--allow-undefined")
		.build();
	println!("cargo::metadata=WASM_TARGET={}", wasm_target()?.display());
	Ok(())
}

/// Where the builder has compiled the runtime's dependencies: `<profile>/wbuild/ballast-runtime/target`.
/// Who compiles another runtime of this workspace need not compile them again.
fn wasm_target() -> Result<PathBuf, Box<dyn Error>> {
	// <profile>/build/ballast-runtime-wasm-<hash>/out
	let out = PathBuf::from(env::var("OUT_DIR")?);
	let profile = out.ancestors().nth(3).ok_or("OUT_DIR lies three folders below the profile's")?;
	Ok(profile.join("wbuild/ballast-runtime/target"))
}
