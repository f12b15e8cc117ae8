//! Upgrades: storage versions, and a migration of several blocks from its first step to its last.

use super::chain::{begin_block_in_mode, build_block, development, pass_blocks, signed};
use crate::{
	genesis::accounts,
	migrations::accounts::{PerBlock, RewriteAccounts},
	*,
};
use frame_support::{
	assert_ok,
	migrations::{
		MultiStepMigrator, SteppedMigration, SteppedMigrationError, StoreInCodeStorageVersion,
	},
	traits::{ConstU32, GetStorageVersion, PalletInfoAccess, PalletsInfoAccess, StorageVersion},
	weights::{Weight, WeightMeter},
};
use frame_system::{LastRuntimeUpgrade, LastRuntimeUpgradeInfo};
use pallet_margin::{Accounts, StoredAccount};
use pallet_migrations::Event;
use parity_scale_codec::{Decode, Encode};
use sp_core::storage::StateVersion;
use sp_keyring::Sr25519Keyring::Bob;
use sp_runtime::ExtrinsicInclusionMode;

/// Asserts that what is stored is what the code says.
fn is_of_the_code<P: GetStorageVersion + PalletInfoAccess>()
where
	P::InCodeStorageVersion: StoreInCodeStorageVersion<P>,
{
	let stored = P::on_chain_storage_version();
	P::InCodeStorageVersion::store_in_code_storage_version();
	assert_eq!(stored, P::on_chain_storage_version(), "{}", P::name());
}

/// Every pallet: the list must be as long as the runtime's.
macro_rules! assert_versions {
	($($name:ident)*) => {
		$(is_of_the_code::<$name>();)*
		assert_eq!([$($name::name()),*].len(), AllPalletsWithSystem::infos().len());
	};
}

#[test]
fn at_genesis_every_storage_version_is_the_one_of_the_code() {
	development().execute_with(|| {
		assert_versions! {
			System Timestamp Babe Authorship Balances ValidatorPeriods VoterList Staking Offences Historical
			KeyOwners Session Grandpa TransactionPayment Assets Utility Multisig Proxy MultiBlockMigrations Sudo
			OracleMembers SpotOracle VolatilityOracle RiskParams PriceFeed Options Margin RiskPool
			Liquidation BlockTrades OptionVaults Revenue Preimage Scheduler ConvictionVoting Referenda Origins Whitelist TechnicalCommittee Treasury SafeMode TxPause
		}
	});
}

/// Compiles only for pallets that declare a version.
fn declared<P: GetStorageVersion<InCodeStorageVersion = StorageVersion>>() -> StorageVersion {
	P::in_code_storage_version()
}

#[test]
fn every_pallet_of_ours_declares_a_storage_version() {
	let declared = [
		declared::<RiskParams>(),
		declared::<PriceFeed>(),
		declared::<Options>(),
		declared::<Margin>(),
		declared::<RiskPool>(),
		declared::<Liquidation>(),
		declared::<BlockTrades>(),
		declared::<OptionVaults>(),
		declared::<Revenue>(),
		declared::<Origins>(),
		declared::<KeyOwners>(),
	];
	// A change is a migration, and belongs here with it.
	assert_eq!(declared, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0].map(StorageVersion::new));
}

/// A chain on which every trader has a margin account, stored with a byte behind it that this runtime
/// would not write.
fn with_old_accounts() -> sp_io::TestExternalities {
	let mut ext = development();
	ext.execute_with(|| {
		pass_blocks(1);
		for who in accounts::traders() {
			assert_ok!(Margin::deposit(RuntimeOrigin::signed(who), 5_000_000));
		}
		for (who, account) in Accounts::<Runtime>::iter().collect::<Vec<_>>() {
			put_raw(&who, &[account.encode(), vec![0]].concat());
		}
	});
	ext.commit_all().unwrap();
	ext
}

fn put_raw(who: &AccountId, bytes: &[u8]) {
	sp_io::storage::set(&Accounts::<Runtime>::hashed_key_for(who), bytes);
}

fn raw(who: &AccountId) -> Vec<u8> {
	sp_io::storage::get(&Accounts::<Runtime>::hashed_key_for(who)).unwrap().to_vec()
}

/// Accounts, and how many of them are in this runtime's encoding.
fn rewritten() -> (usize, usize) {
	let all: Vec<_> = Accounts::<Runtime>::iter_keys().collect();
	let done = all.iter().filter(|who| {
		let stored = raw(who);
		StoredAccount::decode(&mut &stored[..]).unwrap().encode() == stored
	});
	(all.len(), done.count())
}

/// From the next block on the chain believes that its code is new.
fn upgrade() {
	let spec_name = VERSION.spec_name.clone();
	LastRuntimeUpgrade::<Runtime>::put(LastRuntimeUpgradeInfo {
		spec_version: 1.into(),
		spec_name,
	});
}

