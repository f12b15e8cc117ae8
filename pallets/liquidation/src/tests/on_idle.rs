use crate::{mock::*, AccountCursor, Auctions, Event, WeightInfo};
use frame_support::{assert_ok, traits::Hooks, weights::Weight};

const PATIENCE: u64 = 3_600;

fn idle() -> Weight {
	Liquidation::on_idle(System::block_number(), Weight::MAX)
}

fn crowd(range: core::ops::Range<u64>) -> ExtBuilder {
	range.fold(ExtBuilder::default(), |builder, who| builder.with(who, book(90, 100)))
}

#[test]
fn failing_accounts_are_found_without_keeper_or_worker() {
	ExtBuilder::failing().with(7, book(5_000, 1_000)).build_and_execute(|| {
		let used = idle();
		assert_eq!(TicksAccepted::get(), 1, "prices of this block come first");
		assert!(Auctions::<Test>::contains_key(ALICE));
		assert_eq!(auction_of(ALICE).keeper, None);
		assert_eq!(Auctions::<Test>::count(), 1, "nobody else fails");
		assert!(used.any_gt(<() as WeightInfo>::idle_base()));
	});
}

#[test]
fn no_more_accounts_than_governed_are_looked_at_and_the_next_block_goes_on() {
	crowd(10..40).build_and_execute(|| {
		rules(|rules| rules.idle_checks = 4);
		let mut blocks = 0;
		let mut before = 0;
		while Auctions::<Test>::count() < 30 {
			idle();
			blocks += 1;
			let now = Auctions::<Test>::count();
			assert!(now - before <= 4, "{before} -> {now}");
			before = now;
			assert!(blocks < 40, "every account has its turn");
		}
		assert!(AccountCursor::<Test>::get().is_some());
	});
}

#[test]
fn an_account_is_looked_at_once_per_block() {
	ExtBuilder::default().with(7, book(5_000, 1_000)).build_and_execute(|| {
		let used = idle();
		// Pool, fund and bidder without positions, and account 7 with one.
		let looks = <() as WeightInfo>::idle_check(0)
			.saturating_mul(3)
			.saturating_add(<() as WeightInfo>::idle_check(1));
		let least = <() as WeightInfo>::idle_base().saturating_add(looks);
		assert_eq!(used, least.saturating_add(Weight::from_parts(1_000, 0)));
	});
}

#[test]
fn it_ends_auctions_that_are_over() {
	ExtBuilder::failing().build_and_execute(|| {
		idle();
		set_equity(ALICE, usd(1_200));
		events();
		idle();
		assert_eq!(events(), [Event::AuctionEnded { account: ALICE }]);
	});
}

#[test]
fn it_lets_the_pool_take_over_where_nobody_bids() {
	ExtBuilder::failing().build_and_execute(|| {
		idle();
		wait(PATIENCE);
		events();
		idle();
		let seen = events();
		assert!(
			matches!(
				seen[..],
				[Event::TakenOver { account: ALICE, .. }, Event::AuctionEnded { account: ALICE }]
			),
			"{seen:?}"
		);
	});
}

#[test]
fn a_pool_without_capacity_leaves_the_auction_open() {
	ExtBuilder::failing().build_and_execute(|| {
		PoolCapacity::put(usd(0));
		idle();
		wait(PATIENCE);
		let before = (auction_of(ALICE), Books::get(ALICE), Books::get(POOL));
		idle();
		assert_eq!((auction_of(ALICE), Books::get(ALICE), Books::get(POOL)), before);
	});
}

#[test]
fn it_notes_that_an_account_has_turned_insolvent() {
	ExtBuilder::failing().build_and_execute(|| {
		idle();
		set_equity(ALICE, usd(-1));
		idle();
		assert!(auction_of(ALICE).insolvent);
		set_equity(ALICE, usd(1));
		idle();
		assert!(!auction_of(ALICE).insolvent);
	});
}

#[test]
fn one_account_that_fails_to_compute_does_not_stop_the_others() {
	crowd(10..21).build_and_execute(|| {
		Broken::put(vec![20]);
		idle();
		assert_eq!(Auctions::<Test>::count(), 10);
		assert!(!Auctions::<Test>::contains_key(20));
	});
}

#[test]
fn it_stays_within_the_weight_that_is_left() {
	crowd(10..20).build_and_execute(|| {
		assert_eq!(Liquidation::on_idle(1, Weight::zero()), Weight::zero());
		assert_eq!(TicksAccepted::get(), 0, "not even a tick");
		// Enough for one look at each account of the house, and to start one auction.
		let few = <() as WeightInfo>::idle_base()
			.saturating_add(<() as WeightInfo>::idle_check(1).saturating_mul(4))
			.saturating_add(<() as WeightInfo>::liquidate_authorized())
			.saturating_add(Weight::from_parts(1_000, 0));
		let mut before = 0;
		for block in 1..=40 {
			let used = Liquidation::on_idle(block, few);
			assert!(used.all_lte(few), "{used:?} of {few:?}");
			let now = Auctions::<Test>::count();
			assert!(now <= before + 2, "block {block}: {before} -> {now}");
			before = now;
		}
		assert_eq!(before, 10, "it goes on where it stopped, with auctions to look at as well");
	});
}

#[test]
fn auctions_and_accounts_share_the_checks() {
	crowd(10..20).build_and_execute(|| {
		for who in 10..20 {
			assert_ok!(Liquidation::liquidate(RuntimeOrigin::signed(who), who));
		}
		for who in 10..20 {
			set_equity(who, usd(200));
		}
		events();
		rules(|rules| rules.idle_checks = 6);
		for block in [1, 2] {
			Liquidation::on_idle(block, Weight::MAX);
			let seen = events();
			assert!(seen.iter().all(|event| matches!(event, Event::AuctionEnded { .. })));
			assert_eq!(seen.len(), 3, "half of the checks, although more auctions wait");
		}
	});
}

#[test]
fn the_hooks_least_step_fits_its_share_of_a_block() {
	ExtBuilder::default().build_and_execute(<Liquidation as Hooks<u64>>::integrity_test);
}
