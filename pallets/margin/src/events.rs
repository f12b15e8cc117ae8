//! What the pallet tells.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet, imported into it by `lib.rs`.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Quote currency was deposited; `cash` is the account's balance after it.
		Deposited { who: T::AccountId, amount: Usd, cash: Usd },
		/// Quote currency was withdrawn; `cash` is the account's balance after it.
		Withdrawn { who: T::AccountId, amount: Usd, cash: Usd },
		/// Collateral was deposited; the account now holds `total` units of it.
		CollateralDeposited {
			who: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
			total: Quantity,
		},
		/// Collateral was withdrawn; the account still holds `total` units of it.
		CollateralWithdrawn {
			who: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
			total: Quantity,
		},
		/// Contracts were bought and sold; the buyer paid `premium` for all of them.
		Traded {
			buyer: T::AccountId,
			seller: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
			premium: Usd,
		},
		/// Cash moved between two accounts.
		CashTransferred { from: T::AccountId, to: T::AccountId, amount: Usd },
		/// Contracts (negative: shorts) moved between two accounts without being traded.
		PositionTransferred {
			from: T::AccountId,
			to: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
		},
		/// Collateral moved between two accounts.
		CollateralTransferred {
			from: T::AccountId,
			to: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
		},
		/// Contracts of a settled series turned into cash: `amount` is what the account received,
		/// negative what it paid.
		PositionSettled { who: T::AccountId, series: SeriesId, quantity: Quantity, amount: Usd },
		/// Contracts of a settled in-kind series turned into units of the underlying: `units` is what
		/// the account received, negative what it delivered out of its cover.
		PositionDelivered {
			who: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
			units: Quantity,
		},
		/// Every position of a series is settled. `collected` is what shorts could pay, `paid` what
		/// longs received, both in the asset that the series settles in; the difference is a loss
		/// that others bear.
		SeriesCompleted { series: SeriesId, collected: Amount, paid: Amount },
		/// Contracts are exercised at the next accepted tick, `requested` of them in all. They cannot
		/// be sold meanwhile.
		ExerciseRequested {
			who: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
			requested: Quantity,
		},
		/// Contracts were exercised at this price of the underlying. `amount` counts as equity at once
		/// and becomes cash as assigned shorts pay.
		Exercised {
			who: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
			price: Price,
			amount: Usd,
		},
		/// A request to exercise was dropped: the contracts were out of the money at the tick, or have
		/// expired. They are still the account's.
		ExerciseLapsed { who: T::AccountId, series: SeriesId, quantity: Quantity },
		/// A position was reduced with all others of its side: shorts because holders exercised, longs
		/// because a failed account's shorts were ended. `amount` is what it received, negative what it paid.
		PositionFolded {
			who: T::AccountId,
			series: SeriesId,
			before: Quantity,
			after: Quantity,
			amount: Usd,
		},
		/// Contracts (negative: shorts) were ended against all positions of the other side, at this
		/// price each.
		Deleveraged {
			who: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
			price: Price,
			amount: Usd,
		},
		/// What an exercise is owed became cash.
		ClaimPaid { who: T::AccountId, series: SeriesId, amount: Usd },
		/// A short put is secured: `amount` is locked, the strike of every contract.
		PutSecured { who: T::AccountId, series: SeriesId, amount: Usd },
		/// A short put is no longer secured; what was locked is cash again.
		PutReleased { who: T::AccountId, series: SeriesId, amount: Usd },
		/// The insurance fund received its part of the interest.
		InterestMarginPaid { fund: T::AccountId, amount: Usd },
		/// Whether `sender` may transfer positions to `receiver`.
		TransferPermitSet { receiver: T::AccountId, sender: T::AccountId, allowed: bool },
		/// An account with nothing left but a debt was brought to zero: its collateral went to the
		/// fund at mark, the waterfall bore `deficit`.
		BankruptcyResolved { who: T::AccountId, deficit: Usd, collateral: Usd },
		/// Cash was credited that the deficit account carries.
		DeficitCredited { who: T::AccountId, amount: Usd },
		/// Cash was taken in repayment of the deficit account.
		DeficitDebited { from: T::AccountId, amount: Usd },
	}
}
