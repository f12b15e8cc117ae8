use super::*;
use proptest::prelude::*;

const QUARTER: u128 = ONE / 4;

fn usd(whole: u128) -> u128 {
	whole * ONE
}

fn nav(whole: i128) -> i128 {
	whole * E18
}

fn claim(whole: u128) -> Tranches {
	Tranches { claim: usd(whole), junior_least: QUARTER }
}

#[test]
fn the_junior_bears_losses_first_and_has_all_profits() {
	let worth = |whole| {
		let Split { senior, junior } = claim(100).split(nav(whole));
		(senior / ONE, junior / ONE)
	};
	assert_eq!(worth(200), (100, 100));
	assert_eq!(worth(250), (100, 150));
	assert_eq!(worth(130), (100, 30));
	assert_eq!(worth(100), (100, 0));
	assert_eq!(worth(60), (60, 0));
	assert_eq!(worth(-5), (0, 0));
}

#[test]
fn a_coupon_makes_the_claim_grow() {
	let year = claim(1_000).accrued(ONE / 20, YEAR_SECONDS).unwrap();
	assert_eq!(year.claim, usd(1_050));
	assert_eq!(year.junior_least, QUARTER);
	assert_eq!(claim(1).accrued(u128::MAX, 2), Err(MathError::Overflow));
}

#[test]
fn the_junior_keeps_its_least_share() {
	// 75 and 25 is the edge.
	assert_eq!(claim(60).deposit_senior(nav(85), usd(15)), Ok(claim(75)));
	let refused = claim(60).deposit_senior(nav(85), usd(15) + 1);
	assert_eq!(refused, Err(TrancheError::JuniorTooThin));
	assert_eq!(claim(75).ensure_junior_withdrawal(nav(120), usd(20)), Ok(()));
	let refused = claim(75).ensure_junior_withdrawal(nav(120), usd(20) + 1);
	assert_eq!(refused, Err(TrancheError::JuniorTooThin));
	// Juniors come first, the last to leave take all.
	assert_eq!(claim(0).deposit_senior(0, 1), Err(TrancheError::JuniorTooThin));
	assert_eq!(claim(0).ensure_junior_withdrawal(nav(9), usd(9)), Ok(()));
}

#[test]
fn a_claim_that_is_not_covered_admits_no_deposits() {
	assert_eq!(claim(100).ensure_junior_deposit(nav(100)), Ok(()));
	for refused in [
		claim(100).ensure_junior_deposit(nav(100) - 1),
		claim(100).deposit_senior(nav(99), 1).map(|_| ()),
		claim(100).ensure_junior_deposit(nav(-1)),
	] {
		assert_eq!(refused, Err(TrancheError::SeniorNotCovered));
	}
}

#[test]
fn a_senior_that_leaves_at_a_loss_takes_its_part_of_the_claim() {
	// Worth 80 of 100: a quarter of the value is a quarter of the claim.
	assert_eq!(claim(100).withdraw_senior(nav(80), usd(20)), Ok(claim(75)));
	assert_eq!(claim(100).withdraw_senior(nav(80), usd(80)), Ok(claim(0)));
	assert_eq!(
		claim(100).withdraw_senior(nav(80), usd(80) + 1),
		Err(TrancheError::AmountAboveValue)
	);
	// Covered: by what it takes.
	assert_eq!(claim(100).withdraw_senior(nav(180), usd(20)), Ok(claim(80)));
	assert_eq!(claim(100).withdraw_senior(nav(-3), 0), Ok(claim(100)));
	assert_eq!(
		claim(100).ensure_junior_withdrawal(nav(80), 1),
		Err(TrancheError::AmountAboveValue)
	);
}

#[test]
fn a_recovery_makes_the_senior_whole_first() {
	let lost = claim(100).split(nav(70));
	assert_eq!((lost.senior, lost.junior), (usd(70), 0));
	let back = claim(100).split(nav(104));
	assert_eq!((back.senior, back.junior), (usd(100), usd(4)));
}

/// Fifty ticks of 1% up and fifty down, no net move: 100 and 100 are what they were. Had each tick's
/// profit been divided 30 to 70, and losses been the junior's, they would be 130 and 70.
#[test]
fn ticks_that_cancel_pump_nothing() {
	let tranches = claim(100);
	// In hundredths.
	let (mut per_tick_senior, mut per_tick_junior) = (0, 0);
	let mut equity = nav(200);
	for tick in 0..50 {
		for profit in [2, -2] {
			equity += nav(profit);
			assert_eq!(tranches.split(equity).senior, usd(100), "tick {tick}");
		}
		per_tick_senior += 2 * 30;
		per_tick_junior += 2 * 70 - 2 * 100;
	}
	assert_eq!(tranches.split(equity), Split { senior: usd(100), junior: usd(100) });
	assert_eq!((per_tick_senior, per_tick_junior), (3_000, -3_000));
}

