use super::*;
use proptest::prelude::*;

const ONE: u128 = 1_000_000_000_000_000_000;

fn usd(whole: u128) -> u128 {
	whole * ONE
}

fn fund(nav: i128, shares: u128, offset: u128) -> Fund {
	Fund { nav: nav * ONE as i128, shares: shares * ONE, offset: offset * ONE }
}

fn claim(shares: u128, value: u128) -> Claim {
	Claim { shares: shares * ONE, value: value * ONE }
}

#[test]
fn an_empty_fund_has_price_one() {
	let empty = fund(0, 0, 1_000);
	assert_eq!(empty.price_floor(), Ok(ONE));
	assert_eq!(empty.shares_floor(usd(250)), Ok(usd(250)));
}

#[test]
fn a_profit_raises_the_price_and_the_offset_takes_its_part() {
	// 1,000 shares and the offset of 1,000 divide a profit of 500.
	let rich = fund(1_500, 1_000, 1_000);
	assert_eq!(rich.price_floor(), Ok(ONE * 5 / 4));
	assert_eq!(rich.value_floor(usd(1_000)), Ok(usd(1_250)));
	assert_eq!(rich.shares_floor(usd(1_250)), Ok(usd(1_000)));
}

#[test]
fn a_fund_that_owes_more_than_the_offset_has_no_price_to_deposit_at() {
	let broken = fund(-1_000, 500, 1_000);
	assert_eq!(broken.price_floor(), Ok(0));
	assert_eq!(broken.shares_floor(usd(1)), Err(MathError::DivisionByZero));
	assert_eq!(broken.shares_back(claim(7, 7)), Ok(usd(7)));
}

#[test]
fn a_queued_claim_keeps_its_value_when_the_fund_gains() {
	let mut queued = [claim(100, 100)];
	let value = Valuation::of(1_400 * ONE as i128, usd(900), 0, &mut queued).unwrap();
	assert_eq!(value.claims, usd(100));
	assert_eq!(value.fund.nav, 1_300 * ONE as i128);
	assert_eq!(value.due(queued[0]), Ok(usd(100)));
}

#[test]
fn a_queued_claim_shares_a_loss_in_full_proportion() {
	// 90 of 100 shares are queued at one: a loss of five per cent is theirs too.
	let mut queued = [claim(90, 90)];
	let value = Valuation::of(95 * ONE as i128, usd(10), 0, &mut queued).unwrap();
	assert_eq!(value.claims, ONE * 855 / 10);
	assert_eq!(value.fund.price_floor(), Ok(ONE * 95 / 100));
	assert_eq!(value.due(queued[0]), Ok(ONE * 855 / 10));
}

#[test]
fn only_claims_dearer_than_the_price_share_the_loss() {
	// Left at 1.2, at 1.0 and at 0.5; the price is 0.8.
	let mut queued = [claim(10, 5), claim(10, 12), claim(10, 10)];
	let value = Valuation::of(29 * ONE as i128, usd(10), 0, &mut queued).unwrap();
	assert_eq!(value.fund.price_floor(), Ok(ONE * 8 / 10));
	assert_eq!(value.claims, usd(21));
}

#[test]
fn a_claim_of_no_shares_is_worth_nothing_and_hides_nobody() {
	let mut queued = [claim(0, 0), claim(0, 7), claim(90, 90)];
	let value = Valuation::of(95 * ONE as i128, usd(10), 0, &mut queued).unwrap();
	assert_eq!(value.claims, ONE * 855 / 10);
	assert_eq!(value.claimed_shares, usd(90));
}

#[test]
fn claims_are_worth_nothing_when_the_fund_owes_more_than_the_offset() {
	let mut queued = [claim(10, 10)];
	let value = Valuation::of(-50 * ONE as i128, usd(10), usd(20), &mut queued).unwrap();
	assert_eq!(value.claims, 0);
	assert_eq!(value.fund.nav, -50 * ONE as i128);
	assert_eq!(value.due(queued[0]), Ok(0));
}

#[test]
fn the_last_to_leave_after_a_loss_gets_as_much_a_share_as_the_first() {
	// Half of the money is lost; the offset would absorb most of it but is not there.
	let (first, second) = (claim(50, 50), claim(50, 50));
	let value = Valuation::of(50 * ONE as i128, 0, usd(1_000), &mut [first, second]).unwrap();
	assert_eq!(value.due(first), Ok(usd(25)));
	let value = Valuation::of(25 * ONE as i128, 0, usd(1_000), &mut [second]).unwrap();
	assert_eq!(value.due(second), Ok(usd(25)));
}

