//! A runtime of the ledger, real assets, and a world that tests set. The world lies in storage, so that
//! what a failing call did to it is undone with the call.

use crate as pallet_margin;
use ballast_mocks::{MockMarket, MockParameters, MockRevenue, MockSeries, MockWaterfall};
use ballast_primitives::{time::DAY, AssetId, Moment, SeriesId, UnderlyingId};
#[cfg(feature = "runtime-benchmarks")]
use ballast_primitives::{OptionKind, Price, Series, Style};
use frame_support::{
	derive_impl, parameter_types,
	traits::{AsEnsureOriginWithArg, ConstU128, ConstU32},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use sp_runtime::BuildStorage;

mod acts;
mod world;

pub use acts::*;
pub use world::*;

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
pub const CAROL: u64 = 3;
pub const DAVE: u64 = 4;
/// The insurance fund: successor, exempt.
pub const FUND: u64 = 100;
/// The pool: exempt.
pub const POOL: u64 = 101;

pub const USD: AssetId = 1;
pub const BTC: AssetId = 2;
pub const ETH: AssetId = 3;
/// An asset that is no underlying's.
pub const JUNK: AssetId = 9;

pub const ON_BTC: UnderlyingId = UnderlyingId(1);
pub const ON_ETH: UnderlyingId = UnderlyingId(2);

/// A call and a put on BTC at 10,000, a call at 11,000, a call on ETH at 200; 30 days.
pub const CALL: SeriesId = SeriesId(1);
pub const PUT: SeriesId = SeriesId(2);
pub const HIGH_CALL: SeriesId = SeriesId(3);
pub const ETH_CALL: SeriesId = SeriesId(4);
/// An American call and put on BTC at 10,000, and a call on BTC at 10,000 that pays in BTC.
pub const EARLY_CALL: SeriesId = SeriesId(5);
pub const EARLY_PUT: SeriesId = SeriesId(6);
pub const IN_KIND: SeriesId = SeriesId(7);

pub const START: Moment = 1_700_000_000;
pub const EXPIRY: Moment = START + 30 * DAY;

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
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Assets = pallet_assets;
	#[runtime::pallet_index(3)]
	pub type Margin = pallet_margin;
}

pub type Block = frame_system::mocking::MockBlock<Test>;
pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = u128;
	type AccountStore = System;
}

impl pallet_assets::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type Balance = u128;
	type RemoveItemsLimit = ConstU32<1_000>;
	type AssetId = AssetId;
	type AssetIdParameter = AssetId;
	type Currency = Balances;
	type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<u64>>;
	type ForceOrigin = EnsureRoot<u64>;
	type AssetDeposit = ConstU128<1>;
	type AssetAccountDeposit = ConstU128<1>;
	type MetadataDepositBase = ConstU128<1>;
	type MetadataDepositPerByte = ConstU128<1>;
	type ApprovalDeposit = ConstU128<1>;
	type StringLimit = ConstU32<50>;
	type Freezer = ();
	type Holder = ();
	type Extra = ();
	type CallbackHandle = ();
	type WeightInfo = ();
}

parameter_types! {
	pub const MarginPalletId: PalletId = PalletId(*b"blst/mgn");
	pub const Quote: AssetId = USD;
}

pub struct Funds;
impl frame_support::traits::Contains<u64> for Funds {
	fn contains(who: &u64) -> bool {
		[FUND, POOL].contains(who)
	}
}

impl pallet_margin::Config for Test {
	type Assets = Assets;
	type QuoteAsset = Quote;
	type PalletId = MarginPalletId;
	type Market = MockMarket;
	type Series = MockSeries;
	type Parameters = MockParameters;
	type Waterfall = MockWaterfall;
	type Revenue = MockRevenue;
	type Exempt = Funds;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = House;
	type WeightInfo = ();
}

/// What benchmarks ask for.
#[cfg(feature = "runtime-benchmarks")]
pub struct House;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for House {
	fn open() -> (Vec<SeriesId>, Vec<SeriesId>) {
		let kind = |place| if place % 2 == 0 { OptionKind::Call } else { OptionKind::Put };
		let list = |first: u32, count: u32, style, expiry| {
			let all = (0..count).map(|place| {
				let one = series(ON_BTC, kind(place), 10_000);
				Listed::insert(SeriesId(first + place), Series { style, expiry, ..one });
				SeriesId(first + place)
			});
			all.collect()
		};
		// A call is in the money.
		set_spot(ON_BTC, 10_001);
		let later = EXPIRY + 100 * DAY;
		(list(100, 64, Style::European, EXPIRY), list(200, 4, Style::American, later))
	}

	fn account(index: u32) -> u64 {
		let who = 10_000 + u64::from(index);
		if !cash(who).is_zero() {
			return who;
		}
		for (asset, amount) in [(USD, dollars(1_000_000_000)), (BTC, centi_btc(1_000_000))] {
			<Assets as frame_support::traits::fungibles::Mutate<u64>>::mint_into(
				asset, &who, amount,
			)
			.unwrap();
		}
		deposit(who, 100_000_000);
		Margin::deposit_collateral(signed(who), BTC, centi_btc(1_000)).unwrap();
		who
	}

	fn collateral() -> (AssetId, u128) {
		(BTC, centi_btc(100))
	}

	fn tick(seconds: Moment) {
		System::set_block_number(System::block_number() + 1);
		Now::mutate(|now| *now += seconds);
		Markets::mutate(ON_BTC, |state| state.as_mut().unwrap().spot_at = Now::get());
	}

	fn expire() {
		for place in 0..64 {
			settle_at(SeriesId(100 + place), Price::from_int(10_001));
		}
		Self::tick(3);
	}
}

/// Test externalities in which everybody owns a billion dollars and a million of each coin outside
/// the clearing house, and nothing inside.
pub fn new_test_ext() -> sp_io::TestExternalities {
	let everybody = [ALICE, BOB, CAROL, DAVE, FUND, POOL];
	let asset = |id| (id, ALICE, true, 1);
	let named = |id, name: &str, decimals| {
		(id, name.as_bytes().to_vec(), name.as_bytes().to_vec(), decimals)
	};
	let owned = |id, amount: u128| everybody.map(|who| (id, who, amount));
	let genesis = RuntimeGenesisConfig {
		assets: pallet_assets::GenesisConfig {
			assets: [USD, BTC, ETH, JUNK].map(asset).to_vec(),
			metadata: vec![
				named(USD, "USD", 6),
				named(BTC, "BTC", 8),
				named(ETH, "ETH", 18),
				named(JUNK, "JUNK", 0),
			],
			accounts: [
				owned(USD, 1_000_000_000 * 1_000_000),
				owned(BTC, 1_000_000 * 100_000_000),
				owned(ETH, 1_000_000 * 10u128.pow(18)),
				owned(JUNK, 1_000),
			]
			.concat(),
			..Default::default()
		},
		..Default::default()
	};
	let mut ext: sp_io::TestExternalities = genesis.build_storage().unwrap().into();
	ext.execute_with(|| {
		System::set_block_number(1);
		set_world();
	});
	set_mocks();
	ext
}

/// Runs a test and checks every invariant after it.
pub fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Margin::do_try_state().unwrap();
	});
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = new_test_ext();
	ext.commit_all().expect("nothing is open");
	ext
}
