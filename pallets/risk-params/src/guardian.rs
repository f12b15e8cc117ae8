//! The guardian: it may ask for more safety, for some days, and nothing else.
//!
//! A *guard* is a tighter value of one group in the place of the one that governance has set. It ends
//! by itself, and the value of governance returns: nobody has to vote for that. A *halt* closes an
//! underlying to new open interest; closing, settlement and liquidation go on.

use crate::{
	pallet::*,
	rules::{ensure_sampling, ensure_spread, Group, Rule, Violation},
	GroupKey, WeightInfo,
};
use alloc::vec::Vec;
use ballast_primitives::{
	params::{CashRules, MarginRules, PoolRules, UnderlyingRisk},
	UnderlyingId,
};
use ballast_traits::RiskParameters;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::traits::Saturating;

/// A value of a group that the guardian may tighten.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[allow(
	clippy::large_enum_variant,
	reason = "there is one at a time: in a call, an event or a storage item"
)]
pub enum GuardedValue {
	/// Risk of an underlying.
	Underlying(UnderlyingId, UnderlyingRisk),
	/// Margin rules.
	Margin(MarginRules),
	/// Rules of cash.
	Cash(CashRules),
	/// Rules of the pool.
	Pool(PoolRules),
}

impl GuardedValue {
	/// The group that it is a value of.
	pub const fn key(&self) -> GroupKey {
		match self {
			Self::Underlying(underlying, _) => GroupKey::Underlying(*underlying),
			Self::Margin(_) => GroupKey::Margin,
			Self::Cash(_) => GroupKey::Cash,
			Self::Pool(_) => GroupKey::Pool,
		}
	}
}

/// A guard in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Guard<BlockNumber> {
	/// The first block in which it is no longer in force.
	pub until: BlockNumber,
	/// The value of governance, which returns then.
	pub returns_to: GuardedValue,
}

/// Why a guard or a halt ended.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum GuardEnd {
	/// Its time was over.
	Expired,
	/// Governance has set a new value of the group.
	Replaced,
	/// Governance has lifted it.
	Lifted,
}

/// Range, rules between fields, no looser than what is in force, and no further than one step from
/// what governance has set: guards do not add up.
fn check<G: Group>(value: &G, in_force: &G, governed: &G) -> Result<(), Violation> {
	value.validate()?;
	value.ensure_no_looser(in_force)?;
	value.ensure_step(governed)
}

