//! The market of one underlying: its feeds, its realised volatility and its scan range, in one
//! value, so that reading it costs one read. Knows no `Config`.

use crate::{feed::Feed, settlement::Held};
use ballast_math::{
	fixed::{Rounding, Q64},
	kernels::sqrt,
	realised::{log_return, ramp, HalfLives, RealisedVariance, ScanRule},
};
use ballast_primitives::{
	arithmetic,
	params::{OracleRules, UnderlyingRisk},
	time::YEAR,
	MarketState, Moment, Price, Quality, Ratio, ScanRange, SurfaceQuote, Volatility,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// The surface of a market of which only spot is fed: 100% everywhere, forwards at spot, nothing
/// discounted. Nobody can trade on it, as no expiry of such an underlying can be watched and so no
/// option of it be listed; an asset that is collateral alone is worth the same at any volatility.
pub const SPOT_ONLY_SURFACE: SurfaceQuote = SurfaceQuote::flat(Volatility::from_percent(100));

/// A sample of the spot price on the clock of realised volatility.
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
pub struct Sample {
	/// Spot.
	pub price: Price,
	/// When it was sampled.
	pub at: Moment,
}

/// Realised volatility: two averages with different memories.
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
pub struct Realised {
	/// With the short half life.
	pub fast: Volatility,
	/// With the long half life.
	pub slow: Volatility,
}

/// The scan range of maintenance margin and what it moves towards.
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
pub struct Scan {
	/// Range of maintenance margin.
	pub maintenance: Ratio,
	/// Where it is going.
	pub target: Ratio,
}

impl Scan {
	/// The range of initial margin: at the target at once, and never below maintenance.
	pub fn initial(&self) -> Ratio {
		self.target.max(self.maintenance)
	}
}

/// The market of one underlying.
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
pub struct Market {
	/// Spot prices.
	pub spot: Feed<Price>,
	/// Volatilities; nothing if only spot is fed.
	pub volatility: Feed<SurfaceQuote>,
	/// Newest sample of spot.
	pub sample: Option<Sample>,
	/// Realised volatility; begins at the first volatility that is known, and where only spot is fed
	/// at that of a stressed market.
	pub realised: Option<Realised>,
	/// Scan range; begins at its target when realised volatility and risk parameters are known.
	pub scan: Option<Scan>,
	/// Market time up to which all of this is brought.
	pub updated_at: Option<Moment>,
}

/// What an update of the scan range did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanUpdate {
	/// A sample was taken, the range began, or it arrived at its target.
	pub notable: bool,
	/// The range of initial or maintenance margin is another one.
	pub moved: bool,
}

impl Market {
	/// A market at genesis: volatility with which everything begins, and perhaps a price that
	/// holds the first tick within the band. It is not usable until operators feed it. Where only
	/// spot is fed, the volatility at the first tenor is all that counts.
	pub fn at_genesis(spot: Option<Price>, volatility: SurfaceQuote, rules: &OracleRules) -> Self {
		let spot = Feed::starting_at(spot);
		if rules.spot_only {
			let realised = at_first_tenor(&volatility).map(Realised::at);
			return Self { spot, realised, ..Default::default() };
		}
		Self { spot, volatility: Feed::starting_at(Some(volatility)), ..Default::default() }
	}

	/// The feed of volatilities, if there is one.
	fn volatilities(&self, rules: &OracleRules) -> Option<&Feed<SurfaceQuote>> {
		(!rules.spot_only).then_some(&self.volatility)
	}

	/// Whether it may be used now.
	pub fn quality(&self, now: Moment, rules: &OracleRules) -> Quality {
		let spot = &self.spot;
		let volatility = self.volatilities(rules);
		let fresh = spot.is_fresh(now, rules.spot_age_max)
			&& volatility.is_none_or(|feed| feed.is_fresh(now, rules.volatility_age_max));
		let operators =
			volatility.map_or(spot.operators(), |feed| feed.operators().min(spot.operators()));
		if !fresh {
			Quality::Stale
		} else if operators < rules.operators_min {
			Quality::TooFewOperators
		} else if spot.pending().is_some()
			|| volatility.is_some_and(|feed| feed.pending().is_some())
		{
			Quality::Unconfirmed
		} else {
			Quality::Good
		}
	}

