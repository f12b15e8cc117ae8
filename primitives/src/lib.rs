//! # Ballast primitives
//!
//! Identifiers, units, time and plain SCALE types that more than one crate needs. No behaviour
//! beyond constructors, checked arithmetic of the units, and the conversion of each type to the
//! numbers that `ballast-math` computes with.
//!
//! | file | what |
//! |---|---|
//! | [`ids`] | [`UnderlyingId`], [`SeriesId`], [`AssetId`] |
//! | [`units`] | [`Price`], [`Usd`], [`Quantity`], [`Ratio`], [`Volatility`], [`Rate`], [`Correlation`]: numbers that cannot be mixed |
//! | [`time`] | market time in seconds, tenors, the year |
//! | [`series`] | what an option contract is |
//! | [`grid`] | which strikes and expiries may be listed |
//! | [`surface`] | the volatility surface as operators quote it |
//! | [`market`] | accepted prices and volatilities with age and quality |
//! | [`history`] | how an underlying moved, day by day |
//! | [`account`] | status and health of a margin account |
//! | [`params`] | the groups of governed thresholds |
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	deny(
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::arithmetic_side_effects
	)
)]

extern crate alloc;

pub mod account;
pub mod fold;
pub mod grid;
pub mod history;
pub mod ids;
mod leg;
pub mod market;
pub mod params;
mod pricing;
pub mod series;
pub mod surface;
pub mod time;
pub mod units;

pub use account::{AccountHealth, AccountStatus};
pub use fold::{EndedEpoch, FoldIndex, Side, SideChange, SideState, Sides};
pub use grid::Grid;
pub use history::{DailyMove, Day, HISTORY_DAYS};
pub use ids::{AssetId, SeriesId, UnderlyingId};
pub use market::{Averaging, MarketState, Quality, ScanRange};
pub use series::{OptionKind, Series, SeriesState, Settlement, Style, MAX_AMERICAN_SERIES};
pub use surface::{SliceQuote, SurfaceQuote, TENORS, TENOR_DAYS};
pub use time::Moment;
pub use units::{arithmetic, Amount, Correlation, Price, Quantity, Rate, Ratio, Usd, Volatility};
