//! Sides of a series as they lie in storage: totals and fold indexes (`ballast_math::fold`).

use crate::{arithmetic, Quantity, Usd};
use ballast_math::fold::{self, Direction, Payout};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// One of the two sides of a series.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Side {
	/// Owners.
	Long,
	/// Writers.
	Short,
}

impl Side {
	/// The side on which a signed quantity stands; nothing stands on the long side.
	pub const fn of(quantity: Quantity) -> Self {
		if quantity.is_negative() {
			Self::Short
		} else {
			Self::Long
		}
	}

	/// The other one.
	pub const fn other(self) -> Self {
		match self {
			Self::Long => Self::Short,
			Self::Short => Self::Long,
		}
	}

	/// In the numbers of the kernel.
	pub const fn direction(self) -> Direction {
		match self {
			Self::Long => Direction::Long,
			Self::Short => Direction::Short,
		}
	}

	/// A magnitude with this side's sign.
	pub fn signed(self, magnitude: u128) -> Result<Quantity, ArithmeticError> {
		let quantity =
			Quantity::from_inner(i128::try_from(magnitude).map_err(|_| ArithmeticError::Overflow)?);
		match self {
			Self::Long => Ok(quantity),
			Self::Short => quantity.checked_neg(),
		}
	}
}

/// Where a side is, or where a position was when it was last touched, once the side has been folded.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct FoldIndex {
	/// Number of epochs that have ended before.
	pub epoch: u32,
	/// What is left of a contract since the epoch began; 96 fractional bits, in (2^-32, 1].
	pub survival: u128,
	/// Money that such a contract has brought since: the upper and the lower 128 bits.
	pub payout: (u128, u128),
}

impl FoldIndex {
	/// In the numbers of the kernel; `None` is where every side begins.
	pub const fn kernel(index: Option<Self>) -> fold::Index {
		match index {
			None => fold::Index::start_of(0),
			Some(Self { epoch, survival, payout: (high, low) }) => {
				fold::Index { epoch, survival, payout: Payout::from_parts(high, low) }
			}
		}
	}

	/// As it is stored: `None` where every side begins.
	pub fn stored(index: fold::Index) -> Option<Self> {
		let fold::Index { epoch, survival, payout } = index;
		(index != fold::Index::start_of(0)).then(|| Self {
			epoch,
			survival,
			payout: payout.parts(),
		})
	}
}

/// How an epoch of a side ended.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct EndedEpoch {
	/// What was left of a contract; 96 fractional bits, in [0, 2^-32].
	pub survival: u128,
	/// Money that a contract had brought: the upper and the lower 128 bits.
	pub payout: (u128, u128),
}

impl From<fold::Ended> for EndedEpoch {
	fn from(ended: fold::Ended) -> Self {
		Self { survival: ended.survival, payout: ended.payout.parts() }
	}
}

impl From<EndedEpoch> for fold::Ended {
	fn from(ended: EndedEpoch) -> Self {
		let (high, low) = ended.payout;
		Self { survival: ended.survival, payout: Payout::from_parts(high, low) }
	}
}

/// One side of a series.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct SideState {
	/// Contracts. Exact: both sides of a series always have the same.
	pub total: Quantity,
	/// Accounts with a position on this side that is stored (folding may have left nothing of it).
	pub holders: u32,
	/// Where the side is; `None` as long as nothing was ever taken from it.
	pub index: Option<FoldIndex>,
	/// Money of folds that no position has brought into an account yet: owed to longs, to be collected
	/// from shorts. What remains when every position was touched is the house's.
	pub due: Usd,
}

impl SideState {
	/// In the numbers of the kernel. [`ArithmeticError::Underflow`] for a negative total.
	pub fn kernel(&self, side: Side) -> Result<fold::Side, ArithmeticError> {
		Ok(fold::Side {
			direction: side.direction(),
			total: magnitude(self.total)?,
			index: FoldIndex::kernel(self.index),
			due: self.due.into_inner(),
		})
	}

	/// The same side after a computation of the kernel.
	pub fn after(&self, side: &fold::Side) -> Result<Self, ArithmeticError> {
		let total = i128::try_from(side.total).map_err(|_| ArithmeticError::Overflow)?;
		Ok(Self {
			total: Quantity::from_inner(total),
			holders: self.holders,
			index: FoldIndex::stored(side.index),
			due: Usd::from_inner(side.due),
		})
	}
}

/// Both sides of a series.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Sides {
	/// Owners.
	pub long: SideState,
	/// Writers.
	pub short: SideState,
}

impl Sides {
	/// One of them.
	pub const fn side(&self, side: Side) -> &SideState {
		match side {
			Side::Long => &self.long,
			Side::Short => &self.short,
		}
	}

	/// One of them, to change.
	pub fn side_mut(&mut self, side: Side) -> &mut SideState {
		match side {
			Side::Long => &mut self.long,
			Side::Short => &mut self.short,
		}
	}

	/// Whether anything was ever taken from either side.
	pub const fn is_folded(&self) -> bool {
		self.long.index.is_some() || self.short.index.is_some()
	}
}

/// What happened to the positions of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideChange {
	/// Contracts by which positions grew. Not negative.
	pub opened: Quantity,
	/// Contracts by which positions shrank. Not negative.
	pub closed: Quantity,
	/// Positions that are new.
	pub joined: u32,
	/// Positions that are gone.
	pub left: u32,
	/// Money of folds that touches have brought into accounts. Not negative.
	pub brought: Usd,
}

impl SideChange {
	/// Whether nothing happened.
	pub fn is_nothing(&self) -> bool {
		*self == Self::default()
	}

	/// This and then that.
	pub fn and(self, other: Self) -> Result<Self, ArithmeticError> {
		let count = |a: u32, b: u32| a.checked_add(b).ok_or(ArithmeticError::Overflow);
		Ok(Self {
			opened: self.opened.checked_add(other.opened)?,
			closed: self.closed.checked_add(other.closed)?,
			joined: count(self.joined, other.joined)?,
			left: count(self.left, other.left)?,
			brought: self.brought.checked_add(other.brought)?,
		})
	}
}

/// The magnitude of a quantity that is not negative.
pub(crate) fn magnitude(quantity: Quantity) -> Result<u128, ArithmeticError> {
	u128::try_from(quantity.into_inner()).map_err(|_| ArithmeticError::Underflow)
}

/// A position brought up to date by the side it stands on: signed quantity, and the money that a long
/// receives or a short pays (not negative). `ended` says how an epoch of the side ended.
/// [`ArithmeticError`] for a position that is ahead of its side, or an epoch that is not known.
pub fn folded(
	quantity: Quantity,
	index: Option<FoldIndex>,
	sides: &Sides,
	ended: impl Fn(Side, u32) -> Option<EndedEpoch>,
) -> Result<(Quantity, Usd), ArithmeticError> {
	let side = Side::of(quantity);
	let state = sides.side(side);
	if state.index == index || quantity.is_zero() {
		return Ok((quantity, Usd::ZERO));
	}
	let position = fold::Position {
		quantity: magnitude(quantity.checked_abs()?)?,
		index: FoldIndex::kernel(index),
	};
	let kernel = state.kernel(side)?;
	let folded =
		kernel.fold(&position, |epoch| ended(side, epoch).map(Into::into)).map_err(arithmetic)?;
	let money = i128::try_from(folded.money).map_err(|_| ArithmeticError::Overflow)?;
	Ok((side.signed(folded.quantity)?, Usd::from_inner(money)))
}
