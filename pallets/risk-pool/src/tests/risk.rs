use super::*;
use crate::PoolGrid;
use ballast_primitives::{time::HOUR, Averaging, SeriesId, SeriesState};
use frame_support::traits::Get;
use proptest::prelude::*;

fn buy(id: SeriesId, quantity: Quantity) {
	assert_ok!(RiskPool::buy(by(BOB), id, quantity, usd(900_000), Moment::MAX));
}

fn sell(id: SeriesId, quantity: Quantity) {
	assert_ok!(RiskPool::sell(by(BOB), id, quantity, usd(0), Moment::MAX));
}

fn grid() -> PoolGrid {
	Grids::<Test>::get(BTC).expect("the pool has a grid on BTC")
}

fn rich() -> ExtBuilder {
	ExtBuilder::default().provided(1_000_000)
}

/// Node of the unmoved layer at a log return of so many hundredths of a per cent, in whole quote units.
fn node(grid: &PoolGrid, basis_points: i64) -> i128 {
	let at = ballast_math::shortfall::NODE_BASIS_POINTS.iter().position(|x| *x == basis_points);
	grid.nodes[1][at.unwrap()] >> 64
}

#[test]
fn a_trade_brings_its_series_into_the_grid() {
	rich().build_and_execute(|| {
		assert_eq!(Grids::<Test>::get(BTC), None);
		buy(CALL, shares(2));
		let sold = grid();
		assert_eq!(sold.book.to_vec(), [(CALL, shares(-2))]);
		assert_eq!((sold.spot_at, sold.as_of, sold.additions), (now(), now(), 1));
		assert_eq!(node(&sold, 0), 0);
		// Two calls at the money short: a rise of 0.2 in the log is some 6,600 dollars each.
		assert!(node(&sold, 2_400) < -2 * 5_000, "{}", node(&sold, 2_400));
		assert!(node(&sold, -2_400) > 0);
		buy(PUT, shares(1));
		assert_eq!(grid().book.to_vec(), [(CALL, shares(-2)), (PUT, shares(-1))]);
		assert_eq!(grid().additions, 2);
		assert!(node(&grid(), -3_100) < node(&sold, -3_100));
	});
}

#[test]
fn a_position_that_is_closed_leaves_nothing_behind() {
	rich().build_and_execute(|| {
		buy(PUT, shares(1));
		let before = grid();
		buy(CALL, shares(2));
		sell(CALL, shares(2));
		assert_eq!(grid().nodes, before.nodes);
		assert_eq!(grid().book, before.book);
		sell(PUT, shares(1));
		assert_eq!(Grids::<Test>::iter().count(), 0);
	});
}

#[test]
fn what_changed_the_positions_in_another_way_is_not_missed() {
	rich().build_and_execute(|| {
		buy(CALL, shares(1));
		// Taken over in an auction.
		set_positions(pool(), vec![(CALL, shares(-3)), (PUT, shares(-5))]);
		buy(CALL, shares(1));
		assert_eq!(grid().book.to_vec(), [(CALL, shares(-4)), (PUT, shares(-5))]);
		// Settled.
		set_positions(pool(), vec![(CALL, shares(-4))]);
		sell(CALL, shares(1));
		assert_eq!(grid().book.to_vec(), [(CALL, shares(-3))]);
		assert_eq!(grid().additions, 5);
	});
}

#[test]
fn a_new_tick_a_term_structure_or_an_hour_makes_a_grid_anew() {
	rich().build_and_execute(|| {
		buy(CALL, shares(1));
		buy(CALL, shares(1));
		assert_eq!(grid().additions, 2);
		pass(HOUR - 1);
		buy(CALL, shares(1));
		assert_eq!(grid().additions, 3);
		pass(1);
		buy(CALL, shares(1));
		assert_eq!((grid().additions, grid().as_of), (1, now()));
		let before = node(&grid(), 2_400);
		set_spot(Ratio::from_percent(120));
		tick(6);
		sell(CALL, shares(1));
		assert_eq!((grid().additions, grid().spot_at), (1, now()));
		assert!(node(&grid(), 2_400) < before, "in the money it loses more");
	});
}

