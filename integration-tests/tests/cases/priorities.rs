//! Feeds come before liquidations, liquidations before users, whatever users tip; and a block has one
//! price.

use crate::support::{events_of, scene, Scene};
use ballast_integration_tests::{
	calls::{buy, cents, deposit, dollars, feed_spot, hundredths, BTC},
	node, Actor,
};
use ballast_primitives::{AccountStatus, Price, SeriesId, Usd};
use ballast_runtime::{
	configs::oracle::SpotOracleInstance,
	constants::currency::BLST,
	priorities::{FEED, LIQUIDATION, USER_MAX},
	Balances, PriceFeed, RiskPool, Runtime, RuntimeCall, RuntimeEvent,
};
use ballast_traits::InspectMarket;
use sp_runtime::{
	traits::TransactionExtension,
	transaction_validity::{TransactionSource, ValidTransaction},
};

/// Nine tenths of all that a funded account has.
const ENORMOUS_TIP: u128 = 900_000 * BLST;

fn operators(scene: &Scene) -> Vec<Actor> {
	scene.env.feeds.operators().to_vec()
}

/// Lets five operators feed what the test says instead of what the market is.
fn silence(scene: &mut Scene) {
	scene.env.feeds.active = 0;
}

fn submit_feeds(scene: &mut Scene, prices: [u64; 5]) {
	for (operator, price) in operators(scene).into_iter().zip(prices) {
		let feed = feed_spot(vec![(BTC, cents(price * 100))]);
		scene.env.submit_signed(&operator, 0, 0, feed).expect("valid");
	}
}

fn spot(scene: &mut Scene) -> Price {
	scene.env.execute(|| PriceFeed::state(BTC)).expect("fed").spot
}

fn ask(scene: &mut Scene, series: SeriesId) -> Usd {
	let quantity = hundredths(100);
	scene.env.undone(|| RiskPool::quote(series, quantity)).expect("quoted").buy_premium
}

/// What of one price per block and what of order an included call shows.
fn kind(call: &RuntimeCall) -> &'static str {
	match call {
		RuntimeCall::SpotOracle(_) => "feed",
		RuntimeCall::Liquidation(_) => "liquidation",
		_ => "user",
	}
}

#[test]
fn feeds_come_first_then_liquidations_then_the_highest_tip() {
	let mut scene = scene(7, 10_000_000);
	let (call, writer, buyer) =
		(scene.call(8_000), scene.cast.writer.clone(), scene.cast.buyer.clone());
	scene.env.block_ok(vec![(&buyer, deposit(dollars(100_000)))]);
	scene.write_on_thin_margin(&writer, call, hundredths(100));
	silence(&mut scene);
	submit_feeds(&mut scene, [9_400; 5]);
	scene.env.idle = false;
	scene.env.blocks(1);
	assert_eq!(scene.env.health(&writer.account()).status, AccountStatus::Liquidatable);
	assert_eq!(scene.env.pool_mut().len(), 1, "the worker's proposal waits");

	let purchase = buy(scene.call(9_000), hundredths(100));
	scene.env.submit_signed(&buyer, 0, ENORMOUS_TIP, purchase).expect("valid");
	submit_feeds(&mut scene, [9_500; 5]);
	scene.env.blocks(1);
	let kinds: Vec<_> = scene.env.included.iter().map(|(call, _)| kind(call)).collect();
	assert_eq!(kinds, ["feed", "feed", "feed", "feed", "feed", "liquidation", "user"]);
	let outcomes: Vec<_> = scene.env.included.iter().map(|(_, outcome)| *outcome).collect();
	assert_eq!(outcomes, [Ok(()); 7]);
	assert!(scene.env.auction(&writer.account()).is_some());
}

#[test]
fn priorities_of_the_three_kinds_do_not_overlap() {
	let mut scene = scene(7, 10_000_000);
	let (call, writer, buyer) =
		(scene.call(8_000), scene.cast.writer.clone(), scene.cast.buyer.clone());
	scene.write_on_thin_margin(&writer, call, hundredths(100));
	(scene.env.idle, scene.env.workers) = (false, false);
	scene.env.feeds.set(BTC, cents(940_000));
	scene.env.blocks(1);
	let mut priority = |source, signer: &Actor, tip, call| -> u64 {
		let nonce = scene.env.nonce(signer);
		let extrinsic = scene.env.execute(|| node::signed(signer, nonce, tip, call));
		let valid: ValidTransaction = scene.env.validate(source, extrinsic).expect("valid");
		valid.priority
	};
	let outside = TransactionSource::External;
	let feed = feed_spot(vec![(BTC, cents(940_000))]);
	let operator = Actor::at("//Operator//1");
	assert!(priority(outside, &operator, 0, feed.clone()) >= FEED);
	assert!(priority(outside, &buyer, ENORMOUS_TIP, feed) <= USER_MAX, "not an operator's");
	assert!(priority(outside, &buyer, ENORMOUS_TIP, deposit(1)) <= USER_MAX);
	assert!(
		priority(outside, &buyer, ENORMOUS_TIP, deposit(1))
			> priority(outside, &buyer, 0, deposit(1))
	);

	let account = writer.account();
	let liquidation = scene.env.execute(|| {
		use frame_system::offchain::CreateAuthorizedTransaction as Create;
		let call = pallet_liquidation::Call::<Runtime>::liquidate_authorized { account };
		<Runtime as Create<pallet_liquidation::Call<Runtime>>>::create_authorized_transaction(
			call.into(),
		)
	});
	let valid = scene.env.validate(TransactionSource::Local, liquidation.clone()).expect("valid");
	assert_eq!(valid.priority, LIQUIDATION);
	assert!(!valid.propagate);
	assert!(scene.env.validate(outside, liquidation).is_err(), "refused from the network");
}

