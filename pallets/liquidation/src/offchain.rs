//! The search for failing accounts off chain: it only proposes, the chain checks again.
//!
//! What is kept in the node's local storage: its lock, its cursor, the accounts that were nearest to
//! the edge (the next run begins with them), and, if the operator sets it, `ballast/liquidation/limit`
//! (a SCALE `u32`): the accounts looked at per run.

use crate::{auction::is_failing, Call, Config, Pallet, LOG_TARGET};
use alloc::vec::Vec;
use ballast_primitives::{AccountHealth, Ratio, Usd};
use ballast_traits::InspectAccounts;
use frame_system::offchain::{CreateAuthorizedTransaction, SubmitTransaction};
use parity_scale_codec::Decode;
use sp_runtime::{
	offchain::{
		storage::StorageValueRef,
		storage_lock::{StorageLock, StorageLockGuard, Time},
		Duration,
	},
	traits::TrailingZeroInput,
	DispatchError,
};

/// Local storage: whether a run is under way.
pub const LOCK_KEY: &[u8] = b"ballast/liquidation/lock";
/// Local storage: accounts per run, set by the operator.
pub const LIMIT_KEY: &[u8] = b"ballast/liquidation/limit";
/// Local storage: the last account that the previous run looked at.
pub const CURSOR_KEY: &[u8] = b"ballast/liquidation/cursor";
/// Local storage: the accounts nearest to the edge in the previous run.
pub const WATCH_KEY: &[u8] = b"ballast/liquidation/watch";

/// Accounts per run unless the operator says otherwise: one block's time at 60 us each.
pub const DEFAULT_LIMIT: u32 = 50_000;
/// How long a run may go without a sign of life before another may start.
const LOCK_MILLISECONDS: u64 = 3_000;
/// Accounts that are valued together; after each batch the lock is extended.
const BATCH: u32 = 256;
/// Accounts that the next run begins with, at most.
const WATCH_LENGTH: usize = 64;

type Guard<'a, 'b> = StorageLockGuard<'a, 'b, Time>;

/// The accounts with the least room above maintenance margin, as a share of it, worst first.
struct Watch<AccountId>(Vec<(Ratio, AccountId)>);

impl<AccountId: PartialEq> Watch<AccountId> {
	/// Accounts without a requirement carry no risk and are not watched.
	fn note(&mut self, health: &AccountHealth, account: AccountId) {
		let room = health.excess_worst.max(Usd::ZERO).share_of_floor(health.maintenance);
		let Ok(room) = room else { return };
		let at = self.0.partition_point(|(other, _)| *other <= room);
		let known = self.0.iter().any(|(_, other)| *other == account);
		if at < WATCH_LENGTH && !known {
			self.0.insert(at, (room, account));
			self.0.truncate(WATCH_LENGTH);
		}
	}
}

impl<T: Config> Pallet<T> {
	/// One run: the accounts that were nearest to the edge first, then round robin from the cursor.
	/// Returns how many liquidations it proposed; `None` if another run is under way.
	pub(crate) fn run_offchain() -> Option<usize> {
		let mut lock =
			StorageLock::with_deadline(LOCK_KEY, Duration::from_millis(LOCK_MILLISECONDS));
		let mut guard = lock.try_lock().ok()?;
		let (mut watch, mut proposed) = (Watch(Vec::new()), Vec::new());
		let nearest = StorageValueRef::persistent(WATCH_KEY);
		let watched = nearest.get::<Vec<T::AccountId>>().ok().flatten().unwrap_or_default();
		Self::look_at(&watched, &mut watch, &mut proposed);
		Self::walk(&mut guard, &mut watch, &mut proposed);
		let watched: Vec<T::AccountId> = watch.0.into_iter().map(|(_, account)| account).collect();
		nearest.set(&watched);
		Some(proposed.len())
	}

	fn walk(guard: &mut Guard, watch: &mut Watch<T::AccountId>, proposed: &mut Vec<T::AccountId>) {
		let limit = StorageValueRef::persistent(LIMIT_KEY).get::<u32>().ok().flatten();
		let cursor = StorageValueRef::persistent(CURSOR_KEY);
		let mut at = cursor.get::<T::AccountId>().ok().flatten().or_else(Self::anywhere);
		let mut left = limit.unwrap_or(DEFAULT_LIMIT);
		let mut first = None;
		while left > 0 {
			let batch = Self::batch(&mut at, &mut first, left.min(BATCH));
			Self::look_at(&batch, watch, proposed);
			let looked = u32::try_from(batch.len()).unwrap_or(u32::MAX);
			left = left.saturating_sub(looked);
			// A whole round is done, or a lock that was lost belongs to another run, which does the rest.
			if looked < BATCH || guard.extend_lock().is_err() {
				break;
			}
		}
		if let Some(account) = at {
			cursor.set(&account);
		}
	}

	/// The accounts after `at`, round robin, up to the first of this run.
	fn batch(
		at: &mut Option<T::AccountId>,
		first: &mut Option<T::AccountId>,
		size: u32,
	) -> Vec<T::AccountId> {
		let mut batch = Vec::new();
		for _ in 0..size {
			let next =
				T::Accounts::next_after(at.as_ref()).or_else(|| T::Accounts::next_after(None));
			let Some(account) = next.filter(|account| first.as_ref() != Some(account)) else {
				break;
			};
			first.get_or_insert_with(|| account.clone());
			*at = Some(account.clone());
			batch.push(account);
		}
		batch
	}

	/// Proposes accounts that fail, and notes those that may soon. What they have in common is looked
	/// at once.
	fn look_at(
		accounts: &[T::AccountId],
		watch: &mut Watch<T::AccountId>,
		proposed: &mut Vec<T::AccountId>,
	) {
		for (account, health) in accounts.iter().zip(T::Accounts::healths(accounts)) {
			Self::consider(account, health, watch, proposed);
		}
	}

	fn consider(
		account: &T::AccountId,
		health: Result<AccountHealth, DispatchError>,
		watch: &mut Watch<T::AccountId>,
		proposed: &mut Vec<T::AccountId>,
	) {
		match health {
			Ok(health) if is_failing(health.status) => {
				if Self::is_candidate(account) {
					// Watched until its auction runs: another node may author the next block.
					watch.note(&health, account.clone());
					Self::propose(account.clone(), proposed);
				}
			}
			Ok(health) => watch.note(&health, account.clone()),
			Err(error) => log::error!(target: LOG_TARGET, "health of {account:?}: {error:?}"),
		}
	}

	/// A random place in the order of storage, so that the workers of several authorities do not
	/// begin at the same account.
	fn anywhere() -> Option<T::AccountId> {
		let seed = sp_io::offchain::random_seed();
		T::AccountId::decode(&mut TrailingZeroInput::new(&seed)).ok()
	}

	/// Submits the call that starts a liquidation, once per run. One that is in the pool already is
	/// refused as already imported: nothing is wrong then.
	fn propose(account: T::AccountId, proposed: &mut Vec<T::AccountId>) {
		if proposed.contains(&account) {
			return;
		}
		let call = Call::<T>::liquidate_authorized { account: account.clone() };
		let transaction =
			<T as CreateAuthorizedTransaction<Call<T>>>::create_authorized_transaction(call.into());
		let submitted = SubmitTransaction::<T, Call<T>>::submit_transaction(transaction).is_ok();
		log::debug!(target: LOG_TARGET, "liquidation of {account:?} proposed: {submitted}");
		proposed.push(account);
	}
}
