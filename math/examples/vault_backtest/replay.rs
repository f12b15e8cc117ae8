//! A vault's rounds over a history, in the asset's smallest units.

use crate::{
	calendar::{self, Cycle},
	market::{Market, Quotes},
	number::{e18, math, Failure},
};
use ballast_math::{
	black76::Kind,
	shares::{mul_div_ceil, mul_div_floor},
	vault::{management_fee, performance_fee, strike_at_distance, strike_for_delta, Pot},
	MathError,
};
use std::cmp::Ordering;

const ONE: u128 = 1_000_000_000_000_000_000;

/// What a vault holds and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
	/// Holds the underlying (10 decimals), writes calls on all of it that are paid in kind.
	CoveredCall,
	/// Holds dollars (6 decimals), writes as many puts as it can buy the underlying at the strike.
	CashSecuredPut,
}

impl Strategy {
	pub const fn kind(self) -> Kind {
		match self {
			Self::CoveredCall => Kind::Call,
			Self::CashSecuredPut => Kind::Put,
		}
	}

	/// Units that make one whole asset.
	pub const fn whole(self) -> u128 {
		match self {
			Self::CoveredCall => 10_000_000_000,
			Self::CashSecuredPut => 1_000_000,
		}
	}
}

/// Which strike a round writes.
#[derive(Clone, Copy, Debug)]
pub enum StrikeRule {
	/// Nearest to the money with at most this delta, 18 decimals.
	Delta(u128),
	/// This share of spot out of the money, 18 decimals.
	Distance(u128),
}

/// Fees, as shares in 18 decimals.
#[derive(Clone, Copy, Debug)]
pub struct Fees {
	/// A year, of what was locked.
	pub management: u128,
	/// Of what the price per share rose above its high-water mark.
	pub performance: u128,
	/// The treasury's part of both.
	pub treasury: u128,
}

/// A vault and what its auctions bring.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
	pub strategy: Strategy,
	pub strike: StrikeRule,
	pub cycle: Cycle,
	/// Of the strike grid, in 18 decimals.
	pub step: u128,
	/// Share of mark at which options are sold, 18 decimals.
	pub sold: u128,
	pub fees: Fees,
}

/// What a round sold.
#[derive(Clone, Copy, Debug)]
pub struct Sale {
	/// Volatility at the money.
	pub volatility: f64,
	/// Contracts of one underlying, in 18 decimals.
	quantity: u128,
	strike: u128,
	/// In units of the asset.
	pub premium: u128,
}

/// A vault at the end of a round.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
	pub time: u64,
	/// Spot in 18 decimals.
	pub spot: u128,
	pub pot: Pot,
	/// What was sold at its start; `None` if the round was skipped.
	pub sale: Option<Sale>,
	/// What its holders were paid.
	pub payoff: u128,
	/// Both fees, and what of them was the treasury's.
	pub fees: u128,
	pub treasury: u128,
}

/// All rounds.
pub struct Replay {
	/// Before the first round.
	pub start: Settled,
	pub rounds: Vec<Settled>,
}

/// The first deposit, in whole assets.
const DEPOSIT: u128 = 1_000_000;

impl Replay {
	/// From the first expiry of the history with a close and a volatility to the last one it reaches.
	pub fn run(market: &Market, rule: &Rule) -> Result<Self, Failure> {
		let (first, _) = market.prices.span().ok_or("no candles in the days asked for")?;
		let mut now = rule.cycle.next_after(first);
		let mut found = None;
		while market.prices.reaches(now) && found.is_none() {
			found = market.quotes(now, rule.cycle.next_after(now))?;
			if found.is_none() {
				now = rule.cycle.next_after(now);
			}
		}
		let spot = found.ok_or("no expiry has both a close and a volatility")?.spot;
		let deposit = DEPOSIT * rule.strategy.whole();
		let shares = Pot::default().shares_floor(deposit, ONE / rule.strategy.whole());
		let pot = Pot { assets: deposit, shares: shares.map_err(math)? };
		let start = Settled { time: now, spot, pot, sale: None, payoff: 0, fees: 0, treasury: 0 };
		let (mut rounds, mut last, mut high_water) = (Vec::new(), start, pot);
		loop {
			let expiry = rule.cycle.next_after(last.time);
			if !market.prices.reaches(expiry) {
				break;
			}
			last = round(market, rule, &last, high_water, expiry)?;
			if last.pot.cmp_price(&high_water) == Ordering::Greater {
				high_water = last.pot;
			}
			rounds.push(last);
		}
		if rounds.is_empty() {
			return Err("the history is shorter than one round".into());
		}
		Ok(Self { start, rounds })
	}
}

