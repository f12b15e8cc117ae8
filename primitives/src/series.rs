//! What an option contract is.

use crate::{Moment, Price, Ratio, UnderlyingId};
use ballast_math::black76::Kind;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::ArithmeticError;

/// The right that the holder has.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum OptionKind {
	/// To receive what the underlying is worth above the strike.
	Call,
	/// To receive what the underlying is worth below the strike.
	Put,
}

impl From<OptionKind> for Kind {
	fn from(kind: OptionKind) -> Self {
		match kind {
			OptionKind::Call => Kind::Call,
			OptionKind::Put => Kind::Put,
		}
	}
}

/// American series that may wait for settlement at a time. What early exercise adds to the risk of a
/// series takes milliseconds, once in a block for each of them, and every weight counts with all.
pub const MAX_AMERICAN_SERIES: u32 = 4;

/// When the right may be used.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum Style {
	/// At expiry only; what is in the money is exercised by itself.
	European,
	/// At any time up to expiry, at which what is in the money is exercised by itself.
	American,
}

/// What the payoff is paid in.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum Settlement {
	/// The quote currency.
	Cash,
	/// The underlying itself: a call pays `(S - K) / S` units. European calls only. A short is
	/// covered: units of the underlying, as many as contracts, are locked as long as it lives.
	InKind,
}

/// How far a series is in its life.
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
pub enum SeriesState {
	/// Trading, until its expiry.
	Live,
	/// Past its expiry; its settlement price is not known yet, positions are frozen.
	Expired,
	/// Settled: each contract is worth exactly `payoff`.
	Settled {
		/// Time-weighted average of the underlying over the settlement window.
		price: Price,
		/// What one long contract receives and one short contract pays.
		payoff: Price,
	},
}

/// One option contract on one unit of its underlying.
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
pub struct Series {
	/// What it is written on.
	pub underlying: UnderlyingId,
	/// Call or put.
	pub kind: OptionKind,
	/// When it may be exercised.
	pub style: Style,
	/// What it pays in.
	pub settlement: Settlement,
	/// Strike price.
	pub strike: Price,
	/// Market time at which it expires.
	pub expiry: Moment,
	/// How far it is in its life.
	pub state: SeriesState,
}

impl Series {
	/// Payoff of one contract at a price of the underlying. Exact.
	pub fn payoff(&self, price: Price) -> Result<Price, ArithmeticError> {
		let (high, low) = match self.kind {
			OptionKind::Call => (price, self.strike),
			OptionKind::Put => (self.strike, price),
		};
		if high <= low {
			return Ok(Price::ZERO);
		}
		high.checked_sub(low)
	}

	/// Units of the underlying that one contract of an in-kind series pays at a settlement price,
	/// `payoff / S`, rounded up for whoever owes them or down for whoever receives them. Below one.
	/// [`ArithmeticError::DivisionByZero`] at a price of zero.
	pub fn payoff_units(&self, price: Price, owed: bool) -> Result<Ratio, ArithmeticError> {
		let payoff = self.payoff(price)?;
		if owed {
			payoff.share_of_ceil(price)
		} else {
			payoff.share_of_floor(price)
		}
	}

	/// Whether shorts of this series must be covered with units of the underlying.
	pub const fn is_in_kind(&self) -> bool {
		matches!(self.settlement, Settlement::InKind)
	}
}
