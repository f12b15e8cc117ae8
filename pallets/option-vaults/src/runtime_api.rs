//! Runtime API: what wallets and Polkadot.js ask about vaults.

use crate::types::{HolderView, OfferedPrice, RoundRecord, VaultId, VaultView};
use alloc::vec::Vec;
use ballast_primitives::Quantity;
use parity_scale_codec::Codec;
use sp_runtime::DispatchError;

sp_api::decl_runtime_apis! {
	/// Option vaults: what they write, how they stand, what their depositors have.
	pub trait OptionVaultsApi<AccountId>
	where
		AccountId: Codec,
	{
		/// Every vault, in order of numbers.
		fn vaults() -> Vec<VaultView<AccountId>>;

		/// A vault; none if there is no such.
		fn vault(vault: VaultId) -> Option<VaultView<AccountId>>;

		/// The last rounds of a vault (104 of them at most), oldest first: strikes, premiums, payoffs, fees and
		/// prices per share.
		fn rounds(vault: VaultId) -> Vec<RoundRecord>;

		/// What somebody has in a vault; none if there is no such vault.
		fn holder(vault: VaultId, who: AccountId) -> Option<HolderView>;

		/// What so many contracts (18 decimals) cost in the vault's premium auction now. Fails with the error
		/// that `buy` would give if nothing is sold.
		fn offered(vault: VaultId, quantity: Quantity) -> Result<OfferedPrice, DispatchError>;
	}
}
