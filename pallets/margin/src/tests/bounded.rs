//! Books whose loss is bounded need no more than that, and what net shorts add.

use crate::mock::*;
use ballast_primitives::{
	AccountStatus, OptionKind, Price, Quantity, Ratio, ScanRange, SeriesId, SurfaceQuote, Usd,
	Volatility,
};
use ballast_traits::MutateAccounts;
use proptest::prelude::*;

const HIGH_PUT: SeriesId = SeriesId(20);
const MIDDLE_CALL: SeriesId = SeriesId(21);

type Book = Vec<(SeriesId, i64)>;

fn list() {
	Listed::insert(HIGH_PUT, series(ON_BTC, OptionKind::Put, 11_000));
	Listed::insert(MIDDLE_CALL, series(ON_BTC, OptionKind::Call, 10_500));
}

/// Sold and bought to and from the pool for nothing.
fn open(book: &Book) {
	for (id, quantity) in book {
		let (buyer, seller) = if *quantity > 0 { (ALICE, POOL) } else { (POOL, ALICE) };
		trade(buyer, seller, *id, quantity.abs(), 0);
	}
}

/// The least that the book pays at expiry, over kinks and far beyond them.
fn least(book: &Book) -> i128 {
	let spots = [0, 1, 5_000, 9_999, 10_000, 10_250, 10_500, 10_750, 11_000, 12_000, 1_000_000];
	let pays = |spot: u64| -> i128 {
		let leg = |(id, quantity): &(SeriesId, i64)| {
			let payoff = Listed::get(*id).unwrap().payoff(Price::from_int(spot)).unwrap();
			i128::from(*quantity) * payoff.into_inner() as i128
		};
		book.iter().map(leg).sum()
	};
	spots.into_iter().map(pays).min().unwrap()
}

/// Initial margin above the true greatest loss, and the contingency of net shorts, in units.
fn above(book: &Book) -> (i128, i128) {
	let parts = Margin::requirement_view(&ALICE).unwrap();
	let [part] = parts.as_slice() else { panic!("one underlying") };
	let loss = (part.options.into_inner() - least(book)).max(0);
	let shorts = part.contingency_maintenance.into_inner() + part.contingency_initial.into_inner();
	assert_eq!(health(ALICE).initial, part.initial);
	(part.initial.into_inner() - loss, shorts)
}

fn books() -> [(&'static str, Book, i64); 5] {
	let the_box = vec![(CALL, 1), (HIGH_CALL, -1), (PUT, -1), (HIGH_PUT, 1)];
	let call_spread = vec![(CALL, 1), (HIGH_CALL, -1)];
	let short_spread = vec![(CALL, -1), (HIGH_CALL, 1)];
	let put_spread = vec![(PUT, 1), (HIGH_PUT, -1)];
	let butterfly = vec![(CALL, 1), (MIDDLE_CALL, -2), (HIGH_CALL, 1)];
	// With the contracts that are short.
	[
		("box", the_box, 2),
		("call spread", call_spread, 1),
		("short call spread", short_spread, 1),
		("put spread", put_spread, 1),
		("butterfly", butterfly, 2),
	]
}

#[test]
fn a_box_a_spread_and_a_butterfly_need_their_greatest_loss_and_the_contingency_of_shorts() {
	for (name, book, shorts) in books() {
		build_and_execute(|| {
			list();
			deposit(ALICE, 100_000);
			deposit(POOL, 100_000);
			open(&book);
			let (above, contingency) = above(&book);
			println!("{name}: IM {:?}, above the greatest loss {above}", health(ALICE).initial);
			assert!(above <= contingency, "{name}: {above} > {contingency}");
			// 0.3% and 0.5% of 10,000 a short contract, no more (but for the binary rate: 1e-15).
			let most = i128::from(shorts) * 80 * 1_000_000_000_000_000_000 + 1_000;
			assert!(contingency <= most, "{name}: {contingency}");
		});
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn so_they_do_at_any_price_and_volatility(
		which in 0usize..5,
		size in 1i64..20,
		spot in 3_000u64..30_000,
		percent in 10u32..300,
	) {
		new_test_ext().execute_with(|| {
			list();
			deposit(ALICE, 100_000_000);
			deposit(POOL, 100_000_000);
			let (_, book, _) = books()[which].clone();
			let book: Book = book.into_iter().map(|(id, quantity)| (id, quantity * size)).collect();
			Markets::mutate(ON_BTC, |state| {
				let state = state.as_mut().unwrap();
				state.spot = Price::from_int(spot);
				state.volatility = SurfaceQuote::flat(Volatility::from_percent(percent));
			});
			open(&book);
			let (above, contingency) = above(&book);
			// The kernel's numbers are binary: 1e-12 dollars.
			prop_assert!(above <= contingency + 1_000_000, "{} > {}", above, contingency);
			prop_assert!(!health(ALICE).maintenance.is_negative());
			prop_assert!(held(ALICE, CALL) != Quantity::ZERO || held(ALICE, PUT) != Quantity::ZERO);
			prop_assert!(Usd::ZERO <= health(ALICE).initial);
			Ok(())
		})?;
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	/// However the products are rounded: a scenario that takes all of the value takes no more.
	#[test]
	fn units_alone_never_need_more_than_their_value(
		quantity in 1i128..100_000_000_000_000_000_000_000,
		spot in 1u128..1_000_000_000_000_000_000_000_000,
	) {
		build_and_execute(|| {
			let all = Ratio::ONE;
			Markets::mutate(ON_BTC, |state| {
				let state = state.as_mut().unwrap();
				state.spot = Price::from_inner(spot);
				state.scan = ScanRange { maintenance: all, initial: all };
			});
			coins(ALICE, 10_000_000);
			Margin::transfer_units(&ALICE, &BOB, BTC, Quantity::from_inner(quantity)).unwrap();
			let health = health(BOB);
			assert_eq!(health.status, AccountStatus::Safe, "{health:?}");
			let [part] = &Margin::requirement_view(&BOB).unwrap()[..] else { panic!("one") };
			assert!(part.greatest_loss <= Some(part.collateral), "{part:?}");
			assert!(part.initial <= part.collateral && part.maintenance <= part.initial);
		});
	}
}
