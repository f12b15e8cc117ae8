use super::*;
use num_bigint::BigUint;
use proptest::prelude::*;

fn percent(value: u128) -> u128 {
	value * ONE / 100
}

/// One up to 80%, five at 100%.
fn curve() -> Kinked {
	Kinked::new(percent(80), ONE, ONE, 5 * ONE).unwrap()
}

const MONTH: u64 = 30 * 86_400;

fn terms() -> Terms {
	Terms { capital: 10_000_000 * ONE, shortfall_cap: percent(20), cost: percent(15) }
}

fn bucket(before: u128, after: u128) -> Bucket {
	Bucket { seconds: MONTH, before, after }
}

#[test]
fn a_curve_has_its_points_and_goes_on_beyond_one() {
	let curve = Kinked::new(percent(80), percent(2), percent(10), percent(150)).unwrap();
	assert_eq!(curve.kink(), percent(80));
	let at = |u| curve.value_ceil(percent(u)).unwrap();
	assert_eq!((at(0), at(40), at(80)), (percent(2), percent(6), percent(10)));
	assert_eq!((at(90), at(100), at(120)), (percent(80), percent(150), percent(290)));
}

#[test]
fn curves_that_fall_or_have_no_kink_are_refused() {
	let refused = |kink, a, b, c| Kinked::new(kink, a, b, c) == Err(MathError::OutOfDomain);
	assert!(refused(KINK_LEAST - 1, 1, 2, 3) && refused(KINK_MOST + 1, 1, 2, 3));
	assert!(refused(percent(50), 2, 1, 3) && refused(percent(50), 1, 3, 2));
	assert!(refused(percent(50), 0, 0, VALUE_MAX + 1));
}

#[test]
fn the_integral_has_its_closed_form() {
	let at = |u| curve().integral_floor(percent(u)).unwrap();
	// 0.8 + 1 x 0.1 + (5 - 1) 0.1^2 / (2 x 0.2) = 1; to one: 0.8 + 0.2 + 4 x 0.04 / 0.4 = 1.4.
	assert_eq!((at(0), at(50), at(80)), (0, percent(50), percent(80)));
	assert_eq!((at(90), at(100)), (ONE, percent(140)));
	assert_eq!(curve().integral_floor(UTILISATION_MAX + 1), Err(MathError::OutOfDomain));
}

/// 10m of capital, 20% of it for risk, 15% a year, one month, utilisation from 70% to 90%:
/// 2m x 0.15 x 30/365 x (1 - 0.7) = 7,397.26.
#[test]
fn a_charge_is_the_cost_of_the_capital_in_use() {
	let charge = terms().charge_ceil(&curve(), &[bucket(percent(70), percent(90))]).unwrap();
	assert_eq!(charge / (ONE / 100), 739_726);
}

#[test]
fn what_lowers_utilisation_is_free_even_from_beyond_the_range() {
	let lower = [bucket(40 * ONE, 39 * ONE), bucket(percent(50), percent(50))];
	assert_eq!(terms().charge_ceil(&curve(), &lower), Ok(0));
	let higher = [bucket(15 * ONE, 17 * ONE)];
	assert_eq!(terms().charge_ceil(&curve(), &higher), Err(MathError::OutOfDomain));
}

/// A short-dated hedge frees the first bucket only: the long-dated risk behind it is still charged.
#[test]
fn a_bucket_does_not_pay_for_another() {
	let risk = [bucket(percent(10), percent(60)), bucket(percent(10), percent(60))];
	let hedged = [bucket(percent(60), percent(10)), bucket(percent(10), percent(60))];
	let of = |buckets: &[Bucket]| terms().charge_ceil(&curve(), buckets).unwrap();
	assert!(of(&hedged) * 2 >= of(&risk));
	assert!(of(&hedged) > 0);
}

#[test]
fn a_charge_vests_linearly() {
	let start = Vesting { unvested: 1_000, since: 100, until: 300 };
	assert_eq!(
		[50, 100, 200, 299, 300, 400].map(|now| start.unvested_ceil(now).unwrap()),
		[1_000, 1_000, 500, 5, 0, 0]
	);
	// 500 are left at 200; 100 more: 600, half of them at 250.
	let more = start.with(100, 200).unwrap();
	assert_eq!((more.unvested, more.unvested_ceil(250)), (600, Ok(300)));
	// To a moment that has passed everything has vested.
	assert_eq!(start.with(100, 300).unwrap().unvested_ceil(300), Ok(0));
}

prop_compose! {
	fn any_curve()(
		kink in KINK_LEAST..=KINK_MOST, a in 0u32..80, b in 0u32..80, c in 0u32..80, bits in any::<u128>(),
	) -> Kinked {
		let value = |shift: u32| (bits >> 48 >> shift) % (VALUE_MAX + 1);
		let mut values = [value(a), value(b), value(c)];
		values.sort_unstable();
		Kinked::new(kink, values[0], values[1], values[2]).unwrap()
	}
}

