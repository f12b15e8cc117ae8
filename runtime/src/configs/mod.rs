//! Configuration of every pallet, one file per domain.

pub mod clearing;
pub mod consensus;
pub mod monetary;
pub mod oracle;
pub mod revenue;
pub mod system;
pub mod utility;
