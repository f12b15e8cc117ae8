use super::*;
use ballast_primitives::params::PoolRules;

/// Independent of the kernel: Black-Scholes in floating point with the error function of Abramowitz
/// and Stegun 7.1.26 (absolute error 1.5e-7).
fn call_in_floats(spot: f64, strike: f64, vol: f64, years: f64) -> (f64, f64, f64) {
	let phi = |x: f64| {
		let z = x.abs() / 2f64.sqrt();
		let t = 1.0 / (1.0 + 0.3275911 * z);
		let poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
			+ 0.254829592)
			* t;
		let erf = 1.0 - poly * (-z * z).exp();
		if x >= 0.0 {
			0.5 * (1.0 + erf)
		} else {
			0.5 * (1.0 - erf)
		}
	};
	let v = vol * years.sqrt();
	let d1 = (spot / strike).ln() / v + v / 2.0;
	let density = (-d1 * d1 / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
	let price = spot * phi(d1) - strike * phi(d1 - v);
	(price, phi(d1), spot * density * years.sqrt())
}

fn f(inner: i128) -> f64 {
	inner as f64 / 1e18
}

#[test]
fn a_quote_is_mark_and_the_greatest_spread() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let got = RiskPool::quote(CALL, shares(2)).unwrap();
		let years = ((START + 30 * DAY - now()) as f64) / 365.0 / 86_400.0;
		let (mark, delta, vega) = call_in_floats(30_000.0, 30_000.0, 0.8, years);
		assert!((f(got.mark.into_inner() as i128) - mark).abs() < 0.02, "{got:?} {mark}");
		assert!((f(got.delta.into_inner()) - delta).abs() < 1e-6);
		assert!((f(got.vega.into_inner()) - vega).abs() < 0.01);
		assert_eq!(got.volatility, ballast_primitives::Volatility::from_percent(80));
		// Two per cent of mark, one point of vega, three basis points of spot.
		assert!((f(got.spread_of_mark.into_inner() as i128) - 0.02 * mark).abs() < 0.001);
		assert!((f(got.spread_of_volatility.into_inner() as i128) - 0.01 * vega).abs() < 0.001);
		// The rule is not a binary fraction: 2^-65 of it, times spot, is 8e-16.
		assert!(got.spread_of_spot.into_inner().abs_diff(9 * 10u128.pow(18)) < 1_000);
		assert_eq!(got.spread, got.spread_of_mark.max(got.spread_of_volatility));
		assert_eq!(got.buy_premium, got.ask.value_ceil(shares(2)).unwrap());
		assert_eq!(got.sell_premium, got.bid.value_floor(shares(2)).unwrap());
		let both = got.ask.checked_sub(got.bid).unwrap().into_inner();
		assert!(both.abs_diff(2 * got.spread.into_inner()) <= 3);
		assert!(got.can_buy && got.can_sell);
	});
}

#[test]
fn selling_what_was_just_bought_loses_two_spreads() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let got = RiskPool::quote(PUT, shares(1)).unwrap();
		assert!(got.delta.is_negative());
		let lost = got.buy_premium.checked_sub(got.sell_premium).unwrap();
		assert!(lost.into_inner() as u128 >= 2 * got.spread.into_inner() - 2);
	});
}

#[test]
fn what_the_pool_does_not_quote_is_refused_by_name() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let refused = |id, quantity, error: Error<Test>| {
			assert_eq!(RiskPool::quote(id, quantity).unwrap_err(), error.into());
		};
		refused(CALL, shares(0), Error::<Test>::QuantityTooSmall);
		refused(CALL, shares(-1), Error::<Test>::QuantityTooSmall);
		refused(ballast_primitives::SeriesId(99), shares(1), Error::<Test>::SeriesUnknown);
		refused(FAR, shares(1), Error::<Test>::OutsideQuotedDelta);
		set_usable(false);
		refused(CALL, shares(1), Error::<Test>::PriceStale);
		set_usable(true);
		tick(30 * DAY - 3_600 - (now() - START));
		refused(CALL, shares(1), Error::<Test>::TooCloseToExpiry);
		tick(3_600);
		refused(CALL, shares(1), Error::<Test>::SeriesExpired);
	});
}

#[test]
fn the_last_moment_that_is_quoted_is_a_second_before_the_rule() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		tick(30 * DAY - 3_601 - (now() - START));
		assert_ok!(RiskPool::quote(CALL, shares(1)));
	});
}

#[test]
fn the_band_of_delta_is_governed() {
	ExtBuilder::default().provided(1_000_000).build_and_execute(|| {
		let all = PoolRules { delta_min: Ratio::ZERO, delta_max: Ratio::ONE, ..rules() };
		set_rules(all);
		let far = RiskPool::quote(FAR, shares(1)).unwrap();
		// Worth next to nothing: the spread is of spot, and there is no bid.
		assert_eq!(far.spread, far.spread_of_spot);
		assert_eq!(far.bid, Price::ZERO);
		assert_eq!(far.sell_premium, usd(0));
	});
}

#[test]
fn capacity_is_said_per_side() {
	// Capital of 100,000 carries a stress loss of 50,000: five contracts.
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-4))]);
		let got = RiskPool::quote(CALL, shares(2)).unwrap();
		assert!(!got.can_buy && got.can_sell);
		let got = RiskPool::quote(CALL, shares(1)).unwrap();
		assert!(got.can_buy && got.can_sell);
	});
}
