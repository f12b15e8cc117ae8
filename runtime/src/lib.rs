//! # Ballast runtime
//!
//! The composition of the chain: which pallets, at which index, configured how. No business rules.
//!
//! | where | what |
//! |---|---|
//! | this file | the chain's types, the list of pallets, the version |
//! | [`apis`] | what the node may ask the runtime |
//! | [`configs`] | the configuration of every pallet, one file per domain |
//! | [`constants`] | time and currency |
//! | [`extensions`] | what every transaction passes through |
//! | [`fees`] | what a tip buys |
//! | [`priorities`] | what comes first in a block |
//! | [`governance`] | tracks and origins of referenda, and what an emergency leaves open |
//! | [`validators`] | elections, rewards and slashes of those who validate |
//! | [`genesis`] | the presets from which chains are born |
//! | [`migrations`] | what an upgrade does to what is stored |
#![cfg_attr(not(feature = "std"), no_std)]
// The construction of the runtime expands recursively, once per pallet.
#![recursion_limit = "512"]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;

pub mod apis;
pub mod configs;
pub mod constants;
pub mod extensions;
pub mod fees;
pub mod genesis;
pub mod governance;
pub mod impact;
pub mod invariants;
pub mod migrations;
pub mod priorities;
pub mod validators;

#[cfg(test)]
mod tests;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub use extensions::TxExtension;

/// Signature of a transaction: sr25519, ed25519 or ECDSA.
pub type Signature = MultiSignature;
/// An account, named by the public key of its signer.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Amounts of BLST, in `10^-12`, and of every asset, in the asset's own decimals.
pub type Balance = u128;
/// Number of transactions an account has sent.
pub type Nonce = u32;
/// Hash of blocks, transactions and state.
pub type Hash = sp_core::H256;
/// Height of a block.
pub type BlockNumber = u32;
/// Wall-clock time in milliseconds since 1970-01-01 UTC.
pub type Moment = u64;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// Block with its justifications, as it is stored and gossiped.
pub type SignedBlock = generic::SignedBlock<Block>;
/// Transaction or inherent as it arrives.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a transaction's signature is over.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// Executes blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// The keys a validator signs with while it authors and finalises blocks.
	pub struct SessionKeys {
		pub babe: Babe,
		pub grandpa: Grandpa,
	}
}

// A macro, because the attribute wants a number where the version is.
macro_rules! version {
	($spec:tt) => {
		/// Version of this runtime. `spec_version` rises with every change of behaviour,
		/// `transaction_version` whenever an encoded transaction could come to mean something else.
		#[sp_version::runtime_version]
		pub const VERSION: RuntimeVersion = RuntimeVersion {
			spec_name: Cow::Borrowed("ballast"),
			impl_name: Cow::Borrowed("ballast-node"),
			authoring_version: 1,
			spec_version: $spec,
			impl_version: 1,
			apis: apis::RUNTIME_API_VERSIONS,
			transaction_version: 1,
			system_version: 1,
		};
	};
}
#[cfg(not(feature = "next"))]
version!(100);
#[cfg(feature = "next")]
version!(101);

/// The pallets. Indices are part of the encoding of every call, event, error and hold reason: they
/// are never reused. 0-9 consensus, 10-19 money, 20-29 conveniences, 30-39 oracle, 40-59 clearing,
/// 60-69 governance, 70-79 consensus again.
///
/// Genesis is built and hooks run in the order of this list, not of the indices: the first validators
/// are elected while `Session` is born, so money and stakes come before it.
#[frame_support::runtime(legacy_ordering)]
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
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Babe = pallet_babe;
	#[runtime::pallet_index(3)]
	pub type Authorship = pallet_authorship;

	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;

	#[runtime::pallet_index(70)]
	pub type ValidatorPeriods = crate::validators::pallet_validator_periods;
	#[runtime::pallet_index(9)]
	pub type VoterList = pallet_bags_list;
	#[runtime::pallet_index(8)]
	pub type Staking = pallet_staking;
	#[runtime::pallet_index(7)]
	pub type Offences = pallet_offences;
	/// Stores nothing: `Staking` names offenders by its types. Whose keys are in force says `KeyOwners`.
	#[runtime::pallet_index(6)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(71)]
	pub type KeyOwners = crate::validators::pallet_key_owners;
	#[runtime::pallet_index(4)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(5)]
	pub type Grandpa = pallet_grandpa;

	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;
	#[runtime::pallet_index(12)]
	pub type Assets = pallet_assets;

	#[runtime::pallet_index(20)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(21)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(22)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(23)]
	pub type MultiBlockMigrations = pallet_migrations;
	/// Without a key, and so without effect, outside the `development` preset.
	#[runtime::pallet_index(29)]
	pub type Sudo = pallet_sudo;

	#[runtime::pallet_index(30)]
	pub type OracleMembers = pallet_membership;
	#[runtime::pallet_index(31)]
	pub type SpotOracle = orml_oracle<Instance1>;
	#[runtime::pallet_index(32)]
	pub type VolatilityOracle = orml_oracle<Instance2>;

	#[runtime::pallet_index(40)]
	pub type RiskParams = pallet_risk_params;
	#[runtime::pallet_index(41)]
	pub type PriceFeed = pallet_price_feed;
	#[runtime::pallet_index(42)]
	pub type Options = pallet_options;
	#[runtime::pallet_index(43)]
	pub type Margin = pallet_margin;
	#[runtime::pallet_index(44)]
	pub type RiskPool = pallet_risk_pool;
	#[runtime::pallet_index(45)]
	pub type Liquidation = pallet_liquidation;
	#[runtime::pallet_index(46)]
	pub type BlockTrades = pallet_block_trades;
	#[runtime::pallet_index(47)]
	pub type OptionVaults = pallet_option_vaults;
	#[runtime::pallet_index(48)]
	pub type Revenue = pallet_revenue;

	#[runtime::pallet_index(60)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(61)]
	pub type Scheduler = pallet_scheduler;
	#[runtime::pallet_index(62)]
	pub type ConvictionVoting = pallet_conviction_voting;
	#[runtime::pallet_index(63)]
	pub type Referenda = pallet_referenda;
	#[runtime::pallet_index(64)]
	pub type Origins = crate::governance::pallet_custom_origins;
	#[runtime::pallet_index(65)]
	pub type Whitelist = pallet_whitelist;
	#[runtime::pallet_index(66)]
	pub type TechnicalCommittee = pallet_collective<Instance1>;
	#[runtime::pallet_index(67)]
	pub type Treasury = pallet_treasury;
	#[runtime::pallet_index(68)]
	pub type SafeMode = pallet_safe_mode;
	#[runtime::pallet_index(69)]
	pub type TxPause = pallet_tx_pause;
}
