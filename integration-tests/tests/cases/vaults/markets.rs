//! Several vaults at once, markets on which nothing may be sold, and the mutual pool as buyer of the rest.

use super::stage::*;
use ballast_integration_tests::{
	calls::{self, dollars, BTC, ETH},
	Actor,
};
use ballast_primitives::{Price, Quantity, UnderlyingId, Usd};
use ballast_runtime::{genesis::accounts, OptionVaults, RiskPool, Runtime};
use ballast_traits::MutualPool;
use pallet_option_vaults::{Error, State, Strategy, VaultId};

/// A vault with this much from the first depositor.
fn filled(stage: &mut Stage, strategy: Strategy, underlying: UnderlyingId, whole: u128) -> VaultId {
	let vault = stage.open(strategy, underlying);
	let amount = asset_of(strategy, underlying).units(whole);
	let first = stage.first.clone();
	stage.fill(vault, &[(first, amount)]);
	vault
}

fn offered(stage: &mut Stage, vault: VaultId) -> Quantity {
	let State::Selling(selling) = stage.view(vault).state else { panic!("not selling") };
	selling.offered
}

fn endow_margin(stage: &mut Stage, underlying: UnderlyingId, strategy: Strategy, whole: u128) {
	let asset = asset_of(strategy, underlying);
	let buyer = stage.buyer.clone();
	stage.env.block_ok(vec![(&buyer, into_margin(asset, asset.units(whole)))]);
}

#[test]
fn vaults_on_two_underlyings_roll_at_once() {
	use Strategy::{CashSecuredPut, CoveredCall};
	let mut stage = Stage::new(Driver::Idle);
	endow_margin(&mut stage, ETH, CoveredCall, 500);
	endow_margin(&mut stage, BTC, CashSecuredPut, 50_000);
	let kinds = [(CoveredCall, ETH), (CashSecuredPut, BTC)];
	let vaults = [
		filled(&mut stage, CoveredCall, ETH, 100),
		filled(&mut stage, CashSecuredPut, BTC, 100_000),
	];
	let buyer = stage.buyer.clone();
	let mut quantities = Vec::new();
	for vault in vaults {
		stage.step(vault, open_round(vault), is_selling);
		let quantity = offered(&mut stage, vault);
		stage.env.block_ok(vec![(&buyer, buy(vault, quantity))]);
		quantities.push(quantity);
	}
	for vault in vaults {
		stage.step(vault, close_auction(vault), is_locked);
	}
	// Calls on ETH end in the money, puts on BTC out of it.
	stage.expire_at(&[(ETH, Price::from_int(250)), (BTC, Price::from_int(8_500))]);
	let mut records = Vec::new();
	for vault in vaults {
		while stage.view(vault).round == 0 {
			stage.env.blocks(1);
			assert!(stage.env.now() < FRIDAY + 6 * BLOCK, "vault {vault} is not settled");
		}
		records.push(stage.record(vault, 0));
	}
	for ((record, (strategy, underlying)), quantity) in records.iter().zip(kinds).zip(quantities) {
		assert_eq!(record.sold, quantity, "{strategy:?}");
		let asset = asset_of(strategy, underlying);
		let at_start = if strategy == CoveredCall { 100 } else { 100_000 };
		assert_eq!(record.assets, asset.units(at_start), "{strategy:?}");
		assert!(record.premium > 0);
	}
	assert!(records[0].outcome.payoff > records[0].premium, "{:?}", records[0]);
	assert_eq!(records[1].outcome.payoff, 0);
	// The next rounds begin by themselves, with what the last ones have left.
	for (vault, record) in vaults.into_iter().zip(records) {
		stage.step(vault, open_round(vault), is_selling);
		let view = stage.view(vault);
		let State::Selling(next) = view.state else { panic!("not selling") };
		assert_eq!((view.round, next.assets), (1, record.outcome.price.assets));
		assert_eq!(next.expiry, FRIDAY + 7 * 86_400);
	}
}

