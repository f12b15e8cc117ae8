//! What managers do, and what becomes of bonds and fees.

use crate::{pallet::*, types::*, VaultOf, WeightInfo};
use ballast_primitives::{params::VaultRules, Ratio, UnderlyingId};
use ballast_traits::{
	InspectAccounts, InspectMarket, InspectSeries, MutateAccounts, RiskParameters,
};
use frame_support::{
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::{fungible::MutateHold, tokens::Precision},
};

impl<T: Config> Pallet<T> {
	/// Terms must lie within the bounds of now; later they are held within those of then.
	fn ensure_terms(strategy: Strategy, terms: &VaultTerms, rules: &VaultRules) -> DispatchResult {
		// There is no strike of a put at a distance of spot itself.
		let whole =
			matches!(terms.strike, StrikeRule::Distance(distance) if distance >= Ratio::ONE);
		ensure!(strategy == Strategy::CoveredCall || !whole, Error::<T>::StrikeOutOfBounds);
		let Some(bound) = terms.outside(rules) else { return Ok(()) };
		Err(match bound {
			TermBound::Strike => Error::<T>::StrikeOutOfBounds,
			TermBound::Reserve => Error::<T>::ReserveTooLow,
			TermBound::Start => Error::<T>::StartOutOfBounds,
			TermBound::Auction => Error::<T>::AuctionOutOfBounds,
			TermBound::ManagementFee => Error::<T>::ManagementFeeTooHigh,
			TermBound::PerformanceFee => Error::<T>::PerformanceFeeTooHigh,
			TermBound::Capacity => Error::<T>::CapacityZero,
		}
		.into())
	}

