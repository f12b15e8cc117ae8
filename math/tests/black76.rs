//! Properties of the Black-76 price that hold for every option, and the edges of its range.

use ballast_math::{
	black76::{self, Kind, Option76, Prepared, TimeToExpiry},
	implied::implied_volatility,
	MathError, Rounding, E18, Q64,
};
use proptest::prelude::*;

const KINDS: [Kind; 2] = [Kind::Call, Kind::Put];

fn e18(value: i128) -> Q64 {
	Q64::from_e18(value).expect("in range")
}

/// A decimal such as "0.25".
fn q(text: &str) -> Q64 {
	let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
	let digits: i128 = format!("{whole}{fraction:0<18}").parse().expect("a number");
	e18(digits)
}

/// Twice the bound of a price, in bits: how far two correct prices may be out of order.
fn slack(option: &Option76) -> i128 {
	let larger = option.forward.max(option.strike).to_bits() as f64;
	(2.0 * 4e-18 * larger) as i128 + 4
}

/// Options over the whole range: prices 0.01 to 1e9, discount factor at most one.
fn option() -> impl Strategy<Value = Option76> {
	let forward = (-2.0f64..9.0).prop_map(|p| 10f64.powf(p));
	let moneyness = prop_oneof![
		1 => -6.9f64..6.9,
		2 => -0.5f64..0.5,
		1 => (-18.0f64..-3.0).prop_map(|p| 10f64.powf(p)),
		1 => Just(0.0),
	];
	let volatility = (-2.0f64..1.0).prop_map(|p| 10f64.powf(p).clamp(0.0101, 9.99));
	let years = (-7.45f64..0.47).prop_map(|p| 10f64.powf(p));
	(forward, moneyness, volatility, years, 0.0f64..0.3).prop_map(|(f, x, s, t, r)| {
		let bits = |v: f64| Q64::from_bits((v * 2f64.powi(64)) as i128);
		Option76 {
			forward: bits(f),
			strike: bits(f * x.exp()),
			volatility: bits(s),
			years: bits(t),
			discount: bits((-r * t).exp()),
		}
	})
}

