//! What owners do with positions besides trading with the pool: exercise, cover, transfer, trade with
//! each other.

use super::walk::Walk;
use ballast_integration_tests::{calls, Actor};
use ballast_primitives::{Moment, Quantity, SeriesId, Style, UnderlyingId, Usd};
use ballast_runtime::{AccountId, Margin, Runtime, RuntimeCall};
use ballast_traits::InspectAccounts;
use pallet_block_trades::Call as BlockTrades;
use pallet_margin::Call as Ledger;

impl Walk {
	/// One of them, mostly with something that the actor holds.
	pub(super) fn positions_of(&mut self, actor: &Actor) -> RuntimeCall {
		let who = actor.account();
		match self.random.below(9) {
			0 => {
				let series = self.held(&who, |held| held.is_negative());
				Ledger::<Runtime>::secure_put { series }.into()
			}
			1 => {
				let series = self.held(&who, |held| held.is_negative());
				Ledger::<Runtime>::release_put { series }.into()
			}
			2 => {
				let sender = self.somebody();
				let allowed = self.random.per_mille(800);
				Ledger::<Runtime>::set_transfer_permit { sender, allowed }.into()
			}
			3 => self.transfer(&who),
			4..=5 => self.offer(),
			6..=7 => self.accept(),
			_ => {
				let offer = self.offer_id();
				if self.random.per_mille(500) {
					BlockTrades::<Runtime>::cancel { offer }.into()
				} else {
					BlockTrades::<Runtime>::clean { offer }.into()
				}
			}
		}
	}

	fn positions(&mut self, who: &AccountId) -> Vec<(SeriesId, Quantity)> {
		self.env.execute(|| Margin::positions(who))
	}

	/// A series that the account holds in such a quantity, or any.
	fn held(&mut self, who: &AccountId, like: fn(&Quantity) -> bool) -> SeriesId {
		let held: Vec<_> =
			self.positions(who).into_iter().filter(|(_, quantity)| like(quantity)).collect();
		if held.is_empty() {
			return self.series().0;
		}
		self.random.pick(&held).0
	}

	/// Whether a series may be exercised early.
	pub(super) fn is_american(&mut self, id: SeriesId) -> bool {
		let series = self.env.execute(|| pallet_options::SeriesOf::<Runtime>::get(id));
		series.is_some_and(|series| series.style == Style::American)
	}

	/// A live series that may be exercised early, if a few looks find one.
	fn american(&mut self) -> (SeriesId, Option<UnderlyingId>) {
		let mut found = self.series();
		for _ in 0..30 {
			if self.is_american(found.0) {
				break;
			}
			found = self.series();
		}
		found
	}

	/// Somebody's American long: whose, which, how much.
	fn american_holder(&mut self) -> Option<(Actor, SeriesId, Quantity)> {
		for actor in self.actors.clone() {
			for (id, held) in self.positions(&actor.account()) {
				if held.is_positive() && self.is_american(id) {
					return Some((actor, id, held));
				}
			}
		}
		None
	}

	/// Somebody exercises all or some of an American long, or asks for what he does not have; without
	/// anybody who has one, somebody buys.
	pub(super) fn exercise(&mut self, actor: &Actor) -> (Actor, RuntimeCall) {
		let holder = self.american_holder().filter(|_| self.random.per_mille(900));
		let Some((holder, series, held)) = holder else {
			let (series, underlying) = self.american();
			let quantity = self.quantity(underlying, 2e4);
			let call = if self.random.per_mille(200) {
				Ledger::<Runtime>::request_exercise { series, quantity }.into()
			} else {
				let most = Usd::from_inner(i128::MAX);
				calls::buy_until(series, quantity, most, Moment::MAX)
			};
			return (actor.clone(), call);
		};
		let parts = 1 + i128::from(self.random.below(3) as u8);
		let quantity = Quantity::from_inner(held.into_inner() / parts);
		(holder, Ledger::<Runtime>::request_exercise { series, quantity }.into())
	}

	fn transfer(&mut self, who: &AccountId) -> RuntimeCall {
		let permits: Vec<_> = self.env.execute(|| {
			let all = pallet_margin::TransferPermits::<Runtime>::iter_keys();
			let mut all: Vec<_> = all.filter(|(_, sender)| sender == who).collect();
			all.sort();
			all
		});
		let to = if permits.is_empty() || self.random.per_mille(100) {
			self.somebody()
		} else {
			self.random.pick(&permits).0.clone()
		};
		let mut positions = self.positions(who);
		positions.truncate(1 + self.random.below(4) as usize);
		if self.random.per_mille(500) {
			for (_, quantity) in &mut positions {
				*quantity = Quantity::from_inner(quantity.into_inner() / 2);
			}
		}
		let positions = positions.try_into().unwrap_or_default();
		let cash = if self.random.per_mille(700) { Usd::ZERO } else { self.usd(1e3) };
		Ledger::<Runtime>::transfer_positions { to, positions, cash }.into()
	}

	/// Near the collar's middle, so that many can be accepted.
	fn offer(&mut self) -> RuntimeCall {
		let (series, underlying) = self.series();
		let collar = self.env.execute(|| ballast_runtime::BlockTrades::collar(series));
		let price = match collar {
			Ok(pallet_block_trades::Collar { low, high }) => {
				let sum = low.into_inner() + high.into_inner();
				ballast_primitives::Price::from_inner(sum / 2)
			}
			Err(_) => ballast_primitives::Price::from_inner(self.random.any().into()),
		};
		let quantity = self.quantity(underlying, 1e5);
		let side = if self.random.per_mille(500) {
			pallet_block_trades::Side::Buy
		} else {
			pallet_block_trades::Side::Sell
		};
		let counterparty = self.random.per_mille(200).then(|| self.somebody());
		let expires = self.env.now() + 60 + self.random.below(200_000);
		BlockTrades::<Runtime>::offer { series, side, quantity, price, counterparty, expires }
			.into()
	}

	fn offer_id(&mut self) -> u64 {
		let next = self.env.execute(pallet_block_trades::NextOfferId::<Runtime>::get);
		self.random.below(next.max(1) + 1)
	}

	/// A stored offer, whole or in part.
	fn accept(&mut self) -> RuntimeCall {
		let stored: Vec<_> = self.env.execute(|| {
			let mut all: Vec<_> = pallet_block_trades::Offers::<Runtime>::iter()
				.map(|(id, offer)| (id, offer.quantity))
				.collect();
			all.sort_by_key(|(id, _)| *id);
			all
		});
		if stored.is_empty() || self.random.per_mille(100) {
			let quantity = self.quantity(None, 1e4);
			return BlockTrades::<Runtime>::accept { offer: self.offer_id(), quantity }.into();
		}
		let (offer, quantity) = *self.random.pick(&stored);
		BlockTrades::<Runtime>::accept { offer, quantity }.into()
	}
}