	pub(crate) fn do_open_vault(
		manager: T::AccountId,
		strategy: Strategy,
		underlying: UnderlyingId,
		terms: VaultTerms,
	) -> DispatchResult {
		let rules = T::Parameters::vaults();
		Self::ensure_terms(strategy, &terms, &rules)?;
		ensure!(Vaults::<T>::count() < MAX_VAULTS, Error::<T>::TooManyVaults);
		ensure!(T::Series::grid(underlying).is_some(), Error::<T>::UnderlyingNotListed);
		let asset = match strategy {
			Strategy::CoveredCall => T::Series::asset(underlying),
			Strategy::CashSecuredPut => Some(T::QuoteAsset::get()),
		};
		let asset = asset.ok_or(Error::<T>::UnderlyingNotListed)?;
		let decimals = T::Accounts::decimals(asset);
		ensure!(decimals <= SHARE_DECIMALS, Error::<T>::UnderlyingNotListed);
		let id = NextVaultId::<T>::get();
		NextVaultId::<T>::put(id.checked_add(1).ok_or(Error::<T>::TooManyVaults)?);
		T::Currency::hold(&HoldReason::VaultBond.into(), &manager, rules.bond)?;
		let vault = Vault {
			manager: manager.clone(),
			bond: rules.bond,
			strategy,
			underlying,
			asset,
			decimals,
			terms,
			scheduled: None,
			round: 0,
			turn: 0,
			shares: 0,
			high_water: SharePrice::first(decimals),
			deposits: 0,
			withdrawals: 0,
			claimable: 0,
			fees: Fees::default(),
			closed: false,
			state: State::Idle(Idle::default()),
		};
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::VaultOpened {
			vault: id,
			manager,
			strategy,
			underlying,
			asset,
			terms,
		});
		Ok(())
	}

	/// A vault that somebody manages.
	fn managed(who: &T::AccountId, id: VaultId) -> Result<VaultOf<T>, DispatchError> {
		let vault = Self::vault(id)?;
		ensure!(vault.manager == *who, Error::<T>::NotManager);
		Ok(vault)
	}

	pub(crate) fn do_schedule_terms(
		who: &T::AccountId,
		id: VaultId,
		terms: VaultTerms,
	) -> DispatchResult {
		let mut vault = Self::managed(who, id)?;
		ensure!(!vault.closed, Error::<T>::VaultIsClosed);
		Self::ensure_terms(vault.strategy, &terms, &T::Parameters::vaults())?;
		// The first round that begins after the announcement is the notice.
		let notice = match vault.state {
			State::Idle(_) => vault.round,
			_ => vault.round.saturating_add(1),
		};
		let from = notice.saturating_add(1);
		vault.scheduled = Some(Scheduled { terms, from });
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::TermsScheduled { vault: id, terms, from });
		Ok(())
	}

	pub(crate) fn do_close_vault(who: &T::AccountId, id: VaultId) -> DispatchResult {
		let mut vault = Self::managed(who, id)?;
		ensure!(!vault.closed, Error::<T>::VaultIsClosed);
		vault.closed = true;
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::VaultClosed { vault: id });
		Ok(())
	}

	/// What removing a vault costs at most: besides what the benchmark has, all rounds that are kept, and the
	/// treasury's account.
	pub(crate) fn weight_of_removal() -> Weight {
		T::WeightInfo::remove_vault()
			.saturating_add(T::DbWeight::get().writes(u64::from(ROUNDS_KEPT).saturating_add(3)))
			.saturating_add(T::WeightInfo::pay_fees())
			.saturating_add(T::Accounts::touch_weight())
	}

	pub(crate) fn do_remove_vault(id: VaultId) -> DispatchResult {
		let vault = Self::vault(id)?;
		ensure!(vault.closed, Error::<T>::VaultNotClosed);
		let State::Idle(Idle { not_before }) = vault.state else {
			return Err(Error::<T>::VaultNotEmpty.into());
		};
		// A series that was listed for a round takes its place until it expires, and so does the bond.
		ensure!(T::Market::now() >= not_before, Error::<T>::TooEarly);
		let waiting = Self::owed_by_waiting(&vault)?;
		let left = Holders::<T>::iter_key_prefix(id).next().is_some();
		let empty = vault.shares == 0 && vault.withdrawals == 0 && waiting == 0 && !left;
		ensure!(empty, Error::<T>::VaultNotEmpty);
		Self::leave_rest(id, &vault)?;
		for round in vault.round.saturating_sub(ROUNDS_KEPT)..=vault.round {
			Rounds::<T>::remove(id, round);
		}
		Vaults::<T>::remove(id);
		let reason = HoldReason::VaultBond.into();
		T::Currency::release(&reason, &vault.manager, vault.bond, Precision::BestEffort)?;
		Self::deposit_event(Event::VaultRemoved { vault: id });
		Ok(())
	}

	/// Roundings and interest that nobody's shares stand for are the treasury's in the end.
	fn leave_rest(id: VaultId, vault: &VaultOf<T>) -> DispatchResult {
		Self::sweep_surplus(id, vault)?;
		let rest = Self::free_assets(id, vault)?;
		Self::pay(vault, &Self::working_account(id), &T::Treasury::get(), rest)
	}

	pub(crate) fn do_pay_fees(id: VaultId) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		let fees = vault.fees;
		ensure!(fees != Fees::default(), Error::<T>::NoFees);
		let waiting = Self::waiting_account(id);
		// Whoever has no room for the asset must not keep the other from its part.
		let pay = |to: &T::AccountId, amount| {
			with_storage_layer(|| Self::pay(&vault, &waiting, to, amount)).map(|()| amount)
		};
		let to_manager = pay(&vault.manager, fees.manager);
		let to_treasury = pay(&T::Treasury::get(), fees.treasury);
		let manager = to_manager.unwrap_or_default();
		let treasury = to_treasury.unwrap_or_default();
		if manager == 0 && treasury == 0 {
			to_manager.and(to_treasury)?;
		}
		vault.fees.manager = fees.manager.saturating_sub(manager);
		vault.fees.treasury = fees.treasury.saturating_sub(treasury);
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::FeesPaid { vault: id, manager, treasury });
		Ok(())
	}
}
