//! What each position adds to the scan parts of a requirement.

use super::{
	part::Part,
	types::{LegPart, Outlook, Reasons, ScanPart, UnitsPart},
};
use crate::{
	arrays::{array_legs, Market},
	desk::Desk,
	holdings::Group,
	requirement::{up, Rules},
	Config, UnderlyingRequirement,
};
use ballast_math::{
	fixed::{Rounding, Q64},
	requirement::{Book, Contingencies, Margins},
	risk_array::{contributions, ArrayLeg, Explained, Range, SideRisk},
	shortfall::Part as Share,
};
use ballast_primitives::{arithmetic, params::ScenarioSet, Price, Quantity, Ratio, Usd};
use ballast_traits::RiskParameters;
use sp_runtime::{ArithmeticError, DispatchError};

use alloc::{collections::BTreeMap, vec, vec::Vec};

/// The worst loss at one of the two ranges.
struct Worst {
	range: Range,
	binding: u8,
	loss: Q64,
	/// What it is multiplied by.
	factor: Q64,
	/// The scan part of the requirement.
	total: Usd,
}

impl Part {
	/// Why its holdings need what they need, with nothing said of other prices yet.
	pub fn reasons<T: Config>(
		&self,
		desk: &mut Desk<T>,
		market: &Market,
		rules: &Rules,
	) -> Result<Reasons, DispatchError> {
		let margins = desk.margins(&self.group, market)?;
		let mut risks = BTreeMap::new();
		for ((id, series, _), averaging) in self.group.legs.iter().zip(self.averages()) {
			risks.insert(*id, market.risk_of::<T>((*id, series), averaging, rules, false)?);
		}
		let legs = array_legs(&self.group, &risks, rules.now())?;
		let (spot, units) = (market.state.spot.to_q64()?, self.group.units.to_q64()?);
		let unit = if units.is_zero() { None } else { Some(market.unit(rules)?) };
		let book = Book { spot, units, legs: &legs };
		let scenarios = T::Parameters::margin().scenarios;
		let [maintenance, initial] =
			worst_of(&self.group, &self.requirement, &margins, market.contingencies())?;
		let at_mm = maintenance.shares(&book, unit.as_ref(), rules)?;
		let at_im = initial.shares(&book, unit.as_ref(), rules)?;
		let shares = at_mm.iter().zip(&at_im);
		let legs = self.group.legs.iter().zip(&legs).zip(shares);
		let legs = legs.map(|(((id, _, quantity), leg), (mm, im))| {
			Ok(LegPart {
				series: *id,
				quantity: *quantity,
				mark: mark_of(leg)?,
				maintenance: *mm,
				initial: *im,
			})
		});
		let last = |shares: &[Usd]| shares.last().copied().unwrap_or(Usd::ZERO);
		Ok(Reasons {
			spot: market.state.spot,
			scan: market.state.scan,
			maintenance: maintenance.part(&scenarios, &self.requirement)?,
			initial: initial.part(&scenarios, &self.requirement)?,
			legs: legs.collect::<Result<_, ArithmeticError>>()?,
			units: UnitsPart {
				quantity: self.group.units,
				maintenance: last(&at_mm),
				initial: last(&at_im),
			},
			up: Outlook::default(),
			down: Outlook::default(),
		})
	}
}

/// The worst losses at both ranges, maintenance margin's first.
fn worst_of(
	group: &Group,
	requirement: &UnderlyingRequirement,
	margins: &Margins,
	contingencies: &Contingencies,
) -> Result<[Worst; 2], ArithmeticError> {
	let mut factor = contingencies.initial_factor;
	if has_net_shorts(group)? {
		let raised = factor.checked_mul(contingencies.open_interest, Rounding::Ceil);
		factor = raised.ok_or(ArithmeticError::Overflow)?;
	}
	let maintenance = Worst {
		range: Range::Maintenance,
		binding: margins.binding_mm,
		loss: margins.loss_mm,
		factor: Q64::ONE,
		total: requirement.scan_maintenance,
	};
	let initial = Worst {
		range: Range::Initial,
		binding: margins.binding_im,
		loss: margins.loss_im,
		factor,
		total: requirement.scan_initial,
	};
	Ok([maintenance, initial])
}

/// Whether there are net short contracts at any strike: then open interest counts.
fn has_net_shorts(group: &Group) -> Result<bool, ArithmeticError> {
	let mut nets: BTreeMap<Price, Quantity> = BTreeMap::new();
	for (_, series, quantity) in &group.legs {
		let net = nets.entry(series.strike).or_default();
		*net = net.checked_add(*quantity)?;
	}
	Ok(nets.values().any(|net| net.is_negative()))
}

/// What a position is worth.
fn mark_of(leg: &ArrayLeg<'_>) -> Result<Usd, ArithmeticError> {
	let mark = leg.quantity.checked_mul(leg.risk.side(leg.quantity).mark, Rounding::Floor);
	Usd::from_q64(mark.ok_or(ArithmeticError::Overflow)?, Rounding::Floor)
}

impl Worst {
	/// The loss as it is required.
	fn raised(&self) -> Result<Usd, ArithmeticError> {
		let raised = self.loss.checked_mul(self.factor, Rounding::Ceil);
		up(raised.ok_or(ArithmeticError::Overflow)?)
	}

	/// What each leg adds to it, and the units, last.
	fn shares(
		&self,
		book: &Book<'_, ArrayLeg<'_>>,
		unit: Option<&SideRisk>,
		rules: &Rules,
	) -> Result<Vec<Usd>, ArithmeticError> {
		let mut shares = vec![Share::default(); book.legs.len().saturating_add(1)];
		if self.loss.is_positive() {
			let Self { range, binding, loss, .. } = *self;
			let explained = Explained { range, binding, loss, total: self.raised()?.into_inner() };
			contributions(book, unit, rules.scenarios(), &explained, &mut shares)
				.map_err(arithmetic)?;
		}
		Ok(shares.iter().map(|share| Usd::from_inner(share.amount)).collect())
	}

	/// How the scan part comes about.
	fn part(
		&self,
		scenarios: &ScenarioSet,
		requirement: &UnderlyingRequirement,
	) -> Result<ScanPart, ArithmeticError> {
		let raised = self.raised()?;
		let UnderlyingRequirement { basis, vol_term, confidence, discount, .. } = *requirement;
		let charges = basis.checked_add(vol_term)?.checked_add(discount)?;
		let charges = match self.range {
			Range::Maintenance => charges,
			Range::Initial => charges.checked_add(confidence)?,
		};
		let loses = self.loss.is_positive();
		Ok(ScanPart {
			scenario: scenarios.get(usize::from(self.binding)).copied().filter(|_| loses),
			loss: up(self.loss)?,
			factor: Ratio::from_q64(self.factor, Rounding::Nearest)?,
			raised,
			charges,
			adjustment: self.total.checked_sub(raised.checked_add(charges)?)?,
			total: self.total,
		})
	}
}
