//! A chain in memory, block by block.

use crate::{
	actor::Actor,
	calls::{self, BTC, DOT, ETH},
	checks,
	feeds::Feeds,
	genesis::{born_at, born_from},
	node::{self, Proposals},
	pool::Pool,
};
use ballast_primitives::{
	time::{DAY, HOUR},
	AccountHealth, Moment, OptionKind, Price, Quantity, SeriesId, Settlement, Style, UnderlyingId,
	Usd, Volatility,
};
use ballast_runtime::{
	configs::consensus::EpochDuration, constants::time::SLOT_DURATION, AccountId, BlockNumber,
	Executive, Hash, Header, Nonce, PriceFeed, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
	System, UncheckedExtrinsic,
};
use ballast_traits::{InspectAccounts, InspectMarket};
use frame_support::{dispatch::DispatchResult, weights::Weight};
use parity_scale_codec::Encode;
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	Slot, BABE_ENGINE_ID,
};
use sp_genesis_builder::DEV_RUNTIME_PRESET;
use sp_io::TestExternalities;
use sp_runtime::{
	traits::Header as _,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	ApplyExtrinsicResult, Digest, DigestItem,
};

/// The slot of block 1.
const FIRST_SLOT: u64 = 600_000_000;
/// Blocks between two checks of every pallet of the runtime.
const EVERYTHING_EVERY: BlockNumber = 16;

/// A chain, its node, its oracle operators.
pub struct Env {
	ext: TestExternalities,
	parent: Hash,
	pool: Pool,
	proposals: Proposals,
	/// What operators feed.
	pub feeds: Feeds,
	/// Whether offchain workers run.
	pub workers: bool,
	/// Whether blocks leave weight for `on_idle`. If not they are full.
	pub idle: bool,
	/// Whether everything is checked after every block.
	pub checked: bool,
	/// How often the weight of a block that is full is counted anew: a block that stands for half an
	/// hour of market time stands for hundreds of the chain's.
	pub refills: u32,
	refilled: u32,
	/// Calls in this block, in order, with their outcome. Without inherents.
	pub included: Vec<(RuntimeCall, DispatchResult)>,
}

/// Whether a transaction found no room in the block.
pub fn is_full(result: &ApplyExtrinsicResult) -> bool {
	let full = TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);
	*result == Err(full)
}

impl Env {
	/// A chain at genesis, with operators that see BTC at 8,000, ETH at 200 and DOT at 4 dollars.
	pub fn development() -> Self {
		let mut feeds = Feeds::default();
		let markets = [(BTC, 8_000, 65), (ETH, 200, 75), (DOT, 4, 85)];
		for (underlying, spot, volatility) in markets {
			feeds.set(underlying, Price::from_int(spot));
			feeds.set_volatility(underlying, Volatility::from_percent(volatility));
		}
		Self::new(born_from(DEV_RUNTIME_PRESET), feeds)
	}

	/// A chain at genesis at this market time, with operators that see nothing yet.
	pub fn replay(start: Moment) -> Self {
		Self::new(born_at(DEV_RUNTIME_PRESET, start), Feeds::default())
	}

	fn new(mut ext: TestExternalities, feeds: Feeds) -> Self {
		let proposals = node::equip(&mut ext);
		let parent = ext.execute_with(|| System::block_hash(0));
		Self {
			ext,
			parent,
			pool: Pool::default(),
			proposals,
			feeds,
			workers: true,
			idle: true,
			checked: true,
			refills: 0,
			refilled: 0,
			included: Vec::new(),
		}
	}

	/// Works on the state as it is.
	pub fn execute<R>(&mut self, work: impl FnOnce() -> R) -> R {
		self.ext.execute_with(work)
	}

	/// Hash of the last block.
	pub fn parent(&self) -> Hash {
		self.parent
	}

	/// The transactions that wait.
	pub fn pool_mut(&mut self) -> &mut Pool {
		&mut self.pool
	}

	/// What the offchain worker has submitted.
	pub(crate) fn proposals(&self) -> Vec<Vec<u8>> {
		(self.proposals)()
	}

	/// Number of this block, or of the last one between blocks.
	pub fn number(&mut self) -> BlockNumber {
		self.execute(System::block_number)
	}

	/// Market time of this block, or of the last one between blocks.
	pub fn now(&mut self) -> Moment {
		self.execute(PriceFeed::now)
	}

	/// Transactions that an actor has sent.
	pub fn nonce(&mut self, actor: &Actor) -> Nonce {
		self.execute(|| System::account_nonce(actor.account()))
	}

	/// Events of this block, or of the last one between blocks.
	pub fn events(&mut self) -> Vec<RuntimeEvent> {
		self.execute(|| System::events().into_iter().map(|record| record.event).collect())
	}

