//! What will happen to an account at unchanged prices, while scan ranges and thresholds are on their way.

use super::{
	outlook::{Changes, Whole},
	part::Part,
	search::{crossing, places},
};
use crate::{requirement::Rules, Config};
use ballast_math::{
	fixed::{Rounding, Q64},
	realised::ramp,
};
use ballast_primitives::{arithmetic, time::HOUR, MarketState, Moment, Ratio, UnderlyingId, Usd};
use ballast_traits::{InspectMarket, RiskParameters};
use sp_runtime::ArithmeticError;

use alloc::vec::Vec;

/// While scan ranges alone move, the time is looked at in four steps, and to a 1,024th of one.
const STEPS: u128 = 4;
const PARTS: u128 = 1_024;
/// With thresholds that move too, what is required bends more often: 16 steps, and a 128th of one.
const RAMPED_STEPS: u128 = 16;
const RAMPED_PARTS: u128 = 128;
/// Where thresholds move, targets of scan ranges are looked up at so many moments of that.
const LOOKS: u32 = 100;

/// A target of a scan range from a moment on, in seconds from now, and how fast the range goes there.
struct Leg {
	from: u64,
	target: Q64,
	per_hour: Q64,
}

/// Where the range of maintenance margin of an underlying is going.
struct Course<'a> {
	part: &'a Part,
	state: MarketState,
	legs: Vec<Leg>,
	/// Seconds until it is there and no threshold moves any more.
	needed: u64,
}

impl<'a> Course<'a> {
	fn new<T: Config>(
		part: &'a Part,
		state: MarketState,
		block: Moment,
	) -> Result<Self, ArithmeticError> {
		let id = part.group.underlying;
		let ramped = T::Parameters::ramped_for(id);
		let apart = ramped.div_ceil(LOOKS).max(1);
		let mut legs = Vec::new();
		let mut blocks = 0u32;
		loop {
			legs.extend(leg::<T>(id, &state, blocks, block)?);
			if blocks >= ramped {
				break;
			}
			blocks = blocks.saturating_add(apart).min(ramped);
		}
		let mut course = Self { part, state, legs, needed: 0 };
		let ramped = u64::from(ramped).saturating_mul(block);
		let last = course.legs.last().map(|leg| (leg.target, leg.per_hour));
		let rest = match last {
			Some((target, per_hour)) => time_to_rise(course.range(ramped)?, target, per_hour),
			None => 0,
		};
		course.needed = ramped.saturating_add(rest);
		Ok(course)
	}

	/// The range so many seconds from now.
	fn range(&self, seconds: u64) -> Result<Q64, ArithmeticError> {
		let mut range = self.state.scan.maintenance.to_q64()?;
		let ends = self.legs.iter().skip(1).map(|leg| leg.from).chain([u64::MAX]);
		for (leg, end) in self.legs.iter().zip(ends) {
			let elapsed = end.min(seconds).saturating_sub(leg.from);
			range = ramp(range, leg.target, leg.per_hour, elapsed).map_err(arithmetic)?;
		}
		Ok(range)
	}

	/// The market with its range of maintenance margin so many seconds from now.
	fn at(&self, seconds: u64) -> Result<MarketState, ArithmeticError> {
		let mut state = self.state;
		state.scan.maintenance = Ratio::from_q64(self.range(seconds)?, Rounding::Nearest)?;
		Ok(state)
	}
}

/// The target under the risk so many blocks from now. While no threshold moves it is the one that the market
/// knows; `None` if there is no risk.
fn leg<T: Config>(
	id: UnderlyingId,
	state: &MarketState,
	blocks: u32,
	block: Moment,
) -> Result<Option<Leg>, ArithmeticError> {
	let Some(risk) = T::Parameters::underlying_in(id, blocks) else { return Ok(None) };
	let target = match T::Parameters::ramped_for(id) {
		// The range of initial margin is the greater of both, so above that of maintenance margin it is
		// the target; a range that falls frees nobody sooner than it is believed to.
		0 => state.scan.initial,
		_ => T::Market::scan_target(id, &risk).unwrap_or(state.scan.initial),
	};
	Ok(Some(Leg {
		from: u64::from(blocks).saturating_mul(block),
		target: target.to_q64()?,
		per_hour: risk.scan_ramp_per_hour.to_q64()?,
	}))
}

/// Seconds until a range has risen to its target, rounded up; zero if it does not rise.
fn time_to_rise(now: Q64, target: Q64, per_hour: Q64) -> u64 {
	let gap = target.checked_sub(now).filter(|gap| !gap.is_negative()).unwrap_or(Q64::ZERO);
	let seconds = i128::from(HOUR)
		.checked_mul(gap.to_bits())
		.and_then(|needed| {
			needed.checked_add(per_hour.to_bits())?.checked_sub(1)?.checked_div(per_hour.to_bits())
		})
		.unwrap_or(0);
	u64::try_from(seconds).unwrap_or(0)
}

impl<T: Config> Whole<'_, T> {
	/// Market time until the account may be liquidated while scan ranges of maintenance margin move to
	/// where they are bound for, and thresholds to where governance has sent them; found to a second or a
	/// 4,096th of the time that they need, with thresholds that move a 2,048th.
	pub fn seconds_to_liquidation(&self) -> Result<Option<Moment>, ArithmeticError> {
		if self.excess.is_negative() {
			return Ok(Some(0));
		}
		let block = T::Market::block_length().max(1);
		let markets = self.parts.iter().filter_map(|part| Some((part, part.market.as_ref()?)));
		let courses: Result<Vec<_>, ArithmeticError> =
			markets.map(|(part, market)| Course::new::<T>(part, market.state, block)).collect();
		let mut courses = courses?;
		courses.retain(|course| course.needed > 0);
		let ramped = |course: &Course| T::Parameters::ramped_for(course.part.group.underlying) > 0;
		let (steps, parts) = match courses.iter().any(ramped) {
			true => (RAMPED_STEPS, RAMPED_PARTS),
			false => (STEPS, PARTS),
		};
		let needed = courses.iter().map(|course| course.needed).max().unwrap_or(0).into();
		let step = u128::div_ceil(needed, steps).max(1);
		let times = places(needed, step).filter(|seconds| *seconds > 0);
		let found = crossing((0, self.excess), times, step.div_ceil(parts), |seconds| {
			self.excess_in(&courses, u64::try_from(seconds).unwrap_or(u64::MAX), block)
		})?;
		Ok(found.map(|found| Moment::try_from(found.after.0).unwrap_or(Moment::MAX)))
	}

	/// What the account has beyond its requirement so many seconds from now, at the prices of now.
	fn excess_in(
		&self,
		courses: &[Course],
		seconds: u64,
		block: Moment,
	) -> Result<Usd, ArithmeticError> {
		let blocks = seconds.checked_div(block).unwrap_or(0);
		let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
		let rules = Rules::in_blocks::<T>(blocks)?;
		let mut changes = Changes::new();
		for course in courses {
			let id = course.part.group.underlying;
			let Some(risk) = T::Parameters::underlying_in(id, blocks) else { continue };
			let requirement = course.part.under::<T>(course.at(seconds)?, risk, &rules)?;
			changes.insert(id, requirement);
		}
		self.excess_under(&rules, &changes)
	}
}
