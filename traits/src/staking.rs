//! Staking: who stood behind which validator in an era, and what the validator did in it.

use alloc::vec::Vec;
use ballast_primitives::Ratio;

/// Number of an era.
pub type EraIndex = u32;

/// Number of a page of an exposure.
pub type PageIndex = u32;

/// One page of the stake that stood behind a validator in an era. Over all pages `page_total` adds up
/// to `total`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExposurePage<AccountId> {
	/// All stake behind the validator, over all pages.
	pub total: u128,
	/// The validator's own, on the first page; zero on the others.
	pub own: u128,
	/// The stake on this page, the validator's own included.
	pub page_total: u128,
	/// Nominators and their stakes, at most [`InspectStaking::page_size`] of them.
	pub nominators: Vec<(AccountId, u128)>,
}

/// Eras, and who earned what in them.
pub trait InspectStaking<AccountId> {
	/// The era whose points are being earned now; `None` before the first. One storage read.
	fn active_era() -> Option<EraIndex>;

	/// How many eras before the active one are still known, all of them over.
	fn eras_kept() -> EraIndex;

	/// Most nominators on one page.
	fn page_size() -> u32;

	/// Points that a validator has earned in an era.
	fn points(era: EraIndex, validator: &AccountId) -> u32;

	/// Points that all validators have earned in an era.
	fn total_points(era: EraIndex) -> u32;

	/// The share of a validator's income in an era that it kept before its nominators; at most one.
	fn commission(era: EraIndex, validator: &AccountId) -> Ratio;

	/// A page of the stake behind a validator in an era; `None` if there is no such page.
	fn exposure(
		era: EraIndex,
		validator: &AccountId,
		page: PageIndex,
	) -> Option<ExposurePage<AccountId>>;

	/// Who receives a staker's income; `None` if nobody shall.
	fn payee(staker: &AccountId) -> Option<AccountId>;
}
