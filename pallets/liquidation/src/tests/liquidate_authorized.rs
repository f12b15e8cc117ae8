use crate::{mock::*, Auction, Error, Event};
use ballast_primitives::Usd;
use frame_support::{
	assert_noop, assert_ok,
	dispatch::GetDispatchInfo,
	pallet_prelude::{InvalidTransaction, TransactionSource, TransactionValidityError},
};
use parity_scale_codec::Encode;
use sp_runtime::{
	traits::{Applyable, Checkable},
	transaction_validity::TransactionValidity,
	DispatchError,
};

fn call(account: u64) -> RuntimeCall {
	RuntimeCall::Liquidation(crate::Call::liquidate_authorized { account })
}

fn transaction(account: u64) -> Extrinsic {
	Extrinsic::new_transaction(call(account), (frame_system::AuthorizeCall::new(),))
}

fn validate(account: u64, source: TransactionSource) -> TransactionValidity {
	let transaction = transaction(account);
	let (info, length) = (transaction.get_dispatch_info(), transaction.encoded_size());
	let checked = Checkable::check(transaction, &frame_system::ChainContext::<Test>::default());
	checked.expect("nothing is signed").validate::<Test>(source, &info, length)
}

fn apply(account: u64) {
	let transaction = transaction(account);
	let (info, length) = (transaction.get_dispatch_info(), transaction.encoded_size());
	let checked = Checkable::check(transaction, &frame_system::ChainContext::<Test>::default());
	let applied = checked.expect("nothing is signed").apply::<Test>(&info, length);
	assert_ok!(applied.expect("valid").map_err(|failed| failed.error));
}

#[test]
fn the_workers_transaction_starts_an_auction_without_a_keeper() {
	ExtBuilder::failing().build_and_execute(|| {
		apply(ALICE);
		let started = Auction {
			started_at: 1_000_000,
			last_bid_at: 1_000_000,
			reserved: Usd::ZERO,
			last_bid: 1,
			keeper: None,
			keeper_advance: Usd::ZERO,
			insolvent: false,
		};
		assert_eq!(auction_of(ALICE), started);
		assert_eq!(
			events(),
			[Event::LiquidationStarted {
				account: ALICE,
				keeper: None,
				equity: usd(900),
				maintenance: usd(1_000),
			}]
		);
		assert_eq!(Books::get(ALICE), book(900, 1_000), "starting sells nothing");
	});
}

#[test]
fn it_is_valid_from_this_node_only_and_names_the_account() {
	ExtBuilder::failing().with(7, book(-5, 10)).build_and_execute(|| {
		let valid = validate(ALICE, TransactionSource::Local).expect("valid");
		assert_eq!(valid.priority, PRIORITY);
		assert!(!valid.propagate);
		assert_eq!(valid.provides, [(crate::authorize::TAG, ALICE).encode()]);
		assert_ok!(validate(ALICE, TransactionSource::InBlock));
		assert_eq!(
			validate(ALICE, TransactionSource::External),
			Err(TransactionValidityError::Invalid(InvalidTransaction::Call))
		);
		let other = validate(7, TransactionSource::Local).expect("valid");
		assert_ne!(other.provides, valid.provides);
	});
}

#[test]
fn it_is_stale_for_accounts_that_need_no_liquidation() {
	ExtBuilder::failing().with(7, book(1_000, 1_000)).build_and_execute(|| {
		let stale = Err(TransactionValidityError::Invalid(InvalidTransaction::Stale));
		assert_eq!(validate(7, TransactionSource::Local), stale, "at maintenance margin");
		assert_eq!(validate(8, TransactionSource::Local), stale, "unknown account");
		apply(ALICE);
		assert_eq!(validate(ALICE, TransactionSource::Local), stale, "under auction already");
		Books::insert(POOL, book(-5, 100));
		assert_eq!(validate(POOL, TransactionSource::Local), stale, "exempt");
	});
}

#[test]
fn neither_a_signer_nor_root_may_send_it() {
	ExtBuilder::failing().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(BOB), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(
				Liquidation::liquidate_authorized(origin, ALICE),
				DispatchError::BadOrigin
			);
		}
	});
}

#[test]
fn the_chain_checks_again_when_it_is_executed() {
	ExtBuilder::failing().build_and_execute(|| {
		set_equity(ALICE, usd(1_000));
		let authorized = RuntimeOrigin::from(frame_system::Origin::<Test>::Authorized);
		assert_noop!(
			Liquidation::liquidate_authorized(authorized, ALICE),
			Error::<Test>::NotLiquidatable
		);
	});
}
