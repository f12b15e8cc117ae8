//! A chain with nothing but the thresholds.

use crate as pallet_risk_params;
use ballast_primitives::{
	params::{
		CashRules, LiquidationRules, MarginRules, OracleRules, PoolRules, UnderlyingRisk,
		VaultRules,
	},
	UnderlyingId,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU64, Hooks, IsInVec},
};
use frame_system::{mocking::MockBlock, EnsureRoot, EnsureSignedBy};
use sp_runtime::BuildStorage;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type RiskParams = pallet_risk_params;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlock<Test>;
}

/// The account that stands for the guardian's track.
pub const GUARDIAN: u64 = 7;
/// Blocks that what the guardian does may last.
pub const GUARD_LENGTH_MAX: u64 = 100;

/// Blocks over which maintenance margin is tightened.
pub const RAMP_LENGTH_MIN: u64 = 10;
/// Blocks over which a group may be ramped.
pub const RAMP_LENGTH_MAX: u64 = 1_000;

parameter_types! {
	pub Guardian: Vec<u64> = vec![GUARDIAN];
	pub static AllHalted: bool = false;
}

impl pallet_risk_params::Config for Test {
	type AdminOrigin = EnsureRoot<u64>;
	type OracleOrigin = EnsureRoot<u64>;
	type ListingOrigin = EnsureRoot<u64>;
	type GuardianOrigin = EnsureSignedBy<IsInVec<Guardian>, u64>;
	type GuardLengthMax = ConstU64<GUARD_LENGTH_MAX>;
	type RampLengthMin = ConstU64<RAMP_LENGTH_MIN>;
	type RampLengthMax = ConstU64<RAMP_LENGTH_MAX>;
	type AllHalted = AllHalted;
	type WeightInfo = ();
}

pub const BTC: UnderlyingId = UnderlyingId(1);
pub const ETH: UnderlyingId = UnderlyingId(2);
/// Known to nobody at genesis.
pub const DOT: UnderlyingId = UnderlyingId(3);

/// Everything in storage, for comparisons of whole states.
pub type State = (
	Vec<(UnderlyingId, UnderlyingRisk)>,
	Vec<(UnderlyingId, OracleRules)>,
	MarginRules,
	CashRules,
	LiquidationRules,
	PoolRules,
	VaultRules,
);

pub fn state() -> State {
	(
		crate::UnderlyingRisks::<Test>::iter().collect(),
		crate::OracleRulesOf::<Test>::iter().collect(),
		crate::Margin::<Test>::get(),
		crate::Cash::<Test>::get(),
		crate::Liquidation::<Test>::get(),
		crate::Pool::<Test>::get(),
		crate::Vaults::<Test>::get(),
	)
}

/// Goes to a later block, in which every group may change again.
pub fn next_block() {
	run_to(System::block_number() + 1);
}

/// Goes to a block, and begins it and those before it.
pub fn run_to(block: u64) {
	while System::block_number() < block {
		let next = System::block_number() + 1;
		System::set_block_number(next);
		RiskParams::on_initialize(next);
	}
}

/// The last event of the pallet.
pub fn last_event() -> crate::Event<Test> {
	let mut events = System::read_events_for_pallet::<crate::Event<Test>>();
	events.pop().expect("an event was emitted")
}

/// BTC and ETH at their start values, default rules elsewhere.
pub struct ExtBuilder {
	genesis: crate::GenesisConfig<Test>,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		let underlyings = vec![
			(BTC, UnderlyingRisk::btc(), OracleRules::default()),
			(ETH, UnderlyingRisk::eth(), OracleRules::default()),
		];
		Self { genesis: crate::GenesisConfig { underlyings, ..Default::default() } }
	}
}

impl ExtBuilder {
	/// With this genesis.
	pub fn with(genesis: crate::GenesisConfig<Test>) -> Self {
		Self { genesis }
	}

	/// The state at genesis.
	fn build(self) -> sp_io::TestExternalities {
		let config = RuntimeGenesisConfig { system: Default::default(), risk_params: self.genesis };
		config.build_storage().expect("genesis is valid").into()
	}

	/// Runs a test in block 1 and checks every invariant after it.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			System::set_block_number(1);
			test();
			RiskParams::do_try_state().expect("invariants hold");
		});
	}
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.commit_all().expect("nothing is open");
	ext
}
