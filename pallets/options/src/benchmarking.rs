//! Benchmarks: every list is as long as it may be.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]
#![allow(clippy::arithmetic_side_effects, reason = "figures of a benchmark are small")]

use super::*;
use crate::expiry::{EPOCHS_PER_STEP, RETENTION};
use alloc::vec::Vec;
use ballast_primitives::{
	time::DAY, EndedEpoch, Moment, OptionKind, Price, SeriesId, Settlement, Side, Style,
	UnderlyingId,
};
use ballast_traits::InspectMarket;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{ConstU32, EnsureOrigin},
	BoundedVec,
};
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper {
	/// Opens the markets; an underlying that is listed and has a usable price.
	fn open() -> UnderlyingId;
	/// Goes to a block so many seconds later, in which prices have been accepted.
	fn pass(seconds: Moment);
	/// Makes the settlement price of an expiry that has passed for long known.
	fn settle(underlying: UnderlyingId, expiry: Moment);
}

fn listing<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::ListingOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// The grid of an underlying.
fn grid<T: Config>(underlying: UnderlyingId) -> Grid {
	Underlyings::<T>::get(underlying).expect("it is listed").grid
}

/// An expiry of the grid, two weeks ahead, and so many strikes from spot on.
fn terms<T: Config>(underlying: UnderlyingId, count: u32) -> (Moment, Vec<Price>) {
	let grid = grid::<T>(underlying);
	let midnight = T::Market::now() / DAY * DAY;
	let step = grid.strike_step.into_inner();
	let spot = T::Market::state(underlying).expect("it has a price").spot.into_inner();
	let strike = |place: u32| Price::from_inner((spot / step + u128::from(place)) * step);
	(midnight + 14 * DAY + grid.expiry_time, (0..count).map(strike).collect())
}

/// A series whose strike is the one in this place.
fn list<T: Config>(underlying: UnderlyingId, place: u32) -> (SeriesId, Moment) {
	let (expiry, strikes) = terms::<T>(underlying, place + 1);
	let strike = strikes.last().copied().expect("there is one");
	let (kind, style) = (OptionKind::Call, Style::European);
	let settlement = Settlement::Cash;
	let terms = Terms { underlying, kind, style, settlement, strike, expiry };
	(Pallet::<T>::do_list_series(terms).expect("it may be listed"), expiry)
}

/// Expiries of other underlyings, but for so many of the most that there may be.
fn fill_expiries<T: Config>(but: u32) {
	let waiting = Expiries::<T>::get().len() as u32;
	Expiries::<T>::mutate(|expiries| {
		for place in 0..MAX_EXPIRIES - but - waiting {
			let far = (Moment::MAX - 1_000 + Moment::from(place), UnderlyingId(u16::MAX));
			expiries.try_push(far).expect("there is room");
		}
	});
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The last one that there may be.
	#[benchmark]
	fn add_underlying() -> Result<(), BenchmarkError> {
		let origin = listing::<T>()?;
		let grid = grid::<T>(T::BenchmarkHelper::open());
		let symbol = Symbol::truncate_from([b'X'; MAX_SYMBOL as usize].to_vec());
		let mut id = 1_000;
		while (UnderlyingIds::<T>::get().len() as u32) < MAX_UNDERLYINGS - 1 {
			let other = UnderlyingId(id);
			Pallet::<T>::do_add_underlying(other, id.into(), symbol.clone(), grid)?;
			id += 1;
		}
		let added = UnderlyingId(id);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, added, id.into(), symbol, grid);
		assert!(Underlyings::<T>::contains_key(added));
		Ok(())
	}

	#[benchmark]
	fn set_underlying() -> Result<(), BenchmarkError> {
		let origin = listing::<T>()?;
		let underlying = T::BenchmarkHelper::open();
		let grid = grid::<T>(underlying);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, underlying, grid, false);
		assert!(!Underlyings::<T>::get(underlying).expect("it is listed").active);
		Ok(())
	}

	/// Calls and puts, `s` series in all, beside as many of the same expiry as there may be.
	#[benchmark]
	fn list_grid(s: Linear<1, { 2 * MAX_STRIKES }>) -> Result<(), BenchmarkError> {
		let origin = listing::<T>()?;
		let underlying = T::BenchmarkHelper::open();
		let listed = MAX_SERIES_PER_EXPIRY - 2 * MAX_STRIKES;
		for place in 0..listed {
			list::<T>(underlying, place);
		}
		fill_expiries::<T>(0);
		let count = s.div_ceil(2);
		let (expiry, strikes) = terms::<T>(underlying, listed + count);
		let strikes = strikes.into_iter().skip(listed as usize).collect::<Vec<_>>();
		let strikes: BoundedVec<Price, ConstU32<MAX_STRIKES>> = BoundedVec::truncate_from(strikes);
		let (style, settlement) = (Style::European, Settlement::Cash);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, underlying, style, settlement, expiry, strikes);
		assert_eq!(SeriesAt::<T>::get(expiry, underlying).len() as u32, listed + 2 * count);
		Ok(())
	}

	/// The last series of its expiry, never traded, so that it is removed at once.
	#[benchmark]
	fn settle_series() -> Result<(), BenchmarkError> {
		let underlying = T::BenchmarkHelper::open();
		let (id, expiry) = list::<T>(underlying, 0);
		fill_expiries::<T>(0);
		T::BenchmarkHelper::pass(expiry + 2 * DAY - T::Market::now());
		T::BenchmarkHelper::settle(underlying, expiry);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		assert!(!SeriesOf::<T>::contains_key(id));
		Ok(())
	}

	/// With as many ends of epochs as a step that removes the series takes with it.
	#[benchmark]
	fn remove_series() -> Result<(), BenchmarkError> {
		let underlying = T::BenchmarkHelper::open();
		let (id, expiry) = list::<T>(underlying, 0);
		T::BenchmarkHelper::pass(expiry + 2 * DAY - T::Market::now());
		T::BenchmarkHelper::settle(underlying, expiry);
		SidesOf::<T>::insert(id, ballast_primitives::Sides::default());
		Pallet::<T>::do_settle_series(id)?;
		for epoch in 1..EPOCHS_PER_STEP as u32 {
			EndedEpochs::<T>::insert(
				id,
				(Side::Long, epoch),
				EndedEpoch { survival: 1, payout: (0, 0) },
			);
		}
		T::BenchmarkHelper::pass(RETENTION);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		assert!(!SeriesOf::<T>::contains_key(id));
		Ok(())
	}

	/// Something is due, but there is no weight for it.
	#[benchmark]
	fn on_idle_base() {
		let underlying = T::BenchmarkHelper::open();
		let (_, expiry) = list::<T>(underlying, 0);
		fill_expiries::<T>(0);
		T::BenchmarkHelper::pass(expiry - T::Market::now());
		let limit = T::WeightInfo::on_idle_base();
		let used;
		#[block]
		{
			used = Pallet::<T>::do_on_idle(limit);
		}
		assert!(used.all_gte(limit));
	}

	#[benchmark]
	fn on_idle_expiry() {
		let underlying = T::BenchmarkHelper::open();
		let (_, expiry) = list::<T>(underlying, 0);
		let waiting;
		#[block]
		{
			let _ = T::Market::settlement_price(underlying, expiry);
			waiting = SeriesAt::<T>::decode_len(expiry, underlying);
		}
		assert_eq!(waiting, Some(1));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
