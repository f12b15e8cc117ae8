//! Whatever people, buyers and managers do, while prices jump by factors of a hundred.

mod model;

use super::{Strategy as Writes, *};
use ballast_math::vault::Pot;
use ballast_traits::InspectAccounts;
use model::{ratio, Mine, Model};
use proptest::{prelude::*, strategy::Strategy};
use std::cmp::Ordering;

const HOLDERS: [AccountId; 4] = [ALICE, BOB, CAROL, DAVE];
const CALLS: VaultId = 0;
const PUTS: VaultId = 1;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
	/// So many dollars' worth, and a few of the smallest units.
	Deposit(AccountId, VaultId, u64, u128),
	/// This share of what waits, in per cent; of shares, below.
	CancelDeposit(AccountId, VaultId, u128),
	Request(AccountId, VaultId, u128),
	CancelRequest(AccountId, VaultId, u128),
	Withdraw(AccountId, VaultId, u128),
	Claim(AccountId, VaultId),
	/// This share of what is left.
	Buy(AccountId, VaultId, i128),
	/// Whatever step is due.
	Step(VaultId),
	PayFees(VaultId),
	Terms(VaultId, u32, Moment),
	Wait(Moment),
	/// Spot times this per cent; whether the average follows.
	Spot(u32, bool),
	Usable(bool),
	/// The pool's bid as a share of spot, in basis points.
	Bid(Option<u32>),
	Interest(VaultId, bool, i128),
}

fn act() -> impl Strategy<Value = Act> {
	use Act::*;
	let who = || prop::sample::select(HOLDERS.to_vec());
	let id = || prop::sample::select(vec![CALLS, PUTS]);
	let share = || prop_oneof![3 => 1u128..=100, 2 => Just(100u128)];
	let jumps = vec![1, 10, 50, 80, 95, 100, 105, 120, 200, 1_000, 10_000];
	let waits = vec![3, 600, 1_800, 3_600, DAY, 3 * DAY, WEEK];
	prop_oneof![
		6 => (who(), id(), 1u64..200_000, 0u128..1_000).prop_map(|(a, b, c, d)| Deposit(a, b, c, d)),
		1 => (who(), id(), share()).prop_map(|(a, b, c)| CancelDeposit(a, b, c)),
		3 => (who(), id(), share()).prop_map(|(a, b, c)| Request(a, b, c)),
		1 => (who(), id(), share()).prop_map(|(a, b, c)| CancelRequest(a, b, c)),
		3 => (who(), id(), share()).prop_map(|(a, b, c)| Withdraw(a, b, c)),
		2 => (who(), id()).prop_map(|(a, b)| Claim(a, b)),
		6 => (who(), id(), 1i128..=110).prop_map(|(a, b, c)| Buy(a, b, c)),
		14 => id().prop_map(Step),
		1 => id().prop_map(PayFees),
		1 => (id(), 2u32..=50, 600u64..14_400).prop_map(|(a, b, c)| Terms(a, b, c)),
		8 => prop::sample::select(waits).prop_map(Wait),
		5 => (prop::sample::select(jumps), any::<bool>()).prop_map(|(a, b)| Spot(a, b)),
		1 => prop::bool::weighted(0.7).prop_map(Usable),
		2 => prop::option::weighted(0.6, 0u32..2_000).prop_map(Bid),
		1 => (id(), any::<bool>(), 0i128..9_999_999_999_999_999_999)
			.prop_map(|(a, b, c)| Interest(a, b, c)),
	]
}

/// In a storage layer, as calls are. What is refused changes nothing.
fn call(what: impl FnOnce() -> DispatchResult) -> bool {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let done = frame_support::storage::with_storage_layer(what).is_ok();
	assert!(done || before == sp_io::storage::root(sp_runtime::StateVersion::V1));
	done
}

/// What somebody has of a vault's asset outside of it.
fn outside(id: VaultId, who: AccountId) -> Quantity {
	match vault(id).strategy {
		Writes::CoveredCall => House::units(&who, vault(id).asset),
		Writes::CashSecuredPut => Quantity::from_inner(cash(who).into_inner()),
	}
}

