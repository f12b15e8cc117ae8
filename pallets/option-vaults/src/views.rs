//! What the runtime API shows.

use crate::{pallet::*, types::*, VaultOf};
use alloc::vec::Vec;
use ballast_math::{fixed::Rounding, vault::annualised};
use ballast_primitives::{time::DAY, Quantity};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// Every vault, in order of numbers.
	pub fn all_vaults() -> Vec<VaultView<T::AccountId>> {
		Self::vault_ids().into_iter().filter_map(Self::view_of).collect()
	}

	/// A vault.
	pub fn view_of(id: VaultId) -> Option<VaultView<T::AccountId>> {
		let vault = Vaults::<T>::get(id)?;
		let price = Self::shown_price(id, &vault)?;
		let assets = Self::assets_of_round(id, &vault).ok()?;
		let premium = match &vault.state {
			State::Selling(Selling { premium, .. }) | State::Locked(Locked { premium, .. }) => {
				*premium
			}
			State::Idle(_) | State::Settled(_) => 0,
		};
		Some(VaultView {
			id,
			account: Self::working_account(id),
			annualised: Self::annualised(id, vault.round),
			manager: vault.manager,
			strategy: vault.strategy,
			underlying: vault.underlying,
			asset: vault.asset,
			decimals: vault.decimals,
			terms: vault.terms,
			scheduled: vault.scheduled,
			round: vault.round,
			state: vault.state,
			closed: vault.closed,
			assets: assets.saturating_add(premium),
			shares: vault.shares,
			price,
			high_water: vault.high_water,
			queued_deposits: vault.deposits,
			queued_withdrawals: vault.withdrawals,
			claimable: vault.claimable,
			fees: vault.fees,
		})
	}

	/// Price per share: of now while nothing is locked, else of the last settled round, or the one at which
	/// the first began.
	fn shown_price(id: VaultId, vault: &VaultOf<T>) -> Option<SharePrice> {
		let last = || {
			let record = vault.round.checked_sub(1).and_then(|round| Rounds::<T>::get(id, round));
			record.map(|record| record.outcome.price).filter(|price| price.shares > 0)
		};
		let first = SharePrice::first(vault.decimals);
		match vault.state {
			State::Idle(_) | State::Settled(_) if vault.shares > 0 => {
				Self::price_of(id, vault).ok()
			}
			_ => Some(last().unwrap_or(first)),
		}
	}

	/// Annualised change of the price per share from the first round that is kept to the last.
	fn annualised(id: VaultId, round: Round) -> Option<i128> {
		let oldest = round.saturating_sub(ROUNDS_KEPT);
		let first = (oldest..round).find_map(|number| Rounds::<T>::get(id, number))?;
		let last = (0..=1)
			.filter_map(|back| round.checked_sub(back))
			.find_map(|number| Rounds::<T>::get(id, number))?;
		let began = SharePrice { assets: first.assets, shares: first.outcome.price.shares };
		let seconds = last.ended.saturating_sub(first.began);
		if seconds < DAY || began.shares == 0 || last.outcome.price.shares == 0 {
			return None;
		}
		let yearly = annualised(began.pot(), last.outcome.price.pot(), seconds).ok()?;
		yearly.to_e18(Rounding::Nearest)
	}

	/// The last rounds of a vault, oldest first.
	pub fn rounds_of(id: VaultId) -> Vec<RoundRecord> {
		let mut rounds: Vec<RoundRecord> = Rounds::<T>::iter_prefix_values(id).collect();
		rounds.sort_by_key(|record| record.round);
		rounds
	}

	/// What somebody has in a vault, as if it were brought up to date now.
	pub fn holder_of(id: VaultId, who: &T::AccountId) -> Option<HolderView> {
		let vault = Vaults::<T>::get(id)?;
		let Holder { shares, deposit, withdrawal } = Holders::<T>::get(id, who);
		let mut view = HolderView { shares, ..Default::default() };
		if deposit.is_past(vault.turn) {
			let mut turn = Turns::<T>::get(id, deposit.turn)?;
			let (issued, _) = turn.take_deposit(deposit.amount, vault.decimals).ok()?;
			view.shares = view.shares.saturating_add(issued);
		} else {
			view.queued_deposit = deposit.amount;
		}
		if withdrawal.is_past(vault.turn) {
			let mut turn = Turns::<T>::get(id, withdrawal.turn)?;
			(view.claimable, _) = turn.take_withdrawal(withdrawal.amount).ok()?;
		} else {
			view.queued_withdrawal = withdrawal.amount;
		}
		let held = view.shares.saturating_add(view.queued_withdrawal);
		let price = Self::shown_price(id, &vault)?;
		view.value = price.assets_for(held).unwrap_or_default();
		Some(view)
	}

	/// What so many contracts cost in a vault's premium auction now.
	pub fn offered_now(id: VaultId, quantity: Quantity) -> Result<OfferedPrice, DispatchError> {
		let vault = Self::vault(id)?;
		let State::Selling(selling) = vault.state else {
			return Err(Error::<T>::NotSelling.into());
		};
		let now = <T::Market as ballast_traits::InspectMarket>::now();
		ensure!(!selling.is_over(now), Error::<T>::NotSelling);
		let market = Self::usable_market(&vault)?;
		let price = Self::price_now(&vault, &selling, &market, quantity)?;
		let premium = Self::premium(&vault, &market, price, quantity)?;
		Ok(OfferedPrice { unsold: selling.unsold(), price, premium })
	}
}
