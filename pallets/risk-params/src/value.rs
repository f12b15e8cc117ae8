//! A value of a group that can be tightened by the guardian and ramped.

use crate::{
	rules::{beginning, ensure_passable, guarded, on_the_way, Group, Place, Rule, Violation},
	GroupKey,
};
use ballast_primitives::{
	params::{CashRules, MarginRules, PoolRules, UnderlyingRisk},
	UnderlyingId,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

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

/// Two values are not of one group. No caller compares such.
const OF_OTHER_GROUPS: Violation =
	Violation { rule: Rule::NothingInForce, field: "key", position: 0 };

/// A check of values of one group.
macro_rules! check {
	(($($value:expr),+), |$($name:ident),+| $check:expr) => {
		match ($($value),+) {
			($(GuardedValue::Underlying(_, $name)),+) => $check,
			($(GuardedValue::Margin($name)),+) => $check,
			($(GuardedValue::Cash($name)),+) => $check,
			($(GuardedValue::Pool($name)),+) => $check,
			_ => Err(OF_OTHER_GROUPS),
		}
	};
}

/// Another value made from values of one group.
macro_rules! make {
	($of:expr, ($($value:expr),+), |$($name:ident),+| $make:expr) => {
		match ($($value),+) {
			($(GuardedValue::Underlying(_, $name)),+) => match $of {
				GroupKey::Underlying(id) => $make.map(|made| GuardedValue::Underlying(id, made)),
				_ => Err(OF_OTHER_GROUPS),
			},
			($(GuardedValue::Margin($name)),+) => $make.map(GuardedValue::Margin),
			($(GuardedValue::Cash($name)),+) => $make.map(GuardedValue::Cash),
			($(GuardedValue::Pool($name)),+) => $make.map(GuardedValue::Pool),
			_ => Err(OF_OTHER_GROUPS),
		}
	};
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

	/// Checks hard ranges and the rules between fields.
	pub(crate) fn validate(&self) -> Result<(), Violation> {
		match self {
			Self::Underlying(_, value) => value.validate(),
			Self::Margin(value) => value.validate(),
			Self::Cash(value) => value.validate(),
			Self::Pool(value) => value.validate(),
		}
	}

	/// Checks that it is within one step of another value.
	pub(crate) fn ensure_step(&self, from: &Self) -> Result<(), Violation> {
		check!((self, from), |value, from| value.ensure_step(from))
	}

	/// Checks that it is no looser than another value.
	pub(crate) fn ensure_no_looser(&self, than: &Self) -> Result<(), Violation> {
		check!((self, than), |value, than| value.ensure_no_looser(than))
	}

	/// See [`Group::ensure_guards`].
	pub(crate) fn ensure_guards(&self, target: &Self, now: &Self) -> Result<(), Violation> {
		check!((self, target, now), |value, target, now| value.ensure_guards(target, now))
	}

	/// See [`beginning`].
	pub(crate) fn beginning(in_force: &Self, target: &Self, whole: bool) -> Self {
		let made = make!(target.key(), (in_force, target), |a, b| Ok(beginning(a, b, whole)));
		made.unwrap_or_else(|_| target.clone())
	}

	/// See [`on_the_way`].
	pub(crate) fn on_the_way(from: &Self, to: &Self, place: Place) -> Result<Self, Violation> {
		make!(to.key(), (from, to), |a, b| on_the_way(a, b, place))
	}

	/// See [`ensure_passable`].
	pub(crate) fn ensure_passable(from: &Self, to: &Self, steps: u32) -> Result<(), Violation> {
		check!((from, to), |from, to| ensure_passable(from, to, steps))
	}

	/// See [`guarded`].
	pub(crate) fn guarded(
		&self,
		guard: &Self,
		asks: &Self,
		target: &Self,
	) -> Result<Self, Violation> {
		make!(self.key(), (self, guard, asks, target), |now, guard, asks, target| guarded(
			now, guard, asks, target
		))
	}
}
