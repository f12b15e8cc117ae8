//! Every call either does all it says or nothing: bad input gets a named error and leaves the state as
//! it was, to the storage root.

use crate::support::{percent, scene, Scene};
use ballast_integration_tests::{
	calls::{
		self, bid, bid_up_to, buy, buy_until, cents, deposit, deposit_collateral, dollars, donate,
		feed_spot, hundredths, liquidate, list_grid, pool_deposit, request_withdrawal, sell,
		sell_until, settle, withdraw, withdraw_collateral, BTC, ETH,
	},
	Actor, Env,
};
use ballast_primitives::{
	params::PoolRules, time::DAY, Moment, Price, Quantity, Ratio, SeriesId, Usd,
};
use ballast_runtime::{
	configs::oracle::SpotOracleInstance, genesis::assets, PriceFeed, RiskPool, Runtime,
	RuntimeCall, RuntimeOrigin,
};
use ballast_traits::{MutateMarket, MutualPool};
use sp_runtime::{traits::Dispatchable, ArithmeticError, DispatchError, StateVersion};

type Margin = pallet_margin::Error<Runtime>;
type Pool = pallet_risk_pool::Error<Runtime>;
type Options = pallet_options::Error<Runtime>;
type Liquidation = pallet_liquidation::Error<Runtime>;

const NOBODYS: SeriesId = SeriesId(9_999);
const OVERFLOW: DispatchError = DispatchError::Arithmetic(ArithmeticError::Overflow);

/// Each of these calls is refused with its error and changes nothing.
fn assert_refused(
	env: &mut Env,
	signer: &Actor,
	calls: Vec<(RuntimeCall, impl Into<DispatchError>)>,
) {
	for (call, error) in calls {
		let told = format!("{call:?}");
		let origin = RuntimeOrigin::signed(signer.account());
		env.execute(|| {
			let before = sp_io::storage::root(StateVersion::V1);
			let result = call.dispatch(origin).map(|_| ()).map_err(|refused| refused.error);
			assert_eq!(result, Err(error.into()), "{told}");
			assert_eq!(sp_io::storage::root(StateVersion::V1), before, "{told} left a trace");
		});
	}
}

/// Begins a block whose prices are known.
fn begin(scene: &mut Scene) {
	scene.env.begin();
	scene.env.execute(PriceFeed::accept_ticks);
}

/// The buyer has 10,000 dollars, a bitcoin and a call; the writer is short on thin margin.
fn prepared() -> Scene {
	let mut scene = scene(7, 10_000_000);
	let (buyer, writer) = (scene.cast.buyer.clone(), scene.cast.writer.clone());
	let call = scene.call(8_000);
	scene.env.block_ok(vec![
		(&buyer, deposit(dollars(10_000))),
		(&buyer, deposit_collateral(assets::BTC.id, assets::BTC.units(1))),
		(&buyer, buy(call, hundredths(100))),
	]);
	scene.write_on_thin_margin(&writer, call, hundredths(100));
	scene
}

#[test]
fn of_the_ledger() {
	let mut scene = prepared();
	let (buyer, writer) = (scene.cast.buyer.clone(), scene.cast.writer.clone());
	let btc = assets::BTC.id;
	begin(&mut scene);
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(deposit(0), Margin::AmountZero.into()),
			(deposit(u128::MAX), OVERFLOW),
			(deposit(dollars(1_000_000_000)), Margin::InsufficientBalance.into()),
			(withdraw(0), Margin::AmountZero.into()),
			(withdraw(u128::MAX), OVERFLOW),
			(withdraw(dollars(10_001)), Margin::InsufficientCash.into()),
			(deposit_collateral(assets::USD.id, 1), Margin::AssetNotEligible.into()),
			(deposit_collateral(99, 1), Margin::AssetNotEligible.into()),
			(deposit_collateral(btc, 0), Margin::AmountZero.into()),
			(deposit_collateral(btc, u128::MAX), OVERFLOW),
			(
				deposit_collateral(btc, assets::BTC.units(50_000)),
				Margin::InsufficientBalance.into(),
			),
			(withdraw_collateral(assets::USD.id, 1), Margin::AssetNotEligible.into()),
			(withdraw_collateral(btc, 0), Margin::AmountZero.into()),
			(withdraw_collateral(btc, assets::BTC.units(2)), Margin::InsufficientCollateral.into()),
			(withdraw_collateral(assets::ETH.id, 1), Margin::InsufficientCollateral.into()),
		],
	);
	assert_refused(
		&mut scene.env,
		&writer,
		vec![(withdraw(dollars(50)), DispatchError::from(Margin::BelowInitialMargin))],
	);
	let nobody = RuntimeOrigin::none();
	let call = settle(buyer.account());
	scene.env.execute(|| assert!(call.dispatch(nobody).is_err(), "only signed"));
	scene.env.end();
}

