//! A tightening by referendum: who is at the edge is told how long it has, and is liquidated when the
//! requirement reaches it, not when the vote does.

use crate::support::{scene, Scene};
use ballast_integration_tests::{
	calls::{deposit, dollars, hundredths, BTC},
	Actor, Env,
};
use ballast_primitives::{params::UnderlyingRisk, AccountStatus, Ratio, SeriesId, Usd};
use ballast_runtime::{
	genesis::accounts, governance::origins::pallet_custom_origins::Origin, AccountId, Margin,
	OriginCaller, RiskParams, RiskPool, Runtime, RuntimeCall, RuntimeEvent,
};
use ballast_traits::{MutateAccounts, RiskParameters};
use frame_support::traits::{schedule::DispatchTime, Bounded};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_risk_params::{GroupKey, GuardedValue, RampEnd};
use parity_scale_codec::Encode;
use sp_runtime::traits::{BlakeTwo256, Hash};

/// Seconds of market time of a block.
const BLOCK: u64 = 1_800;
/// Blocks after which a referendum that everybody is for must have had its effect.
const PATIENCE: u32 = 400;

/// A referendum of the risk admin's that every trader is for, until its call is made.
fn referendum(env: &mut Env, call: RuntimeCall) {
	let traders = accounts::traders();
	let bytes = call.encode();
	let (hash, len) = (BlakeTwo256::hash(&bytes), bytes.len() as u32);
	let proposal_origin = Box::new(OriginCaller::from(Origin::RiskAdmin));
	let calls: [RuntimeCall; 3] = [
		pallet_preimage::Call::note_preimage { bytes }.into(),
		pallet_referenda::Call::submit {
			proposal_origin,
			proposal: Bounded::Lookup { hash, len },
			enactment_moment: DispatchTime::After(0),
		}
		.into(),
		pallet_referenda::Call::place_decision_deposit { index: 0 }.into(),
	];
	for call in calls {
		assert_eq!(env.dispatch(&traders[0], call), Ok(()));
	}
	for who in traders {
		let vote = Vote { aye: true, conviction: Conviction::Locked1x };
		let balance = 900_000 * ballast_runtime::constants::currency::BLST;
		let vote = AccountVote::Standard { vote, balance };
		let call = pallet_conviction_voting::Call::vote { poll_index: 0, vote };
		assert_eq!(env.dispatch(&who, call.into()), Ok(()));
	}
	let enacted = |event: &RuntimeEvent| match event {
		RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { id, result, .. })
			if id.is_some() =>
		{
			let name = (*b"assembly", "enactment", 0u32);
			(id == &Some(name.using_encoded(sp_core::hashing::blake2_256))).then_some(*result)
		}
		_ => None,
	};
	for _ in 0..PATIENCE {
		env.blocks(1);
		if let Some(result) = env.events().iter().find_map(enacted) {
			return assert_eq!(result, Ok(()));
		}
	}
	panic!("the referendum was not enacted");
}

/// BTC's risk with this rise of volatility, in per cent; 50 at genesis.
fn volatility(percent: u32) -> UnderlyingRisk {
	UnderlyingRisk { volatility_up: Ratio::from_percent(percent), ..UnderlyingRisk::btc() }
}

fn ramp(risk: UnderlyingRisk, over: u32) -> RuntimeCall {
	let value = GuardedValue::Underlying(BTC, risk);
	pallet_risk_params::Call::<Runtime>::ramp { value, over }.into()
}

fn set(risk: UnderlyingRisk) -> RuntimeCall {
	pallet_risk_params::Call::<Runtime>::set_underlying_risk { underlying: BTC, value: risk }.into()
}

/// Leaves an account this many dollars above maintenance margin.
fn to_the_edge(env: &mut Env, who: &AccountId, spare: i64) {
	let excess = env.health(who).excess_best;
	let out = excess.checked_sub(Usd::from_int(spare)).unwrap();
	assert!(out.is_positive());
	env.between_blocks(|| {
		let fund = RiskPool::own_accounts().insurance;
		Margin::transfer(who, &fund, out).unwrap();
	});
}

/// How an account would stand under the risk with which the chain was born.
fn status_without(env: &mut Env, who: &AccountId) -> AccountStatus {
	use ballast_traits::InspectAccounts;
	env.undone(|| {
		pallet_risk_params::UnderlyingRisks::<Runtime>::insert(BTC, UnderlyingRisk::btc());
		Margin::health(who).unwrap().status
	})
}

fn seconds_to_liquidation(env: &mut Env, who: &AccountId) -> Option<u64> {
	env.undone(|| Margin::explain(who).unwrap().seconds_to_liquidation)
}

