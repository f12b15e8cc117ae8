use super::*;
use ballast_primitives::params::TradeRules;

fn make(
	maker: u64,
	series: SeriesId,
	quantity: Quantity,
	counterparty: Option<u64>,
	expires: Moment,
) -> DispatchResult {
	BlockTrades::offer(by(maker), series, Side::Sell, quantity, FAIR, counterparty, expires)
}

#[test]
fn an_offer_is_stored_and_its_deposit_held() {
	execute(|| {
		let expires = now() + 3 * DAY;
		assert_ok!(make(ALICE, CALL, contracts(5), Some(BOB), expires));
		let stored = Offer {
			maker: ALICE,
			series: CALL,
			side: Side::Sell,
			quantity: contracts(5),
			price: FAIR,
			counterparty: Some(BOB),
			expires,
			deposit: DEPOSIT,
		};
		assert_eq!(Offers::<Test>::iter().collect::<Vec<_>>(), [(0, stored)]);
		assert_eq!(OffersBy::<Test>::get(ALICE).into_inner(), [0]);
		assert_eq!((held(ALICE), free(ALICE)), (DEPOSIT, NATIVE - DEPOSIT));
		let event = Event::OfferMade {
			offer: 0,
			maker: ALICE,
			series: CALL,
			side: Side::Sell,
			quantity: contracts(5),
			price: FAIR,
			counterparty: Some(BOB),
			expires,
			deposit: DEPOSIT,
		};
		assert_eq!(events(), [event]);
		// Nothing of the clearing house is touched.
		assert_eq!((cash(ALICE), positions(ALICE)), (usd(CASH), vec![]));
	});
}

#[test]
fn numbers_are_not_used_again() {
	execute(|| {
		let first = offer(ALICE, Side::Buy, contracts(1));
		assert_ok!(BlockTrades::cancel(by(ALICE), first));
		assert_eq!(offer(ALICE, Side::Buy, contracts(1)), first + 1);
	});
}

#[test]
fn only_what_is_listed_and_live_can_be_offered() {
	execute(|| {
		let soon = now() + 1;
		assert_refused!(make(ALICE, NONE, contracts(1), None, soon), Error::<Test>::SeriesUnknown);
		set_state(PUT, SeriesState::Expired);
		assert_refused!(make(ALICE, PUT, contracts(1), None, soon), Error::<Test>::SeriesExpired);
		pass(30 * DAY);
		let soon = now() + 1;
		assert_refused!(make(ALICE, CALL, contracts(1), None, soon), Error::<Test>::SeriesExpired);
	});
}

#[test]
fn the_longest_life_is_governed_and_binds_new_offers() {
	execute(|| {
		let until = |expires| make(ALICE, CALL, contracts(1), None, expires);
		assert_ok!(until(now() + 7 * DAY));
		let shorter = 3 * DAY;
		set_trade_rules(TradeRules { offer_life_max: shorter, ..Default::default() });
		assert_refused!(until(now() + shorter + 1), Error::<Test>::ExpiryTooFar);
		assert_ok!(until(now() + shorter));
		assert_eq!(Offers::<Test>::get(0).unwrap().expires, now() + 7 * DAY);
	});
}

#[test]
fn an_offer_lives_seven_days_at_most_and_not_longer_than_its_series() {
	execute(|| {
		let until = |series, expires| make(ALICE, series, contracts(1), None, expires);
		assert_refused!(until(CALL, now()), Error::<Test>::ExpiryInPast);
		assert_refused!(until(CALL, 0), Error::<Test>::ExpiryInPast);
		assert_refused!(until(CALL, now() + 7 * DAY + 1), Error::<Test>::ExpiryTooFar);
		assert_refused!(until(CALL, Moment::MAX), Error::<Test>::ExpiryTooFar);
		assert_refused!(until(SOON, now() + 2 * DAY + 1), Error::<Test>::ExpiryAfterSeries);
		assert_ok!(until(CALL, now() + 1));
		assert_ok!(until(CALL, now() + 7 * DAY));
		assert_ok!(until(SOON, now() + 2 * DAY));
	});
}

