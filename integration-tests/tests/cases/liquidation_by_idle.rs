//! Without workers and keepers, `on_idle` finds every failing account within a bound: the accounts
//! over those that it looks at per block, and one.

use crate::support::{auctions_started, scene, write_on_thin_margin, Scene};
use ballast_integration_tests::{
	calls::{cents, deposit, dollars, hundredths, BTC},
	Actor,
};
use ballast_primitives::{params::LiquidationRules, AccountStatus};
use ballast_runtime::{RiskParams, Runtime};
use ballast_traits::RiskParameters;

/// Accounts that only have cash.
const SAFE: u64 = 100;

/// A chain without workers, with a hundred accounts that have cash.
fn crowded() -> Scene {
	let mut scene = scene(30, 20_000_000);
	scene.env.workers = false;
	scene.env.raise_idle_checks(LiquidationRules::default().idle_checks);
	let savers: Vec<Actor> =
		(0..SAFE).map(|number| Actor::at(&format!("//Saver//{number}"))).collect();
	for savers in savers.chunks(10) {
		savers.iter().for_each(|saver| scene.env.endow(&saver.account(), 10));
		scene.env.block_ok(savers.iter().map(|saver| (saver, deposit(dollars(5)))).collect());
	}
	scene
}

fn accounts(scene: &mut Scene) -> u32 {
	scene.env.execute(|| pallet_margin::Accounts::<Runtime>::iter_keys().count() as u32)
}

/// Blocks from the feed's on in which a pass over `accounts` accounts ends for sure, if `checks` are
/// looked at per block: a whole pass, and one block that the pass had begun in.
fn bound(accounts: u32, checks: u32) -> u32 {
	accounts.div_ceil(checks) + 1
}

#[test]
fn one_failing_account_is_found_within_a_pass() {
	let mut scene = crowded();
	let writer = scene.cast.writer.clone();
	let call = scene.call(8_500);
	let mut waits = Vec::new();
	for round in 0..6u64 {
		scene.env.feeds.set(BTC, cents(800_000));
		scene.env.blocks(4);
		write_on_thin_margin(&mut scene.env, &writer, call, hundredths(10));
		// No auction is open: all checks of a block go to accounts.
		let checks = scene.env.execute(|| RiskParams::liquidation().idle_checks);
		let most = bound(accounts(&mut scene), checks);
		scene.env.feeds.set(BTC, cents(930_000));
		let mut wait = 0;
		loop {
			scene.env.blocks(1);
			wait += 1;
			if scene.env.auction(&writer.account()).is_some() {
				break;
			}
			let status = scene.env.health(&writer.account()).status;
			assert_eq!(status, AccountStatus::Liquidatable, "round {round}");
			assert!(wait < most, "round {round}: {wait} blocks of {most}");
		}
		waits.push(wait);
		recover(&mut scene, &writer);
	}
	println!("blocks until on_idle started the auction, the feed's counted: {waits:?}");
}

/// The writer brings money; `on_idle` ends the auction, also in bounded time.
fn recover(scene: &mut Scene, writer: &Actor) {
	scene.env.block_ok(vec![(writer, deposit(dollars(500_000)))]);
	for _ in 0..4 {
		if scene.env.auction(&writer.account()).is_none() {
			return;
		}
		scene.env.blocks(1);
	}
	panic!("an auction that is over is not ended");
}

#[test]
fn many_failing_accounts_are_found_within_two_passes() {
	const FAILING: u64 = 30;
	let mut scene = crowded();
	let call = scene.call(8_500);
	let writers: Vec<Actor> = (0..FAILING).map(|n| Actor::at(&format!("//Short//{n}"))).collect();
	for writer in &writers {
		scene.env.endow(&writer.account(), 1_000_010);
		write_on_thin_margin(&mut scene.env, writer, call, hundredths(10));
	}
	// While auctions are open, half of the checks go to accounts in every second block; in the
	// others a takeover by the pool may take the weight that there is.
	let checks = scene.env.execute(|| RiskParams::liquidation().idle_checks);
	let most = 2 * bound(accounts(&mut scene), checks / 2);
	scene.env.feeds.set(BTC, cents(930_000));
	let (mut started, mut blocks) = (0, 0);
	while started < writers.len() {
		scene.env.blocks(1);
		blocks += 1;
		started += auctions_started(&mut scene.env).len();
		assert!(blocks <= most, "{started} auctions after {blocks} blocks; the bound is {most}");
	}
	println!(
		"{FAILING} accounts of {} found by on_idle in {blocks} blocks, bound {most}",
		SAFE + FAILING
	);
}
