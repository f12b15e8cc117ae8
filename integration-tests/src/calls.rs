//! The calls that actors send, and the units that tests write them in.

use ballast_primitives::{
	units::ACCURACY, AssetId, Moment, Price, Quantity, Ratio, SeriesId, Settlement, Style,
	SurfaceQuote, UnderlyingId, Usd,
};
use ballast_runtime::{genesis::assets, AccountId, RuntimeCall};
use frame_support::BoundedVec;

/// Bitcoin.
pub const BTC: UnderlyingId = UnderlyingId(1);
/// Ether.
pub const ETH: UnderlyingId = UnderlyingId(2);
/// DOT.
pub const DOT: UnderlyingId = UnderlyingId(3);
/// Every underlying of the presets.
pub const UNDERLYINGS: [UnderlyingId; 3] = [BTC, ETH, DOT];

/// A price in cents.
pub const fn cents(cents: u64) -> Price {
	Price::from_inner(cents as u128 * (ACCURACY / 100))
}

/// A quantity in hundredths of a contract.
pub const fn hundredths(hundredths: i64) -> Quantity {
	Quantity::from_inner(hundredths as i128 * (ACCURACY as i128 / 100))
}

/// Whole dollars as an amount of the quote asset.
pub const fn dollars(whole: u128) -> u128 {
	assets::USD.units(whole)
}

/// An amount of the ledger as an amount of the quote asset, rounded down; nothing if negative.
pub fn amount_of(value: Usd) -> u128 {
	u128::try_from(value.into_inner()).unwrap_or(0) / (ACCURACY / dollars(1))
}

/// Operators' spot prices.
pub fn feed_spot(values: Vec<(UnderlyingId, Price)>) -> RuntimeCall {
	let values = BoundedVec::truncate_from(values);
	RuntimeCall::SpotOracle(orml_oracle::Call::feed_values { values })
}

/// Operators' volatilities.
pub fn feed_volatility(values: Vec<(UnderlyingId, SurfaceQuote)>) -> RuntimeCall {
	let values = BoundedVec::truncate_from(values);
	RuntimeCall::VolatilityOracle(orml_oracle::Call::feed_values { values })
}

/// Quote currency into the clearing house.
pub fn deposit(amount: u128) -> RuntimeCall {
	RuntimeCall::Margin(pallet_margin::Call::deposit { amount })
}

/// Quote currency out of it.
pub fn withdraw(amount: u128) -> RuntimeCall {
	RuntimeCall::Margin(pallet_margin::Call::withdraw { amount })
}

/// Collateral into the clearing house.
pub fn deposit_collateral(asset: AssetId, amount: u128) -> RuntimeCall {
	RuntimeCall::Margin(pallet_margin::Call::deposit_collateral { asset, amount })
}

/// Collateral out of it.
pub fn withdraw_collateral(asset: AssetId, amount: u128) -> RuntimeCall {
	RuntimeCall::Margin(pallet_margin::Call::withdraw_collateral { asset, amount })
}

/// Expired positions into cash.
pub fn settle(account: AccountId) -> RuntimeCall {
	RuntimeCall::Margin(pallet_margin::Call::settle { account })
}

/// Cash into the mutual pool.
pub fn pool_deposit(amount: Usd) -> RuntimeCall {
	RuntimeCall::RiskPool(pallet_risk_pool::Call::deposit { amount })
}

/// Shares of the mutual pool into cash, after the cooldown.
pub fn request_withdrawal(shares: Quantity) -> RuntimeCall {
	RuntimeCall::RiskPool(pallet_risk_pool::Call::request_withdrawal { shares })
}

/// An option from the pool, with this deadline.
pub fn buy_until(series: SeriesId, quantity: Quantity, most: Usd, deadline: Moment) -> RuntimeCall {
	let max_premium = most;
	RuntimeCall::RiskPool(pallet_risk_pool::Call::buy { series, quantity, max_premium, deadline })
}

/// An option from the pool, at any price and time.
pub fn buy(series: SeriesId, quantity: Quantity) -> RuntimeCall {
	buy_until(series, quantity, Usd::from_inner(i128::MAX), Moment::MAX)
}

/// An option to the pool, with this deadline.
pub fn sell_until(
	series: SeriesId,
	quantity: Quantity,
	least: Usd,
	deadline: Moment,
) -> RuntimeCall {
	let min_premium = least;
	RuntimeCall::RiskPool(pallet_risk_pool::Call::sell { series, quantity, min_premium, deadline })
}

/// An option to the pool, at any price and time.
pub fn sell(series: SeriesId, quantity: Quantity) -> RuntimeCall {
	sell_until(series, quantity, Usd::ZERO, Moment::MAX)
}

/// Cash into the insurance fund.
pub fn donate(amount: Usd) -> RuntimeCall {
	RuntimeCall::RiskPool(pallet_risk_pool::Call::donate_insurance { amount })
}

/// A failing account under auction.
pub fn liquidate(account: AccountId) -> RuntimeCall {
	RuntimeCall::Liquidation(pallet_liquidation::Call::liquidate { account })
}

/// A share of an account under auction, at any price.
pub fn bid(account: AccountId, share: Ratio, last_bid: u32) -> RuntimeCall {
	bid_up_to(account, share, Usd::from_inner(i128::MAX), last_bid)
}

/// A share of an account under auction.
pub fn bid_up_to(account: AccountId, share: Ratio, max_payment: Usd, last_bid: u32) -> RuntimeCall {
	RuntimeCall::Liquidation(pallet_liquidation::Call::bid {
		account,
		share,
		max_payment,
		last_bid,
	})
}

/// A European call and put at each strike.
pub fn list_grid(underlying: UnderlyingId, expiry: Moment, strikes: Vec<Price>) -> RuntimeCall {
	let strikes = BoundedVec::truncate_from(strikes);
	let style = Style::European;
	let settlement = Settlement::Cash;
	RuntimeCall::Options(pallet_options::Call::list_grid {
		underlying,
		style,
		settlement,
		expiry,
		strikes,
	})
}
