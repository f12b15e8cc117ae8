//! A liquidation that can be blocked must never exist: from every failing state some step succeeds
//! and strictly reduces the shortfall, no bid lowers the buffered excess, and no money appears or
//! vanishes on the way.

use crate::{mock::*, Auctions, Error, Pallet, Stage};
use ballast_primitives::{params::LiquidationRules, Ratio, UnderlyingId, Usd};
use ballast_traits::InspectAccounts;
use frame_support::{
	assert_noop, assert_ok, dispatch::DispatchResult, traits::Hooks, weights::Weight,
};
use proptest::{collection::vec, prelude::*};

/// A book with up to five legs, of any value of either sign, whose equity is this share of the
/// maintenance requirement, in millionths.
#[derive(Clone, Debug)]
struct Failing {
	legs: Vec<(i128, i128, bool)>,
	level: i128,
}

fn amount() -> impl Strategy<Value = i128> {
	(1i128..1_000_000, 0u32..20).prop_map(|(digits, scale)| digits * 10i128.pow(scale))
}

fn failing() -> impl Strategy<Value = Failing> {
	let leg = (amount(), any::<bool>(), amount(), any::<bool>()).prop_map(
		|(value, is_short, requirement, is_collateral)| {
			(if is_short && !is_collateral { -value } else { value }, requirement, is_collateral)
		},
	);
	(vec(leg, 1..5), -2_000_000i128..1_000_000).prop_map(|(legs, level)| Failing { legs, level })
}

impl Failing {
	fn book(&self) -> Book {
		let legs: Vec<Leg> = (1u16..)
			.zip(&self.legs)
			.map(|(underlying, (value, requirement, is_collateral))| Leg {
				underlying: UnderlyingId(underlying),
				is_collateral: *is_collateral,
				value: Usd::from_inner(*value),
				requirement: Usd::from_inner(*requirement),
			})
			.collect();
		let requirement = sum(legs.iter().map(|leg| leg.requirement)).into_inner();
		let value = sum(legs.iter().map(|leg| leg.value)).into_inner();
		// Below the requirement by one unit at least.
		let equity = requirement / 1_000_000 * self.level - 1;
		Book { cash: Usd::from_inner(equity - value), legs, expired: Usd::ZERO }
	}

	fn ext(&self) -> ExtBuilder {
		let mut builder = ExtBuilder::default().with(ALICE, self.book());
		for (who, book) in &mut builder.books {
			if [BOB, POOL].contains(who) {
				book.cash = Usd::from_inner(10i128.pow(36));
			}
		}
		builder
	}
}

/// `E - (1 + b) M` as the auction sees it.
fn buffered_excess() -> Usd {
	let auction = auction_of(ALICE);
	let standing =
		Pallet::<Test>::standing(&ALICE, &auction, &LiquidationRules::default()).unwrap();
	standing.buffered_excess().unwrap()
}

/// Starts the auction; a solvent account that lacks no more than dust of its buffer has none.
fn start() -> bool {
	let started = Liquidation::liquidate(RuntimeOrigin::signed(KEEPER), ALICE);
	if started.is_err() {
		assert_noop!(started, Error::<Test>::NotLiquidatable);
		assert_resolved();
	}
	started.is_ok()
}

fn try_bid(share: Ratio) -> DispatchResult {
	let last_bid = auction_of(ALICE).last_bid;
	let limit = Usd::from_inner(i128::MAX);
	Liquidation::bid(RuntimeOrigin::signed(BOB), ALICE, share, limit, last_bid)
}

fn bid(share: Ratio) {
	assert_ok!(try_bid(share));
}

/// A share of a book of a few units may move nothing, and is refused by name; the whole is not.
fn bid_for_a_part(share: Ratio) {
	let Err(refusal) = try_bid(share) else { return };
	if refusal == Error::<Test>::ShareTooSmall.into() {
		return bid(Ratio::ONE);
	}
	let names = [Error::<Test>::NothingToSell.into(), Error::<Test>::NoImprovement.into()];
	assert!(names.contains(&refusal), "{refusal:?}");
	let requirement = Ledger::health(&ALICE).unwrap().maintenance;
	assert!(requirement < Usd::from_inner(1_000), "more than dust was refused: {requirement:?}");
	bid(Ratio::ONE);
}