	/// Begins a block: digest, timestamp, operators' feeds, and what waits in the pool.
	pub fn begin(&mut self) {
		let parent = self.parent;
		let inherent = self.execute(|| {
			let number = System::block_number() + 1;
			let slot = FIRST_SLOT + u64::from(number) - 1;
			let pre_digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
				authority_index: 0,
				slot: Slot::from(slot),
			});
			let logs = vec![DigestItem::PreRuntime(BABE_ENGINE_ID, pre_digest.encode())];
			let (root, extrinsics) = Default::default();
			let header = Header::new(number, extrinsics, root, parent, Digest { logs });
			Executive::initialize_block(&header);
			let now = slot * SLOT_DURATION;
			UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
				now,
			}))
		});
		self.execute(|| Executive::apply_extrinsic(inherent)).expect("valid").expect("dispatched");
		self.included.clear();
		self.refilled = 0;
		self.feed();
		let number = self.number();
		for extrinsic in self.pool.drain(number) {
			let result = self.apply(extrinsic.clone());
			if is_full(&result) {
				self.wait_for_the_next_block(extrinsic);
			}
		}
	}

	/// Puts a transaction that found no room back into the pool, as it was.
	fn wait_for_the_next_block(&mut self, extrinsic: UncheckedExtrinsic) {
		use sp_runtime::transaction_validity::TransactionSource::Local;
		// Validated against the state before this block, like everything that waits.
		let number = self.number();
		let parent = self.parent;
		let encoded = extrinsic.clone();
		let valid = self.undone(|| {
			// `validate_transaction` is for the block after the current one.
			System::set_block_number(number - 1);
			Executive::validate_transaction(Local, encoded, parent)
		});
		if let Ok(valid) = valid {
			self.pool.import(extrinsic, valid, number);
		}
	}

	fn feed(&mut self) {
		let number = self.number();
		let mut fed = true;
		for (operator, call) in self.feeds.calls(number) {
			let result = self.try_call(&operator, 0, call);
			if is_full(&result) {
				fed = false;
				break;
			}
			result.expect("a feed is valid").expect("an operator may feed");
		}
		if fed {
			self.feeds.fed(number);
		}
	}

	/// Applies a transaction in this block.
	pub fn apply(&mut self, extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
		let call = extrinsic.function.clone();
		let mut result = self.try_apply(extrinsic.clone());
		if is_full(&result) && self.refilled < self.refills {
			self.refilled += 1;
			self.execute(|| System::set_block_consumed_resources(Weight::zero(), 0));
			result = self.try_apply(extrinsic);
		}
		if let Ok(outcome) = result {
			self.included.push((call, outcome));
		}
		result
	}

	/// As a block builder does: nothing stays of a transaction that is refused.
	fn try_apply(&mut self, extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
		self.execute(|| {
			sp_io::storage::start_transaction();
			let result = Executive::apply_extrinsic(extrinsic);
			match result {
				Ok(_) => sp_io::storage::commit_transaction(),
				Err(_) => sp_io::storage::rollback_transaction(),
			}
			result
		})
	}

	/// Signs a call and applies it in this block.
	pub fn try_call(
		&mut self,
		signer: &Actor,
		tip: ballast_runtime::Balance,
		call: RuntimeCall,
	) -> ApplyExtrinsicResult {
		let nonce = self.nonce(signer);
		let extrinsic = self.execute(|| node::signed(signer, nonce, tip, call));
		self.apply(extrinsic)
	}

	/// Signs a call and applies it in this block, which must have room for it.
	pub fn call(&mut self, signer: &Actor, call: RuntimeCall) -> DispatchResult {
		self.try_call(signer, 0, call).expect("the transaction is valid")
	}

	/// Ends the block: `on_idle`, everything is checked, the offchain worker runs.
	pub fn end(&mut self) {
		if !self.idle {
			self.execute(|| {
				let class = frame_support::dispatch::DispatchClass::Normal;
				System::register_extra_weight_unchecked(Weight::MAX, class);
			});
		}
		let header = self.execute(Executive::finalize_block);
		self.parent = header.hash();
		self.ext.commit_all().expect("no open transaction");
		if self.checked {
			let everything = header.number().is_multiple_of(EVERYTHING_EVERY);
			let result = self.execute(|| checks::check_all(everything));
			assert_eq!(result, Ok(()), "after block {}", header.number());
		}
		if self.workers {
			self.run_worker(&header);
		}
	}

	/// Begins a block that has room for calls: an epoch's first has none, and is passed.
	pub fn begin_with_room(&mut self) {
		let epoch = self.execute(EpochDuration::get);
		if u64::from(self.number()).is_multiple_of(epoch) && self.number() > 0 {
			self.blocks(1);
		}
		self.begin();
	}

	/// A block with these calls; one before it if that begins an epoch and there are calls.
	pub fn block(&mut self, calls: Vec<(&Actor, RuntimeCall)>) -> Vec<DispatchResult> {
		match calls.is_empty() {
			true => self.begin(),
			false => self.begin_with_room(),
		}
		let outcomes = calls.into_iter().map(|(signer, call)| self.call(signer, call)).collect();
		self.end();
		outcomes
	}

	/// A block with these calls, all of which must succeed.
	pub fn block_ok(&mut self, calls: Vec<(&Actor, RuntimeCall)>) {
		for (place, outcome) in self.block(calls).into_iter().enumerate() {
			assert_eq!(outcome, Ok(()), "call {place}");
		}
	}

	/// Blocks without calls.
	pub fn blocks(&mut self, count: u32) {
		(0..count).for_each(|_| self.block_ok(Vec::new()));
	}

	/// Blocks without calls until the last one has this market time or a later one.
	pub fn blocks_until(&mut self, moment: Moment) {
		while self.now() < moment {
			self.blocks(1);
		}
	}

	/// Dispatches a call with root origin, as governance will, between two blocks.
	pub fn root(&mut self, call: RuntimeCall) {
		self.try_root(call).expect("root may");
	}

	/// Dispatches a call as if this account had signed it, between two blocks and at the last one's
	/// prices: with all of the call's own checks, without transaction, fee and weight.
	/// [`Env::between_blocks`] and the end of a block write it to the state.
	pub fn dispatch(&mut self, who: &AccountId, call: RuntimeCall) -> DispatchResult {
		use sp_runtime::traits::Dispatchable;
		let result = self.execute(|| call.dispatch(RuntimeOrigin::signed(who.clone())));
		result.map(|_| ()).map_err(|refused| refused.error)
	}

	/// Changes the state between two blocks, as genesis might have made it.
	pub fn between_blocks(&mut self, change: impl FnOnce()) {
		self.execute(change);
		self.ext.commit_all().expect("no open transaction");
	}

	/// The same as [`Env::root`], for a call that may fail.
	pub fn try_root(&mut self, call: RuntimeCall) -> DispatchResult {
		use sp_runtime::traits::Dispatchable;
		let result = self.execute(|| call.dispatch(RuntimeOrigin::root()));
		self.ext.commit_all().expect("no open transaction");
		result.map(|_| ()).map_err(|refused| refused.error)
	}
}