fn discounted(option: &Option76, value: Q64, rounding: Rounding) -> Q64 {
	value.checked_mul(option.discount, rounding).expect("in range")
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

	#[test]
	fn call_less_put_is_the_discounted_forward_less_strike(option in option()) {
		let (call, put) = black76::price_both(&option).unwrap();
		let difference = option.forward.checked_sub(option.strike).unwrap();
		let exact = discounted(&option, difference, Rounding::Nearest);
		let gap = call.checked_sub(put).unwrap().checked_sub(exact).unwrap();
		prop_assert!(gap.to_bits().abs() <= 2, "{} units", gap.to_bits());
	}

	#[test]
	fn price_lies_between_intrinsic_value_and_its_ceiling(option in option()) {
		for (kind, ceiling) in KINDS.into_iter().zip([option.forward, option.strike]) {
			let price = black76::price(&option, kind).unwrap();
			prop_assert!(price >= black76::intrinsic(&option, kind).unwrap());
			prop_assert!(price <= discounted(&option, ceiling, Rounding::Ceil));
		}
	}

	#[test]
	fn call_falls_and_put_rises_in_strike(option in option(), step in -18.0f64..-1.0) {
		let further = (option.strike.to_bits() as f64 * 10f64.powf(step)) as i128 + 1;
		let higher = Option76 { strike: Q64::from_bits(option.strike.to_bits() + further), ..option };
		if let (Ok((c0, p0)), Ok((c1, p1))) = (black76::price_both(&option), black76::price_both(&higher)) {
			prop_assert!(c1.to_bits() <= c0.to_bits() + slack(&higher));
			prop_assert!(p1.to_bits() + slack(&higher) >= p0.to_bits());
		}
	}

	#[test]
	fn price_rises_in_volatility(option in option(), step in -18.0f64..-0.5) {
		let more = (option.volatility.to_bits() as f64 * (1.0 + 10f64.powf(step))) as i128 + 1;
		let wider = Option76 { volatility: Q64::from_bits(more), ..option };
		for kind in KINDS {
			if let Ok(price) = black76::price(&wider, kind) {
				let before = black76::price(&option, kind).unwrap();
				prop_assert!(price.to_bits() + slack(&option) >= before.to_bits());
			}
		}
	}

	#[test]
	fn price_rises_in_time_without_a_rate(option in option(), step in -18.0f64..-0.5) {
		let more = (option.years.to_bits() as f64 * (1.0 + 10f64.powf(step))) as i128 + 1;
		let near = Option76 { discount: Q64::ONE, ..option };
		let far = Option76 { years: Q64::from_bits(more), ..near };
		for kind in KINDS {
			if let Ok(price) = black76::price(&far, kind) {
				let before = black76::price(&near, kind).unwrap();
				prop_assert!(price.to_bits() + slack(&near) >= before.to_bits());
			}
		}
	}

	#[test]
	fn greeks_of_call_and_put_agree(option in option()) {
		let call = black76::greeks(&option, Kind::Call).unwrap();
		let put = black76::greeks(&option, Kind::Put).unwrap();
		prop_assert_eq!((call.gamma, call.gamma_forward), (put.gamma, put.gamma_forward));
		prop_assert_eq!((call.vega, call.vanna, call.volga), (put.vega, put.vanna, put.volga));
		let gap = call.delta.checked_sub(put.delta).unwrap().checked_sub(option.discount).unwrap();
		prop_assert!(gap.to_bits().abs() <= 8, "{} units", gap.to_bits());
		prop_assert!(!call.delta.is_negative() && call.delta <= option.discount);
		prop_assert!(!put.delta.is_positive());
		prop_assert_eq!((call.price, put.price), black76::price_both(&option).unwrap());
	}

	#[test]
	fn a_quote_is_its_prices_and_greeks(option in option()) {
		let quote = black76::quote(&option).unwrap();
		let call = black76::greeks(&option, Kind::Call).unwrap();
		prop_assert_eq!((quote.call, quote.put), black76::price_both(&option).unwrap());
		prop_assert_eq!((quote.delta, quote.gamma, quote.vega), (call.delta, call.gamma, call.vega));
		prop_assert_eq!((quote.theta, quote.rho), (call.theta, call.rho));
		// what the put's follow from
		let put = black76::greeks(&option, Kind::Put).unwrap();
		let gap = put.delta.checked_add(option.discount).unwrap().checked_sub(quote.delta).unwrap();
		prop_assert!(gap.to_bits().abs() <= 8, "{} units", gap.to_bits());
	}

	#[test]
	fn prepared_scenarios_give_the_same_price(option in option()) {
		let series = Prepared::new(option.strike, option.years, option.discount).unwrap();
		let forward = series.at_forward(option.forward).unwrap();
		let volatility = series.at_volatility(option.volatility).unwrap();
		for kind in KINDS {
			let price = black76::price(&option, kind);
			prop_assert_eq!(series.value(&forward, &volatility, kind), price);
			prop_assert_eq!(
				series.greeks_at(&forward, &volatility, kind),
				black76::greeks(&option, kind)
			);
		}
	}

	#[test]
	fn implied_volatility_comes_back(option in option()) {
		for kind in KINDS {
			let greeks = black76::greeks(&option, kind).unwrap();
			let Option76 { forward, strike, years, discount, .. } = option;
			let larger = forward.max(strike).to_bits() as f64;
			let vega = greeks.vega.to_bits() as f64;
			// what the price's own error and last place leave open
			let open = (4e-18 * larger + 2.0) / vega.max(1.0);
			let found = implied_volatility(greeks.price, forward, strike, years, discount, kind);
			if open < 1e-13 {
				let sigma = found.unwrap();
				let gap = sigma.checked_sub(option.volatility).unwrap();
				let gap = gap.to_bits() as f64 / 2f64.powi(64);
				prop_assert!(gap.abs() <= 1e-12, "{gap:e}, open {open:e}");
			} else if let Ok(sigma) = found {
				// badly conditioned: still a volatility that gives the price
				let again = black76::price(&Option76 { volatility: sigma, ..option }, kind).unwrap();
				let gap = again.checked_sub(greeks.price).unwrap().to_bits().abs();
				prop_assert!(gap <= 4 * slack(&option), "{gap} units");
			}
		}
	}
}

