use super::*;

fn ids<A, B>(views: &[OfferView<A, B>]) -> Vec<(OfferId, bool)> {
	views.iter().map(|view| (view.id, view.open)).collect()
}

#[test]
fn offers_are_shown_by_series_by_maker_and_by_counterparty() {
	execute(|| {
		let make = |maker, series, counterparty, life| {
			let expires = now() + life;
			let quantity = contracts(2);
			let made = BlockTrades::offer(
				by(maker),
				series,
				Side::Sell,
				quantity,
				FAIR,
				counterparty,
				expires,
			);
			assert_ok!(made);
		};
		make(ALICE, CALL, None, DAY);
		make(ALICE, PUT, Some(BOB), 2 * DAY);
		make(BOB, CALL, Some(CAROL), 2 * DAY);
		make(CAROL, CALL, Some(BOB), 2 * DAY);
		assert_eq!(ids(&BlockTrades::offers_on(CALL)), [(0, true), (2, true), (3, true)]);
		assert_eq!(ids(&BlockTrades::offers_of(&ALICE)), [(0, true), (1, true)]);
		assert_eq!(ids(&BlockTrades::offers_to(&BOB)), [(1, true), (3, true)]);
		assert_eq!(BlockTrades::offers_on(CALL)[0].offer, Offers::<Test>::get(0).unwrap());
		// What has expired is shown to its maker only.
		pass(DAY);
		assert_eq!(ids(&BlockTrades::offers_on(CALL)), [(2, true), (3, true)]);
		assert_eq!(ids(&BlockTrades::offers_of(&ALICE)), [(0, false), (1, true)]);
		remove_series(PUT);
		assert_eq!(ids(&BlockTrades::offers_to(&BOB)), [(3, true)]);
		assert_eq!(BlockTrades::offers_of(&DAVE), []);
	});
}
