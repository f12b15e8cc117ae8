//! Why the pallet refuses.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, imported into it by `lib.rs`.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The amount or quantity is zero. Name one that is greater.
		AmountZero,
		/// The amount is negative. Name one that is not.
		AmountNegative,
		/// The clearing house does not take this asset as collateral. Take one of an underlying with
		/// a collateral cap above zero; deposit the quote currency with `deposit`.
		AssetNotEligible,
		/// The clearing house holds as much of this asset as it may. Deposit less, or another asset.
		CollateralCapExceeded,
		/// The account does not have that much cash. Withdraw at most its cash.
		InsufficientCash,
		/// The account does not hold that much of the asset.
		InsufficientCollateral,
		/// The account would not meet initial margin. Deposit, or close positions, first.
		BelowInitialMargin,
		/// A price that this needs is stale, unconfirmed or fed by too few operators. Wait for the
		/// next accepted tick; deposits are possible meanwhile.
		PriceNotUsable,
		/// An account holds at most 64 positions. Close one, or use another account.
		TooManyPositions,
		/// An account holds at most 8 collateral assets. Withdraw one, or use another account.
		TooManyCollaterals,
		/// There are positions in too many expiries. Trade an expiry that is open already.
		TooManyExpiries,
		/// Withdrawals wait while losses that nobody has paid exceed the insurance fund.
		WithdrawalsBlocked,
		/// The clearing house does not hold this much now: it is lent, or not collected yet. Withdraw
		/// less, or later.
		InsufficientLiquidity,
		/// There is no such series.
		SeriesUnknown,
		/// The series has expired: its positions are frozen until they are settled.
		SeriesNotLive,
		/// The underlying has no risk parameters: it cannot be traded.
		NotTradable,
		/// The position would be larger than one account may hold in one series. Trade less.
		PositionCapExceeded,
		/// Both sides are the same account.
		SelfTrade,
		/// The share is zero or above one.
		ShareOutOfRange,
		/// The listing's open interest is not the sum of positions. Not caused by users: report it.
		OpenInterestMismatch,
		/// The waterfall did not bring a deficit to exactly zero. Not caused by users: report it.
		DeficitNotCovered,
		/// Too much of this asset has left the clearing house in the last hour or day. Withdraw less, or
		/// later: `MarginApi_withdrawal_room` says how much may leave now.
		WithdrawalLimit,
		/// So much cash is lent that nobody may borrow more. Deposit the quote currency instead.
		NothingToBorrow,
		/// The account does not have what would cover the position: units of the underlying for an
		/// in-kind call, cash for a secured put. Deposit it first.
		NotCovered,
		/// The position is covered, and cannot be ended against others.
		Covered,
		/// The account holds fewer contracts of this series, or on the other side.
		InsufficientPosition,
		/// Only short puts can be secured with cash. In-kind calls are covered by themselves.
		NotAShortPut,
		/// Only American series can be exercised before they expire; a European one is exercised by
		/// itself at its expiry.
		NotAmerican,
		/// These contracts are being exercised, which cannot be taken back. Sell others, or wait for the
		/// next accepted tick.
		BeingExercised,
		/// As many requests to exercise wait as one tick can meet. Ask again in a later block.
		TooManyExerciseRequests,
		/// The receiver has not agreed to transfers from this account. It calls `set_transfer_permit`
		/// first.
		NotPermitted,
		/// Your own balance of the asset is smaller than that. Deposit at most what you have.
		InsufficientBalance,
		/// Fewer contracts than an order has at least. Exercise more, or all that you hold.
		QuantityTooSmall,
	}
}
