//! The mutual pool and the insurance fund, as the others see them.

use ballast_primitives::{Price, Quantity, SeriesId, Usd};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

/// The mutual pool as buyer of last resort, and the accounts of the two funds.
pub trait MutualPool<AccountId> {
	/// The pool's account at the clearing house.
	fn pool_account() -> AccountId;

	/// The insurance fund's account at the clearing house.
	fn insurance_account() -> AccountId;

	/// Runs `take`, by which the pool takes over positions whose maintenance requirement is
	/// `requirement`, and requires the pool's capital rule and its takeover cap afterwards.
	/// Fails with `PoolCapacityExceeded`.
	fn take_over<R>(
		requirement: Usd,
		take: impl FnOnce(&AccountId) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError>;

	/// What the pool bids for `quantity` (> 0) contracts of a series now, for each of them, rounded down;
	/// `None` where it quotes nothing. Says nothing of its capital.
	fn bid(series: SeriesId, quantity: Quantity) -> Option<Price>;

	/// Sells `quantity` (> 0) contracts of `seller` to the pool at its bid and returns the premium, which
	/// `seller` has received. Does not look at the seller's margin. Fails if the pool does not quote, bids
	/// less than `min_premium`, or has not the capital.
	fn buy_from(
		seller: &AccountId,
		series: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
	) -> Result<Usd, DispatchError>;

	/// Pays a keeper from the insurance fund, if the fund has it and the block's governed
	/// allowance for keepers is not used up. Never fails for want of money:
	/// pays what is there and returns it.
	fn pay_keeper(keeper: &AccountId, amount: Usd) -> Result<Usd, DispatchError>;

	/// Books a liquidation penalty as revenue of the clearing house; it comes into the insurance fund first.
	fn collect_penalty(from: &AccountId, amount: Usd) -> DispatchResult;
}
