//! The Ballast runtime as Wasm.
//!
//! The node knows the runtime by this crate alone: `WASM_BINARY` is the compact, compressed blob that
//! goes into a genesis state or an upgrade, `WASM_BINARY_BLOATY` the one with symbols. Both are
//! `None` if the crate was built with `SKIP_WASM_BUILD` set.
#![no_std]

include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
