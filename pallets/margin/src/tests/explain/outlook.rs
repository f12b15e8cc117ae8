//! What would happen, against what does happen.

use super::*;
use crate::explain::types::{Direction, NearestLiquidation};
use ballast_primitives::{
	params::UnderlyingRisk, AccountStatus, OptionKind, Quality, Series, SeriesId, Style,
};
use ballast_traits::MutateAccounts;
use frame_support::assert_ok;

/// A put at 9,000 on BTC.
const LOW_PUT: SeriesId = SeriesId(7);

/// Alice writes calls and puts on BTC and calls on ETH.
fn strangle() {
	Listed::insert(LOW_PUT, series(ON_BTC, OptionKind::Put, 9_000));
	deposit(ALICE, 9_000);
	trade(POOL, ALICE, HIGH_CALL, 2, 0);
	trade(POOL, ALICE, LOW_PUT, 3, 0);
	trade(POOL, ALICE, ETH_CALL, 20, 0);
}

/// A 64th of a scan range of a price.
fn width(spot: f64) -> f64 {
	spot * 0.15 / 64.0
}

/// Moves spot just before and just after a point.
fn around(found: Price, spot: f64, up: bool) -> [Price; 2] {
	let at = |place: f64| Price::from_inner((place * 1e18) as u128);
	let (near, far) = if up { (-1.0, 1.0) } else { (1.0, -1.0) };
	[near, far].map(|sign| at(price(found) + sign * width(spot)))
}

#[test]
fn at_each_point_the_status_is_what_was_said() {
	build_and_execute(|| {
		strangle();
		let now = explain(ALICE);
		assert_ne!(now.health.status, AccountStatus::Liquidatable);
		let mut points = 0;
		for part in &now.underlyings {
			let id = part.requirement.underlying;
			let reasons = part.reasons.clone().unwrap();
			let spot = price(reasons.spot);
			for (outlook, up) in [(reasons.up, true), (reasons.down, false)] {
				let mut seen = Vec::new();
				if let Some(point) = outlook.liquidation {
					let moved = (price(point.spot) / spot - 1.0).abs() / 0.15;
					assert!((moved - ratio(point.ranges)).abs() < 1e-12);
					for at in around(point.spot, spot, up) {
						put_spot(id, at);
						seen.push(health(ALICE).status);
					}
					assert_ne!(seen[0], AccountStatus::Liquidatable);
					assert_eq!(seen[1], AccountStatus::Liquidatable);
					points += 1;
				}
				if let Some(bankruptcy) = outlook.bankruptcy {
					let equity = around(bankruptcy, spot, up).map(|at| {
						put_spot(id, at);
						health(ALICE).equity
					});
					assert!(!equity[0].is_negative() && equity[1].is_negative());
					points += 1;
				}
				put_spot(id, reasons.spot);
			}
		}
		// BTC both ways, ETH up: that alone bankrupts nobody.
		assert_eq!(points, 5);
	});
}

#[test]
fn the_nearest_is_the_least_of_all() {
	build_and_execute(|| {
		strangle();
		let now = explain(ALICE);
		let mut all = Vec::new();
		for part in &now.underlyings {
			let reasons = part.reasons.clone().unwrap();
			let underlying = part.requirement.underlying;
			for (direction, outlook) in
				[(Direction::Up, reasons.up), (Direction::Down, reasons.down)]
			{
				if let Some(point) = outlook.liquidation {
					let ranges = point.ranges;
					all.push(NearestLiquidation { underlying, direction, ranges });
				}
			}
		}
		all.sort_by_key(|it| it.ranges);
		assert_eq!(now.nearest, all.first().copied());
		assert_eq!(all.len(), 3);
	});
}

