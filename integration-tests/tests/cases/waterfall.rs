//! Deficits go to the insurance fund, then to the pool, then to the deficit account, to the last unit.

use crate::support::{add, deficits_covered, events_of, percent, scene, sub, Scene};
use ballast_integration_tests::{
	calls::{bid, buy, cents, deposit, dollars, donate, hundredths, withdraw, BTC},
	Actor,
};
use ballast_primitives::{
	time::{DAY, MINUTE},
	AccountStatus, Price, Quantity, Ratio, SeriesId, Usd,
};
use ballast_runtime::{RiskParams, RiskPool, Runtime, RuntimeEvent};
use ballast_traits::{CoverDeficit, MutualPool, RiskParameters};
use frame_support::assert_ok;

/// Length of a block in market time.
const BLOCK: u64 = 30 * MINUTE;

/// A writer on thin margin is short `quantity` calls, and BTC rises by so many steps of a fifth just
/// before expiry while nobody can act. Returns the series and the cash that the writer has.
fn ruin(scene: &mut Scene, quantity: Quantity, steps: u64) -> (SeriesId, Usd) {
	let (writer, call) = (scene.cast.writer.clone(), scene.call(8_000));
	scene.write_on_thin_margin(&writer, call, quantity);
	let until = scene.expiry - (steps + 1) * BLOCK;
	scene.env.blocks_until(until);
	scene.env.workers = false;
	scene.env.idle = false;
	let mut spot = 800_000;
	for _ in 0..steps {
		spot = spot * 6 / 5;
		scene.env.feeds.set(BTC, cents(spot));
		scene.env.blocks(1);
	}
	assert_eq!(scene.env.now(), scene.expiry - BLOCK);
	let cash = scene.env.cash(&writer.account());
	let health = scene.env.health(&writer.account());
	assert_eq!(health.status, AccountStatus::Bankrupt, "{health:?}");
	(call, cash)
}

/// What one call at 8,000 pays after so many steps of a fifth.
fn payoff(steps: u32) -> Price {
	cents(800_000 * 6u64.pow(steps) / 5u64.pow(steps) - 800_000)
}

/// The writer's debt once the options are settled.
fn debt(steps: u32, quantity: Quantity, cash: Usd) -> Usd {
	sub(payoff(steps).value_ceil(quantity).unwrap(), cash)
}

fn deficit_account(scene: &mut Scene) -> Usd {
	scene.env.execute(RiskPool::deficit_account)
}

#[test]
fn a_deficit_within_the_funds_cap_is_the_funds_alone() {
	let mut scene = scene(1, 10_000_000);
	let prudent = scene.cast.prudent.clone();
	let insurance = scene.env.execute(RiskPool::insurance_account);
	let fund = Usd::from_int(1_000_000);
	scene.env.block_ok(vec![(&prudent, deposit(dollars(1_000_000))), (&prudent, donate(fund))]);
	let quantity = hundredths(1_000);
	let (_, cash) = ruin(&mut scene, quantity, 2);
	let expected = debt(2, quantity, cash);
	assert!(expected.is_positive() && expected < fund.times_floor(percent(60)).unwrap());

	scene.env.idle = true;
	scene.env.blocks(1);
	assert_eq!(deficits_covered(&mut scene.env), [[expected, expected, Usd::ZERO, Usd::ZERO]]);
	assert_eq!(scene.env.cash(&insurance), sub(fund, expected));
	assert_eq!(scene.env.cash(&scene.cast.writer.account().clone()), Usd::ZERO);
	assert_eq!(deficit_account(&mut scene), Usd::ZERO);
	// The pool, which was long, is paid in full.
	let pool = scene.env.execute(RiskPool::pool_account);
	let won = payoff(2).value_floor(quantity).unwrap();
	let before = scene.env.cash(&pool);
	assert!(before > won, "{before:?}");
}

