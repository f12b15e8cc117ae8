//! A clearing house of a few lines, and the pool. Their ledger is in storage, so that what fails leaves nothing
//! behind in it either.

use super::*;
use ballast_primitives::{AccountHealth, OptionKind, Series, SeriesId, SeriesState, UnderlyingId};
use ballast_traits::{InspectAccounts, MutateAccounts, MutualPool};
use sp_runtime::{DispatchError, DispatchResult};

/// The clearing house and the pool.
pub struct House;

/// A position: contracts, and what covers them, units of the underlying or cash, in 18 decimals.
type Held = (SeriesId, Quantity, i128);

pub fn cash(who: AccountId) -> Usd {
	get(&format!("cash:{who}"))
}

pub fn set_cash(who: AccountId, amount: Usd) {
	put(&format!("cash:{who}"), amount);
}

fn add_cash(who: AccountId, amount: Usd) -> DispatchResult {
	set_cash(who, cash(who).checked_add(amount)?);
	Ok(())
}

fn units_of(who: AccountId, asset: AssetId) -> Quantity {
	get(&format!("units:{who}:{}", asset))
}

fn add_units(who: AccountId, asset: AssetId, change: Quantity) -> DispatchResult {
	let after = units_of(who, asset).checked_add(change)?;
	if after.is_negative() {
		return Err(DispatchError::Other("InsufficientCollateral"));
	}
	put(&format!("units:{who}:{}", asset), after);
	Ok(())
}

fn book(who: AccountId) -> Vec<Held> {
	get(&format!("positions:{who}"))
}

fn set_book(who: AccountId, mut book: Vec<Held>) {
	book.retain(|(_, quantity, cover)| !quantity.is_zero() || *cover != 0);
	book.sort_by_key(|(id, ..)| *id);
	put(&format!("positions:{who}"), book);
}

/// Contracts that somebody holds of a series.
pub fn position(who: AccountId, id: SeriesId) -> Quantity {
	let held = book(who).into_iter().find(|(series, ..)| *series == id);
	held.map_or(Quantity::ZERO, |(_, quantity, _)| quantity)
}

/// What is locked behind somebody's positions: units of the underlying, or cash, in 18 decimals.
pub fn covers(who: AccountId, kind: OptionKind) -> i128 {
	let of_kind = |id| series(id).is_some_and(|series| series.kind == kind);
	book(who).into_iter().filter(|(id, ..)| of_kind(*id)).map(|(.., cover)| cover).sum()
}

/// What everybody begins with; noted, so that nothing can come out of nothing later.
pub fn endow(who: AccountId) {
	let quantity = contracts(PLENTY);
	set_cash(who, usd(PLENTY));
	put("total:cash", get::<Usd>("total:cash").checked_add(usd(PLENTY)).unwrap());
	for (id, ..) in MARKETS {
		add_units(who, asset(id), quantity).unwrap();
		let key = format!("total:{}", id.0);
		put(&key, get::<Quantity>(&key).checked_add(quantity).unwrap());
	}
	let mut all: Vec<AccountId> = get("accounts");
	all.push(who);
	put("accounts", all);
}

/// Interest on somebody's cash comes out of nowhere.
pub fn earn(who: AccountId, amount: Usd) {
	add_cash(who, amount).unwrap();
	put("total:cash", get::<Usd>("total:cash").checked_add(amount).unwrap());
}

/// Whether the margin rule refuses this account.
pub fn set_below_margin(who: AccountId) {
	put(&format!("below:{who}"), true);
}

/// Whether the account has no room for another asset.
pub fn set_full(who: AccountId, full: bool) {
	put(&format!("full:{who}"), full);
}

/// The ledger refuses trades.
pub fn set_refusing_trades() {
	put("refusing", true);
}

/// What the pool bids for a contract of any series; nothing by default.
pub fn set_bid(bid: Option<Price>) {
	put("bid", bid);
}

/// The pool has not the capital.
pub fn set_pool_exhausted() {
	put("exhausted", true);
}

/// All cash and units are those at the start; what settlement has rounded away stays with the house.
pub fn assert_conserved() {
	let mut all: Vec<AccountId> = get("accounts");
	for id in 0..crate::NextVaultId::<Test>::get() {
		all.extend([OptionVaults::working_account(id), OptionVaults::waiting_account(id)]);
	}
	let money: i128 =
		all.iter().map(|who| cash(*who).into_inner() + covers(*who, OptionKind::Put)).sum();
	assert_eq!(money + rounded("cash"), get::<Usd>("total:cash").into_inner());
	for (id, ..) in MARKETS {
		let locked = |who: &AccountId| -> i128 {
			let of = |held: &&Held| {
				series(held.0).is_some_and(|series| {
					series.underlying == id && series.kind == OptionKind::Call
				})
			};
			book(*who).iter().filter(of).map(|(.., cover)| cover).sum()
		};
		let sum: i128 =
			all.iter().map(|who| units_of(*who, asset(id)).into_inner() + locked(who)).sum();
		let total = get::<Quantity>(&format!("total:{}", id.0)).into_inner();
		assert_eq!(sum + rounded(&id.0.to_string()), total);
	}
}

