//! Referenda from submission to effect, one file per subject.

mod emergency;
mod origins;
mod risk;
mod tracks;
mod walks;
mod wrappers;

use super::chain::{development, pass_blocks};
use crate::{
	constants::currency::BLST, genesis::accounts, AccountId, Balance, BlockNumber,
	ConvictionVoting, OriginCaller, Preimage, Referenda, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeOrigin, System,
};
use frame_support::{
	assert_ok,
	dispatch::{DispatchResult, RawOrigin},
	traits::{schedule::DispatchTime, Bounded},
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::{ReferendumIndex, ReferendumInfo, ReferendumInfoFor};
use parity_scale_codec::Encode;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::traits::{BlakeTwo256, Hash};

/// What each voter votes with: nine tenths of what it has.
const VOTE: Balance = 900_000 * BLST;
/// Blocks after which a referendum that everybody is for must have had its effect.
const PATIENCE: BlockNumber = 2_000;

fn root() -> OriginCaller {
	OriginCaller::system(RawOrigin::Root)
}

fn alice() -> RuntimeOrigin {
	RuntimeOrigin::signed(Alice.to_account_id())
}

fn bob() -> RuntimeOrigin {
	RuntimeOrigin::signed(Bob.to_account_id())
}

/// Notes the preimage, submits the referendum and places its decision deposit.
fn propose(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> ReferendumIndex {
	let bytes = call.into().encode();
	let proposal = Bounded::Lookup {
		hash: BlakeTwo256::hash(&bytes),
		len: u32::try_from(bytes.len()).unwrap(),
	};
	let index = pallet_referenda::ReferendumCount::<Runtime>::get();
	// It is there already if the same was proposed before.
	let _ = Preimage::note_preimage(alice(), bytes);
	let enactment = DispatchTime::After(0);
	assert_ok!(Referenda::submit(alice(), Box::new(origin.into()), proposal, enactment));
	assert_ok!(Referenda::place_decision_deposit(bob(), index));
	index
}

/// Every trader votes.
fn all_vote(index: ReferendumIndex, aye: bool) {
	for who in accounts::traders() {
		let vote = Vote { aye, conviction: Conviction::Locked1x };
		let vote = AccountVote::Standard { vote, balance: VOTE };
		assert_ok!(ConvictionVoting::vote(RuntimeOrigin::signed(who), index, vote));
	}
}

/// What the enactment of a referendum came to, if that was in this block.
fn enacted(index: ReferendumIndex) -> Option<DispatchResult> {
	let name = (*b"assembly", "enactment", index).using_encoded(sp_io::hashing::blake2_256);
	System::events().into_iter().find_map(|record| match record.event {
		RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { id, result, .. })
			if id == Some(name) =>
		{
			Some(result)
		}
		_ => None,
	})
}

/// Passes blocks until a referendum is enacted: what came of it, and how many blocks it took.
fn follow(index: ReferendumIndex) -> (DispatchResult, BlockNumber) {
	for passed in 1..=PATIENCE {
		pass_blocks(1);
		if let Some(result) = enacted(index) {
			return (result, passed);
		}
	}
	panic!("referendum {index}: {:?}", ReferendumInfoFor::<Runtime>::get(index));
}

/// A referendum that everybody is for: what its enactment came to.
fn referendum(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> DispatchResult {
	let index = propose(origin, call);
	all_vote(index, true);
	let (result, _) = follow(index);
	assert!(matches!(ReferendumInfoFor::<Runtime>::get(index), Some(ReferendumInfo::Approved(..))));
	result
}

/// A chain after its first block.
fn on_a_chain(test: impl FnOnce()) {
	development().execute_with(|| {
		pass_blocks(1);
		test();
	});
}

fn balance(who: &AccountId) -> Balance {
	crate::Balances::free_balance(who)
}
