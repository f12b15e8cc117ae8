#![doc = include_str!("../README.md")]

pub mod actor;
pub mod calls;
pub mod checks;
pub mod env;
pub mod feeds;
pub mod genesis;
pub mod history;
pub mod node;
pub mod pool;
pub mod random;
pub mod scenery;

pub use actor::Actor;
pub use env::Env;
pub use random::Random;