/// Blocks in which a price may be used after the last feed.
const USABLE: u32 = 4;

#[test]
fn a_round_waits_for_prices() {
	let mut stage = Stage::new(Driver::Idle);
	let vault = stage.open(Strategy::CoveredCall, BTC);
	stage.env.feeds.silence(BTC);
	stage.env.blocks(USABLE + 1);
	let first = stage.first.clone();
	let amount = asset_of(Strategy::CoveredCall, BTC).units(2);
	stage.fill(vault, &[(first, amount)]);
	stage.env.blocks(4);
	let view = stage.view(vault);
	assert!(is_idle(&view.state) && view.queued_deposits == amount, "{view:?}");
	let keeper = stage.keeper.clone();
	let not_usable = Err(Error::<Runtime>::MarketNotUsable.into());
	assert_eq!(stage.attempt(&keeper, open_round(vault)), not_usable);
	// The first price is not enough: there is no average of half an hour behind it.
	stage.env.feeds.resume(BTC);
	assert_eq!(stage.attempt(&keeper, open_round(vault)), not_usable);
	assert!(is_idle(&stage.view(vault).state), "nor does the chain begin by itself");
	stage.step(vault, open_round(vault), is_selling);
	assert_eq!(stage.view(vault).assets, amount);
}

#[test]
fn nothing_is_sold_while_prices_fail_and_nothing_is_lost_by_it() {
	let mut stage = Stage::new(Driver::Calls);
	let asset = asset_of(Strategy::CoveredCall, BTC);
	endow_margin(&mut stage, BTC, Strategy::CoveredCall, 2);
	let vault = filled(&mut stage, Strategy::CoveredCall, BTC, 2);
	// The round begins on the last price that may be used; all of its auction has none.
	stage.env.feeds.silence(BTC);
	stage.env.blocks(USABLE - 1);
	stage.step(vault, open_round(vault), is_selling);
	let buyer = stage.buyer.clone();
	let one = Quantity::from_int(1);
	let refused = stage.attempt(&buyer, buy(vault, one));
	assert_eq!(refused, Err(Error::<Runtime>::MarketNotUsable.into()));
	stage.env.blocks(2);
	stage.step(vault, close_auction(vault), is_settled);
	stage.step(vault, turn(vault), is_idle);
	let record = stage.record(vault, 0);
	assert_eq!((record.sold, record.premium), (Quantity::ZERO, 0));
	assert_eq!(record.outcome.price.assets, asset.units(2), "no fee of what was never locked");
	// Nobody sets a second strike for the same week.
	stage.env.feeds.resume(BTC);
	stage.env.blocks(2);
	let keeper = stage.keeper.clone();
	assert_eq!(stage.attempt(&keeper, open_round(vault)), Err(Error::<Runtime>::TooEarly.into()));
	// All can be taken out meanwhile.
	let first = stage.first.clone();
	let shares = stage.holder(vault, &first).shares;
	stage.env.block_ok(vec![(&first, withdraw(vault, shares))]);
	assert_eq!(stage.margin(&first.account(), asset), asset.units(2));
}

#[test]
fn a_price_of_now_binds_whatever_the_auction_says() {
	let mut stage = Stage::new(Driver::Calls);
	endow_margin(&mut stage, BTC, Strategy::CoveredCall, 2);
	let vault = filled(&mut stage, Strategy::CoveredCall, BTC, 2);
	stage.step(vault, open_round(vault), is_selling);
	let State::Selling(selling) = stage.view(vault).state else { panic!("not selling") };
	// A jump that the feed accepts at once: the auction's own price was set before it.
	stage.env.feeds.set(BTC, Price::from_int(9_500));
	let buyer = stage.buyer.clone();
	stage.env.block_ok(vec![(&buyer, buy(vault, Quantity::from_int(1)))]);
	let [(_, _, price, _)] = stage.sales()[..] else { panic!("one sale") };
	let inner = Price::from_int(9_500).into_inner() - selling.strike.into_inner();
	let least = inner / 10 * 9;
	assert!(price > selling.auction.start && price.into_inner() >= least, "{price:?}");
}

