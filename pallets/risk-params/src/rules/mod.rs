//! What a group of thresholds must obey: hard ranges, greatest steps, and rules between fields.
//!
//! One file per group. Each has a table with one line per field (a field without a line does not
//! compile) and the group's rules between fields. Nothing here knows `Config`.

mod cash;
mod course;
mod funds;
mod liquidation;
mod margin;
mod oracle;
mod pool;
mod step;
mod trades;
mod underlying;
mod vaults;

pub use course::{beginning, ensure_passable, guarded, on_the_way, Place};
pub use margin::{SCENARIO_CHANGES_MAX, SCENARIO_SCAN_RANGES_MAX};
pub use step::{Course, Step, Tighter};

use alloc::string::String;
use ballast_primitives::{
	params::{OracleRules, PoolRules, UnderlyingRisk},
	units::ACCURACY,
	Moment, Price, Quantity, Ratio, Usd, Volatility,
};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// The rule that refused a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Rule {
	/// A field is outside its hard range.
	OutOfRange,
	/// A field moves by more than its greatest step.
	StepTooLarge,
	/// `scan_floor <= scan_stressed`.
	FloorAboveStressed,
	/// `scan_stressed <= scan_cap`.
	StressedAboveCap,
	/// `fast_half_life < slow_half_life`.
	FastHalfLifeNotBelowSlow,
	/// Both short contingencies together are below `scan_floor`.
	ContingencyNotBelowFloor,
	/// `peg_threshold` and `peg_slope` are both zero, or neither is.
	PegHalfSet,
	/// `quantity_min` is a multiple of `quantity_step`.
	StepDoesNotDivideMinimum,
	/// `quantity_min <= position_cap`.
	MinimumAbovePositionCap,
	/// `position_cap <= open_interest_cap`.
	PositionCapAboveOpenInterestCap,
	/// The pool's `spread_of_spot` is below every underlying's `short_contingency_maintenance`.
	SpreadNotBelowContingency,
	/// `sample_period <= fast_half_life`.
	SampleSlowerThanHalfLife,
	/// `raw_age_max <= spot_age_max`.
	RawOlderThanSpot,
	/// `spot_only` stays what it is while options may be listed or the asset be collateral.
	SpotOnlyFixed,
	/// `penalty < buffer`: then `1 + b > g + pi` along the whole curve, whose end is `g = 1`.
	PenaltyNotBelowBuffer,
	/// `compensation_start <= compensation_fast`.
	CompensationFalls,
	/// `fast_length < full_length`.
	FastPartNotShorter,
	/// `keeper_reward_min <= keeper_rewards_per_block`.
	RewardAboveBlockLimit,
	/// `dust <= whole_below_equity`.
	DustAboveWholeAccount,
	/// `delta_min < delta_max`.
	DeltaBandEmpty,
	/// `rate_at_zero <= rate_at_kink <= rate_at_one`.
	RateFalls,
	/// `withdrawal_per_hour <= withdrawal_per_day`.
	HourAboveDay,
	/// Of delta, distance and length of an auction, the least is not above the greatest.
	VaultBoundsCross,
	/// `insurance_floor <= insurance_target`.
	InsuranceFloorAboveTarget,
	/// The four shares of revenue are one together.
	SharesNotOne,
	/// A scenario moves spot to nothing, or further than the greatest multiple.
	ScenarioSpotOutOfRange,
	/// A scenario's weight is zero or above one.
	ScenarioWeightOutOfRange,
	/// A scenario is in the set twice.
	ScenarioTwice,
	/// Some scenario leaves spot where it is.
	SpotUnmovedMissing,
	/// Some scenario moves spot up at weight one.
	SpotUpMissing,
	/// Some scenario moves spot down at weight one.
	SpotDownMissing,
	/// Some scenario moves volatility up.
	VolatilityUpMissing,
	/// The set differs from the one in force by more scenarios than one change may replace.
	TooManyScenarioChanges,
	/// The guardian moves a field in the direction that is not tighter, or one that is not its to move.
	Loosens,
	/// There is nothing to tighten or to ramp: no value is in force.
	NothingInForce,
	/// A value on the way to the new one breaks a rule between fields.
	InvalidOnTheWay,
	/// On the way the set holds the old scenarios and the new ones, and has no room for both.
	TooManyScenariosOnTheWay,
	/// A ramp is shorter or longer than it may be.
	RampLengthOutOfRange,
	/// The chain carries no more underlyings.
	TooManyUnderlyings,
}

/// A rule that a value breaks, and the field that breaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
	/// The rule.
	pub rule: Rule,
	/// Name of the field; of the first one where the rule is between several.
	pub field: &'static str,
	/// Position of the field in the group's table, from 0, for the two rules of single fields.
	pub position: u8,
}

impl Violation {
	/// A broken rule between fields.
	const fn between(rule: Rule, field: &'static str) -> Self {
		Self { rule, field, position: 0 }
	}
}

