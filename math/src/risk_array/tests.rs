//! Arrays by example, and a world for the properties.

use super::*;
pub(super) use crate::requirement::tests::{f, q};
use crate::{
	black76::Kind,
	requirement::{
		requirement,
		tests::{call, contingencies, grid, put, scenarios},
		Book, Contingencies, Grid, Leg, Margins,
	},
};

/// A scenario set and two ranges.
pub(super) struct World {
	pub set: Vec<Scenario>,
	pub range_mm: Q64,
	pub range_im: Q64,
}

impl World {
	pub fn new(range_mm: f64, range_im: f64) -> Self {
		Self { set: scenarios(), range_mm: q(range_mm), range_im: q(range_im) }
	}

	pub fn grid(&self) -> Grid<'_> {
		grid(&self.set, self.range_mm, self.range_im)
	}

	pub fn moves(&self) -> Moves<'_> {
		Moves::new(&self.grid()).unwrap()
	}

	pub fn scratch(&self, spot: Q64, units: Q64, legs: &[Leg]) -> Result<Margins, MathError> {
		requirement(&Book { spot, units, legs }, &self.grid(), &all())
	}

	pub fn risks(&self, legs: &[Leg]) -> Vec<SeriesRisk> {
		let moves = self.moves();
		legs.iter().map(|leg| SeriesRisk::new(leg, &moves).unwrap()).collect()
	}

	pub fn margins(
		&self,
		spot: Q64,
		units: Q64,
		legs: &[Leg],
		risks: &[SeriesRisk],
		unit: Option<&SideRisk>,
	) -> Result<Margins, MathError> {
		let legs: Vec<_> = legs.iter().zip(risks).map(|(leg, risk)| array_leg(leg, risk)).collect();
		let book = Book { spot, units, legs: &legs };
		requirement_from_arrays(&book, unit, &self.set, &all())
	}
}

/// Every contingency there is.
pub(super) fn all() -> Contingencies {
	Contingencies { confidence: q(0.01), open_interest: q(1.5), peg: q(0.02), ..contingencies() }
}

pub(super) fn array_leg<'a>(leg: &Leg, risk: &'a SeriesRisk) -> ArrayLeg<'a> {
	let Leg { kind, strike, expiry, years, quantity, .. } = *leg;
	ArrayLeg { kind, strike, expiry, years, quantity, risk }
}

#[test]
fn an_array_has_an_entry_per_scenario_and_a_second_one_where_the_range_counts() {
	let world = World::new(0.15, 0.18);
	// 31 here: 3 without a move, 20 by multiples of the range, 6 of spot itself (29 in this set).
	assert_eq!((world.set.len(), entries(&world.set)), (29, 29 + 20 + 3));
	let risk = world.risks(&[call(100.0, 0.0)])[0];
	assert_eq!(risk.long.array.mantissas().len(), 52);
	assert_eq!(risk.short, None);
	assert_eq!(risk.side(q(-1.0)), risk.side(q(1.0)));
}

#[test]
fn the_largest_mantissa_uses_all_its_bits() {
	let world = World::new(0.15, 0.18);
	for leg in [call(100.0, 0.0), put(90.0, 0.0), call(180.0, 0.0)] {
		let array = world.risks(&[leg])[0].long.array;
		let largest = array.mantissas().iter().map(|m| m.unsigned_abs()).max().unwrap();
		assert!(largest > 1 << 54 && largest <= 1 << 55);
	}
	// An expired put far out of the money is worth nothing anywhere but where spot falls to a third.
	let nothing = RiskArray::from_changes(&[Q64::ZERO; 49]).unwrap();
	assert_eq!((nothing.exponent(), nothing.ulp()), (EXPONENT_MIN, Q64::from_bits(1)));
}

#[test]
fn a_change_of_every_size_has_an_array() {
	for bits in [0, 1, -1, (1 << 55) - 1, 1 << 55, -(1 << 55), i128::MAX, i128::MIN, i128::MIN + 1]
	{
		let array = RiskArray::from_changes(&[Q64::from_bits(bits)]).unwrap();
		let change = i128::from(array.mantissas()[0]).checked_mul(array.ulp().to_bits());
		let gap = change.map_or(1, |change| change.wrapping_sub(bits)).unsigned_abs();
		assert!(gap <= array.ulp().to_bits() as u128 / 2, "{bits}");
		assert!((EXPONENT_MIN..=EXPONENT_MAX).contains(&array.exponent()));
	}
}

