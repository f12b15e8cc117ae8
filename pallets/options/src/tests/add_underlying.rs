use super::assert_refused;
use crate::{mock::*, Error, Event, Grid, Symbol, Underlying, Underlyings, MAX_UNDERLYINGS};
use ballast_mocks::MockParameters;
use ballast_primitives::{params::OracleRules, AssetId, Price, UnderlyingId};
use ballast_traits::InspectSeries;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn symbol(text: &str) -> Symbol {
	Symbol::truncate_from(text.as_bytes().to_vec())
}

fn add(underlying: UnderlyingId, asset: AssetId) -> sp_runtime::DispatchResult {
	Options::add_underlying(RuntimeOrigin::root(), underlying, asset, symbol("DOT"), GRID)
}

#[test]
fn an_underlying_is_listed_and_active() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(add(DOT, DOT_ASSET));
		let listing =
			Underlying { asset: DOT_ASSET, symbol: symbol("DOT"), grid: GRID, active: true };
		assert_eq!(Underlyings::<Test>::get(DOT), Some(listing.clone()));
		assert_eq!(Options::underlyings(), vec![BTC, ETH, DOT]);
		assert_eq!(Options::underlying_of(DOT_ASSET), Some(DOT));
		assert_eq!(Options::listed_underlyings().last(), Some(&(DOT, listing)));
		let symbol = symbol("DOT");
		let expected =
			Event::UnderlyingAdded { underlying: DOT, asset: DOT_ASSET, symbol, grid: GRID };
		assert_eq!(events(), vec![expected]);
	});
}

#[test]
fn only_the_listing_origin_may_add() {
	ExtBuilder::default().build_and_execute(|| {
		let call = |origin| Options::add_underlying(origin, DOT, DOT_ASSET, symbol("DOT"), GRID);
		assert_refused(|| call(RuntimeOrigin::signed(1)), DispatchError::BadOrigin);
		assert_refused(|| call(RuntimeOrigin::none()), DispatchError::BadOrigin);
	});
}

#[test]
fn an_id_or_asset_in_use_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| add(BTC, DOT_ASSET), Error::<Test>::UnderlyingExists);
		assert_refused(|| add(DOT, BTC_ASSET), Error::<Test>::AssetTaken);
	});
}

#[test]
fn a_grid_without_strikes_or_expiries_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let grids = [
			Grid { strike_step: Price::ZERO, ..GRID },
			Grid { strike_step: price(1_000_000_000_001), ..GRID },
			Grid { expiry_time: 86_400, ..GRID },
			Grid { days_max: 0, ..GRID },
			Grid { days_max: 1_096, ..GRID },
		];
		for grid in grids {
			let call = || {
				Options::add_underlying(RuntimeOrigin::root(), DOT, DOT_ASSET, symbol("DOT"), grid)
			};
			assert_refused(call, Error::<Test>::GridInvalid);
		}
	});
}

#[test]
fn an_empty_symbol_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let call =
			|| Options::add_underlying(RuntimeOrigin::root(), DOT, DOT_ASSET, symbol(""), GRID);
		assert_refused(call, Error::<Test>::SymbolEmpty);
	});
}

#[test]
fn more_underlyings_than_the_chain_carries_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let most = u16::try_from(MAX_UNDERLYINGS).unwrap();
		for id in 3..=most {
			assert_ok!(add(UnderlyingId(id), 100 + AssetId::from(id)));
		}
		assert_refused(|| add(UnderlyingId(most + 1), 99), Error::<Test>::TooManyUnderlyings);
	});
}

#[test]
fn an_underlying_of_which_only_spot_is_fed_can_be_listed() {
	ExtBuilder::default().build_and_execute(|| {
		MockParameters::mock_oracle(|_| OracleRules { spot_only: true, ..Default::default() });
		assert_ok!(add(DOT, DOT_ASSET));
	});
}
