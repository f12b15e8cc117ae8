//! The chain's own model, and other venues' with the parameters that they published.
//!
//! All but one are parameters of BTC, and serve for every underlying: what a venue has not listed it has
//! no figures for.
//!
//! - Derive PMRM and standard manager: derivexyz/v2-core, `scripts/config-mainnet.sol` (a unit of BTC
//!   is charged 3% under the former and counts 75% and 69.75% under the latter). PMRM_2: its portfolio
//!   cases (a unit is charged 2%, initially 1% more).
//! - Deribit: `private/pme/simulate` of its API's reference. The extended table is left out: its dampener
//!   is a sum (25,000 dollars and more) that exceeds what one contract loses in it.
//! - Opyn: naked margin of the Gamma protocol, `marginCalculatorNakedMargin.test.ts` (a table up to eight
//!   weeks, a spot shock of 25%).

use crate::{
	defaults::{grid, Risk},
	history::Ranges,
	number::{bp, math, Failure},
};
use ballast_math::{
	contingency::{Confidence, Depeg},
	margin_model::{Book, MarginModel, OwnModel, Requirement, UNDERLYING},
	portfolio_margin::{
		sets::{deribit_27, deribit_rules, pmrm_23, pmrm_2_33, pmrm_2_rules, pmrm_rules},
		CollateralRule, PortfolioModel, Rates, Shift,
	},
	requirement::Contingencies,
	rule_margin::{CollateralFactor, NakedModel, NakedRule, Shares, ShortOptions, StandardModel},
	scenario::{Scenario, VolShock},
	MathError, Rounding, Q64,
};

/// The chain's own model, for any underlying on any day.
#[derive(Clone, Copy)]
pub struct Own<'a> {
	pub scenarios: &'a [Scenario],
	pub shock: VolShock,
	pub contingencies: Contingencies,
	/// Which of a day's ranges it takes.
	pub horizon: usize,
}

/// Another venue's model.
type Model<'a> = Box<dyn MarginModel + Sync + 'a>;

/// A margin model, whatever it depends on.
#[allow(clippy::large_enum_variant, reason = "a handful, made once")]
pub enum Venue<'a> {
	/// The chain's own.
	Own(Own<'a>),
	/// Another venue's.
	Other(Model<'a>),
}

impl<'a> Own<'a> {
	/// The model of an underlying on a day.
	pub fn at(&self, risk: &Risk, ranges: &[Ranges; 2]) -> Result<OwnModel<'a>, Failure> {
		let ranges = *ranges.get(self.horizon).ok_or("a horizon")?;
		let grid = grid(self.scenarios, self.shock, risk, ranges)?;
		Ok(OwnModel { grid, contingencies: self.contingencies })
	}
}

impl Venue<'_> {
	/// Mark and requirement of a book; `None` if it holds what the model does not know.
	pub fn margins(
		&self,
		risk: &Risk,
		ranges: &[Ranges; 2],
		book: &Book<'_>,
	) -> Result<Option<Requirement>, Failure> {
		let required = match self {
			Self::Own(own) => own.at(risk, ranges)?.margins(book),
			Self::Other(model) => model.margins(book),
		};
		match required {
			Ok(required) => Ok(Some(required)),
			Err(MathError::OutOfDomain) => Ok(None),
			Err(error) => Err(math(error)),
		}
	}
}

/// Days and the greatest value of an option at the money up to there, as a share of spot.
const NAKED: [(i128, i128); 5] = [(7, 1_678), (14, 2_370), (28, 3_326), (42, 4_032), (56, 4_603)];

/// The tables that the models read.
pub struct Tables {
	pmrm: [Shift; 23],
	pmrm_2: [Shift; 33],
	deribit: [Shift; 27],
	unit_pmrm: [CollateralRule; 1],
	unit_pmrm_2: [CollateralRule; 1],
	unit_plain: [CollateralRule; 1],
	unit_standard: [CollateralFactor; 1],
	naked: Vec<(Q64, Q64)>,
}

impl Tables {
	pub fn new() -> Result<Self, Failure> {
		let unit = |maintenance, initial| -> Result<[CollateralRule; 1], Failure> {
			let haircut = Rates { maintenance: bp(maintenance)?, initial: bp(initial)? };
			Ok([CollateralRule { asset: UNDERLYING, moves_with_spot: true, haircut }])
		};
		let naked = NAKED.iter().map(|(days, bound)| {
			let years = Q64::from_ratio(*days, 365, Rounding::Ceil).ok_or("days")?;
			Ok((years, bp(*bound)?))
		});
		Ok(Self {
			pmrm: pmrm_23().map_err(math)?,
			pmrm_2: pmrm_2_33().map_err(math)?,
			deribit: deribit_27().map_err(math)?,
			unit_pmrm: unit(300, 0)?,
			unit_pmrm_2: unit(200, 100)?,
			unit_plain: unit(0, 0)?,
			unit_standard: [CollateralFactor {
				asset: UNDERLYING,
				counts: Shares { maintenance: bp(7_500)?, initial: bp(6_975)? },
			}],
			naked: naked.collect::<Result<_, Failure>>()?,
		})
	}

	/// The other venues' models, named.
	pub fn models(&self) -> Result<Vec<(&'static str, Venue<'_>)>, Failure> {
		let pmrm = PortfolioModel {
			shifts: &self.pmrm,
			rules: pmrm_rules(&self.unit_pmrm).map_err(math)?,
		};
		let pmrm_2 = PortfolioModel {
			shifts: &self.pmrm_2,
			rules: pmrm_2_rules(&self.unit_pmrm_2).map_err(math)?,
		};
		let deribit = PortfolioModel {
			shifts: &self.deribit,
			rules: deribit_rules(&self.unit_plain).map_err(math)?,
		};
		Ok(vec![
			("Derive PMRM_2", Venue::Other(Box::new(pmrm_2))),
			("Derive PMRM", Venue::Other(Box::new(pmrm))),
			("Derive standard", Venue::Other(Box::new(self.standard()?))),
			("Deribit", Venue::Other(Box::new(deribit))),
			("Opyn naked", Venue::Other(Box::new(self.naked()?))),
		])
	}

	fn standard(&self) -> Result<StandardModel<'_>, Failure> {
		let confidence = Confidence { threshold: bp(5_500)?, slope: Q64::ONE };
		Ok(StandardModel {
			shorts: ShortOptions::derive().map_err(math)?,
			perpetuals: Shares { maintenance: bp(650)?, initial: bp(1_000)? },
			confidence_perpetuals: confidence,
			confidence_options: confidence,
			confidence_collateral: confidence,
			depeg: Depeg { threshold: bp(9_900)?, slope: Q64::from_int(2) },
			collateral: &self.unit_standard,
		})
	}

	fn naked(&self) -> Result<NakedModel<'_>, Failure> {
		let rule = NakedRule { spot_shock: bp(7_500)?, bounds: &self.naked };
		Ok(NakedModel { calls: rule, puts: rule })
	}
}
