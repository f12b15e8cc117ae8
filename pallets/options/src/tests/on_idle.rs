use crate::{mock::*, Event, Expiries, SeriesAt, SeriesOf, UnsettledSeries, WeightInfo, RETENTION};
use ballast_mocks::MockMarket;
use ballast_primitives::{time::DAY, OptionKind, SeriesId, SeriesState};
use ballast_traits::InspectSeries;
use frame_support::{
	assert_ok,
	traits::{Get, Hooks},
	weights::Weight,
};
use sp_runtime::Perbill;

/// Lists and trades this many series of an expiry.
fn list_traded(count: u64, expiry: u64) {
	for step in 2..count + 2 {
		let id = list(OptionKind::Call, 500 * step, expiry);
		assert_ok!(open(id, 1));
	}
}

fn idle_blocks(count: u32) {
	for _ in 0..count {
		idle();
	}
}

#[test]
fn nothing_happens_before_an_expiry_and_the_feed_is_left_alone() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(3, EXPIRY);
		MockMarket::mock_accept_ticks(|| panic!("no price is needed"));
		set_now(EXPIRY - 1);
		System::reset_events();
		assert_eq!(idle(), <() as WeightInfo>::on_idle_base());
		assert!(events().is_empty());
	});
}

#[test]
fn what_is_due_is_settled_in_order_and_the_price_forgotten_after() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(2, EXPIRY);
		list_traded(1, EXPIRY + DAY);
		list_traded(1, EXPIRY + 2 * DAY);
		set_now(EXPIRY + DAY);
		set_settlement(BTC, EXPIRY, 8_000);
		set_settlement(BTC, EXPIRY + DAY, 8_100);
		idle();
		assert_eq!(forgotten(), vec![(BTC, EXPIRY), (BTC, EXPIRY + DAY)]);
		assert_eq!(Expiries::<Test>::get().into_inner(), vec![(EXPIRY + 2 * DAY, BTC)]);
		assert_eq!(UnsettledSeries::<Test>::get(), 1);
		let state = |id| SeriesOf::<Test>::get(SeriesId(id)).unwrap().state;
		let settled = |at, payoff| SeriesState::Settled { price: price(at), payoff: price(payoff) };
		assert_eq!(state(0), settled(8_000, 7_000));
		assert_eq!(state(1), settled(8_000, 6_500));
		assert_eq!(state(2), settled(8_100, 7_100));
		assert_eq!(state(3), SeriesState::Live);
	});
}

#[test]
fn the_tick_of_the_block_is_accepted_first() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(1, EXPIRY);
		set_now(EXPIRY);
		MockMarket::mock_accept_ticks(|| {
			set_settlement(BTC, EXPIRY, 8_000);
			Weight::from_parts(1_000, 10)
		});
		let expected = Weight::from_parts(1_000, 10)
			+ <() as WeightInfo>::on_idle_base()
			+ <() as WeightInfo>::on_idle_expiry()
			+ <() as WeightInfo>::settle_series()
			// The series that is settled is looked at for removal, and then there is none.
			+ <() as WeightInfo>::remove_series() * 2;
		assert_eq!(idle(), expected);
		assert_eq!(UnsettledSeries::<Test>::get(), 0);
	});
}

#[test]
fn an_expiry_without_a_price_holds_up_no_other() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(1, EXPIRY);
		list_traded(1, EXPIRY + DAY);
		set_now(EXPIRY + DAY);
		set_settlement(BTC, EXPIRY + DAY, 8_000);
		idle();
		assert_eq!(Expiries::<Test>::get().into_inner(), vec![(EXPIRY, BTC)]);
		assert_eq!(Options::series(SeriesId(0)).unwrap().state, SeriesState::Expired);
	});
}

#[test]
fn a_step_settles_a_batch_and_the_next_block_goes_on() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(70, EXPIRY);
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		for left in [38, 6] {
			idle();
			assert_eq!(SeriesAt::<Test>::get(EXPIRY, BTC).len(), left);
			assert!(forgotten().is_empty());
			assert_ok!(Options::do_try_state());
			// Those that wait read as settled all the same.
			let all = Options::series_of(BTC);
			assert!(all
				.iter()
				.all(|info| matches!(info.series.state, SeriesState::Settled { .. })));
		}
		idle();
		assert_eq!(forgotten(), vec![(BTC, EXPIRY)]);
		assert_eq!(UnsettledSeries::<Test>::get(), 0);
	});
}

#[test]
fn the_weight_that_is_left_is_respected() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(10, EXPIRY);
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		System::reset_events();
		assert_eq!(Options::on_idle(1, Weight::zero()), Weight::zero());
		assert!(events().is_empty());
		let room = <() as WeightInfo>::on_idle_base()
			+ <() as WeightInfo>::on_idle_expiry()
			+ <() as WeightInfo>::settle_series() * 3;
		let used = Options::on_idle(1, room);
		assert!(used.all_lte(room));
		assert_eq!(events().len(), 3);
		assert_eq!(UnsettledSeries::<Test>::get(), 7);
	});
}

#[test]
fn a_fifth_of_a_block_is_never_exceeded() {
	ExtBuilder::default().build_and_execute(|| {
		for day in 0..10 {
			list_traded(100, EXPIRY + day * DAY);
			set_settlement(BTC, EXPIRY + day * DAY, 8_000);
		}
		set_now(EXPIRY + 10 * DAY);
		let weights: frame_system::limits::BlockWeights =
			<Test as frame_system::Config>::BlockWeights::get();
		let fifth = Perbill::from_percent(20) * weights.max_block;
		let mut blocks = 0;
		while UnsettledSeries::<Test>::get() > 0 {
			assert!(idle().all_lte(fifth));
			blocks += 1;
		}
		assert!((4..=20).contains(&blocks), "{blocks} blocks");
		assert_eq!(forgotten().len(), 10);
	});
}

#[test]
fn settled_series_go_when_they_are_empty_and_old() {
	ExtBuilder::default().build_and_execute(|| {
		list_traded(10, EXPIRY);
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 8_000);
		idle();
		(0..9).for_each(|id| {
			assert_ok!(finish(SeriesId(id), 1));
		});
		set_now(EXPIRY + RETENTION - 1);
		idle_blocks(10);
		assert_eq!(SeriesOf::<Test>::count(), 10);
		set_now(EXPIRY + RETENTION);
		System::reset_events();
		idle_blocks(10);
		// The one in which something is open stays, and so do series that are not settled.
		assert_eq!(Options::series_of(BTC).len(), 1);
		assert_eq!(Options::series_of(BTC)[0].id, SeriesId(9));
		assert_eq!(events().len(), 9);
		assert!(events().iter().all(|event| matches!(event, Event::SeriesRemoved { .. })));
		assert_ok!(finish(SeriesId(9), 1));
		idle_blocks(3);
		assert!(Options::series_of(BTC).is_empty());
	});
}
