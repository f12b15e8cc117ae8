use super::*;
use crate::kernels::{norm_cdf, norm_pdf};

/// The standard normal quantile, by halving.
fn quantile(p: f64) -> f64 {
	let (mut low, mut high) = (-9.0, 9.0);
	for _ in 0..70 {
		let middle = (low + high) / 2.0;
		if f(norm_cdf(q(middle))) < p {
			low = middle;
		} else {
			high = middle;
		}
	}
	(low + high) / 2.0
}

fn of(losses: &[f64]) -> Shortfall {
	Shortfall::of_losses(losses.iter().map(|loss| q(*loss))).unwrap()
}

#[test]
fn expected_shortfall_of_a_normal_loss_is_2_3378027922() {
	// Means of 400 strata of equal probability: the worst ten are the worst fortieth.
	let bounds: Vec<f64> = (0..=400).map(|i| quantile(f64::from(i) / 400.0)).collect();
	let mean = |pair: &[f64]| 400.0 * (f(norm_pdf(q(pair[0]))) - f(norm_pdf(q(pair[1]))));
	let losses: Vec<f64> = bounds.windows(2).map(mean).collect();
	let shortfall = f(of(&losses).expected_shortfall);
	assert!((shortfall - 2.337_802_792_2).abs() < 1e-10, "{shortfall}");
}

#[test]
fn value_at_risk_of_a_normal_loss_is_2_3263478740_and_1_9599639845() {
	let midpoints = |n: u32| -> Vec<f64> {
		(0..n).map(|i| quantile((f64::from(i) + 0.5) / f64::from(n))).collect()
	};
	let at_99 = f(of(&midpoints(250)).value_at_risk_99);
	assert!((at_99 - 2.326_347_874_0).abs() < 1e-10, "{at_99}");
	let at_975 = f(of(&midpoints(500)).value_at_risk_975);
	assert!((at_975 - 1.959_963_984_5).abs() < 1e-10, "{at_975}");
}

#[test]
fn five_hundred_days_have_twelve_and_a_half_in_the_tail() {
	let losses: Vec<f64> = (0..500).map(f64::from).collect();
	let shortfall = of(&losses);
	let weights: Vec<u8> = shortfall.tail().iter().map(|day| day.weight).collect();
	assert_eq!(weights, [[40; 12].as_slice(), &[20]].concat());
	assert_eq!(shortfall.tail()[0].index, 499);
	assert_eq!(f(shortfall.value_at_risk_975), 487.0);
	assert_eq!(f(shortfall.value_at_risk_99), 494.5);
	assert_eq!(f(shortfall.expected_shortfall), (493.5 * 12.0 + 487.0 * 0.5) / 12.5);
}

#[test]
fn equal_losses_count_from_the_first_day() {
	let shortfall = of(&[7.0; 100]);
	let days: Vec<u16> = shortfall.tail().iter().map(|day| day.index).collect();
	assert_eq!(days, [0, 1, 2]);
	assert_eq!(f(shortfall.expected_shortfall), 7.0);
	assert_eq!(shortfall.value_at_risk_99, shortfall.value_at_risk_975);
}

#[test]
fn a_tail_is_not_taken_from_few_days_or_from_too_many() {
	let days = |n| Shortfall::of_losses(core::iter::repeat_n(Q64::ONE, n));
	assert!(days(DAYS_MIN).is_ok() && days(DAYS_MAX).is_ok());
	assert_eq!(days(DAYS_MIN - 1), Err(MathError::OutOfDomain));
	assert_eq!(days(DAYS_MAX + 1), Err(MathError::OutOfDomain));
	assert_eq!(shortfall(&[]), Err(MathError::OutOfDomain));
}

#[test]
fn losses_that_do_not_fit_are_an_error() {
	let losses = [Q64::MAX; 100];
	assert_eq!(Shortfall::of_losses(losses), Err(MathError::Overflow));
}

/// Losses of every size, some of them equal.
fn losses() -> impl Strategy<Value = Vec<Q64>> {
	let loss = prop_oneof![
		(-1i128 << 100..1i128 << 100).prop_map(Q64::from_bits),
		(-3i64..3).prop_map(Q64::from_int),
	];
	prop::collection::vec(loss, DAYS_MIN..=DAYS_MAX)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

	#[test]
	fn measures_are_those_of_the_sorted_losses(losses in losses()) {
		let got = Shortfall::of_losses(losses.iter().copied()).unwrap();
		let mut sorted: Vec<i128> = losses.iter().map(|loss| loss.to_bits()).collect();
		sorted.sort_by(|a, b| b.cmp(a));
		let n = sorted.len() as i128;
		let mut left = n;
		let mut sum = 0i128;
		for loss in &sorted {
			sum += loss * left.min(40);
			left -= left.min(40);
			if left == 0 { break; }
		}
		let ceil = -(-sum).div_euclid(n);
		prop_assert_eq!(got.expected_shortfall.to_bits(), ceil);
		for (parts, risk) in [(40, got.value_at_risk_975), (100, got.value_at_risk_99)] {
			let (whole, rest) = ((n + parts / 2) / parts, (n + parts / 2) % parts);
			let above = sorted[whole as usize - 1];
			let gap = above - sorted[whole as usize];
			// below by the share of the gap, up to a unit and the rounding of the share
			let exact = above as f64 - gap as f64 * rest as f64 / parts as f64;
			let slack = 2.0 + gap as f64 * 1e-15 + above.abs() as f64 * 1e-15;
			prop_assert!((risk.to_bits() as f64 - exact).abs() <= slack);
			prop_assert!(risk.to_bits() <= above && risk.to_bits() >= above - gap);
		}
	}

	#[test]
	fn expected_shortfall_is_coherent(losses in losses(), seed: u64, shift in -1000i64..1000) {
		let of = |losses: &[Q64]| Shortfall::of_losses(losses.iter().copied()).unwrap();
		let add = |a: Q64, b: Q64| a.checked_add(b).unwrap();
		let one = of(&losses);
		prop_assert!(one.expected_shortfall >= one.value_at_risk_975);
		prop_assert!(one.value_at_risk_99 >= one.value_at_risk_975);
		// Moving every loss by an amount moves every measure by it.
		let shift = Q64::from_int(shift);
		let moved = of(&losses.iter().map(|loss| add(*loss, shift)).collect::<Vec<_>>());
		prop_assert_eq!(moved.expected_shortfall, add(one.expected_shortfall, shift));
		prop_assert_eq!(moved.value_at_risk_99, add(one.value_at_risk_99, shift));
		// Two books together are not worse than the two alone.
		let mut other = losses.clone();
		let turn = seed as usize % other.len();
		other.rotate_left(turn);
		let both: Vec<Q64> = losses.iter().zip(&other).map(|(a, b)| add(*a, *b)).collect();
		let alone = add(one.expected_shortfall, of(&other).expected_shortfall);
		prop_assert!(of(&both).expected_shortfall <= alone);
	}
}
