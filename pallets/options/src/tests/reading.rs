//! A series' state is true before any hook has run.

use crate::{mock::*, Terms};
use ballast_primitives::{
	time::DAY, OptionKind, Quantity, SeriesId, SeriesState, Settlement, Style,
};
use ballast_traits::InspectSeries;
use frame_support::assert_ok;

fn state(id: SeriesId) -> SeriesState {
	Options::series(id).unwrap().state
}

#[test]
fn a_series_expires_and_settles_by_time_and_price_alone() {
	ExtBuilder::default().build_and_execute(|| {
		let call = list(OptionKind::Call, 8_000, EXPIRY);
		let put = list(OptionKind::Put, 8_000, EXPIRY);
		// A price that is known early changes nothing before the expiry.
		set_settlement(BTC, EXPIRY, 8_250);
		set_now(EXPIRY - 1);
		assert_eq!(state(call), SeriesState::Live);
		set_now(EXPIRY);
		let price_8_250 = price(8_250);
		assert_eq!(state(call), SeriesState::Settled { price: price_8_250, payoff: price(250) });
		assert_eq!(state(put), SeriesState::Settled { price: price_8_250, payoff: price(0) });
	});
}

#[test]
fn a_series_without_a_settlement_price_stays_expired() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_000, EXPIRY);
		set_settlement(ETH, EXPIRY, 8_250);
		set_now(EXPIRY + 1_000_000);
		assert_eq!(state(id), SeriesState::Expired);
	});
}

#[test]
fn an_unknown_series_is_none() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Options::series(SeriesId(0)), None);
		assert_eq!(Options::series_info(SeriesId(0)), None);
		assert_eq!(Options::open_interest(SeriesId(0)), Quantity::ZERO);
	});
}

#[test]
fn the_api_shows_state_and_open_interest() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Put, 8_000, EXPIRY);
		assert_ok!(open(id, 3));
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 7_000);
		let terms = Terms {
			underlying: BTC,
			kind: OptionKind::Put,
			style: EUROPEAN,
			settlement: CASH,
			strike: price(8_000),
			expiry: EXPIRY,
		};
		let info = Options::series_by_terms(terms).unwrap();
		assert_eq!(info, Options::series_info(id).unwrap());
		assert_eq!(Options::series_of(BTC), vec![info.clone()]);
		assert_eq!(info.open_interest, contracts(3));
		assert_eq!((info.longs, info.shorts, info.folded), (1, 1, false));
		let settled = SeriesState::Settled { price: price(7_000), payoff: price(1_000) };
		assert_eq!(info.series.state, settled);
		assert_eq!(Options::series_by_terms(Terms { underlying: ETH, ..terms }), None);
		let in_kind = Terms { settlement: Settlement::InKind, ..terms };
		assert_eq!(Options::series_by_terms(in_kind), None);
	});
}

#[test]
fn the_chain_has_the_live_european_series() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Options::chain_of(BTC), vec![]);
		list(OptionKind::Put, 8_000, EXPIRY + DAY);
		list(OptionKind::Put, 8_000, EXPIRY);
		list(OptionKind::Call, 8_000, EXPIRY);
		list(OptionKind::Call, 9_000, EXPIRY);
		let american = Options::list_series(
			RuntimeOrigin::root(),
			BTC,
			OptionKind::Call,
			Style::American,
			CASH,
			price(7_000),
			EXPIRY,
		);
		assert_ok!(american);
		let mut chain = Options::chain_of(BTC);
		chain.iter_mut().for_each(|(_, strikes)| strikes.sort());
		let near = vec![price(8_000), price(8_000), price(9_000)];
		let far = vec![price(8_000)];
		assert_eq!(chain, vec![(EXPIRY, near), (EXPIRY + DAY, far.clone())]);
		assert_eq!(Options::chain_of(ETH), vec![]);
		set_now(EXPIRY);
		assert_eq!(Options::chain_of(BTC), vec![(EXPIRY + DAY, far)]);
	});
}
