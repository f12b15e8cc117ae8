//! A vault, who deposits into it and who buys from it.

use ballast_integration_tests::{
	calls::{self, BTC, DOT, ETH},
	Actor, Env,
};
use ballast_primitives::{
	time::{HOUR, MINUTE},
	units::{amount_from_quantity_floor, ACCURACY},
	Moment, Price, Quantity, Ratio, UnderlyingId, Volatility,
};
use ballast_runtime::{
	genesis::{
		accounts,
		assets::{self, TestAsset},
	},
	AccountId, Assets, Margin, OptionVaults, Runtime, RuntimeCall, RuntimeEvent,
};
use frame_support::dispatch::DispatchResult;
use pallet_option_vaults::{
	Call, ExpiryRule, HolderView, RoundRecord, State, Strategy, StrikeRule, VaultId, VaultTerms,
	VaultView,
};

/// Thursday, 12 March 2020, 00:00 UTC: a round that begins within the next six hours expires on Friday at
/// 08:00.
pub const THURSDAY: Moment = 1_583_971_200;
/// Length of a block in market time.
pub const BLOCK: Moment = 30 * MINUTE;
/// That Friday's expiry.
pub const FRIDAY: Moment = THURSDAY + 32 * HOUR;
/// Blocks in which the chain takes a step by itself, at most: one vault has every second one.
const PATIENCE: u32 = 4;

/// Who takes the steps of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
	/// Anybody, by calls; blocks are full and `on_idle` does nothing.
	Calls,
	/// `on_idle`, and nobody else.
	Idle,
}

/// A chain with a market and people.
pub struct Stage {
	pub env: Env,
	pub driver: Driver,
	pub manager: Actor,
	pub keeper: Actor,
	pub first: Actor,
	pub second: Actor,
	pub buyer: Actor,
	pub other: Actor,
}

/// Delta of a quarter, weekly, from 130% of mark to 90% within two hours; both fees as high as they may be.
pub fn terms() -> VaultTerms {
	VaultTerms {
		strike: StrikeRule::Delta(Ratio::from_percent(25)),
		expiry: ExpiryRule::Weekly,
		start: Ratio::from_percent(130),
		reserve: Ratio::from_percent(90),
		auction: 2 * HOUR,
		management_fee: Ratio::from_percent(2),
		performance_fee: Ratio::from_percent(20),
		capacity: u128::MAX,
	}
}

/// The asset of a vault.
pub fn asset_of(strategy: Strategy, underlying: UnderlyingId) -> TestAsset {
	match (strategy, underlying) {
		(Strategy::CashSecuredPut, _) => assets::USD,
		(Strategy::CoveredCall, BTC) => assets::BTC,
		(Strategy::CoveredCall, ETH) => assets::ETH,
		(Strategy::CoveredCall, DOT) => assets::DOT,
		(Strategy::CoveredCall, other) => panic!("{other:?} has no options"),
	}
}

/// From a wallet into a margin account.
pub fn into_margin(asset: TestAsset, amount: u128) -> RuntimeCall {
	if asset.id == assets::USD.id {
		calls::deposit(amount)
	} else {
		calls::deposit_collateral(asset.id, amount)
	}
}

/// From a margin account into a wallet.
pub fn into_wallet(asset: TestAsset, amount: u128) -> RuntimeCall {
	if asset.id == assets::USD.id {
		calls::withdraw(amount)
	} else {
		calls::withdraw_collateral(asset.id, amount)
	}
}

/// Contracts at any price and time.
pub fn buy(vault: VaultId, quantity: Quantity) -> RuntimeCall {
	let (max_premium, deadline) = (u128::MAX, Moment::MAX);
	Call::<Runtime>::buy { vault, quantity, max_premium, deadline }.into()
}

pub fn deposit(vault: VaultId, amount: u128) -> RuntimeCall {
	Call::<Runtime>::deposit { vault, amount }.into()
}

pub fn request_withdrawal(vault: VaultId, shares: u128) -> RuntimeCall {
	Call::<Runtime>::request_withdrawal { vault, shares }.into()
}