#[test]
fn of_the_pools_providers() {
	let mut scene = prepared();
	let (buyer, provider) = (scene.cast.buyer.clone(), scene.cast.provider.clone());
	scene.env.block_ok(vec![
		(&provider, deposit(dollars(100))),
		(&provider, request_withdrawal(Quantity::from_int(50))),
	]);
	begin(&mut scene);
	assert_eq!(scene.env.call(&provider, pool_deposit(Usd::from_int(100))), Ok(()));
	let least = Usd::from_inner(i128::MIN);
	let ticket = |ticket| pallet_risk_pool::Call::<Runtime>::cancel_deposit { ticket }.into();
	let queued = |ticket| pallet_risk_pool::Call::<Runtime>::cancel_withdrawal { ticket }.into();
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(pool_deposit(Usd::ZERO), Pool::AmountNotPositive),
			(pool_deposit(least), Pool::AmountNotPositive),
			(pool_deposit(Usd::from_int(9)), Pool::DepositTooSmall),
			(pool_deposit(Usd::from_int(10_000)), Pool::InsufficientCash),
			(pool_deposit(Usd::from_inner(i128::MAX)), Pool::InsufficientCash),
			(request_withdrawal(Quantity::ZERO), Pool::AmountNotPositive),
			(request_withdrawal(Quantity::from_inner(i128::MIN)), Pool::AmountNotPositive),
			(request_withdrawal(Quantity::from_int(1)), Pool::InsufficientShares),
			// The provider's tickets, and one of nobody.
			(ticket(1), Pool::TicketUnknown),
			(ticket(77), Pool::TicketUnknown),
			(queued(0), Pool::TicketUnknown),
			(donate(Usd::ZERO), Pool::AmountNotPositive),
			(donate(least), Pool::AmountNotPositive),
			(donate(Usd::from_int(10_000)), Pool::InsufficientCash),
		],
	);
	assert_refused(
		&mut scene.env,
		&provider,
		vec![
			(request_withdrawal(Quantity::from_int(100_000_000)), Pool::InsufficientShares),
			(request_withdrawal(hundredths(100)), Pool::WithdrawalTooSmall),
		],
	);
	// The ticket that the buyer could not cancel is there, for its owner.
	assert_eq!(scene.env.call(&provider, ticket(1)), Ok(()));
	scene.env.end();
}

