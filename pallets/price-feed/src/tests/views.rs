//! What the runtime API answers, and what others read of a market.

use crate::{mock::*, GenesisMarket};
use ballast_primitives::{time::years_between, Volatility};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::assert_ok;

const DAY: u64 = 86_400;

#[test]
fn the_view_has_ages_realised_volatility_and_expiries() {
	ExtBuilder::default().fed().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 2 * DAY));
		assert_ok!(PriceFeed::watch_expiry(BTC, START + DAY));
		tick(8_000);
		Clock::set(START + 30);
		let view = PriceFeed::market_view(BTC).unwrap();
		assert_eq!(Some(view.state), PriceFeed::state(BTC));
		assert_eq!((view.spot_age, view.volatility_age), (30, 30));
		assert_eq!(view.realised_fast, Volatility::from_percent(60));
		assert_eq!(view.realised_slow, Volatility::from_percent(60));
		assert_eq!(view.scan_target, view.state.scan.initial);
		assert_eq!(view.unconfirmed_spot, Some(price(8_000)));
		assert_eq!(view.watched, vec![START + DAY, START + 2 * DAY]);
		assert_eq!(PriceFeed::market_view(ETH), None);
	});
}

#[test]
fn volatility_depends_on_the_time_to_expiry() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		let mut quote = flat(60);
		quote.tenors[0].volatility = Volatility::from_percent(80);
		for operator in 1..=5 {
			feed_volatility(operator, quote);
		}
		PriceFeed::accept_ticks();
		let now = PriceFeed::now();
		let vol = |days: u64| PriceFeed::volatility_view(BTC, price(10_000), now + days * DAY);
		let float = |days: u64| vol(days).unwrap().into_inner() as f64 / 1e18;
		assert!((float(1) - 0.8).abs() < 1e-15);
		assert!((float(7) - 0.8).abs() < 1e-15);
		// w(7 d) = 0.64 * 7, w(14 d) = 0.36 * 14: half way 4.76 / 10.5
		let half = PriceFeed::volatility_view(BTC, price(1), now + 21 * DAY / 2).unwrap();
		let half = half.into_inner() as f64 / 1e18;
		assert!((half - (4.76f64 / 10.5).sqrt()).abs() < 1e-15);
		assert!((float(30) - 0.6).abs() < 1e-15);
		assert!((float(365) - 0.6).abs() < 1e-15);
		// past expiries and unknown markets have none
		assert_eq!(vol(0), None);
		assert_eq!(PriceFeed::volatility_view(ETH, price(1), now + DAY), None);
		// and others read the same
		let state = PriceFeed::state(BTC).unwrap();
		let years = years_between(now, now + DAY);
		let found = state.volatility_at(price(9), years).unwrap();
		let gap =
			found.to_bits().abs_diff(Volatility::from_percent(80).to_q64().unwrap().to_bits());
		assert!(gap < 100, "{gap}");
		assert_eq!(state.forward(years), price(10_000).to_q64());
		assert_eq!(state.discount(years).unwrap(), ballast_math::Q64::ONE);
	});
}

#[test]
fn whatever_is_accepted_can_be_priced() {
	for percent in [1, 1_000] {
		let market = GenesisMarket {
			underlying: BTC,
			spot: None,
			volatility: flat(percent),
			history: vec![],
		};
		ExtBuilder::default().markets(vec![market]).build_and_execute(|| {
			feed_volatility_all(percent);
			tick(10_000);
			for seconds in [1, 7 * DAY, 100 * DAY, 1_000 * DAY] {
				let expiry = PriceFeed::now() + seconds;
				let found = PriceFeed::volatility_view(BTC, price(1), expiry).unwrap();
				let gap =
					found.into_inner().abs_diff(flat(percent).tenors[0].volatility.into_inner());
				assert!(gap < 100, "{percent} {seconds} {found:?}");
			}
		});
	}
}
