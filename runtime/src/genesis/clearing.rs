//! The clearing house of the presets: three underlyings with their start values, a stable coin, and
//! the quote currency's own price.

use super::{
	assets::{TestAsset, BTC, DOT, ETH, USD, USDT},
	history,
};
use alloc::{string::String, vec::Vec};
use ballast_primitives::{
	history::day_of,
	params::{CashRules, LiquidationRules, OracleRules, UnderlyingRisk},
	time::{DAY, HOUR, MINUTE},
	AssetId, Moment, Price, Quantity, Ratio, SurfaceQuote, UnderlyingId, Volatility,
};
use pallet_options::Grid;
use pallet_price_feed::{GenesisMarket, TimeScale};

/// An underlying of the presets.
struct Listed {
	id: UnderlyingId,
	asset: TestAsset,
	/// Strikes are multiples of this many thousandths of a dollar.
	strike_step_thousandths: u128,
	/// Implied volatility at genesis, per cent.
	volatility: u32,
	/// Daily log returns before genesis, in basis points.
	returns: &'static [i16; history::DAYS],
	/// Daily log changes of 30-day volatility before genesis, in basis points, where there are any.
	volatility_changes: Option<&'static [i16; history::DAYS]>,
	risk: fn() -> UnderlyingRisk,
}

const LISTED: [Listed; 3] = [
	Listed {
		id: UnderlyingId(1),
		asset: BTC,
		strike_step_thousandths: 250_000,
		volatility: 65,
		returns: &history::BTC,
		volatility_changes: Some(&history::BTC_VOLATILITY),
		risk: || UnderlyingRisk::btc(),
	},
	Listed {
		id: UnderlyingId(2),
		asset: ETH,
		strike_step_thousandths: 5_000,
		volatility: 75,
		returns: &history::ETH,
		volatility_changes: None,
		risk: || UnderlyingRisk::eth(),
	},
	Listed {
		id: UnderlyingId(3),
		asset: DOT,
		strike_step_thousandths: 100,
		volatility: 85,
		returns: &history::DOT,
		volatility_changes: None,
		risk: || UnderlyingRisk::dot(),
	},
];

/// What has a price and no options: a stable coin, and the quote currency itself, whose price says
/// whether it still is a dollar.
const UNLISTED: [(UnderlyingId, TestAsset); 2] = [(UnderlyingId(4), USDT), (UnderlyingId(5), USD)];

/// Volatility of a peg that holds, per cent: where its scan range begins.
const PEG_VOLATILITY: u32 = 5;

/// Underlyings: id, asset, symbol, listing grid. Options expire at 08:00 UTC.
pub fn underlyings() -> Vec<(UnderlyingId, AssetId, String, Grid)> {
	let grid = |listed: &Listed| Grid {
		strike_step: Price::from_inner(listed.strike_step_thousandths * 1_000_000_000_000_000),
		expiry_time: 8 * HOUR,
		days_max: 400,
	};
	// Nothing can be listed on those: any grid will do.
	let unlisted = Grid { strike_step: Price::ONE, expiry_time: 8 * HOUR, days_max: 1 };
	LISTED
		.iter()
		.map(|listed| (listed.id, listed.asset.id, listed.asset.symbol.into(), grid(listed)))
		.chain(UNLISTED.iter().map(|(id, asset)| (*id, asset.id, asset.symbol.into(), unlisted)))
		.collect()
}

/// Thresholds: the start values of each underlying, with these oracle rules.
pub fn thresholds(oracle: &OracleRules) -> Vec<(UnderlyingId, UnderlyingRisk, OracleRules)> {
	let spot_only = OracleRules { spot_only: true, ..oracle.clone() };
	let stable = |asset: &TestAsset| {
		let mut risk = UnderlyingRisk::stable();
		if asset.id == USD.id {
			risk.collateral_cap = Quantity::ZERO;
		}
		risk
	};
	LISTED
		.iter()
		.map(|listed| (listed.id, (listed.risk)(), oracle.clone()))
		.chain(UNLISTED.iter().map(|(id, asset)| (*id, stable(asset), spot_only.clone())))
		.collect()
}

/// Rules of cash for presets with a dozen accounts, each of which holds a good part of everything: anybody
/// may leave at once.
pub fn cash_rules() -> CashRules {
	let all = Ratio::ONE;
	CashRules { withdrawal_per_hour: all, withdrawal_per_day: all, ..CashRules::default() }
}

/// Markets: start volatilities, the same at every tenor and strike, and a history of daily moves. No
/// price: the first that a quorum of operators feeds is accepted. On a clock of its own, the history
/// ends the day before the clock begins.
pub fn markets(clock: TimeScale) -> Vec<GenesisMarket> {
	let last_day = match clock {
		TimeScale::RealTime => history::LAST_DAY,
		TimeScale::PerBlock { start, .. } => day_of(start).saturating_sub(1),
	};
	LISTED
		.iter()
		.map(|listed| GenesisMarket {
			underlying: listed.id,
			spot: None,
			volatility: SurfaceQuote::flat(Volatility::from_percent(listed.volatility)),
			history: history::moves(listed.returns, listed.volatility_changes, last_day),
		})
		.chain(UNLISTED.iter().map(|(id, _)| GenesisMarket {
			underlying: *id,
			spot: None,
			volatility: SurfaceQuote::flat(Volatility::from_percent(PEG_VOLATILITY)),
			history: Vec::new(),
		}))
		.collect()
}

/// The market clock of the `development` preset: one block is half an hour, from 11 March 2020,
/// 18:00 UTC on, so that days of a market can be replayed in minutes.
pub const REPLAY: TimeScale = TimeScale::PerBlock { start: 1_583_949_600, seconds: 1_800 };

/// Oracle rules for a clock on which one block is half an hour: ages are a few blocks, and the band
/// is that of half-hourly, not of secondly, prices.
pub fn replay_oracle_rules() -> OracleRules {
	const BLOCK: Moment = 30 * MINUTE;
	OracleRules {
		spot_age_max: 4 * BLOCK,
		volatility_age_max: DAY,
		raw_age_max: 4 * BLOCK,
		spot_deviation_max: Ratio::from_percent(25),
		volatility_deviation_max: Ratio::from_percent(200),
		..OracleRules::default()
	}
}

/// Liquidation rules for a chain with a dozen accounts: the round robin of `on_idle` looks at one of
/// them per block, as it would at a small share of many, so that the offchain workers' path is the
/// one that is seen.
pub fn replay_liquidation_rules() -> LiquidationRules {
	LiquidationRules { idle_checks: 1, ..LiquidationRules::default() }
}
