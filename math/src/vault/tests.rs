use super::*;
use crate::{black76::Kind, fixed::Q64};
use core::cmp::Ordering;
use num_bigint::{BigInt, BigUint};
use proptest::prelude::*;

const YEAR: u64 = YEAR_SECONDS;

fn pot(assets: u128, shares: u128) -> Pot {
	Pot { assets, shares }
}

/// Amounts of any size that leave room for a sum.
fn amount() -> impl Strategy<Value = u128> {
	(0u32..120).prop_flat_map(|bits| 0..=(1u128 << bits))
}

fn positive() -> impl Strategy<Value = u128> {
	amount().prop_map(|amount| amount.max(1))
}

fn any_pot() -> impl Strategy<Value = Pot> {
	(positive(), positive()).prop_map(|(assets, shares)| pot(assets, shares))
}

fn any_kind() -> impl Strategy<Value = Kind> {
	prop_oneof![Just(Kind::Call), Just(Kind::Put)]
}

fn big(value: u128) -> BigUint {
	BigUint::from(value)
}

#[test]
fn the_first_share_is_worth_one_whole_asset_whatever_its_decimals() {
	for decimals in [6u32, 8, 10, 12, 18] {
		let first = 10u128.pow(18 - decimals);
		let paid = 25 * 10u128.pow(decimals);
		let shares = Pot::default().shares_floor(paid, first).unwrap();
		assert_eq!(shares, 25 * ONE);
		assert_eq!(pot(paid, shares).assets_floor(shares), Ok(paid));
	}
}

#[test]
fn shares_that_lost_everything_take_no_deposit() {
	assert_eq!(pot(0, 7).shares_floor(1, 1), Err(MathError::DivisionByZero));
	assert_eq!(pot(0, 7).assets_floor(7), Ok(0));
	assert_eq!(pot(7, 0).assets_floor(1), Err(MathError::DivisionByZero));
	assert_eq!(pot(7, 0).assets_floor(0), Ok(0));
	assert_eq!(pot(1, 0).shares_floor(u128::MAX, 2), Err(MathError::Overflow));
}

#[test]
fn a_pot_without_shares_orders_below_every_price() {
	let (none, worthless, one) = (pot(5, 0), pot(0, 3), pot(3, 3));
	assert_eq!(none.cmp_price(&worthless), Ordering::Less);
	assert_eq!(one.cmp_price(&none), Ordering::Greater);
	assert_eq!(none.cmp_price(&Pot::default()), Ordering::Equal);
	assert_eq!(worthless.cmp_price(&one), Ordering::Less);
}

#[test]
fn fees_of_a_worked_example() {
	// 2% a year on 1,000 for a week of seven days
	let week = management_fee(1_000_000_000, ONE / 50, 7 * 86_400).unwrap();
	assert_eq!(week, 1_000_000_000 / 50 * 7 / 365);
	// a price that rose from 1.00 to 1.10 above a mark of 1.04: a fifth of 0.06 for each of 1,000 shares
	let fee = performance_fee(pot(1_100, 1_000), pot(104, 100), ONE / 5).unwrap();
	assert_eq!(fee, 12);
	assert_eq!(performance_fee(pot(1_100, 1_000), Pot::default(), ONE / 5), Ok(0));
	assert_eq!(performance_fee(pot(9, u128::MAX), pot(u128::MAX, 1), ONE), Ok(0));
}

#[test]
fn an_auction_goes_down_a_line() {
	let curve = DutchCurve { start: 300, end: 90, length: 600 };
	let prices = [0, 300, 599, 600, u64::MAX].map(|elapsed| curve.price_at(elapsed));
	assert_eq!(prices, [300, 195, 91, 90, 90]);
	assert_eq!(DutchCurve { length: 0, ..curve }.price_at(0), 90);
	assert_eq!(DutchCurve { start: 10, ..curve }.price_at(0), 90);
}

#[test]
fn strikes_at_a_distance() {
	let at = |kind, distance| strike_at_distance(kind, 100_500, 1_000, distance);
	assert_eq!(at(Kind::Call, ONE / 10), Some(111_000));
	assert_eq!(at(Kind::Put, ONE / 10), Some(90_000));
	assert_eq!((at(Kind::Call, 0), at(Kind::Put, 0)), (Some(101_000), Some(100_000)));
	assert_eq!((at(Kind::Put, ONE), at(Kind::Put, 2 * ONE)), (None, None));
	assert_eq!(strike_at_distance(Kind::Put, 999, 1_000, 0), None);
	assert_eq!(strike_at_distance(Kind::Call, 999, 0, 0), None);
}

