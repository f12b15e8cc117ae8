//! Eras go by, and everybody pays out and claims what they like, against a model in another arithmetic.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const VALIDATORS: [u64; 3] = [ALICE, BOB, CAROL];
const NOMINATORS: [u64; 7] = [10, 11, 12, 13, 14, 15, 16];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
	Earn(i128),
	/// The era ends with these points, stakes and commissions of the validators.
	Era(Vec<(u32, u128, u32)>, Vec<u128>),
	Payout {
		back: u32,
		validator: usize,
		page: u32,
	},
	Claim(usize),
	Block,
}

fn act() -> impl Strategy<Value = Act> {
	let validator = (0u32..50, 0u128..1_000, 0u32..=100);
	prop_oneof![
		3 => (1i128..1_000_000_000_000_000_000_000).prop_map(Act::Earn),
		3 => (prop::collection::vec(validator, 3), prop::collection::vec(0u128..1_000, 7))
			.prop_map(|(validators, stakes)| Act::Era(validators, stakes)),
		10 => (0u32..6, 0usize..3, 0u32..3)
			.prop_map(|(back, validator, page)| Act::Payout { back, validator, page }),
		3 => (0usize..10).prop_map(Act::Claim),
		2 => Just(Act::Block),
	]
}

/// What the pallet should do, by fractions.
#[derive(Default)]
struct Model {
	/// Pots by era, and what of each was paid.
	pots: BTreeMap<EraIndex, (i128, i128)>,
	paid: BTreeSet<(EraIndex, u64, u32)>,
	/// What everybody was owed in all, at most, in millionths of a unit; and how often.
	due: BTreeMap<u64, (i128, i128)>,
	claimed: BTreeMap<u64, i128>,
}

impl Model {
	/// `amount x share`, in millionths of a unit, for shares given as a fraction. Rounded down.
	fn part(amount: i128, fraction: &[(u128, u128)]) -> i128 {
		let (mut number, mut over) = (amount as u128, 1u128);
		for (numerator, denominator) in fraction {
			number *= numerator;
			over *= denominator;
		}
		(number / over * 1_000_000 + number % over * 1_000_000 / over) as i128
	}

	fn owe(&mut self, who: u64, due: i128) {
		let entry = self.due.entry(who).or_default();
		entry.0 += due;
		entry.1 += 1;
	}

	/// A page that the pallet paid.
	fn pay(&mut self, era: EraIndex, validator: u64, page: u32) {
		assert!(self.paid.insert((era, validator, page)), "paid twice");
		let (amount, _) = self.pots[&era];
		let all = points(era);
		let total_points = all.iter().map(|(_, points)| u128::from(*points)).sum::<u128>();
		let own_points = all.iter().find(|(who, _)| *who == validator).unwrap().1;
		let (own, nominators) = stake(era, validator).unwrap();
		let total = own + nominators.iter().map(|(_, stake)| stake).sum::<u128>();
		let commission = u128::from(commission_of(era, validator));
		let earned = (u128::from(own_points), total_points);
		let on_page: Vec<_> =
			nominators.chunks(PAGE as usize).nth(page as usize).unwrap_or_default().to_vec();
		let own = if page == 0 { own } else { 0 };
		let page_total = own + on_page.iter().map(|(_, stake)| stake).sum::<u128>();
		let kept = Self::part(amount, &[earned, (commission, 100), (page_total, total)]);
		let rest = |stake| Self::part(amount, &[earned, (100 - commission, 100), (stake, total)]);
		self.owe(validator, kept + rest(own));
		for (nominator, stake) in on_page {
			self.owe(nominator, rest(stake));
		}
	}
}

fn commission_of(era: EraIndex, validator: u64) -> u32 {
	use ballast_mocks::MockStaking;
	use ballast_traits::InspectStaking;
	let commission = <MockStaking as InspectStaking<u64>>::commission(era, &validator);
	(commission.into_inner() / percent(1).into_inner()) as u32
}

/// The era is over, having been like this.
fn end_era(validators: &[(u32, u128, u32)], stakes: &[u128]) {
	let era = era();
	let pairs = VALIDATORS.iter().zip(validators);
	set_points(era, pairs.clone().map(|(who, (points, ..))| (*who, *points)).collect());
	for (place, (who, (_, own, commission))) in pairs.enumerate() {
		// Each validator has other nominators: seven, four, one.
		let chosen = NOMINATORS.iter().zip(stakes).skip(3 * place);
		let nominators = chosen.map(|(nominator, stake)| (*nominator, *stake)).collect();
		set_stake(era, *who, *own, nominators);
		set_commission(era, *who, percent(*commission));
	}
	next_era();
}

