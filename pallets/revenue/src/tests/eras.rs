use super::*;
use crate::{
	eras::{PAGES_FORGOTTEN, POT_LEAST},
	WeightInfo,
};
use frame_support::{traits::Hooks, weights::Weight};

#[test]
fn what_comes_in_during_an_era_is_its_pot() {
	execute(|| {
		earn(usd(300));
		next_block();
		assert!(Pots::<Test>::get(FIRST).is_none());
		earn(usd(100));
		next_era();
		let amount = usd(400);
		assert_eq!(events(), [Event::PotClosed { era: FIRST, amount }]);
		assert_eq!(Pots::<Test>::get(FIRST), Some(Pot { amount, unpaid: amount }));
		earn(usd(7));
		set_points(FIRST + 1, vec![(BOB, 1)]);
		next_era();
		assert_eq!(Pots::<Test>::get(FIRST + 1).unwrap().amount, usd(7));
		assert_eq!(Reserved::<Test>::get(), usd(407));
	});
}

#[test]
fn nothing_happens_before_the_first_era() {
	sp_io::TestExternalities::default().execute_with(|| {
		use ballast_mocks::MockStaking;
		MockStaking::mock_active_era(|| None);
		let weight = Revenue::on_initialize(1);
		assert_eq!(weight, <() as WeightInfo>::same_era());
		assert!(CurrentEra::<Test>::get().is_none());
	});
}

#[test]
fn an_era_without_points_leaves_its_revenue_to_the_next() {
	execute(|| {
		earn(usd(300));
		set_points(FIRST, vec![]);
		next_era();
		assert_eq!(events(), []);
		set_points(FIRST + 1, vec![(BOB, 1)]);
		earn(usd(1));
		next_era();
		assert_eq!(Pots::<Test>::get(FIRST + 1).unwrap().amount, usd(301));
	});
}

#[test]
fn a_pot_that_is_not_worth_closing_grows_on() {
	execute(|| {
		let least = POT_LEAST.into_inner();
		earn(Usd::from_inner(least - 1));
		next_era();
		assert!(Pots::<Test>::get(FIRST).is_none());
		set_points(FIRST + 1, vec![(BOB, 1)]);
		earn(Usd::from_inner(1));
		next_era();
		assert_eq!(Pots::<Test>::get(FIRST + 1).unwrap().amount, POT_LEAST);
	});
}

#[test]
fn what_nobody_asked_for_in_time_goes_into_the_next_pot() {
	execute(|| {
		closed_with(400);
		assert_ok!(pay(FIRST, BOB, 0));
		assert_eq!(owed(BOB), usd(100));
		for _ in 0..KEPT {
			set_points(era(), vec![(BOB, 1)]);
			assert!(Pots::<Test>::contains_key(FIRST));
			next_era();
		}
		assert_eq!(era(), FIRST + 1 + KEPT);
		let expired = Event::PotExpired { era: FIRST, amount: usd(300) };
		assert!(events().contains(&expired));
		assert_eq!(PaidPages::<Test>::iter().count(), 0);
		assert_eq!(OldestEra::<Test>::get(), FIRST + 1);
		// What was paid out stays owed.
		assert_eq!((owed(BOB), Reserved::<Test>::get()), (usd(100), usd(100)));
		set_points(era(), vec![(BOB, 1)]);
		next_era();
		assert_eq!(Pots::<Test>::get(era() - 1).unwrap().amount, usd(300));
		assert_ok!(Revenue::claim(by(EVE), BOB));
	});
}

#[test]
fn many_pages_are_forgotten_some_at_a_time() {
	let mut ext = with_pages(2 * u64::from(PAGES_FORGOTTEN) + 1);
	ext.execute_with(|| {
		for _ in 0..KEPT {
			set_era(era() + 1);
			Revenue::on_initialize(1);
		}
		let base = <() as WeightInfo>::idle();
		frame_support::assert_storage_noop!(assert_eq!(Revenue::on_idle(1, base), base));
		frame_support::assert_storage_noop!(assert_eq!(
			Revenue::on_idle(1, Weight::zero()),
			Weight::zero()
		));
	});
	for left in [PAGES_FORGOTTEN + 1, 1, 0] {
		// What is cleared is cleared of committed state: once a block.
		ext.commit_all().expect("nothing is open");
		ext.execute_with(|| {
			assert_eq!(OldestEra::<Test>::get(), FIRST);
			Revenue::on_idle(1, Weight::MAX);
			assert!(Pots::<Test>::get(FIRST).is_none());
			assert_eq!(PaidPages::<Test>::iter().count() as u32, left);
			Revenue::do_try_state().expect("invariants hold");
		});
	}
	ext.execute_with(|| assert_eq!(OldestEra::<Test>::get(), FIRST + 1));
}

/// As many validators as this have paid out the first era.
fn with_pages(validators: u64) -> sp_io::TestExternalities {
	let mut ext = build();
	ext.execute_with(|| {
		let all: Vec<u64> = (1_000..1_000 + validators).collect();
		set_points(FIRST, all.iter().map(|who| (*who, 1)).collect());
		for who in &all {
			set_stake(FIRST, *who, 1, vec![]);
		}
		closed_with(1_000);
		for who in all {
			assert_ok!(pay(FIRST, who, 0));
		}
	});
	ext
}
