use crate::mock::*;
use ballast_primitives::{Quality, Quantity, SeriesId, Usd};
use ballast_traits::InspectAccounts;
use frame_support::{assert_noop, assert_ok};

fn loss(who: u64, change: Option<(SeriesId, i64)>) -> Usd {
	let change = change.map(|(id, quantity)| (id, Quantity::from_int(quantity)));
	Margin::stress_loss(&who, change).unwrap()
}

#[test]
fn a_change_counts_as_if_it_were_made() {
	build_and_execute(|| {
		assert_eq!(loss(ALICE, None), Usd::ZERO);
		let asked = loss(ALICE, Some((CALL, -1)));
		assert!(asked.is_positive());
		trade(POOL, ALICE, CALL, 1, 0);
		assert_eq!(loss(ALICE, None), asked);
		assert_eq!(loss(ALICE, Some((CALL, 1))), Usd::ZERO);
		let part = Margin::requirement_view(&ALICE).unwrap()[0].clone();
		assert_eq!(part.loss, asked);
	});
}

#[test]
fn underlyings_add_up_whatever_cash_there_is() {
	build_and_execute(|| {
		let (btc, eth) = (loss(ALICE, Some((CALL, -1))), loss(ALICE, Some((ETH_CALL, -5))));
		trade(POOL, ALICE, CALL, 1, 0);
		trade(POOL, ALICE, ETH_CALL, 5, 0);
		deposit(ALICE, 1_000_000);
		assert_eq!(loss(ALICE, None), btc.checked_add(eth).unwrap());
	});
}

#[test]
fn it_is_not_capped_by_what_a_book_can_lose() {
	build_and_execute(|| {
		// A collar around nothing: a call spread whose worst scenario is close to its width.
		trade(POOL, ALICE, CALL, 1, 0);
		trade(ALICE, POOL, HIGH_CALL, 1, 0);
		let part = Margin::requirement_view(&ALICE).unwrap()[0].clone();
		assert_eq!(loss(ALICE, None), part.loss);
		assert!(part.scan_maintenance <= part.greatest_loss.unwrap());
		let extras = [part.basis, part.vol_term, part.discount, part.confidence];
		let all = extras.into_iter().fold(part.loss, |sum, one| sum.checked_add(one).unwrap());
		assert!(all >= part.scan_maintenance);
	});
}

#[test]
fn collateral_is_part_of_the_book() {
	build_and_execute(|| {
		let naked = loss(ALICE, Some((CALL, -1)));
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(50)));
		assert!(loss(ALICE, Some((CALL, -1))) < naked);
		let units = loss(ALICE, None).checked_sub(Usd::from_int(750)).unwrap();
		assert!(units.checked_abs().unwrap() < Usd::from_inner(1_000_000_000));
	});
}

#[test]
fn holdings_on_an_unusable_price_count_down_to_their_least_value() {
	build_and_execute(|| {
		let eth = loss(BOB, Some((ETH_CALL, -5)));
		trade(POOL, ALICE, CALL, 1, 0);
		set_quality(ON_BTC, Quality::Stale);
		let part = Margin::requirement_view(&ALICE).unwrap()[0].clone();
		let mark = part.collateral.checked_add(part.options).unwrap();
		let frozen = mark.checked_sub(part.least).unwrap();
		assert!(frozen.is_positive());
		assert_eq!(loss(ALICE, None), frozen);
		assert_eq!(loss(ALICE, Some((ETH_CALL, -5))), frozen.checked_add(eth).unwrap());
	});
}

#[test]
fn of_a_series_that_is_not_listed_there_is_none() {
	build_and_execute(|| {
		let unknown = Some((SeriesId(77), Quantity::ONE));
		assert_noop!(Margin::stress_loss(&BOB, unknown), Error::SeriesUnknown);
	});
}
