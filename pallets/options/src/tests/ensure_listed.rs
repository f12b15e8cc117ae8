use super::assert_refused;
use crate::{mock::*, Error, Event, Grid, NextSeriesId, SeriesOf};
use ballast_mocks::MockMarket;
use ballast_primitives::{
	time::{DAY, HOUR},
	Moment, OptionKind, SeriesId, SeriesState, Settlement, Style, UnderlyingId,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{assert_ok, pallet_prelude::DispatchError};

const PUT: OptionKind = OptionKind::Put;
const CALL: OptionKind = OptionKind::Call;

fn ensure_on(
	underlying: UnderlyingId,
	kind: OptionKind,
	strike: u64,
	expiry: Moment,
) -> Result<SeriesId, DispatchError> {
	Options::ensure_listed(underlying, kind, price(strike), expiry)
}

fn ensure(kind: OptionKind, strike: u64, expiry: Moment) -> Result<SeriesId, DispatchError> {
	ensure_on(BTC, kind, strike, expiry)
}

#[test]
fn calls_pay_in_the_underlying_and_puts_in_cash_both_european() {
	ExtBuilder::default().build_and_execute(|| {
		for (kind, settlement) in [(CALL, Settlement::InKind), (PUT, Settlement::Cash)] {
			let id = ensure(kind, 9_000, EXPIRY).unwrap();
			let series = Options::series(id).unwrap();
			assert_eq!((series.kind, series.settlement), (kind, settlement));
			assert_eq!((series.style, series.state), (Style::European, SeriesState::Live));
			assert_eq!((series.strike, series.expiry), (price(9_000), EXPIRY));
			assert_eq!(series.underlying, BTC);
			let told = Event::SeriesListed {
				series: id,
				underlying: BTC,
				kind,
				style: Style::European,
				settlement,
				strike: price(9_000),
				expiry: EXPIRY,
			};
			assert_eq!(events().last(), Some(&told));
		}
		assert_eq!(watched(), vec![(BTC, EXPIRY), (BTC, EXPIRY)]);
	});
}

#[test]
fn what_is_listed_is_found_and_nothing_is_written() {
	ExtBuilder::default().build_and_execute(|| {
		let put = list(PUT, 8_000, EXPIRY);
		let call = ensure(CALL, 8_000, EXPIRY).unwrap();
		let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
		assert_eq!(ensure(PUT, 8_000, EXPIRY), Ok(put));
		assert_eq!(ensure(CALL, 8_000, EXPIRY), Ok(call));
		// Also where nothing can be listed any more.
		set_now(EXPIRY - 1);
		assert_eq!(ensure(PUT, 8_000, EXPIRY), Ok(put));
		assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
		set_now(START);
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, false));
		assert_eq!(ensure(CALL, 8_000, EXPIRY), Ok(call));
	});
}

#[test]
fn sellers_take_half_of_the_places_at_most() {
	ExtBuilder::default().build_and_execute(|| {
		let half = u64::from(crate::MAX_SERIES_PER_EXPIRY) / 2;
		for place in 0..half {
			ensure(CALL, 2_000 + 500 * place, EXPIRY).unwrap();
		}
		let full = DispatchError::from(Error::<Test>::TooManySeries);
		assert_refused(|| ensure(PUT, 9_000, EXPIRY).map(|_| ()), full);
		// What is listed is found, and whoever lists by right still can.
		assert!(ensure(CALL, 2_000, EXPIRY).is_ok());
		let (style, settlement) = (Style::European, Settlement::Cash);
		let root = frame_system::RawOrigin::Root.into();
		assert_ok!(Options::list_series(root, BTC, PUT, style, settlement, price(9_000), EXPIRY));
	});
}

#[test]
fn others_at_the_same_strike_are_not_taken_for_it() {
	ExtBuilder::default().build_and_execute(|| {
		let cash_call = list(CALL, 8_000, EXPIRY);
		let american = NextSeriesId::<Test>::get();
		let (root, strike) = (RuntimeOrigin::root(), price(8_000));
		let style = Style::American;
		assert_ok!(Options::list_series(root, BTC, PUT, style, CASH, strike, EXPIRY));
		let made = [CALL, PUT].map(|kind| ensure(kind, 8_000, EXPIRY).unwrap());
		assert!(!made.contains(&cash_call) && !made.contains(&american));
		assert_eq!(SeriesOf::<Test>::count(), 4);
	});
}

#[test]
fn a_series_that_has_expired_is_not_given_out() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(ensure(PUT, 8_000, EXPIRY));
		set_now(EXPIRY);
		assert_refused(|| ensure(PUT, 8_000, EXPIRY), Error::<Test>::ExpiryTooSoon);
		set_settlement(BTC, EXPIRY, 8_000);
		assert_refused(|| ensure(PUT, 8_000, EXPIRY), Error::<Test>::ExpiryTooSoon);
		idle();
		assert_refused(|| ensure(PUT, 8_000, EXPIRY), Error::<Test>::ExpiryTooSoon);
	});
}

#[test]
fn terms_off_the_grid_are_refused_as_by_a_listing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| ensure(CALL, 8_001, EXPIRY), Error::<Test>::StrikeOffGrid);
		assert_refused(|| ensure(CALL, 0, EXPIRY), Error::<Test>::StrikeOffGrid);
		assert_refused(|| ensure(PUT, 80_500, EXPIRY), Error::<Test>::StrikeTooFar);
		assert_refused(|| ensure(PUT, 8_000, EXPIRY + 1), Error::<Test>::ExpiryOffGrid);
		assert_refused(|| ensure(PUT, 8_000, EXPIRY + 90 * DAY), Error::<Test>::ExpiryTooFar);
		assert_refused(|| ensure_on(DOT, PUT, 8_000, EXPIRY), Error::<Test>::UnderlyingUnknown);
		set_now(EXPIRY - HOUR + 1);
		assert_refused(|| ensure(PUT, 8_000, EXPIRY), Error::<Test>::ExpiryTooSoon);
		set_now(START);
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, false));
		assert_refused(|| ensure(PUT, 8_000, EXPIRY), Error::<Test>::UnderlyingInactive);
	});
}

#[test]
fn nothing_is_left_of_a_listing_that_fails() {
	ExtBuilder::default().build_and_execute(|| {
		// A feed that remembers in storage what it was asked to watch.
		MockMarket::mock_watch_expiry(|_, expiry| {
			sp_io::storage::set(b"watched", &expiry.to_le_bytes());
			Ok(())
		});
		crate::UnsettledSeries::<Test>::put(crate::MAX_SERIES);
		assert_refused(|| ensure(PUT, 8_000, EXPIRY), Error::<Test>::TooManySeries);
		crate::UnsettledSeries::<Test>::put(0);
		assert_ok!(ensure(PUT, 8_000, EXPIRY));
		assert!(sp_io::storage::exists(b"watched"));
	});
}

#[test]
fn the_grid_is_that_of_now_and_of_active_underlyings() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Options::grid(BTC), Some(GRID));
		assert_eq!(Options::grid(DOT), None);
		let finer = Grid { strike_step: price(100), ..GRID };
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, finer, true));
		assert_eq!(Options::grid(BTC), Some(finer));
		assert_ok!(ensure(PUT, 8_100, EXPIRY));
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, finer, false));
		assert_eq!((Options::grid(BTC), Options::grid(ETH)), (None, Some(GRID)));
	});
}
