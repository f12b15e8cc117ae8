//! What wallets and explorers show: every error and event says what it means.

use crate::mock::{Error, Event};
use scale_info::{TypeDef, TypeInfo};

fn variants<T: TypeInfo>() -> Vec<(String, String)> {
	let TypeDef::Variant(definition) = T::type_info().type_def else { panic!("an enumeration") };
	let told = |variant: &scale_info::Variant| (variant.name.into(), variant.docs.join(" "));
	let all = definition.variants.iter().map(told);
	all.filter(|(name, _): &(String, String)| name != "__Ignore").collect()
}

#[test]
fn every_error_and_event_is_documented() {
	let (errors, events) = (variants::<Error>(), variants::<Event>());
	assert_eq!((errors.len(), events.len()), (33, 24));
	for (name, docs) in errors.iter().chain(&events) {
		assert!(docs.len() > 20, "{name}: {docs:?}");
	}
	// A client knows an error by its index: new ones are added at the end.
	assert_eq!(errors[0].0, "AmountZero");
	assert_eq!(errors[21].0, "WithdrawalLimit");
}
