//! The pallets whose weights can be measured on this runtime.

pub mod scenery;
mod staking;

use crate::{
	constants::currency::BLST, AccountId, Assets, Balances, Margin, Options, PriceFeed, RiskPool,
};
use alloc::vec::Vec;
use ballast_primitives::{
	time::DAY, AssetId, Moment, Quantity, SeriesId, UnderlyingId, Usd, MAX_AMERICAN_SERIES,
};
use ballast_traits::{
	EraIndex, InspectAccounts, InspectMarket, InspectSeries, MutateAccounts, MutualPool,
};
use frame_support::{
	assert_ok,
	traits::{fungible::Mutate, fungibles::metadata::Inspect},
};
use scenery::POSITIONS;

frame_benchmarking::define_benchmarks!(
	[pallet_balances, Balances]
	[pallet_membership, OracleMembers]
	[pallet_multisig, Multisig]
	[pallet_proxy, Proxy]
	[pallet_sudo, Sudo]
	[pallet_timestamp, Timestamp]
	[pallet_utility, Utility]
	[orml_oracle, SpotOracle]
	[orml_oracle, VolatilityOracle]
	[pallet_block_trades, BlockTrades]
	[pallet_liquidation, Liquidation]
	[pallet_margin, Margin]
	[pallet_option_vaults, OptionVaults]
	[pallet_options, Options]
	[pallet_price_feed, PriceFeed]
	[pallet_revenue, Revenue]
	[pallet_risk_params, RiskParams]
	[pallet_risk_pool, RiskPool]
);

/// The benchmarks that there are, and what is in storage.
pub type Metadata =
	(Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>);

/// What to run.
pub type Config = frame_benchmarking::BenchmarkConfig;

/// What came of it.
pub type Outcome = Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String>;

/// What the runtime API says there is.
pub fn metadata(extra: bool) -> Metadata {
	use crate::*;
	use frame_benchmarking::BenchmarkList;
	use frame_support::traits::StorageInfoTrait;

	let mut list = Vec::<BenchmarkList>::new();
	list_benchmarks!(list, extra);
	(list, AllPalletsWithSystem::storage_info())
}

/// Runs a benchmark for the runtime API.
pub fn dispatch(config: Config) -> Outcome {
	use crate::*;
	use frame_benchmarking::BenchmarkBatch;
	use frame_support::traits::WhitelistedStorageKeys;

	let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	let mut batches = Vec::<BenchmarkBatch>::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}

/// Puts our pallets into the situations that their benchmarks measure.
pub struct Helper;

impl pallet_price_feed::benchmarking::BenchmarkHelper for Helper {
	fn open() -> UnderlyingId {
		scenery::open();
		UnderlyingId(1)
	}

	fn leave_operators(count: u32) {
		scenery::set_operators(count);
	}

	fn feed(seconds: Moment) {
		scenery::feed(seconds);
	}
}

impl pallet_options::benchmarking::BenchmarkHelper for Helper {
	fn open() -> UnderlyingId {
		scenery::open();
		UnderlyingId(1)
	}

	fn pass(seconds: Moment) {
		scenery::tick(seconds);
	}

	fn settle(underlying: UnderlyingId, expiry: Moment) {
		scenery::settle(underlying, expiry);
	}
}

impl pallet_margin::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn open() -> (Vec<SeriesId>, Vec<SeriesId>) {
		scenery::open();
		(scenery::wide(POSITIONS, 0), scenery::american())
	}

	fn account(index: u32) -> AccountId {
		let who: AccountId = frame_benchmarking::account("holder", index, 0);
		if Margin::cash(&who).is_zero() {
			scenery::collateralised("holder", index, AMPLE);
		}
		who
	}

	fn collateral() -> (AssetId, u128) {
		let asset = Options::asset(UnderlyingId(1)).expect("it is listed");
		(asset, 10u128.pow(u32::from(Assets::decimals(asset))))
	}

	fn tick(seconds: Moment) {
		scenery::tick(seconds);
	}

	fn expire() {
		scenery::expire(POSITIONS);
	}
}

impl pallet_block_trades::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn open() -> (AccountId, AccountId, SeriesId) {
		scenery::open();
		let all = scenery::wide(POSITIONS, MAX_AMERICAN_SERIES);
		let traders = ["maker", "taker"].map(|name| {
			let who = scenery::collateralised(name, 0, AMPLE);
			assert_ok!(Balances::mint_into(&who, 1_000 * BLST));
			scenery::take_positions(&who, &all);
			who
		});
		let [maker, taker] = traders;
		(maker, taker, all[0])
	}

	fn tick(seconds: Moment) {
		scenery::tick(seconds);
	}
}

