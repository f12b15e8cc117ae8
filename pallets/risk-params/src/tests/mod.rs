//! One file per call; rules of single groups are tested without a chain in `rules` and `scenarios`.

mod cash;
mod course;
mod genesis;
mod guard;
mod halt;
mod lift;
mod ramp;
mod ramp_and_guard;
mod rules;
mod scenarios;
mod set_cash_rules;
mod set_fund_rules;
mod set_liquidation_rules;
mod set_margin_rules;
mod set_oracle_rules;
mod set_pool_rules;
mod set_trade_rules;
mod set_underlying_risk;
mod set_vault_rules;

use crate::mock::*;
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

/// The call fails with this error and nothing in storage is different afterwards.
#[track_caller]
fn assert_refused(call: impl FnOnce() -> DispatchResult, error: impl Into<DispatchError>) {
	let before = (state(), System::events());
	frame_support::assert_noop!(call(), error);
	assert_eq!((state(), System::events()), before);
}
