//! Presets: the states from which chains are born.
//!
//! | preset | validators | sudo | epoch | era |
//! |---|---|---|---|---|
//! | `development` | Alice | Alice | 10 minutes | an epoch |
//! | `local_testnet` | Alice, Bob, Charlie, Dave | nobody | a minute | an epoch |
//!
//! Both have the accounts of [`accounts`], whose keys everybody knows, the assets of [`assets`] and the
//! underlyings of [`clearing`]. Market time runs with the clock on `local_testnet`; on `development`
//! one block is half an hour. Periods of governance are as much faster on `development`, so that a day
//! of a referendum is a day of the market, and 1,440 times faster on `local_testnet`: a day is a minute,
//! and so is an era, which is a day on a production chain. On `development` eras are longer: an epoch's
//! first block carries no feeds, and a block is half an hour of the market.

pub mod accounts;
pub mod assets;
pub mod clearing;
pub mod development;
pub mod history;
pub mod local_testnet;
pub mod stakes;

use crate::{
	constants::{
		currency::BLST,
		time::{BABE_GENESIS_EPOCH_CONFIG, MILLISECS_PER_BLOCK},
	},
	validators::pallet_validator_periods::Lengths,
	AccountId, AssetsConfig, BabeConfig, Balance, BalancesConfig, BlockNumber, OptionsConfig,
	OracleMembersConfig, OriginsConfig, PriceFeedConfig, RiskParamsConfig, RuntimeGenesisConfig,
	SessionConfig, SessionKeys, SudoConfig, TechnicalCommitteeConfig, ValidatorPeriodsConfig,
};
use alloc::{vec, vec::Vec};
use ballast_primitives::params::{LiquidationRules, OracleRules};
use frame_support::build_struct_json_patch;
use pallet_price_feed::TimeScale;
use serde_json::Value;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// What every funded account has of the native token, free.
const ENDOWMENT: Balance = 1_000_000 * BLST;

/// How many times faster than on a production chain governance is on a test network whose market runs
/// with the clock.
const TEST_PACE: BlockNumber = 24 * 60;

/// How many times faster governance is: as many times as the market.
fn pace_of(time_scale: TimeScale) -> BlockNumber {
	match time_scale {
		TimeScale::RealTime => TEST_PACE,
		TimeScale::PerBlock { seconds, .. } => {
			let pace = u64::from(seconds) * 1_000 / MILLISECS_PER_BLOCK;
			BlockNumber::try_from(pace).unwrap_or(BlockNumber::MAX).max(1)
		}
	}
}

/// The technical collective of the presets.
fn technical_collective() -> Vec<AccountId> {
	[Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie]
		.map(|key| key.to_account_id())
		.to_vec()
}

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}

/// A preset as JSON: what it changes in the default genesis. `None` if there is none of that name.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_ref() {
		DEV_RUNTIME_PRESET => development::genesis(),
		LOCAL_TESTNET_RUNTIME_PRESET => local_testnet::genesis(),
		_ => return None,
	};
	serde_json::to_vec(&patch).ok()
}

/// A validator: its account, which is also its stash, and the keys it signs with.
struct Authority {
	account: AccountId,
	keys: SessionKeys,
}

/// A validator with well-known keys.
fn authority(account: Sr25519Keyring, finality: Ed25519Keyring) -> Authority {
	Authority {
		account: account.to_account_id(),
		keys: SessionKeys { babe: account.public().into(), grandpa: finality.public().into() },
	}
}

/// A chain with well-known accounts, test assets and five oracle operators.
fn well_known_genesis(
	authorities: Vec<Authority>,
	sudo: Option<AccountId>,
	(time_scale, lengths): (TimeScale, Lengths),
	oracle: &OracleRules,
	liquidation: LiquidationRules,
) -> Value {
	let operators: Vec<AccountId> =
		accounts::OPERATORS.iter().map(|operator| operator.account_id()).collect();
	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig {
			balances: accounts::all()
				.into_iter()
				.map(|account| (
					account.clone(),
					ENDOWMENT + stakes::at_stake(&account, &authorities)
				))
				.collect(),
		},
		validator_periods: ValidatorPeriodsConfig { lengths },
		staking: stakes::of(&authorities),
		// The keys of a session become the authorities of BABE and GRANDPA: to list them there too
		// is an error.
		session: SessionConfig {
			keys: authorities
				.into_iter()
				.map(|authority| (authority.account.clone(), authority.account, authority.keys))
				.collect(),
		},
		babe: BabeConfig { epoch_config: BABE_GENESIS_EPOCH_CONFIG },
		sudo: SudoConfig { key: sudo },
		oracle_members: OracleMembersConfig {
			members: operators.try_into().expect("five operators are fewer than the most allowed"),
		},
		assets: AssetsConfig {
			assets: assets::definitions(),
			metadata: assets::metadata(),
			accounts: assets::holdings(),
		},
		risk_params: RiskParamsConfig {
			underlyings: clearing::thresholds(oracle),
			cash: Some(clearing::cash_rules()),
			liquidation: Some(liquidation),
		},
		price_feed: PriceFeedConfig { time_scale, markets: clearing::markets(time_scale) },
		options: OptionsConfig { underlyings: clearing::underlyings() },
		origins: OriginsConfig { pace: pace_of(time_scale) },
		technical_committee: TechnicalCommitteeConfig { members: technical_collective() },
	})
}
