//! A short call's margin by other means: Black-76 in floating point, the normal distribution by summing up
//! its density, the rules as they are written down.

use super::*;

const YEARS: f64 = 30.0 / 365.0;
const STRIKE: f64 = 10_000.0;

fn density(x: f64) -> f64 {
	(-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Simpson's rule.
fn cdf(x: f64) -> f64 {
	let (parts, width) = (2_000, x / 2_000.0);
	let weight = |i: i32| match i {
		0 | 2_000 => 1.0,
		i if i % 2 == 1 => 4.0,
		_ => 2.0,
	};
	let sum: f64 = (0..=parts).map(|i| weight(i) * density(f64::from(i) * width)).sum();
	0.5 + sum * width / 3.0
}

/// Without interest or carry.
fn call(forward: f64, volatility: f64) -> f64 {
	let deviation = volatility * YEARS.sqrt();
	let high = (forward / STRIKE).ln() / deviation + deviation / 2.0;
	forward * cdf(high) - STRIKE * cdf(high - deviation)
}

/// Maintenance margin of one short call in 30 days at 80%, with a scan range.
fn maintenance(spot: f64, range: f64) -> f64 {
	let now = call(spot, 0.8);
	let mut loss = 0f64;
	for thirds in -3..=3 {
		for volatility in [1.2, 0.8, 0.56] {
			let moved = spot * (1.0 + range * f64::from(thirds) / 3.0);
			loss = loss.max(call(moved, volatility) - now);
		}
	}
	for double in [1.0 + 2.0 * range, 1.0 - 2.0 * range] {
		loss = loss.max((call(spot * double, 1.2) - now) / 3.0);
	}
	let tails = [
		(0.34, 0.168),
		(0.67, 0.336),
		(1.5, 0.222),
		(2.0, 0.111),
		(3.0, 0.055),
		(4.0, 0.037),
		(5.0, 0.028),
		(6.0, 0.022),
	];
	for (multiple, weight) in tails {
		loss = loss.max((call(spot * multiple, 1.2) - now) * weight);
	}
	let basis = (call(spot * 1.045, 0.8) - now) * (0.5 + 2.0 * YEARS);
	loss + basis + 0.003 * spot
}

/// Where a falling figure is zero.
fn zero(mut low: f64, mut high: f64, figure: impl Fn(f64) -> f64) -> f64 {
	assert!(figure(low) > 0.0 && figure(high) < 0.0);
	while high - low > 1e-9 {
		let middle = (low + high) / 2.0;
		*(if figure(middle) < 0.0 { &mut high } else { &mut low }) = middle;
	}
	low
}

fn short_call(dollars: u128) {
	deposit(ALICE, dollars);
	trade(POOL, ALICE, CALL, 1, 0);
}

#[test]
fn the_price_at_which_a_short_call_is_liquidated_or_bankrupt() {
	for cash in [2_700, 3_000, 4_000, 5_500] {
		build_and_execute(|| {
			short_call(cash);
			let cash = cash as f64;
			assert!((usd(health(ALICE).maintenance) - maintenance(10_000.0, 0.15)).abs() < 1e-6);
			let liquidated =
				zero(10_000.0, 30_000.0, |spot| cash - call(spot, 0.8) - maintenance(spot, 0.15));
			let bankrupt = zero(10_000.0, 30_000.0, |spot| cash - call(spot, 0.8));
			let (up, down) = outlooks(ALICE);
			// A straight line over a 64th of a range, 23 dollars, strays by gamma / 8 times its square.
			let found = up.liquidation.unwrap();
			assert!((price(found.spot) - liquidated).abs() < 0.1, "{found:?} {liquidated}");
			let ranges = (liquidated / 10_000.0 - 1.0) / 0.15;
			assert!((ratio(found.ranges) - ranges).abs() < 1e-4, "{found:?} {ranges}");
			let found = price(up.bankruptcy.unwrap());
			assert!((found - bankrupt).abs() < 0.1, "{found} {bankrupt}");
			assert_eq!(down, Outlook::default());
		});
	}
}

#[test]
fn what_is_out_of_reach_is_not_found() {
	build_and_execute(|| {
		// Four ranges up the call is worth little more than what it pays there.
		let (highest, most) = (16_000.0, call(16_000.0, 0.8) + maintenance(16_000.0, 0.15));
		assert!((6_000.0..6_100.0).contains(&call(highest, 0.8)));
		short_call(most as u128 + 2);
		assert_eq!(outlooks(ALICE), (Outlook::default(), Outlook::default()));
		assert_eq!(explain(ALICE).nearest, None);
	});
}

#[test]
fn a_bankrupt_account_sees_where_it_would_not_be() {
	build_and_execute(|| {
		short_call(500);
		let (up, down) = outlooks(ALICE);
		for outlook in [up, down] {
			let here = outlook.liquidation.unwrap();
			assert_eq!((here.ranges, price(here.spot)), (Ratio::ZERO, 10_000.0));
		}
		assert_eq!(up.bankruptcy, None);
		let solvent = zero(5_000.0, 10_000.0, |spot| 500.0 - call(spot, 0.8));
		assert!((price(down.bankruptcy.unwrap()) - solvent).abs() < 0.1);
		let explained = explain(ALICE);
		assert_eq!(explained.margin_ratio, None);
		assert_eq!(explained.seconds_to_liquidation, Some(0));
	});
}

#[test]
fn the_time_that_a_rising_range_leaves() {
	build_and_execute(|| {
		short_call(4_000);
		let set = |maintenance: f64, target: f64| {
			let of = |range: f64| Ratio::from_inner((range * 1e18).round() as u128);
			Markets::mutate(ON_BTC, |state| {
				let scan = &mut state.as_mut().unwrap().scan;
				(scan.maintenance, scan.initial) = (of(maintenance), of(target));
			});
		};
		let excess = |range: f64| 4_000.0 - call(10_000.0, 0.8) - maintenance(10_000.0, range);
		// Two hundredths an hour.
		let range = zero(0.15, 0.45, excess);
		let seconds = (range - 0.15) / 0.02 * 3_600.0;
		for target in [range + 0.001, 0.36, 0.45] {
			set(0.15, target);
			let found = explain(ALICE).seconds_to_liquidation.unwrap() as f64;
			// To a 4,096th of the time that the range needs, and a second.
			let width = (target - 0.15) / 0.02 * 3_600.0 / 4_096.0 + 2.0;
			assert!(found >= seconds && found < seconds + width, "{found} {seconds}");
			// As the chain sees it when the range is there.
			set(0.15 + found / 3_600.0 * 0.02, target);
			assert!(health(ALICE).excess_best.is_negative());
			assert_eq!(explain(ALICE).seconds_to_liquidation, Some(0));
			set(0.15 + (found - width) / 3_600.0 * 0.02, target);
			assert!(!health(ALICE).excess_best.is_negative());
		}
		set(0.15, range - 0.001);
		assert_eq!(explain(ALICE).seconds_to_liquidation, None);
		set(0.15, 0.15);
		assert_eq!(explain(ALICE).seconds_to_liquidation, None);
	});
}