#[test]
fn what_the_fund_may_not_pay_the_pool_does() {
	let mut scene = scene(1, 10_000_000);
	let prudent = scene.cast.prudent.clone();
	let fund = Usd::from_int(1_000);
	scene.env.block_ok(vec![(&prudent, deposit(dollars(2_000))), (&prudent, donate(fund))]);
	let quantity = hundredths(1_000);
	let (_, cash) = ruin(&mut scene, quantity, 2);
	let expected = debt(2, quantity, cash);
	let from_fund = fund.times_floor(percent(60)).unwrap();
	assert!(expected > from_fund);

	scene.env.idle = true;
	scene.env.blocks(1);
	let from_pool = sub(expected, from_fund);
	assert_eq!(deficits_covered(&mut scene.env), [[expected, from_fund, from_pool, Usd::ZERO]]);
	assert_eq!(deficit_account(&mut scene), Usd::ZERO);
	let writer = scene.cast.writer.account();
	assert_eq!(scene.env.cash(&writer), Usd::ZERO);
	// A second deficit of the window finds the caps used up by the first.
	let window = scene.env.execute(pallet_risk_pool::Window::<Runtime>::get).unwrap();
	assert_eq!((window.insurance_paid, window.pool_paid), (from_fund, from_pool));
}

/// A small pool, a smaller fund, and a ruin that is more than both may bear.
fn exhausted() -> (Scene, Usd, Usd) {
	let mut scene = scene(1, 100_000);
	let prudent = scene.cast.prudent.clone();
	let fund = Usd::from_int(1_000);
	scene.env.block_ok(vec![(&prudent, deposit(dollars(500_000))), (&prudent, donate(fund))]);
	let quantity = hundredths(1_500);
	let (_, cash) = ruin(&mut scene, quantity, 4);
	let expected = debt(4, quantity, cash);
	scene.env.idle = true;
	scene.env.blocks(1);
	let covered = deficits_covered(&mut scene.env);
	assert_eq!(covered.len(), 1);
	let [deficit, from_fund, from_pool, uncovered] = covered[0];
	assert_eq!(deficit, expected);
	assert_eq!(from_fund, fund.times_floor(percent(60)).unwrap(), "all that its cap allows");
	let window = scene.env.execute(pallet_risk_pool::Window::<Runtime>::get).unwrap();
	assert_eq!(from_pool, window.pool_cap, "all that its cap allows");
	assert_eq!(add(add(from_fund, from_pool), uncovered), deficit, "to the last unit");
	assert!(uncovered.is_positive());
	(scene, uncovered, fund)
}

#[test]
fn with_both_exhausted_the_rest_is_carried_and_withdrawals_wait() {
	let (mut scene, uncovered, _) = exhausted();
	assert_eq!(deficit_account(&mut scene), uncovered.checked_neg().unwrap());
	assert!(scene.env.execute(RiskPool::withdrawals_blocked));
	let (prudent, provider) = (scene.cast.prudent.clone(), scene.cast.provider.clone());
	let outcomes = scene.env.block(vec![
		(&prudent, withdraw(dollars(1))),
		(&provider, deposit(dollars(100))),
		(&provider, ballast_integration_tests::calls::pool_deposit(Usd::from_int(100))),
	]);
	let blocked = pallet_margin::Error::<Runtime>::WithdrawalsBlocked;
	let pool_blocked = pallet_risk_pool::Error::<Runtime>::WithdrawalsBlocked;
	assert_eq!(outcomes, [Err(blocked.into()), Ok(()), Err(pool_blocked.into())]);
}

#[test]
fn gifts_and_the_end_of_the_window_repay_what_is_carried() {
	let (mut scene, uncovered, fund) = exhausted();
	let prudent = scene.cast.prudent.clone();
	let insurance = scene.env.execute(RiskPool::insurance_account);
	let left = sub(fund, fund.times_floor(percent(60)).unwrap());
	assert_eq!(scene.env.cash(&insurance), left);

	// A gift repays the deficit account first.
	let gift = Usd::from_int(1_000);
	scene.env.block_ok(vec![(&prudent, donate(gift))]);
	let carried = sub(uncovered, gift);
	assert_eq!(deficit_account(&mut scene), carried.checked_neg().unwrap());
	assert_eq!(scene.env.cash(&insurance), left);

	// A day after the last deficit the window closes: the fund repays the part that a window may use.
	let last = scene.env.execute(pallet_risk_pool::Window::<Runtime>::get).unwrap().last_deficit_at;
	scene.env.blocks_until(last + DAY);
	let window_over = scene.env.execute(pallet_risk_pool::Window::<Runtime>::get).is_none();
	assert!(window_over);
	let repaid = left.times_floor(percent(60)).unwrap();
	let carried = sub(carried, repaid);
	assert_eq!(deficit_account(&mut scene), carried.checked_neg().unwrap());
	assert_eq!(scene.env.cash(&insurance), sub(left, repaid));
	assert!(scene.env.execute(RiskPool::withdrawals_blocked));

	// The last gift is larger than what is carried: the rest stays in the fund, money leaves again.
	let gift = add(carried, Usd::from_int(7));
	scene.env.block_ok(vec![(&prudent, donate(gift)), (&prudent, withdraw(dollars(1)))]);
	assert_eq!(deficit_account(&mut scene), Usd::ZERO);
	let expected = add(sub(left, repaid), Usd::from_int(7));
	assert_eq!(scene.env.cash(&insurance), expected);
}

