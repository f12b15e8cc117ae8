//! Transactions that wait for a block: by priority, none before what it depends on, for as long as they
//! live. What a node's transaction pool does, as far as it matters to the order within a block.

use ballast_runtime::{BlockNumber, UncheckedExtrinsic};
use sp_runtime::transaction_validity::{TransactionPriority, TransactionTag, ValidTransaction};

struct Pooled {
	extrinsic: UncheckedExtrinsic,
	priority: TransactionPriority,
	requires: Vec<TransactionTag>,
	provides: Vec<TransactionTag>,
	dies_in: u64,
}

/// The transactions that wait.
#[derive(Default)]
pub struct Pool {
	waiting: Vec<Pooled>,
}

impl Pool {
	/// Takes a valid transaction. `false` if one that provides the same waits already.
	pub fn import(
		&mut self,
		extrinsic: UncheckedExtrinsic,
		valid: ValidTransaction,
		now: BlockNumber,
	) -> bool {
		let ValidTransaction { priority, requires, provides, longevity, .. } = valid;
		let imported = self.waiting.iter().any(|other| other.provides == provides);
		if !imported {
			let dies_in = u64::from(now).saturating_add(longevity);
			self.waiting.push(Pooled { extrinsic, priority, requires, provides, dies_in });
		}
		!imported
	}

	/// Takes out everything that is alive, in the order in which an author would include it.
	pub fn drain(&mut self, now: BlockNumber) -> Vec<UncheckedExtrinsic> {
		self.waiting.retain(|pooled| pooled.dies_in >= u64::from(now));
		let mut ordered = Vec::new();
		while let Some(place) = self.next() {
			ordered.push(self.waiting.remove(place).extrinsic);
		}
		ordered
	}

	/// How many wait.
	pub fn len(&self) -> usize {
		self.waiting.len()
	}

	/// Whether nothing waits.
	pub fn is_empty(&self) -> bool {
		self.waiting.is_empty()
	}

	/// The most urgent one of which nothing that waits provides what it requires.
	fn next(&self) -> Option<usize> {
		let is_ready = |pooled: &Pooled| {
			let provided = |tag| self.waiting.iter().any(|other| other.provides.contains(tag));
			!pooled.requires.iter().any(provided)
		};
		let ready = self.waiting.iter().enumerate().filter(|(_, pooled)| is_ready(pooled));
		// The first of equal priority.
		ready.rev().max_by_key(|(_, pooled)| pooled.priority).map(|(place, _)| place)
	}
}
