use crate::{mock::*, Underlyings, UnsettledSeries};
use ballast_primitives::{OptionKind, SeriesId, SeriesState};
use ballast_traits::InspectSeries;

#[test]
fn underlyings_and_series_are_listed_from_the_start() {
	ExtBuilder::default()
		.series(vec![
			(BTC, OptionKind::Call, price(8_000), EXPIRY),
			(ETH, OptionKind::Put, price(8_500), EXPIRY),
		])
		.build_and_execute(|| {
			assert_eq!(Options::underlyings(), vec![BTC, ETH]);
			assert_eq!(Options::asset(BTC), Some(BTC_ASSET));
			assert_eq!(Options::underlying_of(ETH_ASSET), Some(ETH));
			assert_eq!(Options::underlying_of(DOT_ASSET), None);
			assert!(Underlyings::<Test>::get(BTC).unwrap().active);
			let put = Options::series(SeriesId(1)).unwrap();
			assert_eq!((put.underlying, put.kind), (ETH, OptionKind::Put));
			assert_eq!(put.state, SeriesState::Live);
			assert_eq!(UnsettledSeries::<Test>::get(), 2);
			assert_eq!(watched(), vec![(BTC, EXPIRY), (ETH, EXPIRY)]);
		});
}

#[test]
#[should_panic(expected = "at genesis")]
fn a_series_off_the_grid_stops_the_chain_from_starting() {
	ExtBuilder::default()
		.series(vec![(BTC, OptionKind::Call, price(8_001), EXPIRY)])
		.build_and_execute(|| {});
}
