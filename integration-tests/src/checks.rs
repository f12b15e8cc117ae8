//! What must hold of the whole runtime after every block. Within externalities.

use ballast_primitives::{units::quantity_from_amount, AssetId, Quantity, SeriesId, Usd};
use ballast_runtime::{
	genesis::assets::{TEST_ASSETS, USD},
	invariants, Assets, Margin, Options, RiskPool, Runtime,
};
use ballast_traits::{InspectAccounts, InspectSeries};
use frame_support::ensure;
use pallet_margin::{AccountView, Cover, IdentityReport};
use sp_runtime::TryRuntimeError;
use std::collections::BTreeMap;

/// Checks every pallet of ours and what holds between them; with `everything` (and feature
/// `try-runtime`) every other pallet too.
pub fn check_all(everything: bool) -> Result<(), String> {
	let broken = invariants::check();
	ensure!(broken.is_empty(), format!("{broken:?}"));
	if everything {
		try_state_of_every_pallet().map_err(|error| format!("the runtime: {error:?}"))?;
	}
	check_identities()?;
	shares_divide_the_pool()
}

/// What holds between the ledgers of money: cheap enough for after every call.
pub fn check_ledgers() -> Result<(), String> {
	ledgers_hold(&accounts()).map(drop)
}

/// What holds between the ledgers of money, and open interest of every series: one look at every
/// account. Returns the terms of the money identity.
pub fn check_identities() -> Result<IdentityReport, String> {
	let accounts = accounts();
	let report = ledgers_hold(&accounts)?;
	series_are_balanced(&accounts)?;
	Ok(report)
}

fn ledgers_hold(accounts: &[AccountView]) -> Result<IdentityReport, String> {
	let report = quote_is_conserved(accounts)?;
	custody_covers_the_ledger(accounts)?;
	shares_add_up()?;
	own_accounts_are_in_order()?;
	Ok(report)
}

#[cfg(feature = "try-runtime")]
fn try_state_of_every_pallet() -> Result<(), TryRuntimeError> {
	use ballast_runtime::{AllPalletsWithSystem, BlockNumber, System};
	use frame_support::traits::{TryState, TryStateSelect};
	let block = System::block_number();
	<AllPalletsWithSystem as TryState<BlockNumber>>::try_state(block, TryStateSelect::All)
}

#[cfg(not(feature = "try-runtime"))]
fn try_state_of_every_pallet() -> Result<(), TryRuntimeError> {
	Ok(())
}

/// A unit of the ledger as an integer, for sums that cannot overflow.
fn sum(values: impl Iterator<Item = Usd>) -> i128 {
	values.map(Usd::into_inner).sum()
}

/// Every account, up to date.
fn accounts() -> Vec<AccountView> {
	let keys = pallet_margin::Accounts::<Runtime>::iter_keys();
	keys.filter_map(|who| Margin::account_view(&who)).collect()
}

/// What is locked behind positions of all accounts: quote currency, or units of an asset.
fn locked(accounts: &[AccountView], asset: AssetId) -> i128 {
	let covers = accounts.iter().flat_map(|account| &account.positions);
	let covers = covers.map(|position| match position.cover {
		Some(Cover::Cash(amount)) if asset == USD.id => amount.into_inner(),
		Some(Cover::Units(units)) => {
			let series = pallet_options::SeriesOf::<Runtime>::get(position.series);
			let of = series.and_then(|series| Options::asset(series.underlying));
			if of == Some(asset) {
				units.into_inner()
			} else {
				0
			}
		}
		_ => 0,
	});
	covers.sum()
}

/// `held = cash + covers + claims + dues + fees + deficit account + residue`, what can be computed
/// here from storage is, and the residue is not more than what was rounded.
fn quote_is_conserved(accounts: &[AccountView]) -> Result<IdentityReport, String> {
	let report = Margin::check_identities().map_err(|error| format!("identities: {error:?}"))?;
	let cash = sum(accounts.iter().map(|account| account.cash));
	let deficit = pallet_risk_pool::DeficitAccount::<Runtime>::get();
	let held = pallet_margin::Holdings::<Runtime>::get(USD.id)
		.map_or(0, |holding| holding.total.into_inner());
	let settling = pallet_margin::Settlements::<Runtime>::iter_keys().count() as i128;
	ensure!(report.cash.into_inner() == cash, format!("cash {report:?}, accounts have {cash}"));
	ensure!(report.deficit == deficit, format!("deficit account {deficit:?}, {report:?}"));
	ensure!(!deficit.is_positive(), format!("deficit account {deficit:?}"));
	ensure!(report.covers.into_inner() == locked(accounts, USD.id), format!("covers {report:?}"));
	let owed = sum([report.covers, report.claims, report.dues, report.fees].into_iter());
	let residue = held - cash - owed - deficit.into_inner();
	let most = i128::from(report.roundings) + 3 * (settling + i128::from(report.accounts));
	ensure!(
		(0..=most).contains(&residue),
		format!("residue {residue} after {most} roundings: {report:?}")
	);
	ensure!(!report.surplus.is_negative(), format!("custody lacks money: {report:?}"));
	Ok(report)
}

