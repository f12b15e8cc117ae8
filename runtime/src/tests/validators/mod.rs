//! Stakes, elections, rewards and slashes on the real runtime, one file per subject.

mod bounds;
mod equivocation;
mod eras;
mod false_reports;
mod finality;
mod joining;
mod key_owners;
mod keys;
mod nominating;
mod proofs;
mod revenue;
mod slashing;
mod unbonding;

use super::chain::{born_from, build_block, pass_blocks, signed};
use crate::{
	configs::consensus::EpochDuration, constants::currency::BLST, AccountId, Babe, Balance,
	Balances, Block, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Session, SessionKeys,
	Staking, System, UncheckedExtrinsic,
};
use frame_support::traits::fungible::InspectHold;
use pallet_staking::{ActiveEra, RewardDestination, ValidatorPrefs};
use parity_scale_codec::Decode;
use sp_core::offchain::{
	testing::{TestOffchainExt, TestTransactionPoolExt},
	OffchainDbExt, OffchainWorkerExt, TransactionPoolExt,
};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{Perbill, SaturatedConversion};
use sp_staking::EraIndex;

/// What a newcomer of these tests stakes.
const NEW_STAKE: Balance = 50_000 * BLST;

/// Transactions that the runtime has handed to the node's pool.
type Submitted<'a> = &'a dyn Fn() -> Vec<UncheckedExtrinsic>;

/// Runs a test on a chain of a preset after its first block, with a pool for what the runtime submits,
/// and checks every pallet at the end.
fn on_a_chain_of(preset: &str, test: impl FnOnce(Submitted)) {
	let mut ext = born_from(preset);
	let (offchain, _) = TestOffchainExt::new();
	let (pool, state) = TestTransactionPoolExt::new();
	ext.register_extension(OffchainDbExt::new(offchain.clone()));
	ext.register_extension(OffchainWorkerExt::new(offchain));
	ext.register_extension(TransactionPoolExt::new(pool));
	ext.execute_with(|| {
		pass_blocks(1);
		test(&|| {
			let taken = core::mem::take(&mut state.write().transactions);
			taken.iter().map(|bytes| UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap()).collect()
		});
		everything_holds();
	});
}

/// On four validators: Alice, Bob, Charlie and Dave.
fn on_a_testnet(test: impl FnOnce(Submitted)) {
	on_a_chain_of(LOCAL_TESTNET_RUNTIME_PRESET, test);
}

/// On one validator: Alice.
fn on_a_development_chain(test: impl FnOnce(Submitted)) {
	on_a_chain_of(DEV_RUNTIME_PRESET, test);
}

/// Every pallet is consistent.
fn everything_holds() {
	#[cfg(feature = "try-runtime")]
	{
		use frame_support::traits::{TryState, TryStateSelect};
		<crate::AllPalletsWithSystem as TryState<crate::BlockNumber>>::try_state(
			System::block_number(),
			TryStateSelect::All,
		)
		.unwrap();
	}
}

/// The first authority that may author.
fn able() -> u32 {
	let disabled = Session::disabled_validators();
	(0..).find(|index| !disabled.contains(index)).unwrap()
}

/// Builds a block with these transactions.
fn block(transactions: Vec<UncheckedExtrinsic>) -> Block {
	build_block(able(), 0, transactions)
}

/// Builds the first block of the next epoch, and none before it.
fn next_epoch() {
	let next = *Babe::current_epoch_start() + EpochDuration::get();
	build_block(able(), next - *Babe::current_slot() - 1, Vec::new());
}

/// The era that is being worked in.
fn era() -> EraIndex {
	ActiveEra::<Runtime>::get().unwrap().index
}

/// Builds the first block of each era up to this one.
fn pass_to_era(last: EraIndex) {
	while era() < last {
		next_epoch();
	}
}

/// Builds the first block of so many eras.
fn pass_eras(count: EraIndex) {
	pass_to_era(era() + count);
}

fn events() -> Vec<RuntimeEvent> {
	System::events().into_iter().map(|record| record.event).collect()
}

/// Whether the last block had an event of staking that is as described.
fn staked(is_so: impl Fn(&pallet_staking::Event<Runtime>) -> bool) -> bool {
	events().iter().any(|event| matches!(event, RuntimeEvent::Staking(event) if is_so(event)))
}

/// What is on hold for stakes of an account.
fn on_hold(who: &AccountId) -> Balance {
	Balances::balance_on_hold(&pallet_staking::HoldReason::Staking.into(), who)
}

/// What of an account's stake is not being taken out.
fn active(who: &AccountId) -> Balance {
	Staking::ledger(who.clone().into()).unwrap().active
}

fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(who.to_account_id())
}

fn keys(author: Sr25519Keyring, voter: Ed25519Keyring) -> SessionKeys {
	SessionKeys { babe: author.public().into(), grandpa: voter.public().into() }
}

fn bond(value: Balance) -> RuntimeCall {
	pallet_staking::Call::bond { value, payee: RewardDestination::Staked }.into()
}

fn set_keys(keys: SessionKeys) -> RuntimeCall {
	pallet_session::Call::set_keys { keys, proof: Vec::new() }.into()
}

fn validate(commission: Perbill) -> RuntimeCall {
	let prefs = ValidatorPrefs { commission, blocked: false };
	pallet_staking::Call::validate { prefs }.into()
}

/// Sends calls, one after another, in one block.
fn send(signer: Sr25519Keyring, calls: Vec<RuntimeCall>) {
	let first = System::account_nonce(signer.to_account_id());
	let number = |(position, call): (usize, RuntimeCall)| {
		signed(signer, first + position.saturated_into::<u32>(), call)
	};
	block(calls.into_iter().enumerate().map(number).collect());
}

/// Eve stakes, sets keys and stands for election.
fn eve_stands() {
	let keys = keys(Sr25519Keyring::Eve, Ed25519Keyring::Eve);
	send(
		Sr25519Keyring::Eve,
		vec![bond(NEW_STAKE), set_keys(keys), validate(Perbill::from_percent(10))],
	);
}

/// Position of a validator among the authorities of blocks.
fn index_of(author: Sr25519Keyring) -> Option<u32> {
	let position = Babe::authorities().iter().position(|(key, _)| *key == author.public().into());
	position.map(|position| position.saturated_into())
}

/// Whether an account validates in this session.
fn validates(who: Sr25519Keyring) -> bool {
	Session::validators().contains(&who.to_account_id())
}
