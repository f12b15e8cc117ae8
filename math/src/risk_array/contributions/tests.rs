//! Shares of scan losses.

use super::*;
use crate::{
	requirement::{
		tests::{call, put},
		Leg, Margins,
	},
	risk_array::{
		tests::{all, array_leg, f, q, World},
		*,
	},
};
use proptest::prelude::*;

struct Account {
	world: World,
	units: Q64,
	legs: Vec<Leg>,
	risks: Vec<SeriesRisk>,
	unit: SideRisk,
}

impl Account {
	fn new(units: f64, legs: &[Leg]) -> Self {
		let world = World::new(0.15, 0.18);
		let risks = world.risks(legs);
		let unit = SideRisk::of_unit(q(100.0), &world.moves()).unwrap();
		Self { world, units: q(units), legs: legs.to_vec(), risks, unit }
	}

	fn with<R>(&self, ask: impl FnOnce(&Book<'_, ArrayLeg<'_>>) -> R) -> R {
		let legs: Vec<_> =
			self.legs.iter().zip(&self.risks).map(|(leg, risk)| array_leg(leg, risk)).collect();
		ask(&Book { spot: q(100.0), units: self.units, legs: &legs })
	}

	fn margins(&self) -> Margins {
		let Self { world, unit, .. } = self;
		self.with(|book| requirement_from_arrays(book, Some(unit), &world.set, &all())).unwrap()
	}

	fn shares(&self, of: &Explained) -> Result<Vec<i128>, MathError> {
		let mut parts = vec![Part::default(); self.legs.len() + 1];
		let Self { world, unit, .. } = self;
		self.with(|book| contributions(book, Some(unit), &world.set, of, &mut parts))?;
		Ok(parts.iter().map(|part| part.amount).collect())
	}
}

/// A ledger amount, rounded up as a requirement is.
fn ledger(value: Q64) -> i128 {
	value.to_e18(Rounding::Ceil).unwrap()
}

fn maintenance(margins: &Margins, total: Q64) -> Explained {
	let (loss, binding) = (margins.loss_mm, margins.binding_mm);
	Explained { range: Range::Maintenance, binding, loss, total: ledger(total) }
}

fn initial(margins: &Margins, total: Q64) -> Explained {
	let (loss, binding) = (margins.loss_im, margins.binding_im);
	Explained { range: Range::Initial, binding, loss, total: ledger(total) }
}

#[test]
fn units_lose_what_spot_does_and_a_hedge_takes_off() {
	let account = Account::new(2.0, &[put(100.0, 1.0)]);
	let margins = account.margins();
	let shares = account.shares(&maintenance(&margins, margins.loss_mm)).unwrap();
	let (option, units) = (shares[0] as f64 / 1e18, shares[1] as f64 / 1e18);
	let scenario = account.world.set[usize::from(margins.binding_mm)];
	let moved = f(scenario.spot.factor(q(0.15)).unwrap()) - 1.0;
	assert!((units + 2.0 * 100.0 * moved * f(scenario.weight)).abs() < 1e-9);
	assert!(option < 0.0 && (option + units - f(margins.loss_mm)).abs() < 1e-12);
}

#[test]
fn each_range_has_its_own_entry() {
	let account = Account::new(0.0, &[call(100.0, -1.0), call(120.0, -1.0)]);
	let margins = account.margins();
	for of in [maintenance(&margins, margins.loss_mm), initial(&margins, margins.loss_im)] {
		let shares = account.shares(&of).unwrap();
		// What the loss was rounded up by is far below what the mistaken range would be off by.
		let exact: f64 = [0, 1]
			.map(|at| {
				let array = &account.risks[at].long.array;
				let set = &account.world.set;
				let entry = entry(set, &set[usize::from(of.binding)], &of).unwrap();
				let change = f(array.changes().nth(entry).unwrap().unwrap());
				assert!((shares[at] as f64 / 1e18 - change).abs() < 1e-12);
				change
			})
			.iter()
			.sum();
		assert!((exact - f(of.loss)).abs() < 1e-12);
		assert_eq!((shares.iter().sum::<i128>(), shares[2]), (of.total, 0));
	}
	assert!(margins.loss_im > margins.loss_mm);
}

