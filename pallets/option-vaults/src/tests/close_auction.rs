use super::*;

/// A vault of puts for 1.33 contracts at a strike of 27,000, its auction over but for closing.
fn puts_left(bid: Option<Price>) -> VaultId {
	let id = puts();
	deposit(ALICE, id, 35_910 * DOLLAR);
	assert_eq!(open(id).offered, hundredths(133));
	set_bid(bid);
	id
}

#[test]
fn not_before_it_is_over() {
	execute(|| {
		let id = calls();
		let close = || OptionVaults::close_auction(by(DAVE), id);
		assert_refused!(close(), Error::<Test>::NotSelling);
		deposit(ALICE, id, 3 * COIN);
		let ends = open(id).auction.ends;
		buy(BOB, id, contracts(1));
		pass_to(ends - 1);
		assert_refused!(close(), Error::<Test>::AuctionOpen);
		pass_to(ends);
		events();
		assert_ok!(close());
		let (sold, unsold) = (contracts(1), contracts(2));
		let premium = locked(id).premium;
		let closed = Event::AuctionClosed { vault: id, round: 0, sold, unsold, premium };
		assert_eq!(events(), [closed]);
		assert_eq!(locked(id).sold, contracts(1));
		assert_refused!(close(), Error::<Test>::NotSelling);
	});
}

#[test]
fn the_pool_takes_the_rest_of_puts_at_its_bid() {
	execute(|| {
		// A bid whose value is not a whole number of 18-decimal dollars for 1.33 contracts.
		let bid = Price::from_inner(500_000_000_000_000_000_001);
		let id = puts_left(Some(bid));
		buy(BOB, id, hundredths(33));
		let before = cash(POOL);
		let working = OptionVaults::working_account(id);
		let had = cash(working);
		events();
		close(id);
		let paid = before.checked_sub(cash(POOL)).unwrap();
		assert_eq!(paid, bid.value_floor(contracts(1)).unwrap());
		assert_eq!(position(POOL, locked(id).series), contracts(1));
		assert_eq!(locked(id).sold, hundredths(133));
		assert_eq!(covers(working, OptionKind::Put), usd(35_910).into_inner());
		let locked_now = usd(27_000);
		let rest = had.checked_add(paid).unwrap().checked_sub(locked_now).unwrap();
		assert_eq!(cash(working), rest);
		let (round, quantity, premium) = (0, contracts(1), 500 * DOLLAR);
		let buyer = POOL;
		let sold = Event::ContractsSold { vault: id, round, buyer, quantity, price: bid, premium };
		assert_eq!(events()[0], sold);
	});
}

#[test]
fn the_pool_takes_a_rest_whose_value_is_not_a_whole_number() {
	execute(|| {
		let bid = Price::from_inner(500_000_000_000_000_000_001);
		let id = puts_left(Some(bid));
		close(id);
		assert_eq!(locked(id).sold, hundredths(133));
		let floor = bid.value_floor(hundredths(133)).unwrap();
		assert!(floor < bid.value_ceil(hundredths(133)).unwrap());
		assert_eq!(cash(POOL), usd(PLENTY).checked_sub(floor).unwrap());
	});
}

#[test]
fn the_pool_gets_nothing_below_the_reserve_nor_below_the_share_of_mark() {
	execute(|| {
		let id = puts_left(None);
		let reserve = selling(id).auction.reserve;
		set_bid(Some(reserve.times_floor(Ratio::from_percent(99)).unwrap()));
		close(id);
		assert!(matches!(vault(id).state, State::Settled(_)));
		assert_eq!(cash(POOL), usd(PLENTY));
		// After a jump the reserve is far below what it is worth.
		let id = puts_left(None);
		set_spot(BTC, price(27_000));
		let bid = selling(id).auction.reserve.times_floor(Ratio::from_percent(300)).unwrap();
		assert!(bid < mark_now(id).times_floor(Ratio::from_percent(90)).unwrap());
		set_bid(Some(bid));
		close(id);
		assert!(matches!(vault(id).state, State::Settled(_)));
	});
}

#[test]
fn the_pool_need_not_buy() {
	execute(|| {
		let id = puts_left(Some(price(500)));
		set_pool_exhausted();
		close(id);
		assert!(matches!(vault(id).state, State::Settled(_)));
		assert_eq!(free_of(id), 35_910 * DOLLAR);
	});
}

#[test]
fn the_pool_buys_at_no_price_that_is_not_usable() {
	execute(|| {
		let id = puts_left(Some(price(500)));
		set_usable(false);
		close(id);
		assert!(matches!(vault(id).state, State::Settled(_)));
	});
}

#[test]
fn calls_are_not_the_pools_which_pays_in_cash() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		set_bid(Some(price(5_000)));
		close(id);
		assert!(matches!(vault(id).state, State::Settled(_)));
		assert_eq!(cash(POOL), usd(PLENTY));
	});
}

#[test]
fn after_expiry_nothing_more_is_sold() {
	execute(|| {
		let id = puts_left(Some(price(500)));
		buy(BOB, id, contracts(1));
		pass_to(FRIDAY);
		assert_ok!(OptionVaults::close_auction(by(DAVE), id));
		assert_eq!(locked(id).sold, contracts(1));
		settle_at(id, price(24_000));
	});
}
