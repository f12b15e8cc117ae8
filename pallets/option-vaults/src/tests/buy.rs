use super::*;

fn try_buy(id: VaultId, quantity: Quantity, most: u128) -> DispatchResult {
	OptionVaults::buy(by(BOB), id, quantity, most, now())
}

fn one_coin() -> VaultId {
	let id = calls();
	deposit(ALICE, id, COIN);
	open(id);
	id
}

#[test]
fn the_price_falls_from_the_start_to_the_reserve() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 4 * COIN);
		let Auction { start, reserve, began, ends } = open(id).auction;
		let each = contracts(1);
		assert_eq!(offered(id, each).price, start);
		pass(1_800);
		let half = start.into_inner().abs_diff(reserve.into_inner()) / 2;
		let middle = Price::from_inner(reserve.into_inner() + half);
		let now_asked = offered(id, each).price;
		assert!(now_asked == middle || now_asked == above(middle));
		pass_to(ends - 1);
		assert!(offered(id, each).price > reserve);
		assert_eq!(began, START);
		// Its last moment is not part of it.
		pass_to(ends);
		assert_refused!(try_buy(id, each, u128::MAX), Error::<Test>::NotSelling);
		let ended: DispatchError = Error::<Test>::NotSelling.into();
		assert_eq!(OptionVaults::offered_now(id, each), Err(ended));
	});
}

#[test]
fn a_buyer_gets_contracts_for_the_premium_in_units() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let series = open(id).series;
		let OfferedPrice { price: each, premium, unsold } = offered(id, hundredths(150));
		assert_eq!(unsold, contracts(3));
		// ceil(price x 1.5 / 30,000) in the smallest unit, at the spot of the same tick.
		let scaled = each.into_inner() * 3 / 2;
		let (unit, rest) = (scaled / 30_000 / 10_000_000_000, scaled % (30_000 * 10_000_000_000));
		assert_eq!(premium, unit + u128::from(rest > 0));
		let had = units(BOB, BTC);
		events();
		assert_ok!(try_buy(id, hundredths(150), premium));
		assert_eq!(had - units(BOB, BTC), premium);
		assert_eq!(position(BOB, series), hundredths(150));
		let working = OptionVaults::working_account(id);
		assert_eq!(position(working, series), hundredths(-150));
		let (quantity, buyer) = (hundredths(150), BOB);
		let price = each;
		let sold = Event::ContractsSold { vault: id, round: 0, buyer, quantity, price, premium };
		assert_eq!(events(), [sold]);
		let Selling { sold, premium: received, .. } = selling(id);
		assert_eq!((sold, received), (hundredths(150), premium));
	});
}

#[test]
fn parts_have_a_least_size_and_a_step_but_for_the_last() {
	execute(|| {
		let id = one_coin();
		let small: DispatchError = Error::<Test>::QuantityTooSmall.into();
		assert_refused!(try_buy(id, contracts(0), u128::MAX), small);
		assert_refused!(try_buy(id, contracts(-1), u128::MAX), small);
		let less = Quantity::from_inner(hundredths(1).into_inner() - 1);
		assert_refused!(try_buy(id, less, u128::MAX), small);
		let more = Quantity::from_inner(hundredths(1).into_inner() + 1);
		assert_refused!(try_buy(id, more, u128::MAX), Error::<Test>::QuantityOffStep);
		assert_refused!(try_buy(id, hundredths(101), u128::MAX), Error::<Test>::QuantityTooLarge);
		assert_ok!(try_buy(id, hundredths(99), u128::MAX));
		assert_ok!(try_buy(id, hundredths(1), u128::MAX));
		// With the last of it the auction is over.
		assert_refused!(try_buy(id, hundredths(1), u128::MAX), Error::<Test>::NotSelling);
		assert_ok!(OptionVaults::close_auction(by(DAVE), id));
	});
}

#[test]
fn a_buyers_limits_hold() {
	execute(|| {
		let id = one_coin();
		let premium = offered(id, contracts(1)).premium;
		let slipped: DispatchError = Error::<Test>::SlippageExceeded.into();
		assert_refused!(try_buy(id, contracts(1), premium - 1), slipped);
		let late = OptionVaults::buy(by(BOB), id, contracts(1), premium, now() - 1);
		assert_eq!(late, Err(Error::<Test>::DeadlinePassed.into()));
		assert_ok!(try_buy(id, contracts(1), premium));
	});
}

#[test]
fn nothing_is_sold_at_a_price_that_is_not_usable() {
	execute(|| {
		let id = one_coin();
		set_usable(false);
		assert_refused!(try_buy(id, contracts(1), u128::MAX), Error::<Test>::MarketNotUsable);
	});
}

#[test]
fn a_buyer_has_the_premium_and_the_margin() {
	execute(|| {
		let (calls, puts) = (one_coin(), puts());
		deposit(ALICE, puts, 27_000 * DOLLAR);
		open(puts);
		let below = DispatchError::Other("BelowInitialMargin");
		set_below_margin(CAROL);
		for id in [calls, puts] {
			let buy = || OptionVaults::buy(by(CAROL), id, contracts(1), u128::MAX, now());
			assert_refused!(buy(), below);
		}
		// Nobody pays a premium out of nothing.
		let nobody = 77;
		let buy = |id| OptionVaults::buy(by(nobody), id, contracts(1), u128::MAX, now());
		assert_refused!(buy(calls), DispatchError::Other("InsufficientCollateral"));
		assert_refused!(buy(puts), below);
	});
}

#[test]
fn what_the_ledger_refuses_leaves_nothing_behind() {
	execute(|| {
		let id = one_coin();
		set_refusing_trades();
		let refused = DispatchError::Other("PositionCapExceeded");
		assert_refused!(try_buy(id, contracts(1), u128::MAX), refused);
	});
}

#[test]
fn only_in_an_auction() {
	execute(|| {
		let id = calls();
		let not_selling: DispatchError = Error::<Test>::NotSelling.into();
		assert_refused!(try_buy(id, contracts(1), u128::MAX), not_selling);
		assert_refused!(try_buy(9, contracts(1), u128::MAX), Error::<Test>::VaultUnknown);
		deposit(ALICE, id, 3 * COIN);
		open(id);
		buy(BOB, id, contracts(1));
		close(id);
		assert_refused!(try_buy(id, contracts(1), u128::MAX), not_selling);
	});
}

#[test]
fn on_a_halted_underlying_nothing_is_written_even_to_who_closes() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let Selling { offered, auction, .. } = open(id);
		buy(BOB, id, contracts(1));
		halt(BTC);
		let halted = Error::<Test>::UnderlyingHalted;
		assert_refused!(try_buy(id, contracts(1), u128::MAX), halted);
		// What is sold stays sold; the rest stays unwritten, and the vault has its coins.
		pass_to(auction.ends);
		assert_ok!(OptionVaults::close_auction(by(DAVE), id));
		assert_eq!((offered, locked(id).sold), (contracts(3), contracts(1)));
	});
}
