//! What the pallet stores and shows. Nothing here knows of `Config`.

use ballast_primitives::{Moment, Price, Quantity, SeriesId, Usd};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// Number under which an offer is known; never used again.
pub type OfferId = u64;

/// What somebody does with contracts.
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
pub enum Side {
	/// Receives them and pays the premium.
	Buy,
	/// Gives them, or writes them, and receives the premium.
	Sell,
}

impl Side {
	/// What the other one does.
	pub const fn other(self) -> Self {
		match self {
			Self::Buy => Self::Sell,
			Self::Sell => Self::Buy,
		}
	}

	/// By how much the position changes.
	pub fn change(self, quantity: Quantity) -> Result<Quantity, ArithmeticError> {
		match self {
			Self::Buy => Ok(quantity),
			Self::Sell => quantity.checked_neg(),
		}
	}
}

/// A stored offer to trade. Its terms never change, only what is left of it.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Offer<AccountId, Balance> {
	/// Who made it.
	pub maker: AccountId,
	/// The series.
	pub series: SeriesId,
	/// What the maker does.
	pub side: Side,
	/// Contracts that nobody has accepted yet. Above zero.
	pub quantity: Quantity,
	/// Premium per contract.
	pub price: Price,
	/// The only account that may accept it; `None`: anybody may.
	pub counterparty: Option<AccountId>,
	/// Market time from which on it cannot be accepted any more.
	pub expires: Moment,
	/// Native token held of the maker while the offer is stored.
	pub deposit: Balance,
}

impl<AccountId: PartialEq, Balance> Offer<AccountId, Balance> {
	/// Whether this account is one that may accept it.
	pub fn is_for(&self, taker: &AccountId) -> bool {
		self.counterparty.as_ref().is_none_or(|named| named == taker)
	}

	/// Buyer and seller, if this account accepts.
	pub fn parties<'a>(&'a self, taker: &'a AccountId) -> (&'a AccountId, &'a AccountId) {
		match self.side {
			Side::Buy => (&self.maker, taker),
			Side::Sell => (taker, &self.maker),
		}
	}

	/// Premium of a quantity, rounded for the maker: up if the maker sells, down if the maker buys. So
	/// many small fills never cost the maker more than one large one.
	pub fn premium(&self, quantity: Quantity) -> Result<Usd, ArithmeticError> {
		match self.side {
			Side::Buy => self.price.value_floor(quantity),
			Side::Sell => self.price.value_ceil(quantity),
		}
	}
}

/// An offer as wallets see it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OfferView<AccountId, Balance> {
	/// Its number.
	pub id: OfferId,
	/// Whether it is neither expired nor on a series that is not live.
	pub open: bool,
	/// Its terms.
	pub offer: Offer<AccountId, Balance>,
}

/// The premiums per contract at which a series may be traded between accounts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Collar {
	/// The least.
	pub low: Price,
	/// The greatest.
	pub high: Price,
}

impl Collar {
	/// Whether a premium per contract is inside; the edges are.
	pub fn contains(&self, price: Price) -> bool {
		(self.low..=self.high).contains(&price)
	}
}
