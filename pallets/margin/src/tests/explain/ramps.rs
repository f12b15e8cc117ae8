//! Thresholds on their way: what is foretold, against what comes block by block.

use super::*;
use ballast_math::{fixed::Rounding, realised::ramp};
use ballast_mocks::{MockMarket, MockParameters};
use ballast_primitives::{
	params::{MarginRules, SpotMove, UnderlyingRisk},
	AccountStatus, Moment, UnderlyingId,
};
use ballast_traits::MutateAccounts;
use sp_runtime::FixedI128;

/// Seconds from one block to the next.
const BLOCK: Moment = 3;
/// Blocks of a ramp: an hour.
const LENGTH: u32 = 1_200;

/// This share of a change, so many blocks after its beginning, in a hundred steps.
fn between(from: Ratio, to: Ratio, blocks: u32) -> Ratio {
	let step = u128::from((blocks * 100 / LENGTH).min(100));
	Ratio::from_inner((from.into_inner() * (100 - step) + to.into_inner() * step) / 100)
}

/// BTC's risk so many blocks from now: a contingency and a scan floor rise, at this greatest speed of
/// the range.
#[derive(Clone, Copy)]
struct Rise {
	contingency: [u32; 2],
	floor: [u32; 2],
	per_hour: u32,
}

impl Rise {
	fn risk(self, blocks: u32) -> UnderlyingRisk {
		let points = |[from, to]: [u32; 2]| {
			between(Ratio::from_basis_points(from), Ratio::from_basis_points(to), blocks)
		};
		UnderlyingRisk {
			short_contingency_maintenance: points(self.contingency),
			scan_floor: points(self.floor),
			scan_ramp_per_hour: Ratio::from_basis_points(self.per_hour),
			..UnderlyingRisk::btc()
		}
	}

	/// The world in which it is on its way: the range follows the floor alone.
	fn begin(self) {
		let other = |id| id != ON_BTC;
		Risks::insert(ON_BTC, self.risk(0));
		Markets::mutate(ON_BTC, |state| {
			let scan = &mut state.as_mut().unwrap().scan;
			let floor = self.risk(0).scan_floor;
			(scan.maintenance, scan.initial) = (floor, floor);
		});
		MockParameters::mock_underlying_in(move |id, blocks| match other(id) {
			true => Some(UnderlyingRisk::btc()),
			false => Some(self.risk(blocks)),
		});
		MockParameters::mock_ramped_for(move |id| if other(id) { 0 } else { LENGTH });
		MockMarket::mock_scan_target(|_, risk| Some(risk.scan_floor));
	}

	/// The first block in which an account may be liquidated, as the chain comes to it.
	fn first_block(self, who: u64, most: u32) -> Option<u32> {
		(1..=most).find(|blocks| {
			let risk = self.risk(*blocks);
			advance(ON_BTC, &risk);
			Risks::insert(ON_BTC, risk);
			health(who).status == AccountStatus::Liquidatable
		})
	}
}

/// The range goes on for a block, as the price feed moves it.
fn advance(id: UnderlyingId, risk: &UnderlyingRisk) {
	Markets::mutate(id, |state| {
		let scan = &mut state.as_mut().unwrap().scan;
		let (now, target) = (scan.maintenance.to_q64().unwrap(), risk.scan_floor.to_q64().unwrap());
		let range = ramp(now, target, risk.scan_ramp_per_hour.to_q64().unwrap(), BLOCK).unwrap();
		scan.maintenance = Ratio::from_q64(range, Rounding::Nearest).unwrap();
		scan.initial = risk.scan_floor.max(scan.maintenance);
	});
}

/// Foretold and seen agree, to a 2,048th of the time that is looked ahead and what the look at targets of
/// scan ranges leaves out: a hundredth of the ramp.
fn agree(rise: Rise, looked_ahead: u64) -> Option<u64> {
	let foretold = explain(ALICE).seconds_to_liquidation;
	let seen = rise.first_block(ALICE, 4 * LENGTH).map(|blocks| u64::from(blocks) * BLOCK);
	match (foretold, seen) {
		(Some(foretold), Some(seen)) => {
			let width = looked_ahead / 2_048 + u64::from(LENGTH) / 100 * BLOCK + 2 * BLOCK;
			assert!(foretold.abs_diff(seen) <= width, "{foretold} {seen} {width}");
		}
		pair => assert_eq!(pair, (None, None)),
	}
	foretold
}

/// Alice writes a call on this much money, all of it but so many dollars required.
fn short_call(spare: u64) {
	deposit(ALICE, 10_000);
	trade(POOL, ALICE, CALL, 1, 0);
	let excess = health(ALICE).excess_best.into_inner() as u128 / 10u128.pow(18);
	let out = Usd::from_int((excess as u64 - spare) as i64);
	Margin::transfer(&ALICE, &FUND, out).unwrap();
}

