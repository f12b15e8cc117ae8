use super::{assert_refused, book::Book, cases};
use crate::{mock::*, Error, OpenInterestOf, SidesOf};
use ballast_mocks::MockParameters;
use ballast_primitives::{
	params::UnderlyingRisk, time::DAY, OptionKind, Quantity, SeriesId, SeriesState, Side,
	SideChange, Usd,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_runtime::ArithmeticError;

fn same(id: SeriesId, change: SideChange) -> sp_runtime::DispatchResult {
	Options::change_sides(id, change, change)
}

fn cap(whole: i64) {
	MockParameters::mock_underlying(move |_| {
		let open_interest_cap = contracts(whole);
		Some(UnderlyingRisk { open_interest_cap, ..UnderlyingRisk::btc() })
	});
}

#[test]
fn a_change_shows_in_both_sides_and_in_the_underlyings_total() {
	ExtBuilder::default().build_and_execute(|| {
		let (call, put) =
			(list(OptionKind::Call, 8_000, EXPIRY), list(OptionKind::Put, 8_000, EXPIRY));
		assert_ok!(open(call, 5));
		assert_ok!(open(put, 2));
		assert_ok!(close(call, 1));
		let sides = Options::sides(call);
		assert_eq!((sides.long.total, sides.short.total), (contracts(4), contracts(4)));
		assert_eq!((sides.long.holders, sides.short.holders), (1, 1));
		assert!(!sides.is_folded());
		assert_eq!(Options::open_interest(call), contracts(4));
		assert_eq!(Options::open_interest(put), contracts(2));
		assert_eq!(Options::open_interest_of(BTC), contracts(6));
		assert_eq!(Options::open_interest_of(ETH), Quantity::ZERO);
	});
}

#[test]
fn positions_are_counted_on_each_side() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		// One long of 3 against three shorts of 1, who then close against one another.
		let long = SideChange { opened: contracts(3), joined: 1, ..Default::default() };
		assert_ok!(Options::change_sides(id, long, SideChange { joined: 3, ..long }));
		let moved = SideChange {
			opened: contracts(1),
			closed: contracts(1),
			left: 1,
			..Default::default()
		};
		assert_ok!(Options::change_sides(id, SideChange::default(), moved));
		let sides = Options::sides(id);
		assert_eq!((sides.long.holders, sides.short.holders), (1, 2));
		assert_eq!(sides.short.total, contracts(3));
		let gone = SideChange { left: 3, ..Default::default() };
		assert_refused(
			|| Options::change_sides(id, SideChange::default(), gone),
			Error::<Test>::OpenInterestNegative,
		);
		let most = SideChange { joined: u32::MAX, ..Default::default() };
		assert_refused(|| same(id, most), ArithmeticError::Overflow);
	});
}

#[test]
fn nothing_is_written_for_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(same(id, SideChange::default()));
		assert!(!SidesOf::<Test>::contains_key(id));
		assert_refused(|| same(SeriesId(9), SideChange::default()), Error::<Test>::SeriesUnknown);
		assert_refused(|| open(SeriesId(9), 1), Error::<Test>::SeriesUnknown);
	});
}

#[test]
fn sides_that_would_differ_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		let none = SideChange::default();
		assert_refused(|| Options::change_sides(id, opened(1), none), Error::<Test>::SidesDiffer);
		assert_refused(
			|| Options::change_sides(id, opened(2), opened(1)),
			Error::<Test>::SidesDiffer,
		);
		assert_ok!(open(id, 3));
		assert_refused(|| Options::change_sides(id, none, closed(1)), Error::<Test>::SidesDiffer);
		assert_refused(
			|| Options::change_sides(id, opened(1), closed(1)),
			Error::<Test>::SidesDiffer,
		);
	});
}

#[test]
fn more_cannot_be_closed_than_is_open() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_refused(|| close(id, 1), Error::<Test>::OpenInterestNegative);
		assert_ok!(open(id, 3));
		assert_refused(|| close(id, 4), Error::<Test>::OpenInterestNegative);
		assert_ok!(close(id, 3));
	});
}

#[test]
fn negative_changes_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		let nothing = SideChange::default();
		let negative = [
			SideChange { opened: contracts(-1), ..nothing },
			SideChange { closed: contracts(-1), ..nothing },
			SideChange { brought: Usd::from_int(-1), ..nothing },
		];
		for change in negative {
			assert_refused(|| same(id, change), ArithmeticError::Underflow);
		}
	});
}

