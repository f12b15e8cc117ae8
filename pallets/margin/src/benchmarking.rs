//! Benchmarks: accounts have every collateral, positions on as many underlyings and expiries as may be, and
//! nothing has been valued in this block before. What a touch costs is measured on positions that have
//! expired and are settled by it, what a requirement costs on live ones.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use alloc::vec::Vec;
use ballast_primitives::{
	AssetId, Moment, OptionKind, Quantity, SeriesId, Style, Usd, MAX_AMERICAN_SERIES,
};
use ballast_traits::{InspectAccounts, InspectMarket, InspectSeries, MutateAccounts};
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper<AccountId> {
	/// Opens the markets and lists as many European series as an account can hold, and as many American ones
	/// as there may be, which expire later. The first American one is a call in the money.
	fn open() -> (Vec<SeriesId>, Vec<SeriesId>);
	/// An account with every collateral and ample cash, and the same again outside the ledger; the same one
	/// for the same index.
	fn account(index: u32) -> AccountId;
	/// One of its collateral assets, and the least amount in which it is moved here.
	fn collateral() -> (AssetId, u128);
	/// Goes to a later block with other prices, in which nothing has been valued.
	fn tick(seconds: Moment);
	/// Goes past the expiry of the European series, and makes their settlement prices known.
	fn expire();
}

/// Live positions besides the American ones, at most.
const EUROPEAN: u32 = MAX_POSITIONS - MAX_AMERICAN_SERIES;
/// Requests to exercise in one block: enough for a line.
const REQUESTS: u32 = 8;
/// An amount of the quote asset.
const AMOUNT: u128 = 1_000_000;

/// The accounts that take the other side.
fn counterparty<T: Config>(american: bool) -> T::AccountId {
	T::BenchmarkHelper::account(1_000u32.saturating_add(american.into()))
}

/// Trades contracts without premium; negative: sells.
fn trade<T: Config>(who: &T::AccountId, id: SeriesId, contracts: i64) {
	let american = T::Series::series(id).expect("it is listed").style == Style::American;
	let other = counterparty::<T>(american);
	let (buyer, seller) = if contracts < 0 { (&other, who) } else { (who, &other) };
	let contracts = i64::try_from(contracts.unsigned_abs()).expect("small");
	let quantity = Quantity::from_int(contracts);
	<Pallet<T> as MutateAccounts<_>>::trade(buyer, seller, id, quantity, Usd::ZERO)
		.expect("there is room");
}

/// An account with a contract of each series, bought and sold in no regular order.
fn holder<'a, T: Config>(index: u32, series: impl Iterator<Item = &'a SeriesId>) -> T::AccountId {
	let who = T::BenchmarkHelper::account(index);
	for (place, id) in series.enumerate() {
		trade::<T>(&who, *id, if place.count_ones() % 2 == 0 { 1 } else { -1 });
	}
	who
}

/// So many series of each kind.
fn some(
	all: &(Vec<SeriesId>, Vec<SeriesId>),
	european: u32,
	american: u32,
) -> impl Iterator<Item = &SeriesId> {
	let (first, second) = (all.0.iter().take(european as usize), &all.1);
	first.chain(second.iter().take(american as usize))
}

/// An account with so many positions that have expired.
fn expired<T: Config>(positions: u32) -> T::AccountId {
	let all = T::BenchmarkHelper::open();
	let who = holder::<T>(0, some(&all, positions, 0));
	T::BenchmarkHelper::expire();
	who
}

/// An account with so many live positions of each kind.
fn live<T: Config>(european: u32, american: u32) -> T::AccountId {
	let all = T::BenchmarkHelper::open();
	let who = holder::<T>(0, some(&all, european, american));
	T::BenchmarkHelper::tick(3);
	who
}