#[test]
fn nothing_moves_who_only_holds_options() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		trade(ALICE, POOL, CALL, 2, 0);
		trade(ALICE, POOL, PUT, 1, 0);
		assert_eq!(outlooks(ALICE), (Outlook::default(), Outlook::default()));
		let now = explain(ALICE);
		assert_eq!((now.nearest, now.seconds_to_liquidation), (None, None));
		assert!(now.margin_ratio.unwrap() < Ratio::ONE);
	});
}

#[test]
fn a_short_put_is_lost_downwards_and_coins_on_a_loan_too() {
	build_and_execute(|| {
		deposit(ALICE, 3_500);
		trade(POOL, ALICE, PUT, 1, 0);
		let (up, down) = outlooks(ALICE);
		assert_eq!(up, Outlook::default());
		assert!(down.liquidation.unwrap().spot > down.bankruptcy.unwrap());
		// One coin and a loan of 6,000: nothing is left at 6,000.
		assert_ok!(Margin::deposit_collateral(signed(BOB), BTC, centi_btc(100)));
		assert_ok!(Margin::transfer(&BOB, &FUND, Usd::from_int(6_000)));
		let (up, down) = outlooks(BOB);
		assert_eq!(up, Outlook::default());
		assert!((price(down.bankruptcy.unwrap()) - 6_000.0).abs() < 1e-6);
		// It loses 15% of its value in the worst scenario, which 85% of it must cover.
		let liquidated = 6_000.0 / 0.85;
		assert!((price(down.liquidation.unwrap().spot) - liquidated).abs() < 1e-6);
	});
}

#[test]
fn a_fall_ends_at_a_twentieth_of_the_price() {
	build_and_execute(|| {
		Markets::mutate(ON_BTC, |state| {
			let scan = &mut state.as_mut().unwrap().scan;
			(scan.maintenance, scan.initial) = (Ratio::from_percent(50), Ratio::from_percent(50));
		});
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		let owe = |whole: i64| {
			assert_ok!(Margin::transfer(&ALICE, &FUND, Usd::from_int(whole)));
			outlooks(ALICE).1.bankruptcy.map(price)
		};
		assert_eq!(owe(490), None);
		assert!((owe(20).unwrap() - 510.0).abs() < 1e-6);
	});
}

#[test]
fn ranges_of_all_underlyings_rise_at_the_same_time() {
	build_and_execute(|| {
		let target = |id, percent| {
			Markets::mutate(id, |state| {
				state.as_mut().unwrap().scan.initial = Ratio::from_percent(percent);
			});
		};
		let slow =
			UnderlyingRisk { scan_ramp_per_hour: Ratio::from_percent(1), ..UnderlyingRisk::btc() };
		Risks::insert(ON_ETH, slow);
		deposit(ALICE, 5_000);
		trade(POOL, ALICE, CALL, 1, 0);
		trade(POOL, ALICE, ETH_CALL, 30, 0);
		target(ON_BTC, 25);
		target(ON_ETH, 15);
		let btc = explain(ALICE).seconds_to_liquidation;
		target(ON_BTC, 15);
		target(ON_ETH, 25);
		let eth = explain(ALICE).seconds_to_liquidation;
		target(ON_BTC, 25);
		let both = explain(ALICE).seconds_to_liquidation.unwrap();
		assert!(btc.is_none_or(|alone| alone > both) && eth.is_none_or(|alone| alone > both));
		// As it comes: two hundredths an hour and one.
		let after = |seconds: u64| {
			for (id, per_hour) in [(ON_BTC, 20u128), (ON_ETH, 10)] {
				let risen = per_hour * 1_000_000_000_000_000 * u128::from(seconds) / 3_600;
				let now = Ratio::from_inner(150_000_000_000_000_000 + risen);
				Markets::mutate(id, |state| {
					let scan = &mut state.as_mut().unwrap().scan;
					scan.maintenance = now.min(scan.initial);
				});
			}
			health(ALICE).status
		};
		assert_eq!(after(both), AccountStatus::Liquidatable);
		assert_ne!(after(both - 10), AccountStatus::Liquidatable);
	});
}

