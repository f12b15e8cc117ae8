//! What tests do.

use super::*;
use ballast_primitives::{
	AccountHealth, Price, Quality, Quantity, SeriesId, SeriesState, UnderlyingId, Usd,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{
	assert_ok,
	traits::{Get, Hooks},
	weights::Weight,
};

pub fn signed(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Dollars in the asset's smallest unit.
pub fn dollars(whole: u128) -> u128 {
	whole * 1_000_000
}

/// Hundredths of a bitcoin in the asset's smallest unit.
pub fn centi_btc(hundredths: u128) -> u128 {
	hundredths * 1_000_000
}

pub fn deposit(who: u64, whole: u128) {
	assert_ok!(Margin::deposit(signed(who), dollars(whole)));
}

/// A trade of whole contracts for a premium in whole dollars, all of them together.
pub fn trade(buyer: u64, seller: u64, id: SeriesId, quantity: i64, premium: i64) {
	let (quantity, premium) = (Quantity::from_int(quantity), Usd::from_int(premium));
	assert_ok!(Margin::trade(&buyer, &seller, id, quantity, premium));
}

pub fn cash(who: u64) -> Usd {
	<Margin as InspectAccounts<u64>>::cash(&who)
}

pub fn health(who: u64) -> AccountHealth {
	Margin::health(&who).unwrap()
}

pub fn quantity(who: u64, id: SeriesId) -> Quantity {
	Margin::load(&who).quantity_of(id)
}

pub fn set_spot(underlying: UnderlyingId, spot: u64) {
	Markets::mutate(underlying, |state| state.as_mut().unwrap().spot = Price::from_int(spot));
}

pub fn set_quality(underlying: UnderlyingId, quality: Quality) {
	Markets::mutate(underlying, |state| state.as_mut().unwrap().quality = quality);
}

/// Passes the expiry; the series is frozen.
pub fn expire(id: SeriesId) {
	let expiry = Listed::get(id).unwrap().expiry;
	Now::mutate(|now| *now = expiry.max(*now));
	Listed::mutate(id, |series| series.as_mut().unwrap().state = SeriesState::Expired);
}

/// Passes the expiry and settles the series.
pub fn settle_at(id: SeriesId, price: Price) {
	expire(id);
	Listed::mutate(id, |series| {
		let series = series.as_mut().unwrap();
		series.state = SeriesState::Settled { price, payoff: series.payoff(price).unwrap() };
	});
}

/// The weight of a whole block.
pub fn whole_block() -> Weight {
	let weights: frame_system::limits::BlockWeights =
		<Test as frame_system::Config>::BlockWeights::get();
	weights.max_block
}

/// Events of this pallet since the block began.
pub fn events() -> Vec<Event> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Margin(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// The state's root: two equal roots are one state.
pub fn root() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}

/// A part of a contract or dollar, in its last digits.
pub fn units(inner: i128) -> Quantity {
	Quantity::from_inner(inner)
}

pub fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

pub fn coins(who: u64, hundredths: u128) {
	assert_ok!(Margin::deposit_collateral(signed(who), BTC, centi_btc(hundredths)));
}

/// Everything that blocks do by themselves until nothing is left of it.
pub fn sweep() {
	for _ in 0..4 {
		Margin::on_idle(1, whole_block());
	}
}

/// A later block with a tick of this price, after which what waits for one is done.
pub fn tick(spot: u64) {
	accept(spot);
	next_block();
}

/// A tick of this price, seconds after the last.
pub fn accept(spot: u64) {
	Now::mutate(|now| *now += 3);
	Markets::mutate(ON_BTC, |state| {
		let state = state.as_mut().unwrap();
		(state.spot, state.spot_at) = (Price::from_int(spot), Now::get());
	});
}

/// What a block does before its first call.
pub fn next_block() {
	System::set_block_number(System::block_number() + 1);
	Margin::on_initialize(System::block_number());
}

pub fn exercise(who: u64, id: SeriesId, quantity: i64) {
	assert_ok!(Margin::request_exercise(signed(who), id, Quantity::from_int(quantity)));
}

/// What a position is, brought up to date.
pub fn held(who: u64, id: SeriesId) -> Quantity {
	let positions = <Margin as InspectAccounts<u64>>::positions(&who);
	let held = positions.into_iter().find(|(series, _)| *series == id);
	held.map_or(Quantity::ZERO, |(_, quantity)| quantity)
}

/// What exercised contracts are owed.
pub fn claim(who: u64, id: SeriesId) -> Usd {
	Margin::load(&who).position(id).claim()
}

pub fn cover(who: u64, id: SeriesId) -> Option<crate::Cover> {
	Margin::load(&who).position(id).cover
}
