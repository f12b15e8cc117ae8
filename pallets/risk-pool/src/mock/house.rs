//! A clearing house of a few lines. Its ledger is in storage, so that what fails leaves nothing behind
//! in it either.

use super::*;

pub fn cash(who: u64) -> Usd {
	get(&format!("cash:{who}"))
}

pub fn set_cash(who: u64, amount: Usd) {
	put(&format!("cash:{who}"), amount);
}

fn add_cash(who: u64, amount: Usd) -> DispatchResult {
	set_cash(who, cash(who).checked_add(amount)?);
	Ok(())
}

pub fn set_fund_rules(rules: FundRules) {
	put("funds", Some(rules));
}

pub fn fund_rules() -> FundRules {
	get::<Option<FundRules>>("funds").unwrap_or_default()
}

/// Cash of everybody and the deficit account: no call of the pallet changes it.
pub fn all_money() -> Usd {
	[ALICE, BOB, CAROL, DAVE, TREASURY, STAKERS, pool(), insurance(), queue()]
		.into_iter()
		.fold(crate::DeficitAccount::<Test>::get(), |sum, who| sum.checked_add(cash(who)).unwrap())
}

/// Mark of an account's positions.
pub fn set_book(who: u64, value: Usd) {
	put(&format!("book:{who}"), value);
}

pub fn positions(who: u64) -> Vec<(SeriesId, Quantity)> {
	get(&format!("positions:{who}"))
}

/// Gives the pool risk: a short position.
pub fn set_positions(who: u64, positions: Vec<(SeriesId, Quantity)>) {
	put(&format!("positions:{who}"), positions);
}

/// Cash that the clearing house does not let go.
pub fn set_locked(who: u64, amount: Usd) {
	put(&format!("locked:{who}"), amount);
}

/// Worst loss per contract of net position.
pub fn set_stress_per_contract(amount: i64) {
	put("stress", Price::from_int(amount as u64));
}

/// Whether the margin rule refuses this account.
pub fn set_below_margin(who: u64) {
	put(&format!("below:{who}"), true);
}

/// Whether transfers to this account fail.
pub fn set_refusing(who: u64, refuses: bool) {
	put(&format!("refuses:{who}"), refuses);
}

/// What unusable legs of the pool may be worth less than mark.
pub fn set_worst(loss: Usd) {
	put("worst", loss);
}

/// Value of collateral that the pool holds.
pub fn set_collateral(who: u64, value: Usd) {
	put(&format!("collateral:{who}"), value);
}

fn health(who: &u64) -> Result<AccountHealth, DispatchError> {
	let (cash, options): (Usd, Usd) = (cash(*who), get(&format!("book:{who}")));
	let collateral: Usd = get(&format!("collateral:{who}"));
	let equity = cash.checked_add(options)?.checked_add(collateral)?;
	Ok(AccountHealth {
		status: AccountStatus::Safe,
		equity,
		initial: Usd::ZERO,
		maintenance: Usd::ZERO,
		cash,
		collateral,
		options,
		excess_best: equity,
		excess_worst: equity.checked_sub(get("worst"))?,
	})
}

fn stress_loss(who: &u64, change: Option<(SeriesId, Quantity)>) -> Result<Usd, DispatchError> {
	let mut net = Quantity::ZERO;
	for (_, quantity) in positions(*who).into_iter().chain(change) {
		net = net.checked_add(quantity)?;
	}
	Ok(get::<Price>("stress").value_ceil(net.checked_abs()?)?)
}

fn transfer(from: &u64, to: &u64, amount: Usd) -> DispatchResult {
	assert!(!amount.is_negative(), "transfers are not negative");
	if get(&format!("refuses:{to}")) {
		return Err(DispatchError::Other("recipient refuses"));
	}
	add_cash(*from, amount.checked_neg()?)?;
	add_cash(*to, amount)
}

fn trade(
	buyer: &u64,
	seller: &u64,
	series: SeriesId,
	quantity: Quantity,
	premium: Usd,
) -> DispatchResult {
	assert!(quantity.is_positive() && !premium.is_negative());
	transfer(buyer, seller, premium)?;
	for (who, change) in [(*buyer, quantity), (*seller, quantity.checked_neg()?)] {
		let mut all = positions(who);
		match all.iter_mut().find(|(id, _)| *id == series) {
			Some((_, held)) => *held = held.checked_add(change)?,
			None => all.push((series, change)),
		}
		all.retain(|(_, held)| !held.is_zero());
		set_positions(who, all);
	}
	Ok(())
}

/// Sets every method of the mock.
pub fn mock_accounts() {
	MockAccounts::mock_health(health);
	MockAccounts::mock_cash(|who| cash(*who));
	MockAccounts::mock_withdrawable(|who| {
		let free = cash(*who).checked_sub(get(&format!("locked:{who}")))?;
		Ok(free.max(Usd::ZERO))
	});
	MockAccounts::mock_positions(|who| {
		let mut all = positions(*who);
		all.sort_by_key(|(id, _)| *id);
		all
	});
	MockAccounts::mock_stress_loss(stress_loss);
	MockAccounts::mock_collaterals(|who| {
		let held: Usd = get(&format!("collateral:{who}"));
		if held.is_zero() {
			vec![]
		} else {
			vec![BTC, ETH]
		}
	});
	MockAccounts::mock_unusable(|who| {
		let uses = !positions(*who).is_empty() && get("unusable");
		if uses {
			vec![BTC]
		} else {
			vec![]
		}
	});
	MockAccounts::mock_touch(|_| Ok(()));
	MockAccounts::mock_touch_weight(|| Weight::from_parts(11, 0));
	MockAccounts::mock_transfer(transfer);
	MockAccounts::mock_credit_deficit(|who, amount| add_cash(*who, amount));
	MockAccounts::mock_debit_deficit(|from, amount| add_cash(*from, amount.checked_neg()?));
	MockAccounts::mock_trade(trade);
	MockAccounts::mock_guard(|who| {
		if get(&format!("below:{who}")) {
			Err(DispatchError::Other("BelowInitialMargin"))
		} else {
			Ok(())
		}
	});
}
