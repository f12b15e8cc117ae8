//! # Ballast traits
//!
//! The seams between Ballast's pallets: no pallet of ours depends on another, they meet here.
//! One family per file. `InspectX` reads, `MutateX` writes. A function that writes leaves nothing
//! behind when it fails only if its caller is in a storage layer; every dispatchable is, every hook
//! of ours wraps its steps in `with_storage_layer`.
//!
//! | file | family | implemented by |
//! |---|---|---|
//! | [`market`] | [`InspectMarket`], [`MutateMarket`] | `pallet-price-feed` |
//! | [`history`] | [`InspectHistory`] | `pallet-price-feed` |
//! | [`series`] | [`InspectSeries`], [`MutateSeries`] | `pallet-options` |
//! | [`accounts`] | [`InspectAccounts`], [`MutateAccounts`] | `pallet-margin` |
//! | [`pool`] | [`MutualPool`] | `pallet-risk-pool` |
//! | [`revenue`] | [`OnRevenue`] | `pallet-risk-pool` |
//! | [`staking`] | [`InspectStaking`] | the runtime, over the chain's staking |
//! | [`waterfall`] | [`BearLoss`], [`CoverDeficit`] | `pallet-risk-pool` |
//! | [`params`] | [`RiskParameters`] | `pallet-risk-params` |
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod accounts;
pub mod history;
pub mod market;
pub mod params;
pub mod pool;
pub mod revenue;
pub mod series;
pub mod staking;
pub mod waterfall;

pub use accounts::{InspectAccounts, MutateAccounts};
pub use history::InspectHistory;
pub use market::{InspectMarket, MutateMarket};
pub use params::RiskParameters;
pub use pool::MutualPool;
pub use revenue::OnRevenue;
pub use series::{InspectSeries, MutateSeries};
pub use staking::{EraIndex, ExposurePage, InspectStaking, PageIndex};
pub use waterfall::{BearLoss, Borne, CoverDeficit};
