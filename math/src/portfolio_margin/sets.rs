//! Published scenario sets and rules, as tables.
//!
//! | set | scenarios | source |
//! |---|---|---|
//! | [`span_16`] | spot 0, +-1/3, +-2/3, +-1 scan ranges x volatility up, down; +-2 ranges at 35% | CME, *SPAN: risk arrays*, "the sixteen risk scenarios"; *NSE Clearing SPAN*, table of scenarios |
//! | [`deribit_27`] | nine evenly spaced prices over +-range x volatility up, same, down | Deribit, *Portfolio Margin* (support article), "standard" table; `private/pme/simulate` (`buckets_count` 4, `vol_scenarios_count` 3) |
//! | [`deribit_extended_8`] | -66, -33, +50, +100, +200, +300, +400, +500%, volatility up, dampened | the same, "extended table" |
//! | [`pmrm_23`] | +-20% volatility up; 0, +-5, +-10, +-15% x up, none, down | derivexyz/v2-core, `scripts/config-mainnet.sol`, `getDefaultScenarios` |
//! | [`pmrm_2_33`] | +-18% up; 0, +-4.5, +-9, +-13.5% x up, none, down; eight damped tails; linear and absolute skew | derivexyz/v2-core, `src/risk-managers/PMRMLib_2.sol` and its portfolio cases |
//!
//! All ratios are given in units of 1/10,000 and converted to nearest. None of the constructors fails
//! with the tables as they are; they return a `Result` because conversion does.

use super::{BasisRole, CollateralRule, Factors, Netting, Rates, Rules, Shift, VolRule};
use crate::{
	contingency::{Basis, Confidence, Depeg, DiscountRule, StaticDiscount},
	error::MathError,
	fixed::{Rounding, Q64},
	margin_model::number::{add, div, mul, sub},
	scenario::{Skew, SkewCap, SkewShock, SpotMove, VolMove, VolShock},
};

/// Up, none, down.
const ALL: [VolMove; 3] = [VolMove::Up, VolMove::None, VolMove::Down];

/// Multiples of spot of the damped tails and of the extended table, in basis points.
const TAILS: [i128; 8] = [3_400, 6_700, 15_000, 20_000, 30_000, 40_000, 50_000, 60_000];

/// Basis points as a ratio.
fn bp(points: i128) -> Result<Q64, MathError> {
	Q64::from_ratio(points, 10_000, Rounding::Nearest).ok_or(MathError::Overflow)
}

fn moved(spot: SpotMove, volatility: VolMove, weight: Q64) -> Shift {
	Shift { spot, volatility, skew: Skew::None, weight, relief: Q64::ZERO }
}

/// A scenario that changes nothing, to be written over.
fn nothing() -> Shift {
	moved(SpotMove::Multiple(Q64::ONE), VolMove::None, Q64::ONE)
}

/// Writes scenarios over the slots of a set; `OutOfDomain` unless they are as many.
fn filled<const N: usize>(
	shifts: impl Iterator<Item = Result<Shift, MathError>>,
) -> Result<[Shift; N], MathError> {
	let mut set = [nothing(); N];
	let mut slots = set.iter_mut();
	for shift in shifts {
		*slots.next().ok_or(MathError::OutOfDomain)? = shift?;
	}
	if slots.next().is_some() {
		return Err(MathError::OutOfDomain);
	}
	Ok(set)
}

/// SPAN's sixteen: the order of the risk array, moves of spot in scan ranges of [`Rules::range_mm`].
pub fn span_16() -> Result<[Shift; 16], MathError> {
	let ranges = |thirds: i128| {
		let ranges = Q64::from_ratio(thirds, 3, Rounding::Nearest).ok_or(MathError::Overflow)?;
		Ok::<_, MathError>(SpotMove::ScanRanges(ranges))
	};
	let grid = [0i128, 1, -1, 2, -2, 3, -3].into_iter().flat_map(|thirds| {
		[VolMove::Up, VolMove::Down]
			.map(|volatility| Ok(moved(ranges(thirds)?, volatility, Q64::ONE)))
	});
	let extremes =
		[6, -6].into_iter().map(|thirds| Ok(moved(ranges(thirds)?, VolMove::None, bp(3_500)?)));
	filled(grid.chain(extremes))
}

