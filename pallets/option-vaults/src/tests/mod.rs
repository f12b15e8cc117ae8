//! One file per call, and per behaviour that is not a call.

/// What the call gives is this error, and it changed nothing: calls run in a storage layer.
macro_rules! assert_refused {
	($call:expr, $error:expr $(,)?) => {
		frame_support::assert_noop!(
			frame_support::storage::with_storage_layer(
				|| -> Result<_, sp_runtime::DispatchError> { $call }
			),
			$error
		)
	};
}

mod attacks;
mod buy;
mod cancel_deposit;
mod cancel_withdrawal;
mod claim;
mod close_auction;
mod close_vault;
mod decimals;
mod deposit;
mod fees;
mod idle;
mod open_round;
mod open_vault;
mod pay_fees;
mod random_walk;
mod remove_vault;
mod request_withdrawal;
mod rounds;
mod schedule_terms;
mod settle_round;
mod try_state;
mod turn;
mod views;
mod withdraw;

pub use crate::{mock::*, pallet::*, types::*, Error, Event, VaultOf};
pub use ballast_primitives::{
	params::VaultRules,
	time::{DAY, WEEK},
	Moment, OptionKind, Price, Quantity, Ratio, UnderlyingId, Usd,
};
pub use frame_support::assert_ok;
pub use sp_runtime::{DispatchError, DispatchResult};

/// One bitcoin in its smallest unit.
pub const COIN: u128 = 100_000_000;
/// One dollar in its smallest unit.
pub const DOLLAR: u128 = 1_000_000;
/// One share.
pub const SHARE: u128 = 1_000_000_000_000_000_000;

/// A signed origin.
pub fn by(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// A vault of the manager's; returns its number.
pub fn open_vault(strategy: Strategy, underlying: UnderlyingId, terms: VaultTerms) -> VaultId {
	let id = NextVaultId::<Test>::get();
	assert_ok!(OptionVaults::open_vault(by(MANAGER), strategy, underlying, terms));
	id
}

/// A vault of covered calls on BTC.
pub fn calls() -> VaultId {
	open_vault(Strategy::CoveredCall, BTC, terms())
}

/// A vault of cash-secured puts on BTC.
pub fn puts() -> VaultId {
	open_vault(Strategy::CashSecuredPut, BTC, terms())
}

pub fn vault(id: VaultId) -> VaultOf<Test> {
	Vaults::<Test>::get(id).expect("it is open")
}

pub fn holder(id: VaultId, who: AccountId) -> HolderView {
	OptionVaults::holder_of(id, &who).expect("the vault is open")
}

pub fn deposit(who: AccountId, id: VaultId, amount: u128) {
	assert_ok!(OptionVaults::deposit(by(who), id, amount));
}

/// Halts an underlying, and no other.
pub fn halt(halted: UnderlyingId) {
	ballast_mocks::MockParameters::mock_is_halted(move |underlying| underlying == halted);
}

/// Begins a round.
pub fn open(id: VaultId) -> Selling {
	assert_ok!(OptionVaults::open_round(by(DAVE), id));
	selling(id)
}

pub fn selling(id: VaultId) -> Selling {
	match vault(id).state {
		State::Selling(selling) => selling,
		other => panic!("not selling: {other:?}"),
	}
}

pub fn locked(id: VaultId) -> Locked {
	match vault(id).state {
		State::Locked(locked) => locked,
		other => panic!("not locked: {other:?}"),
	}
}

/// Buys at any price.
pub fn buy(who: AccountId, id: VaultId, quantity: Quantity) {
	assert_ok!(OptionVaults::buy(by(who), id, quantity, u128::MAX, now()));
}

/// Passes to the end of an auction and closes it.
pub fn close(id: VaultId) {
	pass_to(selling(id).auction.ends);
	assert_ok!(OptionVaults::close_auction(by(DAVE), id));
}

/// Passes to expiry, where the market and the settlement price are this, and settles.
pub fn settle_at(id: VaultId, price: Price) -> Outcome {
	let expiry = locked(id).expiry;
	pass_to(expiry);
	set_spot(vault(id).underlying, price);
	set_settled(vault(id).underlying, expiry, price);
	assert_ok!(OptionVaults::settle_round(by(DAVE), id));
	OptionVaults::rounds_of(id).last().expect("just settled").outcome
}

pub fn turn(id: VaultId) {
	assert_ok!(OptionVaults::turn(by(DAVE), id));
}

/// A whole round on BTC from 30,000: Bob buys so many contracts at this bid of the pool's, below which nothing
/// is sold, and they settle at this price.
pub fn round(id: VaultId, bid: u64, quantity: Quantity, settled: u64) -> Outcome {
	set_spot(BTC, price(30_000));
	set_bid(Some(price(bid)));
	open(id);
	buy(BOB, id, quantity);
	set_bid(None);
	close(id);
	let outcome = settle_at(id, price(settled));
	turn(id);
	outcome
}

/// What a vault's working account has free, in the smallest unit of its asset.
pub fn free_of(id: VaultId) -> u128 {
	OptionVaults::free_assets(id, &vault(id)).unwrap()
}

/// The same of its waiting account.
pub fn waiting_of(id: VaultId) -> u128 {
	let waiting = OptionVaults::waiting_account(id);
	crate::purse::amount_floor(OptionVaults::free(&vault(id), &waiting), vault(id).decimals)
		.unwrap()
}

/// Cash in the smallest unit of the quote asset; it must be whole.
pub fn dollars(who: AccountId) -> u128 {
	let inner = cash(who).into_inner();
	assert_eq!(inner % 1_000_000_000_000, 0);
	u128::try_from(inner / 1_000_000_000_000).unwrap()
}

/// A price per share.
pub fn per(assets: u128, shares: u128) -> SharePrice {
	SharePrice { assets, shares }
}

/// A little more.
pub fn above(price: Price) -> Price {
	Price::from_inner(price.into_inner() + 1)
}

/// Mark of what an auction sells, at the market of now, rounded up.
pub fn mark_now(id: VaultId) -> Price {
	let Selling { strike, expiry, .. } = selling(id);
	let underlying = vault(id).underlying;
	let market = market_at(spot(underlying));
	let (greeks, _) = market.greeks(now(), vault(id).strategy.kind(), strike, expiry).unwrap();
	Price::from_q64(greeks.price.max(Default::default()), ballast_math::Rounding::Ceil).unwrap()
}

/// What a contract costs now.
pub fn offered(id: VaultId, quantity: Quantity) -> OfferedPrice {
	OptionVaults::offered_now(id, quantity).expect("it sells")
}
