//! Random calls: most could succeed, some are nonsense.

use super::walk::Walk;
use ballast_integration_tests::{
	calls::{self, amount_of},
	Actor,
};
use ballast_primitives::{
	units::ACCURACY, Moment, OptionKind, Price, Quantity, Ratio, SeriesId, Settlement, Style,
	UnderlyingId, Usd,
};
use ballast_runtime::{
	genesis::assets::{self, TEST_ASSETS},
	AccountId, Margin, OptionVaults, PriceFeed, RiskPool, Runtime, RuntimeCall,
};
use ballast_traits::{InspectAccounts, MutateMarket};

impl Walk {
	/// Who sends what next.
	pub fn action(&mut self) -> (Actor, RuntimeCall) {
		let actor = self.random.pick(&self.actors).clone();
		let call = match self.random.below(110) {
			0..=11 => calls::deposit(self.amount(assets::USD.decimals, 2e5)),
			12..=19 => self.withdraw(&actor),
			20..=24 => {
				let (asset, amount) = self.collateral();
				calls::deposit_collateral(asset, amount)
			}
			25..=27 => {
				let (asset, amount) = self.collateral();
				calls::withdraw_collateral(asset, amount)
			}
			28..=30 => calls::settle(self.somebody()),
			31..=45 => self.buy(),
			46..=61 => self.sell(&actor),
			62..=64 => return self.exercise(&actor),
			65..=69 => self.positions_of(&actor),
			70..=79 => self.provide(&actor),
			80..=81 => calls::donate(self.usd(2e4)),
			82..=83 => self.listing(),
			84..=85 => self.gift_to_custody(),
			86..=99 => self.liquidation(&actor),
			_ => return self.vaults(&actor),
		};
		(actor, call)
	}

	/// An account: somebody's, one of the chain's own, or nobody's.
	pub(super) fn somebody(&mut self) -> AccountId {
		match self.random.below(20) {
			0 => RiskPool::own_accounts().pool,
			1 => RiskPool::own_accounts().insurance,
			3 => OptionVaults::working_account(self.random.below(8) as u32),
			2 => AccountId::new([self.random.below(256) as u8; 32]),
			_ => self.random.pick(&self.actors).account(),
		}
	}

	/// Units of an asset up to about `most` whole ones; nonsense now and then.
	pub(super) fn amount(&mut self, decimals: u8, most: f64) -> u128 {
		match self.random.below(40) {
			0 => 0,
			1 => u128::MAX - u128::from(self.random.any()),
			2 => u128::from(self.random.any()),
			_ => (self.random.magnitude(most / 1e4, most) * 10f64.powi(decimals.into())) as u128,
		}
	}

	/// A signed amount of money up to about `most`; nonsense now and then.
	pub(super) fn usd(&mut self, most: f64) -> Usd {
		match self.random.below(40) {
			0 => Usd::ZERO,
			1 => Usd::from_inner(i128::MAX - i128::from(self.random.any())),
			2 => Usd::from_inner(i128::MIN + i128::from(self.random.any())),
			3 => Usd::from_int(-(self.random.below(1_000_000) as i64)),
			_ => Usd::from_inner((self.random.magnitude(most / 1e4, most) * 1e18) as i128),
		}
	}

	fn collateral(&mut self) -> (u32, u128) {
		if self.random.per_mille(30) {
			return (self.random.below(7) as u32, u128::from(self.random.any()));
		}
		let place = self.random.below(3) as usize;
		let (asset, spot) = (TEST_ASSETS[place + 1], self.markets[place].spot);
		(asset.id, self.amount(asset.decimals, 2e5 / spot))
	}

	/// Half of the time all that may leave, so that accounts live on thin margin.
	fn withdraw(&mut self, actor: &Actor) -> RuntimeCall {
		let who = actor.account();
		if self.random.per_mille(500) {
			return calls::withdraw(self.amount(assets::USD.decimals, 2e5));
		}
		let free = self.env.undone(|| {
			PriceFeed::accept_ticks();
			Margin::withdrawable(&who).unwrap_or_default()
		});
		calls::withdraw(amount_of(free))
	}

