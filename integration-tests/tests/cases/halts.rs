//! One underlying's operators fall silent: what depends on it waits, everything else goes on.

use crate::support::{auctions_started, percent, scene, write_on_thin_margin, Scene};
use ballast_integration_tests::calls::{
	bid, buy, cents, deposit, deposit_collateral, dollars, hundredths, pool_deposit, sell,
	withdraw, withdraw_collateral, BTC, ETH,
};
use ballast_primitives::{
	AccountStatus, OptionKind, Quality, Quantity, SeriesId, UnderlyingId, Usd,
};
use ballast_runtime::{genesis::assets, PriceFeed, Runtime};
use ballast_traits::InspectMarket;
use sp_runtime::DispatchError;

/// Blocks after the last feed in which a price may still be used: two hours.
const USABLE: u32 = 4;

fn quality(scene: &mut Scene, underlying: UnderlyingId) -> Quality {
	scene.env.execute(|| PriceFeed::state(underlying)).expect("fed").quality
}

/// BTC's operators fall silent until its price is stale.
fn halt_btc(scene: &mut Scene) {
	scene.env.feeds.silence(BTC);
	scene.env.blocks(USABLE);
	assert_eq!(quality(scene, BTC), Quality::Good, "used for as long as governed");
	scene.env.blocks(1);
	assert_eq!(quality(scene, BTC), Quality::Stale);
	assert_eq!(quality(scene, ETH), Quality::Good);
}

fn eth_call(scene: &mut Scene) -> SeriesId {
	let expiry = scene.expiry;
	scene.env.series(ETH, OptionKind::Call, 200, expiry)
}

#[test]
fn trades_on_it_are_refused_and_all_else_goes_on() {
	let mut scene = scene(7, 10_000_000);
	let (btc, eth) = (scene.call(8_000), eth_call(&mut scene));
	let (buyer, prudent) = (scene.cast.buyer.clone(), scene.cast.prudent.clone());
	let bitcoin = assets::BTC.units(1);
	scene.env.block_ok(vec![
		(&buyer, deposit(dollars(100_000))),
		(&buyer, buy(btc, hundredths(100))),
		(&prudent, deposit(dollars(100_000))),
		(&prudent, deposit_collateral(assets::BTC.id, bitcoin)),
	]);
	halt_btc(&mut scene);
	let stale = DispatchError::from(pallet_risk_pool::Error::<Runtime>::PriceStale);
	let not_usable = pallet_margin::Error::<Runtime>::PriceNotUsable;
	let outcomes = scene.env.block(vec![
		(&buyer, buy(btc, hundredths(100))),
		(&buyer, sell(btc, hundredths(100))),
		(&buyer, withdraw(dollars(1))),
		(&buyer, buy(eth, hundredths(1_000))),
		(&buyer, deposit(dollars(1))),
		(&prudent, buy(eth, hundredths(1_000))),
		(&prudent, deposit_collateral(assets::BTC.id, bitcoin)),
		(&prudent, withdraw(dollars(1))),
	]);
	// An account with options on a halted price may not withdraw; one with units alone may, because
	// they count for nothing meanwhile.
	let expected =
		[Err(stale), Err(stale), Err(not_usable.into()), Ok(()), Ok(()), Ok(()), Ok(()), Ok(())];
	assert_eq!(outcomes, expected);
	scene.env.feeds.resume(BTC);
	scene.env.blocks(1);
	assert_eq!(quality(&mut scene, BTC), Quality::Good);
	scene.env.block_ok(vec![
		(&buyer, sell(btc, hundredths(100))),
		(&prudent, withdraw_collateral(assets::BTC.id, bitcoin)),
	]);
}

