use super::*;
use crate::E18;
use proptest::prelude::*;

mod published;

fn whole(value: i64) -> Q64 {
	Q64::from_int(value)
}

/// A decimal number with at most 18 decimals that matter.
fn number(text: &str) -> Q64 {
	let (mantissa, exponent) = match text.split_once(['e', 'E']) {
		Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().unwrap()),
		None => (text, 0),
	};
	assert_eq!(exponent, 0, "no exponents in these tables: {text}");
	let negative = mantissa.starts_with('-');
	let (units, decimals) = mantissa
		.trim_start_matches('-')
		.split_once('.')
		.unwrap_or((mantissa.trim_start_matches('-'), ""));
	let decimals = format!("{decimals:0<18}");
	let inner = units.parse::<i128>().unwrap() * E18 + decimals[..18].parse::<i128>().unwrap();
	Q64::from_e18(if negative { -inner } else { inner }).unwrap()
}

fn ratio(numerator: i128, denominator: i128) -> Q64 {
	Q64::from_ratio(numerator, denominator, Rounding::Nearest).unwrap()
}

/// Asserts `|a - b| <= units * 2^-64`.
#[track_caller]
fn assert_close(a: Q64, b: Q64, units: i128) {
	let gap = (a.to_bits() - b.to_bits()).abs();
	assert!(gap <= units, "{a:?} and {b:?} differ by {gap} units, allowed {units}");
}

/// One part in 10^12 of one, in units of 2^-64.
const TRILLIONTH: i128 = 1 << 24;
/// Rounding of one bid: a ledger unit is 18.4 units of 2^-64.
const BID_ROUNDING: i128 = 64;

fn default_curve() -> Curve {
	Curve { start: ratio(2, 100), fast: ratio(15, 100), fast_length: 900, full_length: 7_200 }
}

fn state(equity: Q64, maintenance: Q64, compensation: Q64) -> State {
	State {
		equity,
		maintenance,
		reserved: Q64::ZERO,
		buffer: ratio(15, 100),
		penalty: ratio(5, 100),
		compensation,
	}
}

/// What a bid of `share` leaves, for a portfolio worth `value`.
fn after(before: &State, share: Q64, value: Q64) -> (State, Fill) {
	let moved = share.checked_mul(value, Rounding::Nearest).unwrap();
	let requirement = share.checked_mul(before.maintenance, Rounding::Nearest).unwrap();
	let fill = before.fill(share, moved, requirement).unwrap();
	let bits = before.equity.to_bits() - moved.to_bits() + fill.payment.to_bits()
		- fill.penalty.to_bits()
		+ fill.deficit.to_bits();
	let next = State {
		equity: Q64::from_bits(bits),
		maintenance: before.maintenance.checked_sub(requirement).unwrap(),
		reserved: before.reserved_after(share).unwrap(),
		..*before
	};
	(next, fill)
}

#[test]
fn the_default_curve_has_its_published_points() {
	let curve = default_curve();
	assert_eq!(curve.compensation(0), Ok(ratio(2, 100)));
	assert_close(curve.compensation(450).unwrap(), ratio(85, 1_000), 3);
	assert_close(curve.compensation(900).unwrap(), ratio(15, 100), 1);
	assert_close(curve.compensation(4_050).unwrap(), ratio(575, 1_000), 3);
	assert_eq!(curve.compensation(7_200), Ok(Q64::ONE));
	assert_eq!(curve.compensation(u64::MAX), Ok(Q64::ONE));
}

#[test]
fn a_curve_without_lengths_is_one_at_once() {
	let curve = Curve { fast_length: 0, full_length: 0, ..default_curve() };
	assert_eq!(curve.compensation(0), Ok(Q64::ONE));
	let curve = Curve { fast_length: 0, ..default_curve() };
	assert_eq!(curve.compensation(0), Ok(ratio(15, 100)));
}

/// Equity 90, requirement 100, five minutes in: g = 0.02 + 0.13 / 3 = 0.06333...
/// BX = 90 - 115 = -25; f = 25 / (115 - 6.3333 - 5) = 0.241157556...
#[test]
fn a_solvent_account_is_sold_up_to_its_buffer() {
	let g = default_curve().compensation(300).unwrap();
	let before = state(whole(90), whole(100), g);
	let f = before.largest_share().unwrap();
	assert_close(f, ratio(75, 311), 8);
	let (next, fill) = after(&before, f, whole(-400));
	assert!(fill.deficit.is_zero());
	// p pi M = 5 f, and the bidder gains p g M.
	assert_close(fill.penalty, ratio(375, 311), BID_ROUNDING);
	assert_close(fill.compensation, ratio(75 * 19, 311 * 3), BID_ROUNDING);
	assert_close(next.buffered_excess().unwrap(), Q64::ZERO, 16 * BID_ROUNDING);
	assert_eq!(next.largest_share().unwrap().to_bits() >> 40, 0, "nothing worth selling is left");
}

