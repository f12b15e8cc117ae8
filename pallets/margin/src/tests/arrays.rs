//! Risk arrays: computed once per tick, never used at another, and always what a revaluation from
//! scratch gives.

mod examples;

use crate::{
	arrays::Market, desk::Desk, holdings::Group, mock::*, requirement::Rules, SeriesRisks,
	UnderlyingRequirement,
};
use ballast_math::requirement::{requirement, Book};
use ballast_primitives::{
	params::UnderlyingRisk, time::HOUR, Averaging, OptionKind, Price, Quantity, Rate, Ratio,
	Series, SeriesId, SeriesState, Style, SurfaceQuote, UnderlyingId, Usd, Volatility,
};
use ballast_traits::{InspectAccounts, InspectMarket, MutateAccounts};
use frame_support::storage::with_storage_layer;
use proptest::prelude::*;

type TestMarket = <Test as crate::Config>::Market;

/// The requirement of a group on a usable price, every leg valued in every scenario.
fn from_scratch(group: &Group) -> Option<UnderlyingRequirement> {
	let rules = Rules::for_view::<Test>().unwrap();
	let state = TestMarket::state(group.underlying)?;
	let market = Market::new::<Test>(group.underlying, state, &rules).unwrap();
	if !market.is_margined() {
		return None;
	}
	let legs = Desk::<Test>::legs_of(group, &state, &rules).unwrap();
	let (spot, units) = (state.spot.to_q64().unwrap(), group.units.to_q64().unwrap());
	let book = Book { spot, units, legs: &legs };
	let margins =
		requirement(&book, &market.grid(&rules).unwrap(), market.contingencies()).unwrap();
	let collateral = state.spot.value_floor(group.units).unwrap();
	Some(UnderlyingRequirement::usable(group, collateral, &margins, &market).unwrap())
}

/// How far a requirement from arrays may lie above the one from scratch: what `risk_array` states, with
/// what one contract's value can change by (at most five times spot, or the strike) taken for each leg,
/// an initial factor of two, and two roundings to the ledger's last unit.
fn allowed(group: &Group, spot: Price) -> Usd {
	let change = spot.into_inner().max(Price::from_int(11_000).into_inner()) as f64 * 5.0;
	let quantities = group.legs.iter().map(|(_, _, quantity)| *quantity).chain([group.units]);
	let largest = quantities.map(|quantity| quantity.into_inner() as f64 / 1e18).map(f64::abs);
	let largest = largest.fold(0.0, f64::max);
	let legs = group.legs.len() as f64 + 1.0;
	Usd::from_inner((2.0 * 10.0 * legs * largest * change * 2f64.powi(-54)) as i128 + 20)
}

/// Every account's requirement against the one from scratch: marks to the last unit, losses never below
/// and above by no more than is allowed.
fn compare() -> Result<(), TestCaseError> {
	for who in PEOPLE {
		let mut desk = Desk::<Test>::for_view().unwrap();
		let sorted = desk.sorted(&Margin::load(&who), None).unwrap();
		let parts = Margin::requirement_view(&who).unwrap();
		for (group, part) in sorted.groups.iter().zip(&parts) {
			let Some(scratch) = from_scratch(group) else { continue };
			let allowed = allowed(group, TestMarket::state(group.underlying).unwrap().spot);
			prop_assert_eq!(part.options, scratch.options);
			prop_assert_eq!(part.greatest_loss, scratch.greatest_loss);
			for (got, want) in [
				(part.loss, scratch.loss),
				(part.scan_maintenance, scratch.scan_maintenance),
				(part.scan_initial, scratch.scan_initial),
				(part.contingency_maintenance, scratch.contingency_maintenance),
				(part.contingency_initial, scratch.contingency_initial),
				(part.maintenance, scratch.maintenance),
				(part.initial, scratch.initial),
			] {
				let above = got.checked_sub(want).unwrap();
				prop_assert!(!above.is_negative(), "{part:?} below {scratch:?}");
				prop_assert!(above <= allowed, "{above:?} of {allowed:?} above: {part:?}");
			}
		}
	}
	Ok(())
}

const PEOPLE: [u64; 4] = [ALICE, BOB, CAROL, POOL];
const SERIES: [SeriesId; 4] = [CALL, PUT, HIGH_CALL, ETH_CALL];

#[derive(Clone, Debug)]
enum Step {
	Spot(UnderlyingId, u64),
	Volatility(UnderlyingId, u32),
	Scan(UnderlyingId, u32),
	Risk(UnderlyingId, u32),
	InitialFactor(u32),
	FewerScenarios(u32),
	Time(u64),
	Averaging(UnderlyingId, u64, u32),
	Coins(u64, u64),
	Trade(u64, u64, SeriesId, i64),
	Touch(u64),
	Stress(u64, SeriesId, i64),
	Settle(SeriesId, u64),
}

