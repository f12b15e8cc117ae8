//! Series around spot: as many as were asked for, listed anew as days pass and markets move.

use super::{History, Market};
use ballast_primitives::{
	time::DAY, Moment, OptionKind, Price, SeriesId, Settlement, Style, UnderlyingId,
	MAX_AMERICAN_SERIES,
};
use ballast_runtime::Runtime;

/// Days to the expiry of American series.
const AMERICAN: u64 = 7;
/// Standard deviations from spot to the next strike, and the most there may be.
const SPACING: f64 = 0.4;
const FURTHEST: i32 = 7;

/// A series that has not expired.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
	pub id: SeriesId,
	pub underlying: UnderlyingId,
	pub kind: OptionKind,
	pub style: Style,
	pub settlement: Settlement,
	pub strike: f64,
	pub expiry: Moment,
}

impl Market {
	/// The strike so many spacings from spot for an expiry in so many days; `None` off all grids.
	fn strike(&self, place: i32, days: f64) -> Option<Price> {
		let deviation = self.implied.at(days) * (days / 365.0).sqrt() * self.spot;
		let spacing = (deviation * SPACING / self.strike_step).round().max(1.0);
		let centre = (self.spot / self.strike_step / spacing).round();
		let steps = (centre + f64::from(place)) * spacing;
		let thousandths = (self.strike_step * 1e3).round() as u128;
		let near = steps >= 1.0 && (steps * self.strike_step / self.spot - 1.0).abs() < 0.8;
		near.then(|| Price::from_inner(steps as u128 * thousandths * 10u128.pow(15)))
	}
}

impl History {
	/// Lists around spot until there are as many live series as asked for, nearest strikes first; all
	/// of the nearest strikes in any case.
	pub(super) fn list(&mut self) {
		let now = self.env.now();
		self.live.retain(|listed| listed.expiry > now);
		for distance in 0..=FURTHEST {
			let sides = if distance == 0 { vec![0] } else { vec![distance, -distance] };
			for place in sides {
				for days in self.plan.expiries {
					for index in 0..self.markets.len() {
						let full = self.live.len() >= self.plan.series;
						if full && (distance > 0 || self.live.len() * 4 >= self.plan.series * 5) {
							return;
						}
						self.list_strike(index, place, *days);
					}
				}
			}
		}
	}

	/// Lists a call and a put; above spot an in-kind call too, and American ones while there is room.
	fn list_strike(&mut self, index: usize, place: i32, days: u64) {
		let expiry = self.env.expiry_in(days);
		let left = (expiry - self.env.now()) as f64 / DAY as f64;
		let Some(strike) = self.markets[index].strike(place, left) else { return };
		let american = self.live.iter().filter(|listed| listed.style == Style::American).count();
		for kind in [OptionKind::Call, OptionKind::Put] {
			self.list_one(index, kind, (Style::European, Settlement::Cash), strike, expiry);
			let room = index < 2 && american < MAX_AMERICAN_SERIES as usize;
			if place == 0 && days == AMERICAN && room {
				self.list_one(index, kind, (Style::American, Settlement::Cash), strike, expiry);
			}
		}
		if place == 1 {
			let in_kind = (Style::European, Settlement::InKind);
			self.list_one(index, OptionKind::Call, in_kind, strike, expiry);
		}
	}

	fn list_one(
		&mut self,
		index: usize,
		kind: OptionKind,
		(style, settlement): (Style, Settlement),
		strike: Price,
		expiry: Moment,
	) {
		let underlying = self.markets[index].id;
		let terms = pallet_options::Terms { underlying, kind, style, settlement, strike, expiry };
		let find = || pallet_options::SeriesByTerms::<Runtime>::get(terms);
		if self.env.execute(find).is_some() {
			return;
		}
		let call = pallet_options::Call::list_series {
			underlying,
			kind,
			style,
			settlement,
			strike,
			expiry,
		};
		if self.env.try_root(call.into()).is_ok() {
			let id = self.env.execute(find).expect("listed");
			let strike = strike.into_inner() as f64 / 1e18;
			let listed = Listed { id, underlying, kind, style, settlement, strike, expiry };
			self.live.push(listed);
			self.report.series += 1;
		}
	}

	/// A live series of a market that the pool quotes, as far as one can tell from spot.
	pub(super) fn pick(
		&mut self,
		market: usize,
		wanted: impl Fn(&Listed) -> bool,
	) -> Option<Listed> {
		let now = self.env.now();
		let Market { id, spot, implied, .. } = self.markets[market];
		let near = |listed: &&Listed| {
			let days = listed.expiry.saturating_sub(now) as f64 / DAY as f64;
			let deviation = implied.at(days) * (days / 365.0).sqrt();
			let far = (listed.strike / spot).ln().abs() / deviation.max(1e-9);
			listed.underlying == id && days > 0.1 && far < 1.6 && wanted(listed)
		};
		let found: Vec<Listed> = self.live.iter().filter(near).copied().collect();
		(!found.is_empty()).then(|| *self.random.pick(&found))
	}
}
