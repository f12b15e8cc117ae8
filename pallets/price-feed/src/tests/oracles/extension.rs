//! The transaction extension: what comes first, and when ticks are taken.

use super::*;

/// The priority that the extension gives, asked as the pool asks.
fn priority(origin: RuntimeOrigin, call: &RuntimeCall) -> u64 {
	PrioritiseFeeds::<Real>::new()
		.validate(
			origin,
			call,
			&DispatchInfo::default(),
			0,
			(),
			&TxBaseImplication(()),
			TransactionSource::External,
		)
		.unwrap()
		.0
		.priority
}

#[test]
fn feeds_of_operators_come_first_and_nobody_elses() {
	build_and_execute(TimeScale::RealTime, || {
		assert_eq!(priority(RuntimeOrigin::signed(1), &feed_call(1)), FIRST);
		let values = BoundedVec::truncate_from(vec![(BTC, flat(60))]);
		let volatility = RuntimeCall::VolatilityOracle(orml_oracle::Call::feed_values { values });
		assert_eq!(priority(RuntimeOrigin::signed(5), &volatility), FIRST);
		assert_eq!(priority(RuntimeOrigin::signed(6), &feed_call(1)), 0);
		assert_eq!(priority(RuntimeOrigin::signed(1), &other_call()), 0);
		assert_eq!(priority(RuntimeOrigin::none(), &feed_call(1)), 0);
		assert_eq!(priority(RuntimeOrigin::root(), &feed_call(1)), 0);
		Operators::set(vec![2, 3]);
		assert_eq!(priority(RuntimeOrigin::signed(1), &feed_call(1)), 0);
	});
}

/// Applies a transaction as a block does.
fn apply(who: u64, call: RuntimeCall) {
	let info = call.get_dispatch_info();
	PrioritiseFeeds::<Real>::new()
		.dispatch_transaction(RuntimeOrigin::signed(who), call, &info, 0, 0)
		.unwrap()
		.unwrap();
}

#[test]
fn ticks_are_accepted_before_the_first_transaction_that_is_not_a_feed() {
	build_and_execute(TimeScale::RealTime, || {
		feed_volatilities(60);
		for operator in 1..=3 {
			apply(operator, feed_call(10_000));
			assert_eq!(PriceFeed::state(BTC), None);
		}
		apply(7, other_call());
		assert_eq!(spot(), price(10_000));
		// later feeds in the block change nothing until the next
		apply(4, feed_call(10_600));
		apply(5, feed_call(10_600));
		apply(7, other_call());
		assert_eq!((spot(), PriceFeed::state(BTC).unwrap().operators), (price(10_000), 3));
		next_block();
		for operator in 1..=3 {
			apply(operator, feed_call(10_400));
		}
		apply(7, other_call());
		assert_eq!((spot(), PriceFeed::state(BTC).unwrap().operators), (price(10_400), 5));
	});
}

#[test]
fn the_extension_carries_and_signs_nothing() {
	build_and_execute(TimeScale::RealTime, || {
		let extension = PrioritiseFeeds::<Real>::default();
		assert_eq!(extension.encode(), Vec::<u8>::new());
		assert_eq!(extension.implicit(), Ok(()));
		let metadata = <PrioritiseFeeds<Real> as TransactionExtension<RuntimeCall>>::metadata();
		assert_eq!(metadata.len(), 1);
		assert_eq!(metadata[0].identifier, "PrioritiseFeeds");
		// both kinds of transaction pay for one look
		for call in [feed_call(1), other_call()] {
			let weight = extension.weight(&call);
			assert!(weight.ref_time() > 0 && weight.ref_time() < 1_000_000_000);
		}
	});
}
