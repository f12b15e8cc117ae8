//! Session keys and their rotation.

use super::*;
use crate::Grandpa;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve, One};

#[test]
fn keys_take_a_stake() {
	on_a_testnet(|_| {
		let keys = keys(Eve, Ed25519Keyring::Eve);
		assert_eq!(
			Session::set_keys(origin(Eve), keys, Vec::new()),
			Err(pallet_session::Error::<Runtime>::NoAssociatedValidatorId.into())
		);
	});
}

#[test]
fn keys_of_another_validator_are_refused() {
	on_a_testnet(|_| {
		let of_bob = keys(Bob, Ed25519Keyring::Bob);
		assert_eq!(
			Session::set_keys(origin(Alice), of_bob, Vec::new()),
			Err(pallet_session::Error::<Runtime>::DuplicatedKey.into())
		);
	});
}

#[test]
fn new_keys_are_in_use_two_sessions_later() {
	on_a_testnet(|_| {
		send(Alice, vec![set_keys(keys(One, Ed25519Keyring::One))]);
		let votes = |voter: Ed25519Keyring| {
			let key = voter.public().into();
			Grandpa::grandpa_authorities().iter().any(|(voter, _)| *voter == key)
		};
		next_epoch();
		assert!(index_of(Alice).is_some() && votes(Ed25519Keyring::Alice));
		assert!(index_of(One).is_none() && !votes(Ed25519Keyring::One));

		next_epoch();
		assert!(index_of(Alice).is_none() && !votes(Ed25519Keyring::Alice));
		assert!(votes(Ed25519Keyring::One));
		// The author with the new key is the old account.
		build_block(index_of(One).unwrap(), 0, Vec::new());
		assert_eq!(crate::Authorship::author(), Some(Alice.to_account_id()));
		assert_eq!(Session::validators().len(), 4);
	});
}
