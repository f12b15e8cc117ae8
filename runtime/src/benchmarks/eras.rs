//! Eras for the benchmarks of revenue: pages as large as they may be, every staker with a payee of its own.

use super::{scenery, Helper};
use crate::{genesis::assets::USD, AccountId, Assets, Margin, Options, Runtime, RuntimeOrigin};
use alloc::vec::Vec;
use ballast_primitives::{units::ACCURACY, AssetId, UnderlyingId, Usd};
use ballast_traits::{EraIndex, InspectSeries};
use frame_benchmarking::account;
use frame_support::{assert_ok, traits::fungibles::Mutate};
use pallet_staking::{
	ActiveEra, ActiveEraInfo, Bonded, EraRewardPoints, ErasRewardPoints, ErasStakersOverview,
	ErasStakersPaged, Payee, RewardDestination,
};
use sp_staking::{ExposurePage, IndividualExposure, PagedExposureMetadata};

/// What each staker has at stake.
const STAKE: u128 = 1_000_000_000_000_000;
/// Points of the only validator that has any.
const POINTS: u32 = 20;

/// Somebody at stake who is paid somewhere else.
fn staker(name: &'static str, index: u32) -> AccountId {
	let who: AccountId = account(name, index, 0);
	Bonded::<Runtime>::insert(&who, &who);
	let payee = RewardDestination::Account(account("payee of", index, name.len() as u32));
	Payee::<Runtime>::insert(&who, payee);
	who
}

fn active_era() -> EraIndex {
	ActiveEra::<Runtime>::get().map(|active| active.index).unwrap_or_default()
}

impl pallet_revenue::benchmarking::BenchmarkHelper<AccountId> for Helper {
	fn give_cash(who: &AccountId, amount: Usd) {
		let whole = amount.into_inner() / ACCURACY as i128;
		let units = USD.units(u128::try_from(whole).unwrap_or_default());
		assert_ok!(Assets::mint_into(USD.id, who, units * 2));
		assert_ok!(Margin::deposit(RuntimeOrigin::signed(who.clone()), units));
	}

	fn give_units(who: &AccountId) -> AssetId {
		scenery::open();
		scenery::give_collaterals(who);
		Options::asset(UnderlyingId(1)).expect("it is listed")
	}

	fn era(nominators: u32) -> (EraIndex, AccountId) {
		let era = active_era();
		let validator = staker("validator", 0);
		let others: Vec<_> = (0..nominators)
			.map(|index| IndividualExposure { who: staker("nominator", index), value: STAKE })
			.collect();
		let page_total = STAKE * u128::from(nominators);
		let overview = PagedExposureMetadata {
			total: page_total + STAKE,
			own: STAKE,
			nominator_count: nominators,
			page_count: 1,
		};
		ErasStakersOverview::<Runtime>::insert(era, &validator, overview);
		ErasStakersPaged::<Runtime>::insert(
			(era, &validator, 0),
			ExposurePage { page_total, others },
		);
		let individual = [(validator.clone(), POINTS)].into_iter().collect();
		ErasRewardPoints::<Runtime>::insert(era, EraRewardPoints { total: POINTS, individual });
		Self::next_era();
		(era, validator)
	}

	fn next_era() {
		let index = active_era() + 1;
		ActiveEra::<Runtime>::put(ActiveEraInfo { index, start: None });
	}
}
