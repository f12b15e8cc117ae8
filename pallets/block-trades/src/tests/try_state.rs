//! That the checks find what they are for.

use super::*;
use frame_support::{
	storage::{unhashed, with_transaction},
	traits::{fungible::MutateHold, tokens::Precision},
};
use sp_runtime::TransactionOutcome;

/// Breaks something, and expects the checks to say this; then everything is as before.
fn breaks(what: &'static str, how: impl FnOnce()) {
	let found = with_transaction(|| {
		how();
		let found = BlockTrades::do_try_state();
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(found))
	});
	assert_eq!(found, Ok(Err(what.into())));
}

#[test]
fn each_broken_invariant_is_found() {
	execute(|| {
		let id = offer(ALICE, Side::Buy, contracts(1));
		offer(ALICE, Side::Buy, contracts(1));
		offer(BOB, Side::Buy, contracts(1));
		let change = |how: fn(&mut crate::OfferOf<Test>)| {
			Offers::<Test>::mutate(id, |offer| how(offer.as_mut().unwrap()));
		};
		breaks("I1: an offer has nothing left", || change(|offer| offer.quantity = contracts(0)));
		breaks("I1: an offer is to its maker", || change(|offer| offer.counterparty = Some(ALICE)));
		breaks("I1: an offer has a number of the future", || NextOfferId::<Test>::put(1));
		breaks("I2: an offer is listed as somebody else's", || change(|offer| offer.maker = CAROL));
		breaks("I1: the counter of offers is wrong", || {
			unhashed::put(&Offers::<Test>::counter_storage_final_key(), &7u32);
		});
		breaks("I2: a listed offer is not stored", || Offers::<Test>::remove(id));
		breaks("I2: a stored offer is not listed", || OffersBy::<Test>::remove(ALICE));
		breaks("I2: an empty list of offers", || {
			OffersBy::<Test>::insert(DAVE, frame_support::BoundedVec::default());
		});
		breaks("I2: a list of offers is not in order", || {
			OffersBy::<Test>::insert(ALICE, frame_support::BoundedVec::truncate_from(vec![1, 0]));
		});
		breaks("I3: what is held is not the sum of the deposits", || {
			let reason = crate::HoldReason::Offer.into();
			Balances::release(&reason, &ALICE, 1, Precision::Exact).unwrap();
		});
	});
}
