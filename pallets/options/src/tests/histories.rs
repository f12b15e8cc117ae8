//! Random histories of many series: invariants hold after every action, states follow time and price,
//! what was read once of a settlement is read for ever, and open interest is that of the trades.

use super::{book::Book, cases};
use crate::{mock::*, EndedEpochs, OpenInterestOf, SeriesOf};
use ballast_primitives::{
	time::{DAY, HOUR},
	Moment, OptionKind, Quantity, SeriesId, SeriesState, Settlement, Side, Style, UnderlyingId,
};
use ballast_traits::InspectSeries;
use frame_support::{storage::with_storage_layer, traits::Hooks, weights::Weight};
use proptest::prelude::*;
use std::collections::BTreeMap;

const ACCOUNTS: u8 = 4;

#[derive(Clone, Copy, Debug)]
enum Action {
	List { eth: bool, put: bool, style: Style, settlement: Settlement, step: u64, day: u64 },
	Trade { series: u32, buyer: u8, ahead: u8, units: i128 },
	End { series: u32, who: u8, long: bool, units: i128, whole: u64 },
	Touch { series: u32, who: u8 },
	Finish { series: u32 },
	Pass { hours: u64 },
	Price { eth: bool, day: u64, whole: u64 },
	Settle { series: u32 },
	Remove { series: u32 },
	Idle { share: u64 },
	Activate { eth: bool, active: bool },
}

fn listing() -> impl Strategy<Value = Action> {
	let style = prop_oneof![4 => Just(Style::European), 1 => Just(Style::American)];
	let settlement = prop_oneof![2 => Just(Settlement::Cash), 1 => Just(Settlement::InKind)];
	(any::<bool>(), any::<bool>(), style, settlement, 1u64..40, 0u64..12).prop_map(
		|(eth, put, style, settlement, step, day)| Action::List {
			eth,
			put,
			style,
			settlement,
			step,
			day,
		},
	)
}

