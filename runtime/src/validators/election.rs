//! Elections: sequential Phragmén on chain, in the block that begins the session before an era.
//!
//! What a block can compute bounds how many stand and vote. Candidates are bounded where they sign up;
//! of the voters the heaviest count, found by bags of similar stakes.

use crate::{constants::currency::BLST, AccountId, Balance, Runtime, Staking};
use frame_election_provider_support::{
	bounds::{ElectionBounds, ElectionBoundsBuilder},
	onchain, SequentialPhragmen, VoteWeight,
};
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32},
};
use sp_runtime::Perbill;

/// Most validators of a session.
pub const MAX_SEATS: u32 = 100;
/// Most candidates for a seat. With more there is no election, and whoever validates stays: so no more
/// may sign up, and governance must not let them.
pub const MAX_CANDIDATES: u32 = 200;
/// Most voters of an election, candidates among them: the heaviest. The others' votes do not count.
pub const MAX_VOTERS: u32 = 1_000;
/// Most candidates that a nominator may name.
pub const MAX_NOMINATIONS: u32 = 16;
/// What a candidate stakes at the least.
pub const MIN_VALIDATOR_BOND: Balance = 10_000 * BLST;
/// What a nominator stakes at the least.
pub const MIN_NOMINATOR_BOND: Balance = 100 * BLST;

/// Most seats that can be elected.
pub type MaxSeats = ConstU32<MAX_SEATS>;
/// Most stakers behind a validator: all who vote.
pub type MaxBackers = ConstU32<MAX_VOTERS>;

/// Bags of voters.
const BAGS: usize = 55;

/// The upper ends of the bags: the least stake of a nominator, then always a quarter more, to the
/// greatest weight that a vote has.
const fn thresholds() -> [VoteWeight; BAGS] {
	let mut ends = [0; BAGS];
	let mut end = MIN_NOMINATOR_BOND;
	let mut bag = 0;
	while bag < BAGS {
		ends[bag] = end as VoteWeight;
		end += end / 4;
		bag += 1;
	}
	ends
}

/// The upper ends of the bags.
pub const THRESHOLDS: [VoteWeight; BAGS] = thresholds();

parameter_types! {
	pub const BagThresholds: &'static [VoteWeight] = &THRESHOLDS;
	/// Who an election looks at.
	pub Bounds: ElectionBounds = ElectionBoundsBuilder::default()
		.voters_count(MAX_VOTERS.into())
		.targets_count(MAX_CANDIDATES.into())
		.build();
}

/// Solves elections in the block in which they fall due.
pub type OnChain = onchain::OnChainExecution<Phragmen>;

/// Sequential Phragmén within [`Bounds`].
pub struct Phragmen;
impl onchain::Config for Phragmen {
	// If more are elected than there are seats, those with the greatest backing keep theirs.
	type Sort = ConstBool<true>;
	type System = Runtime;
	type Solver = SequentialPhragmen<AccountId, Perbill>;
	type MaxBackersPerWinner = MaxBackers;
	type MaxWinnersPerPage = MaxSeats;
	type DataProvider = Staking;
	type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
	type Bounds = Bounds;
}

/// Sizes at which the pallet's benchmarks run: the greatest there are.
pub struct Greatest;
impl pallet_staking::BenchmarkingConfig for Greatest {
	type MaxValidators = MaxSeats;
	type MaxNominators = MaxBackers;
}
