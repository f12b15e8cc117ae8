use super::*;
use crate::{idle::IDLE_LOOKS, WeightInfo};
use frame_support::{traits::Hooks, weights::Weight};

fn fill(life: Moment) {
	for who in [ALICE, BOB] {
		for _ in 0..16 {
			let expires = now() + life;
			let made =
				BlockTrades::offer(by(who), CALL, Side::Buy, contracts(1), FAIR, None, expires);
			assert_ok!(made);
		}
	}
}

/// So many blocks' worth.
fn idle_blocks(count: u32) {
	for _ in 0..count {
		idle();
	}
}

#[test]
fn expired_offers_go_a_few_per_block() {
	execute(|| {
		fill(DAY);
		let open: Vec<_> = (0..8).map(|_| offer(CAROL, Side::Sell, contracts(1))).collect();
		pass(DAY - 1);
		idle_blocks(5);
		assert_eq!(Offers::<Test>::count(), 40);
		for id in &open {
			Offers::<Test>::mutate(id, |offer| offer.as_mut().unwrap().expires += DAY);
		}
		pass(1);
		events();
		idle();
		let gone = 40 - Offers::<Test>::count();
		assert!(gone > 0 && gone <= IDLE_LOOKS, "{gone} in the first block");
		assert_eq!(events().len(), gone as usize);
		// Every offer is looked at once within as many blocks as a round takes, and one to begin anew.
		idle_blocks(4);
		let mut left: Vec<_> = Offers::<Test>::iter_keys().collect();
		left.sort();
		assert_eq!(left, open);
		assert_eq!((held(ALICE), held(BOB), held(CAROL)), (0, 0, 8 * DEPOSIT));
	});
}

#[test]
fn offers_of_a_series_that_was_removed_go_too() {
	execute(|| {
		offer(ALICE, Side::Buy, contracts(1));
		remove_series(CALL);
		idle();
		assert_eq!(Offers::<Test>::count(), 0);
	});
}

#[test]
fn no_weight_no_work_and_never_more_than_was_given() {
	execute(|| {
		fill(1);
		pass(1);
		let (base, look) = (<()>::idle_base(), <()>::idle_look());
		let idle = |given| BlockTrades::on_idle(System::block_number(), given);
		assert_eq!(idle(Weight::zero()), Weight::zero());
		assert_eq!(idle(base), base);
		assert_eq!(Offers::<Test>::count(), 32);
		let three = base.saturating_add(look.saturating_mul(3));
		assert_eq!(idle(three), three);
		assert_eq!(Offers::<Test>::count(), 29);
		assert!(idle(Weight::MAX).all_lte(BlockTrades::idle_limit()));
		assert_eq!(Offers::<Test>::count(), 29 - IDLE_LOOKS);
	});
}

#[test]
fn without_offers_the_sweep_costs_a_look() {
	execute(|| assert_eq!(idle(), <()>::idle_base()));
}

#[test]
fn the_constants_fit_each_other() {
	execute(BlockTrades::integrity_test);
}
