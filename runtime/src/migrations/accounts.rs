//! Every margin account is written anew.
//!
//! With this the way of an upgrade is tried: it walks the largest map there is and takes several blocks
//! on a small chain too. Nothing comes to mean anything else, so no storage version rises, and a second
//! time changes nothing. What it leaves behind: every account in the one encoding that this runtime
//! gives it.

use crate::{AccountId, Runtime};
use core::marker::PhantomData;
use frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	parameter_types,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use pallet_margin::{Accounts, WeightInfo, MAX_POSITIONS};

#[cfg(feature = "try-runtime")]
use {alloc::vec::Vec, parity_scale_codec::Encode, sp_runtime::TryRuntimeError};

parameter_types! {
	/// Accounts of a block: few, so that a test network shows an upgrade of several blocks.
	pub const PerBlock: u32 = 4;
}

/// Rewrites at most `AtMost` accounts a block, as many as the weight allows.
pub struct RewriteAccounts<AtMost>(PhantomData<AtMost>);

impl<AtMost: Get<u32>> RewriteAccounts<AtMost> {
	/// What one account may cost: a visit of the settlement sweep looks the next one up, reads it and
	/// writes it too, and settles 64 positions besides.
	pub fn weight_of_one() -> Weight {
		<Runtime as pallet_margin::Config>::WeightInfo::visit(MAX_POSITIONS)
			.saturating_add(<Runtime as frame_system::Config>::DbWeight::get().reads(1))
	}

	fn account_after(last: Option<&AccountId>) -> Option<AccountId> {
		match last {
			Some(last) => Accounts::<Runtime>::iter_keys_from_key(last).next(),
			None => Accounts::<Runtime>::iter_keys().next(),
		}
	}

	fn rewrite(who: &AccountId) {
		match Accounts::<Runtime>::get(who) {
			Some(account) => Accounts::<Runtime>::insert(who, account),
			None => log_undecodable(who),
		}
	}
}

fn log_undecodable(who: &AccountId) {
	log::error!(
		target: "runtime::migrations",
		"the margin account of {who:?} cannot be decoded and stays as it is",
	);
}

impl<AtMost: Get<u32>> SteppedMigration for RewriteAccounts<AtMost> {
	/// The account that was rewritten last.
	type Cursor = AccountId;
	type Identifier = [u8; 24];

	fn id() -> Self::Identifier {
		*b"margin: rewrite accounts"
	}

	fn step(
		cursor: Option<AccountId>,
		meter: &mut WeightMeter,
	) -> Result<Option<AccountId>, SteppedMigrationError> {
		let required = Self::weight_of_one();
		if !meter.can_consume(required) {
			return Err(SteppedMigrationError::InsufficientWeight { required });
		}
		let mut last = cursor;
		for _ in 0..AtMost::get().max(1) {
			if meter.try_consume(required).is_err() {
				break;
			}
			let Some(who) = Self::account_after(last.as_ref()) else { return Ok(None) };
			Self::rewrite(&who);
			last = Some(who);
		}
		Ok(last)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
		Ok(Accounts::<Runtime>::iter_keys().collect::<Vec<_>>().encode())
	}

	/// Nobody's account is lost, and all that can be decoded are in this runtime's encoding.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), TryRuntimeError> {
		let after = Accounts::<Runtime>::iter_keys().collect::<Vec<_>>();
		frame_support::ensure!(after.encode() == before, "an account was lost or added");
		for (who, account) in Accounts::<Runtime>::iter() {
			let stored = sp_io::storage::get(&Accounts::<Runtime>::hashed_key_for(&who));
			let encoded = account.encode();
			frame_support::ensure!(
				stored.is_some_and(|stored| stored[..] == encoded[..]),
				"an account was not rewritten"
			);
		}
		Ok(())
	}
}
