use super::*;

#[test]
fn anybody_removes_what_has_expired() {
	execute(|| {
		let id = offer(ALICE, Side::Buy, contracts(3));
		pass(DAY - 1);
		assert_refused!(BlockTrades::clean(by(BOB), id), Error::<Test>::OfferOpen);
		pass(1);
		events();
		assert_ok!(BlockTrades::clean(by(BOB), id));
		let event = Event::OfferExpired { offer: id, maker: ALICE, quantity: contracts(3) };
		assert_eq!(events(), [event]);
		assert_eq!((held(ALICE), free(ALICE), free(BOB)), (0, NATIVE, NATIVE));
		assert_refused!(BlockTrades::clean(by(BOB), id), Error::<Test>::OfferUnknown);
	});
}

#[test]
fn what_is_on_a_series_that_is_not_live_goes_at_once() {
	let settled = SeriesState::Settled { price: price(1), payoff: Price::ZERO };
	for state in [SeriesState::Expired, settled] {
		execute(|| {
			let id = offer(ALICE, Side::Buy, contracts(1));
			set_state(CALL, state);
			assert_ok!(BlockTrades::clean(by(CAROL), id));
			assert_eq!(held(ALICE), 0);
		});
	}
	execute(|| {
		let id = offer(ALICE, Side::Buy, contracts(1));
		remove_series(CALL);
		assert_ok!(BlockTrades::clean(by(CAROL), id));
	});
}

#[test]
fn an_unusable_price_or_a_price_outside_the_collar_is_no_reason() {
	execute(|| {
		let id = offer_at(ALICE, Side::Buy, contracts(1), price(1));
		set_usable(false);
		assert_refused!(BlockTrades::clean(by(BOB), id), Error::<Test>::OfferOpen);
	});
}
