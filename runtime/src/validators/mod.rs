//! Who validates: nominated proof of stake, and what meets those who break its rules.
//!
//! | file | what |
//! |---|---|
//! | [`periods`] | how long epochs and eras are: the preset says it |
//! | [`election`] | how many stand, vote and win, and the bags voters are sorted into |
//! | [`key_owners`] | who signed with which keys in which session |
//! | [`rewards`] | what an era pays, and to whom |
//! | [`offences`] | slashes, chills, and what a report weighs |
//! | this file | the configuration of the pallets |
//!
//! All periods are counted in eras, and how long an era is depends on the preset: the counts are the
//! same on every chain.

pub mod election;
pub mod key_owners;
pub mod offences;
pub mod periods;
pub mod rewards;

pub use election::{MaxBackers, MaxSeats};
pub use key_owners::pallet_key_owners;
pub use periods::{pallet_validator_periods, EpochDuration, SessionsPerEra};

use crate::{
	configs::clearing::TreasuryAccount, governance::TwoThirdsOfTechnicalCollective, AccountId,
	Balance, Balances, Runtime, RuntimeEvent, RuntimeHoldReason, Session, SessionKeys, Staking,
	Timestamp, VoterList,
};
use alloc::vec::Vec;
use frame_support::{
	parameter_types,
	traits::{tokens::imbalance::ResolveTo, ConstU32, EitherOfDiverse, Nothing},
};
use frame_system::EnsureRoot;
use pallet_session::historical::{self, IdentificationTuple};
use pallet_staking::{FixedNominationsQuota, SessionInterface, UnitIdentificationOf};
use sp_runtime::traits::{Convert, OpaqueKeys};
use sp_staking::{
	currency_to_vote::SaturatingCurrencyToVote, offence::OffenceSeverity, EraIndex, SessionIndex,
};

/// Eras that a stake stays bonded after its owner has taken it out, with the one it was taken out in: a
/// week at the least on a production chain.
pub const BONDING_DURATION: EraIndex = 8;
/// Full eras between the one of an offence and the one that begins with its slash: the slash can be
/// cancelled until then. Longer, and a stake taken out in the era of the offence would be free before, in
/// that era's last session; shorter, and offences reported late would escape, since a slash that is due
/// in an era that has begun is never made.
pub const SLASH_DEFER_DURATION: EraIndex = BONDING_DURATION - 2;

parameter_types! {
	pub const BondingDuration: EraIndex = BONDING_DURATION;
	pub const SlashDeferDuration: EraIndex = SLASH_DEFER_DURATION;
	/// Slots in which an offence can be reported.
	pub ReportLongevity: u64 =
		u64::from(BONDING_DURATION) * u64::from(SessionsPerEra::get()) * EpochDuration::get();
	/// Sessions whose keys are remembered: those of the bond, and of the era that it follows. Offences
	/// of sessions before them cost nothing any more.
	pub SessionsKept: SessionIndex = (BONDING_DURATION + 1).saturating_mul(SessionsPerEra::get());
	/// Sets of finality voters whose sessions are remembered: all those of the bond of a production
	/// chain.
	pub const MaxSetIdSessionEntries: u64 =
		(BONDING_DURATION as u64) * (periods::PRODUCTION.era as u64);
}

/// The account itself, if it has a stake: session keys cost no deposit, so nobody else may set them.
pub struct OfStaker;
impl Convert<AccountId, Option<AccountId>> for OfStaker {
	fn convert(who: AccountId) -> Option<AccountId> {
		Staking::bonded(&who).map(|_| who)
	}
}

/// What `pallet-staking` wants of sessions.
pub struct Sessions;
impl SessionInterface<AccountId> for Sessions {
	fn report_offence(validator: AccountId, severity: OffenceSeverity) {
		Session::report_offence(validator, severity);
	}

	fn validators() -> Vec<AccountId> {
		Session::validators()
	}

	/// Records of keys are forgotten as sessions begin.
	fn prune_historical_up_to(_: SessionIndex) {}
}

impl pallet_validator_periods::Config for Runtime {}

impl pallet_key_owners::Config for Runtime {
	type Users = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type SessionsKept = SessionsKept;
}

// `pallet-staking` takes offenders as this pallet names them; of what it does nothing is used.
impl historical::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = UnitIdentificationOf<Self>;
}

impl pallet_offences::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = IdentificationTuple<Self>;
	type OnOffenceHandler = offences::SlashAndChill;
}

/// Who cancels a slash: root, or two thirds of the technical collective, since a slash that a fault of the
/// software has brought cannot wait for a referendum.
pub type StakingAdmin = EitherOfDiverse<EnsureRoot<AccountId>, TwoThirdsOfTechnicalCollective>;

impl pallet_staking::Config for Runtime {
	type OldCurrency = Balances;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type CurrencyBalance = Balance;
	type UnixTime = Timestamp;
	// A stake of more than 18.4 million BLST votes as that many. Votes do not depend on the issuance.
	type CurrencyToVote = SaturatingCurrencyToVote;
	type ElectionProvider = election::OnChain;
	type GenesisElectionProvider = election::OnChain;
	type NominationsQuota = FixedNominationsQuota<{ election::MAX_NOMINATIONS }>;
	type HistoryDepth = ConstU32<84>;
	type RewardRemainder = ResolveTo<TreasuryAccount, Balances>;
	type RuntimeEvent = RuntimeEvent;
	type Slash = ResolveTo<TreasuryAccount, Balances>;
	type Reward = ();
	type SessionsPerEra = SessionsPerEra;
	type BondingDuration = BondingDuration;
	type SlashDeferDuration = SlashDeferDuration;
	type AdminOrigin = StakingAdmin;
	type SessionInterface = Sessions;
	type EraPayout = rewards::Inflation;
	type NextNewSession = Session;
	type MaxExposurePageSize = ConstU32<64>;
	type MaxValidatorSet = MaxSeats;
	type VoterList = VoterList;
	type TargetList = election::WithKeys;
	type MaxUnlockingChunks = ConstU32<32>;
	// There never were controllers apart from stashes.
	type MaxControllersInDeprecationBatch = ConstU32<0>;
	type EventListeners = ();
	type Filter = Nothing;
	type BenchmarkingConfig = election::Greatest;
	type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_bags_list::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ScoreProvider = Staking;
	type BagThresholds = election::BagThresholds;
	type Score = frame_election_provider_support::VoteWeight;
	type WeightInfo = pallet_bags_list::weights::SubstrateWeight<Runtime>;
}
