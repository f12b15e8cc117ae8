//! One round from wallets to wallets, of either strategy, by calls and by `on_idle` alone, with an expiry in
//! and out of the money. Everything is checked after every block.

use super::stage::*;
use ballast_integration_tests::{calls, Actor};
use ballast_primitives::{units::ACCURACY, Price, Quantity};
use ballast_runtime::{
	constants::{currency::BLST, pallets},
	genesis::assets::TestAsset,
	AccountId, Balances, OptionVaults, Runtime,
};
use frame_support::traits::fungible::InspectHold;
use pallet_option_vaults::{Call, RoundRecord, State, Strategy, VaultId};
use sp_runtime::traits::AccountIdConversion;

/// Where the price is at expiry, in dollars: a strike is about three hundred away from 8,000.
const ABOVE: i64 = 9_000;
const BELOW: i64 = 7_000;

#[test]
fn covered_call_in_the_money_by_calls() {
	whole_round(Strategy::CoveredCall, Driver::Calls, ABOVE);
}

#[test]
fn covered_call_in_the_money_by_idle() {
	whole_round(Strategy::CoveredCall, Driver::Idle, ABOVE);
}

#[test]
fn covered_call_out_of_the_money_by_calls() {
	whole_round(Strategy::CoveredCall, Driver::Calls, BELOW);
}

#[test]
fn covered_call_out_of_the_money_by_idle() {
	whole_round(Strategy::CoveredCall, Driver::Idle, BELOW);
}

#[test]
fn cash_secured_put_in_the_money_by_calls() {
	whole_round(Strategy::CashSecuredPut, Driver::Calls, BELOW);
}

#[test]
fn cash_secured_put_in_the_money_by_idle() {
	whole_round(Strategy::CashSecuredPut, Driver::Idle, BELOW);
}

#[test]
fn cash_secured_put_out_of_the_money_by_calls() {
	whole_round(Strategy::CashSecuredPut, Driver::Calls, ABOVE);
}

#[test]
fn cash_secured_put_out_of_the_money_by_idle() {
	whole_round(Strategy::CashSecuredPut, Driver::Idle, ABOVE);
}

/// A round, and what is known of it.
struct Play {
	stage: Stage,
	vault: VaultId,
	asset: TestAsset,
	/// Of the first and the second depositor.
	deposits: [u128; 2],
	/// Premiums of the two buyers.
	premiums: Vec<u128>,
}

fn whole_round(strategy: Strategy, driver: Driver, end: i64) {
	let mut play = begun(strategy, driver);
	let wallets = play.wallets();
	let end = Price::from_int(end as u64);
	play.sell();
	play.lock();
	let late = play.queue_for_the_turn();
	play.expire(end);
	let record = play.stage.record(play.vault, 0);
	play.assert_payoff(&record, end);
	play.assert_fees(&record, strategy);
	play.late_deposit_paid_the_new_price(late, &record);
	let received = play.everybody_leaves();
	play.assert_nothing_is_lost(&record, &received, late);
	play.assert_wallets(wallets, &received);
	play.remove_the_vault();
}

/// Deposits are in the vault, its first round has begun.
fn begun(strategy: Strategy, driver: Driver) -> Play {
	let mut stage = Stage::new(driver);
	let asset = asset_of(strategy, calls::BTC);
	let vault = stage.open(strategy, calls::BTC);
	let deposits = match strategy {
		Strategy::CoveredCall => [asset.units(3), asset.units(1) + 12_345_678],
		Strategy::CashSecuredPut => [asset.units(30_000), asset.units(10_000) + 123_456],
	};
	let (first, second) = (stage.first.clone(), stage.second.clone());
	stage.fill(vault, &[(first, deposits[0]), (second, deposits[1])]);
	stage.step(vault, open_round(vault), is_selling);
	let view = stage.view(vault);
	assert_eq!((view.assets, view.queued_deposits), (deposits[0] + deposits[1], 0));
	Play { stage, vault, asset, deposits, premiums: Vec::new() }
}

