//! A clearing ledger without money or margin: positions of accounts, brought up to date by folds, as
//! `MutateSeries` expects them to be reported.

use crate::mock::*;
use ballast_primitives::{
	fold::folded, FoldIndex, Price, Quantity, SeriesId, Side, SideChange, Usd,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{pallet_prelude::DispatchError, storage::with_storage_layer};
use std::collections::BTreeMap;

pub type Who = u8;

/// A position as an account stores it.
#[derive(Clone, Copy, Debug)]
pub struct Position {
	pub quantity: Quantity,
	pub index: Option<FoldIndex>,
}

/// Positions of accounts, and the money of folds that touches have brought to longs and from shorts.
#[derive(Clone, Debug, Default)]
pub struct Book {
	pub positions: BTreeMap<(SeriesId, Who), Position>,
	pub brought: BTreeMap<(SeriesId, Side, Who), i128>,
}

/// What is to be reported of both sides.
#[derive(Default)]
struct Report {
	long: SideChange,
	short: SideChange,
}

impl Report {
	fn side(&mut self, side: Side) -> &mut SideChange {
		match side {
			Side::Long => &mut self.long,
			Side::Short => &mut self.short,
		}
	}

	fn send(self, id: SeriesId) -> Result<(), DispatchError> {
		Options::change_sides(id, self.long, self.short)
	}
}

/// The part of a signed quantity that is on a side.
fn part(quantity: Quantity, side: Side) -> i128 {
	let inner = quantity.into_inner();
	match side {
		Side::Long => inner.max(0),
		Side::Short => (-inner).max(0),
	}
}

impl Book {
	/// A position as it is now, and money of folds that it has not brought yet.
	pub fn view(&self, id: SeriesId, who: Who) -> (Quantity, Usd) {
		let Some(position) = self.positions.get(&(id, who)) else {
			return Default::default();
		};
		let ended = |side, epoch| Options::ended(id, side, epoch);
		folded(position.quantity, position.index, &Options::sides(id), ended).unwrap()
	}

	/// Contracts of an account on a side now.
	pub fn held(&self, id: SeriesId, who: Who, side: Side) -> i128 {
		part(self.view(id, who).0, side)
	}

	/// Sum of the positions of a side now.
	pub fn sum(&self, id: SeriesId, side: Side) -> i128 {
		self.holders(id).map(|who| self.held(id, who, side)).sum()
	}

	pub fn holders(&self, id: SeriesId) -> impl Iterator<Item = Who> + '_ {
		self.positions.keys().filter(move |(series, _)| *series == id).map(|(_, who)| *who)
	}

	/// Brings a position up to date.
	fn bring(&mut self, id: SeriesId, who: Who, report: &mut Report) {
		let (quantity, money) = self.view(id, who);
		let Some(position) = self.positions.get_mut(&(id, who)) else {
			return;
		};
		let side = Side::of(position.quantity);
		*self.brought.entry((id, side, who)).or_default() += money.into_inner();
		let change = report.side(side);
		change.brought = change.brought.checked_add(money).unwrap();
		if quantity.is_zero() {
			self.positions.remove(&(id, who));
			change.left += 1;
		} else {
			*position = Position { quantity, index: Options::sides(id).side(side).index };
		}
	}

	/// Changes a position that is up to date; `counted` says whether the change is reported as opened
	/// and closed, or told by a fold.
	fn change(&mut self, id: SeriesId, who: Who, by: i128, report: &mut Report, counted: bool) {
		let before = self.positions.get(&(id, who)).map_or(Quantity::ZERO, |held| held.quantity);
		let after = before.checked_add(Quantity::from_inner(by)).unwrap();
		for side in [Side::Long, Side::Short] {
			let (was, is) = (part(before, side), part(after, side));
			let change = report.side(side);
			if counted {
				let more = |sum: Quantity, by| sum.checked_add(Quantity::from_inner(by)).unwrap();
				change.opened = more(change.opened, (is - was).max(0));
				change.closed = more(change.closed, (was - is).max(0));
			}
			change.joined += u32::from(was == 0 && is > 0);
			change.left += u32::from(was > 0 && is == 0);
		}
		if after.is_zero() {
			self.positions.remove(&(id, who));
		} else {
			let index = Options::sides(id).side(Side::of(after)).index;
			self.positions.insert((id, who), Position { quantity: after, index });
		}
	}

	/// All or nothing, of the chain and of the book.
	fn attempt<R>(
		&mut self,
		work: impl FnOnce(&mut Self) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let mut next = self.clone();
		let result = with_storage_layer(|| work(&mut next))?;
		*self = next;
		Ok(result)
	}

	pub fn touch(&mut self, id: SeriesId, who: Who) -> Result<(), DispatchError> {
		self.attempt(|book| {
			let mut report = Report::default();
			book.bring(id, who, &mut report);
			report.send(id)
		})
	}

	/// `buyer` buys so many units of a contract from `seller`.
	pub fn trade(
		&mut self,
		id: SeriesId,
		buyer: Who,
		seller: Who,
		units: i128,
	) -> Result<(), DispatchError> {
		assert_ne!(buyer, seller);
		self.attempt(|book| {
			let mut report = Report::default();
			for (who, by) in [(buyer, units), (seller, -units)] {
				book.bring(id, who, &mut report);
				book.change(id, who, by, &mut report, true);
			}
			report.send(id)
		})
	}

	/// `who` ends units of its position on `side` against all positions of the other one. Returns the
	/// money that it receives (a long) or pays (a short).
	pub fn end_against_all(
		&mut self,
		id: SeriesId,
		who: Who,
		side: Side,
		units: i128,
		amount: Price,
	) -> Result<Usd, DispatchError> {
		self.attempt(|book| {
			let mut report = Report::default();
			book.bring(id, who, &mut report);
			let by = if side == Side::Long { -units } else { units };
			book.change(id, who, by, &mut report, false);
			report.send(id)?;
			Options::fold(id, side.other(), Quantity::from_inner(units), amount)
		})
	}

	/// Settles every position of a series and closes its books. Returns what is left to the house.
	pub fn finish(&mut self, id: SeriesId) -> Result<Usd, DispatchError> {
		self.attempt(|book| {
			for who in book.holders(id).collect::<Vec<_>>() {
				let mut report = Report::default();
				book.bring(id, who, &mut report);
				if let Some(position) = book.positions.remove(&(id, who)) {
					report.side(Side::of(position.quantity)).left += 1;
				}
				report.send(id)?;
			}
			Options::complete(id)
		})
	}
}
