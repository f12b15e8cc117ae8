//! How people trade: with the pool, or with a market maker by an offer that it accepts.

use super::{
	listing::Listed,
	people::{Kind, Person},
	History,
};
use crate::{calls, env::is_full};
use ballast_primitives::{OptionKind, Price, Quantity, SeriesId, Settlement, Style};
use ballast_runtime::{Margin, PriceFeed, RiskPool, Runtime, RuntimeCall};
use ballast_traits::{InspectAccounts, MutateMarket};
use pallet_block_trades::{Call as BlockTrades, Side};
use pallet_margin::{Call as Ledger, MAX_POSITIONS};

/// Series of which one market maker makes markets, about.
const SERIES_PER_MAKER: usize = 40;

/// The block has no room.
#[derive(Debug)]
pub struct Full;

impl History {
	/// Sends a call, or dispatches it before the first block: whether it succeeded.
	pub(super) fn send(&mut self, person: &Person, call: RuntimeCall) -> Result<bool, Full> {
		if !self.begun {
			let outcome = self.env.dispatch(&person.actor.account(), call.clone());
			self.report.count_opening(&call, &outcome);
			return Ok(outcome.is_ok());
		}
		let result = self.env.try_call(&person.actor, 0, call.clone());
		if is_full(&result) {
			self.report.turned_away += 1;
			return Err(Full);
		}
		match result {
			Ok(outcome) => {
				self.report.count_call(&call, &outcome);
				Ok(outcome.is_ok())
			}
			// What the signed extensions refuse never was in the block.
			Err(error) => {
				self.report.count_invalid(error.into());
				Ok(false)
			}
		}
	}

	pub(super) fn cash_series(
		&mut self,
		person: &Person,
		kind: Option<OptionKind>,
	) -> Option<Listed> {
		self.pick(person.market, |listed| {
			let wanted = kind.is_none_or(|kind| listed.kind == kind);
			listed.settlement == Settlement::Cash && wanted
		})
	}

	fn in_kind_series(&mut self, person: &Person) -> Option<Listed> {
		self.pick(person.market, |listed| listed.settlement == Settlement::InKind)
	}

	/// A put and one at a lower strike of the same expiry.
	fn spread_series(&mut self, person: &Person) -> Option<(Listed, Listed)> {
		let put =
			|listed: &Listed| listed.kind == OptionKind::Put && listed.style == Style::European;
		let short = self.pick(person.market, put)?;
		let lower = |l: &Listed| put(l) && l.expiry == short.expiry && l.strike < short.strike;
		Some((short, self.pick(person.market, lower)?))
	}

	/// What somebody of its kind does to have positions: with the size of its wallet before the first
	/// block, with half of it later.
	pub(super) fn open_one(&mut self, person: &Person) -> Result<(), Full> {
		match person.kind {
			Kind::Bidder | Kind::Provider | Kind::Maker => {}
			Kind::Buyer => {
				for _ in 0..2 {
					let series = self.cash_series(person, None);
					self.deal(person, series, 0.4, Side::Buy)?;
				}
			}
			Kind::Writer => {
				for _ in 0..1 + self.random.below(3) {
					let series = self.cash_series(person, None);
					self.deal(person, series, 0.6, Side::Sell)?;
				}
				self.thin(person)?;
			}
			Kind::WrongWay | Kind::Borrower => {
				// Until margin refuses.
				for _ in 0..12 {
					let dealt = if person.kind == Kind::Borrower {
						let series = self.cash_series(person, None);
						self.deal(person, series, 0.25, Side::Buy)?
					} else {
						let series = self.cash_series(person, Some(OptionKind::Put));
						self.deal(person, series, 0.25, Side::Sell)?
					};
					if !dealt {
						break;
					}
				}
			}
			Kind::Covered => {
				let series = self.in_kind_series(person);
				self.deal(person, series, 1.0, Side::Sell)?;
			}
			Kind::Secured => {
				let put = self.cash_series(person, Some(OptionKind::Put));
				if self.deal(person, put, 0.9, Side::Sell)? {
					let series = put.map_or(SeriesId(0), |put| put.id);
					self.send(person, Ledger::<Runtime>::secure_put { series }.into())?;
				}
				self.thin(person)?;
			}
			Kind::Spread => {
				if let Some((short, long)) = self.spread_series(person) {
					if self.deal(person, Some(long), 0.8, Side::Buy)? {
						self.deal(person, Some(short), 0.8, Side::Sell)?;
					}
				}
				self.thin(person)?;
			}
		}
		Ok(())
	}