#[test]
fn a_contingency_on_its_way_is_foretold() {
	// From 30 to 90 points of 10,000: 60 dollars an hour.
	let rise = Rise { contingency: [30, 90], floor: [1_500, 1_500], per_hour: 200 };
	for (spare, expected) in [(10, 600..=780), (30, 1_800..=1_980), (50, 3_000..=3_180)] {
		build_and_execute(|| {
			rise.begin();
			short_call(spare);
			let found = agree(rise, 3_600).unwrap();
			assert!(expected.contains(&found), "{found}");
		});
	}
	build_and_execute(|| {
		rise.begin();
		short_call(62);
		assert_eq!(agree(rise, 3_600), None);
	});
}

#[test]
fn a_scan_range_follows_a_floor_on_its_way() {
	// The floor rises by ten hundredths an hour; the range as fast, or much slower.
	for per_hour in [10_000, 200] {
		let rise = Rise { contingency: [30, 30], floor: [1_500, 2_500], per_hour };
		let looked_ahead = if per_hour > 1_000 { 3_600 } else { 18_000 };
		let found: Vec<_> = [20, 100]
			.into_iter()
			.map(|spare| {
				let mut found = None;
				build_and_execute(|| {
					rise.begin();
					short_call(spare);
					found = agree(rise, looked_ahead);
				});
				found.unwrap()
			})
			.collect();
		assert!(found[0] > 0 && found[0] < found[1], "{found:?}");
	}
}

#[test]
fn both_together_come_sooner() {
	build_and_execute(|| {
		let one = Rise { contingency: [30, 90], floor: [1_500, 1_500], per_hour: 200 };
		let two = Rise { floor: [1_500, 2_500], ..one };
		one.begin();
		short_call(50);
		let alone = explain(ALICE).seconds_to_liquidation.unwrap();
		two.begin();
		let both = agree(two, 18_000).unwrap();
		assert!(both < alone);
	});
}

#[test]
fn margin_rules_on_their_way_are_foretold_for_every_underlying() {
	// What a move by two ranges weighs, a third in the beginning.
	let rules = |blocks| {
		let mut rules = MarginRules::default();
		for scenario in rules.scenarios.iter_mut() {
			if scenario.spot == SpotMove::ScanRanges(FixedI128::from(2)) {
				scenario.weight = between(scenario.weight, Ratio::from_percent(60), blocks);
			}
		}
		rules
	};
	let begin = || {
		MarginGroup::put(rules(0));
		MockParameters::mock_margin_in(rules);
		MockParameters::mock_ramped_for(|_| LENGTH);
		MockMarket::mock_scan_target(|_, _| Some(Ratio::from_percent(15)));
		for id in [ON_BTC, ON_ETH] {
			Markets::mutate(id, |state| {
				let scan = &mut state.as_mut().unwrap().scan;
				scan.initial = scan.maintenance;
			});
		}
	};
	build_and_execute(|| {
		begin();
		deposit(ALICE, 20_000);
		trade(POOL, ALICE, CALL, 1, 0);
		trade(POOL, ALICE, ETH_CALL, 20, 0);
		let excess = health(ALICE).excess_best.into_inner() / 10i128.pow(18);
		let out = Usd::from_int(excess as i64 - 100);
		Margin::transfer(&ALICE, &FUND, out).unwrap();
		let foretold = explain(ALICE).seconds_to_liquidation.expect("it is short of a hundred");
		let seen = (1..=LENGTH).find(|blocks| {
			MarginGroup::put(rules(*blocks));
			health(ALICE).status == AccountStatus::Liquidatable
		});
		let seen = u64::from(seen.unwrap()) * BLOCK;
		assert!(foretold.abs_diff(seen) <= 3_600 / 2_048 + 2 * BLOCK, "{foretold} {seen}");
	});
}

#[test]
fn what_is_ramped_elsewhere_does_not_matter() {
	build_and_execute(|| {
		let rise = Rise { contingency: [30, 90], floor: [1_500, 1_500], per_hour: 200 };
		rise.begin();
		deposit(ALICE, 1_000);
		trade(POOL, ALICE, ETH_CALL, 1, 0);
		Markets::mutate(ON_ETH, |state| {
			let scan = &mut state.as_mut().unwrap().scan;
			scan.initial = scan.maintenance;
		});
		assert_eq!(explain(ALICE).seconds_to_liquidation, None);
	});
}

#[test]
fn an_account_that_may_be_liquidated_already_has_no_time() {
	build_and_execute(|| {
		let rise = Rise { contingency: [30, 90], floor: [1_500, 1_500], per_hour: 200 };
		rise.begin();
		short_call(1);
		let two = Usd::from_int(2);
		Margin::transfer(&ALICE, &FUND, two).unwrap();
		assert_eq!(explain(ALICE).seconds_to_liquidation, Some(0));
	});
}

#[test]
fn it_is_revalued_a_few_dozen_times_at_most() {
	build_and_execute(|| {
		use std::{cell::Cell, rc::Rc};
		let rise = Rise { contingency: [30, 90], floor: [1_500, 2_500], per_hour: 200 };
		rise.begin();
		short_call(500);
		let count = Rc::new(Cell::new(0));
		let counter = count.clone();
		MockParameters::mock_margin_in(move |_| {
			counter.set(counter.get() + 1);
			MarginGroup::get()
		});
		// Sixteen steps, and seven halvings of one.
		explain(ALICE);
		assert!(count.get() > 0 && count.get() <= 23, "{}", count.get());
	});
}