#[test]
fn the_cap_binds_all_series_of_an_underlying_together() {
	ExtBuilder::default().build_and_execute(|| {
		cap(10);
		let (near, far) =
			(list(OptionKind::Call, 8_000, EXPIRY), list(OptionKind::Call, 8_000, EXPIRY + DAY));
		assert_ok!(open(near, 6));
		assert_refused(|| open(far, 5), Error::<Test>::OpenInterestCapExceeded);
		assert_ok!(open(far, 4));
		let unit = SideChange { opened: Quantity::from_inner(1), ..Default::default() };
		assert_refused(|| same(near, unit), Error::<Test>::OpenInterestCapExceeded);
		// Above a cap that was lowered, closing and moving are still possible.
		cap(1);
		assert_ok!(close(near, 2));
		let moved = SideChange { opened: contracts(4), closed: contracts(4), ..Default::default() };
		assert_ok!(same(near, moved));
		assert_refused(|| open(near, 1), Error::<Test>::OpenInterestCapExceeded);
	});
}

#[test]
fn an_expired_series_counts_against_the_cap_until_it_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		cap(10);
		let (near, far) =
			(list(OptionKind::Call, 8_000, EXPIRY), list(OptionKind::Call, 8_000, EXPIRY + DAY));
		assert_ok!(open(near, 10));
		set_now(EXPIRY);
		assert_refused(|| open(far, 1), Error::<Test>::OpenInterestCapExceeded);
		set_settlement(BTC, EXPIRY, 8_000);
		idle();
		assert_ok!(open(far, 10));
		assert_eq!(OpenInterestOf::<Test>::get(BTC), contracts(10));
		assert_eq!(Options::open_interest(near), contracts(10));
	});
}

#[test]
fn contracts_neither_open_nor_close_once_a_series_has_expired() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(open(id, 9));
		set_now(EXPIRY - 1);
		assert_ok!(open(id, 1));
		let refused = || {
			assert_refused(|| open(id, 1), Error::<Test>::SeriesExpired);
			assert_refused(|| close(id, 1), Error::<Test>::SeriesExpired);
			let moved =
				SideChange { opened: contracts(1), closed: contracts(1), ..Default::default() };
			assert_refused(|| same(id, moved), Error::<Test>::SeriesExpired);
		};
		// Expired, settled as read off the price, settled in storage.
		set_now(EXPIRY);
		refused();
		set_settlement(BTC, EXPIRY, 8_000);
		refused();
		idle();
		assert!(matches!(Options::series(id).unwrap().state, SeriesState::Settled { .. }));
		refused();
		// Positions end one by one, and the totals stay as they were.
		let gone = SideChange { left: 1, ..Default::default() };
		assert_ok!(Options::change_sides(id, gone, SideChange::default()));
		assert_ok!(Options::change_sides(id, SideChange::default(), gone));
		let sides = Options::sides(id);
		assert_eq!((sides.long.holders, sides.short.holders), (1, 1));
		assert_eq!((sides.long.total, sides.short.total), (contracts(10), contracts(10)));
	});
}

#[test]
fn nothing_opens_on_a_halted_underlying_and_what_is_open_can_be_closed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(open(id, 2));
		MockParameters::mock_is_halted(|underlying| underlying == BTC);
		assert_refused(|| open(id, 1), Error::<Test>::UnderlyingHalted);
		assert_ok!(close(id, 1));
		MockParameters::mock_is_halted(|_| false);
		assert_ok!(open(id, 1));
	});
}

#[test]
fn nothing_opens_on_an_inactive_underlying_or_one_without_risk() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(open(id, 2));
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, false));
		assert_refused(|| open(id, 1), Error::<Test>::UnderlyingInactive);
		assert_ok!(close(id, 1));
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, true));
		MockParameters::mock_underlying(|_| None);
		assert_refused(|| open(id, 1), Error::<Test>::RiskUnset);
		assert_ok!(close(id, 1));
	});
}

#[test]
fn sums_beyond_the_range_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(open(id, 1));
		let most = SideChange { opened: Quantity::from_inner(i128::MAX), ..Default::default() };
		assert_refused(|| same(id, most), ArithmeticError::Overflow);
		let most = SideChange { closed: Quantity::from_inner(i128::MAX), ..Default::default() };
		assert_refused(|| same(id, most), Error::<Test>::OpenInterestNegative);
	});
}

