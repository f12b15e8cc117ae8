//! What must hold of a vault after every block, whatever prices have done.

use super::stage::{asset_of, free};
use ballast_integration_tests::{calls, Actor, Env};
use ballast_primitives::{units::quantity_from_amount, OptionKind};
use ballast_runtime::{AccountId, Margin, OptionVaults, Runtime};
use pallet_margin::{Cover, PositionView};
use pallet_option_vaults::{State, VaultId, VaultView};

/// Neither account of a vault can be liquidated; it has what it owes, and could ever owe; and what its
/// depositors, who are these people, could claim is what there is.
pub fn assert_safe(env: &mut Env, vault: VaultId, keeper: &Actor, people: &[Actor], told: &str) {
	let view = env.execute(|| OptionVaults::view_of(vault)).expect("a vault");
	let told = format!("{told}: {view:?}");
	let [working, waiting] = env
		.execute(|| [OptionVaults::working_account(vault), OptionVaults::waiting_account(vault)]);
	for account in [&working, &waiting] {
		let refused = env.dispatch(&keeper.account(), calls::liquidate(account.clone()));
		assert!(refused.is_err(), "{told} can be liquidated");
	}
	assert_eq!(env.execute(|| short_of_cover(&working)), Vec::new(), "{told}");
	let asset = asset_of(view.strategy, view.underlying);
	let owed = view.queued_deposits + view.claimable + view.fees.manager + view.fees.treasury;
	let owed = quantity_from_amount(owed, asset.decimals).expect("in range");
	let has = env.execute(|| [&working, &waiting].map(|who| free(who, asset).into_inner()));
	assert!(has[0] >= 0 && has[1] >= owed, "{has:?}, {owed} owed: {told}");
	if matches!(view.state, State::Idle(_) | State::Settled(_)) && view.shares > 0 {
		assert_claims(env, &view, people, &told);
	}
}

/// Everybody's claims and the vault's assets differ by less than a unit each, in favour of the vault.
fn assert_claims(env: &mut Env, view: &VaultView<AccountId>, people: &[Actor], told: &str) {
	let value = |who: &Actor| OptionVaults::holder_of(view.id, &who.account()).map(|of| of.value);
	let claims: u128 = env.execute(|| people.iter().filter_map(value).sum());
	let most = people.len() as u128 + 1;
	assert!(claims <= view.assets && view.assets - claims <= most, "{claims}: {told}");
}

/// Positions of an account behind which not everything is that they could ever owe. Within externalities.
fn short_of_cover(who: &AccountId) -> Vec<PositionView> {
	let view = Margin::account_view(who);
	let positions = view.map(|view| view.positions).unwrap_or_default();
	let lacks = |position: &PositionView| {
		let series = pallet_options::SeriesOf::<Runtime>::get(position.series).expect("listed");
		let Ok(short) = position.quantity.checked_neg() else { return true };
		match (series.kind, position.cover) {
			(OptionKind::Call, Some(Cover::Units(units))) => !series.is_in_kind() || units < short,
			(OptionKind::Put, Some(Cover::Cash(cash))) => {
				series.strike.value_ceil(short).map_or(true, |owed| cash < owed)
			}
			_ => true,
		}
	};
	positions.into_iter().filter(lacks).collect()
}
