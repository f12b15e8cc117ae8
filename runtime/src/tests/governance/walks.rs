//! Every track, from submission to effect.

use super::{
	alice, all_vote, balance, bob, enacted, follow, on_a_chain, pass_blocks, propose, referendum,
	root,
};
use crate::{
	configs::clearing::TreasuryAccount,
	constants::currency::BLST,
	genesis::{accounts::OPERATORS, clearing},
	governance::{
		origins::{pallet_custom_origins::SMALL_SPEND, Origin},
		tracks::{Tracks, TRACKS},
		SubmissionDeposit,
	},
	Balance, Balances, OracleMembers, Referenda, RiskParams, Runtime, RuntimeCall, RuntimeOrigin,
	Scheduler, System, TechnicalCommittee, Treasury, TxPause, Whitelist,
};
use ballast_primitives::{params::OracleRules, UnderlyingId};
use ballast_traits::RiskParameters;
use frame_support::{
	assert_noop, assert_ok,
	dispatch::GetDispatchInfo,
	traits::{Contains, SortedMembers},
};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor, TracksInfo};
use pallet_tx_pause::RuntimeCallNameOf;
use parity_scale_codec::Encode;
use sp_keyring::Sr25519Keyring::{Alice, AliceStash, Bob, Charlie, Dave};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	DispatchError,
};

const BTC: UnderlyingId = UnderlyingId(1);

fn name_of(pallet: &str, call: &str) -> RuntimeCallNameOf<Runtime> {
	let bounded = |name: &str| name.as_bytes().to_vec().try_into().unwrap();
	(bounded(pallet), bounded(call))
}

fn pause_withdrawals() -> RuntimeCall {
	pallet_tx_pause::Call::pause { full_name: name_of("Margin", "withdraw") }.into()
}

fn withdraw() -> RuntimeCall {
	pallet_margin::Call::withdraw { amount: 1 }.into()
}

#[test]
fn root_authorises_an_upgrade() {
	on_a_chain(|| {
		let code_hash = BlakeTwo256::hash(b"a runtime");
		assert_ok!(referendum(root(), frame_system::Call::authorize_upgrade { code_hash }));
		let authorised = System::authorized_upgrade().expect("it was authorised");
		assert_eq!(*authorised.code_hash(), code_hash);
	});
}

#[test]
fn what_two_thirds_of_the_technical_collective_whitelist_is_dispatched_as_root() {
	on_a_chain(|| {
		let call = pause_withdrawals();
		let dispatch = pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
			call: Box::new(call.clone()),
		};
		// Not whitelisted yet.
		let refused = pallet_whitelist::Error::<Runtime>::CallIsNotWhitelisted.into();
		assert_eq!(referendum(Origin::WhitelistedCaller, dispatch.clone()), Err(refused));

		let motion: RuntimeCall =
			pallet_whitelist::Call::whitelist_call { call_hash: BlakeTwo256::hash_of(&call) }
				.into();
		let length = u32::try_from(motion.encoded_size()).unwrap();
		let motion_hash = BlakeTwo256::hash_of(&motion);
		assert_ok!(TechnicalCommittee::propose(alice(), 2, Box::new(motion.clone()), length));
		for who in [Alice, Bob] {
			let who = RuntimeOrigin::signed(who.to_account_id());
			assert_ok!(TechnicalCommittee::vote(who, motion_hash, 0, true));
		}
		let weight = motion.get_dispatch_info().call_weight;
		assert_ok!(TechnicalCommittee::close(alice(), motion_hash, 0, weight, length));

		assert_ok!(referendum(Origin::WhitelistedCaller, dispatch));
		assert!(!TxPause::contains(&withdraw()));
	});
}

#[test]
fn only_members_of_the_collective_whitelist() {
	on_a_chain(|| {
		let hash = BlakeTwo256::hash(b"a call");
		assert_noop!(Whitelist::whitelist_call(alice(), hash), DispatchError::BadOrigin);
		let motion = Box::new(pallet_whitelist::Call::whitelist_call { call_hash: hash }.into());
		assert_noop!(
			TechnicalCommittee::propose(
				RuntimeOrigin::signed(Dave.to_account_id()),
				2,
				motion,
				1_000
			),
			pallet_collective::Error::<Runtime, pallet_collective::Instance1>::NotMember
		);
	});
}

