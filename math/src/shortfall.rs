//! How much a book could lose in a day: value at risk and expected shortfall by joint filtered
//! historical simulation.
//!
//! Every day of the history is one scenario: on that day all underlyings moved together, spot and
//! volatility. Volatility of returns comes in clusters, so a day's move is first divided by the
//! volatility that was forecast for it and then multiplied by the one that is forecast for tomorrow
//! (Barone-Adesi, Giannopoulos and Vosper 1999; Hull and White 1998):
//!
//! ```text
//! shock_t = r_t sigma_T / sigma_{t|t-1}       sigma^2_{t+1|t} = 0.94 sigma^2_{t|t-1} + 0.06 r_t^2
//! ```
//!
//! The forecast for a day excludes the day itself: a forecast that contains it grows with the move it
//! is to scale, and shrinks every large shock. See [`filter`].
//!
//! A book is not revalued 500 times. Per underlying its profit and loss is tabulated on a [`Grid`] of
//! 33 spot moves times 3 volatility moves, to which each trade adds its quantity times the [`Column`] of
//! its series, and read off by an [`Interpolant`]: monotone cubic (Steffen 1990) in the log of spot and in
//! volatility. The cost of expected shortfall depends on days and underlyings, not on
//! positions.
//!
//! | measure of `N` days | definition |
//! |---|---|
//! | expected shortfall 97.5% | mean of the worst `N/40` days, the boundary day with the part of it that is left |
//! | value at risk `a` | loss at place `(1 - a) N + 1/2` from the worst, between two days by their distance (Hazen 1914) |
//!
//! On a normal distribution expected shortfall at 97.5% is 2.3378027922 standard deviations and value
//! at risk at 99% is 2.3263478740: tests ask for both.
//!
//! *Contributions* (Tasche 1999, Euler's theorem): the share of an underlying or a series is its own
//! mean loss over the same days with the same weights. Between the nodes a grid is read by fixed linear
//! functions of its nodes once the limiter has chosen; the columns of its series are read by the same
//! functions, so that shares add up but for rounding, and exactly after [`apportion`].

mod apportion;
mod column;
mod filter;
mod grid;
mod interpolant;
mod joint;
mod nodes;
mod steffen;
mod tail;

#[cfg(test)]
mod tests;

pub use apportion::{apportion, ledger_shares, Part};
pub use column::{Column, Lattice};
pub use filter::{align, filter, Move, Shock};
pub use grid::Grid;
pub use interpolant::{Interpolant, Point};
pub use joint::{shortfall, Exposure, Shortfall};
pub use nodes::{
	LAYERS, NODE_BASIS_POINTS, SPOT_NODES, VOLATILITY_DOWN_PERCENT, VOLATILITY_UP_PERCENT,
};
pub use tail::{TailDay, TAIL_MAX};

/// Most days that are simulated.
pub const DAYS_MAX: usize = 500;

/// Fewest days from which a tail is taken: one observation beyond the 99th percentile.
pub const DAYS_MIN: usize = 100;

/// Days before the first simulated one. Their mean square starts the forecast, and with 0.94 a day
/// 2.4% of its weight is left when they are over.
pub const WARM_UP: usize = 60;