pub fn withdraw(vault: VaultId, shares: u128) -> RuntimeCall {
	Call::<Runtime>::withdraw { vault, shares }.into()
}

pub fn claim(vault: VaultId, holder: &Actor) -> RuntimeCall {
	Call::<Runtime>::claim { vault, holder: holder.account() }.into()
}

pub fn open_round(vault: VaultId) -> RuntimeCall {
	Call::<Runtime>::open_round { vault }.into()
}

pub fn close_auction(vault: VaultId) -> RuntimeCall {
	Call::<Runtime>::close_auction { vault }.into()
}

pub fn settle_round(vault: VaultId) -> RuntimeCall {
	Call::<Runtime>::settle_round { vault }.into()
}

pub fn turn(vault: VaultId) -> RuntimeCall {
	Call::<Runtime>::turn { vault }.into()
}

pub fn is_idle(state: &State) -> bool {
	matches!(state, State::Idle(_))
}

pub fn is_selling(state: &State) -> bool {
	matches!(state, State::Selling(_))
}

pub fn is_locked(state: &State) -> bool {
	matches!(state, State::Locked(_))
}

pub fn is_settled(state: &State) -> bool {
	matches!(state, State::Settled(_))
}

impl Stage {
	/// On Thursday, with prices of one block.
	pub fn new(driver: Driver) -> Self {
		let mut env = Env::replay(THURSDAY);
		for (underlying, spot, volatility) in [(BTC, 8_000, 65), (ETH, 200, 75), (DOT, 4, 85)] {
			env.feeds.set(underlying, Price::from_int(spot));
			env.feeds.set_volatility(underlying, Volatility::from_percent(volatility));
		}
		env.blocks(1);
		env.idle = driver == Driver::Idle;
		Self {
			env,
			driver,
			manager: Actor::at("//Charlie"),
			keeper: Actor::named(&accounts::KEEPER),
			first: Actor::at("//Alice"),
			second: Actor::at("//Bob"),
			buyer: Actor::named(&accounts::BUYER),
			other: Actor::named(&accounts::PRUDENT),
		}
	}

	/// Opens a vault, in a block of its own.
	pub fn open(&mut self, strategy: Strategy, underlying: UnderlyingId) -> VaultId {
		let vault = self.env.execute(pallet_option_vaults::NextVaultId::<Runtime>::get);
		let terms = terms();
		let open = Call::<Runtime>::open_vault { strategy, underlying, terms };
		let manager = self.manager.clone();
		self.env.block_ok(vec![(&manager, open.into())]);
		vault
	}

	/// Deposits from wallets through margin accounts into a vault, in one block.
	pub fn fill(&mut self, vault: VaultId, deposits: &[(Actor, u128)]) {
		let view = self.view(vault);
		let asset = asset_of(view.strategy, view.underlying);
		let of = |(actor, amount): &(Actor, u128)| {
			[(actor.clone(), into_margin(asset, *amount)), (actor.clone(), deposit(vault, *amount))]
		};
		let calls: Vec<_> = deposits.iter().flat_map(of).collect();
		self.env.block_ok(calls.iter().map(|(actor, call)| (actor, call.clone())).collect());
	}

	/// A step, by whoever takes them.
	pub fn step(&mut self, vault: VaultId, call: RuntimeCall, into: fn(&State) -> bool) {
		let state = |stage: &mut Self| stage.view(vault).state;
		match self.driver {
			Driver::Calls => {
				let keeper = self.keeper.clone();
				self.env.block_ok(vec![(&keeper, call)]);
			}
			Driver::Idle => {
				for _ in 0..PATIENCE {
					if into(&state(self)) {
						break;
					}
					self.env.blocks(1);
				}
			}
		}
		let reached = state(self);
		assert!(into(&reached), "vault {vault} is {reached:?}");
	}

