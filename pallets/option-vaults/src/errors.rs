//! Why the pallet refuses.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, imported into it by `lib.rs`.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// There is no vault with this number. Take one from `optionVaultsApi.vaults`.
		VaultUnknown,
		/// As many vaults exist as the chain carries. Use one of them, or wait until one is removed.
		TooManyVaults,
		/// The underlying is not listed or not active, or the clearing house cannot hold its asset. Choose
		/// another one.
		UnderlyingNotListed,
		/// Only the vault's manager may do this.
		NotManager,
		/// The strike rule is outside the governed bounds of deltas and distances.
		StrikeOutOfBounds,
		/// The reserve is below the governed share of mark.
		ReserveTooLow,
		/// The auction would start below its reserve, or above the governed share of mark.
		StartOutOfBounds,
		/// The auction would be shorter or longer than governed.
		AuctionOutOfBounds,
		/// The management fee is above the governed maximum.
		ManagementFeeTooHigh,
		/// The performance fee is above the governed maximum.
		PerformanceFeeTooHigh,
		/// The capacity is nothing. Name how much the vault may take.
		CapacityZero,
		/// The vault is closed: it takes no deposits and begins no rounds.
		VaultIsClosed,
		/// The vault is not closed. Close it first; it can be removed when everybody has left.
		VaultNotClosed,
		/// Somebody still has something in the vault, or fees are not paid out. Wait, or claim them.
		VaultNotEmpty,
		/// The amount is zero. Name one that is greater.
		AmountZero,
		/// The deposit is below the governed least value. Deposit more.
		DepositTooSmall,
		/// The vault would hold more than its capacity. Deposit less, or into another vault.
		CapacityExceeded,
		/// The vault has lost everything that its shares stood for and takes no deposits.
		VaultWorthless,
		/// No deposit of yours waits that large. What a turn has taken in has become shares.
		NothingQueued,
		/// You have fewer shares than that. Shares that are queued to leave do not count.
		InsufficientShares,
		/// So few shares would stay in the vault that a share would be dearer than a deposit. Withdraw all that
		/// is left, or leave at least a millionth of a share.
		TooFewSharesStay,
		/// Assets are locked in a round, or a settled round has not turned yet (`turn`). Queue the withdrawal with `request_withdrawal`; it is paid when the
		/// round is settled.
		AssetsLocked,
		/// You have nothing to claim here.
		NothingToClaim,
		/// A round is running. The next one begins when it is over.
		RoundRunning,
		/// The next round begins when the expiry of the last one has passed.
		TooEarly,
		/// The market of the underlying is not usable, or was not for long enough: nothing is sold on a
		/// bad price. Wait for prices.
		MarketNotUsable,
		/// No strike on the grid obeys the vault's rule now. Wait for other prices.
		NoStrike,
		/// The vault has not the assets for the least quantity of contracts, or what it would sell is worth
		/// nothing.
		NothingToSell,
		/// There is no premium auction now. Wait for the next round.
		NotSelling,
		/// The premium auction is not over.
		AuctionOpen,
		/// The deadline has passed. Sign again with a later one.
		DeadlinePassed,
		/// That many contracts are not left. Ask `optionVaultsApi.offered`.
		QuantityTooLarge,
		/// Below the least quantity of the underlying. Buy more, or all that is left.
		QuantityTooSmall,
		/// Not a multiple of the underlying's quantity step.
		QuantityOffStep,
		/// The premium is above your limit. Wait until the price has fallen, or raise the limit.
		SlippageExceeded,
		/// The vault holds no options that could be settled.
		NotLocked,
		/// The options have not expired, or their settlement price is not known yet. Wait.
		NotSettledYet,
		/// No round has just been settled.
		NothingToTurn,
		/// There are no fees to pay out.
		NoFees,
		/// The guardian has halted the underlying, or everything is in safe mode: vaults write nothing on it.
		/// Wait; `riskParams.halts` and `safeMode.enteredUntil` say until which block.
		UnderlyingHalted,
	}
}
