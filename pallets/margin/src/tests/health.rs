use crate::mock::*;
use ballast_primitives::{AccountStatus, Price, Quality, Quantity, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::assert_ok;

fn status(who: u64) -> AccountStatus {
	health(who).status
}

/// Alice short one call with this much cash on top of nothing.
fn short_call_with(dollars: u128) {
	deposit(ALICE, dollars);
	trade(POOL, ALICE, CALL, 1, 0);
}

#[test]
fn nobody_is_safe_with_nothing() {
	build_and_execute(|| {
		let health = health(DAVE);
		assert_eq!(health.status, AccountStatus::Safe);
		assert_eq!((health.equity, health.initial), (Usd::ZERO, Usd::ZERO));
	});
}

#[test]
fn equity_is_cash_and_marks_and_requirements_add_up() {
	build_and_execute(|| {
		short_call_with(10_000);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), ETH, 10u128.pow(18)));
		let health = health(ALICE);
		assert_eq!(health.cash, Usd::from_int(10_000));
		assert_eq!(health.collateral, Usd::from_int(200));
		assert!(health.options < Usd::from_int(-880) && health.options > Usd::from_int(-940));
		let sum = health.cash.checked_add(health.collateral).unwrap();
		assert_eq!(health.equity, sum.checked_add(health.options).unwrap());
		let parts = Margin::requirement_view(&ALICE).unwrap();
		let add = |pick: fn(&crate::UnderlyingRequirement) -> Usd| {
			parts.iter().fold(Usd::ZERO, |sum, part| sum.checked_add(pick(part)).unwrap())
		};
		assert_eq!(add(|part| part.maintenance), health.maintenance);
		assert_eq!(add(|part| part.initial), health.initial);
		assert_eq!(health.excess_best, health.excess_worst);
		assert_eq!(health.excess_best, health.equity.checked_sub(health.maintenance).unwrap());
	});
}

#[test]
fn the_requirement_of_a_short_call_is_that_of_the_formula() {
	build_and_execute(|| {
		short_call_with(10_000);
		let part = Margin::requirement_view(&ALICE).unwrap()[0].clone();
		assert!(part.usable);
		// 30 days, 80%: 912.984 at spot, 2,336.270 up 15% with 120%. The index names the scenario.
		assert_eq!(part.binding_maintenance, 9 + 3 * 2);
		let loss = part.loss.into_inner() as f64 / 1e18;
		assert!((loss - 1_423.285_938_934_574).abs() < 1e-10, "{loss}");
		// With the forward up 4.5% the call is worth 262.603 more: times 0.5 + 2 x 30 / 365.
		let basis = part.basis.into_inner() as f64 / 1e18;
		assert!((basis - 174.469_209_180_515).abs() < 1e-9, "{basis}");
		let zero = Usd::ZERO;
		assert_eq!((part.vol_term, part.confidence, part.discount), (zero, zero, zero));
		assert_eq!(part.scan_maintenance, part.loss.checked_add(part.basis).unwrap());
		assert_eq!(part.greatest_loss, None);
		let close = |value: Usd, whole: i64| {
			let gap = value.checked_sub(Usd::from_int(whole)).unwrap();
			gap.checked_abs().unwrap() < Usd::from_inner(1_000)
		};
		assert!(close(part.contingency_maintenance, 30));
		assert!(close(part.contingency_initial, 50));
		assert!(close(part.initial.checked_sub(part.scan_initial).unwrap(), 80));
	});
}

#[test]
fn status_falls_with_cash() {
	build_and_execute(|| {
		short_call_with(10_000);
		let health_now = health(ALICE);
		let mark = health_now.options.checked_neg().unwrap();
		let leave = |equity: Usd| {
			let target = equity.checked_add(mark).unwrap();
			let rest = cash(ALICE).checked_sub(target).unwrap();
			assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&ALICE, &FUND, rest));
			status(ALICE)
		};
		let less = |value: Usd| value.checked_sub(Usd::from_inner(1)).unwrap();
		assert_eq!(status(ALICE), AccountStatus::Safe);
		assert_eq!(leave(health_now.initial), AccountStatus::Safe);
		assert_eq!(leave(less(health_now.initial)), AccountStatus::BelowInitial);
		assert_eq!(leave(health_now.maintenance), AccountStatus::BelowInitial);
		assert_eq!(leave(less(health_now.maintenance)), AccountStatus::Liquidatable);
		assert_eq!(leave(Usd::ZERO), AccountStatus::Liquidatable);
		let one = Usd::from_inner(1);
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&ALICE, &FUND, one));
		assert_eq!(status(ALICE), AccountStatus::Bankrupt);
	});
}

