use super::{assert_refused, book::Book};
use crate::{mock::*, Error};
use ballast_primitives::{OptionKind, Price, Quantity, SeriesId, Side, SideChange, Usd};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::assert_ok;

#[test]
fn a_series_without_holders_has_nothing_open_and_nothing_due() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		assert_ok!(open(id, 2));
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		// Settled by reading: the underlying's total still counts the series.
		assert_eq!(Options::open_interest_of(BTC), contracts(2));
		assert_eq!(finish(id, 1), Ok(Usd::ZERO));
		assert_eq!(Options::open_interest(id), Quantity::ZERO);
		assert_eq!(Options::open_interest_of(BTC), Quantity::ZERO);
		idle();
		assert_eq!(Options::open_interest_of(BTC), Quantity::ZERO);
		assert_eq!(Options::complete(id), Ok(Usd::ZERO));
	});
}

#[test]
fn a_series_settled_in_storage_is_not_counted_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		let other = list(OptionKind::Call, 8_000, EXPIRY + 86_400);
		assert_ok!(open(id, 2));
		assert_ok!(open(other, 3));
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		idle();
		assert_eq!(Options::open_interest_of(BTC), contracts(3));
		assert_eq!(finish(id, 1), Ok(Usd::ZERO));
		assert_eq!(Options::open_interest_of(BTC), contracts(3));
	});
}

#[test]
fn what_rounding_has_left_is_the_houses() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Put, 8_000, EXPIRY);
		let mut book = Book::default();
		for (long, short) in [(1, 4), (2, 5), (3, 6)] {
			assert_ok!(book.trade(id, long, short, 7));
		}
		let third = Price::from_inner(333_333_333_333_333_333);
		let received = book.end_against_all(id, 1, Side::Long, 4, third).unwrap().into_inner();
		let paid = book.end_against_all(id, 4, Side::Short, 3, third).unwrap().into_inner();
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 7_000);
		let house = book.finish(id).unwrap();
		let sum = |side| -> i128 {
			book.brought.iter().filter(|((_, of, _), _)| *of == side).map(|(_, sum)| sum).sum()
		};
		let expected = paid - sum(Side::Long) + sum(Side::Short) - received;
		assert_eq!(house, Usd::from_inner(expected));
		assert!(expected > 0, "{expected}");
		let sides = Options::sides(id);
		assert_eq!((sides.long.due, sides.short.due), (Usd::ZERO, Usd::ZERO));
	});
}

#[test]
fn a_series_that_somebody_holds_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		assert_ok!(open(id, 2));
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		assert_refused(|| Options::complete(id), Error::<Test>::SeriesInUse);
		let gone = SideChange { left: 1, ..Default::default() };
		assert_ok!(Options::change_sides(id, gone, SideChange::default()));
		assert_refused(|| Options::complete(id), Error::<Test>::SeriesInUse);
		assert_ok!(Options::change_sides(id, SideChange::default(), gone));
		assert_ok!(Options::complete(id));
		assert_refused(|| Options::complete(SeriesId(9)), Error::<Test>::SeriesUnknown);
	});
}

#[test]
fn open_contracts_of_a_series_that_is_not_settled_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		assert_ok!(open(id, 2));
		set_now(EXPIRY);
		let gone = SideChange { left: 1, ..Default::default() };
		assert_ok!(Options::change_sides(id, gone, gone));
		assert_refused(|| Options::complete(id), Error::<Test>::SeriesNotSettled);
		set_settlement(BTC, EXPIRY, 8_000);
		assert_ok!(Options::complete(id));
	});
}

/// Everybody has closed before the expiry: what folds have left can be taken, and trading goes on.
#[test]
fn a_live_series_gives_up_its_remainder_when_nobody_holds_it() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		let mut book = Book::default();
		assert_ok!(book.trade(id, 1, 2, 8));
		let half = Price::from_inner(500_000_000_000_000_000);
		assert_eq!(book.end_against_all(id, 2, Side::Short, 1, half), Ok(Usd::from_inner(1)));
		assert_ok!(book.trade(id, 2, 1, 7));
		assert!(book.positions.is_empty());
		assert_eq!(Options::sides(id).long.due, Usd::from_inner(1));
		assert_eq!(Options::complete(id), Ok(Usd::from_inner(1)));
		assert_ok!(book.trade(id, 1, 2, 10));
		assert_refused(|| Options::complete(id), Error::<Test>::SeriesInUse);
		assert_eq!(book.view(id, 1), (Quantity::from_inner(10), Usd::ZERO));
	});
}

#[test]
fn a_series_that_was_never_traded_is_complete() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		assert_eq!(Options::complete(id), Ok(Usd::ZERO));
	});
}
