//! What a node answers about margin accounts.
#![allow(clippy::multiple_bound_locations, reason = "in what `decl_runtime_apis` expands to")]

use crate::types::{AccountView, IdentityReport, UnderlyingRequirement};
use ballast_primitives::{AccountHealth, Usd};
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

		/// Quote currency that the account may withdraw now.
		fn withdrawable(who: AccountId) -> Result<Usd, DispatchError>;

		/// The money identity, computed from the state of all accounts:
		/// `held = cash + claims + deficit + residue`. Slow on a chain with many accounts: for
		/// sampling, not for every block.
		fn check_identities() -> Result<IdentityReport, DispatchError>;
	}
}
