//! Random histories of one series against exact numbers: trades, exercise against the shorts,
//! deleveraging of the longs, touches, settlement. `FOLD_HISTORIES` sets how many (250 by default),
//! `FOLD_SEED` which.

use super::{
	book::Book,
	exact::{Exact, Wide},
	from_environment,
};
use crate::{mock::*, EndedEpochs, SeriesOf, RETENTION};
use ballast_mocks::MockParameters;
use ballast_primitives::{
	params::UnderlyingRisk, OptionKind, Price, Quantity, SeriesId, Side, Usd,
};
use ballast_traits::InspectSeries;
use frame_support::assert_ok;

const ONE: i128 = 1_000_000_000_000_000_000;
const ACCOUNTS: u8 = 6;
const STEPS: usize = 60;

/// SplitMix64: the same histories everywhere.
struct Random(u64);

impl Random {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut z = self.0;
		z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	}

	/// In 0..bound; 0 if there is nothing below the bound.
	fn below(&mut self, bound: i128) -> i128 {
		let wide = ((u128::from(self.next()) << 64) | u128::from(self.next())) >> 1;
		wide.checked_rem(bound.unsigned_abs()).map_or(0, |rest| rest as i128)
	}

	/// In 1..=bound, any number of digits as likely as any other.
	fn any_size(&mut self, bound: i128) -> i128 {
		let bits = 127 - bound.leading_zeros();
		let size = self.below(i128::from(bits) + 1) as u32;
		(1 + self.below(bound) % (1i128 << size)).min(bound)
	}

	/// How much is taken of what is held: anything, or nearly all, so that epochs end.
	fn part(&mut self, held: i128) -> i128 {
		match self.below(8) {
			_ if held == 0 => 0,
			0 | 1 => held,
			2 => held - self.any_size(held),
			3 => held - (held >> 33),
			4 => held - (held >> 31),
			_ => self.any_size(held),
		}
	}
}

/// Sizes of what happens in a history.
struct Scale {
	/// Units of one trade, at most.
	quantity: i128,
	/// Money per contract, at most, in whole units.
	amount: i128,
}

/// A series on the chain, the positions in it, and what they would be without rounding.
struct History {
	id: SeriesId,
	book: Book,
	long: Exact,
	short: Exact,
	open: i128,
	/// Money of all folds of each side.
	money: [i128; 2],
	touches: i128,
	folds: i128,
}

impl History {
	fn new() -> Self {
		let exact = || Exact::new(ACCOUNTS.into());
		Self {
			id: list(OptionKind::Call, 8_000, EXPIRY),
			book: Book::default(),
			long: exact(),
			short: exact(),
			open: 0,
			money: [0; 2],
			touches: 0,
			folds: 0,
		}
	}

	fn held(&self, who: u8, side: Side) -> i128 {
		self.book.held(self.id, who, side)
	}

	fn exact(&mut self, side: Side) -> &mut Exact {
		match side {
			Side::Long => &mut self.long,
			Side::Short => &mut self.short,
		}
	}

	fn trade(&mut self, buyer: u8, seller: u8, units: i128) {
		let shut = self.held(buyer, Side::Short).min(units);
		let sold = self.held(seller, Side::Long).min(units);
		assert_ok!(self.book.trade(self.id, buyer, seller, units));
		self.short.change(buyer, -shut);
		self.long.change(buyer, units - shut);
		self.long.change(seller, -sold);
		self.short.change(seller, units - sold);
		self.open += units - shut - sold;
		self.touches += 2;
	}

	/// `who` ends units of its own on `side` against everybody on the other.
	fn end(&mut self, who: u8, side: Side, units: i128, amount: i128) {
		let price = Price::from_inner(amount.unsigned_abs());
		let money = self.book.end_against_all(self.id, who, side, units, price);
		let open = self.open;
		self.exact(side).change(who, -units);
		if units > 0 {
			self.exact(side.other()).take(units, open, price.into_inner());
		}
		self.open -= units;
		self.money[side.other() as usize] += money.unwrap().into_inner();
		self.touches += 1;
		self.folds += 1;
	}

	fn step(&mut self, random: &mut Random, scale: &Scale) {
		let who = random.below(ACCOUNTS.into()) as u8;
		let other = (who + 1 + random.below(i128::from(ACCOUNTS) - 1) as u8) % ACCOUNTS;
		let amount = random.below(scale.amount * ONE + 1);
		match random.below(10) {
			0..=4 => {
				// One time in four as much as closes one of the two.
				let whole = self.held(who, Side::Short).max(self.held(other, Side::Long));
				let units = random.any_size(scale.quantity);
				let closes = random.below(4) == 0 && whole > 0;
				self.trade(who, other, if closes { whole } else { units });
			}
			5..=7 => {
				let units = random.part(self.held(who, Side::Long));
				self.end(who, Side::Long, units, amount);
			}
			8 => {
				let held = self.held(who, Side::Short).min(self.open);
				let units = random.part(held);
				self.end(who, Side::Short, units, amount);
			}
			_ => {
				assert_ok!(self.book.touch(self.id, who));
				self.touches += 1;
			}
		}
	}

	/// Money that all touches of a side have brought.
	fn brought(&self, side: Side) -> i128 {
		let brought = self.book.brought.iter().filter(|((_, of, _), _)| *of == side);
		brought.map(|(_, money)| money).sum()
	}

