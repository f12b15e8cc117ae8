//! What referenda can do to thresholds, and what they cannot.

use super::{on_a_chain, pass_blocks, referendum, root};
use crate::{
	governance::origins::Origin, RiskParams, Runtime, RuntimeEvent, RuntimeOrigin, System,
};
use ballast_primitives::{
	params::{UnderlyingRisk, VaultRules},
	Ratio, UnderlyingId,
};
use ballast_traits::RiskParameters;
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchError};
use pallet_risk_params::{Call, Error, Event, GroupKey, GuardEnd, GuardedValue};
use sp_keyring::Sr25519Keyring::Alice;

const BTC: UnderlyingId = UnderlyingId(1);

/// BTC with this scan floor, in per cent; 11 at genesis.
fn floor(percent: u32) -> UnderlyingRisk {
	UnderlyingRisk { scan_floor: Ratio::from_percent(percent), ..UnderlyingRisk::btc() }
}

fn set(risk: UnderlyingRisk) -> Call<Runtime> {
	Call::set_underlying_risk { underlying: BTC, value: risk }
}

/// A guard that lasts until so many blocks from now.
fn guard(risk: UnderlyingRisk, blocks: u32) -> Call<Runtime> {
	Call::guard {
		value: GuardedValue::Underlying(BTC, risk),
		until: System::block_number() + blocks,
	}
}

fn in_force() -> UnderlyingRisk {
	RiskParams::underlying(BTC).unwrap()
}

#[test]
fn the_risk_admin_moves_a_threshold() {
	on_a_chain(|| {
		assert_ok!(referendum(Origin::RiskAdmin, set(floor(13))));
		assert_eq!(in_force(), floor(13));
		let event = Event::<Runtime>::UnderlyingRiskSet { underlying: BTC, risk: floor(13) };
		System::assert_has_event(RuntimeEvent::RiskParams(event));
	});
}

#[test]
fn another_tracks_origin_does_not() {
	on_a_chain(|| {
		for origin in [Origin::ListingAdmin, Origin::OracleAdmin, Origin::RiskGuardian] {
			assert_eq!(referendum(origin, set(floor(13))), Err(DispatchError::BadOrigin));
		}
		assert_eq!(in_force(), UnderlyingRisk::btc());
	});
}

#[test]
fn too_large_a_step_changes_nothing_and_says_which_field() {
	on_a_chain(|| {
		let refused = Err(Error::<Runtime>::StepTooLarge(0).into());
		assert_eq!(referendum(Origin::RiskAdmin, set(floor(14))), refused);
		assert_eq!(referendum(root(), set(floor(14))), refused);
		assert_eq!(in_force(), UnderlyingRisk::btc());
	});
}

#[test]
fn an_inconsistent_group_changes_nothing_and_says_which_rule() {
	on_a_chain(|| {
		let risk = UnderlyingRisk { scan_cap: Ratio::from_percent(27), ..UnderlyingRisk::btc() };
		let refused = Err(Error::<Runtime>::StressedAboveCap.into());
		assert_eq!(referendum(Origin::RiskAdmin, set(risk)), refused);
		assert_eq!(in_force(), UnderlyingRisk::btc());
	});
}

#[test]
fn the_guardian_tightens_and_it_ends_by_itself() {
	on_a_chain(|| {
		assert_ok!(referendum(Origin::RiskGuardian, guard(floor(13), 40)));
		assert_eq!(in_force(), floor(13));
		let until = pallet_risk_params::NextDue::<Runtime>::get().unwrap();
		pass_blocks(until - 1 - System::block_number());
		assert_eq!(in_force(), floor(13));
		pass_blocks(1);
		assert_eq!(in_force(), UnderlyingRisk::btc());
		let key = GroupKey::Underlying(BTC);
		let event = Event::<Runtime>::GuardEnded { key, reason: GuardEnd::Expired };
		System::assert_has_event(RuntimeEvent::RiskParams(event));
	});
}

#[test]
fn the_guardian_cannot_loosen() {
	on_a_chain(|| {
		let refused = Err(Error::<Runtime>::Loosens(0).into());
		assert_eq!(referendum(Origin::RiskGuardian, guard(floor(10), 40)), refused);
		assert_eq!(in_force(), UnderlyingRisk::btc());
	});
}

#[test]
fn a_guard_that_is_enacted_too_late_does_nothing() {
	on_a_chain(|| {
		let refused = Err(Error::<Runtime>::GuardOver.into());
		assert_eq!(referendum(Origin::RiskGuardian, guard(floor(13), 1)), refused);
		assert_eq!(in_force(), UnderlyingRisk::btc());
	});
}

#[test]
fn a_guard_lasts_a_week_at_most() {
	on_a_chain(|| {
		let refused = Err(Error::<Runtime>::GuardTooLong.into());
		assert_eq!(referendum(Origin::RiskGuardian, guard(floor(13), 400)), refused);
	});
}

#[test]
fn the_guardian_halts_an_underlying_and_it_opens_by_itself() {
	on_a_chain(|| {
		let until = System::block_number() + 40;
		assert_ok!(referendum(Origin::RiskGuardian, Call::halt { underlying: BTC, until }));
		assert!(RiskParams::is_halted(BTC) && !RiskParams::is_halted(UnderlyingId(2)));
		pass_blocks(until - System::block_number());
		assert!(!RiskParams::is_halted(BTC));
	});
}

#[test]
fn the_listing_admin_sets_bounds_of_vaults() {
	on_a_chain(|| {
		let value = VaultRules { auction_min: 800, ..VaultRules::default() };
		let call = Call::set_vault_rules { value: value.clone() };
		assert_ok!(referendum(Origin::ListingAdmin, call));
		assert_eq!(RiskParams::vaults(), value);
	});
}

#[test]
fn nobody_who_signs_can_change_a_threshold() {
	on_a_chain(|| {
		let signed = || RuntimeOrigin::signed(Alice.to_account_id());
		assert_noop!(
			RiskParams::set_underlying_risk(signed(), BTC, floor(13)),
			DispatchError::BadOrigin
		);
		let value = GuardedValue::Underlying(BTC, floor(13));
		assert_noop!(RiskParams::guard(signed(), value, 40), DispatchError::BadOrigin);
		assert_noop!(RiskParams::halt(signed(), BTC, 40), DispatchError::BadOrigin);
	});
}
