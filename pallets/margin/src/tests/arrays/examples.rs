//! Risk arrays by example.

use super::*;

/// A put that may be exercised early, with interest to be earned by it.
const AMERICAN: SeriesId = SeriesId(5);

fn list_american() {
	let put = series(ON_BTC, OptionKind::Put, 10_500);
	Listed::insert(AMERICAN, Series { style: Style::American, ..put });
	change_market(ON_BTC, |state| {
		for tenor in &mut state.volatility.tenors {
			tenor.rate = Rate::from_basis_points(800);
		}
	});
}

#[test]
fn an_american_series_counts_less_for_its_holder_than_for_its_writer() {
	build_and_execute(|| {
		list_american();
		deposit(ALICE, 10_000);
		trade(POOL, ALICE, AMERICAN, 1, 0);
		let (held, owed) = (health(POOL).options, health(ALICE).options.checked_neg().unwrap());
		assert!(held < owed);
		// A hundredth at most, and not below what exercise pays.
		assert!(owed.checked_sub(held).unwrap() < Usd::from_int(10));
		assert!(held > Usd::from_int(500));
		let stored = SeriesRisks::<Test>::get(AMERICAN).unwrap().risk().unwrap();
		assert!(stored.short.is_some_and(|short| short.mark > stored.long.mark));
		assert_eq!(part(ALICE).greatest_loss, None);
		assert!(part(POOL).greatest_loss.is_some());
		compare().unwrap();
		Now::put(EXPIRY - 600);
		run(Step::Averaging(ON_BTC, 6_000, 40));
		compare().unwrap();
		health(ALICE);
		compare().unwrap();
	});
}

fn short_call() {
	deposit(ALICE, 10_000);
	trade(POOL, ALICE, CALL, 1, 0);
}

fn part(who: u64) -> UnderlyingRequirement {
	Margin::requirement_view(&who).unwrap()[0].clone()
}

/// Stores the put's values as the call's: who uses the array shows it by a put's mark.
fn tamper() {
	trade(POOL, ALICE, PUT, 1, 0);
	health(POOL);
	let put = SeriesRisks::<Test>::get(PUT).unwrap();
	assert_eq!(SeriesRisks::<Test>::get(CALL).unwrap().tick, put.tick);
	SeriesRisks::<Test>::insert(CALL, put);
	trade(ALICE, POOL, PUT, 1, 0);
}

#[test]
fn an_array_is_computed_by_the_first_who_needs_it_and_read_by_all_others() {
	new_test_ext().execute_with(|| {
		short_call();
		assert!(!SeriesRisks::<Test>::contains_key(CALL));
		let health_now = health(ALICE);
		assert!(SeriesRisks::<Test>::contains_key(CALL));
		set_spot(ON_BTC, 11_000);
		tamper();
		let wrong = health(ALICE);
		assert!(wrong.options > health_now.options, "a put is worth less now");
		assert_eq!(part(ALICE).options, wrong.options);
		let mark = health(POOL).options.checked_neg().unwrap();
		assert!(
			mark.checked_sub(wrong.options).unwrap().checked_abs().unwrap() <= Usd::from_inner(1)
		);
		assert!(Margin::do_try_state().is_err());
	});
}

#[test]
fn whatever_moves_a_value_makes_an_array_stale() {
	let moves: [(&str, fn()); 8] = [
		("spot", || set_spot(ON_BTC, 10_001)),
		("time", || Now::mutate(|now| *now += 1)),
		("surface", || run(Step::Volatility(ON_BTC, 81))),
		("range", || run(Step::Scan(ON_BTC, 16))),
		("risk", || run(Step::Risk(ON_BTC, 51))),
		("rules", || run(Step::FewerScenarios(1))),
		("factor", || run(Step::InitialFactor(130))),
		("average", || run(Step::Averaging(ON_BTC, 5_000, 50))),
	];
	for (what, change) in moves {
		build_and_execute(|| {
			short_call();
			health(ALICE);
			tamper();
			change();
			let stored = SeriesRisks::<Test>::get(CALL).unwrap();
			compare().unwrap();
			assert_eq!(SeriesRisks::<Test>::get(CALL).unwrap(), stored, "{what}: a view stored");
			health(ALICE);
			assert_ne!(SeriesRisks::<Test>::get(CALL).unwrap(), stored, "{what}: still stale");
		});
	}
}