/// Deribit's standard table: from the bottom of [`Rules::range_mm`] to its top in nine steps, volatility
/// up, same and down at each.
pub fn deribit_27() -> Result<[Shift; 27], MathError> {
	filled((-4i128..=4).flat_map(|quarters| {
		ALL.map(|volatility| {
			let ranges = Q64::from_ratio(quarters, 4, Rounding::Nearest);
			let spot = SpotMove::ScanRanges(ranges.ok_or(MathError::Overflow)?);
			Ok(moved(spot, volatility, Q64::ONE))
		})
	}))
}

/// Deribit's extended table for a price range: volatility up, and a profit or loss brought towards zero by
/// `(|move| / range - 1) dampener` (quote currency; their `extended_dampener`). `DivisionByZero` for a
/// range of zero.
///
/// Theirs leaves futures at the edge of the price range in this table; here they move in full.
pub fn deribit_extended_8(range: Q64, dampener: Q64) -> Result<[Shift; 8], MathError> {
	filled(TAILS.into_iter().map(|multiple| {
		let multiple = bp(multiple)?;
		let size = sub(multiple, Q64::ONE)?.checked_abs().ok_or(MathError::Overflow)?;
		let beyond = sub(div(size, range)?, Q64::ONE)?.max(Q64::ZERO);
		let shift = moved(SpotMove::Multiple(multiple), VolMove::Up, Q64::ONE);
		Ok(Shift { relief: mul(beyond, dampener)?, ..shift })
	}))
}

/// Widest move with volatility up only, three smaller ones and none with all three volatilities: top down.
fn ladder(step: i128) -> impl Iterator<Item = Result<Shift, MathError>> {
	(-4i128..=4).rev().flat_map(move |steps| {
		let wide = steps.unsigned_abs() == 4;
		let volatilities = if wide { ALL.get(..1) } else { ALL.get(..) };
		volatilities.unwrap_or_default().iter().map(move |volatility| {
			let shift = steps.checked_mul(step).ok_or(MathError::Overflow)?;
			let multiple = add(Q64::ONE, bp(shift)?)?;
			Ok(moved(SpotMove::Multiple(multiple), *volatility, Q64::ONE))
		})
	})
}

/// Derive's first portfolio margin manager: 23 scenarios in steps of 5%.
pub fn pmrm_23() -> Result<[Shift; 23], MathError> {
	filled(ladder(500))
}

/// Derive's second portfolio margin manager: 23 scenarios in steps of 4.5%, eight tails at weight
/// `0.2 x 18% / |move|` with volatility up, and the linear and absolute skew.
pub fn pmrm_2_33() -> Result<[Shift; 33], MathError> {
	let tails = TAILS.into_iter().map(|multiple| {
		let multiple = bp(multiple)?;
		let size = sub(multiple, Q64::ONE)?.checked_abs().ok_or(MathError::Overflow)?;
		// 0.2 x 0.18 = 360 basis points.
		Ok(moved(SpotMove::Multiple(multiple), VolMove::Up, div(bp(360)?, size)?))
	});
	let skews = [Skew::Linear, Skew::Absolute].map(|skew| Ok(Shift { skew, ..nothing() }));
	filled(ladder(450).chain(tails).chain(skews))
}

/// Volatility moves without a term structure.
fn flat(share: Q64) -> VolRule {
	VolRule {
		shock: VolShock {
			up: share,
			down: share,
			short_power: Q64::ZERO,
			long_power: Q64::ZERO,
			floor_years: Q64::ZERO,
			cap: Q64::ONE,
			least_up: Q64::ZERO,
		},
		least_left: Q64::ZERO,
	}
}

/// Volatility moves quoted at 30 days, powers 0.30 and 0.13, no floor below one day.
fn term(up: i128, down: i128, least_up: i128) -> Result<VolRule, MathError> {
	Ok(VolRule {
		shock: VolShock {
			up: bp(up)?,
			down: bp(down)?,
			short_power: bp(3_000)?,
			long_power: bp(1_300)?,
			floor_years: Q64::from_ratio(1, 365, Rounding::Nearest).ok_or(MathError::Overflow)?,
			cap: Q64::MAX,
			least_up: bp(least_up)?,
		},
		least_left: Q64::ZERO,
	})
}

/// Rules of a scan alone: every factor one, no contingency, no discount.
fn plain(range: Q64, volatility: VolRule, collateral: &[CollateralRule]) -> Rules<'_> {
	Rules {
		range_mm: range,
		range_im: range,
		volatility,
		skew: SkewShock::NONE,
		discount: StaticDiscount::NONE,
		factors: Factors {
			maintenance: Q64::ONE,
			initial: Q64::ONE,
			depeg: Depeg::NONE,
			on_contingencies: false,
		},
		basis: Basis::NONE,
		basis_role: BasisRole::Scenario,
		perpetuals: Rates::default(),
		shorts: Rates::default(),
		netting: Netting::StrikeAndExpiry,
		confidence: Confidence::NONE,
		bounded: false,
		collateral,
	}
}

