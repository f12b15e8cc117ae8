use super::*;

fn refused(terms: VaultTerms, error: Error<Test>) {
	let open = || OptionVaults::open_vault(by(MANAGER), Strategy::CoveredCall, BTC, terms);
	assert_refused!(open(), error);
}

#[test]
fn anyone_opens_a_vault_with_a_bond() {
	execute(|| {
		let id = calls();
		let event = Event::VaultOpened {
			vault: id,
			manager: MANAGER,
			strategy: Strategy::CoveredCall,
			underlying: BTC,
			asset: asset(BTC),
			terms: terms(),
		};
		assert_eq!(events(), [event]);
		assert_eq!((held(MANAGER), free(MANAGER)), (BOND, NATIVE - BOND));
		let other = puts();
		assert_eq!((id, other), (0, 1));
		assert_eq!((vault(id).asset, vault(id).decimals), (asset(BTC), 8));
		assert_eq!((vault(other).asset, vault(other).decimals), (QUOTE, 6));
		assert_eq!(held(MANAGER), 2 * BOND);
		assert_eq!(vault(id).state, State::Idle(Idle::default()));
		// A higher bond touches only later vaults.
		set_rules(VaultRules { bond: 3 * BOND, ..rules() });
		calls();
		assert_eq!((vault(id).bond, vault(2).bond), (BOND, 3 * BOND));
	});
}

#[test]
fn accounts_of_vaults_differ() {
	execute(|| {
		let mut all: Vec<AccountId> = (0..300)
			.flat_map(|id| [OptionVaults::working_account(id), OptionVaults::waiting_account(id)])
			.collect();
		all.sort_unstable();
		all.dedup();
		assert_eq!(all.len(), 600);
	});
}

#[test]
fn who_has_no_bond_opens_none() {
	execute(|| {
		let open = || OptionVaults::open_vault(by(POOR), Strategy::CoveredCall, BTC, terms());
		assert_refused!(open(), sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn terms_lie_within_the_governed_bounds() {
	execute(|| {
		use Error as E;
		let percent = Ratio::from_percent;
		let strike = |strike| VaultTerms { strike, ..terms() };
		for (rule, allowed) in [
			(StrikeRule::Delta(percent(14)), false),
			(StrikeRule::Delta(percent(15)), true),
			(StrikeRule::Delta(percent(35)), true),
			(StrikeRule::Delta(percent(36)), false),
			(StrikeRule::Distance(percent(1)), false),
			(StrikeRule::Distance(percent(2)), true),
			(StrikeRule::Distance(percent(50)), true),
			(StrikeRule::Distance(percent(51)), false),
		] {
			if allowed {
				open_vault(Strategy::CoveredCall, BTC, strike(rule));
			} else {
				refused(strike(rule), E::StrikeOutOfBounds);
			}
		}
		refused(VaultTerms { reserve: percent(89), ..terms() }, E::ReserveTooLow);
		refused(VaultTerms { start: percent(94), ..terms() }, E::StartOutOfBounds);
		refused(VaultTerms { start: percent(301), ..terms() }, E::StartOutOfBounds);
		refused(VaultTerms { auction: 599, ..terms() }, E::AuctionOutOfBounds);
		refused(VaultTerms { auction: 14_401, ..terms() }, E::AuctionOutOfBounds);
		refused(VaultTerms { management_fee: percent(3), ..terms() }, E::ManagementFeeTooHigh);
		refused(VaultTerms { performance_fee: percent(21), ..terms() }, E::PerformanceFeeTooHigh);
		refused(VaultTerms { capacity: 0, ..terms() }, E::CapacityZero);
	});
}

#[test]
fn only_on_what_is_listed_and_can_be_held() {
	execute(|| {
		let open = |strategy, id| OptionVaults::open_vault(by(MANAGER), strategy, id, terms());
		let unlisted: DispatchError = Error::<Test>::UnderlyingNotListed.into();
		for strategy in [Strategy::CoveredCall, Strategy::CashSecuredPut] {
			assert_refused!(open(strategy, NONE), unlisted);
		}
		set_quote_decimals(19);
		assert_refused!(open(Strategy::CashSecuredPut, BTC), unlisted);
		set_quote_decimals(6);
		set_unlisted(true);
		assert_refused!(open(Strategy::CoveredCall, BTC), unlisted);
	});
}

#[test]
fn there_are_only_so_many() {
	execute(|| {
		set_rules(VaultRules { bond: 0, ..rules() });
		for _ in 0..MAX_VAULTS {
			calls();
		}
		refused(terms(), Error::TooManyVaults);
		assert_ok!(OptionVaults::close_vault(by(MANAGER), 7));
		assert_ok!(OptionVaults::remove_vault(by(DAVE), 7));
		assert_eq!(calls(), MAX_VAULTS);
	});
}
