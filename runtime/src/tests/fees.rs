use super::chain::{born_from, build_block, signed};
use crate::{
	configs::system::RuntimeBlockWeights,
	constants::currency::{BLST, EXISTENTIAL_DEPOSIT, MICRO_BLST, MILLI_BLST},
	Balances, Runtime, System, TransactionPayment,
};
use frame_support::{
	dispatch::DispatchClass,
	weights::{constants::ExtrinsicBaseWeight, Weight},
};
use sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;
use sp_keyring::Sr25519Keyring::{Charlie, Ferdie};

#[test]
fn fees_go_to_the_author() {
	born_from(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		let before = |who: sp_keyring::Sr25519Keyring| Balances::free_balance(who.to_account_id());
		let (author, sender) = (before(Charlie), before(Ferdie));
		let issuance = Balances::total_issuance();

		let remark = frame_system::Call::<Runtime>::remark { remark: vec![0; 100] };
		build_block(2, 0, vec![signed(Ferdie, 0, remark)]);

		let fee = System::events()
			.into_iter()
			.find_map(|record| match record.event {
				crate::RuntimeEvent::TransactionPayment(
					pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
				) => Some(actual_fee),
				_ => None,
			})
			.unwrap();
		assert!(fee > MILLI_BLST / 10 && fee < 2 * MILLI_BLST, "{fee}");
		assert_eq!(before(Ferdie), sender - fee);
		assert_eq!(before(Charlie), author + fee);
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn fees_follow_weight_and_length() {
	let base = TransactionPayment::weight_to_fee(ExtrinsicBaseWeight::get());
	let price = MILLI_BLST / 10;
	assert!(base.abs_diff(price) <= price / 1_000_000, "{base}");
	let second = TransactionPayment::weight_to_fee(Weight::from_parts(1_000_000_000_000, 0));
	assert!(second > BLST / 2 && second < 2 * BLST, "{second}");
	assert_eq!(TransactionPayment::length_to_fee(1_000), 1_000 * MICRO_BLST);
}

#[test]
fn fees_never_fall_to_nothing() {
	use crate::configs::monetary::MinimumMultiplier;
	use sp_runtime::traits::Convert;
	born_from(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		System::set_block_consumed_resources(Weight::zero(), 0);
		type Update = <Runtime as pallet_transaction_payment::Config>::FeeMultiplierUpdate;
		let floor = MinimumMultiplier::get();
		assert_eq!(Update::convert(floor), floor);
	});
}

#[test]
fn a_block_computes_for_one_second_at_most() {
	let weights = RuntimeBlockWeights::get();
	assert_eq!(weights.max_block.ref_time(), 1_000_000_000_000);
	let normal = weights.get(DispatchClass::Normal).max_total.unwrap();
	assert_eq!(normal.ref_time(), 750_000_000_000);
}

#[test]
fn deposits_are_worth_more_than_dust() {
	assert!(crate::constants::currency::deposit(1, 0) > EXISTENTIAL_DEPOSIT);
}