#[test]
fn what_may_be_exercised_early_is_looked_at_too() {
	build_and_execute(|| {
		let put = series(ON_BTC, OptionKind::Put, 9_000);
		Listed::insert(LOW_PUT, Series { style: Style::American, ..put });
		deposit(ALICE, 3_000);
		trade(POOL, ALICE, LOW_PUT, 1, 0);
		let (up, down) = outlooks(ALICE);
		assert_eq!(up, Outlook::default());
		let [before, after] = around(down.liquidation.unwrap().spot, 10_000.0, false);
		put_spot(ON_BTC, before);
		assert_ne!(health(ALICE).status, AccountStatus::Liquidatable);
		put_spot(ON_BTC, after);
		assert_eq!(health(ALICE).status, AccountStatus::Liquidatable);
	});
}

#[test]
fn an_unusable_price_is_said_to_be_so_and_others_are_looked_at() {
	build_and_execute(|| {
		strangle();
		let before = explain(ALICE);
		set_quality(ON_ETH, Quality::Stale);
		let now = explain(ALICE);
		let of = |explained: &AccountExplanation, id| {
			let mut parts = explained.underlyings.iter();
			parts.find(|part| part.requirement.underlying == id).cloned().unwrap()
		};
		let eth = of(&now, ON_ETH);
		assert!(!eth.requirement.usable && eth.reasons.is_none());
		assert!(eth.requirement.greatest > eth.requirement.options);
		assert_eq!((now.withdrawable, now.headroom), (None, None));
		assert!(before.withdrawable.is_some());
		// The account is liquidated only if it fails with the best that ETH may be worth.
		let (then, now) = (of(&before, ON_BTC).reasons.unwrap(), of(&now, ON_BTC).reasons.unwrap());
		let ranges = |outlook: Outlook| outlook.liquidation.unwrap().ranges;
		assert!(ranges(now.up) > ranges(then.up) && ranges(now.down) > ranges(then.down));
		put_spot(ON_BTC, now.up.liquidation.unwrap().spot);
		let excess = usd(health(ALICE).excess_best);
		assert!(excess.abs() < 1.0, "{excess}");
	});
}

/// Runs `f` and counts how often the risk of an underlying is asked for: once per revaluation.
fn counted<R>(f: impl FnOnce() -> R) -> (R, u32) {
	use std::{cell::Cell, rc::Rc};
	let count = Rc::new(Cell::new(0));
	let counter = count.clone();
	ballast_mocks::MockParameters::mock_underlying(move |id| {
		counter.set(counter.get() + 1);
		Risks::get(id).or(Some(UnderlyingRisk::btc()))
	});
	(f(), count.get())
}

#[test]
fn the_largest_account_is_revalued_a_hundred_times_at_most() {
	for (american, most) in [(0, 100), (4, 80)] {
		build_and_execute(|| {
			deposit(ALICE, 45_000);
			assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
			for i in 0..u64::from(crate::MAX_POSITIONS) {
				let kind = if i % 2 == 0 { OptionKind::Call } else { OptionKind::Put };
				let listed = series(ON_BTC, kind, 7_000 + 100 * (i / 2) + 1_000 * (i % 2));
				let style = if i < american { Style::American } else { Style::European };
				let expiry = EXPIRY + i / 8 * ballast_primitives::time::WEEK;
				let id = SeriesId(100 + i as u32);
				Listed::insert(id, Series { style, expiry, ..listed });
				let (buyer, seller) = if i % 3 == 0 { (ALICE, POOL) } else { (POOL, ALICE) };
				trade(buyer, seller, id, 1, 0);
			}
			let (explained, count) = counted(|| explain(ALICE));
			assert!(count <= most, "{count} of {most}");
			let reasons = explained.underlyings[0].reasons.clone().unwrap();
			assert_eq!(reasons.legs.len(), 64);
			assert!(reasons.up.liquidation.is_some() && reasons.up.bankruptcy.is_some());
		});
	}
}