	/// Sets spot for the window before Friday's expiry and goes to the block of the expiry.
	pub fn expire_at(&mut self, prices: &[(UnderlyingId, Price)]) {
		// Prices move in steps that the feed accepts at once.
		while self.env.now() < FRIDAY - BLOCK {
			let left = (FRIDAY - self.env.now()) / BLOCK - 1;
			for (underlying, end) in prices {
				let (spot, end) = (self.env.feeds.spot(*underlying).into_inner(), end.into_inner());
				let parts = u128::from(left.max(1));
				let next = (spot * (parts - 1) + end) / parts;
				self.env.feeds.set(*underlying, Price::from_inner(next));
			}
			self.env.blocks(1);
		}
		assert_eq!(self.env.now(), FRIDAY - BLOCK);
		self.env.blocks(1);
	}

	/// Gives the series of a round its settlement price, if the chain does not.
	pub fn settle_series(&mut self, vault: VaultId) {
		if self.driver == Driver::Idle {
			return;
		}
		let State::Locked(locked) = self.view(vault).state else { panic!("not locked") };
		let series = locked.series;
		let keeper = self.keeper.clone();
		let call = pallet_options::Call::<Runtime>::settle_series { series };
		self.env.block_ok(vec![(&keeper, call.into())]);
	}

	pub fn view(&mut self, vault: VaultId) -> VaultView<AccountId> {
		self.env.execute(|| OptionVaults::view_of(vault)).expect("a vault")
	}

	pub fn record(&mut self, vault: VaultId, round: u32) -> RoundRecord {
		let rounds = self.env.execute(|| OptionVaults::rounds_of(vault));
		*rounds.iter().find(|record| record.round == round).expect("a round that is over")
	}

	pub fn holder(&mut self, vault: VaultId, who: &Actor) -> HolderView {
		let who = who.account();
		self.env.execute(|| OptionVaults::holder_of(vault, &who)).expect("a vault")
	}

	/// What somebody has in the wallet.
	pub fn wallet(&mut self, who: &Actor, asset: TestAsset) -> u128 {
		let who = who.account();
		self.env.execute(|| Assets::balance(asset.id, who))
	}

	/// What an account has free at the clearing house, rounded down.
	pub fn margin(&mut self, who: &AccountId, asset: TestAsset) -> u128 {
		let quantity = self.env.execute(|| free(who, asset));
		amount_from_quantity_floor(quantity.into_inner(), asset.decimals).expect("not negative").0
	}

	/// Calls in one block, of which one may fail.
	pub fn attempt(&mut self, who: &Actor, call: RuntimeCall) -> DispatchResult {
		self.env.block(vec![(who, call)]).remove(0)
	}

	/// What of a kind the pallet has told in the last block.
	pub fn told<E>(
		&mut self,
		pick: impl Fn(pallet_option_vaults::Event<Runtime>) -> Option<E>,
	) -> Vec<E> {
		crate::support::events_of(&mut self.env, |event| match event {
			RuntimeEvent::OptionVaults(event) => pick(event),
			_ => None,
		})
	}

	/// Sales of the last block: buyer, price, premium.
	pub fn sales(&mut self) -> Vec<(AccountId, Quantity, Price, u128)> {
		self.told(|event| match event {
			pallet_option_vaults::Event::ContractsSold {
				buyer, quantity, price, premium, ..
			} => Some((buyer, quantity, price, premium)),
			_ => None,
		})
	}
}

/// Units, or cash, that an account has free. Within externalities.
pub fn free(who: &AccountId, asset: TestAsset) -> Quantity {
	let Some(view) = Margin::account_view(who) else { return Quantity::ZERO };
	if asset.id == assets::USD.id {
		return Quantity::from_inner(view.cash.into_inner());
	}
	let found = view.collateral.into_iter().find(|(id, _)| *id == asset.id);
	found.map_or(Quantity::ZERO, |(_, quantity)| quantity)
}

/// As a number, for comparisons that allow for rounding.
pub fn number(inner: u128) -> f64 {
	inner as f64 / ACCURACY as f64
}

/// An amount of an asset in whole units.
pub fn units(asset: TestAsset, amount: u128) -> f64 {
	amount as f64 / asset.units(1) as f64
}
