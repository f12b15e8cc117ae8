use crate::mock::*;
use ballast_primitives::{Quality, Usd};
use frame_support::assert_ok;

#[test]
fn an_unusable_underlying_shows_its_range_instead_of_a_requirement() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		set_quality(ON_BTC, Quality::Stale);
		let part = Margin::requirement_view(&ALICE).unwrap()[0].clone();
		assert!(!part.usable);
		assert_eq!(part.collateral, Usd::from_int(10_000));
		let close = |value: Usd, whole: i64| {
			let gap = value.checked_sub(Usd::from_int(whole)).unwrap();
			gap.checked_abs().unwrap() < Usd::from_inner(1_000)
		};
		assert!(close(part.least, 6_800) && close(part.greatest, 13_200));
		assert_eq!((part.maintenance, part.initial), (Usd::ZERO, Usd::ZERO));
	});
}

#[test]
fn identities_are_reported_term_by_term() {
	build_and_execute(|| {
		deposit(ALICE, 700);
		trade(BOB, ALICE, CALL, 1, 100);
		let report = Margin::check_identities().unwrap();
		assert_eq!(report.held, Usd::from_int(700));
		assert_eq!(report.cash, Usd::from_int(700));
		assert_eq!((report.claims, report.deficit), (Usd::ZERO, Usd::ZERO));
		assert_eq!((report.residue, report.surplus), (Usd::ZERO, Usd::ZERO));
	});
}

#[test]
fn an_account_pays_for_its_own_positions_and_the_largest_fits_into_a_block_many_times() {
	use crate::WeightInfo;
	use frame_support::weights::constants::WEIGHT_REF_TIME_PER_SECOND;
	build_and_execute(|| {
		let full = <() as WeightInfo>::withdraw(crate::MAX_POSITIONS, 0);
		assert!(full.ref_time() < WEIGHT_REF_TIME_PER_SECOND / 10);
		let american = ballast_primitives::MAX_AMERICAN_SERIES;
		let american = <() as WeightInfo>::withdraw(crate::MAX_POSITIONS, american);
		assert!(american.ref_time() < WEIGHT_REF_TIME_PER_SECOND / 10);
		deposit(ALICE, 1_000);
		trade(ALICE, POOL, CALL, 1, 10);
		let info = Margin::withdraw(signed(ALICE), dollars(1)).unwrap();
		let actual = info.actual_weight.unwrap();
		let one = crate::custody::valued_or_settled::<()>(<() as WeightInfo>::withdraw, 1, 0);
		assert_eq!(actual, one);
		assert!(actual.ref_time() < full.ref_time() / 5, "{actual:?} of {full:?}");
	});
}
