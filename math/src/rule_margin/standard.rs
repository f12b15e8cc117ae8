//! Standard margin: shares of spot per short contract, or the most that the expiry can lose.

use super::mark;
use crate::{
	black76::Kind,
	contingency::{of_notional, Confidence, Depeg},
	error::MathError,
	fixed::{Rounding, Q64},
	margin_model::{
		groups,
		number::{add, div_down, magnitude, mul_down, mul_up, negated, sub},
		Book, Group, Leg, MarginModel, Requirement,
	},
};

/// Shares of a notional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
	/// Required for maintenance margin.
	pub maintenance: Q64,
	/// Required for initial margin.
	pub initial: Q64,
}

/// What a short option requires, in shares of spot unless stated. With `m` its mark, `S` spot and `o` the share
/// by which it is out of the money (zero in the money):
///
/// ```text
/// call MM = m + mm_call S                       IM = m + max(im_most - o, im_least) S
/// put  MM = m + max(mm_put S, mm_put_mark m)    IM = max(m + max(im_most - o, im_least) S, im_over_mm MM)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortOptions {
	/// Initial, at the money.
	pub im_most: Q64,
	/// Initial, far out of the money.
	pub im_least: Q64,
	/// Maintenance of a call.
	pub mm_call: Q64,
	/// Maintenance of a put.
	pub mm_put: Q64,
	/// Maintenance of a put as a share of its mark.
	pub mm_put_mark: Q64,
	/// Initial margin of a put is at least this multiple of its maintenance margin.
	pub im_over_mm: Q64,
	/// What a call short at the top counts for in the greatest loss, in multiples of the forward.
	pub unpaired: Shares,
}

impl ShortOptions {
	/// Derive's parameters for BTC and ETH (derivexyz/v2-core, `scripts/config-mainnet.sol`, `getSRMParams`).
	pub fn derive() -> Result<Self, MathError> {
		let points =
			|points| Q64::from_ratio(points, 10_000, Rounding::Nearest).ok_or(MathError::Overflow);
		Ok(Self {
			im_most: points(1_500)?,
			im_least: points(1_300)?,
			mm_call: points(900)?,
			mm_put: points(900)?,
			mm_put_mark: points(900)?,
			im_over_mm: points(10_500)?,
			unpaired: Shares { maintenance: points(11_000)?, initial: points(12_000)? },
		})
	}
}

/// What an asset counts for as collateral: a share of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralFactor {
	/// Which asset.
	pub asset: u32,
	/// The shares, at most one.
	pub counts: Shares,
}

/// The model. Per expiry the lesser of
///
/// - what its shorts require one by one ([`ShortOptions`]), longs requiring and lending nothing, and
/// - the most that its legs can lose at settlement, over zero and every strike (not discounted), with every
///   call short at the top counting for `unpaired` forwards on top. (With calls short at the top a position
///   at a yet higher strike, even a long one, shows a greater loss: the source looks at strikes only.)
///
/// Perpetuals require a share of their notional; collateral counts for a share of its value. For initial margin,
/// doubt about prices ([`Confidence`], on the notional of perpetuals, shorts and collateral at spot) and a depeg
/// (its slope times the notional of perpetuals and shorts) are added. Source: Derive's `StandardManager`, where legs
/// carry a discount factor of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardModel<'a> {
	/// Short options.
	pub shorts: ShortOptions,
	/// Perpetuals.
	pub perpetuals: Shares,
	/// Doubt about perpetuals.
	pub confidence_perpetuals: Confidence,
	/// Doubt about options.
	pub confidence_options: Confidence,
	/// Doubt about collateral.
	pub confidence_collateral: Confidence,
	/// Depeg of the quote currency.
	pub depeg: Depeg,
	/// Assets that count as collateral; `OutOfDomain` for any other.
	pub collateral: &'a [CollateralFactor],
}

/// Amounts for maintenance and for initial margin.
#[derive(Clone, Copy)]
struct Both {
	mm: Q64,
	im: Q64,
}

impl Both {
	const ZERO: Self = Self { mm: Q64::ZERO, im: Q64::ZERO };

	fn plus(self, other: Self) -> Result<Self, MathError> {
		Ok(Self { mm: add(self.mm, other.mm)?, im: add(self.im, other.im)? })
	}

	fn min(self, other: Self) -> Self {
		Self { mm: self.mm.min(other.mm), im: self.im.min(other.im) }
	}

	fn times(self, quantity: Q64) -> Result<Self, MathError> {
		Ok(Self { mm: mul_up(self.mm, quantity)?, im: mul_up(self.im, quantity)? })
	}
}

impl MarginModel for StandardModel<'_> {
	fn margins(&self, book: &Book<'_>) -> Result<Requirement, MathError> {
		book.check()?;
		let mut needed = self.perpetual(book)?;
		let mut options = Q64::ZERO;
		for group in groups(book.legs) {
			for leg in group.iter() {
				options = add(options, mark(leg)?)?;
			}
			needed = needed.plus(self.one_by_one(book, group)?.min(self.at_worst(group)?))?;
			needed.im = add(needed.im, self.doubt(book, group)?)?;
		}
		needed.im = add(needed.im, self.depegged(book)?)?;
		let lent = self.lent(book)?;
		let mark = add(book.mark_without_options()?, options)?;
		// What may be lost is measured from cash, so all that is marked besides cash is required too.
		let besides = sub(sub(mark, book.cash)?, book.perpetual.unsettled)?;
		let required = |needed: Q64, lent: Q64| sub(add(besides, needed)?, lent);
		Ok(Requirement {
			mark,
			maintenance: required(needed.mm, lent.mm)?,
			initial: required(needed.im, lent.im)?,
		})
	}
}