/// Equity and requirement do not contradict what an ended auction means.
fn assert_resolved() {
	let health = Ledger::health(&ALICE).unwrap();
	let rules = LiquidationRules::default();
	let least = health.maintenance.times_floor(Ratio::from_percent(115)).unwrap();
	let least = least.checked_sub(rules.dust).unwrap();
	assert!(health.equity >= least, "{health:?}");
	assert!(!health.equity.is_negative(), "{health:?}");
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(400))]

	#[test]
	fn one_bid_resolves_any_failing_account(state in failing(), elapsed in 0u64..9_000) {
		state.ext().build_and_execute(|| {
			if !start() {
				return;
			}
			wait(elapsed);
			let total = Ledger::total_cash();
			bid(Ratio::ONE);
			assert!(!Auctions::<Test>::contains_key(ALICE));
			assert_resolved();
			assert_eq!(Ledger::total_cash(), total);
		});
	}

	#[test]
	fn every_bid_raises_the_buffered_excess(
		state in failing(), parts in vec((10_000u32..=1_000_000, 0u64..2_000), 1..8),
	) {
		state.ext().build_and_execute(|| {
			if !start() {
				return;
			}
			let total = Ledger::total_cash();
			for (part, seconds) in parts {
				wait(seconds);
				if !Auctions::<Test>::contains_key(ALICE) {
					break;
				}
				let before = buffered_excess();
				bid_for_a_part(Ratio::from_inner(u128::from(part) * 1_000_000_000_000));
				if Auctions::<Test>::contains_key(ALICE) {
					assert!(buffered_excess() > before);
				} else {
					assert_resolved();
				}
			}
			assert_eq!(Ledger::total_cash(), total);
		});
	}

	/// Nobody but the chain: no keeper, no worker, no bidder.
	#[test]
	fn the_chain_resolves_any_failing_account_by_itself(state in failing()) {
		state.ext().build_and_execute(|| {
			PoolCapacity::put(Usd::from_inner(i128::MAX));
			let total = Ledger::total_cash();
			Liquidation::on_idle(1, Weight::MAX);
			if !Auctions::<Test>::contains_key(ALICE) {
				assert_resolved();
				return;
			}
			wait(LiquidationRules::default().takeover_after);
			Liquidation::on_idle(2, Weight::MAX);
			assert!(!Auctions::<Test>::contains_key(ALICE));
			assert_resolved();
			assert_eq!(Ledger::total_cash(), total);
		});
	}

	/// While some prices are unusable: if the account fails even in the best case and something
	/// usable carries risk, a bid succeeds and brings it closer.
	#[test]
	fn unusable_prices_do_not_block_the_rest(state in failing(), unusable in 1usize..4) {
		state.ext().build_and_execute(|| {
			if !start() {
				return;
			}
			let dark: Vec<UnderlyingId> = (1u16..).map(UnderlyingId).take(unusable).collect();
			Unusable::put(&dark);
			let auction = auction_of(ALICE);
			let standing =
				Pallet::<Test>::standing(&ALICE, &auction, &LiquidationRules::default()).unwrap();
			let is_light = |leg: &Leg| !dark.contains(&leg.underlying);
			if standing.stage() != Stage::Open || !Books::get(ALICE).legs.iter().any(is_light) {
				return;
			}
			let total = Ledger::total_cash();
			let before = buffered_excess();
			bid(Ratio::ONE);
			if Auctions::<Test>::contains_key(ALICE) {
				assert!(buffered_excess() > before);
			}
			assert_eq!(Ledger::total_cash(), total);
			// And with the prices back it comes to its end.
			Unusable::kill();
			if !Auctions::<Test>::contains_key(ALICE) {
				return;
			}
			let over = Liquidation::end_auction(RuntimeOrigin::signed(KEEPER), ALICE);
			if over.is_err() {
				bid(Ratio::ONE);
			}
			assert!(!Auctions::<Test>::contains_key(ALICE));
			assert_resolved();
		});
	}

	/// A keeper that refuses money and a fund without any do not matter.
	#[test]
	fn no_receiver_can_block_it(state in failing(), elapsed in 0u64..9_000) {
		state.ext().build_and_execute(|| {
			if !start() {
				return;
			}
			Refusing::put(vec![KEEPER]);
			Books::mutate(FUND, |book| book.cash = Usd::ZERO);
			wait(elapsed);
			bid(Ratio::ONE);
			assert_resolved();
		});
	}
}