#[test]
fn shares_are_priced_with_the_offset() {
	let (senior, junior) = claim(100).funds(nav(250), usd(90), usd(140), usd(10)).unwrap();
	assert_eq!(senior.price_floor(), Ok(ONE * 11 / 10));
	assert_eq!(junior.price_floor(), Ok(ONE * 16 / 15));
	let (senior, junior) = claim(100).funds(nav(-7), usd(90), usd(140), usd(10)).unwrap();
	assert_eq!((senior.price_floor(), junior.price_floor()), (Ok(ONE / 10), Ok(ONE / 15)));
}

#[test]
fn errors_say_what_is_wrong() {
	let text = |error: TrancheError| error.to_string();
	assert_eq!(text(MathError::Overflow.into()), MathError::Overflow.to_string());
	assert!(text(TrancheError::JuniorTooThin).contains("least share"));
	let most = Tranches { claim: u128::MAX, junior_least: QUARTER };
	assert_eq!(most.deposit_senior(0, 1), Err(TrancheError::SeniorNotCovered));
	assert_eq!(claim(0).deposit_senior(i128::MAX, 1), Err(TrancheError::Math(MathError::Overflow)));
}

fn any_amount() -> impl Strategy<Value = u128> {
	(any::<u128>(), 40u32..128).prop_map(|(bits, shift)| bits >> shift)
}

fn any_tranches() -> impl Strategy<Value = Tranches> {
	(any_amount(), 0u128..=100)
		.prop_map(|(claim, least)| Tranches { claim, junior_least: least * ONE / 100 })
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

	/// Both are never negative, add up to the pool, and follow it in one direction.
	#[test]
	fn the_two_are_the_pool(tranches in any_tranches(), a in any_amount(), b in any_amount()) {
		let (low, high) = (a.min(b), a.max(b));
		let (less, more) = (tranches.split(low as i128), tranches.split(high as i128));
		for (split, all) in [(less, low), (more, high)] {
			prop_assert_eq!(split.senior + split.junior, all);
			prop_assert!(split.senior <= tranches.claim);
			prop_assert!(split.junior == 0 || split.senior == tranches.claim);
		}
		prop_assert!(less.senior <= more.senior && less.junior <= more.junior);
	}

	/// Who comes in or leaves takes exactly what is moved: the other tranche keeps its value.
	#[test]
	fn moving_money_moves_one_tranche(
		tranches in any_tranches(), nav in any_amount(), amount in any_amount(),
	) {
		let before = tranches.split(nav as i128);
		if let Ok(after) = tranches.deposit_senior(nav as i128, amount) {
			let split = after.split((nav + amount) as i128);
			prop_assert_eq!((split.senior, split.junior), (before.senior + amount, before.junior));
			prop_assert!(after.junior_suffices((nav + amount) as i128).unwrap());
		}
		if let Ok(after) = tranches.withdraw_senior(nav as i128, amount) {
			let split = after.split((nav - amount) as i128);
			prop_assert_eq!((split.senior, split.junior), (before.senior - amount, before.junior));
		} else {
			prop_assert!(amount > before.senior);
		}
		if tranches.ensure_junior_deposit(nav as i128).is_ok() {
			let split = tranches.split((nav + amount) as i128);
			prop_assert_eq!((split.senior, split.junior), (before.senior, before.junior + amount));
		}
		if tranches.ensure_junior_withdrawal(nav as i128, amount).is_ok() {
			let split = tranches.split((nav - amount) as i128);
			prop_assert_eq!((split.senior, split.junior), (before.senior, before.junior - amount));
			prop_assert!(tranches.junior_suffices((nav - amount) as i128).unwrap());
		}
	}

	/// In parts or at once, a senior withdrawal leaves the same claim to a unit a part, never more.
	#[test]
	fn leaving_in_parts_leaves_no_more_claim(
		tranches in any_tranches(), nav in any_amount(), parts in prop::collection::vec(0u128..1_000, 1..10),
	) {
		let senior = tranches.split(nav as i128).senior;
		let (mut now, mut left) = (tranches, nav);
		for part in &parts {
			let amount = senior / 10_000 * part;
			now = now.withdraw_senior(left as i128, amount).unwrap();
			left -= amount;
		}
		let once = tranches.withdraw_senior(nav as i128, nav - left).unwrap();
		prop_assert!(now.claim <= once.claim + 1 && once.claim <= now.claim + parts.len() as u128, "{now:?} {once:?}");
	}

	/// Accrued in parts a claim is worth the compounding more, less a unit a part.
	#[test]
	fn coupons_compound(claim in 0u128..1 << 90, coupon in 0u128..ONE / 2, a in 0u64..YEAR_SECONDS, b in 0u64..YEAR_SECONDS) {
		let start = Tranches { claim, junior_least: QUARTER };
		let once = start.accrued(coupon, a + b).unwrap().claim;
		let parts = start.accrued(coupon, a).unwrap().accrued(coupon, b).unwrap().claim;
		prop_assert!(parts + 2 >= once);
		// (c a)(c b) of the claim, c a and c b at most one half.
		let year = ONE * u128::from(YEAR_SECONDS);
		let share = mul_div_ceil(coupon * u128::from(a), coupon * u128::from(b), year).unwrap();
		let compound = mul_div_ceil(claim, share, year).unwrap();
		prop_assert!(parts <= once + compound + 1);
	}
}
