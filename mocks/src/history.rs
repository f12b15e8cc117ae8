//! Mock of the daily history.

use ballast_primitives::{history::DailyMove, UnderlyingId};
use ballast_traits::InspectHistory;

/// Settable [`InspectHistory`].
pub struct MockHistory;

slots! { MockHistory:
	daily_moves / mock_daily_moves(underlying: UnderlyingId) -> Vec<DailyMove>;
}

impl InspectHistory for MockHistory {
	fn daily_moves(underlying: UnderlyingId) -> Vec<DailyMove> {
		call::daily_moves(underlying)
	}
}