/// One round, from what the last one left.
fn round(
	market: &Market,
	rule: &Rule,
	before: &Settled,
	high_water: Pot,
	expiry: u64,
) -> Result<Settled, Failure> {
	let assets = before.pot.assets;
	let sale = match market.quotes(before.time, expiry)? {
		Some(quotes) => sell(&quotes, rule, assets)?,
		None => None,
	};
	let spot = market.prices.at(expiry).map(e18).ok_or_else(|| {
		format!("no close in the three days before the expiry of {}", calendar::text(expiry))
	})?;
	let unsold =
		Settled { time: expiry, spot, sale: None, payoff: 0, fees: 0, treasury: 0, ..*before };
	match sale {
		Some(sale) => settle(rule, before.time, high_water, sale, unsold).map_err(math),
		// Nothing was locked: no fee.
		None => Ok(unsold),
	}
}

/// Pays the holders and the fees of options sold at `began`, from a vault that is as it was then.
fn settle(
	rule: &Rule,
	began: u64,
	high_water: Pot,
	sale: Sale,
	round: Settled,
) -> Result<Settled, MathError> {
	let Pot { assets, shares } = round.pot;
	let payoff = payoff(rule.strategy, &sale, round.spot)?;
	let kept = assets.checked_add(sale.premium).and_then(|all| all.checked_sub(payoff));
	let kept = kept.ok_or(MathError::Overflow)?;
	let management = management_fee(assets, rule.fees.management, round.time - began)?.min(kept);
	let net = Pot { assets: kept - management, shares };
	let performance = performance_fee(net, high_water, rule.fees.performance)?;
	let fees = management + performance;
	let treasury = mul_div_floor(fees, rule.fees.treasury, ONE)?;
	let pot = Pot { assets: net.assets - performance, shares };
	Ok(Settled { pot, sale: Some(sale), payoff, fees, treasury, ..round })
}

/// Writes options on everything; `None` if the grid has no strike for the rule or the option is worth nothing.
fn sell(quotes: &Quotes, rule: &Rule, assets: u128) -> Result<Option<Sale>, Failure> {
	let kind = rule.strategy.kind();
	let strike = match rule.strike {
		StrikeRule::Delta(target) => {
			let delta = |strike| quotes.delta(kind, strike);
			strike_for_delta(kind, quotes.spot, rule.step, target, delta)?
		}
		StrikeRule::Distance(distance) => {
			strike_at_distance(kind, quotes.spot, rule.step, distance)
		}
	};
	let Some(strike) = strike else { return Ok(None) };
	let mark = quotes.mark(kind, strike)?;
	let written = || -> Result<Sale, MathError> {
		let price = mul_div_floor(mark, rule.sold, ONE)?;
		let whole = rule.strategy.whole();
		let value = mul_div_floor(assets, ONE, whole)?;
		let quantity = match rule.strategy {
			Strategy::CoveredCall => value,
			Strategy::CashSecuredPut => mul_div_floor(value, ONE, strike)?,
		};
		let paid = mul_div_floor(quantity, price, ONE)?;
		let premium = match rule.strategy {
			Strategy::CoveredCall => mul_div_ceil(paid, whole, quotes.spot)?,
			Strategy::CashSecuredPut => mul_div_ceil(paid, whole, ONE)?,
		};
		Ok(Sale { volatility: quotes.volatility, quantity, strike, premium })
	};
	let sale = written().map_err(math)?;
	Ok((sale.premium > 0).then_some(sale))
}

/// What holders are paid, in units of the asset, rounded up: never more than was locked.
fn payoff(strategy: Strategy, sale: &Sale, spot: u128) -> Result<u128, MathError> {
	let whole = strategy.whole();
	let (above, below) = (spot.saturating_sub(sale.strike), sale.strike.saturating_sub(spot));
	match strategy {
		Strategy::CoveredCall => {
			let units = mul_div_floor(sale.quantity, whole, ONE)?;
			mul_div_ceil(units, above, spot)
		}
		Strategy::CashSecuredPut => {
			mul_div_ceil(mul_div_ceil(sale.quantity, below, ONE)?, whole, ONE)
		}
	}
}

#[cfg(test)]
mod tests;
