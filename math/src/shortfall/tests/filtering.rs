use super::*;

fn history(logs: impl IntoIterator<Item = (f64, Option<f64>)>) -> Vec<Move> {
	let logs = logs.into_iter().enumerate();
	logs.map(|(day, (spot, volatility))| Move {
		day: day as u32,
		spot: q(spot),
		volatility: volatility.map(q),
	})
	.collect()
}

fn run(moves: &[Move], reference: &[Move]) -> Vec<Shock> {
	let mut shocks = vec![Shock::default(); DAYS_MAX];
	let count = filter(moves, reference, &mut shocks).unwrap();
	shocks.truncate(count);
	shocks
}

/// Daily logs with a storm in the middle.
fn logs(days: usize, seed: u64) -> Vec<(f64, Option<f64>)> {
	let mut state = seed;
	let mut next = || {
		state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
		(state >> 11) as f64 / 2f64.powi(52) - 1.0
	};
	(0..days)
		.map(|day| {
			let storm = if (200..240).contains(&day) { 4.0 } else { 1.0 };
			(0.03 * storm * next(), Some(0.05 * storm * next()))
		})
		.collect()
}

/// The rule in floating point, for one series of values.
fn expected(values: &[f64]) -> Vec<f64> {
	let mut variance = values[..WARM_UP].iter().map(|r| r * r).sum::<f64>() / WARM_UP as f64;
	let mut forecasts = Vec::new();
	for value in values {
		forecasts.push(variance.sqrt());
		variance = 0.94 * variance + 0.06 * value * value;
	}
	let last = variance.sqrt();
	values.iter().zip(forecasts).skip(WARM_UP).map(|(value, sigma)| value * last / sigma).collect()
}

#[test]
fn shocks_follow_the_rule() {
	for days in [WARM_UP + 1, 300, WARM_UP + DAYS_MAX, 700] {
		let logs = logs(days, 5);
		let shocks = run(&history(logs.clone()), &[]);
		let spots: Vec<f64> = logs.iter().map(|day| day.0).collect();
		let changes: Vec<f64> = logs.iter().map(|day| day.1.unwrap()).collect();
		let (spots, changes) = (expected(&spots), expected(&changes));
		let first = spots.len() - shocks.len();
		assert_eq!(shocks.len(), (days - WARM_UP).min(DAYS_MAX));
		assert_eq!(shocks[0].day as usize, WARM_UP + first);
		for (index, shock) in shocks.iter().enumerate() {
			assert!((f(shock.spot) - spots[first + index]).abs() < 1e-14);
			assert!((f(shock.volatility) - changes[first + index].exp_m1()).abs() < 1e-14);
		}
	}
}

#[test]
fn a_forecast_excludes_the_day_it_is_for() {
	let calm = logs(400, 9);
	for day in [WARM_UP, 210, 398, 399] {
		let mut storm = calm.clone();
		storm[day].0 *= 10.0;
		let (before, after) = (run(&history(calm.clone()), &[]), run(&history(storm), &[]));
		// Every day before it changes by tomorrow's forecast alone, and so does the day itself.
		let at = day - WARM_UP;
		let scale = if at > 0 {
			f(after[0].spot) / f(before[0].spot)
		} else {
			f(after[0].spot) / (10.0 * f(before[0].spot))
		};
		let ratio = f(after[at].spot) / f(before[at].spot);
		assert!((ratio / (10.0 * scale) - 1.0).abs() < 1e-9, "{day}: {ratio} {scale}");
		assert!(day < 399 || scale > 1.5, "the move raises the forecast for tomorrow");
		if day < 399 {
			let next = f(after[at + 1].spot) / f(before[at + 1].spot) / scale;
			assert!(next < 0.9, "the forecast for the day after it contains it: {next}");
		}
	}
}

#[test]
fn moves_that_never_change_are_their_own_shocks() {
	let shocks = run(&history([(0.02, Some(-0.01)); 200]), &[]);
	assert_eq!(shocks.len(), 140);
	for shock in shocks {
		assert!((f(shock.spot) - 0.02).abs() < 1e-15);
		assert!((f(shock.volatility) - (-0.01f64).exp_m1()).abs() < 1e-15);
	}
}