fn apply(model: &mut Model, act: &Act) {
	match act {
		Act::Earn(amount) => earn(Usd::from_inner(*amount)),
		Act::Block => {
			next_block();
		}
		Act::Era(validators, stakes) => {
			let (ended, free) =
				(era(), cash(STAKERS).checked_sub(Reserved::<Test>::get()).unwrap());
			end_era(validators, stakes);
			let earned = validators.iter().any(|(points, ..)| *points > 0);
			let closes = earned && free >= usd(1);
			assert_eq!(Pots::<Test>::get(ended).map(|pot| pot.amount), closes.then_some(free));
			if closes {
				model.pots.insert(ended, (free.into_inner(), 0));
			}
		}
		Act::Payout { back, validator, page } => {
			let (era, who) = (era().saturating_sub(*back), VALIDATORS[*validator]);
			let before = Reserved::<Test>::get();
			let unpaid = |era| Pots::<Test>::get(era).map(|pot| pot.unpaid.into_inner());
			let pot = unpaid(era);
			if frame_support::storage::with_storage_layer(|| pay(era, who, *page)).is_ok() {
				assert!((1..=KEPT).contains(back), "{act:?}");
				model.pay(era, who, *page);
				let paid = pot.unwrap() - unpaid(era).unwrap();
				model.pots.get_mut(&era).unwrap().1 += paid;
			}
			assert_eq!(Reserved::<Test>::get(), before);
		}
		Act::Claim(who) => {
			let who = *VALIDATORS.iter().chain(&NOMINATORS).nth(*who).unwrap();
			let (had, due) = (cash(who), owed(who));
			let claimed = Revenue::claim(by(EVE), who).is_ok();
			assert_eq!(claimed, due.is_positive());
			assert_eq!(cash(who), had.checked_add(due).unwrap());
			assert_eq!(owed(who), usd(0));
			*model.claimed.entry(who).or_default() += due.into_inner();
		}
	}
}

/// What the pallet has against what it should have.
fn compare(model: &Model, act: &Act) {
	for who in VALIDATORS.iter().chain(&NOMINATORS) {
		let (due, times) = model.due.get(who).copied().unwrap_or_default();
		let got = cash(*who).checked_add(owed(*who)).unwrap().into_inner() * 1_000_000;
		// Each payment has at most five divisions, each of which rounds down by less than a unit; of the
		// commission it rounds what is left for stakers up.
		let (most, least) = (due + times * 1_000_000, due - times * 5_000_000);
		assert!((least..=most).contains(&got), "{act:?}: {who}");
		let claimed = model.claimed.get(who).copied().unwrap_or_default();
		assert_eq!(cash(*who).into_inner(), claimed, "{act:?}: {who}");
	}
	for (era, (amount, paid)) in &model.pots {
		assert!(paid <= amount, "{act:?}: {era}");
	}
	let everybody = VALIDATORS.iter().chain(&NOMINATORS).map(|who| cash(*who).into_inner());
	let all = everybody.sum::<i128>() + cash(STAKERS).into_inner() + cash(HOUSE).into_inner();
	assert_eq!(all, 0, "{act:?}: money was made or lost");
	Revenue::do_try_state().unwrap_or_else(|error| panic!("{act:?}: {error:?}"));
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

	#[test]
	fn everybody_gets_its_share_once(acts in prop::collection::vec(act(), 1..120)) {
		execute(|| {
			let mut model = Model::default();
			for act in &acts {
				apply(&mut model, act);
				compare(&model, act);
			}
			// In the end everything that is owed can be claimed, and what expires is shared again.
			for who in 0..VALIDATORS.len() + NOMINATORS.len() {
				apply(&mut model, &Act::Claim(who));
			}
			assert!(Owed::<Test>::iter().next().is_none());
			for _ in 0..=KEPT + 1 {
				set_points(era(), vec![]);
				next_era();
			}
			for _ in 0..6 {
				next_block();
			}
			assert_eq!(Reserved::<Test>::get(), usd(0));
			assert!(Pots::<Test>::iter().next().is_none());
			compare(&model, &Act::Block);
		});
	}
}
