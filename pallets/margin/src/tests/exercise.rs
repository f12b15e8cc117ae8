//! Early exercise: a request, a tick, an assignment.

use crate::{mock::*, ExercisePots, ExerciseRequests};
use ballast_primitives::{OptionKind, Price, Quality, Quantity, Series, SeriesState, Style, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer, traits::Hooks};

/// Alice owns four calls; Bob has written three of them, Carol one.
fn four_calls() {
	for who in [ALICE, BOB, CAROL] {
		deposit(who, 100_000);
	}
	trade(ALICE, BOB, EARLY_CALL, 3, 3_000);
	trade(ALICE, CAROL, EARLY_CALL, 1, 1_000);
}

/// The least quantity of an order: a hundredth of a contract.
const LEAST: Quantity = Quantity::from_inner(10_000_000_000_000_000);

#[test]
fn dust_takes_no_place_in_the_queue_unless_it_is_all_that_is_held() {
	build_and_execute(|| {
		four_calls();
		let dust = Quantity::from_inner(LEAST.into_inner() - 1);
		let ask = |quantity| Margin::request_exercise(signed(ALICE), EARLY_CALL, quantity);
		assert_noop!(ask(dust), Error::QuantityTooSmall);
		let rest = Quantity::from_int(4).checked_sub(dust).unwrap();
		assert_ok!(ask(rest));
		assert_ok!(ask(dust));
		assert_noop!(ask(Quantity::from_inner(1)), Error::InsufficientPosition);
	});
}

#[test]
fn an_exercise_is_assigned_to_all_writers_pro_rata_at_the_next_tick() {
	build_and_execute(|| {
		four_calls();
		exercise(ALICE, EARLY_CALL, 2);
		tick(12_000);
		// At 2,000 each: half of everybody.
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::from_int(2));
		assert_eq!(claim(ALICE, EARLY_CALL), usd(4_000));
		assert_eq!(held(BOB, EARLY_CALL), units(-1_500_000_000_000_000_000));
		assert_eq!(held(CAROL, EARLY_CALL), units(-500_000_000_000_000_000));
		assert_eq!(SidesOf::get(EARLY_CALL).short.due, usd(4_000));
		sweep();
		assert_eq!((cash(BOB), cash(CAROL)), (usd(100_000), usd(100_000)));
		assert_eq!((cash(ALICE), claim(ALICE, EARLY_CALL)), (usd(100_000), Usd::ZERO));
		assert!(ExercisePots::<Test>::iter_keys().next().is_none());
		let amount = usd(4_000);
		let price = Price::from_int(12_000);
		let (who, series, quantity) = (ALICE, EARLY_CALL, Quantity::from_int(2));
		assert!(events().contains(&Event::Exercised { who, series, quantity, price, amount }));
		// In parts, as writers were found.
		let paid = events().into_iter().filter_map(|event| match event {
			Event::ClaimPaid { who: ALICE, amount, .. } => Some(amount.into_inner()),
			_ => None,
		});
		assert_eq!(paid.sum::<i128>(), amount.into_inner());
	});
}

#[test]
fn nothing_happens_before_a_later_tick_is_accepted() {
	build_and_execute(|| {
		four_calls();
		set_spot(ON_BTC, 12_000);
		exercise(ALICE, EARLY_CALL, 2);
		// In its own block, and in blocks without a tick.
		Margin::on_initialize(1);
		next_block();
		Now::mutate(|now| *now += 60);
		next_block();
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::from_int(4));
		assert_eq!(ExerciseRequests::<Test>::get().len(), 1);
		// Nor while the tick is not usable.
		set_quality(ON_BTC, Quality::Stale);
		tick(13_000);
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::from_int(4));
		set_quality(ON_BTC, Quality::Good);
		tick(12_500);
		assert_eq!(claim(ALICE, EARLY_CALL), usd(5_000));
		assert!(ExerciseRequests::<Test>::get().is_empty());
	});
}

#[test]
fn a_tick_of_the_block_of_the_request_is_not_met() {
	build_and_execute(|| {
		four_calls();
		accept(12_000);
		exercise(ALICE, EARLY_CALL, 2);
		next_block();
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::from_int(4));
		tick(11_000);
		assert_eq!(claim(ALICE, EARLY_CALL), usd(2_000));
	});
}

#[test]
fn a_request_cannot_be_put_off_once_its_tick_is_known() {
	build_and_execute(|| {
		four_calls();
		exercise(ALICE, EARLY_CALL, 1);
		// Before a tick, more can be added; all of it waits for the next one.
		Now::mutate(|now| *now += 3);
		exercise(ALICE, EARLY_CALL, 1);
		assert_eq!(ExerciseRequests::<Test>::get().len(), 1);
		accept(10_001);
		// She sees a bad tick: a unit more would make everything wait for a better one.
		assert_noop!(
			Margin::request_exercise(signed(ALICE), EARLY_CALL, LEAST),
			Error::BeingExercised
		);
		next_block();
		assert_eq!(claim(ALICE, EARLY_CALL), usd(2));
		exercise(ALICE, EARLY_CALL, 1);
	});
}

