//! Why the pallet refuses, and from a broken rule to the error that a call returns.

use crate::{
	rules::{Rule, Violation},
	Config, Error,
};
use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, imported into it by `lib.rs`.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// A field is outside its hard range. The number is the field's position in the value,
		/// counted from 0 without `scenarios` and `spot_only`; the runtime API `riskParamsApi.check...` names it.
		/// Choose a value inside the range.
		OutOfRange(u8),
		/// A field moves further from the value that governance has in force than one change may. The number
		/// is the field's position, as in `OutOfRange`. Go there in several changes, each after the ramp of the
		/// last one.
		StepTooLarge(u8),
		/// This group was changed in this block already. Submit the next change in a later block.
		ChangedInThisBlock,
		/// As many underlyings have thresholds as the chain carries. Reuse one of their ids.
		TooManyUnderlyings,
		/// `scan_floor` is above `scan_stressed`. Lower the one or raise the other.
		FloorAboveStressed,
		/// `scan_stressed` is above `scan_cap`. Lower the one or raise the other.
		StressedAboveCap,
		/// `fast_half_life` is not below `slow_half_life`. Shorten the one or lengthen the other.
		FastHalfLifeNotBelowSlow,
		/// The two short contingencies together reach `scan_floor`. Lower them or raise it.
		ContingencyNotBelowFloor,
		/// One of `peg_threshold` and `peg_slope` is zero and the other is not: nothing would ever be
		/// required. Set both, or neither.
		PegHalfSet,
		/// `quantity_min` is not a multiple of `quantity_step`. Choose sizes that fit.
		StepDoesNotDivideMinimum,
		/// `quantity_min` is above `position_cap`: nobody could open. Lower the one or raise the
		/// other.
		MinimumAbovePositionCap,
		/// `position_cap` is above `open_interest_cap`. Lower the one or raise the other.
		PositionCapAboveOpenInterestCap,
		/// The pool's `spread_of_spot` reaches some underlying's `short_contingency_maintenance`.
		/// Lower the spread, or raise that contingency first.
		SpreadNotBelowContingency,
		/// `sample_period` is longer than the underlying's `fast_half_life`. Sample more often.
		SampleSlowerThanHalfLife,
		/// `raw_age_max` is above `spot_age_max`: a value would be stale when it is accepted.
		RawOlderThanSpot,
		/// `spot_only` differs from the rules in force, under which options of the underlying may be
		/// listed already. It can be chosen only with the first rules, before the first risk.
		SpotOnlyFixed,
		/// `penalty` reaches `buffer`: a bid late in an auction would not help the account. Lower
		/// the penalty or raise the buffer.
		PenaltyNotBelowBuffer,
		/// `compensation_start` is above `compensation_fast`. The curve must rise.
		CompensationFalls,
		/// `fast_length` is not below `full_length`. The curve must rise.
		FastPartNotShorter,
		/// `keeper_reward_min` is above `keeper_rewards_per_block`: no keeper would be paid in full.
		RewardAboveBlockLimit,
		/// `dust` is above `whole_below_equity`. Lower the dust.
		DustAboveWholeAccount,
		/// `delta_min` is not below `delta_max`: the pool would quote nothing.
		DeltaBandEmpty,
		/// A rate is above the rate at a higher utilisation. The curve must rise.
		RateFalls,
		/// `withdrawal_per_hour` is above `withdrawal_per_day`. Lower the one or raise the other.
		HourAboveDay,
		/// A vault's least delta, distance or length of an auction is above the greatest: no vault could
		/// be set up. Lower the one or raise the other.
		VaultBoundsCross,
		/// `insurance_floor` is above `insurance_target`. Lower the one or raise the other.
		InsuranceFloorAboveTarget,
		/// The four shares of revenue are not one together. Give to one what you take from another.
		SharesNotOne,
		/// A scenario moves spot by more than three scan ranges, or not to a multiple between 0.01
		/// and 10.
		ScenarioSpotOutOfRange,
		/// A scenario's weight is zero or above one. Leave out scenarios that shall not count.
		ScenarioWeightOutOfRange,
		/// Two scenarios have the same moves. Keep the one with the greater weight.
		ScenarioTwice,
		/// No scenario leaves spot where it is. Add one, with volatility up.
		SpotUnmovedMissing,
		/// No scenario moves spot up at weight one. Short calls would be margined by their tails
		/// alone.
		SpotUpMissing,
		/// No scenario moves spot down at weight one. Short puts would be margined by their tails
		/// alone.
		SpotDownMissing,
		/// No scenario moves volatility up. Short options would be margined as if it never rose.
		VolatilityUpMissing,
		/// The scenario set differs from the one in force by more than eight scenarios added or
		/// taken away (replacing one is both). Go there in several changes.
		TooManyScenarioChanges,
		/// The guardian would loosen a field, or touch one that is not its to move. The number is the
		/// field's position, as in `OutOfRange`; 0 also stands for `scenarios`. Propose it on the risk
		/// admin's track.
		Loosens(u8),
		/// No value is in force that could be tightened or ramped, or no risk of the underlying that could
		/// be halted. Governance must set one first.
		NothingInForce,
		/// The end of the guardian's action is not in the future: it came too late. Propose it again.
		GuardOver,
		/// The guardian's action would last longer than it may. Choose an earlier end.
		GuardTooLong,
		/// The guardian's action would end before the one that it replaces. Choose a later end.
		GuardEndsEarlier,
		/// The guardian has done nothing here that could be lifted.
		NotGuarded,
		/// A value on the way to the new one would break a rule between fields. Go there in several
		/// changes, or set it at once.
		InvalidOnTheWay,
		/// The old scenarios and the new ones, which are both in force on the way, are too many for one
		/// set. Take some away first.
		TooManyScenariosOnTheWay,
		/// The ramp is shorter than an hour or longer than 28 days of governance. Choose another length.
		RampLengthOutOfRange,
		/// The group is not on its way to another value. There is nothing to cancel.
		NotRamped,
		/// The guardian has tightened the group; its way is that to the guardian's value. Lift the guard
		/// instead.
		GuardInForce,
	}
}

