//! From a broken rule to the error that a call returns.

use crate::{
	rules::{Rule, Violation},
	Config, Error,
};

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
			Rule::ScenarioSpotOutOfRange => Self::ScenarioSpotOutOfRange,
			Rule::ScenarioWeightOutOfRange => Self::ScenarioWeightOutOfRange,
			Rule::ScenarioTwice => Self::ScenarioTwice,
			Rule::SpotUnmovedMissing => Self::SpotUnmovedMissing,
			Rule::SpotUpMissing => Self::SpotUpMissing,
			Rule::SpotDownMissing => Self::SpotDownMissing,
			Rule::VolatilityUpMissing => Self::VolatilityUpMissing,
			Rule::TooManyScenarioChanges => Self::TooManyScenarioChanges,
		}
	}
}
