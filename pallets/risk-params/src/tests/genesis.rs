use crate::{mock::*, GenesisConfig, Group};
use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	Ratio, Usd,
};
use ballast_traits::RiskParameters;

#[test]
fn default_values_are_in_force_where_nothing_was_set() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(RiskParams::underlying(BTC), Some(UnderlyingRisk::btc()));
		assert_eq!(RiskParams::underlying(ETH), Some(UnderlyingRisk::eth()));
		assert_eq!(RiskParams::underlying(DOT), None);
		assert_eq!(RiskParams::oracle(DOT), OracleRules::default());
		assert_eq!(RiskParams::margin(), MarginRules::default());
		assert_eq!(RiskParams::cash(), CashRules::default());
		assert_eq!(RiskParams::liquidation(), LiquidationRules::default());
		assert_eq!(RiskParams::pool(), PoolRules::default());
		assert_eq!(RiskParams::vaults(), VaultRules::default());
		assert_eq!(RiskParams::funds(), FundRules::default());
		assert_eq!(RiskParams::trades(), TradeRules::default());
		assert_eq!(
			RiskParams::underlying_risks(),
			vec![(BTC, UnderlyingRisk::btc()), (ETH, UnderlyingRisk::eth())]
		);
	});
}

#[test]
fn the_given_values_are_in_force() {
	let pool = PoolRules { takeover_cap: Ratio::from_percent(10), ..Default::default() };
	let liquidation = LiquidationRules { idle_checks: 7, ..Default::default() };
	let margin = MarginRules { initial_factor: Ratio::from_percent(200), ..Default::default() };
	let cash = CashRules { borrow_until: Ratio::from_percent(60), ..Default::default() };
	let vaults = VaultRules { deposit_min: Usd::from_int(1_000), ..Default::default() };
	let funds = FundRules { insurance_floor: Usd::from_int(7), ..Default::default() };
	let trades = TradeRules { offer_life_max: 7_200, ..Default::default() };
	let genesis = GenesisConfig {
		funds: Some(funds.clone()),
		trades: Some(trades.clone()),
		vaults: Some(vaults.clone()),
		cash: Some(cash.clone()),
		pool: Some(pool.clone()),
		liquidation: Some(liquidation.clone()),
		margin: Some(margin.clone()),
		..Default::default()
	};
	ExtBuilder::with(genesis).build_and_execute(|| {
		assert_eq!(RiskParams::pool(), pool);
		assert_eq!(RiskParams::liquidation(), liquidation);
		assert_eq!(RiskParams::margin(), margin);
		assert_eq!(RiskParams::cash(), cash);
		assert_eq!(RiskParams::vaults(), vaults);
		assert_eq!(RiskParams::funds(), funds);
		assert_eq!(RiskParams::trades(), trades);
	});
}

#[test]
fn every_start_value_is_valid() {
	let risks = [
		UnderlyingRisk::btc(),
		UnderlyingRisk::eth(),
		UnderlyingRisk::dot(),
		UnderlyingRisk::stable(),
	];
	assert!(risks.iter().all(|risk| risk.validate().is_ok()));
	assert_eq!(OracleRules::default().validate(), Ok(()));
	assert_eq!(MarginRules::default().validate(), Ok(()));
	assert_eq!(CashRules::default().validate(), Ok(()));
	assert_eq!(LiquidationRules::default().validate(), Ok(()));
	assert_eq!(PoolRules::default().validate(), Ok(()));
	assert_eq!(VaultRules::default().validate(), Ok(()));
	assert_eq!(FundRules::default().validate(), Ok(()));
	assert_eq!(TradeRules::default().validate(), Ok(()));
}

#[test]
fn a_preset_of_half_an_hour_a_block_is_valid() {
	let rules = OracleRules {
		spot_age_max: 6 * 3_600,
		volatility_age_max: 2 * 86_400,
		raw_age_max: 6 * 3_600,
		spot_deviation_max: Ratio::from_percent(50),
		sample_period: 1_800,
		..Default::default()
	};
	let underlyings = vec![(BTC, UnderlyingRisk::btc(), rules.clone())];
	ExtBuilder::with(GenesisConfig { underlyings, ..Default::default() })
		.build_and_execute(|| assert_eq!(RiskParams::oracle(BTC), rules));
}

#[test]
#[should_panic(expected = "I1: risk of an underlying")]
fn a_value_outside_its_range_stops_the_chain_from_starting() {
	let risk = UnderlyingRisk { scan_floor: Ratio::ZERO, ..UnderlyingRisk::btc() };
	let underlyings = vec![(BTC, risk, OracleRules::default())];
	ExtBuilder::with(GenesisConfig { underlyings, ..Default::default() }).build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "I2: spread")]
fn groups_that_contradict_each_other_stop_the_chain_from_starting() {
	let pool = PoolRules { spread_of_spot: Ratio::from_basis_points(40), ..Default::default() };
	let underlyings = vec![(BTC, UnderlyingRisk::btc(), OracleRules::default())];
	ExtBuilder::with(GenesisConfig { underlyings, pool: Some(pool), ..Default::default() })
		.build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "I1: rules of cash")]
fn rules_of_cash_that_contradict_themselves_stop_the_chain_from_starting() {
	let cash = CashRules { rate_at_zero: Ratio::from_percent(13), ..Default::default() };
	ExtBuilder::with(GenesisConfig { cash: Some(cash), ..Default::default() })
		.build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "I1: bounds of vaults")]
fn bounds_of_vaults_that_cross_stop_the_chain_from_starting() {
	let vaults = VaultRules { auction_min: 14_401, ..Default::default() };
	ExtBuilder::with(GenesisConfig { vaults: Some(vaults), ..Default::default() })
		.build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "I1: rules of the funds")]
fn shares_of_revenue_that_are_not_one_stop_the_chain_from_starting() {
	let funds = FundRules { pool_share: Ratio::from_percent(31), ..Default::default() };
	ExtBuilder::with(GenesisConfig { funds: Some(funds), ..Default::default() })
		.build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "I1: rules of trades")]
fn a_collar_without_width_stops_the_chain_from_starting() {
	let trades = TradeRules { collar_share: Ratio::ZERO, ..Default::default() };
	ExtBuilder::with(GenesisConfig { trades: Some(trades), ..Default::default() })
		.build_and_execute(|| {});
}

#[test]
fn an_asset_that_is_collateral_alone_may_be_there_from_the_start() {
	let rules = OracleRules { spot_only: true, ..Default::default() };
	let underlyings = vec![(DOT, UnderlyingRisk::stable(), rules.clone())];
	ExtBuilder::with(GenesisConfig { underlyings, ..Default::default() }).build_and_execute(|| {
		assert_eq!(RiskParams::oracle(DOT), rules);
		assert_eq!(RiskParams::underlying(DOT), Some(UnderlyingRisk::stable()));
	});
}
