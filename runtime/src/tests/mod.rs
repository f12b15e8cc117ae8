//! What must hold of the composition: presets, indices, extensions, and that blocks execute.

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
mod blocks;
mod chain;
mod consensus;
mod extensions;
mod fees;
mod governance;
mod indices;
mod limits;
mod migrations;
mod oracle;
mod presets;
mod proxies;
#[cfg(feature = "runtime-benchmarks")]
mod state;
mod validators;