#[test]
fn of_trades() {
	let mut scene = prepared();
	let (buyer, writer) = (scene.cast.buyer.clone(), scene.cast.writer.clone());
	let (series, far) = (scene.call(8_000), Moment::MAX);
	let now = scene.env.now();
	begin(&mut scene);
	let some = hundredths(100);
	let most = Usd::from_inner(i128::MAX);
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(buy(NOBODYS, some), Pool::SeriesUnknown),
			(sell(NOBODYS, some), Pool::SeriesUnknown),
			(buy(series, Quantity::ZERO), Pool::QuantityTooSmall),
			(buy(series, Quantity::from_inner(-1)), Pool::QuantityTooSmall),
			(sell(series, Quantity::from_inner(i128::MIN)), Pool::QuantityTooSmall),
			(buy(series, Quantity::from_inner(1)), Pool::QuantityTooSmall),
			(buy(series, Quantity::from_inner(1_005 * 10i128.pow(15))), Pool::QuantityOffStep),
			(buy_until(series, some, Usd::from_int(1), far), Pool::SlippageExceeded),
			(buy_until(series, some, Usd::from_inner(i128::MIN), far), Pool::SlippageExceeded),
			(sell_until(series, some, most, far), Pool::SlippageExceeded),
			(buy_until(series, some, most, now), Pool::DeadlinePassed),
			(sell_until(series, some, Usd::ZERO, 0), Pool::DeadlinePassed),
			(buy(series, Quantity::from_int(900_000)), Pool::PoolCapacityExceeded),
		],
	);
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(
				buy(series, Quantity::from_inner(i128::MAX / 10i128.pow(16) * 10i128.pow(16))),
				OVERFLOW,
			),
			(buy(series, Quantity::from_int(100)), Margin::BelowInitialMargin.into()),
			(sell(series, Quantity::from_int(2_000)), Margin::PositionCapExceeded.into()),
		],
	);
	assert_refused(
		&mut scene.env,
		&writer,
		vec![(sell(series, some), DispatchError::from(Margin::BelowInitialMargin))],
	);
	scene.env.end();
}

#[test]
fn of_trades_that_come_too_late_or_without_a_price() {
	let mut scene = prepared();
	let buyer = scene.cast.buyer.clone();
	let (series, expiry) = (scene.call(8_000), scene.expiry);
	let eth = scene.env.series(ETH, ballast_primitives::OptionKind::Call, 200, expiry);
	let some = hundredths(100);
	// Nobody feeds ETH any more; BTC is far from the strikes.
	scene.env.feeds.silence(ETH);
	scene.env.feeds.set(BTC, cents(640_000));
	scene.env.blocks(1);
	scene.env.feeds.set(BTC, cents(515_000));
	scene.env.blocks(4);
	let deep = scene.call(9_000);
	begin(&mut scene);
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(buy(eth, hundredths(1_000)), Pool::PriceStale),
			(sell(eth, hundredths(1_000)), Pool::PriceStale),
			(buy(deep, some), Pool::OutsideQuotedDelta),
		],
	);
	scene.env.end();
	scene.env.blocks_until(expiry - 1_800);
	begin(&mut scene);
	// This block is the expiry's. Nothing has settled the series in storage yet.
	let remove = pallet_options::Call::<Runtime>::remove_series { series };
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(buy(series, some), DispatchError::from(Pool::SeriesExpired)),
			(sell(series, some), Pool::SeriesExpired.into()),
			(remove.into(), Options::SeriesNotSettled.into()),
		],
	);
	scene.env.end();
}

