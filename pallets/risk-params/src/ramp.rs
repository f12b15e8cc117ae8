//! Ramps: a new value of a group comes into force in steps, so that what governance decides does not by
//! itself liquidate anybody.
//!
//! The value in force is the one in storage, as always: it is written anew at each step, and whoever reads it
//! needs one read. A ramp is where it comes from, where it goes and when.

use crate::{
	pallet::*,
	rules::{beginning, ensure_passable, on_the_way, Place, Rule, Violation},
	GroupKey, GuardedValue, WeightInfo,
};
use alloc::vec::Vec;
use ballast_primitives::{
	params::{MarginRules, UnderlyingRisk},
	UnderlyingId,
};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{AtLeast32BitUnsigned, Saturating},
	SaturatedConversion,
};

/// Steps of a ramp, at most: a shorter one has a step per block.
pub const RAMP_STEPS: u32 = 100;

/// A group on its way to a new value.
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

	/// The block of the step after that of this block.
	pub(crate) fn next(&self, block: BlockNumber) -> BlockNumber {
		let Place { step, steps } = self.place(block);
		let passed = u64::from(step).saturating_add(1).saturating_mul(self.length());
		let rounds_up = passed.saturating_add(steps.into()).saturating_sub(1);
		let passed = rounds_up.checked_div(steps.into()).unwrap_or_default();
		self.begins.saturating_add(passed.saturated_into()).min(self.ends)
	}

	/// The value in force in a block.
	pub fn at(&self, block: BlockNumber) -> GuardedValue {
		let place = self.place(block);
		// Every value on the way was computed and checked when the ramp began.
		GuardedValue::on_the_way(&self.from, &self.to, place).unwrap_or_else(|_| self.to.clone())
	}

	/// Checks the value at each step, and both ends.
	pub(crate) fn ensure_valid(&self) -> Result<(), Violation> {
		GuardedValue::ensure_passable(&self.from, &self.to, steps(self.length()))?;
		GuardedValue::ensure_passable(&self.to, &self.from, 1)
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
	/// Governance or the guardian has set another value, or the guardian's value ended.
	Replaced,
	/// Governance has cancelled it.
	Cancelled,
}

/// The same work on each kind of value, of which there must be two of one group.
macro_rules! of_both {
	($one:expr, $other:expr, $work:expr) => {
		match ($one, $other) {
			(GuardedValue::Underlying(id, a), GuardedValue::Underlying(_, b)) => {
				$work(a, b).map(|value| GuardedValue::Underlying(*id, value))
			}
			(GuardedValue::Margin(a), GuardedValue::Margin(b)) => {
				$work(a, b).map(GuardedValue::Margin)
			}
			(GuardedValue::Cash(a), GuardedValue::Cash(b)) => $work(a, b).map(GuardedValue::Cash),
			(GuardedValue::Pool(a), GuardedValue::Pool(b)) => $work(a, b).map(GuardedValue::Pool),
			(_, other) => Ok(other.clone()),
		}
	};
}

impl GuardedValue {
	/// See [`beginning`].
	fn beginning(in_force: &Self, target: &Self, whole: bool) -> Self {
		let found: Result<Self, Violation> =
			of_both!(in_force, target, |a, b| Ok(beginning(a, b, whole)));
		found.unwrap_or_else(|_| target.clone())
	}

	/// See [`on_the_way`].
	fn on_the_way(from: &Self, to: &Self, place: Place) -> Result<Self, Violation> {
		of_both!(from, to, |a, b| on_the_way(a, b, place))
	}

	/// See [`ensure_passable`].
	fn ensure_passable(from: &Self, to: &Self, steps: u32) -> Result<(), Violation> {
		match (from, to) {
			(Self::Underlying(_, a), Self::Underlying(_, b)) => ensure_passable(a, b, steps),
			(Self::Margin(a), Self::Margin(b)) => ensure_passable(a, b, steps),
			(Self::Cash(a), Self::Cash(b)) => ensure_passable(a, b, steps),
			(Self::Pool(a), Self::Pool(b)) => ensure_passable(a, b, steps),
			_ => Ok(()),
		}
	}
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

	/// The value in force of a group that can be ramped; `None` of any other, or if there is none.
	pub(crate) fn in_force(key: &GroupKey) -> Option<GuardedValue> {
		match key {
			GroupKey::Underlying(id) => {
				UnderlyingRisks::<T>::get(id).map(|risk| GuardedValue::Underlying(*id, risk))
			}
			GroupKey::Margin => Some(GuardedValue::Margin(Margin::<T>::get())),
			GroupKey::Cash => Some(GuardedValue::Cash(Cash::<T>::get())),
			GroupKey::Pool => Some(GuardedValue::Pool(Pool::<T>::get())),
			_ => None,
		}
	}

	/// The value in force once the group's ramp has ended.
	pub(crate) fn heading(key: &GroupKey) -> Option<GuardedValue> {
		Ramps::<T>::get(key).map(|ramp| ramp.to).or_else(|| Self::in_force(key))
	}