/// Cash of an account for which it shall be no question, in dollars.
const AMPLE: u128 = 50_000_000;

impl pallet_risk_pool::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn open() {
		scenery::open();
		scenery::endow_house();
	}

	fn burden() -> SeriesId {
		let series = scenery::deep(0, POSITIONS);
		scenery::take_positions(&RiskPool::pool_account(), &series);
		// the pool has bought it
		series[0]
	}

	fn rich(index: u32) -> AccountId {
		scenery::funded("rich", index, AMPLE)
	}

	fn largest(held: Option<SeriesId>) -> AccountId {
		let who = scenery::collateralised("largest", 0, AMPLE);
		let count = if held.is_some() { POSITIONS - 1 } else { POSITIONS };
		let mut series = scenery::wide(count, MAX_AMERICAN_SERIES);
		series.extend(held);
		scenery::take_positions(&who, &series);
		who
	}

	fn tick(seconds: Moment) {
		scenery::tick(seconds);
	}
}

impl pallet_option_vaults::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn open() -> UnderlyingId {
		scenery::open();
		scenery::endow_house();
		UnderlyingId(1)
	}

	fn rich(index: u32) -> AccountId {
		let who: AccountId = frame_benchmarking::account("rich", index, 0);
		if Margin::cash(&who).is_zero() {
			scenery::funded("rich", index, AMPLE);
			assert_ok!(Balances::mint_into(&who, 1_000 * BLST));
		}
		who
	}

	fn largest() -> AccountId {
		let all = scenery::wide(POSITIONS - 1, MAX_AMERICAN_SERIES);
		scenery::take_positions(&RiskPool::pool_account(), &all);
		let who = scenery::collateralised("largest", 0, AMPLE);
		scenery::take_positions(&who, &all);
		who
	}

	fn tick(seconds: Moment) {
		scenery::tick(seconds);
	}

	fn expire(underlying: UnderlyingId, expiry: Moment) {
		scenery::tick(expiry + DAY - PriceFeed::now());
		scenery::settle(underlying, expiry);
		scenery::tick(3);
	}
}

impl pallet_liquidation::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn open() {
		scenery::open();
		scenery::endow_house();
		scenery::take_positions(
			&RiskPool::pool_account(),
			&scenery::wide(POSITIONS, MAX_AMERICAN_SERIES),
		);
	}

	fn sound(positions: u32) -> AccountId {
		let who = scenery::collateralised("sound", positions, AMPLE);
		scenery::take_positions(&who, &scenery::deep(POSITIONS, positions));
		who
	}

	fn american() -> AccountId {
		let who = scenery::collateralised("american", 0, AMPLE);
		scenery::take_positions(&who, &scenery::listed(MAX_AMERICAN_SERIES));
		who
	}

	fn failing(is_insolvent: bool) -> AccountId {
		let who = scenery::collateralised("failing", 0, 1_000_000);
		scenery::take_positions(&who, &scenery::listed(POSITIONS));
		scenery::impoverish(&who, is_insolvent);
		who
	}

	fn bidder() -> AccountId {
		let who = scenery::collateralised("bidder", 0, AMPLE);
		scenery::take_positions(&who, &scenery::listed(POSITIONS));
		who
	}

	fn overload_pool() {
		// Nothing is left of its capital, so that whatever adds to its risk is refused.
		scenery::leave(&RiskPool::pool_account(), scenery::dollars(1));
	}

	fn tick(seconds: Moment) {
		scenery::tick(seconds);
	}
}

impl pallet_revenue::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn give_cash(who: &AccountId, amount: Usd) {
		let giver = scenery::funded("giver", 0, AMPLE);
		assert_ok!(<Margin as MutateAccounts<_>>::transfer(&giver, who, amount));
	}

	fn give_units(who: &AccountId) -> AssetId {
		scenery::open();
		let giver = scenery::collateralised("giver", 1, AMPLE);
		let unit = Quantity::from_int(1);
		let assets: Vec<AssetId> =
			Options::underlyings().into_iter().filter_map(Options::asset).collect();
		let held = |asset: &AssetId| Margin::units(&giver, *asset) >= unit;
		let held: Vec<AssetId> = assets.into_iter().filter(held).collect();
		for asset in &held {
			assert_ok!(<Margin as MutateAccounts<_>>::transfer_units(&giver, who, *asset, unit));
		}
		held[0]
	}

	fn era(nominators: u32) -> (EraIndex, AccountId) {
		staking::era(nominators)
	}

	fn next_era() {
		staking::next_era();
	}
}
