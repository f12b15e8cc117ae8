//! Types that do not know `Config`.

use ballast_math::auction::{Curve, Fill, State};
use ballast_math::{MathError, Rounding, Q64};
use ballast_primitives::{arithmetic, params::LiquidationRules, AccountHealth, Moment, Ratio, Usd};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// Identifies the last trade (or the start) of an auction: never used twice on the chain, so that a
/// bid cannot land in a later state of the auction than its bidder saw, nor in a later auction.
pub type TradeId = u32;

/// The auction of one account.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Auction<AccountId> {
	/// Market time at which it started: where the compensation's curve begins.
	pub started_at: Moment,
	/// Market time of the last bid; the start if there was none.
	pub last_bid_at: Moment,
	/// Cash that bidders have paid in, set aside in the presentation of the price; zero once the
	/// account is insolvent.
	pub reserved: Usd,
	/// The last trade (or the start). A bid names it.
	pub last_bid: TradeId,
	/// Who started it by a signed call, if somebody else than the account's owner did.
	pub keeper: Option<AccountId>,
	/// What the insurance fund has paid the keeper ahead of its share of the penalties, and has not
	/// got back from them yet.
	pub keeper_advance: Usd,
	/// Whether equity was negative when the auction was last touched.
	pub insolvent: bool,
}

impl<AccountId> Auction<AccountId> {
	/// Notes whether the account is insolvent now: then no cash of it is set aside any more.
	pub fn note_solvency(&mut self, standing: &Standing) {
		self.insolvent = standing.is_insolvent();
		if self.insolvent {
			self.reserved = Usd::ZERO;
		}
	}
}

/// Where an auction is.
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
pub enum Stage {
	/// Bids are taken.
	Open,
	/// Whether the account fails depends on a price that is not usable now: no bids until it is.
	Waiting,
	/// The buffer is restored: anyone may end it.
	Over,
}

/// How an account under auction stands at this block's tick, and what a bid gets now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
	health: AccountHealth,
	all_usable: bool,
	state: State,
	stage: Stage,
	whole: bool,
}

impl Standing {
	/// The standing of an account with this health, `elapsed` seconds into its auction.
	///
	/// With legs on unusable prices the best case counts (their greatest value, no requirement):
	/// only what would fail even then is sold, no penalty is taken, and no deficit is booked
	/// because equity is not known.
	pub fn new(
		health: AccountHealth,
		all_usable: bool,
		reserved: Usd,
		elapsed: Moment,
		rules: &LiquidationRules,
	) -> Result<Self, ArithmeticError> {
		let (equity, penalty) = if all_usable {
			(health.equity, rules.penalty.to_q64()?)
		} else {
			(health.excess_best.checked_add(health.maintenance)?, Q64::ZERO)
		};
		let state = State {
			equity: equity.to_q64()?,
			maintenance: health.maintenance.to_q64()?,
			reserved: reserved.to_q64()?,
			buffer: rules.buffer.to_q64()?,
			penalty,
			compensation: curve(rules)?.compensation(elapsed).map_err(arithmetic)?,
		};
		let mut standing = Self {
			health,
			all_usable,
			state,
			stage: Stage::Open,
			whole: equity < rules.whole_below_equity,
		};
		standing.stage = standing.find_stage(rules)?;
		Ok(standing)
	}

	/// Open below the buffer, over within `dust` of it and solvent; with unusable legs open if the best case
	/// fails, over if the worst case keeps the buffer, waiting in between.
	fn find_stage(&self, rules: &LiquidationRules) -> Result<Stage, ArithmeticError> {
		let tolerance = rules.dust.checked_neg()?;
		if self.all_usable {
			let over = self.buffered_excess()? >= tolerance && !self.is_insolvent();
			return Ok(if over { Stage::Over } else { Stage::Open });
		}
		if self.health.excess_best.is_negative() {
			return Ok(Stage::Open);
		}
		let buffer = self.health.maintenance.times_ceil(rules.buffer)?;
		let over = self.health.excess_worst.checked_sub(buffer)? >= tolerance;
		Ok(if over { Stage::Over } else { Stage::Waiting })
	}

	/// Where the auction is.
	pub const fn stage(&self) -> Stage {
		self.stage
	}

	/// Equity and requirements.
	pub const fn health(&self) -> &AccountHealth {
		&self.health
	}

	/// Whether every price that the account depends on is usable, so that its equity is known.
	pub const fn is_known(&self) -> bool {
		self.all_usable
	}

	/// Whether equity is known to be negative.
	pub const fn is_insolvent(&self) -> bool {
		self.all_usable && self.health.equity.is_negative()
	}

	/// The bidder's compensation now, as a share of the requirement it takes over.
	pub fn compensation(&self) -> Result<Ratio, ArithmeticError> {
		Ratio::from_q64(self.state.compensation, Rounding::Floor)
	}