	/// A live series mostly; else an old one, or none.
	pub(super) fn series(&mut self) -> (SeriesId, Option<UnderlyingId>) {
		if self.live.is_empty() || self.random.per_mille(60) {
			let next = self.env.execute(pallet_options::NextSeriesId::<Runtime>::get);
			return (SeriesId(self.random.below(u64::from(next.0) + 2) as u32), None);
		}
		let (id, underlying, _) = *self.random.pick(&self.live);
		(id, Some(underlying))
	}

	/// Contracts worth up to so many dollars of the underlying; nonsense now and then.
	pub(super) fn quantity(&mut self, underlying: Option<UnderlyingId>, most: f64) -> Quantity {
		match self.random.below(40) {
			0 => Quantity::ZERO,
			1 => Quantity::from_inner(i128::MAX - i128::from(self.random.any())),
			2 => Quantity::from_inner(-i128::from(self.random.any())),
			3 => Quantity::from_inner(i128::from(self.random.any())),
			_ => {
				let id = underlying.unwrap_or(UnderlyingId(1));
				let market = self.markets.iter().find(|market| market.id == id);
				let spot = market.map_or(1.0, |market| market.spot);
				let step = if id == calls::DOT { 1.0 } else { 0.01 };
				let steps = self.random.magnitude(most / 1e3, most) / spot / step;
				Quantity::from_inner(steps.ceil() as i128 * (step * ACCURACY as f64) as i128)
			}
		}
	}

	/// Mostly any time; else the past, or about now.
	pub(super) fn deadline(&mut self) -> Moment {
		match self.random.below(20) {
			0 => 0,
			1 => self.env.now() + self.random.below(3_600),
			_ => Moment::MAX,
		}
	}

	fn buy(&mut self) -> RuntimeCall {
		let (series, underlying) = self.series();
		let quantity = self.quantity(underlying, 2e5);
		let most =
			if self.random.per_mille(900) { Usd::from_inner(i128::MAX) } else { self.usd(1e4) };
		calls::buy_until(series, quantity, most, self.deadline())
	}

	/// Half of the time something that the actor holds.
	fn sell(&mut self, actor: &Actor) -> RuntimeCall {
		let who = actor.account();
		let held = self.env.execute(|| Margin::positions(&who));
		let longs: Vec<_> = held.into_iter().filter(|(_, held)| held.is_positive()).collect();
		let deadline = self.deadline();
		if !longs.is_empty() && self.random.per_mille(500) {
			let (series, held) = *self.random.pick(&longs);
			return calls::sell_until(series, held, Usd::ZERO, deadline);
		}
		let (series, underlying) = self.series();
		let quantity = self.quantity(underlying, 4e5);
		let least = if self.random.per_mille(900) { Usd::ZERO } else { self.usd(1e4) };
		calls::sell_until(series, quantity, least, deadline)
	}

	/// What liquidity providers do.
	fn provide(&mut self, actor: &Actor) -> RuntimeCall {
		let who = actor.account();
		let ticket = match self.random.below(5) {
			0 => self.random.below(50),
			_ => self.ticket_of(&who).unwrap_or(0),
		};
		match self.random.below(10) {
			0..=3 => calls::pool_deposit(self.usd(1e5)),
			4..=6 => {
				let held = self.env.execute(|| pallet_risk_pool::Shares::<Runtime>::get(&who));
				let shares = match self.random.below(4) {
					0 => self.quantity(None, 1e4),
					1 => held,
					_ => Quantity::from_inner(held.into_inner() / 4),
				};
				calls::request_withdrawal(shares)
			}
			7 => pallet_risk_pool::Call::<Runtime>::cancel_deposit { ticket }.into(),
			8 => pallet_risk_pool::Call::<Runtime>::cancel_withdrawal { ticket }.into(),
			_ => {
				let max = self.random.below(20) as u32;
				pallet_risk_pool::Call::<Runtime>::process_queue { max }.into()
			}
		}
	}

