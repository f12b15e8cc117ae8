//! One file per call, and per behaviour that is not a call.

/// What the call gives is this error, and it changed nothing: calls run in a storage layer.
macro_rules! assert_refused {
	($call:expr, $error:expr $(,)?) => {
		frame_support::assert_noop!(
			frame_support::storage::with_storage_layer(
				|| -> Result<_, sp_runtime::DispatchError> { $call }
			),
			$error
		)
	};
}

mod buy;
mod cancel_deposit;
mod cancel_withdrawal;
mod cohorts;
mod collect_penalty;
mod cover;
mod deposit;
mod donate_insurance;
mod idle;
mod pay_keeper;
mod process_queue;
mod quote;
mod random_walk;
mod request_withdrawal;
mod revenue;
mod risk;
mod sell;
mod take_over;
mod vault_sales;
mod views;

pub use crate::{
	mock::*, pallet::*, Cohorts, Event, NavRecord, OwnAccounts, PendingDeposit, ProviderView,
	QueuedView, TakenOver, WaterfallStep,
};
pub use ballast_primitives::{time::DAY, Moment, Price, Quantity, Ratio, Usd};
pub use frame_support::assert_ok;
pub use sp_runtime::{DispatchError, DispatchResult};

/// A signed origin.
pub fn by(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// The pool sold one call: its value depends on BTC from now on.
pub fn give_the_pool_risk() {
	set_positions(pool(), vec![(CALL, Quantity::from_int(-1))]);
}

/// The pool gains or loses.
pub fn pool_gains(whole: i64) {
	set_cash(pool(), cash(pool()).checked_add(usd(whole)).unwrap());
}

/// Earning shares.
pub fn shares_of(who: u64) -> Quantity {
	Shares::<Test>::get(who)
}

/// Halts BTC, or opens it again.
pub fn halt(halted: bool) {
	ballast_mocks::MockParameters::mock_is_halted(move |underlying| halted && underlying == BTC);
}
