//! What managers, depositors and buyers do with option vaults, and whoever takes the steps of their rounds.

use super::walk::Walk;
use ballast_integration_tests::{calls::UNDERLYINGS, Actor};
use ballast_primitives::{time::HOUR, Quantity, Ratio, UnderlyingId};
use ballast_runtime::{AccountId, OptionVaults, PriceFeed, Runtime, RuntimeCall};
use ballast_traits::InspectMarket;
use pallet_option_vaults::{
	Call, ExpiryRule, HolderView, Holders, State, Strategy, StrikeRule, VaultId, VaultTerms,
	VaultView, Vaults,
};

/// Vaults that the walk opens readily; more than these are rare.
const VAULTS: usize = 8;

impl Walk {
	/// One of it, mostly with something that the actor has there.
	pub(super) fn vaults(&mut self, actor: &Actor) -> (Actor, RuntimeCall) {
		let vaults = self.env.execute(OptionVaults::all_vaults);
		let few = vaults.len() < VAULTS;
		if vaults.is_empty() || self.random.per_mille(if few { 150 } else { 5 }) {
			return (actor.clone(), self.open_vault());
		}
		let vault = self.random.pick(&vaults).clone();
		if self.random.per_mille(400) {
			if let Some(call) = self.step(&vaults) {
				return (actor.clone(), call);
			}
			if let Some(call) = self.buy_from(&vaults) {
				return (actor.clone(), call);
			}
		}
		match self.random.below(10) {
			0..=2 => (actor.clone(), self.deposit_into(&vault)),
			3..=7 => self.holder(&vaults, actor),
			_ => self.manage(&vaults, actor),
		}
	}

	/// A vault that looks like this, mostly.
	fn vault_like(
		&mut self,
		vaults: &[VaultView<AccountId>],
		like: fn(&VaultView<AccountId>) -> bool,
	) -> VaultView<AccountId> {
		let found: Vec<_> = vaults.iter().filter(|vault| like(vault)).collect();
		if found.is_empty() || self.random.per_mille(100) {
			return self.random.pick(vaults).clone();
		}
		(*self.random.pick(&found)).clone()
	}

	/// A share between these per cents; outside all bounds now and then.
	fn percent(&mut self, low: u64, high: u64) -> Ratio {
		match self.random.below(60) {
			0 => Ratio::ZERO,
			1 => Ratio::from_inner(u128::from(self.random.any())),
			_ => Ratio::from_percent(self.random.between(low, high) as u32),
		}
	}

	fn terms(&mut self) -> VaultTerms {
		let strike = if self.random.per_mille(500) {
			StrikeRule::Delta(self.percent(15, 35))
		} else {
			StrikeRule::Distance(self.percent(2, 20))
		};
		let capacity = match self.random.below(20) {
			0 => 0,
			1 => u128::from(self.random.any()),
			_ => u128::MAX,
		};
		VaultTerms {
			strike,
			expiry: if self.random.per_mille(900) {
				ExpiryRule::Weekly
			} else {
				ExpiryRule::Monthly
			},
			start: self.percent(100, 300),
			reserve: self.percent(90, 100),
			auction: self.random.between(HOUR / 2, 4 * HOUR),
			management_fee: self.percent(0, 2),
			performance_fee: self.percent(0, 20),
			capacity,
		}
	}

	fn open_vault(&mut self) -> RuntimeCall {
		let call_vault = self.random.per_mille(500);
		let strategy = if call_vault { Strategy::CoveredCall } else { Strategy::CashSecuredPut };
		let underlying = match self.random.below(20) {
			0 => UnderlyingId(self.random.below(9) as u16),
			_ => *self.random.pick(&UNDERLYINGS),
		};
		Call::<Runtime>::open_vault { strategy, underlying, terms: self.terms() }.into()
	}

	/// Up to 50,000 dollars' worth.
	fn deposit_into(&mut self, vault: &VaultView<AccountId>) -> RuntimeCall {
		let most = match vault.strategy {
			Strategy::CashSecuredPut => 5e4,
			Strategy::CoveredCall => {
				let market = self.markets.iter().find(|market| market.id == vault.underlying);
				5e4 / market.map_or(1.0, |market| market.spot)
			}
		};
		let amount = self.amount(vault.decimals, most);
		Call::<Runtime>::deposit { vault: vault.id, amount }.into()
	}

	/// Somebody who has something in a vault that looks like this, mostly; and what he has.
	fn who_has(
		&mut self,
		vault: VaultId,
		actor: &Actor,
		like: fn(&HolderView) -> bool,
	) -> (Actor, HolderView) {
		let has = |who: &Actor| {
			let view = OptionVaults::holder_of(vault, &who.account()).unwrap_or_default();
			(who.clone(), view)
		};
		let actors = self.actors.clone();
		let found = self.env.execute(|| {
			let mut all = actors.iter().map(has);
			all.find(|(_, view)| like(view)).unwrap_or_else(|| has(actor))
		});
		if self.random.per_mille(900) {
			found
		} else {
			self.env.execute(|| has(actor))
		}
	}

	/// All, a part, or nonsense.
	fn part_of(&mut self, amount: u128) -> u128 {
		match self.random.below(10) {
			0 => u128::from(self.random.any()),
			1..=4 => amount,
			_ => amount / 3,
		}
	}

