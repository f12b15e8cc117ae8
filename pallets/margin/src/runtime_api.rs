//! What a node answers about margin accounts.
#![allow(clippy::multiple_bound_locations, reason = "in what `decl_runtime_apis` expands to")]

use crate::{
	AccountExplanation, AccountView, CashMarketView, IdentityReport, UnderlyingRequirement,
};
use ballast_primitives::{AccountHealth, AssetId, Quantity, Usd};
use parity_scale_codec::Codec;
use sp_runtime::DispatchError;

use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
	/// Margin accounts: what they hold, how they stand, and why.
	pub trait MarginApi<AccountId: Codec> {
		/// Cash, collateral and positions of an account; `None` if it has nothing.
		fn account(who: AccountId) -> Option<AccountView>;

		/// Equity, initial and maintenance margin, and status at this block's prices.
		fn health(who: AccountId) -> Result<AccountHealth, DispatchError>;

		/// The requirement of each underlying, term by term: scan loss, which scenario is the worst,
		/// what bounds the loss, short contingency.
		fn requirement(who: AccountId) -> Result<Vec<UnderlyingRequirement>, DispatchError>;

		/// How an account stands, why, and what would change it: which scenario decides each requirement
		/// and what each position adds to it, how far each price is from a liquidation or from leaving
		/// nothing, when rising scan ranges alone would lead to a liquidation.
		fn explain(who: AccountId) -> Result<AccountExplanation, DispatchError>;

		/// Quote currency that the account may withdraw now.
		fn withdrawable(who: AccountId) -> Result<Usd, DispatchError>;

		/// What loans cost and balances earn now, and how much of all cash is lent.
		fn cash_market() -> Result<CashMarketView, DispatchError>;

		/// How much of an asset may leave the clearing house now, whoever takes it, before the
		/// chain-wide limit; small withdrawals may pass all the same.
		fn withdrawal_room(asset: AssetId) -> Result<Quantity, DispatchError>;

		/// The money identity, computed from the state of all accounts:
		/// `held = cash + covers + claims + dues + fees + deficit + residue`. Slow on a chain with many accounts: for
		/// sampling, not for every block.
		fn check_identities() -> Result<IdentityReport, DispatchError>;
	}
}
