//! From what operators feed to what is accepted: quorum, band and confirmation. Knows no
//! `Config`, so that every rule can be tested on values alone.

use crate::observation::Observation;
use alloc::vec::Vec;
use ballast_primitives::{params::OracleRules, Moment, Ratio};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The rules under which one kind of value is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
	/// Age above which an operator's value no longer counts, in seconds.
	pub raw_age_max: Moment,
	/// Least number of operators, at least one.
	pub quorum: u32,
	/// Half width of the band around the last accepted value.
	pub deviation_max: Ratio,
	/// Full-quorum rounds that confirm a value outside the band.
	pub confirming_rounds: u32,
}

impl Limits {
	/// The limits of spot prices.
	pub fn of_spot(rules: &OracleRules) -> Self {
		Self {
			raw_age_max: rules.raw_age_max,
			quorum: rules.operators_min.max(1),
			deviation_max: rules.spot_deviation_max,
			confirming_rounds: rules.confirming_rounds,
		}
	}

	/// The limits of volatilities. They are fed less often than prices, so an operator's volatility
	/// counts for as long as an accepted one may be used.
	pub fn of_volatility(rules: &OracleRules) -> Self {
		Self {
			raw_age_max: rules.raw_age_max.max(rules.volatility_age_max),
			quorum: rules.operators_min.max(1),
			deviation_max: rules.volatility_deviation_max,
			confirming_rounds: rules.confirming_rounds,
		}
	}
}

/// Why a tick was refused.
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
pub enum Refusal {
	/// Fewer operators than the quorum have fed a fresh value.
	TooFewOperators,
	/// It is outside the band around the last accepted value, and not confirmed yet.
	OutsideBand,
}

/// What an observation of the operators' values led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<V> {
	/// Nobody has fed anything new, or too little to confirm a value outside the band.
	Unchanged,
	/// The median became the accepted value.
	Accepted(V),
	/// The median did not become the accepted value.
	Refused(V, Refusal),
}

/// Which of the operators' values have been seen.
///
/// An operator feeds at most once a block, and a block has one market time; so a value is new if it
/// was fed later than `at`, or at the same time but after the look (there are then more of that
/// time than were seen).
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
pub struct Round {
	/// Market time of the look.
	at: Moment,
	/// Values of that very time which were seen.
	seen: u32,
}

impl Round {
	/// A look at these values now.
	fn of<V>(values: &[(V, Moment)], now: Moment) -> Self {
		Self { at: now, seen: count(values, |at| at == now) }
	}

	/// How many of these values were fed after the look; never too many.
	fn newer<V>(&self, values: &[(V, Moment)]) -> u32 {
		let late = count(values, |at| at == self.at).saturating_sub(self.seen);
		count(values, |at| at > self.at).saturating_add(late)
	}

	/// Market time of the look.
	pub const fn at(&self) -> Moment {
		self.at
	}
}

fn count<V>(values: &[(V, Moment)], condition: impl Fn(Moment) -> bool) -> u32 {
	let found = values.iter().filter(|(_, at)| condition(*at)).count();
	u32::try_from(found).unwrap_or(u32::MAX)
}

/// A value outside the band that is waiting to be confirmed.
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
pub struct Pending<V> {
	/// The newest value.
	value: V,
	/// Least value since the break.
	low: V,
	/// Greatest value since the break.
	high: V,
	/// Confirming rounds that are still missing, at least one.
	rounds_left: u32,
	/// The values that the newest round has used up.
	round: Round,
}

impl<V: Observation> Pending<V> {
	fn new(value: V, round: Round, limits: &Limits) -> Self {
		let rounds_left = limits.confirming_rounds.max(1);
		Self { value, low: value, high: value, rounds_left, round }
	}

	/// The newest value that waits.
	pub const fn value(&self) -> V {
		self.value
	}

	/// Whether a break can look like this: rounds are missing, and its values are in order.
	pub fn is_sound(&self) -> bool {
		let ordered = self.low.least(self.high) == self.low
			&& self.low.least(self.value) == self.low
			&& self.high.greatest(self.value) == self.high;
		ordered && self.rounds_left > 0 && self.low.is_in_range()
	}
}

/// One kind of value of one underlying: what is accepted, and what is on its way.
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
pub struct Feed<V> {
	/// Last accepted value, or the one given at genesis.
	value: Option<V>,
	/// Market time at which it was accepted; none for a value given at genesis.
	accepted_at: Option<Moment>,
	/// Operators whose newest value is fresh, as of the last look.
	operators: u32,
	/// `(highest - lowest) / median` of the accepted tick.
	dispersion: Ratio,
	/// The values that have been looked at.
	round: Round,
	/// A value outside the band that is waiting to be confirmed.
	pending: Option<Pending<V>>,
}