/// Newton's steps at the rounding of this price are longer than the least step: they went to and fro
/// between the two ends of the bracket.
#[test]
fn implied_volatility_comes_back_where_steps_do_not_shrink() {
	let option = Option76 {
		forward: Q64::from_bits(5100193245678810431488),
		strike: Q64::from_bits(5100196961798065225728),
		volatility: Q64::from_bits(1535461721529222656),
		years: Q64::from_bits(1186670768483078),
		discount: Q64::from_bits(18446638970041372672),
	};
	let Option76 { forward, strike, years, discount, .. } = option;
	for kind in KINDS {
		let price = black76::price(&option, kind).unwrap();
		let found = implied_volatility(price, forward, strike, years, discount, kind).unwrap();
		let gap = found.to_bits().abs_diff(option.volatility.to_bits());
		assert!(gap < 18_446_744, "{gap} units, 1e-12 is 18,446,744");
	}
}

fn usual() -> Option76 {
	Option76 {
		forward: q("60000"),
		strike: q("70000"),
		volatility: q("0.65"),
		years: q("0.25"),
		discount: q("0.99"),
	}
}

#[test]
fn arguments_outside_the_range_are_refused() {
	let outside = [
		Option76 { forward: q("69.99"), ..usual() },
		Option76 { forward: q("70000001"), ..usual() },
		Option76 { forward: Q64::ZERO, ..usual() },
		Option76 { strike: Q64::ZERO, ..usual() },
		Option76 { forward: Q64::from_int(-1), ..usual() },
		Option76 { strike: Q64::from_int(-1), ..usual() },
		Option76 { volatility: q("0.0099"), ..usual() },
		Option76 { volatility: q("10.0001"), ..usual() },
		Option76 { volatility: Q64::from_int(-1), ..usual() },
		Option76 { years: q("3.0001"), ..usual() },
		Option76 { years: Q64::from_int(-1), ..usual() },
		Option76 { discount: q("0.0009"), ..usual() },
		Option76 { discount: q("2.0001"), ..usual() },
	];
	for option in outside {
		for kind in KINDS {
			assert_eq!(black76::price(&option, kind), Err(MathError::OutOfDomain), "{option:?}");
			assert_eq!(black76::greeks(&option, kind), Err(MathError::OutOfDomain), "{option:?}");
		}
		assert_eq!(black76::price_both(&option), Err(MathError::OutOfDomain), "{option:?}");
		assert_eq!(black76::quote(&option), Err(MathError::OutOfDomain), "{option:?}");
	}
}

#[test]
fn the_ends_of_the_range_are_inside_it() {
	let inside = [
		Option76 { forward: q("70"), ..usual() },
		Option76 { forward: q("70000000"), ..usual() },
		Option76 { volatility: q("0.01"), ..usual() },
		Option76 { volatility: q("10"), ..usual() },
		Option76 { years: q("3"), ..usual() },
		Option76 { years: Q64::from_ratio(1, 31_536_000, Rounding::Nearest).unwrap(), ..usual() },
		Option76 { discount: q("0.001"), ..usual() },
		Option76 { discount: q("2"), ..usual() },
	];
	for option in inside {
		for kind in KINDS {
			assert!(black76::greeks(&option, kind).is_ok(), "{option:?}");
		}
	}
}

#[test]
fn without_volatility_or_time_the_value_is_intrinsic() {
	let still = Option76 { volatility: Q64::ZERO, forward: q("80000"), ..usual() };
	let over = Option76 { years: q("0.00000003"), forward: q("80000"), ..usual() };
	// far beyond the moneyness of the formula
	let far = Option76 { years: Q64::ZERO, forward: q("1"), ..usual() };
	let floor = |text| discounted(&usual(), q(text), Rounding::Floor);
	assert_eq!(black76::price_both(&still), Ok((floor("10000"), Q64::ZERO)));
	assert_eq!(black76::price_both(&over), Ok((floor("10000"), Q64::ZERO)));
	assert_eq!(black76::price_both(&far), Ok((Q64::ZERO, floor("69999"))));
	for resting in [still, over, far] {
		let quote = black76::quote(&resting).unwrap();
		let call = black76::greeks(&resting, Kind::Call).unwrap();
		assert_eq!((quote.call, quote.put), black76::price_both(&resting).unwrap());
		assert_eq!((quote.delta, quote.theta, quote.rho), (call.delta, call.theta, call.rho));
	}
	let greeks = black76::greeks(&over, Kind::Call).unwrap();
	assert_eq!((greeks.delta, greeks.gamma, greeks.vega), (q("0.99"), Q64::ZERO, Q64::ZERO));
	let at = Option76 { forward: q("70000"), ..over };
	assert_eq!(
		black76::greeks(&at, Kind::Put).unwrap().delta.to_e18(Rounding::Nearest),
		Some(-495 * E18 / 1000)
	);
}

