//! Accounts of the clearing house.

use alloc::vec::Vec;
use ballast_primitives::{
	AccountHealth, AssetId, Price, Quantity, Ratio, SeriesId, UnderlyingId, Usd,
};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError, weights::Weight};

/// What accounts hold and how they stand.
pub trait InspectAccounts<AccountId> {
	/// Equity, requirements and status at this block's tick.
	/// Fails only if arithmetic does (`Overflow`): callers treat that as liquidatable never, and
	/// report it.
	fn health(who: &AccountId) -> Result<AccountHealth, DispatchError>;

	/// The same of many accounts, in order: what they have in common (prices, risk arrays) is looked at
	/// once, each account is one storage read.
	fn healths(who: &[AccountId]) -> Vec<Result<AccountHealth, DispatchError>>;

	/// Signed cash balance with its interest, without what is locked as cover; zero for an unknown
	/// account.
	fn cash(who: &AccountId) -> Usd;

	/// Decimals with which the ledger books an asset: those it had when it was first deposited, or has if it
	/// never was.
	fn decimals(asset: AssetId) -> u8;

	/// Units that the account holds of an asset, without what is locked as cover. Not for the quote
	/// currency, of which accounts hold cash.
	fn units(who: &AccountId, asset: AssetId) -> Quantity;

	/// Cash that may leave the account now (`withdrawable` of the design), never negative.
	fn withdrawable(who: &AccountId) -> Result<Usd, DispatchError>;

	/// Signed quantities held, in order of series.
	fn positions(who: &AccountId) -> Vec<(SeriesId, Quantity)>;

	/// Whether an auction would have anything to sell: collateral, or positions that are not covered.
	fn has_lots(who: &AccountId) -> bool;

	/// The account after this one in the order of storage; the first if `None`. `None` at the end.
	fn next_after(who: Option<&AccountId>) -> Option<AccountId>;

	/// Worst loss of an account's book over the governed scenarios at the maintenance range, all
	/// underlyings added, as a positive number; with `change` contracts of `series` added first.
	/// Independent of equity and of any cap by bounded loss. Holdings on a price that is not usable
	/// now count with the loss down to their least value over the last price.
	fn stress_loss(
		who: &AccountId,
		change: Option<(SeriesId, Quantity)>,
	) -> Result<Usd, DispatchError>;

	/// Underlyings of which the account holds units, in order.
	fn collaterals(who: &AccountId) -> Vec<UnderlyingId>;

	/// Underlyings on which the account has risk and whose prices are not usable now.
	fn unusable(who: &AccountId) -> Vec<UnderlyingId>;
}

/// What changes accounts. None of these checks margin: [`MutateAccounts::guarded`] does.
pub trait MutateAccounts<AccountId> {
	/// What a touch of an account costs at most: whatever moves cash or units touches both accounts first.
	fn touch_weight() -> Weight;

	/// Turns expired, settled positions into cash, as far as winners may be paid.
	fn touch(who: &AccountId) -> DispatchResult;

	/// Moves cash between two accounts; the payer's cash may become negative.
	/// `amount` must not be negative.
	fn transfer(from: &AccountId, to: &AccountId, amount: Usd) -> DispatchResult;

	/// Moves `quantity` (>= 0) units of an asset that is not the quote currency between two accounts.
	/// Fails if the payer has less, or the receiver has no room for another asset.
	fn transfer_units(
		from: &AccountId,
		to: &AccountId,
		asset: AssetId,
		quantity: Quantity,
	) -> DispatchResult;

	/// Locks the strike of every contract of a short put out of the account's cash, as far as it is not
	/// locked yet. Fails if it has not the cash, or is not short that put.
	fn secure_put(who: &AccountId, series: SeriesId) -> DispatchResult;

	/// Credits cash (`amount` >= 0) that nobody pays: the part of a deficit that the deficit
	/// account carries. The caller lowers [`crate::CoverDeficit::deficit_account`] by the same
	/// amount in the same storage layer, or the money identity breaks.
	fn credit_deficit(who: &AccountId, amount: Usd) -> DispatchResult;

	/// Takes cash (`amount` >= 0) from an account that repays the deficit account, the reverse of
	/// [`MutateAccounts::credit_deficit`]: the caller raises the deficit account by the same
	/// amount. The payer's cash may become negative.
	fn debit_deficit(from: &AccountId, amount: Usd) -> DispatchResult;

	/// Trade by novation: `buyer` receives `quantity` (> 0) contracts, `seller` is short them, and
	/// `premium` (>= 0) moves from buyer to seller.
	fn trade(
		buyer: &AccountId,
		seller: &AccountId,
		series: SeriesId,
		quantity: Quantity,
		premium: Usd,
	) -> DispatchResult;

	/// Moves this share (0 < share <= 1) of every position and collateral of `from` whose
	/// underlying is usable to `to`; at 1 everything of it, to the last unit. Cash does not move, nor
	/// do covered shorts with the units or cash that cover them.
	fn transfer_portfolio(from: &AccountId, to: &AccountId, share: Ratio) -> DispatchResult;

	/// Ends `quantity` (> 0) contracts of `who` in a series against all positions of the other side pro
	/// rata, at `price` each: `who` pays it if its position is short and receives it if it is long (as a
	/// claim, until it was collected). Works at any quality of prices; whoever calls it decided on the price.
	/// Fails if `who` holds less, or if the series is not live.
	fn deleverage(
		who: &AccountId,
		series: SeriesId,
		quantity: Quantity,
		price: Price,
	) -> DispatchResult;

	/// Runs `change`, by which cash or units leave the account for good, and then requires what a
	/// withdrawal requires: no loan, and initial margin without counting the value of long options. The
	/// limit of what may leave the clearing house does not apply: nothing does. Fails with
	/// `BelowInitialMargin`, `InsufficientCash` or `WithdrawalsBlocked`.
	fn releasing<R>(
		who: &AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError>;

	/// Runs `change` and then requires the account's margin rule: `E >= IM` afterwards, or neither
	/// `E - MM` nor `E - IM` fell and `MM` did not rise. Fails with `BelowInitialMargin`.
	fn guarded<R>(
		who: &AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError>;
}
