//! The dry run of new thresholds, against enacting them.

use crate::support::{scene, Scene};
use ballast_integration_tests::{
	calls::{buy, deposit, dollars, hundredths, BTC, ETH},
	Env,
};
use ballast_primitives::{
	params::{
		CashRules, LiquidationRules, MarginRules, OracleRules, PoolRules, UnderlyingRisk,
		VaultRules,
	},
	Ratio, Usd, Volatility,
};
use ballast_runtime::{
	configs::clearing::OwnAccounts,
	impact::{impact, Impact, Standings, Tally},
	Margin, PriceFeed, RiskParams, RiskPool, Runtime, RuntimeCall,
};
use ballast_traits::{InspectAccounts, InspectMarket, MutateAccounts, RiskParameters};
use frame_support::traits::Contains;
use pallet_price_feed::market::{Realised, Scan};
use pallet_risk_params::{GuardedValue, Proposal, Rule};

fn ask(env: &mut Env, proposal: Proposal) -> Impact {
	env.execute(|| impact(&proposal, None, 1_000)).expect("it would be accepted")
}

/// BTC with this scan floor, in per cent; 11 at genesis.
fn floor(percent: u32) -> UnderlyingRisk {
	UnderlyingRisk { scan_floor: Ratio::from_percent(percent), ..UnderlyingRisk::btc() }
}

fn volatility(percent: u32) -> UnderlyingRisk {
	UnderlyingRisk { volatility_up: Ratio::from_percent(percent), ..UnderlyingRisk::btc() }
}

fn set(risk: UnderlyingRisk) -> RuntimeCall {
	pallet_risk_params::Call::<Runtime>::set_underlying_risk { underlying: BTC, value: risk }.into()
}

/// A market so calm that BTC's scan floor decides, and in it: a writer of one put this many dollars above
/// maintenance margin, a writer of two that is far from it, a buyer of one, and somebody with cash.
fn calm(spare: i64) -> Scene {
	let mut scene = scene(60, 20_000_000);
	// Nobody is sold while it is counted.
	scene.env.workers = false;
	// Deep enough in the money that a fall by a scan range is what it fears most.
	let put = scene.put(9_000);
	scene.env.feeds.set_volatility(BTC, Volatility::from_percent(30));
	scene.env.between_blocks(|| {
		pallet_price_feed::Markets::<Runtime>::mutate(BTC, |market| {
			let market = market.as_mut().unwrap();
			let calm = Volatility::from_percent(30);
			market.realised = Some(Realised { fast: calm, slow: calm });
			let (maintenance, target) = (Ratio::from_percent(11), Ratio::from_percent(11));
			market.scan = Some(Scan { maintenance, target });
		});
	});
	scene.env.blocks(2);
	assert_eq!(range(&mut scene.env), 1_100);
	let writer = scene.cast.writer.clone();
	scene.write_on_thin_margin(&writer, put, hundredths(100));
	let (prudent, buyer) = (scene.cast.prudent.clone(), scene.cast.buyer.clone());
	scene.write_on_thin_margin(&prudent, put, hundredths(200));
	let bidder = scene.cast.bidder.clone();
	scene.env.block_ok(vec![
		(&prudent, deposit(dollars(50_000))),
		(&buyer, deposit(dollars(50_000))),
		(&buyer, buy(put, hundredths(100))),
		(&bidder, deposit(dollars(1_000))),
	]);
	to_the_edge(&mut scene.env, &writer.account(), spare);
	scene.env.idle = false;
	scene
}

/// BTC's range of maintenance margin in basis points, of which it may be a unit of 1e-18 more.
fn range(env: &mut Env) -> u128 {
	let range = env.execute(|| PriceFeed::state(BTC).unwrap().scan.maintenance);
	range.into_inner() / 100_000_000_000_000
}

fn to_the_edge(env: &mut Env, who: &ballast_runtime::AccountId, spare: i64) {
	let out = env.health(who).excess_best.checked_sub(Usd::from_int(spare)).unwrap();
	env.between_blocks(|| {
		let fund = RiskPool::own_accounts().insurance;
		Margin::transfer(who, &fund, out).unwrap();
	});
}