fn positions<T: Config>(who: &T::AccountId) -> usize {
	<Pallet<T> as InspectAccounts<_>>::positions(who).len()
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn deposit(p: Linear<0, MAX_POSITIONS>) {
		let who = expired::<T>(p);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), AMOUNT);
	}

	/// `p` European positions and `a` American ones.
	#[benchmark]
	fn withdraw(p: Linear<0, EUROPEAN>, a: Linear<0, MAX_AMERICAN_SERIES>) {
		let who = live::<T>(p, a);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), AMOUNT);
	}

	#[benchmark]
	fn deposit_collateral(p: Linear<0, MAX_POSITIONS>) {
		let who = expired::<T>(p);
		let (asset, amount) = T::BenchmarkHelper::collateral();
		#[extrinsic_call]
		_(RawOrigin::Signed(who), asset, amount);
	}

	#[benchmark]
	fn withdraw_collateral(p: Linear<0, EUROPEAN>, a: Linear<0, MAX_AMERICAN_SERIES>) {
		let who = live::<T>(p, a);
		let (asset, amount) = T::BenchmarkHelper::collateral();
		#[extrinsic_call]
		_(RawOrigin::Signed(who), asset, amount);
	}

	#[benchmark]
	fn settle(p: Linear<0, MAX_POSITIONS>) {
		let who = expired::<T>(p);
		let caller = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), who);
	}

	/// An American position beside `p` that have expired, and a queue that is full but for one.
	#[benchmark]
	fn request_exercise(p: Linear<0, { MAX_POSITIONS - 1 }>) {
		let all = T::BenchmarkHelper::open();
		let who = holder::<T>(0, some(&all, p, 0));
		let id = *all.1.first().expect("there is one");
		trade::<T>(&who, id, 1);
		T::BenchmarkHelper::expire();
		let waits = ExerciseRequest { who: counterparty::<T>(true), series: id, at: 0 };
		let count = MAX_EXERCISE_REQUESTS.saturating_sub(1) as usize;
		ExerciseRequests::<T>::put(BoundedVec::truncate_from(alloc::vec![waits; count]));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, Quantity::from_int(1));
		assert_eq!(ExerciseRequests::<T>::get().len(), MAX_EXERCISE_REQUESTS as usize);
	}

	/// A secured put beside `p` European positions and `a` American ones.
	#[benchmark]
	fn release_put(
		p: Linear<0, { EUROPEAN - 1 }>,
		a: Linear<0, MAX_AMERICAN_SERIES>,
	) -> Result<(), BenchmarkError> {
		let all = T::BenchmarkHelper::open();
		let who = holder::<T>(0, some(&all, p, a));
		let is_put = |id: &&SeriesId| {
			T::Series::series(**id).is_some_and(|series| series.kind == OptionKind::Put)
		};
		let put = *all.0.iter().rev().find(is_put).expect("there is one");
		trade::<T>(&who, put, -2);
		Pallet::<T>::do_secure(&who, put)?;
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), put);
		Ok(())
	}

	#[benchmark]
	fn set_transfer_permit() {
		let (receiver, sender) =
			(account("receiver", 0, 0), account::<T::AccountId>("sender", 0, 0));
		#[extrinsic_call]
		_(RawOrigin::Signed(receiver), sender, true);
	}

	/// `m` of the positions of one largest account to another.
	#[benchmark]
	fn transfer_positions(m: Linear<1, MAX_POSITIONS>) {
		let all = T::BenchmarkHelper::open();
		let held = || some(&all, EUROPEAN, MAX_AMERICAN_SERIES);
		let (from, to) = (holder::<T>(0, held()), holder::<T>(1, held()));
		TransferPermits::<T>::insert(&to, &from, ());
		let moved = <Pallet<T> as InspectAccounts<_>>::positions(&from);
		let moved = moved.into_iter().take(m as usize).collect();
		let moved: TransferList = BoundedVec::truncate_from(moved);
		let left = positions::<T>(&from).saturating_sub(moved.len());
		T::BenchmarkHelper::tick(3);
		let cash = Usd::from_int(1);
		#[extrinsic_call]
		_(RawOrigin::Signed(from.clone()), to, moved, cash);
		assert_eq!(positions::<T>(&from), left);
	}

	/// `r` requests of as many largest accounts, all met.
	#[benchmark]
	fn exercises(r: Linear<0, REQUESTS>) -> Result<(), BenchmarkError> {
		let all = T::BenchmarkHelper::open();
		let id = *all.1.first().expect("there is one");
		for index in 0..r {
			let who = holder::<T>(index, some(&all, EUROPEAN, MAX_AMERICAN_SERIES));
			trade::<T>(&who, id, 2);
			Pallet::<T>::do_request_exercise(&who, id, Quantity::from_int(1))?;
		}
		T::BenchmarkHelper::tick(3);
		#[block]
		{
			Pallet::<T>::do_exercises();
		}
		assert!(ExerciseRequests::<T>::get().is_empty());
		Ok(())
	}

	/// Nothing is due; an hour's interest is booked.
	#[benchmark]
	fn sweep_base() {
		live::<T>(MAX_POSITIONS, 0);
		T::BenchmarkHelper::tick(3_600);
		let base = T::WeightInfo::sweep_base();
		let limit = base.saturating_add(T::WeightInfo::visit(MAX_POSITIONS));
		let used;
		#[block]
		{
			used = Pallet::<T>::do_sweep(limit);
		}
		assert_eq!(used, base);
	}

	#[benchmark]
	fn visit(p: Linear<0, MAX_POSITIONS>) {
		let who = expired::<T>(p);
		let mut pass = Pass { until: T::Market::now(), after: None, unfinished: false };
		#[block]
		{
			let _ = Pallet::<T>::account_after(Some(&who));
			Pallet::<T>::visit(&who, &mut pass);
			Sweep::<T>::put(pass);
		}
		assert!(Sweep::<T>::exists());
	}

	/// Marks and requirement of `p` European positions and `a` American ones.
	#[benchmark]
	fn requirement(p: Linear<0, EUROPEAN>, a: Linear<0, MAX_AMERICAN_SERIES>) {
		let who = live::<T>(p, a);
		let health;
		#[block]
		{
			health = <Pallet<T> as InspectAccounts<_>>::health(&who);
		}
		assert!(health.is_ok());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