impl<V: Observation> Feed<V> {
	/// A feed that begins with a value nobody has fed: it holds the first tick within the band, but
	/// is not usable.
	pub fn starting_at(value: Option<V>) -> Self {
		Self {
			value,
			accepted_at: None,
			operators: 0,
			dispersion: Ratio::ZERO,
			round: Round::default(),
			pending: None,
		}
	}

	/// Last accepted value, or the one given at genesis.
	pub const fn value(&self) -> Option<V> {
		self.value
	}

	/// Market time at which it was accepted; none for a value given at genesis.
	pub const fn accepted_at(&self) -> Option<Moment> {
		self.accepted_at
	}

	/// Operators whose newest value is fresh.
	pub const fn operators(&self) -> u32 {
		self.operators
	}

	/// `(highest - lowest) / median` of the accepted tick.
	pub const fn dispersion(&self) -> Ratio {
		self.dispersion
	}

	/// The values that have been looked at.
	pub const fn round(&self) -> &Round {
		&self.round
	}

	/// A value outside the band that is waiting to be confirmed.
	pub const fn pending(&self) -> Option<&Pending<V>> {
		self.pending.as_ref()
	}

	/// Whether the accepted value is no older than this.
	pub fn is_fresh(&self, now: Moment, age_max: Moment) -> bool {
		self.accepted_at.is_some_and(|at| now.saturating_sub(at) <= age_max)
	}

	/// Looks at the operators' values (with the market time at which each was fed) and accepts or
	/// refuses their median.
	///
	/// Without anything new only the number of operators is brought up to date. The first value
	/// ever needs a quorum, and has no band.
	pub fn observe(&mut self, values: &[(V, Moment)], limits: &Limits, now: Moment) -> Outcome<V> {
		let fresh: Vec<(V, Moment)> = values
			.iter()
			.filter(|(value, at)| {
				value.is_plausible() && *at <= now && now.saturating_sub(*at) <= limits.raw_age_max
			})
			.copied()
			.collect();
		self.operators = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
		if self.round.newer(values) == 0 {
			return Outcome::Unchanged;
		}
		self.round = Round::of(values, now);
		let plain: Vec<V> = fresh.iter().map(|(value, _)| *value).collect();
		let Some(median) = V::median(&plain) else { return Outcome::Unchanged };
		if self.operators < limits.quorum {
			return Outcome::Refused(median, Refusal::TooFewOperators);
		}
		let outside =
			self.value.is_some_and(|last| median.gap(&last, &last) > limits.deviation_max);
		if outside && !self.is_confirmed(median, &fresh, limits) {
			return self.challenge(median, &fresh, limits, now);
		}
		self.accept(median, &plain, now)
	}

	/// Whether this median, outside the band, is the last confirmation that was missing.
	fn is_confirmed(&self, median: V, fresh: &[(V, Moment)], limits: &Limits) -> bool {
		self.pending.is_some_and(|pending| {
			pending.rounds_left <= 1
				&& pending.round.newer(fresh) >= limits.quorum
				&& pending.agrees(median, limits)
		})
	}

	/// Keeps a median outside the band waiting: as a new break, as one more confirmation, or, if
	/// too few operators have fed anew, not at all.
	fn challenge(
		&mut self,
		median: V,
		fresh: &[(V, Moment)],
		limits: &Limits,
		now: Moment,
	) -> Outcome<V> {
		let round = Round::of(fresh, now);
		let next = match self.pending {
			Some(pending) if pending.round.newer(fresh) < limits.quorum => {
				return Outcome::Unchanged;
			}
			Some(pending) if pending.agrees(median, limits) => Pending {
				value: median,
				low: pending.low.least(median),
				high: pending.high.greatest(median),
				rounds_left: pending.rounds_left.saturating_sub(1),
				round,
			},
			// None, or a break to another level: the count begins again
			_ => Pending::new(median, round, limits),
		};
		self.pending = Some(next);
		Outcome::Refused(median, Refusal::OutsideBand)
	}

	fn accept(&mut self, median: V, values: &[V], now: Moment) -> Outcome<V> {
		let (low, high) = values
			.iter()
			.fold((median, median), |(low, high), v| (low.least(*v), high.greatest(*v)));
		self.value = Some(median);
		self.accepted_at = Some(now);
		self.dispersion = high.gap(&low, &median);
		self.pending = None;
		Outcome::Accepted(median)
	}
}

impl<V: Observation> Pending<V> {
	/// Whether a value agrees with all since the break: they stay within one band of each other.
	fn agrees(&self, value: V, limits: &Limits) -> bool {
		let low = self.low.least(value);
		self.high.greatest(value).gap(&low, &low) <= limits.deviation_max
	}
}
