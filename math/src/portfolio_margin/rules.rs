//! The data of a scenario model.

use crate::{
	contingency::{Basis, Confidence, Depeg, StaticDiscount},
	error::MathError,
	fixed::{Rounding, Q64},
	margin_model::number::{add, mul, sub},
	scenario::{Scenario, Skew, SkewShock, SpotMove, VolMove, VolShock},
};

/// Most scenarios in a set.
pub const MAX_SHIFTS: usize = 40;

/// One scenario: a joint move of spot, volatility and smile, and how much of what it costs counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
	/// How spot moves.
	pub spot: SpotMove,
	/// How volatility moves.
	pub volatility: VolMove,
	/// How the smile moves.
	pub skew: Skew,
	/// Share of the profit or loss that counts.
	pub weight: Q64,
	/// Amount of quote currency by which a profit or loss is brought towards zero, not negative.
	pub relief: Q64,
}

impl From<Scenario> for Shift {
	fn from(scenario: Scenario) -> Self {
		Self {
			spot: scenario.spot,
			volatility: scenario.volatility,
			skew: Skew::None,
			weight: scenario.weight,
			relief: Q64::ZERO,
		}
	}
}

/// How far volatility moves at which tenor, and how little a fall may leave of it.
///
/// [`VolShock`] with the least share left as a parameter, and the power chosen by the time to expiry
/// itself: a floor above 30 days does not turn a short option into a long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolRule {
	/// Moves, term structure, floors.
	pub shock: VolShock,
	/// Least share of volatility that a fall leaves.
	pub least_left: Q64,
}

impl VolRule {
	/// `min(cap, (30 days / max(T, floor))^p)`, `p` by `T`.
	pub(super) fn multiple(&self, years: Q64) -> Result<Q64, MathError> {
		let month = Q64::from_ratio(30, 365, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let power = if years <= month { self.shock.short_power } else { self.shock.long_power };
		VolShock { short_power: power, long_power: power, ..self.shock }.multiple(years)
	}

	/// Volatility after a move.
	pub(super) fn shocked_by(
		&self,
		volatility: Q64,
		multiple: Q64,
		direction: VolMove,
	) -> Result<Q64, MathError> {
		match direction {
			VolMove::None => Ok(volatility),
			VolMove::Up => {
				let factor = add(Q64::ONE, mul(self.shock.up, multiple)?)?;
				Ok(mul(volatility, factor)?.max(self.shock.least_up))
			}
			VolMove::Down => {
				let left = sub(Q64::ONE, mul(self.shock.down, multiple)?)?;
				mul(volatility, left.max(self.least_left))
			}
		}
	}
}

/// What multiplies the worst loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factors {
	/// For maintenance margin.
	pub maintenance: Q64,
	/// For initial margin.
	pub initial: Q64,
	/// What a depeg of the quote currency adds to the latter.
	pub depeg: Depeg,
	/// Whether the initial factor is on the contingencies of maintenance margin too.
	pub on_contingencies: bool,
}

/// Shares of a notional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
	/// For maintenance margin.
	pub maintenance: Q64,
	/// What initial margin adds.
	pub initial: Q64,
}

/// How an asset counts as collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralRule {
	/// Which asset.
	pub asset: u32,
	/// Whether its value moves with spot, so that it hedges.
	pub moves_with_spot: bool,
	/// Haircuts, as shares of its value.
	pub haircut: Rates,
}

/// Which legs of one strike net for the short contingency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Netting {
	/// All of them.
	Strike,
	/// Those of one expiry.
	StrikeAndExpiry,
}

/// What the basis charge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasisRole {
	/// One scenario more: it counts where it is the worst.
	Scenario,
	/// A contingency: added.
	Added,
}

/// Everything but the scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules<'a> {
	/// Scan range of maintenance margin, for moves in scan ranges.
	pub range_mm: Q64,
	/// The same of initial margin.
	pub range_im: Q64,
	/// How far volatility moves.
	pub volatility: VolRule,
	/// How far the smile moves.
	pub skew: SkewShock,
	/// What net long and short value of an expiry counts for in a scenario.
	pub discount: StaticDiscount,
	/// Factors on the worst loss.
	pub factors: Factors,
	/// Basis charge.
	pub basis: Basis,
	/// What it is.
	pub basis_role: BasisRole,
	/// Charge on perpetuals.
	pub perpetuals: Rates,
	/// Charge on net short options.
	pub shorts: Rates,
	/// Which of them net.
	pub netting: Netting,
	/// Charge for doubt about prices (initial margin only).
	pub confidence: Confidence,
	/// Whether the scan part is capped by what the book can lose.
	pub bounded: bool,
	/// Assets that count as collateral.
	pub collateral: &'a [CollateralRule],
}

impl Rules<'_> {
	/// The rule of an asset; `OutOfDomain` if there is none.
	pub(super) fn collateral(&self, asset: u32) -> Result<CollateralRule, MathError> {
		self.collateral
			.iter()
			.find(|rule| rule.asset == asset)
			.copied()
			.ok_or(MathError::OutOfDomain)
	}
}
