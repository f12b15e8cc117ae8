//! Covered positions, and the account as a whole.

use super::*;
use crate::{explain::types::Interest, Cover};
use ballast_primitives::{OptionKind, Quality, Quantity, Series, SeriesId, Settlement};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::assert_ok;

/// An in-kind call at 10,000.
const IN_KIND: SeriesId = SeriesId(8);

fn list_in_kind() {
	let call = series(ON_BTC, OptionKind::Call, 10_000);
	Listed::insert(IN_KIND, Series { settlement: Settlement::InKind, ..call });
}

#[test]
fn a_covered_position_appears_in_its_own_line_only() {
	build_and_execute(|| {
		list_in_kind();
		deposit(ALICE, 11_000);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(300)));
		trade(POOL, ALICE, PUT, 1, 0);
		let bare = health(ALICE).options;
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		trade(POOL, ALICE, IN_KIND, 2, 0);
		let now = explain(ALICE);
		assert_eq!(now.health.options, Usd::ZERO);
		assert_eq!(now.underlyings.len(), 1);
		let reasons = now.underlyings[0].reasons.clone().unwrap();
		assert_eq!((reasons.legs.len(), reasons.units.quantity), (0, Quantity::from_int(1)));
		assert_eq!(now.covered.iter().map(|line| line.series).collect::<Vec<_>>(), [PUT, IN_KIND]);
		let [put, call] = [now.covered[0], now.covered[1]];
		assert_eq!(put.cover, Cover::Cash(Usd::from_int(10_000)));
		assert_eq!(
			(put.quantity, put.cover_value),
			(Quantity::from_int(-1), Usd::from_int(10_000))
		);
		assert_eq!(put.mark, bare);
		assert_eq!(call.cover, Cover::Units(Quantity::from_int(2)));
		assert_eq!(call.cover_value, Usd::from_int(20_000));
		// At the money without interest a call is worth a put.
		assert!((usd(call.mark) - 2.0 * usd(bare)).abs() < 1e-9);
		let sum = [put, call].iter().fold(0.0, |sum, it| sum + usd(it.cover_value) + usd(it.mark));
		assert!((usd(now.covered_value) - sum).abs() < 1e-9);
		// No price is too high or too low for them.
		assert_eq!((now.nearest, now.seconds_to_liquidation), (None, None));
	});
}

#[test]
fn covered_positions_are_worth_their_payoff_once_settled_and_have_a_value_without_a_price() {
	build_and_execute(|| {
		list_in_kind();
		deposit(ALICE, 11_000);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		trade(POOL, ALICE, PUT, 1, 0);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		trade(POOL, ALICE, IN_KIND, 1, 0);
		let before = explain(ALICE);
		set_quality(ON_BTC, Quality::Stale);
		assert_eq!(explain(ALICE).covered, before.covered);
		set_quality(ON_BTC, Quality::Good);
		settle_at(PUT, Price::from_int(9_400));
		assert_eq!(explain(ALICE).covered[0].mark, Usd::from_int(-600));
		settle_at(IN_KIND, Price::from_int(12_500));
		// A fifth of a coin, at 10,000 now.
		assert_eq!(explain(ALICE).covered[1].mark, Usd::from_int(-2_000));
		let worth = explain(ALICE).covered_value;
		assert_eq!(worth, Usd::from_int(9_400 + 8_000));
		assert_ok!(<Margin as MutateAccounts<u64>>::touch(&ALICE));
		let after = explain(ALICE);
		assert!(after.covered.is_empty());
		assert_eq!(after.covered_value, Usd::ZERO);
		let gained = after.health.equity.checked_sub(before.health.equity).unwrap();
		assert_eq!(gained, worth);
	});
}

#[test]
fn an_account_with_nothing_has_nothing_to_explain() {
	build_and_execute(|| {
		let nothing = explain(DAVE);
		assert!(nothing.underlyings.is_empty() && nothing.covered.is_empty());
		assert_eq!((nothing.margin_ratio, nothing.interest), (None, Interest::None));
		assert_eq!((nothing.nearest, nothing.seconds_to_liquidation), (None, None));
		assert_eq!(nothing.withdrawable, Some(Usd::ZERO));
	});
}

#[test]
fn interest_is_that_of_the_cash_market() {
	build_and_execute(|| {
		deposit(BOB, 10_000);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		assert_ok!(Margin::transfer(&ALICE, &BOB, Usd::from_int(4_000)));
		let market = Margin::cash_market_view().unwrap();
		assert!(market.borrow_rate > market.supply_rate && !market.supply_rate.is_zero());
		assert_eq!(explain(ALICE).interest, Interest::Pays(market.borrow_rate));
		assert_eq!(explain(BOB).interest, Interest::Earns(market.supply_rate));
	});
}

#[test]
fn withdrawals_are_blocked_here_as_they_are() {
	build_and_execute(|| {
		deposit(ALICE, 5_000);
		let both = || (explain(ALICE).withdrawable.unwrap(), Margin::withdrawable(&ALICE).unwrap());
		assert_eq!(both(), (Usd::from_int(5_000), Usd::from_int(5_000)));
		trade(POOL, ALICE, CALL, 1, 0);
		assert_eq!(both().0, both().1);
		assert!(both().0 < Usd::from_int(5_000) && both().0.is_positive());
		Blocked::put(true);
		assert_eq!(both(), (Usd::ZERO, Usd::ZERO));
	});
}

#[test]
fn the_margin_ratio_is_above_one_exactly_if_an_account_is_below_maintenance() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		trade(POOL, ALICE, CALL, 1, 0);
		let health_now = health(ALICE);
		let leave = |equity: Usd| {
			let rest = health(ALICE).equity.checked_sub(equity).unwrap();
			assert_ok!(Margin::transfer(&ALICE, &FUND, rest));
			explain(ALICE).margin_ratio
		};
		let twice = health_now.maintenance.checked_add(health_now.maintenance).unwrap();
		assert_eq!(leave(twice), Some(Ratio::from_percent(50)));
		assert_eq!(leave(health_now.maintenance), Some(Ratio::ONE));
		let less = health_now.maintenance.checked_sub(Usd::from_inner(1)).unwrap();
		assert!(leave(less).unwrap() > Ratio::ONE);
		// More than a ratio holds.
		assert_eq!(leave(Usd::from_inner(1)), Some(Ratio::from_inner(u128::MAX)));
		assert_eq!(leave(Usd::ZERO), None);
	});
}
