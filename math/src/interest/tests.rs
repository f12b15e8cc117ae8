use super::*;
use num_bigint::BigUint;
use proptest::prelude::*;

const YEAR: u64 = YEAR_SECONDS;
const CENTURY: u64 = 100;

fn percent(value: u128) -> u128 {
	value * ONE / 100
}

/// 2% at rest, 8% at the kink of 80%, 150% at full use; a tenth is margin.
fn terms() -> Terms {
	let rate = Kinked::new(percent(80), percent(2), percent(8), percent(150)).unwrap();
	Terms { rate, margin: percent(10) }
}

fn totals(debt: u128, credit: u128) -> Totals {
	Totals { debt: debt * ONE, credit: credit * ONE }
}

#[test]
fn a_year_at_the_kink_costs_its_rate_and_earns_the_rest() {
	let year = accrue(&Indexes::ONE, &totals(800, 1_000), &terms(), YEAR).unwrap();
	assert_eq!((year.interest, year.margin), (64 * ONE, 64 * ONE / 10));
	assert_eq!(year.earned, 64 * ONE / 10 * 9);
	let cash = |cash: i128| year.indexes.cash(cash * ONE as i128, &Indexes::ONE).unwrap();
	// 8% and 5.76%: neither is binary, each is rounded by at most a unit for the house.
	assert_eq!(cash(-800) + 864 * ONE as i128, -1);
	assert_eq!(cash(1_000) - 10_576 * (ONE / 10) as i128, -1);
	assert_eq!(cash(0), 0);
}

#[test]
fn use_beyond_the_kink_is_dear_and_full_use_dearest() {
	let rate = |debt| {
		let year = accrue(&Indexes::ONE, &totals(debt, 1_000), &terms(), YEAR).unwrap();
		year.interest / debt * 100 / ONE
	};
	assert_eq!([rate(400), rate(800), rate(900), rate(1_000), rate(2_000)], [5, 8, 79, 150, 150]);
}

#[test]
fn nobody_who_lends_means_that_all_interest_is_margin() {
	let year = accrue(&Indexes::ONE, &totals(10, 0), &terms(), YEAR).unwrap();
	assert_eq!((year.interest, year.margin, year.earned), (15 * ONE, 15 * ONE, 0));
	assert_eq!(year.indexes.supply, Index::ONE);
	let idle = accrue(&Indexes::ONE, &totals(0, 10), &terms(), YEAR).unwrap();
	assert_eq!((idle.interest, idle.indexes.supply), (0, Index::ONE));
}

#[test]
fn parts_that_are_no_index_are_refused() {
	assert_eq!(Index::from_parts(INDEX_ONE, 3).map(Index::parts), Some((INDEX_ONE, 3)));
	assert_eq!(Index::from_parts(INDEX_ONE - 1, 0), None);
	assert_eq!(Index::from_parts(INDEX_ONE * 2, 0), None);
	let later = Index::ONE.grown_floor(1).unwrap();
	assert_eq!(Index::ONE.amount_floor(5, later), Err(MathError::OutOfDomain));
	let greedy = Terms { margin: ONE + 1, ..terms() };
	assert_eq!(accrue(&Indexes::ONE, &totals(1, 1), &greedy, 1), Err(MathError::OutOfDomain));
}

#[test]
fn an_amount_overflows_only_where_it_must() {
	let grown = Index::from_parts(INDEX_ONE, 127).unwrap();
	assert_eq!(grown.amount_floor(1, Index::ONE), Ok(1 << 127));
	assert_eq!(grown.amount_floor(0, Index::ONE), Ok(0));
	assert_eq!(grown.amount_ceil(2, Index::ONE), Err(MathError::Overflow));
	let since = Index::from_parts(INDEX_ONE * 3 / 2, 0).unwrap();
	assert_eq!(grown.amount_ceil(1, since), Ok(u128::MAX / 3 + 1));
	let deep = Indexes { borrow: grown, supply: grown };
	assert_eq!(deep.cash(1, &Indexes::ONE), Err(MathError::Overflow));
	assert_eq!(deep.cash(-1, &Indexes::ONE), Ok(i128::MIN));
}

