//! Realised volatility and scan range.

use crate::{mock::*, Event, Markets, TimeScale};
use ballast_mocks::MockParameters;
use ballast_primitives::{params::UnderlyingRisk, time::YEAR, Ratio, ScanRange, Volatility};
use ballast_traits::{InspectMarket, MutateMarket};

fn scan() -> ScanRange {
	PriceFeed::state(BTC).unwrap().scan
}

fn float(ratio: Ratio) -> f64 {
	ratio.into_inner() as f64 / 1e18
}

fn volatility(vol: Volatility) -> f64 {
	vol.into_inner() as f64 / 1e18
}

/// BTC's target at a volatility.
fn target(sigma: f64) -> f64 {
	(0.75 * 3.0 * sigma / 365f64.sqrt() + 0.25 * 0.28).clamp(0.11, 0.32)
}

/// Rules under which a block may be worth half an hour, and a crash may pass.
fn half_hourly() {
	set_rules(|rules| {
		rules.spot_age_max = 3_600;
		rules.raw_age_max = 1_800;
		rules.volatility_age_max = 86_400;
		rules.spot_deviation_max = Ratio::from_percent(40);
	});
}

fn half_hours(prices: &[u64], mut check: impl FnMut(u64)) {
	for whole in prices {
		next_block(0);
		feed_all(*whole);
		feed_volatility_all(60);
		PriceFeed::accept_ticks();
		check(*whole);
	}
}

const SCALE: TimeScale = TimeScale::PerBlock { start: START, seconds: 1_800 };

#[test]
fn the_range_begins_at_the_target_of_the_starting_volatility() {
	ExtBuilder::default().fed().build_and_execute(|| {
		assert!((float(scan().maintenance) - target(0.6)).abs() < 1e-15);
		assert_eq!(scan().initial, scan().maintenance);
	});
}

#[test]
fn realised_volatility_is_that_of_the_accepted_prices() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(0);
		// one sample after 300 s: +1%
		for _ in 0..100 {
			next_block(3);
			feed_all(10_100);
			PriceFeed::accept_ticks();
		}
		let market = Markets::<Test>::get(BTC).unwrap();
		assert_eq!(market.sample.unwrap().at, START + 300);
		let rate = 1.01f64.ln().powi(2) * YEAR as f64 / 300.0;
		let mixed = |life: f64| {
			let d = 0.5f64.powf(300.0 / life);
			(0.36 * d + rate * (1.0 - d)).sqrt()
		};
		let realised = market.realised.unwrap();
		assert!((volatility(realised.fast) - mixed(14_400.0)).abs() < 1e-12);
		assert!((volatility(realised.slow) - mixed(259_200.0)).abs() < 1e-12);
		// the target follows the greatest of fast, slow and implied
		let scan = market.scan.unwrap();
		assert!((float(scan.target) - target(mixed(14_400.0))).abs() < 1e-12);
	});
}

#[test]
fn implied_volatility_moves_the_target_before_anything_has_happened() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let before = scan();
		next_block(3);
		feed_volatility_all(85);
		PriceFeed::accept_ticks();
		assert!((float(scan().initial) - target(0.85)).abs() < 1e-15);
		// three seconds of the ramp of .02 an hour
		let moved = float(scan().maintenance) - float(before.maintenance);
		assert!(moved <= 0.02 * 3.0 / 3_600.0 && moved > 0.0199 * 3.0 / 3_600.0);
		assert!(events().iter().any(|event| matches!(event,
			Event::ScanRangeMoved { underlying: BTC, initial, .. } if *initial == scan().initial)));
	});
}

#[test]
fn maintenance_rises_at_the_speed_of_the_ramp_and_initial_at_once() {
	ExtBuilder::default().time_scale(SCALE).build_and_execute(|| {
		half_hourly();
		half_hours(&[10_000, 10_010, 9_990], |_| {});
		let calm = scan();
		// the shape of 12 March 2020 in half hours
		let crash = [9_500, 9_600, 7_810, 7_500, 7_700, 7_300, 6_900, 6_700, 6_000, 6_800];
		let mut last = calm;
		half_hours(&crash, |_| {
			let now = scan();
			let rise = now.maintenance.checked_sub(last.maintenance).unwrap();
			assert!(rise <= Ratio::from_percent(1), "half an hour of .02 an hour");
			assert!(now.initial >= now.maintenance);
			last = now;
		});
		// initial margin is at the cap, maintenance is on its way at full speed
		assert_eq!(last.initial, Ratio::from_percent(32));
		assert!(last.maintenance < Ratio::from_percent(32));
		let walked = float(last.maintenance) - float(calm.maintenance);
		assert!(walked > 0.07 && walked <= 0.1, "{walked}");
	});
}

