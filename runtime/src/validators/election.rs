//! Elections: sequential Phragmén on chain, in the block that begins the session before an era.
//!
//! What a block can compute bounds how many stand and vote. Candidates are bounded where they sign up;
//! of the voters the heaviest count, found by bags of similar stakes.

use crate::{constants::currency::BLST, AccountId, Balance, Runtime, Staking, System};
use alloc::boxed::Box;
use frame_election_provider_support::{
	bounds::{ElectionBounds, ElectionBoundsBuilder},
	onchain, SequentialPhragmen, SortedListProvider, VoteWeight,
};
use frame_support::{
	dispatch::DispatchClass,
	parameter_types,
	traits::{ConstBool, ConstU32},
};
use pallet_staking::UseValidatorsMap;
use sp_runtime::{Perbill, Percent};

/// Most validators of a session.
pub const MAX_SEATS: u32 = 100;
/// Most candidates for a seat. Of more an election sees whichever come first in storage: so no more may
/// sign up, and governance should not let them.
pub const MAX_CANDIDATES: u32 = 200;
/// Most voters of an election, candidates among them: the heaviest. The others' votes do not count.
pub const MAX_VOTERS: u32 = 1_000;
/// Most candidates that a nominator may name.
pub const MAX_NOMINATIONS: u32 = 16;
/// What a candidate stakes at the least.
pub const MIN_VALIDATOR_BOND: Balance = 10_000 * BLST;
/// Share of the places for candidates above which anybody may take away the place of one who stakes less
/// than the least.
pub const CHILL_THRESHOLD: Percent = Percent::from_percent(75);
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

/// Whether an account has session keys.
pub fn has_keys(who: &AccountId) -> bool {
	pallet_session::NextKeys::<Runtime>::contains_key(who)
}

/// Candidates who have session keys: only they can be elected. A seat without keys would stay empty, and
/// with nothing but such seats nobody would author the next block.
pub struct WithKeys;

/// All candidates.
type All = UseValidatorsMap<Runtime>;
type Score = <All as SortedListProvider<AccountId>>::Score;
type Error = <All as SortedListProvider<AccountId>>::Error;

/// Leaves those without keys out, and counts the look for them, which `pallet-staking` does not know of.
fn with_keys(all: Box<dyn Iterator<Item = AccountId>>) -> Box<dyn Iterator<Item = AccountId>> {
	let counted = |who: &AccountId| {
		let look = <Runtime as frame_system::Config>::DbWeight::get().reads(1);
		System::register_extra_weight_unchecked(look, DispatchClass::Mandatory);
		has_keys(who)
	};
	Box::new(all.filter(counted))
}

impl SortedListProvider<AccountId> for WithKeys {
	type Error = Error;
	type Score = Score;

	fn iter() -> Box<dyn Iterator<Item = AccountId>> {
		with_keys(All::iter())
	}

	fn iter_from(start: &AccountId) -> Result<Box<dyn Iterator<Item = AccountId>>, Error> {
		All::iter_from(start).map(with_keys)
	}

	/// How many stand, with keys or without: `pallet-staking` compares it with the number of candidates.
	/// Never more than an election looks at, so that there is one whatever governance has let in.
	fn count() -> u32 {
		All::count().min(MAX_CANDIDATES)
	}

	fn contains(who: &AccountId) -> bool {
		All::contains(who) && has_keys(who)
	}

	fn on_insert(who: AccountId, score: Score) -> Result<(), Error> {
		All::on_insert(who, score)
	}

	fn on_update(who: &AccountId, score: Score) -> Result<(), Error> {
		All::on_update(who, score)
	}

	fn get_score(who: &AccountId) -> Result<Score, Error> {
		All::get_score(who)
	}

	fn on_remove(who: &AccountId) -> Result<(), Error> {
		All::on_remove(who)
	}

	fn unsafe_regenerate(
		all: impl IntoIterator<Item = AccountId>,
		score_of: Box<dyn Fn(&AccountId) -> Option<Score>>,
	) -> u32 {
		All::unsafe_regenerate(all, score_of)
	}

	fn unsafe_clear() {
		All::unsafe_clear();
	}

	fn lock() {
		All::lock();
	}

	fn unlock() {
		All::unlock();
	}

	#[cfg(feature = "try-runtime")]
	fn try_state() -> Result<(), sp_runtime::TryRuntimeError> {
		All::try_state()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn score_update_worst_case(who: &AccountId, is_increase: bool) -> Score {
		All::score_update_worst_case(who, is_increase)
	}
}

/// Sizes at which the pallet's benchmarks run: the greatest there are.
pub struct Greatest;
impl pallet_staking::BenchmarkingConfig for Greatest {
	type MaxValidators = MaxSeats;
	type MaxNominators = MaxBackers;
}
