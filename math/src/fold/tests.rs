use super::*;

mod histories;

const ONE: u128 = 1_000_000_000_000_000_000;

fn contracts(whole: u128) -> u128 {
	whole * ONE
}

/// A side with one position, and the ends of its epochs.
struct Book {
	side: Side,
	ended: Vec<Ended>,
}

impl Book {
	fn new(direction: Direction) -> Self {
		Self { side: Side::new(direction), ended: Vec::new() }
	}

	fn open(&mut self, quantity: u128) -> Position {
		self.side = self.side.traded(quantity, 0).unwrap();
		self.side.position(quantity)
	}

	fn take(&mut self, taken: u128, amount: u128) -> Event {
		let event = self.side.event(taken, amount).unwrap();
		self.side = event.side;
		self.ended.extend(event.ended);
		event
	}

	fn touch(&mut self, position: &mut Position) -> Folded {
		let (side, folded) =
			self.side.touch(position, |epoch| self.ended.get(epoch as usize).copied()).unwrap();
		self.side = side;
		*position = side.position(folded.quantity);
		folded
	}
}

#[test]
fn a_quarter_taken_is_a_quarter_of_everybody() {
	for direction in [Direction::Long, Direction::Short] {
		let mut book = Book::new(direction);
		let (mut a, mut b) = (book.open(contracts(30)), book.open(contracts(10)));
		let event = book.take(contracts(10), contracts(500));
		assert_eq!((event.money, event.ended), (contracts(5_000), None));
		assert_eq!(book.side.total, contracts(30));
		// 1 - 1/4 and 96 bits: exact, so nothing is rounded.
		let folded = book.touch(&mut a);
		assert_eq!((folded.quantity, folded.money), (contracts(45) / 2, contracts(3_750)));
		let folded = book.touch(&mut b);
		assert_eq!((folded.quantity, folded.money), (contracts(15) / 2, contracts(1_250)));
		assert_eq!(book.side.due, 0);
		// Touched once more, nothing happens.
		assert_eq!(book.touch(&mut a), Folded { quantity: a.quantity, money: 0, steps: 0 });
	}
}

#[test]
fn who_comes_later_has_no_part_in_what_was_before() {
	let mut book = Book::new(Direction::Long);
	let mut early = book.open(contracts(4));
	book.take(contracts(2), contracts(100));
	let mut late = book.open(contracts(2));
	book.take(contracts(1), contracts(40));
	let (first, second) = (book.touch(&mut early), book.touch(&mut late));
	assert_eq!((first.quantity, first.money), (contracts(3) / 2, contracts(220)));
	assert_eq!((second.quantity, second.money), (contracts(3) / 2, contracts(20)));
}

#[test]
fn all_taken_ends_the_epoch_and_the_next_begins_at_one() {
	let mut book = Book::new(Direction::Short);
	let mut old = book.open(contracts(7));
	book.take(contracts(3), contracts(10));
	let event = book.take(contracts(4), contracts(20));
	assert_eq!(event.ended.map(|end| end.survival), Some(0));
	assert_eq!(book.side.index, Index::start_of(1));
	let mut new = book.open(contracts(5));
	let folded = book.touch(&mut old);
	assert_eq!((folded.quantity, folded.steps), (0, 1));
	// 3/7 is not binary: the short pays a unit more, and it is the house's.
	assert_eq!(folded.money, contracts(110) + 1);
	assert_eq!(book.side.due, -1);
	assert_eq!(book.touch(&mut new).quantity, contracts(5));
}

#[test]
fn a_position_goes_through_the_epochs_that_have_ended() {
	for direction in [Direction::Long, Direction::Short] {
		let mut book = Book::new(direction);
		let mut position = book.open(1 << 90);
		// 2^-30 is not yet the end, 2^-33 is: 2^-3 of what is left then is taken in no epoch.
		assert_eq!(book.take((1 << 90) - (1 << 60), 0).ended, None);
		assert!(book.take((1 << 60) - (1 << 57), 0).ended.is_some());
		assert!(book.take((1 << 57) - (1 << 20), ONE).ended.is_some());
		book.take(1 << 19, 2 * ONE);
		let folded = book.touch(&mut position);
		assert_eq!((folded.quantity, folded.steps), (1 << 19, 2));
		assert_eq!(folded.money, (1 << 57) - (1 << 20) + (1 << 20));
		assert_eq!((book.side.due, book.side.total), (0, 1 << 19));
	}
}