/// Equity 10, requirement 100, g = 0.5: the bidder needs 50 for the whole, the account has 10.
#[test]
fn own_equity_bears_the_compensation_before_anybody_else() {
	let before = state(whole(10), whole(100), ratio(1, 2));
	assert_eq!(before.largest_share(), Ok(Q64::ONE));
	assert_eq!(before.price_of_whole(), Ok(whole(-40)));
	let (next, fill) = after(&before, ratio(1, 10), whole(-30));
	assert_eq!((fill.deficit, fill.penalty), (Q64::ZERO, Q64::ZERO));
	assert_close(fill.payment, whole(-8), BID_ROUNDING);
	assert_close(next.equity, whole(5), BID_ROUNDING);
	let (next, fill) = after(&before, Q64::ONE, whole(-30));
	assert_eq!((fill.payment, fill.deficit, fill.penalty), (whole(-80), whole(40), Q64::ZERO));
	assert_eq!((next.equity, next.maintenance), (Q64::ZERO, Q64::ZERO));
}

#[test]
fn a_bankrupt_bid_leaves_the_rest_no_worse_pro_rata() {
	let before = state(whole(-40), whole(100), ratio(1, 4));
	assert_eq!(before.largest_share(), Ok(Q64::ONE));
	let (next, fill) = after(&before, ratio(1, 4), whole(-200));
	// A quarter of 25 for the bidder and of 40 of debt.
	assert_close(fill.deficit, ratio(65, 4), BID_ROUNDING);
	assert_close(next.equity, whole(-30), BID_ROUNDING);
	assert_eq!(next.maintenance, whole(75));
}

#[test]
fn an_account_without_requirement_is_sold_whole_and_its_debt_borne() {
	let before = state(whole(-3), Q64::ZERO, Q64::ONE);
	assert_eq!(before.largest_share(), Ok(Q64::ONE));
	let (next, fill) = after(&before, Q64::ONE, whole(7));
	assert_eq!((fill.payment, fill.deficit, next.equity), (whole(7), whole(3), Q64::ZERO));
}

#[test]
fn a_healthy_account_has_nothing_to_sell() {
	assert_eq!(state(whole(115), whole(100), ratio(1, 2)).largest_share(), Ok(Q64::ZERO));
}

#[test]
fn numbers_beyond_the_range_are_errors() {
	let before = state(Q64::MIN, whole(i64::MAX), Q64::ONE);
	assert_eq!(before.excess(), Err(MathError::Overflow));
	assert_eq!(before.largest_share(), Err(MathError::Overflow));
	assert_eq!(before.price_of_whole(), Err(MathError::Overflow));
	assert_eq!(before.fill(Q64::ONE, whole(1), whole(1)), Err(MathError::Overflow));
	assert_eq!(
		compensation_of_discount(whole(1), Q64::ZERO, Q64::ZERO, Q64::ZERO),
		Err(MathError::DivisionByZero)
	);
}

/// Up to nine digits and a scale, so that large and small accounts are both seen.
fn money() -> impl Strategy<Value = Q64> {
	(1i128..1_000_000_000, 0u32..16).prop_map(|(digits, scale)| {
		Q64::from_e18(digits * 10i128.pow(scale)).expect("below 1e25 / 1e18")
	})
}

fn share() -> impl Strategy<Value = Q64> {
	(1i128..=1_000_000).prop_map(|part| ratio(part, 1_000_000))
}

/// An account below its buffer: requirement, equity from -2 M to 1.15 M, any time of the curve.
fn failing() -> impl Strategy<Value = State> {
	(money(), -2_000_000i128..1_150_000, 0u64..8_000).prop_map(|(maintenance, level, elapsed)| {
		let equity = maintenance.checked_mul(ratio(level, 1_000_000), Rounding::Floor).unwrap();
		state(equity, maintenance, default_curve().compensation(elapsed).unwrap())
	})
}

/// The same with equity below zero.
fn insolvent() -> impl Strategy<Value = State> {
	failing().prop_map(|before| {
		let magnitude = before.equity.checked_abs().unwrap().max(Q64::from_bits(1 << 20));
		State { equity: magnitude.checked_neg().unwrap(), ..before }
	})
}