/// Of every asset custody has at least what accounts hold, and wallets have the rest of the supply.
fn custody_covers_the_ledger(accounts: &[AccountView]) -> Result<(), String> {
	let custody = Margin::custody_account();
	for asset in TEST_ASSETS {
		let balance = Assets::balance(asset.id, &custody);
		let balance = quantity_from_amount(balance, asset.decimals).map_err(|_| "balance")?;
		let holding = pallet_margin::Holdings::<Runtime>::get(asset.id);
		let held = holding.map_or(0, |holding| holding.total.into_inner());
		ensure!(balance >= held, format!("{}: custody {balance}, held {held}", asset.symbol));
		if asset.id == USD.id {
			continue;
		}
		let units = |account: &AccountView| {
			let held = account.collateral.iter().find(|(id, _)| *id == asset.id);
			held.map_or(0, |(_, units)| units.into_inner())
		};
		let collateral: i128 = accounts.iter().map(units).sum();
		let owed = collateral + locked(accounts, asset.id);
		// What settled in-kind series still owe lies between.
		let delivering = pallet_margin::Settlements::<Runtime>::iter_keys()
			.filter_map(pallet_options::SeriesOf::<Runtime>::get)
			.any(|series| series.is_in_kind());
		let rounded = pallet_margin::Roundings::<Runtime>::get();
		let told = format!("{}: accounts have {owed}, held {held}", asset.symbol);
		ensure!(owed <= held, told);
		ensure!(delivering || held - owed <= i128::from(rounded), told);
	}
	Ok(())
}

/// Longs and shorts of each series over all accounts.
fn sides(accounts: &[AccountView]) -> BTreeMap<SeriesId, (i128, i128)> {
	let mut sides = BTreeMap::<SeriesId, (i128, i128)>::new();
	for position in accounts.iter().flat_map(|account| &account.positions) {
		let (long, short) = sides.entry(position.series).or_default();
		let side = if position.quantity.is_negative() { short } else { long };
		*side += position.quantity.into_inner().abs();
	}
	sides
}

/// Longs equal shorts equal the listing's open interest in every series whose settlement has not
/// begun, listed ones without a position included; in the others progress counts what is left.
fn series_are_balanced(accounts: &[AccountView]) -> Result<(), String> {
	let sides = sides(accounts);
	for (id, series) in pallet_options::SeriesOf::<Runtime>::iter() {
		let (long, short) = sides.get(&id).copied().unwrap_or_default();
		let open = Options::open_interest(id).into_inner();
		match pallet_margin::Settlements::<Runtime>::get(id) {
			None => {
				let told = format!("{id:?} {series:?}: {long} long, {short} short, {open} open");
				// Folding rounds longs down and shorts up.
				let folded = Options::sides(id).is_folded();
				ensure!(long <= open && open <= short, told);
				ensure!(folded || long == short, told);
			}
			Some(settling) => {
				let counted = (settling.longs_open, settling.shorts_open);
				let counted = (counted.0.into_inner(), counted.1.into_inner());
				let folded = Options::sides(id).is_folded();
				let told = format!("{id:?}: {settling:?}, {long}, {short}");
				ensure!(folded || counted == (long, short), told);
				ensure!(long <= open && (folded || short <= open), format!("{id:?}: above open"));
			}
		}
	}
	let listed = |id: &SeriesId| pallet_options::SeriesOf::<Runtime>::contains_key(id);
	let orphan = sides.keys().find(|id| !listed(id));
	ensure!(orphan.is_none(), format!("positions in {orphan:?}, which is not listed"));
	Ok(())
}

/// Shares of all providers are all shares.
fn shares_add_up() -> Result<(), String> {
	let total: i128 =
		pallet_risk_pool::Shares::<Runtime>::iter_values().map(Quantity::into_inner).sum();
	let stored = pallet_risk_pool::TotalShares::<Runtime>::get().into_inner();
	ensure!(total == stored, format!("{total} shares, {stored} counted"));
	Ok(())
}

/// Net asset value and claims are the pool's equity as the ledger sees it.
fn shares_divide_the_pool() -> Result<(), String> {
	// Without a value (a market that was never fed) there is nothing to divide.
	let Ok(view) = RiskPool::pool_view() else { return Ok(()) };
	let parts = view.nav.into_inner() + view.claims.into_inner();
	ensure!(parts == view.equity.into_inner(), format!("parts of the pool: {view:?}"));
	let health = Margin::health(&RiskPool::own_accounts().pool);
	let equity = health.map(|health| health.equity);
	ensure!(equity == Ok(view.equity), format!("the pool's equity: {equity:?}, {view:?}"));
	Ok(())
}

/// The chain's own accounts are never under auction; the queue account holds cash, at least what
/// waits; the insurance fund has no options.
fn own_accounts_are_in_order() -> Result<(), String> {
	let own = RiskPool::own_accounts();
	for account in [&own.pool, &own.insurance, &own.queue] {
		let auction = pallet_liquidation::Auctions::<Runtime>::get(account);
		ensure!(auction.is_none(), format!("an own account is under auction: {auction:?}"));
	}
	for account in [&own.insurance, &own.queue] {
		let positions = Margin::positions(account);
		ensure!(positions.is_empty(), format!("an own account has options: {positions:?}"));
	}
	let waiting = pallet_risk_pool::Deposits::<Runtime>::iter_values();
	let waiting = sum(waiting.map(|deposit| deposit.amount));
	let cash = Margin::cash(&own.queue).into_inner();
	// What waits earns interest, which nobody is promised.
	ensure!(cash >= waiting, format!("{cash} in the queue account, {waiting} waits"));
	Ok(())
}
