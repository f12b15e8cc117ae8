//! Black-Scholes integrity: nothing is found in an admissible surface's prices, and what is wrong is
//! measured.

use super::{
	cases,
	random::{admissible_slices, days, nodes, q, seconds},
};
use ballast_math::{
	black76::Prepared,
	surface::{integrity, ExpiryPrices, Integrity, StrikePrices, Surface},
	MathError, Q64,
};
use proptest::prelude::*;

/// Prices of a chain: per expiry its forward, discount factor and strikes.
type Chain = Vec<(Q64, Q64, Vec<StrikePrices>)>;

fn priced(
	surface: &Surface,
	spot: f64,
	strikes: &[f64],
	times: &[Q64],
) -> Result<Chain, MathError> {
	let expiry = |&years: &Q64| {
		let forward = surface.forward(q(spot), years)?;
		let discount = surface.discount(years)?;
		let slice = surface.at(years)?;
		let row = |&strike: &f64| {
			let strike = q(strike);
			let series = Prepared::new(strike, years, discount)?;
			let (call, put) = series.price_both(forward, slice.volatility(strike, forward)?)?;
			Ok(StrikePrices { strike, call, put })
		};
		Ok((forward, discount, strikes.iter().map(row).collect::<Result<_, MathError>>()?))
	};
	times.iter().map(expiry).collect()
}

fn measured(chain: &Chain) -> Integrity {
	let expiries: Vec<ExpiryPrices> = chain
		.iter()
		.map(|(forward, discount, strikes)| ExpiryPrices {
			forward: *forward,
			discount: *discount,
			strikes,
		})
		.collect();
	integrity(&expiries).expect("in range")
}

proptest! {
	#![proptest_config(cases(300))]

	/// Up to the prices' own error, 4e-18 of forward or strike each, and that of volatility times vega.
	#[test]
	fn admissible_surface_has_integrity(
		slices in admissible_slices(), carry in -0.5f64..0.5, rate in -0.1f64..0.3,
		times in prop::collection::vec(3_600u64..60_000_000, 1..6), spot in 0.0f64..12.0,
		steps in prop::collection::vec(0.001f64..0.2, 2..24),
	) {
		let nodes = nodes(&slices, carry, rate);
		prop_assume!(nodes.iter().all(|node| node.is_in_range()));
		let surface = Surface::new(&nodes).unwrap();
		let spot = spot.exp();
		let first = 0.2 * spot;
		let strikes: Vec<f64> = steps.iter().scan(first, |k, step| { *k *= 1.0 + step; Some(*k) }).collect();
		let mut times = times;
		times.sort_unstable();
		let times: Vec<Q64> = times.into_iter().map(seconds).collect();
		// a volatility of 10 is where the surface is cut off
		let slice_max = |years: &Q64| surface.at(*years).unwrap().volatility(q(first), surface.forward(q(spot), *years).unwrap());
		prop_assume!(times.iter().all(|years| slice_max(years).unwrap() < q(9.9)));
		let top = strikes.iter().fold(spot, |a, b| a.max(*b)) * 3.0;
		let found = measured(&priced(&surface, spot, &strikes, &times).unwrap());
		let units = found.worst().to_bits() as f64 * 2f64.powi(-64) / top;
		prop_assert!(units <= 4e-17 + 1e-18 / top, "{units:e} {found:?}");
	}
}

/// A flat surface at 60%, three expiries.
fn sound() -> Chain {
	let slices: Vec<_> = random_flat();
	let nodes = nodes(&slices, 0.05, 0.03);
	let surface = Surface::new(&nodes).unwrap();
	priced(&surface, 100.0, &[60.0, 80.0, 100.0, 120.0, 150.0], &[days(7), days(30), days(90)])
		.unwrap()
}

fn random_flat() -> Vec<ballast_math::surface::Slice> {
	super::random::DAYS.iter().map(|n| super::slice(0.36 * *n as f64 / 365.0, 0.0, 0.0)).collect()
}

fn near(a: Q64, b: f64) -> bool {
	(super::float(a) - b).abs() < 1e-9
}

fn plus(a: Q64, b: f64) -> Q64 {
	a.checked_add(q(b)).unwrap()
}

#[test]
fn a_price_that_is_wrong_is_measured() {
	assert!(super::float(measured(&sound()).worst()) < 1e-15);
	// a call a tenth too dear: parity says so exactly
	let mut chain = sound();
	chain[1].2[2].call = plus(chain[1].2[2].call, 0.1);
	assert!(near(measured(&chain).parity, 0.1));
	// both dearer by nine: parity holds, the call is above the line of its neighbours
	let mut chain = sound();
	let rows = &mut chain[0].2;
	rows[2].call = plus(rows[2].call, 9.0);
	rows[2].put = plus(rows[2].put, 9.0);
	let line = (super::float(rows[1].call) + super::float(rows[3].call)) / 2.0;
	let expected = super::float(rows[2].call) - line;
	let found = measured(&chain);
	assert!(near(found.convexity, expected) && super::float(found.parity) < 1e-15);
	// and dearer than at the next strike below
	let mut chain = sound();
	chain[2].2[3].call = plus(chain[2].2[2].call, 0.5);
	assert!(near(measured(&chain).monotonicity, 0.5));
	// a spread that costs more than it can pay
	let mut chain = sound();
	chain[2].2[0].call = plus(chain[2].2[1].call, 21.0);
	let discount = super::float(chain[2].1);
	assert!(near(measured(&chain).monotonicity, 21.0 - 20.0 * discount));
	// the near expiry dearer than the far one
	let mut chain = sound();
	chain.swap(0, 2);
	assert!(super::float(measured(&chain).calendar) > 1.0);
	assert!(super::float(measured(&chain).convexity) < 1e-15);
}

#[test]
fn calendar_is_measured_at_the_same_moneyness() {
	let row =
		|strike: f64, call: f64| StrikePrices { strike: q(strike), call: q(call), put: q(call) };
	// the far forward is twice the near one: a near strike of 50 stands for a far one of 100, whose
	// call of 12 is worth 6 in units of the near forward; the near call costs 7
	let chain: Chain = vec![
		(q(50.0), Q64::ONE, vec![row(50.0, 7.0)]),
		(q(100.0), Q64::ONE, vec![row(90.0, 14.0), row(110.0, 10.0)]),
	];
	assert!(near(measured(&chain).calendar, 1.0));
	// no later strikes around it: nothing to compare with
	let alone: Chain =
		vec![chain[0].clone(), (q(100.0), Q64::ONE, vec![row(110.0, 1.0), row(120.0, 0.5)])];
	assert_eq!(measured(&alone).calendar, Q64::ZERO);
}

#[test]
fn what_is_no_chain_is_refused() {
	let rows = sound()[0].2.clone();
	let refused = |forward: Q64, discount: Q64, strikes: &[StrikePrices]| {
		let expiry = ExpiryPrices { forward, discount, strikes };
		assert_eq!(integrity(&[expiry]), Err(MathError::OutOfDomain));
	};
	refused(Q64::ZERO, Q64::ONE, &rows);
	refused(q(100.0), Q64::ZERO, &rows);
	refused(q(100.0), Q64::ONE, &[rows[1], rows[0]]);
	refused(q(100.0), Q64::ONE, &[StrikePrices { strike: Q64::ZERO, ..rows[0] }]);
	assert_eq!(integrity(&[]), Ok(Integrity::default()));
}
