//! The guardian: it may ask for more safety, for some days, and nothing else.
//!
//! A *guard* is a tighter value of one group over the one that governance has set: in each figure the tighter of
//! both is in force (see [`crate::in_force`]). It ends by itself, and leaves what governance has: nobody has to
//! vote for that. A *halt* closes an underlying to new open interest; closing, settlement and liquidation go on.
//!
//! A guard comes in steps as a change of governance does ([`crate::ramp`]): not even the guardian liquidates by
//! itself.

use crate::{
	pallet::*,
	ramp::Ramp,
	rules::{Rule, Violation},
	GroupKey, GuardedValue, WeightInfo,
};
use alloc::vec::Vec;
use ballast_primitives::UnderlyingId;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::traits::{AtLeast32BitUnsigned, Saturating};

/// A guard in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Guard<BlockNumber> {
	/// The first block in which it is no longer in force.
	pub until: BlockNumber,
	/// What governance has set, or where its ramp leads. A figure for which the guard asks the same is not
	/// guarded.
	pub returns_to: GuardedValue,
	/// The way to what the guard asks for.
	pub course: Ramp<BlockNumber>,
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> Guard<BlockNumber> {
	/// What is in force in a block in which governance alone would have this.
	pub(crate) fn try_over(
		&self,
		governed: &GuardedValue,
		block: BlockNumber,
	) -> Result<GuardedValue, Violation> {
		governed.guarded(&self.course.at(block), &self.course.to, &self.returns_to)
	}

	/// The same where every block was checked: see [`Guard::ensure_valid`].
	pub(crate) fn over(&self, governed: &GuardedValue, block: BlockNumber) -> GuardedValue {
		self.try_over(governed, block).unwrap_or_else(|_| self.course.to.clone())
	}

	/// Checks what will be in force, step by step, of this guard over a ramp of governance that ends where
	/// the guard returns to. At most two hundred values and one.
	fn ensure_valid(&self, ramp: Option<&Ramp<BlockNumber>>) -> Result<(), Violation> {
		let mut block = self.course.begins;
		loop {
			let governed = ramp.map(|ramp| ramp.at(block));
			let governed = governed.as_ref().unwrap_or(&self.returns_to);
			self.try_over(governed, block)?
				.validate()
				.map_err(|violation| Violation { rule: Rule::InvalidOnTheWay, ..violation })?;
			let next = self.course.after(block).into_iter();
			match next.chain(ramp.and_then(|ramp| ramp.after(block))).min() {
				Some(next) => block = next,
				None => return Ok(()),
			}
		}
	}
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

impl<T: Config> Pallet<T> {
	/// Whether an underlying is closed to new open interest in this block.
	pub fn halted(underlying: UnderlyingId) -> bool {
		let now = frame_system::Pallet::<T>::block_number();
		T::AllHalted::get() || Halts::<T>::get(underlying).is_some_and(|until| now < until)
	}

	/// The guard that this value makes, begun now; or why the guardian may not ask for it.
	///
	/// Hard ranges and rules between fields hold, for the value and for all that will be in force under it. Each
	/// figure is no looser than what governance has in force or is going to, and within one step of either:
	/// guards do not add up. Nor is it looser than what another guard of the group asks for.
	fn guard_of(
		value: GuardedValue,
		until: BlockNumberFor<T>,
	) -> Result<Guard<BlockNumberFor<T>>, Violation> {
		let missing = || Violation { rule: Rule::NothingInForce, field: "underlying", position: 0 };
		let key = value.key();
		let now = frame_system::Pallet::<T>::block_number();
		let in_force = Self::in_force(&key).ok_or_else(missing)?;
		let governed = Self::governed(&key).ok_or_else(missing)?;
		let returns_to = Self::target(&key).ok_or_else(missing)?;
		value.validate()?;
		if let Some(before) = Guards::<T>::get(key) {
			value.ensure_no_looser(&before.course.to)?;
		}
		value.ensure_guards(&returns_to, &governed)?;
		Self::ensure_between(&value)?;
		let course = Ramp::begun(&in_force, value, Self::usual_pace(), now);
		let guard = Guard { until, returns_to, course };
		guard.ensure_valid(Ramps::<T>::get(key).as_ref())?;
		Ok(guard)
	}

	/// Would the guardian's value be accepted now?
	pub fn check_guard(value: &GuardedValue) -> Result<(), Violation> {
		Self::guard_of(value.clone(), frame_system::Pallet::<T>::block_number()).map(drop)
	}

	/// What would be in force in the end under this value of the guardian's.
	pub(crate) fn guarded_by(value: &GuardedValue) -> Result<GuardedValue, Violation> {
		let guard = Self::guard_of(value.clone(), frame_system::Pallet::<T>::block_number())?;
		guard.try_over(&guard.returns_to, guard.course.ends)
	}

	/// See [`Pallet::guard`].
	pub(crate) fn do_guard(value: GuardedValue, until: BlockNumberFor<T>) -> DispatchResult {
		let key = value.key();
		Self::ensure_end(until, Guards::<T>::get(key).map(|guard| guard.until))?;
		let guard = Self::guard_of(value.clone(), until).map_err(Error::<T>::from)?;
		let arrives = guard.course.ends;
		let now = frame_system::Pallet::<T>::block_number();
		Self::note_due(until.min(guard.course.after(now).unwrap_or(until)));
		Guards::<T>::insert(key, guard);
		if let Some(value) = Self::value_at(&key, now) {
			Self::put_in_force(&value);
		}
		Self::deposit_event(Event::Guarded { value, arrives, until });
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
		ensure!(Guards::<T>::contains_key(key), Error::<T>::NotGuarded);
		Self::release(key, GuardEnd::Lifted);
		Ok(())
	}

	/// See [`Pallet::lift_halt`].
	pub(crate) fn do_lift_halt(underlying: UnderlyingId) -> DispatchResult {
		Halts::<T>::take(underlying).ok_or(Error::<T>::NotGuarded)?;
		Self::deposit_event(Event::HaltEnded { underlying, reason: GuardEnd::Lifted });
		Ok(())
	}

	/// Ends the guard of a group, if there is one, and leaves in force what governance has.
	pub(crate) fn release(key: GroupKey, reason: GuardEnd) {
		if let Some(governed) = Self::governed(&key) {
			Self::end_guard(key, reason);
			Self::put_in_force(&governed);
		}
	}

	/// Forgets the guard of a group.
	pub(crate) fn end_guard(key: GroupKey, reason: GuardEnd) {
		if Guards::<T>::take(key).is_some() {
			Self::deposit_event(Event::GuardEnded { key, reason });
		}
	}

	/// Ends the guards and halts whose time is over. When the others end goes to `later`.
	pub(crate) fn end_what_is_over(
		now: BlockNumberFor<T>,
		mut later: impl FnMut(BlockNumberFor<T>),
	) -> Weight {
		let guards: Vec<_> = Guards::<T>::iter().map(|(key, guard)| (key, guard.until)).collect();
		let halts: Vec<_> = Halts::<T>::iter().collect();
		let looked = guards.len().saturating_add(halts.len()).saturating_add(2);
		let mut some_end = false;
		for (key, until) in guards {
			if now < until {
				later(until);
				continue;
			}
			Self::release(key, GuardEnd::Expired);
			some_end = true;
		}
		for (underlying, until) in halts {
			if now < until {
				later(until);
				continue;
			}
			Halts::<T>::remove(underlying);
			Self::deposit_event(Event::HaltEnded { underlying, reason: GuardEnd::Expired });
			some_end = true;
		}
		match some_end {
			true => T::WeightInfo::end_guards(),
			false => T::DbWeight::get().reads(looked.try_into().unwrap_or(u64::MAX)),
		}
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
}
