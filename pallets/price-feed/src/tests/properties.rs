//! Random histories: the invariants hold after every step, prices stay among what was fed, a
//! settlement price never changes.

use crate::{mock::*, Markets};
use ballast_primitives::{Moment, Price};
use ballast_traits::{InspectMarket, MutateMarket};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
	Wait(Moment),
	Feed { operators: Vec<u64>, whole: u64 },
	FeedVolatility { operators: Vec<u64>, percent: u32 },
	Members(Vec<u64>),
	Watch(Moment),
	Forget(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
	let operators = || prop::collection::vec(1u64..=6, 0..6);
	prop_oneof![
		4 => (1u64..200).prop_map(Step::Wait),
		1 => (1_000u64..200_000).prop_map(Step::Wait),
		6 => (operators(), prop_oneof![9 => 8_000u64..12_000, 1 => 0u64..1_000_000])
			.prop_map(|(operators, whole)| Step::Feed { operators, whole }),
		3 => (operators(), 0u32..1_100)
			.prop_map(|(operators, percent)| Step::FeedVolatility { operators, percent }),
		1 => operators().prop_map(Step::Members),
		2 => (0u64..5_000).prop_map(Step::Watch),
		1 => (0usize..8).prop_map(Step::Forget),
	]
}

/// What must be true of every history.
#[derive(Default)]
struct Witness {
	settled: BTreeMap<Moment, Price>,
	watched: Vec<Moment>,
	low: Option<Price>,
	high: Option<Price>,
}

impl Witness {
	fn feeds(&mut self, whole: u64) {
		let fed = price(whole);
		if fed.is_zero() {
			return;
		}
		self.low = Some(self.low.map_or(fed, |low| low.min(fed)));
		self.high = Some(self.high.map_or(fed, |high| high.max(fed)));
	}

	fn check(&mut self) -> Result<(), TestCaseError> {
		PriceFeed::do_try_state().unwrap();
		if let Some(accepted) = Markets::<Test>::get(BTC).and_then(|market| market.spot.value()) {
			prop_assert!(Some(accepted) >= self.low && Some(accepted) <= self.high);
		}
		if let Some(average) = PriceFeed::average(BTC) {
			prop_assert!(Some(average.spot) >= self.low && Some(average.spot) <= self.high);
			prop_assert!(average.is_usable() && average.volatility.is_admissible());
		}
		for expiry in &self.watched {
			match (PriceFeed::settlement_price(BTC, *expiry), self.settled.get(expiry)) {
				(Some(price), Some(before)) => prop_assert_eq!(price, *before),
				(Some(price), None) => {
					prop_assert!(Some(price) >= self.low && Some(price) <= self.high);
					self.settled.insert(*expiry, price);
				}
				(None, Some(_)) => prop_assert!(false, "a settlement price has gone"),
				(None, None) => {}
			}
		}
		Ok(())
	}
}

fn play(step: Step, witness: &mut Witness) {
	match step {
		Step::Wait(seconds) => next_block(seconds),
		Step::Feed { operators, whole } => {
			witness.feeds(whole);
			operators.into_iter().for_each(|operator| feed(operator, whole));
		}
		Step::FeedVolatility { operators, percent } => {
			operators.into_iter().for_each(|operator| feed_volatility(operator, flat(percent)));
		}
		Step::Members(members) => Operators::set(members),
		Step::Watch(ahead) => {
			let expiry = PriceFeed::now() + ahead;
			if PriceFeed::watch_expiry(BTC, expiry).is_ok() {
				witness.watched.push(expiry);
			}
		}
		Step::Forget(which) => {
			if let Some(expiry) = witness.watched.get(which).copied() {
				PriceFeed::forget_expiry(BTC, expiry);
				witness.watched.retain(|other| *other != expiry);
				witness.settled.remove(&expiry);
			}
		}
	}
	PriceFeed::accept_ticks();
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(300))]

	#[test]
	fn every_history_keeps_the_invariants(steps in prop::collection::vec(any_step(), 1..120)) {
		let mut outcome = Ok(());
		ExtBuilder::default().build_and_execute(|| {
			let mut witness = Witness::default();
			set_rules(|rules| rules.settlement_window = 600);
			for step in steps {
				play(step, &mut witness);
				outcome = witness.check();
				if outcome.is_err() {
					break;
				}
			}
		});
		outcome?;
	}
}
