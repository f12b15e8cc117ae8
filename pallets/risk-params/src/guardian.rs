//! The guardian: it may ask for more safety, for some days, and nothing else.
//!
//! A *guard* is a tighter value of one group in the place of the one that governance has set. It ends
//! by itself, and the value of governance returns: nobody has to vote for that. A *halt* closes an
//! underlying to new open interest; closing, settlement and liquidation go on.
//!
//! A guard is ramped as a change of governance is ([`crate::ramp`]): not even the guardian liquidates by
//! itself.

use crate::{
	pallet::*,
	ramp::{Pace, RampEnd},
	rules::{Group, Rule, Tighter, Violation},
	GroupKey, WeightInfo,
};
use alloc::vec::Vec;
use ballast_primitives::{
	params::{CashRules, MarginRules, PoolRules, UnderlyingRisk},
	UnderlyingId,
};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::traits::Saturating;

/// A value of a group whose fields have a tighter direction: what the guardian may tighten, and what may be
/// ramped.
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
	/// The block in which governance's own ramp to it was to end. It is not overtaken.
	pub arrives: BlockNumber,
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

/// Range, rules between fields, no looser than what governance has set, and no further than one step
/// from it: guards do not add up. Nor may it be looser than what is in force, where a ramp is on its way
/// down; fields that are not the guardian's go on moving.
fn check<G: Group>(value: &G, in_force: &G, governed: &G) -> Result<(), Violation> {
	value.validate()?;
	value.ensure_no_looser(governed)?;
	value.ensure_figures_no_looser(in_force, |tighter| tighter != Tighter::Fixed)?;
	value.ensure_step(governed)
}