fn in_force(env: &mut Env) -> UnderlyingRisk {
	env.execute(|| RiskParams::underlying(BTC).unwrap())
}

/// Two accounts that have written the same call with the same margin.
fn twins() -> (Scene, [Actor; 2], SeriesId) {
	let mut scene = scene(60, 20_000_000);
	let call = scene.call(8_500);
	let twins = [scene.cast.writer.clone(), scene.cast.prudent.clone()];
	for twin in &twins {
		scene.write_on_thin_margin(twin, call, hundredths(100));
	}
	(scene, twins, call)
}

#[test]
fn one_twin_tops_up_and_the_other_is_liquidated_when_the_ramp_reaches_it() {
	const LENGTH: u32 = 40;
	let (mut scene, [idle, careful], call) = twins();
	let env = &mut scene.env;
	env.checked = false;
	referendum(env, ramp(volatility(60), LENGTH));
	env.checked = true;
	let began = env.number();
	assert!(env.events().contains(&RuntimeEvent::RiskParams(
		pallet_risk_params::Event::<Runtime>::RampBegun {
			key: GroupKey::Underlying(BTC),
			ends: began + LENGTH,
		}
	)));
	assert_eq!(in_force(env), UnderlyingRisk::btc());
	let mut told = Vec::new();
	for twin in [&idle, &careful] {
		assert_eq!(seconds_to_liquidation(env, &twin.account()), None);
		to_the_edge(env, &twin.account(), 40);
		told.push(seconds_to_liquidation(env, &twin.account()).expect("it is shown"));
	}
	assert_eq!(told[0], told[1]);
	let foretold = (told[0] / BLOCK) as u32;
	println!("told after the enactment: {} s, {foretold} blocks of {LENGTH}", told[0]);
	assert!((10..LENGTH - 5).contains(&foretold), "{foretold}");

	let mut reached = None;
	for passed in 1..=LENGTH {
		if passed == foretold / 2 {
			env.block_ok(vec![(&careful, deposit(dollars(1_000)))]);
		} else {
			env.blocks(1);
		}
		assert!(env.auction(&careful.account()).is_none());
		if reached.is_none() {
			let failing = env.health(&idle.account()).status == AccountStatus::Liquidatable;
			let sold = env.auction(&idle.account()).is_some();
			if failing || sold {
				// It is the ramp that did it.
				assert_ne!(status_without(env, &idle.account()), AccountStatus::Liquidatable);
				reached = Some(passed);
			}
		}
	}
	let reached = reached.expect("the ramp reached it");
	println!("reached after {reached} blocks");
	// Options have lost some of their time value meanwhile.
	assert!((foretold..=foretold + 6).contains(&reached), "{reached} {foretold}");
	let arrived = pallet_risk_params::Event::<Runtime>::RampEnded {
		key: GroupKey::Underlying(BTC),
		reason: RampEnd::Arrived,
	};
	assert!(env.events().contains(&RuntimeEvent::RiskParams(arrived)));
	assert_eq!(in_force(env), volatility(60));
	env.blocks(4);
	let sold = env.position(&idle.account(), call) != hundredths(-100);
	assert!(sold || env.auction(&idle.account()).is_some(), "it was not liquidated");
	assert_eq!(env.position(&careful.account(), call), hundredths(-100));
	assert_ne!(env.health(&careful.account()).status, AccountStatus::Liquidatable);
}

#[test]
fn a_plain_change_leaves_an_hour() {
	let (mut scene, [idle, careful], _) = twins();
	let env = &mut scene.env;
	env.root(set(volatility(60)));
	assert_eq!(in_force(env), UnderlyingRisk::btc());
	to_the_edge(env, &idle.account(), 60);
	to_the_edge(env, &careful.account(), 60);
	let told = seconds_to_liquidation(env, &idle.account()).expect("it is shown");
	assert!((1..=2 * BLOCK).contains(&told), "{told}");
	// Half of it, and the half that one of them tops up against.
	env.block_ok(vec![(&careful, deposit(dollars(100)))]);
	assert_eq!(in_force(env), volatility(55));
	for twin in [&idle, &careful] {
		assert!(env.auction(&twin.account()).is_none());
		assert_ne!(env.health(&twin.account()).status, AccountStatus::Liquidatable);
	}
	env.blocks(1);
	assert_eq!(in_force(env), volatility(60));
	assert_ne!(status_without(env, &idle.account()), AccountStatus::Liquidatable);
	let failing = env.health(&idle.account()).status == AccountStatus::Liquidatable;
	assert!(failing || env.auction(&idle.account()).is_some());
	assert_ne!(env.health(&careful.account()).status, AccountStatus::Liquidatable);
	env.blocks(4);
	assert!(env.auction(&careful.account()).is_none());
}