/// A hundred years of hourly accruals at 150% grow to e^150 times one (a bit less, hourly), at the
/// largest rate of a curve by far more: no overflow, never a fall.
#[test]
fn a_century_at_the_cap_does_not_overflow() {
	for (rate, doublings) in [(percent(150), 216..=216), (percent(10_000), 14_000..=14_427)] {
		let growth = growth_ceil(rate, 3_600).unwrap();
		let (mut low, mut high) = (Index::ONE, Index::ONE);
		for _ in 0..CENTURY * YEAR / 3_600 {
			let (next_low, next_high) =
				(low.grown_floor(growth).unwrap(), high.grown_ceil(growth).unwrap());
			assert!(next_low.amount_ceil(ONE, low).unwrap() >= ONE, "never falls");
			assert!(next_high.amount_floor(ONE, high).unwrap() >= ONE, "never falls");
			(low, high) = (next_low, next_high);
		}
		assert!(doublings.contains(&low.doublings), "{}", low.doublings);
		// Rounded down and up all the way they are less than 1e-22 apart.
		let gap = high.amount_ceil(1 << 100, low).unwrap() - (1 << 100);
		assert!(gap < 1 << 27, "{gap} 2^-100");
	}
}

/// 150% a year: e^1.5 = 4.48168907 without end, and accruals of three minutes are within 4e-6 of it.
#[test]
fn accruals_compound() {
	let growth = growth_ceil(percent(150), 180).unwrap();
	let mut index = Index::ONE;
	for _ in 0..YEAR / 180 {
		index = index.grown_ceil(growth).unwrap();
	}
	let year = index.amount_floor(1_000_000_000, Index::ONE).unwrap();
	assert!((4_481_660_000..4_481_689_070).contains(&year), "{year}");
}

/// A market of some accounts: their cash, and the indexes at which it was brought up to date.
#[derive(Clone)]
struct Market {
	indexes: Indexes,
	totals: Totals,
	margin: u128,
	accounts: Vec<(i128, Indexes)>,
}

impl Market {
	fn new(cash: &[i128]) -> Self {
		let sum = |sign: i128| -> u128 {
			cash.iter().filter(|c| **c * sign > 0).map(|c| c.unsigned_abs()).sum()
		};
		Self {
			indexes: Indexes::ONE,
			totals: Totals { debt: sum(-1), credit: sum(1) },
			margin: 0,
			accounts: cash.iter().map(|cash| (*cash, Indexes::ONE)).collect(),
		}
	}

	fn accrue(&mut self, terms: &Terms, elapsed: u64) {
		let accrual = accrue(&self.indexes, &self.totals, terms, elapsed).unwrap();
		assert_eq!(accrual.interest, accrual.earned + accrual.margin);
		self.indexes = accrual.indexes;
		self.totals = accrual.totals;
		self.margin += accrual.margin;
	}

	fn cash(&self, who: usize) -> i128 {
		let (cash, since) = &self.accounts[who];
		self.indexes.cash(*cash, since).unwrap()
	}

	fn touch(&mut self, who: usize) {
		self.accounts[who] = (self.cash(who), self.indexes);
	}

	fn all(&self) -> Vec<i128> {
		(0..self.accounts.len()).map(|who| self.cash(who)).collect()
	}
}

fn any_cash() -> impl Strategy<Value = i128> {
	(any::<bool>(), 0u32..90, any::<u128>()).prop_map(|(owes, shift, bits)| {
		let magnitude = ((bits >> 38) >> shift) as i128;
		if owes {
			-magnitude
		} else {
			magnitude
		}
	})
}

fn any_terms() -> impl Strategy<Value = Terms> {
	(1u128..100, 0u128..=1_000, 0u128..=1_000, 0u128..=1_000, 0u128..=100).prop_map(
		|(kink, a, b, c, margin)| {
			let mut rates = [percent(a), percent(b), percent(c)];
			rates.sort_unstable();
			let rate = Kinked::new(percent(kink), rates[0], rates[1], rates[2]).unwrap();
			Terms { rate, margin: percent(margin) }
		},
	)
}

