//! What a manager decides: how strikes are chosen, how premiums are auctioned, what it costs.

use super::{AssetAmount, Round};
use ballast_primitives::{params::VaultRules, Moment, OptionKind, Ratio};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a vault writes.
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
pub enum Strategy {
	/// Calls that are settled in the underlying, each covered by a unit of it. Deposits are in the
	/// underlying.
	CoveredCall,
	/// Puts settled in cash, each secured by its strike in cash. Deposits are in the quote currency.
	CashSecuredPut,
}

impl Strategy {
	/// The right that is sold.
	pub const fn kind(&self) -> OptionKind {
		match self {
			Self::CoveredCall => OptionKind::Call,
			Self::CashSecuredPut => OptionKind::Put,
		}
	}
}

/// How the strike of a round is chosen, out of the money and on the grid of the listing.
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
pub enum StrikeRule {
	/// The strike nearest to the money whose delta has at most this magnitude.
	Delta(Ratio),
	/// This share of spot away from it, rounded away from the money.
	Distance(Ratio),
}

/// When a round's options expire.
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
pub enum ExpiryRule {
	/// Next Friday.
	Weekly,
	/// Next last Friday of a month.
	Monthly,
}

/// What a manager decides. Bounds are governed (`riskParams.vaults`).
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
pub struct VaultTerms {
	/// How the strike is chosen.
	pub strike: StrikeRule,
	/// When options expire.
	pub expiry: ExpiryRule,
	/// Price at which the premium auction starts, as a share of the average mark.
	pub start: Ratio,
	/// Price at which it ends, as a share of the average mark.
	pub reserve: Ratio,
	/// How long it lasts, in seconds of market time.
	pub auction: Moment,
	/// Share a year of what was locked.
	pub management_fee: Ratio,
	/// Share of what the price per share rose above its high-water mark.
	pub performance_fee: Ratio,
	/// Most that the vault takes, in the smallest unit of its asset.
	pub capacity: AssetAmount,
}

/// Terms that come into force with the beginning of a round.
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
pub struct Scheduled {
	/// The terms.
	pub terms: VaultTerms,
	/// The round.
	pub from: Round,
}

impl VaultTerms {
	/// The first term that is outside the governed bounds, if any is.
	pub fn outside(&self, rules: &VaultRules) -> Option<TermBound> {
		let strike = match self.strike {
			StrikeRule::Delta(delta) => (rules.delta_min..=rules.delta_max).contains(&delta),
			StrikeRule::Distance(distance) => {
				(rules.distance_min..=rules.distance_max).contains(&distance)
			}
		};
		let checks = [
			(strike, TermBound::Strike),
			(self.reserve >= rules.reserve_min, TermBound::Reserve),
			(self.start >= self.reserve && self.start <= rules.start_max, TermBound::Start),
			((rules.auction_min..=rules.auction_max).contains(&self.auction), TermBound::Auction),
			(self.management_fee <= rules.management_fee_max, TermBound::ManagementFee),
			(self.performance_fee <= rules.performance_fee_max, TermBound::PerformanceFee),
			(self.capacity > 0, TermBound::Capacity),
		];
		checks.into_iter().find(|(holds, _)| !holds).map(|(_, bound)| bound)
	}

	/// The terms within bounds that have become narrower since they were set.
	pub fn within(self, rules: &VaultRules) -> Self {
		// Governance keeps every minimum below its maximum; `max` first cannot panic if it did not.
		let held = |value: Ratio, least: Ratio, most: Ratio| value.max(least).min(most);
		let strike = match self.strike {
			StrikeRule::Delta(delta) => {
				StrikeRule::Delta(held(delta, rules.delta_min, rules.delta_max))
			}
			StrikeRule::Distance(distance) => {
				StrikeRule::Distance(held(distance, rules.distance_min, rules.distance_max))
			}
		};
		let reserve = self.reserve.max(rules.reserve_min);
		Self {
			strike,
			reserve,
			start: self.start.min(rules.start_max).max(reserve),
			auction: self.auction.max(rules.auction_min).min(rules.auction_max),
			management_fee: self.management_fee.min(rules.management_fee_max),
			performance_fee: self.performance_fee.min(rules.performance_fee_max),
			..self
		}
	}
}

/// A bound of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermBound {
	/// Delta or distance of the strike.
	Strike,
	/// Reserve price.
	Reserve,
	/// Price at the start.
	Start,
	/// Length of the auction.
	Auction,
	/// Management fee.
	ManagementFee,
	/// Performance fee.
	PerformanceFee,
	/// Capacity.
	Capacity,
}
