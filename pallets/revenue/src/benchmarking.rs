//! Benchmarks: full pages, every nominator with a payee of its own.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use crate::eras::PAGES_FORGOTTEN;
use ballast_primitives::{AssetId, Quantity, Usd};
use ballast_traits::{EraIndex, InspectAccounts, InspectStaking};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{EnsureOrigin, Get},
	weights::Weight,
};
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper<AccountId> {
	/// Gives an account this cash at the clearing house.
	fn give_cash(who: &AccountId, amount: Usd);
	/// Gives an account units of as many assets as it can hold, one unit at least of each; one of them.
	fn give_units(who: &AccountId) -> AssetId;
	/// An era that is over, in which as many validators as there can be earned the same points; one of
	/// them had a page of so many nominators, each with a payee of its own. Returns the era and that one.
	fn era(nominators: u32) -> (EraIndex, AccountId);
	/// The next era begins.
	fn next_era();
}

/// What is paid.
const AMOUNT: Usd = Usd::from_int(10_000);

/// A pot that was closed for an era with so many nominators.
fn pot<T: Config>(nominators: u32) -> (EraIndex, T::AccountId) {
	let (era, validator) = T::BenchmarkHelper::era(nominators);
	CurrentEra::<T>::put(era);
	OldestEra::<T>::put(era);
	T::BenchmarkHelper::give_cash(&T::Stakers::get(), AMOUNT);
	Pallet::<T>::follow_eras();
	assert!(Pots::<T>::contains_key(era));
	(era, validator)
}

fn spender<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::SpendOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn payout(n: Linear<0, { T::Staking::page_size() }>) {
		let (era, validator) = pot::<T>(n);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), era, validator.clone(), 0);
		assert!(PaidPages::<T>::contains_key(era, (validator, 0)));
		assert!(Owed::<T>::iter().count() as u32 > n);
	}

	#[benchmark]
	fn claim() {
		let (era, validator) = pot::<T>(0);
		Pallet::<T>::do_payout(era, validator, 0).expect("has earned");
		let (who, _) = Owed::<T>::iter().next().expect("is owed");
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), who.clone());
		assert!(T::Accounts::cash(&who).is_positive());
	}

	#[benchmark]
	fn spend_cash() -> Result<(), BenchmarkError> {
		let origin = spender::<T>()?;
		T::BenchmarkHelper::give_cash(&T::Treasury::get(), AMOUNT);
		T::BenchmarkHelper::give_units(&T::Treasury::get());
		let who: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, who.clone(), AMOUNT);
		assert_eq!(T::Accounts::cash(&who), AMOUNT);
		Ok(())
	}

	#[benchmark]
	fn spend_units() -> Result<(), BenchmarkError> {
		let origin = spender::<T>()?;
		T::BenchmarkHelper::give_cash(&T::Treasury::get(), AMOUNT);
		let asset = T::BenchmarkHelper::give_units(&T::Treasury::get());
		let who: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, who.clone(), asset, Quantity::from_int(1));
		assert_eq!(T::Accounts::units(&who, asset), Quantity::from_int(1));
		Ok(())
	}

	#[benchmark]
	fn same_era() {
		let (era, _) = pot::<T>(0);
		#[block]
		{
			Pallet::<T>::follow_eras();
		}
		assert!(CurrentEra::<T>::get() > Some(era));
	}

	#[benchmark]
	fn turn_of_era() {
		let (era, _) = T::BenchmarkHelper::era(0);
		CurrentEra::<T>::put(era);
		T::BenchmarkHelper::give_cash(&T::Stakers::get(), AMOUNT);
		#[block]
		{
			Pallet::<T>::follow_eras();
		}
		assert!(Pots::<T>::contains_key(era));
	}

	/// Something is to be forgotten, but there is no weight for it.
	#[benchmark]
	fn idle() {
		let (era, _) = pot::<T>(0);
		for _ in 0..T::Staking::eras_kept() {
			T::BenchmarkHelper::next_era();
		}
		Pallet::<T>::follow_eras();
		let used: Weight;
		#[block]
		{
			used = Pallet::<T>::do_idle(T::WeightInfo::idle());
		}
		assert!(used == T::WeightInfo::idle() && Pots::<T>::contains_key(era));
	}

	#[benchmark]
	fn forget() {
		let (era, _) = pot::<T>(0);
		for index in 0..PAGES_FORGOTTEN {
			PaidPages::<T>::insert(era, (account::<T::AccountId>("validator", index, 0), 0), ());
		}
		#[block]
		{
			Pallet::<T>::forget(era).expect("it has a pot");
		}
		assert!(!Pots::<T>::contains_key(era));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
