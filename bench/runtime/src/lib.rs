//! The Ballast runtime with its benchmarks.
//!
//! A crate of its own, because the builder of the Wasm keeps one folder per crate: the blob that a chain
//! runs, and which never has benchmarks, is not touched when this one is built.
#![no_std]

pub use ballast_runtime::*;
