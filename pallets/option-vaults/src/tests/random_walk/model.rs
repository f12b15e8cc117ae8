//! What everybody should have, kept by other means than the pallet's: in every turn everybody is looked at.

use super::*;
use std::collections::BTreeMap;

/// What somebody should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mine {
	pub shares: u128,
	pub deposit: u128,
	pub withdrawal: u128,
	pub claimable: u128,
}

#[derive(Default)]
pub struct Model {
	people: BTreeMap<(VaultId, AccountId), Mine>,
	/// Roundings so far, and interest that came.
	pub roundings: u128,
	pub interest: u128,
}

impl Model {
	pub fn of(&mut self, id: VaultId, who: AccountId) -> &mut Mine {
		self.people.entry((id, who)).or_default()
	}

	/// What happened to everybody by the events.
	pub fn follow(&mut self) {
		for event in events() {
			let Event::Turned { vault: id, price, deposits, issued, withdrawals, paid, .. } = event
			else {
				continue;
			};
			let (mut in_all, mut shares, mut out_all, mut assets) = (0, 0, 0, 0);
			for who in HOLDERS {
				let decimals = vault(id).decimals;
				let mine = self.of(id, who);
				let bought = match (mine.deposit, price.shares) {
					(0, _) => 0,
					(deposit, 0) => deposit * 10u128.pow(u32::from(18 - decimals)),
					(deposit, all) => ratio(deposit, all, price.assets),
				};
				let got = match mine.withdrawal {
					0 => 0,
					left => ratio(left, price.assets, price.shares),
				};
				(in_all, shares) = (in_all + mine.deposit, shares + bought);
				(out_all, assets) = (out_all + mine.withdrawal, assets + got);
				mine.shares += bought;
				mine.claimable += got;
				(mine.deposit, mine.withdrawal) = (0, 0);
				self.roundings += 2;
			}
			assert_eq!((in_all, out_all), (deposits, withdrawals));
			assert!(shares <= issued && issued < shares + 4, "rounding of a part each");
			assert!(assets <= paid && paid < assets + 4, "rounding of a unit each");
		}
	}
}

pub fn ratio(a: u128, b: u128, c: u128) -> u128 {
	ballast_math::shares::mul_div_floor(a, b, c).unwrap()
}
