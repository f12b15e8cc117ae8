//! What an account is: plain types that know nothing of the pallet.

use crate::CashMarket;
use ballast_math::interest::{Index, INDEX_ONE};
use ballast_primitives::{AssetId, FoldIndex, Quantity, SeriesId, Usd};
use frame_support::{traits::ConstU32, BoundedBTreeMap};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// Most option positions of one account.
pub const MAX_POSITIONS: u32 = 64;
/// Most collateral assets that an account may deposit.
pub const MAX_COLLATERALS: u32 = 8;
/// Assets that an account has room for: as many as underlyings may be listed, so that what an in-kind
/// series pays, or a cover that is released, always fits.
pub const MAX_ASSETS: u32 = 16;

/// What is locked behind a short position: segregated, not lent, never sold by a liquidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Cover {
	/// Cash behind a short put: the strike of every contract.
	Cash(Usd),
	/// Units of the underlying behind an in-kind call: as many as contracts.
	Units(Quantity),
}

/// What early exercise has left in a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Exercising {
	/// Contracts that are exercised at the next accepted tick. They cannot be sold.
	pub requested: Quantity,
	/// What exercised contracts are owed and shorts have not paid yet.
	pub claim: Usd,
}

/// One option position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Position {
	/// Contracts as of `index`; negative is short.
	pub quantity: Quantity,
	/// Where its side of the series was when the position was last touched; `None` where every side
	/// begins.
	pub index: Option<FoldIndex>,
	/// What covers it. An in-kind short always has one.
	pub cover: Option<Cover>,
	/// Early exercise, where there is any.
	pub exercising: Option<Exercising>,
}

impl Position {
	/// Contracts that wait for their exercise.
	pub fn requested(&self) -> Quantity {
		self.exercising.map_or(Quantity::ZERO, |exercising| exercising.requested)
	}

	/// What exercised contracts are still owed.
	pub fn claim(&self) -> Usd {
		self.exercising.map_or(Usd::ZERO, |exercising| exercising.claim)
	}

	/// Sets what early exercise has left.
	pub fn set_exercising(&mut self, requested: Quantity, claim: Usd) {
		let exercising = Exercising { requested, claim };
		self.exercising = (exercising != Exercising::default()).then_some(exercising);
	}

	/// Whether there is nothing in it: such a position is not stored.
	pub fn is_empty(&self) -> bool {
		self.quantity.is_zero() && self.cover.is_none() && self.exercising.is_none()
	}
}

/// Something more than an account has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A margin account: one value, bounded, so that checking it costs one read. Its cash is brought up to
/// date when it is loaded ([`StoredAccount`]), its positions when it is touched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Account {
	cash: Usd,
	collateral: BoundedBTreeMap<AssetId, Quantity, ConstU32<MAX_ASSETS>>,
	positions: BoundedBTreeMap<SeriesId, Position, ConstU32<MAX_POSITIONS>>,
}

impl Account {
	/// Signed cash, without what is locked as cover; negative is a loan.
	pub fn cash(&self) -> Usd {
		self.cash
	}

	/// Adds to cash (takes, if negative).
	pub fn change_cash(&mut self, change: Usd) -> Result<(), ArithmeticError> {
		self.cash = self.cash.checked_add(change)?;
		Ok(())
	}

	/// Units held of an asset, without what is locked as cover.
	pub fn collateral_of(&self, asset: AssetId) -> Quantity {
		self.collateral.get(&asset).copied().unwrap_or(Quantity::ZERO)
	}

	/// Sets the units held of an asset; nothing removes it.
	pub fn set_collateral(&mut self, asset: AssetId, quantity: Quantity) -> Result<(), Full> {
		if quantity.is_zero() {
			self.collateral.remove(&asset);
			return Ok(());
		}
		self.collateral.try_insert(asset, quantity).map(|_| ()).map_err(|_| Full)
	}

	/// Assets held, in order.
	pub fn collateral(&self) -> impl Iterator<Item = (AssetId, Quantity)> + '_ {
		self.collateral.iter().map(|(asset, quantity)| (*asset, *quantity))
	}

	/// A position; an empty one if there is none.
	pub fn position(&self, series: SeriesId) -> Position {
		self.positions.get(&series).copied().unwrap_or_default()
	}

	/// Contracts held of a series, as of the last touch.
	pub fn quantity_of(&self, series: SeriesId) -> Quantity {
		self.position(series).quantity
	}

	/// Sets a position; an empty one is removed.
	pub fn set_position(&mut self, series: SeriesId, position: Position) -> Result<(), Full> {
		if position.is_empty() {
			self.positions.remove(&series);
			return Ok(());
		}
		self.positions.try_insert(series, position).map(|_| ()).map_err(|_| Full)
	}

	/// Positions, in order of series.
	pub fn positions(&self) -> impl Iterator<Item = (SeriesId, Position)> + '_ {
		self.positions.iter().map(|(id, position)| (*id, *position))
	}

	/// Whether there is any option position.
	pub fn has_positions(&self) -> bool {
		!self.positions.is_empty()
	}

	/// Whether there is any collateral.
	pub fn has_collateral(&self) -> bool {
		!self.collateral.is_empty()
	}

	/// Nothing left: such an account is not stored.
	pub fn is_empty(&self) -> bool {
		self.cash.is_zero() && !self.has_positions() && !self.has_collateral()
	}
}

/// What one unit of cash has grown to: `mantissa x 2^doublings`, the mantissa with 96 fractional bits
/// in [1, 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CashIndex {
	mantissa: u128,
	doublings: u32,
}

impl Default for CashIndex {
	/// Nothing has grown yet.
	fn default() -> Self {
		Self { mantissa: INDEX_ONE, doublings: 0 }
	}
}

impl From<Index> for CashIndex {
	fn from(index: Index) -> Self {
		let (mantissa, doublings) = index.parts();
		Self { mantissa, doublings }
	}
}

impl CashIndex {
	/// In the numbers of the kernel; what no computation stores is one.
	pub fn kernel(self) -> Index {
		Index::from_parts(self.mantissa, self.doublings).unwrap_or(Index::ONE)
	}
}

/// An account as it lies in storage: its cash as of the index of whichever of loans and balances it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredAccount {
	account: Account,
	since: Option<CashIndex>,
}

impl StoredAccount {
	/// To be stored: `account` is up to date with `market`.
	pub fn new(account: Account, market: &CashMarket) -> Self {
		let index = market.index_of(account.cash);
		let since = (index != CashIndex::default() && !account.cash.is_zero()).then_some(index);
		Self { account, since }
	}

	/// Its cash now.
	pub fn cash_at(&self, market: &CashMarket) -> Usd {
		let since = self.since.unwrap_or_default();
		// Cash overflows nowhere below 1e20 quote units; a balance beyond that no longer grows.
		market.grown(self.account.cash, since).unwrap_or(self.account.cash)
	}

	/// With its cash as it is now.
	pub fn at(mut self, market: &CashMarket) -> Account {
		self.account.cash = self.cash_at(market);
		self.account
	}
}
