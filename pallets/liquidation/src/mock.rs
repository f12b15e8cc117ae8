//! A runtime with this pallet over a small clearing ledger, kept in storage so that it takes part in
//! the storage layers of calls and hooks. Quotes have no market here: a leg says what it is worth.

use crate as pallet_liquidation;
use crate::{AuctionOf, Auctions, Pallet};
use ballast_mocks::{MockMarket, MockParameters};
use ballast_primitives::{params::LiquidationRules, Moment, UnderlyingId, Usd};
use ballast_traits::InspectAccounts;
use frame_support::{
	derive_impl,
	traits::{ConstU64, Contains},
	weights::Weight,
};
use frame_system::offchain::{
	CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase,
};
use sp_runtime::{generic, testing::UintAuthorityId, traits::BlakeTwo256, BuildStorage};

mod ledger;
pub use ledger::*;

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
pub const KEEPER: u64 = 3;
pub const POOL: u64 = 900;
pub const FUND: u64 = 901;
pub const PRIORITY: u64 = 1 << 40;

pub const BTC: UnderlyingId = UnderlyingId(1);
pub const ETH: UnderlyingId = UnderlyingId(2);

pub type TxExtension = (frame_system::AuthorizeCall<Test>,);
pub type Extrinsic = generic::UncheckedExtrinsic<u64, RuntimeCall, UintAuthorityId, TxExtension>;
pub type Block = generic::Block<generic::Header<u64, BlakeTwo256>, Extrinsic>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(45)]
	pub type Liquidation = pallet_liquidation;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
}

impl<C> CreateTransactionBase<C> for Test
where
	RuntimeCall: From<C>,
{
	type Extrinsic = Extrinsic;
	type RuntimeCall = RuntimeCall;
}

impl<C> CreateTransaction<C> for Test
where
	RuntimeCall: From<C>,
{
	type Extension = TxExtension;
	fn create_transaction(call: RuntimeCall, extension: TxExtension) -> Extrinsic {
		Extrinsic::new_transaction(call, extension)
	}
}

impl<C> CreateAuthorizedTransaction<C> for Test
where
	RuntimeCall: From<C>,
{
	fn create_extension() -> TxExtension {
		(frame_system::AuthorizeCall::new(),)
	}
}

/// The pool's and the insurance fund's accounts.
pub struct HouseAccounts;
impl Contains<u64> for HouseAccounts {
	fn contains(who: &u64) -> bool {
		[POOL, FUND].contains(who)
	}
}

impl pallet_liquidation::Config for Test {
	type Market = MockMarket;
	type Parameters = MockParameters;
	type Accounts = Ledger;
	type Pool = House;
	type Deficits = House;
	type Exempt = HouseAccounts;
	type LiquidationPriority = ConstU64<PRIORITY>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Situations;
	type WeightInfo = ();
}

/// What benchmarks ask for.
#[cfg(feature = "runtime-benchmarks")]
pub struct Situations;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for Situations {
	fn open() {}

	fn sound(positions: u32) -> u64 {
		let mut sound = book(100_000, 1_000);
		sound.legs = (0..positions as u16)
			.map(|id| Leg { underlying: UnderlyingId(id), ..sound.legs[0].clone() })
			.collect();
		sound.cash = usd(10_000_000);
		Books::insert(KEEPER, sound);
		KEEPER
	}

	fn american() -> u64 {
		Self::sound(4)
	}

	fn failing(is_insolvent: bool) -> u64 {
		Books::insert(ALICE, if is_insolvent { book(-100, 1_000) } else { book(900, 1_000) });
		ALICE
	}

	fn bidder() -> u64 {
		BOB
	}

	fn overload_pool() {
		PoolCapacity::put(Usd::ZERO);
	}

	fn tick(seconds: Moment) {
		System::set_block_number(System::block_number() + 1);
		wait(seconds);
	}
}

/// Default rules with changes.
pub fn rules(change: impl Fn(&mut LiquidationRules) + 'static) {
	MockParameters::mock_liquidation(move || {
		let mut rules = LiquidationRules::default();
		change(&mut rules);
		rules
	});
}

/// An account with one leg: what it is worth in all, and its requirement.
pub fn book(equity: i64, maintenance: i64) -> Book {
	// Short options worth four times the requirement.
	let value = usd(-4 * maintenance);
	Book {
		cash: usd(equity + 4 * maintenance),
		legs: vec![Leg {
			underlying: BTC,
			is_collateral: false,
			value,
			requirement: usd(maintenance),
		}],
		expired: Usd::ZERO,
	}
}

/// Moves an account's cash so that its equity is this.
pub fn set_equity(who: u64, equity: Usd) {
	let now = Ledger::health(&who).unwrap().equity;
	Books::mutate(who, |book| {
		book.cash = book.cash.checked_add(equity.checked_sub(now).unwrap()).unwrap()
	});
}

pub fn auction_of(who: u64) -> AuctionOf<Test> {
	Auctions::<Test>::get(who).expect("under auction")
}

/// Events of this pallet since the last call, oldest first.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Liquidation(event) => Some(event),
		_ => None,
	});
	let events = events.collect();
	System::reset_events();
	events
}

/// Asserts that two amounts differ by less than 1e-12.
#[track_caller]
pub fn assert_near(a: Usd, b: Usd) {
	let gap = a.into_inner().abs_diff(b.into_inner());
	assert!(gap < 1_000_000, "{a:?} is not near {b:?}");
}

pub struct ExtBuilder {
	pub books: Vec<(u64, Book)>,
}

impl Default for ExtBuilder {
	/// A house with money, a bidder with money, and nobody failing.
	fn default() -> Self {
		let rich = |cash| Book { cash: usd(cash), ..Book::default() };
		Self { books: vec![(POOL, rich(1_000_000)), (FUND, rich(1_000)), (BOB, rich(100_000))] }
	}
}

impl ExtBuilder {
	pub fn with(mut self, who: u64, book: Book) -> Self {
		self.books.push((who, book));
		self
	}

	/// With Alice failing: equity 900, maintenance requirement 1,000.
	pub fn failing() -> Self {
		Self::default().with(ALICE, book(900, 1_000))
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		let mut ext = sp_io::TestExternalities::from(storage);
		MockParameters::mock_defaults();
		MockMarket::mock_now(Now::get);
		MockMarket::mock_accept_ticks(|| {
			TicksAccepted::mutate(|count| *count += 1);
			Weight::from_parts(1_000, 0)
		});
		ext.execute_with(|| {
			System::set_block_number(1);
			Now::put(1_000_000);
			PoolCapacity::put(usd(1_000_000));
			for (who, book) in self.books {
				Books::insert(who, book);
			}
		});
		ext
	}

	/// Runs a test; afterwards every invariant holds.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| checked(test));
	}
}

/// Runs a test in externalities that are there already, and checks the invariants after it.
pub fn checked(test: impl FnOnce()) {
	test();
	Pallet::<Test>::do_try_state().expect("invariants hold");
}

pub fn wait(seconds: Moment) {
	Now::mutate(|now| *now += seconds);
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.commit_all().expect("nothing is open");
	ext
}
