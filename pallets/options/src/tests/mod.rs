//! One file per call, one each for what the clearing ledger calls, reading and hooks, and two for random
//! histories: of listings, and of folds against exact numbers.

mod add_underlying;
mod book;
mod change_sides;
mod complete;
mod ensure_listed;
mod exact;
mod fold;
mod folds;
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
use frame_support::pallet_prelude::DispatchError;
use proptest::test_runner::Config as ProptestConfig;

/// A number that an environment variable may set.
fn from_environment(name: &str, default: u64) -> u64 {
	std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// So many cases of a property, times `CASES_TIMES`.
fn cases(count: u64) -> ProptestConfig {
	let cases = u32::try_from(count * from_environment("CASES_TIMES", 1)).unwrap();
	ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// The call fails with this error, and neither storage nor events are different afterwards.
#[track_caller]
fn assert_refused<R: PartialEq + core::fmt::Debug>(
	call: impl FnOnce() -> Result<R, DispatchError>,
	error: impl Into<DispatchError>,
) {
	let events = System::events();
	frame_support::assert_noop!(call(), error);
	assert_eq!(System::events(), events);
}
