//! Five underlyings whose assets have 8, 18, 10, 12 and 6 decimals, their prices and what is listed.

use super::{get, price, put, House};
use ballast_mocks::{MockMarket, MockSeries};
use ballast_primitives::{
	params::UnderlyingRisk, AssetId, Grid, MarketState, Moment, OptionKind, Price, Quality, Ratio,
	ScanRange, Series, SeriesId, SeriesState, Settlement, Style, SurfaceQuote, UnderlyingId,
	Volatility,
};
use ballast_traits::InspectAccounts;
use sp_runtime::{DispatchError, Weight};

use super::System;

/// 8 decimals, 30,000 at the start.
pub const BTC: UnderlyingId = UnderlyingId(1);
/// 18 decimals, 2,000.
pub const ETH: UnderlyingId = UnderlyingId(2);
/// 10 decimals, 5.
pub const DOT: UnderlyingId = UnderlyingId(3);
/// 12 decimals, 30.
pub const TWELVE: UnderlyingId = UnderlyingId(4);
/// 6 decimals, 2.
pub const SIX: UnderlyingId = UnderlyingId(5);
/// Not listed.
pub const NONE: UnderlyingId = UnderlyingId(99);
/// Underlyings with decimals and spot at the start.
pub const MARKETS: [(UnderlyingId, u8, u64); 5] =
	[(BTC, 8, 30_000), (ETH, 18, 2_000), (DOT, 10, 5), (TWELVE, 12, 30), (SIX, 6, 2)];
/// The quote currency: 6 decimals unless a test says otherwise.
pub const QUOTE: AssetId = 100;

/// Market time at the start: 2023-11-14 22:13:20, a Tuesday.
pub const START: Moment = 1_700_000_000;
/// 2023-11-17 08:00, the first Friday.
pub const FRIDAY: Moment = 1_700_208_000;

/// The asset of an underlying.
pub fn asset(underlying: UnderlyingId) -> AssetId {
	underlying.0.into()
}

pub fn decimals(asset: AssetId) -> u8 {
	if asset == QUOTE {
		return get::<Option<u8>>("quote_decimals").unwrap_or(6);
	}
	let known = MARKETS.iter().find(|(id, ..)| self::asset(*id) == asset);
	known.map_or(0, |(_, decimals, _)| *decimals)
}

pub fn set_quote_decimals(decimals: u8) {
	put("quote_decimals", Some(decimals));
}

pub fn now() -> Moment {
	get("now")
}

/// A later block at a later moment.
pub fn pass(seconds: Moment) {
	System::set_block_number(System::block_number() + 1);
	put("now", now() + seconds);
}

/// A later block at this moment, if it is not past.
pub fn pass_to(moment: Moment) {
	pass(moment.saturating_sub(now()));
}

/// Whether every price may be used now.
pub fn set_usable(usable: bool) {
	put("unusable", !usable);
}

/// Whether there is an average of the last half hour.
pub fn set_averaged(averaged: bool) {
	put("no_average", !averaged);
}

pub fn spot(underlying: UnderlyingId) -> Price {
	let start = MARKETS.iter().find(|(id, ..)| *id == underlying).map_or(0, |market| market.2);
	get::<Option<Price>>(&format!("spot:{}", underlying.0)).unwrap_or(price(start))
}

/// Spot jumps; the average has not followed.
pub fn set_spot_only(underlying: UnderlyingId, spot: Price) {
	put(&format!("average:{}", underlying.0), Some(average_spot(underlying)));
	put(&format!("spot:{}", underlying.0), Some(spot));
}

/// Spot and its average are this.
pub fn set_spot(underlying: UnderlyingId, spot: Price) {
	put(&format!("average:{}", underlying.0), None::<Price>);
	put(&format!("spot:{}", underlying.0), Some(spot));
}

fn average_spot(underlying: UnderlyingId) -> Price {
	get::<Option<Price>>(&format!("average:{}", underlying.0)).unwrap_or(spot(underlying))
}

/// No market is listed any more, or again.
pub fn set_unlisted(unlisted: bool) {
	put("unlisted", unlisted);
}

/// The settlement price of an expiry becomes known.
pub fn set_settled(underlying: UnderlyingId, expiry: Moment, price: Price) {
	put(&format!("settled:{}:{expiry}", underlying.0), Some(price));
}

pub fn settled_at(underlying: UnderlyingId, expiry: Moment) -> Option<Price> {
	get(&format!("settled:{}:{expiry}", underlying.0))
}