/// Users' accounts, and how many of them are below initial and below maintenance margin, counted one by
/// one by what their health says in figures.
fn counted(env: &mut Env) -> (u32, [u32; 2]) {
	env.undone(|| {
		let users = pallet_margin::Accounts::<Runtime>::iter_keys();
		let healths: Vec<_> = users
			.filter(|who| !OwnAccounts::contains(who))
			.map(|who| Margin::health(&who).unwrap())
			.collect();
		let below_initial = healths.iter().filter(|it| it.equity < it.initial).count();
		let below_maintenance = healths.iter().filter(|it| it.equity < it.maintenance).count();
		(healths.len() as u32, [below_initial as u32, below_maintenance as u32])
	})
}

fn counts(standings: &Standings) -> [u32; 2] {
	[standings.below_initial.accounts, standings.below_maintenance.accounts]
}

fn tally(accounts: u32, dollars: i64) -> Tally {
	Tally { accounts, notional: Usd::from_int(dollars) }
}

#[test]
fn a_higher_floor_counts_exactly_who_is_at_the_edge() {
	let mut scene = calm(30);
	let env = &mut scene.env;
	let (users, now) = counted(env);
	let seen = ask(env, Proposal::Underlying(BTC, floor(13)));
	assert_eq!((seen.examined, seen.failed, seen.next.clone()), (users, 0, None));
	// The writer has money to be left alone, and not to open more.
	assert_eq!((counts(&seen.now), now), ([1, 0], [1, 0]));
	assert_eq!(seen.unchanged, seen.now);
	assert_eq!(seen.proposed.below_maintenance, tally(1, 8_000));
	assert_eq!(seen.proposed.bankrupt, Tally::default());
	// As it comes: the range needs an hour, two blocks.
	env.root(set(floor(13)));
	env.blocks(3);
	assert_eq!(range(env), 1_300);
	assert_eq!(counted(env).1, counts(&seen.proposed));
	let after = ask(env, Proposal::Underlying(BTC, floor(13)));
	assert_eq!(
		(after.now, after.unchanged, after.proposed),
		(seen.proposed, seen.proposed, seen.proposed)
	);
}

#[test]
fn a_floor_that_reaches_nobody_counts_nobody() {
	let mut scene = calm(200);
	let seen = ask(&mut scene.env, Proposal::Underlying(BTC, floor(13)));
	assert_eq!(seen.proposed.below_maintenance, Tally::default());
	// Its initial margin is not that far away.
	assert_eq!(
		(seen.now.below_initial, seen.proposed.below_initial),
		(tally(1, 8_000), tally(1, 8_000))
	);
	// A lower factor frees it: it may open again.
	let value = MarginRules { initial_factor: Ratio::from_percent(105), ..MarginRules::default() };
	let seen = ask(&mut scene.env, Proposal::Margin(value.clone()));
	assert_eq!(seen.unchanged.below_initial, tally(1, 8_000));
	assert_eq!(seen.proposed.below_initial, Tally::default());
	scene.env.root(pallet_risk_params::Call::<Runtime>::set_margin_rules { value }.into());
	assert_eq!(counted(&mut scene.env).1, [0, 0]);
}

#[test]
fn what_is_on_its_way_already_is_not_the_proposals() {
	let mut scene = calm(10);
	let env = &mut scene.env;
	env.root(set(UnderlyingRisk { scan_floor: Ratio::from_percent(13), ..volatility(60) }));
	// Nothing has arrived yet, and all of it will.
	let seen = ask(env, Proposal::Pool(PoolRules::default()));
	assert_eq!(counts(&seen.now), [1, 0]);
	assert_eq!(counts(&seen.unchanged), [1, 1]);
	assert_eq!(seen.proposed, seen.unchanged);
	env.blocks(4);
	assert_eq!(counted(env).1, [1, 1]);
}

