//! One authority, and a sudo key: for one node on one machine.

use super::{authority, clearing, well_known_genesis};
use crate::validators::pallet_validator_periods::Lengths;
use alloc::vec;
use serde_json::Value;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The `development` preset.
pub fn genesis() -> Value {
	well_known_genesis(
		vec![authority(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
		Some(Sr25519Keyring::Alice.to_account_id()),
		(clearing::REPLAY, Lengths { epoch: 200, era: 1 }),
		&clearing::replay_oracle_rules(),
		clearing::replay_liquidation_rules(),
	)
}
