use super::chain::{born_from, genesis_json};
use crate::{
	constants::currency::BLST,
	genesis::{
		accounts::{self, NamedAccount, ACTORS, OPERATORS, PROVIDER},
		assets::{ETH, TEST_ASSETS, USD},
		preset, preset_names, stakes,
	},
	governance::{origins::Pace, TechnicalCollective},
	validators::pallet_validator_periods::{Lengths, Periods},
	AccountId, Assets, Babe, Balances, Grandpa, OracleMembers, Runtime, Session, SessionKeys,
};
use frame_support::traits::{
	fungibles::{metadata::Inspect as _, Inspect as _},
	SortedMembers,
};
use sp_core::{crypto::Pair, sr25519};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

#[test]
fn named_accounts_are_derived_from_the_development_phrase() {
	for NamedAccount { path, public } in ACTORS.iter().chain(OPERATORS.iter()) {
		let pair = sr25519::Pair::from_string(path, None).unwrap();
		assert_eq!(&pair.public().0, public, "{path}");
	}
}

#[test]
fn every_named_preset_is_complete() {
	assert_eq!(
		preset_names(),
		[PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
	);
	for name in preset_names() {
		assert!(preset(&name).is_some());
		born_from(&name);
	}
	assert_eq!(preset(&PresetId::from("production")), None);
}

#[test]
fn large_amounts_survive_the_json() {
	// 2,000 ETH have more than 64 bits.
	let amount = ETH.units(2_000).to_string();
	let json = String::from_utf8(genesis_json(DEV_RUNTIME_PRESET)).unwrap();
	assert!(json.contains(&amount));
}

fn assert_authorities(keys: &[(Sr25519Keyring, Ed25519Keyring)]) {
	// Those who are elected come in the order of their accounts.
	let mut keys = keys.to_vec();
	keys.sort_by_key(|(key, _)| key.to_account_id());
	let accounts: Vec<AccountId> = keys.iter().map(|(key, _)| key.to_account_id()).collect();
	assert_eq!(Session::validators(), accounts);
	let babe: Vec<_> = Babe::authorities().into_iter().map(|(id, _)| id).collect();
	assert_eq!(babe, keys.iter().map(|(key, _)| key.public().into()).collect::<Vec<_>>());
	let grandpa: Vec<_> = Grandpa::grandpa_authorities().into_iter().map(|(id, _)| id).collect();
	assert_eq!(grandpa, keys.iter().map(|(_, key)| key.public().into()).collect::<Vec<_>>());
	assert_stakes(&accounts);
	for (babe, grandpa) in keys {
		assert_eq!(
			pallet_session::NextKeys::<Runtime>::get(babe.to_account_id()),
			Some(SessionKeys { babe: babe.public().into(), grandpa: grandpa.public().into() })
		);
	}
}

/// Each validator has the same stake, nobody is spared, and there are seats for others.
fn assert_stakes(validators: &[AccountId]) {
	for who in validators {
		let ledger = crate::Staking::ledger(who.clone().into()).unwrap();
		assert_eq!((ledger.active, ledger.total), (stakes::STAKE, stakes::STAKE));
		assert_eq!(crate::Staking::eras_stakers(0, who).own, stakes::STAKE);
	}
	let count = u32::try_from(validators.len()).unwrap();
	assert_eq!(pallet_staking::Validators::<Runtime>::count(), count);
	assert_eq!(pallet_staking::Invulnerables::<Runtime>::get(), []);
	assert_eq!(pallet_staking::ForceEra::<Runtime>::get(), pallet_staking::Forcing::NotForcing);
	assert!(pallet_staking::ValidatorCount::<Runtime>::get() > count);
	let threshold = pallet_staking::ChillThreshold::<Runtime>::get();
	assert_eq!(threshold, Some(crate::validators::election::CHILL_THRESHOLD));
	// Votes of more than two thirds finalise.
	let fewest = pallet_staking::MinimumValidatorCount::<Runtime>::get();
	assert_eq!(fewest, stakes::fewest(count));
	assert!(3 * fewest > 2 * count && 3 * (fewest - 1) <= 2 * count);
}

#[test]
fn development_has_one_authority_and_a_sudo_key() {
	born_from(DEV_RUNTIME_PRESET).execute_with(|| {
		assert_authorities(&[(Sr25519Keyring::Alice, Ed25519Keyring::Alice)]);
		assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Sr25519Keyring::Alice.to_account_id()));
	});
}

#[test]
fn local_testnet_has_four_authorities_and_no_sudo_key() {
	born_from(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		assert_authorities(&[
			(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
			(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
			(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
			(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
		]);
		assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
	});
}

#[test]
fn accounts_are_funded_and_operators_may_feed() {
	for name in preset_names() {
		born_from(&name).execute_with(|| {
			for account in accounts::all() {
				assert_eq!(Balances::free_balance(&account), 1_000_000 * BLST);
			}
			let mut operators: Vec<AccountId> =
				OPERATORS.iter().map(NamedAccount::account_id).collect();
			operators.sort();
			assert_eq!(OracleMembers::sorted_members(), operators);
		});
	}
}

#[test]
fn assets_are_described_and_their_supply_is_what_traders_hold() {
	for name in preset_names() {
		born_from(&name).execute_with(|| {
			for asset in TEST_ASSETS {
				assert_eq!(Assets::decimals(asset.id), asset.decimals);
				assert_eq!(Assets::symbol(asset.id), asset.symbol.as_bytes());
				assert_eq!(Assets::minimum_balance(asset.id), asset.min_balance);
				let held: u128 = accounts::traders()
					.iter()
					.map(|trader| Assets::balance(asset.id, trader))
					.inspect(|balance| assert!(*balance > 0))
					.sum();
				let custody = crate::Margin::custody_account();
				assert_eq!(Assets::balance(asset.id, custody), asset.min_balance);
				assert_eq!(Assets::total_issuance(asset.id), held + asset.min_balance);
			}
			assert_eq!(Assets::balance(USD.id, PROVIDER.account_id()), 100_000_000 * 1_000_000,);
		});
	}
}

#[test]
fn governance_is_faster_than_on_a_production_chain_and_has_a_technical_collective() {
	for (name, pace) in [(DEV_RUNTIME_PRESET, 600), (LOCAL_TESTNET_RUNTIME_PRESET, 1_440)] {
		born_from(name).execute_with(|| {
			assert_eq!(Pace::<Runtime>::get(), pace);
			let mut members = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie]
				.map(|key| key.to_account_id());
			members.sort();
			let collective = pallet_collective::Members::<Runtime, TechnicalCollective>::get();
			assert_eq!(collective, members);
		});
	}
}

#[test]
fn epochs_are_minutes_on_presets_and_eras_are_epochs() {
	for (name, minutes) in [(DEV_RUNTIME_PRESET, 10), (LOCAL_TESTNET_RUNTIME_PRESET, 1)] {
		born_from(name).execute_with(|| {
			let Lengths { epoch, era } = Periods::<Runtime>::get();
			assert_eq!(epoch * crate::constants::time::SLOT_DURATION, minutes * 60_000);
			assert_eq!(era, 1);
		});
	}
}

#[test]
fn an_era_of_the_test_network_is_a_day_of_governance() {
	born_from(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		let day = crate::governance::scaled(crate::constants::time::DAYS);
		assert_eq!(Periods::<Runtime>::get().epoch, u64::from(day));
	});
}
