//! Safe mode and pauses.

use super::{alice, on_a_chain, pass_blocks, referendum, root};
use crate::{
	genesis::assets,
	governance::{
		emergency::{Calls, ALWAYS, IN_SAFE_MODE},
		origins::Origin,
	},
	Assets, RiskParams, Runtime, RuntimeCall, RuntimeOrigin, SafeMode, System,
};
use ballast_primitives::UnderlyingId;
use ballast_traits::RiskParameters;
use frame_support::{
	assert_noop, assert_ok,
	traits::{Contains, GetCallMetadata},
};
use sp_keyring::Sr25519Keyring::Bob;
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

/// The block in which safe mode ends.
fn until() -> u32 {
	pallet_safe_mode::EnteredUntil::<Runtime>::get().expect("it was entered")
}

fn extend() -> RuntimeCall {
	pallet_safe_mode::Call::force_extend {}.into()
}

/// The guardian's safe mode on this chain, in blocks: six hours at half an hour each.
const SIX_HOURS: u32 = 12;

#[test]
fn one_referendum_of_the_guardians_is_six_hours_however_often_it_extends() {
	on_a_chain(|| {
		let enter = RuntimeCall::from(pallet_safe_mode::Call::force_enter {});
		let calls = core::iter::once(enter).chain(core::iter::repeat_n(extend(), 200)).collect();
		assert_ok!(referendum(Origin::RiskGuardian, pallet_utility::Call::batch_all { calls }));
		assert_eq!(until() - System::block_number(), SIX_HOURS);
		pass_blocks(SIX_HOURS + 1);
		assert!(!SafeMode::is_entered());
	});
}

#[test]
fn another_referendum_of_the_guardians_makes_it_six_hours_from_then() {
	on_a_chain(|| {
		let guardian = || RuntimeOrigin::from(Origin::RiskGuardian);
		assert_ok!(SafeMode::force_enter(guardian()));
		pass_blocks(5);
		assert_ok!(SafeMode::force_extend(guardian()));
		assert_eq!(until() - System::block_number(), SIX_HOURS);
		assert_ok!(SafeMode::force_extend(guardian()));
		assert_eq!(until() - System::block_number(), SIX_HOURS);
	});
}

#[test]
fn the_guardian_prolongs_a_longer_safe_mode_of_roots_by_nothing() {
	on_a_chain(|| {
		assert_ok!(SafeMode::force_enter(RuntimeOrigin::root()));
		let day = until();
		assert_eq!(day - System::block_number(), 48);
		assert_ok!(SafeMode::force_extend(Origin::RiskGuardian.into()));
		assert_eq!(until(), day);
		// Near its end there is something missing.
		pass_blocks(46);
		assert_ok!(SafeMode::force_extend(Origin::RiskGuardian.into()));
		assert_eq!(until() - System::block_number(), SIX_HOURS);
		// Root's days add up.
		let before = until();
		assert_ok!(SafeMode::force_extend(RuntimeOrigin::root()));
		assert_eq!(until(), before + 48);
	});
}

#[test]
fn in_safe_mode_money_from_another_address_still_reaches_an_account() {
	on_a_chain(|| {
		assert_ok!(SafeMode::force_enter(Origin::RiskGuardian.into()));
		let (usd, bob) = (assets::USD.id, Bob.to_account_id());
		let before = Assets::balance(usd, &bob);
		let transfer = RuntimeCall::from(pallet_assets::Call::transfer {
			id: usd,
			target: bob.clone().into(),
			amount: 1_000_000,
		});
		assert_ok!(transfer.dispatch(alice()).map_err(|refused| refused.error));
		assert_eq!(Assets::balance(usd, &bob) - before, 1_000_000);
		assert_ok!(deposit().dispatch(RuntimeOrigin::signed(bob)).map_err(|refused| refused.error));
		// What would take it out of the clearing house, or hand it to another account inside, stays shut.
		let permit =
			pallet_margin::Call::set_transfer_permit { sender: [1; 32].into(), allowed: true };
		assert!(!passes(&withdraw()) && !passes(&permit.into()));
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
