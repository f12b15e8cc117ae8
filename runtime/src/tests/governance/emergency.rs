//! Safe mode and pauses.

use super::{alice, on_a_chain, pass_blocks, referendum, root};
use crate::{
	governance::{
		emergency::{Calls, ALWAYS, IN_SAFE_MODE},
		origins::Origin,
	},
	RiskParams, Runtime, RuntimeCall, SafeMode, System,
};
use ballast_primitives::UnderlyingId;
use ballast_traits::RiskParameters;
use frame_support::{
	assert_noop, assert_ok,
	traits::{Contains, GetCallMetadata},
};
use sp_runtime::{traits::Dispatchable, DispatchError};

fn withdraw() -> RuntimeCall {
	pallet_margin::Call::withdraw { amount: 1 }.into()
}

fn deposit() -> RuntimeCall {
	pallet_margin::Call::deposit { amount: 1_000_000 }.into()
}

/// Whether a call gets through to its pallet.
fn passes(call: &RuntimeCall) -> bool {
	<Runtime as frame_system::Config>::BaseCallFilter::contains(call)
}

fn pause(pallet: &str, call: &str) -> pallet_tx_pause::Call<Runtime> {
	let bounded = |name: &str| name.as_bytes().to_vec().try_into().unwrap();
	pallet_tx_pause::Call::pause { full_name: (bounded(pallet), bounded(call)) }
}

#[test]
fn what_stays_open_exists() {
	let modules = RuntimeCall::get_module_names();
	for Calls { pallet, calls } in ALWAYS.iter().chain(IN_SAFE_MODE) {
		assert!(modules.contains(pallet), "{pallet}");
		let names = RuntimeCall::get_call_names(pallet);
		for call in *calls {
			assert!(names.contains(call), "{pallet}.{call}");
		}
	}
}

#[test]
fn the_guardian_enters_safe_mode_and_it_ends_by_itself() {
	on_a_chain(|| {
		assert_ok!(referendum(Origin::RiskGuardian, pallet_safe_mode::Call::force_enter {}));
		let until = pallet_safe_mode::EnteredUntil::<Runtime>::get().unwrap();
		assert_eq!(until - System::block_number(), 12);

		assert_noop!(
			withdraw().dispatch(alice()).map_err(|refused| refused.error),
			frame_system::Error::<Runtime>::CallFiltered
		);
		assert!(passes(&deposit()));
		assert!(RiskParams::is_halted(UnderlyingId(1)));

		pass_blocks(13);
		assert!(!SafeMode::is_entered() && !RiskParams::is_halted(UnderlyingId(1)));
		assert!(passes(&withdraw()));
	});
}

#[test]
fn the_guardian_cannot_leave_safe_mode() {
	on_a_chain(|| {
		assert_ok!(referendum(root(), pallet_safe_mode::Call::force_enter {}));
		let leave = || pallet_safe_mode::Call::<Runtime>::force_exit {};
		assert_eq!(referendum(Origin::RiskGuardian, leave()), Err(DispatchError::BadOrigin));
	});
}

#[test]
fn nobody_enters_safe_mode_for_money() {
	on_a_chain(|| {
		assert_noop!(SafeMode::enter(alice()), pallet_safe_mode::Error::<Runtime>::NotConfigured);
		assert_noop!(SafeMode::force_enter(alice()), DispatchError::BadOrigin);
	});
}

#[test]
fn a_pause_takes_root_and_never_stops_feeds_governance_or_top_ups() {
	on_a_chain(|| {
		let refused = Err(DispatchError::BadOrigin);
		assert_eq!(referendum(Origin::RiskGuardian, pause("Margin", "withdraw")), refused);
		assert_ok!(referendum(root(), pause("Margin", "withdraw")));
		assert!(!passes(&withdraw()) && passes(&deposit()));
		let unpausable = DispatchError::from(pallet_tx_pause::Error::<Runtime>::Unpausable);
		for (pallet, call) in [
			("SpotOracle", "feed_values"),
			("Referenda", "submit"),
			("ConvictionVoting", "vote"),
			("Margin", "deposit"),
			("Liquidation", "liquidate"),
			("Timestamp", "set"),
		] {
			let call = RuntimeCall::from(pause(pallet, call));
			let root = crate::RuntimeOrigin::root();
			assert_noop!(call.dispatch(root).map_err(|refused| refused.error), unpausable);
		}
	});
}