fn action() -> impl Strategy<Value = Action> {
	let series = || 0u32..16;
	let who = || 0..ACCOUNTS;
	let units = || prop_oneof![1i128..20, 1i128..1_000_000_000_000_000_000];
	prop_oneof![
		4 => listing(),
		10 => (series(), who(), 1..ACCOUNTS, units())
			.prop_map(|(series, buyer, ahead, units)| Action::Trade { series, buyer, ahead, units }),
		6 => (series(), who(), any::<bool>(), units(), 0u64..20_000).prop_map(
			|(series, who, long, units, whole)| Action::End { series, who, long, units, whole }
		),
		2 => (series(), who()).prop_map(|(series, who)| Action::Touch { series, who }),
		3 => series().prop_map(|series| Action::Finish { series }),
		4 => (1u64..40).prop_map(|hours| Action::Pass { hours }),
		3 => (any::<bool>(), 0u64..12, 1u64..20_000)
			.prop_map(|(eth, day, whole)| Action::Price { eth, day, whole }),
		2 => series().prop_map(|series| Action::Settle { series }),
		1 => series().prop_map(|series| Action::Remove { series }),
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

/// What a test knows besides the chain: time, prices once known, activity, positions, open contracts,
/// settlements read.
#[derive(Default)]
struct Model {
	now: Moment,
	prices: BTreeMap<(UnderlyingId, Moment), u64>,
	inactive: BTreeMap<UnderlyingId, bool>,
	book: Book,
	open: BTreeMap<SeriesId, i128>,
	read: BTreeMap<SeriesId, SeriesState>,
}

impl Model {
	fn act(&mut self, action: Action) {
		let signed = || RuntimeOrigin::signed(1);
		match action {
			Action::List { eth, put, style, settlement, step, day } => {
				let kind = if put { OptionKind::Put } else { OptionKind::Call };
				let (root, on) = (RuntimeOrigin::root(), underlying(eth));
				let (strike, expiry) = (price(500 * step), EXPIRY + day * DAY);
				let listed = with_storage_layer(|| {
					Options::list_series(root, on, kind, style, settlement, strike, expiry)
				});
				let possible = settlement == Settlement::Cash || (!put && style == EUROPEAN);
				assert!(possible || listed.is_err());
			}
			Action::Trade { series, buyer, ahead, units } => {
				self.trade(SeriesId(series), buyer, (buyer + ahead) % ACCOUNTS, units);
			}
			Action::End { series, who, long, units, whole } => {
				let side = if long { Side::Long } else { Side::Short };
				self.end(SeriesId(series), who, side, units, whole);
			}
			Action::Touch { series, who } => {
				let known = Options::series(SeriesId(series)).is_some();
				let done = self.book.touch(SeriesId(series), who);
				assert_eq!(done.is_ok(), known);
			}
			Action::Finish { series } => self.finish(SeriesId(series)),
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
				let (root, on) = (RuntimeOrigin::root(), underlying(eth));
				assert_eq!(Options::set_underlying(root, on, GRID, active), Ok(()));
				self.inactive.insert(on, !active);
			}
		}
	}

	fn is_live(id: SeriesId) -> bool {
		Options::series(id).is_some_and(|series| series.state == SeriesState::Live)
	}

	/// In a live series a trade fails only if open interest would rise on an inactive underlying.
	fn trade(&mut self, id: SeriesId, buyer: u8, seller: u8, units: i128) {
		let shut = self.book.held(id, buyer, Side::Short).min(units);
		let sold = self.book.held(id, seller, Side::Long).min(units);
		let change = units - shut - sold;
		let inactive = Options::series(id)
			.is_some_and(|series| self.inactive.get(&series.underlying) == Some(&true));
		let may = Self::is_live(id) && (change <= 0 || !inactive);
		let done = self.book.trade(id, buyer, seller, units);
		assert_eq!(done.is_ok(), may, "{done:?}");
		if may {
			*self.open.entry(id).or_default() += change;
		}
	}

	fn end(&mut self, id: SeriesId, who: u8, side: Side, units: i128, whole: u64) {
		let open = self.open.get(&id).copied().unwrap_or(0);
		let units = units.min(self.book.held(id, who, side)).min(open);
		let done = self.book.end_against_all(id, who, side, units, price(whole));
		assert_eq!(done.is_ok(), Self::is_live(id), "{done:?}");
		if done.is_ok() {
			*self.open.entry(id).or_default() -= units;
		}
	}

	fn finish(&mut self, id: SeriesId) {
		let state = Options::series(id).map(|series| series.state);
		if let Some(SeriesState::Settled { .. }) = state {
			let left = self.book.finish(id).unwrap();
			assert!(!left.is_negative());
			self.open.insert(id, 0);
		}
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
			let open = self.open.get(&id).copied().unwrap_or(0);
			assert_eq!(Options::open_interest(id), Quantity::from_inner(open));
			assert!(
				self.book.sum(id, Side::Long) <= open && open <= self.book.sum(id, Side::Short)
			);
			if stored.state == SeriesState::Live {
				let total = totals.entry(series.underlying).or_default();
				*total = total.checked_add(Quantity::from_inner(open)).unwrap();
			}
		}
		for id in [BTC, ETH] {
			assert_eq!(OpenInterestOf::<Test>::get(id), totals.remove(&id).unwrap_or_default());
		}
		// Nothing that an account holds was removed, nor an epoch that it has not seen.
		let kept = |id: &SeriesId| SeriesOf::<Test>::contains_key(id);
		assert!(self.open.iter().all(|(id, open)| *open == 0 || kept(id)));
		assert!(self.book.positions.keys().all(|(id, _)| kept(id)));
		assert!(EndedEpochs::<Test>::iter_keys().all(|(id, _)| kept(&id)));
	}
}

proptest! {
	#![proptest_config(cases(150))]

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
