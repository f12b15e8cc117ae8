//! The pool's risk, as the runtime API shows it.

use super::simulate::Simulated;
use crate::pallet::*;
use alloc::{vec, vec::Vec};
use ballast_math::{
	fixed::{Rounding, Q64},
	shortfall::{ledger_shares, shortfall, Column, Exposure, Part, Shortfall},
};
use ballast_primitives::{arithmetic, Moment, Quantity, Ratio, SeriesId, UnderlyingId, Usd};
use ballast_traits::InspectAccounts;
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

/// What one series adds to expected shortfall.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SeriesShare {
	/// The series.
	pub series: SeriesId,
	/// The pool's contracts; negative is short.
	pub quantity: Quantity,
	/// Its mean loss over the days of the tail; negative if it hedges.
	pub contribution: Usd,
}

/// What one underlying adds to expected shortfall.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnderlyingShare {
	/// The underlying.
	pub underlying: UnderlyingId,
	/// Market time at which the spot price was accepted that its options are priced at.
	pub spot_at: Moment,
	/// Mean loss on it over the days of the tail; negative if it hedges. The shares of its series add up
	/// to it, to the last unit.
	pub contribution: Usd,
	/// Series by series, in their order.
	pub series: Vec<SeriesShare>,
}

/// What the pool could lose in a day; a negative figure is a gain. Amounts are rounded up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PoolRisk {
	/// Days of the past that were simulated; none if the pool has no options.
	pub days: u16,
	/// Loss that 97.5% of days do not exceed.
	pub value_at_risk_975: Usd,
	/// Loss that 99% of days do not exceed.
	pub value_at_risk_99: Usd,
	/// Mean loss of the worst 2.5% of days.
	pub expected_shortfall: Usd,
	/// Expected shortfall over the capital that carries it, rounded down; `None` without capital.
	pub share_of_capital: Option<Ratio>,
	/// Underlying by underlying, in their order. They add up to the expected shortfall, to the last unit.
	pub underlyings: Vec<UnderlyingShare>,
	/// Mark of units of underlyings that the pool holds as collateral: their risk is not in these figures.
	pub collateral: Usd,
}

fn up(value: Q64) -> Result<Usd, ArithmeticError> {
	Usd::from_q64(value, Rounding::Ceil)
}

impl<T: Config> Pallet<T> {
	/// Value at risk and expected shortfall of the pool at the accepted ticks, whatever their quality.
	///
	/// `HistoryTooShort` if its underlyings have fewer than a hundred joint days with a forecast.
	pub fn pool_risk() -> Result<PoolRisk, DispatchError> {
		let collateral = T::Accounts::health(&Self::pool())?.collateral;
		let all = Self::simulated()?;
		let exposures: Vec<Exposure<'_>> =
			all.iter().map(|one| Exposure { book: &one.read, shocks: &one.shocks }).collect();
		if exposures.is_empty() {
			let share_of_capital = Usd::ZERO.share_of_floor(Self::capital()?.max(Usd::ZERO)).ok();
			return Ok(PoolRisk { share_of_capital, collateral, ..PoolRisk::default() });
		}
		let measured = shortfall(&exposures).map_err(arithmetic)?;
		let expected_shortfall = up(measured.expected_shortfall)?;
		let mut exact = vec![Part::default(); all.len()];
		measured.contributions(&exposures, &mut exact).map_err(arithmetic)?;
		let mut shares = exact.clone();
		ledger_shares(expected_shortfall.into_inner(), &mut shares).map_err(arithmetic)?;
		let mut underlyings = Vec::new();
		for (((one, exposure), exact), share) in all.iter().zip(&exposures).zip(exact).zip(shares) {
			let total = (exact.amount, Usd::from_inner(share.amount));
			underlyings.push(Self::share(one, exposure, &measured, total)?);
		}
		let capital = Self::capital()?.max(Usd::ZERO);
		Ok(PoolRisk {
			days: measured.days,
			value_at_risk_975: up(measured.value_at_risk_975)?,
			value_at_risk_99: up(measured.value_at_risk_99)?,
			expected_shortfall,
			share_of_capital: expected_shortfall.max(Usd::ZERO).share_of_floor(capital).ok(),
			underlyings,
			collateral,
		})
	}

	/// The share of an underlying (exact bits, and in the ledger's units) divided between its series.
	fn share(
		one: &Simulated,
		exposure: &Exposure<'_>,
		measured: &Shortfall,
		(exact, contribution): (i128, Usd),
	) -> Result<UnderlyingShare, DispatchError> {
		let mut columns: Vec<(Column, Q64)> = Vec::new();
		for (_, series, quantity) in &one.book {
			columns.push((one.pricing.column::<T>(series, *quantity)?, quantity.to_q64()?));
		}
		let mut parts = vec![Part::default(); columns.len()];
		measured
			.contributions_of_series(exposure, exact, &columns, &mut parts)
			.and_then(|()| ledger_shares(contribution.into_inner(), &mut parts))
			.map_err(arithmetic)?;
		let series = one.book.iter().zip(parts).map(|((id, _, quantity), part)| SeriesShare {
			series: *id,
			quantity: *quantity,
			contribution: Usd::from_inner(part.amount),
		});
		Ok(UnderlyingShare {
			underlying: one.underlying,
			spot_at: one.pricing.spot_at(),
			contribution,
			series: series.collect(),
		})
	}
}