#[test]
fn contracts_that_a_liquidation_took_leave_no_early_place_in_the_queue() {
	build_and_execute(|| {
		four_calls();
		deposit(DAVE, 100_000);
		exercise(ALICE, EARLY_CALL, 4);
		assert_ok!(Margin::transfer_portfolio(&ALICE, &DAVE, ballast_primitives::Ratio::ONE));
		trade(ALICE, BOB, EARLY_CALL, 1, 1_000);
		accept(15_000);
		assert_noop!(
			Margin::request_exercise(signed(ALICE), EARLY_CALL, LEAST),
			Error::BeingExercised
		);
		next_block();
		// Nothing of what was bought since, nothing of Dave's.
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::from_int(1));
		assert_eq!(held(DAVE, EARLY_CALL), Quantity::from_int(4));
		assert!(ExerciseRequests::<Test>::get().is_empty());
	});
}

#[test]
fn a_liquidation_moves_contracts_that_are_being_exercised() {
	build_and_execute(|| {
		four_calls();
		deposit(DAVE, 100_000);
		exercise(ALICE, EARLY_CALL, 3);
		let half = ballast_primitives::Ratio::from_percent(50);
		assert_ok!(Margin::transfer_portfolio(&ALICE, &DAVE, half));
		assert_eq!(Margin::load(&ALICE).position(EARLY_CALL).requested(), Quantity::from_int(2));
		tick(12_000);
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::ZERO);
		assert_eq!((claim(ALICE, EARLY_CALL), claim(DAVE, EARLY_CALL)), (usd(4_000), Usd::ZERO));
	});
}

#[test]
fn out_of_the_money_a_request_lapses() {
	build_and_execute(|| {
		four_calls();
		exercise(ALICE, EARLY_CALL, 2);
		tick(10_000);
		assert_eq!(held(ALICE, EARLY_CALL), Quantity::from_int(4));
		let (who, series, quantity) = (ALICE, EARLY_CALL, Quantity::from_int(2));
		assert!(events().contains(&Event::ExerciseLapsed { who, series, quantity }));
		assert!(ExerciseRequests::<Test>::get().is_empty());
		// They can be sold again.
		trade(BOB, ALICE, EARLY_CALL, 4, 0);
	});
}

#[test]
fn at_expiry_a_request_lapses_and_everything_is_exercised_by_itself() {
	build_and_execute(|| {
		four_calls();
		exercise(ALICE, EARLY_CALL, 2);
		settle_at(EARLY_CALL, Price::from_int(11_000));
		// Settled before the queue is looked at.
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_ok!(Margin::settle(signed(DAVE), CAROL));
		assert_ok!(Margin::settle(signed(DAVE), ALICE));
		assert_eq!(cash(ALICE), usd(100_000));
		Margin::do_try_state().unwrap();
		next_block();
		assert!(ExerciseRequests::<Test>::get().is_empty());
		sweep();
	});
}

#[test]
fn more_than_is_held_is_refused_also_in_two_requests() {
	build_and_execute(|| {
		four_calls();
		let all = Quantity::from_int(4);
		let more = units(4_000_000_000_000_000_001);
		let request = |quantity| Margin::request_exercise(signed(ALICE), EARLY_CALL, quantity);
		assert_noop!(request(more), Error::InsufficientPosition);
		assert_ok!(request(all));
		assert_noop!(request(units(1)), Error::InsufficientPosition);
		assert_noop!(request(Quantity::ZERO), Error::AmountZero);
		assert_noop!(request(units(-1)), Error::AmountZero);
		// A writer has nothing to exercise.
		assert_noop!(
			Margin::request_exercise(signed(BOB), EARLY_CALL, units(1)),
			Error::InsufficientPosition
		);
	});
}

#[test]
fn contracts_that_are_being_exercised_cannot_be_sold_or_given_away() {
	build_and_execute(|| {
		four_calls();
		deposit(DAVE, 100_000);
		assert_ok!(Margin::set_transfer_permit(signed(DAVE), ALICE, true));
		exercise(ALICE, EARLY_CALL, 3);
		let two = Quantity::from_int(2);
		let sold = |quantity| Margin::trade(&BOB, &ALICE, EARLY_CALL, quantity, Usd::ZERO);
		assert_noop!(sold(two), Error::BeingExercised);
		let list = |quantity| vec![(EARLY_CALL, quantity)].try_into().unwrap();
		assert_noop!(
			Margin::transfer_positions(signed(ALICE), DAVE, list(two), Usd::ZERO),
			Error::BeingExercised
		);
		assert_ok!(sold(Quantity::ONE));
	});
}

#[test]
fn only_live_american_series_at_a_usable_price() {
	build_and_execute(|| {
		four_calls();
		trade(ALICE, BOB, CALL, 1, 1_000);
		let one = Quantity::ONE;
		let request = |id| Margin::request_exercise(signed(ALICE), id, one);
		assert_noop!(request(CALL), Error::NotAmerican);
		assert_noop!(request(ballast_primitives::SeriesId(99)), Error::SeriesUnknown);
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(request(EARLY_CALL), Error::PriceNotUsable);
		set_quality(ON_BTC, Quality::Good);
		Now::put(EXPIRY);
		assert_noop!(request(EARLY_CALL), Error::SeriesNotLive);
		expire(EARLY_CALL);
		assert_noop!(request(EARLY_CALL), Error::SeriesNotLive);
	});
}

