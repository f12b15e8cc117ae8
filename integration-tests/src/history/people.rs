//! Who there is, and what everybody has when the days begin.

use super::{trading::Full, History};
use crate::{
	calls::{self, amount_of, dollars},
	Actor,
};
use ballast_primitives::{Quantity, Usd};
use ballast_runtime::{
	constants::currency::BLST,
	genesis::assets::{TestAsset, USD},
	Assets, Balances, Margin, PriceFeed, RuntimeCall,
};
use ballast_traits::{InspectAccounts, MutateMarket};
use frame_support::traits::{fungible::Mutate as _, fungibles::Mutate as _};

/// What somebody does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
	/// Bids in auctions, and sells off what it bought there.
	Bidder,
	/// Has money in the mutual pool.
	Provider,
	/// Trades with whoever wants to, at the middle of the collar.
	Maker,
	/// Buys options.
	Buyer,
	/// Writes options and keeps little more than initial margin.
	Writer,
	/// Writes puts on the underlying as collateral, which falls when they are lost.
	WrongWay,
	/// Borrows against collateral to buy options.
	Borrower,
	/// Writes in-kind calls on units that it has.
	Covered,
	/// Writes puts and locks their strikes.
	Secured,
	/// Writes puts and buys lower ones.
	Spread,
}

/// Of a thousand accounts so many are of a kind; the rest writes.
const SHARES: [(Kind, usize); 9] = [
	(Kind::Bidder, 20),
	(Kind::Provider, 10),
	(Kind::Maker, 40),
	(Kind::Buyer, 230),
	(Kind::WrongWay, 60),
	(Kind::Borrower, 30),
	(Kind::Covered, 120),
	(Kind::Secured, 90),
	(Kind::Spread, 130),
];
/// Of each kind there are at least so many.
const LEAST: usize = 2;
/// Of a hundred so many trade the first, the second, the third underlying.
const MARKETS: [u64; 3] = [60, 30, 10];
/// Notional of an account in dollars: from, to; every order of magnitude is as likely.
const NOTIONAL: (f64, f64) = (4_000.0, 160_000.0);
/// What each bidder, each market maker and each provider deposits, in dollars.
const BIDDER: u64 = 400_000;
const MAKER: u64 = 400_000;
const PROVIDER: u64 = 2_000_000;
/// Of the pool's money so much is given to the insurance fund, in per cent.
const INSURANCE: u64 = 3;

/// Somebody with an account.
#[derive(Clone)]
pub struct Person {
	pub actor: Actor,
	pub kind: Kind,
	/// The market that it trades most, as a place in the list of markets.
	pub market: usize,
	/// Deposits when it is below initial margin.
	pub prudent: bool,
	/// The least compensation at which a bidder bids.
	pub appetite: f64,
	/// Dollars of the underlying that it likes to be exposed to.
	pub notional: f64,
}

impl History {
	/// Everybody, with keys and money in their wallets.
	pub(super) fn populate(&mut self) {
		let accounts = self.plan.accounts;
		let many = |(kind, share): (Kind, usize)| (kind, (accounts * share / 1_000).max(LEAST));
		let mut kinds: Vec<Kind> =
			SHARES.map(many).into_iter().flat_map(|(kind, count)| vec![kind; count]).collect();
		kinds.resize(accounts, Kind::Writer);
		for (number, kind) in kinds.into_iter().enumerate() {
			let actor = Actor::at(&format!("//History//{number}"));
			let random = &mut self.random;
			let markets = self.markets.len();
			let shares = &MARKETS[..markets];
			let mut point = random.below(shares.iter().sum());
			let market = shares.iter().position(|share| {
				let here = point < *share;
				point = point.saturating_sub(*share);
				here
			});
			let person = Person {
				kind,
				market: market.unwrap_or(0),
				prudent: random.per_mille(300),
				appetite: random.magnitude(0.015, 0.3),
				notional: random.magnitude(NOTIONAL.0, NOTIONAL.1),
				actor,
			};
			self.kinds.insert(person.actor.account(), kind);
			self.people.push(person);
		}
		let people = self.people.clone();
		self.env.between_blocks(|| {
			for person in &people {
				let who = person.actor.account();
				Balances::mint_into(&who, 100_000 * BLST).expect("BLST");
				Assets::mint_into(USD.id, &who, dollars(20_000_000)).expect("quote currency");
			}
		});
	}

