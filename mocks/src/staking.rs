//! Mock of staking.

use ballast_primitives::Ratio;
use ballast_traits::{EraIndex, ExposurePage, InspectStaking, PageIndex};

/// Settable [`InspectStaking`].
pub struct MockStaking;

slots! { MockStaking:
	active_era / mock_active_era() -> Option<EraIndex>;
	eras_kept / mock_eras_kept() -> EraIndex;
	page_size / mock_page_size() -> u32;
	points / mock_points(era: EraIndex, validator: &u64) -> u32;
	total_points / mock_total_points(era: EraIndex) -> u32;
	commission / mock_commission(era: EraIndex, validator: &u64) -> Ratio;
	exposure / mock_exposure(era: EraIndex, validator: &u64, page: PageIndex) -> Option<ExposurePage<u64>>;
	payee / mock_payee(staker: &u64) -> Option<u64>;
}

impl InspectStaking<u64> for MockStaking {
	fn active_era() -> Option<EraIndex> {
		call::active_era()
	}
	fn eras_kept() -> EraIndex {
		call::eras_kept()
	}
	fn page_size() -> u32 {
		call::page_size()
	}
	fn points(era: EraIndex, validator: &u64) -> u32 {
		call::points(era, validator)
	}
	fn total_points(era: EraIndex) -> u32 {
		call::total_points(era)
	}
	fn commission(era: EraIndex, validator: &u64) -> Ratio {
		call::commission(era, validator)
	}
	fn exposure(era: EraIndex, validator: &u64, page: PageIndex) -> Option<ExposurePage<u64>> {
		call::exposure(era, validator, page)
	}
	fn payee(staker: &u64) -> Option<u64> {
		call::payee(staker)
	}
}
