//! Block time and slots. How long epochs are, the preset says: see `validators::periods`.

use crate::{BlockNumber, Moment};
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};

/// Target time between blocks, in milliseconds.
pub const MILLISECS_PER_BLOCK: Moment = 3_000;
/// Length of a BABE slot, in milliseconds. Cannot change once the chain has started.
pub const SLOT_DURATION: Moment = MILLISECS_PER_BLOCK;

/// Blocks in a minute.
pub const MINUTES: BlockNumber = 60_000 / (MILLISECS_PER_BLOCK as BlockNumber);
/// Blocks in an hour.
pub const HOURS: BlockNumber = MINUTES * 60;
/// Blocks in a day.
pub const DAYS: BlockNumber = HOURS * 24;

/// Probability that a slot has a primary author: one in four. The other slots go to the secondary
/// author, so that every slot has one.
pub const PRIMARY_PROBABILITY: (u64, u64) = (1, 4);

/// The configuration of BABE at genesis.
pub const BABE_GENESIS_EPOCH_CONFIG: BabeEpochConfiguration = BabeEpochConfiguration {
	c: PRIMARY_PROBABILITY,
	allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots,
};