/// The value of governance for a group: what returns when its guard ends, or what its ramp leads to, or
/// what is in force.
macro_rules! governed {
	($($(#[$doc:meta])* $name:ident: $variant:ident, $storage:ident => $value:ty;)*) => {$(
		$(#[$doc])*
		pub(crate) fn $name() -> $value {
			match Self::governed(&GroupKey::$variant) {
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
		match Self::governed(&GroupKey::Underlying(underlying))? {
			GuardedValue::Underlying(_, risk) => Some(risk),
			_ => None,
		}
	}

	/// What governance has set, whatever of it is in force.
	fn governed(key: &GroupKey) -> Option<GuardedValue> {
		let guard = Guards::<T>::get(key);
		guard.map(|guard| guard.returns_to).or_else(|| Self::heading(key))
	}

	/// Values that will return when guards end.
	pub(crate) fn returning() -> impl Iterator<Item = GuardedValue> {
		Guards::<T>::iter_values().map(|guard| guard.returns_to)
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
				check(risk, &in_force, &governed)
			}
			GuardedValue::Margin(rules) => {
				check(rules, &Margin::<T>::get(), &Self::governed_margin())
			}
			GuardedValue::Cash(rules) => check(rules, &Cash::<T>::get(), &Self::governed_cash()),
			GuardedValue::Pool(rules) => check(rules, &Pool::<T>::get(), &Self::governed_pool()),
		}?;
		Self::ensure_between(value)?;
		Self::ensure_course(value, Self::usual_pace())
	}

	/// See [`Pallet::guard`].
	pub(crate) fn do_guard(value: GuardedValue, until: BlockNumberFor<T>) -> DispatchResult {
		let key = value.key();
		let before = Guards::<T>::get(key);
		Self::ensure_end(until, before.as_ref().map(|guard| guard.until))?;
		Self::check_guard(&value).map_err(Error::<T>::from)?;
		Self::once_per_block(key)?;
		let governance = before.map(|guard| (guard.returns_to, guard.arrives));
		let (returns_to, arrives) = governance
			.or_else(|| Ramps::<T>::get(key).map(|ramp| (ramp.to, ramp.ends)))
			.or_else(|| Some((Self::in_force(&key)?, frame_system::Pallet::<T>::block_number())))
			.ok_or(Error::<T>::NothingInForce)?;
		Guards::<T>::insert(key, Guard { until, returns_to, arrives });
		Self::note_due(until);
		Self::deposit_event(Event::Guarded { value: value.clone(), until });
		Self::head_for(value, Self::usual_pace(), RampEnd::Replaced);
		Ok(())
	}

	/// See [`Pallet::halt`].
	pub(crate) fn do_halt(underlying: UnderlyingId, until: BlockNumberFor<T>) -> DispatchResult {
		ensure!(UnderlyingRisks::<T>::contains_key(underlying), Error::<T>::NothingInForce);
		Self::ensure_end(until, Halts::<T>::get(underlying))?;
		Halts::<T>::insert(underlying, until);
		Self::note_due(until);
		Self::deposit_event(Event::UnderlyingHalted { underlying, until });
		Ok(())
	}

	/// See [`Pallet::lift_guard`].
	pub(crate) fn do_lift_guard(key: GroupKey) -> DispatchResult {
		let guard = Guards::<T>::get(key).ok_or(Error::<T>::NotGuarded)?;
		Self::once_per_block(key)?;
		Self::return_to_governance(key, guard, GuardEnd::Lifted);
		Ok(())
	}

	/// See [`Pallet::lift_halt`].
	pub(crate) fn do_lift_halt(underlying: UnderlyingId) -> DispatchResult {
		Halts::<T>::take(underlying).ok_or(Error::<T>::NotGuarded)?;
		Self::deposit_event(Event::HaltEnded { underlying, reason: GuardEnd::Lifted });
		Ok(())
	}

	/// Forgets the guard of a group.
	pub(crate) fn end_guard(key: GroupKey, reason: GuardEnd) {
		if Guards::<T>::take(key).is_some() {
			Self::deposit_event(Event::GuardEnded { key, reason });
		}
	}

	/// Ends a guard and makes for the value of governance. What it has of its own ramp it keeps.
	fn return_to_governance(key: GroupKey, guard: Guard<BlockNumberFor<T>>, reason: GuardEnd) {
		Self::end_guard(key, reason);
		let now = frame_system::Pallet::<T>::block_number();
		let length = guard.arrives.saturating_sub(now).max(T::RampLengthMin::get());
		Self::head_for(guard.returns_to, Pace::Quickly(length), RampEnd::Replaced);
	}

	/// Ends what is over in this block, and makes the steps of ramps. One read in a block in which
	/// nothing is due.
	pub(crate) fn do_turn(now: BlockNumberFor<T>) -> Weight {
		let look = T::DbWeight::get().reads(1);
		if NextDue::<T>::get().is_none_or(|next| now < next) {
			return look;
		}
		let mut next: Option<BlockNumberFor<T>> = None;
		let mut later = |due| next = Some(next.map_or(due, |least| least.min(due)));
		let (guards, halts): (Vec<_>, Vec<_>) =
			(Guards::<T>::iter().collect(), Halts::<T>::iter().collect());
		let over = guards.iter().any(|(_, guard)| guard.until <= now)
			|| halts.iter().any(|(_, until)| *until <= now);
		let looked = guards.len().saturating_add(halts.len()).saturating_add(2);
		for (key, guard) in guards {
			if now < guard.until {
				later(guard.until);
				continue;
			}
			Self::return_to_governance(key, guard, GuardEnd::Expired);
		}
		for (underlying, until) in halts {
			if now < until {
				later(until);
				continue;
			}
			Halts::<T>::remove(underlying);
			Self::deposit_event(Event::HaltEnded { underlying, reason: GuardEnd::Expired });
		}
		let stepped = Self::step_ramps(now, &mut later);
		NextDue::<T>::set(next);
		let ended = match over {
			true => T::WeightInfo::end_guards(),
			false => T::DbWeight::get().reads(looked.try_into().unwrap_or(u64::MAX)),
		};
		look.saturating_add(ended).saturating_add(stepped)
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

	/// Remembers when to look next.
	pub(crate) fn note_due(block: BlockNumberFor<T>) {
		NextDue::<T>::mutate(|next| {
			*next = Some(next.map_or(block, |before| before.min(block)));
		});
	}
}