/// What tests ask for most.
impl Env {
	/// The next expiry of the grid at least this many days ahead.
	pub fn expiry_in(&mut self, days: u64) -> Moment {
		let earliest = self.now() + days * DAY + HOUR;
		let today = earliest / DAY * DAY + 8 * HOUR;
		if today >= earliest {
			today
		} else {
			today + DAY
		}
	}

	/// Lists calls and puts at these strikes, in dollars.
	pub fn list(&mut self, underlying: UnderlyingId, expiry: Moment, strikes: &[u64]) {
		let strikes = strikes.iter().map(|strike| Price::from_int(*strike)).collect();
		self.root(calls::list_grid(underlying, expiry, strikes));
	}

	/// The series with these terms.
	pub fn series(
		&mut self,
		underlying: UnderlyingId,
		kind: OptionKind,
		strike: u64,
		expiry: Moment,
	) -> SeriesId {
		let strike = Price::from_int(strike);
		let (style, settlement) = (Style::European, Settlement::Cash);
		let terms = pallet_options::Terms { underlying, kind, style, settlement, strike, expiry };
		self.execute(|| pallet_options::SeriesByTerms::<Runtime>::get(terms)).expect("listed")
	}

	/// Equity, requirements and status.
	pub fn health(&mut self, who: &AccountId) -> AccountHealth {
		self.execute(|| ballast_runtime::Margin::health(who)).expect("every account has a health")
	}

	/// Cash in the clearing house.
	pub fn cash(&mut self, who: &AccountId) -> Usd {
		self.execute(|| ballast_runtime::Margin::cash(who))
	}

	/// Contracts held.
	pub fn position(&mut self, who: &AccountId, series: SeriesId) -> Quantity {
		let positions = self.execute(|| ballast_runtime::Margin::positions(who));
		positions.into_iter().find(|(id, _)| *id == series).map_or(Quantity::ZERO, |(_, q)| q)
	}

	/// The auction of an account.
	pub fn auction(&mut self, who: &AccountId) -> Option<pallet_liquidation::Auction<AccountId>> {
		self.execute(|| pallet_liquidation::Auctions::<Runtime>::get(who))
	}
}
