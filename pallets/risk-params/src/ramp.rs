//! Ramps: a new value of a group comes into force in steps, so that what governance decides does not by
//! itself liquidate anybody.
//!
//! A ramp is where it comes from, where it goes and when. What it makes of the value in force: [`crate::in_force`].

use crate::{
	pallet::*,
	rules::{Place, Rule, Violation},
	GroupKey, GuardedValue,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{traits::AtLeast32BitUnsigned, SaturatedConversion};

/// Steps of a ramp, at most: a shorter one has a step per block.
pub const RAMP_STEPS: u32 = 100;

/// The way of a group to a new value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ramp<BlockNumber> {
	/// The value in force when the ramp began, with what came into force at once.
	pub from: GuardedValue,
	/// The value in force at its end.
	pub to: GuardedValue,
	/// The block in which it began.
	pub begins: BlockNumber,
	/// The first block in which all of the new value is in force.
	pub ends: BlockNumber,
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> Ramp<BlockNumber> {
	fn length(&self) -> u64 {
		self.ends.saturating_sub(self.begins).saturated_into()
	}

	/// The last step made in this block or before it.
	pub(crate) fn place(&self, block: BlockNumber) -> Place {
		let (length, steps) = (self.length(), steps(self.length()));
		let passed: u64 = block.saturating_sub(self.begins).saturated_into();
		let step = passed.min(length).saturating_mul(steps.into()).checked_div(length);
		Place { step: step.map_or(steps, |step| step.saturated_into()), steps }
	}

	/// The block of the step after that of this block, if there is one.
	pub(crate) fn after(&self, block: BlockNumber) -> Option<BlockNumber> {
		if self.ends <= block {
			return None;
		}
		let Place { step, steps } = self.place(block);
		let passed = u64::from(step).saturating_add(1).saturating_mul(self.length());
		let rounds_up = passed.saturating_add(steps.into()).saturating_sub(1);
		let passed = rounds_up.checked_div(steps.into()).unwrap_or_default();
		Some(self.begins.saturating_add(passed.saturated_into()).min(self.ends))
	}

	/// The way from what is in force to a value, begun in this block.
	pub(crate) fn begun(
		in_force: &GuardedValue,
		to: GuardedValue,
		pace: Pace<BlockNumber>,
		begins: BlockNumber,
	) -> Self {
		let (length, whole) = match pace {
			Pace::Quickly(length) => (length, false),
			Pace::Slowly(length) => (length, true),
		};
		let from = GuardedValue::beginning(in_force, &to, whole);
		let ends = if from == to { begins } else { begins.saturating_add(length) };
		Self { from, to, begins, ends }
	}

	/// The value of a block.
	pub fn at(&self, block: BlockNumber) -> GuardedValue {
		let place = self.place(block);
		// Every value on the way was computed and checked when the ramp began.
		GuardedValue::on_the_way(&self.from, &self.to, place).unwrap_or_else(|_| self.to.clone())
	}

	/// Checks every value on the way, the first included. The last one is the new value, which is checked by
	/// itself.
	pub(crate) fn ensure_passable(&self) -> Result<(), Violation> {
		GuardedValue::ensure_passable(&self.from, &self.to, steps(self.length()))
	}
}

/// Steps of a ramp of this length.
fn steps(length: u64) -> u32 {
	length.min(RAMP_STEPS.into()).saturated_into()
}

/// Why a ramp ended.
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
pub enum RampEnd {
	/// All of the new value is in force.
	Arrived,
	/// Governance has set another value.
	Replaced,
	/// Governance has cancelled it.
	Cancelled,
}

/// How a change comes into force.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace<BlockNumber> {
	/// What may come at once does, the rest over this many blocks.
	Quickly(BlockNumber),
	/// All of it over this many blocks.
	Slowly(BlockNumber),
}

impl<T: Config> Pallet<T> {
	/// The pace of a change of which nothing was said.
	pub(crate) fn usual_pace() -> Pace<BlockNumberFor<T>> {
		Pace::Quickly(T::RampLengthMin::get())
	}

	/// Would every value on the way to this one be valid?
	pub(crate) fn ensure_course(
		value: &GuardedValue,
		pace: Pace<BlockNumberFor<T>>,
	) -> Result<(), Violation> {
		let Some(in_force) = Self::in_force(&value.key()) else { return Ok(()) };
		let now = frame_system::Pallet::<T>::block_number();
		Ramp::begun(&in_force, value.clone(), pace, now).ensure_passable()
	}

	/// Makes for a value, from the one in force. A ramp of the group ends for this reason.
	pub(crate) fn head_for(value: GuardedValue, pace: Pace<BlockNumberFor<T>>, reason: RampEnd) {
		let key = value.key();
		Self::end_ramp(key, reason);
		let Some(in_force) = Self::in_force(&key) else { return Self::put_in_force(&value) };
		let ramp = Ramp::begun(&in_force, value, pace, frame_system::Pallet::<T>::block_number());
		Self::put_in_force(&ramp.from);
		let Some(next) = ramp.after(ramp.begins) else { return };
		Self::note_due(next);
		Self::deposit_event(Event::RampBegun { key, ends: ramp.ends });
		Ramps::<T>::insert(key, ramp);
	}

	/// Would the call accept this value and this length now?
	pub fn check_ramp(value: &GuardedValue, over: BlockNumberFor<T>) -> Result<(), Violation> {
		let refuse = |rule, field| Err(Violation { rule, field, position: 0 });
		if over < T::RampLengthMin::get() || over > T::RampLengthMax::get() {
			return refuse(Rule::RampLengthOutOfRange, "over");
		}
		if Self::in_force(&value.key()).is_none() {
			return refuse(Rule::NothingInForce, "underlying");
		}
		Self::check_governed(value)?;
		Self::ensure_course(value, Pace::Slowly(over))
	}

	/// See [`Pallet::ramp`].
	pub(crate) fn do_ramp(value: GuardedValue, over: BlockNumberFor<T>) -> DispatchResult {
		Self::check_ramp(&value, over).map_err(Error::<T>::from)?;
		Self::change(value, Pace::Slowly(over))
	}

	/// See [`Pallet::cancel_ramp`].
	pub(crate) fn do_cancel_ramp(key: GroupKey) -> DispatchResult {
		ensure!(!Guards::<T>::contains_key(key), Error::<T>::GuardInForce);
		let ramp = Ramps::<T>::get(key).ok_or(Error::<T>::NotRamped)?;
		Self::ensure_between(&ramp.from).map_err(Error::<T>::from)?;
		Self::once_per_block(key)?;
		Self::head_for(ramp.from, Self::usual_pace(), RampEnd::Cancelled);
		Ok(())
	}

	/// Ends the ramp of a group that has arrived. If it has not, its next step goes to `later`.
	pub(crate) fn arrive(
		key: GroupKey,
		now: BlockNumberFor<T>,
		mut later: impl FnMut(BlockNumberFor<T>),
	) {
		let Some(ramp) = Ramps::<T>::get(key) else { return };
		match ramp.after(now) {
			Some(next) => later(next),
			None => Self::end_ramp(key, RampEnd::Arrived),
		}
	}

	/// Forgets the ramp of a group.
	fn end_ramp(key: GroupKey, reason: RampEnd) {
		if Ramps::<T>::take(key).is_some() {
			Self::deposit_event(Event::RampEnded { key, reason });
		}
	}

	/// Every group on its way to a new value of governance.
	pub fn ramps() -> Vec<Ramp<BlockNumberFor<T>>> {
		Ramps::<T>::iter_values().collect()
	}
}
