//! What chains need before a story begins: people with money, thresholds.

use crate::{calls::dollars, Actor, Env};
use ballast_runtime::{
	constants::currency::BLST,
	genesis::{
		accounts::{NamedAccount, BIDDER, BUYER, KEEPER, PROVIDER, PRUDENT, WRITER},
		assets::USD,
	},
	AccountId, Assets, Balances, RiskParams, Runtime,
};
use ballast_traits::RiskParameters;
use frame_support::traits::{fungible::Mutate as _, fungibles::Mutate as _};

impl Env {
	/// Raises the accounts that `on_idle` looks at per block, one greatest step per block: the
	/// `development` preset has one.
	pub fn raise_idle_checks(&mut self, to: u32) {
		let rules = |env: &mut Self| env.execute(RiskParams::liquidation);
		while rules(self).idle_checks < to {
			let mut value = rules(self);
			value.idle_checks = to.min(value.idle_checks * 2);
			self.root(pallet_risk_params::Call::<Runtime>::set_liquidation_rules { value }.into());
			self.blocks(1);
		}
	}

	/// Shortens the pool's cooldown, one greatest step per block: it may fall by half in each.
	pub fn shorten_cooldown(&mut self, to: u64) {
		let rules = |env: &mut Self| env.execute(RiskParams::pool);
		while rules(self).cooldown > to {
			let mut value = rules(self);
			value.cooldown = to.max(value.cooldown / 2);
			self.root(pallet_risk_params::Call::<Runtime>::set_pool_rules { value }.into());
			self.blocks(1);
		}
	}

	/// Gives an account BLST for fees and quote currency, as at genesis.
	pub fn endow(&mut self, who: &AccountId, whole_dollars: u128) {
		self.between_blocks(|| {
			Balances::mint_into(who, 1_000 * BLST).expect("BLST");
			Assets::mint_into(USD.id, who, dollars(whole_dollars)).expect("quote currency");
		});
	}
}

/// The actors that most tests have.
pub struct Cast {
	/// Provides the pool's money.
	pub provider: Actor,
	/// Buys options.
	pub buyer: Actor,
	/// Writes options.
	pub writer: Actor,
	/// Writes options with more margin.
	pub prudent: Actor,
	/// Bids in auctions.
	pub bidder: Actor,
	/// Reports failing accounts.
	pub keeper: Actor,
}

impl Default for Cast {
	fn default() -> Self {
		let actor = |account: &NamedAccount| Actor::named(account);
		Self {
			provider: actor(&PROVIDER),
			buyer: actor(&BUYER),
			writer: actor(&WRITER),
			prudent: actor(&PRUDENT),
			bidder: actor(&BIDDER),
			keeper: actor(&KEEPER),
		}
	}
}
