//! Benchmarks: of a vault of cash-secured puts, which has the dearer steps (its strike is locked besides, the
//! mutual pool may buy what is left), whose buyer holds as much as an account can, and with nothing valued
//! in this block before.

#![allow(clippy::expect_used, reason = "a benchmark that cannot be set up must say so")]

use super::*;
use crate::types::*;
use ballast_primitives::{time::MINUTE, Moment, Quantity, Ratio, UnderlyingId};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;

/// What benchmarks cannot do by themselves.
pub trait BenchmarkHelper<AccountId> {
	/// Opens the markets, puts capital into the mutual pool, and gives an underlying of options.
	fn open() -> UnderlyingId;
	/// An account with ample cash at the clearing house and native token; the same one for the same index.
	fn rich(index: u32) -> AccountId;
	/// The same with room for just one more position, the others on as many underlyings as may be, and every
	/// collateral; and the mutual pool with as many positions as let it take one more.
	fn largest() -> AccountId;
	/// Goes to a later block with other prices, in which nothing has been valued.
	fn tick(seconds: Moment);
	/// Goes past an expiry, and makes its settlement price known.
	fn expire(underlying: UnderlyingId, expiry: Moment);
}

/// What is deposited in the quote asset: two million dollars at six decimals.
const AMOUNT: AssetAmount = 2_000_000_000_000;
/// How long prices must have been usable for their average.
const AVERAGED: Moment = 40 * MINUTE;
/// Depositors of a small and of a large vault.
const FEW: u32 = 10;
const MANY: u32 = 100_000;

fn signed<T: Config>(who: &T::AccountId) -> T::RuntimeOrigin {
	RawOrigin::Signed(who.clone()).into()
}

fn manager<T: Config>() -> T::AccountId {
	T::BenchmarkHelper::rich(0)
}

fn terms<T: Config>() -> VaultTerms {
	let rules = T::Parameters::vaults();
	VaultTerms {
		strike: StrikeRule::Delta(rules.delta_max),
		expiry: ExpiryRule::Weekly,
		start: rules.reserve_min.max(Ratio::ONE),
		reserve: rules.reserve_min,
		auction: rules.auction_min,
		management_fee: rules.management_fee_max,
		performance_fee: rules.performance_fee_max,
		capacity: AssetAmount::MAX,
	}
}

/// A vault without anything in it.
fn vault<T: Config>() -> VaultId {
	let underlying = T::BenchmarkHelper::open();
	let id = NextVaultId::<T>::get();
	Pallet::<T>::do_open_vault(manager::<T>(), Strategy::CashSecuredPut, underlying, terms::<T>())
		.expect("the terms are within bounds");
	id
}

/// The same with a deposit that waits.
fn with_deposit<T: Config>() -> VaultId {
	let id = vault::<T>();
	Pallet::<T>::do_deposit(&manager::<T>(), id, AMOUNT).expect("has the cash");
	id
}

/// Splits the deposit that waits among so many people besides.
fn with_depositors<T: Config>(count: u32) -> VaultId {
	let id = with_deposit::<T>();
	for place in 0..count {
		let who: T::AccountId = account("depositor", place, 0);
		let deposit = Queued { turn: 0, amount: 1 };
		Holders::<T>::insert(id, &who, Holder { deposit, ..Default::default() });
	}
	Holders::<T>::mutate(id, manager::<T>(), |holder| {
		holder.deposit.amount = AMOUNT.saturating_sub(u128::from(count));
	});
	average::<T>();
	id
}

/// Prices long enough for their average.
fn average<T: Config>() {
	for _ in 0..AVERAGED / MINUTE {
		T::BenchmarkHelper::tick(MINUTE);
	}
}

/// A vault whose auction is open, with shares of the manager's and a second deposit.
fn selling<T: Config>() -> (VaultId, Selling) {
	let id = with_deposit::<T>();
	average::<T>();
	Pallet::<T>::do_open_round(id).expect("prices are usable");
	(id, selling_of::<T>(id))
}

