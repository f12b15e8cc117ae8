//! The loss waterfall: one ordered tuple of steps, so that the runtime's configuration *is* the
//! order in which losses are borne.

use alloc::vec::Vec;
use ballast_primitives::{Moment, Usd};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

/// What a step of the waterfall answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Borne {
	/// Paid into the defaulter's account, now.
	Paid(Usd),
	/// Pledged until this moment of market time; what is not paid by then passes to the next step.
	Pledged(Usd, Moment),
}

/// One step of the loss waterfall, or a tuple of them in order.
pub trait BearLoss<AccountId> {
	/// Bears at most `loss` (> 0) of a defaulter's deficit and says what each step did, in order;
	/// the sum is at most `loss`, no entry is zero.
	fn bear(defaulter: &AccountId, loss: Usd) -> Result<Vec<Borne>, DispatchError>;
}

impl<AccountId> BearLoss<AccountId> for () {
	fn bear(_: &AccountId, _: Usd) -> Result<Vec<Borne>, DispatchError> {
		Ok(Vec::new())
	}
}

/// What an answer bears.
pub fn borne(answers: &[Borne]) -> Result<Usd, DispatchError> {
	answers.iter().try_fold(Usd::ZERO, |sum, answer| {
		let (Borne::Paid(amount) | Borne::Pledged(amount, _)) = answer;
		Ok(sum.checked_add(*amount)?)
	})
}

macro_rules! in_order {
	($($step:ident),+) => {
		impl<AccountId, $($step: BearLoss<AccountId>),+> BearLoss<AccountId> for ($($step,)+) {
			fn bear(defaulter: &AccountId, loss: Usd) -> Result<Vec<Borne>, DispatchError> {
				let mut answers = Vec::new();
				$(
					let open = loss.checked_sub(borne(&answers)?)?;
					if open.is_positive() {
						answers.extend($step::bear(defaulter, open)?);
					}
				)+
				Ok(answers)
			}
		}
	};
}
in_order!(A);
in_order!(A, B);
in_order!(A, B, C);
in_order!(A, B, C, D);
in_order!(A, B, C, D, E);
in_order!(A, B, C, D, E, F);

/// Where a deficit is brought to.
pub trait CoverDeficit<AccountId> {
	/// Brings a defaulter's negative equity of `deficit` (> 0) to zero by crediting its cash with
	/// exactly `deficit`: what the waterfall pays, and for the rest a negative balance of the
	/// deficit account. `deficit = paid + pledged + uncovered`, to the last unit.
	fn cover(defaulter: &AccountId, deficit: Usd) -> DispatchResult;

	/// Balance of the deficit account, never positive: cash that was credited to defaulters
	/// ([`crate::MutateAccounts::credit_deficit`]) and that nobody has paid yet.
	fn deficit_account() -> Usd;

	/// Whether withdrawals wait: the deficit account exceeds the insurance fund plus dust.
	fn withdrawals_blocked() -> bool;

	/// The account that takes over what a bankrupt account still owns (the insurance fund's).
	fn successor() -> AccountId;
}
