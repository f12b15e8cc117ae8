//! The invariants of the README, checked.

use crate::{AuctionOf, Auctions, Config, LastTrade, Pallet};
use alloc::collections::BTreeSet;
use ballast_traits::InspectMarket;
use frame_support::{ensure, traits::Contains};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant. Not gated: tests and the sampling API call it too.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		for (account, auction) in Auctions::<T>::iter() {
			Self::try_state_account(&account, &auction)?;
			Self::try_state_time(&auction)?;
			Self::try_state_money(&auction)?;
		}
		Self::try_state_trades()
	}

	/// I1: no exempt account is under auction, and nobody is keeper of its own account.
	fn try_state_account(
		account: &T::AccountId,
		auction: &AuctionOf<T>,
	) -> Result<(), TryRuntimeError> {
		ensure!(!T::Exempt::contains(account), "I1: an exempt account is under auction");
		ensure!(auction.keeper.as_ref() != Some(account), "I1: an account is its own keeper");
		Ok(())
	}

	/// I2: started <= last bid <= now.
	fn try_state_time(auction: &AuctionOf<T>) -> Result<(), TryRuntimeError> {
		ensure!(auction.started_at <= auction.last_bid_at, "I2: a bid before its auction");
		ensure!(auction.last_bid_at <= T::Market::now(), "I2: a bid in the future");
		Ok(())
	}

	/// I3: what is set aside or advanced is not negative; nothing is set aside in an insolvent
	/// account; only a keeper is advanced anything.
	fn try_state_money(auction: &AuctionOf<T>) -> Result<(), TryRuntimeError> {
		ensure!(!auction.reserved.is_negative(), "I3: negative cash set aside");
		ensure!(
			!auction.insolvent || auction.reserved.is_zero(),
			"I3: cash set aside in an insolvent account"
		);
		ensure!(!auction.keeper_advance.is_negative(), "I3: negative advance");
		ensure!(
			auction.keeper.is_some() || auction.keeper_advance.is_zero(),
			"I3: an advance without a keeper"
		);
		Ok(())
	}

	/// I4: no two auctions have the same last trade, the counter has given each of them out, and the
	/// number of auctions is counted right.
	fn try_state_trades() -> Result<(), TryRuntimeError> {
		let last = LastTrade::<T>::get();
		let mut seen = BTreeSet::new();
		let mut count = 0u32;
		for (_, auction) in Auctions::<T>::iter() {
			ensure!(seen.insert(auction.last_bid), "I4: two auctions with the same last trade");
			ensure!(auction.last_bid <= last, "I4: a trade that was not counted");
			count = count.saturating_add(1);
		}
		ensure!(count == Auctions::<T>::count(), "I4: auctions are miscounted");
		Ok(())
	}
}