#[test]
fn the_oracle_admin_changes_operators_and_oracle_rules() {
	on_a_chain(|| {
		let who = OPERATORS[0].account_id();
		let remove = pallet_membership::Call::remove_member { who: who.clone().into() };
		assert_ok!(referendum(Origin::OracleAdmin, remove));
		assert!(!OracleMembers::sorted_members().contains(&who));

		let value = OracleRules { operators_min: 2, ..clearing::replay_oracle_rules() };
		let set =
			pallet_risk_params::Call::set_oracle_rules { underlying: BTC, value: value.clone() };
		assert_ok!(referendum(Origin::OracleAdmin, set));
		assert_eq!(RiskParams::oracle(BTC), value);
	});
}

#[test]
fn the_listing_admin_closes_an_underlying() {
	on_a_chain(|| {
		let listing = pallet_options::Underlyings::<Runtime>::get(BTC).unwrap();
		let call = pallet_options::Call::set_underlying {
			underlying: BTC,
			grid: listing.grid,
			active: false,
		};
		assert_ok!(referendum(Origin::ListingAdmin, call));
		assert!(!pallet_options::Underlyings::<Runtime>::get(BTC).unwrap().active);
	});
}

#[test]
fn the_canceller_gives_deposits_back_and_the_killer_does_not() {
	on_a_chain(|| {
		let remark = || frame_system::Call::<Runtime>::remark { remark: vec![1] };
		let (index, before) = (propose(root(), remark()), balance(&Bob.to_account_id()));
		assert_ok!(referendum(
			Origin::ReferendumCanceller,
			pallet_referenda::Call::cancel { index }
		));
		let info = ReferendumInfoFor::<Runtime>::get(index);
		assert!(matches!(info, Some(ReferendumInfo::Cancelled(..))));
		assert_ok!(Referenda::refund_decision_deposit(alice(), index));
		assert!(balance(&Bob.to_account_id()) > before);
		assert_ok!(Referenda::refund_submission_deposit(bob(), index));

		let remark = frame_system::Call::<Runtime>::remark { remark: vec![2] };
		let index = propose(root(), remark);
		let before = balance(&TreasuryAccount::get());
		assert_ok!(referendum(Origin::ReferendumKiller, pallet_referenda::Call::kill { index }));
		let info = ReferendumInfoFor::<Runtime>::get(index);
		assert!(matches!(info, Some(ReferendumInfo::Killed(..))));
		let slashed = TRACKS[0].info.decision_deposit + SubmissionDeposit::get();
		assert_eq!(balance(&TreasuryAccount::get()) - before, slashed);
	});
}

fn spend(amount: Balance) -> pallet_treasury::Call<Runtime> {
	pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount,
		beneficiary: Box::new(Charlie.to_account_id()),
		valid_from: None,
	}
}

#[test]
fn spenders_spend_up_to_their_caps() {
	on_a_chain(|| {
		// Not one of the voters.
		let donor = RuntimeOrigin::signed(AliceStash.to_account_id());
		let endowment = 500_000 * BLST;
		assert_ok!(Balances::transfer_keep_alive(donor, TreasuryAccount::get().into(), endowment));
		let spenders = [Origin::SmallSpender, Origin::MediumSpender, Origin::BigSpender];
		for (index, spender) in (0..).zip(spenders) {
			let cap = spender.spend_cap().unwrap();
			let too_much = pallet_treasury::Error::<Runtime>::InsufficientPermission.into();
			assert_eq!(referendum(spender, spend(cap + 1)), Err(too_much));
			assert_ok!(referendum(spender, spend(cap)));
			let before = balance(&Charlie.to_account_id());
			assert_ok!(Treasury::payout(bob(), index));
			assert_eq!(balance(&Charlie.to_account_id()) - before, cap);
		}
	});
}

#[test]
fn no_other_origin_spends() {
	on_a_chain(|| {
		let spend = spend(SMALL_SPEND);
		assert_eq!(referendum(Origin::RiskAdmin, spend), Err(DispatchError::BadOrigin));
	});
}