impl<T: Config> From<Violation> for Error<T> {
	fn from(violation: Violation) -> Self {
		match violation.rule {
			Rule::OutOfRange => Self::OutOfRange(violation.position),
			Rule::StepTooLarge => Self::StepTooLarge(violation.position),
			Rule::FloorAboveStressed => Self::FloorAboveStressed,
			Rule::StressedAboveCap => Self::StressedAboveCap,
			Rule::FastHalfLifeNotBelowSlow => Self::FastHalfLifeNotBelowSlow,
			Rule::ContingencyNotBelowFloor => Self::ContingencyNotBelowFloor,
			Rule::PegHalfSet => Self::PegHalfSet,
			Rule::StepDoesNotDivideMinimum => Self::StepDoesNotDivideMinimum,
			Rule::MinimumAbovePositionCap => Self::MinimumAbovePositionCap,
			Rule::PositionCapAboveOpenInterestCap => Self::PositionCapAboveOpenInterestCap,
			Rule::SpreadNotBelowContingency => Self::SpreadNotBelowContingency,
			Rule::SampleSlowerThanHalfLife => Self::SampleSlowerThanHalfLife,
			Rule::RawOlderThanSpot => Self::RawOlderThanSpot,
			Rule::SpotOnlyFixed => Self::SpotOnlyFixed,
			Rule::PenaltyNotBelowBuffer => Self::PenaltyNotBelowBuffer,
			Rule::CompensationFalls => Self::CompensationFalls,
			Rule::FastPartNotShorter => Self::FastPartNotShorter,
			Rule::RewardAboveBlockLimit => Self::RewardAboveBlockLimit,
			Rule::DustAboveWholeAccount => Self::DustAboveWholeAccount,
			Rule::DeltaBandEmpty => Self::DeltaBandEmpty,
			Rule::RateFalls => Self::RateFalls,
			Rule::HourAboveDay => Self::HourAboveDay,
			Rule::VaultBoundsCross => Self::VaultBoundsCross,
			Rule::InsuranceFloorAboveTarget => Self::InsuranceFloorAboveTarget,
			Rule::SharesNotOne => Self::SharesNotOne,
			Rule::ScenarioSpotOutOfRange => Self::ScenarioSpotOutOfRange,
			Rule::ScenarioWeightOutOfRange => Self::ScenarioWeightOutOfRange,
			Rule::ScenarioTwice => Self::ScenarioTwice,
			Rule::SpotUnmovedMissing => Self::SpotUnmovedMissing,
			Rule::SpotUpMissing => Self::SpotUpMissing,
			Rule::SpotDownMissing => Self::SpotDownMissing,
			Rule::VolatilityUpMissing => Self::VolatilityUpMissing,
			Rule::TooManyScenarioChanges => Self::TooManyScenarioChanges,
			Rule::Loosens => Self::Loosens(violation.position),
			Rule::NothingInForce => Self::NothingInForce,
			Rule::InvalidOnTheWay => Self::InvalidOnTheWay,
			Rule::TooManyScenariosOnTheWay => Self::TooManyScenariosOnTheWay,
			Rule::RampLengthOutOfRange => Self::RampLengthOutOfRange,
			Rule::TooManyUnderlyings => Self::TooManyUnderlyings,
		}
	}
}
