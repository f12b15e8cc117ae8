//! One file per call, and one each for reading, open interest, hooks and random histories.

mod add_underlying;
mod change_open_interest;
mod genesis;
mod histories;
mod list_grid;
mod list_series;
mod on_idle;
mod reading;
mod remove_series;
mod set_underlying;
mod settle_series;

use crate::mock::*;
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

/// The call fails with this error, and neither storage nor events are different afterwards.
#[track_caller]
fn assert_refused(call: impl FnOnce() -> DispatchResult, error: impl Into<DispatchError>) {
	let events = System::events();
	frame_support::assert_noop!(call(), error);
	assert_eq!(System::events(), events);
}