#[test]
fn a_search_without_a_strike_finds_none() {
	let none = |kind, spot, step| {
		strike_for_delta(kind, spot, step, ONE, |_| Ok::<_, ()>(0)).unwrap().is_none()
	};
	assert!(none(Kind::Call, 100, 0) && none(Kind::Put, 100, 0));
	assert!(none(Kind::Call, 0, 1) && none(Kind::Put, 0, 1));
	assert!(none(Kind::Call, 100, 1_001) && none(Kind::Put, 100, 101));
	// even the furthest has more
	let far = strike_for_delta(Kind::Call, 100, 1, 5, |_| Ok::<_, ()>(6));
	assert_eq!(far, Ok(None));
	assert_eq!(strike_for_delta(Kind::Put, 100, 1, 5, |_| Err("no price")), Err("no price"));
}

/// `delta` of a strike that falls with distance from spot.
fn falling(spot: u128, strike: u128) -> u128 {
	mul_div_floor(ONE / 2, spot.min(strike), spot.max(strike)).unwrap()
}

#[test]
fn yields_that_are_known() {
	let yearly = |first, last, seconds| annualised(first, last, seconds);
	let (one, two) = (pot(5, 5), pot(10, 5));
	assert_eq!(yearly(one, pot(7, 7), 60), Ok(Q64::ZERO));
	assert_eq!(yearly(one, pot(0, 5), 60), Ok(Q64::from_int(-1)));
	assert_eq!(yearly(one, two, 0), Err(MathError::DivisionByZero));
	assert_eq!(yearly(pot(0, 5), two, 9), Err(MathError::DivisionByZero));
	assert_eq!(yearly(one, pot(5, 0), 9), Err(MathError::DivisionByZero));
	// sixteenfold in four years
	let doubled = yearly(one, pot(80, 5), 4 * YEAR).unwrap().checked_sub(Q64::ONE).unwrap();
	assert!(doubled.to_bits().abs() <= 27, "1.4e-18");
	assert_eq!(yearly(one, two, YEAR / 64), Err(MathError::Overflow));
	assert_eq!(yearly(one, pot(u128::MAX, 5), YEAR), Err(MathError::Overflow));
}