fn step() -> impl Strategy<Value = Step> {
	use Step::*;
	let person = || prop::sample::select(PEOPLE.to_vec());
	let series = || prop::sample::select(SERIES.to_vec());
	let underlying = || prop::sample::select(vec![ON_BTC, ON_ETH]);
	let quantity = -3_000_000_000_000_000_000i64..3_000_000_000_000_000_000;
	prop_oneof![
		3 => (underlying(), 50u64..40_000).prop_map(|(a, b)| Spot(a, b)),
		2 => (underlying(), 10u32..300).prop_map(|(a, b)| Volatility(a, b)),
		1 => (underlying(), 5u32..60).prop_map(|(a, b)| Scan(a, b)),
		1 => (underlying(), 10u32..90).prop_map(|(a, b)| Risk(a, b)),
		1 => (100u32..200).prop_map(InitialFactor),
		1 => (0u32..5).prop_map(FewerScenarios),
		3 => (0u64..200 * HOUR).prop_map(Time),
		2 => (underlying(), 1u64..20_000, 0u32..=100).prop_map(|(a, b, c)| Averaging(a, b, c)),
		1 => (person(), 1u64..300_000_000).prop_map(|(a, b)| Coins(a, b)),
		6 => (person(), person(), series(), quantity.clone())
			.prop_map(|(a, b, c, d)| Trade(a, b, c, d)),
		4 => person().prop_map(Touch),
		2 => (person(), series(), quantity).prop_map(|(a, b, c)| Stress(a, b, c)),
		1 => (series(), 1u64..25_000).prop_map(|(a, b)| Settle(a, b)),
	]
}

fn change_market(id: UnderlyingId, change: impl FnOnce(&mut ballast_primitives::MarketState)) {
	Markets::mutate(id, |state| change(state.as_mut().unwrap()));
}

/// Does a step; that it may be refused is part of the history.
fn run(step: Step) {
	match step {
		Step::Spot(id, spot) => set_spot(id, spot),
		Step::Volatility(id, percent) => change_market(id, |state| {
			state.volatility = SurfaceQuote::flat(Volatility::from_percent(percent));
		}),
		Step::Scan(id, percent) => change_market(id, |state| {
			state.scan.maintenance = Ratio::from_percent(percent);
			state.scan.initial = Ratio::from_percent(percent + percent / 5);
		}),
		Step::Risk(id, percent) => Risks::insert(
			id,
			UnderlyingRisk { volatility_up: Ratio::from_percent(percent), ..UnderlyingRisk::btc() },
		),
		Step::InitialFactor(percent) => MarginGroup::mutate(|rules| {
			rules.initial_factor = Ratio::from_percent(percent);
		}),
		Step::FewerScenarios(count) => MarginGroup::mutate(|rules| {
			for _ in 0..count.min(rules.scenarios.len() as u32 - 1) {
				rules.scenarios.pop();
			}
		}),
		Step::Time(seconds) => Now::mutate(|now| *now += seconds),
		Step::Averaging(id, fixed, percent) => {
			let (fixed, share) = (Price::from_int(fixed), Ratio::from_percent(percent));
			Averages::insert(id, EXPIRY, Averaging { fixed, share });
		}
		Step::Coins(who, amount) => {
			let _ = Margin::deposit_collateral(signed(who), BTC, amount.into());
		}
		Step::Trade(buyer, seller, id, quantity) => {
			let (buyer, seller) = if quantity > 0 { (buyer, seller) } else { (seller, buyer) };
			let quantity = Quantity::from_inner(i128::from(quantity).abs());
			let trade = || Margin::trade(&buyer, &seller, id, quantity, Usd::ZERO);
			let _ = with_storage_layer(|| Margin::guarded(&buyer, trade));
		}
		Step::Touch(who) => {
			let _ = <Margin as MutateAccounts<u64>>::touch(&who);
			Margin::health(&who).unwrap();
		}
		Step::Stress(who, id, quantity) => {
			let change = (id, Quantity::from_inner(quantity.into()));
			let settled = Listed::get(id).is_none_or(|series| series.state != SeriesState::Live);
			let asked = with_storage_layer(|| Margin::stress_loss(&who, Some(change)));
			assert!(asked.is_ok() || settled, "{asked:?}");
		}
		Step::Settle(id, price) => {
			if Listed::get(id).unwrap().state == SeriesState::Live {
				settle_at(id, Price::from_int(price));
			}
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

	#[test]
	fn after_any_order_of_ticks_and_touches_arrays_give_what_a_revaluation_gives(
		steps in prop::collection::vec(step(), 1..50),
	) {
		new_test_ext().execute_with(|| {
			for who in PEOPLE {
				deposit(who, 1_000_000);
			}
			for step in steps {
				run(step.clone());
				compare()?;
				let checked = Margin::do_try_state();
				prop_assert!(checked.is_ok(), "{:?} after {:?}", checked, step);
			}
			Ok(())
		})?;
	}
}
