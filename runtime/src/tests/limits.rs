//! What a block can hold, by the weights in force: `docs/limits.md` says it, this test keeps it true.
//! `BALLAST_WRITE_LIMITS=1 cargo test ... limits` writes the table anew.

use crate::{
	configs::system::RuntimeBlockWeights, validators::offences::ReportWeights, AccountId, Runtime,
	RuntimeCall,
};
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo},
	weights::Weight,
};
use pallet_block_trades::WeightInfo as _;
use pallet_liquidation::WeightInfo as _;
use pallet_margin::WeightInfo as _;
use pallet_option_vaults::WeightInfo as _;
use pallet_options::WeightInfo as _;
use pallet_price_feed::WeightInfo as _;
use pallet_revenue::WeightInfo as _;
use pallet_risk_params::WeightInfo as _;
use pallet_risk_pool::WeightInfo as _;
use pallet_staking::WeightInfo as _;
use std::{fmt::Write, fs, path::PathBuf};

type Margin = <Runtime as pallet_margin::Config>::WeightInfo;
type Options = <Runtime as pallet_options::Config>::WeightInfo;
type Vaults = <Runtime as pallet_option_vaults::Config>::WeightInfo;
type VaultCall = pallet_option_vaults::Call<Runtime>;
type Pool = <Runtime as pallet_risk_pool::Config>::WeightInfo;
type Liquidation = <Runtime as pallet_liquidation::Config>::WeightInfo;
type BlockTrades = <Runtime as pallet_block_trades::Config>::WeightInfo;
type Params = <Runtime as pallet_risk_params::Config>::WeightInfo;
type Revenue = <Runtime as pallet_revenue::Config>::WeightInfo;
type Staking = <Runtime as pallet_staking::Config>::WeightInfo;
type Feed = <Runtime as pallet_price_feed::Config>::WeightInfo;

/// Where the table begins and ends in the document.
const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- end of table -->\n";

/// Room for normal calls, and for `on_idle` of one of our pallets.
fn rooms() -> (Weight, Weight) {
	let weights = RuntimeBlockWeights::get();
	let normal = weights.get(DispatchClass::Normal).max_total.unwrap_or(weights.max_block);
	(normal, weights.max_block.saturating_div(5))
}

/// Accepting the ticks of so many underlyings by so many operators.
fn ticks(underlyings: u64, operators: u32) -> Weight {
	Feed::accept_ticks_base()
		.saturating_add(Feed::accept_tick(operators).saturating_mul(underlyings))
}

/// What a call on a vault is charged.
fn charged(call: VaultCall) -> Weight {
	RuntimeCall::from(call).get_dispatch_info().call_weight
}

/// Name, weight, and whether it is a call of a user or a step of a hook.
fn rows() -> Vec<(&'static str, Weight, bool)> {
	let holder = AccountId::new([0; 32]);
	vec![
		("`margin.deposit`, 1 position", Margin::deposit(1), true),
		("`margin.deposit`, 64 positions", Margin::deposit(64), true),
		("`margin.withdraw`, 1 position", Margin::withdraw(1, 0), true),
		("`margin.withdraw`, 8 positions", Margin::withdraw(8, 0), true),
		("`margin.withdraw`, 64 positions, 4 American", Margin::withdraw(64, 4), true),
		("`margin.request_exercise`, 8 positions", Margin::request_exercise(8), true),
		("`margin.transfer_positions`, 8 moved", Margin::transfer_positions(8), true),
		("`riskPool.buy`", Pool::buy(), true),
		("`riskPool.sell`", Pool::sell(), true),
		("`riskPool.deposit`", Pool::deposit(), true),
		("`blockTrades.offer`", BlockTrades::offer(), true),
		("`blockTrades.accept`", BlockTrades::accept(), true),
		("`liquidation.bid`", Liquidation::bid(), true),
		("`liquidation.liquidate`", Liquidation::liquidate(), true),
		("`optionVaults.deposit`", Vaults::deposit(), true),
		("`optionVaults.buy`", Vaults::buy(), true),
		(
			"`optionVaults.claim`, 64 positions",
			charged(VaultCall::claim { vault: 0, holder }),
			true,
		),
		(
			"`optionVaults.open_round`, whatever the depositors",
			charged(VaultCall::open_round { vault: 0 }),
			true,
		),
		("`options.settle_series`", Options::settle_series(), true),
		("`staking.payout_stakers`, 64 nominators", Staking::payout_stakers_alive_staked(64), true),
		(
			"`babe.report_equivocation`, 100 validators, 1,000 nominators",
			<ReportWeights as pallet_babe::WeightInfo>::report_equivocation(100, 1_000),
			true,
		),
		("`riskParams.set_underlying_risk`", Params::set_underlying_risk(), true),
		("`riskParams.ramp`", Params::ramp().max(Params::ramp_of_pool()), true),
		("`riskParams.guard`, over a ramp", Params::guard().max(Params::guard_of_pool()), true),
		("`revenue.payout`, 64 nominators", Revenue::payout(64), true),
		("check of an account, 8 legs", Liquidation::idle_check(8), false),
		("check of an account, 64 legs", Liquidation::idle_check(64), false),
		("visit of the settlement sweep, 8 positions", Margin::visit(8), false),
		("early exercise that met its tick", Margin::exercises(1), false),
		("ticks of 5 underlyings by 5 operators", ticks(5, 5), false),
		("step of 19 groups that are ramped and guarded", Params::step_ramps(19), false),
	]
}

fn table() -> String {
	let (normal, idle) = rooms();
	let mut table = String::from("\n| | weight, ms | in a block |\n|---|---:|---:|\n");
	for (name, weight, of_user) in rows() {
		let room = if of_user { normal } else { idle };
		let times = room.checked_div_per_component(&weight).unwrap_or(0);
		let milliseconds = weight.ref_time() as f64 / 1e9;
		writeln!(table, "| {name} | {milliseconds:.2} | {times} |").unwrap();
	}
	table.push('\n');
	table
}

#[test]
fn the_document_says_what_a_block_can_hold() {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/limits.md");
	let document = fs::read_to_string(&path).unwrap();
	let begin = document.find(BEGIN).unwrap() + BEGIN.len();
	let end = document.find(END).unwrap();
	if std::env::var("BALLAST_WRITE_LIMITS").is_ok() {
		let written = [&document[..begin], &table(), &document[end..]].concat();
		fs::write(&path, written).unwrap();
		return;
	}
	assert_eq!(&document[begin..end], table(), "write it anew: BALLAST_WRITE_LIMITS=1");
}

#[test]
fn nothing_mandatory_can_fill_a_block() {
	let (_, share) = rooms();
	let exercises = Margin::exercises(pallet_margin::MAX_EXERCISE_REQUESTS);
	assert!(exercises.all_lte(share), "{exercises:?}");
	// Every guard and halt ends, and every group that can be ramped makes a step.
	let turn = Params::end_guards().saturating_add(Params::step_ramps(19));
	assert!(turn.all_lte(share), "{turn:?}");
	let ticks = ticks(16, 16);
	assert!(ticks.all_lte(share.saturating_mul(2)), "{ticks:?}");
}
