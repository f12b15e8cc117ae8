//! The lines of a requirement add up.

use super::*;
use crate::explain::types::{LegPart, ScanPart};
use ballast_primitives::{
	params::{SpotMove, UnderlyingRisk},
	time::DAY,
	OptionKind, Quality, Quantity, Series, SeriesId, Style, SurfaceQuote, Volatility,
};
use ballast_traits::{InspectAccounts, MutateAccounts, RiskParameters};
use frame_support::assert_ok;
use proptest::prelude::*;

type Parameters = <Test as crate::Config>::Parameters;

/// An American put and calls of a later expiry, besides the four of the world.
const AMERICAN: SeriesId = SeriesId(5);
const LATE_CALL: SeriesId = SeriesId(6);

fn list_more() {
	let put = series(ON_BTC, OptionKind::Put, 9_500);
	Listed::insert(AMERICAN, Series { style: Style::American, ..put });
	let call = series(ON_BTC, OptionKind::Call, 12_000);
	Listed::insert(LATE_CALL, Series { expiry: EXPIRY + 60 * DAY, ..call });
}

fn sum(values: impl IntoIterator<Item = Usd>) -> Usd {
	values.into_iter().fold(Usd::ZERO, |sum, value| sum.checked_add(value).unwrap())
}

/// Everything that must hold of the explanation of any account.
fn check(who: u64) -> Result<(), TestCaseError> {
	let before = root();
	let explained = explain(who);
	prop_assert_eq!(root(), before, "a look left a trace");
	let parts = Margin::requirement_view(&who).unwrap();
	prop_assert_eq!(explained.underlyings.len(), parts.len());
	for (explained, requirement) in explained.underlyings.iter().zip(parts) {
		prop_assert_eq!(&explained.requirement, &requirement);
		prop_assert_eq!(explained.reasons.is_some(), requirement.usable);
		let Some(reasons) = &explained.reasons else { continue };
		let common = sum([requirement.basis, requirement.vol_term, requirement.discount]);
		let at = |part: &ScanPart, of: fn(&LegPart) -> Usd, units: Usd, index: u8| {
			let lines = reasons.legs.iter().map(of).chain([units]);
			prop_assert_eq!(sum(lines), part.raised);
			let all = [part.raised, part.charges, part.adjustment];
			prop_assert_eq!(sum(all), part.total);
			let rule = Parameters::margin().scenarios[usize::from(index)];
			prop_assert_eq!(part.scenario, Some(rule).filter(|_| part.loss.is_positive()));
			Ok(())
		};
		let units = &reasons.units;
		let (mm, im) = (&reasons.maintenance, &reasons.initial);
		at(mm, |leg| leg.maintenance, units.maintenance, requirement.binding_maintenance)?;
		at(im, |leg| leg.initial, units.initial, requirement.binding_initial)?;
		prop_assert_eq!((mm.loss, mm.factor, mm.raised), (requirement.loss, Ratio::ONE, mm.loss));
		prop_assert_eq!(mm.charges, common);
		prop_assert_eq!(im.charges, sum([common, requirement.confidence]));
		prop_assert_eq!(mm.total, requirement.scan_maintenance);
		prop_assert_eq!(im.total, requirement.scan_initial);
		if requirement.greatest_loss.is_none() {
			// Nothing is capped: only roundings are left, or initial margin is lifted.
			let rounding = |adjustment: Usd| (-5..=0).contains(&adjustment.into_inner());
			prop_assert!(rounding(mm.adjustment), "{mm:?}");
			prop_assert!(rounding(im.adjustment) || im.total == mm.total, "{im:?}");
		}
		let marks = sum(reasons.legs.iter().map(|leg| leg.mark));
		let gap = requirement.options.checked_sub(marks).unwrap().into_inner();
		prop_assert!(gap.unsigned_abs() <= reasons.legs.len() as u128 + 1, "{gap}");
	}
	prop_assert_eq!(explained.withdrawable, Margin::withdrawable(&who).ok());
	prop_assert_eq!(explained.health, health(who));
	Ok(())
}

