//! Random histories of one series on the ledger beside exact fractions per account: trades, early exercise
//! against the shorts, deleveraging of either side, touches, settlement. `LEDGER_HISTORIES` sets how
//! many (100 by default), `LEDGER_SEED` which.

use crate::mock::*;
use ballast_primitives::{params::UnderlyingRisk, Price, Quantity, Usd};
use ballast_traits::MutateAccounts;
use num_bigint::BigInt;

const PEOPLE: [u64; 5] = [ALICE, BOB, CAROL, DAVE, POOL];
const ONE: u128 = 1_000_000_000_000_000_000;
/// Greatest price of the underlying, in dollars.
const SPOT_MOST: u64 = 14_000;

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
		(((self.next() as u128) << 64) | self.next() as u128) % bound.max(1)
	}

	/// In 1..=bound, any number of digits as likely as any other.
	fn any_size(&mut self, bound: u128) -> u128 {
		let size = self.below(u128::from(128 - bound.leading_zeros())) as u32;
		(1 + self.below(bound) % (2u128 << size)).min(bound)
	}

	/// All of it, nearly all of it, or any part.
	fn part(&mut self, whole: u128) -> u128 {
		match self.below(6) {
			0 => whole,
			1 => whole - self.any_size(whole).min(whole - 1),
			2 => (whole - (whole >> 33)).max(1),
			_ => self.any_size(whole),
		}
	}
}

/// One side of the series in fractions that are never reduced, of all accounts over one denominator.
struct Exact {
	quantity: Vec<BigInt>,
	quantity_over: BigInt,
	money: Vec<BigInt>,
	money_over: BigInt,
}

impl Exact {
	fn new() -> Self {
		let zeros = || vec![BigInt::from(0); PEOPLE.len()];
		let one = || BigInt::from(1);
		Self { quantity: zeros(), quantity_over: one(), money: zeros(), money_over: one() }
	}

	fn change(&mut self, who: usize, by: i128) {
		self.quantity[who] += BigInt::from(by) * &self.quantity_over;
	}

	/// Everybody loses `taken / total` and is brought `amount` a contract on it.
	fn event(&mut self, taken: u128, total: u128, amount: u128) {
		let (taken, total, amount) =
			(BigInt::from(taken), BigInt::from(total), BigInt::from(amount));
		let factor = &taken * &amount;
		// money_over stays a multiple of quantity_over: one more `total` each.
		let scale = &self.money_over / &self.quantity_over;
		for (money, quantity) in self.money.iter_mut().zip(&mut self.quantity) {
			*money = &*money * &total + &*quantity * &factor * &scale;
			*quantity *= &total - &taken;
		}
		self.quantity_over *= &total;
		self.money_over *= &total;
	}

	/// What folds have brought, and what the contracts that are left pay, in 2^-64 of a unit.
	fn worth(&self, who: usize, payoff: u128) -> BigInt {
		let brought = (&self.money[who] << 64u32) / (&self.money_over * BigInt::from(ONE));
		let paid = (&self.quantity[who] * BigInt::from(payoff)) << 64u32;
		brought + paid / (&self.quantity_over * BigInt::from(ONE))
	}

	fn is(&self, total: u128) -> bool {
		self.quantity.iter().sum::<BigInt>() == &self.quantity_over * BigInt::from(total)
	}
}

struct History {
	random: Random,
	long: Exact,
	short: Exact,
	/// Cash of every account without folds and settlement, in 2^-64 of a unit.
	cash: Vec<BigInt>,
	touches: u32,
	folds: u32,
}

fn inner(quantity: Quantity) -> i128 {
	quantity.into_inner()
}

fn open() -> u128 {
	let sides = SidesOf::get(EARLY_CALL);
	assert_eq!(sides.long.total, sides.short.total);
	inner(sides.long.total) as u128
}

fn money(units: u128) -> BigInt {
	BigInt::from(units) << 64u32
}

impl History {
	fn new(seed: u64) -> Self {
		let unbounded = Quantity::from_int(1_000_000_000);
		let caps = UnderlyingRisk { position_cap: unbounded, ..UnderlyingRisk::btc() };
		// Histories are of any quantity.
		let caps = UnderlyingRisk { quantity_min: units(1), quantity_step: units(1), ..caps };
		Risks::insert(ON_BTC, caps);
		PEOPLE.iter().for_each(|who| deposit(*who, 900_000_000));
		let cash = vec![money(900_000_000 * ONE); PEOPLE.len()];
		let (long, short) = (Exact::new(), Exact::new());
		Self { random: Random(seed), long, short, cash, touches: 0, folds: 0 }
	}

	fn person(&mut self) -> usize {
		self.random.below(PEOPLE.len() as u128) as usize
	}

	/// An account's contracts go from what they are to `after`, without a fold.
	fn moved(&mut self, who: usize, before: i128, after: i128) {
		self.long.change(who, after.max(0) - before.max(0));
		self.short.change(who, (-after).max(0) - (-before).max(0));
	}

	fn trade(&mut self) {
		let (buyer, step) = (self.person(), self.random.below(PEOPLE.len() as u128 - 1) as usize);
		let seller = (buyer + 1 + step) % PEOPLE.len();
		let (a, b) = (PEOPLE[buyer], PEOPLE[seller]);
		let before = [inner(held(a, EARLY_CALL)), inner(held(b, EARLY_CALL))];
		let closing = (-before[0]).max(before[1]).max(1) as u128;
		let all = self.random.below(4) == 0;
		let quantity = if all { closing } else { self.random.any_size(30 * ONE) } as i128;
		let premium = self.random.below(1_000 * ONE);
		let paid = Usd::from_inner(premium as i128);
		Margin::trade(&a, &b, EARLY_CALL, units(quantity), paid).unwrap();
		self.moved(buyer, before[0], before[0] + quantity);
		self.moved(seller, before[1], before[1] - quantity);
		self.cash[buyer] -= money(premium);
		self.cash[seller] += money(premium);
		self.touches += 2;
	}