#[test]
fn with_unusable_prices_an_account_is_unknown_only_in_between() {
	build_and_execute(|| {
		short_call_with(2_500);
		set_quality(ON_BTC, Quality::Stale);
		// Up to 32% away the call is worth between next to nothing and about 3,300.
		assert_eq!(status(ALICE), AccountStatus::Unknown);
		let health_now = health(ALICE);
		assert_eq!(health_now.maintenance, Usd::ZERO);
		assert!(health_now.excess_worst.is_negative());
		assert!(health_now.excess_best > health_now.equity);
		assert_eq!(Margin::unusable(&ALICE), vec![ON_BTC]);
		deposit(ALICE, 2_500);
		assert_eq!(status(ALICE), AccountStatus::Safe);
	});
}

#[test]
fn a_dust_leg_on_a_halted_feed_does_not_make_a_book_immune() {
	build_and_execute(|| {
		short_call_with(1_000);
		trade(ALICE, POOL, ETH_CALL, 1, 0);
		set_quality(ON_ETH, Quality::TooFewOperators);
		assert_eq!(status(ALICE), AccountStatus::Liquidatable);
		set_spot(ON_BTC, 15_000);
		assert_eq!(status(ALICE), AccountStatus::Bankrupt);
	});
}

#[test]
fn an_account_is_bankrupt_only_if_it_is_in_the_best_case() {
	build_and_execute(|| {
		short_call_with(500);
		assert_eq!(status(ALICE), AccountStatus::Bankrupt);
		set_quality(ON_BTC, Quality::Stale);
		assert_eq!(status(ALICE), AccountStatus::Unknown);
	});
}

#[test]
fn collateral_hedges_inside_the_grid() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		let alone = health(ALICE);
		trade(POOL, ALICE, CALL, 1, 0);
		let covered = health(ALICE);
		assert!(covered.maintenance < alone.maintenance);
		assert_eq!(covered.status, AccountStatus::Safe);
		// Whatever spot does it stays solvent.
		for spot in [100, 1_000, 5_000, 50_000, 900_000] {
			set_spot(ON_BTC, spot);
			assert!(!health(ALICE).equity.is_negative(), "{spot}");
			assert_ne!(status(ALICE), AccountStatus::Bankrupt);
		}
	});
}

#[test]
fn a_settled_position_counts_its_payoff_before_it_is_touched() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_300));
		set_quality(ON_BTC, Quality::Stale);
		assert_eq!(health(ALICE).equity, Usd::from_int(300));
		assert_eq!(health(BOB).equity, Usd::from_int(700));
		assert_eq!(health(BOB).status, AccountStatus::Safe);
		assert_eq!(health(BOB).maintenance, Usd::ZERO);
		assert!(Margin::unusable(&BOB).is_empty());
	});
}

#[test]
fn accounts_follow_each_other_to_the_end() {
	build_and_execute(|| {
		for who in [ALICE, BOB, CAROL] {
			deposit(who, 1);
		}
		let mut seen = Vec::new();
		let mut cursor = Margin::next_after(None);
		while let Some(who) = cursor {
			seen.push(who);
			cursor = Margin::next_after(Some(&who));
		}
		seen.sort_unstable();
		assert_eq!(seen, vec![ALICE, BOB, CAROL]);
		let positions = <Margin as InspectAccounts<u64>>::positions(&ALICE);
		assert_eq!(positions, vec![]);
		trade(ALICE, BOB, CALL, 1, 0);
		let positions = <Margin as InspectAccounts<u64>>::positions(&BOB);
		assert_eq!(positions, vec![(CALL, Quantity::from_int(-1))]);
	});
}
