//! Mocks of the loss waterfall: one step, and the whole; and of who divides revenue.

use ballast_primitives::Usd;
use ballast_traits::{BearLoss, Borne, CoverDeficit, OnRevenue};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

pub use self::{revenue::MockRevenue, step::MockStep, whole::MockWaterfall};

mod step {
	use super::*;

	/// Settable [`BearLoss`].
	pub struct MockStep;

	slots! { MockStep:
		bear / mock_bear(defaulter: &u64, loss: Usd) -> Result<Vec<Borne>, DispatchError>;
	}

	impl BearLoss<u64> for MockStep {
		fn bear(defaulter: &u64, loss: Usd) -> Result<Vec<Borne>, DispatchError> {
			call::bear(defaulter, loss)
		}
	}
}

mod revenue {
	use super::*;

	/// Settable [`OnRevenue`].
	pub struct MockRevenue;

	slots! { MockRevenue:
		on_revenue / mock_on_revenue(amount: Usd) -> DispatchResult;
	}

	impl OnRevenue for MockRevenue {
		fn on_revenue(amount: Usd) -> DispatchResult {
			call::on_revenue(amount)
		}
	}
}

mod whole {
	use super::*;

	/// Settable [`CoverDeficit`].
	pub struct MockWaterfall;

	slots! { MockWaterfall:
		cover / mock_cover(defaulter: &u64, deficit: Usd) -> DispatchResult;
		deficit_account / mock_deficit_account() -> Usd;
		withdrawals_blocked / mock_withdrawals_blocked() -> bool;
		successor / mock_successor() -> u64;
	}

	impl CoverDeficit<u64> for MockWaterfall {
		fn cover(defaulter: &u64, deficit: Usd) -> DispatchResult {
			call::cover(defaulter, deficit)
		}
		fn deficit_account() -> Usd {
			call::deficit_account()
		}
		fn withdrawals_blocked() -> bool {
			call::withdrawals_blocked()
		}
		fn successor() -> u64 {
			call::successor()
		}
	}
}
