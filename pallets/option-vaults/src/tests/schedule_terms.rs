use super::*;

fn later(auction: Moment) -> VaultTerms {
	VaultTerms { auction, ..terms() }
}

fn schedule(id: VaultId, auction: Moment) -> u32 {
	assert_ok!(OptionVaults::schedule_terms(by(MANAGER), id, later(auction)));
	vault(id).scheduled.expect("just announced").from
}

#[test]
fn announced_between_rounds_they_come_after_the_next_one() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		events();
		assert_eq!(schedule(id, 7_200), 1);
		let event = Event::TermsScheduled { vault: id, terms: later(7_200), from: 1 };
		assert_eq!(events(), [event]);
		// The first round is the notice: it runs by the old terms.
		let Auction { began, ends, .. } = open(id).auction;
		assert_eq!(ends - began, 3_600);
		close(id);
		turn(id);
		assert_eq!(vault(id).terms, terms());
		pass_to(FRIDAY);
		events();
		let Auction { began, ends, .. } = open(id).auction;
		assert_eq!(ends - began, 7_200);
		assert_eq!(events()[0], Event::TermsChanged { vault: id, terms: later(7_200) });
		assert_eq!((vault(id).terms, vault(id).scheduled), (later(7_200), None));
	});
}

#[test]
fn announced_in_a_round_they_come_after_one_more() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		// Whoever disagrees with what was announced in round 0 can leave with the end of round 1.
		open(id);
		assert_eq!(schedule(id, 7_200), 2);
		buy(BOB, id, contracts(3));
		assert_ok!(OptionVaults::close_auction(by(DAVE), id));
		assert_eq!(schedule(id, 7_300), 2);
		settle_at(id, price(30_000));
		assert_eq!(schedule(id, 7_400), 2);
		turn(id);
		assert_eq!(vault(id).round, 1);
		let Auction { began, ends, .. } = open(id).auction;
		assert_eq!(ends - began, 3_600);
		close(id);
		turn(id);
		// Nothing was sold, so nothing is locked: one can leave at once.
		let shares = holder(id, ALICE).shares;
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, shares / 2));
		pass_to(FRIDAY + WEEK);
		let Auction { began, ends, .. } = open(id).auction;
		assert_eq!(ends - began, 7_400);
	});
}

#[test]
fn a_round_that_waits_gives_no_shorter_notice() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		assert_eq!(schedule(id, 7_200), 1);
		set_usable(false);
		pass(10 * WEEK);
		set_usable(true);
		assert_eq!(selling_length(id), 3_600);
	});
}

fn selling_length(id: VaultId) -> Moment {
	let Auction { began, ends, .. } = open(id).auction;
	ends - began
}

#[test]
fn announcing_again_starts_the_notice_anew() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		assert_eq!(schedule(id, 7_200), 1);
		round(id, 1_000, contracts(3), 30_000);
		assert_eq!(schedule(id, 7_300), 2);
		assert_eq!(selling_length(id), 3_600);
	});
}

#[test]
fn only_the_manager_announces_within_bounds() {
	execute(|| {
		let id = calls();
		let schedule = |who, auction| OptionVaults::schedule_terms(by(who), id, later(auction));
		assert_refused!(schedule(ALICE, 7_200), Error::<Test>::NotManager);
		assert_refused!(schedule(MANAGER, 1), Error::<Test>::AuctionOutOfBounds);
		let unknown = OptionVaults::schedule_terms(by(MANAGER), id + 1, terms());
		assert_eq!(unknown, Err(Error::<Test>::VaultUnknown.into()));
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		assert_refused!(schedule(MANAGER, 7_200), Error::<Test>::VaultIsClosed);
	});
}

#[test]
fn bounds_that_become_narrower_bind_at_once() {
	execute(|| {
		let percent = Ratio::from_percent;
		let greedy = VaultTerms {
			strike: StrikeRule::Distance(percent(2)),
			start: percent(300),
			reserve: percent(90),
			management_fee: percent(2),
			performance_fee: percent(20),
			..terms()
		};
		let id = open_vault(Strategy::CoveredCall, BTC, greedy);
		deposit(ALICE, id, 3 * COIN);
		set_rules(VaultRules {
			distance_min: percent(20),
			reserve_min: percent(98),
			start_max: percent(200),
			auction_min: 7_000,
			management_fee_max: Ratio::ZERO,
			performance_fee_max: percent(10),
			..rules()
		});
		let Selling { strike, auction, .. } = open(id);
		assert_eq!(strike, price(36_000));
		assert_eq!(auction.ends - auction.began, 7_000);
		let share = auction.reserve.share_of_floor(auction.start).unwrap();
		assert!(share >= percent(48) && share <= percent(50), "98 of 200");
		set_bid(Some(price(1_000)));
		buy(BOB, id, contracts(3));
		close(id);
		let outcome = settle_at(id, price(30_000));
		assert_eq!((outcome.management_fee, outcome.performance_fee), (0, COIN / 100));
		// What the manager set is kept, and holds again within wider bounds.
		assert_eq!(vault(id).terms, greedy);
	});
}
