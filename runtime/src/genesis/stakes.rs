//! What the validators of the presets have at stake, and how many may stand beside them.

use super::Authority;
use crate::{
	constants::currency::BLST,
	validators::election::{MAX_CANDIDATES, MIN_NOMINATOR_BOND, MIN_VALIDATOR_BOND},
	AccountId, Balance, StakingConfig,
};
use alloc::vec::Vec;
use pallet_staking::StakerStatus;
use sp_runtime::Perbill;

/// What each validator of a preset has at stake, on top of what everybody is endowed with.
pub const STAKE: Balance = 100_000 * BLST;
/// Seats: room for validators that join.
pub const SEATS: u32 = 8;
/// The share of a slash of which its reporter can have half: the author of the block with the report.
const REPORTERS_SHARE: Perbill = Perbill::from_percent(10);

/// Fewest validators that an election must find, or those who validate stay: as many as are needed for
/// finality among those of the preset.
pub const fn fewest(validators: u32) -> u32 {
	validators - validators.saturating_sub(1) / 3
}

/// What an account has at stake.
pub(super) fn at_stake(who: &AccountId, authorities: &[Authority]) -> Balance {
	let validates = authorities.iter().any(|authority| authority.account == *who);
	if validates {
		STAKE
	} else {
		0
	}
}

/// Each authority a validator with the same stake; nobody is spared.
pub(super) fn of(authorities: &[Authority]) -> StakingConfig {
	let validators = u32::try_from(authorities.len()).unwrap_or(u32::MAX);
	let staker = |authority: &Authority| {
		let account = authority.account.clone();
		(account.clone(), account, STAKE, StakerStatus::Validator)
	};
	StakingConfig {
		validator_count: SEATS,
		minimum_validator_count: fewest(validators),
		stakers: authorities.iter().map(staker).collect::<Vec<_>>(),
		slash_reward_fraction: REPORTERS_SHARE,
		min_validator_bond: MIN_VALIDATOR_BOND,
		min_nominator_bond: MIN_NOMINATOR_BOND,
		max_validator_count: Some(MAX_CANDIDATES),
		..Default::default()
	}
}