	/// A ticket that somebody has in either queue.
	fn ticket_of(&mut self, who: &AccountId) -> Option<u64> {
		self.env.execute(|| {
			let deposit = pallet_risk_pool::Deposits::<Runtime>::iter_key_prefix(who).next();
			deposit.or(pallet_risk_pool::Withdrawals::<Runtime>::iter_key_prefix(who).next())
		})
	}

	/// What the listing takes from users.
	fn listing(&mut self) -> RuntimeCall {
		let (series, _) = self.series();
		match self.random.below(5) {
			0 | 1 => pallet_options::Call::<Runtime>::settle_series { series }.into(),
			2 | 3 => {
				let next = self.env.execute(pallet_options::NextSeriesId::<Runtime>::get);
				let series = SeriesId(self.random.below(u64::from(next.0) + 1) as u32);
				pallet_options::Call::<Runtime>::remove_series { series }.into()
			}
			_ => pallet_options::Call::<Runtime>::list_series {
				underlying: UnderlyingId(self.random.below(5) as u16),
				kind: OptionKind::Call,
				style: Style::European,
				settlement: Settlement::Cash,
				strike: Price::from_inner(u128::from(self.random.any())),
				expiry: self.random.any(),
			}
			.into(),
		}
	}

	/// An unsolicited transfer to the custody account changes nobody's equity.
	fn gift_to_custody(&mut self) -> RuntimeCall {
		let asset = *self.random.pick(&TEST_ASSETS);
		let amount = self.amount(asset.decimals, 10.0);
		let target = Margin::custody_account().into();
		pallet_assets::Call::<Runtime>::transfer { id: asset.id, target, amount }.into()
	}

	/// Auctions, if there are any, mostly with what is needed for success; trades else.
	fn liquidation(&mut self, actor: &Actor) -> RuntimeCall {
		use pallet_liquidation::{Auctions, Call};
		let auctions: Vec<_> = self.env.execute(|| Auctions::<Runtime>::iter().collect());
		if auctions.is_empty() && self.random.per_mille(700) {
			return self.sell(actor);
		}
		let (account, last_bid) = if auctions.is_empty() || self.random.per_mille(150) {
			(self.somebody(), self.random.below(3) as u32)
		} else {
			let (account, auction) = self.random.pick(&auctions);
			(account.clone(), auction.last_bid)
		};
		match self.random.below(10) {
			0 => calls::liquidate(self.failing()),
			1 => calls::liquidate(self.somebody()),
			2 => Call::<Runtime>::end_auction { account }.into(),
			3 => Call::<Runtime>::take_over { account }.into(),
			4 => Call::<Runtime>::liquidate_authorized { account }.into(),
			_ => {
				let share = match self.random.below(8) {
					0 => Ratio::ZERO,
					1 => Ratio::from_inner(u128::MAX - u128::from(self.random.any())),
					2 | 3 => Ratio::from_inner(u128::from(self.random.below(ACCURACY as u64))),
					_ => Ratio::ONE,
				};
				let last_bid = if self.random.per_mille(50) { last_bid + 1 } else { last_bid };
				let most = if self.random.per_mille(50) {
					self.usd(1e4)
				} else {
					Usd::from_inner(i128::MAX)
				};
				calls::bid_up_to(account, share, most, last_bid)
			}
		}
	}

	/// An account that fails, if there is one.
	fn failing(&mut self) -> AccountId {
		let found = self.env.undone(|| {
			PriceFeed::accept_ticks();
			ballast_runtime::Liquidation::candidates(1)
		});
		found.into_iter().next().unwrap_or_else(|| self.somebody())
	}
}
