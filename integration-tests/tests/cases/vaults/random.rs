//! Rounds of six vaults on markets that jump to a hundredth and to a hundred times their price, with whoever
//! deposits, withdraws and buys at random. Whatever happens, no vault can be liquidated or owes what it does
//! not hold, and in the end everybody gets everything.

use super::{safety::assert_safe, stage::*};
use ballast_integration_tests::{
	calls::{self, BTC, DOT, ETH, UNDERLYINGS},
	env::is_full,
	scenery::Cast,
	Actor, Env, Random,
};
use ballast_primitives::{
	units::amount_from_quantity_floor, Price, Quantity, Ratio, UnderlyingId, Usd,
};
use ballast_runtime::{
	constants::pallets, genesis::assets::TestAsset, AccountId, OptionVaults, Runtime, RuntimeCall,
	RuntimeEvent,
};
use pallet_option_vaults::{
	Call, ExpiryRule, State, Strategy, StrikeRule, VaultId, VaultTerms, VaultView,
};
use sp_runtime::traits::AccountIdConversion;

/// Runs of the ordinary test, counted from one.
const SEEDS: u64 = 3;
/// The second Friday, at which the second round of every vault ends.
const END: u64 = FRIDAY + 7 * 86_400;
/// How long before it managers close their vaults.
const CLOSING: u64 = 4 * BLOCK;
/// Blocks from then until everybody leaves.
const LEAVING: u32 = 24;
/// Blocks for which a price stays after a jump: longer than it takes to be confirmed.
const STAYS: u32 = 5;

/// What has happened in a run, so that one in which nothing happens fails.
#[derive(Clone, Copy, Debug, Default)]
struct Happened {
	jumps: u32,
	deposits: u32,
	withdrawals: u32,
	sales: u32,
	paid_off: u32,
	kept: u32,
}

impl Happened {
	fn add(&mut self, other: Self) {
		let Self { jumps, deposits, withdrawals, sales, paid_off, kept } = other;
		self.jumps += jumps;
		self.deposits += deposits;
		self.withdrawals += withdrawals;
		self.sales += sales;
		self.paid_off += paid_off;
		self.kept += kept;
	}
}

struct Run {
	seed: u64,
	env: Env,
	random: Random,
	people: Vec<Actor>,
	manager: Actor,
	keeper: Actor,
	vaults: Vec<VaultId>,
	/// For each underlying: where its price is, and until which block it stays there.
	spots: Vec<(UnderlyingId, f64, f64, u32)>,
	happened: Happened,
}

#[test]
fn no_price_and_nobody_harms_a_vault() {
	let more = std::env::var("BALLAST_VAULT_SEEDS").ok();
	let more: u64 = more.map_or(0, |more| more.parse().expect("BALLAST_VAULT_SEEDS is a number"));
	let seeds: Vec<u64> = (1..=SEEDS + more).collect();
	let mut total = Happened::default();
	for pair in seeds.chunks(2) {
		let runs: Vec<_> = pair.iter().copied().map(start).collect();
		for run in runs {
			let happened = run.join().expect("a run in which everything holds");
			println!("{happened:?}");
			total.add(happened);
		}
	}
	let Happened { jumps, deposits, withdrawals, sales, paid_off, kept } = total;
	assert!(jumps >= 12 && deposits >= 100 && withdrawals >= 10, "{total:?}");
	assert!(sales >= 15 && paid_off >= 2 && kept >= 2, "{total:?}");
}

fn start(seed: u64) -> std::thread::JoinHandle<Happened> {
	// Unoptimised frames of a whole runtime are large.
	let builder = std::thread::Builder::new().stack_size(32 << 20);
	builder.spawn(move || Run::new(seed).run()).expect("a thread")
}