/// A [`Violation`] as the runtime API answers it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Refusal {
	/// The rule that refuses the value.
	pub rule: Rule,
	/// The field that breaks it; the first one where the rule is between several.
	pub field: String,
}

impl From<Violation> for Refusal {
	fn from(violation: Violation) -> Self {
		Self { rule: violation.rule, field: violation.field.into() }
	}
}

/// Fails with a rule between fields unless the condition holds.
fn ensure(condition: bool, rule: Rule, field: &'static str) -> Result<(), Violation> {
	condition.then_some(()).ok_or(Violation::between(rule, field))
}

/// A field's value as a plain figure: the 18-decimal integer, seconds, or a count.
trait Figure {
	/// The figure; `None` if negative.
	fn figure(&self) -> Option<u128>;

	/// The value with this figure; `None` if there is none.
	fn of_figure(figure: u128) -> Option<Self>
	where
		Self: Sized;
}

macro_rules! figure {
	($($ty:ty: $value:ident => $figure:expr, $of:expr;)*) => {$(
		impl Figure for $ty {
			fn figure(&self) -> Option<u128> {
				let $value = *self;
				$figure
			}

			fn of_figure($value: u128) -> Option<Self> {
				$of
			}
		}
	)*};
}
figure! {
	Ratio: value => Some(value.into_inner()), Some(Self::from_inner(value));
	Price: value => Some(value.into_inner()), Some(Self::from_inner(value));
	Volatility: value => Some(value.into_inner()), Some(Self::from_inner(value));
	Usd: value => u128::try_from(value.into_inner()).ok(), value.try_into().ok().map(Self::from_inner);
	Quantity: value => u128::try_from(value.into_inner()).ok(),
		value.try_into().ok().map(Self::from_inner);
	Moment: value => Some(value.into()), value.try_into().ok();
	u32: value => Some(value.into()), value.try_into().ok();
	u128: value => Some(value), Some(value);
}

/// Hundredths of a per cent.
const fn points(value: u32) -> u128 {
	Ratio::from_basis_points(value).into_inner()
}

/// Per cent.
const fn percent(value: u32) -> u128 {
	Ratio::from_percent(value).into_inner()
}

/// Whole contracts, units or quote units.
const fn whole(value: u64) -> u128 {
	ACCURACY.saturating_mul(value as u128)
}

/// One native token, which has twelve decimals.
const TOKEN: u128 = 1_000_000_000_000;

/// Seconds of market time.
const fn seconds(value: Moment) -> u128 {
	value as u128
}

/// Hard range, greatest step, direction and course of one field.
pub struct Limit<G> {
	/// Its name.
	pub field: &'static str,
	/// Its figure; `None` if negative.
	pub get: fn(&G) -> Option<u128>,
	/// Gives it another figure; nothing happens if no value has it.
	pub set: fn(&mut G, u128),
	/// Least value, as a figure.
	pub least: u128,
	/// Greatest value, as a figure.
	pub greatest: u128,
	/// Greatest step.
	pub step: Step,
	/// Which way the guardian may move it.
	pub tighter: Tighter,
	/// When it gets a new value.
	pub course: Course,
}

/// The table of a group: `field: least => greatest, step, tighter, course;`, without the last where it is
/// `Free`, and without the last two where the field is not the guardian's either. Every field of the
/// group must be in it, or be named after `but` because its rules are not about one figure.
macro_rules! limits {
	($group:ident but [$($other:ident),*];
	 $($field:ident: $least:expr => $greatest:expr, $step:expr
		$(, $tighter:ident $(, $course:ident)?)?;)*) => {{
		const _: fn(&$group) = |$group { $($field: _,)* $($other: _,)* }| ();
		&[$($crate::rules::Limit {
			field: stringify!($field),
			get: |group: &$group| $crate::rules::Figure::figure(&group.$field),
			set: |group: &mut $group, figure| {
				if let Some(value) = $crate::rules::Figure::of_figure(figure) {
					group.$field = value;
				}
			},
			least: $least,
			greatest: $greatest,
			step: $step,
			tighter: $crate::rules::limits!(@tighter $($tighter)?),
			course: $crate::rules::limits!(@course $($($course)?)?),
		}),*]
	}};
	(@tighter) => { $crate::rules::Tighter::Fixed };
	(@tighter $tighter:ident) => { $crate::rules::Tighter::$tighter };
	(@course) => { $crate::rules::Course::Free };
	(@course $course:ident) => { $crate::rules::Course::$course };
}
use limits;

