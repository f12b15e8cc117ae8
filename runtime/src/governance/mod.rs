//! How the chain is governed: referenda on tracks, each with an origin that may do one kind of thing.
//!
//! | file | what |
//! |---|---|
//! | [`origins`] | the origins of referenda, and the pace of periods |
//! | [`tracks`] | the tracks: deposits, periods and curves |
//! | [`emergency`] | what stays possible when all else is stopped |
//! | this file | the configuration of the pallets |

pub mod emergency;
pub mod origins;
pub mod tracks;

pub use origins::{
	pallet_custom_origins, ListingAdmin, OracleAdmin, ReferendumCanceller, ReferendumKiller,
	RiskAdmin, RiskGuardian, Spender, WhitelistedCaller,
};
pub use tracks::scaled;

use crate::{
	configs::{clearing::TreasuryAccount, system::MAXIMUM_BLOCK_WEIGHT},
	constants::{
		currency::{deposit, BLST},
		pallets::TREASURY,
		time::{DAYS, HOURS},
	},
	AccountId, Balance, Balances, BlockNumber, OriginCaller, Preimage, Referenda, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, Scheduler, System, Treasury,
};
use frame_support::{
	parameter_types,
	traits::{
		fungible::HoldConsideration,
		tokens::{currency::ActiveIssuanceOf, PayFromAccount, UnityAssetBalanceConversion},
		ConstU32, EitherOf, EitherOfDiverse, EqualPrivilegeOnly, LinearStoragePrice, MapSuccess,
		TypedGet,
	},
	weights::Weight,
	PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess, EnsureSigned};
use pallet_safe_mode::EnteredUntil;
use sp_runtime::{
	traits::{IdentityLookup, Replace},
	Permill,
};

/// Root, or an origin of a referendum.
pub type RootOr<Origin> = EitherOf<EnsureRoot<AccountId>, Origin>;

/// The technical collective.
pub type TechnicalCollective = pallet_collective::Instance1;
/// Two thirds of the technical collective.
pub type TwoThirdsOfTechnicalCollective =
	pallet_collective::EnsureProportionAtLeast<AccountId, TechnicalCollective, 2, 3>;

parameter_types! {
	/// What the guardian does may last a week.
	pub GuardLengthMax: BlockNumber = scaled(7 * DAYS);
	/// What raises maintenance margin comes over an hour.
	pub RampLengthMin: BlockNumber = scaled(HOURS);
	/// A group is ramped over four weeks.
	pub RampLengthMax: BlockNumber = scaled(28 * DAYS);
	/// Tokens that voted with conviction one stay locked a week after the referendum.
	pub VoteLockingPeriod: BlockNumber = scaled(7 * DAYS);
	/// A referendum without a decision deposit is forgotten after two weeks.
	pub UndecidingTimeout: BlockNumber = scaled(14 * DAYS);
	/// Motions of the technical collective are open for five days.
	pub MotionDuration: BlockNumber = scaled(5 * DAYS);
	/// The treasury closes its books every week.
	pub SpendPeriod: BlockNumber = scaled(7 * DAYS);
	/// An approved payment can be claimed for thirty days.
	pub PayoutPeriod: BlockNumber = scaled(30 * DAYS);
	/// Safe mode that the guardian has entered, or prolonged, lasts until six hours later.
	pub SafeModeOfGuardian: BlockNumber = scaled(6 * HOURS);
	/// Safe mode that root has entered, or prolonged, lasts a day.
	pub SafeModeOfRoot: BlockNumber = scaled(DAYS);
	/// Nobody enters safe mode for a deposit.
	pub const NoDeposit: Option<Balance> = None;
	pub const NoDelay: Option<BlockNumber> = None;
	/// For calls that nobody can make, since they need a deposit that there is not.
	pub const NoBlocks: BlockNumber = 0;
	/// Held for a preimage: two storage items, and its bytes.
	pub const PreimageBaseDeposit: Balance = deposit(2, 64);
	pub const PreimageByteDeposit: Balance = deposit(0, 1);
	pub const PreimageHoldReason: RuntimeHoldReason =
		RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
	/// Taken for a referendum, and to be had back if it was approved or cancelled. To fill the agenda of one
	/// block with alarms of referenda takes 512 of these, which nobody gets back.
	pub const SubmissionDeposit: Balance = 20 * BLST;
	/// Half of a block is for what was scheduled: a call that is heavier is never enacted.
	pub MaximumSchedulerWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(2);
	/// A motion is a call to the whitelist.
	pub MaximumMotionWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(10);
	pub const TreasuryId: PalletId = TREASURY;
	/// Nothing of the treasury is burnt.
	pub const Burn: Permill = Permill::zero();
	pub const RootSpend: Balance = Balance::MAX;
}

impl origins::pallet_custom_origins::Config for Runtime {}

impl pallet_preimage::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_preimage::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type ManagerOrigin = EnsureRoot<AccountId>;
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		PreimageHoldReason,
		LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
	>;
}

impl pallet_scheduler::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type MaximumWeight = MaximumSchedulerWeight;
	type ScheduleOrigin = EnsureRoot<AccountId>;
	type OriginPrivilegeCmp = EqualPrivilegeOnly;
	// Of a referendum whose place in the agenda is taken nothing is enacted, and alarms of referenda take places,
	// too. The weights of scheduler and referenda are measured with agendas of 512.
	type MaxScheduledPerBlock = ConstU32<512>;
	type WeightInfo = pallet_scheduler::weights::SubstrateWeight<Runtime>;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