#[test]
fn a_donation_before_the_first_deposit_costs_the_donor_more_than_it_takes() {
	// The attacker holds one unit of a share and gives a million; the victim deposits 10,000.
	let offset = usd(1_000);
	let nav = 1_000_000 * ONE as i128 + 1;
	let before = Fund { nav, shares: 1, offset };
	let minted = before.shares_floor(usd(10_000)).unwrap();
	let after = Fund { nav: before.nav + 10_000 * ONE as i128, shares: 1 + minted, offset };
	let kept = after.value_floor(minted).unwrap();
	assert!(usd(10_000) - kept <= 2_000, "victim loses {} units", usd(10_000) - kept);
	assert!(after.value_floor(1).unwrap() < 2_000, "the donor recovers next to nothing");
}

#[test]
fn levels_grow_with_the_value_per_share() {
	assert_eq!(claim(10, 0).level(), Ok(0));
	assert_eq!(claim(0, 10).level(), Err(MathError::DivisionByZero));
	let levels: Vec<u16> =
		[90u128, 99, 100, 101, 110].iter().map(|v| claim(100, *v).level().unwrap()).collect();
	assert!(levels.windows(2).all(|pair| pair[0] < pair[1]), "{levels:?}");
	assert_eq!(claim(3, 3).level(), claim(7, 7).level());
}

#[test]
fn the_equity_needed_is_the_loss_over_the_cap() {
	assert_eq!(equity_needed_ceil(usd(40), ONE / 2), Ok(usd(80)));
	assert_eq!(equity_needed_ceil(1, 3 * ONE), Ok(1));
	assert_eq!(equity_needed_ceil(0, 0), Ok(0));
	assert_eq!(equity_needed_ceil(1, 0), Err(MathError::DivisionByZero));
}

/// An amount up to a hundred million, of any number of digits.
fn amount() -> impl Strategy<Value = u128> {
	(0u32..27, 1u128..1_000)
		.prop_map(|(shift, mantissa)| (mantissa << (3 * shift)).min(usd(100_000_000)))
}

