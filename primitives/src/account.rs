//! Status and health of a margin account.

use crate::Usd;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What may happen to an account.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum AccountStatus {
	/// Equity covers initial margin.
	Safe,
	/// Equity covers maintenance but not initial margin: no withdrawal, no new risk.
	BelowInitial,
	/// Equity is below maintenance margin: anyone may start its liquidation.
	Liquidatable,
	/// Equity is negative: what is missing is borne by the loss waterfall.
	Bankrupt,
	/// Depends on a price that is not usable now: neither safe nor unsafe.
	Unknown,
}

/// Equity and requirements of one account at this block's tick, in quote currency.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct AccountHealth {
	/// What may happen to it.
	pub status: AccountStatus,
	/// Cash + mark of collateral + mark of positions.
	pub equity: Usd,
	/// Initial margin: the equity needed to open a position or withdraw.
	pub initial: Usd,
	/// Maintenance margin: the equity needed to be left alone.
	pub maintenance: Usd,
	/// Cash; negative is a loan against collateral.
	pub cash: Usd,
	/// Mark value of the collateral.
	pub collateral: Usd,
	/// Mark value of the options, long minus short.
	pub options: Usd,
	/// `equity - maintenance` if every unusable leg took its best value; equals the excess
	/// `equity - maintenance` when all prices are usable.
	pub excess_best: Usd,
	/// The same if every unusable leg took its worst value.
	pub excess_worst: Usd,
}