/// A group of thresholds that is validated and set as a whole.
pub trait Group: Clone + PartialEq + 'static {
	/// Range and step of every field.
	const LIMITS: &'static [Limit<Self>];

	/// Checks the fields against each other. Called after the ranges were checked.
	fn ensure_consistent(&self) -> Result<(), Violation>;

	/// Steps that are not about one figure.
	fn ensure_other_steps(&self, _old: &Self) -> Result<(), Violation> {
		Ok(())
	}

	/// Checks every hard range, then every rule between fields.
	fn validate(&self) -> Result<(), Violation> {
		for (limit, position) in Self::LIMITS.iter().zip(0u8..) {
			let inside = (limit.get)(self)
				.is_some_and(|figure| (limit.least..=limit.greatest).contains(&figure));
			if !inside {
				return Err(Violation { rule: Rule::OutOfRange, field: limit.field, position });
			}
		}
		self.ensure_consistent()
	}

	/// Checks that no field moves further from `old`, the value in force, than one change may.
	fn ensure_step(&self, old: &Self) -> Result<(), Violation> {
		self.ensure_each(&[old], Rule::StepTooLarge, |limit, old, new| {
			limit.step.allows(old, new)
		})?;
		self.ensure_other_steps(old)
	}

	/// Checks that parts of the value that are not one figure are no looser than in `old`. Of the groups that the
	/// guardian may tighten only margin rules have such a part: their scenarios.
	fn ensure_others_no_looser(&self, _old: &Self) -> Result<(), Violation> {
		Ok(())
	}

	/// Checks that every field asks for at least as much safety as in `old`, and that those without a
	/// direction stay what they are.
	fn ensure_no_looser(&self, old: &Self) -> Result<(), Violation> {
		self.ensure_each(&[old], Rule::Loosens, |limit, old, new| limit.tighter.allows(old, new))?;
		self.ensure_others_no_looser(old)
	}

	/// What the guardian may ask for where governance is going to `target` and has `now` in force: figures no looser
	/// than in one of the two, and within one step of one of them; those without a direction as in the target.
	/// (Whatever it asks for, never less than what governance has is in force: see [`guarded`].)
	fn ensure_guards(&self, target: &Self, now: &Self) -> Result<(), Violation> {
		let fixed = |limit: &Limit<Self>| limit.tighter == Tighter::Fixed;
		self.ensure_each(&[target], Rule::Loosens, |limit, old, new| !fixed(limit) || new == old)?;
		let both = [target, now];
		self.ensure_each(&both, Rule::Loosens, |limit, old, new| {
			fixed(limit) || limit.tighter.allows(old, new)
		})?;
		self.ensure_others_no_looser(target)?;
		self.ensure_each(&both, Rule::StepTooLarge, |limit, old, new| {
			fixed(limit) || limit.step.allows(old, new)
		})?;
		self.ensure_other_steps(target)
	}

	/// Checks each figure against that of one of these values, whichever.
	fn ensure_each(
		&self,
		old: &[&Self],
		rule: Rule,
		allows: impl Fn(&Limit<Self>, u128, u128) -> bool,
	) -> Result<(), Violation> {
		for (limit, position) in Self::LIMITS.iter().zip(0u8..) {
			let allowed = |old: &&Self| match ((limit.get)(old), (limit.get)(self)) {
				(Some(old), Some(new)) => allows(limit, old, new),
				_ => false,
			};
			if !old.iter().any(allowed) {
				return Err(Violation { rule, field: limit.field, position });
			}
		}
		Ok(())
	}

	/// Puts parts of the value that are not one figure where they are at the beginning of a change from
	/// `in_force` to this value; `whole` if all of it is ramped. They are there at once unless the group
	/// says otherwise.
	fn begin_others(&mut self, _in_force: &Self, _whole: bool) {}

	/// Puts them where they are at a place on the way from `from` to this value.
	fn move_others(&mut self, _from: &Self, _place: Place) -> Result<(), Violation> {
		Ok(())
	}

	/// Makes them no looser than those of a guard. Not called where the guard asks for no more than what governance
	/// has set.
	fn guard_others(&mut self, _guard: &Self) -> Result<(), Violation> {
		Ok(())
	}

	/// Whether they are the same in both.
	fn are_others_equal(&self, _other: &Self) -> bool {
		true
	}
}

/// The pool's least spread must stay below the least requirement of a short option: otherwise an
/// account that just fulfils the requirement could lose more than it in one trade.
pub fn ensure_spread(pool: &PoolRules, risk: &UnderlyingRisk) -> Result<(), Violation> {
	ensure(
		pool.spread_of_spot < risk.short_contingency_maintenance,
		Rule::SpreadNotBelowContingency,
		"spread_of_spot",
	)
}

/// Realised volatility must be sampled at least once in the fast half life, or it forgets what it
/// saw before it sees the next move.
pub fn ensure_sampling(oracle: &OracleRules, risk: &UnderlyingRisk) -> Result<(), Violation> {
	ensure(
		oracle.sample_period <= risk.fast_half_life,
		Rule::SampleSlowerThanHalfLife,
		"sample_period",
	)
}

/// Whether an underlying has options or is collateral alone must not change while it has a risk or
/// rules of its own: its options would lose their volatilities, or be traded at one that nobody fed.
pub fn ensure_same_kind(rules: &OracleRules, in_force: &OracleRules) -> Result<(), Violation> {
	ensure(rules.spot_only == in_force.spot_only, Rule::SpotOnlyFixed, "spot_only")
}
