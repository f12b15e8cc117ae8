//! The end of a round: options are settled from their cover, fees are charged, the new price per share is
//! known.

use crate::{pallet::*, types::*, VaultOf};
use ballast_math::{
	shares::mul_div_floor,
	vault::{management_fee, performance_fee},
};
use ballast_primitives::{arithmetic, SeriesState};
use ballast_traits::{InspectMarket, InspectSeries, MutateAccounts, RiskParameters};
use core::cmp::Ordering;
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_settle_round(id: VaultId) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		let State::Locked(locked) = vault.state else {
			return Err(Error::<T>::NotLocked.into());
		};
		ensure!(Self::is_settled(&locked), Error::<T>::NotSettledYet);
		// The short pays out of its cover, and what is left of it is free again.
		T::Accounts::touch(&Self::working_account(id))?;
		let assets = Self::free_assets(id, &vault)?;
		let had = locked.assets.checked_add(locked.premium).ok_or(ArithmeticError::Overflow)?;
		let payoff = had.saturating_sub(assets);
		let outcome = Self::charge(id, &mut vault, &locked, assets)?;
		let outcome = Outcome { payoff, ..outcome };
		let round = vault.round;
		Self::record(id, round, &locked, outcome);
		vault.state = State::Settled(locked.settle());
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::RoundSettled { vault: id, round, outcome });
		Ok(())
	}

	/// Whether the options of a round have a settlement price. What is not listed any more had one: a series
	/// is removed when every position in it is settled.
	pub(crate) fn is_settled(locked: &Locked) -> bool {
		let series = T::Series::series(locked.series);
		series.is_none_or(|series| matches!(series.state, SeriesState::Settled { .. }))
	}

	/// Takes both fees: management on what was locked, for as long as the round was to last; performance on
	/// what the price per share is above its high-water mark after that.
	fn charge(
		id: VaultId,
		vault: &mut VaultOf<T>,
		locked: &Locked,
		assets: AssetAmount,
	) -> Result<Outcome, DispatchError> {
		let rules = T::Parameters::vaults();
		let terms = vault.terms.within(&rules);
		let behind = Self::locked_behind(vault, locked.strike, locked.sold)?;
		let lasted = locked.expiry.saturating_sub(locked.began);
		let management = management_fee(behind, terms.management_fee.into_inner(), lasted)
			.map_err(arithmetic)?
			.min(assets);
		let net = SharePrice { assets: assets.saturating_sub(management), shares: vault.shares };
		let rate = terms.performance_fee.into_inner();
		let performance = if net.shares == 0 {
			0
		} else {
			performance_fee(net.pot(), vault.high_water.pot(), rate).map_err(arithmetic)?
		};
		let performance = performance.min(net.assets);
		let price =
			SharePrice { assets: net.assets.saturating_sub(performance), shares: net.shares };
		let fee = management.saturating_add(performance);
		let share = rules.treasury_share.into_inner();
		let treasury = mul_div_floor(
			fee,
			share.min(ballast_primitives::units::ACCURACY),
			ballast_primitives::units::ACCURACY,
		)
		.map_err(arithmetic)?;
		Self::pay(vault, &Self::working_account(id), &Self::waiting_account(id), fee)?;
		vault.fees.treasury = vault.fees.treasury.saturating_add(treasury);
		vault.fees.manager = vault.fees.manager.saturating_add(fee.saturating_sub(treasury));
		let risen = price.pot().cmp_price(&vault.high_water.pot()) == Ordering::Greater;
		if price.shares > 0 && risen {
			vault.high_water = price;
		}
		let (management_fee, performance_fee) = (management, performance);
		Ok(Outcome { payoff: 0, management_fee, performance_fee, price })
	}

	/// Price per share of now, while nothing is locked.
	pub(crate) fn price_of(id: VaultId, vault: &VaultOf<T>) -> Result<SharePrice, DispatchError> {
		Ok(SharePrice { assets: Self::free_assets(id, vault)?, shares: vault.shares })
	}

	/// Keeps what a round has brought, and forgets the one that is too long ago.
	pub(crate) fn record(id: VaultId, round: Round, locked: &Locked, outcome: Outcome) {
		let Locked { series, strike, expiry, sold, premium, assets, began } = *locked;
		let ended = T::Market::now();
		let record = RoundRecord {
			round,
			series,
			strike,
			expiry,
			sold,
			assets,
			premium,
			began,
			ended,
			outcome,
		};
		Rounds::<T>::insert(id, round, record);
		if let Some(old) = round.checked_sub(ROUNDS_KEPT) {
			Rounds::<T>::remove(id, old);
		}
	}
}
