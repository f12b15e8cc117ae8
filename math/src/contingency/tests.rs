//! Examples by hand and properties.

use super::*;
use proptest::prelude::*;

fn q(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

const HALF: Q64 = Q64::from_bits(1 << 63);

fn basis() -> Basis {
	Basis { up: q(1.045), down: q(0.955), base: HALF, per_year: Q64::from_int(2) }
}

fn discount() -> StaticDiscount {
	StaticDiscount {
		long: DiscountRule { base: q(0.95), rate_multiple: Q64::ONE, rate_added: q(0.16) },
		short: DiscountRule { base: q(1.04), rate_multiple: HALF, rate_added: q(0.08) },
	}
}

#[test]
fn basis_charges_the_worse_side() {
	// A quarter of a year: half and half again of the loss of 8.
	let charge = |up, down| f(basis().charge(q(10.0), q(up), q(down), q(0.25)).unwrap());
	assert_eq!(charge(12.0, 2.0), 8.0);
	assert_eq!(charge(2.0, 12.0), 8.0);
	assert_eq!(charge(10.0, 12.0), 0.0);
	assert_eq!(f(Basis::NONE.charge(q(10.0), q(2.0), q(2.0), q(1.0)).unwrap()), 0.0);
}

#[test]
fn buckets_end_on_their_last_day() {
	let bucket = |days: f64| vol_bucket(q(days / 365.0));
	let got = [0.0, 7.0, 7.1, 14.0, 30.0, 30.1, 60.0, 90.0, 180.0, 180.1, 900.0].map(bucket);
	assert_eq!(got, [0, 0, 1, 1, 2, 3, 3, 4, 5, 6, 6]);
}

#[test]
fn gains_at_one_tenor_do_not_make_losses_at_another_good() {
	// 30 days short of 9, 90 days long of 10: 35% of what they offset.
	let mut changes = [Q64::ZERO; VOL_BUCKETS];
	changes[2] = q(-9.0);
	changes[4] = q(10.0);
	assert!((f(vol_term(&changes, q(0.35)).unwrap()) - 3.15).abs() < 1e-15);
	changes[4] = q(-10.0);
	assert_eq!(vol_term(&changes, q(0.35)), Ok(Q64::ZERO));
}

#[test]
fn doubt_charges_below_the_threshold_only() {
	let doubt = Confidence { threshold: q(0.55), slope: Q64::from_int(2) };
	let charge = |confidence| f(doubt.charge(q(confidence), q(100.0)).unwrap());
	assert_eq!(charge(0.55), 0.0);
	assert_eq!(charge(0.5), 100.0);
	assert_eq!(charge(0.0), 200.0);
	let depeg = Depeg { threshold: q(0.75), slope: Q64::from_int(4) };
	assert_eq!(f(depeg.added(HALF).unwrap()), 1.0);
	assert_eq!(depeg.added(Q64::ONE), Ok(Q64::ZERO));
}

#[test]
fn long_value_fades_with_time_and_short_value_stops_at_its_strikes() {
	// 1,000 days at r = 0: 0.95 exp(-0.16 x 1000/365) = 0.612836..., as in floating point.
	let years = 1000.0 / 365.0;
	let got = f(discount().long_factor(q(years), Q64::ONE).unwrap());
	assert!((got - 0.95 * (-0.16 * years).exp()).abs() < 1e-15);
	// At 5% for a year: 1.04 exp(0.105) is above exp(0.05), which a box is worth at most.
	let d = (-0.05f64).exp();
	let got = f(discount().short_factor(Q64::ONE, q(d)).unwrap());
	assert!((got - 1.0 / d).abs() < 1e-15);
	assert_eq!(discount().applied(q(-7.0), Q64::ONE, Q64::ONE), Ok(q(-7.0)));
	assert!(discount().long_factor(Q64::ONE, Q64::ZERO).is_err());
}

#[test]
fn open_interest_scales_between_its_ends() {
	let rule = OpenInterest { low: q(100.0), high: q(300.0), most: Q64::from_int(2) };
	let factor = |interest| f(rule.factor(q(interest)).unwrap());
	assert_eq!([0.0, 100.0, 200.0, 300.0, 900.0].map(factor), [1.0, 1.0, 1.5, 2.0, 2.0]);
	let upside_down = OpenInterest { low: q(300.0), ..rule };
	assert_eq!(upside_down.factor(Q64::ONE), Err(MathError::OutOfDomain));
}

#[test]
fn only_opposite_signs_of_spot_are_credited() {
	let binding = |loss, spot_move| Binding { loss: q(loss), spot_move: q(spot_move) };
	let fifth = Q64::from_ratio(1, 5, Rounding::Nearest).unwrap();
	let all = [binding(50.0, 1.0), binding(30.0, -0.5), binding(40.0, 0.0)];
	assert!((f(diversification(&all, fifth).unwrap()) - 6.0).abs() < 1e-15);
	assert_eq!(diversification(&all[..1], fifth), Ok(Q64::ZERO));
	assert_eq!(diversification(&all, q(0.21)), Err(MathError::OutOfDomain));
	assert_eq!(diversification(&[binding(-1.0, 1.0)], q(0.1)), Err(MathError::OutOfDomain));
}

fn amount() -> impl Strategy<Value = f64> {
	prop_oneof![Just(0.0), -1e6f64..1e6]
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

	#[test]
	fn a_basis_charge_is_at_least_its_share_of_the_loss_and_never_below_zero(
		now in amount(),
		up in amount(),
		down in amount(),
		years in 0.0f64..3.0,
	) {
		let charge = basis().charge(q(now), q(up), q(down), q(years)).unwrap();
		prop_assert!(!charge.is_negative());
		let want = (now - up.min(down)).max(0.0) * (0.5 + 2.0 * years);
		prop_assert!((f(charge) - want).abs() <= 1e-15 * want.max(1.0) + 1e-18);
		let later = basis().charge(q(now), q(up), q(down), q(years + 0.1)).unwrap();
		prop_assert!(later >= charge);
	}

	#[test]
	fn a_vol_term_charge_is_at_most_either_side_and_blind_to_sign(
		changes in prop::array::uniform7(amount()),
		share in 0.0f64..1.0,
	) {
		let charge = vol_term(&changes.map(q), q(share)).unwrap();
		let opposite = vol_term(&changes.map(|change| q(-change)), q(share)).unwrap();
		prop_assert_eq!(charge, opposite);
		let gains: f64 = changes.iter().filter(|change| **change > 0.0).sum();
		let losses: f64 = -changes.iter().filter(|change| **change < 0.0).sum::<f64>();
		prop_assert!(!charge.is_negative());
		prop_assert!((f(charge) - share * gains.min(losses)).abs() < 1e-8);
	}

	#[test]
	fn more_doubt_and_a_lower_price_never_charge_less(
		low in 0.0f64..1.0,
		high in 0.0f64..1.0,
		notional in 0.0f64..1e6,
	) {
		let (low, high) = (low.min(high), low.max(high));
		let doubt = Confidence { threshold: q(0.55), slope: Q64::ONE };
		let [more, less] = [low, high].map(|c| doubt.charge(q(c), q(notional)).unwrap());
		prop_assert!(more >= less && !less.is_negative());
		prop_assert!(f(more) <= notional * (1.0 + 1e-15) + 1e-18);
		let depeg = Depeg { threshold: q(0.98), slope: Q64::from_int(2) };
		prop_assert!(depeg.added(q(low)).unwrap() >= depeg.added(q(high)).unwrap());
	}

	#[test]
	fn a_discount_never_raises_long_value_nor_lowers_what_is_owed(
		value in amount(),
		years in 0.0f64..3.0,
		later in 0.0f64..1.0,
		rate in 0.0f64..0.5,
	) {
		let at = |years: f64| {
			let d = q((-rate * years).exp().min(1.0));
			(d, discount().applied(q(value), q(years), d).unwrap())
		};
		let (d, counted) = at(years);
		prop_assert!(counted <= q(value));
		prop_assert!(value < 0.0 || !counted.is_negative());
		// A double of the discount factor against which it is measured.
		prop_assert!(value >= 0.0 || f(counted) >= value / f(d) * (1.0 + 1e-14) - 1e-15);
		if value >= 0.0 {
			prop_assert!(f(at(years + later).1) <= f(counted) + 1e-8);
		}
	}

	#[test]
	fn open_interest_never_lowers_and_never_more_than_its_most(
		low in 0.0f64..1e6,
		width in 1e-3f64..1e6,
		most in 1.0f64..5.0,
		interest in 0.0f64..3e6,
		more in 0.0f64..1e6,
	) {
		let rule = OpenInterest { low: q(low), high: q(low + width), most: q(most) };
		let factor = rule.factor(q(interest)).unwrap();
		prop_assert!(factor >= Q64::ONE && factor <= rule.most);
		prop_assert!(rule.factor(q(interest + more)).unwrap() >= factor);
	}

	#[test]
	fn diversification_keeps_at_least_four_fifths_of_the_smaller_side(
		bindings in prop::collection::vec((0.0f64..1e6, -1i8..=1), 0..6),
		share in 0.0f64..0.2,
	) {
		let bindings: Vec<_> = bindings
			.iter()
			.map(|(loss, sign)| Binding { loss: q(*loss), spot_move: q(f64::from(*sign)) })
			.collect();
		let credit = f(diversification(&bindings, q(share)).unwrap());
		let side = |sign: f64| {
			let of = bindings.iter().filter(|binding| f(binding.spot_move) == sign);
			of.map(|binding| f(binding.loss)).sum::<f64>()
		};
		let smaller = side(1.0).min(side(-1.0));
		prop_assert!((0.0..=0.2 * smaller + 1e-9).contains(&credit));
	}
}
