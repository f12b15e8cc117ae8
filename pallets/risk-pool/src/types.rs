//! What the pallet stores and shows. Nothing here knows of `Config`.

use alloc::vec::Vec;
use ballast_math::shares::{Claim, Fund};
use ballast_primitives::{arithmetic, Moment, Price, Quantity, Ratio, SeriesId, Usd, Volatility};
use frame_support::{pallet_prelude::*, BoundedBTreeMap};
use sp_runtime::{ArithmeticError, DispatchError};

/// Number under which a queued deposit or withdrawal is known.
pub type Ticket = u64;

/// Most levels of value per share at which withdrawals are told apart.
pub const MAX_LEVELS: u32 = 128;

/// Money that waits to be priced.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PendingDeposit<BlockNumber> {
	/// What was paid in.
	pub amount: Usd,
	/// Market time of the request: it is priced at a newer tick.
	pub requested_at: Moment,
	/// Block of the request: without risk in the pool it is priced in a later one.
	pub requested_in: BlockNumber,
}

/// Shares that wait to be paid.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct QueuedWithdrawal<BlockNumber> {
	/// Shares that left the earning set and are not paid yet.
	pub shares: Quantity,
	/// Their value at the request: the most that they are paid.
	pub value: Usd,
	/// Level of value per share at which they are counted in [`Cohorts`].
	pub level: u16,
	/// Market time after which they are paid.
	pub payable_at: Moment,
	/// Block of the request.
	pub requested_in: BlockNumber,
}

impl<BlockNumber> QueuedWithdrawal<BlockNumber> {
	/// As the mathematics sees it.
	pub(crate) fn claim(&self) -> Result<Claim, ArithmeticError> {
		claim(self.shares, self.value)
	}
}

/// Shares and their value, as a claim.
pub(crate) fn claim(shares: Quantity, value: Usd) -> Result<Claim, ArithmeticError> {
	Ok(Claim { shares: magnitude(shares.into_inner())?, value: magnitude(value.into_inner())? })
}

/// An amount that is not negative.
pub(crate) fn magnitude(amount: i128) -> Result<u128, ArithmeticError> {
	u128::try_from(amount).map_err(|_| ArithmeticError::Underflow)
}

/// A magnitude as quote currency.
pub(crate) fn usd(amount: u128) -> Result<Usd, ArithmeticError> {
	i128::try_from(amount).map(Usd::from_inner).map_err(|_| ArithmeticError::Overflow)
}

/// A magnitude as shares.
pub(crate) fn shares(amount: u128) -> Result<Quantity, ArithmeticError> {
	i128::try_from(amount).map(Quantity::from_inner).map_err(|_| ArithmeticError::Overflow)
}

/// Queued withdrawals of one level of value per share, together.
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
pub struct Cohort {
	/// Shares queued.
	pub shares: Quantity,
	/// Sum of their values at request.
	pub value: Usd,
}

impl Cohort {
	fn of(claim: Claim) -> Result<Self, ArithmeticError> {
		Ok(Self { shares: shares(claim.shares)?, value: usd(claim.value)? })
	}

	fn claim(&self) -> Result<Claim, ArithmeticError> {
		claim(self.shares, self.value)
	}
}

/// All queued withdrawals, added up by level of value per share. What claims are worth depends on the
/// price and the price on them; levels make that solvable without walking the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Cohorts(BoundedBTreeMap<u16, Cohort, ConstU32<MAX_LEVELS>>);

impl Cohorts {
	/// Adds a claim; returns the level at which it counts. If all levels are taken that is the
	/// nearest one: claims are then overvalued, never undervalued.
	pub(crate) fn join(&mut self, claim: Claim) -> Result<u16, DispatchError> {
		let own = claim.level().map_err(arithmetic)?;
		let level = if self.0.contains_key(&own) || self.0.len() < MAX_LEVELS as usize {
			own
		} else {
			self.0.keys().copied().min_by_key(|level| level.abs_diff(own)).unwrap_or(own)
		};
		let all = self.get(level)?.checked_add(claim).map_err(arithmetic)?;
		self.set(level, all)?;
		Ok(level)
	}

	/// Takes a claim, or part of one, out of its level.
	pub(crate) fn leave(&mut self, level: u16, claim: Claim) -> Result<(), DispatchError> {
		let rest = self.get(level)?.checked_sub(claim).map_err(arithmetic)?;
		self.set(level, rest)
	}

	/// One claim per level.
	pub(crate) fn claims(&self) -> Result<Vec<Claim>, ArithmeticError> {
		self.0.values().map(Cohort::claim).collect()
	}

	/// Levels with what is queued at them.
	pub fn levels(&self) -> impl Iterator<Item = (u16, Cohort)> + '_ {
		self.0.iter().map(|(level, cohort)| (*level, *cohort))
	}

	fn get(&self, level: u16) -> Result<Claim, ArithmeticError> {
		self.0.get(&level).copied().unwrap_or_default().claim()
	}

	fn set(&mut self, level: u16, claim: Claim) -> Result<(), DispatchError> {
		if claim == Claim::default() {
			self.0.remove(&level);
			return Ok(());
		}
		let full = |_| DispatchError::Arithmetic(ArithmeticError::Overflow);
		self.0.try_insert(level, Cohort::of(claim)?).map_err(full)?;
		Ok(())
	}
}

/// How old the newest prices of everything that the pool has risk on are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ticks {
	/// The pool has no risk: its value does not depend on prices.
	NoRisk,
	/// Market time at which the oldest of them was accepted.
	Oldest(Moment),
}

/// Net asset value when it was last computed from usable prices.
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
pub struct NavRecord {
	/// Net asset value of the earning shares.
	pub nav: Usd,
	/// Market time at which it was computed.
	pub at: Moment,
}

