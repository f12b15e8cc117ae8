//! Random histories of one series against exact rationals: trades, exercise against the shorts,
//! deleveraging of the longs. `FOLD_HISTORIES` sets how many (6,000 by default), `FOLD_SEED` which.

use super::*;
use num_bigint::{BigInt, BigUint};

const ACCOUNTS: usize = 6;
const STEPS: usize = 80;

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

	fn below(&mut self, bound: u128) -> u128 {
		if bound == 0 {
			return 0;
		}
		(((self.next() as u128) << 64) | self.next() as u128) % bound
	}

	/// In 1..=bound, any number of digits as likely as any other.
	fn any_size(&mut self, bound: u128) -> u128 {
		let bits = 128 - bound.leading_zeros();
		let size = self.below(u128::from(bits)) as u32;
		(1 + self.below(bound) % (2u128 << size)).min(bound)
	}
}

/// A fraction that is never reduced: numerators of all accounts over one denominator.
struct Exact {
	quantity: Vec<BigInt>,
	quantity_over: BigInt,
	money: Vec<BigInt>,
	money_over: BigInt,
}

impl Exact {
	fn new() -> Self {
		let zeros = || vec![BigInt::from(0); ACCOUNTS];
		Self {
			quantity: zeros(),
			quantity_over: BigInt::from(1),
			money: zeros(),
			money_over: BigInt::from(1),
		}
	}

	fn change(&mut self, who: usize, by: &BigInt) {
		self.quantity[who] += by * &self.quantity_over;
	}

	/// Everybody loses `taken / total` and gains the amount (in units per unit of quantity, times 1e18)
	/// on it.
	fn event(&mut self, taken: u128, total: u128, amount: u128) {
		let (taken, total, amount) =
			(BigInt::from(taken), BigInt::from(total), BigInt::from(amount));
		let factor = &taken * &amount;
		let quantity_over = &self.quantity_over * &total;
		// money_over is kept a multiple of quantity_over: one more `total` each.
		let scale = &self.money_over / &self.quantity_over;
		for (money, quantity) in self.money.iter_mut().zip(&mut self.quantity) {
			*money = &*money * &total + &*quantity * &factor * &scale;
			*quantity *= &total - &taken;
		}
		self.money_over *= &total;
		self.quantity_over = quantity_over;
		if self.quantity.iter().all(|quantity| *quantity == BigInt::from(0)) {
			self.quantity_over = BigInt::from(1);
		}
	}

	/// Money so far in units of 2^-64 of 1e-18, towards minus infinity.
	fn money_in(&self, who: usize) -> BigInt {
		let over = &self.money_over * BigInt::from(ONE);
		let scaled = &self.money[who] << 64u32;
		let rest = ((&scaled % &over) + &over) % &over;
		(scaled - rest) / over
	}

	fn total_is(&self, total: u128) -> bool {
		self.quantity.iter().sum::<BigInt>() == &self.quantity_over * BigInt::from(total)
	}
}

/// One side as the chain keeps it, beside the exact one.
struct Ledger {
	book: Book,
	positions: Vec<Position>,
	money: Vec<i128>,
	exact: Exact,
	touches: i128,
	events: i128,
	most_steps: u32,
}

impl Ledger {
	fn new(direction: Direction) -> Self {
		let book = Book::new(direction);
		let positions = vec![book.side.position(0); ACCOUNTS];
		Self {
			book,
			positions,
			money: vec![0; ACCOUNTS],
			exact: Exact::new(),
			touches: 0,
			events: 0,
			most_steps: 0,
		}
	}

	fn touch(&mut self, who: usize) -> u128 {
		let folded = self.book.touch(&mut self.positions[who]);
		self.money[who] += folded.money as i128;
		self.most_steps = self.most_steps.max(folded.steps);
		self.touches += 1 + i128::from(folded.steps);
		folded.quantity
	}

	fn trade(&mut self, opener: usize, opened: u128, closer: usize, closed: u128) {
		self.positions[opener].quantity += opened;
		self.positions[closer].quantity -= closed;
		self.book.side = self.book.side.traded(opened, closed).unwrap();
		self.exact.change(opener, &BigInt::from(opened));
		self.exact.change(closer, &-BigInt::from(closed));
	}

