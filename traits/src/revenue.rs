//! Revenue of the clearing house.

use ballast_primitives::Usd;
use frame_support::dispatch::DispatchResult;

/// Where revenue is divided among those who have a share in it.
pub trait OnRevenue {
	/// Revenue of `amount` (>= 0) has come into the insurance fund's account
	/// ([`crate::CoverDeficit::successor`]). It repays the deficit account first; the rest waits in the
	/// fund to be divided.
	fn on_revenue(amount: Usd) -> DispatchResult;
}
