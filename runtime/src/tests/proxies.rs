use super::chain::development;
use crate::{
	configs::utility::ProxyType, genesis::assets::USD, Balances, Proxy, Runtime, RuntimeCall,
	RuntimeOrigin,
};
use ballast_primitives::{Quantity, SeriesId, Usd};
use frame_support::{assert_ok, traits::InstanceFilter};
use parity_scale_codec::Encode;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};

fn transfers() -> [RuntimeCall; 3] {
	let bob = Bob.to_account_id();
	[
		pallet_balances::Call::<Runtime>::transfer_allow_death {
			dest: bob.clone().into(),
			value: 1,
		}
		.into(),
		pallet_assets::Call::<Runtime>::transfer {
			id: USD.id,
			target: bob.clone().into(),
			amount: 1,
		}
		.into(),
		pallet_assets::Call::<Runtime>::approve_transfer {
			id: USD.id,
			delegate: bob.into(),
			amount: 1,
		}
		.into(),
	]
}

#[test]
fn a_non_transfer_proxy_cannot_move_money() {
	for call in transfers() {
		assert!(ProxyType::Any.filter(&call));
		assert!(!ProxyType::NonTransfer.filter(&call));
	}
}

/// What Bob receives when Charlie, as a proxy of Alice, sends a batch of transfers.
fn moved_by_a_batch_through(proxy_type: ProxyType) -> u128 {
	development().execute_with(|| {
		let (alice, charlie) = (Alice.to_account_id(), Charlie.to_account_id());
		assert_ok!(Proxy::add_proxy(
			RuntimeOrigin::signed(alice.clone()),
			charlie.clone().into(),
			proxy_type,
			0,
		));
		let before = Balances::free_balance(Bob.to_account_id());
		let batch = pallet_utility::Call::<Runtime>::batch { calls: transfers().to_vec() };
		assert_ok!(Proxy::proxy(
			RuntimeOrigin::signed(charlie),
			alice.into(),
			None,
			Box::new(batch.into()),
		));
		Balances::free_balance(Bob.to_account_id()) - before
	})
}

#[test]
fn a_non_transfer_proxy_cannot_move_money_inside_a_batch() {
	assert_eq!(moved_by_a_batch_through(ProxyType::Any), 1);
	assert_eq!(moved_by_a_batch_through(ProxyType::NonTransfer), 0);
}

#[test]
fn only_any_covers_other_proxy_types() {
	assert!(ProxyType::Any.is_superset(&ProxyType::NonTransfer));
	assert!(!ProxyType::NonTransfer.is_superset(&ProxyType::Any));
	assert!(ProxyType::NonTransfer.is_superset(&ProxyType::NonTransfer));
}

#[test]
fn proxy_types_keep_their_encoding() {
	assert_eq!(ProxyType::Any.encode(), [0]);
	assert_eq!(ProxyType::NonTransfer.encode(), [1]);
	assert_eq!(ProxyType::Trading.encode(), [2]);
	assert_eq!(ProxyType::Governance.encode(), [3]);
	assert_eq!(ProxyType::Staking.encode(), [4]);
}

#[test]
fn a_governance_proxy_votes_and_does_nothing_else() {
	let delegate: RuntimeCall =
		pallet_conviction_voting::Call::<Runtime>::undelegate { class: 10 }.into();
	let spend: RuntimeCall = pallet_treasury::Call::<Runtime>::spend_local {
		amount: 1,
		beneficiary: Bob.to_account_id().into(),
	}
	.into();
	assert!(ProxyType::Governance.filter(&delegate) && ProxyType::NonTransfer.filter(&delegate));
	assert!(!ProxyType::Trading.filter(&delegate));
	assert!(!ProxyType::Governance.filter(&spend) && !ProxyType::NonTransfer.filter(&spend));
	assert!(transfers().iter().all(|call| !ProxyType::Governance.filter(call)));
	assert!(ProxyType::NonTransfer.is_superset(&ProxyType::Governance));
	assert!(!ProxyType::Trading.is_superset(&ProxyType::Governance));
}

#[test]
fn a_staking_proxy_stakes_and_does_nothing_else() {
	let chill: RuntimeCall = pallet_staking::Call::<Runtime>::chill {}.into();
	let purge: RuntimeCall = pallet_session::Call::<Runtime>::purge_keys {}.into();
	let withdraw: RuntimeCall = pallet_margin::Call::<Runtime>::withdraw { amount: 1 }.into();
	assert!(ProxyType::Staking.filter(&chill) && ProxyType::Staking.filter(&purge));
	// Rewards can be sent to another account.
	assert!(!ProxyType::NonTransfer.filter(&chill) && !ProxyType::Governance.filter(&chill));
	assert!(!ProxyType::Staking.filter(&withdraw));
	assert!(transfers().iter().all(|call| !ProxyType::Staking.filter(call)));
	assert!(ProxyType::Any.is_superset(&ProxyType::Staking));
	assert!(!ProxyType::NonTransfer.is_superset(&ProxyType::Staking));
}

#[test]
fn a_trading_proxy_trades_and_does_nothing_else() {
	let sell: RuntimeCall = pallet_risk_pool::Call::<Runtime>::sell {
		series: SeriesId(0),
		quantity: Quantity::ONE,
		min_premium: Usd::ZERO,
		deadline: 0,
	}
	.into();
	let withdraw: RuntimeCall = pallet_margin::Call::<Runtime>::withdraw { amount: 1 }.into();
	let donate: RuntimeCall =
		pallet_risk_pool::Call::<Runtime>::donate_insurance { amount: Usd::ONE }.into();
	assert!(ProxyType::Trading.filter(&sell) && ProxyType::NonTransfer.filter(&sell));
	assert!(!ProxyType::Trading.filter(&withdraw) && ProxyType::NonTransfer.filter(&withdraw));
	assert!(!ProxyType::Trading.filter(&donate) && !ProxyType::NonTransfer.filter(&donate));
	assert!(ProxyType::NonTransfer.is_superset(&ProxyType::Trading));
	assert!(!ProxyType::Trading.is_superset(&ProxyType::NonTransfer));
}