/// What the house owes to longs of settled positions, and what it has rounded away.
fn rounded(what: &str) -> i128 {
	get(&format!("house:{what}"))
}

fn take(what: &str, amount: i128) {
	put(&format!("house:{what}"), rounded(what) + amount);
}

/// Brings a cover to what it must be; cash or units pay for it, or receive what is released.
fn cover(who: AccountId, series: &Series, held: &mut Held, secured: bool) -> DispatchResult {
	let short = Quantity::from_inner((-held.1.into_inner()).max(0));
	match series.kind {
		OptionKind::Call => {
			let change = held.2 - short.into_inner();
			held.2 = short.into_inner();
			add_units(who, asset(series.underlying), Quantity::from_inner(change))
		}
		OptionKind::Put if secured => {
			let need = series.strike.value_ceil(short)?.into_inner();
			let change = held.2 - need;
			held.2 = need;
			if change < 0 && cash(who).into_inner() + change < 0 {
				return Err(DispatchError::Other("InsufficientCash"));
			}
			add_cash(who, Usd::from_inner(change))
		}
		OptionKind::Put => Ok(()),
	}
}

fn change_position(who: AccountId, id: SeriesId, change: Quantity) -> DispatchResult {
	let series = series(id).ok_or(DispatchError::Other("SeriesUnknown"))?;
	if series.state != SeriesState::Live {
		return Err(DispatchError::Other("SeriesExpired"));
	}
	let mut all = book(who);
	let place = all.iter().position(|(held, ..)| *held == id).unwrap_or_else(|| {
		all.push((id, Quantity::ZERO, 0));
		all.len() - 1
	});
	all[place].1 = all[place].1.checked_add(change)?;
	let secured = all[place].2 > 0;
	cover(who, &series, &mut all[place], secured)?;
	set_book(who, all);
	Ok(())
}

/// Settles a position: shorts pay out of their cover, rounded up; longs receive, rounded down.
fn settle(who: AccountId, series: &Series, held: &Held) -> DispatchResult {
	let SeriesState::Settled { price, payoff } = series.state else { return Ok(()) };
	let (_, quantity, locked) = *held;
	let size = quantity.checked_abs()?;
	let (each_owed, each_due) = match series.kind {
		OptionKind::Put => (payoff, payoff),
		OptionKind::Call if payoff.is_zero() => (payoff, payoff),
		OptionKind::Call => (
			Price::from_inner(series.payoff_units(price, true)?.into_inner()),
			Price::from_inner(series.payoff_units(price, false)?.into_inner()),
		),
	};
	let change = if quantity.is_negative() {
		locked - each_owed.value_ceil(size)?.into_inner()
	} else {
		each_due.value_floor(size)?.into_inner()
	};
	let moved = change - locked;
	match series.kind {
		OptionKind::Put => {
			take("cash", -moved);
			add_cash(who, Usd::from_inner(change))
		}
		OptionKind::Call => {
			take(&series.underlying.0.to_string(), -moved);
			add_units(who, asset(series.underlying), Quantity::from_inner(change))
		}
	}
}

/// The margin rule of this house: cash is never below nothing.
fn ensure_margin(who: AccountId) -> DispatchResult {
	if get(&format!("below:{who}")) || cash(who).is_negative() {
		return Err(DispatchError::Other("BelowInitialMargin"));
	}
	Ok(())
}

impl InspectAccounts<AccountId> for House {
	fn cash(who: &AccountId) -> Usd {
		cash(*who)
	}
	fn decimals(asset: AssetId) -> u8 {
		decimals(asset)
	}
	fn units(who: &AccountId, asset: AssetId) -> Quantity {
		units_of(*who, asset)
	}
	fn positions(who: &AccountId) -> Vec<(SeriesId, Quantity)> {
		book(*who).into_iter().map(|(id, quantity, _)| (id, quantity)).collect()
	}
	fn health(_: &AccountId) -> Result<AccountHealth, DispatchError> {
		panic!("vaults do not ask for health")
	}
	fn healths(_: &[AccountId]) -> Vec<Result<AccountHealth, DispatchError>> {
		panic!("vaults do not ask for health")
	}
	fn withdrawable(_: &AccountId) -> Result<Usd, DispatchError> {
		panic!("vaults do not ask what may leave")
	}
	fn has_lots(_: &AccountId) -> bool {
		panic!("vaults do not ask for lots")
	}
	fn next_after(_: Option<&AccountId>) -> Option<AccountId> {
		panic!("vaults do not iterate accounts")
	}
	fn stress_loss(_: &AccountId, _: Option<(SeriesId, Quantity)>) -> Result<Usd, DispatchError> {
		panic!("vaults do not ask for risk")
	}
	fn collaterals(_: &AccountId) -> Vec<UnderlyingId> {
		panic!("vaults do not ask for collateral")
	}
	fn unusable(_: &AccountId) -> Vec<UnderlyingId> {
		panic!("vaults do not ask for what is unusable")
	}
}