/// Time, and which account is touched after it.
fn any_steps() -> impl Strategy<Value = Vec<(u64, usize)>> {
	prop::collection::vec((0u64..5_000_000, any::<usize>()), 1..20)
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

	/// Over all accounts: what is owed has grown by at least what is held and the margin.
	#[test]
	fn borrowers_pay_at_least_what_is_earned_and_the_margin(
		cash in prop::collection::vec(any_cash(), 1..6), terms in any_terms(), steps in any_steps(),
	) {
		let mut market = Market::new(&cash);
		for (elapsed, who) in steps {
			let before = market.indexes;
			market.accrue(&terms, elapsed);
			prop_assert!(market.indexes.supply.amount_floor(ONE, before.supply).is_ok(), "fell");
			prop_assert!(market.indexes.borrow.amount_floor(ONE, before.borrow).is_ok(), "fell");
			market.touch(who % cash.len());
			let now = market.all();
			let surplus = cash.iter().sum::<i128>() - now.iter().sum::<i128>();
			prop_assert!(surplus >= market.margin as i128, "{surplus} < {}", market.margin);
			let debts: i128 = now.iter().filter(|c| **c < 0).sum();
			let credits: i128 = now.iter().filter(|c| **c > 0).sum();
			prop_assert!(market.totals.debt as i128 <= -debts);
			prop_assert!(market.totals.credit as i128 >= credits);
		}
	}

	/// To be brought up to date often never gains: a balance is at most, a debt at least, what one
	/// touch at the end gives, and the difference is a unit a touch, grown like the rest.
	#[test]
	fn touching_often_never_profits(
		cash in any_cash(), terms in any_terms(), times in prop::collection::vec(0u64..5_000_000, 1..20),
		other in 1u128..1 << 90,
	) {
		let mut market = Market::new(&[cash, other as i128, -(other as i128 / 2)]);
		let mut patient = market.clone();
		for elapsed in &times {
			market.accrue(&terms, *elapsed);
			patient.accrue(&terms, *elapsed);
			market.touch(0);
		}
		let (often, once) = (market.cash(0), patient.cash(0));
		prop_assert!(often <= once);
		let grown = market.indexes.borrow.amount_ceil(times.len() as u128, Indexes::ONE.borrow).unwrap();
		prop_assert!(once - often <= grown as i128 + 1, "{often} {once}");
	}

	/// An accrual in two parts at the same rate: a borrower owes no less than after one, and more by no
	/// more than compounding: half the square of rate x time.
	#[test]
	fn splitting_an_accrual_never_profits_a_borrower(
		debt in 1u128..1 << 90, rate in 0u128..1_000, a in 0u64..5_000_000, b in 0u64..5_000_000,
	) {
		let owed = |index: Index| index.amount_ceil(debt, Index::ONE).unwrap();
		let grow = |index: Index, time| index.grown_ceil(growth_ceil(percent(rate), time).unwrap()).unwrap();
		let (whole, parts) = (owed(grow(Index::ONE, a + b)), owed(grow(grow(Index::ONE, a), b)));
		// Growth of the whole is rounded up once: it may be a unit of 2^-96 above that of the parts.
		prop_assert!(parts + 1 + (debt >> 95) >= whole, "{parts} < {whole}");
		let product = BigUint::from(percent(rate)) * percent(rate) * a * b * debt;
		let over = BigUint::from(ONE) * ONE * YEAR * YEAR;
		let compound = u128::try_from(product / over).unwrap();
		prop_assert!(parts - whole.min(parts) <= compound + 2 + (debt >> 93), "{parts} {whole}");
	}

	/// The growth of an index is exact to one part in 2^96.
	#[test]
	fn an_index_is_rounded_once(mantissa in INDEX_ONE..2 * INDEX_ONE, growth in 0u128..1 << 120) {
		let index = Index::from_parts(mantissa, 5).unwrap();
		let exact = BigUint::from(mantissa) * (BigUint::from(INDEX_ONE) + growth);
		let parts = |index: Index| (BigUint::from(index.mantissa) << 96u32) << (index.doublings - 5);
		let (low, high) = (parts(index.grown_floor(growth).unwrap()), parts(index.grown_ceil(growth).unwrap()));
		prop_assert!(low <= exact && exact <= high);
		prop_assert!((&high - &low) << 95u32 <= exact, "{low} {high}");
	}
}
