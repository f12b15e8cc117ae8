//! A small clearing ledger, and a house over it: the mutual pool, the insurance fund and the waterfall.

use super::{FUND, POOL};
use ballast_primitives::{
	AccountHealth, AccountStatus, AssetId, Moment, Price, Quantity, Ratio, SeriesId, UnderlyingId,
	Usd,
};
use ballast_traits::{CoverDeficit, InspectAccounts, MutateAccounts, MutualPool};
use frame_support::{
	dispatch::DispatchResult, pallet_prelude::ValueQuery, storage_alias, Twox64Concat,
};
use parity_scale_codec::{Decode, Encode};
use sp_runtime::{ArithmeticError, DispatchError};

/// One underlying's part of an account.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Leg {
	pub underlying: UnderlyingId,
	pub is_collateral: bool,
	pub value: Usd,
	pub requirement: Usd,
}

/// An account of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Book {
	pub cash: Usd,
	pub legs: Vec<Leg>,
	/// What the next touch adds to cash.
	pub expired: Usd,
}

#[storage_alias]
pub type Books = StorageMap<TestLedger, Twox64Concat, u64, Book, ValueQuery>;
#[storage_alias]
pub type Unusable = StorageValue<TestLedger, Vec<UnderlyingId>, ValueQuery>;
#[storage_alias]
pub type Refusing = StorageValue<TestLedger, Vec<u64>, ValueQuery>;
#[storage_alias]
pub type Broken = StorageValue<TestLedger, Vec<u64>, ValueQuery>;
#[storage_alias]
pub type Now = StorageValue<TestLedger, Moment, ValueQuery>;
#[storage_alias]
pub type PoolCapacity = StorageValue<TestLedger, Usd, ValueQuery>;
#[storage_alias]
pub type Uncovered = StorageValue<TestLedger, Usd, ValueQuery>;
#[storage_alias]
pub type TicksAccepted = StorageValue<TestLedger, u32, ValueQuery>;

pub fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

pub fn sum(amounts: impl IntoIterator<Item = Usd>) -> Usd {
	amounts.into_iter().fold(Usd::ZERO, |sum, amount| sum.checked_add(amount).unwrap())
}

/// The clearing ledger.
pub struct Ledger;

impl Ledger {
	fn is_usable(leg: &Leg) -> bool {
		!Unusable::get().contains(&leg.underlying)
	}

	/// Best and worst value of what has no usable price: anything from nothing to twice the last.
	fn uncertainty(book: &Book) -> Usd {
		sum(book
			.legs
			.iter()
			.filter(|leg| !Self::is_usable(leg))
			.map(|leg| leg.value.checked_abs().unwrap()))
	}

	fn status(health: &AccountHealth, known: bool) -> AccountStatus {
		if known {
			return match health.equity {
				equity if equity.is_negative() => AccountStatus::Bankrupt,
				equity if equity < health.maintenance => AccountStatus::Liquidatable,
				equity if equity < health.initial => AccountStatus::BelowInitial,
				_ => AccountStatus::Safe,
			};
		}
		if health.excess_best.checked_add(health.maintenance).unwrap().is_negative() {
			AccountStatus::Bankrupt
		} else if health.excess_best.is_negative() {
			AccountStatus::Liquidatable
		} else if health.excess_worst.is_negative() {
			AccountStatus::Unknown
		} else {
			AccountStatus::Safe
		}
	}

	fn receive(book: &mut Book, moved: Leg) {
		let same = |leg: &&mut Leg| {
			leg.underlying == moved.underlying && leg.is_collateral == moved.is_collateral
		};
		match book.legs.iter_mut().find(same) {
			Some(leg) => {
				leg.value = leg.value.checked_add(moved.value).unwrap();
				leg.requirement = leg.requirement.checked_add(moved.requirement).unwrap();
			}
			None => book.legs.push(moved),
		}
	}

	/// All cash and what the waterfall has not found yet: constant, whatever is traded.
	pub fn total_cash() -> Usd {
		sum(Books::iter().map(|(_, book)| book.cash)).checked_sub(Uncovered::get()).unwrap()
	}
}

