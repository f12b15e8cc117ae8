//! Arbitrage between slices: crossing, the slices between, projection.

use super::{
	cases, e18, exact,
	exact::{float, variance_f64, Wide},
	random,
	random::{
		admissible_slices, any_slice, days, grown, lowest, nodes, pair, q, scale, slice, step,
		time, Step,
	},
};
use ballast_math::{
	kernels,
	surface::{
		crosses, ensure_admissible, is_admissible, project, rises_between, Condition, Node, Slice,
		Surface, Violation, RHO_MAX,
	},
	Rounding, Q64,
};
use proptest::prelude::*;

#[test]
fn known_pair_passes_the_simple_conditions_and_crosses() {
	let (near, far) = (slice(0.0100, -0.5, 0.10), slice(0.0102, -0.5, 0.16));
	assert!(near.is_free_of_butterflies() && far.is_free_of_butterflies());
	assert!(variance_f64(&far, 0.037) < variance_f64(&near, 0.037));
	assert!(crosses(&near, &far) && !rises_between(&near, &far));
	let violation = Violation { slice: 1, condition: Condition::Crosses };
	assert_eq!(ensure_admissible(&[near, far]), Err(violation));
}

#[test]
fn violations_name_slice_and_condition() {
	let good = slice(0.01, -0.3, 0.1);
	let violation = |far: Slice| ensure_admissible(&[good, far]).unwrap_err();
	let expected = |condition| Violation { slice: 1, condition };
	assert_eq!(violation(slice(0.009, -0.3, 0.1)), expected(Condition::ThetaFalls));
	assert_eq!(violation(slice(0.02, -0.5, 0.1)), expected(Condition::WingFalls));
	assert_eq!(violation(slice(0.02, 0.5, 0.25)), expected(Condition::Butterfly));
	assert_eq!(violation(slice(1e3, 0.5, 0.1)), expected(Condition::OutOfRange));
	assert_eq!(violation(slice(0.02, 0.9995, 0.1)), expected(Condition::OutOfRange));
	assert_eq!(violation(slice(0.0101, -0.3, 0.16)), expected(Condition::Crosses));
	assert!(is_admissible(&[good, slice(0.02, -0.3, 0.12)]) && is_admissible(&[]));
}

/// Of random pairs that pass "theta and psi (1 +- rho) do not fall", the share that cross all the
/// same, and of the others the share between which the surface would fall for a while.
#[test]
fn simple_conditions_are_not_enough() {
	let mut random = random::Uniform::new(20_260_917);
	let (mut passed, mut crossed, mut seen) = (0, 0, 0);
	let (mut dipped, mut dips_seen) = (0, 0);
	while passed < 8_847 {
		let mut any = || {
			slice(random.between(0.005, 0.055), random.between(-0.9, 0.9), random.between(0.0, 0.3))
		};
		let (near, far) = (any(), any());
		let wing = |s: &Slice, sign: f64| float(s.psi) * (1.0 + sign * float(s.rho));
		let rising = near.theta <= far.theta
			&& [-1.0, 1.0].iter().all(|&sign| wing(&near, sign) <= wing(&far, sign));
		if !rising || !near.is_free_of_butterflies() || !far.is_free_of_butterflies() {
			continue;
		}
		passed += 1;
		let size = float(far.theta);
		let (gap, _) = lowest(|k| variance_f64(&near, k), |k| variance_f64(&far, k), 0.1);
		let cross = crosses(&near, &far);
		seen += i32::from(gap < -1e-12 * size);
		// the grid sees only what is on it
		assert!(cross || gap >= -1e-12 * size, "{near:?} {far:?} {gap}");
		crossed += i32::from(cross);
		if !cross && !rises_between(&near, &far) {
			// there is such a slice: a little way along
			let next = mixed(&near, &far, 1e-4);
			let (gap, _) = lowest(|k| variance_f64(&near, k), |k| variance_f64(&next, k), 0.1);
			dipped += 1;
			dips_seen += i32::from(gap < -1e-14 * size);
		}
	}
	println!(
		"{passed} pairs: {crossed} cross ({seen} seen on a grid), {dipped} more cross in between ({dips_seen} seen)"
	);
	assert!((500..3_000).contains(&crossed) && crossed - seen < 100);
}