	fn holder(&mut self, vaults: &[VaultView<AccountId>], actor: &Actor) -> (Actor, RuntimeCall) {
		match self.random.below(9) {
			0 => {
				let vault = self.vault_like(vaults, |vault| vault.queued_deposits > 0).id;
				let (who, view) = self.who_has(vault, actor, |view| view.queued_deposit > 0);
				let amount = self.part_of(view.queued_deposit);
				(who, Call::<Runtime>::cancel_deposit { vault, amount }.into())
			}
			1..=3 => {
				let vault = self.vault_like(vaults, |vault| vault.shares > 0).id;
				let (who, view) = self.who_has(vault, actor, |view| view.shares > 0);
				let shares = self.part_of(view.shares);
				(who, Call::<Runtime>::request_withdrawal { vault, shares }.into())
			}
			4 => {
				let vault = self.vault_like(vaults, |vault| vault.queued_withdrawals > 0).id;
				let (who, view) = self.who_has(vault, actor, |view| view.queued_withdrawal > 0);
				let shares = self.part_of(view.queued_withdrawal);
				(who, Call::<Runtime>::cancel_withdrawal { vault, shares }.into())
			}
			5..=6 => {
				let vault = self.vault_like(vaults, |vault| vault.shares > 0).id;
				let (who, view) = self.who_has(vault, actor, |view| view.shares > 0);
				let shares = self.part_of(view.shares);
				(who, Call::<Runtime>::withdraw { vault, shares }.into())
			}
			_ => {
				let (vault, holder) = self
					.unclaimed(vaults)
					.unwrap_or_else(|| (self.random.pick(vaults).id, self.somebody()));
				// Anybody may pay anybody.
				(actor.clone(), Call::<Runtime>::claim { vault, holder }.into())
			}
		}
	}

	/// Whom a past turn has brought something that he has not taken up, if there is anybody.
	fn unclaimed(&mut self, vaults: &[VaultView<AccountId>]) -> Option<(VaultId, AccountId)> {
		let actors: Vec<AccountId> = self.actors.iter().map(Actor::account).collect();
		let found: Vec<_> = self.env.execute(|| {
			let all =
				vaults.iter().flat_map(|vault| actors.iter().map(|who| (vault.id, who.clone())));
			let past = |(id, who): &(VaultId, AccountId)| {
				let turn = Vaults::<Runtime>::get(id).map_or(0, |vault| vault.turn);
				let holder = Holders::<Runtime>::get(id, who);
				holder.deposit.is_past(turn) || holder.withdrawal.is_past(turn)
			};
			all.filter(past).collect()
		});
		(!found.is_empty()).then(|| self.random.pick(&found).clone())
	}

	fn manage(&mut self, vaults: &[VaultView<AccountId>], actor: &Actor) -> (Actor, RuntimeCall) {
		let vault = self.random.pick(vaults).clone();
		let manager = self.actors.iter().find(|who| who.account() == vault.manager).cloned();
		let who = manager.filter(|_| self.random.per_mille(900)).unwrap_or_else(|| actor.clone());
		let id = vault.id;
		let call = match self.random.below(40) {
			0 => Call::<Runtime>::close_vault { vault: id },
			1..=4 => {
				let vault = self.vault_like(vaults, |vault| vault.closed).id;
				Call::<Runtime>::remove_vault { vault }
			}
			5..=6 => Call::<Runtime>::pay_fees { vault: id },
			_ => Call::<Runtime>::schedule_terms { vault: id, terms: self.terms() },
		};
		(who, call.into())
	}

	/// A step that is due before the chain takes it, or fees to pay, if there is any; some step now and then.
	fn step(&mut self, vaults: &[VaultView<AccountId>]) -> Option<RuntimeCall> {
		let now = self.env.execute(PriceFeed::now);
		let due = |view: &VaultView<AccountId>| {
			let vault = view.id;
			match view.state {
				State::Idle(idle) => {
					let any = view.shares > 0 || view.queued_deposits > 0;
					let due = any && !view.closed && now >= idle.not_before;
					due.then_some(Call::<Runtime>::open_round { vault })
				}
				State::Selling(selling) => {
					selling.is_over(now).then_some(Call::close_auction { vault })
				}
				State::Locked(locked) => {
					(now >= locked.expiry).then_some(Call::settle_round { vault })
				}
				State::Settled(_) => Some(Call::turn { vault }),
			}
		};
		let paying = vaults.iter().filter(|view| view.fees.manager > 0);
		let paying = paying.map(|view| Call::pay_fees { vault: view.id });
		let mut steps: Vec<Call<Runtime>> = vaults.iter().filter_map(due).chain(paying).collect();
		if self.random.per_mille(100) {
			let vault = self.random.pick(vaults).id;
			steps = vec![
				Call::open_round { vault },
				Call::close_auction { vault },
				Call::settle_round { vault },
				Call::turn { vault },
			];
		}
		if steps.is_empty() {
			return None;
		}
		let place = self.random.below(steps.len() as u64) as usize;
		Some(steps.swap_remove(place).into())
	}

	/// Contracts of an auction that is open, if one is.
	fn buy_from(&mut self, vaults: &[VaultView<AccountId>]) -> Option<RuntimeCall> {
		let selling = vaults.iter().filter_map(|view| match view.state {
			State::Selling(selling) => Some((view.id, view.underlying, selling.unsold())),
			_ => None,
		});
		let selling: Vec<(VaultId, UnderlyingId, Quantity)> = selling.collect();
		if selling.is_empty() {
			return None;
		}
		let (vault, underlying, unsold) = *self.random.pick(&selling);
		let quantity = match self.random.below(4) {
			0 => self.quantity(Some(underlying), 1e5),
			1 => unsold,
			_ => self.quantity(Some(underlying), 2e4).min(unsold),
		};
		let max_premium = match self.random.below(10) {
			0 => u128::from(self.random.any()),
			_ => u128::MAX,
		};
		let deadline = self.deadline();
		Some(Call::<Runtime>::buy { vault, quantity, max_premium, deadline }.into())
	}
}
