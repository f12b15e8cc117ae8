use super::assert_refused;
use crate::{
	mock::*, Error, Event, Expiries, SeriesByTerms, Terms, UnsettledSeries, MAX_EXPIRIES,
	MAX_SERIES, MAX_SERIES_PER_EXPIRY,
};
use ballast_mocks::{MockMarket, MockParameters};
use ballast_primitives::{
	params::OracleRules,
	time::{DAY, HOUR},
	Moment, OptionKind, Quality, SeriesId, SeriesState, Settlement, Style, UnderlyingId,
	MAX_AMERICAN_SERIES,
};
use ballast_traits::InspectSeries;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn call(strike: u64, expiry: Moment) -> sp_runtime::DispatchResult {
	let root = RuntimeOrigin::root();
	Options::list_series(root, BTC, OptionKind::Call, EUROPEAN, CASH, price(strike), expiry)
}

#[test]
fn a_series_is_live_from_its_listing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(call(8_000, EXPIRY));
		let terms = Terms {
			underlying: BTC,
			kind: OptionKind::Call,
			style: EUROPEAN,
			settlement: CASH,
			strike: price(8_000),
			expiry: EXPIRY,
		};
		assert_eq!(Options::series(SeriesId(0)), Some(terms.list()));
		assert_eq!(Options::series(SeriesId(0)).unwrap().state, SeriesState::Live);
		assert_eq!(SeriesByTerms::<Test>::get(terms), Some(SeriesId(0)));
		assert_eq!(watched(), vec![(BTC, EXPIRY)]);
		let expected = Event::SeriesListed {
			series: SeriesId(0),
			underlying: BTC,
			kind: OptionKind::Call,
			style: EUROPEAN,
			settlement: CASH,
			strike: price(8_000),
			expiry: EXPIRY,
		};
		assert_eq!(events(), vec![expected]);
	});
}

#[test]
fn only_the_listing_origin_may_list() {
	ExtBuilder::default().build_and_execute(|| {
		let origin = RuntimeOrigin::signed(1);
		assert_refused(
			|| {
				Options::list_series(
					origin,
					BTC,
					OptionKind::Call,
					EUROPEAN,
					CASH,
					price(8_000),
					EXPIRY,
				)
			},
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn the_same_terms_are_refused_and_others_are_not() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(call(8_000, EXPIRY));
		assert_refused(|| call(8_000, EXPIRY), Error::<Test>::SeriesExists);
		assert_ok!(call(8_500, EXPIRY));
		assert_ok!(call(8_000, EXPIRY + DAY));
		assert_eq!(list(OptionKind::Put, 8_000, EXPIRY), SeriesId(3));
	});
}

#[test]
fn an_unknown_or_inactive_underlying_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let on = |underlying: UnderlyingId| {
			Options::list_series(
				RuntimeOrigin::root(),
				underlying,
				OptionKind::Call,
				EUROPEAN,
				CASH,
				price(8_000),
				EXPIRY,
			)
		};
		assert_refused(|| on(DOT), Error::<Test>::UnderlyingUnknown);
		assert_ok!(Options::set_underlying(RuntimeOrigin::root(), BTC, GRID, false));
		assert_refused(|| on(BTC), Error::<Test>::UnderlyingInactive);
		assert_ok!(on(ETH));
	});
}

#[test]
fn a_strike_off_the_grid_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| call(8_001, EXPIRY), Error::<Test>::StrikeOffGrid);
		assert_refused(|| call(0, EXPIRY), Error::<Test>::StrikeOffGrid);
	});
}

#[test]
fn a_strike_far_from_spot_is_refused_while_spot_is_usable() {
	ExtBuilder::default().build_and_execute(|| {
		// Spot is 8,000: 800 to 80,000, on steps of 500.
		assert_refused(|| call(500, EXPIRY), Error::<Test>::StrikeTooFar);
		assert_refused(|| call(80_500, EXPIRY), Error::<Test>::StrikeTooFar);
		assert_ok!(call(1_000, EXPIRY));
		assert_ok!(call(80_000, EXPIRY));
		// Nobody knows spot now: the grid alone binds, up to the greatest strike.
		set_spot(8_000, Quality::Stale);
		assert_ok!(call(500, EXPIRY));
		MockMarket::mock_state(|_| None);
		assert_ok!(call(1_000_000_000_000, EXPIRY));
		assert_refused(|| call(1_000_000_000_500, EXPIRY), Error::<Test>::StrikeTooFar);
	});
}