	/// `E - (1 + b) M`, rounded down.
	pub fn buffered_excess(&self) -> Result<Usd, ArithmeticError> {
		dollars(self.state.buffered_excess(), Rounding::Floor)
	}

	/// `(E - R) - g M`: the price of everything, free cash included.
	pub fn price_of_whole(&self) -> Result<Usd, ArithmeticError> {
		dollars(self.state.price_of_whole(), Rounding::Ceil)
	}

	/// The most that one bid may take now: what restores the buffer, or everything of an account
	/// that is bankrupt or too small to be sold in parts.
	pub fn largest_share(&self) -> Result<Ratio, ArithmeticError> {
		if self.stage != Stage::Open {
			return Ok(Ratio::ZERO);
		}
		if self.whole || self.is_insolvent() {
			return Ok(Ratio::ONE);
		}
		let share = self.state.largest_share().map_err(arithmetic)?;
		Ok(Ratio::from_q64(share, Rounding::Ceil)?.min(Ratio::ONE))
	}

	/// What a bid of `share` moves that has transferred assets worth `value` and `requirement` of
	/// maintenance margin.
	pub fn fill(
		&self,
		share: Ratio,
		value: Usd,
		requirement: Usd,
	) -> Result<Settlement, ArithmeticError> {
		let fill = self
			.state
			.fill(share.to_q64()?, value.to_q64()?, requirement.to_q64()?)
			.map_err(arithmetic)?;
		Settlement::new(fill, self.all_usable)
	}

	/// What a bid of `share` is expected to move: its part of the whole. `None` while some legs
	/// have no usable price, because a bid does not move those.
	pub fn expected_fill(&self, share: Ratio) -> Result<Option<Settlement>, ArithmeticError> {
		if !self.all_usable {
			return Ok(None);
		}
		let value = self.health.equity.checked_sub(self.health.cash)?.times_ceil(share)?;
		let requirement = self.health.maintenance.times_floor(share)?;
		self.fill(share, value, requirement).map(Some)
	}

	/// The most that a keeper is paid ahead: what one full bid brings at the penalty rate. A fixed
	/// reward beyond that would pay those who let small accounts of their own fail.
	pub fn keeper_advance_max(&self, rules: &LiquidationRules) -> Result<Usd, ArithmeticError> {
		let sold = self.health.maintenance.times_floor(self.largest_share()?)?;
		sold.times_floor(rules.penalty)
	}

	/// Cash set aside after a bid of `share`.
	pub fn reserved_after(&self, share: Ratio) -> Result<Usd, ArithmeticError> {
		dollars(self.state.reserved_after(share.to_q64()?), Rounding::Floor)
	}
}

/// What one bid moves, in ledger units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Settlement {
	/// From bidder to account; negative: from account to bidder.
	pub payment: Usd,
	/// From account to insurance fund and keeper.
	pub penalty: Usd,
	/// From the loss waterfall to the account.
	pub deficit: Usd,
}

impl Settlement {
	/// The kernel made whole ledger units of all but `value`, which is one already: to nearest is
	/// exact.
	fn new(fill: Fill, equity_known: bool) -> Result<Self, ArithmeticError> {
		let deficit = Usd::from_q64(fill.deficit, Rounding::Nearest)?;
		Ok(Self {
			payment: Usd::from_q64(fill.payment, Rounding::Nearest)?,
			penalty: Usd::from_q64(fill.penalty, Rounding::Nearest)?,
			deficit: if equity_known { deficit } else { Usd::ZERO },
		})
	}
}

fn curve(rules: &LiquidationRules) -> Result<Curve, ArithmeticError> {
	Ok(Curve {
		start: rules.compensation_start.to_q64()?,
		fast: rules.compensation_fast.to_q64()?,
		fast_length: rules.fast_length,
		full_length: rules.full_length,
	})
}

fn dollars(value: Result<Q64, MathError>, rounding: Rounding) -> Result<Usd, ArithmeticError> {
	Usd::from_q64(value.map_err(arithmetic)?, rounding)
}

/// What a caller learns from starting a liquidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
	/// An auction runs now.
	Auction,
	/// No auction was needed: settling what had expired, or covering a debt that nothing is left
	/// to be sold for, resolved it.
	Resolved,
}

/// What happened when `on_idle` looked at an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
	/// Nothing to do.
	Idle,
	/// Its auction was started or ended; the waterfall had no part in it.
	Light,
	/// It was resolved, or the pool took over a part or tried to.
	Heavy,
}

/// The outcome of a bid or takeover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sold {
	/// The share that changed hands.
	pub share: Ratio,
	/// What moved for it.
	pub settlement: Settlement,
	/// Cash set aside in the auction afterwards.
	pub reserved: Usd,
	/// What the keeper still has of its advance afterwards.
	pub keeper_advance: Usd,
}
