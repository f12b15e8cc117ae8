//! One accepted tick per underlying and block.

use crate::{feed::Refusal, mock::*, AcceptedIn, Event, PRICE_MAX};
use ballast_primitives::{Price, Quality, Ratio, Volatility};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::traits::Hooks;

#[test]
fn the_median_of_the_operators_is_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		for (operator, whole) in [(1, 9_990), (2, 10_020), (3, 10_000), (4, 9_980), (5, 10_010)] {
			feed(operator, whole);
		}
		feed_volatility_all(62);
		PriceFeed::accept_ticks();
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!(state.spot, price(10_000));
		assert_eq!(state.spot_at, START);
		assert_eq!(state.volatility, flat(62));
		assert_eq!(state.volatility_at, START);
		assert_eq!(state.operators, 5);
		assert_eq!(state.dispersion, Ratio::from_basis_points(40));
		assert_eq!(state.quality, Quality::Good);
		assert!(events().contains(&Event::TickAccepted {
			underlying: BTC,
			price: price(10_000),
			operators: 5,
			dispersion: Ratio::from_basis_points(40),
		}));
		assert!(events().contains(&Event::VolatilityAccepted {
			underlying: BTC,
			volatility: flat(62),
			operators: 5,
		}));
	});
}

#[test]
fn an_even_number_of_operators_gives_the_mean_of_the_middle_rounded_down() {
	ExtBuilder::default().build_and_execute(|| {
		feed_of(BTC, 1, Price::from_inner(1_000));
		feed_of(BTC, 2, Price::from_inner(1_005));
		feed_of(BTC, 3, Price::from_inner(1_002));
		feed_of(BTC, 4, Price::from_inner(1_001));
		feed_volatility_all(60);
		PriceFeed::accept_ticks();
		assert_eq!(spot(), Price::from_inner(1_001));
	});
}

#[test]
fn volatilities_are_medians_tenor_by_tenor() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		for operator in 1..=5u64 {
			let mut quote = flat(50 + operator as u32);
			quote.tenors[5].volatility = Volatility::from_percent(60 - operator as u32);
			feed_volatility(operator, quote);
		}
		PriceFeed::accept_ticks();
		let mut expected = flat(53);
		expected.tenors[5].volatility = Volatility::from_percent(57);
		assert_eq!(PriceFeed::state(BTC).unwrap().volatility, expected);
	});
}

#[test]
fn five_feeds_in_a_block_move_the_price_once() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		for (operator, whole) in [(1, 10_100), (2, 10_200), (3, 10_300), (4, 10_400), (5, 10_500)] {
			feed(operator, whole);
			PriceFeed::accept_ticks();
			// the first acceptance saw one new value among four of 10,000
			assert_eq!(spot(), price(10_000));
		}
		let accepted = |event: &Event<Test>| matches!(event, Event::TickAccepted { .. });
		assert_eq!(events().into_iter().filter(accepted).count(), 1);
		// what came later in the block counts in the next, though nobody feeds again
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(spot(), price(10_300));
	});
}

#[test]
fn without_a_new_value_nothing_is_accepted() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(PriceFeed::state(BTC).unwrap().spot_at, START);
		assert_eq!(events(), vec![]);
	});
}

#[test]
fn on_finalize_accepts_if_nothing_before_has() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		feed_all(10_100);
		assert_eq!(spot(), price(10_000));
		PriceFeed::on_finalize(System::block_number());
		assert_eq!(spot(), price(10_100));
		// idempotent within the block
		feed_all(10_200);
		PriceFeed::on_finalize(System::block_number());
		PriceFeed::accept_ticks();
		assert_eq!(spot(), price(10_100));
	});
}

#[test]
fn the_first_tick_ever_needs_a_quorum() {
	ExtBuilder::default().build_and_execute(|| {
		feed_volatility_all(60);
		feed(1, 10_000);
		feed(2, 10_000);
		PriceFeed::accept_ticks();
		assert_eq!(PriceFeed::state(BTC), None);
		assert!(events().contains(&Event::TickRefused {
			underlying: BTC,
			price: price(10_000),
			reason: Refusal::TooFewOperators,
		}));
		next_block(3);
		feed(3, 10_300);
		PriceFeed::accept_ticks();
		assert_eq!(spot(), price(10_000));
		assert_eq!(PriceFeed::state(BTC).unwrap().operators, 3);
	});
}