impl InspectAccounts<u64> for Ledger {
	fn health(who: &u64) -> Result<AccountHealth, DispatchError> {
		if Broken::get().contains(who) {
			return Err(ArithmeticError::Overflow.into());
		}
		let book = Books::get(who);
		let value_of = |collateral: bool| {
			sum(book.legs.iter().filter(|leg| leg.is_collateral == collateral).map(|leg| leg.value))
		};
		let (collateral, options) = (value_of(true), value_of(false));
		let equity = sum([book.cash, collateral, options]);
		// What is on unusable prices has no requirement.
		let maintenance =
			sum(book.legs.iter().filter(|leg| Self::is_usable(leg)).map(|leg| leg.requirement));
		let uncertainty = Self::uncertainty(&book);
		let mut health = AccountHealth {
			status: AccountStatus::Safe,
			equity,
			initial: maintenance.times_ceil(Ratio::from_percent(125))?,
			maintenance,
			cash: book.cash,
			collateral,
			options,
			excess_best: equity.checked_add(uncertainty)?.checked_sub(maintenance)?,
			excess_worst: equity.checked_sub(uncertainty)?.checked_sub(maintenance)?,
		};
		let known = Self::unusable(who).is_empty();
		health.status = Self::status(&health, known);
		Ok(health)
	}
	fn healths(who: &[u64]) -> Vec<Result<AccountHealth, DispatchError>> {
		who.iter().map(Self::health).collect()
	}
	fn cash(who: &u64) -> Usd {
		Books::get(who).cash
	}
	fn decimals(_: AssetId) -> u8 {
		panic!("a liquidation does not ask for it")
	}
	fn units(_: &u64, _: AssetId) -> Quantity {
		panic!("a liquidation does not ask for it")
	}
	fn withdrawable(_: &u64) -> Result<Usd, DispatchError> {
		panic!("a liquidation does not ask for it")
	}
	fn positions(who: &u64) -> Vec<(SeriesId, Quantity)> {
		let book = Books::get(who);
		let options = book.legs.iter().filter(|leg| !leg.is_collateral);
		options.map(|leg| (SeriesId(leg.underlying.0.into()), Quantity::ONE)).collect()
	}
	fn has_lots(who: &u64) -> bool {
		!Books::get(who).legs.is_empty()
	}
	fn next_after(who: Option<&u64>) -> Option<u64> {
		match who {
			None => Books::iter_keys().next(),
			Some(who) => Books::iter_keys_from(Books::hashed_key_for(who)).next(),
		}
	}
	fn stress_loss(_: &u64, _: Option<(SeriesId, Quantity)>) -> Result<Usd, DispatchError> {
		panic!("a liquidation does not ask for it")
	}
	fn collaterals(_: &u64) -> Vec<UnderlyingId> {
		panic!("a liquidation does not ask for it")
	}
	fn unusable(who: &u64) -> Vec<UnderlyingId> {
		let book = Books::get(who);
		let legs = book.legs.iter().filter(|leg| !Self::is_usable(leg));
		legs.map(|leg| leg.underlying).collect()
	}
}

impl MutateAccounts<u64> for Ledger {
	fn touch_weight() -> frame_support::weights::Weight {
		frame_support::weights::Weight::from_parts(1_000_000, 0)
	}

