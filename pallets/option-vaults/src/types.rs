//! What a vault is: plain types that know nothing of the pallet.

mod rounds;
mod shares;
mod terms;
mod views;

pub use rounds::{Auction, Idle, Locked, Outcome, RoundRecord, Selling, Settled, State};
pub use shares::{Holder, Queued, SharePrice, Turn};
pub use terms::{ExpiryRule, Scheduled, Strategy, StrikeRule, TermBound, VaultTerms};
pub use views::{HolderView, OfferedPrice, VaultView};

use ballast_primitives::{AssetId, UnderlyingId};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Number of a vault, counted from zero. Never used again.
pub type VaultId = u32;
/// Number of a round of a vault, counted from zero.
pub type Round = u32;
/// Amounts of a vault's asset, in the asset's smallest unit.
pub type AssetAmount = u128;
/// Numbers of shares, with 18 decimals.
pub type ShareAmount = u128;

/// Vaults that may exist, at most.
pub const MAX_VAULTS: u32 = 256;
/// Past rounds of a vault that are kept.
pub const ROUNDS_KEPT: Round = 104;
/// Decimals of shares: the first depositor of one whole unit of the asset has one whole share.
pub const SHARE_DECIMALS: u8 = 18;

/// Shares that stay in a vault, if any do: a price per share must be finer than any deposit, or newcomers'
/// shares would be rounded away. A millionth of a whole share.
pub const SHARES_LEAST: ShareAmount = 1_000_000_000_000;

/// Fees that are charged and not paid out yet, in the vault's asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Fees {
	/// The manager's part.
	pub manager: AssetAmount,
	/// The treasury's part.
	pub treasury: AssetAmount,
}

/// A vault. What lies in its two accounts of the clearing house is read there, not stored here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Vault<AccountId, Balance> {
	/// Who sets its terms and receives the manager's part of fees.
	pub manager: AccountId,
	/// Native token held of the manager.
	pub bond: Balance,
	/// What it writes.
	pub strategy: Strategy,
	/// On what.
	pub underlying: UnderlyingId,
	/// What is deposited, locked and paid out.
	pub asset: AssetId,
	/// Decimals of that asset.
	pub decimals: u8,
	/// The terms in force.
	pub terms: VaultTerms,
	/// Terms that come into force with a later round.
	pub scheduled: Option<Scheduled>,
	/// The round that runs, or that comes next if none does.
	pub round: Round,
	/// The turn at which deposits and withdrawals that are queued now take place.
	pub turn: u32,
	/// Shares there are.
	pub shares: ShareAmount,
	/// The highest price per share after fees so far: only what is above it pays a performance fee.
	pub high_water: SharePrice,
	/// Deposits that wait for the next turn.
	pub deposits: AssetAmount,
	/// Shares that leave at the next turn.
	pub withdrawals: ShareAmount,
	/// Withdrawals of past turns that their owners have not claimed yet.
	pub claimable: AssetAmount,
	/// Fees not paid out yet.
	pub fees: Fees,
	/// Whether no new round begins.
	pub closed: bool,
	/// Where it stands.
	pub state: State,
}
