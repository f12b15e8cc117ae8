//! One file per subject; see the README of this crate.

mod bad_input;
mod guardian;
mod halts;
mod history;
mod impact;
mod lifecycle;
mod liquidation_by_idle;
mod liquidation_by_worker;
mod priorities;
mod ramps;
mod random_walk;
mod support;
mod vaults;
mod waterfall;
