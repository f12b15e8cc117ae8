use super::assert_refused;
use crate::{mock::*, Error, OpenInterestOf};
use ballast_mocks::MockParameters;
use ballast_primitives::{
	params::UnderlyingRisk, time::DAY, OptionKind, Quantity, SeriesId, SeriesState,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::assert_ok;

fn change(id: SeriesId, by: i64) -> sp_runtime::DispatchResult {
	Options::change_open_interest(id, contracts(by))
}

#[test]
fn a_change_shows_in_the_series_and_in_the_underlyings_total() {
	ExtBuilder::default().build_and_execute(|| {
		let (call, put) =
			(list(OptionKind::Call, 8_000, EXPIRY), list(OptionKind::Put, 8_000, EXPIRY));
		assert_ok!(change(call, 5));
		assert_ok!(change(put, 2));
		assert_ok!(change(call, -1));
		assert_ok!(change(put, 0));
		assert_eq!(Options::open_interest(call), contracts(4));
		assert_eq!(Options::open_interest(put), contracts(2));
		assert_eq!(OpenInterestOf::<Test>::get(BTC), contracts(6));
		assert_eq!(OpenInterestOf::<Test>::get(ETH), Quantity::ZERO);
	});
}

#[test]
fn an_unknown_series_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| change(SeriesId(0), 1), Error::<Test>::SeriesUnknown);
		assert_refused(|| change(SeriesId(0), 0), Error::<Test>::SeriesUnknown);
	});
}

#[test]
fn more_cannot_be_closed_than_is_open() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_refused(|| change(id, -1), Error::<Test>::OpenInterestNegative);
		assert_ok!(change(id, 3));
		assert_refused(|| change(id, -4), Error::<Test>::OpenInterestNegative);
		assert_ok!(change(id, -3));
	});
}

#[test]
fn the_cap_binds_all_series_of_an_underlying_together() {
	ExtBuilder::default().build_and_execute(|| {
		MockParameters::mock_underlying(|_| {
			let open_interest_cap = contracts(10);
			Some(UnderlyingRisk { open_interest_cap, ..UnderlyingRisk::btc() })
		});
		let (near, far) =
			(list(OptionKind::Call, 8_000, EXPIRY), list(OptionKind::Call, 8_000, EXPIRY + DAY));
		assert_ok!(change(near, 6));
		assert_refused(|| change(far, 5), Error::<Test>::OpenInterestCapExceeded);
		assert_ok!(change(far, 4));
		assert_refused(
			|| Options::change_open_interest(near, Quantity::from_inner(1)),
			Error::<Test>::OpenInterestCapExceeded,
		);
		// Above a cap that was lowered, closing is still possible.
		MockParameters::mock_underlying(|_| {
			let open_interest_cap = contracts(1);
			Some(UnderlyingRisk { open_interest_cap, ..UnderlyingRisk::btc() })
		});
		assert_ok!(change(near, -2));
		assert_refused(|| change(near, 1), Error::<Test>::OpenInterestCapExceeded);
	});
}

#[test]
fn an_expired_series_counts_against_the_cap_until_it_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		MockParameters::mock_underlying(|_| {
			let open_interest_cap = contracts(10);
			Some(UnderlyingRisk { open_interest_cap, ..UnderlyingRisk::btc() })
		});
		let (near, far) =
			(list(OptionKind::Call, 8_000, EXPIRY), list(OptionKind::Call, 8_000, EXPIRY + DAY));
		assert_ok!(change(near, 10));
		set_now(EXPIRY);
		assert_refused(|| change(far, 1), Error::<Test>::OpenInterestCapExceeded);
		set_settlement(BTC, EXPIRY, 8_000);
		idle();
		assert_ok!(change(far, 10));
		assert_eq!(OpenInterestOf::<Test>::get(BTC), contracts(10));
		assert_eq!(Options::open_interest(near), contracts(10));
	});
}

#[test]
fn nothing_opens_at_or_after_expiry_and_everything_closes() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(change(id, 9));
		set_now(EXPIRY - 1);
		assert_ok!(change(id, 1));
		// Expired.
		set_now(EXPIRY);
		assert_refused(|| change(id, 1), Error::<Test>::SeriesExpired);
		assert_ok!(change(id, -3));
		// Settled, read off the price.
		set_settlement(BTC, EXPIRY, 8_000);
		assert_refused(|| change(id, 1), Error::<Test>::SeriesExpired);
		assert_ok!(change(id, -3));
		assert_eq!(OpenInterestOf::<Test>::get(BTC), contracts(4));
		// Settled in storage: the total does not count it any more.
		idle();
		assert!(matches!(Options::series(id).unwrap().state, SeriesState::Settled { .. }));
		assert_eq!(OpenInterestOf::<Test>::get(BTC), Quantity::ZERO);
		assert_refused(|| change(id, 1), Error::<Test>::SeriesExpired);
		assert_ok!(change(id, -4));
		assert_refused(|| change(id, -1), Error::<Test>::OpenInterestNegative);
		assert_eq!(OpenInterestOf::<Test>::get(BTC), Quantity::ZERO);
	});
}

#[test]
fn nothing_opens_on_an_inactive_underlying_or_one_without_risk() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(change(id, 2));
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, false));
		assert_refused(|| change(id, 1), Error::<Test>::UnderlyingInactive);
		assert_ok!(change(id, -1));
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, true));
		MockParameters::mock_underlying(|_| None);
		assert_refused(|| change(id, 1), Error::<Test>::RiskUnset);
		assert_ok!(change(id, -1));
	});
}

#[test]
fn sums_beyond_the_range_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		assert_ok!(change(id, 1));
		assert_refused(
			|| Options::change_open_interest(id, Quantity::from_inner(i128::MAX)),
			sp_runtime::ArithmeticError::Overflow,
		);
		assert_refused(
			|| Options::change_open_interest(id, Quantity::from_inner(i128::MIN)),
			Error::<Test>::OpenInterestNegative,
		);
	});
}
