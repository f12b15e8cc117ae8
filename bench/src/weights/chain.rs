//! The runtime with its benchmarks over a state that counts.

use super::host::HostFunctions;
use crate::{blob::Blob, Result};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList, BenchmarkResult};
use parity_scale_codec::{Decode, Encode};
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sc_client_db::bench::BenchmarkingState;
use sp_core::storage::Storage;
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{backend::Backend, Ext, OverlayedChanges};

/// The preset on whose state benchmarks build, see `runtime/src/genesis`.
const PRESET: &str = "development";

type State = BenchmarkingState<BlakeTwo256>;

/// A value in storage, as the metadata of the benchmarks names it.
#[derive(Decode)]
pub struct StorageItem {
	pub pallet: Vec<u8>,
	pub name: Vec<u8>,
	pub prefix: Vec<u8>,
	_max_values: Option<u32>,
	_max_size: Option<u32>,
}

/// A benchmark at a point of its components.
pub struct Point<'a> {
	/// Crate of the pallet, with underscores.
	pub pallet: &'a [u8],
	/// Name of the pallet in the runtime.
	pub instance: &'a [u8],
	/// Name of the benchmark.
	pub benchmark: &'a [u8],
	/// Value of each component.
	pub components: Vec<(frame_benchmarking::BenchmarkParameter, u32)>,
}

/// The runtime and two states at genesis: one to take times on, one that counts reads and writes.
pub struct Chain {
	blob: Blob<HostFunctions>,
	timed: State,
	counted: State,
}

impl Chain {
	/// At genesis.
	pub fn new(code: &[u8]) -> Result<Self> {
		let preset = PRESET.to_string();
		let genesis = GenesisConfigBuilderRuntimeCaller::<HostFunctions>::new(code)
			.get_storage_for_named_preset(Some(&preset))?;
		let state = |genesis: Storage, is_counted| State::new(genesis, None, false, is_counted);
		let (timed, counted) = (state(genesis.clone(), false)?, state(genesis, true)?);
		Ok(Self { blob: Blob::new(code), timed, counted })
	}

	/// Benchmarks, and what there is in storage.
	pub fn list(&self) -> Result<(Vec<BenchmarkList>, Vec<StorageItem>)> {
		let answer = self.call(&self.timed, "Benchmark_benchmark_metadata", &false.encode())?;
		Ok(Decode::decode(&mut &answer[..])?)
	}

	/// Runs once and checks the outcome.
	pub fn verify(&self, point: &Point) -> Result<()> {
		self.run(&self.timed, point, true, 1).map(|_| ())
	}

	/// Runs once and counts reads and writes.
	pub fn count(&self, point: &Point) -> Result<Vec<BenchmarkResult>> {
		self.run(&self.counted, point, false, 1)
	}

	/// Runs so many times.
	pub fn time(&self, point: &Point, repeats: u32) -> Result<Vec<BenchmarkResult>> {
		self.run(&self.timed, point, false, repeats)
	}

	fn run(
		&self,
		state: &State,
		point: &Point,
		verify: bool,
		repeats: u32,
	) -> Result<Vec<BenchmarkResult>> {
		let config = BenchmarkConfig {
			pallet: point.pallet.to_vec(),
			instance: point.instance.to_vec(),
			benchmark: point.benchmark.to_vec(),
			selected_components: point.components.clone(),
			verify,
			internal_repeats: repeats,
		};
		let answer = self.call(state, "Benchmark_dispatch_benchmark", &config.encode())?;
		type Answer = std::result::Result<Vec<BenchmarkBatch>, String>;
		let batches = Answer::decode(&mut &answer[..])?;
		let at = || format!("{} at {:?}", utf8(point.benchmark), point.components);
		let batches = batches.map_err(|error| format!("{}: {error}", at()))?;
		let results: Vec<_> = batches.into_iter().flat_map(|batch| batch.results).collect();
		if results.is_empty() {
			return Err(format!("{}: there is no result", at()).into());
		}
		Ok(results)
	}

	fn call(&self, state: &State, function: &str, argument: &[u8]) -> Result<Vec<u8>> {
		let mut overlay = OverlayedChanges::default();
		overlay.enter_runtime().map_err(|_| "the overlay is new")?;
		let answer = self.blob.call(&mut Ext::new(&mut overlay, state, None), function, argument);
		state.wipe()?;
		answer
	}
}

/// Names are UTF-8.
pub fn utf8(name: &[u8]) -> String {
	String::from_utf8_lossy(name).into_owned()
}