#[test]
fn an_expiry_off_the_grid_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| call(8_000, EXPIRY + 1), Error::<Test>::ExpiryOffGrid);
		assert_refused(|| call(8_000, EXPIRY - HOUR), Error::<Test>::ExpiryOffGrid);
		assert_refused(|| call(8_000, 0), Error::<Test>::ExpiryOffGrid);
	});
}

#[test]
fn an_expiry_less_than_an_hour_ahead_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		set_now(EXPIRY - HOUR + 1);
		assert_refused(|| call(8_000, EXPIRY), Error::<Test>::ExpiryTooSoon);
		assert_refused(|| call(8_000, EXPIRY - DAY), Error::<Test>::ExpiryTooSoon);
		set_now(EXPIRY - HOUR);
		assert_ok!(call(8_000, EXPIRY));
	});
}

#[test]
fn an_expiry_further_ahead_than_the_grid_allows_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		// 90 days from midnight end before 08:00 of that day.
		assert_refused(|| call(8_000, EXPIRY + 90 * DAY), Error::<Test>::ExpiryTooFar);
		assert_refused(
			|| call(8_000, u64::MAX - u64::MAX % DAY - DAY + 8 * HOUR),
			Error::<Test>::ExpiryTooFar,
		);
		assert_ok!(call(8_000, EXPIRY + 89 * DAY));
	});
}

#[test]
fn a_series_whose_expiry_cannot_be_watched_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		MockMarket::mock_watch_expiry(|_, _| Err(DispatchError::Other("too many expiries")));
		assert_refused(|| call(8_000, EXPIRY), DispatchError::Other("too many expiries"));
	});
}

#[test]
fn an_expiry_carries_as_many_series_as_it_may() {
	ExtBuilder::default().build_and_execute(|| {
		let most = u64::from(MAX_SERIES_PER_EXPIRY);
		for step in 2..most + 2 {
			assert_ok!(call(500 * step, EXPIRY));
		}
		assert_refused(|| call(500 * (most + 2), EXPIRY), Error::<Test>::TooManySeries);
		assert_ok!(call(8_000, EXPIRY + DAY));
	});
}

#[test]
fn the_chain_carries_as_many_series_as_it_may() {
	ExtBuilder::default().build_and_execute(|| {
		let (days, per_day) = (16u64, u64::from(MAX_SERIES) / 16);
		for day in 0..days {
			for step in 2..per_day + 2 {
				assert_ok!(call(500 * step, EXPIRY + day * DAY));
			}
		}
		assert_eq!(UnsettledSeries::<Test>::get(), MAX_SERIES);
		assert_refused(|| call(8_000, EXPIRY + days * DAY), Error::<Test>::TooManySeries);
	});
}

#[test]
fn the_queue_carries_as_many_expiries_as_it_may() {
	ExtBuilder::default().build_and_execute(|| {
		let mut listed = 0;
		for id in 3..6 {
			assert_ok!(Options::add_underlying(
				RuntimeOrigin::root(),
				UnderlyingId(id),
				100 + u32::from(id),
				crate::Symbol::truncate_from(vec![b'X']),
				GRID,
			));
			for day in 0..90u64 {
				let listing = Options::list_series(
					RuntimeOrigin::root(),
					UnderlyingId(id),
					OptionKind::Put,
					EUROPEAN,
					CASH,
					price(8_000),
					EXPIRY + day * DAY,
				);
				if listed < MAX_EXPIRIES {
					assert_ok!(listing);
					listed += 1;
				} else {
					let expected = DispatchError::from(Error::<Test>::TooManyExpiries);
					assert_eq!(listing, Err(expected));
				}
			}
		}
		assert_eq!(Expiries::<Test>::get().len(), MAX_EXPIRIES as usize);
	});
}

