//! # Ballast mocks
//!
//! Development only: one mock per family of `ballast-traits`, for accounts of type `u64`. Each
//! method is set by a closure (`MockMarket::mock_now(|| 7)`); a method that a test did not set
//! panics, so that a test says exactly which collaborator's calls it expects. Closures live in the
//! thread: every test starts with none.

#[macro_use]
mod closures;

mod accounts;
mod history;
mod market;
mod params;
mod pool;
mod series;
mod staking;
mod waterfall;

pub use accounts::MockAccounts;
pub use history::MockHistory;
pub use market::MockMarket;
pub use params::MockParameters;
pub use pool::MockPool;
pub use series::MockSeries;
pub use staking::MockStaking;
pub use waterfall::{MockRevenue, MockStep, MockWaterfall};