#[test]
fn a_removed_operators_value_no_longer_counts() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		for (operator, whole) in [(1, 10_000), (2, 10_100), (3, 10_200), (4, 10_300), (5, 10_400)] {
			feed(operator, whole);
		}
		Operators::set(vec![1, 2, 3]);
		PriceFeed::accept_ticks();
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!((state.spot, state.operators), (price(10_100), 3));
		// one more, and the market is without a quorum at the next look, without any new value
		Operators::set(vec![1, 2]);
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::TooFewOperators);
	});
}

#[test]
fn stale_values_of_operators_do_not_count() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(60);
		feed(1, 10_500);
		feed(2, 10_500);
		feed(3, 10_500);
		PriceFeed::accept_ticks();
		assert_eq!((spot(), PriceFeed::state(BTC).unwrap().operators), (price(10_500), 5));
		// 121 s after the first block the values of operators 4 and 5 are too old
		next_block(61);
		feed(1, 10_400);
		PriceFeed::accept_ticks();
		assert_eq!((spot(), PriceFeed::state(BTC).unwrap().operators), (price(10_500), 3));
		// and 121 s after their last feed so are those of 2 and 3
		next_block(60);
		feed(1, 10_300);
		PriceFeed::accept_ticks();
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!((state.spot, state.operators), (price(10_500), 1));
		assert_eq!(state.quality, Quality::TooFewOperators);
	});
}

#[test]
fn what_cannot_be_true_is_ignored_and_told_once() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		feed_of(BTC, 1, Price::ZERO);
		feed_of(BTC, 2, PRICE_MAX.checked_add(Price::from_inner(1)).unwrap());
		feed(3, 10_100);
		feed(4, 10_100);
		feed_volatility(5, flat(1_001));
		PriceFeed::accept_ticks();
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!((state.spot, state.operators), (price(10_100), 3));
		for operator in [1, 2, 5] {
			assert!(events().contains(&Event::ValueIgnored { underlying: BTC, operator }));
		}
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(events(), vec![]);
	});
}

#[test]
fn markets_are_independent() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		for operator in 1..=3 {
			feed_of(ETH, operator, price(200));
		}
		PriceFeed::accept_ticks();
		// ETH has no volatility yet: its price is accepted, its market is not known
		assert_eq!(PriceFeed::state(ETH), None);
		assert_eq!(PriceFeed::state(BTC).unwrap().spot, price(10_000));
		assert!(events().iter().any(|event| {
			matches!(event, Event::TickAccepted { underlying: ETH, price: p, .. } if *p == price(200))
		}));
	});
}

#[test]
fn acceptance_is_charged_once_by_on_initialize() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		let reserved = PriceFeed::on_initialize(System::block_number());
		let two = <() as crate::WeightInfo>::accept_tick(5) * 2;
		assert_eq!(reserved, <() as crate::WeightInfo>::accept_ticks_base() + two);
		let look = <() as crate::WeightInfo>::look_whether_accepted();
		assert_eq!(PriceFeed::accept_ticks(), look);
		assert_eq!(PriceFeed::accept_ticks(), look);
	});
}

/// What other pallets do in their own `on_initialize` they do at the tick of the block before.
#[test]
fn the_beginning_of_a_block_accepts_nothing() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		PriceFeed::accept_ticks();
		let block = System::block_number();
		// fed after this block's acceptance: it waits for the next
		feed_all(10_100);
		feed_volatility_all(65);
		PriceFeed::on_finalize(block);
		System::set_block_number(block + 1);
		Clock::set(Clock::get() + 3);
		let root = || sp_io::storage::root(sp_core::storage::StateVersion::V1);
		let (before, state) = (root(), PriceFeed::state(BTC));
		PriceFeed::on_initialize(block + 1);
		assert_eq!(root(), before);
		assert_eq!(PriceFeed::state(BTC), state);
		assert_eq!((spot(), AcceptedIn::<Test>::get()), (price(10_000), Some(block)));
		PriceFeed::accept_ticks();
		assert_eq!((spot(), AcceptedIn::<Test>::get()), (price(10_100), Some(block + 1)));
		// newer than anything that was asked for at the old one
		assert!(PriceFeed::state(BTC).unwrap().spot_at > state.unwrap().spot_at);
	});
}