/// Two shorts of half a unit each are a unit each, and the side's total is one unit: if one unit were
/// nothing at the end of the epoch, the total would exceed what the shorts hold.
#[test]
fn a_short_of_half_a_unit_is_not_forgotten_at_an_epochs_end() {
	let mut book = Book::new(Direction::Short);
	let (mut a, mut b) = (book.open(ONE), book.open(ONE));
	assert!(book.take(2 * ONE - 1, 0).ended.is_some());
	assert_eq!((book.touch(&mut a).quantity, book.touch(&mut b).quantity), (1, 1));
	assert_eq!(book.side.total, 1);
}

/// A unit is followed through one whole epoch more, then it is nothing.
#[test]
fn a_short_of_one_unit_ends() {
	let mut book = Book::new(Direction::Short);
	let mut dust = book.open(1);
	for _ in 0..50 {
		book.open((1 << 60) - book.side.total);
		assert!(book.take((1 << 60) - 1, 1_000 * ONE).ended.is_some());
	}
	let folded = book.touch(&mut dust);
	assert_eq!((folded.quantity, folded.steps), (0, 1));
	assert_eq!(folded.money, 1_000 + 1, "what it owes and a unit");
}

/// The statement of the module's documentation: below 2^91 units, the first end and three more for a
/// long, four more for a short, however late in its epoch it came.
#[test]
fn steps_are_few_from_any_start() {
	for (direction, most) in [(Direction::Long, 4), (Direction::Short, 5)] {
		let mut book = Book::new(direction);
		book.open(1 << 80);
		// Just above 2^-32, so that the first end takes next to nothing.
		book.take((1 << 80) - (1 << 48) - (1 << 20), 0);
		let mut position = book.open((1 << 91) - 1);
		book.take(book.side.total >> 11, ONE);
		for _ in 0..12 {
			let most_of_it = book.side.total - (book.side.total >> 32);
			book.take(most_of_it, ONE);
			book.open(1 << 90);
		}
		assert!(book.ended.len() >= 12);
		let folded = book.touch(&mut position);
		assert_eq!(folded.quantity, 0);
		assert!(folded.steps <= most, "{direction:?}: {} steps", folded.steps);
	}
}

#[test]
fn the_largest_numbers_fit_or_are_refused() {
	let mut book = Book::new(Direction::Long);
	let mut position = book.open(u128::MAX);
	assert_eq!(book.side.traded(1, 0), Err(MathError::Overflow));
	assert_eq!(book.side.event(u128::MAX, ONE), Err(MathError::Overflow), "more than an i128");
	book.take(u128::MAX / 3, 1);
	let folded = book.touch(&mut position);
	assert!(book.side.total - folded.quantity < 1 << 33, "2^-96 of 2^128, and a unit");
	// An amount of 2^127 - 1 units on a contract.
	let mut book = Book::new(Direction::Short);
	let mut position = book.open(ONE);
	let event = book.take(ONE, i128::MAX as u128);
	assert_eq!(event.money, i128::MAX as u128);
	assert_eq!(book.side.event(0, 1).map(|event| event.money), Ok(0));
	assert_eq!(book.touch(&mut position).money, i128::MAX as u128);
	assert_eq!(book.side.due, 0);
}

#[test]
fn what_cannot_be_is_refused() {
	let mut book = Book::new(Direction::Long);
	let position = book.open(ONE);
	assert_eq!(book.side.event(ONE + 1, 0), Err(MathError::OutOfDomain));
	assert_eq!(book.side.traded(0, ONE + 1), Err(MathError::OutOfDomain));
	let ahead = Position { index: Index::start_of(1), ..position };
	assert_eq!(book.side.fold(&ahead, |_| None), Err(MathError::OutOfDomain));
	book.take(ONE / 2, 7);
	let now = book.side.position(1);
	let before = Side { index: Index::start_of(0), ..book.side };
	assert_eq!(before.fold(&now, |_| None), Err(MathError::OutOfDomain), "a payout never falls");
	book.take(ONE / 2, 7);
	assert_eq!(book.side.fold(&position, |_| None), Err(MathError::OutOfDomain), "end unknown");
	let nothing = Position { quantity: 0, ..position };
	assert_eq!(book.side.fold(&nothing, |_| None), Ok(Folded::default()));
}