	fn event(&mut self, taken: u128, amount: u128) {
		let total = self.book.side.total;
		if taken > 0 {
			self.exact.event(taken, total, amount);
			self.book.take(taken, amount);
			self.events += 1;
		}
	}

	/// Views of all positions added up.
	fn folded(&self) -> u128 {
		let end = |epoch: u32| self.book.ended.get(epoch as usize).copied();
		self.positions.iter().map(|p| self.book.side.fold(p, end).unwrap().quantity).sum()
	}
}

/// Sizes of what happens in a history.
struct Scale {
	/// Contracts of one trade, at most, in units.
	quantity: u128,
	/// Money per contract, at most, in units.
	amount: u128,
}

/// What a history has shown at its worst.
#[derive(Debug, Default)]
struct Worst {
	/// Largest error of an account's money, in units.
	error: f64,
	/// The same as a share of what the bound allows.
	of_bound: f64,
	/// Largest remainder of `due` on the house's side per touch and step, in units.
	due: f64,
	steps: u32,
	epochs: usize,
}

/// How much an event takes of `total`: anything, or nearly all, so that epochs end.
fn part(random: &mut Random, total: u128) -> u128 {
	match random.below(8) {
		0 => total,
		1 => total - random.any_size(total),
		2 => total - (total >> 33),
		3 => total - (total >> 31),
		_ => random.any_size(total),
	}
}

fn check(longs: &Ledger, shorts: &Ledger) {
	let open = longs.book.side.total;
	assert_eq!(open, shorts.book.side.total, "open interest");
	assert!(longs.folded() <= open, "longs {} of {open}", longs.folded());
	assert!(shorts.folded() >= open, "shorts {} of {open}", shorts.folded());
	assert!(longs.exact.total_is(open) && shorts.exact.total_is(open));
}

/// One thing happens: a trade, an exercise against the shorts, a deleveraging of the longs.
fn step(random: &mut Random, longs: &mut Ledger, shorts: &mut Ledger, scale: &Scale) {
	let who = random.below(ACCOUNTS as u128) as usize;
	let other = (who + 1 + random.below(ACCOUNTS as u128 - 1) as usize) % ACCOUNTS;
	let quantity = random.any_size(scale.quantity);
	let amount = random.below(scale.amount + 1);
	match random.below(10) {
		0..=4 => {
			// `who` buys from `other`; each closes first, all of it one time in four.
			let short = shorts.touch(who);
			let long = longs.touch(other);
			let quantity = if random.below(4) == 0 { short.max(long).max(1) } else { quantity };
			longs.touch(who);
			shorts.touch(other);
			let (shut, sold) = (short.min(quantity), long.min(quantity));
			longs.trade(who, quantity - shut, other, sold);
			shorts.trade(other, quantity - sold, who, shut);
		}
		5..=7 => {
			let held = longs.touch(who);
			let taken = part(random, held).min(held);
			longs.trade(who, 0, who, taken);
			shorts.event(taken, amount);
		}
		8 => {
			let held = shorts.touch(who).min(shorts.book.side.total);
			let taken = part(random, held).min(held);
			shorts.trade(who, 0, who, taken);
			longs.event(taken, amount);
		}
		_ => {
			longs.touch(who);
			shorts.touch(who);
		}
	}
}