/// `floor((last / first)^power 2^200)`.
fn exact(first: Pot, last: Pot, power: u32) -> BigInt {
	let above = (big(last.assets) * big(first.shares)).pow(power);
	let below = (big(last.shares) * big(first.assets)).pow(power);
	BigInt::from((above << 200u32) / below)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

	#[test]
	fn a_deposit_that_goes_out_again_never_gains(
		before in any_pot(), paid in amount(), first in 1..=10u128.pow(12)
	) {
		let paid = paid.min(mul_div_floor(before.assets, 1 << 125, before.shares).unwrap_or(u128::MAX));
		let minted = before.shares_floor(paid, first).unwrap();
		let after = pot(before.assets + paid, before.shares + minted);
		prop_assert!(before.assets_floor(minted).unwrap() <= paid);
		prop_assert!(after.assets_floor(minted).unwrap() <= paid);
		// those who were there lose nothing
		prop_assert!(after.cmp_price(&before) != Ordering::Less);
	}

	#[test]
	fn a_withdrawal_never_lowers_the_price(before in any_pot(), part in amount()) {
		let out = part % before.shares;
		let paid = before.assets_floor(out).unwrap();
		prop_assert!(paid <= before.assets);
		let after = pot(before.assets - paid, before.shares - out);
		prop_assert!(after.cmp_price(&before) != Ordering::Less);
	}

	#[test]
	fn conversions_and_comparison_agree_with_integers_of_any_width(
		one in any_pot(), other in any_pot(), value in amount()
	) {
		let shares = big(value) * big(one.shares) / big(one.assets);
		prop_assert_eq!(one.shares_floor(value, 1).ok(), u128::try_from(shares).ok());
		let assets = big(value) * big(one.assets) / big(one.shares);
		prop_assert_eq!(one.assets_floor(value).ok(), u128::try_from(assets).ok());
		let order = (big(one.assets) * big(other.shares)).cmp(&(big(other.assets) * big(one.shares)));
		prop_assert_eq!(one.cmp_price(&other), order);
		prop_assert_eq!(other.cmp_price(&one), order.reverse());
		let fee = performance_fee(one, other, ONE / 5).unwrap();
		let gain = BigInt::from(big(one.assets) * big(other.shares))
			- BigInt::from(big(one.shares) * big(other.assets));
		let gain = if gain < BigInt::from(0) { BigInt::from(0) } else { gain };
		let most = (gain / BigInt::from(other.shares)) / BigInt::from(5);
		prop_assert_eq!(BigInt::from(fee), most);
	}

	#[test]
	fn a_management_fee_is_within_what_is_locked_and_rises_in_everything(
		locked in amount(), more in amount(), rate in amount(), seconds in any::<u64>(),
		shift in 0u32..64
	) {
		let seconds = seconds >> shift;
		let fee = management_fee(locked, rate, seconds).unwrap();
		let exact = big(locked) * big(rate) * BigUint::from(seconds)
			/ (big(ONE) * BigUint::from(YEAR));
		prop_assert_eq!(big(fee), exact.min(big(locked)));
		prop_assert!(management_fee(locked + more, rate, seconds).unwrap() >= fee);
		prop_assert!(management_fee(locked, rate + more, seconds).unwrap() >= fee);
		prop_assert!(management_fee(locked, rate, seconds.saturating_add(more as u64)).unwrap() >= fee);
	}

	#[test]
	fn two_management_fees_are_never_more_than_one_over_both_times(
		locked in amount(), rate in 0..=ONE, first in 0..YEAR, then in 0..YEAR
	) {
		let fee = |seconds| management_fee(locked, rate, seconds).unwrap();
		prop_assert!(fee(first).saturating_add(fee(then)).min(locked) <= fee(first + then));
	}

	#[test]
	fn a_performance_fee_leaves_the_price_at_the_high_water_mark_or_above(
		now in any_pot(), mark in any_pot(), rate in 0..=2 * ONE, more in amount()
	) {
		let fee = performance_fee(now, mark, rate).unwrap();
		prop_assert!(fee <= now.assets);
		if now.cmp_price(&mark) != Ordering::Greater {
			prop_assert_eq!(fee, 0);
		} else {
			let after = pot(now.assets - fee, now.shares);
			prop_assert!(after.cmp_price(&mark) != Ordering::Less);
		}
		let richer = pot(now.assets + more, now.shares);
		prop_assert!(performance_fee(richer, mark, rate).unwrap() >= fee);
		let higher = pot(mark.assets + more, mark.shares);
		prop_assert!(performance_fee(now, higher, rate).unwrap() <= fee);
		prop_assert!(performance_fee(now, mark, rate + more).unwrap() >= fee);
	}

	#[test]
	fn an_auction_falls_from_its_start_to_its_end_rounded_up(
		end in amount(), drop in amount(), length in any::<u64>(), at in any::<u64>(), later in any::<u64>(),
		shift in 0u32..64
	) {
		let (length, at) = (length >> shift, at >> shift);
		let curve = DutchCurve { start: end + drop, end, length };
		let price = curve.price_at(at);
		prop_assert!(curve.price_at(at.saturating_add(later >> shift)) <= price);
		prop_assert!((curve.end..=curve.start).contains(&price));
		prop_assert_eq!(curve.price_at(length), end);
		if at < length {
			let (left, length) = (BigUint::from(length - at), BigUint::from(length));
			let above = (big(drop) * left + &length - 1u32) / length;
			prop_assert_eq!(big(price), big(end) + above);
		}
	}

	#[test]
	fn a_strike_for_a_delta_is_the_nearest_where_delta_falls(
		kind in any_kind(), spot in 1..2_000u128, step in 1..300u128, target in 0..=ONE
	) {
		let mut asked = 0u32;
		let found = strike_for_delta(kind, spot, step, target, |strike| {
			asked += 1;
			Ok::<_, ()>(falling(spot, strike))
		});
		prop_assert!(asked <= EVALUATIONS_MAX);
		let within = |strike: &u128| falling(spot, *strike) <= target;
		let (low, high) = (spot.div_ceil(10).div_ceil(step).max(1), spot * 10 / step);
		let naive = match kind {
			Kind::Call => (spot.div_ceil(step)..=high).map(|n| n * step).find(within),
			Kind::Put => (low..=spot / step).rev().map(|n| n * step).find(within),
		};
		prop_assert_eq!(found, Ok(naive));
	}

	#[test]
	fn a_strike_is_within_the_bound_and_out_of_the_money_whatever_delta_does(
		kind in any_kind(), spot in positive(), step in positive(), target in 0..=ONE, seed in any::<u128>()
	) {
		// no order in it at all
		let delta = |strike: u128| (strike ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) % ONE;
		let mut asked = 0u32;
		let found = strike_for_delta(kind, spot, step, target, |strike| {
			asked += 1;
			assert!(strike > 0 && strike % step == 0);
			Ok::<_, ()>(delta(strike))
		});
		prop_assert!(asked <= EVALUATIONS_MAX);
		if let Some(strike) = found.unwrap() {
			prop_assert!(delta(strike) <= target);
			match kind {
				Kind::Call => prop_assert!(strike >= spot && strike / 10 <= spot),
				Kind::Put => prop_assert!(strike <= spot && strike >= spot / 10),
			}
		}
	}

	#[test]
	fn a_strike_at_a_distance_is_the_first_on_the_grid_beyond_it(
		kind in any_kind(), spot in amount(), step in positive(), distance in 0..2 * ONE
	) {
		let (one, spot_wide) = (big(ONE), big(spot) * big(ONE));
		match (kind, strike_at_distance(kind, spot, step, distance)) {
			(Kind::Call, strike) => {
				let strike = strike.unwrap();
				let wanted = spot_wide + big(spot) * big(distance);
				prop_assert!(strike > 0 && strike % step == 0 && big(strike) * &one >= wanted);
				prop_assert!(strike == step || big(strike - step) * &one < wanted);
			}
			(Kind::Put, Some(strike)) => {
				let wanted = spot_wide - big(spot) * big(distance);
				prop_assert!(strike > 0 && strike % step == 0 && big(strike) * &one <= wanted);
				prop_assert!(big(strike + step) * &one > wanted);
			}
			(Kind::Put, None) => {
				let gone = spot_wide < big(spot) * big(distance.min(ONE)) + big(step) * &one;
				prop_assert!(gone);
			}
		}
	}

	#[test]
	fn a_yield_is_within_its_bound(
		first in any_pot(), assets in 1..=(1u128 << 100), change in 1..=64u128,
		power in prop::sample::select(vec![1u32, 2, 3, 4, 5, 6, 8]),
	) {
		// a price between a sixty-fourth of the first and sixty-four times it
		let first = pot(first.assets.min(1 << 112), first.shares.min(1 << 112));
		let last = pot(first.assets.saturating_mul(change).max(1), first.shares.saturating_add(assets % first.shares));
		let seconds = YEAR / u64::from(power);
		let found = match annualised(first, last, seconds) {
			Ok(found) => found,
			Err(error) => {
				prop_assert_eq!(error, MathError::Overflow);
				prop_assert!(exact(first, last, power) >> 200u32 >= BigInt::from(1u128 << 62));
				return Ok(());
			}
		};
		let grown = exact(first, last, power);
		let found = (BigInt::from(found.to_bits()) + (BigInt::from(1) << 64u32)) << 136u32;
		let missed = if found > grown { &found - &grown } else { &grown - &found };
		// (1 + y) (1.3e-19 power + 4.5e-19) + 4.5e-19, in parts of 1e-20
		let relative = &grown * BigInt::from(13 * power + 45);
		let absolute = BigInt::from(45) << 200u32;
		prop_assert!(missed * BigInt::from(10u128.pow(20)) <= relative + absolute);
	}

	#[test]
	fn a_yield_has_the_sign_of_the_change(first in any_pot(), last in any_pot(), seconds in 1..10 * YEAR) {
		if let Ok(found) = annualised(first, last, seconds) {
			match last.cmp_price(&first) {
				Ordering::Less => prop_assert!(!found.is_positive() && found >= Q64::from_int(-1)),
				Ordering::Equal => prop_assert!(found.is_zero()),
				Ordering::Greater => prop_assert!(!found.is_negative()),
			}
		}
	}
}
