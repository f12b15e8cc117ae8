//! Eras as benchmarks of revenue find them.

use crate::{constants::currency::BLST, AccountId, Balance, Runtime};
use ballast_traits::EraIndex;
use frame_benchmarking::account;
use pallet_staking::{
	ActiveEra, ActiveEraInfo, EraRewardPoints, ErasRewardPoints, ErasStakersOverview,
	ErasStakersPaged, Payee, RewardDestination,
};
use sp_staking::{ExposurePage, IndividualExposure, PagedExposureMetadata};

/// What everybody stakes.
const STAKE: Balance = 1_000 * BLST;
/// What a validator earns by a block.
const POINTS: u32 = 20;

/// An era that is over, in which as many validators as may be elected earned points; the first of them had
/// a page of so many nominators, each of whom named another account.
pub fn era(nominators: u32) -> (EraIndex, AccountId) {
	let era = 1;
	let validator: AccountId = account("validator", 0, 0);
	let others = (0..nominators).map(|index| {
		let who: AccountId = account("nominator", index, 0);
		Payee::<Runtime>::insert(&who, RewardDestination::Account(account("payee", index, 0)));
		IndividualExposure { who, value: STAKE }
	});
	let others = others.collect();
	Payee::<Runtime>::insert(&validator, RewardDestination::Stash);
	let page_total = STAKE * Balance::from(nominators);
	let overview = PagedExposureMetadata {
		total: page_total + STAKE,
		own: STAKE,
		nominator_count: nominators,
		page_count: 1,
	};
	ErasStakersOverview::<Runtime>::insert(era, &validator, overview);
	ErasStakersPaged::<Runtime>::insert((era, &validator, 0), ExposurePage { page_total, others });
	let mut points = EraRewardPoints::<AccountId>::default();
	for index in 0..crate::validators::election::MAX_SEATS {
		points.individual.insert(account("validator", index, 0), POINTS);
		points.total += POINTS;
	}
	ErasRewardPoints::<Runtime>::insert(era, points);
	begin(era + 1);
	(era, validator)
}

/// The next era begins.
pub fn next_era() {
	begin(ActiveEra::<Runtime>::get().map_or(0, |era| era.index) + 1);
}

fn begin(index: EraIndex) {
	ActiveEra::<Runtime>::put(ActiveEraInfo { index, start: None });
}