/// An account that is bankrupt while its options live: the bid's deficit is in its settlement.
#[test]
fn a_bid_on_a_bankrupt_account_books_its_deficit() {
	let mut scene = scene(7, 10_000_000);
	let (writer, bidder) = (scene.cast.writer.clone(), scene.cast.bidder.clone());
	let (call, who) = (scene.call(8_000), writer.account());
	let fund = Usd::from_int(1_000_000);
	let give = vec![(&bidder, deposit(dollars(3_000_000))), (&bidder, donate(fund))];
	scene.env.block_ok(give);
	scene.write_on_thin_margin(&writer, call, hundredths(1_000));
	scene.env.workers = false;
	scene.env.idle = false;
	for spot in [960_000, 1_150_000, 1_380_000] {
		scene.env.feeds.set(BTC, cents(spot));
		scene.env.blocks(1);
	}
	let health = scene.env.health(&who);
	assert_eq!(health.status, AccountStatus::Bankrupt);
	scene.env.workers = true;
	scene.env.blocks(2);
	let auction = scene.env.auction(&who).expect("the worker has found it");
	assert!(auction.insolvent);

	let insurance = scene.env.execute(RiskPool::insurance_account);
	let funds = scene.env.cash(&insurance);
	let before = scene.env.health(&who);
	scene.env.begin();
	let outcome = scene.env.call(&bidder, bid(who.clone(), Ratio::ONE, auction.last_bid));
	assert_ok!(outcome);
	scene.env.end();
	let bids = events_of(&mut scene.env, |event| match event {
		RuntimeEvent::Liquidation(pallet_liquidation::Event::BidAccepted {
			share,
			payment,
			penalty,
			deficit,
			..
		}) => Some((share, payment, penalty, deficit)),
		_ => None,
	});
	let [(share, payment, penalty, deficit)] = bids[..] else { panic!("{bids:?}") };
	assert_eq!((share, penalty), (Ratio::ONE, Usd::ZERO), "all of it, and no penalty");
	// The bidder is paid what it takes over and its compensation; others bear all that is missing.
	assert!(payment.is_negative(), "{payment:?}");
	assert_eq!(deficit, sub(payment.checked_neg().unwrap(), before.cash));
	assert_eq!(deficits_covered(&mut scene.env), [[deficit, deficit, Usd::ZERO, Usd::ZERO]]);
	assert_eq!(scene.env.cash(&insurance), sub(funds, deficit));
	assert_eq!(scene.env.cash(&who), Usd::ZERO);
	assert_eq!(scene.env.auction(&who), None);
	assert_eq!(scene.env.position(&bidder.account(), call), hundredths(-1_000));
	assert_eq!(deficit_account(&mut scene), Usd::ZERO);
}

/// Actors who only watch pay nothing for others' default.
#[test]
fn bystanders_lose_nothing() {
	let mut scene = scene(1, 100_000);
	let (buyer, prudent): (Actor, Actor) = (scene.cast.buyer.clone(), scene.cast.prudent.clone());
	let put = scene.put(7_500);
	scene.env.block_ok(vec![
		(&prudent, deposit(dollars(12_345))),
		(&buyer, deposit(dollars(50_000))),
		(&buyer, buy(put, hundredths(100))),
	]);
	let cash = scene.env.cash(&buyer.account());
	let (_, _) = ruin(&mut scene, hundredths(1_500), 4);
	scene.env.idle = true;
	scene.env.blocks(4);
	let cap = scene.env.execute(RiskParams::funds).pool_window_cap;
	assert_eq!(cap, percent(20), "the pool bears a fifth of itself at most");
	assert!(deficit_account(&mut scene).is_negative());
	assert_eq!(scene.env.cash(&buyer.account()), cash, "its put expired worthless");
	assert_eq!(scene.env.cash(&prudent.account()), Usd::from_int(12_345));
}
