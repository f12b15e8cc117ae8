//! Shares: what depositors have, and the turns at which they come and go.

use super::{AssetAmount, ShareAmount, SHARE_DECIMALS};
use ballast_math::{vault::Pot, MathError};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A price per share, exactly: so many of the asset's smallest unit for so many shares.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct SharePrice {
	/// Assets.
	pub assets: AssetAmount,
	/// Shares that they stand behind.
	pub shares: ShareAmount,
}

impl SharePrice {
	/// The price at which a vault of an asset with so many decimals begins: a whole share for a whole unit.
	pub fn first(decimals: u8) -> Self {
		Self { assets: 1, shares: shares_per_unit(decimals) }
	}

	/// In the numbers of the kernel.
	pub const fn pot(self) -> Pot {
		Pot { assets: self.assets, shares: self.shares }
	}

	/// Shares for assets, rounded down.
	pub fn shares_for(self, assets: AssetAmount, decimals: u8) -> Result<ShareAmount, MathError> {
		self.pot().shares_floor(assets, shares_per_unit(decimals))
	}

	/// Assets for shares, rounded down.
	pub fn assets_for(self, shares: ShareAmount) -> Result<AssetAmount, MathError> {
		self.pot().assets_floor(shares)
	}
}

/// Shares for the smallest unit of an asset when there are none yet.
fn shares_per_unit(decimals: u8) -> u128 {
	10u128.saturating_pow(u32::from(SHARE_DECIMALS.saturating_sub(decimals)))
}

/// Something queued until a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Queued {
	/// The turn at which it takes place.
	pub turn: u32,
	/// How much: assets of a deposit, shares of a withdrawal.
	pub amount: u128,
}

impl Queued {
	/// Whether there is anything that took place at an earlier turn than the vault's next one.
	pub const fn is_past(&self, turn: u32) -> bool {
		self.amount > 0 && self.turn < turn
	}
}

/// What somebody has in a vault. Brought up to date whenever they do something, at the stored price of the
/// turn at which it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Holder {
	/// Shares, without those that are queued to leave.
	pub shares: ShareAmount,
	/// A deposit that has not become shares here yet.
	pub deposit: Queued,
	/// Shares that leave, or have left and were not claimed yet.
	pub withdrawal: Queued,
}

impl Holder {
	/// Whether there is nothing: such a holder is not stored.
	pub const fn is_empty(&self) -> bool {
		self.shares == 0 && self.deposit.amount == 0 && self.withdrawal.amount == 0
	}
}

/// A turn that took place: at what price deposits came in and withdrawals went out, and what of both their
/// owners have not taken up yet. Removed with the last of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Turn {
	/// The price.
	pub price: SharePrice,
	/// Deposits whose owners have not got their shares yet.
	pub deposits: AssetAmount,
	/// Shares issued for them.
	pub issued: ShareAmount,
	/// Shares withdrawn whose owners have not got their assets yet.
	pub withdrawals: ShareAmount,
	/// Assets set aside for them.
	pub paid: AssetAmount,
}

impl Turn {
	/// Hands out shares for a deposit of this turn, rounded down. Returns them, and those that roundings
	/// have left if it was the last one.
	pub fn take_deposit(
		&mut self,
		amount: AssetAmount,
		decimals: u8,
	) -> Result<(ShareAmount, ShareAmount), MathError> {
		let shares = self.price.shares_for(amount, decimals)?.min(self.issued);
		self.deposits = self.deposits.checked_sub(amount).ok_or(MathError::Overflow)?;
		self.issued = self.issued.saturating_sub(shares);
		let rest = if self.deposits == 0 { core::mem::take(&mut self.issued) } else { 0 };
		Ok((shares, rest))
	}

	/// Hands out assets for shares withdrawn at this turn, rounded down. Returns them, and those that
	/// roundings have left if it was the last one.
	pub fn take_withdrawal(
		&mut self,
		shares: ShareAmount,
	) -> Result<(AssetAmount, AssetAmount), MathError> {
		let assets = self.price.assets_for(shares)?.min(self.paid);
		self.withdrawals = self.withdrawals.checked_sub(shares).ok_or(MathError::Overflow)?;
		self.paid = self.paid.saturating_sub(assets);
		let rest = if self.withdrawals == 0 { core::mem::take(&mut self.paid) } else { 0 };
		Ok((assets, rest))
	}

	/// Whether everybody has got what is theirs.
	pub const fn is_done(&self) -> bool {
		self.deposits == 0 && self.withdrawals == 0
	}
}