#[test]
fn the_range_falls_at_the_speed_of_the_ramp_too() {
	ExtBuilder::default().time_scale(SCALE).build_and_execute(|| {
		half_hourly();
		half_hours(&[10_000, 10_010, 8_000, 7_900, 7_000, 8_400, 7_200], |_| {});
		half_hours(&[7_200; 20], |_| {});
		let peak = scan();
		assert_eq!(peak.maintenance, Ratio::from_percent(32));
		let mut last = peak;
		let mut fell = false;
		half_hours(&[7_200; 1_000], |_| {
			let now = scan();
			let fall = last.maintenance.checked_sub(now.maintenance).unwrap();
			assert!(fall <= Ratio::from_percent(1));
			assert!(now.initial >= now.maintenance);
			fell |= !fall.is_zero();
			last = now;
		});
		assert!(fell);
		// back where 60% implied volatility puts it
		assert!((float(last.maintenance) - target(0.6)).abs() < 1e-12);
	});
}

#[test]
fn an_outage_is_one_long_return_and_not_many_of_zero() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let before = Markets::<Test>::get(BTC).unwrap();
		// blocks go on for two hours without a feed
		for _ in 0..120 {
			next_block(60);
			PriceFeed::accept_ticks();
		}
		let after = Markets::<Test>::get(BTC).unwrap();
		assert_eq!((after.realised, after.sample), (before.realised, before.sample));
		next_block(60);
		feed_all(10_500);
		PriceFeed::accept_ticks();
		let market = Markets::<Test>::get(BTC).unwrap();
		let elapsed = 121.0 * 60.0;
		let rate = 1.05f64.ln().powi(2) * YEAR as f64 / elapsed;
		let d = 0.5f64.powf(elapsed / 14_400.0);
		let fast = (0.36 * d + rate * (1.0 - d)).sqrt();
		assert!((volatility(market.realised.unwrap().fast) - fast).abs() < 1e-12);
	});
}

#[test]
fn a_refused_price_is_not_sampled() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let before = Markets::<Test>::get(BTC).unwrap();
		next_block(60);
		feed_all(8_000);
		PriceFeed::accept_ticks();
		next_block(60);
		set_rules(|rules| rules.sample_period = 100);
		PriceFeed::accept_ticks();
		let after = Markets::<Test>::get(BTC).unwrap();
		assert_eq!((after.realised, after.sample), (before.realised, before.sample));
	});
}

#[test]
fn an_underlying_without_risk_parameters_has_no_range_and_no_market() {
	ExtBuilder::default().markets(vec![]).build_and_execute(|| {
		MockParameters::mock_underlying(|_| None);
		tick(10_000);
		feed_volatility_all(70);
		tick(10_000);
		assert_eq!(PriceFeed::state(BTC), None);
		// once they are set, the range begins at its target
		MockParameters::mock_underlying(|_| Some(UnderlyingRisk::btc()));
		tick(10_000);
		assert!((float(scan().maintenance) - target(0.7)).abs() < 1e-15);
		assert_eq!(scan().initial, scan().maintenance);
	});
}

#[test]
fn a_lowered_cap_is_reached_at_the_speed_of_the_ramp() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let before = scan();
		let mut risk = UnderlyingRisk::btc();
		risk.scan_cap = Ratio::from_percent(12);
		risk.scan_floor = Ratio::from_percent(10);
		MockParameters::mock_underlying(move |_| Some(risk.clone()));
		tick(10_000);
		let fall = float(before.maintenance) - float(scan().maintenance);
		assert!(fall > 0.0 && fall <= 0.02 * 3.0 / 3_600.0);
		assert_eq!(scan().initial, scan().maintenance);
		for _ in 0..120 {
			next_block(60);
			PriceFeed::accept_ticks();
		}
		assert_eq!(scan().maintenance, Ratio::from_percent(12));
	});
}

#[test]
fn the_way_of_a_range_is_told_on_the_clock_and_not_every_block() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		feed_all(10_000);
		feed_volatility_all(85);
		PriceFeed::accept_ticks();
		let mut told = 0;
		for _ in 0..200 {
			tick(10_000);
			told += events()
				.iter()
				.filter(|event| matches!(event, Event::ScanRangeMoved { .. }))
				.count();
		}
		// ten minutes of a five-minute clock
		assert_eq!(told, 2);
	});
}

#[test]
fn the_target_under_another_risk_is_what_it_becomes() {
	ExtBuilder::default().fed().build_and_execute(|| {
		next_block(3);
		feed_volatility_all(50);
		PriceFeed::accept_ticks();
		let stored = || Markets::<Test>::get(BTC).unwrap().scan.unwrap();
		let btc = UnderlyingRisk::btc();
		assert_eq!(PriceFeed::scan_target(BTC, &btc), Some(stored().target));
		assert_eq!(PriceFeed::scan_target(ETH, &UnderlyingRisk::eth()), None);
		let other = UnderlyingRisk { scan_multiple: Ratio::from_percent(600), ..btc };
		let foretold = PriceFeed::scan_target(BTC, &other).unwrap();
		assert!(foretold > stored().target);
		MockParameters::mock_underlying(move |_| Some(other.clone()));
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(stored().target, foretold);
		assert!(stored().maintenance < foretold);
		PriceFeed::finish_scan_ranges();
		assert_eq!(scan(), ScanRange { maintenance: foretold, initial: foretold });
	});
}

#[test]
fn a_block_is_worth_its_length_or_what_genesis_says() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(PriceFeed::block_length(), 3);
		crate::Scale::<Test>::put(SCALE);
		assert_eq!(<PriceFeed as InspectMarket>::block_length(), 1_800);
	});
}