proptest! {
	#![proptest_config(cases(2_000))]

	/// The algebraic test against a search for the lowest difference in floating point.
	#[test]
	fn crossing_agrees_with_a_search(pair in pair()) {
		let (near, far) = pair;
		let (gap, k) = lowest(|k| variance_f64(&near, k), |k| variance_f64(&far, k), scale(&near));
		let size = float(far.theta) + float(far.psi) * k.abs();
		if crosses(&near, &far) {
			prop_assert!(!rises_between(&near, &far));
			prop_assert!(!is_admissible(&[near, far]));
		} else {
			prop_assert!(gap >= -1e-12 * size, "{gap} at {k}");
		}
		if gap < -1e-12 * size {
			prop_assert!(crosses(&near, &far));
		}
	}

	/// The infinitesimal test against a search along the way.
	#[test]
	fn rising_between_agrees_with_a_search(pair in pair()) {
		let (near, far) = pair;
		prop_assume!(rises_between(&near, &far));
		let mut last = near;
		for step in 1..=8 {
			let share = f64::from(step) / 8.0;
			let mix = |a: f64, b: f64| a + share * (b - a);
			let tilt = |s: &Slice| float(s.rho) * float(s.psi);
			let psi = mix(float(near.psi), float(far.psi));
			let next = slice(mix(float(near.theta), float(far.theta)), mix(tilt(&near), tilt(&far)) / psi, psi);
			let (gap, k) = lowest(|k| variance_f64(&last, k), |k| variance_f64(&next, k), scale(&near));
			let size = float(next.theta) + float(next.psi) * k.abs();
			prop_assert!(gap >= -1e-12 * size, "{gap} at {k}");
			last = next;
		}
	}

	#[test]
	fn projection_is_admissible(slices in prop::collection::vec(any_slice(), 0..=8)) {
		let mut projected = slices.clone();
		let changed = project(&mut projected).unwrap();
		prop_assert_eq!(ensure_admissible(&projected), Ok(()));
		prop_assert_eq!(changed, projected != slices);
		prop_assert_eq!(changed, !is_admissible(&slices));
		for (after, before) in projected.iter().zip(&slices) {
			prop_assert!(after.theta >= before.theta && after.psi <= before.psi);
		}
		prop_assert_eq!(ensure_admissible(&projected.iter().map(in_decimals).collect::<Vec<_>>()), Ok(()));
		let mut again = projected.clone();
		prop_assert_eq!(project(&mut again), Ok(false));
	}

	#[test]
	fn projection_of_medians_is_admissible(all in prop::collection::vec(admissible_slices(), 5)) {
		for surface in &all {
			let mut same = surface.clone();
			prop_assert_eq!(project(&mut same), Ok(false));
			prop_assert_eq!(&same, surface);
		}
		let mut projected = median(&all);
		project(&mut projected).unwrap();
		prop_assert_eq!(ensure_admissible(&projected), Ok(()));
		prop_assert!(projected.iter().zip(median(&all)).all(|(a, b)| a.theta == b.theta));
		let kept: Vec<Slice> = projected.iter().zip(random::DAYS).map(|(s, n)| kept(s, days(n))).collect();
		prop_assert_eq!(ensure_admissible(&kept), Ok(()));
		prop_assert_eq!(ensure_admissible(&projected.iter().map(in_decimals).collect::<Vec<_>>()), Ok(()));
	}

	/// Operators who nearly agree: the projection moves the median by about as much as they differ.
	#[test]
	fn projection_of_close_medians_is_close(
		vol in 0.2f64..1.5, rho in -0.9f64..0.9, share in 0.1f64..0.7, steps in prop::collection::vec(step(), 5),
		noise in prop::collection::vec(-1.0f64..1.0, 35), size in -6.0f64..-2.0,
	) {
		let size = 10f64.powf(size);
		let all: Vec<Vec<Slice>> = noise.chunks(7).map(|n| {
			let moved: Vec<Step> = steps.iter().zip(&n[2..])
				.map(|((more, right, left), n)| (more * (1.0 + size * n), *right, *left)).collect();
			grown(vol * (1.0 + size * n[0]), (rho + size * n[1]).clamp(-0.95, 0.95), share, &moved)
		}).collect();
		let median = median(&all);
		let mut projected = median.clone();
		project(&mut projected).unwrap();
		prop_assert_eq!(ensure_admissible(&projected), Ok(()));
		let moved = projected.iter().zip(&median).map(|(a, b)| moved(a, b)).fold(0.0, f64::max);
		prop_assert!(moved <= 10.0 * size, "moved {moved:e} size {size:e} {median:?} {projected:?}");
	}
}