/// SPAN's scan risk at a price scan range and a volatility scan range (both relative). Its look-ahead of
/// one day, delta-based spread charges and short option minimum are not part of the scan.
pub fn span_rules(range: Q64, volatility_range: Q64, collateral: &[CollateralRule]) -> Rules<'_> {
	plain(range, flat(volatility_range), collateral)
}

/// Deribit's parameters for BTC as `private/pme/simulate` shows them: price range 16%, volatility +50% and
/// -25% at 30 days, powers 0.30 and 0.13, least up-shocked volatility 50%, maintenance 0.8 of
/// initial. Roll and delta shocks, which concern futures, are not part of it.
pub fn deribit_rules(collateral: &[CollateralRule]) -> Result<Rules<'_>, MathError> {
	let rules = plain(bp(1_600)?, term(5_000, 2_500, 5_000)?, collateral);
	Ok(Rules { factors: Factors { maintenance: bp(8_000)?, ..rules.factors }, ..rules })
}

/// What both of Derive's managers have in common.
fn pmrm_common(volatility: VolRule, collateral: &[CollateralRule]) -> Result<Rules<'_>, MathError> {
	let confidence = Confidence { threshold: bp(5_500)?, slope: Q64::ONE };
	Ok(Rules { confidence, ..plain(Q64::ZERO, volatility, collateral) })
}

/// Derive's first manager (`scripts/config-mainnet.sol`, `getPMRMParams`): volatility +60% and -30%, initial
/// factor 1.25 on scan and contingencies. Legs carry a discount factor of one there.
pub fn pmrm_rules(collateral: &[CollateralRule]) -> Result<Rules<'_>, MathError> {
	let long = DiscountRule { base: bp(9_500)?, rate_multiple: Q64::ONE, rate_added: bp(1_200)? };
	let only_mm =
		|points| Ok::<_, MathError>(Rates { maintenance: bp(points)?, initial: Q64::ZERO });
	Ok(Rules {
		discount: StaticDiscount { long, short: DiscountRule::NONE },
		factors: Factors {
			maintenance: Q64::ONE,
			initial: bp(12_500)?,
			depeg: Depeg { threshold: bp(9_900)?, slope: Q64::from_int(4) },
			on_contingencies: true,
		},
		basis: Basis { up: bp(10_500)?, down: bp(9_500)?, base: Q64::ONE, per_year: bp(12_000)? },
		perpetuals: only_mm(300)?,
		shorts: only_mm(200)?,
		..pmrm_common(term(6_000, 3_000, 0)?, collateral)?
	})
}

/// Derive's second manager (parameters of its portfolio cases): volatility +50% and -27.5%, scan factors 0.8
/// and 1, skew, discounts on both signs.
pub fn pmrm_2_rules(collateral: &[CollateralRule]) -> Result<Rules<'_>, MathError> {
	let half = bp(5_000)?;
	let cap = SkewCap { cap: bp(1_500)?, per_root_year: bp(-500)? };
	Ok(Rules {
		skew: SkewShock {
			linear: cap,
			absolute: cap,
			least_width: bp(100)?,
			width_scale: Q64::from_int(4),
			level: bp(6_000)?,
			slope: bp(-1_000)?,
		},
		discount: StaticDiscount {
			long: DiscountRule { base: bp(9_500)?, rate_multiple: Q64::ONE, rate_added: bp(800)? },
			short: DiscountRule { base: bp(10_400)?, rate_multiple: half, rate_added: bp(800)? },
		},
		factors: Factors {
			maintenance: bp(8_000)?,
			initial: Q64::ONE,
			depeg: Depeg { threshold: bp(9_800)?, slope: Q64::from_int(2) },
			on_contingencies: false,
		},
		basis: Basis { up: bp(10_450)?, down: bp(9_550)?, base: half, per_year: Q64::from_int(2) },
		perpetuals: Rates { maintenance: bp(150)?, initial: bp(50)? },
		shorts: Rates { maintenance: bp(30)?, initial: bp(20)? },
		..pmrm_common(term(5_000, 2_750, 4_500)?, collateral)?
	})
}