	fn check(&self) {
		let sides = Options::sides(self.id);
		assert_eq!(sides.long.total, Quantity::from_inner(self.open));
		assert_eq!(sides.short.total, Quantity::from_inner(self.open));
		assert_eq!(Options::open_interest_of(BTC), Quantity::from_inner(self.open));
		assert!(self.long.sum().is(self.open) && self.short.sum().is(self.open));
		let (longs, shorts) =
			(self.book.sum(self.id, Side::Long), self.book.sum(self.id, Side::Short));
		assert!(longs <= self.open, "longs {longs} of {}", self.open);
		assert!(shorts >= self.open, "shorts {shorts} of {}", self.open);
		let brought = |side| self.brought(side);
		let [longs, shorts] = self.money;
		let dues = (longs - brought(Side::Long)) - (shorts - brought(Side::Short));
		assert_eq!(Options::dues(), Ok(Usd::from_inner(dues)));
		for side in [Side::Long, Side::Short] {
			let positions = self.book.positions.values();
			let held = positions.filter(|held| Side::of(held.quantity) == side).count();
			assert_eq!(sides.side(side).holders as usize, held);
		}
		assert_ok!(Options::do_try_state());
	}

	/// Each account beside the exact one. A touch may cost a unit of quantity and a unit of money in each
	/// of six steps, and one for a short that is given up; a fold 2^-64 of all that there was.
	fn compare(&self, scale: &Scale) {
		// The view of an account is a touch more.
		let rounded = (self.touches + 1) * 6;
		let all = scale.quantity * STEPS as i128;
		let quantity = rounded + self.folds * (all >> 63) + 1;
		let money =
			rounded * (scale.amount + 2) + ((self.folds * (all >> 20) * scale.amount) >> 43) + 1;
		for who in 0..ACCOUNTS {
			let at = usize::from(who);
			let brought = |side| self.book.brought.get(&(self.id, side, who)).copied().unwrap_or(0);
			let due = self.book.view(self.id, who).1.into_inner();
			let stored = self.book.positions.get(&(self.id, who));
			let side = stored.map_or(Side::Long, |position| Side::of(position.quantity));
			let now = |of| brought(of) + if side == of { due } else { 0 };
			for (is, exact, bound) in [
				(self.held(who, Side::Long), self.long.quantity[at], quantity),
				(now(Side::Long), self.long.money[at], money),
			] {
				let above = Wide::units(is).minus(exact.high);
				assert!(above.next_to_nothing(), "long {who}: {is} above {exact:?}");
				assert!(exact.low.at_most(is + bound), "long {who}: {is} below {exact:?}");
			}
			for (is, exact, bound) in [
				(self.held(who, Side::Short), self.short.quantity[at], quantity),
				(now(Side::Short), self.short.money[at], money),
			] {
				let below = exact.low.minus(Wide::units(is));
				assert!(below.next_to_nothing(), "short {who}: {is} below {exact:?}");
				let above = exact.high.minus(Wide::units(is - bound));
				assert!(above.not_below_zero(), "short {who}: {is} above {exact:?}");
			}
		}
	}

	/// Everybody is settled: what is left is the house's, to the unit, and nothing of the series stays.
	fn finish(mut self) -> usize {
		set_now(EXPIRY);
		set_settlement(BTC, EXPIRY, 9_000);
		idle();
		let epochs = EndedEpochs::<Test>::iter_prefix(self.id).count();
		let traded = SeriesOf::<Test>::contains_key(self.id);
		if !traded {
			return epochs;
		}
		let house = self.book.finish(self.id).unwrap().into_inner();
		let sum = |side| self.brought(side);
		let [longs, shorts] = self.money;
		assert_eq!(house, (longs - sum(Side::Long)) + (sum(Side::Short) - shorts));
		assert!(longs >= sum(Side::Long) && sum(Side::Short) >= shorts, "the house loses");
		set_now(EXPIRY + RETENTION);
		(0..=epochs / 32 + 1).for_each(|_| {
			idle();
		});
		assert_eq!(SeriesOf::<Test>::count(), 0);
		assert_eq!(EndedEpochs::<Test>::iter().count(), 0);
		epochs
	}
}

/// Runs histories and returns the most epochs that ended in one.
fn run(histories: u64, seed: u64, scale: &Scale) -> usize {
	let seed = seed.wrapping_mul(from_environment("FOLD_SEED", 1));
	let one = |history: u64| {
		let mut epochs = 0;
		ExtBuilder::default().build_and_execute(|| {
			MockParameters::mock_underlying(|_| {
				let open_interest_cap = contracts(1_000_000_000);
				Some(UnderlyingRisk { open_interest_cap, ..UnderlyingRisk::btc() })
			});
			let mut random = Random(seed.wrapping_add(history << 20));
			let mut history = History::new();
			for _ in 0..STEPS {
				history.step(&mut random, scale);
				history.check();
			}
			history.compare(scale);
			epochs = history.finish();
		});
		epochs
	};
	(0..histories).map(one).max().unwrap_or(0)
}

/// A series as it is: up to a thousand contracts a trade, up to 100,000 of money per contract.
#[test]
fn histories_of_a_series_agree_with_exact_numbers() {
	let scale = Scale { quantity: 1_000 * ONE, amount: 100_000 };
	let histories = from_environment("FOLD_HISTORIES", 250);
	let epochs = run(histories, 1, &scale);
	println!("{histories} histories of {STEPS} steps, at most {epochs} ended epochs");
	assert!(epochs >= 3, "the histories reach ended epochs: {epochs}");
}

/// Quantities of a few units: every rounding is as large as what is rounded.
#[test]
fn histories_of_dust_agree_with_exact_numbers() {
	let scale = Scale { quantity: 40, amount: 1_000_000 };
	let epochs = run(from_environment("FOLD_HISTORIES", 250) / 2, 2, &scale);
	assert!(epochs >= 3, "the histories reach ended epochs: {epochs}");
}
