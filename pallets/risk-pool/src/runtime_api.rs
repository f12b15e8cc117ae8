//! Runtime API: what wallets and Polkadot.js ask the pool.

use crate::{
	risk::PoolRisk,
	types::{OwnAccounts, PoolView, ProviderView, Quote},
};
use ballast_primitives::{Quantity, SeriesId};
use parity_scale_codec::Codec;
use sp_runtime::DispatchError;

sp_api::decl_runtime_apis! {
	/// Quotes of the mutual pool, and how it and its providers stand.
	pub trait PoolApi<AccountId>
	where
		AccountId: Codec,
	{
		/// What the pool asks and bids for `quantity` contracts of a series now, term by term, with
		/// the premium of either side and whether the pool's capital carries it. Fails with the
		/// error that `buy` and `sell` would give.
		fn quote(series: SeriesId, quantity: Quantity) -> Result<Quote, DispatchError>;

		/// Net asset value, share price, capital and its use, the insurance fund, the deficit
		/// account, the event window and the lengths of the queues.
		fn pool() -> Result<PoolView, DispatchError>;

		/// What the pool could lose in a day: value at risk and expected shortfall by filtered
		/// historical simulation, with the share of every underlying and series. Fails with
		/// `HistoryTooShort` if too few days are known.
		fn risk() -> Result<PoolRisk, DispatchError>;

		/// A provider's shares, their value, and what it has queued, with the tickets by which
		/// that can be cancelled.
		fn provider(who: AccountId) -> ProviderView;

		/// The accounts of the clearing house that belong to the pool, the insurance fund and the
		/// queue of deposits.
		fn accounts() -> OwnAccounts<AccountId>;
	}
}
