//! What must hold of the composition: presets, indices, extensions, and that blocks execute.

mod blocks;
mod chain;
mod consensus;
mod extensions;
mod fees;
mod indices;
mod limits;
mod oracle;
mod presets;
mod proxies;
