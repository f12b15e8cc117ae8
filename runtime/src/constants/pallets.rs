//! The names from which the clearing house's own accounts are derived.

use frame_support::PalletId;

/// Holds every deposit: quote currency and collateral.
pub const CLEARING_HOUSE: PalletId = PalletId(*b"bal/clrh");
/// The mutual pool.
pub const MUTUAL_POOL: PalletId = PalletId(*b"bal/pool");
/// The insurance fund.
pub const INSURANCE_FUND: PalletId = PalletId(*b"bal/insf");
/// Deposits into the pool that are not priced yet.
pub const DEPOSIT_QUEUE: PalletId = PalletId(*b"bal/queu");