#[test]
fn the_pool_prices_nobody_while_it_has_risk_on_a_halted_price() {
	let mut scene = scene(7, 10_000_000);
	let (btc, buyer) = (scene.call(8_000), scene.cast.buyer.clone());
	let buy_some = buy(btc, hundredths(100));
	scene.env.block_ok(vec![(&buyer, deposit(dollars(100_000))), (&buyer, buy_some)]);
	let prudent = scene.cast.prudent.clone();
	scene.env.block_ok(vec![(&prudent, deposit(dollars(100_000)))]);
	halt_btc(&mut scene);
	scene.env.block_ok(vec![(&prudent, pool_deposit(Usd::from_int(1_000)))]);
	scene.env.blocks(6);
	let who = prudent.account();
	let shares = |scene: &mut Scene| {
		let who = who.clone();
		scene.env.execute(|| pallet_risk_pool::Shares::<Runtime>::get(who))
	};
	assert_eq!(shares(&mut scene), Quantity::ZERO, "waits, without risk");
	scene.env.feeds.resume(BTC);
	scene.env.blocks(2);
	assert!(shares(&mut scene).is_positive());
}

/// Short BTC and ETH calls on thin margin: with BTC halted nobody can say whether it fails; when ETH
/// alone breaks it in the best case, its ETH is sold and its BTC stays.
#[test]
fn an_account_on_both_is_judged_by_its_best_and_worst_case() {
	let mut scene = scene(7, 50_000_000);
	let (btc, eth) = (scene.call(8_500), eth_call(&mut scene));
	let (writer, bidder) = (scene.cast.writer.clone(), scene.cast.bidder.clone());
	let who = writer.account();
	scene.env.block_ok(vec![
		(&bidder, deposit(dollars(5_000_000))),
		(&writer, deposit(dollars(100_000))),
		(&writer, sell(btc, hundredths(100))),
	]);
	write_on_thin_margin(&mut scene.env, &writer, eth, hundredths(5_000));
	assert!(scene.env.health(&who).status != AccountStatus::Unknown);
	halt_btc(&mut scene);
	let health = scene.env.health(&who);
	assert!(health.excess_worst < health.excess_best, "{health:?}");

	// A small move of ETH: between the two cases.
	let mut spot = 20_000;
	while scene.env.health(&who).status != AccountStatus::Unknown {
		spot = spot * 102 / 100;
		scene.env.feeds.set(ETH, cents(spot));
		scene.env.blocks(1);
		assert!(spot < 23_000, "{:?}", scene.env.health(&who));
	}
	scene.env.blocks(2);
	assert_eq!(scene.env.auction(&who), None, "an unknown account is not liquidated");
	let refused =
		scene.env.block(vec![(&bidder, ballast_integration_tests::calls::liquidate(who.clone()))]);
	let not = pallet_liquidation::Error::<Runtime>::NotLiquidatable;
	assert_eq!(refused, [Err(not.into())]);

	// Two steps that are within the band: no value of its BTC could save it.
	for _ in 0..2 {
		spot = spot * 122 / 100;
		scene.env.feeds.set(ETH, cents(spot));
		scene.env.blocks(1);
	}
	let health = scene.env.health(&who);
	assert!(health.excess_best.is_negative(), "{health:?}");
	if scene.env.auction(&who).is_none() {
		scene.env.blocks(1);
		assert_eq!(auctions_started(&mut scene.env), std::slice::from_ref(&who));
	}
	let auction = scene.env.auction(&who).expect("sold although BTC is halted");
	let (short_btc, short_eth) = (scene.env.position(&who, btc), scene.env.position(&who, eth));
	scene.env.block_ok(vec![(&bidder, bid(who.clone(), percent(100), auction.last_bid))]);
	assert_eq!(scene.env.position(&who, btc), short_btc, "a leg on a halted price stays");
	let left = scene.env.position(&who, eth);
	assert!(left > short_eth, "{left:?} of {short_eth:?}");
	let sold = short_eth.checked_sub(left).unwrap();
	assert_eq!(scene.env.position(&bidder.account(), eth), sold);
}
