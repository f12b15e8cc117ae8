use super::*;
use ballast_traits::MutualPool;

#[test]
fn a_penalty_comes_into_the_insurance_fund_and_waits_to_be_divided() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::collect_penalty(&BOB, usd(70)));
		assert_eq!((cash(BOB), cash(insurance())), (usd(999_930), usd(70)));
		assert_eq!(Undivided::<Test>::get(), usd(70));
		assert_eq!(events(), [Event::PenaltyCollected { from: BOB, amount: usd(70) }]);
	});
}

#[test]
fn it_repays_the_deficit_account_even_in_an_open_window() {
	ExtBuilder::default().provided(1_000).insured(100).build_and_execute(|| {
		use ballast_traits::CoverDeficit;
		assert_ok!(RiskPool::cover(&DAVE, usd(1_000)));
		let open = DeficitAccount::<Test>::get();
		assert!(open.is_negative());
		assert_ok!(RiskPool::collect_penalty(&BOB, usd(70)));
		assert_eq!(DeficitAccount::<Test>::get(), open.checked_add(usd(70)).unwrap());
		assert_eq!(cash(insurance()), usd(40));
	});
}

#[test]
fn nothing_is_collected_quietly_and_less_than_nothing_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::collect_penalty(&BOB, usd(0)));
		assert_eq!(events(), []);
		assert_refused!(RiskPool::collect_penalty(&BOB, usd(-1)), Error::<Test>::AmountNotPositive);
	});
}
