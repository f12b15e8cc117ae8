//! A chain with vaults, a clearing house of a few lines, a few markets and a pool that bids what a test says.

mod house;
mod markets;

pub use house::*;
pub use markets::*;

use crate as pallet_option_vaults;
use crate::types::*;
use ballast_mocks::{MockMarket, MockParameters, MockSeries};
use ballast_primitives::{params::VaultRules, AssetId, Moment, Price, Quantity, Ratio, Usd};
use frame_support::{
	derive_impl, parameter_types,
	storage::unhashed,
	traits::{fungible::InspectHold, Hooks},
	PalletId,
};
use frame_system::mocking::MockBlock;
use parity_scale_codec::{Decode, Encode};
use sp_runtime::{traits::IdentityLookup, BuildStorage, Weight};

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
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type OptionVaults = pallet_option_vaults;
}

/// Wide enough that the accounts of different vaults differ.
pub type AccountId = u128;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlock<Test>;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = u128;
	type AccountStore = System;
}

parameter_types! {
	pub const QuoteAsset: AssetId = QUOTE;
	pub const VaultsId: PalletId = PalletId(*b"vlts/bal");
	pub const Treasury: AccountId = TREASURY;
}

impl pallet_option_vaults::Config for Test {
	type Accounts = House;
	type Series = MockSeries;
	type Market = MockMarket;
	type Parameters = MockParameters;
	type Pool = House;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type QuoteAsset = QuoteAsset;
	type PalletId = VaultsId;
	type Treasury = Treasury;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Situations;
	type WeightInfo = ();
}

pub const ALICE: AccountId = 1;
pub const BOB: AccountId = 2;
pub const CAROL: AccountId = 3;
pub const DAVE: AccountId = 4;
/// Opens vaults.
pub const MANAGER: AccountId = 5;
/// Has no native token.
pub const POOR: AccountId = 6;
pub const TREASURY: AccountId = 7;
/// The mutual pool.
pub const POOL: AccountId = 8;
/// Everybody who is not a vault.
pub const PEOPLE: [AccountId; 8] = [ALICE, BOB, CAROL, DAVE, MANAGER, POOR, TREASURY, POOL];

/// Native token that everybody but one has at the start: for ten bonds.
pub const NATIVE: u128 = 10 * BOND;
pub const BOND: u128 = 100_000_000_000_000;
/// Cash, and units of each asset, that everybody has at the start.
pub const PLENTY: i64 = 100_000_000;

pub(crate) fn put<V: Encode>(key: &str, value: V) {
	unhashed::put(format!("mock:{key}").as_bytes(), &value);
}

pub(crate) fn get<V: Decode + Default>(key: &str) -> V {
	unhashed::get_or_default(format!("mock:{key}").as_bytes())
}

pub fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

pub fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

pub fn contracts(whole: i64) -> Quantity {
	Quantity::from_int(whole)
}

/// Hundredths of a contract: the step and the least quantity.
pub fn hundredths(count: i128) -> Quantity {
	Quantity::from_inner(count * 10_000_000_000_000_000)
}

pub fn set_rules(rules: VaultRules) {
	put("rules", Some(rules));
}

pub fn rules() -> VaultRules {
	get::<Option<VaultRules>>("rules").unwrap_or_default()
}

/// Native token held for vaults.
pub fn held(who: AccountId) -> u128 {
	Balances::balance_on_hold(&crate::HoldReason::VaultBond.into(), &who)
}

pub fn free(who: AccountId) -> u128 {
	Balances::free_balance(who)
}

pub fn idle() -> Weight {
	OptionVaults::on_idle(System::block_number(), Weight::from_parts(2_000_000_000_000, u64::MAX))
}

pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// A strike a tenth out of the money, every week; an hour from 150% of mark down to 95%; no fees.
pub fn terms() -> VaultTerms {
	VaultTerms {
		strike: StrikeRule::Distance(Ratio::from_percent(10)),
		expiry: ExpiryRule::Weekly,
		start: Ratio::from_percent(150),
		reserve: Ratio::from_percent(95),
		auction: 3_600,
		management_fee: Ratio::ZERO,
		performance_fee: Ratio::ZERO,
		capacity: 1_000_000_000_000_000_000_000_000_000_000,
	}
}

fn mock_parameters() {
	MockParameters::mock_defaults();
	MockParameters::mock_vaults(rules);
	MockParameters::mock_underlying(risk_of);
}

/// The chain in block 1.
pub fn build() -> sp_io::TestExternalities {
	let mut config = RuntimeGenesisConfig::default();
	config.balances.balances =
		[ALICE, BOB, CAROL, DAVE, MANAGER].into_iter().map(|who| (who, NATIVE)).collect();
	let mut ext = sp_io::TestExternalities::from(config.build_storage().unwrap());
	ext.execute_with(|| {
		mock_market();
		mock_series();
		mock_parameters();
		System::set_block_number(1);
		put("now", START);
		for who in PEOPLE {
			endow(who);
		}
	});
	ext
}

/// Runs a test in block 1 and checks every invariant after it: the pallet's, and that nothing has come out
/// of nothing at the clearing house.
pub fn execute(test: impl FnOnce()) {
	build().execute_with(|| {
		test();
		OptionVaults::do_try_state().expect("invariants hold");
		assert_conserved();
	});
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = build();
	ext.commit_all().expect("nothing is open");
	ext
}

/// What benchmarks ask for.
#[cfg(feature = "runtime-benchmarks")]
pub struct Situations;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<AccountId> for Situations {
	fn open() -> ballast_primitives::UnderlyingId {
		BTC
	}

	fn rich(index: u32) -> AccountId {
		use frame_support::traits::fungible::Mutate;
		let who = 1_000 + AccountId::from(index);
		if cash(who).is_zero() {
			endow(who);
			Balances::set_balance(&who, NATIVE);
		}
		who
	}

	fn largest() -> AccountId {
		Self::rich(500)
	}

	fn tick(seconds: Moment) {
		pass(seconds);
	}

	fn expire(underlying: ballast_primitives::UnderlyingId, expiry: Moment) {
		pass(expiry.saturating_sub(now()));
		set_settled(underlying, expiry, spot(underlying));
	}
}
