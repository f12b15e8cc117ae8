//! Who authors and finalises blocks, and when.

pub use crate::validators::EpochDuration;

use crate::{
	constants::time::{MILLISECS_PER_BLOCK, SLOT_DURATION},
	validators::{
		offences::ReportWeights, MaxBackers, MaxSeats, MaxSetIdSessionEntries, OfStaker,
		ReportLongevity,
	},
	AccountId, Babe, KeyOwners, Moment, Offences, Runtime, RuntimeEvent, Session, SessionKeys,
	Staking,
};
use frame_support::parameter_types;
use pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
use sp_session::MembershipProof;

parameter_types! {
	/// Half a slot: blocks are never closer, and BABE takes twice this for the length of a slot.
	pub const MinimumPeriod: Moment = SLOT_DURATION / 2;
	pub const ExpectedBlockTime: Moment = MILLISECS_PER_BLOCK;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = Moment;
	type OnTimestampSet = Babe;
	type MinimumPeriod = MinimumPeriod;
	type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_babe::Config for Runtime {
	type EpochDuration = EpochDuration;
	type ExpectedBlockTime = ExpectedBlockTime;
	type EpochChangeTrigger = pallet_babe::ExternalTrigger;
	type DisabledValidators = Session;
	type WeightInfo = ReportWeights;
	type MaxAuthorities = MaxSeats;
	type MaxNominators = MaxBackers;
	type KeyOwnerProof = MembershipProof;
	type EquivocationReportSystem =
		pallet_babe::EquivocationReportSystem<Self, Offences, KeyOwners, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ReportWeights;
	type MaxAuthorities = MaxSeats;
	type MaxNominators = MaxBackers;
	type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
	type KeyOwnerProof = MembershipProof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Offences, KeyOwners, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
	type EventHandler = Staking;
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = OfStaker;
	type ShouldEndSession = Babe;
	type NextSessionRotation = Babe;
	type SessionManager = Staking;
	// Notes the keys, and tells those who use them.
	type SessionHandler = KeyOwners;
	type Keys = SessionKeys;
	// Less than a third are disabled at once: the worst offenders.
	type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
}
