//! The invariants of the README, checked over the whole state.

use crate::{
	arrays::Arrays,
	pallet::{Accounts, Holdings, OpenExpiries, Roundings, SeriesRisks, Settlements},
	requirement::Rules,
	types::IdentityReport,
	Config, Pallet, Settling,
};
use ballast_primitives::{
	units::quantity_from_amount, AssetId, Quantity, Series, SeriesId, SeriesState, Usd,
};
use ballast_traits::{CoverDeficit, InspectMarket, InspectSeries, RiskParameters};
use frame_support::{
	ensure,
	traits::{fungibles::Inspect as _, Contains, Get},
};
use sp_runtime::{DispatchError, TryRuntimeError};

use alloc::collections::BTreeMap;

/// Long and short total of a series over all accounts, both not negative.
type Sides = (Quantity, Quantity);

impl<T: Config> Pallet<T> {
	/// Checks every invariant. Iterates all accounts.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let sides = Self::sides()?;
		Self::try_state_open_interest(&sides)?;
		Self::try_state_settlements(&sides)?;
		Self::try_state_quote()?;
		Self::try_state_collateral()?;
		Self::try_state_custody()?;
		Self::try_state_accounts()?;
		Self::try_state_expiries(&sides)?;
		Self::try_state_successor()?;
		Self::try_state_arrays()
	}

	fn sides() -> Result<BTreeMap<SeriesId, Sides>, DispatchError> {
		let mut sides = BTreeMap::<SeriesId, Sides>::new();
		for account in Accounts::<T>::iter_values() {
			for (id, quantity) in account.positions() {
				let (long, short) = sides.entry(id).or_default();
				let side = if quantity.is_negative() { short } else { long };
				*side = side.checked_add(quantity.checked_abs()?)?;
			}
		}
		Ok(sides)
	}

	fn is_settled(series: &Series) -> bool {
		matches!(series.state, SeriesState::Settled { .. })
	}

	/// I1: long total = short total = open interest, in every series whose settlement has not begun.
	fn try_state_open_interest(sides: &BTreeMap<SeriesId, Sides>) -> Result<(), TryRuntimeError> {
		for (id, (long, short)) in sides {
			ensure!(T::Series::series(*id).is_some(), "I1: a position in an unknown series");
			if !Settlements::<T>::contains_key(id) {
				ensure!(long == short, "I1: longs and shorts differ");
				ensure!(*long == T::Series::open_interest(*id), "I1: open interest differs");
			}
		}
		Ok(())
	}

	/// I2: a series that is being settled counts exactly its positions, and longs have received no
	/// more than shorts have paid as long as a short has not paid.
	fn try_state_settlements(sides: &BTreeMap<SeriesId, Sides>) -> Result<(), TryRuntimeError> {
		for (id, settling) in Settlements::<T>::iter() {
			let (long, short) = sides.get(&id).copied().unwrap_or_default();
			ensure!(settling.longs_open == long, "I2: longs open differ from positions");
			ensure!(settling.shorts_open == short, "I2: shorts open differ from positions");
			ensure!(
				settling.shorts_open.is_zero() || settling.paid <= settling.collected,
				"I2: a winner was paid before the losers were found"
			);
			ensure!(
				T::Series::series(id).is_some_and(|series| Self::is_settled(&series)),
				"I2: a series is being settled that has no settlement price"
			);
		}
		Ok(())
	}

	/// I3: `held = cash + claims + deficit + residue`, the residue between zero and one unit per
	/// rounding.
	fn try_state_quote() -> Result<(), TryRuntimeError> {
		let report = Self::do_check_identities()?;
		ensure!(!report.residue.is_negative(), "I3: the ledger owes more than it holds");
		let series = u64::try_from(Settlements::<T>::iter_keys().count()).unwrap_or(u64::MAX);
		let most = Usd::from_inner(report.roundings.saturating_add(series).into());
		ensure!(report.residue <= most, "I3: money has no owner");
		ensure!(!report.deficit.is_positive(), "I3: the deficit account is positive");
		Ok(())
	}

	/// I4: of every other asset the ledger holds exactly the collateral of all accounts.
	fn try_state_collateral() -> Result<(), TryRuntimeError> {
		let mut sums = BTreeMap::<AssetId, Quantity>::new();
		for account in Accounts::<T>::iter_values() {
			for (asset, quantity) in account.collateral() {
				ensure!(quantity.is_positive(), "I4: collateral is not positive");
				let sum = sums.entry(asset).or_default();
				*sum = sum.checked_add(quantity)?;
			}
		}
		let quote = T::QuoteAsset::get();
		ensure!(!sums.contains_key(&quote), "I4: quote currency as collateral");
		for (asset, holding) in Holdings::<T>::iter().filter(|(asset, _)| *asset != quote) {
			let sum = sums.remove(&asset).unwrap_or_default();
			ensure!(holding.total == sum, "I4: collateral differs from what is held");
		}
		ensure!(sums.is_empty(), "I4: collateral that was never deposited");
		Ok(())
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
	fn try_state_accounts() -> Result<(), TryRuntimeError> {
		for account in Accounts::<T>::iter_values() {
			ensure!(!account.is_empty(), "I6: an empty account is stored");
			let zero = account.positions().any(|(_, quantity)| quantity.is_zero());
			ensure!(!zero, "I6: an empty position is stored");
		}
		Ok(())
	}

	/// I7: the sweep knows every expiry of which there are positions.
	fn try_state_expiries(sides: &BTreeMap<SeriesId, Sides>) -> Result<(), TryRuntimeError> {
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
			let state = T::Market::state(series.underlying);
			let parameters = T::Parameters::underlying(series.underlying);
			let Some((state, parameters)) = state.zip(parameters) else { continue };
			let arrays = Arrays::new(&state, &parameters, &rules)?;
			let averaging = T::Market::averaging(series.underlying, series.expiry);
			if stored.tick == arrays.tick(averaging) {
				let anew = arrays.compute(&series, averaging)?;
				ensure!(risk == anew, "I9: an array differs from its computation");
			}
		}
		Ok(())
	}

	/// Computes the money identity from state. Iterates all accounts.
	pub(crate) fn do_check_identities() -> Result<IdentityReport, DispatchError> {
		let quote = T::QuoteAsset::get();
		let holding = Self::holding(quote);
		let held = Usd::from_inner(holding.total.into_inner());
		let cash = Accounts::<T>::iter_values()
			.try_fold(Usd::ZERO, |sum, account| sum.checked_add(account.cash()))?;
		let claims = Settlements::<T>::iter().try_fold(Usd::ZERO, |sum, (id, settling)| {
			Self::claims_of(id, &settling).and_then(|claims| Ok(sum.checked_add(claims)?))
		})?;
		let deficit = T::Waterfall::deficit_account();
		let owed = cash.checked_add(claims)?.checked_add(deficit)?;
		let balance = T::Assets::balance(quote, &Self::custody_account());
		let balance = Usd::from_inner(quantity_from_amount(balance, holding.decimals)?);
		Ok(IdentityReport {
			held,
			cash,
			claims,
			deficit,
			residue: held.checked_sub(owed)?,
			roundings: Roundings::<T>::get(),
			surplus: balance.checked_sub(held)?,
		})
	}

	/// `payoff x (longs open - shorts open)` of a series, rounded down.
	fn claims_of(id: SeriesId, settling: &Settling) -> Result<Usd, DispatchError> {
		let net = settling.longs_open.checked_sub(settling.shorts_open)?;
		match T::Series::series(id).map(|series| series.state) {
			Some(SeriesState::Settled { payoff, .. }) => Ok(payoff.value_floor(net)?),
			_ => Ok(Usd::ZERO),
		}
	}
}