fn selling_of<T: Config>(id: VaultId) -> Selling {
	match Vaults::<T>::get(id).map(|vault| vault.state) {
		Some(State::Selling(selling)) => selling,
		_ => panic!("its auction is open"),
	}
}

/// Sells all to somebody.
fn sell<T: Config>(id: VaultId, selling: &Selling) {
	let buyer = T::BenchmarkHelper::rich(1);
	let deadline = T::Market::now();
	Pallet::<T>::do_buy(&buyer, id, selling.offered, AssetAmount::MAX, deadline)
		.expect("has the cash");
}

/// A vault all of whose options have expired, with a withdrawal and a deposit that wait.
fn expired<T: Config>() -> VaultId {
	let (id, selling) = selling::<T>();
	sell::<T>(id, &selling);
	Pallet::<T>::do_close_auction(id).expect("all is sold");
	queue::<T>(id);
	let underlying = Vaults::<T>::get(id).expect("just opened").underlying;
	T::BenchmarkHelper::expire(underlying, selling.expiry);
	id
}

/// The manager takes up its shares and asks for half of them; somebody else deposits.
fn queue<T: Config>(id: VaultId) {
	let who = manager::<T>();
	Pallet::<T>::do_claim(id, &who).expect("its turn was");
	let half = Holders::<T>::get(id, &who).shares / 2;
	Pallet::<T>::do_request_withdrawal(&who, id, half).expect("has shares");
	let other = T::BenchmarkHelper::rich(1);
	Pallet::<T>::do_deposit(&other, id, AMOUNT).expect("has the cash");
}

