use super::*;

#[test]
fn anyone_pays_them_out() {
	execute(|| {
		let terms = VaultTerms { performance_fee: Ratio::from_percent(20), ..terms() };
		let id = open_vault(Strategy::CoveredCall, BTC, terms);
		deposit(ALICE, id, 3 * COIN);
		let pay = || OptionVaults::pay_fees(by(DAVE), id);
		assert_refused!(pay(), Error::<Test>::NoFees);
		round(id, 1_000, contracts(3), 30_000);
		let had = [MANAGER, TREASURY].map(|who| units(who, BTC));
		events();
		assert_ok!(pay());
		let (manager, treasury) = (1_600_000, 400_000);
		assert_eq!(events(), [Event::FeesPaid { vault: id, manager, treasury }]);
		assert_eq!(units(MANAGER, BTC), had[0] + manager);
		assert_eq!(units(TREASURY, BTC), had[1] + treasury);
		assert_eq!(waiting_of(id), 0);
		assert_refused!(pay(), Error::<Test>::NoFees);
		assert_refused!(OptionVaults::pay_fees(by(DAVE), 9), Error::<Test>::VaultUnknown);
	});
}
