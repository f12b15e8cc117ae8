//! The market averaged over the last window: what strikes and auctions are set by, so that no single
//! tick and no jump in the last minutes moves them much. Knows no `Config`.
//!
//! Rule: time is cut into slices of a sixth of a settlement window, at multiples of their length. Of
//! each slice the mean of every figure of spot and surface is kept, over the seconds in which the
//! market was usable. The average at a moment is the mean over the window that ends there: each slice
//! counts for its covered seconds, the slice that the beginning of the window cuts for the share of
//! them that lies within (so of that slice, at most, the order of prices is lost: with the whole
//! window covered, `1/24` of how far a figure moved in it). A figure that changed `s` seconds ago
//! thus counts for `s` seconds of those that are covered, whenever the average is asked for.

use crate::{market::Market, observation::Observation, settlement::SLICES};
use alloc::vec::Vec;
use ballast_primitives::{
	params::OracleRules, units::ACCURACY, Correlation, Moment, Price, Quality, Rate, Ratio,
	SliceQuote, SurfaceQuote, Volatility, TENORS,
};
use frame_support::{traits::ConstU32, BoundedVec};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// Closed slices that are kept: those of one window.
pub const CLOSED_SLICES: u32 = 6;
const _: () = assert!(CLOSED_SLICES as usize == SLICES);
/// The same as a number of seconds.
const SLICES_SECS: Moment = 6;
const _: () = assert!(SLICES_SECS as usize == SLICES);
/// Figures of one tenor.
const FIGURES_OF_SLICE: usize = 5;
/// Figures of a market: spot, and those of every tenor.
const FIGURES: usize = 1 + FIGURES_OF_SLICE * TENORS;

/// Spot and surface.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Figures {
	/// Spot price.
	pub spot: Price,
	/// Volatility surface with carry and rate.
	pub surface: SurfaceQuote,
}

/// Spot and surface that were in force, both usable, from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
	/// What was in force.
	pub figures: Figures,
	/// When it began to count.
	pub from: Moment,
	/// When it ceased to count; after `from`.
	pub to: Moment,
}

/// Sums over time of every figure, in 18 decimals times seconds, in the order of [`Figures`].
///
/// A price is at most 10^30 and no other figure above 10^19 (18 decimals), so that a sum over the
/// longest governed window, 21,600 s, stays below 2.2e34 of 1.7e38.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
struct Sums([i128; FIGURES]);

/// The slice that is being filled.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct RunningSlice {
	/// Seconds in a slice, at least one.
	length: Moment,
	/// Market time at which it starts, a multiple of its length.
	start: Moment,
	/// Seconds of it that are covered.
	covered: Moment,
	sums: Sums,
}

/// A slice that is over, as long as the running one.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct ClosedSlice {
	/// Market time at which it started.
	start: Moment,
	/// Seconds of it that were covered, at least one.
	covered: Moment,
	/// Mean over them of every figure, rounded to nearest.
	mean: Figures,
}

impl Figures {
	/// The figures in order, as signed numbers of 18 decimals.
	fn to_array(self) -> Result<[i128; FIGURES], ArithmeticError> {
		let signed = |value: u128| i128::try_from(value).map_err(|_| ArithmeticError::Overflow);
		let mut spot = Some(signed(self.spot.into_inner())?);
		let mut of_tenors = [[0i128; FIGURES_OF_SLICE]; TENORS];
		for (figures, quote) in of_tenors.iter_mut().zip(&self.surface.tenors) {
			*figures = [
				signed(quote.volatility.into_inner())?,
				quote.rho.into_inner(),
				signed(quote.psi.into_inner())?,
				quote.carry.into_inner(),
				quote.rate.into_inner(),
			];
		}
		let mut rest = of_tenors.into_iter().flatten();
		Ok(core::array::from_fn(|_| spot.take().or_else(|| rest.next()).unwrap_or_default()))
	}