prop_compose! {
	fn any_fund()(nav in amount(), shares in amount(), offset in 1u128..10_000) -> Fund {
		Fund { nav: nav as i128, shares, offset: usd(offset) }
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

	#[test]
	fn a_round_trip_never_profits(before in any_fund(), paid in amount()) {
		let minted = before.shares_floor(paid).unwrap();
		let after = Fund {
			nav: before.nav + paid as i128,
			shares: before.shares + minted,
			offset: before.offset,
		};
		prop_assert!(after.value_floor(minted).unwrap() <= paid);
	}

	#[test]
	fn a_deposit_never_lowers_the_price_and_moves_it_by_rounding_only(
		before in any_fund(), paid in amount()
	) {
		let minted = before.shares_floor(paid).unwrap();
		let after = Fund {
			nav: before.nav + paid as i128,
			shares: before.shares + minted,
			offset: before.offset,
		};
		let (old, new) = (before.price_floor().unwrap(), after.price_floor().unwrap());
		prop_assert!(new >= old);
		// One unit of a share is rounded off, spread over at least the offset.
		prop_assert!(new - old <= 1 + old / before.offset);
	}

	/// Whoever was first and gave money away: the next depositor loses at most a unit and the value of
	/// a unit of a share, and the donor does not have the gift back.
	#[test]
	fn a_donation_never_pays(
		first in amount(), gift in amount(), paid in amount(), offset in 1u128..10_000,
	) {
		let empty = Fund { nav: 0, shares: 0, offset: usd(offset) };
		let held = empty.shares_floor(first).unwrap();
		let given = Fund { nav: (first + gift) as i128, shares: held, ..empty };
		let minted = given.shares_floor(paid).unwrap();
		let after = Fund { nav: given.nav + paid as i128, shares: held + minted, ..empty };
		let price = given.price_floor().unwrap();
		prop_assert!(after.value_floor(minted).unwrap() + 2 + price / ONE >= paid);
		let back = after.value_floor(held).unwrap();
		// What the offset keeps of the gift, less what the next depositor loses by rounding.
		let kept = mul_div_floor(gift, usd(offset), held + usd(offset)).unwrap();
		prop_assert!(back <= first + gift - kept + 2 + price / ONE, "{back}");
	}

	/// A cancelled claim gets back no more shares than it had, worth no more than its value.
	#[test]
	fn a_cancelled_claim_never_profits(fund in any_fund(), shares in amount(), value in amount()) {
		let back = fund.shares_back(Claim { shares, value }).unwrap();
		prop_assert!(back <= shares);
		prop_assert!(fund.value_floor(back).unwrap() <= value);
		let more = back + 1;
		prop_assert!(back == shares || fund.value_floor(more).unwrap() + 1 >= value);
	}

	#[test]
	fn a_withdrawal_never_lowers_the_price(before in any_fund(), part in 0u128..=1_000) {
		let shares = before.shares / 1_000 * part;
		let paid = before.value_floor(shares).unwrap();
		let after = Fund {
			nav: before.nav - paid as i128,
			shares: before.shares - shares,
			offset: before.offset,
		};
		prop_assert!(after.price_floor().unwrap() >= before.price_floor().unwrap());
	}

	#[test]
	fn net_asset_value_and_claims_are_the_equity(
		equity in -100_000_000i128..100_000_000, shares in amount(), offset in 1u128..10_000,
		mut queued in prop::collection::vec((amount(), amount()), 0..8),
	) {
		let equity = equity * ONE as i128;
		let mut queued: Vec<Claim> =
			queued.drain(..).map(|(shares, value)| Claim { shares, value }).collect();
		let value = Valuation::of(equity, shares, usd(offset), &mut queued).unwrap();
		prop_assert_eq!(value.fund.nav + value.claims as i128, equity);
		// The price at which the claims were valued is the price of the earning shares: each claim
		// is the lesser of its value and its shares at that price.
		let apart: u128 = queued
			.iter()
			.map(|c| c.value.min(value.fund.value_floor(c.shares).unwrap()))
			.sum();
		let most: u128 = queued.iter().map(|c| c.shares / usd(1) + 2).sum();
		prop_assert!(apart <= value.claims + most && value.claims <= apart + most,
			"{apart} {} {most}", value.claims);
	}

	#[test]
	fn what_is_due_is_never_more_than_the_equity(
		equity in 0i128..1_000_000, shares in amount(), offset in 1u128..10_000,
		mut queued in prop::collection::vec((amount(), amount()), 1..8),
	) {
		let equity = equity * ONE as i128;
		let mut queued: Vec<Claim> =
			queued.drain(..).map(|(shares, value)| Claim { shares, value }).collect();
		let value = Valuation::of(equity, shares, usd(offset), &mut queued).unwrap();
		let due: u128 = queued.iter().map(|c| value.due(*c).unwrap()).sum();
		prop_assert!(due as i128 <= equity);
	}

	#[test]
	fn paying_a_claim_never_lowers_the_price(
		equity in 1i128..1_000_000, shares in amount(), offset in 1u128..10_000,
		mut queued in prop::collection::vec((amount(), amount()), 1..8), part in 1u128..=100,
	) {
		let equity = equity * ONE as i128;
		let mut queued: Vec<Claim> =
			queued.drain(..).map(|(shares, value)| Claim { shares, value }).collect();
		let before = Valuation::of(equity, shares, usd(offset), &mut queued).unwrap();
		let due = before.due(queued[0]).unwrap();
		prop_assume!(due > 0);
		let paid = due * part / 100;
		queued[0] = queued[0].rest_after(paid, due).unwrap();
		let left = equity - paid as i128;
		let after = Valuation::of(left, shares, usd(offset), &mut queued).unwrap();
		// Claims together are rounded up by less than a unit each time.
		prop_assert!(after.fund.price_floor().unwrap() + 1 >= before.fund.price_floor().unwrap());
	}

	#[test]
	fn claims_of_one_level_differ_by_less_than_one_part_in_256(
		shares in 1u128..1_000_000, value in 1u128..1_000_000, other in 1u128..1_000_000,
	) {
		let (a, b) = (claim(shares, value), claim(shares, other));
		let ordered = (value <= other) == (a.level().unwrap() <= b.level().unwrap());
		prop_assert!(ordered || a.level() == b.level());
		if a.level() == b.level() {
			prop_assert!(value.abs_diff(other) * 256 <= value.max(other) + shares);
		}
	}
}