/// The sweep at the end, and every account's money beside the exact one.
fn compare(ledger: &mut Ledger, scale: &Scale, worst: &mut Worst) {
	(0..ACCOUNTS).for_each(|who| {
		ledger.touch(who);
	});
	let house = match ledger.book.side.direction {
		Direction::Long => 1,
		Direction::Short => -1,
	};
	// Per touch and step: a unit of quantity at the largest amount, a unit of money, and a unit for a
	// short that is given up. Per event: 2^-63 of all that was ever open at once.
	let unit = scale.amount as f64 / ONE as f64;
	let all = scale.quantity as f64 / ONE as f64 * STEPS as f64 * scale.amount as f64;
	let bound = ledger.touches as f64 * (unit + 2.0) + ledger.events as f64 * all / 2f64.powi(63);
	for who in 0..ACCOUNTS {
		let chain = BigInt::from(ledger.money[who]) << 64u32;
		let gap: BigInt = (ledger.exact.money_in(who) - chain) * house;
		// `money_in` is rounded down: one unit of 2^-64.
		assert!(gap >= BigInt::from(-1), "account {who} gains {gap} 2^-64 from rounding");
		let error = gap.to_string().parse::<f64>().unwrap() / 2f64.powi(64);
		assert!(error <= bound, "account {who} loses {error} of at most {bound} units");
		worst.error = worst.error.max(error);
		worst.of_bound = worst.of_bound.max(error / bound);
	}
	let left = ledger.book.side.due * i128::from(house);
	assert!(left >= 0, "due {left} is not the house's");
	worst.due = worst.due.max(left as f64 / ledger.touches as f64);
	worst.steps = worst.steps.max(ledger.most_steps);
	worst.epochs = worst.epochs.max(ledger.book.ended.len());
}

fn run(histories: u64, seed: u64, scale: &Scale) -> Worst {
	let mut worst = Worst::default();
	for history in 0..histories {
		let mut random = Random(seed.wrapping_add(history << 20));
		let (mut longs, mut shorts) = (Ledger::new(Direction::Long), Ledger::new(Direction::Short));
		for _ in 0..STEPS {
			step(&mut random, &mut longs, &mut shorts, scale);
			check(&longs, &shorts);
		}
		compare(&mut longs, scale, &mut worst);
		compare(&mut shorts, scale, &mut worst);
	}
	worst
}

fn from_environment(name: &str, default: u64) -> u64 {
	std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A series as it is: up to a thousand contracts a trade, up to 100,000 of money per contract.
#[test]
fn histories_of_a_series_agree_with_exact_rationals() {
	let scale = Scale { quantity: contracts(1_000), amount: contracts(100_000) };
	let histories = from_environment("FOLD_HISTORIES", 6_000);
	let worst = run(histories, from_environment("FOLD_SEED", 1), &scale);
	println!("{histories} histories of {STEPS} steps: {worst:?}");
	assert!(worst.steps >= 2 && worst.epochs >= 4, "the histories reach ended epochs: {worst:?}");
	assert!(worst.steps <= 5);
}

/// Quantities of a few units: every rounding is as large as what is rounded.
#[test]
fn histories_of_dust_agree_with_exact_rationals() {
	let scale = Scale { quantity: 40, amount: contracts(1_000_000) };
	let worst = run(from_environment("FOLD_HISTORIES", 6_000) / 4, 2, &scale);
	println!("dust: {worst:?}");
}

/// A million contracts a trade.
#[test]
fn histories_of_a_large_series_agree_with_exact_rationals() {
	let scale = Scale { quantity: contracts(1_000_000), amount: contracts(100_000) };
	let worst = run(from_environment("FOLD_HISTORIES", 6_000) / 4, 3, &scale);
	println!("large: {worst:?}");
}

/// The products of a payout are exact: against integers of any width.
#[test]
fn a_payout_is_exact_until_it_is_rounded() {
	let mut random = Random(5);
	for _ in 0..20_000 {
		let survival = SURVIVAL_LEAST + random.below(SURVIVAL_ONE - SURVIVAL_LEAST + 1);
		let amount = random.any_size(i128::MAX as u128);
		let quantity = random.any_size(u128::MAX >> 1);
		let part = 1 + random.below(survival);
		let payout = Payout::ZERO.checked_add_product(part, amount).unwrap();
		let sum = payout.checked_add_product(survival - part, amount).unwrap();
		assert_eq!(sum.since(payout), Payout::ZERO.checked_add_product(survival - part, amount));
		let wide = BigUint::from(part) * amount * quantity;
		let over = BigUint::from(survival) * ONE;
		let floor = &wide / &over;
		let ceil = (&wide + &over - 1u32) / &over;
		let fits = |exact: BigUint| u128::try_from(exact).map_err(|_| MathError::Overflow);
		assert_eq!(payout.money(quantity, survival, Direction::Long), fits(floor));
		assert_eq!(payout.money(quantity, survival, Direction::Short), fits(ceil));
	}
}