#[test]
fn parts_that_no_array_has_are_refused() {
	let most = 1i64 << MANTISSA_BITS;
	assert!(RiskArray::from_parts(0, &[most, -most]).is_ok());
	for (exponent, mantissas) in
		[(0, vec![most + 1]), (0, vec![i64::MIN]), (-65, vec![0]), (10, vec![0]), (0, vec![0; 84])]
	{
		let refused = RiskArray::from_parts(exponent, &mantissas);
		assert_eq!(refused, Err(MathError::OutOfDomain), "{exponent} {}", mantissas.len());
	}
}

#[test]
fn arrays_of_another_set_are_refused() {
	let world = World::new(0.15, 0.18);
	let legs = [call(100.0, -1.0)];
	let risks = world.risks(&legs);
	let fewer = World { set: world.set[1..].to_vec(), ..world };
	let got = fewer.margins(q(100.0), Q64::ZERO, &legs, &risks, None);
	assert_eq!(got, Err(MathError::OutOfDomain));
}

#[test]
fn units_need_an_array_of_their_own() {
	let world = World::new(0.15, 0.18);
	let got = world.margins(q(100.0), q(1.0), &[], &[], None);
	assert_eq!(got, Err(MathError::OutOfDomain));
	let unit = SideRisk::of_unit(q(100.0), &world.moves()).unwrap();
	let got = world.margins(q(100.0), q(2.0), &[], &[], Some(&unit)).unwrap();
	assert_eq!((got.mark, got.units_value), (Q64::ZERO, q(200.0)));
	// Down to a third counts 16.8%: 2 x 66 x 0.168; one range down is 2 x 15.
	assert!((f(got.loss_mm) - 30.0).abs() < 1e-12);
	assert!((f(got.loss_im) - 36.0).abs() < 1e-12);
	assert_eq!(SideRisk::of_unit(Q64::ZERO, &world.moves()), Err(MathError::OutOfDomain));
}

#[test]
fn nothing_held_loses_nothing() {
	let world = World::new(0.15, 0.18);
	let got = world.margins(q(100.0), Q64::ZERO, &[], &[], None).unwrap();
	assert_eq!((got.loss_mm, got.initial, got.binding_mm), (Q64::ZERO, Q64::ZERO, 0));
	let legs = [call(100.0, 0.0)];
	let got = world.margins(q(100.0), Q64::ZERO, &legs, &world.risks(&legs), None).unwrap();
	assert_eq!((got.loss_mm, got.initial), (Q64::ZERO, Q64::ZERO));
}

#[test]
fn the_binding_scenario_is_the_one_from_scratch() {
	let world = World::new(0.15, 0.18);
	for legs in
		[vec![call(100.0, -1.0)], vec![put(95.0, -2.0), call(110.0, 1.0)], vec![put(80.0, 3.0)]]
	{
		let scratch = world.scratch(q(100.0), Q64::ZERO, &legs).unwrap();
		let risks = world.risks(&legs);
		let arrays = world.margins(q(100.0), Q64::ZERO, &legs, &risks, None).unwrap();
		assert_eq!(arrays.binding_mm, scratch.binding_mm);
		assert_eq!(arrays.binding_im, scratch.binding_im);
	}
}

#[test]
fn more_legs_than_are_added_up_at_once_are_carried() {
	let world = World::new(0.15, 0.18);
	let all: Vec<_> = (0..256).map(|n| call(60.0 + f64::from(n) / 4.0, -1e3)).collect();
	let risks = world.risks(&all);
	for count in [63, 64, 65, 128, 129, 256] {
		let legs = &all[..count];
		let scratch = world.scratch(q(100.0), Q64::ZERO, legs).unwrap();
		let arrays = world.margins(q(100.0), Q64::ZERO, legs, &risks, None).unwrap();
		assert!(arrays.loss_mm >= scratch.loss_mm, "{count}");
		assert!(f(arrays.loss_mm) - f(scratch.loss_mm) < 1e-6 * count as f64);
	}
	let mut more = all.clone();
	more.push(call(100.0, 1.0));
	let more: Vec<_> = more.iter().map(|leg| (leg.quantity, &risks[0].long.array)).collect();
	assert_eq!(scan_loss(more.into_iter(), &world.set), Err(MathError::Overflow));
}

#[test]
fn a_book_too_large_for_its_currency_overflows() {
	let world = World::new(0.15, 0.18);
	let leg = Leg { quantity: Q64::from_int(i64::MIN), ..call(100.0, 0.0) };
	let risk = world.risks(&[leg])[0];
	let got = scan_losses([(leg.quantity, &risk.long.array)].into_iter(), &world.set);
	assert_eq!(got, Err(MathError::Overflow));
	assert_eq!(leg.kind, Kind::Call);
}
