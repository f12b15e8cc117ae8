//! Who is due what of a pot: the arithmetic of one page, which knows nothing of `Config`.

use alloc::vec::Vec;
use ballast_math::{shares::mul_div_floor, MathError};
use ballast_primitives::Ratio;
use ballast_traits::ExposurePage;

/// What one page of the stake behind a validator is due, in units of 1e-18.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageDue<AccountId> {
	/// The validator's: its own stake's, and the page's part of its commission.
	pub validator: u128,
	/// The nominators', in the order of the page.
	pub nominators: Vec<(AccountId, u128)>,
}

/// Divides the part of a pot that `points` of `total_points` have earned: commission first, the rest by
/// stake. The commission falls due page by page, in proportion to the stake on it.
///
/// Every division is rounded down, so that all pages of all validators together are due the pot at most.
/// More points than all, or a commission above one, count as all. Fails if there are no points or no
/// stake at all.
pub fn page_due<AccountId: Clone>(
	pot: u128,
	points: u32,
	total_points: u32,
	commission: Ratio,
	page: &ExposurePage<AccountId>,
) -> Result<PageDue<AccountId>, MathError> {
	let points = points.min(total_points);
	let earned = mul_div_floor(pot, points.into(), total_points.into())?;
	let one = Ratio::ONE.into_inner();
	let kept = mul_div_floor(earned, commission.into_inner().min(one), one)?;
	let rest = earned.checked_sub(kept).ok_or(MathError::Overflow)?;
	let by_stake = |amount: u128, stake: u128| mul_div_floor(amount, stake, page.total);
	let validator = by_stake(kept, page.page_total)?
		.checked_add(by_stake(rest, page.own)?)
		.ok_or(MathError::Overflow)?;
	let nominators = page
		.nominators
		.iter()
		.map(|(nominator, stake)| Ok((nominator.clone(), by_stake(rest, *stake)?)))
		.collect::<Result<_, MathError>>()?;
	Ok(PageDue { validator, nominators })
}