#[test]
fn a_spread_shows_the_hedge_and_what_it_hedges() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		trade(POOL, ALICE, CALL, 1, 0);
		trade(ALICE, POOL, HIGH_CALL, 1, 0);
		check(ALICE).unwrap();
		let found = reasons(ALICE);
		let [short, long] = [found.legs[0], found.legs[1]];
		assert_eq!((short.series, long.series), (CALL, HIGH_CALL));
		assert!(short.maintenance.is_positive() && long.maintenance.is_negative());
		assert!(short.initial > short.maintenance);
		let scenario = found.maintenance.scenario.unwrap();
		assert!(matches!(scenario.spot, SpotMove::ScanRanges(ranges) if ranges.into_inner() > 0));
	});
}

#[test]
fn coins_hedge_a_call_in_their_own_line() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(50)));
		deposit(ALICE, 10_000);
		trade(POOL, ALICE, CALL, 1, 0);
		check(ALICE).unwrap();
		let found = reasons(ALICE);
		assert_eq!(found.units.quantity, Quantity::from_inner(500_000_000_000_000_000));
		// Half a coin gains 750 at the top of the range.
		assert!((usd(found.units.maintenance) + 750.0).abs() < 1e-9);
		assert!((usd(found.legs[0].maintenance) - 1_423.285_938_934_574).abs() < 1e-9);
	});
}

#[test]
fn a_bought_option_is_capped_by_what_it_costs() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		trade(ALICE, POOL, CALL, 1, 0);
		check(ALICE).unwrap();
		let found = reasons(ALICE);
		assert!(found.maintenance.adjustment.is_negative());
		assert_eq!(
			Some(found.initial.total),
			explain(ALICE).underlyings[0].requirement.greatest_loss
		);
		assert!(found.initial.factor == Ratio::from_percent(125));
	});
}

#[test]
fn open_interest_raises_net_shorts_alone() {
	build_and_execute(|| {
		let risk = UnderlyingRisk::btc();
		Risks::insert(
			ON_BTC,
			UnderlyingRisk {
				open_interest_cap: Quantity::from_int(2),
				open_interest_start: Ratio::from_percent(0),
				..risk
			},
		);
		deposit(ALICE, 10_000);
		trade(POOL, ALICE, CALL, 1, 0);
		check(ALICE).unwrap();
		check(POOL).unwrap();
		// Half way to the cap, at which the factor is two.
		assert_eq!(reasons(ALICE).initial.factor, Ratio::from_basis_points(18_750));
		assert_eq!(reasons(POOL).initial.factor, Ratio::from_percent(125));
	});
}

const PEOPLE: [u64; 3] = [ALICE, BOB, POOL];
const SERIES: [SeriesId; 6] = [CALL, PUT, HIGH_CALL, ETH_CALL, AMERICAN, LATE_CALL];

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

	#[test]
	fn the_lines_of_any_book_add_up(
		coins in 0u64..300_000_000,
		trades in prop::collection::vec(
			(0usize..3, 0usize..2, 0usize..6, 1i64..4_000_000_000_000_000_000), 1..12,
		),
		spot in 3_000u64..30_000,
		volatility in 20u32..200,
		ranges in (5u32..40, 0u32..20),
		dispersion in 0u32..20,
		stale in prop::bool::weighted(0.2),
	) {
		new_test_ext().execute_with(|| {
			list_more();
			for who in [ALICE, BOB] {
				deposit(who, 20_000);
				if coins > 0 {
					let _ = Margin::deposit_collateral(signed(who), BTC, coins.into());
				}
			}
			for (buyer, other, id, quantity) in trades {
				let seller = PEOPLE[(buyer + other + 1) % PEOPLE.len()];
				let quantity = Quantity::from_inner(quantity.into());
				Margin::trade(&PEOPLE[buyer], &seller, SERIES[id], quantity, Usd::ZERO).unwrap();
			}
			Markets::mutate(ON_BTC, |state| {
				let state = state.as_mut().unwrap();
				state.spot = Price::from_int(spot);
				state.volatility = SurfaceQuote::flat(Volatility::from_percent(volatility));
				state.scan.maintenance = Ratio::from_percent(ranges.0);
				state.scan.initial = Ratio::from_percent(ranges.0 + ranges.1);
				state.dispersion = Ratio::from_percent(dispersion);
			});
			if stale {
				set_quality(ON_ETH, Quality::Stale);
			}
			for who in PEOPLE {
				check(who)?;
			}
			Ok::<_, TestCaseError>(())
		})?;
	}
}