#[test]
fn each_group_is_looked_at_for_what_it_does() {
	let mut scene = calm(30);
	let env = &mut scene.env;
	let oracle = env.execute(|| RiskParams::oracle(BTC));
	let nothing = [
		Proposal::Underlying(BTC, UnderlyingRisk::btc()),
		Proposal::Underlying(ETH, UnderlyingRisk::eth()),
		Proposal::Oracle(BTC, oracle.clone()),
		Proposal::Margin(MarginRules::default()),
		Proposal::Cash(CashRules {
			rate_at_one: Ratio::from_percent(200),
			..env.execute(RiskParams::cash)
		}),
		Proposal::Liquidation(LiquidationRules { ..env.execute(RiskParams::liquidation) }),
		Proposal::Pool(PoolRules { stress_cap: Ratio::from_percent(45), ..PoolRules::default() }),
		Proposal::Vaults(VaultRules { auction_min: 800, ..VaultRules::default() }),
	];
	for proposal in nothing {
		let seen = ask(env, proposal);
		assert_eq!((seen.unchanged, seen.proposed), (seen.now, seen.now));
	}
	// Initial margin alone: who may open nothing, not who is liquidated. The one with two puts has much
	// more than it needs.
	let rules = MarginRules { initial_factor: Ratio::from_percent(150), ..MarginRules::default() };
	let seen = ask(env, Proposal::Margin(rules));
	assert_eq!(seen.proposed, seen.now);
	// What the guardian may.
	let seen = ask(env, Proposal::Guard(GuardedValue::Underlying(BTC, floor(13))));
	assert_eq!(seen.proposed.below_maintenance, tally(1, 8_000));
	// One operator more than feed: nobody knows how anybody with BTC stands.
	env.feeds.active = oracle.operators_min as usize;
	// Until what the others have fed is too old.
	env.blocks(6);
	let rules = OracleRules { operators_min: oracle.operators_min + 1, ..oracle };
	let seen = ask(env, Proposal::Oracle(BTC, rules));
	assert_eq!((seen.now.unknown, counts(&seen.now)), (Tally::default(), [1, 0]));
	assert_eq!(counts(&seen.proposed), [0, 0]);
	// The writer of two puts and the buyer have enough whatever the price is. Three operators of five see
	// another median.
	let spot = env.execute(|| PriceFeed::state(BTC).unwrap().spot).into_inner() as i128;
	let writer = Tally { accounts: 1, notional: Usd::from_inner(spot) };
	assert_eq!(seen.proposed.unknown, writer);
}

#[test]
fn accounts_on_a_price_that_is_not_usable_are_neither() {
	let mut scene = calm(30);
	let env = &mut scene.env;
	env.feeds.silence(BTC);
	env.blocks(6);
	let seen = ask(env, Proposal::Underlying(BTC, floor(13)));
	assert_eq!(seen.now.below_maintenance, Tally::default());
	assert!(seen.now.unknown.accounts >= 1);
	assert_eq!(seen.proposed.unknown, seen.now.unknown);
}

#[test]
fn a_value_that_would_be_refused_is() {
	let mut scene = calm(30);
	let asked = |risk| move || impact(&Proposal::Underlying(BTC, risk), None, 10);
	let refused = scene.env.execute(asked(floor(14))).unwrap_err();
	assert_eq!((refused.rule, refused.field.as_str()), (Rule::StepTooLarge, "scan_floor"));
	let risk = UnderlyingRisk { scan_cap: Ratio::from_percent(27), ..UnderlyingRisk::btc() };
	let refused = scene.env.execute(asked(risk)).unwrap_err();
	assert_eq!(refused.rule, Rule::StressedAboveCap);
}

#[test]
fn pages_add_up_and_nothing_is_left_behind() {
	let mut scene = calm(30);
	let env = &mut scene.env;
	let proposal = Proposal::Underlying(BTC, floor(13));
	let root = |env: &mut Env| env.execute(|| sp_io::storage::root(sp_runtime::StateVersion::V1));
	let before = root(env);
	let whole = ask(env, proposal.clone());
	let (mut after, mut examined, mut pages) = (None, 0, 0);
	let mut sum = [Tally::default(); 3];
	loop {
		let page = env.execute(|| impact(&proposal, after.clone(), 2)).unwrap();
		examined += page.examined;
		pages += 1;
		let parts =
			[page.proposed.below_initial, page.proposed.below_maintenance, page.now.below_initial];
		for (sum, part) in sum.iter_mut().zip(parts) {
			sum.accounts += part.accounts;
			sum.notional = sum.notional.checked_add(part.notional).unwrap();
		}
		match page.next {
			Some(last) => after = Some(last),
			None => break,
		}
	}
	let (proposed, now) = (whole.proposed, whole.now);
	assert!(pages >= 3, "{pages}");
	assert_eq!(examined, whole.examined);
	assert_eq!(sum, [proposed.below_initial, proposed.below_maintenance, now.below_initial]);
	assert_eq!(root(env), before);
	let none = env.execute(|| impact(&proposal, None, 0)).unwrap();
	assert_eq!((none.examined, none.next), (0, None));
}