fn events() -> Vec<Event<Runtime>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::MultiBlockMigrations(event) => Some(event),
			_ => None,
		})
		.collect()
}

#[test]
fn an_upgrade_rewrites_a_few_accounts_a_block() {
	with_old_accounts().execute_with(|| {
		let (all, done) = rewritten();
		let (per_block, blocks) = (PerBlock::get() as usize, all / PerBlock::get() as usize);
		assert!(done == 0 && blocks >= 3, "{done} of {all}");
		upgrade();
		for block in 0..blocks {
			pass_blocks(1);
			assert_eq!(rewritten(), (all, (block + 1) * per_block));
			assert!(MultiBlockMigrations::ongoing());
			// Counted from the block before, at whose end the code was replaced.
			let took = u32::try_from(block + 1).unwrap();
			assert!(events().contains(&Event::MigrationAdvanced { index: 0, took }));
		}
		pass_blocks(1);
		assert_eq!(rewritten(), (all, all));
		assert!(!MultiBlockMigrations::ongoing());
		let took = u32::try_from(blocks + 1).unwrap();
		assert_eq!(
			events(),
			[Event::MigrationCompleted { index: 0, took }, Event::UpgradeCompleted]
		);
		// People are back.
		let remark = frame_system::Call::remark { remark: vec![] };
		build_block(0, 0, vec![signed(Bob, 0, remark)]);
		assert_ok!(Margin::do_try_state());
	});
}

#[test]
fn a_migration_that_was_completed_is_not_run_again() {
	with_old_accounts().execute_with(|| {
		upgrade();
		pass_blocks(10);
		assert!(!MultiBlockMigrations::ongoing());
		let who = accounts::traders().remove(0);
		let old = [raw(&who), vec![0]].concat();
		put_raw(&who, &old);
		upgrade();
		pass_blocks(1);
		assert!(events().contains(&Event::MigrationSkipped { index: 0 }));
		assert_eq!(raw(&who), old);
	});
}

#[test]
fn only_inherents_are_wanted_while_a_migration_goes_on() {
	with_old_accounts().execute_with(|| {
		upgrade();
		assert_eq!(begin_block_in_mode(0, 0).1, ExtrinsicInclusionMode::OnlyInherents);
	});
}

#[test]
#[should_panic(expected = "Only inherents are allowed in this block")]
fn a_transaction_in_a_block_of_a_migration_makes_it_invalid() {
	let remark = || frame_system::Call::remark { remark: vec![] };
	let mut builder = with_old_accounts();
	let block = builder.execute_with(|| {
		upgrade();
		// Who builds a block is not held to it, who imports it is.
		build_block(0, 0, vec![signed(Bob, 0, remark())])
	});
	with_old_accounts().execute_with(|| {
		upgrade();
		Executive::execute_block(block);
	});
}

type Rewrite = RewriteAccounts<ConstU32<100>>;

/// Steps with so much weight until there is nothing left to do: how many steps that took.
fn steps_with(weight: Weight) -> u32 {
	let mut cursor = None;
	for step in 1..100 {
		let mut meter = WeightMeter::with_limit(weight);
		cursor = Rewrite::step(cursor, &mut meter).unwrap();
		if cursor.is_none() {
			return step;
		}
	}
	panic!("it does not end");
}

#[test]
fn a_step_does_what_its_weight_allows_and_the_next_goes_on() {
	with_old_accounts().execute_with(|| {
		let (all, _) = rewritten();
		// Of two accounts a step; the last step finds none, or one and then none.
		assert_eq!(steps_with(Rewrite::weight_of_one() * 2) as usize, all / 2 + 1);
		assert_eq!(rewritten(), (all, all));
	});
}

#[test]
fn a_step_without_weight_for_one_account_says_what_it_needs() {
	with_old_accounts().execute_with(|| {
		let required = Rewrite::weight_of_one();
		let mut meter = WeightMeter::with_limit(required - Weight::from_parts(1, 0));
		assert!(matches!(
			Rewrite::step(None, &mut meter),
			Err(SteppedMigrationError::InsufficientWeight { required: asked }) if asked == required
		));
		assert_eq!(rewritten().1, 0);
	});
}

#[test]
fn a_second_time_changes_nothing() {
	with_old_accounts().execute_with(|| {
		let root = || sp_io::storage::root(StateVersion::V1);
		steps_with(Weight::MAX);
		let once = root();
		steps_with(Weight::MAX);
		assert_eq!(root(), once);
	});
}

#[test]
fn what_cannot_be_decoded_stays_as_it_is() {
	with_old_accounts().execute_with(|| {
		let who = accounts::traders().remove(0);
		put_raw(&who, b"?");
		assert_eq!(steps_with(Weight::MAX), 1);
		assert_eq!(raw(&who), b"?");
		let others = accounts::traders().split_off(1);
		assert!(others
			.iter()
			.all(|who| Accounts::<Runtime>::get(who).unwrap().encode() == raw(who)));
	});
}
