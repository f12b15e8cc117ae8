//! The runtime after this one.
//!
//! A crate of its own, because the builder of the Wasm keeps one folder per crate and one file per
//! folder: the blob of this runtime, which chains are born from, is not touched when the next one is
//! built.
#![cfg_attr(not(feature = "std"), no_std)]

pub use ballast_runtime::*;