#[test]
fn the_pool_buys_what_nobody_has_bought_of_puts() {
	let mut stage = Stage::new(Driver::Idle);
	let provider = Actor::named(&accounts::PROVIDER);
	let capital = 10_000_000;
	stage.env.block_ok(vec![
		(&provider, calls::deposit(dollars(capital))),
		(&provider, calls::pool_deposit(Usd::from_int(capital as i64))),
	]);
	stage.env.blocks(1);
	endow_margin(&mut stage, BTC, Strategy::CashSecuredPut, 50_000);
	endow_margin(&mut stage, BTC, Strategy::CoveredCall, 2);
	let puts = filled(&mut stage, Strategy::CashSecuredPut, BTC, 80_000);
	let calls = filled(&mut stage, Strategy::CoveredCall, BTC, 10);
	stage.step(puts, open_round(puts), is_selling);
	stage.step(calls, open_round(calls), is_selling);
	let State::Selling(selling) = stage.view(puts).state else { panic!("not selling") };
	let buyer = stage.buyer.clone();
	let one = Quantity::from_int(1);
	stage.env.block_ok(vec![(&buyer, buy(puts, one)), (&buyer, buy(calls, one))]);
	// Time has taken more of the mark than the pool may bid less: it buys when puts are dearer.
	let bid = |stage: &mut Stage| stage.env.execute(|| RiskPool::bid(selling.series, one));
	assert!(bid(&mut stage).expect("quoted") < selling.auction.reserve);
	stage.env.feeds.set(BTC, Price::from_int(7_950));
	let pool = stage.env.execute(RiskPool::pool_account);
	let mut sale = None;
	for _ in 0..8 {
		sale = sale.or(stage.sales().into_iter().find(|(who, ..)| *who == pool));
		stage.env.blocks(1);
	}
	let (_, quantity, price, premium) = sale.expect("the pool has bought");
	let rest = selling.offered.checked_sub(one).expect("more than one");
	assert_eq!(quantity, rest);
	assert!(price >= selling.auction.reserve);
	assert_eq!(stage.env.position(&pool, selling.series), rest);
	let state = stage.view(puts).state;
	let State::Locked(locked) = state else { panic!("{state:?}") };
	assert_eq!(locked.sold, selling.offered);
	// What the pool pays in quote currency no call vault can take: the rest of its calls stays unwritten.
	let state = stage.view(calls).state;
	let State::Locked(of_calls) = state else { panic!("{state:?}") };
	assert_eq!(of_calls.sold, one);
	let working = stage.env.execute(|| OptionVaults::working_account(calls));
	assert_eq!(stage.env.position(&working, of_calls.series), Quantity::from_int(-1));
	// Puts end in the money: the pool is paid like everybody.
	stage.expire_at(&[(BTC, Price::from_int(7_000))]);
	stage.step(puts, settle_round(puts), is_settled);
	let record = stage.record(puts, 0);
	assert!(record.premium > premium && record.outcome.payoff > record.premium, "{record:?}");
	stage.env.blocks(2);
	assert_eq!(stage.env.position(&pool, selling.series), Quantity::ZERO);
	let each = selling.strike.checked_sub(Price::from_int(7_000)).expect("in the money");
	let won = each.value_floor(rest).expect("in range");
	let spent = Usd::from_inner(premium as i128 * 10i128.pow(12));
	let expected = capital as f64 + number_of(won) - number_of(spent);
	let cash = number_of(stage.env.cash(&pool));
	// The premium is told in the quote currency's smallest unit.
	assert!((cash - expected).abs() < 1e-5, "{cash}, expected {expected}");
}

fn number_of(value: Usd) -> f64 {
	value.into_inner() as f64 / 1e18
}