fn any_utilisation() -> impl Strategy<Value = u128> {
	prop_oneof![0..=ONE, 0..=UTILISATION_MAX, (0u32..64).prop_map(|shift| UTILISATION_MAX >> shift)]
}

/// Twice the integral times 1e36 k (1 - k), exactly; and that factor.
fn exact(curve: &Kinked, u: u128) -> (BigUint, BigUint) {
	let big = |value: u128| BigUint::from(value);
	let (k, rest) = (curve.kink, ONE - curve.kink);
	let low = u.min(k);
	let high = u - low;
	let below = big(2 * curve.at_zero) * low * k + big(curve.at_kink - curve.at_zero) * low * low;
	let above =
		big(2 * curve.at_kink) * high * rest + big(curve.at_one - curve.at_kink) * high * high;
	(below * rest + above * k, big(2 * ONE) * k * rest)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

	#[test]
	fn the_integral_is_within_its_bound(curve in any_curve(), u in any_utilisation()) {
		let (numerator, over) = exact(&curve, u);
		let scaled = curve.integral_floor(u).unwrap() * &over;
		prop_assert!(scaled <= numerator, "above the exact value");
		prop_assert!(numerator - scaled < over * 3u32, "three units or more below it");
	}

	#[test]
	fn the_integral_never_falls_and_bends_upwards(
		curve in any_curve(), u in any_utilisation(), v in any_utilisation(),
	) {
		let (low, high) = (u.min(v), u.max(v));
		let middle = low + (high - low) / 2;
		let at = |u| curve.integral_floor(u).unwrap();
		prop_assert!(at(low) <= at(middle) && at(middle) <= at(high));
		// Convex: the chord lies above. The middle may be half a unit low, and each end three units.
		let slope = curve.value_ceil(high).unwrap() / ONE + 1;
		prop_assert!(2 * at(middle) <= at(low) + at(high) + 6 + slope);
	}

	#[test]
	fn the_curve_is_the_integrals_slope(curve in any_curve(), u in 0..15 * ONE, du in 1..ONE) {
		let rise = curve.integral_floor(u + du).unwrap() - curve.integral_floor(u).unwrap();
		let least = mul_div_floor(curve.value_ceil(u).unwrap() - 1.min(curve.value_ceil(u).unwrap()), du, ONE).unwrap();
		let most = mul_div_ceil(curve.value_ceil(u + du).unwrap(), du, ONE).unwrap();
		prop_assert!(rise + 3 >= least && rise <= most + 3, "{least} {rise} {most}");
	}

	/// However a path is split, and even if it turns back, its charges are not less than that of the
	/// way from its start to its end; if it does not turn back, they are the same to three units a part.
	#[test]
	fn splitting_a_trade_never_pays(
		curve in any_curve(), mut path in prop::collection::vec(any_utilisation(), 2..12),
		capital in 1u128..1_000_000_000, seconds in 1u64..10 * YEAR_SECONDS, sorted in any::<bool>(),
	) {
		if sorted {
			path.sort_unstable();
		}
		let terms = Terms { capital: capital * ONE / 7, ..terms() };
		let charge = |before: u128, after: u128| {
			terms.charge_ceil(&curve, &[Bucket { seconds, before, after }]).unwrap()
		};
		let parts: u128 = path.windows(2).map(|pair| charge(pair[0], pair[1])).sum();
		let whole = charge(path[0], path[path.len() - 1]);
		prop_assert!(parts >= whole, "{parts} < {whole}");
		if sorted {
			prop_assert!(parts - whole <= 3 * path.len() as u128, "{parts} {whole}");
		}
	}

	#[test]
	fn buckets_are_charged_apart(curve in any_curve(), u in any_utilisation(), v in any_utilisation(), w in any_utilisation()) {
		let terms = terms();
		let buckets = [bucket(u, v), Bucket { seconds: 7, before: v, after: w }, bucket(w, u)];
		let apart: u128 =
			buckets.iter().map(|one| terms.charge_ceil(&curve, &[*one]).unwrap()).sum();
		let together = terms.charge_ceil(&curve, &buckets).unwrap();
		prop_assert!(together <= apart && apart - together <= 9, "{together} {apart}");
	}

	#[test]
	fn one_record_vests_like_many(
		sums in prop::collection::vec((0u128..1 << 90, 0u64..1_000), 1..8), at in 0u64..2_000,
	) {
		let until = 1_500;
		let mut sums = sums;
		sums.sort_unstable_by_key(|(_, since)| *since);
		let at = at.max(sums[sums.len() - 1].1);
		let apart: u128 = sums
			.iter()
			.map(|(money, since)| Vesting { unvested: *money, since: *since, until }.unvested_ceil(at).unwrap())
			.sum();
		let mut one = Vesting { unvested: 0, since: 0, until };
		for (money, since) in &sums {
			one = one.with(*money, *since).unwrap();
		}
		let together = one.unvested_ceil(at).unwrap();
		prop_assert!(together.abs_diff(apart) <= sums.len() as u128 + 1);
	}
}
