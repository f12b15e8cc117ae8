//! Random histories: invariants hold after every action, states follow time and price, and a
//! settlement that was read once is read for ever.

use crate::{mock::*, OpenInterestOf, SeriesOf};
use ballast_primitives::{
	time::{DAY, HOUR},
	Moment, OptionKind, Quantity, SeriesId, SeriesState, UnderlyingId,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{storage::with_storage_layer, traits::Hooks, weights::Weight};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Action {
	List { eth: bool, put: bool, step: u64, day: u64 },
	Change { series: u32, by: i64 },
	Pass { hours: u64 },
	Price { eth: bool, day: u64, whole: u64 },
	Settle { series: u32 },
	Remove { series: u32 },
	Idle { share: u64 },
	Activate { eth: bool, active: bool },
}

fn action() -> impl Strategy<Value = Action> {
	prop_oneof![
		4 => (any::<bool>(), any::<bool>(), 1u64..40, 0u64..12)
			.prop_map(|(eth, put, step, day)| Action::List { eth, put, step, day }),
		8 => (0u32..24, -6i64..8).prop_map(|(series, by)| Action::Change { series, by }),
		4 => (1u64..40).prop_map(|hours| Action::Pass { hours }),
		3 => (any::<bool>(), 0u64..12, 1u64..20_000)
			.prop_map(|(eth, day, whole)| Action::Price { eth, day, whole }),
		2 => (0u32..24).prop_map(|series| Action::Settle { series }),
		1 => (0u32..24).prop_map(|series| Action::Remove { series }),
		3 => (0u64..200).prop_map(|share| Action::Idle { share }),
		1 => (any::<bool>(), any::<bool>())
			.prop_map(|(eth, active)| Action::Activate { eth, active }),
	]
}

fn underlying(eth: bool) -> UnderlyingId {
	if eth {
		ETH
	} else {
		BTC
	}
}

/// What a test knows besides the chain: time, prices once known, open contracts, settlements read.
#[derive(Default)]
struct Model {
	now: Moment,
	prices: BTreeMap<(UnderlyingId, Moment), u64>,
	open: BTreeMap<SeriesId, i64>,
	read: BTreeMap<SeriesId, SeriesState>,
}

impl Model {
	fn act(&mut self, action: Action) {
		let signed = || RuntimeOrigin::signed(1);
		match action {
			Action::List { eth, put, step, day } => {
				let kind = if put { OptionKind::Put } else { OptionKind::Call };
				let expiry = EXPIRY + day * DAY;
				let _ = with_storage_layer(|| {
					Options::list_series(
						RuntimeOrigin::root(),
						underlying(eth),
						kind,
						EUROPEAN,
						price(500 * step),
						expiry,
					)
				});
			}
			Action::Change { series, by } => self.change(SeriesId(series), by),
			Action::Pass { hours } => {
				self.now += hours * HOUR;
				set_now(self.now);
			}
			Action::Price { eth, day, whole } => {
				// As the price feed: never before the expiry, once for ever.
				let (underlying, expiry) = (underlying(eth), EXPIRY + day * DAY);
				if self.now >= expiry && !self.prices.contains_key(&(underlying, expiry)) {
					self.prices.insert((underlying, expiry), whole);
					set_settlement(underlying, expiry, whole);
				}
			}
			Action::Settle { series } => {
				let _ = with_storage_layer(|| Options::settle_series(signed(), SeriesId(series)));
			}
			Action::Remove { series } => {
				let _ = with_storage_layer(|| Options::remove_series(signed(), SeriesId(series)));
			}
			Action::Idle { share } => {
				let room = Weight::from_parts(share * 100_000_000, u64::MAX);
				let used = Options::on_idle(1, room);
				assert!(used.all_lte(room), "{used:?} of {room:?}");
			}
			Action::Activate { eth, active } => {
				let origin = RuntimeOrigin::root();
				assert_eq!(Options::set_underlying(origin, underlying(eth), GRID, active), Ok(()));
			}
		}
	}

	fn change(&mut self, id: SeriesId, by: i64) {
		let before = Options::series(id).map(|series| series.state);
		let done = with_storage_layer(|| Options::change_open_interest(id, contracts(by)));
		let open = self.open.entry(id).or_default();
		match done {
			Ok(()) => *open += by,
			Err(_) => assert!(by > 0 || *open + by < 0 || before.is_none()),
		}
		assert!(*open >= 0);
		assert!(by <= 0 || done.is_err() || before == Some(SeriesState::Live));
	}

	fn check(&mut self) {
		assert_eq!(Options::do_try_state(), Ok(()));
		let mut totals = BTreeMap::<UnderlyingId, Quantity>::new();
		for (id, stored) in SeriesOf::<Test>::iter() {
			let series = Options::series(id).unwrap();
			let price_known = self.prices.get(&(series.underlying, series.expiry));
			let expected = match price_known {
				_ if self.now < series.expiry => SeriesState::Live,
				None => SeriesState::Expired,
				Some(whole) => SeriesState::Settled {
					price: price(*whole),
					payoff: series.payoff(price(*whole)).unwrap(),
				},
			};
			assert_eq!(series.state, expected);
			if let Some(read) = self.read.get(&id) {
				assert_eq!(series.state, *read);
			} else if matches!(series.state, SeriesState::Settled { .. }) {
				self.read.insert(id, series.state);
			}
			let open = contracts(self.open.get(&id).copied().unwrap_or(0));
			assert_eq!(Options::open_interest(id), open);
			if stored.state == SeriesState::Live {
				let total = totals.entry(series.underlying).or_default();
				*total = total.checked_add(open).unwrap();
			}
		}
		for id in [BTC, ETH] {
			assert_eq!(OpenInterestOf::<Test>::get(id), totals.remove(&id).unwrap_or_default());
		}
		// Nothing in which contracts are open was removed.
		let kept = |id| SeriesOf::<Test>::contains_key(id);
		assert!(self.open.iter().all(|(id, open)| *open == 0 || kept(id)));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(150))]

	#[test]
	fn invariants_hold_after_every_action(
		actions in proptest::collection::vec(action(), 1..120)
	) {
		ExtBuilder::default().build_and_execute(|| {
			let mut model = Model { now: START, ..Default::default() };
			for action in actions {
				model.act(action);
				model.check();
			}
		});
	}
}
