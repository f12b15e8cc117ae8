use super::*;
use ballast_traits::MutualPool;

/// The pool takes this many short calls of Bob's for nothing.
fn take(requirement: i64, contracts: i64) -> Result<u32, DispatchError> {
	RiskPool::take_over(usd(requirement), |pool| {
		set_positions(*pool, vec![(CALL, shares(-contracts))]);
		Ok(7)
	})
}

#[test]
fn within_its_limits_the_pool_takes_what_auctions_could_not_sell() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_eq!(take(25_000, 5), Ok(7));
		assert_eq!(positions(pool()), vec![(CALL, shares(-5))]);
		assert_eq!(events(), [Event::TookOver { requirement: usd(25_000) }]);
	});
}

#[test]
fn a_requirement_beyond_the_ring_fence_is_refused() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_refused!(take(25_001, 1), Error::<Test>::PoolCapacityExceeded);
		assert_refused!(take(-1, 1), Error::<Test>::AmountNotPositive);
	});
}

#[test]
fn the_ring_fence_holds_for_all_of_a_day_together() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		assert_eq!(take(15_000, 1), Ok(7));
		assert_refused!(take(10_001, 1), Error::<Test>::PoolCapacityExceeded);
		assert_eq!(take(10_000, 1), Ok(7));
		tick(DAY - 1);
		assert_refused!(take(1, 1), Error::<Test>::PoolCapacityExceeded);
		tick(1);
		assert_eq!(take(25_000, 1), Ok(7));
	});
}

#[test]
fn a_book_that_breaks_the_capital_rule_is_refused_and_nothing_is_left_of_it() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		let before = state();
		assert_eq!(take(10_000, 6), Err(Error::<Test>::PoolCapacityExceeded.into()));
		assert_eq!(state(), before);
	});
}

#[test]
fn a_book_that_lowers_the_pools_risk_is_welcome() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		set_positions(pool(), vec![(CALL, shares(-30))]);
		assert_eq!(take(10_000, 29), Ok(7));
	});
}

#[test]
fn what_goes_wrong_in_the_take_over_is_reported() {
	ExtBuilder::default().provided(100_000).build_and_execute(|| {
		let failed: Result<(), _> =
			RiskPool::take_over(usd(1), |_| Err(DispatchError::Other("position cap")));
		assert_eq!(failed, Err(DispatchError::Other("position cap")));
		assert_eq!(TakeOvers::<Test>::get(), TakenOver::default());
	});
}
