//! Four authorities and no sudo key: finality survives the loss of one node.

use super::{authority, well_known_genesis};
use crate::validators::pallet_validator_periods::Lengths;
use alloc::vec;
use ballast_primitives::params::{LiquidationRules, OracleRules};
use pallet_price_feed::TimeScale;
use serde_json::Value;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The `local_testnet` preset.
pub fn genesis() -> Value {
	well_known_genesis(
		vec![
			authority(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
			authority(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
			authority(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
			authority(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
		],
		None,
		// An era is a minute, as a day is for referenda.
		(TimeScale::RealTime, Lengths { epoch: 20, era: 1 }),
		&OracleRules::default(),
		LiquidationRules::default(),
	)
}
