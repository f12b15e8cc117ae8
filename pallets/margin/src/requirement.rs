//! What `ballast_math::requirement` is asked, in its numbers, and its answer in the ledger's.

use crate::{arrays::Market, holdings::Group, types::UnderlyingRequirement, Config};
use ballast_math::{
	contingency::{Confidence, Depeg},
	fixed::{Rounding, Q64},
	requirement::{Contingencies, Margins, ValueRange},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
};
use ballast_primitives::{
	arithmetic,
	params::{self, MarginRules, ScenarioRule, UnderlyingRisk},
	time::YEAR,
	Moment, Ratio, Usd,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::{traits::Get, Blake2_128, StorageHasher};
use parity_scale_codec::Encode;
use sp_runtime::{ArithmeticError, DispatchError, FixedI128};

use alloc::vec::Vec;

/// The margin rules in the numbers of the kernel, and the time: loaded once per account.
pub(crate) struct Rules {
	scenarios: Vec<Scenario>,
	base: Contingencies,
	confidence: Confidence,
	diversification: Q64,
	digest: [u8; 16],
	now: Moment,
	keep_arrays: bool,
}

impl Rules {
	/// The rules in force. What is computed under them is stored for the next account.
	pub fn load<T: Config>() -> Result<Self, DispatchError> {
		Ok(Self { keep_arrays: true, ..Self::for_view::<T>()? })
	}

	/// The same for a look that leaves no trace.
	pub fn for_view<T: Config>() -> Result<Self, DispatchError> {
		Ok(Self::of::<T>(T::Parameters::margin())?)
	}

	/// Those that will be in force so many blocks from now, for a look from there.
	pub fn in_blocks<T: Config>(blocks: u32) -> Result<Self, ArithmeticError> {
		Self::of::<T>(T::Parameters::margin_in(blocks))
	}

	fn of<T: Config>(rules: MarginRules) -> Result<Self, ArithmeticError> {
		Ok(Self {
			scenarios: rules.scenarios.iter().map(scenario).collect::<Result<_, _>>()?,
			base: Contingencies {
				initial_factor: initial_factor::<T>(&rules)?,
				vol_term: rules.vol_term.to_q64()?,
				long_value: rules.long_value.to_q64()?,
				long_value_rate: rules.long_value_rate.to_q64()?,
				..Contingencies::NONE
			},
			confidence: Confidence {
				threshold: rules.confidence_threshold.to_q64()?,
				slope: rules.confidence_slope.to_q64()?,
			},
			diversification: rules.diversification.to_q64()?,
			digest: Blake2_128::hash(&rules.encode()),
			now: T::Market::now(),
			keep_arrays: false,
		})
	}

	/// What the rules common to all underlyings add to scan losses.
	pub const fn base(&self) -> Contingencies {
		self.base
	}

	/// What disagreement of the operators costs.
	pub const fn confidence(&self) -> &Confidence {
		&self.confidence
	}

	/// Share that is credited for opposite risks.
	pub const fn diversification(&self) -> Q64 {
		self.diversification
	}

	/// How a scenario moves spot: only the sign means something.
	pub fn spot_move(&self, scenario: u8) -> Q64 {
		let scenario = self.scenarios.get(usize::from(scenario));
		scenario.map_or(Q64::ZERO, |scenario| match scenario.spot {
			SpotMove::ScanRanges(ranges) => ranges,
			SpotMove::Multiple(multiple) => multiple.checked_sub(Q64::ONE).unwrap_or(Q64::ZERO),
		})
	}

	/// The scenarios.
	pub fn scenarios(&self) -> &[Scenario] {
		&self.scenarios
	}

	/// Blake2-128 of the rules.
	pub const fn digest(&self) -> [u8; 16] {
		self.digest
	}

	/// Market time.
	pub const fn now(&self) -> Moment {
		self.now
	}

	/// Whether arrays that are computed are stored.
	pub const fn keeps_arrays(&self) -> bool {
		self.keep_arrays
	}
}

/// The governed factor, and what a quote currency below its peg adds. It has a price of its own if it
/// is listed as an underlying; else it is worth what it says.
fn initial_factor<T: Config>(rules: &MarginRules) -> Result<Q64, ArithmeticError> {
	let factor = rules.initial_factor.to_q64()?;
	let quote = T::Series::underlying_of(T::QuoteAsset::get()).and_then(T::Market::state);
	let Some(quote) = quote else { return Ok(factor) };
	let depeg =
		Depeg { threshold: rules.depeg_threshold.to_q64()?, slope: rules.depeg_slope.to_q64()? };
	let added = depeg.added(quote.spot.to_q64()?).map_err(arithmetic)?;
	factor.checked_add(added).ok_or(ArithmeticError::Overflow)
}

fn scenario(rule: &ScenarioRule) -> Result<Scenario, ArithmeticError> {
	let signed =
		|value: FixedI128| Q64::from_e18(value.into_inner()).ok_or(ArithmeticError::Overflow);
	let spot = match rule.spot {
		params::SpotMove::ScanRanges(ranges) => SpotMove::ScanRanges(signed(ranges)?),
		params::SpotMove::Multiple(multiple) => SpotMove::Multiple(multiple.to_q64()?),
	};
	let volatility = match rule.volatility {
		params::VolMove::Up => VolMove::Up,
		params::VolMove::None => VolMove::None,
		params::VolMove::Down => VolMove::Down,
	};
	Ok(Scenario { spot, volatility, weight: rule.weight.to_q64()? })
}

pub(crate) fn shock(risk: &UnderlyingRisk) -> Result<VolShock, ArithmeticError> {
	let floor = i128::from(risk.volatility_floor_time);
	Ok(VolShock {
		up: risk.volatility_up.to_q64()?,
		down: risk.volatility_down.to_q64()?,
		short_power: risk.short_term_power.to_q64()?,
		long_power: risk.long_term_power.to_q64()?,
		floor_years: Q64::from_ratio(floor, i128::from(YEAR), Rounding::Nearest)
			.ok_or(ArithmeticError::Overflow)?,
		cap: risk.volatility_move_cap.to_q64()?,
		least_up: risk.least_shocked_volatility.to_q64()?,
	})
}

/// A mark: the ledger's number.
fn mark(value: Q64) -> Result<Usd, ArithmeticError> {
	Usd::from_q64(value, Rounding::Nearest)
}

/// A requirement: rounded up.
pub(crate) fn up(value: Q64) -> Result<Usd, ArithmeticError> {
	Usd::from_q64(value, Rounding::Ceil)
}

impl UnderlyingRequirement {
	pub(crate) fn nothing(group: &Group) -> Self {
		Self {
			underlying: group.underlying,
			usable: false,
			collateral: Usd::ZERO,
			options: Usd::ZERO,
			least: Usd::ZERO,
			greatest: Usd::ZERO,
			loss: Usd::ZERO,
			scan_maintenance: Usd::ZERO,
			scan_initial: Usd::ZERO,
			greatest_loss: None,
			basis: Usd::ZERO,
			vol_term: Usd::ZERO,
			confidence: Usd::ZERO,
			discount: Usd::ZERO,
			peg: Usd::ZERO,
			initial_factor: Ratio::ONE,
			open_interest_factor: Ratio::ONE,
			contingency_maintenance: Usd::ZERO,
			contingency_initial: Usd::ZERO,
			maintenance: Usd::ZERO,
			initial: Usd::ZERO,
			binding_maintenance: 0,
			binding_initial: 0,
		}
	}

	pub(crate) fn usable(
		group: &Group,
		collateral: Usd,
		margins: &Margins,
		market: &Market,
	) -> Result<Self, ArithmeticError> {
		let options = mark(margins.mark)?;
		let value = collateral.checked_add(options)?;
		// The kernel's product of units and price is a binary one. Where the ledger's exact one is
		// less, there is less to lose, and no requirement on value alone is above the value.
		let excess = up(margins.units_value)?.checked_sub(collateral)?.max(Usd::ZERO);
		let to_lose = |most: Usd| Ok(most.checked_sub(excess)?.max(Usd::ZERO));
		let greatest_loss = margins.l_max.map(|most| to_lose(up(most)?)).transpose()?;
		let capped = |scan: Usd| greatest_loss.map_or(scan, |most| scan.min(most));
		let (scan_mm, scan_im) = (up(margins.scan_mm)?, up(margins.scan_im)?);
		let (scan_maintenance, scan_initial) = (capped(scan_mm), capped(scan_im));
		let (over_mm, over_im) =
			(scan_mm.checked_sub(scan_maintenance)?, scan_im.checked_sub(scan_initial)?);
		Ok(Self {
			underlying: group.underlying,
			usable: true,
			collateral,
			options,
			least: value,
			greatest: value,
			loss: up(margins.loss_mm)?,
			scan_maintenance,
			scan_initial,
			greatest_loss,
			basis: up(margins.basis)?,
			vol_term: up(margins.vol_term)?,
			confidence: up(margins.confidence)?,
			discount: up(margins.discount)?,
			peg: up(margins.peg)?,
			initial_factor: market.initial_factor()?,
			open_interest_factor: market.open_interest_factor,
			contingency_maintenance: up(margins.contingency_mm)?,
			contingency_initial: up(margins.contingency_im)?,
			maintenance: up(margins.maintenance)?.checked_sub(over_mm)?,
			initial: up(margins.initial)?.checked_sub(over_im)?,
			binding_maintenance: margins.binding_mm,
			binding_initial: margins.binding_im,
		})
	}

	pub(crate) fn unusable(
		group: &Group,
		collateral: Usd,
		range: &ValueRange,
	) -> Result<Self, ArithmeticError> {
		Ok(Self {
			collateral,
			options: mark(range.mark)?,
			least: mark(range.least)?,
			greatest: mark(range.greatest)?,
			..Self::nothing(group)
		})
	}
}