impl Play {
	fn depositors(&self) -> [Actor; 2] {
		[self.stage.first.clone(), self.stage.second.clone()]
	}

	/// What both depositors have in their wallets.
	fn wallets(&mut self) -> [u128; 2] {
		self.depositors().map(|who| self.stage.wallet(&who, self.asset))
	}

	/// One buys a contract at once, another one all the rest later, for less.
	fn sell(&mut self) {
		let State::Selling(selling) = self.stage.view(self.vault).state else {
			panic!("not selling")
		};
		assert_eq!(selling.expiry, FRIDAY);
		let money = match self.asset.decimals {
			8 => self.asset.units(2),
			_ => self.asset.units(20_000),
		};
		let (buyer, other) = (self.stage.buyer.clone(), self.stage.other.clone());
		let one = Quantity::from_int(1);
		let vault = self.vault;
		let asset = self.asset;
		self.stage.env.block_ok(vec![
			(&buyer, into_margin(asset, money)),
			(&other, into_margin(asset, money)),
			(&buyer, buy(vault, one)),
		]);
		let sales = self.stage.sales();
		let rest = selling.offered.checked_sub(one).expect("more than one");
		self.stage.env.block_ok(vec![(&other, buy(vault, rest))]);
		let sales = [sales, self.stage.sales()].concat();
		let spot = number(self.stage.env.feeds.spot(calls::BTC).into_inner());
		for (who, quantity, price, premium) in &sales {
			let worth = number(price.into_inner()) * number(quantity.into_inner() as u128);
			let paid = units(asset, *premium) * if asset.decimals == 8 { spot } else { 1.0 };
			assert!((paid - worth).abs() < 1e-3, "{who}: {paid} for {worth}");
			assert!(*price <= selling.auction.start && *price >= selling.auction.reserve);
		}
		let [first, second] = &sales[..] else { panic!("{sales:?}") };
		assert_eq!((&first.0, &second.0), (&buyer.account(), &other.account()));
		assert!(second.2 < first.2, "the price falls: {sales:?}");
		self.premiums = vec![first.3, second.3];
		let after = [&buyer, &other].map(|who| self.stage.margin(&who.account(), asset));
		assert_eq!(after, [money - first.3, money - second.3], "paid to the last unit");
	}

	/// All is sold: the auction is over and everything that was sold is behind it.
	fn lock(&mut self) {
		let vault = self.vault;
		self.stage.step(vault, close_auction(vault), is_locked);
		let State::Locked(locked) = self.stage.view(vault).state else { panic!("not locked") };
		let working = self.stage.env.execute(|| OptionVaults::working_account(vault));
		let short = self.stage.env.position(&working, locked.series);
		assert_eq!(short.checked_neg(), Ok(locked.sold));
		assert_eq!(locked.premium, self.premiums.iter().sum::<u128>());
	}

	/// While it is locked the first depositor asks for everything, and the manager deposits: `late`. Nobody
	/// gets anything at once.
	fn queue_for_the_turn(&mut self) -> u128 {
		let (vault, first) = (self.vault, self.stage.first.clone());
		let shares = self.stage.holder(vault, &first).shares;
		let whole = self.deposits[0] * 10u128.pow(18 - u32::from(self.asset.decimals));
		assert_eq!(shares, whole, "the first price is one");
		let locked = pallet_option_vaults::Error::<Runtime>::AssetsLocked;
		assert_eq!(self.stage.attempt(&first, withdraw(vault, shares)), Err(locked.into()));
		self.stage.env.block_ok(vec![(&first, request_withdrawal(vault, shares))]);
		let manager = self.stage.manager.clone();
		let late = self.deposits[0] / 7;
		self.stage.fill(vault, &[(manager, late)]);
		assert_eq!(self.stage.view(vault).queued_deposits, late);
		// By `on_idle` the next round would begin right after the turn: the second depositor leaves too.
		if self.stage.driver == Driver::Idle {
			let second = self.stage.second.clone();
			let shares = self.stage.holder(vault, &second).shares;
			self.stage.env.block_ok(vec![(&second, request_withdrawal(vault, shares))]);
			self.close();
		}
		late
	}

