//! Rules of cash: interest on loans, and how fast money may leave.

use super::group;
use crate::{Ratio, Usd};

group! {
	/// What negative cash pays, what positive cash earns, and how fast anything may be withdrawn.
	pub struct CashRules {
		/// Utilisation (debts over the cash that is lent) at which the rate bends.
		pub kink: Ratio,
		/// Rate a year at no utilisation.
		pub rate_at_zero: Ratio,
		/// Rate a year at the kink.
		pub rate_at_kink: Ratio,
		/// Rate a year when all cash is lent.
		pub rate_at_one: Ratio,
		/// Share of the interest that goes to the insurance fund instead of to lenders.
		pub interest_margin: Ratio,
		/// Utilisation above which nobody may borrow more.
		pub borrow_until: Ratio,
		/// Most that may be withdrawn of an asset in an hour, as a share of its time-weighted balance.
		pub withdrawal_per_hour: Ratio,
		/// Most in a day.
		pub withdrawal_per_day: Ratio,
		/// Withdrawals of no more than this value do not wait for the limit, as long as all of them
		/// together keep to a limit of the same size.
		pub withdrawal_exempt: Usd,
	}
}

impl Default for CashRules {
	/// Kink and end of new loans at 80% utilisation; 2%, 12% and 150% a year; a tenth of the interest
	/// for the insurance fund; 1% an hour, 10% a day; a thousand dollars at a time exempt.
	fn default() -> Self {
		Self {
			kink: Ratio::from_percent(80),
			rate_at_zero: Ratio::from_percent(2),
			rate_at_kink: Ratio::from_percent(12),
			rate_at_one: Ratio::from_percent(150),
			interest_margin: Ratio::from_percent(10),
			borrow_until: Ratio::from_percent(80),
			withdrawal_per_hour: Ratio::from_percent(1),
			withdrawal_per_day: Ratio::from_percent(10),
			withdrawal_exempt: Usd::from_int(1_000),
		}
	}
}
