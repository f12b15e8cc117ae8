//! Implied volatility as it is modelled where no history of option prices is: the chain's operators feed
//! it beside the closes.
//!
//! Two exponentially weighted averages of squared log returns, `s` (half life 14 days) and `f` (one day),
//! annualised, and what a variance that reverts to a level `l^2` averages to over the time to expiry,
//! `g(T; H)` with half life `H`:
//!
//! ```text
//! sigma(T)^2 = l^2 + (s - l^2) g(T; 27 days) + (f - s) g(T; 1 day)
//! g(T; H)    = (1 - exp(-x)) / x,  x = T ln 2 / H
//! ```
//!
//! The same as in `math/examples/margin_study`, which fits it to the index of bitcoin's volatility. Total
//! variance never falls in time: it is a sum over the days to expiry of what is expected of each.

use ballast_primitives::{Volatility, TENORS, TENOR_DAYS};

const YEAR: f64 = 31_536_000.0;
const DAY: f64 = 86_400.0;
/// Half lives in days of the averages: slow and fast.
const AVERAGES: [f64; 2] = [14.0, 1.0];
/// Half lives in days of what is expected to be left of them.
const REVERTS: [f64; 2] = [27.0, 1.0];

/// Implied volatility of one underlying.
#[derive(Clone, Copy, Debug)]
pub struct Implied {
	level: f64,
	averages: [f64; 2],
	last: f64,
	/// Seconds since the close before.
	elapsed: f64,
}

impl Implied {
	/// As if it had always been at this level, with this close.
	pub fn new(level: f64, close: f64) -> Self {
		let variance = level * level;
		Self { level: variance, averages: [variance; 2], last: close, elapsed: 0.0 }
	}

	/// So many seconds later, with a close if there is one.
	pub fn step(&mut self, seconds: f64, close: Option<f64>) {
		self.elapsed += seconds;
		let Some(close) = close else { return };
		let rate = (close / self.last).ln().powi(2) * YEAR / self.elapsed;
		for (variance, half_life) in self.averages.iter_mut().zip(AVERAGES) {
			*variance = rate + (*variance - rate) * (-self.elapsed / DAY / half_life).exp2();
		}
		(self.last, self.elapsed) = (close, 0.0);
	}

	/// Volatility at a time to expiry in days.
	pub fn at(&self, days: f64) -> f64 {
		let share = |half_life: f64| {
			let x = days * std::f64::consts::LN_2 / half_life;
			if x < 1e-9 {
				1.0
			} else {
				-(-x).exp_m1() / x
			}
		};
		let [slow, fast] = self.averages;
		let reverting = (slow - self.level) * share(REVERTS[0]) + (fast - slow) * share(REVERTS[1]);
		(self.level + reverting).sqrt()
	}

	/// Volatility at each tenor that operators quote.
	pub fn term_structure(&self) -> [Volatility; TENORS] {
		TENOR_DAYS.map(|days| {
			let volatility = self.at(f64::from(days)).clamp(0.05, 5.0);
			Volatility::from_inner((volatility * 1e6).round() as u128 * 10u128.pow(12))
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_fall_raises_what_is_near_most() {
		let mut implied = Implied::new(0.5, 100.0);
		assert!((implied.at(30.0) - 0.5).abs() < 1e-12);
		implied.step(1_800.0, Some(85.0));
		let [week, month] = [7.0, 30.0].map(|days| implied.at(days));
		assert!(week > month && month > 0.5, "{week} {month}");
		assert!(week * week * 7.0 < month * month * 30.0, "total variance rises in time");
	}
}
