//! The state at genesis of a preset, made as a node makes it.

use ballast_runtime::{genesis, RuntimeGenesisConfig};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use serde_json::Value;
use sp_genesis_builder::PresetId;
use sp_io::TestExternalities;

/// Puts `patch` over `base`, field by field.
fn merge(base: &mut Value, patch: Value) {
	match (base, patch) {
		(Value::Object(base), Value::Object(patch)) => {
			patch.into_iter().for_each(|(key, value)| {
				merge(base.entry(key).or_insert(Value::Null), value);
			})
		}
		(base, patch) => *base = patch,
	}
}

/// The state at genesis of a preset.
pub fn born_from(preset: &str) -> TestExternalities {
	let read = |id: &Option<PresetId>| -> Value {
		let json = get_preset::<RuntimeGenesisConfig>(id, genesis::preset).expect("a preset");
		serde_json::from_slice(&json).expect("presets are JSON")
	};
	let mut config = read(&None);
	merge(&mut config, read(&Some(PresetId::from(preset))));
	let json = serde_json::to_vec(&config).expect("JSON");
	let mut ext = TestExternalities::new_empty();
	ext.execute_with(|| build_state::<RuntimeGenesisConfig>(json).expect("a genesis"));
	ext.commit_all().expect("no open transaction");
	ext
}