	fn close(&mut self) {
		let manager = self.stage.manager.clone();
		let close = Call::<Runtime>::close_vault { vault: self.vault };
		self.stage.env.block_ok(vec![(&manager, close.into())]);
	}

	fn expire(&mut self, end: Price) {
		let vault = self.vault;
		self.stage.expire_at(&[(calls::BTC, end)]);
		self.stage.settle_series(vault);
		self.stage.step(vault, settle_round(vault), is_settled);
		self.stage.step(vault, turn(vault), is_idle);
		assert_eq!(self.stage.view(vault).round, 1);
	}

	/// Buyers have what the contract says, and the vault has paid it.
	fn assert_payoff(&mut self, record: &RoundRecord, end: Price) {
		let (strike, spot) = (record.strike.into_inner(), end.into_inner());
		let call = self.asset.decimals == 8;
		let won = if call { spot.saturating_sub(strike) } else { strike.saturating_sub(spot) };
		let sold = number(record.sold.into_inner() as u128);
		// A call that is settled in kind pays its value in units at the price of expiry.
		let each = if call { won as f64 / spot as f64 } else { number(won) };
		let expected = each * sold * self.asset.units(1) as f64;
		let payoff = record.outcome.payoff;
		assert!((payoff as f64 - expected).abs() <= 2.0, "{payoff}, expected {expected}");
		let buyers = [self.stage.buyer.clone(), self.stage.other.clone()];
		if self.stage.driver == Driver::Calls {
			let keeper = self.stage.keeper.clone();
			let calls: Vec<_> =
				buyers.iter().map(|who| (&keeper, calls::settle(who.account()))).collect();
			self.stage.env.block_ok(calls);
		} else {
			self.stage.env.blocks(8);
		}
		let money = match self.asset.decimals {
			8 => self.asset.units(4),
			_ => self.asset.units(40_000),
		};
		let asset = self.asset;
		let have: u128 = buyers.iter().map(|who| self.stage.margin(&who.account(), asset)).sum();
		let got = have + self.premiums.iter().sum::<u128>() - money;
		assert!(got <= payoff && payoff - got <= 2, "buyers have {got} of {payoff}");
		assert_eq!(payoff > 0, won > 0);
	}

	/// Management is charged anyhow, performance on gains alone.
	fn assert_fees(&mut self, record: &RoundRecord, strategy: Strategy) {
		let outcome = record.outcome;
		let gain = record.premium as f64 - outcome.payoff as f64;
		let strike = number(record.strike.into_inner());
		let sold = number(record.sold.into_inner() as u128);
		let behind = match strategy {
			Strategy::CoveredCall => sold,
			Strategy::CashSecuredPut => sold * strike,
		};
		let years = (record.expiry - record.began) as f64 / (365.0 * 86_400.0);
		let management = behind * 0.02 * years * self.asset.units(1) as f64;
		assert!((outcome.management_fee as f64 - management).abs() <= 1.0, "{record:?}");
		let performance = ((gain - outcome.management_fee as f64) * 0.2).max(0.0);
		assert!((outcome.performance_fee as f64 - performance).abs() <= 2.0, "{record:?}");
		assert_eq!(outcome.performance_fee > 0, gain > outcome.management_fee as f64);
		let fees = outcome.management_fee + outcome.performance_fee;
		let end = record.assets + record.premium - outcome.payoff - fees;
		assert_eq!(outcome.price.assets, end, "to the last unit");
	}

	/// The result was known in part when the manager deposited: it gained nothing by it.
	fn late_deposit_paid_the_new_price(&mut self, late: u128, record: &RoundRecord) {
		let manager = self.stage.manager.clone();
		let view = self.stage.holder(self.vault, &manager);
		let price = record.outcome.price;
		let expected = late as f64 * price.shares as f64 / price.assets as f64;
		assert!((view.shares as f64 / expected - 1.0).abs() < 1e-9, "{view:?}");
		assert!(view.value <= late && late - view.value <= 1, "{view:?} for {late}");
	}