	/// The figures of which these are the numbers.
	fn from_array(numbers: [i128; FIGURES]) -> Result<Self, ArithmeticError> {
		let unsigned = |value: i128| u128::try_from(value).map_err(|_| ArithmeticError::Underflow);
		let mut numbers = numbers.into_iter();
		let mut next = || numbers.next().ok_or(ArithmeticError::Underflow);
		let spot = Price::from_inner(unsigned(next()?)?);
		let mut surface = SurfaceQuote::default();
		for slot in surface.tenors.iter_mut() {
			*slot = SliceQuote {
				volatility: Volatility::from_inner(unsigned(next()?)?),
				rho: Correlation::from_inner(next()?),
				psi: Ratio::from_inner(unsigned(next()?)?),
				carry: Rate::from_inner(next()?),
				rate: Rate::from_inner(next()?),
			};
		}
		Ok(Self { spot, surface })
	}

	/// Whether each figure by itself can be true. A mean of surfaces without arbitrage may have some.
	pub fn is_in_range(&self) -> bool {
		self.spot.is_in_range() && self.surface.is_in_range()
	}
}

impl Sums {
	/// Adds figures that count for so many seconds.
	fn add(&mut self, figures: Figures, seconds: Moment) -> Result<(), ArithmeticError> {
		for (sum, figure) in self.0.iter_mut().zip(figures.to_array()?) {
			*sum = figure
				.checked_mul(seconds.into())
				.and_then(|weighted| sum.checked_add(weighted))
				.ok_or(ArithmeticError::Overflow)?;
		}
		Ok(())
	}

	/// The means over so many seconds, rounded to nearest (halves up): within what was added.
	fn over(mut self, seconds: Moment) -> Result<Figures, ArithmeticError> {
		let seconds = i128::from(seconds);
		let half = seconds.checked_div(2).unwrap_or_default();
		for sum in self.0.iter_mut() {
			*sum = sum
				.checked_add(half)
				.and_then(|sum| sum.checked_div_euclid(seconds))
				.ok_or(ArithmeticError::Overflow)?;
		}
		Figures::from_array(self.0)
	}
}

/// Seconds in a slice of the window that these rules ask for, at least one.
fn slice_length(rules: &OracleRules) -> Moment {
	rules.settlement_window.checked_div(SLICES_SECS).unwrap_or(1).max(1)
}

/// When the slice began in which a moment lies.
fn slice_start(at: Moment, length: Moment) -> Moment {
	at.checked_rem(length).map_or(at, |into| at.saturating_sub(into))
}

impl Market {
	/// Spot and surface that were in force since the last update, for as long as both were usable.
	/// Nothing where only spot is fed.
	pub fn held_with_surface(&self, now: Moment, rules: &OracleRules) -> Option<Held> {
		let from = self.updated_at?;
		if rules.spot_only || self.quality(from, rules) != Quality::Good {
			return None;
		}
		let figures = Figures { spot: self.spot.value()?, surface: self.volatility.value()? };
		let spot_until = self.spot.accepted_at()?.saturating_add(rules.spot_age_max);
		let surface_until = self.volatility.accepted_at()?.saturating_add(rules.volatility_age_max);
		let to = now.min(spot_until).min(surface_until);
		(from < to).then_some(Held { figures, from, to })
	}
}

impl RunningSlice {
	/// The empty slice in which a moment lies.
	pub fn at(moment: Moment, rules: &OracleRules) -> Self {
		Self::starting_at(slice_start(moment, slice_length(rules)), slice_length(rules))
	}

	fn starting_at(start: Moment, length: Moment) -> Self {
		Self { length, start, covered: 0, sums: Sums::default() }
	}

	/// Whether it is a sixth of the window that these rules ask for.
	pub fn fits(&self, rules: &OracleRules) -> bool {
		self.length == slice_length(rules)
	}

	/// Adds what was in force and goes on to the slice in which that ended; returns the slices that
	/// are over by then, earliest first, without those that were never covered. What was in force
	/// longer ago than the slices of a window does not count any more.
	///
	/// Fails if a sum does not fit, or if it was in force before this slice began: it must then be
	/// thrown away.
	pub fn record(&mut self, held: &Held) -> Result<Vec<ClosedSlice>, ArithmeticError> {
		let window = self.length.saturating_mul(SLICES_SECS);
		let mut closed = Vec::new();
		let mut from = held.from.max(slice_start(held.to, self.length).saturating_sub(window));
		// at most seven turns, each of which ends later than it began
		while from < held.to {
			let start = slice_start(from, self.length);
			if start < self.start {
				return Err(ArithmeticError::Underflow);
			}
			if start > self.start {
				closed.extend(self.closed()?);
				*self = Self::starting_at(start, self.length);
			}
			let to = held.to.min(start.saturating_add(self.length));
			let seconds = to.saturating_sub(from);
			self.sums.add(held.figures, seconds)?;
			self.covered = self.covered.saturating_add(seconds);
			from = to;
		}
		Ok(closed)
	}

