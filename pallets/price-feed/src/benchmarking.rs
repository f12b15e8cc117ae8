//! Benchmarks: every operator feeds, as many expiries are watched as can be, and a day ends.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]
#![allow(clippy::arithmetic_side_effects, reason = "figures of a benchmark are small")]

use super::*;
use ballast_primitives::time::DAY;
use ballast_traits::RiskParameters;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{Contains, EnsureOrigin, Get, Hooks},
	BoundedVec,
};

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper {
	/// Makes as many accounts operators as may be, lists an underlying with thresholds, and feeds and
	/// accepts its first prices.
	fn open() -> UnderlyingId;
	/// Leaves so many operators.
	fn leave_operators(count: u32);
	/// Goes to a later block, in which every operator feeds other values. They are not accepted yet.
	fn feed(seconds: Moment);
}

/// How long before the first window prices are usable.
const COVERED: Moment = 120;

fn accept<T: Config>(seconds: Moment) {
	T::BenchmarkHelper::feed(seconds);
	Pallet::<T>::do_accept_ticks();
}

/// Watches as many expiries as can be, a second apart.
fn watch<T: Config>(underlying: UnderlyingId, first: Moment) {
	Watched::<T>::remove(underlying);
	for place in 0..Moment::from(MAX_EXPIRIES) {
		Pallet::<T>::do_watch_expiry(underlying, first + place).expect("there is room");
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// What is done once in a block, however many underlyings there are.
	#[benchmark]
	fn accept_ticks_base() {
		T::BenchmarkHelper::open();
		T::BenchmarkHelper::feed(3);
		let block = frame_system::Pallet::<T>::block_number();
		#[block]
		{
			Pallet::<T>::on_initialize(block);
			assert_ne!(AcceptedIn::<T>::get(), Some(block));
			AcceptedIn::<T>::put(block);
			let _ = Pallet::<T>::market_now();
		}
	}

	/// One underlying with `o` operators: a day is closed over a full history, the windows of all
	/// watched expiries are open, as many as may be are settled, and a slice of the average is over.
	#[benchmark]
	fn accept_tick(o: Linear<3, { T::MaxOperators::get() }>) {
		let underlying = T::BenchmarkHelper::open();
		let rules = T::Parameters::oracle(underlying);
		let midnight = (Pallet::<T>::market_now() / DAY + 1) * DAY;
		let first = midnight - Moment::from(MAX_EXPIRIES);
		let opening = first - COVERED - rules.settlement_window;
		accept::<T>(opening - Pallet::<T>::market_now());
		watch::<T>(underlying, first);
		let last = first - 1;
		while Pallet::<T>::market_now() < last {
			let left = last - Pallet::<T>::market_now();
			accept::<T>(left.min(rules.spot_age_max));
		}
		let day = ballast_primitives::history::day_of(midnight) - 1;
		let moves = (0..HISTORY_DAYS).map(|place| DailyMove {
			day: day - HISTORY_DAYS + place,
			spot: 10_000,
			volatility: Some(10_000),
		});
		History::<T>::insert(underlying, BoundedVec::truncate_from(moves.collect()));
		let spot = Markets::<T>::get(underlying).and_then(|market| market.spot.value());
		let close = Close { day: day - 1, spot: spot.expect("accepted"), volatility: None };
		LastClose::<T>::insert(underlying, close);
		T::BenchmarkHelper::leave_operators(o);
		// a second later, so that a slice of the average is over as well
		T::BenchmarkHelper::feed(midnight + 1 - Pallet::<T>::market_now());
		let now = Pallet::<T>::market_now();
		let before = ClosedSlices::<T>::get(underlying);
		assert!(before.is_full());
		#[block]
		{
			Pallet::<T>::accept_tick(underlying, now).expect("a tick is accepted");
		}
		assert_eq!(LastClose::<T>::get(underlying).map(|close| close.day), Some(day));
		assert_ne!(ClosedSlices::<T>::get(underlying), before);
		assert_eq!(SettlementPrices::<T>::iter().count(), SETTLEMENTS_PER_TICK);
	}

	#[benchmark]
	fn look_whether_accepted() {
		frame_system::Pallet::<T>::set_block_number(1u32.into());
		AcceptedIn::<T>::put(frame_system::Pallet::<T>::block_number());
		#[block]
		{
			Pallet::<T>::do_accept_ticks();
		}
	}

	#[benchmark]
	fn prioritise_feed() {
		T::BenchmarkHelper::open();
		let stranger: T::AccountId = account("stranger", 0, 0);
		let first;
		#[block]
		{
			first = T::IsOperator::contains(&stranger);
		}
		assert!(!first);
	}

	#[benchmark]
	fn set_settlement_price() -> Result<(), BenchmarkError> {
		let origin =
			T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let underlying = T::BenchmarkHelper::open();
		let expiry = Pallet::<T>::market_now() + 1;
		watch::<T>(underlying, expiry);
		T::BenchmarkHelper::feed(
			2 * <T::Parameters as RiskParameters>::oracle(underlying).settlement_overdue,
		);
		let spot = Markets::<T>::get(underlying).and_then(|market| market.spot.value());
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, underlying, expiry, spot.expect("accepted"));
		assert!(SettlementPrices::<T>::contains_key(underlying, expiry));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