	/// What the chain believes now; `None` until spot, volatility and risk are known. Where only spot
	/// is fed, the surface is [`SPOT_ONLY_SURFACE`], as old as spot.
	pub fn state(&self, now: Moment, rules: &OracleRules) -> Option<MarketState> {
		let scan = self.scan?;
		let spot_at = self.spot.accepted_at().unwrap_or_default();
		let (volatility, volatility_at) = match self.volatilities(rules) {
			Some(feed) => (feed.value()?, feed.accepted_at().unwrap_or_default()),
			None => (SPOT_ONLY_SURFACE, spot_at),
		};
		Some(MarketState {
			spot: self.spot.value()?,
			spot_at,
			volatility,
			volatility_at,
			operators: self.spot.operators(),
			dispersion: self.spot.dispersion(),
			quality: self.quality(now, rules),
			scan: ScanRange { maintenance: scan.maintenance, initial: scan.initial() },
		})
	}

	/// Whether spot is fresh, has its quorum and is not in doubt.
	pub(crate) fn spot_is_usable(&self, now: Moment, rules: &OracleRules) -> bool {
		self.spot.is_fresh(now, rules.spot_age_max)
			&& self.spot.operators() >= rules.operators_min
			&& self.spot.pending().is_none()
	}

	/// The price that was in force since the last update, for as long as it was usable.
	pub fn held(&self, now: Moment, rules: &OracleRules) -> Option<Held> {
		let from = self.updated_at?;
		let price = self.spot.value()?;
		if !self.spot_is_usable(from, rules) {
			return None;
		}
		let to = now.min(self.spot.accepted_at()?.saturating_add(rules.spot_age_max));
		(from < to).then_some(Held { price, from, to })
	}

	/// Brings realised volatility and scan range up to now.
	///
	/// Spot is sampled when a period of the clock has passed, only while it is usable: an outage is
	/// then one long return, not many of zero. Where only spot is fed, nothing is implied: realised
	/// volatility alone makes the range, and begins where the range is the stressed one.
	pub fn update_scan(
		&mut self,
		risk: &UnderlyingRisk,
		rules: &OracleRules,
		now: Moment,
	) -> Result<ScanUpdate, ArithmeticError> {
		let fed = self.volatilities(rules).map(|feed| feed.value());
		let implied = fed.map(|surface| surface.as_ref().and_then(at_first_tenor));
		let realised = match (self.realised, implied) {
			(_, Some(None)) => return Ok(ScanUpdate::default()),
			(Some(realised), _) => realised,
			(None, Some(Some(implied))) => Realised::at(implied),
			(None, None) => Realised::at(stressed_volatility(risk)?),
		};
		let implied = implied.flatten().unwrap_or(Volatility::ZERO);
		let (realised, sampled) = self.sampled(realised, risk, rules, now)?;
		self.realised = Some(realised);
		let target = target_of(realised, implied, risk)?;
		let elapsed = self.updated_at.map_or(0, |then| now.saturating_sub(then));
		let before = self.scan;
		let maintenance = match before {
			Some(scan) => ramped(scan.maintenance, target, risk.scan_ramp_per_hour, elapsed)?,
			None => target,
		};
		let scan = Scan { maintenance, target };
		self.scan = Some(scan);
		let moved = before.is_none_or(|before| {
			before.maintenance != scan.maintenance || before.initial() != scan.initial()
		});
		let arrived = scan.maintenance == scan.target;
		Ok(ScanUpdate { notable: sampled || before.is_none() || arrived, moved })
	}

	/// Where the scan range would go under a risk, at the volatility known now; `None` until it began.
	pub fn target_under(
		&self,
		risk: &UnderlyingRisk,
		rules: &OracleRules,
	) -> Result<Option<Ratio>, ArithmeticError> {
		let Some(realised) = self.realised.filter(|_| self.scan.is_some()) else { return Ok(None) };
		let surface = self.volatilities(rules).and_then(|feed| feed.value());
		let implied = surface.as_ref().and_then(at_first_tenor).unwrap_or(Volatility::ZERO);
		target_of(realised, implied, risk).map(Some)
	}