#[test]
fn an_american_series_is_another_one_than_the_european_of_the_same_terms() {
	ExtBuilder::default().build_and_execute(|| {
		let root = RuntimeOrigin::root;
		for style in [Style::European, Style::American] {
			let put = OptionKind::Put;
			assert_ok!(Options::list_series(root(), BTC, put, style, CASH, price(8_000), EXPIRY));
			assert_eq!(
				Options::list_series(root(), BTC, put, style, CASH, price(8_000), EXPIRY),
				Err(Error::<Test>::SeriesExists.into())
			);
		}
		let styles = [0, 1].map(|id| Options::series(SeriesId(id)).unwrap().style);
		assert_eq!(styles, [Style::European, Style::American]);
	});
}

#[test]
fn no_more_american_series_than_a_block_can_margin() {
	ExtBuilder::default().build_and_execute(|| {
		let american = |step: u64, expiry: Moment| {
			let strike = price(500 * step);
			Options::list_series(
				RuntimeOrigin::root(),
				BTC,
				OptionKind::Put,
				Style::American,
				CASH,
				strike,
				expiry,
			)
		};
		let first = u64::from(MAX_AMERICAN_SERIES);
		for step in 0..first {
			assert_ok!(american(10 + step, EXPIRY));
		}
		assert_refused(|| american(10 + first, EXPIRY + DAY), Error::<Test>::TooManyAmericanSeries);
		assert_ok!(call(8_000, EXPIRY));
		// those that have settled make room
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		idle();
		assert_ok!(american(10 + first, EXPIRY + 2 * DAY));
	});
}

#[test]
fn a_call_that_pays_in_the_underlying_is_another_one_than_that_paid_in_cash() {
	ExtBuilder::default().build_and_execute(|| {
		let listed = |settlement| {
			let (root, kind) = (RuntimeOrigin::root(), OptionKind::Call);
			Options::list_series(root, BTC, kind, EUROPEAN, settlement, price(8_000), EXPIRY)
		};
		assert_ok!(listed(CASH));
		assert_ok!(listed(Settlement::InKind));
		assert_refused(|| listed(Settlement::InKind), Error::<Test>::SeriesExists);
		assert!(!Options::series(SeriesId(0)).unwrap().is_in_kind());
		assert!(Options::series(SeriesId(1)).unwrap().is_in_kind());
		let paid_in = |event| match event {
			Event::SeriesListed { settlement, .. } => settlement,
			other => panic!("{other:?}"),
		};
		let settlements: Vec<_> = events().into_iter().map(paid_in).collect();
		assert_eq!(settlements, vec![CASH, Settlement::InKind]);
	});
}

#[test]
fn only_a_european_call_pays_in_the_underlying() {
	ExtBuilder::default().build_and_execute(|| {
		let impossible = [
			(OptionKind::Put, Style::European),
			(OptionKind::Put, Style::American),
			(OptionKind::Call, Style::American),
		];
		for (kind, style) in impossible {
			let (root, in_kind) = (RuntimeOrigin::root(), Settlement::InKind);
			assert_refused(
				|| Options::list_series(root, BTC, kind, style, in_kind, price(8_000), EXPIRY),
				Error::<Test>::InKindMustBeEuropeanCall,
			);
		}
	});
}

#[test]
fn nothing_is_listed_on_an_underlying_without_volatilities() {
	ExtBuilder::default().build_and_execute(|| {
		MockParameters::mock_oracle(|id| OracleRules {
			spot_only: id == BTC,
			..Default::default()
		});
		assert_refused(|| call(8_000, EXPIRY), Error::<Test>::NoVolatilitySurface);
		let (root, kind) = (RuntimeOrigin::root(), OptionKind::Call);
		assert_ok!(Options::list_series(root, ETH, kind, EUROPEAN, CASH, price(8_000), EXPIRY));
	});
}