fn inner(id: VaultId, amount: u128) -> i128 {
	(amount * 10u128.pow(u32::from(18 - vault(id).decimals))) as i128
}

/// Runs a holder's call. Whatever it does brings them up to date: what was claimable is theirs.
fn for_holder(
	model: &mut Model,
	(id, who): (VaultId, AccountId),
	paid: impl FnOnce(i128) -> i128,
	what: impl FnOnce() -> DispatchResult,
) -> bool {
	let before = outside(id, who).into_inner();
	let done = call(what);
	let change = outside(id, who).into_inner() - before;
	let claimable = inner(id, model.of(id, who).claimable);
	if done {
		assert_eq!(change, paid(claimable));
		model.of(id, who).claimable = 0;
		model.roundings += 1;
	}
	done
}

fn held_back(amount: u128, percent: u128) -> u128 {
	amount / 100 * percent + amount % 100 * percent / 100
}

fn act_of_holder(model: &mut Model, act: &Act) {
	match *act {
		Act::Deposit(who, id, dollars, odd) => {
			let amount = match id {
				PUTS => u128::from(dollars) * DOLLAR + odd,
				_ => u128::from(dollars) * COIN / 30_000 + odd,
			};
			let paid = inner(id, amount);
			let call = || OptionVaults::deposit(by(who), id, amount);
			if for_holder(model, (id, who), |had| had - paid, call) {
				model.of(id, who).deposit += amount;
			}
		}
		Act::CancelDeposit(who, id, percent) => {
			let amount = held_back(model.of(id, who).deposit, percent);
			let back = inner(id, amount);
			let call = || OptionVaults::cancel_deposit(by(who), id, amount);
			if for_holder(model, (id, who), |had| had + back, call) {
				model.of(id, who).deposit -= amount;
			}
		}
		Act::Request(who, id, percent) => {
			let shares = held_back(model.of(id, who).shares, percent);
			let call = || OptionVaults::request_withdrawal(by(who), id, shares);
			if for_holder(model, (id, who), |had| had, call) {
				model.of(id, who).shares -= shares;
				model.of(id, who).withdrawal += shares;
			}
		}
		Act::CancelRequest(who, id, percent) => {
			let shares = held_back(model.of(id, who).withdrawal, percent);
			let call = || OptionVaults::cancel_withdrawal(by(who), id, shares);
			if for_holder(model, (id, who), |had| had, call) {
				model.of(id, who).shares += shares;
				model.of(id, who).withdrawal -= shares;
			}
		}
		Act::Withdraw(who, id, percent) => withdraw(model, who, id, percent),
		Act::Claim(who, id) => {
			for_holder(model, (id, who), |had| had, || OptionVaults::claim(by(MANAGER), id, who));
		}
		_ => {}
	}
}

fn withdraw(model: &mut Model, who: AccountId, id: VaultId, percent: u128) {
	let shares = held_back(model.of(id, who).shares, percent);
	// Bringing the holder up to date may strike shares out that are nobody's, so no less than this.
	let (free, all) = (free_of(id), vault(id).shares);
	let due = if shares == 0 { 0 } else { ratio(shares, free, all.max(1)) };
	let due = inner(id, due);
	let unit = inner(id, 1);
	let before = outside(id, who).into_inner();
	let claimable = inner(id, model.of(id, who).claimable);
	if call(|| OptionVaults::withdraw(by(who), id, shares)) {
		let got = outside(id, who).into_inner() - before - claimable;
		assert!(got == due || got == due + unit, "{got} for {due}");
		model.of(id, who).claimable = 0;
		model.of(id, who).shares -= shares;
		model.roundings += 1;
	}
}

