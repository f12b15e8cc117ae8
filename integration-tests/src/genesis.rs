//! The state at genesis of a preset, made as a node makes it.

use ballast_primitives::Moment;
use ballast_runtime::{genesis, PriceFeedConfig, RuntimeGenesisConfig};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use pallet_price_feed::TimeScale;
use serde_json::{json, Value};
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
	born(preset, None)
}

/// The state at genesis of a preset whose blocks are half hours of market time from `start` on.
pub fn born_at(preset: &str, start: Moment) -> TestExternalities {
	let time_scale = TimeScale::PerBlock { start, seconds: 1_800 };
	let markets = genesis::clearing::markets(time_scale);
	let feed = PriceFeedConfig { time_scale, markets, ..Default::default() };
	born(preset, Some(json!({ "priceFeed": feed })))
}

fn born(preset: &str, patch: Option<Value>) -> TestExternalities {
	let read = |id: &Option<PresetId>| -> Value {
		let json = get_preset::<RuntimeGenesisConfig>(id, genesis::preset).expect("a preset");
		serde_json::from_slice(&json).expect("presets are JSON")
	};
	let mut config = read(&None);
	merge(&mut config, read(&Some(PresetId::from(preset))));
	if let Some(patch) = patch {
		merge(&mut config, patch);
	}
	let json = serde_json::to_vec(&config).expect("JSON");
	let mut ext = TestExternalities::new_empty();
	ext.execute_with(|| build_state::<RuntimeGenesisConfig>(json).expect("a genesis"));
	ext.commit_all().expect("no open transaction");
	ext
}