impl StandardModel<'_> {
	/// What a perpetual requires.
	fn perpetual(&self, book: &Book<'_>) -> Result<Both, MathError> {
		let perpetual = &book.perpetual;
		let share = |share| of_notional(perpetual.quantity, perpetual.price, share);
		let at_spot = of_notional(perpetual.quantity, book.spot, Q64::ONE)?;
		let doubt = self.confidence_perpetuals.charge(book.confidence(), at_spot)?;
		Ok(Both {
			mm: share(self.perpetuals.maintenance)?,
			im: add(share(self.perpetuals.initial)?, doubt)?,
		})
	}

	/// What an expiry's shorts require one by one.
	fn one_by_one(&self, book: &Book<'_>, group: Group<'_>) -> Result<Both, MathError> {
		group
			.iter()
			.filter(|leg| leg.quantity.is_negative())
			.try_fold(Both::ZERO, |sum, leg| sum.plus(self.short(book.spot, leg)?))
	}

	/// What one short requires, not less than its mark.
	fn short(&self, spot: Q64, leg: &Leg) -> Result<Both, MathError> {
		let rules = &self.shorts;
		let quantity = magnitude(leg.quantity)?;
		let mark = negated(mark(leg)?)?;
		let out = match leg.kind {
			Kind::Call => sub(leg.strike, spot)?,
			Kind::Put => sub(spot, leg.strike)?,
		};
		let out = div_down(out.max(Q64::ZERO), spot)?;
		let share = sub(rules.im_most, out)?.max(rules.im_least);
		let shares = match leg.kind {
			Kind::Call => Both { mm: rules.mm_call, im: share },
			Kind::Put => Both { mm: rules.mm_put, im: share },
		};
		let added = shares.times(spot)?.times(quantity)?;
		if leg.kind == Kind::Call {
			return Both { mm: mark, im: mark }.plus(added);
		}
		let mm = add(mark, added.mm.max(mul_up(rules.mm_put_mark, mark)?))?;
		Ok(Both { mm, im: add(mark, added.im)?.max(mul_up(rules.im_over_mm, mm)?) })
	}

	/// The most that an expiry can lose at settlement, calls short at the top at their multiple of the forward.
	fn at_worst(&self, group: Group<'_>) -> Result<Both, MathError> {
		let mut least = settled(group, Q64::ZERO)?.min(Q64::ZERO);
		let mut calls = Q64::ZERO;
		for leg in group.iter() {
			least = least.min(settled(group, leg.strike)?);
			if leg.kind == Kind::Call {
				calls = add(calls, leg.quantity)?;
			}
		}
		let short = magnitude(calls.min(Q64::ZERO))?;
		let unpaired = &self.shorts.unpaired;
		let each = Both { mm: unpaired.maintenance, im: unpaired.initial };
		let loss = negated(least)?;
		each.times(group.leg.forward)?.times(short)?.plus(Both { mm: loss, im: loss })
	}

	/// Charge for doubt about an expiry's prices, on its shorts.
	fn doubt(&self, book: &Book<'_>, group: Group<'_>) -> Result<Q64, MathError> {
		let doubt = book.spot_confidence.min(book.confidence_of(group.leg.expiry));
		self.confidence_options.charge(doubt, shorts(group.iter(), book.spot)?)
	}

	/// Charge for a depeg, on perpetuals and shorts.
	fn depegged(&self, book: &Book<'_>) -> Result<Q64, MathError> {
		let perpetuals = of_notional(book.perpetual.quantity, book.spot, Q64::ONE)?;
		let notional = add(perpetuals, shorts(book.legs.iter(), book.spot)?)?;
		mul_up(self.depeg.added(book.quote_price)?, notional)
	}

	/// What collateral counts for. Not divided by the price of the quote currency, so that a depeg lends no more.
	fn lent(&self, book: &Book<'_>) -> Result<Both, MathError> {
		let mut lent = Both::ZERO;
		for holding in book.holdings {
			let factor = self.collateral.iter().find(|factor| factor.asset == holding.asset);
			let counts = factor.ok_or(MathError::OutOfDomain)?.counts;
			let value = mul_down(holding.quantity, holding.price)?;
			let doubt = holding.confidence.min(book.spot_confidence);
			let charge = self.confidence_collateral.charge(doubt, value)?;
			lent = lent.plus(Both {
				mm: mul_down(value, counts.maintenance)?,
				im: sub(mul_down(value, counts.initial)?, charge)?,
			})?;
		}
		Ok(lent)
	}
}

/// Notional of the shorts among legs, at spot.
fn shorts<'a>(legs: impl Iterator<Item = &'a Leg>, spot: Q64) -> Result<Q64, MathError> {
	let mut contracts = Q64::ZERO;
	for leg in legs {
		contracts = sub(contracts, leg.quantity.min(Q64::ZERO))?;
	}
	mul_up(contracts, spot)
}

/// What an expiry's legs pay at a settlement price, rounded down.
fn settled(group: Group<'_>, price: Q64) -> Result<Q64, MathError> {
	group.iter().try_fold(Q64::ZERO, |sum, leg| {
		let gain = match leg.kind {
			Kind::Call => sub(price, leg.strike)?,
			Kind::Put => sub(leg.strike, price)?,
		};
		add(sum, mul_down(leg.quantity, gain.max(Q64::ZERO))?)
	})
}
