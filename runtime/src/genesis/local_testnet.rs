//! Four authorities and no sudo key: finality survives the loss of one node.

use super::{authority, well_known_genesis};
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
		TimeScale::RealTime,
		&OracleRules::default(),
		LiquidationRules::default(),
	)
}
