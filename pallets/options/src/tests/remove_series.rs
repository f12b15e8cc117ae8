use super::{assert_refused, book::Book};
use crate::{
	expiry::EPOCHS_PER_STEP, mock::*, EndedEpochs, Error, Event, SeriesByTerms, SidesOf, RETENTION,
};
use ballast_primitives::{OptionKind, Price, SeriesId, Side, Usd};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn remove(id: SeriesId) -> sp_runtime::DispatchResult {
	Options::remove_series(RuntimeOrigin::signed(7), id)
}

fn settle(id: SeriesId) {
	set_now(EXPIRY);
	set_settlement(BTC, EXPIRY, 8_000);
	assert_ok!(Options::settle_series(RuntimeOrigin::signed(7), id));
}

/// A series with two contracts open, settled in storage.
fn settled() -> SeriesId {
	let id = list(OptionKind::Call, 7_500, EXPIRY);
	assert_ok!(open(id, 2));
	settle(id);
	id
}

/// A settled series of which so many epochs have ended, and nobody holds it.
fn folded(epochs: usize) -> SeriesId {
	let id = list(OptionKind::Call, 7_500, EXPIRY);
	let mut book = Book::default();
	for _ in 0..epochs {
		assert_ok!(book.trade(id, 1, 2, 5));
		assert_ok!(book.end_against_all(id, 1, Side::Long, 5, price(100)));
	}
	assert_eq!(EndedEpochs::<Test>::iter_prefix(id).count(), epochs);
	settle(id);
	assert_ok!(book.finish(id));
	set_now(EXPIRY + RETENTION);
	System::reset_events();
	id
}

#[test]
fn anyone_removes_a_series_that_is_empty_and_old() {
	ExtBuilder::default().build_and_execute(|| {
		let id = settled();
		assert_ok!(finish(id, 1));
		set_now(EXPIRY + RETENTION);
		assert_ok!(remove(id));
		assert_eq!(Options::series(id), None);
		assert_eq!(SeriesByTerms::<Test>::iter().count(), 0);
		assert_eq!(SidesOf::<Test>::iter().count(), 0);
		assert_eq!(events().last(), Some(&Event::SeriesRemoved { series: id }));
		assert_refused(|| remove(id), Error::<Test>::SeriesUnknown);
		// Its id is not used again.
		assert_eq!(list(OptionKind::Call, 7_500, EXPIRY + RETENTION + 86_400), SeriesId(1));
	});
}

#[test]
fn a_series_is_kept_while_an_account_may_hold_it() {
	ExtBuilder::default().build_and_execute(|| {
		let id = settled();
		set_now(EXPIRY + RETENTION);
		assert_refused(|| remove(id), Error::<Test>::SeriesInUse);
		assert_ok!(finish(id, 1));
		set_now(EXPIRY + RETENTION - 1);
		assert_refused(|| remove(id), Error::<Test>::SeriesRetained);
	});
}

#[test]
fn a_series_is_kept_while_money_of_it_is_due() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		let mut book = Book::default();
		assert_ok!(book.trade(id, 1, 2, 8));
		let half = Price::from_inner(500_000_000_000_000_000);
		assert_ok!(book.end_against_all(id, 2, Side::Short, 1, half));
		assert_ok!(book.trade(id, 2, 1, 7));
		settle(id);
		set_now(EXPIRY + RETENTION);
		assert_refused(|| remove(id), Error::<Test>::SeriesInUse);
		assert_eq!(Options::complete(id), Ok(Usd::from_inner(1)));
		assert_ok!(remove(id));
		assert_eq!(Options::series(id), None);
	});
}

#[test]
fn the_ends_of_epochs_go_a_few_at_a_time_and_the_series_after_them() {
	ExtBuilder::default().build_and_execute(|| {
		let id = folded(2 * EPOCHS_PER_STEP + 1);
		let cleared = u32::try_from(EPOCHS_PER_STEP).unwrap();
		for left in [EPOCHS_PER_STEP + 1, 1] {
			assert_ok!(remove(id));
			assert_eq!(EndedEpochs::<Test>::iter_prefix(id).count(), left);
			assert_eq!(events().last(), Some(&Event::EpochsCleared { series: id, cleared }));
			assert!(Options::series(id).is_some());
			assert_ok!(Options::do_try_state());
		}
		assert_ok!(remove(id));
		assert_eq!(EndedEpochs::<Test>::iter().count(), 0);
		assert_eq!(Options::series(id), None);
		assert_eq!(events().last(), Some(&Event::SeriesRemoved { series: id }));
	});
}

#[test]
fn the_ends_of_another_series_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let other = list(OptionKind::Put, 7_500, EXPIRY + 20 * 86_400);
		let mut book = Book::default();
		assert_ok!(book.trade(other, 1, 2, 5));
		assert_ok!(book.end_against_all(other, 1, Side::Long, 5, price(100)));
		assert_ok!(remove(folded(3)));
		assert_eq!(EndedEpochs::<Test>::iter().count(), 1);
		assert!(Options::ended(other, Side::Short, 0).is_some());
	});
}

#[test]
fn on_idle_clears_and_removes_by_itself() {
	ExtBuilder::default().build_and_execute(|| {
		let id = folded(6 * EPOCHS_PER_STEP);
		idle();
		assert_eq!(EndedEpochs::<Test>::iter_prefix(id).count(), 2 * EPOCHS_PER_STEP);
		idle();
		assert_eq!(Options::series(id), None);
		assert_eq!(EndedEpochs::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_series_that_is_not_settled_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		set_now(EXPIRY + RETENTION);
		assert_refused(|| remove(id), Error::<Test>::SeriesNotSettled);
	});
}

#[test]
fn a_signature_is_needed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = settled();
		assert_refused(
			|| Options::remove_series(RuntimeOrigin::none(), id),
			DispatchError::BadOrigin,
		);
	});
}
