use super::chain::{build_block, development};
use crate::{
	configs::oracle::{
		MaxHasDispatchedSize, MaxOperators, SpotOracleInstance, VolatilityOracleInstance,
	},
	genesis::accounts::OPERATORS,
	AccountId, OracleMembers, Runtime, RuntimeOrigin, SpotOracle, VolatilityOracle,
};
use ballast_primitives::{Price, SurfaceQuote, UnderlyingId, Volatility};
use frame_support::{assert_noop, assert_ok, traits::Get, BoundedVec};
use sp_keyring::Sr25519Keyring;

const BTC: UnderlyingId = UnderlyingId(1);

fn feed<Value: Clone>(
	value: Value,
) -> BoundedVec<(UnderlyingId, Value), frame_support::traits::ConstU32<32>> {
	BoundedVec::truncate_from(vec![(BTC, value)])
}

fn operator(index: usize) -> AccountId {
	OPERATORS[index].account_id()
}

#[test]
fn only_operators_feed() {
	development().execute_with(|| {
		build_block(0, 0, Vec::new());
		let stranger = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
		assert_noop!(
			SpotOracle::feed_values(stranger, feed(Price::from_int(60_000))),
			orml_oracle::Error::<Runtime, SpotOracleInstance>::NoPermission
		);
		assert_ok!(SpotOracle::feed_values(
			RuntimeOrigin::signed(operator(0)),
			feed(Price::from_int(60_000))
		));
	});
}

#[test]
fn a_removed_operator_leaves_nothing_behind_in_either_oracle() {
	development().execute_with(|| {
		build_block(0, 0, Vec::new());
		let quote = SurfaceQuote::flat(Volatility::from_percent(60));
		for index in 0..2 {
			let origin = RuntimeOrigin::signed(operator(index));
			assert_ok!(SpotOracle::feed_values(origin.clone(), feed(Price::from_int(60_000))));
			assert_ok!(VolatilityOracle::feed_values(origin, feed(quote)));
		}
		let fed = |index| {
			(
				orml_oracle::RawValues::<Runtime, SpotOracleInstance>::get(operator(index), BTC)
					.map(|fed| fed.value),
				orml_oracle::RawValues::<Runtime, VolatilityOracleInstance>::get(
					operator(index),
					BTC,
				)
				.map(|fed| fed.value),
			)
		};
		let both = (Some(Price::from_int(60_000)), Some(quote));
		assert_eq!((fed(0), fed(1)), (both, both));

		assert_ok!(OracleMembers::remove_member(RuntimeOrigin::root(), operator(0).into()));

		assert_eq!((fed(0), fed(1)), ((None, None), both));
		assert_noop!(
			SpotOracle::feed_values(
				RuntimeOrigin::signed(operator(0)),
				feed(Price::from_int(60_000))
			),
			orml_oracle::Error::<Runtime, SpotOracleInstance>::NoPermission
		);
	});
}

#[test]
fn every_operator_and_root_can_feed_in_one_block() {
	assert_eq!(MaxHasDispatchedSize::get(), <MaxOperators as Get<u32>>::get() + 1);
}