impl Run {
	fn new(seed: u64) -> Self {
		let stage = Stage::new(Driver::Idle);
		let (mut env, manager, keeper) = (stage.env, stage.manager, stage.keeper);
		let mut random = Random::new(seed);
		let cast = Cast::default();
		let provider = cast.provider.clone();
		env.block_ok(vec![
			(&provider, calls::deposit(calls::dollars(20_000_000))),
			(&provider, calls::pool_deposit(Usd::from_int(20_000_000))),
		]);
		let mut opened: Vec<RuntimeCall> = Vec::new();
		for underlying in UNDERLYINGS {
			for strategy in [Strategy::CoveredCall, Strategy::CashSecuredPut] {
				let terms = some_terms(&mut random);
				opened.push(Call::<Runtime>::open_vault { strategy, underlying, terms }.into());
			}
		}
		let vaults = (0..opened.len() as VaultId).collect();
		env.block_ok(opened.into_iter().map(|call| (&manager, call)).collect());
		let people = vec![stage.first, stage.second, stage.buyer, stage.other, cast.bidder];
		// Half of what people have trades.
		for who in &people {
			let mut calls = vec![(who, calls::deposit(calls::dollars(5_000_000)))];
			for asset in UNDERLYINGS.map(|id| asset_of(Strategy::CoveredCall, id)) {
				let all = env.execute(|| ballast_runtime::Assets::balance(asset.id, who.account()));
				calls.push((who, into_margin(asset, all / 2)));
			}
			env.block_ok(calls);
		}
		let spots = vec![(BTC, 8_000.0), (ETH, 200.0), (DOT, 4.0)];
		let spots = spots.into_iter().map(|(id, spot)| (id, spot, spot, 0)).collect();
		let happened = Happened::default();
		Self { seed, env, random, people, manager, keeper, vaults, spots, happened }
	}

	fn run(mut self) -> Happened {
		while self.env.now() < END - CLOSING {
			self.move_markets();
			self.env.begin();
			// Auctions are short.
			let selling =
				self.vaults.clone().into_iter().any(|vault| is_selling(&self.view(vault).state));
			if selling && self.random.per_mille(500) {
				let who = self.random.pick(&self.people).clone();
				self.buy(&who);
			}
			for _ in 0..self.random.below(7) {
				self.act();
			}
			self.env.end();
			self.count();
			self.check();
		}
		let manager = self.manager.clone();
		let close = |vault: &VaultId| Call::<Runtime>::close_vault { vault: *vault }.into();
		let calls: Vec<RuntimeCall> = self.vaults.iter().map(close).collect();
		self.env.block_ok(calls.into_iter().map(|call| (&manager, call)).collect());
		for _ in 0..LEAVING {
			self.env.blocks(1);
			self.check();
		}
		self.everybody_leaves();
		self.happened
	}

	/// Prices walk, and now and then jump to a hundredth or to a hundred times where they began, or back.
	fn move_markets(&mut self) {
		let block = self.env.number();
		for (underlying, start, spot, stays_until) in &mut self.spots {
			if block < *stays_until {
				continue;
			}
			if self.random.per_mille(15) {
				let away = *spot > *start * 10.0 || *spot < *start / 10.0;
				let factor = if self.random.per_mille(500) { 100.0 } else { 0.01 };
				*spot = if away { *start } else { *start * factor };
				*stays_until = block + STAYS;
				self.happened.jumps += 1;
			} else {
				*spot *= ((self.random.unit() - 0.5) * 0.03).exp();
			}
			let price = Price::from_inner((*spot * 1e6) as u128 * 10u128.pow(12));
			self.env.feeds.set(*underlying, price);
		}
	}

	fn view(&mut self, vault: VaultId) -> VaultView<AccountId> {
		self.env.execute(|| OptionVaults::view_of(vault)).expect("a vault")
	}

	/// Whether it was done; a full block is nobody's fault.
	fn send(&mut self, who: &Actor, call: RuntimeCall) -> bool {
		let result = self.env.try_call(who, 0, call.clone());
		if is_full(&result) {
			return false;
		}
		result.unwrap_or_else(|error| panic!("seed {}, {call:?}: {error:?}", self.seed)).is_ok()
	}