/// Errors of products grow with the amounts: one unit per unit of money, and the bid's.
fn tolerance(before: &State) -> i128 {
	BID_ROUNDING * 4 + 4 * (before.maintenance.to_bits() >> 62)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

	#[test]
	fn compensation_never_falls(a in 0u64..10_000, b in 0u64..10_000) {
		let curve = default_curve();
		let (early, late) = (a.min(b), a.max(b));
		prop_assert!(curve.compensation(early).unwrap() <= curve.compensation(late).unwrap());
		prop_assert!(curve.compensation(early).unwrap() >= curve.start);
		prop_assert!(curve.compensation(late).unwrap() <= Q64::ONE);
	}

	#[test]
	fn the_largest_share_just_restores_the_buffer(before in failing(), value in -9i64..9) {
		let f = before.largest_share().unwrap();
		prop_assert!(f.is_positive() && f <= Q64::ONE);
		let (next, fill) = after(&before, f, whole(value));
		let left = next.buffered_excess().unwrap().to_bits();
		if f < Q64::ONE {
			prop_assert!(fill.deficit.is_zero());
			prop_assert!(left.abs() <= tolerance(&before), "BX' = {left}");
		} else {
			prop_assert!(next.maintenance.is_zero());
			prop_assert!(left >= 0, "BX' = {left}");
		}
	}

	/// With any rates: a bid of share p raises BX by p ((1 + b) M - g M - P) and what others bear, so
	/// strictly wherever that can be told from rounding.
	#[test]
	fn each_bid_raises_the_buffered_excess(
		mut before in failing(), part in share(), buffer in 0i128..50, penalty in 0i128..50,
	) {
		before.buffer = ratio(buffer, 100);
		before.penalty = ratio(penalty, 100);
		// A smaller buffer may be intact: then it is missing a little.
		if !before.buffered_excess().unwrap().is_negative() {
			before.equity = before.maintenance;
			before.buffer = ratio(1, 100);
		}
		let (_, full) = after(&before, Q64::ONE, whole(1));
		let buffered = before.buffer.checked_mul(before.maintenance, Rounding::Floor).unwrap();
		let of_whole = before.maintenance.to_bits() + buffered.to_bits()
			- full.compensation.to_bits()
			- full.penalty.to_bits();
		let rise = Q64::from_bits(of_whole).checked_mul(part, Rounding::Floor).unwrap().to_bits();
		let (next, _) = after(&before, part, whole(1));
		let (was, is) = (before.buffered_excess().unwrap(), next.buffered_excess().unwrap());
		let slack = tolerance(&before);
		prop_assert!(of_whole >= -slack, "P never exceeds what the curve leaves");
		prop_assert!(is.to_bits() - was.to_bits() >= rise - slack, "{was:?} -> {is:?}");
		prop_assert!(rise <= slack || is > was, "{was:?} -> {is:?}");
	}

	/// The other half of "if and only if": without a deficit BX moves by p ((1 + b) M - g M - P).
	#[test]
	fn a_bid_lowers_the_buffered_excess_where_the_rates_exceed_the_buffer(part in share()) {
		let before = State {
			buffer: Q64::ZERO, penalty: ratio(30, 100), ..state(whole(140), whole(100), ratio(9, 10))
		};
		let (next, fill) = after(&before, part, whole(1));
		prop_assert!(fill.deficit.is_zero());
		prop_assert!(next.buffered_excess().unwrap() < before.buffered_excess().unwrap());
	}

	#[test]
	fn the_penalty_never_causes_a_deficit(mut before in failing(), part in share(), penalty in 0i128..300) {
		before.penalty = ratio(penalty, 100);
		let (next, fill) = after(&before, part, whole(5));
		prop_assert!(!fill.penalty.is_negative() && !fill.deficit.is_negative());
		prop_assert!(fill.deficit.is_zero() || fill.penalty.is_zero());
		if !before.equity.is_negative() {
			prop_assert!(next.equity.to_bits() >= -1, "own equity bears no more than all of it");
		}
	}

	#[test]
	fn below_zero_the_rest_is_no_worse_pro_rata(before in insolvent(), part in share()) {
		let (next, fill) = after(&before, part, whole(11));
		let rest = Q64::ONE.checked_sub(part).unwrap();
		let expected = before.equity.checked_mul(rest, Rounding::Nearest).unwrap();
		assert_close(next.equity, expected, tolerance(&before));
		prop_assert!(next.equity.to_bits() <= 1, "a bid never makes a defaulter rich");
		prop_assert!(fill.penalty.is_zero());
		prop_assert!(next.reserved.is_zero());
	}

	#[test]
	fn below_zero_the_price_runs_from_the_debt_to_the_shortfall(before in insolvent()) {
		let at = |g: Q64| State { compensation: g, ..before }.price_of_whole().unwrap();
		prop_assert_eq!(at(Q64::ZERO), before.equity);
		prop_assert_eq!(at(Q64::ONE), before.excess().unwrap());
		prop_assert!(at(before.compensation) <= before.equity);
		prop_assert!(at(before.compensation) >= before.excess().unwrap());
	}

	/// The price of the whole falls with equity one to one, through zero as elsewhere, and with time.
	#[test]
	fn the_price_is_one_line_through_zero_equity(
		before in failing(), hair in 1i128..1 << 70, elapsed in 0u64..8_000, later in 0u64..8_000,
	) {
		let price = |equity: i128, seconds: u64| {
			let compensation = default_curve().compensation(seconds).unwrap();
			let state = State { equity: Q64::from_bits(equity), compensation, ..before };
			state.price_of_whole().unwrap().to_bits()
		};
		prop_assert_eq!(price(hair, elapsed) - price(0, elapsed), hair);
		prop_assert_eq!(price(0, elapsed) - price(-hair, elapsed), hair);
		prop_assert!(price(hair, elapsed + later) <= price(hair, elapsed));
	}

	/// A hair above and a hair below zero equity the same bid moves the same money.
	#[test]
	fn a_bid_is_continuous_through_zero_equity(mut before in failing(), part in share()) {
		let hair = 1i128 << 20;
		before.equity = Q64::from_bits(hair);
		let (above, fill_above) = after(&before, part, whole(3));
		before.equity = Q64::from_bits(-hair);
		let (below, fill_below) = after(&before, part, whole(3));
		let near = 4 * hair + tolerance(&before);
		assert_close(fill_above.payment, fill_below.payment, near);
		assert_close(fill_above.deficit, fill_below.deficit, near);
		assert_close(fill_above.penalty, fill_below.penalty, near);
		assert_close(above.equity, below.equity, near);
	}

	/// What bidder, funds and waterfall gain and lose adds up to the account's change, exactly.
	#[test]
	fn money_is_conserved(before in failing(), part in share(), value in -1_000i64..1_000) {
		let value = whole(value);
		let (next, fill) = after(&before, part, value);
		let moved = part.checked_mul(value, Rounding::Nearest).unwrap();
		let bidder = moved.to_bits() - fill.payment.to_bits();
		prop_assert_eq!(bidder, fill.compensation.to_bits());
		let account = next.equity.to_bits() - before.equity.to_bits();
		let others = bidder + fill.penalty.to_bits() - fill.deficit.to_bits();
		prop_assert_eq!(account + others, 0);
	}

	/// Paying for a share of everything (free cash included) or for the assets alone is the same.
	#[test]
	fn both_readings_of_the_price_agree(
		mut before in failing(), part in share(), value in -1_000i64..1_000, reserved in 0i64..1_000,
	) {
		before.reserved = whole(reserved);
		let value = whole(value);
		let cash = before.equity.checked_sub(value).unwrap();
		let free = cash.checked_sub(before.reserved).unwrap();
		let gross = part.checked_mul(before.price_of_whole().unwrap(), Rounding::Nearest).unwrap();
		let taken = part.checked_mul(free, Rounding::Nearest).unwrap();
		let (_, fill) = after(&before, part, value);
		assert_close(gross.checked_sub(taken).unwrap(), fill.payment, tolerance(&before));
		// and no share depends on R
		prop_assert_eq!(
			before.largest_share(),
			State { reserved: Q64::ZERO, ..before }.largest_share()
		);
	}

	/// Half bids come to an end as one bid does: the buffer is restored and never overshot.
	#[test]
	fn bids_in_parts_end_where_one_bid_ends(before in failing()) {
		let mut now = before;
		for _ in 0..80 {
			let f = now.largest_share().unwrap();
			let half = f.checked_mul(ratio(1, 2), Rounding::Ceil).unwrap();
			let (next, _) = after(&now, half, whole(2));
			prop_assert!(next.buffered_excess().unwrap().to_bits() <= tolerance(&before));
			now = next;
		}
		let dust = before.maintenance.to_bits() >> 40;
		prop_assert!(now.buffered_excess().unwrap().to_bits() >= -dust - tolerance(&before));
	}
}
