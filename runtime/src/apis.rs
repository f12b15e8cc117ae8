//! What the node may ask the runtime.

use crate::{
	configs::consensus::EpochDuration, constants::time::BABE_GENESIS_EPOCH_CONFIG, genesis,
	invariants::BrokenInvariant, AccountId, Babe, Balance, Block, BlockTrades, Executive, Grandpa,
	InherentDataExt, KeyOwners, Liquidation, Margin, Nonce, OptionVaults, Options, PriceFeed,
	RiskParams, RiskPool, Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys, System,
	TransactionPayment, UncheckedExtrinsic, VERSION,
};
use alloc::vec::Vec;
use ballast_primitives::{params::*, *};
use ballast_traits::{InspectAccounts, InspectMarket, RiskParameters};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use pallet_block_trades::{Collar, OfferView};
use pallet_grandpa::AuthorityId as GrandpaId;
use pallet_liquidation::runtime_api::AuctionView;
use pallet_margin::{
	AccountExplanation, AccountView, CashMarketView, IdentityReport, UnderlyingRequirement,
};
use pallet_option_vaults::{HolderView, OfferedPrice, RoundRecord, VaultId, VaultView};
use pallet_options::{SeriesInfo, Terms, Underlying};
use pallet_price_feed::{IntegrityView, MarketView};
use pallet_risk_params::{GuardedValue, Proposal, Ramp, Refusal};
use pallet_risk_pool::{PoolRisk, PoolView, ProviderView, Quote};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use pallet_transaction_payment_rpc_runtime_api as payment_api;
use parity_scale_codec::Encode;
use sp_api::impl_runtime_apis;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode,
};
use sp_version::RuntimeVersion;
use sp_weights::Weight;

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: Block) {
			Executive::execute_block(block);
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(block: Block, data: InherentData) -> CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_consensus_babe::BabeApi<Block> for Runtime {
		fn configuration() -> sp_consensus_babe::BabeConfiguration {
			let epoch_config = Babe::epoch_config().unwrap_or(BABE_GENESIS_EPOCH_CONFIG);
			sp_consensus_babe::BabeConfiguration {
				slot_duration: Babe::slot_duration(),
				epoch_length: EpochDuration::get(),
				c: epoch_config.c,
				authorities: Babe::authorities().into_inner(),
				randomness: Babe::randomness(),
				allowed_slots: epoch_config.allowed_slots,
			}
		}

		fn current_epoch_start() -> sp_consensus_babe::Slot {
			Babe::current_epoch_start()
		}

		fn current_epoch() -> sp_consensus_babe::Epoch {
			Babe::current_epoch()
		}

		fn next_epoch() -> sp_consensus_babe::Epoch {
			Babe::next_epoch()
		}

		fn generate_key_ownership_proof(
			slot: sp_consensus_babe::Slot,
			authority_id: sp_consensus_babe::AuthorityId,
		) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
			let proof = KeyOwners::prove_author(slot, &authority_id)?;
			Some(sp_consensus_babe::OpaqueKeyOwnershipProof::new(proof.encode()))
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
			key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			let key_owner_proof = key_owner_proof.decode()?;
			Babe::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			Grandpa::current_set_id()
		}

		fn generate_key_ownership_proof(
			set_id: sp_consensus_grandpa::SetId,
			authority_id: GrandpaId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			let proof = KeyOwners::prove_voter(set_id, &authority_id)?;
			Some(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			let key_owner_proof = key_owner_proof.decode()?;
			Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(seed: Option<Vec<u8>>) -> Vec<u8> {
			SessionKeys::generate(seed)
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl payment_api::TransactionPaymentApi<Block, Balance> for Runtime {
		fn query_info(uxt: UncheckedExtrinsic, len: u32) -> RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_info(uxt, len)
		}

		fn query_fee_details(uxt: UncheckedExtrinsic, len: u32) -> FeeDetails<Balance> {
			TransactionPayment::query_fee_details(uxt, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl payment_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
		fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_call_info(call, len)
		}

		fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
			TransactionPayment::query_call_fee_details(call, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis::preset_names()
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			let weight = Executive::try_runtime_upgrade(checks)
				.expect("this API exists to fail loudly when an upgrade is not sound");
			(weight, crate::configs::system::RuntimeBlockWeights::get().max_block)
		}

		fn execute_block(
			block: Block,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("this API exists to fail loudly when a block is not sound")
		}
	}

	impl pallet_risk_params::runtime_api::RiskParamsApi<Block> for Runtime {
		fn underlying_risk(underlying: UnderlyingId) -> Option<UnderlyingRisk> {
			<RiskParams as RiskParameters>::underlying(underlying)
		}

		fn underlying_risks() -> Vec<(UnderlyingId, UnderlyingRisk)> {
			RiskParams::underlying_risks()
		}

		fn oracle_rules(underlying: UnderlyingId) -> OracleRules {
			<RiskParams as RiskParameters>::oracle(underlying)
		}

		fn margin_rules() -> MarginRules {
			<RiskParams as RiskParameters>::margin()
		}

		fn cash_rules() -> CashRules {
			<RiskParams as RiskParameters>::cash()
		}

		fn liquidation_rules() -> LiquidationRules {
			<RiskParams as RiskParameters>::liquidation()
		}

		fn pool_rules() -> PoolRules {
			<RiskParams as RiskParameters>::pool()
		}

		fn vault_rules() -> VaultRules {
			<RiskParams as RiskParameters>::vaults()
		}

		fn fund_rules() -> FundRules {
			<RiskParams as RiskParameters>::funds()
		}

		fn trade_rules() -> TradeRules {
			<RiskParams as RiskParameters>::trades()
		}

		fn check_underlying_risk(
			underlying: UnderlyingId,
			value: UnderlyingRisk,
		) -> Result<(), Refusal> {
			Ok(RiskParams::check_underlying_risk(underlying, &value)?)
		}

		fn check_oracle_rules(underlying: UnderlyingId, value: OracleRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_oracle_rules(underlying, &value)?)
		}

		fn check_margin_rules(value: MarginRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_margin_rules(&value)?)
		}

		fn check_cash_rules(value: CashRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_cash_rules(&value)?)
		}

		fn check_liquidation_rules(value: LiquidationRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_liquidation_rules(&value)?)
		}

		fn check_pool_rules(value: PoolRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_pool_rules(&value)?)
		}

		fn check_vault_rules(value: VaultRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_vault_rules(&value)?)
		}

		fn check_fund_rules(value: FundRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_fund_rules(&value)?)
		}

		fn check_trade_rules(value: TradeRules) -> Result<(), Refusal> {
			Ok(RiskParams::check_trade_rules(&value)?)
		}

		fn check_guard(value: GuardedValue) -> Result<(), Refusal> {
			Ok(RiskParams::check_guard(&value)?)
		}

		fn check_ramp(value: GuardedValue, over: NumberFor<Block>) -> Result<(), Refusal> {
			Ok(RiskParams::check_ramp(&value, over)?)
		}

		fn ramps() -> Vec<Ramp<NumberFor<Block>>> {
			RiskParams::ramps()
		}
	}

	impl crate::impact::RiskImpactApi<Block> for Runtime {
		fn impact(
			proposal: Proposal,
			after: Option<AccountId>,
			limit: u32,
		) -> Result<crate::impact::Impact, Refusal> {
			crate::impact::impact(&proposal, after, limit)
		}
	}

	impl pallet_price_feed::runtime_api::MarketApi<Block> for Runtime {
		fn now() -> Moment {
			PriceFeed::now()
		}

		fn market(underlying: UnderlyingId) -> Option<MarketView> {
			PriceFeed::market_view(underlying)
		}

		fn average(underlying: UnderlyingId) -> Option<MarketState> {
			<PriceFeed as InspectMarket>::average(underlying)
		}

		fn volatility(
			underlying: UnderlyingId,
			strike: Price,
			expiry: Moment,
		) -> Option<Volatility> {
			PriceFeed::volatility_view(underlying, strike, expiry)
		}

		fn integrity(underlying: UnderlyingId) -> Option<IntegrityView> {
			PriceFeed::integrity_view(underlying, Options::chain_of(underlying))
		}

		fn settlement_price(underlying: UnderlyingId, expiry: Moment) -> Option<Price> {
			<PriceFeed as InspectMarket>::settlement_price(underlying, expiry)
		}
	}

	impl pallet_options::runtime_api::OptionsApi<Block> for Runtime {
		fn underlyings() -> Vec<(UnderlyingId, Underlying)> {
			Options::listed_underlyings()
		}

		fn series(id: SeriesId) -> Option<SeriesInfo> {
			Options::series_info(id)
		}

		fn series_of(underlying: UnderlyingId) -> Vec<SeriesInfo> {
			Options::series_of(underlying)
		}

		fn series_by_terms(terms: Terms) -> Option<SeriesInfo> {
			Options::series_by_terms(terms)
		}

		fn open_interest_of(underlying: UnderlyingId) -> Quantity {
			pallet_options::OpenInterestOf::<Runtime>::get(underlying)
		}
	}

	impl pallet_margin::runtime_api::MarginApi<Block, AccountId> for Runtime {
		fn account(who: AccountId) -> Option<AccountView> {
			Margin::account_view(&who)
		}

		fn health(who: AccountId) -> Result<AccountHealth, DispatchError> {
			<Margin as InspectAccounts<AccountId>>::health(&who)
		}

		fn requirement(who: AccountId) -> Result<Vec<UnderlyingRequirement>, DispatchError> {
			Margin::requirement_view(&who)
		}

		fn explain(who: AccountId) -> Result<AccountExplanation, DispatchError> {
			Margin::explain(&who)
		}

		fn withdrawable(who: AccountId) -> Result<Usd, DispatchError> {
			<Margin as InspectAccounts<AccountId>>::withdrawable(&who)
		}

		fn cash_market() -> Result<CashMarketView, DispatchError> {
			Margin::cash_market_view()
		}

		fn withdrawal_room(asset: AssetId) -> Result<Quantity, DispatchError> {
			Margin::withdrawal_room(asset)
		}

		fn check_identities() -> Result<IdentityReport, DispatchError> {
			Margin::check_identities()
		}
	}

	impl pallet_risk_pool::runtime_api::PoolApi<Block, AccountId> for Runtime {
		fn quote(series: SeriesId, quantity: Quantity) -> Result<Quote, DispatchError> {
			RiskPool::quote(series, quantity)
		}

		fn pool() -> Result<PoolView, DispatchError> {
			RiskPool::pool_view()
		}

		fn risk() -> Result<PoolRisk, DispatchError> {
			RiskPool::pool_risk()
		}

		fn provider(who: AccountId) -> ProviderView {
			RiskPool::provider_view(&who)
		}

		fn accounts() -> pallet_risk_pool::OwnAccounts<AccountId> {
			RiskPool::own_accounts()
		}
	}

	impl pallet_liquidation::runtime_api::LiquidationApi<Block, AccountId> for Runtime {
		fn auctions() -> Vec<(AccountId, AuctionView<AccountId>)> {
			Liquidation::auctions()
		}

		fn auction(who: AccountId) -> Option<AuctionView<AccountId>> {
			Liquidation::auction(&who)
		}

		fn candidates(limit: u32) -> Vec<AccountId> {
			Liquidation::candidates(limit)
		}
	}

	impl pallet_block_trades::runtime_api::BlockTradesApi<Block, AccountId, Balance> for Runtime {
		fn offers(series: SeriesId) -> Vec<OfferView<AccountId, Balance>> {
			BlockTrades::offers_on(series)
		}

		fn offers_of(maker: AccountId) -> Vec<OfferView<AccountId, Balance>> {
			BlockTrades::offers_of(&maker)
		}

		fn offers_to(counterparty: AccountId) -> Vec<OfferView<AccountId, Balance>> {
			BlockTrades::offers_to(&counterparty)
		}

		fn collar(series: SeriesId) -> Result<Collar, DispatchError> {
			BlockTrades::collar(series)
		}
	}

	impl crate::invariants::InvariantsApi<Block> for Runtime {
		fn check_invariants() -> Vec<BrokenInvariant> {
			crate::invariants::check()
		}
	}

	impl pallet_option_vaults::runtime_api::OptionVaultsApi<Block, AccountId> for Runtime {
		fn vaults() -> Vec<VaultView<AccountId>> {
			OptionVaults::all_vaults()
		}

		fn vault(vault: VaultId) -> Option<VaultView<AccountId>> {
			OptionVaults::view_of(vault)
		}

		fn rounds(vault: VaultId) -> Vec<RoundRecord> {
			OptionVaults::rounds_of(vault)
		}

		fn holder(vault: VaultId, who: AccountId) -> Option<HolderView> {
			OptionVaults::holder_of(vault, &who)
		}

		fn offered(vault: VaultId, quantity: Quantity) -> Result<OfferedPrice, DispatchError> {
			OptionVaults::offered_now(vault, quantity)
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(extra: bool) -> crate::benchmarks::Metadata {
			crate::benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(config: crate::benchmarks::Config) -> crate::benchmarks::Outcome {
			crate::benchmarks::dispatch(config)
		}
	}
}