	/// What the last block has told.
	fn count(&mut self) {
		use pallet_option_vaults::Event;
		for event in self.env.events() {
			match event {
				RuntimeEvent::OptionVaults(Event::DepositQueued { .. }) => {
					self.happened.deposits += 1
				}
				RuntimeEvent::OptionVaults(Event::WithdrawalPaid { amount: 1.., .. }) => {
					self.happened.withdrawals += 1
				}
				RuntimeEvent::OptionVaults(Event::ContractsSold { .. }) => self.happened.sales += 1,
				_ => {}
			}
		}
	}

	/// One call of somebody.
	fn act(&mut self) {
		let who = self.random.pick(&self.people).clone();
		let vault = *self.random.pick(&self.vaults);
		let of = who.account();
		let holder = self.env.execute(|| OptionVaults::holder_of(vault, &of)).expect("a vault");
		let part = 1 + u128::from(self.random.below(3));
		match self.random.below(20) {
			0..=3 => self.deposit(&who, vault),
			6 => {
				let amount = holder.queued_deposit / part;
				self.send(&who, Call::<Runtime>::cancel_deposit { vault, amount }.into());
			}
			4..=5 | 7..=8 => {
				self.send(&who, request_withdrawal(vault, holder.shares / part));
			}
			9 => {
				let shares = holder.queued_withdrawal / part;
				self.send(&who, Call::<Runtime>::cancel_withdrawal { vault, shares }.into());
			}
			10 => {
				self.send(&who, withdraw(vault, holder.shares / part));
			}
			11 => {
				self.send(&who, claim(vault, &who));
			}
			12..=16 => self.buy(&who),
			17 => {
				let (terms, manager) = (some_terms(&mut self.random), self.manager.clone());
				self.send(&manager, Call::<Runtime>::schedule_terms { vault, terms }.into());
			}
			_ => {
				let steps = [open_round, close_auction, settle_round, turn];
				let step = self.random.pick(&steps)(vault);
				let keeper = self.keeper.clone();
				self.send(&keeper, step);
				self.send(&keeper, Call::<Runtime>::pay_fees { vault }.into());
			}
		}
	}

	/// A hundred to 200,000 dollars' worth.
	fn deposit(&mut self, who: &Actor, vault: VaultId) {
		let asset = self.asset(vault);
		let underlying = self.view(vault).underlying;
		let (_, _, spot, _) = *self.spots.iter().find(|(id, ..)| *id == underlying).expect("three");
		let price = if asset.decimals == 6 { 1.0 } else { spot };
		let value = self.random.magnitude(100.0, 200_000.0);
		let amount = (value / price * asset.units(1) as f64) as u128;
		self.send(who, deposit(vault, amount));
	}

	/// All that is left in an auction, or some of it; mostly there is none.
	fn buy(&mut self, who: &Actor) {
		let selling =
			self.vaults.clone().into_iter().filter_map(|vault| match self.view(vault).state {
				State::Selling(selling) => Some((vault, selling.unsold())),
				_ => None,
			});
		let selling: Vec<_> = selling.collect();
		if selling.is_empty() {
			return;
		}
		let (vault, unsold) = *self.random.pick(&selling);
		let step = if self.view(vault).underlying == DOT { 1 } else { 100 };
		let step = calls::hundredths(100 / step).into_inner();
		let parts = 1 + i128::from(self.random.below(3) as u8);
		let quantity = if parts == 1 {
			unsold.into_inner()
		} else {
			unsold.into_inner() / parts / step * step
		};
		self.send(who, buy(vault, Quantity::from_inner(quantity)));
	}

	fn asset(&mut self, vault: VaultId) -> TestAsset {
		let view = self.view(vault);
		asset_of(view.strategy, view.underlying)
	}

	/// Besides all invariants of the runtime, which the end of every block checks.
	fn check(&mut self) {
		let told = format!("seed {}, block {}", self.seed, self.env.number());
		for vault in self.vaults.clone() {
			assert_safe(&mut self.env, vault, &self.keeper, &self.people, &told);
		}
	}

