use super::*;
use ballast_primitives::params::FundRules;
use ballast_traits::MutualPool;

#[test]
fn a_keeper_is_paid_from_the_fund() {
	ExtBuilder::default().insured(100).build_and_execute(|| {
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(5)));
		assert_eq!((cash(BOB), cash(insurance())), (usd(1_000_005), usd(95)));
		assert_eq!(events(), [Event::KeeperPaid { keeper: BOB, amount: usd(5) }]);
	});
}

#[test]
fn the_fund_pays_what_it_has() {
	ExtBuilder::default().insured(3).build_and_execute(|| {
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(3)));
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(0)));
		set_cash(insurance(), usd(-10));
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(0)));
		assert_eq!(cash(BOB), usd(1_000_003));
		set_cash(insurance(), usd(0));
	});
}

#[test]
fn the_floor_is_kept_for_losses() {
	ExtBuilder::default().insured(100).build_and_execute(|| {
		set_fund_rules(FundRules { insurance_floor: usd(97), ..Default::default() });
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(3)));
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(0)));
		set_cash(insurance(), usd(20));
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(5)), Ok(usd(0)));
		// A deficit uses the floor like the rest.
		use ballast_traits::CoverDeficit;
		assert_ok!(RiskPool::cover(&DAVE, usd(5)));
		assert_eq!(cash(insurance()), usd(15));
	});
}

#[test]
fn a_block_has_a_cap_and_the_next_block_a_new_one() {
	ExtBuilder::default().insured(1_000).build_and_execute(|| {
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(30)), Ok(usd(30)));
		assert_eq!(RiskPool::pay_keeper(&CAROL, usd(30)), Ok(usd(20)));
		assert_eq!(RiskPool::pay_keeper(&CAROL, usd(30)), Ok(usd(0)));
		pass(3);
		assert_eq!(RiskPool::pay_keeper(&CAROL, usd(60)), Ok(usd(50)));
	});
}

#[test]
fn a_negative_reward_is_nothing() {
	ExtBuilder::default().insured(1_000).build_and_execute(|| {
		assert_eq!(RiskPool::pay_keeper(&BOB, usd(-5)), Ok(usd(0)));
		assert_eq!(cash(BOB), usd(1_000_000));
	});
}
