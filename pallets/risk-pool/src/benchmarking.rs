//! Benchmarks: whoever pays holds as much as an account can, the pool has as many positions as it can,
//! and nothing has been valued in this block before.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use crate::types::{EventWindow, NavRecord, Ticket};
use ballast_primitives::{Moment, Quantity, SeriesId, Usd};
use ballast_traits::{InspectAccounts, InspectMarket, MutateAccounts, RiskParameters};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper<AccountId> {
	/// Opens the markets and puts capital into the pool and the insurance fund.
	fn open();
	/// Gives the pool as many positions as an account can hold, all of one underlying, whose series the
	/// pool quotes; one of them.
	fn burden() -> SeriesId;
	/// An account with ample cash, no two alike.
	fn rich(index: u32) -> AccountId;
	/// The same, with as many positions as an account can hold, a long one in the series if there is
	/// one, on as many underlyings as may be, and every collateral.
	fn largest(held: Option<SeriesId>) -> AccountId;
	/// Goes to a later block with other prices, in which nothing has been valued.
	fn tick(seconds: Moment);
}

/// What is paid in each time.
const AMOUNT: Usd = Usd::from_int(10_000);

fn signed<T: Config>(who: &T::AccountId) -> T::RuntimeOrigin {
	RawOrigin::Signed(who.clone()).into()
}

/// Three deposits in the queue, and the one in the middle.
fn deposits<T: Config>() -> (T::AccountId, Ticket) {
	for index in 0..3 {
		let who = T::BenchmarkHelper::rich(index);
		Pallet::<T>::do_deposit(&who, AMOUNT).expect("has the cash");
	}
	let (first, _) = providers::DepositFifo::<T>::first().expect("just joined");
	let (ticket, who) = providers::DepositFifo::<T>::after(first).expect("just joined");
	(who, ticket)
}

/// A provider whose shares are earning.
fn provider<T: Config>(index: u32) -> T::AccountId {
	let who = T::BenchmarkHelper::rich(index);
	Pallet::<T>::do_deposit(&who, AMOUNT).expect("has the cash");
	T::BenchmarkHelper::tick(3);
	Pallet::<T>::do_process_queue(1).expect("it is its turn");
	assert!(!Shares::<T>::get(&who).is_zero());
	who
}

