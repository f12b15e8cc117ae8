//! What the runtime API shows.

use crate::{
	pallet::*,
	providers::{DepositFifo, WithdrawalFifo},
	types::{claim, share_price, usd, PoolView, ProviderView, QueuedView},
};
use ballast_primitives::{arithmetic, Quantity, Usd};
use ballast_traits::{CoverDeficit, InspectAccounts};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// The pool, the insurance fund and the deficit account now.
	pub fn pool_view() -> Result<PoolView, DispatchError> {
		let pool = Self::pool();
		let health = T::Accounts::health(&pool)?;
		let valuation = Self::value_of(health.equity)?;
		let stress_loss = T::Accounts::stress_loss(&pool, None)?;
		let limit = Self::stress_limit()?;
		Ok(PoolView {
			priced: Self::ticks().is_ok(),
			equity: health.equity,
			claims: usd(valuation.claims)?,
			nav: Usd::from_inner(valuation.fund.nav),
			shares: TotalShares::<T>::get(),
			price: share_price(&valuation.fund)?,
			capital: Self::capital()?,
			stress_loss,
			utilisation: stress_loss.max(Usd::ZERO).share_of_floor(limit).ok(),
			insurance_fund: Self::insurance_fund(),
			deficit_account: Self::deficit_account(),
			withdrawals_blocked: Self::withdrawals_blocked(),
			window: Window::<T>::get(),
			queued_deposits: DepositFifo::<T>::length(),
			queued_withdrawals: WithdrawalFifo::<T>::length(),
		})
	}

	/// What one provider has in the pool now.
	pub fn provider_view(who: &T::AccountId) -> ProviderView {
		let shares = Shares::<T>::get(who);
		let deposits = Deposits::<T>::iter_prefix(who).map(|(ticket, deposit)| QueuedView {
			ticket,
			shares: Quantity::ZERO,
			value: deposit.amount,
			after: deposit.requested_at,
		});
		let withdrawals = Withdrawals::<T>::iter_prefix(who).map(|(ticket, queued)| QueuedView {
			ticket,
			shares: queued.shares,
			value: queued.value,
			after: queued.payable_at,
		});
		ProviderView {
			shares,
			value: Self::value_now(shares).ok(),
			deposits: deposits.collect(),
			withdrawals: withdrawals.collect(),
		}
	}

	fn value_now(shares: Quantity) -> Result<Usd, DispatchError> {
		let health = T::Accounts::health(&Self::pool())?;
		Self::ticks()?;
		let fund = Self::value_of(health.equity)?.fund;
		let value = fund.value_floor(claim(shares, Usd::ZERO)?.shares).map_err(arithmetic)?;
		Ok(usd(value)?)
	}
}