impl MutateAccounts<AccountId> for House {
	fn touch_weight() -> frame_support::weights::Weight {
		frame_support::weights::Weight::from_parts(1_000_000, 0)
	}

	fn touch(who: &AccountId) -> DispatchResult {
		let mut left = Vec::new();
		for held in book(*who) {
			let series = series(held.0).ok_or(DispatchError::Other("SeriesUnknown"))?;
			match series.state {
				SeriesState::Settled { .. } => settle(*who, &series, &held)?,
				_ => left.push(held),
			}
		}
		set_book(*who, left);
		Ok(())
	}
	fn transfer(from: &AccountId, to: &AccountId, amount: Usd) -> DispatchResult {
		assert!(!amount.is_negative(), "transfers are not negative");
		add_cash(*from, amount.checked_neg()?)?;
		add_cash(*to, amount)
	}
	fn transfer_units(
		from: &AccountId,
		to: &AccountId,
		asset: AssetId,
		quantity: Quantity,
	) -> DispatchResult {
		assert!(!quantity.is_negative() && asset != QUOTE);
		if get(&format!("full:{to}")) {
			return Err(DispatchError::Other("TooManyCollaterals"));
		}
		add_units(*from, asset, quantity.checked_neg()?)?;
		add_units(*to, asset, quantity)
	}
	fn secure_put(who: &AccountId, id: SeriesId) -> DispatchResult {
		let series = series(id).ok_or(DispatchError::Other("SeriesUnknown"))?;
		let mut all = book(*who);
		let held = all.iter_mut().find(|(held, ..)| *held == id);
		let held = held.filter(|(_, quantity, _)| quantity.is_negative());
		let held = held.ok_or(DispatchError::Other("NotAShortPut"))?;
		assert_eq!(series.kind, OptionKind::Put);
		cover(*who, &series, held, true)?;
		set_book(*who, all);
		Ok(())
	}
	fn credit_deficit(_: &AccountId, _: Usd) -> DispatchResult {
		panic!("vaults have no deficit")
	}
	fn debit_deficit(_: &AccountId, _: Usd) -> DispatchResult {
		panic!("vaults have no deficit")
	}
	fn trade(
		buyer: &AccountId,
		seller: &AccountId,
		id: SeriesId,
		quantity: Quantity,
		premium: Usd,
	) -> DispatchResult {
		assert!(quantity.is_positive() && !premium.is_negative() && buyer != seller);
		if get("refusing") {
			return Err(DispatchError::Other("PositionCapExceeded"));
		}
		Self::transfer(buyer, seller, premium)?;
		change_position(*buyer, id, quantity)?;
		change_position(*seller, id, quantity.checked_neg()?)
	}
	fn transfer_portfolio(_: &AccountId, _: &AccountId, _: Ratio) -> DispatchResult {
		panic!("vaults are not liquidated")
	}
	fn deleverage(_: &AccountId, _: SeriesId, _: Quantity, _: Price) -> DispatchResult {
		panic!("vaults do not deleverage")
	}
	fn releasing<R>(
		who: &AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let result = change()?;
		ensure_margin(*who)?;
		Ok(result)
	}
	fn guarded<R>(
		who: &AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let result = change()?;
		ensure_margin(*who)?;
		Ok(result)
	}
}

impl MutualPool<AccountId> for House {
	fn pool_account() -> AccountId {
		POOL
	}
	fn insurance_account() -> AccountId {
		panic!("vaults do not ask for the insurance fund")
	}
	fn take_over<R>(
		_: Usd,
		_: impl FnOnce(&AccountId) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		panic!("vaults are not taken over")
	}
	fn bid(id: SeriesId, quantity: Quantity) -> Option<Price> {
		assert!(quantity.is_positive() && series(id).is_some());
		get("bid")
	}
	/// At the bid, rounded down, as the pool does.
	fn buy_from(
		seller: &AccountId,
		id: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
	) -> Result<Usd, DispatchError> {
		let bid = Self::bid(id, quantity).ok_or(DispatchError::Other("NotQuoted"))?;
		let premium = bid.value_floor(quantity)?;
		if premium < min_premium {
			return Err(DispatchError::Other("SlippageExceeded"));
		}
		if get("exhausted") {
			return Err(DispatchError::Other("PoolCapacityExceeded"));
		}
		Self::trade(&POOL, seller, id, quantity, premium)?;
		Ok(premium)
	}
	fn pay_keeper(_: &AccountId, _: Usd) -> Result<Usd, DispatchError> {
		panic!("vaults do not pay keepers")
	}
	fn collect_penalty(_: &AccountId, _: Usd) -> DispatchResult {
		panic!("vaults pay no penalties")
	}
}
