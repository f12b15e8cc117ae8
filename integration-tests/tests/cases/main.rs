//! One file per subject; see the README of this crate.

mod lifecycle;
mod support;