#[test]
fn what_moves_no_value_leaves_arrays_alone() {
	build_and_execute(|| {
		short_call();
		health(ALICE);
		let stored = SeriesRisks::<Test>::get(CALL).unwrap();
		change_market(ON_BTC, |state| {
			state.operators = 4;
			state.dispersion = Ratio::from_percent(1);
			state.spot_at += 1;
		});
		set_spot(ON_ETH, 300);
		health(ALICE);
		assert_eq!(SeriesRisks::<Test>::get(CALL).unwrap(), stored);
	});
}

#[test]
fn a_look_leaves_no_trace() {
	build_and_execute(|| {
		short_call();
		let before = root();
		Margin::requirement_view(&ALICE).unwrap();
		assert_eq!(root(), before);
		health(ALICE);
		let after = root();
		assert_ne!(after, before);
		health(ALICE);
		health(POOL);
		assert_eq!(root(), after);
	});
}

#[test]
fn only_series_with_open_contracts_have_an_array() {
	build_and_execute(|| {
		let asked = Margin::stress_loss(&ALICE, Some((CALL, Quantity::from_int(-1)))).unwrap();
		assert!(asked.is_positive());
		assert_eq!(SeriesRisks::<Test>::iter_keys().count(), 0);
		short_call();
		assert_eq!(Margin::stress_loss(&ALICE, None).unwrap(), asked);
		assert!(SeriesRisks::<Test>::contains_key(CALL));
		// Closed by the opposite trade.
		trade(ALICE, POOL, CALL, 1, 0);
		assert!(!SeriesRisks::<Test>::contains_key(CALL));
		// Closed by settlement.
		trade(POOL, ALICE, CALL, 1, 0);
		health(ALICE);
		settle_at(CALL, Price::from_int(10_500));
		assert!(SeriesRisks::<Test>::contains_key(CALL));
		for who in [ALICE, POOL] {
			<Margin as MutateAccounts<u64>>::touch(&who).unwrap();
		}
		assert!(!SeriesRisks::<Test>::contains_key(CALL));
	});
}

#[test]
fn an_array_that_no_computation_stores_is_computed_anew() {
	build_and_execute(|| {
		short_call();
		let right = health(ALICE);
		let stored = SeriesRisks::<Test>::get(CALL).unwrap();
		let key = SeriesRisks::<Test>::hashed_key_for(CALL);
		let mut raw = sp_io::storage::get(&key).unwrap().to_vec();
		// The highest byte of the last mantissa, before the mark that there is no other side.
		let at = raw.len() - 2;
		raw[at] = 0x40;
		sp_io::storage::set(&key, &raw);
		assert!(SeriesRisks::<Test>::get(CALL).unwrap().risk().is_err());
		assert_eq!(health(ALICE), right);
		assert_eq!(SeriesRisks::<Test>::get(CALL).unwrap(), stored);
	});
}

#[test]
fn in_the_settlement_window_the_requirement_shrinks_as_the_average_becomes_known() {
	build_and_execute(|| {
		short_call();
		Now::put(EXPIRY - 1_800);
		let mut last = part(ALICE).loss;
		for percent in [80, 50, 20, 5, 0] {
			let fixed = Price::from_int(100 * u64::from(100 - percent));
			Averages::insert(
				ON_BTC,
				EXPIRY,
				Averaging { fixed, share: Ratio::from_percent(percent) },
			);
			let loss = part(ALICE).loss;
			assert!(loss < last, "{percent}");
			last = loss;
		}
		assert!(last < Usd::from_inner(1_000_000));
	});
}
