use super::chain::{begin_block, born_from, build_block, pass_blocks};
use crate::{
	configs::consensus::EpochDuration,
	constants::time::{DAYS, HOURS, MINUTES},
	Authorship, Babe, Session,
};
use sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;
use sp_keyring::Sr25519Keyring::Charlie;

#[test]
fn blocks_are_three_seconds_apart() {
	assert_eq!((MINUTES, HOURS, DAYS), (20, 1_200, 28_800));
}

#[test]
fn the_author_is_the_one_of_the_digest() {
	born_from(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		let charlie = Charlie.to_account_id();
		let index = Session::validators().iter().position(|who| *who == charlie).unwrap();
		begin_block(u32::try_from(index).unwrap(), 0);
		assert_eq!(Authorship::author(), Some(charlie));
	});
}

#[test]
fn a_session_is_an_epoch() {
	born_from(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		pass_blocks(1);
		assert_eq!((Session::current_index(), Babe::epoch_index()), (0, 0));
		let validators = Session::validators();

		// The last slot of the first epoch, then the first slot of the next.
		build_block(1, EpochDuration::get() - 2, Vec::new());
		assert_eq!((Session::current_index(), Babe::epoch_index()), (0, 0));
		build_block(2, 0, Vec::new());
		assert_eq!((Session::current_index(), Babe::epoch_index()), (1, 1));

		assert_eq!(Session::validators(), validators);
		assert_eq!(Babe::authorities().len(), 4);
	});
}