#[test]
fn what_hedges_a_short_cannot_be_exercised_away() {
	build_and_execute(|| {
		deposit(ALICE, 2_000);
		deposit(BOB, 100_000);
		trade(ALICE, BOB, EARLY_CALL, 1, 1_000);
		trade(BOB, ALICE, CALL, 1, 1_000);
		set_spot(ON_BTC, 10_500);
		assert!(health(ALICE).equity >= health(ALICE).initial);
		// Exercised, she would hold a bare short call.
		let one = Quantity::ONE;
		assert_noop!(
			Margin::request_exercise(signed(ALICE), EARLY_CALL, one),
			Error::BelowInitialMargin
		);
		deposit(ALICE, 20_000);
		exercise(ALICE, EARLY_CALL, 1);
		// What she needs for it then does not leave in between.
		let free = Margin::withdrawable(&ALICE).unwrap();
		let exercised = Margin::as_exercised(&Margin::load(&ALICE)).unwrap().unwrap();
		let standing = Margin::standing(&exercised).unwrap();
		assert!(free > Usd::ZERO && free <= standing.headroom().unwrap());
		assert!(standing.initial() > health(ALICE).initial);
		// Nor can it be sold against: the call would stay bare.
		let (buy, sell) = (DAVE, ALICE);
		deposit(DAVE, 100_000);
		let more = Quantity::from_int(8);
		let short = || Margin::trade(&buy, &sell, CALL, more, Usd::ZERO);
		let guarded = with_storage_layer(|| Margin::guarded(&ALICE, short));
		assert_eq!(guarded, Err(Error::BelowInitialMargin.into()));
		assert_ok!(Margin::withdraw(signed(ALICE), free.into_inner() as u128 / 1_000_000_000_000));
		tick(10_500);
		sweep();
		let after = health(ALICE);
		assert!(after.equity >= after.initial, "{after:?}");
	});
}

#[test]
fn a_put_is_exercised_against_writers_too_and_pays_what_is_below_the_strike() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		deposit(BOB, 10_000);
		trade(ALICE, BOB, EARLY_PUT, 2, 1_000);
		exercise(ALICE, EARLY_PUT, 2);
		tick(9_000);
		sweep();
		assert_eq!((cash(ALICE), cash(BOB)), (usd(11_000), usd(9_000)));
		assert_eq!(SidesOf::get(EARLY_PUT).long, SidesOf::get(EARLY_PUT).long);
		// Nobody holds it: nothing is due and the listing may forget it.
		let sides = SidesOf::get(EARLY_PUT);
		for side in [sides.long, sides.short] {
			assert_eq!((side.total, side.holders, side.due), Default::default());
		}
	});
}

#[test]
fn the_queue_is_bounded_and_waiting_in_it_is_cheap() {
	build_and_execute(|| {
		deposit(BOB, 100_000_000);
		for who in 1_000..1_064u64 {
			let one = units(1);
			assert_ok!(Margin::trade(&who, &BOB, EARLY_CALL, one, Usd::ZERO));
			assert_ok!(Margin::request_exercise(signed(who), EARLY_CALL, one));
		}
		let one = units(1);
		assert_ok!(Margin::trade(&ALICE, &BOB, EARLY_CALL, one, Usd::ZERO));
		assert_noop!(
			Margin::request_exercise(signed(ALICE), EARLY_CALL, one),
			Error::TooManyExerciseRequests
		);
		let waiting = Margin::on_initialize(2);
		assert!(waiting.all_lte(whole_block() / 50), "{waiting:?}");
		assert_eq!(ExerciseRequests::<Test>::get().len(), 64);
		accept(12_000);
		let mut blocks = 0;
		while !ExerciseRequests::<Test>::get().is_empty() {
			let used = Margin::on_initialize(3);
			assert!(used.all_lte(whole_block() / 5), "{used:?}");
			blocks += 1;
			assert!(blocks < 30);
		}
		assert_eq!(SidesOf::get(EARLY_CALL).long.total, one);
	});
}

#[test]
fn a_call_of_any_american_series_is_worth_its_payoff() {
	build_and_execute(|| {
		let kinds = [(OptionKind::Call, 12_345, 2_345), (OptionKind::Put, 7_654, 2_346)];
		for (kind, spot, payoff) in kinds {
			let series = Series { style: Style::American, ..series(ON_BTC, kind, 10_000) };
			assert_eq!(series.state, SeriesState::Live);
			Listed::insert(EARLY_CALL, series);
			deposit(BOB, 100_000);
			deposit(ALICE, 100_000);
			trade(ALICE, BOB, EARLY_CALL, 1, 0);
			let before = cash(ALICE);
			exercise(ALICE, EARLY_CALL, 1);
			tick(spot);
			sweep();
			assert_eq!(cash(ALICE).checked_sub(before), Ok(usd(payoff)));
		}
	});
}
