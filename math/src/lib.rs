#![doc = include_str!("../README.md")]
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

pub mod american;
pub mod auction;
pub mod black76;
pub mod contingency;
mod division;
pub mod error;
pub mod fixed;
pub mod fold;
pub mod implied;
pub mod interest;
pub mod kernels;
pub mod margin_model;
pub mod portfolio_margin;
pub mod quoting;
pub mod realised;
pub mod requirement;
pub mod risk_array;
pub mod rule_margin;
pub mod scenario;
pub mod shares;
pub mod shortfall;
pub mod surface;
pub mod tranches;
pub mod utilisation;
pub mod vault;
mod wide;

pub use error::MathError;
pub use fixed::{Rounding, E18, Q64};
