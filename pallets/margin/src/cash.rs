//! Cash as a lending market: negative balances pay interest, positive ones earn it, through two indexes
//! (`ballast_math::interest`). No account is iterated.

use crate::{pallet::CashState, CashIndex, Config, Error, Pallet};
use ballast_math::{
	interest::{accrue, Indexes, Terms, Totals},
	utilisation::Kinked,
};
use ballast_primitives::{arithmetic, params::CashRules, Moment, Ratio, Usd};
use ballast_traits::{CoverDeficit, InspectMarket, OnRevenue, RiskParameters};
use frame_support::{dispatch::DispatchResult, ensure};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// Interest margin from which on it is paid out, as revenue, into the insurance fund.
const MARGIN_LEAST: Usd = Usd::ONE;

/// The lending market of cash at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CashMarket {
	/// Market time up to which interest is accrued; `None` before the first balance.
	pub at: Option<Moment>,
	/// What a loan of one has grown to.
	pub borrow: CashIndex,
	/// What a balance of one has grown to.
	pub supply: CashIndex,
	/// Sum of loans, at most.
	pub debt: u128,
	/// Sum of balances, at least.
	pub credit: u128,
	/// Interest that is the insurance fund's and not paid to it yet.
	pub margin: Usd,
	/// Accruals and roundings of balances so far: each leaves at most one unit (1e-18) with the house.
	pub roundings: u64,
}

impl CashMarket {
	/// Brought up to `now`. Within an accrual interest is simple.
	pub fn accrued(&self, now: Moment, rules: &CashRules) -> Result<Self, ArithmeticError> {
		let elapsed = self.at.map_or(0, |at| now.saturating_sub(at));
		let mut market = Self { at: Some(self.at.map_or(now, |at| at.max(now))), ..self.clone() };
		if elapsed == 0 || self.debt == 0 {
			return Ok(market);
		}
		let accrual =
			accrue(&self.indexes(), &self.totals(), &terms(rules)?, elapsed).map_err(arithmetic)?;
		let margin = i128::try_from(accrual.margin).map_err(|_| ArithmeticError::Overflow)?;
		market.borrow = accrual.indexes.borrow.into();
		market.supply = accrual.indexes.supply.into();
		market.debt = accrual.totals.debt;
		market.credit = accrual.totals.credit;
		market.margin = self.margin.checked_add(Usd::from_inner(margin))?;
		market.roundings = self.roundings.saturating_add(3);
		Ok(market)
	}

	fn indexes(&self) -> Indexes {
		Indexes { borrow: self.borrow.kernel(), supply: self.supply.kernel() }
	}

	fn totals(&self) -> Totals {
		Totals { debt: self.debt, credit: self.credit }
	}

	/// The index of whichever of loans and balances this cash is.
	pub fn index_of(&self, cash: Usd) -> CashIndex {
		if cash.is_negative() {
			self.borrow
		} else {
			self.supply
		}
	}

	/// What cash of index `since` has grown to: a balance rounded down, a loan up in magnitude.
	pub fn grown(&self, cash: Usd, since: CashIndex) -> Result<Usd, ArithmeticError> {
		if since == self.index_of(cash) {
			return Ok(cash);
		}
		let since = Indexes { borrow: since.kernel(), supply: since.kernel() };
		let grown = self.indexes().cash(cash.into_inner(), &since).map_err(arithmetic)?;
		Ok(Usd::from_inner(grown))
	}

	/// An account's cash went from `before` to `after`, both up to date.
	pub fn moved(&mut self, before: Usd, after: Usd) {
		let part = |cash: Usd, loans: bool| {
			if cash.is_negative() == loans {
				cash.into_inner().unsigned_abs()
			} else {
				0
			}
		};
		// The total of loans may be some units below their sum, so it may end at zero before they do.
		self.debt = self.debt.saturating_sub(part(before, true)).saturating_add(part(after, true));
		self.credit =
			self.credit.saturating_sub(part(before, false)).saturating_add(part(after, false));
	}