#[test]
fn a_price_that_never_moved_has_no_shocks_until_it_does() {
	let mut logs = vec![(0.0, None); 200];
	let still = run(&history(logs.clone()), &[]);
	assert!(still.iter().all(|shock| shock.spot.is_zero() && shock.volatility.is_zero()));
	logs[150].0 = -0.5;
	let shocks = run(&history(logs), &[]);
	assert!(f(shocks[150 - WARM_UP].spot) < -1.0, "beyond every node");
}

#[test]
fn volatility_is_borrowed_where_there_is_none() {
	let reference = history(logs(400, 1));
	let own: Vec<_> = logs(400, 2)
		.into_iter()
		.enumerate()
		.map(|(day, (spot, change))| (spot, change.filter(|_| day >= 250)))
		.collect();
	let lent = run(&reference, &[]);
	// Its own changes begin on day 250 and have a forecast from day 310 on.
	let shocks = run(&history(own.clone()), &reference);
	let changes: Vec<f64> = own.iter().filter_map(|day| day.1).collect();
	let changes = expected(&changes);
	for (shock, lent) in shocks.iter().zip(&lent) {
		let want = match (shock.day as usize).checked_sub(310) {
			None => f(lent.volatility),
			Some(index) => changes[index].exp_m1(),
		};
		assert_eq!(shock.day, lent.day);
		assert!((f(shock.volatility) - want).abs() < 1e-14, "day {}", shock.day);
	}
}

#[test]
fn days_that_the_reference_lacks_have_no_change_of_volatility() {
	let mut reference = history(logs(400, 1));
	reference.retain(|moved| moved.day % 2 == 0);
	let own = history(logs(400, 2).into_iter().map(|(spot, _)| (spot, None)));
	for shock in run(&own, &reference) {
		let known = shock.day % 2 == 0 && shock.day >= 2 * WARM_UP as u32;
		assert_eq!(known, !shock.volatility.is_zero(), "day {}", shock.day);
	}
}

#[test]
fn too_few_days_have_no_forecast() {
	let mut shocks = [Shock::default(); DAYS_MAX];
	for days in [0, 1, WARM_UP] {
		assert_eq!(filter(&history(logs(days, 1)), &[], &mut shocks), Ok(0));
	}
}

#[test]
fn days_out_of_order_are_refused() {
	let mut moves = history(logs(100, 1));
	moves.swap(3, 4);
	let mut shocks = [Shock::default(); DAYS_MAX];
	assert_eq!(filter(&moves, &[], &mut shocks), Err(MathError::OutOfDomain));
	let right = history(logs(100, 1));
	assert_eq!(filter(&right, &moves, &mut shocks), Err(MathError::OutOfDomain));
}

#[test]
fn a_short_buffer_holds_the_last_days() {
	let moves = history(logs(400, 1));
	let all = run(&moves, &[]);
	let mut few = [Shock::default(); 10];
	assert_eq!(filter(&moves, &[], &mut few), Ok(10));
	assert_eq!(few.as_slice(), &all[all.len() - 10..]);
}

/// A list of distinct days in order, each marked with its list.
fn days(list: u8) -> impl Strategy<Value = Vec<Shock>> {
	prop::collection::btree_set(0u32..60, 0..50).prop_map(move |days| {
		let shock = |day| Shock { day, spot: Q64::from_int(list.into()), volatility: Q64::ZERO };
		days.into_iter().map(shock).collect()
	})
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

	#[test]
	fn lists_are_cut_to_their_joint_days(mut a in days(1), mut b in days(2), mut c in days(3)) {
		let of = |list: &[Shock]| -> std::collections::BTreeSet<u32> {
			list.iter().map(|shock| shock.day).collect()
		};
		let joint: Vec<u32> = of(&a).into_iter()
			.filter(|day| of(&b).contains(day) && of(&c).contains(day))
			.collect();
		let kept = align(&mut [&mut a, &mut b, &mut c]);
		prop_assert_eq!(kept, joint.len());
		for (mark, list) in [(1, &a), (2, &b), (3, &c)] {
			let days: Vec<u32> = list[..kept].iter().map(|shock| shock.day).collect();
			prop_assert_eq!(&days, &joint);
			prop_assert!(list[..kept].iter().all(|shock| shock.spot == Q64::from_int(mark)));
		}
	}
}
