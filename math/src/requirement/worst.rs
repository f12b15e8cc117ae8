//! The worst weighted loss over scenarios.

use super::{mul_up, sub};
use crate::{error::MathError, fixed::Q64, scenario::Scenario};

/// The worst weighted loss, not below zero, and the index of its scenario.
pub(super) fn worst(
	scenarios: &[Scenario],
	values: &[Q64],
	before: Q64,
) -> Result<(Q64, u8), MathError> {
	let mut worst = Worst::default();
	for (scenario, value) in scenarios.iter().zip(values) {
		worst.look(scenario, sub(before, *value)?)?;
	}
	Ok(worst.found())
}

/// Looks for the worst weighted loss, scenario by scenario.
#[derive(Default)]
pub(crate) struct Worst {
	loss: Q64,
	at: u8,
	next: u8,
}

impl Worst {
	/// The next scenario's loss; whether it is the worst so far. A weighted loss is rounded up.
	pub fn look(&mut self, scenario: &Scenario, loss: Q64) -> Result<bool, MathError> {
		let index = self.next;
		self.pass();
		// With a weight of at most one a loss that is not the worst unweighted is not so weighted.
		if !loss.is_positive() || (loss <= self.loss && scenario.weight <= Q64::ONE) {
			return Ok(false);
		}
		let counted =
			if scenario.weight == Q64::ONE { loss } else { mul_up(loss, scenario.weight)? };
		if counted <= self.loss {
			return Ok(false);
		}
		(self.loss, self.at) = (counted, index);
		Ok(true)
	}

	/// The next scenario is not the worst.
	pub fn pass(&mut self) {
		self.next = self.next.wrapping_add(1);
	}

	/// The worst loss, zero if there is none, and the index of its scenario (then the first).
	pub fn found(&self) -> (Q64, u8) {
		(self.loss, self.at)
	}
}
