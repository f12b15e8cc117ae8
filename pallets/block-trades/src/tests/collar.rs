use super::*;
use ballast_math::{
	american,
	black76::{self, Kind, Option76},
	fixed::{Rounding, Q64},
	kernels::exp,
};
use ballast_primitives::{params::TradeRules, time::years_between, Rate};
use proptest::prelude::*;

/// What two ways of computing a price may differ by: 1e-8. A second before expiry the ledger's
/// volatility, the root of a variance of 64 fractional bits, is good to 1e-10 only.
const SLACK: u128 = 10_000_000_000;

fn close(got: Price, expected: Price) -> bool {
	got.into_inner().abs_diff(expected.into_inner()) <= SLACK
}

/// Black-76 on a forward that is spot, not discounted.
fn black(kind: Kind, spot: u64, strike: u64, percent: u32) -> Price {
	let option = Option76 {
		forward: price(spot).to_q64().unwrap(),
		strike: price(strike).to_q64().unwrap(),
		volatility: Volatility::from_percent(percent).to_q64().unwrap(),
		years: years_between(0, 30 * DAY),
		discount: Q64::ONE,
	};
	Price::from_q64(black76::price(&option, kind).unwrap(), Rounding::Nearest).unwrap()
}

fn percent(price: Price, percent: u32) -> Price {
	price.times_floor(Ratio::from_percent(percent)).unwrap()
}

#[test]
fn a_dear_option_has_a_tenth_of_its_mark() {
	execute(|| {
		let mark = black(Kind::Call, 30_000, 30_000, 80);
		let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
		assert!(close(low, percent(mark, 90)) && close(high, percent(mark, 110)));
		// The figure of a textbook: 0.4 S sigma sqrt(T).
		assert!((price(2_700)..price(2_760)).contains(&mark));
	});
}

#[test]
fn where_volatility_is_low_two_points_of_it_are_more() {
	execute(|| {
		set_volatility(Volatility::from_percent(15));
		let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
		assert!(close(low, black(Kind::Call, 30_000, 30_000, 13)));
		assert!(close(high, black(Kind::Call, 30_000, 30_000, 17)));
		let mark = black(Kind::Call, 30_000, 30_000, 15);
		assert!(low < percent(mark, 90) && high > percent(mark, 110));
		set_volatility(Volatility::from_percent(30));
		let Collar { low, high } = BlockTrades::collar(PUT).unwrap();
		assert!(close(low, black(Kind::Put, 30_000, 27_000, 28)));
		assert!(close(high, black(Kind::Put, 30_000, 27_000, 32)));
	});
}

#[test]
fn each_width_is_governed() {
	execute(|| {
		let mark = black(Kind::Call, 30_000, 30_000, 80);
		let none = TradeRules {
			collar_share: Ratio::ZERO,
			collar_volatility: Volatility::ZERO,
			collar_tick: Ratio::ZERO,
			..Default::default()
		};
		set_trade_rules(TradeRules { collar_share: Ratio::from_percent(25), ..none.clone() });
		let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
		assert!(close(low, percent(mark, 75)) && close(high, percent(mark, 125)));
		set_trade_rules(TradeRules {
			collar_volatility: Volatility::from_percent(7),
			..none.clone()
		});
		let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
		assert!(close(low, black(Kind::Call, 30_000, 30_000, 73)));
		assert!(close(high, black(Kind::Call, 30_000, 30_000, 87)));
		set_trade_rules(TradeRules { collar_tick: Ratio::from_basis_points(4), ..none });
		let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
		assert!(close(low, mark.checked_sub(price(12)).unwrap()));
		assert!(close(high, mark.checked_add(price(12)).unwrap()));
	});
}

#[test]
fn a_worthless_option_may_be_traded_at_nothing_or_at_a_tick() {
	execute(|| {
		set_volatility(Volatility::from_percent(15));
		let Collar { low, high } = BlockTrades::collar(FAR).unwrap();
		assert_eq!(low, Price::ZERO);
		assert!(close(high, price(3)));
	});
}

#[test]
fn an_american_option_has_one_from_below_its_lower_to_above_its_upper_bound() {
	execute(|| {
		set_rate(Rate::from_basis_points(2_000));
		set_spot(Ratio::ONE);
		let option = american::American {
			spot: price(2_000).to_q64().unwrap(),
			strike: price(2_600).to_q64().unwrap(),
			volatility: Volatility::from_percent(80).to_q64().unwrap(),
			years: years_between(0, 30 * DAY),
			rate: Rate::from_basis_points(2_000).to_q64().unwrap(),
			carry: Q64::ZERO,
		};
		let bounds = american::bounds(&option, Kind::Put).unwrap();
		let bound = |bound| Price::from_q64(bound, Rounding::Nearest).unwrap();
		let (lower, upper) = (bound(bounds.lower), bound(bounds.upper));
		assert!(price(600) < lower && lower < upper, "{lower:?} {upper:?}");
		let Collar { low, high } = BlockTrades::collar(AMERICAN).unwrap();
		assert!(close(low, percent(lower, 90)), "{low:?} {lower:?}");
		assert!(close(high, percent(upper, 110)), "{high:?} {upper:?}");
	});
}

