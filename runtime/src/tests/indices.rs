use crate::*;
use frame_support::traits::{PalletInfoAccess, StorageInfoTrait};
use sp_core::hexdisplay::HexDisplay;

fn pallet<P: PalletInfoAccess>() -> (usize, &'static str) {
	(P::index(), P::name())
}

/// Every pallet at its index and under its name.
macro_rules! assert_pallets {
	($($index:literal $name:ident)*) => {
		assert_eq!([$(pallet::<$name>()),*], [$(($index, stringify!($name))),*]);
	};
}

#[test]
#[rustfmt::skip]
fn pallets_keep_their_index_and_name() {
	assert_pallets! {
		0 System
		1 Timestamp
		2 Babe
		3 Authorship
		4 Session
		5 Grandpa
		6 Historical
		7 Offences
		8 Staking
		9 VoterList
		10 Balances
		11 TransactionPayment
		12 Assets
		20 Utility
		21 Multisig
		22 Proxy
		23 MultiBlockMigrations
		29 Sudo
		30 OracleMembers
		31 SpotOracle
		32 VolatilityOracle
		40 RiskParams
		41 PriceFeed
		42 Options
		43 Margin
		44 RiskPool
		45 Liquidation
		46 BlockTrades
		47 OptionVaults
		48 Revenue
		60 Preimage
		61 Scheduler
		62 ConvictionVoting
		63 Referenda
		64 Origins
		65 Whitelist
		66 TechnicalCommittee
		67 Treasury
		68 SafeMode
		69 TxPause
		70 ValidatorPeriods
		71 KeyOwners
	}
}

#[test]
fn storage_is_where_wallets_look_for_it() {
	let prefix = frame_system::Account::<Runtime>::storage_info()[0].prefix.clone();
	assert_eq!(
		HexDisplay::from(&prefix).to_string(),
		"26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
	);
	assert_eq!(
		HexDisplay::from(&pallet_balances::TotalIssuance::<Runtime>::hashed_key()).to_string(),
		"c2261276cc9d1f8598ea4b6a74b15c2f57c875e4cff74148e4628f264b974c80"
	);
}

#[test]
fn every_storage_item_is_under_the_name_of_its_pallet() {
	let under = |storage: Vec<frame_support::traits::StorageInfo>, name: &str| {
		assert!(!storage.is_empty());
		for item in storage {
			assert_eq!(item.pallet_name, name.as_bytes());
			assert!(item.prefix.starts_with(&sp_io::hashing::twox_128(name.as_bytes())));
		}
	};
	under(System::storage_info(), "System");
	under(Balances::storage_info(), "Balances");
	under(Assets::storage_info(), "Assets");
	under(OracleMembers::storage_info(), "OracleMembers");
	under(SpotOracle::storage_info(), "SpotOracle");
	under(VolatilityOracle::storage_info(), "VolatilityOracle");
}

#[test]
fn metadata_is_there_for_every_version_that_clients_ask_for() {
	// Periods of governance are constants that are read from the state.
	super::chain::development().execute_with(|| {
		for version in [14, 15, 16] {
			assert!(Runtime::metadata_at_version(version).is_some(), "{version}");
		}
	});
}