impl pallet_conviction_voting::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_conviction_voting::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type Polls = Referenda;
	type MaxTurnout = ActiveIssuanceOf<Balances, AccountId>;
	type MaxVotes = ConstU32<256>;
	type VoteLockingPeriod = VoteLockingPeriod;
	type BlockNumberProvider = System;
	type VotingHooks = ();
}

impl pallet_referenda::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_referenda::weights::SubstrateWeight<Runtime>;
	type Scheduler = Scheduler;
	type Currency = Balances;
	type SubmitOrigin = EnsureSigned<AccountId>;
	type CancelOrigin = RootOr<ReferendumCanceller>;
	type KillOrigin = RootOr<ReferendumKiller>;
	type Slash = Treasury;
	type Votes = pallet_conviction_voting::VotesOf<Runtime>;
	type Tally = pallet_conviction_voting::TallyOf<Runtime>;
	type SubmissionDeposit = SubmissionDeposit;
	type MaxQueued = ConstU32<100>;
	type UndecidingTimeout = UndecidingTimeout;
	type AlarmInterval = ConstU32<1>;
	type Tracks = tracks::Tracks;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

impl pallet_collective::Config<TechnicalCollective> for Runtime {
	type RuntimeOrigin = RuntimeOrigin;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type MotionDuration = MotionDuration;
	type MaxProposals = ConstU32<32>;
	type MaxMembers = ConstU32<15>;
	type DefaultVote = pallet_collective::MoreThanMajorityThenPrimeDefaultVote;
	type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
	type SetMembersOrigin = EnsureRoot<AccountId>;
	type MaxProposalWeight = MaximumMotionWeight;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	type Consideration = ();
}

impl pallet_whitelist::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WhitelistOrigin = EitherOfDiverse<EnsureRoot<AccountId>, TwoThirdsOfTechnicalCollective>;
	type DispatchWhitelistedOrigin = RootOr<WhitelistedCaller>;
	type Preimages = Preimage;
	type WeightInfo = pallet_whitelist::weights::SubstrateWeight<Runtime>;
}

impl pallet_treasury::Config for Runtime {
	type PalletId = TreasuryId;
	type Currency = Balances;
	type RejectOrigin = EnsureRoot<AccountId>;
	type RuntimeEvent = RuntimeEvent;
	type SpendPeriod = SpendPeriod;
	type Burn = Burn;
	type BurnDestination = ();
	type SpendFunds = ();
	type WeightInfo = pallet_treasury::weights::SubstrateWeight<Runtime>;
	type MaxApprovals = ConstU32<100>;
	type SpendOrigin = EitherOf<EnsureRootWithSuccess<AccountId, RootSpend>, Spender>;
	// The native token only: what the treasury has at the clearing house, root takes out.
	type AssetKind = ();
	type Beneficiary = AccountId;
	type BeneficiaryLookup = IdentityLookup<AccountId>;
	type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
	type BalanceConverter = UnityAssetBalanceConversion;
	type PayoutPeriod = PayoutPeriod;
	type BlockNumberProvider = System;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = TreasuryArguments;
}

/// What the treasury's benchmarks spend, and to whom.
#[cfg(feature = "runtime-benchmarks")]
pub struct TreasuryArguments;
#[cfg(feature = "runtime-benchmarks")]
impl pallet_treasury::ArgumentsFactory<(), AccountId> for TreasuryArguments {
	fn create_asset_kind(_: u32) {}

	fn create_beneficiary(seed: [u8; 32]) -> AccountId {
		seed.into()
	}
}

/// What the guardian may add to safe mode: what is missing to six hours from now, nothing if it lasts as
/// long already. Extensions add up in `pallet-safe-mode`: of a fixed length, a batch of them in one referendum
/// would last for years.
pub struct MissingInSafeMode;
impl TypedGet for MissingInSafeMode {
	type Type = BlockNumber;

	fn get() -> BlockNumber {
		let now = System::block_number();
		let until = EnteredUntil::<Runtime>::get().unwrap_or(now);
		now.saturating_add(SafeModeOfGuardian::get()).saturating_sub(until)
	}
}

/// Who may enter or prolong safe mode, and by how much.
pub type SafeModeOrigin = EitherOf<
	EnsureRootWithSuccess<AccountId, SafeModeOfRoot>,
	MapSuccess<RiskGuardian, Replace<MissingInSafeMode>>,
>;

impl pallet_safe_mode::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WhitelistedCalls = emergency::OpenInSafeMode;
	type EnterDuration = NoBlocks;
	type ExtendDuration = NoBlocks;
	type EnterDepositAmount = NoDeposit;
	type ExtendDepositAmount = NoDeposit;
	type ForceEnterOrigin = SafeModeOrigin;
	type ForceExtendOrigin = SafeModeOrigin;
	// To leave it early is to loosen.
	type ForceExitOrigin = RootOr<RiskAdmin>;
	type ForceDepositOrigin = EnsureRoot<AccountId>;
	type Notify = ();
	type ReleaseDelay = NoDelay;
	type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
}

impl pallet_tx_pause::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	// A pause does not end by itself, so it takes root: in a hurry, by way of the whitelist.
	type PauseOrigin = EnsureRoot<AccountId>;
	type UnpauseOrigin = EnsureRoot<AccountId>;
	type WhitelistedCalls = emergency::NeverPaused;
	type MaxNameLen = ConstU32<256>;
	type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
}
