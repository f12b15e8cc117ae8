//! What the ledger's neighbours know: markets, series and their sides, rules, losses.

use super::*;
use ballast_mocks::{MockMarket, MockParameters, MockRevenue, MockSeries, MockWaterfall};
use ballast_primitives::{
	params::{CashRules, MarginRules, UnderlyingRisk},
	Averaging, EndedEpoch, MarketState, Moment, OptionKind, Price, Quality, Quantity, Ratio,
	ScanRange, Series, SeriesId, SeriesState, Settlement, Side, SideChange, Sides, Style,
	SurfaceQuote, UnderlyingId, Usd, Volatility,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{ensure, storage_alias, weights::Weight, Twox64Concat};
use sp_runtime::DispatchError;

#[storage_alias]
pub type Now = StorageValue<World, Moment, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Markets = StorageMap<World, Twox64Concat, UnderlyingId, MarketState>;
#[storage_alias]
pub type Averages =
	StorageDoubleMap<World, Twox64Concat, UnderlyingId, Twox64Concat, Moment, Averaging>;
#[storage_alias]
pub type Risks = StorageMap<World, Twox64Concat, UnderlyingId, UnderlyingRisk>;
#[storage_alias]
pub type MarginGroup = StorageValue<World, MarginRules, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type CashGroup = StorageValue<World, CashRules>;
#[storage_alias]
pub type Listed = StorageMap<World, Twox64Concat, SeriesId, Series>;
#[storage_alias]
pub type SidesOf =
	StorageMap<World, Twox64Concat, SeriesId, Sides, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Ended = StorageMap<World, Twox64Concat, (SeriesId, Side, u32), EndedEpoch>;
#[storage_alias]
pub type Deficit = StorageValue<World, Usd, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Blocked = StorageValue<World, bool, frame_support::pallet_prelude::ValueQuery>;

pub fn market(spot: u64) -> MarketState {
	MarketState {
		spot: Price::from_int(spot),
		spot_at: START,
		volatility: SurfaceQuote::flat(Volatility::from_percent(80)),
		volatility_at: START,
		operators: 5,
		dispersion: Ratio::default(),
		quality: Quality::Good,
		scan: ScanRange { maintenance: Ratio::from_percent(15), initial: Ratio::from_percent(18) },
	}
}

pub fn series(underlying: UnderlyingId, kind: OptionKind, strike: u64) -> Series {
	Series {
		underlying,
		kind,
		style: Style::European,
		settlement: Settlement::Cash,
		strike: Price::from_int(strike),
		expiry: EXPIRY,
		state: SeriesState::Live,
	}
}

/// The default rules, but everything may leave at once: the limit has tests of its own.
pub fn no_limit() -> CashRules {
	let all = Ratio::from_percent(10_000);
	CashRules { withdrawal_per_hour: all, withdrawal_per_day: all, ..CashRules::default() }
}

pub(super) fn set_world() {
	Now::put(START);
	Markets::insert(ON_BTC, market(10_000));
	Markets::insert(ON_ETH, market(200));
	Listed::insert(CALL, series(ON_BTC, OptionKind::Call, 10_000));
	Listed::insert(PUT, series(ON_BTC, OptionKind::Put, 10_000));
	Listed::insert(HIGH_CALL, series(ON_BTC, OptionKind::Call, 11_000));
	Listed::insert(ETH_CALL, series(ON_ETH, OptionKind::Call, 200));
	let american = Style::American;
	let early = |kind| Series { style: american, ..series(ON_BTC, kind, 10_000) };
	Listed::insert(EARLY_CALL, early(OptionKind::Call));
	Listed::insert(EARLY_PUT, early(OptionKind::Put));
	let settlement = Settlement::InKind;
	Listed::insert(IN_KIND, Series { settlement, ..series(ON_BTC, OptionKind::Call, 10_000) });
}

fn is_live(id: SeriesId) -> bool {
	let live = |series: Series| series.state == SeriesState::Live && Now::get() < series.expiry;
	Listed::get(id).is_some_and(live)
}

/// What the listing does, on the mock's storage.
fn change_sides(id: SeriesId, long: SideChange, short: SideChange) -> Result<(), DispatchError> {
	let moved = [long.opened, long.closed, short.opened, short.closed];
	ensure!(is_live(id) || moved.iter().all(|quantity| quantity.is_zero()), "SeriesExpired");
	let mut sides = SidesOf::get(id);
	for (side, change) in [(Side::Long, long), (Side::Short, short)] {
		let state = sides.side_mut(side);
		let total = state.total.checked_add(change.opened)?.checked_sub(change.closed)?;
		ensure!(!total.is_negative(), "OpenInterestNegative");
		state.total = total;
		let holders = (state.holders + change.joined).checked_sub(change.left);
		state.holders = holders.ok_or("HoldersNegative")?;
		state.due = state.due.checked_sub(change.brought)?;
		let covered = side == Side::Short || !state.due.is_negative();
		ensure!(change.brought.is_zero() || covered, "DueExceeded");
	}
	ensure!(sides.long.total == sides.short.total, "SidesDiffer");
	SidesOf::insert(id, sides);
	Ok(())
}

fn fold(id: SeriesId, side: Side, taken: Quantity, amount: Price) -> Result<Usd, DispatchError> {
	ensure!(is_live(id), "SeriesExpired");
	let mut sides = SidesOf::get(id);
	let inner = taken.into_inner().unsigned_abs();
	let state = *sides.side(side);
	let kernel = state.kernel(side)?;
	let event = kernel.event(inner, amount.into_inner()).map_err(|_| "FoldFailed")?;
	if let Some(ended) = event.ended {
		Ended::insert((id, side, kernel.index.epoch), ballast_primitives::EndedEpoch::from(ended));
	}
	*sides.side_mut(side) = state.after(&event.side)?;
	let other = sides.side_mut(side.other());
	other.total = other.total.checked_sub(taken)?;
	SidesOf::insert(id, sides);
	Ok(Usd::from_inner(event.money.try_into().unwrap()))
}

pub(super) fn set_mocks() {
	MockMarket::mock_now(Now::get);
	MockMarket::mock_state(Markets::get);
	MockMarket::mock_averaging(Averages::get);
	MockMarket::mock_block_length(|| 3);
	MockMarket::mock_accept_ticks(Weight::zero);
	MockParameters::mock_defaults();
	MockParameters::mock_underlying(|id| Risks::get(id).or(Some(UnderlyingRisk::btc())));
	MockParameters::mock_margin(MarginGroup::get);
	MockParameters::mock_cash(|| CashGroup::get().unwrap_or_else(no_limit));
	MockSeries::mock_series(|id| {
		let series = Listed::get(id)?;
		let over = series.state == SeriesState::Live && Now::get() >= series.expiry;
		Some(if over { Series { state: SeriesState::Expired, ..series } } else { series })
	});
	MockSeries::mock_sides(SidesOf::get);
	MockSeries::mock_ended(|id, side, epoch| Ended::get((id, side, epoch)));
	MockSeries::mock_dues(|| {
		SidesOf::iter_values().try_fold(Usd::ZERO, |sum, sides| {
			Ok(sum.checked_add(sides.long.due)?.checked_sub(sides.short.due)?)
		})
	});
	MockSeries::mock_open_interest_of(|underlying| {
		SidesOf::iter()
			.filter(|(id, _)| Listed::get(id).is_some_and(|it| it.underlying == underlying))
			.fold(Quantity::ZERO, |sum, (_, sides)| sum.checked_add(sides.long.total).unwrap())
	});
	MockSeries::mock_asset(|underlying| match underlying {
		ON_BTC => Some(BTC),
		ON_ETH => Some(ETH),
		_ => None,
	});
	MockSeries::mock_underlying_of(|asset| match asset {
		BTC => Some(ON_BTC),
		ETH => Some(ON_ETH),
		_ => None,
	});
	MockSeries::mock_change_sides(change_sides);
	MockSeries::mock_fold(fold);
	MockSeries::mock_complete(|id| {
		let sides = SidesOf::get(id);
		ensure!(sides.long.holders == 0 && sides.short.holders == 0, "StillHeld");
		let settled = Listed::get(id)
			.is_some_and(|series| matches!(series.state, SeriesState::Settled { .. }));
		ensure!(settled || sides.long.total.is_zero(), "SeriesNotSettled");
		let mut after = sides;
		for side in [Side::Long, Side::Short] {
			let state = after.side_mut(side);
			(state.total, state.due) = (Quantity::ZERO, Usd::ZERO);
		}
		SidesOf::insert(id, after);
		Ok(sides.long.due.checked_sub(sides.short.due)?)
	});
	MockRevenue::mock_on_revenue(|_| Ok(()));
	MockWaterfall::mock_successor(|| FUND);
	MockWaterfall::mock_deficit_account(Deficit::get);
	MockWaterfall::mock_withdrawals_blocked(Blocked::get);
	MockWaterfall::mock_cover(|who, deficit| {
		let paid = Margin::cash(&FUND).max(Usd::ZERO).min(deficit);
		Margin::transfer(&FUND, who, paid)?;
		let rest = deficit.checked_sub(paid)?;
		Margin::credit_deficit(who, rest)?;
		Deficit::mutate(|account| {
			*account = account.checked_sub(rest)?;
			Ok::<_, DispatchError>(())
		})
	});
}
