//! Mock of the clearing ledger.

use ballast_primitives::{
	AccountHealth, AssetId, Price, Quantity, Ratio, SeriesId, UnderlyingId, Usd,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError, weights::Weight};

/// Settable [`InspectAccounts`] and [`MutateAccounts`].
pub struct MockAccounts;

slots! { MockAccounts:
	health / mock_health(who: &u64) -> Result<AccountHealth, DispatchError>;
	healths / mock_healths(who: &[u64]) -> Vec<Result<AccountHealth, DispatchError>>;
	cash / mock_cash(who: &u64) -> Usd;
	decimals / mock_decimals(asset: AssetId) -> u8;
	units / mock_units(who: &u64, asset: AssetId) -> Quantity;
	withdrawable / mock_withdrawable(who: &u64) -> Result<Usd, DispatchError>;
	positions / mock_positions(who: &u64) -> Vec<(SeriesId, Quantity)>;
	has_lots / mock_has_lots(who: &u64) -> bool;
	next_after / mock_next_after(who: Option<&u64>) -> Option<u64>;
	stress_loss / mock_stress_loss(who: &u64, change: Option<(SeriesId, Quantity)>) -> Result<Usd, DispatchError>;
	collaterals / mock_collaterals(who: &u64) -> Vec<UnderlyingId>;
	unusable / mock_unusable(who: &u64) -> Vec<UnderlyingId>;
	touch_weight / mock_touch_weight() -> Weight;
	touch / mock_touch(who: &u64) -> DispatchResult;
	transfer / mock_transfer(from: &u64, to: &u64, amount: Usd) -> DispatchResult;
	transfer_units / mock_transfer_units(from: &u64, to: &u64, asset: AssetId, quantity: Quantity) -> DispatchResult;
	secure_put / mock_secure_put(who: &u64, series: SeriesId) -> DispatchResult;
	credit_deficit / mock_credit_deficit(who: &u64, amount: Usd) -> DispatchResult;
	debit_deficit / mock_debit_deficit(from: &u64, amount: Usd) -> DispatchResult;
	trade / mock_trade(buyer: &u64, seller: &u64, series: SeriesId, quantity: Quantity, premium: Usd) -> DispatchResult;
	transfer_portfolio / mock_transfer_portfolio(from: &u64, to: &u64, share: Ratio) -> DispatchResult;
	deleverage / mock_deleverage(who: &u64, series: SeriesId, quantity: Quantity, price: Price) -> DispatchResult;
	guard / mock_guard(who: &u64) -> DispatchResult;
	release / mock_release(who: &u64) -> DispatchResult;
}

impl InspectAccounts<u64> for MockAccounts {
	fn health(who: &u64) -> Result<AccountHealth, DispatchError> {
		call::health(who)
	}
	fn healths(who: &[u64]) -> Vec<Result<AccountHealth, DispatchError>> {
		call::healths(who)
	}
	fn cash(who: &u64) -> Usd {
		call::cash(who)
	}
	fn decimals(asset: AssetId) -> u8 {
		call::decimals(asset)
	}
	fn units(who: &u64, asset: AssetId) -> Quantity {
		call::units(who, asset)
	}
	fn withdrawable(who: &u64) -> Result<Usd, DispatchError> {
		call::withdrawable(who)
	}
	fn positions(who: &u64) -> Vec<(SeriesId, Quantity)> {
		call::positions(who)
	}
	fn has_lots(who: &u64) -> bool {
		call::has_lots(who)
	}
	fn next_after(who: Option<&u64>) -> Option<u64> {
		call::next_after(who)
	}
	fn stress_loss(who: &u64, change: Option<(SeriesId, Quantity)>) -> Result<Usd, DispatchError> {
		call::stress_loss(who, change)
	}
	fn collaterals(who: &u64) -> Vec<UnderlyingId> {
		call::collaterals(who)
	}
	fn unusable(who: &u64) -> Vec<UnderlyingId> {
		call::unusable(who)
	}
}

impl MutateAccounts<u64> for MockAccounts {
	fn touch_weight() -> Weight {
		call::touch_weight()
	}
	fn touch(who: &u64) -> DispatchResult {
		call::touch(who)
	}
	fn transfer(from: &u64, to: &u64, amount: Usd) -> DispatchResult {
		call::transfer(from, to, amount)
	}
	fn transfer_units(from: &u64, to: &u64, asset: AssetId, quantity: Quantity) -> DispatchResult {
		call::transfer_units(from, to, asset, quantity)
	}
	fn secure_put(who: &u64, series: SeriesId) -> DispatchResult {
		call::secure_put(who, series)
	}
	fn credit_deficit(who: &u64, amount: Usd) -> DispatchResult {
		call::credit_deficit(who, amount)
	}
	fn debit_deficit(from: &u64, amount: Usd) -> DispatchResult {
		call::debit_deficit(from, amount)
	}
	fn trade(
		buyer: &u64,
		seller: &u64,
		series: SeriesId,
		quantity: Quantity,
		premium: Usd,
	) -> DispatchResult {
		call::trade(buyer, seller, series, quantity, premium)
	}
	fn transfer_portfolio(from: &u64, to: &u64, share: Ratio) -> DispatchResult {
		call::transfer_portfolio(from, to, share)
	}
	fn deleverage(who: &u64, series: SeriesId, quantity: Quantity, price: Price) -> DispatchResult {
		call::deleverage(who, series, quantity, price)
	}
	/// Runs the change, then the closure set by `mock_release`, which says whether it may stand.
	fn releasing<R>(
		who: &u64,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let result = change()?;
		call::release(who)?;
		Ok(result)
	}
	/// Runs the change, then the closure set by `mock_guard`, which says whether it may stand.
	fn guarded<R>(
		who: &u64,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let result = change()?;
		call::guard(who)?;
		Ok(result)
	}
}
