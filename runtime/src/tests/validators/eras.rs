//! Eras: how long they are, and what they pay.

use super::*;
use crate::{
	configs::clearing::TreasuryAccount,
	validators::{
		pallet_validator_periods::{Lengths, Periods},
		rewards::{Inflation, INFLATION, MILLISECS_PER_YEAR, STAKERS_SHARE},
		SessionsPerEra,
	},
	Timestamp,
};
use frame_support::{assert_noop, assert_ok};
use pallet_staking::{CurrentEra, EraPayout, ErasRewardPoints, ErasValidatorReward, Event};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Dave, Ferdie};

#[test]
fn an_era_is_as_long_as_the_preset_says() {
	on_a_testnet(|_| {
		assert_eq!((EpochDuration::get(), SessionsPerEra::get()), (20, 1));
		assert_eq!((era(), CurrentEra::<Runtime>::get()), (0, Some(1)));
		pass_blocks(19);
		assert_eq!(era(), 0);
		pass_blocks(1);
		assert_eq!((era(), CurrentEra::<Runtime>::get()), (1, Some(2)));
		pass_blocks(20);
		assert_eq!(era(), 2);
	});
}

#[test]
fn an_era_of_a_production_chain_is_a_day() {
	on_a_testnet(|_| {
		Periods::<Runtime>::kill();
		let Lengths { epoch, era } = Lengths::default();
		assert_eq!((EpochDuration::get(), SessionsPerEra::get()), (epoch, era));
		let day = u64::from(crate::constants::time::DAYS);
		assert_eq!(epoch * u64::from(era), day);
		// As the preset said, so that what follows is consistent.
		Periods::<Runtime>::put(Lengths { epoch: 20, era: 1 });
	});
}

#[test]
fn a_year_issues_inflation_and_an_era_its_part_by_the_clock() {
	let issuance = 1_000_000 * BLST;
	let (stakers, treasury) = Inflation::era_payout(0, issuance, MILLISECS_PER_YEAR);
	assert_eq!(stakers + treasury, INFLATION * issuance);
	assert_eq!(stakers, STAKERS_SHARE * (INFLATION * issuance));
	assert_eq!((stakers, treasury), (51_000 * BLST, 9_000 * BLST));

	let day = 86_400_000;
	let (stakers, treasury) = Inflation::era_payout(0, issuance, day);
	let exact = 60_000 * BLST * u128::from(day) / u128::from(MILLISECS_PER_YEAR);
	assert!(exact - (stakers + treasury) <= 1_000_000, "{exact} {stakers} {treasury}");

	// A chain that stood still for ten years issues for one.
	let long = Inflation::era_payout(0, issuance, 10 * MILLISECS_PER_YEAR);
	assert_eq!(long, Inflation::era_payout(0, issuance, MILLISECS_PER_YEAR));
	assert_eq!(Inflation::era_payout(0, Balance::MAX, 0), (0, 0));
}

/// What the era that ended with the last block paid: to stakers, to the treasury.
fn paid() -> (Balance, Balance) {
	let paid = |event| match event {
		RuntimeEvent::Staking(Event::EraPaid { validator_payout, remainder, .. }) => {
			Some((validator_payout, remainder))
		}
		_ => None,
	};
	events().into_iter().find_map(paid).unwrap()
}

#[test]
fn authors_share_what_an_era_pays_and_the_treasury_has_the_rest() {
	on_a_testnet(|_| {
		pass_to_era(1);
		let (alice, dave) = (index_of(Alice).unwrap(), index_of(Dave).unwrap());
		for author in [alice, alice, dave] {
			build_block(author, 0, Vec::new());
		}
		// The author of the block that began the era worked for the one before.
		let points = ErasRewardPoints::<Runtime>::get(1);
		assert_eq!(points.individual.get(&Alice.to_account_id()), Some(&40));
		assert_eq!(points.total, 60);

		let (treasury, issuance) =
			(Balances::free_balance(TreasuryAccount::get()), Balances::total_issuance());
		// By the clock of the era's blocks, of which three were built.
		let worked = Timestamp::get() - ActiveEra::<Runtime>::get().unwrap().start.unwrap();
		assert_eq!(worked, 3 * crate::constants::time::SLOT_DURATION);
		next_epoch();
		let (to_stakers, to_treasury) = paid();
		assert!(to_stakers > 0 && to_treasury > 0);
		assert_eq!((to_stakers, to_treasury), Inflation::era_payout(0, issuance, worked));
		assert_eq!(ErasValidatorReward::<Runtime>::get(1), Some(to_stakers));
		assert_eq!(Balances::free_balance(TreasuryAccount::get()), treasury + to_treasury);

		// Anybody may have a validator paid, once.
		let alice = Alice.to_account_id();
		let (staked, issuance) = (active(&alice), Balances::total_issuance());
		assert_ok!(Staking::payout_stakers(origin(Ferdie), alice.clone(), 1));
		let reward = active(&alice) - staked;
		// Four blocks count: the one that begins the next era was worked for in this one.
		let share = Perbill::from_rational(40u32, 80) * to_stakers;
		assert_eq!(reward, share);
		assert_eq!(on_hold(&alice), active(&alice));
		assert_eq!(Balances::total_issuance(), issuance + reward);
		let again = Staking::payout_stakers(origin(Ferdie), alice, 1);
		assert_eq!(
			again.unwrap_err().error,
			pallet_staking::Error::<Runtime>::AlreadyClaimed.into()
		);
	});
}

#[test]
fn who_authored_nothing_earns_nothing() {
	on_a_testnet(|_| {
		pass_to_era(1);
		let idle =
			[Alice, Bob].into_iter().find(|who| index_of(*who) != Some(0)).unwrap().to_account_id();
		next_epoch();
		let staked = active(&idle);
		assert_ok!(Staking::payout_stakers(origin(Ferdie), idle.clone(), 1));
		assert_eq!(active(&idle), staked);
		let none_yet = pallet_staking::Error::<Runtime>::InvalidEraToReward;
		assert_noop!(
			Staking::payout_stakers(origin(Ferdie), idle, 9).map_err(|refused| refused.error),
			none_yet
		);
	});
}