	/// Puts a value in force.
	pub(crate) fn put_in_force(value: &GuardedValue) {
		match value {
			GuardedValue::Underlying(id, risk) => UnderlyingRisks::<T>::insert(id, risk),
			GuardedValue::Margin(rules) => Margin::<T>::put(rules),
			GuardedValue::Cash(rules) => Cash::<T>::put(rules),
			GuardedValue::Pool(rules) => Pool::<T>::put(rules),
		}
	}

	/// Values to which ramps lead.
	pub(crate) fn ramped() -> impl Iterator<Item = GuardedValue> {
		Ramps::<T>::iter_values().map(|ramp| ramp.to)
	}

	/// Would every value on the way to this one be valid?
	pub(crate) fn ensure_course(
		value: &GuardedValue,
		pace: Pace<BlockNumberFor<T>>,
	) -> Result<(), Violation> {
		let Some(in_force) = Self::in_force(&value.key()) else { return Ok(()) };
		let (length, whole) = match pace {
			Pace::Quickly(length) => (length, false),
			Pace::Slowly(length) => (length, true),
		};
		let from = GuardedValue::beginning(&in_force, value, whole);
		GuardedValue::ensure_passable(&from, value, steps(length.saturated_into()))
	}

	/// Makes for a value, from the one in force. A ramp of the group ends for this reason.
	pub(crate) fn head_for(value: GuardedValue, pace: Pace<BlockNumberFor<T>>, reason: RampEnd) {
		let key = value.key();
		if Ramps::<T>::take(key).is_some() {
			Self::deposit_event(Event::RampEnded { key, reason });
		}
		let Some(in_force) = Self::in_force(&key) else { return Self::put_in_force(&value) };
		let (length, whole) = match pace {
			Pace::Quickly(length) => (length, false),
			Pace::Slowly(length) => (length, true),
		};
		let from = GuardedValue::beginning(&in_force, &value, whole);
		Self::put_in_force(&from);
		if from == value {
			return;
		}
		let begins = frame_system::Pallet::<T>::block_number();
		let ends = begins.saturating_add(length);
		let ramp = Ramp { from, to: value, begins, ends };
		Self::note_due(ramp.next(begins));
		Ramps::<T>::insert(key, ramp);
		Self::deposit_event(Event::RampBegun { key, ends });
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

	/// Makes the step of this block of each ramp that has one. What the rest asks for next goes to `later`.
	pub(crate) fn step_ramps(
		now: BlockNumberFor<T>,
		mut later: impl FnMut(BlockNumberFor<T>),
	) -> Weight {
		let ramps: Vec<_> = Ramps::<T>::iter().collect();
		let count = u32::try_from(ramps.len()).unwrap_or(u32::MAX);
		for (key, ramp) in ramps {
			Self::put_in_force(&ramp.at(now));
			if now < ramp.ends {
				later(ramp.next(now));
				continue;
			}
			Ramps::<T>::remove(key);
			Self::deposit_event(Event::RampEnded { key, reason: RampEnd::Arrived });
		}
		T::WeightInfo::step_ramps(count)
	}
}

/// What will be in force if nothing else is decided and the guardian's values stay.
impl<T: Config> Pallet<T> {
	/// A group so many blocks from now.
	fn value_in(key: GroupKey, blocks: u32) -> Option<GuardedValue> {
		let now = frame_system::Pallet::<T>::block_number();
		match Ramps::<T>::get(key) {
			Some(ramp) => Some(ramp.at(now.saturating_add(blocks.into()))),
			None => Self::in_force(&key),
		}
	}

	/// Risk of an underlying so many blocks from now.
	pub(crate) fn risk_in(underlying: UnderlyingId, blocks: u32) -> Option<UnderlyingRisk> {
		match Self::value_in(GroupKey::Underlying(underlying), blocks)? {
			GuardedValue::Underlying(_, risk) => Some(risk),
			_ => None,
		}
	}

	/// Margin rules so many blocks from now.
	pub(crate) fn margin_rules_in(blocks: u32) -> MarginRules {
		match Self::value_in(GroupKey::Margin, blocks) {
			Some(GuardedValue::Margin(rules)) => rules,
			_ => Margin::<T>::get(),
		}
	}

	/// Blocks until a group is no longer ramped; zero if it is not.
	fn ramped_for(key: GroupKey) -> u32 {
		let now = frame_system::Pallet::<T>::block_number();
		let left = |ramp: Ramp<BlockNumberFor<T>>| ramp.ends.saturating_sub(now).saturated_into();
		Ramps::<T>::get(key).map_or(0, left)
	}

	/// Blocks until neither the risk of an underlying nor the margin rules are ramped.
	pub(crate) fn margin_ramped_for(underlying: UnderlyingId) -> u32 {
		let own = Self::ramped_for(GroupKey::Underlying(underlying));
		own.max(Self::ramped_for(GroupKey::Margin))
	}

	/// Every group on its way to a new value.
	pub fn ramps() -> Vec<Ramp<BlockNumberFor<T>>> {
		Ramps::<T>::iter_values().collect()
	}
}
