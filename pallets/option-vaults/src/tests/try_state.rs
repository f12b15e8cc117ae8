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
		let found = OptionVaults::do_try_state();
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(found))
	});
	assert_eq!(found, Ok(Err(what.into())));
}

fn change(id: VaultId, how: impl FnOnce(&mut VaultOf<Test>)) {
	Vaults::<Test>::mutate(id, |vault| how(vault.as_mut().unwrap()));
}

fn change_holder(id: VaultId, who: AccountId, how: impl FnOnce(&mut Holder)) {
	Holders::<Test>::mutate(id, who, how);
}

/// A vault with a locked round, a claim that waits, and queues both ways.
fn busy() -> VaultId {
	let terms = VaultTerms { performance_fee: Ratio::from_percent(20), ..terms() };
	let id = open_vault(Strategy::CoveredCall, BTC, terms);
	deposit(ALICE, id, 3 * COIN);
	deposit(CAROL, id, 3 * COIN);
	set_bid(Some(price(1_000)));
	open(id);
	buy(BOB, id, contracts(3));
	assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
	close(id);
	settle_at(id, price(30_000));
	turn(id);
	open(id);
	buy(BOB, id, contracts(2));
	close(id);
	deposit(DAVE, id, COIN);
	assert_ok!(OptionVaults::claim(by(DAVE), id, CAROL));
	assert_ok!(OptionVaults::request_withdrawal(by(CAROL), id, SHARE));
	id
}

#[test]
fn each_broken_invariant_is_found() {
	execute(|| {
		let id = busy();
		OptionVaults::do_try_state().unwrap();
		breaks("V1: a vault has a number of the future", || NextVaultId::<Test>::put(id));
		breaks("V1: the counter of vaults is wrong", || {
			unhashed::put(&Vaults::<Test>::counter_storage_final_key(), &7u32);
		});
		breaks("V1: something is left of a vault that is not there", || {
			Holders::<Test>::insert(id + 1, ALICE, Holder { shares: 1, ..Default::default() });
		});
		let shares = "V2: shares are not what people have";
		breaks(shares, || change(id, |vault| vault.shares += 1));
		breaks(shares, || change_holder(id, ALICE, |holder| holder.shares += 1));
		let deposits = "V3: deposits that wait";
		breaks(deposits, || change(id, |vault| vault.deposits -= 1));
		breaks(deposits, || change_holder(id, DAVE, |holder| holder.deposit.amount += 1));
		breaks("V3: withdrawals that wait", || {
			change(id, |vault| (vault.withdrawals, vault.shares) = (0, vault.shares - SHARE));
		});
		breaks("V3: a turn that should not be there", || {
			let last = vault(id).turn;
			Turns::<Test>::insert(id, last, Turn::default());
		});
		breaks("V3: withdrawals of a turn", || {
			change_holder(id, ALICE, |holder| holder.withdrawal.amount += 1);
		});
		breaks("V3: claims are not those of turns", || change(id, |vault| vault.claimable -= 1));
		breaks("V4: a vault owes more than it has waiting", || {
			change(id, |vault| vault.fees.treasury += 1);
		});
		breaks("V5: a vault has options that its round did not write", || {
			change(id, |vault| {
				let State::Locked(locked) = &mut vault.state else { panic!("it is locked") };
				locked.sold = contracts(1);
			});
		});
		breaks("V5: a vault has options that its round did not write", || {
			change(id, |vault| vault.state = State::Idle(Idle::default()));
		});
		breaks("V6: a bond is not held", || {
			let reason = crate::HoldReason::VaultBond.into();
			Balances::release(&reason, &MANAGER, 1, Precision::Exact).unwrap();
		});
	});
}

#[test]
fn debts_are_found() {
	execute(|| {
		let id = puts();
		breaks("V5: a vault is in debt", || {
			set_cash(OptionVaults::working_account(id), usd(-1));
		});
	});
}
