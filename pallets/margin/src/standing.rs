//! Equity, requirement and status of an account.

use crate::{holdings::Group, requirement::Rules, types::UnderlyingRequirement};
use ballast_math::{
	contingency::{diversification, Binding},
	fixed::{Rounding, Q64},
};
use ballast_primitives::{arithmetic, AccountHealth, AccountStatus, Usd};
use sp_runtime::ArithmeticError;

use alloc::vec::Vec;

/// How an account stands at this block's tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
	cash: Usd,
	collateral: Usd,
	options: Usd,
	maintenance: Usd,
	initial: Usd,
	/// Sum over usable underlyings of the greater of initial margin and net option value.
	bound: Usd,
	/// Holdings on unusable prices: at the last price, at least, at most.
	frozen_mark: Usd,
	frozen_least: Usd,
	frozen_greatest: Usd,
	/// The holdings themselves.
	pub frozen: Vec<Group>,
	options_open: bool,
	/// Worst scenario of each underlying: loss in maintenance and initial margin, direction of spot.
	bindings: Vec<(Binding, Binding)>,
}

impl Standing {
	/// Without anything whose price moves.
	pub fn of_cash(cash: Usd, claims: Usd) -> Self {
		Self { cash, options: claims, ..Self::default() }
	}

	/// Gives back what opposite risks are credited. Nothing in what bounds withdrawals.
	pub fn diversify(&mut self, rules: &Rules) -> Result<(), ArithmeticError> {
		let share = rules.diversification();
		if share.is_zero() {
			return Ok(());
		}
		let credit = |bindings: Vec<Binding>| {
			let credit = diversification(&bindings, share).map_err(arithmetic)?;
			Usd::from_q64(credit, Rounding::Floor)
		};
		let (maintenance, initial) = self.bindings.iter().copied().unzip();
		self.maintenance = self.maintenance.checked_sub(credit(maintenance)?)?;
		self.initial = self.initial.checked_sub(credit(initial)?)?.max(self.maintenance);
		Ok(())
	}

	/// Cash; negative is a loan.
	pub fn cash(&self) -> Usd {
		self.cash
	}

	/// Cash, collateral and options at mark.
	pub fn equity(&self) -> Result<Usd, ArithmeticError> {
		self.cash.checked_add(self.collateral)?.checked_add(self.options)
	}

	/// Equity if every holding on an unusable price took its least value.
	pub fn equity_least(&self) -> Result<Usd, ArithmeticError> {
		self.equity()?.checked_sub(self.frozen_mark)?.checked_add(self.frozen_least)
	}

	/// The same at its greatest.
	pub fn equity_greatest(&self) -> Result<Usd, ArithmeticError> {
		self.equity()?.checked_sub(self.frozen_mark)?.checked_add(self.frozen_greatest)
	}

	/// Maintenance margin of what is on usable prices.
	pub fn maintenance(&self) -> Usd {
		self.maintenance
	}

	/// Initial margin of what is on usable prices.
	pub fn initial(&self) -> Usd {
		self.initial
	}

	/// Whether there are options that are not settled.
	pub fn has_options(&self) -> bool {
		self.options_open
	}

	/// Equity above initial margin if long options lend nothing (see `Pallet::headroom`);
	/// collateral on an unusable price counts for nothing. `None` with options on an unusable
	/// price, or beyond the range of numbers.
	pub fn headroom(&self) -> Option<Usd> {
		if self.frozen.iter().any(|group| !group.legs.is_empty()) {
			return None;
		}
		let equity = self.equity().ok()?.checked_sub(self.frozen_mark).ok()?;
		equity.checked_sub(self.bound).ok()
	}

	/// `liquidation.md`, status: unsafe only if it is so in the best case, safe only if it is so in
	/// the worst.
	pub fn status(&self) -> Result<AccountStatus, ArithmeticError> {
		let (least, greatest) = (self.equity_least()?, self.equity_greatest()?);
		Ok(if greatest.is_negative() {
			AccountStatus::Bankrupt
		} else if greatest < self.maintenance {
			AccountStatus::Liquidatable
		} else if least < self.maintenance {
			AccountStatus::Unknown
		} else if least < self.initial {
			AccountStatus::BelowInitial
		} else {
			AccountStatus::Safe
		})
	}

	/// As others see it.
	pub fn health(&self) -> Result<AccountHealth, ArithmeticError> {
		Ok(AccountHealth {
			status: self.status()?,
			equity: self.equity()?,
			initial: self.initial,
			maintenance: self.maintenance,
			cash: self.cash,
			collateral: self.collateral,
			options: self.options,
			excess_best: self.equity_greatest()?.checked_sub(self.maintenance)?,
			excess_worst: self.equity_least()?.checked_sub(self.maintenance)?,
		})
	}

	/// Adds an underlying; `spot_move` has the sign of spot's move in its worst scenario.
	pub fn add(
		&mut self,
		group: Group,
		part: &UnderlyingRequirement,
		spot_move: Q64,
	) -> Result<(), ArithmeticError> {
		self.collateral = self.collateral.checked_add(part.collateral)?;
		self.options = self.options.checked_add(part.options)?;
		self.options_open |= !group.legs.is_empty();
		if part.usable {
			self.maintenance = self.maintenance.checked_add(part.maintenance)?;
			self.initial = self.initial.checked_add(part.initial)?;
			self.bound = self.bound.checked_add(part.initial.max(part.options))?;
			let binding = |loss: Usd| Ok(Binding { loss: loss.to_q64()?, spot_move });
			let pair = (binding(part.scan_maintenance)?, binding(part.scan_initial)?);
			self.bindings.push(pair);
		} else {
			let mark = part.collateral.checked_add(part.options)?;
			self.frozen_mark = self.frozen_mark.checked_add(mark)?;
			self.frozen_least = self.frozen_least.checked_add(part.least)?;
			self.frozen_greatest = self.frozen_greatest.checked_add(part.greatest)?;
			self.frozen.push(group);
		}
		Ok(())
	}
}