#[test]
fn a_capped_loss_is_divided_in_the_same_proportions() {
	let account = Account::new(0.0, &[call(100.0, -2.0), call(101.0, 2.0)]);
	let margins = account.margins();
	let whole = account.shares(&initial(&margins, margins.loss_im)).unwrap();
	let half = margins.loss_im.checked_mul(q(0.5), Rounding::Floor).unwrap();
	let capped = account.shares(&initial(&margins, half)).unwrap();
	for (whole, half) in whole.iter().zip(&capped) {
		// A ledger unit of totals of a third is 60 of shares of twenty.
		assert!((whole - 2 * half).abs() <= 200, "{whole} {half}");
	}
}

#[test]
fn nothing_lost_is_nothing_to_divide() {
	let account = Account::new(0.0, &[put(100.0, 0.0)]);
	let none = Explained { range: Range::Maintenance, binding: 0, loss: Q64::ZERO, total: 0 };
	assert_eq!(account.shares(&none), Ok(vec![0, 0]));
	let empty = Account::new(0.0, &[]);
	assert_eq!(empty.shares(&none), Ok(vec![0]));
	assert_eq!(empty.shares(&Explained { total: 1, ..none }), Err(MathError::OutOfDomain));
}

#[test]
fn what_does_not_belong_together_is_refused() {
	let account = Account::new(1.0, &[put(100.0, -1.0)]);
	let of = maintenance(&account.margins(), Q64::ONE);
	let no_such = Explained { binding: 29, ..of };
	assert_eq!(account.shares(&no_such), Err(MathError::OutOfDomain));
	let Account { world, unit, .. } = &account;
	let refused = |unit: Option<&SideRisk>, set: &[Scenario], parts: usize| {
		let mut parts = vec![Part::default(); parts];
		account.with(|book| contributions(book, unit, set, &of, &mut parts))
	};
	assert_eq!(refused(Some(unit), &world.set, 2), Ok(()));
	assert_eq!(refused(Some(unit), &world.set, 1), Err(MathError::OutOfDomain));
	assert_eq!(refused(Some(unit), &world.set, 0), Err(MathError::OutOfDomain));
	assert_eq!(refused(None, &world.set, 2), Err(MathError::OutOfDomain));
	assert_eq!(refused(Some(unit), &world.set[..28], 2), Err(MathError::OutOfDomain));
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

	#[test]
	fn shares_add_up_and_are_what_each_leg_loses(
		legs in prop::collection::vec((any::<bool>(), 60u32..150, -300i32..300), 0..9),
		units in prop_oneof![Just(0.0), 0.0f64..5.0],
	) {
		let legs: Vec<_> = legs
			.iter()
			.map(|(is_call, strike, quantity)| {
				let make = if *is_call { call } else { put };
				make(f64::from(*strike), f64::from(*quantity) / 64.0)
			})
			.collect();
		let account = Account::new(units, &legs);
		let margins = account.margins();
		for (of, total) in [
			(maintenance(&margins, margins.loss_mm), margins.loss_mm),
			(initial(&margins, margins.scan_im), margins.scan_im),
		] {
			if legs.is_empty() && units == 0.0 {
				continue;
			}
			let shares = account.shares(&of).unwrap();
			prop_assert_eq!(shares.iter().sum::<i128>(), of.total);
			if !of.loss.is_positive() {
				continue;
			}
			let factor = f(total) / f(of.loss);
			let binding = usize::from(of.binding);
			let set = &account.world.set;
			let entry = entry(set, &set[binding], &of).unwrap();
			let arrays = account.risks.iter().map(|risk| &risk.long.array);
			let quantities = legs.iter().map(|leg| leg.quantity).chain([q(units)]);
			let weight = f(set[binding].weight);
			let each = quantities.zip(arrays.chain([&account.unit.array])).map(|(quantity, array)| {
				-weight * f(quantity) * f(array.changes().nth(entry).unwrap().unwrap()) * factor
			});
			for (share, want) in shares.iter().zip(each) {
				prop_assert!((*share as f64 / 1e18 - want).abs() < 1e-9 * (1.0 + factor), "{share} {want}");
			}
		}
	}
}