proptest! {
	#![proptest_config(cases(250))]

	/// No slice between, before or beyond the tenors of an admissible surface allows a butterfly or
	/// crosses another.
	#[test]
	fn surface_is_free_of_arbitrage_everywhere(
		slices in admissible_slices(), count in 1usize..=6, a in time(), b in time(),
	) {
		let nodes = nodes(&slices[..count], 0.0, 0.0);
		prop_assume!(nodes.iter().all(Node::is_in_range));
		let surface = Surface::new(&nodes).unwrap();
		let (early, late) = (a.min(b), a.max(b));
		let parameters = |years: Q64| exact::parameters_at(&nodes, &Wide::of(years));
		let (one, two) = (parameters(early), parameters(late));
		for (years, exact) in [(early, &one), (late, &two)] {
			let slack = 1.0 + 1e-12;
			let steep = exact.psi.to_f64() + exact.tilt.to_f64().abs();
			prop_assert!(steep <= 4.0 * slack && exact.psi.to_f64() * steep <= 4.0 * exact.theta.to_f64() * slack);
			// the truncated parameters of a very short slice miss the bound by a unit
			if years >= days(1) {
				prop_assert!(surface.slice_at(years).unwrap().is_free_of_butterflies());
			}
		}
		let size = two.theta.to_f64();
		let scale = (one.theta.to_f64() / one.psi.to_f64().max(1e-9)).min(1e3);
		for step in -60..=60 {
			let k = Wide::of(q(scale * (f64::from(step) / 8.0).sinh()));
			let gap = two.total_variance(&k).minus(&one.total_variance(&k)).to_f64();
			prop_assert!(gap >= -1e-15 * (1.0 + k.to_f64().abs()) - 1e-12 * size, "{gap}");
		}
		if early >= days(1) && slices.iter().all(|s| float(s.rho).abs() < 0.99) {
			let (one, two) = (surface.slice_at(early).unwrap(), surface.slice_at(late).unwrap());
			prop_assert!(!crosses(&one, &two) , "{one:?} {two:?}");
		}
	}
}

/// The surface's slice a share of the way between two.
fn mixed(near: &Slice, far: &Slice, share: f64) -> Slice {
	let mix = |a: f64, b: f64| a + share * (b - a);
	let tilt = |s: &Slice| float(s.rho) * float(s.psi);
	let psi = mix(float(near.psi), float(far.psi));
	let theta = mix(float(near.theta), float(far.theta));
	slice(theta, mix(tilt(near), tilt(far)) / psi, psi)
}

/// The largest relative change of a wing.
fn moved(a: &Slice, b: &Slice) -> f64 {
	let wing = |s: &Slice, sign: f64| float(s.psi) * (1.0 + sign * float(s.rho));
	let part = |sign: f64| (wing(a, sign) / wing(b, sign) - 1.0).abs();
	part(1.0).max(part(-1.0))
}

/// Component-wise.
fn median(all: &[Vec<Slice>]) -> Vec<Slice> {
	let middle = |n: usize, of: &dyn Fn(&Slice) -> Q64| {
		let mut values: Vec<Q64> = all.iter().map(|slices| of(&slices[n])).collect();
		values.sort();
		values[values.len() / 2]
	};
	(0..all[0].len())
		.map(|n| Slice {
			theta: middle(n, &|s| s.theta),
			rho: middle(n, &|s| s.rho),
			psi: middle(n, &|s| s.psi),
		})
		.collect()
}

/// As the ledger keeps it.
fn in_decimals(slice: &Slice) -> Slice {
	let round = |value: Q64| {
		let decimal = value.to_e18(Rounding::Nearest).expect("in range");
		Q64::from_e18(decimal).expect("in range")
	};
	Slice { theta: round(slice.theta), rho: round(slice.rho).min(RHO_MAX), psi: round(slice.psi) }
}

/// As the ledger keeps it with a volatility in place of total variance.
fn kept(slice: &Slice, years: Q64) -> Slice {
	let rate = slice.theta.checked_div(years, Rounding::Ceil).expect("in range");
	let vol = kernels::sqrt(rate).expect("in range").to_e18(Rounding::Ceil).expect("in range");
	let vol = e18(vol);
	let rate = vol.checked_mul(vol, Rounding::Nearest).expect("in range");
	let theta = rate.checked_mul(years, Rounding::Nearest).expect("in range");
	Slice { theta, ..in_decimals(slice) }
}
