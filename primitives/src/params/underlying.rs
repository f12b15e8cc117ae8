//! Risk of one underlying.

use super::group;
use crate::{time::DAY, Moment, Price, Quantity, Ratio, Volatility};

group! {
	/// How far an underlying's spot and volatility move in the scenario grid, what its short
	/// options and its units as collateral count, and how much of it the chain will clear.
	pub struct UnderlyingRisk {
		/// Least scan range, as a share of spot.
		pub scan_floor: Ratio,
		/// Scan range of a stressed market, towards which the range is always pulled.
		pub scan_stressed: Ratio,
		/// Greatest scan range.
		pub scan_cap: Ratio,
		/// Volatility multiple `k` of the scan range.
		pub scan_multiple: Ratio,
		/// Anti-procyclical weight `beta` of the stressed range.
		pub scan_stressed_weight: Ratio,
		/// Horizon `h` of the scan range, in seconds of market time.
		pub scan_horizon: Moment,
		/// Greatest change of the maintenance range, absolute, per hour of market time.
		pub scan_ramp_per_hour: Ratio,
		/// Half life of the fast realised volatility, in seconds of market time.
		pub fast_half_life: Moment,
		/// Half life of the slow realised volatility, in seconds of market time.
		pub slow_half_life: Moment,
		/// Relative rise of volatility in a scenario with volatility up (at 30 days).
		pub volatility_up: Ratio,
		/// Relative fall of volatility in a scenario with volatility down (at 30 days).
		pub volatility_down: Ratio,
		/// Power of the term structure of volatility moves up to 30 days.
		pub short_term_power: Ratio,
		/// The same above 30 days.
		pub long_term_power: Ratio,
		/// Time to expiry below which a volatility move does not grow, in seconds.
		pub volatility_floor_time: Moment,
		/// Greatest multiple of the volatility move at short tenors.
		pub volatility_move_cap: Ratio,
		/// Least volatility after a move up.
		pub least_shocked_volatility: Volatility,
		/// Maintenance requirement of net short contracts per strike, as a share of spot.
		pub short_contingency_maintenance: Ratio,
		/// What initial margin adds to it, as a share of spot.
		pub short_contingency_initial: Ratio,
		/// Forward over today's in the basis move up, less one: 0.045 is 4.5% up.
		pub basis_up: Ratio,
		/// The same, down.
		pub basis_down: Ratio,
		/// Share of an expiry's loss in its worse basis move that counts at expiry.
		pub basis_weight: Ratio,
		/// What a year to expiry adds to that share.
		pub basis_weight_per_year: Ratio,
		/// Share of `open_interest_cap` above which open interest raises the initial margin of books
		/// with net shorts.
		pub open_interest_start: Ratio,
		/// Factor on that margin when open interest is at its cap. At least one.
		pub open_interest_factor: Ratio,
		/// Price of one unit below which a stable asset counts as having lost its peg; zero: not a
		/// stable asset.
		pub peg_threshold: Price,
		/// Share of the units' value that is required per unit of quote currency below the
		/// threshold.
		pub peg_slope: Ratio,
		/// Most contracts that one account may hold in one series, long or short.
		pub position_cap: Quantity,
		/// Most contracts open in all series of this underlying.
		pub open_interest_cap: Quantity,
		/// Most units that the clearing house takes as collateral; zero: not eligible.
		pub collateral_cap: Quantity,
		/// Least quantity of an order that opens.
		pub quantity_min: Quantity,
		/// Step of quantities of an order that opens.
		pub quantity_step: Quantity,
	}
}

/// Why a quantity cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningFault {
	/// Below the least quantity.
	TooSmall,
	/// Not a multiple of the step.
	OffStep,
}

impl UnderlyingRisk {
	/// What keeps a quantity from being opened. What closes is bound by neither: folding leaves odd
	/// quantities.
	pub fn opening_fault(&self, quantity: Quantity) -> Option<OpeningFault> {
		if quantity < self.quantity_min || !quantity.is_positive() {
			Some(OpeningFault::TooSmall)
		} else if self.in_whole_steps(quantity) != quantity {
			Some(OpeningFault::OffStep)
		} else {
			None
		}
	}