/// A vault between rounds, with shares of the manager's that it has not taken up.
fn settled<T: Config>() -> VaultId {
	let id = expired::<T>();
	Pallet::<T>::do_settle_round(id).expect("it has expired");
	Pallet::<T>::do_turn(id).expect("it is settled");
	id
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn open_vault() {
		let underlying = T::BenchmarkHelper::open();
		let who = manager::<T>();
		#[extrinsic_call]
		_(signed::<T>(&who), Strategy::CashSecuredPut, underlying, terms::<T>());
		assert_eq!(Vaults::<T>::count(), 1);
	}

	#[benchmark]
	fn schedule_terms() {
		let id = vault::<T>();
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id, terms::<T>());
		assert!(Vaults::<T>::get(id).is_some_and(|vault| vault.scheduled.is_some()));
	}

	#[benchmark]
	fn close_vault() {
		let id = vault::<T>();
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id);
		assert!(Vaults::<T>::get(id).is_some_and(|vault| vault.closed));
	}

	#[benchmark]
	fn remove_vault() {
		let id = vault::<T>();
		let who = manager::<T>();
		Pallet::<T>::do_close_vault(&who, id).expect("is open");
		#[extrinsic_call]
		_(signed::<T>(&who), id);
		assert_eq!(Vaults::<T>::count(), 0);
	}

	#[benchmark]
	fn deposit() {
		let id = settled::<T>();
		let who = T::BenchmarkHelper::largest();
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), id, AMOUNT);
		assert!(Holders::<T>::get(id, &who).deposit.amount > 0);
	}

	#[benchmark]
	fn cancel_deposit() {
		let id = with_deposit::<T>();
		let who = manager::<T>();
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), id, AMOUNT);
		assert!(!Holders::<T>::contains_key(id, &who));
	}

	#[benchmark]
	fn request_withdrawal() {
		let (id, _) = selling::<T>();
		let who = manager::<T>();
		#[extrinsic_call]
		_(signed::<T>(&who), id, 1);
		assert_eq!(Holders::<T>::get(id, &who).withdrawal.amount, 1);
	}

	#[benchmark]
	fn cancel_withdrawal() {
		let id = expired::<T>();
		let who = manager::<T>();
		#[extrinsic_call]
		_(signed::<T>(&who), id, 1);
		assert!(Holders::<T>::get(id, &who).withdrawal.amount > 0);
	}

	#[benchmark]
	fn withdraw() {
		let id = settled::<T>();
		let who = manager::<T>();
		T::BenchmarkHelper::tick(3);
		let shares = Holders::<T>::get(id, &who).shares;
		#[extrinsic_call]
		_(signed::<T>(&who), id, shares);
		assert!(!Holders::<T>::contains_key(id, &who));
	}

	#[benchmark]
	fn claim() {
		let id = settled::<T>();
		let who = manager::<T>();
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&who), id, who.clone());
		assert_eq!(Holders::<T>::get(id, &who).withdrawal, Queued::default());
	}

	#[benchmark]
	fn open_round() {
		let id = with_depositors::<T>(FEW);
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id);
		assert!(!selling_of::<T>(id).offered.is_zero());
	}

	/// The same with as many depositors as nobody will have: it must cost the same.
	#[benchmark]
	fn open_round_of_many() {
		let id = with_depositors::<T>(MANY);
		#[extrinsic_call]
		open_round(signed::<T>(&manager::<T>()), id);
		assert!(!selling_of::<T>(id).offered.is_zero());
	}

	#[benchmark]
	fn buy() {
		let (id, selling) = selling::<T>();
		let who = T::BenchmarkHelper::largest();
		T::BenchmarkHelper::tick(3);
		let underlying = Vaults::<T>::get(id).expect("just opened").underlying;
		let quantity: Quantity =
			T::Parameters::underlying(underlying).expect("it has rules").quantity_min;
		let deadline = T::Market::now();
		#[extrinsic_call]
		_(signed::<T>(&who), id, quantity, AssetAmount::MAX, deadline);
		assert_eq!(selling_of::<T>(id).sold, quantity);
		assert!(T::Series::series(selling.series).is_some());
	}

	#[benchmark]
	fn close_auction() {
		let (id, selling) = selling::<T>();
		T::BenchmarkHelper::largest();
		// Nearly all is left for the pool.
		let ends = selling.auction.ends.saturating_sub(T::Market::now());
		T::BenchmarkHelper::tick(ends);
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id);
		let state = Vaults::<T>::get(id).map(|vault| vault.state);
		assert!(matches!(state, Some(State::Locked(_) | State::Settled(_))));
	}

	#[benchmark]
	fn settle_round() {
		let id = expired::<T>();
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id);
		let state = Vaults::<T>::get(id).map(|vault| vault.state);
		assert!(matches!(state, Some(State::Settled(_))));
	}

	#[benchmark]
	fn turn() {
		let id = expired::<T>();
		Pallet::<T>::do_settle_round(id).expect("it has expired");
		T::BenchmarkHelper::tick(3);
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id);
		let state = Vaults::<T>::get(id).map(|vault| vault.state);
		assert!(matches!(state, Some(State::Idle(_))));
	}

	#[benchmark]
	fn pay_fees() {
		let id = settled::<T>();
		T::BenchmarkHelper::tick(3);
		let fees = Vaults::<T>::get(id).map(|vault| vault.fees);
		assert_ne!(fees, Some(Fees::default()));
		#[extrinsic_call]
		_(signed::<T>(&manager::<T>()), id);
		assert_eq!(Vaults::<T>::get(id).map(|vault| vault.fees), Some(Fees::default()));
	}

	/// The end of a block without vaults.
	#[benchmark]
	fn idle_base() {
		T::BenchmarkHelper::open();
		T::BenchmarkHelper::tick(3);
		#[block]
		{
			Pallet::<T>::do_idle(T::BlockWeights::get().max_block);
		}
	}

	/// Looking at a vault that is due.
	#[benchmark]
	fn idle_look() {
		let id = expired::<T>();
		T::BenchmarkHelper::tick(3);
		let vault = Vaults::<T>::get(id).expect("just opened");
		let due;
		#[block]
		{
			let next = Vaults::<T>::iter().next();
			due = next.and_then(|(_, vault)| Pallet::<T>::step_due(&vault));
		}
		assert!(due.is_some() && !vault.closed);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::committed_test_ext(), crate::mock::Test);
}
