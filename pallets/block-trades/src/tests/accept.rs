use super::*;

const WHOLE: i128 = 1_000_000_000_000_000_000;

fn accept(taker: u64, id: OfferId, quantity: Quantity) -> DispatchResult {
	BlockTrades::accept(by(taker), id, quantity)
}

fn paid(whole: i64) -> (Usd, Usd) {
	(usd(CASH - whole), usd(CASH + whole))
}

#[test]
fn the_buyer_pays_the_seller_and_the_contracts_move() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(5));
		events();
		assert_ok!(accept(BOB, id, contracts(5)));
		assert_eq!((cash(BOB), cash(ALICE)), paid(13_500));
		assert_eq!(positions(BOB), [(CALL, contracts(5))]);
		assert_eq!(positions(ALICE), [(CALL, contracts(-5))]);
		let event = Event::OfferAccepted {
			offer: id,
			maker: ALICE,
			taker: BOB,
			series: CALL,
			side: Side::Sell,
			quantity: contracts(5),
			price: FAIR,
			premium: usd(13_500),
			remaining: contracts(0),
		};
		assert_eq!(events(), [event]);
		// The offer is gone and its deposit back.
		assert_eq!((held(ALICE), free(ALICE)), (0, NATIVE));
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::OfferUnknown);
	});
}

#[test]
fn a_maker_who_buys_pays() {
	execute(|| {
		let id = offer(ALICE, Side::Buy, contracts(2));
		assert_ok!(accept(BOB, id, contracts(2)));
		assert_eq!((cash(ALICE), cash(BOB)), paid(5_400));
		assert_eq!(position(ALICE, CALL), contracts(2));
	});
}

#[test]
fn it_can_be_accepted_in_parts() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(5));
		assert_refused!(
			accept(BOB, id, Quantity::from_inner(5 * WHOLE + 1)),
			Error::<Test>::QuantityTooLarge
		);
		assert_ok!(accept(BOB, id, contracts(2)));
		let left = Offers::<Test>::get(id).unwrap();
		assert_eq!((left.quantity, held(ALICE)), (contracts(3), DEPOSIT));
		assert_refused!(accept(CAROL, id, contracts(4)), Error::<Test>::QuantityTooLarge);
		assert_ok!(accept(CAROL, id, hundredths(1)));
		assert_ok!(accept(BOB, id, hundredths(299)));
		assert_eq!(Offers::<Test>::count(), 0);
		assert_eq!(held(ALICE), 0);
		assert_eq!(position(ALICE, CALL), contracts(-5));
		assert_eq!((position(BOB, CALL), position(CAROL, CALL)), (hundredths(499), hundredths(1)));
	});
}

#[test]
fn the_maker_of_an_offer_cannot_accept_it() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		assert_refused!(accept(ALICE, id, contracts(1)), Error::<Test>::SelfTrade);
	});
}

#[test]
fn an_offer_to_one_account_is_for_that_one() {
	execute(|| {
		let expires = now() + DAY;
		let one = contracts(1);
		let made = BlockTrades::offer(by(ALICE), CALL, Side::Buy, one, FAIR, Some(BOB), expires);
		assert_ok!(made);
		assert_refused!(accept(CAROL, 0, one), Error::<Test>::NotCounterparty);
		assert_ok!(accept(BOB, 0, one));
	});
}

#[test]
fn it_can_be_accepted_until_its_moment_and_not_at_it() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(2));
		pass(DAY - 1);
		assert_ok!(accept(BOB, id, contracts(1)));
		pass(1);
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::OfferExpired);
	});
}

#[test]
fn the_series_must_be_live_and_its_price_usable() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		set_usable(false);
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::PriceStale);
		set_usable(true);
		set_state(CALL, SeriesState::Expired);
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::SeriesExpired);
		set_state(CALL, SeriesState::Live);
		remove_risk_rules();
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::UnderlyingWithoutRules);
		remove_series(CALL);
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::SeriesUnknown);
	});
}