#[test]
fn nobody_can_offer_to_themselves() {
	execute(|| {
		let own = make(ALICE, CALL, contracts(1), Some(ALICE), now() + DAY);
		assert_eq!(own, Err(Error::<Test>::SelfTrade.into()));
	});
}

#[test]
fn what_would_open_has_a_least_quantity_and_a_step() {
	execute(|| {
		let of = |inner| make(ALICE, CALL, Quantity::from_inner(inner), None, now() + DAY);
		let least = hundredths(1).into_inner();
		for inner in [0, -1, -least, i128::MIN, 1, least - 1] {
			assert_refused!(of(inner), Error::<Test>::QuantityTooSmall);
		}
		assert_refused!(of(least + 1), Error::<Test>::QuantityOffStep);
		assert_ok!(of(least));
		assert_ok!(of(7 * least));
	});
}

#[test]
fn what_only_closes_has_neither() {
	execute(|| {
		set_positions(ALICE, vec![(CALL, Quantity::from_inner(1_234))]);
		let sell = |inner| make(ALICE, CALL, Quantity::from_inner(inner), None, now() + DAY);
		assert_ok!(sell(1_233));
		assert_ok!(sell(1_234));
		// One unit more would turn it short.
		assert_refused!(sell(1_235), Error::<Test>::QuantityTooSmall);
		let quantity = Quantity::from_inner(1_234);
		let buy = BlockTrades::offer(by(ALICE), CALL, Side::Buy, quantity, FAIR, None, now() + DAY);
		assert_eq!(buy, Err(Error::<Test>::QuantityTooSmall.into()));
	});
}

#[test]
fn an_underlying_without_rules_cannot_be_opened() {
	execute(|| {
		remove_risk_rules();
		assert_refused!(
			make(ALICE, CALL, contracts(1), None, now() + DAY),
			Error::<Test>::UnderlyingWithoutRules
		);
	});
}

#[test]
fn one_account_has_sixteen_offers() {
	execute(|| {
		make_offers(ALICE, 16);
		let more = |who| make(who, CALL, contracts(1), None, now() + DAY);
		assert_refused!(more(ALICE), Error::<Test>::TooManyOffersOfAccount);
		assert_ok!(more(BOB));
		assert_ok!(BlockTrades::cancel(by(ALICE), 3));
		assert_ok!(more(ALICE));
		assert_eq!(held(ALICE), 16 * DEPOSIT);
	});
}

#[test]
fn all_accounts_together_have_no_more_than_the_chain_carries() {
	execute(|| {
		for who in [ALICE, BOB] {
			make_offers(who, 16);
		}
		make_offers(CAROL, 8);
		let more = || make(DAVE, CALL, contracts(1), None, now() + DAY);
		assert_refused!(more(), Error::<Test>::TooManyOffers);
		assert_ok!(BlockTrades::cancel(by(BOB), 20));
		assert_ok!(more());
	});
}

#[test]
fn the_deposit_must_be_affordable() {
	execute(|| {
		assert_refused!(
			make(POOR, CALL, contracts(1), None, now() + DAY),
			Error::<Test>::DepositNotAffordable
		);
		OfferDeposit::set(NATIVE + 1);
		assert_refused!(
			make(ALICE, CALL, contracts(1), None, now() + DAY),
			Error::<Test>::DepositNotAffordable
		);
	});
}

#[test]
fn prices_are_not_looked_at() {
	execute(|| {
		set_usable(false);
		offer_at(ALICE, Side::Buy, contracts(1), Price::ZERO);
		offer_at(ALICE, Side::Sell, contracts(1), Price::from_inner(u128::MAX));
		set_usable(true);
		for id in [0, 1] {
			assert_refused!(
				BlockTrades::accept(by(BOB), id, contracts(1)),
				Error::<Test>::OutsideCollar
			);
		}
	});
}