#[test]
fn of_liquidations() {
	let mut scene = prepared();
	let (buyer, writer) = (scene.cast.buyer.clone(), scene.cast.writer.clone());
	let (keeper, bidder) = (scene.cast.keeper.clone(), scene.cast.bidder.clone());
	let (safe, failing) = (buyer.account(), writer.account());
	let pool = scene.env.execute(RiskPool::pool_account);
	let insurance = scene.env.execute(RiskPool::insurance_account);
	let authorised =
		pallet_liquidation::Call::<Runtime>::liquidate_authorized { account: failing.clone() };
	let end = |account| pallet_liquidation::Call::<Runtime>::end_auction { account }.into();
	let take_over = |account| pallet_liquidation::Call::<Runtime>::take_over { account }.into();
	begin(&mut scene);
	assert_refused(
		&mut scene.env,
		&keeper,
		vec![
			(liquidate(safe.clone()), DispatchError::from(Liquidation::NotLiquidatable)),
			(liquidate(failing.clone()), Liquidation::NotLiquidatable.into()),
			(liquidate(keeper.account()), Liquidation::NotLiquidatable.into()),
			(liquidate(pool), Liquidation::ExemptAccount.into()),
			(liquidate(insurance), Liquidation::ExemptAccount.into()),
			(authorised.into(), DispatchError::BadOrigin),
			(bid(safe.clone(), percent(100), 0), Liquidation::NotInAuction.into()),
			(end(safe.clone()), Liquidation::NotInAuction.into()),
			(take_over(safe), Liquidation::NotInAuction.into()),
		],
	);
	scene.env.end();
	(scene.env.workers, scene.env.idle) = (false, false);
	scene.env.feeds.set(BTC, cents(940_000));
	scene.env.block_ok(vec![(&keeper, liquidate(failing.clone()))]);
	let last = scene.env.auction(&failing).expect("started").last_bid;
	begin(&mut scene);
	let nothing = Usd::from_int(-1_000_000);
	assert_refused(
		&mut scene.env,
		&bidder,
		vec![
			(liquidate(failing.clone()), DispatchError::from(Liquidation::AlreadyInAuction)),
			(bid(failing.clone(), Ratio::ZERO, last), Liquidation::ShareZero.into()),
			(bid(failing.clone(), percent(100), last + 1), Liquidation::AuctionChanged.into()),
			(
				bid_up_to(failing.clone(), percent(100), nothing, last),
				Liquidation::PriceLimitExceeded.into(),
			),
			(end(failing.clone()), Liquidation::AuctionNotOver.into()),
			(take_over(failing.clone()), Liquidation::TakeOverTooEarly.into()),
			// It has nothing in the clearing house: it could not carry what it takes over.
			(bid(failing.clone(), percent(100), last), Margin::BelowInitialMargin.into()),
		],
	);
	assert_refused(
		&mut scene.env,
		&writer,
		vec![(bid(failing, percent(100), last), Liquidation::SelfBid)],
	);
	scene.env.end();
}

#[test]
fn of_calls_that_are_not_for_everybody() {
	let mut scene = prepared();
	let (buyer, expiry) = (scene.cast.buyer.clone(), scene.expiry);
	let series = scene.call(8_000);
	let known = |call: pallet_options::Call<Runtime>| RuntimeCall::from(call);
	let rules = pallet_risk_params::Call::<Runtime>::set_pool_rules { value: PoolRules::default() };
	let price = pallet_price_feed::Call::<Runtime>::set_settlement_price {
		underlying: BTC,
		expiry,
		price: Price::ONE,
	};
	let sudo = pallet_sudo::Call::<Runtime>::sudo { call: Box::new(deposit(1)) };
	let stranger = orml_oracle::Error::<Runtime, SpotOracleInstance>::NoPermission;
	begin(&mut scene);
	assert_refused(
		&mut scene.env,
		&buyer,
		vec![
			(list_grid(BTC, expiry + DAY, vec![cents(800_000)]), DispatchError::BadOrigin),
			(rules.into(), DispatchError::BadOrigin),
			(price.into(), DispatchError::BadOrigin),
			(sudo.into(), pallet_sudo::Error::<Runtime>::RequireSudo.into()),
			(feed_spot(vec![(BTC, cents(1))]), stranger.into()),
			(
				known(pallet_options::Call::settle_series { series }),
				Options::SeriesNotExpired.into(),
			),
			(
				known(pallet_options::Call::settle_series { series: NOBODYS }),
				Options::SeriesUnknown.into(),
			),
			(
				known(pallet_options::Call::remove_series { series }),
				Options::SeriesNotSettled.into(),
			),
		],
	);
	scene.env.end();
	// Through the door that users have, too: the fee is paid, nothing else changes.
	let outcomes = scene.env.block(vec![(&buyer, calls::buy(NOBODYS, hundredths(100)))]);
	assert_eq!(outcomes, [Err(Pool::SeriesUnknown.into())]);
}
