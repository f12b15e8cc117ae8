//! Whatever people offer, accept and withdraw, while the market moves.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const PEOPLE: [u64; 4] = [ALICE, BOB, CAROL, DAVE];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
	/// At this share of the collar, which may lie outside of it.
	Offer {
		maker: u64,
		call: bool,
		side: Side,
		hundredths: i128,
		at: u32,
		to: Option<u64>,
		life: Moment,
	},
	/// This share of what is left, in per cent.
	Accept {
		taker: u64,
		nth: usize,
		part: i128,
	},
	Cancel {
		who: u64,
		nth: usize,
	},
	Clean {
		nth: usize,
	},
	Wait(Moment),
	Spot(u32),
	/// An account's margin is refused from now on, or is not.
	Margin(u64, bool),
	Deposit(u128),
}

fn person() -> impl Strategy<Value = u64> {
	prop::sample::select(PEOPLE.to_vec())
}

fn act() -> impl Strategy<Value = Act> {
	let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
	let to = prop::option::weighted(0.3, person());
	let offer = (person(), any::<bool>(), side, -10i128..2_000, 0u32..130, to, 0..9 * DAY)
		.prop_map(|(maker, call, side, hundredths, at, to, life)| Act::Offer {
			maker,
			call,
			side,
			hundredths,
			at,
			to,
			life,
		});
	prop_oneof![
		6 => offer,
		8 => (person(), 0usize..20, 0i128..110)
			.prop_map(|(taker, nth, part)| Act::Accept { taker, nth, part }),
		1 => (person(), 0usize..20).prop_map(|(who, nth)| Act::Cancel { who, nth }),
		1 => (0usize..20).prop_map(|nth| Act::Clean { nth }),
		2 => (1u64..2 * DAY).prop_map(Act::Wait),
		1 => (95u32..106).prop_map(Act::Spot),
		1 => (person(), any::<bool>()).prop_map(|(who, below)| Act::Margin(who, below)),
		1 => (0u128..60).prop_map(Act::Deposit),
	]
}

/// In a storage layer, as calls are. What is refused changes nothing.
fn call(what: impl FnOnce() -> DispatchResult) -> bool {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let done = frame_support::storage::with_storage_layer(what).is_ok();
	assert!(done || before == sp_io::storage::root(sp_runtime::StateVersion::V1));
	done
}

/// The number of the nth stored offer.
fn nth(nth: usize) -> OfferId {
	let ids: Vec<_> = Offers::<Test>::iter_keys().collect();
	ids.get(nth).or(ids.last()).copied().unwrap_or(OfferId::MAX)
}

/// What offers should be, kept by a few lines of another kind: number to (quantity left, deposit).
type Model = BTreeMap<OfferId, (i128, u128)>;

fn act_on(model: &mut Model, act: &Act) {
	match *act {
		Act::Offer { maker, call: is_call, side, hundredths: count, at, to, life } => {
			let series = if is_call { CALL } else { PUT };
			let collar = BlockTrades::collar(series).unwrap_or(Collar { low: FAIR, high: FAIR });
			let width = collar.high.checked_sub(collar.low).unwrap();
			let above = width.times_floor(Ratio::from_percent(at)).unwrap();
			let price = collar.low.checked_add(above).unwrap();
			let (id, deposit) = (NextOfferId::<Test>::get(), OfferDeposit::get());
			let (quantity, expires) = (hundredths(count), now() + life);
			let made =
				call(|| BlockTrades::offer(by(maker), series, side, quantity, price, to, expires));
			if made {
				model.insert(id, (quantity.into_inner(), deposit));
			}
		}
		Act::Accept { taker, nth: n, part } => {
			let id = nth(n);
			let left = Offers::<Test>::get(id).map_or(0, |offer| offer.quantity.into_inner());
			let step = hundredths(1).into_inner();
			let quantity = left / 100 * part / step * step;
			if call(|| BlockTrades::accept(by(taker), id, Quantity::from_inner(quantity))) {
				let entry = model.get_mut(&id).unwrap();
				entry.0 -= quantity;
				if entry.0 == 0 {
					model.remove(&id);
				}
			}
		}
		Act::Cancel { who, nth: n } => {
			let id = nth(n);
			if call(|| BlockTrades::cancel(by(who), id)) {
				model.remove(&id);
			}
		}
		Act::Clean { nth: n } => {
			let id = nth(n);
			if call(|| BlockTrades::clean(by(DAVE), id)) {
				model.remove(&id);
			}
		}
		Act::Wait(seconds) => {
			pass(seconds);
			System::reset_events();
			idle();
			for event in events() {
				let Event::OfferExpired { offer, .. } = event else { panic!("{event:?}") };
				model.remove(&offer);
			}
		}
		Act::Spot(percent) => set_spot(Ratio::from_percent(percent)),
		Act::Margin(who, below) => set_below_margin(who, below),
		Act::Deposit(deposit) => OfferDeposit::set(deposit),
	}
}

fn check(model: &Model, act: &Act) {
	BlockTrades::do_try_state().unwrap_or_else(|error| panic!("{act:?}: {error:?}"));
	let stored: Model = Offers::<Test>::iter()
		.map(|(id, offer)| (id, (offer.quantity.into_inner(), offer.deposit)))
		.collect();
	assert_eq!(&stored, model, "{act:?}");
	for series in [CALL, PUT] {
		let sum: i128 = PEOPLE.iter().map(|who| position(*who, series).into_inner()).sum();
		assert_eq!(sum, 0, "{act:?}");
	}
	let money: i128 = PEOPLE.iter().map(|who| cash(*who).into_inner()).sum();
	assert_eq!(money, 4 * usd(CASH).into_inner(), "{act:?}");
	for who in PEOPLE {
		assert_eq!(free(who) + held(who), NATIVE, "{act:?}");
		assert!(!cash(who).is_negative(), "{act:?}");
	}
	let held: u128 = PEOPLE.iter().map(|who| held(*who)).sum();
	assert_eq!(held, model.values().map(|(_, deposit)| deposit).sum::<u128>(), "{act:?}");
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn contracts_money_and_deposits_are_conserved(
		acts in prop::collection::vec(act(), 1..80)
	) {
		execute(|| {
			let mut model = Model::new();
			for act in &acts {
				act_on(&mut model, act);
				check(&model, act);
			}
			// Whatever happened, everybody can have their deposits back.
			for (id, offer) in Offers::<Test>::iter().collect::<Vec<_>>() {
				assert_ok!(BlockTrades::cancel(by(offer.maker), id));
			}
			assert!(PEOPLE.iter().all(|who| free(*who) == NATIVE));
		});
	}
}
