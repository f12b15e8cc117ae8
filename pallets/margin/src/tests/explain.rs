//! The explanation of an account.

mod covered;
mod independent;
mod lines;
mod outlook;
mod ramps;
mod search;

use crate::{
	explain::types::{AccountExplanation, Outlook, Reasons},
	mock::*,
};
use ballast_primitives::{Price, Ratio, Usd};

fn explain(who: u64) -> AccountExplanation {
	Margin::explain(&who).unwrap()
}

/// Of the account's first underlying.
fn reasons(who: u64) -> Reasons {
	explain(who).underlyings[0].reasons.clone().unwrap()
}

/// Up and down of the account's first underlying.
fn outlooks(who: u64) -> (Outlook, Outlook) {
	let reasons = reasons(who);
	(reasons.up, reasons.down)
}

fn float(inner: i128) -> f64 {
	inner as f64 / 1e18
}

fn price(price: Price) -> f64 {
	float(price.into_inner() as i128)
}

fn ratio(ratio: Ratio) -> f64 {
	float(ratio.into_inner() as i128)
}

fn usd(value: Usd) -> f64 {
	float(value.into_inner())
}

/// Puts spot at any price.
fn put_spot(underlying: ballast_primitives::UnderlyingId, spot: Price) {
	Markets::mutate(underlying, |state| state.as_mut().unwrap().spot = spot);
}