	/// Everybody withdraws, deposits that wait are taken back, fees are paid, and the vaults go.
	fn everybody_leaves(&mut self) {
		let treasury: AccountId = pallets::TREASURY.into_account_truncating();
		for vault in self.vaults.clone() {
			assert!(is_idle(&self.view(vault).state), "seed {}: vault {vault}", self.seed);
			let rounds = self.env.execute(|| OptionVaults::rounds_of(vault));
			for record in rounds.iter().filter(|record| record.sold.is_positive()) {
				match record.outcome.payoff {
					0 => self.happened.kept += 1,
					_ => self.happened.paid_off += 1,
				}
			}
			for who in self.people.clone() {
				self.leave(vault, &who);
			}
			let asset = self.asset(vault);
			let before = self.treasury(&treasury, asset);
			let fees = self.view(vault).fees;
			if fees.manager + fees.treasury > 0 {
				let pay = Call::<Runtime>::pay_fees { vault };
				assert_eq!(self.env.dispatch(&self.keeper.account(), pay.into()), Ok(()));
			}
			let remove = Call::<Runtime>::remove_vault { vault };
			assert_eq!(self.env.dispatch(&self.keeper.account(), remove.into()), Ok(()));
			let rest = self.treasury(&treasury, asset) - before - fees.treasury;
			// Who leaves last has all that roundings have left, down to a part of a unit.
			assert!(rest <= self.people.len() as u128, "seed {}: {rest} is left", self.seed);
		}
		self.env.blocks(1);
		let left = self.env.execute(|| pallet_option_vaults::Holders::<Runtime>::iter().count());
		assert_eq!(left, 0);
	}

	fn treasury(&mut self, treasury: &AccountId, asset: TestAsset) -> u128 {
		let quantity = self.env.execute(|| free(treasury, asset)).into_inner();
		amount_from_quantity_floor(quantity, asset.decimals).expect("not negative").0
	}

	fn leave(&mut self, vault: VaultId, who: &Actor) {
		let (of, keeper) = (who.account(), self.keeper.account());
		let before = self.env.execute(|| OptionVaults::holder_of(vault, &of)).expect("a vault");
		let claimed = self.env.dispatch(&keeper, claim(vault, who));
		assert!(claimed.is_ok() || before.claimable == 0, "seed {}: {claimed:?}", self.seed);
		self.happened.withdrawals += u32::from(before.claimable > 0);
		let view = self.env.execute(|| OptionVaults::holder_of(vault, &of)).expect("a vault");
		let (amount, queued) = (view.queued_deposit, view.queued_withdrawal);
		let mut calls: Vec<RuntimeCall> = Vec::new();
		if amount > 0 {
			calls.push(Call::<Runtime>::cancel_deposit { vault, amount }.into());
		}
		if queued > 0 {
			calls.push(Call::<Runtime>::cancel_withdrawal { vault, shares: queued }.into());
		}
		if view.shares + queued > 0 {
			calls.push(withdraw(vault, view.shares + queued));
		}
		for call in calls {
			let told = format!("seed {}: {call:?}", self.seed);
			assert_eq!(self.env.dispatch(&of, call), Ok(()), "{told}");
		}
	}
}

/// Terms within the bounds, most of them unlike the last ones.
fn some_terms(random: &mut Random) -> VaultTerms {
	let percent =
		|random: &mut Random, low, high| Ratio::from_percent(random.between(low, high) as u32);
	let strike = match random.below(2) {
		0 => StrikeRule::Delta(percent(random, 15, 35)),
		_ => StrikeRule::Distance(percent(random, 2, 10)),
	};
	VaultTerms {
		strike,
		expiry: ExpiryRule::Weekly,
		start: percent(random, 100, 300),
		reserve: percent(random, 90, 100),
		auction: random.between(3_600, 14_400),
		management_fee: percent(random, 0, 2),
		performance_fee: percent(random, 0, 20),
		capacity: u128::MAX,
	}
}
