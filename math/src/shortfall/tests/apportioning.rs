use super::*;

/// Days on which both of two underlyings move.
fn shocks() -> impl Strategy<Value = [Vec<Shock>; 2]> {
	prop::collection::vec((any_shock(), any_shock()), DAYS_MIN..160).prop_map(|days| {
		[days.iter().map(|day| day.0).collect(), days.iter().map(|day| day.1).collect()]
	})
}

#[test]
fn what_is_left_over_goes_to_the_largest_remainders() {
	let mut parts = [10, 17, 19, 14].map(Part::new);
	apportion(6, 10, &mut parts).unwrap();
	assert_eq!(parts.map(|part| part.amount), [1, 2, 2, 1]);
	// Equal remainders: the first. More than one each: evenly.
	let mut parts = [5, 5, 5].map(Part::new);
	apportion(11, 10, &mut parts).unwrap();
	assert_eq!(parts.map(|part| part.amount), [4, 4, 3]);
	// Losses and gains.
	let mut parts = [-5, 25].map(Part::new);
	apportion(2, 10, &mut parts).unwrap();
	assert_eq!(parts.map(|part| part.amount), [0, 2]);
}

#[test]
fn an_amount_without_takers_is_refused() {
	assert_eq!(apportion(0, 1, &mut []), Ok(()));
	assert_eq!(apportion(1, 1, &mut []), Err(MathError::OutOfDomain));
	assert_eq!(apportion(1, 0, &mut [Part::new(1)]), Err(MathError::OutOfDomain));
	let most = &mut [Part::new(i128::MAX), Part::new(i128::MAX)];
	assert_eq!(apportion(1, 1, most), Err(MathError::Overflow));
}

#[test]
fn exposures_of_different_lengths_are_refused() {
	let book = Interpolant::new(&Grid::ZERO).unwrap();
	let (long, short) = ([Shock::default(); 101], [Shock::default(); 100]);
	let exposures =
		[Exposure { book: &book, shocks: &long }, Exposure { book: &book, shocks: &short }];
	assert_eq!(shortfall(&exposures), Err(MathError::OutOfDomain));
	let measured = shortfall(&exposures[..1]).unwrap();
	let mut none = [Part::default(); 2];
	assert_eq!(measured.contributions(&exposures[..1], &mut none), Err(MathError::OutOfDomain));
	let columns: [(Column, Q64); 0] = [];
	let refused = measured.contributions_of_series(&exposures[0], 0, &columns, &mut none);
	assert_eq!(refused, Err(MathError::OutOfDomain));
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

	#[test]
	fn parts_add_up_and_stray_by_less_than_a_unit(
		numerators in prop::collection::vec(-1i128 << 90..1i128 << 90, 1..20),
		denominator in 1i128..1 << 40,
	) {
		let sum: i128 = numerators.iter().sum();
		for total in [sum.div_euclid(denominator), -(-sum).div_euclid(denominator)] {
			let mut parts: Vec<Part> = numerators.iter().copied().map(Part::new).collect();
			apportion(total, denominator, &mut parts).unwrap();
			prop_assert_eq!(parts.iter().map(|part| part.amount).sum::<i128>(), total);
			for (part, numerator) in parts.iter().zip(&numerators) {
				let down = numerator.div_euclid(denominator);
				prop_assert!(part.amount == down || part.amount == down + 1);
			}
		}
	}

	#[test]
	fn ledger_shares_add_up(parts in prop::collection::vec(-1i128 << 100..1i128 << 100, 1..20)) {
		let sum: i128 = parts.iter().sum();
		let total = Q64::from_bits(sum).to_e18(Rounding::Ceil).unwrap();
		let mut shares: Vec<Part> = parts.iter().copied().map(Part::new).collect();
		ledger_shares(total, &mut shares).unwrap();
		prop_assert_eq!(shares.iter().map(|share| share.amount).sum::<i128>(), total);
		for (share, part) in shares.iter().zip(&parts) {
			let down = Q64::from_bits(*part).to_e18(Rounding::Floor).unwrap();
			prop_assert!(share.amount == down || share.amount == down + 1);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

	#[test]
	fn contributions_add_up_to_the_last_unit(a in book(), b in book(), shocks in shocks()) {
		let books = [&a, &b].map(|columns| Interpolant::new(&grid_of(columns)).unwrap());
		let exposures = [0, 1].map(|i: usize| Exposure { book: &books[i], shocks: &shocks[i] });
		let measured = shortfall(&exposures).unwrap();
		let mut shares = [Part::default(); 2];
		measured.contributions(&exposures, &mut shares).unwrap();
		let total = shares[0].amount + shares[1].amount;
		prop_assert_eq!(total, measured.expected_shortfall.to_bits());
		for ((columns, exposure), share) in [&a, &b].iter().zip(&exposures).zip(&shares) {
			let mut series = vec![Part::default(); columns.len()];
			measured.contributions_of_series(exposure, share.amount, columns, &mut series).unwrap();
			prop_assert_eq!(series.iter().map(|part| part.amount).sum::<i128>(), share.amount);
			// Each is its own mean loss over the tail: what was handed out is rounding.
			for (part, (column, quantity)) in series.iter().zip(columns.iter()) {
				let read = exposure.book.following(column).unwrap();
				let mean: f64 = measured.tail().iter().map(|day| {
					let (_, point) = exposure.book.value(&exposure.shocks[day.index as usize]);
					-f(read.at(&point)) * f(*quantity) * f64::from(day.weight)
				}).sum::<f64>() / f64::from(measured.days);
				let gap = (f(Q64::from_bits(part.amount)) - mean).abs();
				prop_assert!(gap < 1e-6, "{gap}");
			}
		}
	}

	/// What a book loses in the tail grows in proportion to the book.
	#[test]
	fn twice_the_book_is_twice_the_shortfall(columns in book(), shocks in shocks()) {
		let doubled: Vec<_> = columns.iter()
			.map(|(column, quantity)| (*column, quantity.checked_add(*quantity).unwrap()))
			.collect();
		let of = |columns: &[(Column, Q64)]| {
			let book = Interpolant::new(&grid_of(columns)).unwrap();
			f(shortfall(&[Exposure { book: &book, shocks: &shocks[0] }]).unwrap().expected_shortfall)
		};
		let (once, twice) = (of(&columns), of(&doubled));
		prop_assert!((twice - 2.0 * once).abs() <= 1e-9 * size(&grid_of(&columns)));
	}
}