	fn touch(who: &u64) -> DispatchResult {
		if !Books::contains_key(who) {
			return Ok(());
		}
		Books::try_mutate(who, |book| {
			let expired = core::mem::take(&mut book.expired);
			book.cash = book.cash.checked_add(expired)?;
			Ok(())
		})
	}
	fn transfer(from: &u64, to: &u64, amount: Usd) -> DispatchResult {
		assert!(!amount.is_negative(), "a transfer of a negative amount");
		if Refusing::get().contains(to) {
			return Err(DispatchError::Other("the receiver refuses"));
		}
		Books::try_mutate(from, |book| {
			book.cash = book.cash.checked_sub(amount)?;
			Ok::<_, DispatchError>(())
		})?;
		Books::try_mutate(to, |book| {
			book.cash = book.cash.checked_add(amount)?;
			Ok(())
		})
	}
	fn transfer_units(_: &u64, _: &u64, _: AssetId, _: Quantity) -> DispatchResult {
		panic!("a liquidation moves units with their portfolio")
	}
	fn secure_put(_: &u64, _: SeriesId) -> DispatchResult {
		panic!("a liquidation secures nothing")
	}
	fn credit_deficit(who: &u64, amount: Usd) -> DispatchResult {
		assert!(amount.is_positive(), "credits nothing");
		Books::try_mutate(who, |book| {
			book.cash = book.cash.checked_add(amount)?;
			Ok(())
		})
	}
	fn debit_deficit(_: &u64, _: Usd) -> DispatchResult {
		panic!("a liquidation does not repay the deficit account")
	}
	fn trade(_: &u64, _: &u64, _: SeriesId, _: Quantity, _: Usd) -> DispatchResult {
		panic!("a liquidation does not trade")
	}
	fn transfer_portfolio(from: &u64, to: &u64, share: Ratio) -> DispatchResult {
		assert!(from != to && !share.is_zero() && share <= Ratio::ONE);
		let (mut source, mut target) = (Books::get(from), Books::get(to));
		for leg in source.legs.iter_mut().filter(|leg| Self::is_usable(leg)) {
			let moved = Leg {
				value: leg.value.times_floor(share)?,
				requirement: leg.requirement.times_floor(share)?,
				..leg.clone()
			};
			leg.value = leg.value.checked_sub(moved.value)?;
			leg.requirement = leg.requirement.checked_sub(moved.requirement)?;
			Self::receive(&mut target, moved);
		}
		if share == Ratio::ONE {
			source.legs.retain(|leg| !Self::is_usable(leg));
		}
		Books::insert(from, source);
		Books::insert(to, target);
		Ok(())
	}
	fn deleverage(_: &u64, _: SeriesId, _: Quantity, _: Price) -> DispatchResult {
		panic!("a liquidation does not ask for it yet")
	}
	fn releasing<R>(
		_: &u64,
		_: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		panic!("a liquidation is no withdrawal")
	}
	fn guarded<R>(
		who: &u64,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let before = Self::health(who)?;
		let result = change()?;
		let after = Self::health(who)?;
		let room = |health: &AccountHealth, least: Usd| health.equity.checked_sub(least).unwrap();
		let no_worse = room(&after, after.maintenance) >= room(&before, before.maintenance)
			&& room(&after, after.initial) >= room(&before, before.initial)
			&& after.maintenance <= before.maintenance;
		if after.equity >= after.initial || no_worse {
			Ok(result)
		} else {
			Err(DispatchError::Other("BelowInitialMargin"))
		}
	}
}

/// The mutual pool, the insurance fund and the waterfall over the two.
pub struct House;

impl MutualPool<u64> for House {
	fn pool_account() -> u64 {
		POOL
	}
	fn insurance_account() -> u64 {
		FUND
	}
	fn take_over<R>(
		_requirement: Usd,
		take: impl FnOnce(&u64) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let result = take(&POOL)?;
		if Ledger::health(&POOL)?.maintenance > PoolCapacity::get() {
			return Err(DispatchError::Other("PoolCapacityExceeded"));
		}
		Ok(result)
	}
	fn bid(_: SeriesId, _: Quantity) -> Option<Price> {
		panic!("a liquidation does not ask for it")
	}
	fn buy_from(_: &u64, _: SeriesId, _: Quantity, _: Usd) -> Result<Usd, DispatchError> {
		panic!("a liquidation sells nothing to the pool at its quote")
	}
	fn pay_keeper(keeper: &u64, amount: Usd) -> Result<Usd, DispatchError> {
		let paid = amount.min(Ledger::cash(&FUND)).max(Usd::ZERO);
		Ledger::transfer(&FUND, keeper, paid)?;
		Ok(paid)
	}
	fn collect_penalty(from: &u64, amount: Usd) -> DispatchResult {
		Ledger::transfer(from, &FUND, amount)
	}
}

impl CoverDeficit<u64> for House {
	fn cover(defaulter: &u64, deficit: Usd) -> DispatchResult {
		assert!(deficit.is_positive(), "a deficit of nothing");
		let of_fund = deficit.min(Ledger::cash(&FUND)).max(Usd::ZERO);
		Ledger::transfer(&FUND, defaulter, of_fund)?;
		let open = deficit.checked_sub(of_fund)?;
		if !open.is_positive() {
			return Ok(());
		}
		Uncovered::put(Uncovered::get().checked_add(open)?);
		Ledger::credit_deficit(defaulter, open)
	}
	fn deficit_account() -> Usd {
		Uncovered::get().checked_neg().unwrap()
	}
	fn withdrawals_blocked() -> bool {
		panic!("a liquidation does not ask for it")
	}
	fn successor() -> u64 {
		FUND
	}
}
