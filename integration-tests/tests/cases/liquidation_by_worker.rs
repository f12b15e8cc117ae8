//! The offchain worker puts a failing account under auction in the block after the feed that breaks it,
//! with no keeper and no weight left for `on_idle`.

use crate::support::{auctions_started, scene, write_on_thin_margin, Scene};
use ballast_integration_tests::{
	calls::{bid, cents, deposit, dollars, hundredths, BTC},
	Actor,
};
use ballast_primitives::{AccountStatus, Price, Ratio};
use ballast_runtime::{AccountId, RuntimeCall, RuntimeEvent};
use frame_support::dispatch::DispatchResult;

/// Crashes over which the share of auctions in the next block is measured.
const CRASHES: u64 = 40;

fn new_writer(scene: &mut Scene, number: u64) -> Actor {
	let writer = Actor::at(&format!("//Short//{number}"));
	scene.env.endow(&writer.account(), 1_000_100);
	writer
}

/// Outcomes of the authorised calls for an account in the last block.
fn authorised(scene: &Scene, who: &AccountId) -> Vec<DispatchResult> {
	let outcomes =
		scene.env.included.iter().filter_map(|(call, outcome)| match call {
			RuntimeCall::Liquidation(pallet_liquidation::Call::liquidate_authorized {
				account,
			}) if account == who => Some(*outcome),
			_ => None,
		});
	outcomes.collect()
}

/// Whether the last block was an epoch's first, which carries no transactions.
fn was_an_epochs_first(scene: &mut Scene) -> bool {
	let new_session = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::Session(pallet_session::Event::NewSession { .. }))
	};
	scene.env.events().iter().any(new_session)
}

/// Moves BTC in a block that leaves nothing for `on_idle`, and leaves the next ones full too.
fn crash(scene: &mut Scene, spot: Price) {
	scene.env.idle = false;
	scene.env.feeds.set(BTC, spot);
	scene.env.blocks(1);
}

/// Brings BTC back to 8,000 dollars, step by step.
fn calm_down(scene: &mut Scene) {
	for spot in [900_000, 840_000, 800_000] {
		scene.env.feeds.set(BTC, cents(spot));
		scene.env.blocks(1);
	}
}

#[test]
fn the_next_block_has_the_auction() {
	let mut scene = scene(30, 20_000_000);
	let bidder = scene.cast.bidder.clone();
	scene.env.block_ok(vec![(&bidder, deposit(dollars(5_000_000)))]);
	let call = scene.call(8_500);
	let (mut next_block, mut after_epochs_first) = (0u64, 0u64);
	for number in 0..CRASHES {
		calm_down(&mut scene);
		let writer = new_writer(&mut scene, number);
		let who = writer.account();
		scene.write_on_thin_margin(&writer, call, hundredths(10));
		crash(&mut scene, cents(970_000));
		let health = scene.env.health(&who);
		assert_eq!(health.status, AccountStatus::Liquidatable, "crash {number}: {health:?}");
		assert_eq!(scene.env.auction(&who), None, "not before the worker of that block has run");

		scene.env.blocks(1);
		if was_an_epochs_first(&mut scene) {
			assert_eq!(scene.env.included, [], "nothing but inherents");
			assert_eq!(scene.env.auction(&who), None);
			scene.env.blocks(1);
			after_epochs_first += 1;
		} else {
			next_block += 1;
		}
		assert_eq!(authorised(&scene, &who), [Ok(())], "crash {number}");
		let auction = scene.env.auction(&who).unwrap_or_else(|| panic!("crash {number}"));
		assert_eq!(auction.keeper, None);
		assert!(auctions_started(&mut scene.env).contains(&who));
		scene.env.idle = true;
		scene.env.block_ok(vec![(&bidder, bid(who.clone(), Ratio::ONE, auction.last_bid))]);
		assert_eq!(scene.env.auction(&who), None, "one bid is enough");
	}
	println!(
		"auctions in the block after the breaking feed: {next_block} of {CRASHES}; \
		 one later, because that block began an epoch: {after_epochs_first}"
	);
	assert_eq!(next_block + after_epochs_first, CRASHES);
	assert!(next_block * 100 >= CRASHES * 95);
}

#[test]
fn when_the_next_block_begins_an_epoch_it_is_the_one_after() {
	let mut scene = scene(30, 10_000_000);
	let call = scene.call(8_500);
	let writer = new_writer(&mut scene, 0);
	let who = writer.account();
	let left = 199 - 2 - scene.env.number();
	scene.env.blocks(left);
	scene.write_on_thin_margin(&writer, call, hundredths(10));
	assert_eq!(scene.env.number(), 199);
	crash(&mut scene, cents(920_000));
	assert_eq!(scene.env.health(&who).status, AccountStatus::Liquidatable);

	scene.env.blocks(1);
	assert_eq!(scene.env.number(), 201);
	assert!(was_an_epochs_first(&mut scene));
	assert_eq!((scene.env.included.len(), scene.env.auction(&who)), (0, None));

	scene.env.blocks(1);
	assert!(scene.env.auction(&who).is_some(), "in the block after");
	assert_eq!(authorised(&scene, &who), [Ok(())]);
}

/// Many accounts fail at once: as many as fit are started in the next block, all within a few.
#[test]
fn a_crash_that_breaks_many_accounts_is_worked_off_block_by_block() {
	const ACCOUNTS: u64 = 40;
	let mut scene = scene(30, 50_000_000);
	let call = scene.call(8_500);
	let writers: Vec<Actor> = (0..ACCOUNTS).map(|number| new_writer(&mut scene, number)).collect();
	for writer in &writers {
		write_on_thin_margin(&mut scene.env, writer, call, hundredths(10));
	}
	crash(&mut scene, cents(950_000));
	for writer in &writers {
		let status = scene.env.health(&writer.account()).status;
		assert_eq!(status, AccountStatus::Liquidatable);
	}
	let mut started = Vec::new();
	while started.iter().sum::<usize>() < writers.len() {
		scene.env.blocks(1);
		started.push(auctions_started(&mut scene.env).len());
		assert!(started.len() <= 6, "{started:?}");
	}
	println!(
		"{ACCOUNTS} accounts broken by one feed; auctions per block from the next on: {started:?}"
	);
	assert!(started[0] >= 10, "{started:?}");
}
