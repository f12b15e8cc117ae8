//! What the runtime API answers.

use crate::{auction::is_failing, runtime_api::AuctionView, AuctionOf, Auctions, Config, Pallet};
use alloc::vec::Vec;
use ballast_traits::{InspectAccounts, InspectMarket, RiskParameters};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Every auction, in the order of storage; one that cannot be computed is left out.
	pub fn auctions() -> Vec<(T::AccountId, AuctionView<T::AccountId>)> {
		Auctions::<T>::iter()
			.filter_map(|(account, auction)| {
				let view = Self::view(&account, auction).ok()?;
				Some((account, view))
			})
			.collect()
	}

	/// The auction of an account, with what a bid would get now.
	pub fn auction(account: &T::AccountId) -> Option<AuctionView<T::AccountId>> {
		Self::view(account, Auctions::<T>::get(account)?).ok()
	}

	/// Up to `limit` accounts that `liquidate` would put under auction now.
	pub fn candidates(limit: u32) -> Vec<T::AccountId> {
		let mut found = Vec::new();
		let mut cursor = T::Accounts::next_after(None);
		while let Some(account) = cursor {
			if found.len() >= limit as usize {
				break;
			}
			cursor = T::Accounts::next_after(Some(&account));
			if Self::is_candidate(&account) {
				found.push(account);
			}
		}
		found
	}

	fn view(
		account: &T::AccountId,
		auction: AuctionOf<T>,
	) -> Result<AuctionView<T::AccountId>, DispatchError> {
		let standing = Self::standing(account, &auction, &T::Parameters::liquidation())?;
		let health = *standing.health();
		let share = standing.largest_share()?;
		Ok(AuctionView {
			stage: standing.stage(),
			failing: is_failing(health.status),
			started_at: auction.started_at,
			elapsed: T::Market::now().saturating_sub(auction.started_at),
			last_bid_at: auction.last_bid_at,
			last_bid: auction.last_bid,
			compensation: standing.compensation()?,
			largest_share: share,
			price_of_whole: standing.price_of_whole()?,
			expected: standing.expected_fill(share)?,
			equity: health.equity,
			maintenance: health.maintenance,
			excess: health.equity.checked_sub(health.maintenance)?,
			buffered_excess: standing.buffered_excess()?,
			reserved: auction.reserved,
			insolvent: standing.is_insolvent(),
			keeper: auction.keeper,
		})
	}
}