	/// Realised volatility after the sample that is due, if one is, and whether one was.
	fn sampled(
		&mut self,
		realised: Realised,
		risk: &UnderlyingRisk,
		rules: &OracleRules,
		now: Moment,
	) -> Result<(Realised, bool), ArithmeticError> {
		let Some(price) = self.spot.value().filter(|_| self.spot_is_usable(now, rules)) else {
			return Ok((realised, false));
		};
		let Some(last) = self.sample else {
			self.sample = Some(Sample { price, at: now });
			return Ok((realised, true));
		};
		let elapsed = now.saturating_sub(last.at);
		if elapsed < rules.sample_period.max(1) {
			return Ok((realised, false));
		}
		self.sample = Some(Sample { price, at: now });
		let moved = log_return(inner(price)?, inner(last.price)?).map_err(arithmetic)?;
		let lives =
			HalfLives { fast: risk.fast_half_life.max(1), slow: risk.slow_half_life.max(1) };
		let next = realised.variance()?.update(moved, elapsed, lives).map_err(arithmetic)?;
		let (fast, slow) = next.volatilities().map_err(arithmetic)?;
		let realised = Realised {
			fast: Volatility::from_q64(fast, Rounding::Nearest)?,
			slow: Volatility::from_q64(slow, Rounding::Nearest)?,
		};
		Ok((realised, true))
	}
}

impl Realised {
	/// As if volatility had always been this.
	const fn at(volatility: Volatility) -> Self {
		Self { fast: volatility, slow: volatility }
	}

	/// As the variances that the mathematics works with.
	fn variance(&self) -> Result<RealisedVariance, ArithmeticError> {
		let square = |vol: Volatility| -> Result<Q64, ArithmeticError> {
			let vol = vol.to_q64()?;
			vol.checked_mul(vol, Rounding::Nearest).ok_or(ArithmeticError::Overflow)
		};
		Ok(RealisedVariance { fast: square(self.fast)?, slow: square(self.slow)? })
	}
}

/// The at-the-money volatility that counts for the scan range.
fn at_first_tenor(surface: &SurfaceQuote) -> Option<Volatility> {
	surface.tenors.first().map(|slice| slice.volatility)
}

/// The volatility whose scan range is the stressed one, `stressed / (k sqrt(h / 365 d))`, rounded up:
/// what is believed of an asset of which nothing has been seen.
fn stressed_volatility(risk: &UnderlyingRisk) -> Result<Volatility, ArithmeticError> {
	let overflow = ArithmeticError::Overflow;
	let horizon = Q64::from_ratio(i128::from(risk.scan_horizon), i128::from(YEAR), Rounding::Floor)
		.ok_or(overflow)?;
	let deviations = risk
		.scan_multiple
		.to_q64()?
		.checked_mul(sqrt(horizon).map_err(arithmetic)?, Rounding::Floor)
		.ok_or(overflow)?;
	let sigma = risk.scan_stressed.to_q64()?.checked_div(deviations, Rounding::Ceil);
	Volatility::from_q64(sigma.ok_or(overflow)?, Rounding::Ceil)
}

/// The 18-decimal integer of a price as a signed number.
fn inner(price: Price) -> Result<i128, ArithmeticError> {
	i128::try_from(price.into_inner()).map_err(|_| ArithmeticError::Overflow)
}

/// Where the scan range should be, rounded up.
fn target_of(
	realised: Realised,
	implied: Volatility,
	risk: &UnderlyingRisk,
) -> Result<Ratio, ArithmeticError> {
	let rule = ScanRule {
		floor: risk.scan_floor.to_q64()?,
		stressed: risk.scan_stressed.to_q64()?,
		cap: risk.scan_cap.to_q64()?,
		multiple: risk.scan_multiple.to_q64()?,
		stressed_weight: risk.scan_stressed_weight.min(Ratio::ONE).to_q64()?,
		horizon: risk.scan_horizon,
	};
	let sigma = realised.variance()?.volatility(implied.to_q64()?).map_err(arithmetic)?;
	let target = Ratio::from_q64(rule.target(sigma).map_err(arithmetic)?, Rounding::Ceil)?;
	// a bound that is in force stays itself, whatever the conversion rounds
	Ok(target.min(risk.scan_cap).min(Ratio::ONE))
}

/// The range of maintenance margin `elapsed` seconds later, on its way to the target.
fn ramped(
	current: Ratio,
	target: Ratio,
	per_hour: Ratio,
	elapsed: Moment,
) -> Result<Ratio, ArithmeticError> {
	let goal = target.to_q64()?;
	let next = ramp(current.to_q64()?, goal, per_hour.to_q64()?, elapsed).map_err(arithmetic)?;
	if next == goal {
		return Ok(target);
	}
	// towards where it comes from, so that the bound on its speed holds exactly
	let rounding = if target > current { Rounding::Floor } else { Rounding::Ceil };
	Ratio::from_q64(next, rounding)
}
