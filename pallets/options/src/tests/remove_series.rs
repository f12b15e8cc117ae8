use super::assert_refused;
use crate::{mock::*, Error, Event, OpenInterest, SeriesByTerms, RETENTION};
use ballast_primitives::{OptionKind, SeriesId};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn remove(id: SeriesId) -> sp_runtime::DispatchResult {
	Options::remove_series(RuntimeOrigin::signed(7), id)
}

/// A series with two contracts open, settled in storage.
fn settled() -> SeriesId {
	let id = list(OptionKind::Call, 7_500, EXPIRY);
	assert_ok!(Options::change_open_interest(id, contracts(2)));
	set_now(EXPIRY);
	set_settlement(BTC, EXPIRY, 8_000);
	assert_ok!(Options::settle_series(RuntimeOrigin::signed(7), id));
	id
}

#[test]
fn anyone_removes_a_series_that_is_empty_and_old() {
	ExtBuilder::default().build_and_execute(|| {
		let id = settled();
		assert_ok!(Options::change_open_interest(id, contracts(-2)));
		set_now(EXPIRY + RETENTION);
		assert_ok!(remove(id));
		assert_eq!(Options::series(id), None);
		assert_eq!(SeriesByTerms::<Test>::iter().count(), 0);
		assert_eq!(OpenInterest::<Test>::iter().count(), 0);
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
		assert_ok!(Options::change_open_interest(id, contracts(-2)));
		set_now(EXPIRY + RETENTION - 1);
		assert_refused(|| remove(id), Error::<Test>::SeriesRetained);
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
