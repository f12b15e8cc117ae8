use super::{assert_refused, book::Book};
use crate::{mock::*, EndedEpochs, Error, Event};
use ballast_primitives::{OptionKind, Price, Quantity, SeriesId, Side, Usd};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::assert_ok;
use sp_runtime::ArithmeticError;

const ONE: i128 = 1_000_000_000_000_000_000;

/// Accounts 1 and 2 hold 30 and 10 contracts that 3 and 4 have written, 20 each.
fn book() -> (SeriesId, Book) {
	let id = list(OptionKind::Put, 8_000, EXPIRY);
	let mut book = Book::default();
	assert_ok!(book.trade(id, 1, 3, 20 * ONE));
	assert_ok!(book.trade(id, 1, 4, 10 * ONE));
	assert_ok!(book.trade(id, 2, 4, 10 * ONE));
	System::reset_events();
	(id, book)
}

#[test]
fn an_exercise_is_assigned_to_all_shorts() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, mut book) = book();
		let received = book.end_against_all(id, 2, Side::Long, 10 * ONE, price(500));
		assert_eq!(received, Ok(Usd::from_int(5_000)));
		let expected = Event::SideFolded {
			series: id,
			side: Side::Short,
			taken: contracts(10),
			amount: price(500),
			left: contracts(30),
		};
		assert_eq!(events(), vec![expected]);
		assert_eq!(Options::open_interest_of(BTC), contracts(30));
		// A quarter of each short is gone and has its money to pay.
		for who in [3, 4] {
			assert_eq!(book.view(id, who), (contracts(-15), Usd::from_int(2_500)));
		}
		assert_eq!(book.view(id, 1), (contracts(30), Usd::ZERO));
		let sides = Options::sides(id);
		assert_eq!(sides.short.due, Usd::from_int(5_000));
		assert_eq!((sides.long.due, sides.long.index), (Usd::ZERO, None));
		assert_eq!((sides.long.holders, sides.short.holders), (1, 2));
		let info = Options::series_info(id).unwrap();
		assert!(info.folded);
		assert_eq!(info.due_from_shorts, Usd::from_int(5_000));
		assert_ok!(book.touch(id, 3));
		assert_eq!(Options::sides(id).short.due, Usd::from_int(2_500));
	});
}

#[test]
fn a_short_is_deleveraged_against_all_longs() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, mut book) = book();
		let paid = book.end_against_all(id, 3, Side::Short, 20 * ONE, price(100));
		assert_eq!(paid, Ok(Usd::from_int(2_000)));
		assert_eq!(book.view(id, 1), (contracts(15), Usd::from_int(1_500)));
		assert_eq!(book.view(id, 2), (contracts(5), Usd::from_int(500)));
		assert_eq!(book.view(id, 4), (contracts(-20), Usd::ZERO));
		let sides = Options::sides(id);
		assert_eq!((sides.long.due, sides.short.due), (Usd::from_int(2_000), Usd::ZERO));
		assert_eq!((sides.long.holders, sides.short.holders), (2, 1));
	});
}

#[test]
fn what_was_opened_later_has_no_part_in_it() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, mut book) = book();
		assert_ok!(book.end_against_all(id, 2, Side::Long, 10 * ONE, price(500)));
		assert_ok!(book.trade(id, 2, 5, 7 * ONE));
		assert_eq!(book.view(id, 5), (contracts(-7), Usd::ZERO));
		assert_eq!(Options::open_interest(id), contracts(37));
	});
}

#[test]
fn an_epoch_that_ends_is_kept_for_whoever_has_not_seen_it() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, mut book) = book();
		assert_ok!(book.end_against_all(id, 2, Side::Long, 10 * ONE, price(500)));
		assert_ok!(book.end_against_all(id, 1, Side::Long, 30 * ONE, price(600)));
		assert_eq!(Options::open_interest(id), Quantity::ZERO);
		let end = Options::ended(id, Side::Short, 0).unwrap();
		assert_eq!(end.survival, 0);
		assert_eq!(Options::ended(id, Side::Short, 1), None);
		assert_eq!(Options::ended(id, Side::Long, 0), None);
		assert_eq!(Options::sides(id).short.index.unwrap().epoch, 1);
		assert_ok!(book.trade(id, 1, 3, 4 * ONE));
		let paid = 20 * 125 + 15 * 600;
		assert_eq!(book.brought[&(id, Side::Short, 3)], paid * ONE);
		assert_eq!(book.view(id, 4), (Quantity::ZERO, Usd::from_int(paid as i64)));
		assert_ok!(book.end_against_all(id, 1, Side::Long, 4 * ONE, price(1)));
		assert_eq!(EndedEpochs::<Test>::iter_prefix(id).count(), 2);
		assert_ok!(book.touch(id, 4));
		assert_ok!(book.touch(id, 3));
		let sides = Options::sides(id);
		assert_eq!((sides.long.holders, sides.short.holders), (0, 0));
		assert_eq!(sides.short.due, Usd::ZERO);
	});
}

#[test]
fn money_is_rounded_for_whoever_stays() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, mut book) = book();
		let half = Price::from_inner(500_000_000_000_000_000);
		// Half a unit of money: an exerciser receives nothing, a short that is ended pays one.
		assert_eq!(book.end_against_all(id, 2, Side::Long, 1, half), Ok(Usd::ZERO));
		assert_eq!(book.end_against_all(id, 3, Side::Short, 1, half), Ok(Usd::from_inner(1)));
	});
}

#[test]
fn nothing_taken_is_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = book();
		let before = Options::sides(id);
		assert_eq!(Options::fold(id, Side::Long, Quantity::ZERO, price(5)), Ok(Usd::ZERO));
		assert_eq!(Options::sides(id), before);
		assert!(events().is_empty());
		let empty = list(OptionKind::Call, 8_000, EXPIRY);
		assert_eq!(Options::fold(empty, Side::Long, Quantity::ZERO, price(5)), Ok(Usd::ZERO));
	});
}

#[test]
fn more_than_there_is_cannot_be_taken() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = book();
		for side in [Side::Long, Side::Short] {
			let take = |quantity| Options::fold(id, side, quantity, price(5));
			let more = Quantity::from_inner(40 * ONE + 1);
			assert_refused(|| take(more), Error::<Test>::OpenInterestNegative);
			assert_refused(|| take(contracts(-1)), ArithmeticError::Underflow);
		}
		let empty = list(OptionKind::Call, 8_000, EXPIRY);
		assert_refused(
			|| Options::fold(empty, Side::Short, Quantity::from_inner(1), price(5)),
			Error::<Test>::OpenInterestNegative,
		);
		assert_refused(
			|| Options::fold(id, Side::Short, contracts(1), Price::from_inner(u128::MAX)),
			ArithmeticError::Overflow,
		);
	});
}

#[test]
fn only_a_live_series_is_folded() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = book();
		let take = |id| Options::fold(id, Side::Short, contracts(1), price(5));
		assert_refused(|| take(SeriesId(9)), Error::<Test>::SeriesUnknown);
		set_now(EXPIRY - 1);
		assert_ok!(take(id));
		set_now(EXPIRY);
		assert_refused(|| take(id), Error::<Test>::SeriesExpired);
		set_settlement(BTC, EXPIRY, 7_000);
		assert_refused(|| take(id), Error::<Test>::SeriesExpired);
		idle();
		assert_refused(|| take(id), Error::<Test>::SeriesExpired);
	});
}
