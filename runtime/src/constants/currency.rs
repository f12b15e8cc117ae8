//! The native token BLST: units and deposits.

use crate::Balance;

/// Decimals of BLST.
pub const DECIMALS: u8 = 12;
/// One BLST.
pub const BLST: Balance = 1_000_000_000_000;
/// A thousandth of a BLST.
pub const MILLI_BLST: Balance = BLST / 1_000;
/// A millionth of a BLST.
pub const MICRO_BLST: Balance = MILLI_BLST / 1_000;

/// Accounts with less are removed: 0.01 BLST.
pub const EXISTENTIAL_DEPOSIT: Balance = 10 * MILLI_BLST;

/// What state costs while it exists: 0.1 BLST per storage item and 0.0001 BLST per byte.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
	(items as Balance) * 100 * MILLI_BLST + (bytes as Balance) * 100 * MICRO_BLST
}