pub fn market_at(spot: Price) -> MarketState {
	MarketState {
		spot,
		spot_at: now(),
		volatility: SurfaceQuote::flat(Volatility::from_percent(80)),
		volatility_at: now(),
		operators: 5,
		dispersion: Ratio::ZERO,
		quality: if get("unusable") { Quality::Stale } else { Quality::Good },
		scan: ScanRange::default(),
	}
}

pub(crate) fn mock_market() {
	MockMarket::mock_now(now);
	MockMarket::mock_accept_ticks(|| Weight::from_parts(7, 0));
	MockMarket::mock_state(|underlying| {
		let known = MARKETS.iter().any(|(id, ..)| *id == underlying);
		known.then(|| market_at(spot(underlying)))
	});
	MockMarket::mock_average(|underlying| {
		let market = market_at(average_spot(underlying));
		(market.is_usable() && !get::<bool>("no_average")).then_some(market)
	});
}

/// Most contracts that an account may hold.
pub fn set_position_cap(contracts: i64) {
	put("cap", Some(super::contracts(contracts)));
}

/// Takes the risk rules of all underlyings out of force.
pub fn remove_risk_rules() {
	put("unruled", true);
}

pub(crate) fn risk_of(_: UnderlyingId) -> Option<UnderlyingRisk> {
	let mut risk = UnderlyingRisk::btc();
	risk.position_cap = get::<Option<_>>("cap").unwrap_or(super::contracts(1_000_000_000));
	(!get::<bool>("unruled")).then_some(risk)
}

/// Strikes are multiples of a hundredth of spot at the start, unless a test says otherwise.
fn grid(underlying: UnderlyingId) -> Option<Grid> {
	let (.., spot) = MARKETS.iter().find(|(id, ..)| *id == underlying)?;
	let step = price(*spot).times_floor(Ratio::from_percent(1)).unwrap();
	let strike_step = get::<Option<Price>>("step").unwrap_or(step);
	(!get::<bool>("unlisted")).then_some(Grid { strike_step, expiry_time: 28_800, days_max: 90 })
}

pub fn set_strike_step(step: Price) {
	put("step", Some(step));
}

/// What is listed, without states.
fn listed() -> Vec<Series> {
	get::<Option<Vec<ListedTerms>>>("listed")
		.unwrap_or_default()
		.into_iter()
		.map(|(underlying, kind, strike, expiry)| Series {
			underlying,
			kind,
			style: Style::European,
			settlement: match kind {
				OptionKind::Call => Settlement::InKind,
				OptionKind::Put => Settlement::Cash,
			},
			strike,
			expiry,
			state: SeriesState::Live,
		})
		.collect()
}

type ListedTerms = (UnderlyingId, OptionKind, Price, Moment);

pub fn series(id: SeriesId) -> Option<Series> {
	let mut series = listed().into_iter().nth(id.0 as usize)?;
	if now() >= series.expiry {
		series.state = match settled_at(series.underlying, series.expiry) {
			Some(price) => SeriesState::Settled { price, payoff: series.payoff(price).unwrap() },
			None => SeriesState::Expired,
		};
	}
	Some(series)
}

fn ensure_listed(
	underlying: UnderlyingId,
	kind: OptionKind,
	strike: Price,
	expiry: Moment,
) -> Result<SeriesId, DispatchError> {
	let grid = grid(underlying).ok_or(DispatchError::Other("UnderlyingUnknown"))?;
	if !grid.has_strike(strike) || !grid.has_expiry(expiry) || expiry > grid.last_expiry(now()) {
		return Err(DispatchError::Other("off the grid"));
	}
	let terms = (underlying, kind, strike, expiry);
	let mut all = get::<Option<Vec<ListedTerms>>>("listed").unwrap_or_default();
	let place = all.iter().position(|listed| *listed == terms).unwrap_or_else(|| {
		all.push(terms);
		all.len() - 1
	});
	put("listed", Some(all));
	Ok(SeriesId(place as u32))
}

pub(crate) fn mock_series() {
	MockSeries::mock_series(series);
	MockSeries::mock_asset(|id| MARKETS.iter().any(|(known, ..)| *known == id).then(|| asset(id)));
	MockSeries::mock_grid(grid);
	MockSeries::mock_ensure_listed(ensure_listed);
}

/// Units that somebody has of an underlying's asset, in its smallest unit; they must be whole.
pub fn units(who: super::AccountId, underlying: UnderlyingId) -> u128 {
	let scale = 10i128.pow(u32::from(18 - decimals(asset(underlying))));
	(House::units(&who, asset(underlying)).into_inner() / scale) as u128
}