	/// As it would be closed now; nothing if nothing of it is covered.
	fn closed(&self) -> Result<Option<ClosedSlice>, ArithmeticError> {
		let Self { start, covered, sums, .. } = *self;
		let mean = (covered > 0).then(|| sums.over(covered)).transpose()?;
		Ok(mean.map(|mean| ClosedSlice { start, covered, mean }))
	}

	/// The average over the window that ends now, if as much of it is covered as these rules ask for.
	/// The surface is free of arbitrage. `None` too if the rules ask for another window.
	///
	/// Each figure is within 10^-18 of the mean of what the module counts, before the surface is
	/// brought to one without arbitrage.
	pub fn average(
		&self,
		closed: &[ClosedSlice],
		rules: &OracleRules,
		now: Moment,
	) -> Result<Option<Figures>, ArithmeticError> {
		if !self.fits(rules) {
			return Ok(None);
		}
		let window = self.length.saturating_mul(SLICES_SECS);
		let since = now.saturating_sub(window);
		let mut sums = Sums::default();
		let mut covered: Moment = 0;
		for slice in closed.iter().copied().chain(self.closed()?) {
			let seconds = slice.covered_since(since, self.length);
			sums.add(slice.mean, seconds)?;
			covered = covered.saturating_add(seconds);
		}
		let have = u128::from(covered).saturating_mul(ACCURACY);
		let need = u128::from(window).saturating_mul(rules.settlement_coverage.into_inner());
		if covered == 0 || have < need {
			return Ok(None);
		}
		let mut mean = sums.over(covered)?;
		mean.surface = mean.surface.projected()?;
		// rounding could lead out of the range at volatilities near its end
		Ok(Some(mean).filter(|mean| mean.spot.is_plausible() && mean.surface.is_plausible()))
	}

	/// Whether it can look like this at a moment, after these slices.
	pub fn is_sound(&self, closed: &[ClosedSlice], now: Moment) -> bool {
		let aligned = |start: Moment| start.checked_rem(self.length) == Some(0);
		let covers = |covered: Moment| (1..=self.length).contains(&covered);
		let starts = closed.iter().map(|slice| slice.start);
		let ascending = starts.clone().zip(starts.skip(1).chain([self.start])).all(|(a, b)| a < b);
		let mean_is_sound = self.closed().is_ok_and(|running| {
			closed.iter().copied().chain(running).all(|slice| slice.mean.is_in_range())
		});
		let all = closed.iter().map(|slice| (slice.start, slice.covered));
		let is_each = all
			.chain([(self.start, self.covered)])
			.all(|(start, covered)| aligned(start) && covers(covered));
		self.length > 0 && ascending && mean_is_sound && is_each && self.start <= now
	}
}

impl ClosedSlice {
	/// The covered seconds that count of a slice of this length, of whose time only what is later
	/// than a moment does: all of them, none, or the share of the slice that lies later, rounded
	/// down.
	fn covered_since(&self, since: Moment, length: Moment) -> Moment {
		if self.start >= since {
			return self.covered;
		}
		let later = self.start.saturating_add(length).saturating_sub(since);
		let share = u128::from(self.covered).saturating_mul(later.into());
		let seconds = share.checked_div(length.into()).unwrap_or_default();
		Moment::try_from(seconds).unwrap_or(Moment::MAX)
	}
}

/// Puts slices that are over behind those that are kept, of which the earliest give way.
pub(crate) fn keep(
	kept: &mut BoundedVec<ClosedSlice, ConstU32<CLOSED_SLICES>>,
	closed: Vec<ClosedSlice>,
) {
	for slice in closed {
		if kept.is_full() {
			kept.remove(0);
		}
		// room was made: it cannot be refused
		let _ = kept.try_push(slice);
	}
}