/// Asks for all that a provider has.
fn ask<T: Config>(who: &T::AccountId) {
	Pallet::<T>::do_request_withdrawal(who, Shares::<T>::get(who)).expect("has shares");
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn deposit() {
		T::BenchmarkHelper::open();
		deposits::<T>();
		let who = T::BenchmarkHelper::largest(None);
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), AMOUNT);
		assert_eq!(providers::DepositFifo::<T>::length(), 4);
	}

	#[benchmark]
	fn cancel_deposit() {
		T::BenchmarkHelper::open();
		let (who, ticket) = deposits::<T>();
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), ticket);
		assert_eq!(providers::DepositFifo::<T>::length(), 2);
	}

	#[benchmark]
	fn request_withdrawal() {
		T::BenchmarkHelper::open();
		let (other, who) = (provider::<T>(0), provider::<T>(1));
		ask::<T>(&other);
		T::BenchmarkHelper::burden();
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), Shares::<T>::get(&who));
		assert_eq!(providers::WithdrawalFifo::<T>::length(), 2);
	}

	#[benchmark]
	fn cancel_withdrawal() {
		T::BenchmarkHelper::open();
		let all = [provider::<T>(0), provider::<T>(1), provider::<T>(2)];
		all.iter().for_each(ask::<T>);
		let (first, _) = providers::WithdrawalFifo::<T>::first().expect("just joined");
		let (ticket, who) = providers::WithdrawalFifo::<T>::after(first).expect("just joined");
		T::BenchmarkHelper::burden();
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), ticket);
		assert_eq!(providers::WithdrawalFifo::<T>::length(), 2);
	}

	/// `n` deposits and `n` withdrawals whose turn has come.
	#[benchmark]
	fn process_queue(n: Linear<1, QUEUE_STEPS>) {
		T::BenchmarkHelper::open();
		for index in 0..n {
			ask::<T>(&provider::<T>(index));
		}
		for index in 0..n {
			let who = T::BenchmarkHelper::rich(QUEUE_STEPS.saturating_add(index));
			Pallet::<T>::do_deposit(&who, AMOUNT).expect("has the cash");
		}
		T::BenchmarkHelper::burden();
		T::BenchmarkHelper::tick(T::Parameters::pool().cooldown.saturating_add(1));
		let who = T::BenchmarkHelper::rich(u32::MAX);
		#[extrinsic_call]
		_(signed::<T>(&who), n);
		assert_eq!(providers::DepositFifo::<T>::length(), 0);
		assert_eq!(providers::WithdrawalFifo::<T>::length(), 0);
	}

	#[benchmark]
	fn buy() {
		T::BenchmarkHelper::open();
		let series = T::BenchmarkHelper::burden();
		let who = T::BenchmarkHelper::largest(Some(series));
		T::BenchmarkHelper::tick(3);
		let (quantity, most) = (Quantity::from_int(1), Usd::from_int(1_000_000));
		#[extrinsic_call]
		_(signed::<T>(&who), series, quantity, most, Moment::MAX);
	}

	#[benchmark]
	fn sell() {
		T::BenchmarkHelper::open();
		let series = T::BenchmarkHelper::burden();
		let who = T::BenchmarkHelper::largest(Some(series));
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), series, Quantity::from_int(1), Usd::ZERO, Moment::MAX);
	}

	/// While the deficit account is open.
	#[benchmark]
	fn donate_insurance() {
		T::BenchmarkHelper::open();
		let who = T::BenchmarkHelper::largest(None);
		DeficitAccount::<T>::put(Usd::from_int(-1));
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), AMOUNT);
		assert!(DeficitAccount::<T>::get().is_zero());
	}

	/// Both queues have somebody whose turn may have come, but there is no weight for it.
	#[benchmark]
	fn idle() {
		T::BenchmarkHelper::open();
		ask::<T>(&provider::<T>(0));
		deposits::<T>();
		T::BenchmarkHelper::tick(3);
		LastNav::<T>::put(NavRecord { at: T::Market::now(), ..LastNav::<T>::get() });
		let used;
		#[block]
		{
			used = Pallet::<T>::do_idle(T::WeightInfo::idle());
		}
		assert_eq!(used, T::WeightInfo::idle());
	}

	/// With a debt to be repaid.
	#[benchmark]
	fn close_window() {
		T::BenchmarkHelper::open();
		DeficitAccount::<T>::put(Usd::from_int(-1));
		let now = T::Market::now();
		Window::<T>::put(EventWindow {
			opened_at: now,
			last_deficit_at: now,
			insurance_cap: AMOUNT,
			pool_cap: AMOUNT,
			insurance_paid: AMOUNT,
			pool_paid: AMOUNT,
		});
		T::BenchmarkHelper::tick(T::Parameters::funds().window_length);
		#[block]
		{
			Pallet::<T>::close_window();
		}
		assert!(Window::<T>::get().is_none() && DeficitAccount::<T>::get().is_zero());
	}

	/// Beyond the fund's target, with a pool that has owners and as many positions as it can.
	#[benchmark]
	fn divide_revenue() {
		T::BenchmarkHelper::open();
		T::BenchmarkHelper::burden();
		let who = T::BenchmarkHelper::rich(0);
		let target = T::Parameters::funds().insurance_target;
		T::Accounts::transfer(&who, &Pallet::<T>::insurance(), target).expect("has the cash");
		Pallet::<T>::do_collect_penalty(&who, AMOUNT).expect("has the cash");
		T::BenchmarkHelper::tick(3);
		#[block]
		{
			Pallet::<T>::divide_revenue().expect("everybody can receive");
		}
		assert!(Undivided::<T>::get().is_zero());
		assert!(T::Accounts::cash(&T::Stakers::get()).is_positive());
	}

	#[benchmark]
	fn record_nav() {
		T::BenchmarkHelper::open();
		T::BenchmarkHelper::burden();
		T::BenchmarkHelper::tick(3);
		#[block]
		{
			Pallet::<T>::appraise().expect("prices are usable");
		}
		assert_eq!(LastNav::<T>::get().at, T::Market::now());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
