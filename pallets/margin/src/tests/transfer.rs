use crate::mock::*;
use ballast_primitives::{Price, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

fn transfer(from: u64, to: u64, amount: Usd) -> DispatchResult {
	<Margin as MutateAccounts<u64>>::transfer(&from, &to, amount)
}

#[test]
fn cash_moves_to_the_last_unit_and_may_become_a_loan() {
	build_and_execute(|| {
		deposit(ALICE, 10);
		assert_ok!(transfer(ALICE, BOB, Usd::from_inner(1)));
		assert_eq!(cash(BOB), Usd::from_inner(1));
		assert_ok!(transfer(ALICE, BOB, Usd::from_int(15)));
		assert_eq!(cash(ALICE), Usd::from_inner(-5_000_000_000_000_000_001));
		let (from, to, amount) = (ALICE, BOB, Usd::from_int(15));
		assert_eq!(events().last(), Some(&Event::CashTransferred { from, to, amount }));
	});
}

#[test]
fn nothing_and_to_oneself_change_nothing_and_less_than_nothing_is_refused() {
	build_and_execute(|| {
		deposit(ALICE, 10);
		let before = root();
		assert_ok!(transfer(ALICE, BOB, Usd::ZERO));
		assert_ok!(transfer(ALICE, ALICE, Usd::from_int(3)));
		assert_eq!(before, root());
		assert_noop!(transfer(ALICE, BOB, Usd::from_inner(-1)), Error::AmountNegative);
	});
}

#[test]
fn both_sides_are_settled_first() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_400));
		assert_ok!(transfer(BOB, CAROL, Usd::from_int(1)));
		assert_eq!(cash(BOB), Usd::from_int(599));
		assert_ok!(transfer(CAROL, ALICE, Usd::from_int(1)));
		assert_eq!(cash(ALICE), Usd::from_int(401));
	});
}
