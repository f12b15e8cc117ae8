//! What the chain does by itself with the weight that a block leaves over, so that liquidation needs
//! neither keeper nor offchain worker.

use crate::{
	types::Looked, AccountCursor, AuctionCursor, AuctionOf, Auctions, Config, Pallet, Stage,
	Started, WeightInfo, LOG_TARGET,
};
use alloc::vec::Vec;
use ballast_primitives::params::LiquidationRules;
use ballast_traits::{InspectAccounts, MutateAccounts, MutateMarket, RiskParameters};
use frame_support::{
	storage::with_storage_layer,
	traits::{Contains, Get},
	weights::{Weight, WeightMeter},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, Perbill, SaturatedConversion};

/// The share of a block's weight that `on_idle` uses at most: it runs after the proposer's deadline.
const IDLE_SHARE: Perbill = Perbill::from_percent(20);

impl<T: Config> Pallet<T> {
	/// The most weight that `on_idle` uses.
	pub(crate) fn idle_limit() -> Weight {
		let block = T::BlockWeights::get().max_block;
		Weight::from_parts(
			IDLE_SHARE.mul_floor(block.ref_time()),
			IDLE_SHARE.mul_floor(block.proof_size()),
		)
	}

	/// Advances auctions and re-checks accounts, both round robin. At most the governed number of
	/// accounts is looked at, half of them under auction while there are that many. A step that the
	/// weight left over might not suffice for is the first one of its kind in the next block; which
	/// kind comes first alternates, so that neither can starve the other.
	pub(crate) fn do_idle(block: BlockNumberFor<T>, remaining: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(remaining.min(Self::idle_limit()));
		if meter.try_consume(T::WeightInfo::idle_base()).is_err() {
			return Weight::zero();
		}
		// Most often they were accepted long before, and this is a look.
		let ticks = T::Market::accept_ticks();
		if meter.try_consume(ticks).is_err() {
			return meter.consumed().saturating_add(ticks);
		}
		let rules = T::Parameters::liquidation();
		let (checks, half) = (rules.idle_checks, rules.idle_checks.div_ceil(2));
		if block.saturated_into::<u64>().is_multiple_of(2) {
			let advanced = Self::advance_auctions(&mut meter, &rules, half);
			Self::check_accounts(&mut meter, checks.saturating_sub(advanced));
		} else {
			let share = if Auctions::<T>::count() == 0 { checks } else { half };
			let checked = Self::check_accounts(&mut meter, share);
			Self::advance_auctions(&mut meter, &rules, checks.saturating_sub(checked));
		}
		meter.consumed()
	}

	/// A takeover of which all parts but the last are refused: at most what it takes to refuse every part
	/// and to accept the whole.
	pub(crate) fn weight_of_take_over() -> Weight {
		T::WeightInfo::refused_take_over().saturating_add(T::WeightInfo::take_over())
	}

	/// What looking at this account costs.
	pub(crate) fn look(account: &T::AccountId) -> Weight {
		let legs = u32::try_from(T::Accounts::positions(account).len()).unwrap_or(u32::MAX);
		T::WeightInfo::idle_check(legs)
	}

	/// Looks at up to `limit` auctions; says at how many.
	fn advance_auctions(meter: &mut WeightMeter, rules: &LiquidationRules, limit: u32) -> u32 {
		let mut advanced = 0u32;
		for account in Self::next_auctions(limit) {
			let Some(auction) = Auctions::<T>::get(&account) else { continue };
			let look = Self::look(&account);
			let action = match Self::is_take_over_due(&auction, rules) {
				true => Self::weight_of_take_over(),
				false => T::WeightInfo::end_auction(),
			};
			if !meter.can_consume(look.saturating_add(action)) {
				break;
			}
			let outcome = with_storage_layer(|| Self::advance(&account, auction, rules));
			Self::charge(meter, &account, look, action, outcome);
			AuctionCursor::<T>::put(&account);
			advanced = advanced.saturating_add(1);
		}
		advanced
	}

