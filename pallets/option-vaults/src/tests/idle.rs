use super::*;
use crate::{
	idle::{Step, IDLE_LOOKS},
	WeightInfo,
};
use frame_support::weights::Weight;

/// A block, at the end of which every vault makes the step that it is due.
fn block() {
	pass(3);
	idle();
}

fn a_round_by_itself(id: VaultId, bid: u64, settled: u64) -> Outcome {
	set_bid(Some(price(bid)));
	block();
	let Selling { offered, auction, expiry, .. } = selling(id);
	pass_to(auction.ends - 10);
	buy(BOB, id, offered);
	block();
	assert_eq!(locked(id).sold, offered);
	set_spot(BTC, price(settled));
	pass_to(expiry);
	block();
	assert!(matches!(vault(id).state, State::Locked(_)), "no settlement price yet");
	set_settled(BTC, expiry, price(settled));
	block();
	assert!(matches!(vault(id).state, State::Settled(_)));
	block();
	assert!(matches!(vault(id).state, State::Idle(_)));
	OptionVaults::rounds_of(id).last().unwrap().outcome
}

#[test]
fn a_round_of_calls_runs_by_itself() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let outcome = a_round_by_itself(id, 1_000, 44_000);
		assert_eq!(outcome.price, per(235 * COIN / 100, 3 * SHARE));
		assert_eq!(vault(id).round, 1);
		block();
		assert_eq!(selling(id).assets, 235 * COIN / 100);
	});
}

#[test]
fn a_round_of_puts_runs_by_itself() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		let outcome = a_round_by_itself(id, 500, 24_000);
		assert_eq!(outcome.price, per(49_000 * DOLLAR, 54_000 * SHARE));
	});
}

#[test]
fn vaults_in_which_nobody_has_anything_are_left_alone() {
	execute(|| {
		let id = calls();
		let none: DispatchError = Error::<Test>::NothingToSell.into();
		assert_refused!(OptionVaults::open_round(by(DAVE), id), none);
		assert_eq!(OptionVaults::step_due(&vault(id)), None);
		deposit(ALICE, id, COIN);
		assert_eq!(OptionVaults::step_due(&vault(id)), Some(Step::Open));
		set_usable(false);
		assert_eq!(OptionVaults::step_due(&vault(id)), None);
	});
}

#[test]
fn a_step_that_fails_changes_nothing_and_holds_up_nobody() {
	execute(|| {
		let (small, large) = (calls(), calls());
		deposit(ALICE, small, 50_000);
		deposit(ALICE, large, COIN);
		block();
		assert_eq!(vault(small).deposits, 50_000);
		assert!(matches!(vault(small).state, State::Idle(_)));
		assert_eq!(selling(large).offered, contracts(1));
	});
}

#[test]
fn many_vaults_take_their_turns() {
	execute(|| {
		set_rules(VaultRules { bond: 0, ..rules() });
		let count = 2 * IDLE_LOOKS + 5;
		for _ in 0..count {
			let id = calls();
			deposit(ALICE, id, COIN);
		}
		let open = || {
			Vaults::<Test>::iter_values()
				.filter(|vault| matches!(vault.state, State::Selling(_)))
				.count() as u32
		};
		let mut before = 0;
		for _ in 0..4 {
			idle();
			assert!(open() - before <= IDLE_LOOKS);
			before = open();
		}
		assert_eq!(before, count);
	});
}

#[test]
fn it_uses_no_more_weight_than_there_is() {
	execute(|| {
		for _ in 0..4 {
			let id = calls();
			deposit(ALICE, id, COIN);
		}
		let block = |weight| OptionVaults::do_idle(weight);
		assert_eq!(block(Weight::zero()), Weight::zero());
		// Keys of the database weigh nothing here.
		let base = <() as WeightInfo>::idle_base();
		assert!(block(base).all_lte(base.saturating_add(Weight::from_parts(7, 0))));
		assert!((0..4).all(|id| matches!(vault(id).state, State::Idle(_))));
		// Room for one.
		let look = <() as WeightInfo>::idle_look();
		let ticks = Weight::from_parts(7, 0);
		let one = base
			.saturating_add(ticks)
			.saturating_add(look.saturating_mul(2))
			.saturating_add(OptionVaults::weight_of_opening());
		assert!(one.all_lte(OptionVaults::idle_limit()));
		for opened in 1..=4 {
			for _ in 0..2 {
				assert!(block(one).all_lte(one));
			}
			let open = (0..4).filter(|id| matches!(vault(*id).state, State::Selling(_))).count();
			assert!(open >= opened, "{open} of {opened}");
		}
		assert!(block(Weight::MAX).all_lte(OptionVaults::idle_limit()));
	});
}

#[test]
fn an_empty_chain_costs_the_base() {
	execute(|| {
		assert_eq!(OptionVaults::do_idle(Weight::MAX), <() as WeightInfo>::idle_base());
	});
}