/// The value of governance for a group: what returns when its guard ends, or what is in force.
macro_rules! governed {
	($($(#[$doc:meta])* $name:ident: $variant:ident, $storage:ident => $value:ty;)*) => {$(
		$(#[$doc])*
		pub(crate) fn $name() -> $value {
			match Guards::<T>::get(GroupKey::$variant).map(|guard| guard.returns_to) {
				Some(GuardedValue::$variant(value)) => value,
				_ => $storage::<T>::get(),
			}
		}
	)*};
}

impl<T: Config> Pallet<T> {
	governed! {
		/// Margin rules that governance has set, whatever the guardian has made of them.
		governed_margin: Margin, Margin => MarginRules;
		/// Rules of cash that governance has set.
		governed_cash: Cash, Cash => CashRules;
		/// Rules of the pool that governance has set.
		governed_pool: Pool, Pool => PoolRules;
	}

	/// Risk of an underlying that governance has set.
	pub(crate) fn governed_underlying(underlying: UnderlyingId) -> Option<UnderlyingRisk> {
		let guard = Guards::<T>::get(GroupKey::Underlying(underlying));
		match guard.map(|guard| guard.returns_to) {
			Some(GuardedValue::Underlying(_, risk)) => Some(risk),
			_ => UnderlyingRisks::<T>::get(underlying),
		}
	}

	/// Risks that will return when guards end.
	pub(crate) fn guarded_underlyings() -> impl Iterator<Item = UnderlyingRisk> {
		Guards::<T>::iter_values().filter_map(|guard| match guard.returns_to {
			GuardedValue::Underlying(_, risk) => Some(risk),
			_ => None,
		})
	}

	/// Whether an underlying is closed to new open interest in this block.
	pub fn halted(underlying: UnderlyingId) -> bool {
		let now = frame_system::Pallet::<T>::block_number();
		T::AllHalted::get() || Halts::<T>::get(underlying).is_some_and(|until| now < until)
	}

	/// Would the guardian's value be accepted now?
	pub fn check_guard(value: &GuardedValue) -> Result<(), Violation> {
		match value {
			GuardedValue::Underlying(underlying, risk) => {
				let missing =
					|| Violation { rule: Rule::NothingInForce, field: "underlying", position: 0 };
				let in_force = UnderlyingRisks::<T>::get(underlying).ok_or_else(missing)?;
				let governed = Self::governed_underlying(*underlying).ok_or_else(missing)?;
				check(risk, &in_force, &governed)?;
				ensure_spread(&Pool::<T>::get(), risk)?;
				ensure_sampling(&<Self as RiskParameters>::oracle(*underlying), risk)
			}
			GuardedValue::Margin(rules) => {
				check(rules, &Margin::<T>::get(), &Self::governed_margin())
			}
			GuardedValue::Cash(rules) => check(rules, &Cash::<T>::get(), &Self::governed_cash()),
			GuardedValue::Pool(rules) => {
				check(rules, &Pool::<T>::get(), &Self::governed_pool())?;
				Self::ensure_spread_of_all(rules)
			}
		}
	}

	/// See [`Pallet::guard`].
	pub(crate) fn do_guard(value: GuardedValue, until: BlockNumberFor<T>) -> DispatchResult {
		let key = value.key();
		let before = Guards::<T>::get(key);
		Self::ensure_end(until, before.as_ref().map(|guard| guard.until))?;
		Self::check_guard(&value).map_err(Error::<T>::from)?;
		Self::once_per_block(key)?;
		let replaced = Self::put_in_force(value.clone());
		let returns_to = before.map_or(replaced, |guard| guard.returns_to);
		Guards::<T>::insert(key, Guard { until, returns_to });
		Self::note_end(until);
		Self::deposit_event(Event::Guarded { value, until });
		Ok(())
	}

	/// See [`Pallet::halt`].
	pub(crate) fn do_halt(underlying: UnderlyingId, until: BlockNumberFor<T>) -> DispatchResult {
		ensure!(UnderlyingRisks::<T>::contains_key(underlying), Error::<T>::NothingInForce);
		Self::ensure_end(until, Halts::<T>::get(underlying))?;
		Halts::<T>::insert(underlying, until);
		Self::note_end(until);
		Self::deposit_event(Event::UnderlyingHalted { underlying, until });
		Ok(())
	}

	/// See [`Pallet::lift_guard`].
	pub(crate) fn do_lift_guard(key: GroupKey) -> DispatchResult {
		let guard = Guards::<T>::get(key).ok_or(Error::<T>::NotGuarded)?;
		Self::once_per_block(key)?;
		Self::put_in_force(guard.returns_to);
		Self::end_guard(key, GuardEnd::Lifted);
		Ok(())
	}

	/// See [`Pallet::lift_halt`].
	pub(crate) fn do_lift_halt(underlying: UnderlyingId) -> DispatchResult {
		Halts::<T>::take(underlying).ok_or(Error::<T>::NotGuarded)?;
		Self::deposit_event(Event::HaltEnded { underlying, reason: GuardEnd::Lifted });
		Ok(())
	}

	/// Forgets the guard of a group, whose value must be in its place already or is about to be.
	pub(crate) fn end_guard(key: GroupKey, reason: GuardEnd) {
		if Guards::<T>::take(key).is_some() {
			Self::deposit_event(Event::GuardEnded { key, reason });
		}
	}

	/// Ends what is over in this block. One read in a block in which nothing is.
	pub(crate) fn do_end_guards(now: BlockNumberFor<T>) -> Weight {
		if NextGuardEnd::<T>::get().is_none_or(|next| now < next) {
			return T::DbWeight::get().reads(1);
		}
		let mut next: Option<BlockNumberFor<T>> = None;
		let mut later = |until| next = Some(next.map_or(until, |least| least.min(until)));
		for (key, guard) in Guards::<T>::iter().collect::<Vec<_>>() {
			if now < guard.until {
				later(guard.until);
				continue;
			}
			Self::put_in_force(guard.returns_to);
			Self::end_guard(key, GuardEnd::Expired);
		}
		for (underlying, until) in Halts::<T>::iter().collect::<Vec<_>>() {
			if now < until {
				later(until);
				continue;
			}
			Halts::<T>::remove(underlying);
			Self::deposit_event(Event::HaltEnded { underlying, reason: GuardEnd::Expired });
		}
		NextGuardEnd::<T>::set(next);
		T::WeightInfo::end_guards()
	}

	/// An end must be in the future, not too far in it, and not before the one it would replace: a
	/// shorter guard is a looser one.
	fn ensure_end(
		until: BlockNumberFor<T>,
		before: Option<BlockNumberFor<T>>,
	) -> Result<(), Error<T>> {
		let now = frame_system::Pallet::<T>::block_number();
		ensure!(now < until, Error::<T>::GuardOver);
		ensure!(until <= now.saturating_add(T::GuardLengthMax::get()), Error::<T>::GuardTooLong);
		ensure!(before.is_none_or(|before| before <= until), Error::<T>::GuardEndsEarlier);
		Ok(())
	}

	/// Puts a value in force and gives the one that it replaces.
	fn put_in_force(value: GuardedValue) -> GuardedValue {
		match value {
			GuardedValue::Underlying(underlying, risk) => {
				let before = UnderlyingRisks::<T>::get(underlying);
				UnderlyingRisks::<T>::insert(underlying, &risk);
				GuardedValue::Underlying(underlying, before.unwrap_or(risk))
			}
			GuardedValue::Margin(rules) => {
				GuardedValue::Margin(Margin::<T>::mutate(|value| core::mem::replace(value, rules)))
			}
			GuardedValue::Cash(rules) => {
				GuardedValue::Cash(Cash::<T>::mutate(|value| core::mem::replace(value, rules)))
			}
			GuardedValue::Pool(rules) => {
				GuardedValue::Pool(Pool::<T>::mutate(|value| core::mem::replace(value, rules)))
			}
		}
	}

	/// Remembers when to look next.
	fn note_end(until: BlockNumberFor<T>) {
		NextGuardEnd::<T>::mutate(|next| {
			*next = Some(next.map_or(until, |before| before.min(until)));
		});
	}
}