#[test]
fn in_the_settlement_window_it_is_around_what_is_averaged() {
	execute(|| {
		pass(30 * DAY - 1);
		set_averaging(Averaging { fixed: price(31_000), share: Ratio::ZERO });
		let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
		assert!(close(low, price(900)) && close(high, price(1_100)), "{low:?} {high:?}");
		let Collar { low, high } = BlockTrades::collar(PUT).unwrap();
		assert!(low.is_zero() && close(high, price(3)), "{low:?} {high:?}");
	});
}

#[test]
fn without_a_live_series_and_a_usable_price_there_is_none() {
	execute(|| {
		let refused = |id, error: Error<Test>| {
			assert_eq!(BlockTrades::collar(id), Err(error.into()));
		};
		refused(NONE, Error::<Test>::SeriesUnknown);
		set_usable(false);
		refused(CALL, Error::<Test>::PriceStale);
		set_usable(true);
		pass(2 * DAY);
		refused(SOON, Error::<Test>::SeriesExpired);
	});
}

/// A market, and when it is.
#[derive(Clone, Copy, Debug)]
struct Market {
	/// Share of the start's spot, in basis points.
	spot: u32,
	/// Interest rate a year in basis points; the forward is spot.
	rate: i32,
	years: Q64,
}

/// Spot price of the underlying of a series in a market.
fn spot_of(id: SeriesId, market: &Market) -> Price {
	let whole = if id == AMERICAN { 2_000 } else { 30_000 };
	price(whole).times_floor(Ratio::from_basis_points(market.spot)).unwrap()
}

/// What a contract is worth at least and at most, by other entrances to the mathematics than the
/// ledger's, at a volatility held within [0.01, 10].
fn value(id: SeriesId, market: &Market, percent: u32) -> (Price, Price) {
	let (kind, strike) = match id {
		CALL => (Kind::Call, 30_000),
		PUT => (Kind::Put, 27_000),
		FAR => (Kind::Call, 300_000),
		_ => (Kind::Put, 2_600),
	};
	let spot = spot_of(id, market).to_q64().unwrap();
	let strike = price(strike).to_q64().unwrap();
	let volatility = Volatility::from_percent(percent.clamp(1, 1_000)).to_q64().unwrap();
	let rate = Rate::from_basis_points(market.rate).to_q64().unwrap();
	let years = market.years;
	let in_price = |value| Price::from_q64(value, Rounding::Nearest).unwrap();
	if id == AMERICAN {
		let carry = Q64::ZERO;
		let option = american::American { spot, strike, volatility, years, rate, carry };
		let bounds = american::bounds(&option, kind).unwrap();
		return (in_price(bounds.lower), in_price(bounds.upper));
	}
	let exponent = rate.checked_mul(years, Rounding::Nearest).unwrap();
	let discount = exp(exponent.checked_neg().unwrap()).unwrap();
	let option = Option76 { forward: spot, strike, volatility, years, discount };
	let value = in_price(black76::price(&option, kind).unwrap());
	(value, value)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

	#[test]
	fn it_is_what_the_rules_say_in_any_market(
		spot in 1_000u32..40_000, percent in 1u32..1_000, rate in 0i32..10_000,
		waits in 0u64..30 * DAY,
		id in prop_oneof![Just(CALL), Just(PUT), Just(FAR), Just(AMERICAN)],
	) {
		execute(|| {
			pass(waits);
			set_spot(Ratio::from_basis_points(spot));
			set_volatility(Volatility::from_percent(percent));
			set_rate(Rate::from_basis_points(rate));
			let years = years_between(waits, 30 * DAY);
			let market = Market { spot, rate, years };
			let tick = spot_of(id, &market).times_floor(Ratio::from_basis_points(1)).unwrap();
			let (lower, upper) = value(id, &market, percent);
			let (calm, _) = value(id, &market, percent.saturating_sub(2));
			let (_, wild) = value(id, &market, percent + 2);
			let less = lower.into_inner().saturating_sub(tick.into_inner());
			let lowest = self::percent(lower, 90).min(calm).min(Price::from_inner(less));
			let highest = self::percent(upper, 110).max(wild).max(upper.checked_add(tick).unwrap());
			let Collar { low, high } = BlockTrades::collar(id).unwrap();
			assert!(close(low, lowest), "{market:?} at {percent}%: {low:?} {lowest:?}");
			assert!(close(high, highest), "{market:?} at {percent}%: {high:?} {highest:?}");
		});
	}

	/// Also where no formula has a value of its own.
	#[test]
	fn there_is_one_in_any_market_that_margin_has_a_number_for(
		spot in 1u32..u32::MAX, percent in 1u32..1_000, rate in -2_000i32..10_000,
		waits in 0u64..30 * DAY, share in 0u32..=10_000, fixed in 0u64..100_000,
		averaged in any::<bool>(),
		id in prop_oneof![Just(CALL), Just(PUT), Just(FAR), Just(AMERICAN)],
	) {
		execute(|| {
			pass(waits);
			set_spot(Ratio::from_basis_points(spot));
			set_volatility(Volatility::from_percent(percent));
			set_rate(Rate::from_basis_points(rate));
			if averaged {
				let share = Ratio::from_basis_points(share);
				set_averaging(Averaging { fixed: price(fixed), share });
			}
			let Collar { low, high } = BlockTrades::collar(id).unwrap();
			assert!(low < high, "{low:?} {high:?}");
		});
	}
}