fn try_buy(who: AccountId, id: VaultId, percent: i128) {
	let State::Selling(before) = vault(id).state else { return };
	let step = hundredths(1).into_inner();
	let left = before.unsold().into_inner();
	let quantity = Quantity::from_inner(left * percent / 100 / step * step);
	if !call(|| OptionVaults::buy(by(who), id, quantity, u128::MAX, now())) {
		return;
	}
	let sold = events().into_iter().find_map(|event| match event {
		Event::ContractsSold { price, premium, .. } => Some((price, premium)),
		_ => None,
	});
	let (each, premium) = sold.expect("it was sold");
	let share = mark_now(id).times_floor(Ratio::from_percent(90)).unwrap();
	let bid = <House as ballast_traits::MutualPool<AccountId>>::bid(before.series, quantity);
	assert!(each >= before.auction.reserve && each >= share && Some(each) >= bid);
	let paid = Quantity::from_inner(inner(id, premium));
	let worth = match vault(id).strategy {
		Writes::CoveredCall => spot(BTC).value_ceil(paid).unwrap(),
		Writes::CashSecuredPut => Usd::from_inner(paid.into_inner()),
	};
	assert!(worth >= each.value_floor(quantity).unwrap());
}

fn step(id: VaultId) -> bool {
	call(|| match vault(id).state {
		State::Idle(_) => OptionVaults::open_round(by(MANAGER), id),
		State::Selling(_) => OptionVaults::close_auction(by(MANAGER), id),
		State::Locked(_) => OptionVaults::settle_round(by(MANAGER), id),
		State::Settled(_) => OptionVaults::turn(by(MANAGER), id),
	})
}

/// Time passes, and settlement prices of what has expired become known.
fn wait(seconds: Moment) {
	pass(seconds);
	for id in [CALLS, PUTS] {
		let state = Vaults::<Test>::get(id).map(|vault| vault.state);
		if let Some(State::Locked(Locked { expiry, .. })) = state {
			if expiry <= now() && settled_at(BTC, expiry).is_none() {
				set_settled(BTC, expiry, spot(BTC));
			}
		}
	}
}

fn act_on_market(model: &mut Model, act: &Act) {
	match *act {
		Act::Buy(who, id, percent) => try_buy(who, id, percent),
		Act::Step(id) => {
			step(id);
		}
		Act::PayFees(id) => {
			call(|| OptionVaults::pay_fees(by(ALICE), id));
		}
		Act::Terms(id, percent, auction) => {
			let strike = StrikeRule::Distance(Ratio::from_percent(percent));
			let terms = VaultTerms { strike, auction, ..vault(id).terms };
			assert!(call(|| OptionVaults::schedule_terms(by(MANAGER), id, terms)));
		}
		Act::Wait(seconds) => {
			wait(seconds);
			idle();
		}
		Act::Spot(percent, follows) => {
			let jumped = spot(BTC).times_floor(Ratio::from_percent(percent)).unwrap();
			let jumped = jumped.clamp(price(30), price(30_000_000));
			if follows {
				set_spot(BTC, jumped);
			} else {
				set_spot_only(BTC, jumped);
			}
		}
		Act::Usable(usable) => set_usable(usable),
		Act::Bid(points) => {
			let bid = |points| spot(BTC).times_floor(Ratio::from_basis_points(points)).unwrap();
			set_bid(points.map(bid));
		}
		Act::Interest(PUTS, waiting, amount) => {
			let account = match waiting {
				true => OptionVaults::waiting_account(PUTS),
				false => OptionVaults::working_account(PUTS),
			};
			earn(account, Usd::from_inner(amount));
			model.interest += (amount as u128).div_ceil(1_000_000_000_000);
		}
		_ => {}
	}
}

/// Everything behind a vault's shares, locked or not, in the smallest unit: what is less is nobody's.
fn pot(id: VaultId) -> Pot {
	let locked = covers(OptionVaults::working_account(id), vault(id).strategy.kind());
	assert_eq!(locked % inner(id, 1), 0);
	let locked = u128::try_from(locked / inner(id, 1)).unwrap();
	Pot { assets: free_of(id) + locked, shares: vault(id).shares }
}

