//! Daily history of prices and volatilities.

use alloc::vec::Vec;
use ballast_primitives::{history::DailyMove, UnderlyingId};

/// How underlyings moved, day by day.
pub trait InspectHistory {
	/// The last days of an underlying that have closed, oldest first, each day at most once, at most
	/// [`ballast_primitives::history::HISTORY_DAYS`] of them; empty if nothing is known. Days may be
	/// missing (the chain stood still, the price was not usable). One storage read.
	fn daily_moves(underlying: UnderlyingId) -> Vec<DailyMove>;
}
