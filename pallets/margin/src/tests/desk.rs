//! What accounts have in common is looked at once; each further account is one value read.

use crate::{mock::*, Account, Accounts, Position};
use ballast_mocks::MockSeries;
use ballast_primitives::{
	AssetId, OptionKind, Quantity, Series, SeriesId, Settlement, Sides, UnderlyingId, Usd,
};
use ballast_traits::InspectAccounts;
use parity_scale_codec::Encode;
use std::collections::BTreeSet;

/// Of these 64 series, eight on each of eight underlyings, everybody holds some.
const SERIES: std::ops::Range<u32> = 1_000..1_064;

fn underlying(index: u32) -> UnderlyingId {
	UnderlyingId(100 + (index % 8) as u16)
}

fn list() {
	MockSeries::mock_underlying_of(|asset| {
		(200..208).contains(&asset).then(|| UnderlyingId(asset as u16 - 100))
	});
	for index in SERIES {
		let kind = if index % 3 == 0 { OptionKind::Put } else { OptionKind::Call };
		let strike = 6_000 + 1_000 * u64::from((index - 1_000) / 8);
		let id = underlying(index);
		let listed = Series { settlement: Settlement::Cash, ..series(id, kind, strike) };
		Listed::insert(SeriesId(index), listed);
		let mut sides = Sides::default();
		sides.long.total = Quantity::from_int(1_000);
		sides.short.total = Quantity::from_int(1_000);
		SidesOf::insert(SeriesId(index), sides);
		crate::mock::Markets::insert(id, market(10_000));
	}
}

/// 64 legs and 8 collaterals.
fn fill(who: u64) {
	let mut account = Account::default();
	account.change_cash(Usd::from_int(10_000 + who as i64)).unwrap();
	for asset in 200..208u32 {
		let units = Quantity::from_inner(1_000_000_000_000_000_000 + i128::from(who));
		account.set_collateral(AssetId::from(asset), units).unwrap();
	}
	for index in SERIES {
		let sign = if (u64::from(index) + who).is_multiple_of(2) { 1 } else { -1 };
		let quantity = Quantity::from_inner(sign * (1_000_000_000_000_000 + i128::from(who)));
		let position = Position { quantity, ..Default::default() };
		account.set_position(SeriesId(index), position).unwrap();
	}
	Margin::store(&who, account);
}

/// What must be shown of the state's trie so that somebody else can compute these healths.
fn proof(ext: &mut sp_io::TestExternalities, who: &[u64]) -> BTreeSet<Vec<u8>> {
	let (healths, proof) = ext.execute_and_prove(|| Margin::healths(who));
	assert!(healths.iter().all(Result::is_ok), "{healths:?}");
	proof.into_nodes()
}

#[test]
fn a_further_account_with_64_legs_and_8_collaterals_is_one_value_read() {
	let people: Vec<u64> = (2_000..2_012).collect();
	let mut ext = new_test_ext();
	ext.execute_with(|| {
		list();
		people.iter().for_each(|who| fill(*who));
		// Warm: the arrays of this tick are stored.
		Margin::healths(&people);
		assert_eq!(crate::SeriesRisks::<Test>::iter_keys().count(), 64);
	});
	ext.commit_all().unwrap();
	let mut known = proof(&mut ext, &people[..1]);
	assert!(known.len() > 64 * 3, "series, sides and arrays: {}", known.len());
	for count in 2..=people.len() {
		let all = proof(&mut ext, &people[..count]);
		let new: Vec<_> = all.difference(&known).collect();
		let value = ext.execute_with(|| Accounts::<Test>::get(people[count - 1]).unwrap().encode());
		let values = new.iter().filter(|node| ***node == value).count();
		assert_eq!(values, 1, "the account itself");
		// The rest is the way to it through the trie of twelve accounts.
		assert!(new.len() <= 4, "account {count} needs {} nodes more", new.len());
		known = all;
	}
}

#[test]
fn many_at_once_are_what_each_is_alone() {
	new_test_ext().execute_with(|| {
		list();
		let people: Vec<u64> = (2_000..2_005).collect();
		people.iter().for_each(|who| fill(*who));
		let together = Margin::healths(&people);
		for (who, health) in people.iter().zip(together) {
			assert_eq!(Margin::health(who), health);
		}
	});
}

#[test]
fn nothing_that_accounts_share_is_asked_twice() {
	use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
	new_test_ext().execute_with(|| {
		list();
		let people: Vec<u64> = (2_000..2_020).collect();
		people.iter().for_each(|who| fill(*who));
		let asked = Rc::new(RefCell::new(BTreeMap::<(u8, u32), u32>::new()));
		let count = |asked: &Rc<RefCell<BTreeMap<_, u32>>>, key| {
			*asked.borrow_mut().entry(key).or_insert(0) += 1;
		};
		let seen = asked.clone();
		MockSeries::mock_series(move |id| {
			count(&seen, (0, id.0));
			Listed::get(id)
		});
		let seen = asked.clone();
		MockSeries::mock_sides(move |id| {
			count(&seen, (1, id.0));
			SidesOf::get(id)
		});
		let seen = asked.clone();
		ballast_mocks::MockMarket::mock_state(move |id| {
			count(&seen, (2, u32::from(id.0)));
			crate::mock::Markets::get(id)
		});
		Margin::healths(&people);
		let asked = asked.borrow();
		assert!(asked.values().all(|times| *times == 1), "{asked:?}");
		assert_eq!(asked.len(), 64 + 64 + 8);
	});
}
