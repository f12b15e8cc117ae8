//! Every benchmark of ours passes its assertions on this runtime, and the scenery of benchmarks is what it
//! says: else they would measure less than the worst case.

use super::{chain, state};
use crate::{
	benchmarks::{scenery, Helper},
	configs::revenue::Eras,
	validators::election::MAX_SEATS,
	Block, Margin, Options, PriceFeed, RiskPool, Runtime,
};
use ballast_primitives::{AccountStatus, OptionKind, Style, UnderlyingId, MAX_AMERICAN_SERIES};
use ballast_traits::{InspectAccounts, InspectMarket, InspectSeries, InspectStaking, MutualPool};
use frame_benchmarking::{runtime_decl_for_benchmark::BenchmarkV2, BenchmarkConfig};
use pallet_liquidation::benchmarking::BenchmarkHelper as Liquidation;
use pallet_price_feed::benchmarking::BenchmarkHelper as Feed;
use pallet_revenue::benchmarking::BenchmarkHelper as Revenue;
use pallet_risk_pool::benchmarking::BenchmarkHelper as Pool;
use pallet_staking::ErasRewardPoints;
use std::collections::BTreeSet;

#[test]
fn every_market_has_prices_of_every_operator() {
	chain::development().execute_with(|| {
		<Helper as Feed>::open();
		for id in [1, 2, 3, 4, 5, 11, 12, 13, 14, 15] {
			let market = PriceFeed::state(UnderlyingId(id)).expect("known");
			assert_eq!(market.operators, 16, "{id}");
		}
	});
}

#[test]
fn the_largest_account_is_as_large_as_can_be() {
	chain::development().execute_with(|| {
		<Helper as Pool<_>>::open();
		let quoted = <Helper as Pool<_>>::burden();
		let who = <Helper as Pool<_>>::largest(Some(quoted));
		scenery::tick(3);
		let positions = Margin::positions(&who);
		assert_eq!(positions.len(), 64);
		assert_eq!(Margin::positions(&RiskPool::pool_account()).len(), 64);
		let series: Vec<_> =
			positions.iter().map(|(id, _)| Options::series(*id).unwrap()).collect();
		let calls = series.iter().filter(|series| series.kind == OptionKind::Call).count();
		let long = positions.iter().filter(|(_, quantity)| quantity.is_positive()).count();
		assert!((28..=36).contains(&calls) && (28..=36).contains(&long), "{calls} {long}");
		let american = series.iter().filter(|series| series.style == Style::American).count();
		assert_eq!(american as u32, MAX_AMERICAN_SERIES);
		let underlyings: BTreeSet<_> = series.iter().map(|series| series.underlying).collect();
		assert_eq!(underlyings.len(), 8);
		let expiries: BTreeSet<_> = series.iter().map(|series| series.expiry).collect();
		assert!(expiries.len() >= 16, "{}", expiries.len());
		assert_eq!(Margin::account_view(&who).unwrap().collateral.len(), 8);
		assert_eq!(Margin::health(&who).unwrap().status, AccountStatus::Safe);
	});
}

#[test]
fn accounts_fail_as_they_are_asked_to() {
	for (is_insolvent, expected) in
		[(false, AccountStatus::Liquidatable), (true, AccountStatus::Bankrupt)]
	{
		chain::development().execute_with(|| {
			<Helper as Liquidation<_>>::open();
			let who = <Helper as Liquidation<_>>::failing(is_insolvent);
			<Helper as Liquidation<_>>::tick(3);
			let health = Margin::health(&who).unwrap();
			assert_eq!(health.status, expected, "{health:?}");
			assert_eq!(Margin::positions(&who).len(), 64);
			let bidder = <Helper as Liquidation<_>>::bidder();
			assert_eq!(Margin::health(&bidder).unwrap().status, AccountStatus::Safe);
		});
	}
}

#[test]
fn an_era_of_revenue_is_one_with_every_seat_taken() {
	chain::development().execute_with(|| {
		let (era, validator) = <Helper as Revenue<_>>::era(64);
		let points = ErasRewardPoints::<Runtime>::get(era);
		assert_eq!(points.individual.len(), MAX_SEATS as usize);
		assert_eq!(points.individual.values().sum::<u32>(), points.total);
		let page = Eras::exposure(era, &validator, 0).unwrap();
		let payees: BTreeSet<_> =
			page.nominators.iter().map(|(who, _)| Eras::payee(who).unwrap()).collect();
		assert_eq!((page.nominators.len(), payees.len()), (64, 64));
		assert!(Eras::active_era() > Some(era));
	});
}

/// At both ends of all components at once.
fn pass(pallet: &str) {
	let mut ext = chain::development();
	let (lists, _) =
		ext.execute_with(|| <Runtime as BenchmarkV2<Block>>::benchmark_metadata(false));
	let list = lists.into_iter().find(|list| list.pallet == pallet.as_bytes()).expect("listed");
	let mut top = std::collections::BTreeMap::new();
	ext.execute_with(|| {
		let mut key = Vec::new();
		while let Some(next) = sp_io::storage::next_key(&key) {
			top.insert(next.clone(), sp_io::storage::get(&next).expect("there").to_vec());
			key = next;
		}
	});
	let storage = sp_core::storage::Storage { top, ..Default::default() };
	for benchmark in list.benchmarks {
		let least = benchmark.components.iter().map(|(name, low, _)| (*name, *low)).collect();
		let most = benchmark.components.iter().map(|(name, _, high)| (*name, *high)).collect();
		for components in [least, most] {
			let config = BenchmarkConfig {
				pallet: list.pallet.clone(),
				instance: list.instance.clone(),
				benchmark: benchmark.name.clone(),
				selected_components: components,
				verify: true,
				internal_repeats: 1,
			};
			let name = String::from_utf8_lossy(&benchmark.name).into_owned();
			let run = || <Runtime as BenchmarkV2<Block>>::dispatch_benchmark(config);
			let results = state::run_on(storage.clone(), run).expect("passes");
			assert!(!results.is_empty(), "{name}");
		}
	}
}

#[test]
fn benchmarks_of_liquidation_pass() {
	pass("pallet_liquidation");
}

#[test]
fn benchmarks_of_block_trades_pass() {
	pass("pallet_block_trades");
}

#[test]
fn benchmarks_of_margin_pass() {
	pass("pallet_margin");
}

#[test]
fn benchmarks_of_option_vaults_pass() {
	pass("pallet_option_vaults");
}

#[test]
fn benchmarks_of_options_pass() {
	pass("pallet_options");
}

#[test]
fn benchmarks_of_the_price_feed_pass() {
	pass("pallet_price_feed");
}

#[test]
fn benchmarks_of_revenue_pass() {
	pass("pallet_revenue");
}

#[test]
fn benchmarks_of_risk_parameters_pass() {
	pass("pallet_risk_params");
}

#[test]
fn benchmarks_of_the_pool_pass() {
	pass("pallet_risk_pool");
}