	/// The greatest multiple of the step that is not above a quantity (>= 0).
	pub fn in_whole_steps(&self, quantity: Quantity) -> Quantity {
		let (quantity, step) = (quantity.into_inner(), self.quantity_step.into_inner());
		let off = quantity.checked_rem(step).unwrap_or_default();
		Quantity::from_inner(quantity.saturating_sub(off))
	}

	/// A start value: what BTC, ETH and DOT share, with the four figures that differ.
	const fn start(floor: u32, stressed: u32, cap: u32, ramp_basis_points: u32) -> Self {
		Self {
			scan_floor: Ratio::from_percent(floor),
			scan_stressed: Ratio::from_percent(stressed),
			scan_cap: Ratio::from_percent(cap),
			scan_multiple: Ratio::from_percent(300),
			scan_stressed_weight: Ratio::from_percent(25),
			scan_horizon: DAY,
			scan_ramp_per_hour: Ratio::from_basis_points(ramp_basis_points),
			fast_half_life: 14_400,
			slow_half_life: 259_200,
			volatility_up: Ratio::from_percent(50),
			volatility_down: Ratio::from_percent(30),
			short_term_power: Ratio::from_percent(30),
			long_term_power: Ratio::from_percent(13),
			volatility_floor_time: DAY,
			volatility_move_cap: Ratio::from_percent(300),
			least_shocked_volatility: Volatility::from_percent(40),
			short_contingency_maintenance: Ratio::from_basis_points(30),
			short_contingency_initial: Ratio::from_basis_points(50),
			basis_up: Ratio::from_basis_points(450),
			basis_down: Ratio::from_basis_points(450),
			basis_weight: Ratio::from_percent(50),
			basis_weight_per_year: Ratio::from_percent(200),
			open_interest_start: Ratio::from_percent(50),
			open_interest_factor: Ratio::from_percent(200),
			peg_threshold: Price::ZERO,
			peg_slope: Ratio::ZERO,
			position_cap: Quantity::from_int(1_000),
			open_interest_cap: Quantity::from_int(10_000),
			collateral_cap: Quantity::from_int(100_000),
			quantity_min: Quantity::from_inner(10_000_000_000_000_000),
			quantity_step: Quantity::from_inner(10_000_000_000_000_000),
		}
	}

	/// Start values for BTC.
	pub const fn btc() -> Self {
		Self::start(11, 28, 32, 200)
	}

	/// Start values for ETH.
	pub const fn eth() -> Self {
		let mut risk = Self::start(13, 32, 38, 250);
		risk.position_cap = Quantity::from_int(10_000);
		risk.open_interest_cap = Quantity::from_int(100_000);
		risk
	}

	/// Start values for DOT.
	pub const fn dot() -> Self {
		let mut risk = Self::start(20, 50, 60, 300);
		risk.basis_up = Ratio::from_percent(7);
		risk.basis_down = Ratio::from_percent(7);
		risk.position_cap = Quantity::from_int(100_000);
		risk.open_interest_cap = Quantity::from_int(1_000_000);
		risk.collateral_cap = Quantity::from_int(10_000_000);
		risk.quantity_min = Quantity::from_int(1);
		risk.quantity_step = Quantity::from_int(1);
		risk
	}

	/// Start values for an asset that is pegged to the quote currency and only taken as collateral:
	/// narrow ranges, and from 98 cents down a requirement of five times what it has lost below that.
	pub const fn stable() -> Self {
		let mut risk = Self::start(2, 8, 20, 100);
		risk.peg_threshold = Price::from_inner(980_000_000_000_000_000);
		risk.peg_slope = Ratio::from_percent(500);
		risk.collateral_cap = Quantity::from_int(10_000_000);
		risk
	}
}
