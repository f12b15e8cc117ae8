//! The circuit breaker: a tick outside the band is refused until it is confirmed.

use crate::{feed::Refusal, mock::*, Event};
use ballast_primitives::{Quality, Volatility};
use ballast_traits::{InspectMarket, MutateMarket};

fn quality() -> Quality {
	PriceFeed::state(BTC).unwrap().quality
}

#[test]
fn a_bad_tick_is_refused_and_the_market_waits() {
	ExtBuilder::default().fed().build_and_execute(|| {
		tick(8_140);
		assert_eq!((spot(), quality()), (price(10_000), Quality::Unconfirmed));
		assert!(events().contains(&Event::TickRefused {
			underlying: BTC,
			price: price(8_140),
			reason: Refusal::OutsideBand,
		}));
		// back in the band: the break is forgotten
		tick(10_050);
		assert_eq!((spot(), quality()), (price(10_050), Quality::Good));
	});
}

#[test]
fn the_edge_of_the_band_is_inside() {
	ExtBuilder::default().fed().build_and_execute(|| {
		tick(11_000);
		assert_eq!((spot(), quality()), (price(11_000), Quality::Good));
		tick(12_101);
		assert_eq!((spot(), quality()), (price(11_000), Quality::Unconfirmed));
	});
}

#[test]
fn three_confirming_rounds_move_the_price() {
	ExtBuilder::default().fed().build_and_execute(|| {
		for whole in [8_140, 8_000, 8_200] {
			tick(whole);
			assert_eq!((spot(), quality()), (price(10_000), Quality::Unconfirmed));
		}
		tick(8_100);
		assert_eq!((spot(), quality()), (price(8_100), Quality::Good));
	});
}

#[test]
fn values_that_are_only_read_again_confirm_nothing() {
	ExtBuilder::default().fed().build_and_execute(|| {
		tick(8_140);
		for _ in 0..10 {
			next_block(3);
			PriceFeed::accept_ticks();
			assert_eq!((spot(), quality()), (price(10_000), Quality::Unconfirmed));
		}
	});
}

#[test]
fn a_confirming_round_needs_new_values_of_a_quorum() {
	ExtBuilder::default().fed().build_and_execute(|| {
		tick(8_140);
		// two operators shouting is not a round, however often
		for _ in 0..5 {
			next_block(3);
			feed(1, 8_140);
			feed(2, 8_140);
			PriceFeed::accept_ticks();
			assert_eq!(quality(), Quality::Unconfirmed);
		}
		// a third one completes the first round, and two more rounds follow
		next_block(3);
		feed(3, 8_140);
		PriceFeed::accept_ticks();
		tick(8_140);
		assert_eq!(spot(), price(10_000));
		tick(8_140);
		assert_eq!(spot(), price(8_140));
	});
}

#[test]
fn rounds_that_disagree_begin_again() {
	ExtBuilder::default().fed().build_and_execute(|| {
		tick(8_000);
		tick(8_000);
		tick(8_000);
		// the third confirmation is more than 10% from the others
		tick(7_200);
		assert_eq!(quality(), Quality::Unconfirmed);
		// and is itself a level to be confirmed three times
		tick(7_200);
		tick(7_200);
		assert_eq!(spot(), price(10_000));
		tick(7_200);
		assert_eq!(spot(), price(7_200));
	});
}

#[test]
fn confirming_values_agree_pairwise() {
	ExtBuilder::default().fed().build_and_execute(|| {
		// each is within 10% of the first, but not of each other
		tick(8_000);
		tick(8_700);
		tick(7_400);
		tick(7_400);
		assert_eq!(spot(), price(10_000));
		tick(7_400);
		tick(7_400);
		assert_eq!(spot(), price(7_400));
	});
}

#[test]
fn being_back_in_the_band_resets_the_count() {
	ExtBuilder::default().fed().build_and_execute(|| {
		tick(8_140);
		tick(8_140);
		tick(8_140);
		tick(10_000);
		tick(8_140);
		tick(8_140);
		tick(8_140);
		assert_eq!((spot(), quality()), (price(10_000), Quality::Unconfirmed));
		tick(8_140);
		assert_eq!(spot(), price(8_140));
	});
}

#[test]
fn a_lone_operator_can_neither_move_nor_stop_the_market() {
	ExtBuilder::default().fed().build_and_execute(|| {
		for _ in 0..5 {
			next_block(3);
			for operator in 1..=4 {
				feed(operator, 10_010);
			}
			feed(5, 1);
			PriceFeed::accept_ticks();
			assert_eq!((spot(), quality()), (price(10_010), Quality::Good));
		}
	});
}

#[test]
fn volatility_has_a_band_of_its_own() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let round = |percent: u32| {
			next_block(3);
			feed_all(10_000);
			for operator in 1..=5 {
				let mut quote = flat(60);
				quote.tenors[5].volatility = Volatility::from_percent(percent);
				feed_volatility(operator, quote);
			}
			PriceFeed::accept_ticks();
			PriceFeed::state(BTC).unwrap().volatility.tenors[5].volatility
		};
		assert_eq!(round(90), Volatility::from_percent(90));
		// one tenor outside is enough
		assert_eq!(round(150), Volatility::from_percent(90));
		assert_eq!(quality(), Quality::Unconfirmed);
		assert!(events()
			.iter()
			.any(|event| matches!(event, Event::VolatilityRefused { underlying: BTC, .. })));
		assert_eq!(round(160), Volatility::from_percent(90));
		assert_eq!(round(155), Volatility::from_percent(90));
		assert_eq!(round(152), Volatility::from_percent(152));
		assert_eq!(quality(), Quality::Good);
	});
}

#[test]
fn an_old_price_still_holds_the_first_tick_after_an_outage() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(86_400);
		feed_all(6_000);
		PriceFeed::accept_ticks();
		assert_eq!((spot(), quality()), (price(10_000), Quality::Stale));
		feed_volatility_all(60);
		tick(6_000);
		tick(6_000);
		tick(6_000);
		assert_eq!((spot(), quality()), (price(6_000), Quality::Good));
	});
}
