//! The explanation of an account: how it stands, why, and what would change it. A look that leaves no
//! trace, for users and for tests of the rest: what it says of the present comes from risk arrays as everywhere
//! else, what it says of other prices and ranges from revaluations from scratch.

mod ahead;
mod covered;
mod outlook;
mod part;
pub(crate) mod search;
mod shares;
pub mod types;

use crate::{desk::Desk, requirement::Rules, standing::Standing, Account, Config, Pallet};
use ballast_primitives::{AccountHealth, Price, Ratio, Usd};
use ballast_traits::CoverDeficit;
use outlook::Whole;
use part::Part;
use sp_runtime::DispatchError;
use types::{AccountExplanation, Direction, Interest, NearestLiquidation, UnderlyingExplanation};

use alloc::vec::Vec;

impl<T: Config> Pallet<T> {
	/// How an account stands, why, and what would change it. Stores nothing.
	pub fn explain(who: &T::AccountId) -> Result<AccountExplanation, DispatchError> {
		let rules = Rules::for_view::<T>()?;
		let mut desk = Desk::<T>::for_view()?;
		let account = desk.load(who);
		let sorted = desk.sorted(&account, None)?;
		let standing = desk.standing(&account)?;
		let parts: Result<Vec<_>, DispatchError> =
			sorted.groups.into_iter().map(|group| Part::new(&mut desk, &rules, group)).collect();
		let whole = Whole::<T>::new(&rules, account.cash(), sorted.claims, parts?)?;
		let underlyings: Result<Vec<_>, DispatchError> =
			whole.parts.iter().map(|part| whole.explain(&mut desk, part)).collect();
		let underlyings = underlyings?;
		let (covered, covered_value) = Self::covered(&account, rules.now())?;
		let health = standing.health()?;
		let sum = |pick: fn(&UnderlyingExplanation) -> Usd| {
			underlyings.iter().try_fold(Usd::ZERO, |sum, part| sum.checked_add(pick(part)))
		};
		let maintenance = sum(|part| part.requirement.maintenance)?;
		let initial = sum(|part| part.requirement.initial)?;
		Ok(AccountExplanation {
			margin_ratio: margin_ratio(&health),
			claims: sorted.claims,
			interest: Self::interest_on(account.cash())?,
			withdrawable: Self::withdrawable_in(&account, &standing),
			headroom: standing.headroom(),
			credit_maintenance: maintenance.checked_sub(health.maintenance)?,
			credit_initial: initial.checked_sub(health.initial)?,
			nearest: nearest(&underlyings),
			seconds_to_liquidation: whole.seconds_to_liquidation()?,
			health,
			underlyings,
			covered,
			covered_value,
		})
	}

	fn interest_on(cash: Usd) -> Result<Interest, DispatchError> {
		let market = Self::cash_market_view()?;
		Ok(if cash.is_negative() {
			Interest::Pays(market.borrow_rate)
		} else if cash.is_positive() {
			Interest::Earns(market.supply_rate)
		} else {
			Interest::None
		})
	}

	/// What `withdrawable` answers, of a standing that is known.
	fn withdrawable_in(account: &Account, standing: &Standing) -> Option<Usd> {
		if T::Waterfall::withdrawals_blocked() {
			return Some(Usd::ZERO);
		}
		let cash = account.cash();
		let free = !standing.has_options() && !cash.is_negative();
		let most = if free { cash } else { cash.min(standing.headroom()?) };
		Some(most.max(Usd::ZERO))
	}
}

/// Maintenance margin over equity; the greatest ratio there is where it does not fit.
fn margin_ratio(health: &AccountHealth) -> Option<Ratio> {
	let inner = |value: Usd| u128::try_from(value.into_inner()).ok().map(Price::from_inner);
	let equity = inner(health.equity).filter(|equity| !equity.is_zero())?;
	let ratio = inner(health.maintenance)?.share_of_ceil(equity);
	Some(ratio.unwrap_or(Ratio::from_inner(u128::MAX)))
}

/// The shortest of all distances; of equal ones the first.
fn nearest(underlyings: &[UnderlyingExplanation]) -> Option<NearestLiquidation> {
	let both = underlyings.iter().flat_map(|part| {
		let sides = part
			.reasons
			.iter()
			.flat_map(|reasons| [(Direction::Up, reasons.up), (Direction::Down, reasons.down)]);
		let underlying = part.requirement.underlying;
		sides.filter_map(move |(direction, outlook)| {
			let ranges = outlook.liquidation?.ranges;
			Some(NearestLiquidation { underlying, direction, ranges })
		})
	});
	both.min_by_key(|it| it.ranges)
}
