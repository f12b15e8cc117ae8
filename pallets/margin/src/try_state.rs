//! The invariants of the README, checked over the whole state.

use crate::{
	arrays::Market,
	pallet::{
		Accounts, ExercisePots, ExerciseRequests, Holdings, OpenExpiries, Roundings, SeriesRisks,
		Settlements,
	},
	requirement::Rules,
	settlement::{claim_of, Payoff},
	types::IdentityReport,
	Account, Config, Cover, Pallet, Settling, StoredAccount,
};
use ballast_primitives::{
	units::quantity_from_amount, AssetId, OptionKind, Quantity, Series, SeriesId, SeriesState,
	Side, Usd,
};
use ballast_traits::{CoverDeficit, InspectMarket, InspectSeries};
use frame_support::{
	ensure,
	traits::{fungibles::Inspect as _, Contains, Get},
};
use sp_runtime::{DispatchError, TryRuntimeError};

use alloc::{collections::BTreeMap, vec::Vec};

/// What the accounts hold on one side of a series.
#[derive(Clone, Copy, Default)]
struct Held {
	/// Sum of positions as of now.
	folded: Quantity,
	/// Stored positions.
	holders: u32,
	/// Contracts that wait for their exercise.
	requested: u32,
}

/// Long and short side of a series over all accounts.
type BothSides = (Held, Held);

