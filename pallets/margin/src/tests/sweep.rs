use crate::{mock::*, OpenExpiries, Sweep};
use ballast_mocks::{MockMarket, MockWaterfall};
use ballast_primitives::{Price, Quality, Quantity, SeriesId, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_ok, traits::Hooks, weights::Weight};

fn idle() -> Weight {
	let all = whole_block();
	Margin::on_idle(1, all)
}

/// Ten accounts short one call each, Alice long all of them; everybody can pay.
fn ten_shorts() {
	for who in 10..20u64 {
		assert_ok!(<Margin as MutateAccounts<u64>>::trade(
			&ALICE,
			&who,
			CALL,
			Quantity::ONE,
			Usd::ZERO
		));
		deposit(CAROL, 500);
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&CAROL, &who, Usd::from_int(500)));
	}
}

#[test]
fn everything_expired_is_settled_without_anyone_acting() {
	build_and_execute(|| {
		ten_shorts();
		settle_at(CALL, Price::from_int(10_300));
		idle();
		idle();
		assert_eq!(cash(ALICE), Usd::from_int(3_000));
		assert_eq!(quantity(ALICE, CALL), Quantity::ZERO);
		for who in 10..20 {
			assert_eq!(cash(who), Usd::from_int(200));
		}
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::ZERO);
		while OpenExpiries::<Test>::get().contains(&EXPIRY) {
			idle();
		}
		assert_eq!(Sweep::<Test>::get(), None);
	});
}

#[test]
fn nothing_is_visited_before_an_expiry_has_passed() {
	build_and_execute(|| {
		ten_shorts();
		Now::put(EXPIRY - 1);
		// The mock of the tick would panic.
		MockMarket::mock_accept_ticks(|| panic!("prices are not needed"));
		let before = root();
		assert!(idle().ref_time() > 0);
		assert_eq!(before, root());
	});
}

#[test]
fn a_late_settlement_price_keeps_the_sweep_going() {
	build_and_execute(|| {
		ten_shorts();
		expire(CALL);
		for _ in 0..5 {
			idle();
			assert!(OpenExpiries::<Test>::get().contains(&EXPIRY));
		}
		assert_eq!(quantity(ALICE, CALL), Quantity::from_int(10));
		settle_at(CALL, Price::from_int(10_300));
		for _ in 0..6 {
			idle();
		}
		assert_eq!(cash(ALICE), Usd::from_int(3_000));
		assert!(OpenExpiries::<Test>::get().is_empty());
	});
}

#[test]
fn a_debt_that_waits_for_a_price_is_covered_later() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(BOB), BTC, centi_btc(1)));
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(13_000));
		set_quality(ON_BTC, Quality::TooFewOperators);
		for _ in 0..4 {
			idle();
		}
		assert_eq!(cash(BOB), Usd::from_int(-3_000));
		assert!(OpenExpiries::<Test>::get().contains(&EXPIRY));
		set_quality(ON_BTC, Quality::Good);
		for _ in 0..4 {
			idle();
		}
		assert_eq!(Margin::account_view(&BOB), None);
		assert_eq!(Deficit::get(), Usd::from_int(-2_900));
		assert!(OpenExpiries::<Test>::get().is_empty());
	});
}

#[test]
fn a_broken_waterfall_stops_nobody_and_is_asked_again() {
	build_and_execute(|| {
		ten_shorts();
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_300));
		// Bob has nothing.
		MockWaterfall::mock_cover(|_, _| Err("broken".into()));
		for _ in 0..4 {
			idle();
		}
		assert_eq!(cash(ALICE), Usd::from_int(3_300));
		assert_eq!(cash(BOB), Usd::from_int(-300));
		assert!(OpenExpiries::<Test>::get().contains(&EXPIRY));
		MockWaterfall::mock_cover(|who, deficit| {
			Margin::credit_deficit(who, deficit)?;
			Deficit::put(deficit.checked_neg()?);
			Ok(())
		});
		for _ in 0..2 {
			idle();
		}
		assert_eq!(Margin::account_view(&BOB), None);
		assert!(OpenExpiries::<Test>::get().is_empty());
	});
}

#[test]
fn work_is_bounded_by_the_weight_that_is_left_and_goes_on_where_it_stopped() {
	build_and_execute(|| {
		ten_shorts();
		settle_at(CALL, Price::from_int(10_300));
		assert_eq!(Margin::on_idle(1, Weight::zero()), Weight::zero());
		use crate::WeightInfo;
		// Room for one worst case and little more: a few small accounts each time.
		let little = <() as WeightInfo>::sweep_base()
			.saturating_add(<() as WeightInfo>::visit(64))
			.saturating_add(<() as WeightInfo>::visit(1).saturating_mul(3));
		let mut blocks = 0;
		while !OpenExpiries::<Test>::get().is_empty() {
			let used = Margin::on_idle(1, little);
			assert!(used.all_lte(little));
			blocks += 1;
			assert!(blocks < 100, "the sweep makes no progress");
		}
		assert!(blocks > 2);
		assert_eq!(cash(ALICE), Usd::from_int(3_000));
	});
}

#[test]
fn at_most_sixty_four_accounts_are_visited_in_one_block() {
	build_and_execute(|| {
		for who in 1_000..1_100u64 {
			assert_ok!(<Margin as MutateAccounts<u64>>::trade(
				&ALICE,
				&who,
				CALL,
				Quantity::ONE,
				Usd::ZERO
			));
		}
		settle_at(CALL, Price::from_int(9_000));
		Margin::on_idle(1, Weight::MAX);
		let left = crate::Accounts::<Test>::iter_keys().count();
		assert!(left >= 101 - 64, "{left}");
		for _ in 0..3 {
			idle();
		}
		assert_eq!(crate::Accounts::<Test>::iter_keys().count(), 0);
	});
}

#[test]
fn an_expiry_that_passes_during_a_pass_is_not_forgotten() {
	build_and_execute(|| {
		let later = SeriesId(50);
		let mut series = Listed::get(CALL).unwrap();
		series.expiry = EXPIRY + 60;
		Listed::insert(later, series);
		ten_shorts();
		trade(BOB, ALICE, later, 1, 0);
		settle_at(CALL, Price::from_int(9_000));
		Margin::on_idle(1, Weight::MAX);
		settle_at(later, Price::from_int(9_000));
		for _ in 0..6 {
			Margin::on_idle(1, Weight::MAX);
		}
		assert!(OpenExpiries::<Test>::get().is_empty());
		assert_eq!(quantity(BOB, later), Quantity::ZERO);
	});
}
