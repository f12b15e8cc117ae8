//! One expiry from listing to the last withdrawal. Everything is checked after every block.

use crate::support::{add, events_of, scene, sub, Scene};
use ballast_integration_tests::{
	calls::{
		amount_of, buy, cents, deposit, dollars, hundredths, request_withdrawal, sell, withdraw,
		BTC,
	},
	Actor,
};
use ballast_primitives::{
	time::{DAY, MINUTE},
	Price, Quantity, SeriesId, Usd,
};
use ballast_runtime::{
	constants::pallets, genesis::assets::USD, Assets, Margin, Options, RiskPool, Runtime,
	RuntimeEvent,
};
use ballast_traits::{InspectAccounts, InspectSeries, MutualPool};
use sp_runtime::traits::AccountIdConversion;

/// Length of a block in market time.
const BLOCK: u64 = 30 * MINUTE;

/// What was paid for each of the last block's trades with the pool.
fn premiums(scene: &mut Scene) -> Vec<Usd> {
	events_of(&mut scene.env, |event| match event {
		RuntimeEvent::RiskPool(
			pallet_risk_pool::Event::Bought { premium, .. }
			| pallet_risk_pool::Event::Sold { premium, .. },
		) => Some(premium),
		_ => None,
	})
}

/// Everything that an actor may withdraw leaves the clearing house; returns what its wallet has.
fn leave(scene: &mut Scene, actor: &Actor) -> u128 {
	let who = actor.account();
	let amount = amount_of(scene.env.cash(&who));
	scene.env.block_ok(vec![(actor, withdraw(amount))]);
	scene.env.execute(|| Assets::balance(USD.id, who))
}

fn assert_flat(scene: &mut Scene, series: &[SeriesId]) {
	scene.env.execute(|| {
		for who in pallet_margin::Accounts::<Runtime>::iter_keys() {
			let positions = Margin::positions(&who);
			assert!(positions.is_empty(), "{who}: {positions:?}");
		}
		for id in series {
			assert_eq!(Options::open_interest(*id), Quantity::ZERO);
		}
		assert_eq!(pallet_margin::Settlements::<Runtime>::iter().count(), 0);
		assert!(pallet_margin::OpenExpiries::<Runtime>::get().is_empty());
	});
}

/// The market moves up and down until expiry; its window sees 8,700 dollars.
fn expire_at_8_700(scene: &mut Scene) {
	let mut spot = 800_000;
	while scene.env.now() < scene.expiry - 2 * BLOCK {
		let falls = (scene.env.now() / BLOCK).is_multiple_of(3);
		spot = if falls { spot * 98 / 100 } else { spot * 101 / 100 };
		scene.env.feeds.set(BTC, cents(spot));
		scene.env.blocks(1);
	}
	// The price of this block holds through the window, the half hour before expiry.
	let average = cents(870_000);
	scene.env.feeds.set(BTC, average);
	scene.env.blocks(1);
	assert_eq!(scene.env.now(), scene.expiry - BLOCK);
	scene.env.feeds.set(BTC, cents(700_000));
	scene.env.blocks(1);
	assert_eq!(scene.env.now(), scene.expiry);
	let settled = events_of(&mut scene.env, |event| match event {
		RuntimeEvent::PriceFeed(pallet_price_feed::Event::SettlementPriceSet {
			underlying: BTC,
			price,
			..
		}) => Some(price),
		_ => None,
	});
	assert_eq!(settled, [average], "what the window saw, not the price at expiry");
}

