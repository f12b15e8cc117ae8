//! Identifiers. Each is its own type, so that an underlying cannot be passed for a series.

use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An asset of `pallet-assets`: the quote currency or a collateral.
pub type AssetId = u32;

/// Declares an identifier: a new type over an integer, ordered and usable as a storage key.
macro_rules! id {
	($(#[$doc:meta])* $name:ident($int:ty)) => {
		$(#[$doc])*
		#[derive(
			Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
			DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
		)]
		pub struct $name(pub $int);
	};
}

id! {
	/// Something with a spot price and a volatility surface: BTC, ETH, DOT ...
	UnderlyingId(u16)
}
id! {
	/// One option contract: underlying, kind, style, settlement, strike and expiry.
	SeriesId(u32)
}
