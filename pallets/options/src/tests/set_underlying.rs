use super::assert_refused;
use crate::{mock::*, Error, Event, Grid, Underlyings};
use ballast_primitives::OptionKind;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(grid: Grid, active: bool) -> sp_runtime::DispatchResult {
	Options::set_underlying(RuntimeOrigin::root(), BTC, grid, active)
}

#[test]
fn grid_and_activity_are_set_and_the_rest_stays() {
	ExtBuilder::default().build_and_execute(|| {
		let before = Underlyings::<Test>::get(BTC).unwrap();
		let grid = Grid { strike_step: price(250), expiry_time: 0, days_max: 7 };
		assert_ok!(set(grid, false));
		let expected = crate::Underlying { grid, active: false, ..before };
		assert_eq!(Underlyings::<Test>::get(BTC), Some(expected));
		assert_eq!(events(), vec![Event::UnderlyingSet { underlying: BTC, grid, active: false }]);
	});
}

#[test]
fn listed_series_outlive_a_change_of_the_grid() {
	ExtBuilder::default().build_and_execute(|| {
		let id = list(OptionKind::Call, 8_500, EXPIRY);
		assert_ok!(set(Grid { strike_step: price(1_000), ..GRID }, true));
		assert_ok!(open(id, 1));
	});
}

#[test]
fn only_the_listing_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(
			|| Options::set_underlying(RuntimeOrigin::signed(1), BTC, GRID, false),
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn an_unknown_underlying_or_an_invalid_grid_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(
			|| Options::set_underlying(RuntimeOrigin::root(), DOT, GRID, false),
			Error::<Test>::UnderlyingUnknown,
		);
		assert_refused(|| set(Grid { days_max: 0, ..GRID }, true), Error::<Test>::GridInvalid);
	});
}
