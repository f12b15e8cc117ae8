//! A chain with this pallet, a clearing house of a few lines, and staking that does what the test says.

use crate as pallet_revenue;
use ballast_mocks::{MockAccounts, MockStaking};
use ballast_primitives::{AssetId, Quantity, Ratio, Usd};
use ballast_traits::{EraIndex, ExposurePage, PageIndex};
use frame_support::{derive_impl, parameter_types, storage::unhashed, traits::Hooks};
use frame_system::{mocking::MockBlock, EnsureRoot};
use parity_scale_codec::{Decode, Encode};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Weight};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Revenue = pallet_revenue;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlock<Test>;
}

parameter_types! {
	pub const Stakers: u64 = STAKERS;
	pub const Treasury: u64 = TREASURY;
}

impl pallet_revenue::Config for Test {
	type Accounts = MockAccounts;
	type Staking = MockStaking;
	type Stakers = Stakers;
	type Treasury = Treasury;
	type SpendOrigin = EnsureRoot<u64>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Situations;
	type WeightInfo = ();
}

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
pub const CAROL: u64 = 3;
pub const DAVE: u64 = 4;
pub const EVE: u64 = 5;
pub const STAKERS: u64 = 90;
pub const TREASURY: u64 = 91;
/// Where whoever pays revenue is on the other side.
pub const HOUSE: u64 = 92;
pub const BITCOIN: AssetId = 2;
/// The active era at the start.
pub const FIRST: EraIndex = 7;
/// Eras that staking remembers.
pub const KEPT: EraIndex = 3;
/// Most nominators on a page.
pub const PAGE: u32 = 4;

fn put<V: Encode>(key: &str, value: V) {
	unhashed::put(format!("mock:{key}").as_bytes(), &value);
}

fn get<V: Decode + Default>(key: &str) -> V {
	unhashed::get_or_default(format!("mock:{key}").as_bytes())
}

pub fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

pub fn cash(who: u64) -> Usd {
	get(&format!("cash:{who}"))
}

pub fn set_cash(who: u64, amount: Usd) {
	put(&format!("cash:{who}"), amount);
}

pub fn units(who: u64, asset: AssetId) -> Quantity {
	get(&format!("units:{who}:{asset}"))
}

pub fn set_units(who: u64, asset: AssetId, quantity: Quantity) {
	put(&format!("units:{who}:{asset}"), quantity);
}

/// Whether transfers to this account fail.
pub fn set_refusing(who: u64, refuses: bool) {
	put(&format!("refuses:{who}"), refuses);
}

/// Revenue comes into the stakers' account.
pub fn earn(amount: Usd) {
	transfer(&HOUSE, &STAKERS, amount).unwrap();
}

fn transfer(from: &u64, to: &u64, amount: Usd) -> DispatchResult {
	assert!(!amount.is_negative(), "transfers are not negative");
	if get(&format!("refuses:{to}")) {
		return Err(DispatchError::Other("recipient refuses"));
	}
	set_cash(*from, cash(*from).checked_sub(amount)?);
	set_cash(*to, cash(*to).checked_add(amount)?);
	Ok(())
}

fn transfer_units(from: &u64, to: &u64, asset: AssetId, quantity: Quantity) -> DispatchResult {
	let left = units(*from, asset).checked_sub(quantity)?;
	if left.is_negative() {
		return Err(DispatchError::Other("InsufficientCollateral"));
	}
	set_units(*from, asset, left);
	set_units(*to, asset, units(*to, asset).checked_add(quantity)?);
	Ok(())
}

/// Points of validators in an era.
pub fn set_points(era: EraIndex, points: Vec<(u64, u32)>) {
	put(&format!("points:{era}"), points);
}

pub fn points(era: EraIndex) -> Vec<(u64, u32)> {
	get(&format!("points:{era}"))
}

/// The stake behind a validator in an era: its own, and the nominators'.
pub fn set_stake(era: EraIndex, validator: u64, own: u128, nominators: Vec<(u64, u128)>) {
	put(&format!("stake:{era}:{validator}"), Some((own, nominators)));
}

pub fn stake(era: EraIndex, validator: u64) -> Option<(u128, Vec<(u64, u128)>)> {
	get(&format!("stake:{era}:{validator}"))
}

/// What a validator keeps in an era; nothing if nothing was set.
pub fn set_commission(era: EraIndex, validator: u64, commission: Ratio) {
	put(&format!("commission:{era}:{validator}"), commission);
}

/// Who receives the income of a staker; itself if nothing was set.
pub fn set_payee(staker: u64, payee: Option<u64>) {
	put(&format!("payee:{staker}"), (true, payee));
}

