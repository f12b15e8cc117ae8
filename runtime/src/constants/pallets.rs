//! The names from which the clearing house's own accounts are derived.

use frame_support::PalletId;

/// Holds every deposit: quote currency and collateral.
pub const CLEARING_HOUSE: PalletId = PalletId(*b"bal/clrh");
/// The mutual pool.
pub const MUTUAL_POOL: PalletId = PalletId(*b"bal/pool");
/// The insurance fund.
pub const INSURANCE_FUND: PalletId = PalletId(*b"bal/insf");
/// The accounts of option vaults are derived from it.
pub const OPTION_VAULTS: PalletId = PalletId(*b"bal/vlts");
/// The stakers' part of revenue waits here.
pub const STAKERS: PalletId = PalletId(*b"bal/stkr");
/// The treasury.
pub const TREASURY: PalletId = PalletId(*b"bal/trsy");
/// Deposits into the pool that are not priced yet.
pub const DEPOSIT_QUEUE: PalletId = PalletId(*b"bal/queu");
