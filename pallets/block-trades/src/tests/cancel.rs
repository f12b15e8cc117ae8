use super::*;

#[test]
fn the_maker_withdraws_at_any_time() {
	execute(|| {
		let id = offer(ALICE, Side::Buy, contracts(3));
		assert_ok!(BlockTrades::accept(by(BOB), id, contracts(1)));
		set_usable(false);
		pass(40 * DAY);
		events();
		assert_ok!(BlockTrades::cancel(by(ALICE), id));
		let event = Event::OfferCancelled { offer: id, maker: ALICE, quantity: contracts(2) };
		assert_eq!(events(), [event]);
		assert_eq!((held(ALICE), free(ALICE)), (0, NATIVE));
		assert_eq!(Offers::<Test>::count(), 0);
		assert!(!OffersBy::<Test>::contains_key(ALICE));
	});
}

#[test]
fn others_cannot() {
	execute(|| {
		let id = offer(ALICE, Side::Buy, contracts(1));
		assert_refused!(BlockTrades::cancel(by(BOB), id), Error::<Test>::NotMaker);
		assert_refused!(BlockTrades::cancel(by(ALICE), id + 1), Error::<Test>::OfferUnknown);
	});
}

#[test]
fn each_offer_gives_back_what_was_held_for_it() {
	execute(|| {
		let cheap = offer(ALICE, Side::Buy, contracts(1));
		OfferDeposit::set(7 * DEPOSIT);
		let dear = offer(ALICE, Side::Buy, contracts(1));
		assert_eq!(held(ALICE), 8 * DEPOSIT);
		OfferDeposit::set(0);
		assert_ok!(BlockTrades::cancel(by(ALICE), cheap));
		assert_eq!(held(ALICE), 7 * DEPOSIT);
		assert_ok!(BlockTrades::cancel(by(ALICE), dear));
		assert_eq!((held(ALICE), free(ALICE)), (0, NATIVE));
	});
}