#[test]
fn the_edges_of_the_collar_are_inside_it() {
	for side in [Side::Buy, Side::Sell] {
		execute(|| {
			let Collar { low, high } = BlockTrades::collar(CALL).unwrap();
			for edge in [low, high] {
				let id = offer_at(ALICE, side, contracts(1), edge);
				assert_ok!(accept(BOB, id, contracts(1)));
			}
			for outside in [below(low), above(high)] {
				let id = offer_at(ALICE, side, contracts(1), outside);
				assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::OutsideCollar);
			}
		});
	}
}

#[test]
fn the_collar_is_that_of_the_tick_of_acceptance() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		set_spot(Ratio::from_percent(105));
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::OutsideCollar);
		// The offer waits for a market in which it is fair again.
		set_spot(Ratio::ONE);
		assert_ok!(accept(BOB, id, contracts(1)));
	});
}

#[test]
fn what_opens_for_either_has_a_least_quantity_and_a_step() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		let of = |inner| accept(BOB, id, Quantity::from_inner(inner));
		let least = hundredths(1).into_inner();
		for inner in [0, -1, -least, i128::MIN, 1, least - 1] {
			assert_refused!(of(inner), Error::<Test>::QuantityTooSmall);
		}
		assert_refused!(of(least + 1), Error::<Test>::QuantityOffStep);
		// One who closes is no help to one who opens.
		set_positions(ALICE, vec![(CALL, contracts(5))]);
		assert_refused!(of(1), Error::<Test>::QuantityTooSmall);
		set_positions(ALICE, vec![]);
		set_positions(BOB, vec![(CALL, contracts(-5))]);
		assert_refused!(of(1), Error::<Test>::QuantityTooSmall);
		assert_refused!(of(least + 1), Error::<Test>::QuantityOffStep);
		set_positions(BOB, vec![]);
		assert_ok!(of(least));
	});
}

#[test]
fn what_closes_for_both_has_neither() {
	execute(|| {
		let odd = 1_234_567;
		set_positions(ALICE, vec![(PUT, contracts(1)), (CALL, Quantity::from_inner(odd))]);
		set_positions(BOB, vec![(CALL, Quantity::from_inner(-odd))]);
		let quantity = Quantity::from_inner(odd);
		let expires = now() + DAY;
		let made = BlockTrades::offer(by(ALICE), CALL, Side::Sell, quantity, FAIR, None, expires);
		assert_ok!(made);
		assert_ok!(accept(BOB, 0, Quantity::from_inner(234_567)));
		assert_ok!(accept(BOB, 0, Quantity::from_inner(1_000_000)));
		assert_eq!((position(ALICE, CALL), positions(BOB)), (contracts(0), vec![]));
	});
}

#[test]
fn what_turns_a_position_opens() {
	execute(|| {
		set_positions(BOB, vec![(CALL, Quantity::from_inner(-5))]);
		set_positions(ALICE, vec![(CALL, contracts(9))]);
		let id = offer(ALICE, Side::Sell, contracts(1));
		assert_refused!(accept(BOB, id, Quantity::from_inner(6)), Error::<Test>::QuantityTooSmall);
		// To as many contracts of the other sign opens, too.
		assert_refused!(accept(BOB, id, Quantity::from_inner(10)), Error::<Test>::QuantityTooSmall);
		assert_ok!(accept(BOB, id, Quantity::from_inner(5)));
	});
}

#[test]
fn the_takers_margin_is_required() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		set_below_margin(BOB, true);
		assert_refused!(accept(BOB, id, contracts(1)), DispatchError::Other("BelowInitialMargin"));
	});
}

