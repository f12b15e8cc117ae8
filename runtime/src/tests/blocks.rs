use super::chain::{build_block, development, pass_blocks, signed};
use crate::{Balances, Executive, System, Timestamp};
use sp_keyring::Sr25519Keyring::{Bob, Charlie};

const AMOUNT: u128 = 7 * crate::constants::currency::BLST;

fn transfer() -> pallet_balances::Call<crate::Runtime> {
	pallet_balances::Call::transfer_keep_alive {
		dest: Charlie.to_account_id().into(),
		value: AMOUNT,
	}
}

#[test]
fn a_block_that_one_node_builds_another_executes() {
	let mut builder = development();
	let blocks = builder.execute_with(|| {
		[
			build_block(0, 0, vec![signed(Bob, 0, transfer())]),
			build_block(0, 0, Vec::new()),
			build_block(0, 3, vec![signed(Bob, 1, transfer()), signed(Bob, 2, transfer())]),
		]
	});

	let mut importer = development();
	for block in blocks {
		// Panics unless the roots of state and extrinsics are those of the header.
		importer.execute_with(|| Executive::execute_block(block));
		importer.commit_all().unwrap();
	}
	importer.execute_with(|| {
		assert_eq!(System::block_number(), 3);
		let received = Balances::free_balance(Charlie.to_account_id())
			- 1_000_000 * crate::constants::currency::BLST;
		assert_eq!(received, 3 * AMOUNT);
	});
}

#[test]
#[should_panic(expected = "Storage root must match")]
fn a_block_with_another_state_root_is_refused() {
	let mut block = development().execute_with(|| build_block(0, 0, Vec::new()));
	block.header.state_root = Default::default();
	development().execute_with(|| Executive::execute_block(block));
}

#[test]
fn time_follows_slots() {
	development().execute_with(|| {
		pass_blocks(1);
		let first = Timestamp::get();
		pass_blocks(4);
		assert_eq!(Timestamp::get() - first, 4 * crate::constants::time::SLOT_DURATION);
	});
}

#[cfg(feature = "try-runtime")]
#[test]
fn invariants_of_every_pallet_hold_after_blocks() {
	use frame_support::traits::{TryState, TryStateSelect};
	development().execute_with(|| {
		build_block(0, 0, vec![signed(Bob, 0, transfer())]);
		pass_blocks(3);
		<crate::AllPalletsWithSystem as TryState<crate::BlockNumber>>::try_state(
			4,
			TryStateSelect::All,
		)
		.unwrap();
	});
}
