//! Which transactions of the offchain worker are valid.

use crate::{Config, Pallet};
use frame_support::{
	pallet_prelude::{
		InvalidTransaction, TransactionSource, TransactionValidityWithRefund, ValidTransaction,
	},
	traits::Get,
	weights::Weight,
};

/// What the transactions of this pallet provide is tagged with this and the account.
pub(crate) const TAG: &str = "ballast/liquidate";
/// Blocks that an unsigned liquidation stays in the pool: the next author's worker proposes it again.
const LONGEVITY: u64 = 4;

impl<T: Config> Pallet<T> {
	/// Valid from this node's own worker or inside a block, for an account that fails and is not
	/// under auction. One transaction per account is in the pool at a time; it is not gossiped,
	/// because other nodes would refuse it.
	pub(crate) fn authorize_liquidation(
		source: TransactionSource,
		account: &T::AccountId,
	) -> TransactionValidityWithRefund {
		if !matches!(source, TransactionSource::Local | TransactionSource::InBlock) {
			return Err(InvalidTransaction::Call.into());
		}
		if !Self::is_candidate(account) {
			return Err(InvalidTransaction::Stale.into());
		}
		ValidTransaction::with_tag_prefix(TAG)
			.priority(T::LiquidationPriority::get())
			.and_provides(account)
			.longevity(LONGEVITY)
			.propagate(false)
			.build()
			.map(|valid| (valid, Weight::zero()))
	}
}