	/// Everybody claims, withdraws and takes home what is theirs. Returns what the two depositors and the
	/// manager had.
	fn everybody_leaves(&mut self) -> [u128; 3] {
		let (vault, asset) = (self.vault, self.asset);
		if self.stage.driver == Driver::Calls {
			self.close();
		}
		let [first, second] = self.depositors();
		let manager = self.stage.manager.clone();
		let mut received = [0; 3];
		for (who, got) in [first, second, manager].iter().zip(&mut received) {
			let view = self.stage.holder(vault, who);
			let keeper = self.stage.keeper.clone();
			if view.shares > 0 {
				self.stage.env.block_ok(vec![(who, withdraw(vault, view.shares))]);
			} else {
				self.stage.env.block_ok(vec![(&keeper, claim(vault, who))]);
			}
			*got = self.stage.margin(&who.account(), asset);
			self.stage.env.block_ok(vec![(who, into_wallet(asset, *got))]);
			assert_eq!(self.stage.margin(&who.account(), asset), 0);
		}
		received
	}

	fn assert_nothing_is_lost(&mut self, record: &RoundRecord, received: &[u128; 3], late: u128) {
		let outcome = record.outcome;
		let came = self.deposits[0] + self.deposits[1] + late + record.premium;
		let fees = outcome.management_fee + outcome.performance_fee;
		let went = received.iter().sum::<u128>() + outcome.payoff + fees;
		// One rounding each of those who left.
		assert!(went <= came && came - went <= 3, "{came} came, {went} went");
		// Who leaves last has the roundings of those before.
		assert!(received[2] <= late + 2, "a turn brings nobody a gain");
		let view = self.stage.view(self.vault);
		assert_eq!((view.shares, view.claimable, view.queued_deposits), (0, 0, 0));
	}

	fn assert_wallets(&mut self, before: [u128; 2], received: &[u128; 3]) {
		let after = self.wallets();
		assert_eq!(after[0], before[0] + received[0]);
		assert_eq!(after[1], before[1] + received[1]);
	}

	/// Fees are paid, the vault goes, the bond comes back, and nobody's account has anything left.
	fn remove_the_vault(&mut self) {
		let (vault, asset) = (self.vault, self.asset);
		let manager = self.stage.manager.account();
		let keeper = self.stage.keeper.clone();
		let treasury: AccountId = pallets::TREASURY.into_account_truncating();
		let fees = self.stage.view(vault).fees;
		let bond = |stage: &mut Stage| {
			let reason = pallet_option_vaults::HoldReason::VaultBond.into();
			stage.env.execute(|| Balances::balance_on_hold(&reason, &manager))
		};
		assert_eq!(bond(&mut self.stage), 100 * BLST);
		let pay: Call<Runtime> = Call::pay_fees { vault };
		self.stage.env.block_ok(vec![(&keeper, pay.into())]);
		let paid = [&manager, &treasury].map(|who| self.stage.margin(who, asset));
		assert_eq!(paid, [fees.manager, fees.treasury]);
		assert!(fees.treasury * 4 <= fees.manager && fees.manager <= fees.treasury * 4 + 5);
		let remove: Call<Runtime> = Call::remove_vault { vault };
		self.stage.env.block_ok(vec![(&keeper, remove.into())]);
		assert_eq!(bond(&mut self.stage), 0);
		let rest = self.stage.margin(&treasury, asset) - fees.treasury;
		assert!(rest <= 3, "{rest} was left by roundings");
		let (working, waiting) = self.stage.env.execute(|| {
			(OptionVaults::working_account(vault), OptionVaults::waiting_account(vault))
		});
		for account in [working, waiting] {
			let left = self.stage.env.execute(|| free(&account, asset)).into_inner();
			let unit = (ACCURACY / asset.units(1)) as i128;
			assert!((0..2 * unit).contains(&left), "{left} of {unit} in {account}");
		}
	}
}
