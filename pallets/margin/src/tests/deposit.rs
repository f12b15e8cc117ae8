use crate::{mock::*, Holding};
use ballast_primitives::{Quality, Quantity, Usd};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Mutate};

#[test]
fn dollars_become_cash_and_lie_in_custody() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit(signed(ALICE), 1_234_567));
		assert_eq!(cash(ALICE), Usd::from_inner(1_234_567_000_000_000_000));
		assert_eq!(Assets::balance(USD, Margin::custody_account()), 1_234_567);
		let total = Quantity::from_inner(1_234_567_000_000_000_000);
		assert_eq!(crate::Holdings::<Test>::get(USD), Some(Holding { decimals: 6, total }));
		let amount = cash(ALICE);
		assert_eq!(events(), vec![Event::Deposited { who: ALICE, amount, cash: amount }]);
		deposit(ALICE, 1);
		let amount = Usd::from_int(1);
		let last = Event::Deposited { who: ALICE, amount, cash: cash(ALICE) };
		assert_eq!(events().last(), Some(&last));
		assert_eq!(cash(ALICE), Usd::from_inner(2_234_567_000_000_000_000));
	});
}

#[test]
fn nothing_is_not_a_deposit() {
	build_and_execute(|| {
		assert_noop!(Margin::deposit(signed(ALICE), 0), Error::AmountZero);
	});
}

#[test]
fn one_cannot_deposit_what_one_does_not_have() {
	build_and_execute(|| {
		let all = Assets::balance(USD, ALICE);
		for amount in [all + 1, u128::MAX / 10, u128::MAX] {
			let before = root();
			assert!(frame_support::storage::with_storage_layer(|| Margin::deposit(
				signed(ALICE),
				amount
			))
			.is_err());
			assert_eq!(before, root());
		}
		assert_ok!(Margin::deposit(signed(ALICE), all));
		assert_eq!(Assets::balance(USD, ALICE), 0);
	});
}

#[test]
fn a_deposit_passes_whatever_prices_do() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		deposit(BOB, 100_000);
		trade(ALICE, BOB, CALL, 1, 50);
		set_quality(ON_BTC, Quality::Stale);
		Blocked::put(true);
		deposit(ALICE, 7);
		assert_eq!(cash(ALICE), Usd::from_int(57));
	});
}

#[test]
fn an_unsolicited_transfer_changes_nobodys_equity() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		let custody = Margin::custody_account();
		let preserve = frame_support::traits::tokens::Preservation::Expendable;
		assert_ok!(<Assets as Mutate<u64>>::transfer(USD, &BOB, &custody, 55, preserve));
		assert_eq!(cash(ALICE), Usd::from_int(100));
		assert_eq!(Margin::account_view(&BOB), None);
		let report = Margin::check_identities().unwrap();
		assert_eq!(report.held, Usd::from_int(100));
		assert_eq!(report.surplus, Usd::from_inner(55_000_000_000_000));
		assert_eq!(report.residue, Usd::ZERO);
	});
}

#[test]
fn decimals_are_those_of_the_first_deposit() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		let name = b"USD".to_vec();
		assert_ok!(Assets::force_set_metadata(
			RuntimeOrigin::root(),
			USD,
			name.clone(),
			name,
			0,
			false
		));
		deposit(ALICE, 100);
		assert_eq!(cash(ALICE), Usd::from_int(200));
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(200)));
		assert_eq!(Margin::account_view(&ALICE), None);
	});
}
