//! What is stored of an era.

use ballast_primitives::Usd;
use frame_support::pallet_prelude::*;

/// The stakers' share of the revenue of an era.
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
pub struct Pot {
	/// What is shared among all who staked in the era.
	pub amount: Usd,
	/// What of it was not paid out yet.
	pub unpaid: Usd,
}
