use crate::{
	mock::*,
	offchain::{CURSOR_KEY, LIMIT_KEY, LOCK_KEY, WATCH_KEY},
	Call,
};
use frame_support::{assert_ok, traits::Hooks};
use parity_scale_codec::Decode;
use sp_core::offchain::{
	testing::{TestOffchainExt, TestTransactionPoolExt},
	OffchainDbExt, OffchainWorkerExt, TransactionPoolExt,
};
use sp_runtime::{
	generic::Preamble,
	offchain::{
		storage::StorageValueRef,
		storage_lock::{StorageLock, Time},
		Duration,
	},
};

/// Runs a test on a node with local storage and a transaction pool. The test is given a function
/// that empties the pool and says for which accounts a liquidation was in it.
fn on_a_node(builder: ExtBuilder, test: impl FnOnce(&dyn Fn() -> Vec<u64>)) {
	let mut ext = builder.build();
	let (offchain, _) = TestOffchainExt::new();
	let (pool, state) = TestTransactionPoolExt::new();
	ext.register_extension(OffchainDbExt::new(offchain.clone()));
	ext.register_extension(OffchainWorkerExt::new(offchain));
	ext.register_extension(TransactionPoolExt::new(pool));
	let proposals = move || {
		let transactions = core::mem::take(&mut state.write().transactions);
		transactions.into_iter().map(|encoded| proposed_account(&encoded)).collect()
	};
	ext.execute_with(|| checked(|| test(&proposals)));
}

fn proposed_account(encoded: &[u8]) -> u64 {
	let transaction = Extrinsic::decode(&mut &encoded[..]).expect("an extrinsic of this runtime");
	assert!(matches!(transaction.preamble, Preamble::General(..)), "neither signed nor bare");
	match transaction.function {
		RuntimeCall::Liquidation(Call::liquidate_authorized { account }) => account,
		other => panic!("the worker proposed {other:?}"),
	}
}

fn run() {
	Liquidation::offchain_worker(System::block_number());
}

fn sorted(mut accounts: Vec<u64>) -> Vec<u64> {
	accounts.sort_unstable();
	accounts
}

fn crowd(range: core::ops::Range<u64>) -> ExtBuilder {
	range.fold(ExtBuilder::default(), |builder, who| builder.with(who, book(90, 100)))
}

#[test]
fn it_proposes_every_failing_account_and_nobody_else() {
	let builder = crowd(10..13).with(20, book(1_000, 100)).with(21, book(-7, 100));
	on_a_node(builder, |proposals| {
		Books::insert(FUND, book(-10, 10));
		run();
		assert_eq!(sorted(proposals()), [10, 11, 12, 21]);
	});
}

#[test]
fn what_it_proposes_is_accepted_and_not_proposed_again() {
	on_a_node(ExtBuilder::failing(), |proposals| {
		run();
		assert_eq!(proposals(), [ALICE]);
		let authorized = RuntimeOrigin::from(frame_system::Origin::<Test>::Authorized);
		assert_ok!(Liquidation::liquidate_authorized(authorized, ALICE));
		run();
		assert!(proposals().is_empty());
	});
}

#[test]
fn it_changes_nothing_on_chain() {
	on_a_node(ExtBuilder::failing(), |_| {
		let before = sp_io::storage::root(sp_core::storage::StateVersion::V1);
		run();
		assert_eq!(sp_io::storage::root(sp_core::storage::StateVersion::V1), before);
	});
}

#[test]
fn the_operators_limit_bounds_a_run_and_the_cursor_goes_on() {
	on_a_node(crowd(10..40), |proposals| {
		StorageValueRef::persistent(LIMIT_KEY).set(&8u32);
		let mut seen = Vec::new();
		for _ in 0..5 {
			run();
			// Those found before are proposed again until their auctions run.
			let found = proposals();
			assert!(seen.iter().all(|before| found.contains(before)));
			let new: Vec<u64> = found.into_iter().filter(|who| !seen.contains(who)).collect();
			assert!(new.len() <= 8, "{new:?}");
			seen.extend(new);
			let cursor = StorageValueRef::persistent(CURSOR_KEY).get::<u64>();
			assert!(cursor.expect("decodes").is_some());
		}
		assert_eq!(
			sorted(seen),
			(10..40).collect::<Vec<u64>>(),
			"33 accounts in five runs of eight"
		);
	});
}

#[test]
fn the_next_run_begins_with_the_accounts_nearest_to_the_edge() {
	let builder = (10..40).fold(ExtBuilder::default(), |builder, who| {
		builder.with(who, book(1_000 + who as i64, 1_000))
	});
	on_a_node(builder, |proposals| {
		run();
		assert!(proposals().is_empty());
		let watched = StorageValueRef::persistent(WATCH_KEY).get::<Vec<u64>>();
		assert_eq!(watched.expect("decodes").expect("set"), (10..40).collect::<Vec<u64>>());
		// With room for nobody else the nearest one is still seen.
		StorageValueRef::persistent(LIMIT_KEY).set(&0u32);
		set_equity(10, usd(999));
		run();
		assert_eq!(proposals(), [10]);
		// And the others are still watched by a run that looked at nobody else.
		set_equity(39, usd(999));
		run();
		assert_eq!(sorted(proposals()), [10, 39]);
	});
}

#[test]
fn two_runs_do_not_overlap() {
	on_a_node(ExtBuilder::failing(), |proposals| {
		let mut lock = StorageLock::<Time>::with_deadline(LOCK_KEY, Duration::from_millis(3_000));
		let guard = lock.try_lock();
		assert!(guard.is_ok());
		run();
		assert!(proposals().is_empty());
		drop(guard);
		run();
		assert_eq!(proposals(), [ALICE]);
	});
}

#[test]
fn an_account_that_cannot_be_computed_does_not_stop_a_run() {
	on_a_node(crowd(10..13), |proposals| {
		Broken::put(vec![11]);
		run();
		assert_eq!(sorted(proposals()), [10, 12]);
	});
}
