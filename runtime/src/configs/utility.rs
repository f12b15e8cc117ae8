//! Conveniences around accounts: batches, multisignatures, proxies, and sudo for development.

use crate::{
	constants::currency::deposit, Balance, Balances, OriginCaller, Runtime, RuntimeCall,
	RuntimeEvent, System,
};
use frame_support::{
	parameter_types,
	traits::{ConstU32, InstanceFilter},
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

impl pallet_utility::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
	/// One storage item of 88 bytes: a pending call.
	pub const MultisigDepositBase: Balance = deposit(1, 88);
	/// One more approval: 32 bytes.
	pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

impl pallet_multisig::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type DepositBase = MultisigDepositBase;
	type DepositFactor = MultisigDepositFactor;
	type MaxSignatories = ConstU32<100>;
	type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
	type BlockNumberProvider = System;
}

/// What a proxy may do for the account it stands for. Variants are only ever added, at the end.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Everything that cannot move money to another account.
	#[codec(index = 1)]
	NonTransfer,
	/// Trades, bids in liquidations and settlement; no deposit, no withdrawal.
	#[codec(index = 2)]
	Trading,
	/// Referenda: propose, vote and delegate. Locks and reserves money, moves none.
	#[codec(index = 3)]
	Governance,
	/// Stakes, nominations, session keys and where rewards go; the stake itself stays with its owner.
	#[codec(index = 4)]
	Staking,
}

/// Calls that trade: against the pool, or in an auction.
fn trades(call: &RuntimeCall) -> bool {
	matches!(
		call,
		RuntimeCall::RiskPool(
			pallet_risk_pool::Call::buy { .. } | pallet_risk_pool::Call::sell { .. }
		) | RuntimeCall::Liquidation(..)
			| RuntimeCall::Margin(pallet_margin::Call::settle { .. })
	)
}

/// Calls that take part in governance.
fn governs(call: &RuntimeCall) -> bool {
	matches!(
		call,
		RuntimeCall::Preimage(..)
			| RuntimeCall::ConvictionVoting(..)
			| RuntimeCall::Referenda(..)
			| RuntimeCall::Whitelist(..)
			| RuntimeCall::TechnicalCommittee(..)
	)
}

/// Calls of validators and nominators. Not for [`ProxyType::NonTransfer`]: rewards can be sent to another
/// account.
fn stakes(call: &RuntimeCall) -> bool {
	matches!(
		call,
		RuntimeCall::Staking(..)
			| RuntimeCall::VoterList(..)
			| RuntimeCall::Session(..)
			| RuntimeCall::Revenue(..)
	)
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			Self::Any => true,
			// A gift to the insurance fund is the one call of the clearing house that gives money away.
			Self::NonTransfer
				if matches!(
					call,
					RuntimeCall::RiskPool(pallet_risk_pool::Call::donate_insurance { .. })
				) =>
			{
				false
			}
			// A list of what is allowed: a pallet added later is refused until it is put here.
			// Calls inside a batch or a nested proxy pass through the same filter.
			Self::NonTransfer if governs(call) => true,
			Self::NonTransfer => matches!(
				call,
				RuntimeCall::System(..)
					| RuntimeCall::Session(..)
					| RuntimeCall::Utility(..)
					| RuntimeCall::Multisig(..)
					| RuntimeCall::Proxy(..)
					| RuntimeCall::SpotOracle(..)
					| RuntimeCall::VolatilityOracle(..)
					| RuntimeCall::Options(..)
					| RuntimeCall::Margin(..)
					| RuntimeCall::RiskPool(..)
					| RuntimeCall::Liquidation(..)
					| RuntimeCall::Revenue(..)
			),
			Self::Trading => {
				trades(call) || matches!(call, RuntimeCall::Utility(..) | RuntimeCall::Proxy(..))
			}
			Self::Governance => {
				governs(call) || matches!(call, RuntimeCall::Utility(..) | RuntimeCall::Proxy(..))
			}
			Self::Staking => {
				stakes(call) || matches!(call, RuntimeCall::Utility(..) | RuntimeCall::Proxy(..))
			}
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		match (self, other) {
			(Self::Any, _) | (Self::NonTransfer, Self::Trading | Self::Governance) => true,
			_ => self == other,
		}
	}
}

parameter_types! {
	/// One storage item of 8 bytes.
	pub const ProxyDepositBase: Balance = deposit(1, 8);
	/// One more proxy: 33 bytes.
	pub const ProxyDepositFactor: Balance = deposit(0, 33);
	pub const AnnouncementDepositBase: Balance = deposit(1, 8);
	/// One more announcement: 66 bytes.
	pub const AnnouncementDepositFactor: Balance = deposit(0, 66);
}

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ProxyDepositBase;
	type ProxyDepositFactor = ProxyDepositFactor;
	type MaxProxies = ConstU32<32>;
	type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
	type MaxPending = ConstU32<32>;
	type CallHasher = BlakeTwo256;
	type AnnouncementDepositBase = AnnouncementDepositBase;
	type AnnouncementDepositFactor = AnnouncementDepositFactor;
	type BlockNumberProvider = System;
}

impl pallet_sudo::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}
