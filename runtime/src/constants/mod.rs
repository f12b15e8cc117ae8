//! Constants of the chain, by subject.

pub mod currency;
pub mod pallets;
pub mod time;
