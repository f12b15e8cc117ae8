//! Rules of [`CashRules`].

use super::{ensure, limits, percent, points, whole, Group, Limit, Rule, Step, Violation};
use ballast_math::utilisation::{KINK_LEAST, KINK_MOST};
use ballast_primitives::params::CashRules;

/// Utilisations and shares of interest: a fifth of the value in force, or one per cent.
const SHARE: Step = Step::by(20, percent(1));
/// Rates a year: half of the value in force, or one per cent.
const RATE: Step = Step::by(50, percent(1));
/// Limits of withdrawals: half of the value in force, or a tenth of a per cent.
const WITHDRAWAL: Step = Step::by(50, points(10));

impl Group for CashRules {
	const LIMITS: &'static [Limit<Self>] = limits! { CashRules but [];
		kink: KINK_LEAST => KINK_MOST, SHARE;
		rate_at_zero: percent(0) => percent(50), RATE;
		rate_at_kink: percent(0) => percent(200), RATE;
		// At least what makes borrowers repay before lenders cannot withdraw; at most a hundredth of
		// what the curve can carry.
		rate_at_one: percent(150) => percent(1_000), RATE;
		// Below one: lenders must earn.
		interest_margin: percent(0) => percent(90), SHARE;
		// Falls freely: it refuses new loans and calls in none. A fifth at a time out of a halt.
		borrow_until: percent(0) => percent(100), Step::up_by(20, percent(20)), Down;
		// Never nothing: governance may slow withdrawals, not forbid them.
		withdrawal_per_hour: points(10) => percent(100), WITHDRAWAL, Down;
		withdrawal_per_day: percent(1) => percent(100), WITHDRAWAL, Down;
		withdrawal_exempt: whole(0) => whole(1_000_000), Step::by(100, whole(1));
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		ensure(self.rate_at_zero <= self.rate_at_kink, Rule::RateFalls, "rate_at_zero")?;
		ensure(self.rate_at_kink <= self.rate_at_one, Rule::RateFalls, "rate_at_kink")?;
		ensure(
			self.withdrawal_per_hour <= self.withdrawal_per_day,
			Rule::HourAboveDay,
			"withdrawal_per_hour",
		)
	}
}