	/// Loans over the cash that is lent, at most one; rounded up.
	pub fn utilisation(&self) -> Result<Ratio, ArithmeticError> {
		self.totals().utilisation_ceil().map(Ratio::from_inner).map_err(arithmetic)
	}
}

fn terms(rules: &CashRules) -> Result<Terms, ArithmeticError> {
	let inner = |ratio: Ratio| ratio.into_inner();
	let rate = Kinked::new(
		inner(rules.kink),
		inner(rules.rate_at_zero),
		inner(rules.rate_at_kink),
		inner(rules.rate_at_one),
	)
	.map_err(arithmetic)?;
	Ok(Terms { rate, margin: inner(rules.interest_margin) })
}

/// What a loan costs and a balance earns, as the runtime API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CashMarketView {
	/// Sum of loans.
	pub debt: Usd,
	/// Sum of balances.
	pub credit: Usd,
	/// Loans over balances, at most one.
	pub utilisation: Ratio,
	/// What loans pay, a year.
	pub borrow_rate: Ratio,
	/// What balances earn, a year.
	pub supply_rate: Ratio,
	/// Interest that waits to be paid to the insurance fund.
	pub margin: Usd,
}

impl<T: Config> Pallet<T> {
	/// The lending market now. Where interest cannot be computed (rules that no governance lets
	/// pass) none accrues.
	pub(crate) fn cash_market() -> CashMarket {
		let stored = CashState::<T>::get();
		let now = T::Market::now();
		if stored.at == Some(now) {
			return stored;
		}
		stored.accrued(now, &T::Parameters::cash()).unwrap_or_else(|error| {
			log::error!(target: crate::LOG_TARGET, "interest: {error:?}");
			CashMarket { at: Some(now), ..stored }
		})
	}

	/// Nobody may borrow more while too much of all cash is lent.
	pub(crate) fn ensure_may_borrow(before: Usd, after: Usd) -> DispatchResult {
		if !after.is_negative() || after >= before {
			return Ok(());
		}
		let utilisation = Self::cash_market().utilisation()?;
		ensure!(utilisation <= T::Parameters::cash().borrow_until, Error::<T>::NothingToBorrow);
		Ok(())
	}

	/// Accrues interest in every block in which there is a loan, so that a new rate reaches no further back
	/// than the block that set it; pays the insurance fund its part, once it is worth the write.
	pub(crate) fn keep_lending() -> DispatchResult {
		let mut market = Self::cash_market();
		if market.debt == 0 && market.margin < MARGIN_LEAST {
			return Ok(());
		}
		if market.margin < MARGIN_LEAST {
			CashState::<T>::put(market);
			return Ok(());
		}
		let fund = T::Waterfall::successor();
		let margin = core::mem::take(&mut market.margin);
		CashState::<T>::put(market);
		Self::change_cash(&fund, margin)?;
		Self::deposit_event(crate::Event::InterestMarginPaid { fund, amount: margin });
		T::Revenue::on_revenue(margin)
	}

	/// Rates and sums now.
	pub fn cash_market_view() -> Result<CashMarketView, sp_runtime::DispatchError> {
		let market = Self::cash_market();
		let rules = T::Parameters::cash();
		let utilisation = market.utilisation()?;
		let rate = terms(&rules)?.rate.value_ceil(utilisation.into_inner()).map_err(arithmetic)?;
		let borrow_rate = Ratio::from_inner(rate);
		let kept = Ratio::ONE.checked_sub(rules.interest_margin)?;
		let amount = |sum: u128| {
			i128::try_from(sum).map(Usd::from_inner).map_err(|_| ArithmeticError::Overflow)
		};
		Ok(CashMarketView {
			debt: amount(market.debt)?,
			credit: amount(market.credit)?,
			utilisation,
			borrow_rate,
			supply_rate: borrow_rate.times_floor(utilisation)?.times_floor(kept)?,
			margin: market.margin,
		})
	}
}
