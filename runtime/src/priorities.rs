//! What comes first in a block: operators' price feeds, then liquidations, then everybody else.
//!
//! The transaction pool orders by priority. What a tip buys is capped at [`USER_MAX`]
//! (`fees::ChargeFees`): the whole issuance could not buy a place before a feed. The greatest
//! priority of each kind is below the next; an operator's own tip orders feeds among themselves.

use sp_runtime::transaction_validity::TransactionPriority;

/// The most that a tip buys.
pub const USER_MAX: TransactionPriority = u64::MAX / 4;

/// Liquidations of the offchain workers: after the feeds, before all users.
pub const LIQUIDATION: TransactionPriority = u64::MAX / 2;

/// Feeds of the oracle's operators: before all else.
pub const FEED: TransactionPriority = u64::MAX / 4 * 3;

const _: () = assert!(FEED > LIQUIDATION && LIQUIDATION > USER_MAX);
