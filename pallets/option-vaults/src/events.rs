//! What the pallet tells.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet, imported into it by `lib.rs`.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A vault was opened. Its first round begins as soon as there is something to sell.
		VaultOpened {
			vault: VaultId,
			manager: T::AccountId,
			strategy: Strategy,
			underlying: UnderlyingId,
			asset: AssetId,
			terms: VaultTerms,
		},
		/// A manager announced other terms: they come into force with the beginning of round `from`.
		TermsScheduled { vault: VaultId, terms: VaultTerms, from: Round },
		/// Terms announced earlier came into force.
		TermsChanged { vault: VaultId, terms: VaultTerms },
		/// A vault begins no new round. A round that runs is settled; then everybody can withdraw.
		VaultClosed { vault: VaultId },
		/// Nobody has anything in a closed vault any more: it was removed and its bond released.
		VaultRemoved { vault: VaultId },
		/// A deposit waits for the next turn. It can be cancelled until then.
		DepositQueued { vault: VaultId, who: T::AccountId, amount: AssetAmount },
		/// A deposit, or part of it, was taken back before its turn.
		DepositCancelled { vault: VaultId, who: T::AccountId, amount: AssetAmount },
		/// A deposit became shares, at the price of its turn.
		SharesIssued { vault: VaultId, who: T::AccountId, amount: AssetAmount, shares: ShareAmount },
		/// Shares wait to leave at the next turn.
		WithdrawalQueued { vault: VaultId, who: T::AccountId, shares: ShareAmount },
		/// Shares that were to leave stay.
		WithdrawalCancelled { vault: VaultId, who: T::AccountId, shares: ShareAmount },
		/// Shares were paid out into their owner's margin account.
		WithdrawalPaid {
			vault: VaultId,
			who: T::AccountId,
			shares: ShareAmount,
			amount: AssetAmount,
		},
		/// A round began: its premium auction is open.
		RoundOpened {
			vault: VaultId,
			round: Round,
			series: SeriesId,
			strike: Price,
			expiry: Moment,
			/// Contracts offered.
			offered: Quantity,
			/// Average mark of a contract.
			mark: Price,
			/// Price at the start.
			start: Price,
			/// Price at the end; nothing is sold below it, nor below the governed share of mark.
			reserve: Price,
			/// When the auction ends.
			ends: Moment,
		},
		/// Contracts were sold in a premium auction.
		ContractsSold {
			vault: VaultId,
			round: Round,
			buyer: T::AccountId,
			quantity: Quantity,
			/// Price per contract, in quote currency.
			price: Price,
			/// What the buyer paid, in the vault's asset.
			premium: AssetAmount,
		},
		/// A premium auction ended. What was not sold stays unwritten.
		AuctionClosed {
			vault: VaultId,
			round: Round,
			sold: Quantity,
			unsold: Quantity,
			premium: AssetAmount,
		},
		/// A round is over.
		RoundSettled { vault: VaultId, round: Round, outcome: Outcome },
		/// Deposits came in and withdrawals went out, all at one price.
		Turned {
			vault: VaultId,
			turn: u32,
			price: SharePrice,
			deposits: AssetAmount,
			issued: ShareAmount,
			withdrawals: ShareAmount,
			paid: AssetAmount,
		},
		/// Fees were paid into the margin accounts of manager and treasury.
		FeesPaid { vault: VaultId, manager: AssetAmount, treasury: AssetAmount },
	}
}
