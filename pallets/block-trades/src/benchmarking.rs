//! Benchmarks: both accounts hold as much as an account can, their lists of offers are full, and nothing
//! has been valued in this block before.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use crate::offers::Terms;
use ballast_primitives::{Moment, Price, Quantity, SeriesId};
use ballast_traits::{InspectAccounts, InspectMarket};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper<AccountId> {
	/// Opens the markets and gives two accounts as many positions as an account can hold, on as many
	/// underlyings as may be, every collateral, ample cash and native token. Both hold a position in the
	/// series returned, an American one.
	fn open() -> (AccountId, AccountId, SeriesId);
	/// Goes to a later block with other prices, in which nothing has been valued.
	fn tick(seconds: Moment);
}

/// Time for which offers are open.
const LIFE: Moment = 3_600;

/// As many offers as an account may have; the last one.
fn offers<T: Config>(maker: &T::AccountId, series: SeriesId) -> OfferId {
	while OffersBy::<T>::get(maker).len() < T::MaxOffersPerAccount::get() as usize {
		Pallet::<T>::do_offer(maker, terms::<T>(series)).expect("may offer");
	}
	OffersBy::<T>::get(maker).last().copied().expect("has offered")
}

/// An offer to buy one contract more.
fn terms<T: Config>(series: SeriesId) -> Terms<T::AccountId> {
	let (_, collar) = Pallet::<T>::collared(series).expect("it has a price");
	let price = collar.low.into_inner().saturating_add(collar.high.into_inner()).div_euclid(2);
	Terms {
		series,
		side: Side::Buy,
		quantity: Quantity::from_int(1),
		price: Price::from_inner(price),
		counterparty: None,
		expires: T::Market::now().saturating_add(LIFE),
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn offer() -> Result<(), BenchmarkError> {
		let (maker, taker, id) = T::BenchmarkHelper::open();
		let last = offers::<T>(&maker, id);
		Pallet::<T>::do_cancel(&maker, last)?;
		T::BenchmarkHelper::tick(3);
		let Terms { series, side, quantity, price, expires, .. } = terms::<T>(id);
		#[extrinsic_call]
		_(RawOrigin::Signed(maker), series, side, quantity, price, Some(taker), expires);
		assert!(Offers::<T>::count() == T::MaxOffersPerAccount::get());
		Ok(())
	}

	/// All of it, so that it is removed.
	#[benchmark]
	fn accept() {
		let (maker, taker, series) = T::BenchmarkHelper::open();
		let id = offers::<T>(&maker, series);
		T::BenchmarkHelper::tick(3);
		let held = T::Accounts::positions(&maker).len();
		#[extrinsic_call]
		_(RawOrigin::Signed(taker), id, Quantity::from_int(1));
		assert!(!Offers::<T>::contains_key(id));
		assert_eq!(T::Accounts::positions(&maker).len(), held);
	}

	#[benchmark]
	fn cancel() {
		let (maker, _, series) = T::BenchmarkHelper::open();
		let id = offers::<T>(&maker, series);
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(RawOrigin::Signed(maker), id);
		assert!(!Offers::<T>::contains_key(id));
	}

	#[benchmark]
	fn clean() {
		let (maker, taker, series) = T::BenchmarkHelper::open();
		let id = offers::<T>(&maker, series);
		T::BenchmarkHelper::tick(LIFE);
		#[extrinsic_call]
		_(RawOrigin::Signed(taker), id);
		assert!(!Offers::<T>::contains_key(id));
	}

	/// There is an offer, but no weight to look at it.
	#[benchmark]
	fn idle_base() {
		let (maker, _, series) = T::BenchmarkHelper::open();
		offers::<T>(&maker, series);
		SweepCursor::<T>::put(0);
		T::BenchmarkHelper::tick(3);
		let used;
		#[block]
		{
			used = Pallet::<T>::do_idle(T::WeightInfo::idle_base());
		}
		assert_eq!(used, T::WeightInfo::idle_base());
	}

	/// An offer that has expired.
	#[benchmark]
	fn idle_look() {
		let (maker, _, series) = T::BenchmarkHelper::open();
		let last = offers::<T>(&maker, series);
		T::BenchmarkHelper::tick(LIFE);
		#[block]
		{
			let before = last.saturating_sub(1);
			let mut after = Offers::<T>::iter_from(Offers::<T>::hashed_key_for(before));
			let next = after.next();
			let expired = Offers::<T>::get(last).expect("it is there");
			assert!(next.is_some() && !Pallet::<T>::is_open(&expired));
			Pallet::<T>::expire(last, expired).expect("it has expired");
		}
		assert!(!Offers::<T>::contains_key(last));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
