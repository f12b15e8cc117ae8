//! What is in force: the value of governance, which may be ramped, and over it the guardian's.
//!
//! Both go their own ways, block by block, and neither knows of the other: in each figure that the guardian asks
//! to be tighter the tighter of the two is in force, in every other that of governance. So a guard never makes a
//! ramp of governance faster, and its end leaves nothing but that ramp.
//!
//! The value in force is the one in storage: it is written anew at each step, and whoever reads it needs
//! one read.

use crate::{pallet::*, GroupKey, GuardedValue, WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use ballast_primitives::{
	params::{MarginRules, UnderlyingRisk},
	UnderlyingId,
};
use frame_support::{traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
	traits::{Bounded, Saturating},
	SaturatedConversion,
};

impl<T: Config> Pallet<T> {
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

	/// Puts a value in force.
	pub(crate) fn put_in_force(value: &GuardedValue) {
		match value {
			GuardedValue::Underlying(id, risk) => UnderlyingRisks::<T>::insert(id, risk),
			GuardedValue::Margin(rules) => Margin::<T>::put(rules),
			GuardedValue::Cash(rules) => Cash::<T>::put(rules),
			GuardedValue::Pool(rules) => Pool::<T>::put(rules),
		}
	}

	/// What governance alone would have in force in a block, if it decides nothing else.
	pub(crate) fn governed_at(key: &GroupKey, block: BlockNumberFor<T>) -> Option<GuardedValue> {
		Ramps::<T>::get(key)
			.map(|ramp| ramp.at(block))
			.or_else(|| Guards::<T>::get(key).map(|guard| guard.returns_to))
			.or_else(|| Self::in_force(key))
	}

	/// The same now.
	pub(crate) fn governed(key: &GroupKey) -> Option<GuardedValue> {
		Self::governed_at(key, frame_system::Pallet::<T>::block_number())
	}

	/// Where governance is going: what its ramp leads to, or what it has set.
	pub(crate) fn target(key: &GroupKey) -> Option<GuardedValue> {
		Self::governed_at(key, BlockNumberFor::<T>::max_value())
	}

	/// What is in force in a block if nothing else is decided and the guardian's value stays.
	pub(crate) fn value_at(key: &GroupKey, block: BlockNumberFor<T>) -> Option<GuardedValue> {
		let governed = Self::governed_at(key, block)?;
		Some(match Guards::<T>::get(key) {
			Some(guard) => guard.over(&governed, block),
			None => governed,
		})
	}

	/// Groups that are ramped or guarded.
	fn moving() -> BTreeSet<GroupKey> {
		Ramps::<T>::iter_keys().chain(Guards::<T>::iter_keys()).collect()
	}

	/// Where every group that is ramped or guarded will be, if nothing else is decided.
	pub(crate) fn settled() -> impl Iterator<Item = GuardedValue> {
		let last = BlockNumberFor::<T>::max_value();
		Self::moving().into_iter().filter_map(move |key| Self::value_at(&key, last))
	}

	/// Values that may come into force besides those that are: the ends of ramps, what guards ask for, and
	/// what they return to. A figure in force later lies between two of them, or of these and what is in force.
	pub(crate) fn to_come() -> impl Iterator<Item = GuardedValue> {
		let guards = Guards::<T>::iter_values();
		let ramps = Ramps::<T>::iter_values();
		let guards = guards.flat_map(|guard| [guard.returns_to, guard.course.to]);
		ramps.map(|ramp| ramp.to).chain(guards)
	}

	/// The same of one group.
	pub(crate) fn to_come_of(key: &GroupKey) -> impl Iterator<Item = GuardedValue> {
		let guard = Guards::<T>::get(key);
		let guard = guard.into_iter().flat_map(|guard| [guard.returns_to, guard.course.to]);
		Ramps::<T>::get(key).into_iter().map(|ramp| ramp.to).chain(guard)
	}

	/// Remembers when to look next.
	pub(crate) fn note_due(block: BlockNumberFor<T>) {
		NextDue::<T>::mutate(|next| {
			*next = Some(next.map_or(block, |before| before.min(block)));
		});
	}

	/// Ends what is over in this block, and makes the steps of ramps and guards. One read in a block in
	/// which nothing is due.
	pub(crate) fn do_turn(now: BlockNumberFor<T>) -> Weight {
		let look = T::DbWeight::get().reads(1);
		if NextDue::<T>::get().is_none_or(|next| now < next) {
			return look;
		}
		let mut next: Option<BlockNumberFor<T>> = None;
		let mut later = |due| next = Some(next.map_or(due, |least| least.min(due)));
		let ended = Self::end_what_is_over(now, &mut later);
		let stepped = Self::step(now, &mut later);
		NextDue::<T>::set(next);
		look.saturating_add(ended).saturating_add(stepped)
	}

	/// Makes the step of this block of each group that is on its way. What the rest asks for next goes to
	/// `later`.
	pub(crate) fn step(now: BlockNumberFor<T>, mut later: impl FnMut(BlockNumberFor<T>)) -> Weight {
		let moving = Self::moving();
		let count = u32::try_from(moving.len()).unwrap_or(u32::MAX);
		for key in moving {
			if let Some(value) = Self::value_at(&key, now) {
				Self::put_in_force(&value);
			}
			Self::arrive(key, now, &mut later);
			if let Some(next) = Guards::<T>::get(key).and_then(|guard| guard.course.after(now)) {
				later(next);
			}
		}
		T::WeightInfo::step_ramps(count)
	}
}

/// What will be in force if nothing else is decided and the guardian's values stay.
impl<T: Config> Pallet<T> {
	/// A group so many blocks from now.
	fn value_in(key: GroupKey, blocks: u32) -> Option<GuardedValue> {
		let now = frame_system::Pallet::<T>::block_number();
		Self::value_at(&key, now.saturating_add(blocks.into()))
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

	/// Blocks until a group no longer moves; zero if it does not.
	fn moves_for(key: GroupKey) -> u32 {
		let ramp = Ramps::<T>::get(key).map(|ramp| ramp.ends);
		let guard = Guards::<T>::get(key).map(|guard| guard.course.ends);
		let ends: Vec<_> = ramp.into_iter().chain(guard).collect();
		let now = frame_system::Pallet::<T>::block_number();
		let left = ends.into_iter().map(|ends| ends.saturating_sub(now).saturated_into());
		left.max().unwrap_or(0)
	}

	/// Blocks until neither the risk of an underlying nor the margin rules move.
	pub(crate) fn margin_ramped_for(underlying: UnderlyingId) -> u32 {
		let own = Self::moves_for(GroupKey::Underlying(underlying));
		own.max(Self::moves_for(GroupKey::Margin))
	}
}