/// The stake behind a validator, in pages of [`PAGE`] nominators.
fn exposure(era: EraIndex, validator: &u64, page: PageIndex) -> Option<ExposurePage<u64>> {
	let (own, nominators) = stake(era, *validator)?;
	let total = own + nominators.iter().map(|(_, stake)| stake).sum::<u128>();
	let own = if page == 0 { own } else { 0 };
	let mut pages = nominators.chunks(PAGE as usize).map(<[_]>::to_vec).collect::<Vec<_>>();
	if pages.is_empty() {
		pages.push(vec![]);
	}
	let nominators = pages.get(page as usize)?.clone();
	let page_total = own + nominators.iter().map(|(_, stake)| stake).sum::<u128>();
	Some(ExposurePage { total, own, page_total, nominators })
}

fn mock_staking() {
	MockStaking::mock_active_era(|| get("era"));
	MockStaking::mock_eras_kept(|| KEPT);
	MockStaking::mock_page_size(|| PAGE);
	MockStaking::mock_points(|era, validator| {
		points(era).into_iter().find(|(who, _)| who == validator).map_or(0, |(_, points)| points)
	});
	MockStaking::mock_total_points(|era| points(era).into_iter().map(|(_, points)| points).sum());
	MockStaking::mock_commission(|era, validator| get(&format!("commission:{era}:{validator}")));
	MockStaking::mock_exposure(exposure);
	MockStaking::mock_payee(|staker| match get(&format!("payee:{staker}")) {
		(true, payee) => payee,
		(false, _) => Some(*staker),
	});
}

fn mock_accounts() {
	MockAccounts::mock_cash(|who| cash(*who));
	MockAccounts::mock_units(|who, asset| units(*who, asset));
	MockAccounts::mock_transfer(transfer);
	MockAccounts::mock_transfer_units(transfer_units);
	MockAccounts::mock_touch_weight(|| Weight::from_parts(11, 0));
	MockAccounts::mock_release(|who| {
		if cash(*who).is_negative() {
			return Err(DispatchError::Other("InsufficientCash"));
		}
		Ok(())
	});
}

pub fn set_era(era: EraIndex) {
	put("era", Some(era));
}

pub fn era() -> EraIndex {
	get::<Option<EraIndex>>("era").unwrap()
}

/// A block goes by, with all the weight it wants.
pub fn next_block() -> Weight {
	let block = System::block_number() + 1;
	System::set_block_number(block);
	Revenue::on_initialize(block);
	Revenue::on_idle(block, Weight::MAX)
}

/// The next era begins with the next block.
pub fn next_era() {
	set_era(era() + 1);
	next_block();
}

pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// In era [`FIRST`] Alice and Bob validate with 30 and 10 points; Carol and Dave stand behind Alice.
pub fn build() -> sp_io::TestExternalities {
	let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
	let mut ext = sp_io::TestExternalities::from(storage);
	ext.execute_with(|| {
		mock_staking();
		mock_accounts();
		set_era(FIRST);
		set_points(FIRST, vec![(ALICE, 30), (BOB, 10)]);
		set_stake(FIRST, ALICE, 100, vec![(CAROL, 300), (DAVE, 600)]);
		set_stake(FIRST, BOB, 50, vec![]);
		next_block();
	});
	ext
}

/// Runs a test and checks every invariant after it.
pub fn execute(test: impl FnOnce()) {
	build().execute_with(|| {
		test();
		Revenue::do_try_state().expect("invariants hold");
	});
}

/// The situations of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Situations;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for Situations {
	fn give_cash(who: &u64, amount: Usd) {
		set_cash(*who, amount);
	}

	fn give_units(who: &u64) -> AssetId {
		set_units(*who, BITCOIN, Quantity::from_int(1));
		BITCOIN
	}

	fn era(nominators: u32) -> (EraIndex, u64) {
		let staked = (0..nominators).map(|index| (1_000 + u64::from(index), 10)).collect();
		set_stake(FIRST, ALICE, 10, staked);
		let others = (0..99).map(|index| (5_000 + index, 20));
		set_points(FIRST, core::iter::once((ALICE, 20)).chain(others).collect());
		for index in 0..u64::from(nominators) {
			set_payee(1_000 + index, Some(2_000 + index));
		}
		set_era(FIRST + 1);
		(FIRST, ALICE)
	}

	fn next_era() {
		set_era(era() + 1);
	}
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = build();
	ext.commit_all().expect("nothing is open");
	ext
}