	/// The next accounts under auction in the order of storage, from the cursor on and around.
	fn next_auctions(limit: u32) -> Vec<T::AccountId> {
		let count = limit.min(Auctions::<T>::count()) as usize;
		let from = AuctionCursor::<T>::get().map(Auctions::<T>::hashed_key_for);
		let mut accounts: Vec<T::AccountId> = match from {
			Some(key) => Auctions::<T>::iter_from(key).map(|(who, _)| who).take(count).collect(),
			None => Vec::new(),
		};
		let missing = count.saturating_sub(accounts.len());
		accounts.extend(Auctions::<T>::iter_keys().take(missing));
		accounts
	}

	/// Ends an auction that is over, or lets the pool take over where nobody bids.
	fn advance(
		account: &T::AccountId,
		mut auction: AuctionOf<T>,
		rules: &LiquidationRules,
	) -> Result<Looked, DispatchError> {
		T::Accounts::touch(account)?;
		let standing = Self::standing(account, &auction, rules)?;
		if Self::try_close(account, &standing)? {
			// With nothing left the touch may have settled a debt.
			let empty = !T::Accounts::has_lots(account);
			return Ok(if empty { Looked::Heavy } else { Looked::Light });
		}
		if standing.is_known() && standing.is_insolvent() != auction.insolvent {
			auction.note_solvency(&standing);
			Auctions::<T>::insert(account, &auction);
		}
		if standing.stage() != Stage::Open || !Self::is_take_over_due(&auction, rules) {
			return Ok(Looked::Idle);
		}
		// The pool's refusal is not a failure of this step: the auction goes on.
		if let Err(refusal) = with_storage_layer(|| Self::do_take_over(account)) {
			log::debug!(target: LOG_TARGET, "no takeover of {account:?}: {refusal:?}");
		}
		Ok(Looked::Heavy)
	}

	/// Looks at up to `limit` accounts and puts those that fail under auction; says at how many.
	fn check_accounts(meter: &mut WeightMeter, limit: u32) -> u32 {
		let mut checked = 0u32;
		let mut cursor = AccountCursor::<T>::get();
		let mut first = None;
		while checked < limit {
			let next =
				T::Accounts::next_after(cursor.as_ref()).or_else(|| T::Accounts::next_after(None));
			let Some(account) = next else { break };
			let (look, action) = (Self::look(&account), T::WeightInfo::liquidate_authorized());
			let affordable = meter.can_consume(look.saturating_add(action));
			if !affordable || first.as_ref() == Some(&account) {
				break;
			}
			let outcome = with_storage_layer(|| Self::check(&account));
			Self::charge(meter, &account, look, action, outcome);
			first.get_or_insert_with(|| account.clone());
			cursor = Some(account);
			checked = checked.saturating_add(1);
		}
		if let Some(account) = cursor {
			AccountCursor::<T>::put(account);
		}
		checked
	}

	/// Puts an account under auction if it fails.
	fn check(account: &T::AccountId) -> Result<Looked, DispatchError> {
		if T::Exempt::contains(account) || Auctions::<T>::contains_key(account) {
			return Ok(Looked::Idle);
		}
		if !Self::needs_liquidation(account, &T::Accounts::health(account)?)? {
			return Ok(Looked::Idle);
		}
		Ok(match Self::do_start(account, None)? {
			Started::Auction => Looked::Light,
			Started::Resolved => Looked::Heavy,
		})
	}

	/// Charges a step, and reports one that failed; its changes are undone, the next account's turn
	/// comes all the same.
	fn charge(
		meter: &mut WeightMeter,
		account: &T::AccountId,
		look: Weight,
		action: Weight,
		outcome: Result<Looked, DispatchError>,
	) {
		meter.consume(look);
		match outcome {
			Ok(Looked::Idle) => {}
			// At most two more healths and a touch of this account.
			Ok(Looked::Light) => meter.consume(look.saturating_mul(2)),
			Ok(Looked::Heavy) => meter.consume(action),
			Err(error) => {
				meter.consume(action);
				log::error!(target: LOG_TARGET, "idle step on {account:?}: {error:?}");
			}
		}
	}
}
