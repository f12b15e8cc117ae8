//! What a share of the clearing house's revenue asks of staking: who stood behind whom, and who authored.

use crate::{AccountId, Runtime, Staking};
use alloc::vec::Vec;
use ballast_primitives::{units::ACCURACY, Ratio};
use ballast_traits::{EraIndex, ExposurePage, InspectStaking, PageIndex};
use frame_support::traits::Get;
use pallet_staking::{
	ErasRewardPoints, ErasStakersOverview, ErasStakersPaged, ErasValidatorPrefs, RewardDestination,
};
use sp_staking::StakingAccount;

/// Units of a ratio in a billionth, which commissions are counted in.
const IN_A_BILLIONTH: u128 = ACCURACY / 1_000_000_000;

/// Reads `pallet-staking`.
pub struct Stakes;

impl InspectStaking<AccountId> for Stakes {
	fn active_era() -> Option<EraIndex> {
		pallet_staking::ActiveEra::<Runtime>::get().map(|active| active.index)
	}

	fn eras_kept() -> EraIndex {
		<Runtime as pallet_staking::Config>::HistoryDepth::get()
	}

	fn page_size() -> u32 {
		<Runtime as pallet_staking::Config>::MaxExposurePageSize::get()
	}

	fn points(era: EraIndex, validator: &AccountId) -> u32 {
		let points = ErasRewardPoints::<Runtime>::get(era);
		points.individual.get(validator).copied().unwrap_or_default()
	}

	fn total_points(era: EraIndex) -> u32 {
		ErasRewardPoints::<Runtime>::get(era).total
	}

	fn commission(era: EraIndex, validator: &AccountId) -> Ratio {
		let commission = ErasValidatorPrefs::<Runtime>::get(era, validator).commission;
		Ratio::from_inner(u128::from(commission.deconstruct()) * IN_A_BILLIONTH)
	}

	fn exposure(
		era: EraIndex,
		validator: &AccountId,
		page: PageIndex,
	) -> Option<ExposurePage<AccountId>> {
		let overview = ErasStakersOverview::<Runtime>::get(era, validator)?;
		// A validator that nobody has nominated has no pages, and its own stake on the first.
		if page >= overview.page_count.max(1) {
			return None;
		}
		let backers = ErasStakersPaged::<Runtime>::get((era, validator, page)).unwrap_or_default();
		let own = if page == 0 { overview.own } else { 0 };
		let nominators: Vec<_> =
			backers.others.into_iter().map(|backer| (backer.who, backer.value)).collect();
		let page_total = backers.page_total.checked_add(own)?;
		Some(ExposurePage { total: overview.total, own, page_total, nominators })
	}

	fn payee(staker: &AccountId) -> Option<AccountId> {
		match Staking::payee(StakingAccount::Stash(staker.clone()))? {
			RewardDestination::Account(account) => Some(account),
			RewardDestination::None => None,
			// Wherever its rewards in the native token go: dollars are not staked.
			_ => Some(staker.clone()),
		}
	}
}