	/// The pool's and the insurance fund's money, and that of everybody who is there for others.
	pub(super) fn fund(&mut self) {
		for person in self.people.clone() {
			match person.kind {
				Kind::Provider => {
					self.must(&person, calls::deposit(dollars(PROVIDER.into())));
					let give = PROVIDER * INSURANCE / 100;
					self.must(&person, calls::donate(Usd::from_int(give as i64)));
					let keep = Usd::from_int((PROVIDER - give) as i64);
					self.must(&person, calls::pool_deposit(keep));
				}
				Kind::Bidder => self.must(&person, calls::deposit(dollars(BIDDER.into()))),
				Kind::Maker => self.must(&person, calls::deposit(dollars(MAKER.into()))),
				_ => {}
			}
		}
	}

	/// Everybody's first positions: calls dispatched as signed between two blocks, so that no block's
	/// weight limits them; every check of theirs is made.
	pub(super) fn open(&mut self) {
		for person in self.people.clone() {
			match person.kind {
				Kind::Bidder | Kind::Provider | Kind::Maker => continue,
				Kind::Buyer => self.bring_dollars(&person, 0.4),
				Kind::Writer => self.bring_dollars(&person, 1.5),
				Kind::Secured => self.bring_dollars(&person, 2.5),
				Kind::Spread => self.bring_dollars(&person, 1.0),
				Kind::WrongWay | Kind::Borrower => {
					let bring = self.bring_units(&person, 1.0);
					self.must(&person, bring);
				}
				Kind::Covered => {
					let quantity = self.contracts(&person, 1.0).into_inner() as f64 / 1e18;
					let share = quantity * self.markets[person.market].spot / person.notional;
					let bring = self.bring_units(&person, share * 1.05);
					self.must(&person, bring);
				}
			}
			self.open_one(&person).unwrap_or_else(|full| panic!("between two blocks: {full:?}"));
			let has_positions = !self.held(&person, None).is_empty();
			self.report.opened += u64::from(has_positions);
		}
		self.env.between_blocks(|| ());
	}

	/// Dispatches what has to succeed.
	fn must(&mut self, person: &Person, call: RuntimeCall) {
		let told = format!("{:?}: {call:?}", person.kind);
		self.env.dispatch(&person.actor.account(), call).expect(&told);
	}

	fn bring_dollars(&mut self, person: &Person, share: f64) {
		let amount = (person.notional * share * 1e6) as u128;
		self.must(person, calls::deposit(amount.max(dollars(10))));
	}

	/// Contracts on this share of what somebody likes, in steps of what may be opened.
	pub(super) fn contracts(&self, person: &Person, share: f64) -> Quantity {
		let market = &self.markets[person.market];
		let step = market.quantity_step;
		let steps = (person.notional * share / market.spot / step).round().max(1.0);
		Quantity::from_inner(steps as i128 * (step * 1e18) as i128)
	}

	/// Withdraws nearly all that may leave: a cube of chance, so that most stay close to initial margin.
	pub(super) fn thin(&mut self, person: &Person) -> Result<bool, Full> {
		let left = self.random.unit().powi(3) * 0.25;
		let who = person.actor.account();
		let free = self.env.undone(|| {
			PriceFeed::accept_ticks();
			Margin::withdrawable(&who).unwrap_or_default()
		});
		match (amount_of(free) as f64 * (1.0 - left)) as u128 {
			0 => Ok(false),
			amount => self.send(person, calls::withdraw(amount)),
		}
	}

	/// Units that this share of somebody's notional buys, from its wallet.
	fn bring_units(&mut self, person: &Person, share: f64) -> RuntimeCall {
		let market = &self.markets[person.market];
		let TestAsset { id, decimals, .. } = market.asset;
		let units = person.notional * share / market.spot * 10f64.powi(decimals.into());
		let who = person.actor.account();
		self.env.execute(|| {
			Assets::mint_into(id, &who, units as u128).expect("collateral");
		});
		calls::deposit_collateral(id, units as u128)
	}
}
