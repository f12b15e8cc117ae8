//! The next runtime, written to a file: what a chain in tests is upgraded to.

use crate::Result;
use std::{fs, path::PathBuf};

/// The next runtime: one of the forms in which the builder gives it.
#[allow(dead_code)]
mod wasm {
	include!(concat!(env!("OUT_DIR"), "/next_runtime.rs"));
}

pub const USAGE: &str = "
usage: ballast-bench next-runtime --out FILE
  writes the Wasm of the next runtime (compact, compressed), to upgrade a live chain to in tests: its
  spec_version is one higher, and its migration takes several blocks";

/// Writes the blob, and says where.
pub fn run(mut arguments: impl Iterator<Item = String>) -> Result<()> {
	let out = match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
		(Some("--out"), Some(out), None) => PathBuf::from(out),
		_ => return Err(USAGE.trim_start().into()),
	};
	let code = wasm::WASM_BINARY.ok_or("built without the Wasm of the next runtime")?;
	fs::write(&out, code).map_err(|error| format!("{}: {error}", out.display()))?;
	println!("{}", out.display());
	Ok(())
}
