use super::assert_refused;
use crate::{mock::*, Error, Event, Expiries, SeriesAt, SeriesOf};
use ballast_primitives::{OptionKind, SeriesId, SeriesState};
use ballast_traits::InspectSeries;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn settle(id: SeriesId) -> sp_runtime::DispatchResult {
	Options::settle_series(RuntimeOrigin::signed(7), id)
}

#[test]
fn anyone_makes_the_settlement_durable() {
	ExtBuilder::default().build_and_execute(|| {
		let call = list(OptionKind::Call, 7_500, EXPIRY);
		let put = list(OptionKind::Put, 7_500, EXPIRY);
		assert_ok!(open(call, 1));
		assert_ok!(open(put, 1));
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		System::reset_events();
		assert_ok!(settle(call));
		let settled = SeriesState::Settled { price: price(8_000), payoff: price(500) };
		assert_eq!(SeriesOf::<Test>::get(call).unwrap().state, settled);
		let expected =
			Event::SeriesSettled { series: call, price: price(8_000), payoff: price(500) };
		assert_eq!(events(), vec![expected]);
		// The other one still needs the price.
		assert!(forgotten().is_empty());
		assert_eq!(SeriesAt::<Test>::get(EXPIRY, BTC).into_inner(), vec![put]);
		assert_ok!(settle(put));
		assert_eq!(forgotten(), vec![(BTC, EXPIRY)]);
		assert!(Expiries::<Test>::get().is_empty());
		// The price feed has forgotten, the series has not.
		assert_eq!(Options::series(call).unwrap().state, settled);
		let worthless = SeriesState::Settled { price: price(8_000), payoff: price(0) };
		assert_eq!(Options::series(put).unwrap().state, worthless);
	});
}

#[test]
fn a_series_that_was_never_traded_goes_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		assert_ok!(settle(id));
		assert_eq!(Options::series(id), None);
		assert_eq!(events().last(), Some(&Event::SeriesRemoved { series: id }));
		assert_eq!(forgotten(), vec![(BTC, EXPIRY)]);
		assert_refused(|| settle(id), Error::<Test>::SeriesUnknown);
	});
}

#[test]
fn a_series_that_is_live_or_unpriced_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		assert_refused(|| settle(SeriesId(9)), Error::<Test>::SeriesUnknown);
		set_settlement(BTC, EXPIRY, 8_000);
		set_now(EXPIRY - 1);
		assert_refused(|| settle(id), Error::<Test>::SeriesNotExpired);
		set_now(EXPIRY);
		ballast_mocks::MockMarket::mock_settlement_price(|_, _| None);
		assert_refused(|| settle(id), Error::<Test>::SettlementPriceUnknown);
	});
}

#[test]
fn a_settlement_never_changes() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		list(OptionKind::Put, 7_500, EXPIRY);
		assert_ok!(open(id, 1));
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		assert_ok!(settle(id));
		let settled = Options::series(id);
		set_settlement(BTC, EXPIRY, 9_000);
		assert_refused(|| settle(id), Error::<Test>::SeriesAlreadySettled);
		idle();
		assert_eq!(Options::series(id), settled);
	});
}

#[test]
fn a_signature_is_needed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 7_500, EXPIRY);
		assert_refused(
			|| Options::settle_series(RuntimeOrigin::none(), id),
			DispatchError::BadOrigin,
		);
	});
}