#[test]
fn seconds_and_years_agree_up_to_the_rounding_of_the_years() {
	for seconds in [3_600u64, 86_400, 2_592_000, 94_608_000] {
		let years = Q64::from_ratio(seconds as i128, 31_536_000, Rounding::Nearest).unwrap();
		let exact = Prepared::with_time(
			usual().strike,
			TimeToExpiry::from_seconds(seconds).unwrap(),
			usual().discount,
		)
		.unwrap();
		let rounded = Prepared::new(usual().strike, years, usual().discount).unwrap();
		let price = |series: Prepared| series.price(q("60000"), q("0.8"), Kind::Put).unwrap();
		let gap = price(exact).checked_sub(price(rounded)).unwrap();
		assert!(gap.to_bits().abs() < 1 << 24, "{seconds}: {}", gap.to_bits());
	}
	assert_eq!(TimeToExpiry::from_seconds(94_608_001), Err(MathError::OutOfDomain));
	assert!(TimeToExpiry::from_seconds(0).unwrap().is_over());
	assert!(!TimeToExpiry::from_seconds(1).unwrap().is_over());
	assert!(!TimeToExpiry::from_years_e18(31_709_791_984).unwrap().is_over());
	assert!(TimeToExpiry::from_years_e18(31_709_791_982).unwrap().is_over());
}

#[test]
fn prices_without_a_volatility_are_refused() {
	let imply = |price: &str, kind| {
		let Option76 { forward, strike, years, discount, .. } = usual();
		implied_volatility(q(price), forward, strike, years, discount, kind)
	};
	assert_eq!(imply("0", Kind::Call), Err(MathError::NoConvergence));
	assert_eq!(imply("59401", Kind::Call), Err(MathError::NoConvergence));
	assert_eq!(imply("9899", Kind::Put), Err(MathError::NoConvergence));
	assert_eq!(imply("59399", Kind::Call), Err(MathError::NoConvergence));
	let sigma = imply("4263.77784505063584497", Kind::Call).unwrap();
	let gap = sigma.checked_sub(q("0.65")).unwrap().to_bits().abs();
	assert!(gap < 1 << 10, "{gap}");
	let Option76 { forward, strike, discount, .. } = usual();
	assert_eq!(
		implied_volatility(q("1"), forward, strike, Q64::ZERO, discount, Kind::Call),
		Err(MathError::OutOfDomain)
	);
}

#[test]
fn decimal_arguments_are_taken_exactly() {
	let time = TimeToExpiry::from_years_e18(858_204_831_911).unwrap();
	// the delta of this option moves by 2e-14 when its forward is rounded to a Q64
	let (forward, strike) = (13_925_000_000_000_000, 13_925_156_907_766_401);
	let (volatility, discount) = (22_755_753_783_174_772, 999_999_875_287_509_998);
	let exact = Prepared::from_e18(strike, time, discount).unwrap();
	let greeks = exact.greeks_e18(forward, volatility, Kind::Call).unwrap();
	assert_eq!(exact.price_e18(forward, volatility, Kind::Call), Ok(greeks.price));
	let quote = exact.quote_e18(forward, volatility).unwrap();
	assert_eq!((quote.call, quote.delta, quote.vega), (greeks.price, greeks.delta, greeks.vega));
	assert_eq!(exact.price_e18(forward, volatility, Kind::Put), Ok(quote.put));
	let rounded = Prepared::with_time(e18(strike), time, e18(discount)).unwrap();
	let near = rounded.greeks(e18(forward), e18(volatility), Kind::Call).unwrap();
	let gap = greeks.delta.checked_sub(near.delta).unwrap().to_bits().abs();
	assert!((1 << 10..1 << 20).contains(&gap), "{gap}");
	// a hundred thousand times as much of everything is the same option, and resolves well in a Q64
	let large = Prepared::with_time(e18(strike * 100_000), time, e18(discount)).unwrap();
	let large = large.greeks(e18(forward * 100_000), e18(volatility), Kind::Call).unwrap();
	let gap = greeks.delta.checked_sub(large.delta).unwrap().to_bits().abs();
	assert!(gap < 80, "{gap}");
}
