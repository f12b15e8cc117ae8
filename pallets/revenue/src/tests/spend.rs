use super::*;

fn root() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

#[test]
fn governance_spends_cash_of_the_treasury() {
	execute(|| {
		set_cash(TREASURY, usd(50));
		assert_ok!(Revenue::spend_cash(root(), BOB, usd(20)));
		assert_eq!((cash(BOB), cash(TREASURY)), (usd(20), usd(30)));
		assert_eq!(events(), [Event::CashSpent { beneficiary: BOB, amount: usd(20) }]);
		assert_refused!(
			Revenue::spend_cash(root(), BOB, usd(31)),
			DispatchError::Other("InsufficientCash")
		);
		assert_refused!(Revenue::spend_cash(root(), BOB, usd(0)), Error::<Test>::AmountNotPositive);
		assert_refused!(
			Revenue::spend_cash(root(), BOB, usd(-1)),
			Error::<Test>::AmountNotPositive
		);
	});
}

#[test]
fn governance_spends_units_that_vaults_have_paid() {
	execute(|| {
		let coins = Quantity::from_int;
		set_units(TREASURY, BITCOIN, coins(3));
		assert_ok!(Revenue::spend_units(root(), BOB, BITCOIN, coins(2)));
		assert_eq!((units(BOB, BITCOIN), units(TREASURY, BITCOIN)), (coins(2), coins(1)));
		let spent = Event::UnitsSpent { beneficiary: BOB, asset: BITCOIN, quantity: coins(2) };
		assert_eq!(events(), [spent]);
		assert_refused!(
			Revenue::spend_units(root(), BOB, BITCOIN, coins(2)),
			DispatchError::Other("InsufficientCollateral")
		);
		assert_refused!(
			Revenue::spend_units(root(), BOB, BITCOIN, coins(0)),
			Error::<Test>::AmountNotPositive
		);
	});
}

#[test]
fn nobody_else_spends() {
	execute(|| {
		set_cash(TREASURY, usd(50));
		for origin in [by(ALICE), by(TREASURY), RuntimeOrigin::none()] {
			let cash = Revenue::spend_cash(origin.clone(), BOB, usd(1));
			assert_eq!(cash, Err(DispatchError::BadOrigin));
			let units = Revenue::spend_units(origin, BOB, BITCOIN, Quantity::from_int(1));
			assert_eq!(units, Err(DispatchError::BadOrigin));
		}
	});
}
