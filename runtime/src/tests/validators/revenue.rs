//! Revenue of the clearing house, from a penalty to the margin accounts of stakers.

use super::*;
use crate::{
	configs::{
		clearing::{StakersAccount, TreasuryAccount},
		revenue::Eras,
	},
	Margin, Revenue, RiskPool,
};
use ballast_primitives::{params::FundRules, Usd};
use ballast_traits::{InspectAccounts, InspectStaking, MutateAccounts, MutualPool};
use frame_support::{assert_noop, assert_ok};
use pallet_staking::{ErasRewardPoints, ErasStakersOverview};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve, Ferdie};

fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

fn cash(who: &AccountId) -> Usd {
	Margin::cash(who)
}

/// Revenue comes in that is the stakers'.
fn earn(amount: Usd) {
	let eve = Eve.to_account_id();
	assert_ok!(Margin::deposit(origin(Eve), crate::genesis::assets::USD.units(1_000)));
	assert_ok!(<Margin as MutateAccounts<_>>::transfer(&eve, &StakersAccount::get(), amount));
}

#[test]
fn a_penalty_beyond_the_insurance_target_reaches_treasury_and_stakers() {
	on_a_testnet(|_| {
		let rules = FundRules { insurance_target: usd(100), ..FundRules::default() };
		pallet_risk_params::Funds::<Runtime>::put(rules);
		let eve = Eve.to_account_id();
		assert_ok!(Margin::deposit(origin(Eve), crate::genesis::assets::USD.units(1_000)));
		assert_ok!(<RiskPool as MutualPool<_>>::collect_penalty(&eve, usd(600)));
		pass_blocks(1);
		// Of the 500 beyond, the pool's part stays with the fund, since nobody has shares of it.
		let insurance = <RiskPool as MutualPool<_>>::insurance_account();
		assert_eq!(cash(&insurance), usd(350));
		assert_eq!(cash(&TreasuryAccount::get()), usd(100));
		assert_eq!(cash(&StakersAccount::get()), usd(150));

		let (ferdie, treasury) = (Ferdie.to_account_id(), TreasuryAccount::get());
		assert_noop!(
			Revenue::spend_cash(origin(Ferdie), ferdie.clone(), usd(1)),
			sp_runtime::DispatchError::BadOrigin
		);
		assert_ok!(Revenue::spend_cash(RuntimeOrigin::root(), ferdie.clone(), usd(60)));
		assert_eq!((cash(&ferdie), cash(&treasury)), (usd(60), usd(40)));
		let too_much = Revenue::spend_cash(RuntimeOrigin::root(), ferdie, usd(41));
		assert_eq!(too_much, Err(pallet_margin::Error::<Runtime>::InsufficientCash.into()));
	});
}

#[test]
fn stakers_share_what_came_in_during_their_era() {
	on_a_testnet(|_| {
		send(Alice, vec![validate(Perbill::from_percent(20))]);
		let targets = vec![Alice.to_account_id().into()];
		send(Ferdie, vec![bond(NEW_STAKE), pallet_staking::Call::nominate { targets }.into()]);
		pass_eras(2);
		let worked = era();
		earn(usd(400));
		for author in [Alice, Alice, Bob] {
			build_block(index_of(author).unwrap(), 0, Vec::new());
		}
		next_epoch();

		let pot = pallet_revenue::Pots::<Runtime>::get(worked).unwrap();
		assert_eq!((pot.amount, pot.unpaid), (usd(400), usd(400)));
		let (alice, ferdie) = (Alice.to_account_id(), Ferdie.to_account_id());
		let points = ErasRewardPoints::<Runtime>::get(worked);
		assert_eq!(Eras::total_points(worked), points.total);
		assert_eq!(Eras::points(worked, &alice), points.individual[&alice]);
		let backing = ErasStakersOverview::<Runtime>::get(worked, &alice).unwrap();
		let page = Eras::exposure(worked, &alice, 0).unwrap();
		assert_eq!(
			(page.total, page.own, page.page_total),
			(backing.total, backing.own, backing.total)
		);
		assert_eq!(page.nominators, vec![(ferdie.clone(), NEW_STAKE)]);
		assert_eq!(Eras::exposure(worked, &alice, 1), None);
		assert_eq!(Eras::exposure(worked, &ferdie, 0), None);

		assert_ok!(Revenue::payout(origin(Eve), worked, alice.clone(), 0));
		let again = Revenue::payout(origin(Eve), worked, alice.clone(), 0);
		let paid = pallet_revenue::Error::<Runtime>::AlreadyPaid;
		assert_eq!(again.unwrap_err().error, paid.into());
		for who in [&alice, &ferdie] {
			assert_ok!(Revenue::claim(origin(Eve), who.clone()));
		}
		// Alice's part by points; a fifth of it her commission, the rest by stake.
		let part = |amount: i128, of: u128, all: u128| amount * of as i128 / all as i128;
		let earned =
			part(pot.amount.into_inner(), points.individual[&alice].into(), points.total.into());
		let shared = earned - earned / 5;
		let of_ferdie = part(shared, NEW_STAKE, backing.total);
		assert!(earned > 0 && of_ferdie > 0);
		assert_eq!(cash(&ferdie).into_inner(), of_ferdie);
		let of_alice = earned / 5 + part(shared, backing.own, backing.total);
		assert_eq!(cash(&alice).into_inner(), of_alice);

		// What the others do not ask for goes into a later pot.
		assert_eq!(Eras::eras_kept(), 83);
		let bob = Revenue::payout(origin(Eve), worked, Bob.to_account_id(), 0);
		assert_ok!(bob);
		let left = pallet_revenue::Pots::<Runtime>::get(worked).unwrap().unpaid;
		let of_bob = part(
			pot.amount.into_inner(),
			points.individual[&Bob.to_account_id()].into(),
			points.total.into(),
		);
		assert!(of_bob > 0);
		assert_eq!(left.into_inner(), pot.amount.into_inner() - of_alice - of_ferdie - of_bob);
	});
}

#[test]
fn who_named_an_account_for_rewards_is_paid_there() {
	on_a_testnet(|_| {
		let (alice, bob, eve) = (Alice.to_account_id(), Bob.to_account_id(), Eve.to_account_id());
		assert_eq!(Eras::payee(&alice), Some(alice.clone()));
		assert_ok!(Staking::set_payee(origin(Alice), RewardDestination::Account(eve.clone())));
		assert_eq!(Eras::payee(&alice), Some(eve.clone()));
		assert_ok!(Staking::set_payee(origin(Bob), RewardDestination::None));
		assert_eq!(Eras::payee(&bob), None);
		assert_eq!(Eras::payee(&eve), None, "she has no stake");
		assert_eq!(Eras::page_size(), 64);
	});
}
