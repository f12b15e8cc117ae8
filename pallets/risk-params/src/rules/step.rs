//! How far one change may move a field, which way is tighter, and when the field gets there.

/// How far one change may move a field.
#[derive(Clone, Copy, Debug)]
pub struct Step {
	/// Share of the value in force, in per cent.
	percent: u32,
	/// Allowed in any case: without it a field at zero could never leave it.
	grain: u128,
	/// Whether it may fall by any amount: a lower cap refuses new risk and liquidates nobody.
	falls_freely: bool,
}

impl Step {
	/// By this share of the value in force, or by `grain` if that is more, up or down.
	pub(super) const fn by(percent: u32, grain: u128) -> Self {
		Self { percent, grain, falls_freely: false }
	}

	/// The same upwards; downwards by any amount.
	pub(super) const fn up_by(percent: u32, grain: u128) -> Self {
		Self { percent, grain, falls_freely: true }
	}

	/// Whether a change from `old` to `new` is within the step.
	pub(super) fn allows(self, old: u128, new: u128) -> bool {
		if self.falls_freely && new <= old {
			return true;
		}
		// Rounded down. A saturated product allows less, never more.
		let relative = old.saturating_mul(self.percent.into()).checked_div(100).unwrap_or(0);
		new.abs_diff(old) <= relative.max(self.grain)
	}
}

/// The direction in which a field asks for more safety. What neither direction does for every book is
/// fixed for the guardian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tighter {
	/// A greater value is tighter.
	Up,
	/// A smaller value is tighter.
	Down,
	/// The guardian leaves it as it is.
	Fixed,
}

impl Tighter {
	/// Whether a change from `old` to `new` asks for no less safety.
	pub(super) fn allows(self, old: u128, new: u128) -> bool {
		match self {
			Self::Up => new >= old,
			Self::Down => new <= old,
			Self::Fixed => new == old,
		}
	}
}

/// When a field gets its new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
	/// At once, unless its group is ramped: it liquidates nobody.
	Free,
	/// In steps if that is tighter, or either way where neither is tighter for every book:
	/// maintenance margin depends on it at once.
	Gradual,
	/// At once, always: what lies between two of its values need not be one.
	AtOnce,
}
