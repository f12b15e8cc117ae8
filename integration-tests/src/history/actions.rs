//! What people do in a block.

use super::{
	people::{Kind, Person},
	trading::Full,
	History,
};
use crate::calls;
use ballast_primitives::{Quantity, Ratio, SeriesId, Style, Usd};
use ballast_runtime::{AccountId, Liquidation, PriceFeed, Runtime};
use ballast_traits::MutateMarket;
use pallet_block_trades::Side;
use pallet_margin::Call as Ledger;

/// Deposits per block of people who are below initial margin.
const RESCUES: usize = 5;
/// Auctions per block that bidders look at.
const AUCTIONS: usize = 60;

impl History {
	/// Deposits of the prudent, bids, then what people like, as long as there is room.
	pub(super) fn act(&mut self) {
		let _ = self.act_while_there_is_room();
	}

	fn act_while_there_is_room(&mut self) -> Result<(), Full> {
		self.rescue()?;
		self.bid()?;
		for _ in 0..self.plan.calls {
			let people = &self.people;
			let person = self.random.pick(people).clone();
			self.do_something(&person)?;
		}
		Ok(())
	}

	/// Some of those who are below initial margin and care deposit a quarter of it.
	fn rescue(&mut self) -> Result<(), Full> {
		let below = std::mem::take(&mut self.below_initial);
		let mut saved = 0;
		for (who, initial) in below {
			let person = self.people.iter().find(|person| person.actor.account() == who);
			let Some(person) = person.filter(|person| person.prudent).cloned() else { continue };
			let amount = (initial.into_inner() / 4_000_000_000_000).max(1) as u128;
			saved += 1;
			if saved > RESCUES {
				break;
			}
			self.send(&person, calls::deposit(amount))?;
		}
		Ok(())
	}

	/// Bidders take what compensates them.
	fn bid(&mut self) -> Result<(), Full> {
		let auctions = self.env.undone(|| {
			PriceFeed::accept_ticks();
			Liquidation::auctions()
		});
		let bidders: Vec<Person> =
			self.people.iter().filter(|person| person.kind == Kind::Bidder).cloned().collect();
		let open = auctions
			.into_iter()
			.filter(|(_, view)| view.stage == pallet_liquidation::Stage::Open)
			.take(AUCTIONS);
		for (account, view) in open {
			if !self.random.per_mille(self.plan.attention) {
				continue;
			}
			let compensation = view.compensation.into_inner() as f64 / 1e18;
			// Three look at it.
			for _ in 0..3 {
				let bidder = self.random.pick(&bidders).clone();
				if bidder.appetite > compensation || bidder.actor.account() == account {
					continue;
				}
				let call = calls::bid(account.clone(), Ratio::ONE, view.last_bid);
				if self.send(&bidder, call)? {
					break;
				}
			}
		}
		Ok(())
	}

	/// What somebody likes to do now.
	fn do_something(&mut self, person: &Person) -> Result<bool, Full> {
		match (person.kind, self.random.below(100)) {
			(Kind::Provider, _) => self.provide(person),
			(Kind::Bidder | Kind::Maker, _) => self.close_one(person, None),
			(_, 0..=4) => {
				let account = self.somebody();
				self.send(person, calls::settle(account))
			}
			(Kind::Buyer | Kind::Borrower, 5..=25) => self.close_one(person, Some(false)),
			(Kind::Buyer | Kind::Borrower, 26..=45) => self.exercise(person),
			(Kind::Writer | Kind::WrongWay, 5..=25) => self.close_one(person, Some(true)),
			(Kind::Writer | Kind::WrongWay, 26..=40) => self.thin(person),
			_ => {
				if matches!(person.kind, Kind::Buyer | Kind::Secured) {
					let share = if person.kind == Kind::Buyer { 0.2 } else { 1.0 };
					let amount = (person.notional * share * 1e6) as u128;
					self.send(person, calls::deposit(amount))?;
				}
				self.open_one(person).map(|()| true)
			}
		}
	}

	fn somebody(&mut self) -> AccountId {
		let people = &self.people;
		self.random.pick(people).actor.account()
	}

	/// Exercises what is American, or buys it to exercise it another time.
	fn exercise(&mut self, person: &Person) -> Result<bool, Full> {
		let held = self.held(person, Some(false));
		let american = |id: SeriesId| {
			let listed = self.live.iter().find(|listed| listed.id == id);
			listed.is_some_and(|listed| listed.style == Style::American)
		};
		if let Some((series, quantity)) = held.into_iter().find(|(id, _)| american(*id)) {
			let call = Ledger::<Runtime>::request_exercise { series, quantity };
			return self.send(person, call.into());
		}
		match self.pick(person.market, |listed| listed.style == Style::American) {
			Some(listed) => {
				let quantity = self.contracts(person, 0.3);
				self.trade(person, listed.id, quantity, Side::Buy)
			}
			None => Ok(false),
		}
	}

	/// What liquidity providers do.
	fn provide(&mut self, person: &Person) -> Result<bool, Full> {
		let who = person.actor.account();
		let call = match self.random.below(4) {
			0 => calls::deposit(calls::dollars(20_000)),
			1 => calls::pool_deposit(Usd::from_int(10_000)),
			2 => {
				let held = self.env.execute(|| pallet_risk_pool::Shares::<Runtime>::get(&who));
				calls::request_withdrawal(Quantity::from_inner(held.into_inner() / 50))
			}
			_ => pallet_risk_pool::Call::<Runtime>::process_queue { max: 5 }.into(),
		};
		self.send(person, call)
	}
}
