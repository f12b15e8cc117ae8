use crate::mock::*;
use ballast_primitives::Usd;
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok};

/// Moves the deficit account as the waterfall would.
fn carry(change: i64) {
	Deficit::mutate(|account| *account = account.checked_add(Usd::from_int(change)).unwrap());
}

#[test]
fn cash_that_nobody_pays_is_carried_by_the_deficit_account_until_it_is_repaid() {
	build_and_execute(|| {
		deposit(ALICE, 10);
		assert_ok!(Margin::credit_deficit(&BOB, Usd::from_int(4)));
		carry(-4);
		assert_eq!(cash(BOB), Usd::from_int(4));
		let (who, amount) = (BOB, Usd::from_int(4));
		assert_eq!(events().last(), Some(&Event::DeficitCredited { who, amount }));
		let report = Margin::check_identities().unwrap();
		assert_eq!((report.cash, report.deficit), (Usd::from_int(14), Usd::from_int(-4)));
		assert_eq!((report.held, report.residue), (Usd::from_int(10), Usd::ZERO));
		assert_ok!(Margin::debit_deficit(&ALICE, Usd::from_int(3)));
		carry(3);
		assert_eq!(cash(ALICE), Usd::from_int(7));
		let (from, amount) = (ALICE, Usd::from_int(3));
		assert_eq!(events().last(), Some(&Event::DeficitDebited { from, amount }));
	});
}

#[test]
fn a_credit_without_its_entry_in_the_deficit_account_is_seen() {
	new_test_ext().execute_with(|| {
		deposit(ALICE, 10);
		assert_ok!(Margin::credit_deficit(&BOB, Usd::from_inner(1)));
		assert!(Margin::do_try_state().is_err());
	});
}

#[test]
fn negative_amounts_are_refused() {
	build_and_execute(|| {
		let less = Usd::from_inner(-1);
		assert_noop!(Margin::credit_deficit(&BOB, less), Error::AmountNegative);
		assert_noop!(Margin::debit_deficit(&BOB, less), Error::AmountNegative);
	});
}
