//! Benchmarks: accounts are as large as can be, as is the pool where losses reach it, and nothing has
//! been valued in this block before.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use ballast_primitives::{Moment, Ratio, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts, RiskParameters};
use frame_benchmarking::v2::*;
use frame_support::{pallet_prelude::TransactionSource, weights::Weight};
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper<AccountId> {
	/// Opens the markets; the pool and the insurance fund have money, and the pool has as many positions
	/// as an account can hold.
	fn open();
	/// An account with so many positions that cannot be exercised early and every collateral, well above
	/// its margins.
	fn sound(positions: u32) -> AccountId;
	/// An account with a position in each American series that there may be.
	fn american() -> AccountId;
	/// An account with as many positions as there may be and every collateral that fails its
	/// maintenance margin, with equity or without.
	fn failing(is_insolvent: bool) -> AccountId;
	/// An account with the same positions and ample cash.
	fn bidder() -> AccountId;
	/// Makes the pool refuse whatever adds to its risk.
	fn overload_pool();
	/// Goes to a later block with other prices, in which nothing has been valued.
	fn tick(seconds: Moment);
}

/// An account under auction, started by a keeper.
fn auctioned<T: Config>(is_insolvent: bool) -> T::AccountId {
	let who = T::BenchmarkHelper::failing(is_insolvent);
	let keeper = T::BenchmarkHelper::sound(1);
	Pallet::<T>::do_liquidate(keeper, &who).expect("it fails");
	assert!(Auctions::<T>::contains_key(&who));
	who
}

/// The same when the pool may take it over.
fn due<T: Config>() -> T::AccountId {
	let who = auctioned::<T>(true);
	T::BenchmarkHelper::tick(T::Parameters::liquidation().takeover_after);
	who
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn liquidate_authorized() {
		T::BenchmarkHelper::open();
		let who = T::BenchmarkHelper::failing(false);
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(RawOrigin::Authorized, who.clone());
		assert!(Auctions::<T>::contains_key(&who));
	}

	#[benchmark]
	fn authorize_liquidation() {
		T::BenchmarkHelper::open();
		let who = T::BenchmarkHelper::failing(false);
		T::BenchmarkHelper::tick(3);
		#[block]
		{
			Pallet::<T>::authorize_liquidation(TransactionSource::Local, &who).expect("it fails");
		}
	}

	/// With a reward for the keeper.
	#[benchmark]
	fn liquidate() {
		T::BenchmarkHelper::open();
		let (who, keeper) = (T::BenchmarkHelper::failing(false), T::BenchmarkHelper::bidder());
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(RawOrigin::Signed(keeper), who.clone());
		assert!(Auctions::<T>::contains_key(&who));
	}

	/// On an account whose loss goes through the waterfall.
	#[benchmark]
	fn bid() {
		T::BenchmarkHelper::open();
		let (who, bidder) = (auctioned::<T>(true), T::BenchmarkHelper::bidder());
		T::BenchmarkHelper::tick(3);
		let last_bid = Auctions::<T>::get(&who).expect("under auction").last_bid;
		let most = Usd::from_int(1_000_000_000);
		#[extrinsic_call]
		_(RawOrigin::Signed(bidder), who.clone(), Ratio::ONE, most, last_bid);
		assert_ne!(Auctions::<T>::get(&who).map(|auction| auction.last_bid), Some(last_bid));
	}

	/// Of an account of which only a debt is left, which goes through the waterfall.
	#[benchmark]
	fn end_auction() {
		T::BenchmarkHelper::open();
		let (who, other) = (auctioned::<T>(true), T::BenchmarkHelper::bidder());
		T::Accounts::transfer_portfolio(&who, &other, Ratio::ONE).expect("prices are usable");
		let cash = T::Accounts::cash(&who);
		let debt = Usd::from_int(1_000).checked_add(cash).expect("small");
		T::Accounts::transfer(&who, &other, debt.max(Usd::ZERO)).expect("cash may be negative");
		T::BenchmarkHelper::tick(3);
		let caller = T::BenchmarkHelper::sound(1);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), who.clone());
		assert!(!Auctions::<T>::contains_key(&who));
	}

	/// The pool takes all of an insolvent account at once.
	#[benchmark]
	fn take_over() {
		T::BenchmarkHelper::open();
		let (who, caller) = (due::<T>(), T::BenchmarkHelper::sound(1));
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), who.clone());
		assert!(!Auctions::<T>::contains_key(&who));
	}

	/// The pool tries every part of the account, and its capital rule refuses each.
	#[benchmark]
	fn refused_take_over() {
		T::BenchmarkHelper::open();
		T::BenchmarkHelper::overload_pool();
		let who = due::<T>();
		let outcome;
		#[block]
		{
			outcome = Pallet::<T>::do_take_over(&who);
		}
		assert!(outcome.is_err() && Auctions::<T>::contains_key(&who));
	}

	/// What is done in every block, prices having been taken before; and the arrays of the American series,
	/// whichever step needs them first.
	#[benchmark]
	fn idle_base() {
		T::BenchmarkHelper::open();
		auctioned::<T>(false);
		let who = T::BenchmarkHelper::american();
		T::BenchmarkHelper::tick(3);
		let block = frame_system::Pallet::<T>::block_number();
		// Enough for a look whether ticks are accepted, and for no step.
		let limit =
			T::WeightInfo::idle_base().saturating_add(Weight::from_parts(5_000_000_000, 10_000));
		let used;
		#[block]
		{
			T::Accounts::health(&who).expect("prices are usable");
			used = Pallet::<T>::do_idle(block, limit);
		}
		assert!(used.all_gte(T::WeightInfo::idle_base()));
	}

	/// Looking at an account with `l` positions that does not fail.
	#[benchmark]
	fn idle_check(l: Linear<1, MAX_LEGS>) {
		T::BenchmarkHelper::open();
		let who = T::BenchmarkHelper::sound(l);
		T::BenchmarkHelper::tick(3);
		let needed;
		#[block]
		{
			Pallet::<T>::look(&who);
			T::Accounts::touch(&who).expect("nothing has expired");
			let health = T::Accounts::health(&who).expect("prices are usable");
			needed = Pallet::<T>::needs_liquidation(&who, &health).expect("no overflow");
		}
		assert!(!needed);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