#[test]
fn a_series_that_is_not_listed_any_more_makes_a_grid_anew() {
	rich().build_and_execute(|| {
		buy(CALL, shares(1));
		buy(PUT, shares(1));
		set_positions(pool(), vec![(CALL, shares(-1))]);
		remove_series(PUT);
		sell(CALL, Quantity::from_inner(500_000_000_000_000_000));
		assert_eq!(grid().additions, 1);
	});
}

#[test]
fn the_risk_of_a_pool_without_options_is_nothing() {
	rich().build_and_execute(|| {
		let risk = RiskPool::pool_risk().unwrap();
		assert_eq!((risk.days, risk.expected_shortfall), (0, usd(0)));
		assert_eq!(risk.share_of_capital, Some(Ratio::ZERO));
		assert!(risk.underlyings.is_empty());
	});
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(RiskPool::pool_risk().unwrap().share_of_capital, None);
	});
}

#[test]
fn risk_is_divided_between_underlyings_and_series_to_the_last_unit() {
	rich().build_and_execute(|| {
		let held = vec![(CALL, shares(-3)), (PUT, shares(-2)), (ETH_PUT, shares(-40))];
		set_positions(pool(), held.clone());
		let risk = RiskPool::pool_risk().unwrap();
		assert_eq!(risk.days, 500);
		assert!(usd(0) < risk.value_at_risk_975 && risk.value_at_risk_975 < risk.value_at_risk_99);
		assert!(risk.expected_shortfall > risk.value_at_risk_975);
		let sum = |all: &mut dyn Iterator<Item = Usd>| {
			all.fold(Usd::ZERO, |sum, one| sum.checked_add(one).unwrap())
		};
		let whole = sum(&mut risk.underlyings.iter().map(|one| one.contribution));
		assert_eq!(whole, risk.expected_shortfall);
		for one in &risk.underlyings {
			assert_eq!(
				sum(&mut one.series.iter().map(|series| series.contribution)),
				one.contribution
			);
			assert!(one.contribution > usd(0));
		}
		let series = risk.underlyings.iter().flat_map(|one| &one.series);
		assert_eq!(series.map(|one| (one.series, one.quantity)).collect::<Vec<_>>(), held);
		let share = risk.expected_shortfall.share_of_floor(usd(1_000_000)).unwrap();
		assert_eq!(risk.share_of_capital, Some(share));
		assert_eq!(Grids::<Test>::iter().count(), 0, "a view stores nothing");
	});
}

#[test]
fn the_risk_is_the_same_whether_or_not_a_grid_is_stored() {
	rich().build_and_execute(|| {
		buy(CALL, shares(2));
		buy(PUT, shares(1));
		let stored = RiskPool::pool_risk().unwrap();
		Grids::<Test>::remove(BTC);
		let anew = RiskPool::pool_risk().unwrap();
		let gap = stored.expected_shortfall.checked_sub(anew.expected_shortfall).unwrap();
		assert!(gap.into_inner().abs() < 1_000, "{gap:?}");
	});
}

#[test]
fn a_hedge_lowers_the_shortfall_and_contributes_less_than_nothing() {
	rich().build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-3))]);
		let naked = RiskPool::pool_risk().unwrap();
		set_positions(pool(), vec![(CALL, shares(-3)), (FAR, shares(3))]);
		let hedged = RiskPool::pool_risk().unwrap();
		assert!(hedged.expected_shortfall < naked.expected_shortfall);
		assert!(hedged.underlyings[0].series[1].contribution < usd(0));
	});
}

#[test]
fn few_days_are_not_enough() {
	rich().build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-3))]);
		set_days_of_history(160);
		assert_eq!(RiskPool::pool_risk().unwrap().days, 100);
		set_days_of_history(159);
		assert_eq!(RiskPool::pool_risk(), Err(Error::<Test>::HistoryTooShort.into()));
		set_days_of_history(0);
		assert_eq!(RiskPool::pool_risk(), Err(Error::<Test>::HistoryTooShort.into()));
	});
}