#[test]
fn the_makers_margin_is_required_and_told_apart() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		set_below_margin(ALICE, true);
		assert_refused!(accept(BOB, id, contracts(1)), Error::<Test>::MakerBelowMargin);
		// If neither carries it, the taker hears of their own account first.
		set_below_margin(BOB, true);
		assert_refused!(accept(BOB, id, contracts(1)), DispatchError::Other("BelowInitialMargin"));
		set_below_margin(ALICE, false);
		set_below_margin(BOB, false);
		assert_ok!(accept(BOB, id, contracts(1)));
	});
}

#[test]
fn an_account_of_the_maker_that_cannot_be_computed_is_not_a_question_of_margin() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		set_overflowing(ALICE);
		assert_refused!(accept(BOB, id, contracts(1)), sp_runtime::ArithmeticError::Overflow);
	});
}

#[test]
fn what_the_clearing_house_refuses_is_refused() {
	execute(|| {
		let id = offer(ALICE, Side::Sell, contracts(1));
		set_refusing_trades();
		assert_refused!(accept(BOB, id, contracts(1)), DispatchError::Other("PositionCapExceeded"));
	});
}

#[test]
fn more_than_an_account_can_pay_is_refused_in_full() {
	execute(|| {
		// 400 contracts at 2,700 are more than a million.
		let id = offer(ALICE, Side::Sell, contracts(400));
		assert_refused!(
			accept(BOB, id, contracts(400)),
			DispatchError::Other("BelowInitialMargin")
		);
		assert_ok!(accept(BOB, id, contracts(300)));
		let id = offer(CAROL, Side::Buy, contracts(400));
		assert_refused!(accept(DAVE, id, contracts(400)), Error::<Test>::MakerBelowMargin);
	});
}

#[test]
fn the_premium_is_rounded_for_the_maker() {
	// Half of the smallest unit of quote currency, and a little.
	let odd = Price::from_inner(FAIR.into_inner() + 1);
	let half = Quantity::from_inner(WHOLE / 2);
	for (side, premium) in [(Side::Sell, 1_350 * WHOLE + 1), (Side::Buy, 1_350 * WHOLE)] {
		execute(|| {
			let id = offer_at(ALICE, side, contracts(1), odd);
			assert_ok!(accept(BOB, id, half));
			let change = cash(ALICE).into_inner() - usd(CASH).into_inner();
			assert_eq!(change.abs(), premium);
			assert_eq!(cash(ALICE).into_inner() + cash(BOB).into_inner(), 2 * CASH as i128 * WHOLE);
		});
	}
}

#[test]
fn an_enormous_quantity_is_an_error_and_nothing_else() {
	execute(|| {
		let all = Quantity::from_inner(i128::MAX / 10i128.pow(16) * 10i128.pow(16));
		let id = offer(ALICE, Side::Sell, all);
		assert_refused!(accept(BOB, id, all), sp_runtime::ArithmeticError::Overflow);
	});
}

#[test]
fn on_a_halted_underlying_a_trade_must_close_for_both() {
	execute(|| {
		let (id, opening) =
			(offer(ALICE, Side::Sell, contracts(5)), offer(DAVE, Side::Sell, contracts(5)));
		set_positions(ALICE, vec![(CALL, contracts(4))]);
		set_positions(BOB, vec![(CALL, contracts(-3))]);
		MockParameters::mock_is_halted(|_| true);
		// Opens for the taker, turns the taker's, turns the maker's, opens for the maker.
		assert_refused!(accept(CAROL, id, contracts(1)), Error::<Test>::UnderlyingHalted);
		assert_refused!(accept(BOB, id, contracts(4)), Error::<Test>::UnderlyingHalted);
		assert_refused!(accept(BOB, id, contracts(5)), Error::<Test>::UnderlyingHalted);
		assert_refused!(accept(BOB, opening, contracts(1)), Error::<Test>::UnderlyingHalted);
		assert_ok!(accept(BOB, id, contracts(3)));
		assert_eq!((position(ALICE, CALL), position(BOB, CALL)), (contracts(1), contracts(0)));
		MockParameters::mock_is_halted(|_| false);
		assert_ok!(accept(CAROL, id, contracts(2)));
	});
}