#[test]
fn an_expiry_from_listing_to_the_last_withdrawal() {
	let mut scene = scene(1, 10_000_000);
	let (call, put) = (scene.call(8_000), scene.put(7_500));
	let (buyer, writer) = (scene.cast.buyer.clone(), scene.cast.writer.clone());
	let wallet = |scene: &mut Scene, actor: &Actor| {
		let who = actor.account();
		scene.env.execute(|| Assets::balance(USD.id, who))
	};
	let before = (wallet(&mut scene, &buyer), wallet(&mut scene, &writer));

	let (bought, written) = (hundredths(1_000), hundredths(500));
	scene.env.block_ok(vec![
		(&buyer, deposit(dollars(100_000))),
		(&buyer, buy(call, bought)),
		(&writer, deposit(dollars(50_000))),
		(&writer, sell(put, written)),
	]);
	let paid = premiums(&mut scene);
	assert_eq!(paid.len(), 2);
	assert!(paid.iter().all(|premium| premium.is_positive()), "{paid:?}");
	assert_eq!(scene.env.position(&buyer.account(), call), bought);
	let shorts = written.checked_neg().unwrap();
	assert_eq!(scene.env.position(&writer.account(), put), shorts);

	expire_at_8_700(&mut scene);

	// Winners are paid without anybody acting: two passes of the sweep, one account's block each.
	scene.env.blocks(4);
	assert_flat(&mut scene, &[call, put]);
	let won = Price::from_int(700).value_floor(bought).unwrap();
	let expected = add(sub(Usd::from_int(100_000), paid[0]), won);
	assert_eq!(scene.env.cash(&buyer.account()), expected, "the call paid 700 dollars each");
	let expected = add(Usd::from_int(50_000), paid[1]);
	assert_eq!(scene.env.cash(&writer.account()), expected, "the put expired worthless");
	let pool = scene.env.execute(RiskPool::pool_account);
	assert_eq!(pool, pallets::MUTUAL_POOL.into_account_truncating());
	let expected = sub(sub(add(Usd::from_int(10_000_000), paid[0]), paid[1]), won);
	assert_eq!(scene.env.cash(&pool), expected, "what they won the pool lost, and nothing else");

	let after = (leave(&mut scene, &buyer), leave(&mut scene, &writer));
	let gained = sub(won, paid[0]);
	assert_eq!(after.0, before.0 + amount_of(gained), "rounded down to what USD can pay");
	assert_eq!(after.1, before.1 + amount_of(paid[1]));
	everybody_leaves(&mut scene);
}

/// The provider asks for its money, waits, gets it, and what stays in custody is explained.
fn everybody_leaves(scene: &mut Scene) {
	let provider = scene.cast.provider.clone();
	let who = provider.account();
	let shares = scene.env.execute(|| pallet_risk_pool::Shares::<Runtime>::get(&who));
	let pool = scene.env.execute(RiskPool::pool_account);
	let equity = scene.env.health(&pool).equity;
	scene.env.block_ok(vec![(&provider, request_withdrawal(shares))]);
	let requested_at = scene.env.now();
	scene.env.blocks_until(requested_at + 7 * DAY - BLOCK);
	assert_eq!(scene.env.cash(&who), Usd::ZERO, "not before the cooldown is over");
	scene.env.blocks(2);
	let received = scene.env.cash(&who);
	let rest = sub(equity, received);
	assert!(received.is_positive() && !rest.is_negative(), "{received:?} of {equity:?}");
	// The virtual offset of 1,000 dollars beside 10 million bears a ten-thousandth of the result.
	assert!(rest < Usd::from_int(10), "{rest:?} stays in the pool");
	leave(scene, &provider);
	let report = scene.env.execute(Margin::check_identities).unwrap();
	let left = scene.env.execute(|| {
		pallet_margin::Accounts::<Runtime>::iter_keys()
			.map(|who| Margin::cash(&who).into_inner())
			.sum::<i128>()
	});
	assert_eq!(report.held.into_inner(), left + report.residue.into_inner());
	// The endowment of genesis: the asset's least balance, a cent, is nobody's.
	assert_eq!(report.surplus, Usd::from_inner(10_000_000_000_000_000));
	let dust = 3 * 1_000_000_000_000;
	assert!(left <= rest.into_inner() + dust, "the pool's rest and dust of three accounts: {left}");
	assert!(scene.env.execute(|| Margin::positions(&pool)).is_empty());
}
