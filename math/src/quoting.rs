//! What the mutual pool asks and bids for one contract: mark, plus or minus a spread that is the
//! greatest of three, each of which covers a way in which mark can be wrong.
//!
//! | term | covers |
//! |---|---|
//! | `share of mark x mark` | the price of what is sold |
//! | `volatility points x abs(vega)` | an error of the volatility surface |
//! | `share of spot x S` | an error of spot (delta is at most one), and options worth next to nothing |
//!
//! All numbers are per contract, in quote units; terms are rounded up, so that both sides move away
//! from mark.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

/// The least spreads, as the rules have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpreadRules {
	/// As a share of mark.
	pub of_mark: Q64,
	/// In volatility: 0.01 is one point.
	pub of_volatility: Q64,
	/// As a share of spot.
	pub of_spot: Q64,
}

/// What one contract is worth and depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
	/// Value at today's spot and volatility.
	pub mark: Q64,
	/// Change of value per 1.00 of volatility (per hundred points).
	pub vega: Q64,
	/// Price of the underlying.
	pub spot: Q64,
}

/// A quote, term by term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
	/// Spread that mark asks for.
	pub of_mark: Q64,
	/// Spread that vega asks for.
	pub of_volatility: Q64,
	/// Spread that spot asks for.
	pub of_spot: Q64,
	/// The greatest of the three: what is charged.
	pub spread: Q64,
	/// What a buyer pays.
	pub ask: Q64,
	/// What a seller receives; never below zero.
	pub bid: Q64,
}

/// Quotes one contract.
///
/// Range: mark, spot and rules not negative, else `OutOfDomain`. Each term is within one unit
/// (2^-64) above the exact one; ask and bid are exact sums.
pub fn quote(rules: &SpreadRules, contract: &Contract) -> Result<Quote, MathError> {
	let inputs = [rules.of_mark, rules.of_volatility, rules.of_spot, contract.mark, contract.spot];
	if inputs.iter().any(|input| input.is_negative()) {
		return Err(MathError::OutOfDomain);
	}
	let term = |rule: Q64, of: Q64| rule.checked_mul(of, Rounding::Ceil).ok_or(MathError::Overflow);
	let of_mark = term(rules.of_mark, contract.mark)?;
	let vega = contract.vega.checked_abs().ok_or(MathError::Overflow)?;
	let of_volatility = term(rules.of_volatility, vega)?;
	let of_spot = term(rules.of_spot, contract.spot)?;
	let spread = of_mark.max(of_volatility).max(of_spot);
	let ask = contract.mark.checked_add(spread).ok_or(MathError::Overflow)?;
	let bid = contract.mark.checked_sub(spread).ok_or(MathError::Overflow)?.max(Q64::ZERO);
	Ok(Quote { of_mark, of_volatility, of_spot, spread, ask, bid })
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn q(thousandths: i64) -> Q64 {
		Q64::from_ratio(i128::from(thousandths), 1_000, Rounding::Nearest).unwrap()
	}

	/// Two per cent of mark, one volatility point, three basis points of spot.
	fn rules() -> SpreadRules {
		SpreadRules {
			of_mark: q(20),
			of_volatility: q(10),
			of_spot: Q64::from_ratio(3, 10_000, Rounding::Nearest).unwrap(),
		}
	}

	fn close(got: Q64, thousandths: i64) -> bool {
		got.checked_sub(q(thousandths)).unwrap().to_bits().abs() < 1 << 20
	}

	#[test]
	fn a_dear_option_pays_a_share_of_its_mark() {
		let contract = Contract { mark: q(4_000_000), vega: q(2_000_000), spot: q(30_000_000) };
		let got = quote(&rules(), &contract).unwrap();
		assert!(close(got.spread, 80_000) && got.spread == got.of_mark);
		assert!(close(got.ask, 4_080_000) && close(got.bid, 3_920_000));
	}

	#[test]
	fn an_option_at_the_money_pays_for_its_vega() {
		let contract = Contract { mark: q(1_000_000), vega: q(3_500_000), spot: q(30_000_000) };
		let got = quote(&rules(), &contract).unwrap();
		assert!(close(got.spread, 35_000) && got.spread == got.of_volatility);
	}

	#[test]
	fn an_option_worth_next_to_nothing_pays_for_spot_and_its_bid_is_nothing() {
		let contract = Contract { mark: q(5_000), vega: q(100_000), spot: q(30_000_000) };
		let got = quote(&rules(), &contract).unwrap();
		assert!(close(got.spread, 9_000) && got.spread == got.of_spot);
		assert!(close(got.ask, 14_000));
		assert_eq!(got.bid, Q64::ZERO);
	}

	#[test]
	fn the_sign_of_vega_does_not_matter() {
		let contract = Contract { mark: q(1), vega: q(-3_500_000), spot: q(1) };
		assert!(close(quote(&rules(), &contract).unwrap().spread, 35_000));
	}

	#[test]
	fn negative_inputs_and_overflow_are_conditions() {
		let contract = Contract { mark: q(-1), vega: q(1), spot: q(1) };
		assert_eq!(quote(&rules(), &contract), Err(MathError::OutOfDomain));
		let contract = Contract { mark: Q64::MAX, vega: q(1), spot: q(1) };
		assert_eq!(quote(&rules(), &contract), Err(MathError::Overflow));
		let contract = Contract { mark: q(1), vega: Q64::MIN, spot: q(1) };
		assert_eq!(quote(&rules(), &contract), Err(MathError::Overflow));
	}

	proptest! {
		#[test]
		fn every_term_is_inside_the_spread(
			mark in 0i64..1_000_000_000, vega in -1_000_000_000i64..1_000_000_000,
			spot in 1i64..1_000_000_000,
		) {
			let contract = Contract { mark: q(mark), vega: q(vega), spot: q(spot) };
			let got = quote(&rules(), &contract).unwrap();
			for term in [got.of_mark, got.of_volatility, got.of_spot] {
				prop_assert!(!term.is_negative() && term <= got.spread);
			}
			prop_assert!(got.spread.is_positive());
			prop_assert_eq!(got.ask.checked_sub(contract.mark).unwrap(), got.spread);
			prop_assert!(contract.mark.checked_sub(got.bid).unwrap() <= got.spread);
			prop_assert!(!got.bid.is_negative() && got.bid <= contract.mark);
		}

		#[test]
		fn a_dearer_contract_is_never_asked_less_nor_bid_more_below_it(
			mark in 0i64..1_000_000_000, more in 0i64..1_000_000, vega in 0i64..1_000_000_000,
		) {
			let low = Contract { mark: q(mark), vega: q(vega), spot: q(1_000) };
			let high = Contract { mark: q(mark + more), ..low };
			let (low, high) = (quote(&rules(), &low).unwrap(), quote(&rules(), &high).unwrap());
			prop_assert!(low.ask <= high.ask && low.bid <= high.bid);
		}
	}
}
