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

pub mod auction;
pub mod black76;
pub mod error;
pub mod fixed;
pub mod implied;
pub mod kernels;
pub mod quoting;
pub mod realised;
pub mod requirement;
pub mod scenario;
pub mod shares;
pub mod surface;
mod wide;

pub use error::MathError;
pub use fixed::{Rounding, E18, Q64};