#[test]
fn a_users_call_sees_the_feed_of_its_own_block() {
	let mut scene = scene(7, 10_000_000);
	let (call, buyer) = (scene.call(8_000), scene.cast.buyer.clone());
	scene.env.block_ok(vec![(&buyer, deposit(dollars(100_000)))]);
	let old = ask(&mut scene, call);
	silence(&mut scene);
	// The user is first in the pool, and tips.
	scene.env.submit_signed(&buyer, 0, ENORMOUS_TIP, buy(call, hundredths(100))).expect("valid");
	submit_feeds(&mut scene, [8_700; 5]);
	scene.env.blocks(1);
	let paid = events_of(&mut scene.env, |event| match event {
		RuntimeEvent::RiskPool(pallet_risk_pool::Event::Bought { premium, .. }) => Some(premium),
		_ => None,
	});
	let new = ask(&mut scene, call);
	assert_eq!(paid, [new], "the price of its own block");
	assert!(new > old, "{new:?} {old:?}");
}

#[test]
fn five_feeds_move_the_price_once_to_their_median() {
	let mut scene = scene(7, 10_000_000);
	silence(&mut scene);
	submit_feeds(&mut scene, [8_300, 7_900, 8_200, 8_100, 9_900]);
	scene.env.blocks(1);
	let accepted = events_of(&mut scene.env, |event| match event {
		RuntimeEvent::PriceFeed(pallet_price_feed::Event::TickAccepted {
			underlying: BTC,
			price,
			operators,
			..
		}) => Some((price, operators)),
		_ => None,
	});
	assert_eq!(accepted, [(Price::from_int(8_200), 5)]);
}

#[test]
fn a_feed_after_a_users_call_counts_in_the_next_block() {
	let mut scene = scene(7, 10_000_000);
	let buyer = scene.cast.buyer.clone();
	silence(&mut scene);
	scene.env.begin();
	assert_eq!(scene.env.call(&buyer, deposit(dollars(1))), Ok(()));
	for operator in operators(&scene) {
		let feed = feed_spot(vec![(BTC, cents(850_000))]);
		assert_eq!(scene.env.call(&operator, feed), Ok(()));
	}
	scene.env.end();
	assert_eq!(spot(&mut scene), Price::from_int(8_000), "the block has one price");
	scene.env.blocks(1);
	assert_eq!(spot(&mut scene), Price::from_int(8_500));
}

#[test]
fn who_is_no_operator_or_feeds_twice_pays_and_feeds_nothing() {
	let mut scene = scene(7, 10_000_000);
	silence(&mut scene);
	let stranger = scene.cast.keeper.clone();
	let operator = operators(&scene).remove(0);
	let feed = || feed_spot(vec![(BTC, cents(850_000))]);
	let balance = |scene: &mut Scene, who: &Actor| {
		let who = who.account();
		scene.env.execute(|| Balances::free_balance(who))
	};
	let before = (balance(&mut scene, &stranger), balance(&mut scene, &operator));
	type Error = orml_oracle::Error<Runtime, SpotOracleInstance>;
	let outcomes = scene.env.block(vec![(&stranger, feed()), (&operator, feed())]);
	assert_eq!(outcomes, [Err(Error::NoPermission.into()), Ok(())]);
	assert!(balance(&mut scene, &stranger) < before.0, "a refused feed is paid for");
	assert_eq!(balance(&mut scene, &operator), before.1, "an operator's feed is free");
	let outcomes = scene.env.block(vec![(&operator, feed()), (&operator, feed())]);
	assert_eq!(outcomes, [Ok(()), Err(Error::AlreadyFeeded.into())]);
	assert!(balance(&mut scene, &operator) < before.1, "the second one is paid for");
	// Who lies moves the median to its neighbour, a basis point further.
	assert_eq!(spot(&mut scene), cents(800_080));
}

#[test]
fn the_extension_that_puts_feeds_first_is_in_every_transaction() {
	type Extension = ballast_runtime::TxExtension;
	let names: Vec<_> = <Extension as TransactionExtension<RuntimeCall>>::metadata()
		.into_iter()
		.map(|extension| extension.identifier)
		.collect();
	assert!(names.contains(&"PrioritiseFeeds"), "{names:?}");
}
