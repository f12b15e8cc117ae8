use crate::mock::*;
use ballast_mocks::MockParameters;
use ballast_primitives::{params::UnderlyingRisk, Quality, Quantity, Usd};
use ballast_traits::InspectAccounts;
use frame_support::{assert_noop, assert_ok};

fn set_cap(whole: i64) {
	MockParameters::mock_underlying(move |_| {
		Some(UnderlyingRisk { collateral_cap: Quantity::from_int(whole), ..UnderlyingRisk::btc() })
	});
}

#[test]
fn coins_become_collateral_at_their_mark() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(150)));
		assert_ok!(Margin::deposit_collateral(signed(ALICE), ETH, 10u128.pow(18) / 2));
		let account = Margin::account_view(&ALICE).unwrap();
		let one_and_a_half = Quantity::from_inner(1_500_000_000_000_000_000);
		let half = Quantity::from_inner(500_000_000_000_000_000);
		assert_eq!(account.collateral, vec![(BTC, one_and_a_half), (ETH, half)]);
		assert_eq!(Margin::collaterals(&ALICE), vec![ON_BTC, ON_ETH]);
		assert_eq!(health(ALICE).collateral, Usd::from_int(15_100));
		assert_eq!(health(ALICE).equity, Usd::from_int(15_100));
		let (who, quantity) = (ALICE, one_and_a_half);
		let first = Event::CollateralDeposited { who, asset: BTC, quantity, total: quantity };
		assert_eq!(events()[0], first);
		assert_eq!(Assets::balance(BTC, Margin::custody_account()), centi_btc(150));
	});
}

#[test]
fn only_assets_of_underlyings_with_a_cap_are_taken() {
	build_and_execute(|| {
		for asset in [USD, JUNK, 77] {
			assert_noop!(
				Margin::deposit_collateral(signed(ALICE), asset, 1),
				Error::AssetNotEligible
			);
		}
		set_cap(0);
		assert_noop!(Margin::deposit_collateral(signed(ALICE), BTC, 1), Error::AssetNotEligible);
		MockParameters::mock_underlying(|_| None);
		assert_noop!(Margin::deposit_collateral(signed(ALICE), BTC, 1), Error::AssetNotEligible);
	});
}

#[test]
fn the_cap_is_on_all_accounts_together() {
	build_and_execute(|| {
		set_cap(10);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(600)));
		let too_much = centi_btc(400) + 1;
		let call = || Margin::deposit_collateral(signed(BOB), BTC, too_much);
		assert_noop!(
			frame_support::storage::with_storage_layer(call),
			Error::CollateralCapExceeded
		);
		assert_ok!(Margin::deposit_collateral(signed(BOB), BTC, centi_btc(400)));
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, 1));
		assert_ok!(Margin::deposit_collateral(signed(CAROL), BTC, 1));
	});
}

#[test]
fn nothing_and_what_one_does_not_have_are_refused() {
	build_and_execute(|| {
		assert_noop!(Margin::deposit_collateral(signed(ALICE), BTC, 0), Error::AmountZero);
		set_cap(1_000_000_000);
		let all = Assets::balance(BTC, ALICE);
		let call = || Margin::deposit_collateral(signed(ALICE), BTC, all + 1);
		assert!(frame_support::storage::with_storage_layer(call).is_err());
		assert!(Margin::deposit_collateral(signed(ALICE), BTC, u128::MAX).is_err());
	});
}

#[test]
fn a_ninth_asset_is_not_taken_but_what_a_series_delivers_always_fits() {
	build_and_execute(|| {
		let mut account = crate::Account::default();
		for asset in 10..18 {
			account.set_collateral(asset, Quantity::ONE).unwrap();
		}
		Margin::store(&ALICE, account.clone());
		let call = || Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100));
		assert_noop!(frame_support::storage::with_storage_layer(call), Error::TooManyCollaterals);
		Margin::store(&ALICE, crate::Account::default());
		for asset in 18..26 {
			account.set_collateral(asset, Quantity::ONE).unwrap();
		}
		assert_eq!(account.set_collateral(BTC, Quantity::ONE), Err(crate::Full));
		assert_ok!(account.set_collateral(10, Quantity::ZERO));
		assert_ok!(account.set_collateral(BTC, Quantity::ONE));
	});
}

#[test]
fn collateral_is_taken_at_any_price_quality() {
	build_and_execute(|| {
		set_quality(ON_BTC, Quality::Unconfirmed);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		Markets::remove(ON_ETH);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), ETH, 10u128.pow(18)));
		// Without any price it is worth nothing to the clearing house.
		assert_eq!(health(ALICE).equity, Usd::from_int(10_000));
	});
}
