//! Scenes that several cases begin with.

use ballast_integration_tests::{
	calls::{self, amount_of, deposit, dollars, sell, withdraw, BTC, ETH},
	scenery::Cast,
	Actor, Env,
};
use ballast_primitives::{Moment, OptionKind, Quantity, Ratio, SeriesId, Usd};
use ballast_runtime::{Margin, PriceFeed, Runtime, RuntimeEvent};
use ballast_traits::{InspectAccounts, MutateMarket};

/// A chain whose pool has money and on which options are listed.
pub struct Scene {
	pub env: Env,
	pub cast: Cast,
	pub expiry: Moment,
}

/// BTC calls and puts at 7,500 to 9,000 and ETH ones at 200 dollars that expire in `days` days, and
/// a pool with this many dollars.
pub fn scene(days: u64, pool_dollars: i64) -> Scene {
	let mut env = Env::development();
	let cast = Cast::default();
	env.blocks(1);
	let expiry = env.expiry_in(days);
	env.list(BTC, expiry, &[7_500, 8_000, 8_500, 9_000]);
	env.list(ETH, expiry, &[200]);
	let deposited = dollars(pool_dollars as u128);
	env.block_ok(vec![
		(&cast.provider, deposit(deposited)),
		(&cast.provider, calls::pool_deposit(Usd::from_int(pool_dollars))),
	]);
	env.blocks(1);
	let shares = env.execute(pallet_risk_pool::TotalShares::<Runtime>::get);
	assert_eq!(shares, Quantity::from_int(pool_dollars), "priced at one in the next block");
	Scene { env, cast, expiry }
}

impl Scene {
	/// The BTC call at this strike.
	pub fn call(&mut self, strike: u64) -> SeriesId {
		self.env.series(BTC, OptionKind::Call, strike, self.expiry)
	}

	/// The BTC put at this strike.
	pub fn put(&mut self, strike: u64) -> SeriesId {
		self.env.series(BTC, OptionKind::Put, strike, self.expiry)
	}

	/// Lets `writer` sell a quantity on much margin and withdraw all that it may.
	pub fn write_on_thin_margin(&mut self, writer: &Actor, series: SeriesId, quantity: Quantity) {
		write_on_thin_margin(&mut self.env, writer, series, quantity);
	}
}

/// See [`Scene::write_on_thin_margin`].
pub fn write_on_thin_margin(env: &mut Env, writer: &Actor, series: SeriesId, quantity: Quantity) {
	env.block_ok(vec![(writer, deposit(dollars(1_000_000))), (writer, sell(series, quantity))]);
	let who = writer.account();
	env.begin_with_room();
	let free = env.undone(|| {
		PriceFeed::accept_ticks();
		Margin::withdrawable(&who).expect("prices are usable")
	});
	assert_eq!(env.call(writer, withdraw(amount_of(free))), Ok(()));
	env.end();
}

/// A share in per cent.
pub fn percent(percent: u32) -> Ratio {
	Ratio::from_percent(percent)
}

/// Events of one kind in the last block.
pub fn events_of<E>(env: &mut Env, pick: impl Fn(RuntimeEvent) -> Option<E>) -> Vec<E> {
	env.events().into_iter().filter_map(pick).collect()
}

/// Accounts whose auction has begun in the last block.
pub fn auctions_started(env: &mut Env) -> Vec<ballast_runtime::AccountId> {
	events_of(env, |event| match event {
		RuntimeEvent::Liquidation(pallet_liquidation::Event::LiquidationStarted {
			account,
			..
		}) => Some(account),
		_ => None,
	})
}

/// Deficits covered in the last block: deficit, insurance, pool, uncovered.
pub fn deficits_covered(env: &mut Env) -> Vec<[Usd; 4]> {
	events_of(env, |event| match event {
		RuntimeEvent::RiskPool(pallet_risk_pool::Event::DeficitCovered {
			deficit,
			insurance,
			pool,
			pledged,
			uncovered,
			..
		}) => {
			assert_eq!(pledged, Usd::ZERO, "no step of this runtime pledges");
			Some([deficit, insurance, pool, uncovered])
		}
		_ => None,
	})
}

/// Sum.
pub fn add(one: Usd, other: Usd) -> Usd {
	one.checked_add(other).expect("in range")
}

/// Difference.
pub fn sub(one: Usd, other: Usd) -> Usd {
	one.checked_sub(other).expect("in range")
}