	/// `taken` contracts of an account end against the other side, which is `shorts` or not.
	fn fold(&mut self, who: usize, taken: u128, amount: u128, total: u128, shorts: bool) {
		let product = ((BigInt::from(taken) * BigInt::from(amount)) << 64u32) / BigInt::from(ONE);
		if shorts {
			self.long.change(who, -(taken as i128));
			self.short.event(taken, total, amount);
			self.cash[who] += product;
		} else {
			self.short.change(who, -(taken as i128));
			self.long.event(taken, total, amount);
			self.cash[who] -= product;
		}
		self.touches += 1;
		self.folds += 1;
	}

	fn spot(&mut self) -> Price {
		let spread = u128::from(SPOT_MOST - 10_000) * ONE;
		Price::from_inner(10_000 * ONE + 1 + self.random.below(spread))
	}

	fn exercise(&mut self) {
		let who = self.person();
		let most = inner(held(PEOPLE[who], EARLY_CALL)).max(0) as u128;
		if most == 0 {
			return;
		}
		let taken = self.random.part(most);
		let request = units(taken as i128);
		Margin::request_exercise(signed(PEOPLE[who]), EARLY_CALL, request).unwrap();
		let (total, spot) = (open(), self.spot());
		accept(0);
		Markets::mutate(ON_BTC, |state| state.as_mut().unwrap().spot = spot);
		next_block();
		let amount = spot.into_inner() - 10_000 * ONE;
		self.fold(who, taken, amount, total, true);
	}

	fn deleverage(&mut self) {
		let who = self.person();
		let position = inner(held(PEOPLE[who], EARLY_CALL));
		let total = open();
		let most = position.unsigned_abs().min(total);
		if most == 0 {
			return;
		}
		let taken = self.random.part(most);
		let amount = self.random.below(4_000 * ONE);
		let (quantity, price) = (units(taken as i128), Price::from_inner(amount));
		Margin::deleverage(&PEOPLE[who], EARLY_CALL, quantity, price).unwrap();
		self.fold(who, taken, amount, total, position > 0);
	}

	fn step(&mut self) {
		match self.random.below(10) {
			0..=4 => self.trade(),
			5..=6 => self.exercise(),
			7..=8 => self.deleverage(),
			_ => {
				let who = PEOPLE[self.person()];
				Margin::touch(&who).unwrap();
				self.touches += 1;
			}
		}
	}

	fn check(&self) {
		let total = open();
		assert!(self.long.is(total) && self.short.is(total), "open interest");
		Margin::do_try_state().unwrap();
	}

	/// Settles, sweeps, and returns the greatest error of an account's cash, in units, and as a share
	/// of what it may be.
	fn settle(mut self) -> (f64, f64) {
		let price = self.spot();
		settle_at(EARLY_CALL, price);
		sweep();
		Margin::do_try_state().unwrap();
		let payoff = price.into_inner() - 10_000 * ONE;
		self.touches += 4 * PEOPLE.len() as u32;
		// A touch loses at most a unit of the quantity, worth the greatest amount, and a unit of money, for
		// each of at most four epochs; 2^-63 of what was ever open is lost by each fold.
		let unit = f64::from((SPOT_MOST - 10_000) as u32);
		let bound = f64::from(self.touches) * 4.0 * (unit + 2.0)
			+ f64::from(self.folds) * (1.0 + 60.0 * 30.0 * unit * 1e18 / 2f64.powi(63));
		let mut worst = 0.0f64;
		for (who, id) in PEOPLE.iter().enumerate() {
			let account = Margin::load(id);
			assert!(!account.has_positions() && !account.cash().is_negative());
			let exact =
				&self.cash[who] + self.long.worth(who, payoff) - self.short.worth(who, payoff);
			let gap = exact - money(account.cash().into_inner() as u128);
			// Each of the fractions is rounded towards zero, once a fold.
			let slack = BigInt::from(4 + self.folds);
			assert!(gap >= -slack, "account {id} gains {gap} 2^-64 units by rounding");
			let error = gap.to_string().parse::<f64>().unwrap() / 2f64.powi(64);
			assert!(error <= bound, "account {id} loses {error} of at most {bound} units");
			worst = worst.max(error);
		}
		assert!(crate::Accounts::<Test>::iter_keys().all(|who| !Margin::load(&who).has_positions()));
		(worst, worst / bound)
	}
}

fn number(name: &str, otherwise: u64) -> u64 {
	std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn histories_of_folds_are_exact_but_for_roundings_that_are_the_houses() {
	let (histories, seed) = (number("LEDGER_HISTORIES", 100), number("LEDGER_SEED", 1));
	let (mut worst, mut share) = (0.0f64, 0.0f64);
	for history in 0..histories {
		new_test_ext().execute_with(|| {
			let mut history = History::new(seed.wrapping_mul(1_000_003).wrapping_add(history));
			for _ in 0..60 {
				history.step();
				history.check();
			}
			let (error, of_bound) = history.settle();
			(worst, share) = (worst.max(error), share.max(of_bound));
		});
	}
	println!("{histories} histories: greatest error {worst} units, {share} of the bound");
}
