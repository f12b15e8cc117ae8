//! A runtime of the ledger, real assets, and a world that tests set. The world lies in storage, so that
//! what a failing call did to it is undone with the call.

use crate as pallet_margin;
use ballast_mocks::{MockMarket, MockParameters, MockSeries, MockWaterfall};
use ballast_primitives::{
	params::{MarginRules, UnderlyingRisk},
	time::DAY,
	AccountHealth, AssetId, Averaging, MarketState, Moment, OptionKind, Price, Quality, Quantity,
	Ratio, ScanRange, Series, SeriesId, SeriesState, Settlement, Style, SurfaceQuote, UnderlyingId,
	Usd, Volatility,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{
	assert_ok, derive_impl, ensure, parameter_types, storage_alias,
	traits::{AsEnsureOriginWithArg, ConstU128, ConstU32, Get},
	weights::Weight,
	PalletId, Twox64Concat,
};
use frame_system::{EnsureRoot, EnsureSigned};
use sp_runtime::{BuildStorage, DispatchError};

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
	type Exempt = Funds;
	type WeightInfo = ();
}

#[storage_alias]
pub type Now = StorageValue<World, Moment, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Markets = StorageMap<World, Twox64Concat, UnderlyingId, MarketState>;
#[storage_alias]
pub type Averages =
	StorageDoubleMap<World, Twox64Concat, UnderlyingId, Twox64Concat, Moment, Averaging>;
#[storage_alias]
pub type Risks = StorageMap<World, Twox64Concat, UnderlyingId, UnderlyingRisk>;
#[storage_alias]
pub type MarginGroup = StorageValue<World, MarginRules, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Listed = StorageMap<World, Twox64Concat, SeriesId, Series>;
#[storage_alias]
pub type Interest =
	StorageMap<World, Twox64Concat, SeriesId, Quantity, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Deficit = StorageValue<World, Usd, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
pub type Blocked = StorageValue<World, bool, frame_support::pallet_prelude::ValueQuery>;

pub fn market(spot: u64) -> MarketState {
	MarketState {
		spot: Price::from_int(spot),
		spot_at: START,
		volatility: SurfaceQuote::flat(Volatility::from_percent(80)),
		volatility_at: START,
		operators: 5,
		dispersion: Ratio::default(),
		quality: Quality::Good,
		scan: ScanRange { maintenance: Ratio::from_percent(15), initial: Ratio::from_percent(18) },
	}
}

pub fn series(underlying: UnderlyingId, kind: OptionKind, strike: u64) -> Series {
	Series {
		underlying,
		kind,
		style: Style::European,
		settlement: Settlement::Cash,
		strike: Price::from_int(strike),
		expiry: EXPIRY,
		state: SeriesState::Live,
	}
}

fn set_world() {
	Now::put(START);
	Markets::insert(ON_BTC, market(10_000));
	Markets::insert(ON_ETH, market(200));
	Listed::insert(CALL, series(ON_BTC, OptionKind::Call, 10_000));
	Listed::insert(PUT, series(ON_BTC, OptionKind::Put, 10_000));
	Listed::insert(HIGH_CALL, series(ON_BTC, OptionKind::Call, 11_000));
	Listed::insert(ETH_CALL, series(ON_ETH, OptionKind::Call, 200));
}

fn set_mocks() {
	MockMarket::mock_now(Now::get);
	MockMarket::mock_state(Markets::get);
	MockMarket::mock_averaging(Averages::get);
	MockMarket::mock_accept_ticks(Weight::zero);
	MockParameters::mock_defaults();
	MockParameters::mock_underlying(|id| Risks::get(id).or(Some(UnderlyingRisk::btc())));
	MockParameters::mock_margin(MarginGroup::get);
	MockSeries::mock_series(Listed::get);
	MockSeries::mock_open_interest(Interest::get);
	MockSeries::mock_underlying_of(|asset| match asset {
		BTC => Some(ON_BTC),
		ETH => Some(ON_ETH),
		_ => None,
	});
	MockSeries::mock_change_open_interest(|id, change| {
		let live = Listed::get(id).is_some_and(|series| series.state == SeriesState::Live);
		ensure!(live || !change.is_positive(), "SeriesExpired");
		let total = Interest::get(id).checked_add(change)?;
		ensure!(!total.is_negative(), "OpenInterestNegative");
		Interest::insert(id, total);
		Ok(())
	});
	MockWaterfall::mock_successor(|| FUND);
	MockWaterfall::mock_deficit_account(Deficit::get);
	MockWaterfall::mock_withdrawals_blocked(Blocked::get);
	MockWaterfall::mock_cover(|who, deficit| {
		let paid = Margin::cash(&FUND).max(Usd::ZERO).min(deficit);
		Margin::transfer(&FUND, who, paid)?;
		let rest = deficit.checked_sub(paid)?;
		Margin::credit_deficit(who, rest)?;
		Deficit::mutate(|account| {
			*account = account.checked_sub(rest)?;
			Ok::<_, DispatchError>(())
		})
	});
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

// --- what tests do ------------------------------------------------------------------------------

pub fn signed(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Dollars in the asset's smallest unit.
pub fn dollars(whole: u128) -> u128 {
	whole * 1_000_000
}

/// Hundredths of a bitcoin in the asset's smallest unit.
pub fn centi_btc(hundredths: u128) -> u128 {
	hundredths * 1_000_000
}

pub fn deposit(who: u64, whole: u128) {
	assert_ok!(Margin::deposit(signed(who), dollars(whole)));
}

/// A trade of whole contracts for a premium in whole dollars, all of them together.
pub fn trade(buyer: u64, seller: u64, id: SeriesId, quantity: i64, premium: i64) {
	let (quantity, premium) = (Quantity::from_int(quantity), Usd::from_int(premium));
	assert_ok!(Margin::trade(&buyer, &seller, id, quantity, premium));
}

pub fn cash(who: u64) -> Usd {
	<Margin as InspectAccounts<u64>>::cash(&who)
}

pub fn health(who: u64) -> AccountHealth {
	Margin::health(&who).unwrap()
}

pub fn quantity(who: u64, id: SeriesId) -> Quantity {
	Margin::load(&who).quantity_of(id)
}

pub fn set_spot(underlying: UnderlyingId, spot: u64) {
	Markets::mutate(underlying, |state| state.as_mut().unwrap().spot = Price::from_int(spot));
}

pub fn set_quality(underlying: UnderlyingId, quality: Quality) {
	Markets::mutate(underlying, |state| state.as_mut().unwrap().quality = quality);
}

/// Passes the expiry; the series is frozen.
pub fn expire(id: SeriesId) {
	let expiry = Listed::get(id).unwrap().expiry;
	Now::mutate(|now| *now = expiry.max(*now));
	Listed::mutate(id, |series| series.as_mut().unwrap().state = SeriesState::Expired);
}

/// Passes the expiry and settles the series.
pub fn settle_at(id: SeriesId, price: Price) {
	expire(id);
	Listed::mutate(id, |series| {
		let series = series.as_mut().unwrap();
		series.state = SeriesState::Settled { price, payoff: series.payoff(price).unwrap() };
	});
}

/// The weight of a whole block.
pub fn whole_block() -> Weight {
	let weights: frame_system::limits::BlockWeights =
		<Test as frame_system::Config>::BlockWeights::get();
	weights.max_block
}

/// Events of this pallet since the block began.
pub fn events() -> Vec<Event> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Margin(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// The state's root: two equal roots are one state.
pub fn root() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}
