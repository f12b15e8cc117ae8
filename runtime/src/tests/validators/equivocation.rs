//! Two blocks for one slot: what meets the author.

use super::{
	proofs::{ownership, report_blocks, two_blocks},
	*,
};
use crate::{
	configs::clearing::TreasuryAccount, genesis::stakes::STAKE, validators::SLASH_DEFER_DURATION,
	Executive,
};
use frame_support::assert_ok;
use pallet_staking::{Event, UnappliedSlashes, Validators};
use sp_keyring::Sr25519Keyring::{Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionSource};

/// (3/4)^2: the slash of one of four.
const OF_FOUR: Perbill = Perbill::from_parts(562_500_000);

#[test]
fn an_offender_is_disabled_chilled_and_slashed() {
	on_a_testnet(|submitted| {
		pass_to_era(1);
		let (bob, index) = (Bob.to_account_id(), index_of(Bob).unwrap());
		block(vec![report_blocks(submitted, Bob)]);
		let kind = *b"babe:equivocatio";
		assert!(events().iter().any(|event| matches!(
			event,
			RuntimeEvent::Offences(pallet_offences::Event::Offence { kind: of, .. }) if *of == kind
		)));
		assert!(staked(|event| *event
			== Event::SlashReported { validator: bob.clone(), fraction: OF_FOUR, slash_era: 1 }));
		assert!(staked(|event| *event == Event::Chilled { stash: bob.clone() }));
		assert_eq!(Session::disabled_validators(), [index]);
		assert!(!Validators::<Runtime>::contains_key(&bob));
		assert_eq!(active(&bob), STAKE);

		// The next era was elected before: there the offender still has its seat.
		pass_to_era(2);
		assert!(validates(Bob) && Session::disabled_validators().is_empty());
		pass_to_era(3);
		assert!(!validates(Bob) && Session::validators().len() == 3);

		// The slash comes when the era of the offence and those of the deferral are over.
		pass_to_era(1 + SLASH_DEFER_DURATION);
		assert_eq!(active(&bob), STAKE);
		pass_to_era(1 + SLASH_DEFER_DURATION + 1);
		let amount = OF_FOUR * STAKE;
		assert!(staked(|event| *event == Event::Slashed { staker: bob.clone(), amount }));
		assert_eq!((active(&bob), on_hold(&bob)), (STAKE - amount, STAKE - amount));
	});
}

#[test]
fn the_treasury_has_the_slash_and_the_author_of_the_report_a_twentieth() {
	on_a_testnet(|submitted| {
		let author = Session::validators()[able() as usize].clone();
		let report = report_blocks(submitted, Bob);
		block(vec![report]);
		pass_to_era(SLASH_DEFER_DURATION);
		let treasury = Balances::free_balance(TreasuryAccount::get());
		let (reporter, issuance) = (Balances::free_balance(&author), Balances::total_issuance());
		next_epoch();
		let remainder = events().into_iter().find_map(|event| match event {
			RuntimeEvent::Staking(Event::EraPaid { remainder, .. }) => Some(remainder),
			_ => None,
		});
		let slash = OF_FOUR * STAKE;
		let reward = slash / 20;
		assert_eq!(Balances::free_balance(&author), reporter + reward);
		assert_eq!(
			Balances::free_balance(TreasuryAccount::get()),
			treasury + slash - reward + remainder.unwrap()
		);
		assert_eq!(Balances::total_issuance(), issuance + remainder.unwrap());
	});
}

#[test]
#[should_panic(expected = "is disabled and should not be attempting to author blocks")]
fn an_offender_authors_no_more() {
	on_a_testnet(|submitted| {
		let index = index_of(Bob).unwrap();
		block(vec![report_blocks(submitted, Bob)]);
		build_block(index, 0, Vec::new());
	});
}

#[test]
fn nominators_of_an_offender_are_slashed_in_proportion() {
	on_a_testnet(|submitted| {
		assert_ok!(Staking::bond(origin(Ferdie), NEW_STAKE, RewardDestination::Staked));
		assert_ok!(Staking::nominate(origin(Ferdie), vec![Bob.to_account_id().into()]));
		pass_eras(2);
		block(vec![report_blocks(submitted, Bob)]);
		pass_eras(SLASH_DEFER_DURATION + 1);
		assert_eq!(active(&Bob.to_account_id()), STAKE - OF_FOUR * STAKE);
		assert_eq!(active(&Ferdie.to_account_id()), NEW_STAKE - OF_FOUR * NEW_STAKE);
	});
}

#[test]
fn the_same_offence_is_punished_once() {
	on_a_testnet(|submitted| {
		let report = report_blocks(submitted, Bob);
		block(vec![report.clone()]);
		let parent = System::parent_hash();
		assert_eq!(
			Executive::validate_transaction(TransactionSource::Local, report, parent),
			Err(InvalidTransaction::Stale.into())
		);
		assert_eq!(UnappliedSlashes::<Runtime>::get(SLASH_DEFER_DURATION + 1).len(), 1);
	});
}

#[test]
fn a_report_that_did_not_come_from_this_node_is_refused() {
	on_a_testnet(|submitted| {
		let report = report_blocks(submitted, Bob);
		let parent = System::parent_hash();
		assert_eq!(
			Executive::validate_transaction(TransactionSource::External, report, parent),
			Err(InvalidTransaction::Call.into())
		);
	});
}

#[test]
fn anybody_may_report_for_nothing() {
	on_a_testnet(|_| {
		let call = pallet_babe::Call::report_equivocation {
			equivocation_proof: Box::new(two_blocks(Charlie)),
			key_owner_proof: ownership(Charlie),
		};
		let before = Balances::free_balance(Eve.to_account_id());
		send(Eve, vec![call.into()]);
		assert_eq!(Balances::free_balance(Eve.to_account_id()), before);
		assert_eq!(Session::disabled_validators(), [index_of(Charlie).unwrap()]);
	});
}

#[test]
fn an_offence_of_an_earlier_session_is_proven_by_its_record() {
	on_a_testnet(|_| {
		let (blocks, owner) = (two_blocks(Dave), ownership(Dave));
		pass_to_era(3);
		assert_ok!(Babe::report_equivocation(origin(Eve), Box::new(blocks), owner));
		// Of the era of the offence, whose slash is due as if it had been reported at once.
		assert_eq!(UnappliedSlashes::<Runtime>::get(SLASH_DEFER_DURATION + 1).len(), 1);
		assert!(Session::disabled_validators().is_empty());
		pass_to_era(SLASH_DEFER_DURATION + 1);
		assert_eq!(active(&Dave.to_account_id()), STAKE - OF_FOUR * STAKE);
		assert!(!validates(Dave));
	});
}

#[test]
fn an_offence_that_is_reported_after_its_slash_was_due_chills_only() {
	on_a_testnet(|_| {
		let (blocks, owner) = (two_blocks(Dave), ownership(Dave));
		pass_to_era(SLASH_DEFER_DURATION + 1);
		assert_ok!(Babe::report_equivocation(origin(Eve), Box::new(blocks), owner));
		let dave = Dave.to_account_id();
		assert!(!Validators::<Runtime>::contains_key(&dave));
		pass_eras(SLASH_DEFER_DURATION + 2);
		assert_eq!(active(&dave), STAKE);
	});
}

#[test]
fn an_offender_that_stands_again_is_elected_again() {
	on_a_testnet(|submitted| {
		block(vec![report_blocks(submitted, Bob)]);
		pass_eras(2);
		assert!(!validates(Bob));
		send(Bob, vec![validate(Perbill::zero())]);
		pass_eras(2);
		assert!(validates(Bob));
	});
}