#[test]
fn what_has_expired_has_no_more_risk() {
	rich().build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-3)), (PUT, shares(-3))]);
		set_settled(PUT, SeriesState::Expired);
		let risk = RiskPool::pool_risk().unwrap();
		assert_eq!(risk.underlyings[0].series.len(), 1);
		tick(30 * DAY);
		assert_eq!(RiskPool::pool_risk().unwrap().days, 0);
	});
}

#[test]
fn what_is_known_of_a_settlement_price_does_not_move() {
	rich().build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-1))]);
		set_spot(Ratio::from_percent(110));
		tick(30 * DAY - 10);
		let before = RiskPool::pool_risk().unwrap().expected_shortfall;
		// Nine tenths of the window are over, at the same price.
		let fixed = Price::from_int(33_000).times_floor(Ratio::from_percent(90)).unwrap();
		set_averaging(Averaging { fixed, share: Ratio::from_percent(10) });
		let after = RiskPool::pool_risk().unwrap().expected_shortfall;
		// A tenth of it still moves, and it is deep in the money.
		let tenth = before.times_floor(Ratio::from_percent(10)).unwrap();
		let gap = after.checked_sub(tenth).unwrap().into_inner().abs();
		assert!(gap < 1_000_000_000, "{before:?} {after:?}");
	});
}

#[test]
fn a_trade_weighs_a_grid_made_anew() {
	use crate::WeightInfo;
	let db: frame_support::weights::RuntimeDbWeight =
		<frame_support::weights::constants::ParityDbWeight as Get<_>>::get();
	let weight = <() as WeightInfo>::buy();
	assert!(weight.all_gte(db.reads_writes(200, 1)));
}

/// A trade, or time that passes.
#[derive(Clone, Debug)]
enum Act {
	Trade(u32, i64),
	Tick(u64, u32),
	Pass(u64),
	Taken(u32, i64),
}

fn act() -> impl Strategy<Value = Act> {
	let series = 0u32..2;
	prop_oneof![
		6 => (series.clone(), -5_000i64..5_000).prop_map(|(id, hundredths)| Act::Trade(id, hundredths)),
		1 => (1u64..600, 80u32..125).prop_map(|(seconds, percent)| Act::Tick(seconds, percent)),
		1 => (1u64..2 * HOUR).prop_map(Act::Pass),
		1 => (series, -300i64..300).prop_map(|(id, hundredths)| Act::Taken(id, hundredths)),
	]
}

fn hundredths(count: i64) -> Quantity {
	Quantity::from_inner(i128::from(count) * 10_000_000_000_000_000)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

	/// The grid is that of the pool's book after any trades, to the bound that `try_state` checks after
	/// every one of them, and it is never another book's.
	#[test]
	fn a_grid_is_that_of_the_book(acts in prop::collection::vec(act(), 1..25)) {
		rich().build_and_execute(|| {
			set_stress_per_contract(1);
			for act in &acts {
				match act {
					Act::Trade(id, count) => {
						let (id, size) = ([CALL, PUT][*id as usize], hundredths(count.abs()));
						let traded = frame_support::storage::with_storage_layer(|| {
							if *count > 0 {
								RiskPool::buy(by(BOB), id, size, usd(i64::from(u32::MAX)), Moment::MAX)
							} else {
								RiskPool::sell(by(BOB), id, size, usd(0), Moment::MAX)
							}
						});
						if traded.is_ok() {
							let kept = Grids::<Test>::get(BTC).map(|grid| grid.book.to_vec());
							let mut held = positions(pool());
							held.sort_by_key(|(id, _)| *id);
							assert_eq!(kept.unwrap_or_default(), held);
						}
					}
					Act::Tick(seconds, percent) => {
						set_spot(Ratio::from_percent(*percent));
						tick(*seconds);
					}
					Act::Pass(seconds) => pass(*seconds),
					Act::Taken(id, count) => {
						let id = [CALL, PUT][*id as usize];
						let mut held = positions(pool());
						held.retain(|(other, _)| *other != id);
						if *count != 0 {
							held.push((id, hundredths(*count)));
						}
						held.sort_by_key(|(id, _)| *id);
						set_positions(pool(), held);
					}
				}
				RiskPool::do_try_state().expect("invariants hold");
			}
		});
	}
}
