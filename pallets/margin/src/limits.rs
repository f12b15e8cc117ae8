//! How fast anything may leave the clearing house: a leaky bucket per asset and period, filled by withdrawals,
//! drained by time, as large as a governed share of the asset's time-weighted balance. Whoever finds a way to
//! take what is not theirs can take no more than that before somebody looks.

use crate::{
	pallet::{Holdings, Outflows},
	Config, Error, Pallet,
};
use ballast_primitives::{
	params::CashRules,
	time::{DAY, HOUR},
	AssetId, Moment, Price, Quantity, Ratio, Usd,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::{dispatch::DispatchResult, traits::Get};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, DispatchError};

/// What has left of one asset lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Outflow {
	/// Market time of the figures.
	pub at: Moment,
	/// Time-weighted balance: follows what is held with a day's delay, so that nobody raises the limit
	/// by a deposit just before.
	pub balance: Quantity,
	/// In the hourly bucket.
	pub hour: Quantity,
	/// In the daily bucket.
	pub day: Quantity,
	/// Exempt withdrawals, in an hourly bucket of their own.
	pub exempt: Quantity,
}

/// `whole x part / all`, for `part <= all`, rounded down.
fn portion(whole: Quantity, part: Moment, all: Moment) -> Result<Quantity, ArithmeticError> {
	let share = Price::from_int(part).share_of_floor(Price::from_int(all))?;
	whole.times_floor(share)
}

/// A limit of everything is none.
fn is_unlimited(rules: &CashRules) -> bool {
	rules.withdrawal_per_hour >= Ratio::ONE && rules.withdrawal_per_day >= Ratio::ONE
}

impl Outflow {
	/// The first figures of an asset.
	pub fn new(now: Moment, held: Quantity) -> Self {
		Self { at: now, balance: held, ..Self::default() }
	}

	/// Drained until `now`, while `held` was there.
	pub fn at(
		mut self,
		now: Moment,
		held: Quantity,
		rules: &CashRules,
	) -> Result<Self, ArithmeticError> {
		let elapsed = now.saturating_sub(self.at);
		let (hour, day) = self.sizes(rules)?;
		self.hour = drained(self.hour, hour, elapsed, HOUR)?;
		self.exempt = drained(self.exempt, hour, elapsed, HOUR)?;
		self.day = drained(self.day, day, elapsed, DAY)?;
		let gap = held.checked_sub(self.balance)?;
		let moved = portion(gap, elapsed, elapsed.saturating_add(DAY))?;
		self.balance = self.balance.checked_add(moved)?;
		self.at = self.at.max(now);
		Ok(self)
	}

	/// Sizes of the hourly and the daily bucket.
	fn sizes(&self, rules: &CashRules) -> Result<(Quantity, Quantity), ArithmeticError> {
		let of = |share: Ratio| self.balance.times_floor(share);
		Ok((of(rules.withdrawal_per_hour)?, of(rules.withdrawal_per_day)?))
	}

	/// What both buckets have room for.
	pub fn room(&self, rules: &CashRules) -> Result<Quantity, ArithmeticError> {
		let (hour, day) = self.sizes(rules)?;
		let left = hour.checked_sub(self.hour)?.min(day.checked_sub(self.day)?);
		Ok(left.max(Quantity::ZERO))
	}

	/// With a withdrawal; `None` if there is no room for it.
	pub fn with(
		mut self,
		quantity: Quantity,
		exempt: bool,
		rules: &CashRules,
	) -> Result<Option<Self>, ArithmeticError> {
		if quantity <= self.room(rules)? {
			self.hour = self.hour.checked_add(quantity)?;
			self.day = self.day.checked_add(quantity)?;
			return Ok(Some(self));
		}
		let (hour, _) = self.sizes(rules)?;
		self.exempt = self.exempt.checked_add(quantity)?;
		Ok((exempt && self.exempt <= hour).then_some(self))
	}
}

/// What is left in a bucket of this size after some time.
fn drained(
	filled: Quantity,
	size: Quantity,
	elapsed: Moment,
	period: Moment,
) -> Result<Quantity, ArithmeticError> {
	let gone = portion(size, elapsed.min(period), period)?;
	Ok(filled.checked_sub(gone)?.max(Quantity::ZERO))
}

impl<T: Config> Pallet<T> {
	/// The figures of an asset now.
	fn outflow(asset: AssetId, rules: &CashRules) -> Result<Outflow, DispatchError> {
		let held = Holdings::<T>::get(asset).map(|holding| holding.total).unwrap_or_default();
		let now = T::Market::now();
		match Outflows::<T>::get(asset) {
			Some(outflow) => Ok(outflow.at(now, held, rules)?),
			None => Ok(Outflow::new(now, held)),
		}
	}

	/// Notes that an asset is about to be deposited: what was there until now counts until now, so that
	/// a deposit raises no limit before time has passed. Only the first deposit of an asset counts at
	/// once.
	pub(crate) fn note_deposit(asset: AssetId, quantity: Quantity) -> DispatchResult {
		let now = T::Market::now();
		let outflow = match Outflows::<T>::get(asset) {
			Some(outflow) if outflow.at >= now => return Ok(()),
			Some(outflow) => outflow.at(now, Self::holding(asset).total, &T::Parameters::cash())?,
			None => Outflow::new(now, quantity),
		};
		Outflows::<T>::insert(asset, outflow);
		Ok(())
	}

	/// Books a withdrawal that is about to happen. Fails with `WithdrawalLimit` if too much has left
	/// lately.
	pub(crate) fn limit_withdrawal(asset: AssetId, quantity: Quantity) -> DispatchResult {
		let rules = T::Parameters::cash();
		if is_unlimited(&rules) {
			return Ok(());
		}
		let small =
			Self::value_of(asset, quantity)?.is_some_and(|value| value <= rules.withdrawal_exempt);
		let outflow = Self::outflow(asset, &rules)?.with(quantity, small, &rules)?;
		Outflows::<T>::insert(asset, outflow.ok_or(Error::<T>::WithdrawalLimit)?);
		Ok(())
	}

	/// Value of some of an asset; `None` at a price that is not usable.
	fn value_of(asset: AssetId, quantity: Quantity) -> Result<Option<Usd>, DispatchError> {
		if asset == T::QuoteAsset::get() {
			return Ok(Some(Usd::from_inner(quantity.into_inner())));
		}
		let market = T::Series::underlying_of(asset).and_then(T::Market::state);
		let Some(market) = market.filter(|market| market.is_usable()) else { return Ok(None) };
		Ok(Some(market.spot.value_ceil(quantity)?))
	}

	/// How much of an asset may leave the clearing house now, whoever takes it, before the limit.
	pub fn withdrawal_room(asset: AssetId) -> Result<Quantity, DispatchError> {
		let rules = T::Parameters::cash();
		if is_unlimited(&rules) {
			return Ok(Self::holding(asset).total);
		}
		Ok(Self::outflow(asset, &rules)?.room(&rules)?)
	}
}
