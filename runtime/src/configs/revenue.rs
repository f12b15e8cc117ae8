//! Stakers' and treasury's shares of revenue, over the chain's staking.

use super::clearing::{StakersAccount, TreasuryAccount};
use crate::{AccountId, Margin, Runtime, Staking};
use ballast_primitives::Ratio;
use ballast_traits::{EraIndex, ExposurePage, InspectStaking, PageIndex};
use frame_support::traits::Get;
use frame_system::EnsureRoot;
use pallet_staking::{
	ActiveEra, EraInfo, ErasRewardPoints, ErasStakersOverview, ErasValidatorPrefs,
	RewardDestination,
};
use sp_runtime::Perbill;
use sp_staking::StakingAccount;

/// The eras of `pallet-staking`.
pub struct Eras;

/// A share of staking in the ledger's units. Exact: a billionth is 10^9 units of 10^-18.
fn ratio(share: Perbill) -> Ratio {
	Ratio::from_inner(u128::from(share.deconstruct()).saturating_mul(1_000_000_000))
}

impl InspectStaking<AccountId> for Eras {
	fn active_era() -> Option<EraIndex> {
		ActiveEra::<Runtime>::get().map(|era| era.index)
	}

	/// One less than the depth of the history: when the next era is planned, while this one is active,
	/// staking forgets the last one of it.
	fn eras_kept() -> EraIndex {
		let depth: EraIndex = <Runtime as pallet_staking::Config>::HistoryDepth::get();
		depth.saturating_sub(1)
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
		ratio(ErasValidatorPrefs::<Runtime>::get(era, validator).commission)
	}

	fn exposure(
		era: EraIndex,
		validator: &AccountId,
		page: PageIndex,
	) -> Option<ExposurePage<AccountId>> {
		// A validator without nominators has one page, of its own stake.
		let overview = ErasStakersOverview::<Runtime>::get(era, validator)?;
		if page >= overview.page_count.max(1) {
			return None;
		}
		let exposure = EraInfo::<Runtime>::get_paged_exposure(era, validator, page)?;
		let others = exposure.others().iter();
		Some(ExposurePage {
			total: exposure.total(),
			own: exposure.own(),
			page_total: exposure.page_total(),
			nominators: others.map(|other| (other.who.clone(), other.value)).collect(),
		})
	}

	/// Stakers who compound are paid into their stash: shares of revenue are not stake.
	fn payee(staker: &AccountId) -> Option<AccountId> {
		match Staking::payee(StakingAccount::Stash(staker.clone()))? {
			RewardDestination::Account(account) => Some(account),
			RewardDestination::None => None,
			RewardDestination::Staked | RewardDestination::Stash => Some(staker.clone()),
			#[allow(deprecated)]
			RewardDestination::Controller => Staking::bonded(staker),
		}
	}
}

impl pallet_revenue::Config for Runtime {
	type Accounts = Margin;
	type Staking = Eras;
	type Stakers = StakersAccount;
	type Treasury = TreasuryAccount;
	// The caps of spenders are amounts of native token.
	type SpendOrigin = EnsureRoot<AccountId>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_revenue::weights::SubstrateWeight<Runtime>;
}