	/// Trades a share of what somebody likes; whether anybody took the other side.
	fn deal(
		&mut self,
		person: &Person,
		series: Option<Listed>,
		share: f64,
		side: Side,
	) -> Result<bool, Full> {
		let quantity = self.contracts(person, share);
		match series {
			Some(series) => self.trade(person, series.id, quantity, side),
			None => Ok(false),
		}
	}

	/// Trades with the pool if it has the series, or has room for it, half of the time; else with a
	/// market maker.
	pub(super) fn trade(
		&mut self,
		person: &Person,
		series: SeriesId,
		quantity: Quantity,
		side: Side,
	) -> Result<bool, Full> {
		let legs = self.env.execute(|| Margin::positions(&RiskPool::own_accounts().pool));
		let room = legs.len() < MAX_POSITIONS as usize || legs.iter().any(|leg| leg.0 == series);
		if room && self.random.per_mille(500) {
			let call = match side {
				Side::Buy => calls::buy(series, quantity),
				Side::Sell => calls::sell(series, quantity),
			};
			return self.send(person, call);
		}
		self.trade_with_a_maker(person, series, quantity, side)
	}

	fn trade_with_a_maker(
		&mut self,
		person: &Person,
		series: SeriesId,
		quantity: Quantity,
		side: Side,
	) -> Result<bool, Full> {
		let Some(maker) = self.maker_of(series, person) else { return Ok(false) };
		let collar = self.env.undone(|| {
			PriceFeed::accept_ticks();
			ballast_runtime::BlockTrades::collar(series)
		});
		let Ok(collar) = collar else { return Ok(false) };
		let middle = (collar.low.into_inner() + collar.high.into_inner()) / 2;
		let now = self.env.now();
		let expiry =
			self.live.iter().find(|listed| listed.id == series).map(|listed| listed.expiry);
		let offer = BlockTrades::<Runtime>::offer {
			series,
			side,
			quantity,
			price: Price::from_inner(middle),
			counterparty: Some(maker.actor.account()),
			expires: expiry.unwrap_or(now + 7_200).min(now + 7_200),
		};
		let offer_id = self.env.execute(pallet_block_trades::NextOfferId::<Runtime>::get);
		if !self.send(person, offer.into())? {
			return Ok(false);
		}
		let accept = BlockTrades::<Runtime>::accept { offer: offer_id, quantity };
		self.send(&maker, accept.into())
	}

	/// One of the market makers of a series: few enough series each that no account has too many legs.
	fn maker_of(&mut self, series: SeriesId, other: &Person) -> Option<Person> {
		let makers: Vec<&Person> =
			self.people.iter().filter(|person| person.kind == Kind::Maker).collect();
		let groups = self.plan.series.div_ceil(SERIES_PER_MAKER).min(makers.len()).max(1);
		let group = series.0 as usize % groups;
		let ours = makers.into_iter().enumerate().filter(|(place, maker)| {
			place % groups == group && maker.actor.account() != other.actor.account()
		});
		let ours: Vec<Person> = ours.map(|(_, maker)| maker.clone()).collect();
		(!ours.is_empty()).then(|| self.random.pick(&ours).clone())
	}

	/// What somebody holds of series that are alive: shorts, longs or both.
	pub(super) fn held(
		&mut self,
		person: &Person,
		short: Option<bool>,
	) -> Vec<(SeriesId, Quantity)> {
		let who = person.actor.account();
		let positions = self.env.execute(|| Margin::positions(&who));
		let alive = |id: &SeriesId| self.live.iter().any(|listed| listed.id == *id);
		let wanted = |held: &Quantity| short.is_none_or(|short| held.is_negative() == short);
		positions.into_iter().filter(|(id, held)| alive(id) && wanted(held)).collect()
	}

	/// Trades a position away.
	pub(super) fn close_one(&mut self, person: &Person, short: Option<bool>) -> Result<bool, Full> {
		let held = self.held(person, short);
		if held.is_empty() {
			return Ok(false);
		}
		let (series, quantity) = *self.random.pick(&held);
		let side = if quantity.is_negative() { Side::Buy } else { Side::Sell };
		let quantity = quantity.checked_abs().expect("no ledger holds that much");
		self.trade(person, series, quantity, side)
	}
}
