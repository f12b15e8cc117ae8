//! The explanation of an account: plain types that know nothing of the pallet.

use crate::{types::UnderlyingRequirement, Cover};
use ballast_primitives::{
	params::ScenarioRule, AccountHealth, Moment, Price, Quantity, Ratio, ScanRange, SeriesId,
	UnderlyingId, Usd,
};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

use alloc::vec::Vec;

/// How an account stands, why, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountExplanation {
	/// Equity, requirements and status.
	pub health: AccountHealth,
	/// Maintenance margin over equity, rounded up: above one exactly if the account may be liquidated.
	/// `None` if equity is not above zero. What is on an unusable price counts at the last one.
	pub margin_ratio: Option<Ratio>,
	/// What settled positions and early exercise have brought and is not cash yet. Counted in the
	/// health's `options`.
	pub claims: Usd,
	/// What the account pays on its loan or earns on its cash now.
	pub interest: Interest,
	/// Quote currency that the account may withdraw, before the chain-wide limit. `None` while a price
	/// that decides it is not usable.
	pub withdrawable: Option<Usd>,
	/// Equity above initial margin if long options lend nothing: what bounds withdrawals. `None` while
	/// a price that decides it is not usable.
	pub headroom: Option<Usd>,
	/// What opposite risks on different underlyings are credited in maintenance margin: the sum of
	/// the underlyings' requirements less the account's.
	pub credit_maintenance: Usd,
	/// The same in initial margin.
	pub credit_initial: Usd,
	/// Each underlying by itself.
	pub underlyings: Vec<UnderlyingExplanation>,
	/// Covered positions. They and what is locked behind them take no part in equity or margin, and no
	/// liquidation touches them.
	pub covered: Vec<CoveredPosition>,
	/// What they are worth to their owner: covers and marks together.
	pub covered_value: Usd,
	/// The shortest of the distances to liquidation. `None` if there is none.
	pub nearest: Option<NearestLiquidation>,
	/// Seconds of market time until the account may be liquidated if no price moves: scan ranges go on
	/// towards their targets, thresholds that are ramped towards the new ones, and the requirement with them.
	/// Zero if it may be already, `None` if never. The passing of time itself (positions near their expiry,
	/// interest) is left out, and so is the end of what the guardian has tightened.
	pub seconds_to_liquidation: Option<Moment>,
}

/// What cash earns or costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Interest {
	/// There is no cash and no loan.
	None,
	/// Cash earns this rate a year.
	Earns(Ratio),
	/// The loan costs this rate a year.
	Pays(Ratio),
}

/// Which way a price moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Direction {
	/// It rises.
	Up,
	/// It falls.
	Down,
}

/// The move of one underlying that leads to liquidation first, in scan ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct NearestLiquidation {
	/// The underlying.
	pub underlying: UnderlyingId,
	/// Which way its price moves.
	pub direction: Direction,
	/// How far, in scan ranges of maintenance margin.
	pub ranges: Ratio,
}

/// One underlying: what is required of it, and why.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnderlyingExplanation {
	/// The requirement, term by term.
	pub requirement: UnderlyingRequirement,
	/// Why, and how far it is to liquidation. `None` while its price is not usable.
	pub reasons: Option<Reasons>,
}

/// Why an underlying's holdings need what they need, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Reasons {
	/// The price of the underlying.
	pub spot: Price,
	/// How far spot moves in the scenarios.
	pub scan: ScanRange,
	/// The scan part of maintenance margin.
	pub maintenance: ScanPart,
	/// The scan part of initial margin.
	pub initial: ScanPart,
	/// What each position adds to it.
	pub legs: Vec<LegPart>,
	/// What the units of the underlying add to it.
	pub units: UnitsPart,
	/// If the underlying alone rises.
	pub up: Outlook,
	/// If it alone falls.
	pub down: Outlook,
}

/// How the scan part of a requirement comes about: `raised + charges + adjustment = total`, `raised` being the
/// sum of what legs and units add.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ScanPart {
	/// The scenario in which the holdings lose most. `None` if they lose in none.
	pub scenario: Option<ScenarioRule>,
	/// Its weighted loss.
	pub loss: Usd,
	/// What it is multiplied by: one for maintenance margin.
	pub factor: Ratio,
	/// Their product.
	pub raised: Usd,
	/// The requirement's charges for basis, vol-term and discount; of initial margin, for confidence too.
	pub charges: Usd,
	/// What the cap by the greatest possible loss takes off, negative; or what lifts the part of initial
	/// margin to that of maintenance margin. A few units of 1e-18 of rounding are in it.
	pub adjustment: Usd,
	/// The scan part of the requirement.
	pub total: Usd,
}

/// What one position adds: its loss in the binding scenario, weighted and multiplied as the whole is; negative
/// for a hedge. Rounded so that all of them, with the units', add up to `raised` to the last unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LegPart {
	/// Its series.
	pub series: SeriesId,
	/// Contracts; negative is short.
	pub quantity: Quantity,
	/// What they are worth now, rounded down.
	pub mark: Usd,
	/// What they add to the scan part of maintenance margin.
	pub maintenance: Usd,
	/// What they add to that of initial margin.
	pub initial: Usd,
}

/// What the units of an underlying add, as [`LegPart`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnitsPart {
	/// Units held as collateral, and units that settled series owe the account.
	pub quantity: Quantity,
	/// What they add to the scan part of maintenance margin.
	pub maintenance: Usd,
	/// What they add to that of initial margin.
	pub initial: Usd,
}

/// What a move of one underlying's price alone would do; volatilities by moneyness, carry, other prices and
/// scan ranges stay. Looked up to four scan ranges away, and down to a twentieth of the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Outlook {
	/// Where the account may be liquidated; `None` if nowhere within that reach.
	pub liquidation: Option<LiquidationPoint>,
	/// The price at which equity is zero: where the account becomes bankrupt, or, if it is, where it
	/// would no longer be. `None` if nowhere within that reach.
	pub bankruptcy: Option<Price>,
}

/// Where an account falls below maintenance margin. Found to a 64th of a scan range, and placed within it by
/// a straight line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LiquidationPoint {
	/// How far away, in scan ranges of maintenance margin; zero if the account may be liquidated now.
	pub ranges: Ratio,
	/// The price there.
	pub spot: Price,
}

/// A covered position, valued at the last accepted price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CoveredPosition {
	/// Its series.
	pub series: SeriesId,
	/// Contracts, brought up to date; not above zero.
	pub quantity: Quantity,
	/// What is locked behind them.
	pub cover: Cover,
	/// What that is worth.
	pub cover_value: Usd,
	/// What the contracts are worth, with what early exercise has cost and is not paid yet: not above
	/// zero.
	pub mark: Usd,
}
