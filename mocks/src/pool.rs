//! Mock of the mutual pool.

use ballast_primitives::{Price, Quantity, SeriesId, Usd};
use ballast_traits::MutualPool;
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

/// Settable [`MutualPool`].
pub struct MockPool;

slots! { MockPool:
	pool_account / mock_pool_account() -> u64;
	insurance_account / mock_insurance_account() -> u64;
	capital_rule / mock_capital_rule(requirement: Usd) -> DispatchResult;
	bid / mock_bid(series: SeriesId, quantity: Quantity) -> Option<Price>;
	buy_from / mock_buy_from(seller: &u64, series: SeriesId, quantity: Quantity, min_premium: Usd) -> Result<Usd, DispatchError>;
	pay_keeper / mock_pay_keeper(keeper: &u64, amount: Usd) -> Result<Usd, DispatchError>;
	collect_penalty / mock_collect_penalty(from: &u64, amount: Usd) -> DispatchResult;
}

impl MutualPool<u64> for MockPool {
	fn pool_account() -> u64 {
		call::pool_account()
	}
	fn insurance_account() -> u64 {
		call::insurance_account()
	}
	/// Runs `take`, then the closure set by `mock_capital_rule`, which says whether it may stand.
	fn take_over<R>(
		requirement: Usd,
		take: impl FnOnce(&u64) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let result = take(&call::pool_account())?;
		call::capital_rule(requirement)?;
		Ok(result)
	}
	fn bid(series: SeriesId, quantity: Quantity) -> Option<Price> {
		call::bid(series, quantity)
	}
	fn buy_from(
		seller: &u64,
		series: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
	) -> Result<Usd, DispatchError> {
		call::buy_from(seller, series, quantity, min_premium)
	}
	fn pay_keeper(keeper: &u64, amount: Usd) -> Result<Usd, DispatchError> {
		call::pay_keeper(keeper, amount)
	}
	fn collect_penalty(from: &u64, amount: Usd) -> DispatchResult {
		call::collect_penalty(from, amount)
	}
}