#[test]
fn money_that_is_not_due_cannot_be_brought() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(open(id, 4));
		let brought = |inner| SideChange { brought: Usd::from_inner(inner), ..Default::default() };
		let nothing = SideChange::default();
		// Nothing was ever taken.
		assert_refused(
			|| Options::change_sides(id, brought(1), nothing),
			Error::<Test>::DueExceeded,
		);
		assert_refused(
			|| Options::change_sides(id, nothing, brought(1)),
			Error::<Test>::DueExceeded,
		);
		assert_ok!(Options::fold(id, Side::Long, contracts(1), price(100)));
		let hundred = Usd::from_int(100).into_inner();
		assert_refused(
			|| Options::change_sides(id, brought(hundred + 1), nothing),
			Error::<Test>::DueExceeded,
		);
		assert_ok!(Options::change_sides(id, brought(hundred - 1), nothing));
		assert_eq!(Options::sides(id).long.due, Usd::from_inner(1));
		// Money is brought after the expiry, too.
		set_now(EXPIRY);
		assert_ok!(Options::change_sides(id, brought(1), nothing));
		assert_eq!(Options::sides(id).long.due, Usd::ZERO);
	});
}

/// Two shorts of a unit and a half each have become shorts of a unit more than the total.
#[test]
fn the_last_short_closes_the_unit_that_it_was_rounded_up_by() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		let mut book = Book::default();
		assert_ok!(book.trade(id, 1, 2, 3));
		assert_ok!(book.trade(id, 1, 3, 3));
		assert_ok!(book.end_against_all(id, 1, Side::Long, 3, price(500)));
		assert_eq!((book.held(id, 2, Side::Short), book.held(id, 3, Side::Short)), (2, 2));
		assert_eq!(Options::open_interest(id), Quantity::from_inner(3));
		assert_ok!(book.trade(id, 2, 3, 2));
		// All shorts are one, of a unit more than the long. It closes them all against the long.
		assert_eq!((book.held(id, 3, Side::Short), book.held(id, 1, Side::Long)), (4, 3));
		assert_ok!(book.trade(id, 3, 1, 4));
		assert_eq!(Options::open_interest(id), Quantity::ZERO);
		assert_eq!((book.held(id, 3, Side::Short), book.held(id, 1, Side::Short)), (0, 1));
		let sides = Options::sides(id);
		assert_eq!((sides.long.holders, sides.short.holders), (0, 1));
		// The unit is no burden: a buyer takes it over as part of what it buys.
		assert_ok!(book.trade(id, 1, 2, 1));
		assert_eq!(Options::sides(id).short.holders, 1);
		assert_eq!(Options::open_interest(id), Quantity::ZERO);
	});
}

proptest! {
	#![proptest_config(cases(200))]

	/// Whatever folds have left, every account can close what it holds, in any order, against whoever is
	/// there; and no order makes a total differ.
	#[test]
	fn every_account_can_close_whatever_folds_have_left(
		trades in proptest::collection::vec((0u8..6, 1u8..6, 1i128..60), 1..12),
		folds in proptest::collection::vec((0u8..6, any::<bool>(), 1i128..40), 1..8),
		closers in proptest::collection::vec((0u8..6, 1u8..6), 1..16),
	) {
		ExtBuilder::default().build_and_execute(|| {
			let id = list(OptionKind::Call, 8_000, EXPIRY);
			let mut book = Book::default();
			for (buyer, ahead, units) in trades {
				assert_ok!(book.trade(id, buyer, (buyer + ahead) % 6, units));
			}
			for (who, long, units) in folds {
				let side = if long { Side::Long } else { Side::Short };
				let open = Options::open_interest(id).into_inner();
				let units = units.min(book.held(id, who, side)).min(open);
				assert_ok!(book.end_against_all(id, who, side, units, price(700)));
			}
			for (who, ahead) in closers {
				let other = (who + ahead) % 6;
				let (long, short) =
					(book.held(id, who, Side::Long), book.held(id, who, Side::Short));
				if long > 0 {
					assert_ok!(book.trade(id, other, who, long));
				} else if short > 0 {
					assert_ok!(book.trade(id, who, other, short));
				}
				assert_eq!(book.view(id, who).0, Quantity::ZERO);
				let open = Options::open_interest(id).into_inner();
				assert!(book.sum(id, Side::Long) <= open && open <= book.sum(id, Side::Short));
				assert_ok!(Options::do_try_state());
			}
		});
	}
}