impl<T: Config> Pallet<T> {
	/// Checks every invariant. Iterates all accounts.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let accounts = Self::all_accounts();
		let sides = Self::held_sides(&accounts)?;
		Self::try_state_open_interest(&sides)?;
		Self::try_state_settlements(&sides)?;
		Self::try_state_quote()?;
		Self::try_state_collateral(&accounts)?;
		Self::try_state_custody()?;
		Self::try_state_accounts(&accounts)?;
		Self::try_state_expiries(&sides)?;
		Self::try_state_successor()?;
		Self::try_state_arrays()?;
		Self::try_state_covers(&accounts)?;
		Self::try_state_lending(&accounts)?;
		Self::try_state_exercise(&accounts)
	}

	/// Every account with its cash as it is now.
	fn all_accounts() -> Vec<Account> {
		let market = Self::cash_market();
		Accounts::<T>::iter_values().map(|stored: StoredAccount| stored.at(&market)).collect()
	}

	fn held_sides(accounts: &[Account]) -> Result<BTreeMap<SeriesId, BothSides>, DispatchError> {
		let mut all = BTreeMap::<SeriesId, BothSides>::new();
		for (id, position) in accounts.iter().flat_map(Account::positions) {
			let (long, short) = all.entry(id).or_default();
			let held = match Side::of(position.quantity) {
				Side::Long => long,
				Side::Short => short,
			};
			let (folded, _) = Self::folded(id, &position, &T::Series::sides(id))?;
			held.folded = held.folded.checked_add(folded.quantity.checked_abs()?)?;
			held.holders = held.holders.saturating_add(u32::from(!position.quantity.is_zero()));
			let requests = u32::from(position.requested().is_positive());
			held.requested = held.requested.saturating_add(requests);
		}
		Ok(all)
	}

	fn is_settled(series: &Series) -> bool {
		matches!(series.state, SeriesState::Settled { .. })
	}

	/// I1: in every series whose settlement has not begun, longs <= open interest <= shorts, equal where
	/// nothing was ever folded; the listing counts the positions.
	fn try_state_open_interest(all: &BTreeMap<SeriesId, BothSides>) -> Result<(), TryRuntimeError> {
		for (id, (long, short)) in all {
			ensure!(T::Series::series(*id).is_some(), "I1: a position in an unknown series");
			let sides = T::Series::sides(*id);
			ensure!(sides.long.total == sides.short.total, "I1: the listing's totals differ");
			ensure!(sides.long.holders == long.holders, "I1: holders of longs differ");
			ensure!(sides.short.holders == short.holders, "I1: holders of shorts differ");
			if Settlements::<T>::contains_key(id) {
				continue;
			}
			let open = sides.long.total;
			ensure!(long.folded <= open && open <= short.folded, "I1: open interest differs");
			let equal = long.folded == open && short.folded == open;
			ensure!(equal || sides.is_folded(), "I1: longs and shorts differ");
		}
		Ok(())
	}

	/// I2: a series that is being settled counts its positions (exactly, where nothing was ever folded),
	/// and longs have received no more than shorts have paid as long as a short has not paid.
	fn try_state_settlements(all: &BTreeMap<SeriesId, BothSides>) -> Result<(), TryRuntimeError> {
		for (id, settling) in Settlements::<T>::iter() {
			let (long, short) = all.get(&id).copied().unwrap_or_default();
			let sides = T::Series::sides(id);
			let equal = settling.longs_open == long.folded && settling.shorts_open == short.folded;
			ensure!(equal || sides.is_folded(), "I2: contracts open differ from positions");
			ensure!(settling.longs_open >= long.folded, "I2: longs open that are not counted");
			ensure!(
				sides.short.holders == 0 || settling.paid <= settling.collected,
				"I2: a winner was paid before the losers were found"
			);
			ensure!(
				T::Series::series(id).is_some_and(|series| Self::is_settled(&series)),
				"I2: a series is being settled that has no settlement price"
			);
		}
		Ok(())
	}

	/// I3: `held = cash + covers + claims + dues + fees + deficit + residue`, the residue between zero and
	/// one unit per rounding.
	fn try_state_quote() -> Result<(), TryRuntimeError> {
		let report = Self::do_check_identities()?;
		ensure!(!report.residue.is_negative(), "I3: the ledger owes more than it holds");
		let series = u64::try_from(Settlements::<T>::iter_keys().count()).unwrap_or(u64::MAX);
		let views = u64::from(report.accounts).saturating_add(series).saturating_mul(3);
		let most = Usd::from_inner(report.roundings.saturating_add(views).into());
		ensure!(report.residue <= most, "I3: money has no owner");
		ensure!(!report.deficit.is_positive(), "I3: the deficit account is positive");
		Ok(())
	}

	/// I4: of every other asset the ledger holds the collateral of all accounts, what covers in-kind
	/// shorts, and what settled series still owe; what remains is rounding.
	fn try_state_collateral(accounts: &[Account]) -> Result<(), TryRuntimeError> {
		let mut sums = BTreeMap::<AssetId, Quantity>::new();
		let mut add = |asset, units: Quantity| -> Result<(), DispatchError> {
			let sum = sums.entry(asset).or_default();
			*sum = sum.checked_add(units)?;
			Ok(())
		};
		for account in accounts {
			for (asset, units) in account.collateral() {
				ensure!(units.is_positive(), "I4: collateral is not positive");
				add(asset, units)?;
			}
			for (id, position) in account.positions() {
				if let Some(Cover::Units(units)) = position.cover {
					add(Self::asset_of(id)?, units)?;
				}
			}
		}
		for (id, settling) in Settlements::<T>::iter() {
			let Some(series) = T::Series::series(id).filter(Series::is_in_kind) else { continue };
			let Some(payoff) = Payoff::of(&series)? else { continue };
			let longs = claim_of(payoff, settling.longs_open)?;
			let shorts = claim_of(payoff, settling.shorts_open.checked_neg()?)?;
			let owed = longs.checked_add(shorts)?;
			add(Self::asset_of(id)?, Quantity::from_inner(owed.into_inner()))?;
		}
		let quote = T::QuoteAsset::get();
		ensure!(!sums.contains_key(&quote), "I4: quote currency as collateral");
		let most = Quantity::from_inner(Roundings::<T>::get().into());
		for (asset, holding) in Holdings::<T>::iter().filter(|(asset, _)| *asset != quote) {
			let residue = holding.total.checked_sub(sums.remove(&asset).unwrap_or_default())?;
			ensure!(!residue.is_negative(), "I4: collateral that is not held");
			ensure!(residue <= most, "I4: collateral has no owner");
		}
		ensure!(sums.is_empty(), "I4: collateral that was never deposited");
		Ok(())
	}

	fn asset_of(id: SeriesId) -> Result<AssetId, DispatchError> {
		let series = T::Series::series(id).ok_or("I4: a cover of an unknown series")?;
		Ok(T::Series::asset(series.underlying).ok_or("I4: a cover of an unknown asset")?)
	}

	/// I5: custody has at least what the ledger holds.
	fn try_state_custody() -> Result<(), TryRuntimeError> {
		for (asset, holding) in Holdings::<T>::iter() {
			ensure!(!holding.total.is_negative(), "I5: less than nothing is held");
			let balance = T::Assets::balance(asset, &Self::custody_account());
			let balance = Quantity::from_inner(quantity_from_amount(balance, holding.decimals)?);
			ensure!(balance >= holding.total, "I5: custody lacks what the ledger holds");
		}
		Ok(())
	}

	/// I6: no empty account and no empty position is stored.
	fn try_state_accounts(accounts: &[Account]) -> Result<(), TryRuntimeError> {
		for account in accounts {
			ensure!(!account.is_empty(), "I6: an empty account is stored");
			let empty = account.positions().any(|(_, position)| position.is_empty());
			ensure!(!empty, "I6: an empty position is stored");
		}
		Ok(())
	}

	/// I7: the sweep knows every expiry of which there are positions.
	fn try_state_expiries(sides: &BTreeMap<SeriesId, BothSides>) -> Result<(), TryRuntimeError> {
		let expiries = OpenExpiries::<T>::get();
		for id in sides.keys() {
			let known =
				T::Series::series(*id).is_some_and(|series| expiries.contains(&series.expiry));
			ensure!(known, "I7: a position would not be swept");
		}
		Ok(())
	}

	/// I8: whoever takes over what bankrupt accounts own is not resolved itself.
	fn try_state_successor() -> Result<(), TryRuntimeError> {
		ensure!(T::Exempt::contains(&T::Waterfall::successor()), "I8: the successor is not exempt");
		Ok(())
	}

	/// I9: only series with open contracts have a risk array, and one of the present tick is what a
	/// computation gives.
	fn try_state_arrays() -> Result<(), TryRuntimeError> {
		let rules = Rules::for_view::<T>()?;
		for (id, stored) in SeriesRisks::<T>::iter() {
			let series = T::Series::series(id).ok_or("I9: the array of an unknown series")?;
			ensure!(T::Series::open_interest(id).is_positive(), "I9: the array of an empty series");
			let risk = stored.risk().map_err(|_| "I9: an array that no computation gives")?;
			let Some(state) = T::Market::state(series.underlying) else { continue };
			let market = Market::new::<T>(series.underlying, state, &rules)?;
			let averaging = T::Market::averaging(series.underlying, series.expiry);
			if market.is_margined() && stored.tick == market.tick(averaging) {
				let anew = market.compute(&series, averaging, &rules)?;
				ensure!(risk == anew, "I9: an array differs from its computation");
			}
		}
		Ok(())
	}

	/// I10: an in-kind short is covered by a unit per contract; a secured put by its strike, up to what
	/// folding has rounded up (a thousand units of 1e-18 contracts); nothing else is covered.
	fn try_state_covers(accounts: &[Account]) -> Result<(), TryRuntimeError> {
		for (id, position) in accounts.iter().flat_map(Account::positions) {
			let Some(series) = T::Series::series(id) else { continue };
			let shorts = position.quantity.checked_neg()?.max(Quantity::ZERO);
			match position.cover {
				None => ensure!(
					!series.is_in_kind() || shorts.is_zero(),
					"I10: an in-kind short without cover"
				),
				Some(Cover::Units(units)) => {
					ensure!(series.is_in_kind(), "I10: units cover what pays cash");
					ensure!(units == shorts && !units.is_zero(), "I10: units differ from shorts");
				}
				Some(Cover::Cash(locked)) => {
					ensure!(series.kind == OptionKind::Put, "I10: cash covers what is not a put");
					let (folded, _) = Self::folded(id, &position, &T::Series::sides(id))?;
					let owed = folded.quantity.checked_neg()?.max(Quantity::ZERO);
					let sure = owed.checked_sub(Quantity::from_inner(1_000))?;
					let need = series.strike.value_floor(sure.max(Quantity::ZERO))?;
					ensure!(locked >= need, "I10: a put is less than secured");
				}
			}
		}
		Ok(())
	}

	/// I11: the lending market's sums are those of all accounts, each on the house's side.
	fn try_state_lending(accounts: &[Account]) -> Result<(), TryRuntimeError> {
		let market = Self::cash_market();
		let (mut debt, mut credit) = (0u128, 0u128);
		for cash in accounts.iter().map(Account::cash) {
			let sum = if cash.is_negative() { &mut debt } else { &mut credit };
			*sum = sum.saturating_add(cash.into_inner().unsigned_abs());
		}
		ensure!(market.debt <= debt, "I11: more loans than accounts owe");
		ensure!(market.credit >= credit, "I11: fewer balances than accounts have");
		let slack = u128::from(market.roundings).saturating_mul(4);
		ensure!(debt.saturating_sub(market.debt) <= slack, "I11: loans are not counted");
		ensure!(market.credit.saturating_sub(credit) <= slack, "I11: balances counted twice");
		Ok(())
	}

	/// I12: every contract that waits for its exercise is in the queue, every claim in its pot.
	fn try_state_exercise(accounts: &[Account]) -> Result<(), TryRuntimeError> {
		let mut claims = BTreeMap::<SeriesId, Usd>::new();
		let mut requests = 0usize;
		for (id, position) in accounts.iter().flat_map(Account::positions) {
			requests = requests.saturating_add(usize::from(position.requested().is_positive()));
			ensure!(
				position.requested() <= position.quantity.max(Quantity::ZERO),
				"I12: more is exercised than is held"
			);
			let claim = claims.entry(id).or_default();
			*claim = claim.checked_add(position.claim())?;
		}
		ensure!(requests <= ExerciseRequests::<T>::get().len(), "I12: a request is not queued");
		for (id, pot) in ExercisePots::<T>::iter() {
			let owed = claims.remove(&id).unwrap_or_default();
			ensure!(pot.claims == owed, "I12: claims differ from their pot");
			ensure!(
				!T::Series::sides(id).short.due.is_positive() || pot.paid <= pot.collected,
				"I12: an exercise was paid before it was collected"
			);
		}
		ensure!(claims.values().all(|claim| claim.is_zero()), "I12: a claim without a pot");
		Ok(())
	}

	/// Computes the money identity from state. Iterates all accounts.
	pub(crate) fn do_check_identities() -> Result<IdentityReport, DispatchError> {
		let quote = T::QuoteAsset::get();
		let holding = Self::holding(quote);
		let held = Usd::from_inner(holding.total.into_inner());
		let accounts = Self::all_accounts();
		let (mut cash, mut covers) = (Usd::ZERO, Usd::ZERO);
		for account in &accounts {
			cash = cash.checked_add(account.cash())?;
			for (_, position) in account.positions() {
				if let Some(Cover::Cash(locked)) = position.cover {
					covers = covers.checked_add(locked)?;
				}
			}
		}
		let mut claims = Settlements::<T>::iter().try_fold(Usd::ZERO, |sum, (id, settling)| {
			Self::claims_of(id, &settling).and_then(|claims| Ok(sum.checked_add(claims)?))
		})?;
		for pot in ExercisePots::<T>::iter_values() {
			claims = claims.checked_add(pot.claims)?;
		}
		let dues = T::Series::dues()?;
		let market = Self::cash_market();
		let fees = market.margin;
		let deficit = T::Waterfall::deficit_account();
		let owed = [covers, claims, dues, fees, deficit]
			.into_iter()
			.try_fold(cash, |sum, part| sum.checked_add(part))?;
		let balance = T::Assets::balance(quote, &Self::custody_account());
		let balance = Usd::from_inner(quantity_from_amount(balance, holding.decimals)?);
		Ok(IdentityReport {
			held,
			cash,
			covers,
			claims,
			dues,
			fees,
			deficit,
			residue: held.checked_sub(owed)?,
			roundings: Roundings::<T>::get().saturating_add(market.roundings),
			accounts: u32::try_from(accounts.len()).unwrap_or(u32::MAX),
			surplus: balance.checked_sub(held)?,
		})
	}

	/// `payoff x (longs open - shorts open)` of a series that pays in quote currency, rounded down.
	fn claims_of(id: SeriesId, settling: &Settling) -> Result<Usd, DispatchError> {
		let series = T::Series::series(id).filter(|series| !series.is_in_kind());
		let Some(payoff) = series.as_ref().map(Payoff::of).transpose()?.flatten() else {
			return Ok(Usd::ZERO);
		};
		let net = settling.longs_open.checked_sub(settling.shorts_open)?;
		Ok(payoff.due.value_floor(net)?)
	}
}
