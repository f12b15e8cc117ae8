use crate::mock::*;
use ballast_primitives::{Quality, Quantity, SeriesId, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

/// A trade guarded for `who`, undone if it fails.
fn guarded(
	who: u64,
	buyer: u64,
	seller: u64,
	id: SeriesId,
	quantity: i64,
	premium: i64,
) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		<Margin as MutateAccounts<u64>>::guarded(&who, || {
			let (quantity, premium) = (Quantity::from_int(quantity), Usd::from_int(premium));
			<Margin as MutateAccounts<u64>>::trade(&buyer, &seller, id, quantity, premium)
		})
	})
}

fn transfer_out(who: u64, amount: i64) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		<Margin as MutateAccounts<u64>>::guarded(&who, || {
			<Margin as MutateAccounts<u64>>::transfer(&who, &FUND, Usd::from_int(amount))
		})
	})
}

#[test]
fn opening_needs_initial_margin() {
	build_and_execute(|| {
		deposit(ALICE, 500);
		assert_noop!(guarded(ALICE, POOL, ALICE, CALL, 1, 900), Error::BelowInitialMargin);
		deposit(ALICE, 5_000);
		assert_ok!(guarded(ALICE, POOL, ALICE, CALL, 1, 900));
		assert!(health(ALICE).equity >= health(ALICE).initial);
	});
}

#[test]
fn an_option_bought_with_exactly_its_premium_is_allowed() {
	build_and_execute(|| {
		// The mark of one call, found by holding one.
		trade(CAROL, POOL, CALL, 1, 0);
		let mark = health(CAROL).options;
		deposit(ALICE, 2_000);
		let spare = cash(ALICE).checked_sub(mark).unwrap();
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&ALICE, &FUND, spare));
		assert_ok!(<Margin as MutateAccounts<u64>>::guarded(&ALICE, || {
			<Margin as MutateAccounts<u64>>::trade(&ALICE, &POOL, CALL, Quantity::ONE, mark)
		}));
		assert_eq!(cash(ALICE), Usd::ZERO);
		assert_eq!(health(ALICE).equity, mark);
		// One unit more than its mark is one too many.
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&FUND, &BOB, mark));
		let one = Usd::from_inner(1);
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&FUND, &BOB, one));
		let dear = mark.checked_add(Usd::from_int(10)).unwrap();
		let call = || {
			<Margin as MutateAccounts<u64>>::guarded(&BOB, || {
				<Margin as MutateAccounts<u64>>::trade(&BOB, &POOL, CALL, Quantity::ONE, dear)
			})
		};
		assert_noop!(frame_support::storage::with_storage_layer(call), Error::BelowInitialMargin);
	});
}

#[test]
fn below_initial_margin_one_may_only_reduce_risk() {
	build_and_execute(|| {
		deposit(ALICE, 5_000);
		assert_ok!(guarded(ALICE, POOL, ALICE, CALL, 2, 1_900));
		set_spot(ON_BTC, 11_500);
		assert!(health(ALICE).equity < health(ALICE).initial);
		assert_noop!(guarded(ALICE, POOL, ALICE, CALL, 1, 2_500), Error::BelowInitialMargin);
		assert_noop!(transfer_out(ALICE, 1), Error::BelowInitialMargin);
		// Buying back at the mark or better helps.
		let mark = health(ALICE).options.into_inner() / 1_000_000_000_000_000_000 / 2;
		assert_ok!(guarded(ALICE, ALICE, POOL, CALL, 1, -mark as i64));
		// Far above it costs more than the margin it frees.
		assert_noop!(guarded(ALICE, ALICE, POOL, CALL, 1, 10_000), Error::BelowInitialMargin);
	});
}

#[test]
fn a_change_that_fails_fails_with_its_own_error() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		assert_noop!(guarded(ALICE, ALICE, POOL, CALL, 0, 0), Error::AmountZero);
	});
}

#[test]
fn exempt_accounts_have_their_own_rule() {
	build_and_execute(|| {
		assert_ok!(guarded(POOL, ALICE, POOL, CALL, 10, 0));
		assert!(health(POOL).equity.is_negative());
	});
}

#[test]
fn an_unusable_price_stops_what_is_on_it_and_nothing_else() {
	build_and_execute(|| {
		deposit(ALICE, 30_000);
		assert_ok!(guarded(ALICE, POOL, ALICE, CALL, 1, 900));
		set_quality(ON_BTC, Quality::Stale);
		// Not even to reduce.
		assert_noop!(guarded(ALICE, ALICE, POOL, CALL, 1, 900), Error::PriceNotUsable);
		assert_noop!(guarded(ALICE, ALICE, POOL, PUT, 1, 900), Error::PriceNotUsable);
		// The other underlying goes on, with the frozen short at its worst.
		assert_ok!(guarded(ALICE, POOL, ALICE, ETH_CALL, 1, 10));
		assert_noop!(guarded(ALICE, POOL, ALICE, ETH_CALL, 999, 0), Error::BelowInitialMargin);
		// Neither may collateral on it appear.
		let call = || {
			<Margin as MutateAccounts<u64>>::guarded(&ALICE, || {
				Margin::do_deposit_collateral(&ALICE, BTC, centi_btc(1))
			})
		};
		assert_noop!(frame_support::storage::with_storage_layer(call), Error::PriceNotUsable);
	});
}

#[test]
fn a_frozen_short_at_its_worst_can_eat_the_margin_of_another_underlying() {
	build_and_execute(|| {
		deposit(ALICE, 3_000);
		assert_ok!(guarded(ALICE, POOL, ALICE, CALL, 1, 900));
		set_quality(ON_BTC, Quality::Stale);
		let health = health(ALICE);
		assert!(health.excess_worst < health.excess_best);
		// At mark there would be room; at the worst value of the frozen call there is not.
		assert!(health.equity > Usd::from_int(2_900));
		assert_noop!(guarded(ALICE, POOL, ALICE, ETH_CALL, 20, 200), Error::BelowInitialMargin);
	});
}
