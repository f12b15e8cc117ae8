//! What an account is: plain types that know nothing of the pallet.

use ballast_primitives::{AssetId, Moment, Quantity, SeriesId, UnderlyingId, Usd};
use frame_support::{traits::ConstU32, BoundedBTreeMap, BoundedBTreeSet};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

use alloc::vec::Vec;

/// Most option positions of one account.
pub const MAX_POSITIONS: u32 = 64;
/// Most collateral assets of one account.
pub const MAX_COLLATERALS: u32 = 8;
/// Most distinct expiries with positions that are not settled.
pub const MAX_EXPIRIES: u32 = 256;

/// One option position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Position {
	/// Contracts; negative is short. Never zero in storage.
	pub quantity: Quantity,
}

/// Something more than an account has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A margin account: one value, bounded, so that checking it costs one read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Account {
	cash: Usd,
	collateral: BoundedBTreeMap<AssetId, Quantity, ConstU32<MAX_COLLATERALS>>,
	positions: BoundedBTreeMap<SeriesId, Position, ConstU32<MAX_POSITIONS>>,
}

impl Account {
	/// Signed cash; negative is a loan.
	pub fn cash(&self) -> Usd {
		self.cash
	}

	/// Adds to cash (takes, if negative).
	pub fn change_cash(&mut self, change: Usd) -> Result<(), ArithmeticError> {
		self.cash = self.cash.checked_add(change)?;
		Ok(())
	}

	/// Units held of an asset.
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

	/// Contracts held of a series.
	pub fn quantity_of(&self, series: SeriesId) -> Quantity {
		self.positions.get(&series).map_or(Quantity::ZERO, |position| position.quantity)
	}

	/// Sets the contracts held of a series; nothing removes the position.
	pub fn set_quantity(&mut self, series: SeriesId, quantity: Quantity) -> Result<(), Full> {
		if quantity.is_zero() {
			self.positions.remove(&series);
			return Ok(());
		}
		self.positions.try_insert(series, Position { quantity }).map(|_| ()).map_err(|_| Full)
	}

	/// Positions, in order of series.
	pub fn positions(&self) -> impl Iterator<Item = (SeriesId, Quantity)> + '_ {
		self.positions.iter().map(|(series, position)| (*series, position.quantity))
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

/// What the ledger holds of one asset for all accounts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Holding {
	/// Decimals of the asset when it was first deposited: a later change of its metadata must not
	/// change what deposits are worth.
	pub decimals: u8,
	/// Sum of deposits less withdrawals. The custody account may hold more (unsolicited
	/// transfers), never less.
	pub total: Quantity,
}

/// Progress of the settlement of one series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settling {
	/// What shorts have really paid so far.
	pub collected: Usd,
	/// What longs have received so far.
	pub paid: Usd,
	/// Contracts of longs not paid yet.
	pub longs_open: Quantity,
	/// Contracts of shorts that have not paid yet.
	pub shorts_open: Quantity,
}

/// Expiries with positions.
pub type Expiries = BoundedBTreeSet<Moment, ConstU32<MAX_EXPIRIES>>;

/// A pass of the settlement sweep over all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pass<AccountId> {
	/// It settles what expired up to here.
	pub until: Moment,
	/// The account visited last.
	pub after: Option<AccountId>,
	/// Whether it met a position that could not be settled yet: another pass must follow.
	pub unfinished: bool,
}

/// An account as the runtime API shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountView {
	/// Signed cash; negative is a loan.
	pub cash: Usd,
	/// Units held of each collateral asset.
	pub collateral: Vec<(AssetId, Quantity)>,
	/// Contracts held of each series; negative is short.
	pub positions: Vec<(SeriesId, Quantity)>,
}

impl From<Account> for AccountView {
	fn from(account: Account) -> Self {
		Self {
			cash: account.cash(),
			collateral: account.collateral().collect(),
			positions: account.positions().collect(),
		}
	}
}

/// Value and requirement of an account's holdings on one underlying, term by term.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnderlyingRequirement {
	/// The underlying.
	pub underlying: UnderlyingId,
	/// Whether its prices may be used now. If not, there is no requirement and the value is known
	/// only to lie between `least` and `greatest`.
	pub usable: bool,
	/// Mark of the collateral units.
	pub collateral: Usd,
	/// Mark of the options, long minus short.
	pub options: Usd,
	/// Least value of both over the last price plus and minus the scan cap; their mark if usable.
	pub least: Usd,
	/// Greatest value of both over the same range; their mark if usable.
	pub greatest: Usd,
	/// Worst weighted loss over the scenarios at the maintenance range, before any cap.
	pub loss: Usd,
	/// Scan part of maintenance margin.
	pub scan_maintenance: Usd,
	/// Scan part of initial margin.
	pub scan_initial: Usd,
	/// The most that these holdings can lose, where that is bounded.
	pub greatest_loss: Option<Usd>,
	/// Short contingency of maintenance margin.
	pub contingency_maintenance: Usd,
	/// What initial margin adds to it.
	pub contingency_initial: Usd,
	/// Maintenance margin.
	pub maintenance: Usd,
	/// Initial margin.
	pub initial: Usd,
	/// Index of the worst scenario at the maintenance range.
	pub binding_maintenance: u8,
	/// Index of the worst scenario at the initial range.
	pub binding_initial: u8,
}

/// The money identity: `held = cash + claims + deficit + residue`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct IdentityReport {
	/// Quote currency that the ledger holds.
	pub held: Usd,
	/// Signed cash of all accounts.
	pub cash: Usd,
	/// Settled series: payoff times (longs not paid - shorts that have not paid).
	pub claims: Usd,
	/// Balance of the deficit account, never positive.
	pub deficit: Usd,
	/// What roundings have left with the house, never negative.
	pub residue: Usd,
	/// Roundings so far: the residue is at most one unit (1e-18) of each, and one per series that
	/// is being settled.
	pub roundings: u64,
	/// Quote currency in the custody account beyond `held`: unsolicited transfers.
	pub surplus: Usd,
}
