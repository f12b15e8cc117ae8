//! The guardian halts an underlying, or everything: people and the pool can close and not open, even where open
//! interest would stay the same; liquidations go on.

use crate::support::{percent, scene, Scene};
use ballast_integration_tests::{
	calls::{bid, buy, cents, deposit, dollars, hundredths, sell, BTC},
	Actor,
};
use ballast_primitives::{OptionKind, Quantity, SeriesId};
use ballast_runtime::{
	governance::origins::pallet_custom_origins::Origin, Options, RiskParams, Runtime,
	RuntimeOrigin, SafeMode,
};
use ballast_traits::InspectSeries;
use sp_runtime::{DispatchError, DispatchResult};

/// What a referendum of the guardian's does once it is approved.
fn guard(scene: &mut Scene, act: impl FnOnce(RuntimeOrigin) -> DispatchResult) {
	scene.env.between_blocks(|| assert_eq!(act(Origin::RiskGuardian.into()), Ok(())));
}

fn halt_btc(scene: &mut Scene) {
	let until = scene.env.number() + 40;
	guard(scene, |guardian| RiskParams::halt(guardian, BTC, until));
}

fn enter_safe_mode(scene: &mut Scene) {
	guard(scene, SafeMode::force_enter);
}

fn open(scene: &mut Scene, series: SeriesId) -> Quantity {
	scene.env.execute(|| Options::sides(series).long.total)
}

/// Ten calls sold by the pool and ten puts bought by it; then nobody can take the other side of what it closes.
fn nobody_opens_after(stop: fn(&mut Scene)) {
	let mut scene = scene(7, 10_000_000);
	let (call, put) = (scene.call(8_000), scene.put(8_000));
	let (buyer, writer, mallory) =
		(scene.cast.buyer.clone(), scene.cast.prudent.clone(), scene.cast.writer.clone());
	let (ten, five) = (hundredths(1_000), hundredths(500));
	scene.env.block_ok(vec![
		(&buyer, deposit(dollars(1_000_000))),
		(&buyer, buy(call, ten)),
		(&writer, deposit(dollars(1_000_000))),
		(&writer, sell(put, ten)),
		(&mallory, deposit(dollars(1_000_000))),
	]);
	stop(&mut scene);
	let halted = DispatchError::from(pallet_risk_pool::Error::<Runtime>::UnderlyingHalted);
	let outcomes = scene.env.block(vec![
		(&mallory, sell(call, five)),
		(&mallory, buy(put, five)),
		(&buyer, sell(call, hundredths(1_001))),
		(&writer, buy(put, hundredths(1_001))),
		(&buyer, sell(call, five)),
		(&writer, buy(put, five)),
	]);
	assert_eq!(outcomes, [Err(halted), Err(halted), Err(halted), Err(halted), Ok(()), Ok(())]);
	assert_eq!((open(&mut scene, call), open(&mut scene, put)), (five, five));
	for series in [call, put] {
		assert_eq!(scene.env.position(&mallory.account(), series), Quantity::ZERO);
	}
}

#[test]
fn on_a_halted_underlying_nobody_opens_against_the_pool() {
	nobody_opens_after(halt_btc);
}

#[test]
fn in_safe_mode_nobody_opens_against_the_pool() {
	nobody_opens_after(enter_safe_mode);
}

/// A writer who fails, and a bidder who has nothing yet.
fn a_bid_opens_after(stop: fn(&mut Scene)) {
	let mut scene = scene(7, 50_000_000);
	let call = scene.env.series(BTC, OptionKind::Call, 8_500, scene.expiry);
	let (writer, bidder): (Actor, Actor) = (scene.cast.writer.clone(), scene.cast.bidder.clone());
	scene.env.block_ok(vec![(&bidder, deposit(dollars(5_000_000)))]);
	scene.write_on_thin_margin(&writer, call, hundredths(1_000));
	stop(&mut scene);
	let short = scene.env.position(&writer.account(), call);
	scene.env.feeds.set(BTC, cents(930_000));
	let auction = loop {
		scene.env.blocks(1);
		if let Some(auction) = scene.env.auction(&writer.account()) {
			break auction;
		}
	};
	scene.env.block_ok(vec![(&bidder, bid(writer.account(), percent(100), auction.last_bid))]);
	let taken = scene.env.position(&bidder.account(), call);
	assert!(taken.is_negative(), "{taken:?}");
	let left = short.checked_sub(taken).unwrap();
	assert_eq!(scene.env.position(&writer.account(), call), left);
}

#[test]
fn on_a_halted_underlying_bidders_take_positions_over() {
	a_bid_opens_after(halt_btc);
}

#[test]
fn in_safe_mode_bidders_take_positions_over() {
	a_bid_opens_after(enter_safe_mode);
}
