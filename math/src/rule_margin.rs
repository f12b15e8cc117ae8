//! Margin by rule: so much per short contract, no scenarios.
//!
//! [`StandardModel`]: a share of spot on top of the mark, relieved where the expiry as a whole can lose less;
//! for small accounts. [`NakedModel`]: a table of greatest option values at a shocked spot. Both are behind
//! [`crate::margin_model::MarginModel`], and both lend nothing on long options that hedge nothing.
//!
//! Rounding: marks down, requirements up.

mod naked;
mod standard;

#[cfg(test)]
mod tests;

pub use naked::{NakedModel, NakedRule};
pub use standard::{CollateralFactor, Shares, ShortOptions, StandardModel};

use crate::{
	error::MathError,
	fixed::Q64,
	margin_model::{number::mul_down, pricing::Contract, Leg},
};

/// Mark of a position, rounded down.
fn mark(leg: &Leg) -> Result<Q64, MathError> {
	mul_down(leg.quantity, Contract::new(leg)?.price(leg.forward, leg.volatility)?)
}
