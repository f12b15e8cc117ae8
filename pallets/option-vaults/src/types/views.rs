//! Vaults as the runtime API shows them.

use super::{
	AssetAmount, Fees, Round, Scheduled, ShareAmount, SharePrice, State, Strategy, VaultId,
	VaultTerms,
};
use ballast_primitives::{AssetId, Price, Quantity, UnderlyingId};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// A vault.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct VaultView<AccountId> {
	/// Its number.
	pub id: VaultId,
	/// Its account at the clearing house.
	pub account: AccountId,
	/// Who sets its terms.
	pub manager: AccountId,
	/// What it writes.
	pub strategy: Strategy,
	/// On what.
	pub underlying: UnderlyingId,
	/// What is deposited.
	pub asset: AssetId,
	/// Decimals of that asset.
	pub decimals: u8,
	/// The terms in force.
	pub terms: VaultTerms,
	/// Terms that come later.
	pub scheduled: Option<Scheduled>,
	/// The round that runs or comes next.
	pub round: Round,
	/// Where it stands.
	pub state: State,
	/// Whether no new round begins.
	pub closed: bool,
	/// Assets of its depositors, locked ones included, options that are open not counted.
	pub assets: AssetAmount,
	/// Shares there are.
	pub shares: ShareAmount,
	/// Price per share of the last settled round; of now, while nothing is locked.
	pub price: SharePrice,
	/// The high-water mark.
	pub high_water: SharePrice,
	/// Deposits that wait.
	pub queued_deposits: AssetAmount,
	/// Shares that wait to leave.
	pub queued_withdrawals: ShareAmount,
	/// Withdrawals that wait to be claimed.
	pub claimable: AssetAmount,
	/// Fees not paid out yet.
	pub fees: Fees,
	/// Annualised change of the price per share over the rounds that are kept, net of fees, in 18 decimals;
	/// `None` if less than a day has passed.
	pub annualised: Option<i128>,
}

/// What somebody has in a vault, brought up to date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HolderView {
	/// Shares, without those that are queued to leave.
	pub shares: ShareAmount,
	/// Their value at the vault's price per share.
	pub value: AssetAmount,
	/// A deposit that waits for its turn; it can be cancelled.
	pub queued_deposit: AssetAmount,
	/// Shares that wait to leave.
	pub queued_withdrawal: ShareAmount,
	/// Assets of past withdrawals that can be claimed.
	pub claimable: AssetAmount,
}

/// What a part of a premium auction costs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OfferedPrice {
	/// Contracts that are left.
	pub unsold: Quantity,
	/// Price per contract, in quote currency.
	pub price: Price,
	/// Premium for the quantity asked for, in the smallest unit of the vault's asset.
	pub premium: AssetAmount,
}