#[test]
fn a_referendum_that_is_voted_down_is_never_enacted() {
	on_a_chain(|| {
		let index = propose(Origin::RiskGuardian, pause_withdrawals());
		all_vote(index, false);
		for _ in 0..40 {
			pass_blocks(1);
			assert_eq!(enacted(index), None);
		}
		let info = ReferendumInfoFor::<Runtime>::get(index);
		assert!(matches!(info, Some(ReferendumInfo::Rejected(..))));
		// The decision deposit comes back to whoever asks for it, the other one to nobody.
		let before = balance(&Bob.to_account_id());
		assert_ok!(Referenda::refund_decision_deposit(alice(), index));
		assert_eq!(balance(&Bob.to_account_id()) - before, 200 * BLST);
		let refused = pallet_referenda::Error::<Runtime>::BadStatus;
		assert_noop!(Referenda::refund_submission_deposit(alice(), index), refused);
	});
}

/// A referendum for which the agenda of its block has no place is lost, without a word from the chain.
#[test]
fn a_call_is_enacted_in_a_block_that_hundreds_of_alarms_have_taken() {
	on_a_chain(|| {
		let before = RiskParams::oracle(BTC);
		let value = OracleRules { operators_min: 2, ..clearing::replay_oracle_rules() };
		assert_ne!(before, value);
		let set =
			pallet_risk_params::Call::set_oracle_rules { underlying: BTC, value: value.clone() };
		let index = propose(Origin::RiskAdmin, set);
		all_vote(index, true);
		// Until the block is known in which it will be enacted: 24 blocks after the last of confirmation.
		let confirmed = loop {
			pass_blocks(1);
			if let Some(ReferendumInfo::Ongoing(status)) = ReferendumInfoFor::<Runtime>::get(index)
			{
				if let Some(at) = status.deciding.and_then(|deciding| deciding.confirming) {
					break at;
				}
			}
		};
		let enactment = Tracks::info(10).unwrap().min_enactment_period;
		let place = |when| {
			let alarm = pallet_referenda::Call::nudge_referendum { index: 999 };
			Scheduler::schedule(RuntimeOrigin::root(), when, None, 128, Box::new(alarm.into()))
		};
		for when in confirmed..=confirmed + 2 {
			for _ in 0..500 {
				assert_ok!(place(when + enactment));
			}
		}
		let (result, _) = follow(index);
		assert_ok!(result);
		assert_eq!(RiskParams::oracle(BTC), value);
	});
}

#[test]
fn a_vote_can_be_delegated_on_one_track() {
	on_a_chain(|| {
		let (to, conviction) =
			(Bob.to_account_id(), pallet_conviction_voting::Conviction::Locked2x);
		assert_ok!(crate::ConvictionVoting::delegate(
			RuntimeOrigin::signed(Charlie.to_account_id()),
			10,
			to.into(),
			conviction,
			1_000 * BLST,
		));
		let support = |index| {
			let vote = pallet_conviction_voting::AccountVote::Standard {
				vote: pallet_conviction_voting::Vote {
					aye: true,
					conviction: pallet_conviction_voting::Conviction::Locked1x,
				},
				balance: 500 * BLST,
			};
			assert_ok!(crate::ConvictionVoting::vote(bob(), index, vote));
			match ReferendumInfoFor::<Runtime>::get(index) {
				Some(ReferendumInfo::Ongoing(status)) => status.tally.support,
				other => panic!("{other:?}"),
			}
		};
		let remark = |byte| frame_system::Call::<Runtime>::remark { remark: vec![byte] };
		assert_eq!(support(propose(Origin::RiskAdmin, remark(1))), 1_500 * BLST);
		assert_eq!(support(propose(Origin::OracleAdmin, remark(2))), 500 * BLST);
	});
}

#[test]
fn a_referendum_takes_the_time_of_its_track() {
	on_a_chain(|| {
		let index = propose(Origin::ListingAdmin, frame_system::Call::remark { remark: vec![1] });
		all_vote(index, true);
		let (result, blocks) = follow(index);
		// Prepared in 2 blocks, confirmed in 24, enacted 24 later, at 48 blocks a day.
		assert!((50..=56).contains(&blocks), "{blocks}");
		assert_ok!(result);
	});
}
