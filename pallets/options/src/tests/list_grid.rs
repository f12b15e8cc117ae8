use super::assert_refused;
use crate::{mock::*, Call, Error, SeriesAt, SeriesOf, WeightInfo, MAX_STRIKES};
use ballast_mocks::MockParameters;
use ballast_primitives::{params::OracleRules, OptionKind, SeriesId, Settlement, Style};
use frame_support::{
	assert_ok, dispatch::GetDispatchInfo, pallet_prelude::DispatchError, BoundedVec,
};

fn grid(strikes: &[u64]) -> sp_runtime::DispatchResult {
	grid_of(EUROPEAN, CASH, strikes)
}

fn grid_of(style: Style, settlement: Settlement, strikes: &[u64]) -> sp_runtime::DispatchResult {
	let strikes = strikes.iter().map(|strike| price(*strike)).collect::<Vec<_>>();
	let strikes = BoundedVec::try_from(strikes).unwrap();
	Options::list_grid(RuntimeOrigin::root(), BTC, style, settlement, EXPIRY, strikes)
}

#[test]
fn a_call_and_a_put_are_listed_at_each_strike() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(grid(&[7_500, 8_000, 8_500]));
		let listed: Vec<_> = Options::series_of(BTC)
			.into_iter()
			.map(|info| (info.id.0, info.series.kind, info.series.strike))
			.collect();
		let expected = vec![
			(0, OptionKind::Call, price(7_500)),
			(1, OptionKind::Put, price(7_500)),
			(2, OptionKind::Call, price(8_000)),
			(3, OptionKind::Put, price(8_000)),
			(4, OptionKind::Call, price(8_500)),
			(5, OptionKind::Put, price(8_500)),
		];
		assert_eq!(listed, expected);
		assert_eq!(events().len(), 6);
		assert_eq!(watched(), vec![(BTC, EXPIRY)]);
		assert_eq!(SeriesAt::<Test>::get(EXPIRY, BTC).len(), 6);
		assert!(Options::series_of(ETH).is_empty());
	});
}

#[test]
fn as_many_strikes_as_a_call_carries_are_listed() {
	ExtBuilder::default().build_and_execute(|| {
		let strikes: Vec<_> = (2..u64::from(MAX_STRIKES) + 2).map(|step| 500 * step).collect();
		assert_ok!(grid(&strikes));
		assert_eq!(SeriesOf::<Test>::count(), 2 * MAX_STRIKES);
	});
}

#[test]
fn all_strikes_are_listed_or_none() {
	ExtBuilder::default().build_and_execute(|| {
		list(OptionKind::Put, 8_500, EXPIRY);
		assert_refused(|| grid(&[8_000, 8_500]), Error::<Test>::SeriesExists);
		assert_refused(|| grid(&[8_000, 8_001]), Error::<Test>::StrikeOffGrid);
		assert_refused(|| grid(&[8_000, 500]), Error::<Test>::StrikeTooFar);
		assert_refused(|| grid(&[8_000, 8_000]), Error::<Test>::SeriesExists);
		assert_eq!(Options::series_of(BTC).len(), 1);
		assert_eq!(Options::series_of(BTC)[0].id, SeriesId(0));
	});
}

#[test]
fn a_grid_without_strikes_is_refused() {
	ExtBuilder::default()
		.build_and_execute(|| assert_refused(|| grid(&[]), Error::<Test>::NoStrikes));
}

#[test]
fn an_expiry_that_a_series_could_not_have_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		set_now(EXPIRY);
		assert_refused(|| grid(&[8_000]), Error::<Test>::ExpiryTooSoon);
	});
}

#[test]
fn only_the_listing_origin_may_list() {
	ExtBuilder::default().build_and_execute(|| {
		let strikes = BoundedVec::truncate_from(vec![price(8_000)]);
		assert_refused(
			|| Options::list_grid(RuntimeOrigin::signed(1), BTC, EUROPEAN, CASH, EXPIRY, strikes),
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn only_calls_are_listed_that_pay_in_the_underlying() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(grid_of(EUROPEAN, Settlement::InKind, &[7_500, 8_000]));
		let listed: Vec<_> = Options::series_of(BTC)
			.into_iter()
			.map(|info| (info.series.kind, info.series.strike, info.series.is_in_kind()))
			.collect();
		let calls =
			vec![(OptionKind::Call, price(7_500), true), (OptionKind::Call, price(8_000), true)];
		assert_eq!(listed, calls);
		assert_refused(
			|| grid_of(Style::American, Settlement::InKind, &[8_500]),
			Error::<Test>::InKindMustBeEuropeanCall,
		);
		// Those paid in cash have the same strikes beside them.
		assert_ok!(grid(&[7_500, 8_000]));
	});
}

#[test]
fn a_grid_costs_what_it_lists() {
	for (settlement, series) in [(CASH, 6), (Settlement::InKind, 3)] {
		let strikes = BoundedVec::truncate_from(vec![price(7_500), price(8_000), price(8_500)]);
		let (underlying, style, expiry) = (BTC, EUROPEAN, EXPIRY);
		let call = Call::<Test>::list_grid { underlying, style, settlement, expiry, strikes };
		assert_eq!(call.get_dispatch_info().call_weight, <() as WeightInfo>::list_grid(series));
	}
}

#[test]
fn an_underlying_without_volatilities_has_no_grid() {
	ExtBuilder::default().build_and_execute(|| {
		MockParameters::mock_oracle(|_| OracleRules { spot_only: true, ..Default::default() });
		assert_refused(|| grid(&[8_000]), Error::<Test>::NoVolatilitySurface);
	});
}
