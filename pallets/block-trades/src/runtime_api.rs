//! Runtime API: what wallets and Polkadot.js ask about block trades.

use crate::types::{Collar, OfferView};
use alloc::vec::Vec;
use ballast_primitives::SeriesId;
use parity_scale_codec::Codec;
use sp_runtime::DispatchError;

sp_api::decl_runtime_apis! {
	/// Offers between accounts, and the premiums at which they may trade.
	pub trait BlockTradesApi<AccountId, Balance>
	where
		AccountId: Codec,
		Balance: Codec,
	{
		/// The open offers on a series, oldest first. Whether one can be accepted depends on the
		/// collar, on `counterparty` and on the margin of both accounts as well.
		fn offers(series: SeriesId) -> Vec<OfferView<AccountId, Balance>>;

		/// Everything that an account has offered, oldest first, with what has expired and still
		/// holds a deposit.
		fn offers_of(maker: AccountId) -> Vec<OfferView<AccountId, Balance>>;

		/// The open offers that only this account may accept, oldest first.
		fn offers_to(counterparty: AccountId) -> Vec<OfferView<AccountId, Balance>>;

		/// The least and the greatest premium per contract at which a series may be traded between
		/// accounts now. Fails with the error that `accept` would give.
		fn collar(series: SeriesId) -> Result<Collar, DispatchError>;
	}
}