/// Deficits that share one set of caps.
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
pub struct EventWindow {
	/// Market time of its first deficit.
	pub opened_at: Moment,
	/// Market time of its last deficit so far.
	pub last_deficit_at: Moment,
	/// Most that the insurance fund bears in it; fixed at the opening.
	pub insurance_cap: Usd,
	/// Most that the pool bears in it; fixed at the opening.
	pub pool_cap: Usd,
	/// What the insurance fund has borne in it.
	pub insurance_paid: Usd,
	/// What the pool has borne in it.
	pub pool_paid: Usd,
}

/// Who bears a loss.
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
pub enum WaterfallStep {
	/// The insurance fund.
	InsuranceFund,
	/// The mutual pool.
	Pool,
}

/// Requirements that the pool took over from auctions since a moment.
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
pub struct TakenOver {
	/// Market time at which the count began.
	pub since: Moment,
	/// Sum of the maintenance requirements.
	pub requirement: Usd,
}

/// What the pool asks and bids for an option now, term by term. Prices are per contract.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Quote {
	/// Value at today's spot and volatility.
	pub mark: Price,
	/// Volatility that mark was computed with.
	pub volatility: Volatility,
	/// Units of the underlying that one contract moves like; negative for puts.
	pub delta: Quantity,
	/// Change of value per 1.00 of volatility (a hundred points).
	pub vega: Usd,
	/// Spread that the share of mark asks for.
	pub spread_of_mark: Price,
	/// Spread that the volatility points times vega ask for.
	pub spread_of_volatility: Price,
	/// Spread that the share of spot asks for.
	pub spread_of_spot: Price,
	/// The greatest of the three: what is charged on either side of mark.
	pub spread: Price,
	/// What a buyer pays for one contract.
	pub ask: Price,
	/// What a seller receives for one contract.
	pub bid: Price,
	/// Premium of buying the quantity asked for: the least `max_premium` that `buy` accepts now.
	pub buy_premium: Usd,
	/// Premium of selling it: the greatest `min_premium` that `sell` accepts now.
	pub sell_premium: Usd,
	/// Whether the pool's capital lets it sell that quantity to a buyer.
	pub can_buy: bool,
	/// Whether the pool's capital lets it buy that quantity from a seller.
	pub can_sell: bool,
}

/// The mutual pool, the insurance fund and the deficit account.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PoolView {
	/// Whether every price that the pool depends on is usable: if not, values are of the last
	/// prices, and nothing is priced or paid at them.
	pub priced: bool,
	/// Equity of the pool's account: cash and mark of positions.
	pub equity: Usd,
	/// What queued withdrawals are worth now.
	pub claims: Usd,
	/// Net asset value of the earning shares: equity less claims.
	pub nav: Usd,
	/// Earning shares.
	pub shares: Quantity,
	/// Price of a share: `(nav + v) / (shares + v)`.
	pub price: Price,
	/// Capital that carries risk: net asset value, with unusable legs at their worst.
	pub capital: Usd,
	/// Worst loss of the pool's book over the governed scenarios.
	pub stress_loss: Usd,
	/// Stress loss over the most that is allowed; `None` without capital.
	pub utilisation: Option<Ratio>,
	/// Cash of the insurance fund.
	pub insurance_fund: Usd,
	/// What the waterfall has credited and nobody has paid yet; never positive.
	pub deficit_account: Usd,
	/// Whether deposits and withdrawals wait because of it.
	pub withdrawals_blocked: bool,
	/// The open event window.
	pub window: Option<EventWindow>,
	/// Deposits that wait to be priced.
	pub queued_deposits: u32,
	/// Withdrawals that wait to be paid.
	pub queued_withdrawals: u32,
}

/// A provider's queued deposit or withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct QueuedView {
	/// Number by which it is cancelled.
	pub ticket: Ticket,
	/// Shares queued; none for a deposit.
	pub shares: Quantity,
	/// Amount deposited, or value of the shares at the request.
	pub value: Usd,
	/// Market time after which it is executed.
	pub after: Moment,
}

/// What one provider has in the pool.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ProviderView {
	/// Earning shares.
	pub shares: Quantity,
	/// Their value now; `None` while prices are not usable.
	pub value: Option<Usd>,
	/// Deposits that wait to be priced.
	pub deposits: Vec<QueuedView>,
	/// Withdrawals that wait to be paid.
	pub withdrawals: Vec<QueuedView>,
}

/// The accounts of the clearing house that this pallet owns.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct OwnAccounts<AccountId> {
	/// The mutual pool.
	pub pool: AccountId,
	/// The insurance fund.
	pub insurance: AccountId,
	/// Money that waits to be priced.
	pub queue: AccountId,
}

/// Which way the user trades with the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
	/// The user buys, the pool sells.
	Buy,
	/// The user sells, the pool buys.
	Sell,
}

impl Side {
	/// Change of the user's position.
	pub(crate) fn of_user(self, quantity: Quantity) -> Result<Quantity, ArithmeticError> {
		match self {
			Self::Buy => Ok(quantity),
			Self::Sell => quantity.checked_neg(),
		}
	}

	/// Change of the pool's position.
	pub(crate) fn of_pool(self, quantity: Quantity) -> Result<Quantity, ArithmeticError> {
		self.of_user(quantity)?.checked_neg()
	}
}

/// Price of a share of a fund, rounded down.
pub(crate) fn share_price(fund: &Fund) -> Result<Price, ArithmeticError> {
	fund.price_floor().map(Price::from_inner).map_err(arithmetic)
}

/// A series and quantity, as a change of a book.
pub(crate) type Change = (SeriesId, Quantity);