fn check(model: &mut Model, before: [(Pot, State); 2], act: &Act) {
	OptionVaults::do_try_state().unwrap_or_else(|error| panic!("{act:?}: {error:?}"));
	assert_conserved();
	for (id, (before, state)) in [CALLS, PUTS].into_iter().zip(before) {
		let now = pot(id);
		// Only options and fees make a share worth less: no coming or going does.
		let settles = matches!(state, State::Locked(_));
		if !settles && before.shares > 0 && now.shares > 0 {
			assert_ne!(now.cmp_price(&before), Ordering::Less, "{act:?}");
		}
		let between = matches!(vault(id).state, State::Idle(_) | State::Settled(_));
		let mut values = 0;
		for who in HOLDERS {
			let view = holder(id, who);
			let Mine { shares, deposit, withdrawal, claimable } = *model.of(id, who);
			let shown = (view.shares, view.queued_deposit, view.queued_withdrawal, view.claimable);
			assert_eq!(shown, (shares, deposit, withdrawal, claimable), "{act:?}");
			values += view.value;
		}
		let free = free_of(id);
		if between && vault(id).shares > 0 {
			// Everybody's claims are what is there, to a unit each and what some parts of a share are worth.
			let part = free / vault(id).shares + 1;
			assert!(values <= free && free - values <= 4 + 4 * part, "{act:?}: {values} of {free}");
		}
		let owed = vault(id).deposits
			+ vault(id).claimable
			+ vault(id).fees.manager
			+ vault(id).fees.treasury;
		let surplus = waiting_of(id) - owed;
		assert!(surplus <= model.roundings + model.interest, "{act:?}: {surplus}");
	}
}

/// Everybody leaves; the vaults are removed, and what is left of them is dust.
fn leave(model: &mut Model) {
	set_usable(true);
	set_bid(None);
	for id in [CALLS, PUTS] {
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		while !matches!(vault(id).state, State::Idle(_)) {
			wait(3_600);
			step(id);
			model.follow();
		}
		for who in HOLDERS {
			act_of_holder(model, &Act::CancelDeposit(who, id, 100));
			act_of_holder(model, &Act::CancelRequest(who, id, 100));
			act_of_holder(model, &Act::Withdraw(who, id, 100));
			if holder(id, who).shares == 0 {
				act_of_holder(model, &Act::Claim(who, id));
			} else {
				// So few would stay of others' that all go by this.
				assert_ok!(OptionVaults::claim(by(DAVE), id, who));
			}
			assert_eq!(holder(id, who), HolderView::default());
		}
		call(|| OptionVaults::pay_fees(by(DAVE), id));
		assert_eq!(vault(id).shares, 0);
		let dust = free_of(id) + waiting_of(id);
		assert!(dust <= model.roundings + model.interest, "{dust}");
		if let State::Idle(idle) = vault(id).state {
			pass_to(idle.not_before.max(now()));
		}
		assert_ok!(OptionVaults::remove_vault(by(DAVE), id));
	}
	assert_eq!((held(MANAGER), free(MANAGER)), (0, NATIVE));
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

	#[test]
	fn nobody_has_more_than_their_share_and_no_vault_owes_what_it_has_not(
		acts in prop::collection::vec(act(), 1..120)
	) {
		execute(|| {
			set_strike_step(price(1));
			let terms = VaultTerms {
				management_fee: Ratio::from_percent(2),
				performance_fee: Ratio::from_percent(20),
				..terms()
			};
			for strategy in [Writes::CoveredCall, Writes::CashSecuredPut] {
				open_vault(strategy, BTC, terms);
			}
			let mut model = Model::default();
			for act in &acts {
				let before = [CALLS, PUTS].map(|id| (pot(id), vault(id).state));
				act_of_holder(&mut model, act);
				act_on_market(&mut model, act);
				model.follow();
				check(&mut model, before, act);
			}
			leave(&mut model);
		});
	}
}
