//! Times the mathematics and the runtime's hot paths in Wasm under the executor of the node, and
//! natively; measures the weights of the pallets. See `README.md`.

mod blob;
mod chain;
mod market;
mod measure;
mod metadata_hash;
mod next;
mod runtime;
mod table;
mod weights;

use std::{env, error::Error, process::ExitCode};

use ballast_bench_workloads::{run, workloads, Entry};
use blob::Blob;
use measure::{Clock, Fastest};
use table::{Row, Table};

/// Whatever stops a measurement.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The workloads as Wasm: one of the forms in which the builder gives it.
#[allow(dead_code)]
mod wasm {
	include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}

const USAGE: &str = "usage: ballast-bench math [--quick] [TEXT]
  prints the table of times; with TEXT only the rows whose name contains it
  --quick: fewer repetitions, for a look";

fn main() -> ExitCode {
	match bench() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("error: {error}");
			ExitCode::FAILURE
		}
	}
}

fn bench() -> Result<()> {
	let mut arguments = env::args().skip(1);
	match arguments.next().as_deref() {
		Some("math") => math(arguments),
		Some("weights") => weights::run(arguments),
		Some("metadata-hash") => metadata_hash::run(arguments),
		Some("next-runtime") => next::run(arguments),
		_ => {
			let usages = [USAGE, weights::USAGE, metadata_hash::USAGE, next::USAGE];
			Err(usages.concat().into())
		}
	}
}

fn math(arguments: impl Iterator<Item = String>) -> Result<()> {
	let mut clock = Clock::thorough();
	let mut wanted = None;
	for argument in arguments {
		match argument.as_str() {
			"--quick" => clock = Clock::quick(),
			text if !text.starts_with('-') && wanted.is_none() => wanted = Some(argument),
			_ => return Err(USAGE.into()),
		}
	}
	let wanted = wanted.unwrap_or_default();
	let mut table = Table::new();
	table::describe_machine();
	mathematics(&clock, &wanted, &mut table)?;
	runtime::hot_paths(&clock, &wanted, &mut table)?;
	table.close();
	Ok(())
}

/// Every workload, natively and in Wasm.
fn mathematics(clock: &Clock, wanted: &str, table: &mut Table) -> Result<()> {
	let blob = Blob::new(wasm::WASM_BINARY.ok_or("built without the Wasm of the workloads")?);
	table.head("mathematics");
	for (number, entry) in workloads().filter(|(_, entry)| entry.name.contains(wanted)) {
		let time = Timed { entry, number, blob: &blob };
		table.add(Row {
			name: entry.name.into(),
			native: Some(time.natively(clock)?),
			wasm: time.in_wasm(clock)?,
			goal: entry.goal,
		});
	}
	Ok(())
}

/// A workload to be timed.
struct Timed<'a> {
	entry: &'a Entry,
	number: u32,
	blob: &'a Blob,
}

impl Timed<'_> {
	/// Nanoseconds per unit.
	fn natively(&self, clock: &Clock) -> Result<f64> {
		let fastest = clock.per_piece(|times| self.once(times))?;
		Ok(self.per_unit(fastest))
	}

	/// Nanoseconds per unit under the executor; what a call of no work takes is subtracted.
	fn in_wasm(&self, clock: &Clock) -> Result<f64> {
		self.agree()?;
		let fastest = clock.per_piece(|times| self.checksum_in_wasm(times).map(|_| ()))?;
		Ok(self.per_unit(fastest))
	}

	fn per_unit(&self, fastest: Fastest) -> f64 {
		fastest.nanoseconds / f64::from(self.entry.units)
	}

	fn once(&self, times: u32) -> Result<()> {
		self.checksum(times).map(|_| ())
	}

	fn checksum(&self, times: u32) -> Result<u64> {
		let checksum = run(self.number, std::hint::black_box(times));
		Ok(checksum.ok_or_else(|| format!("{}: the work fails", self.entry.name))?)
	}

	fn checksum_in_wasm(&self, times: u32) -> Result<u64> {
		let argument = [self.number.to_le_bytes(), times.to_le_bytes()].concat();
		let answer = self.blob.call_without_state("bench", &argument)?;
		let bytes: [u8; 8] = answer
			.try_into()
			.map_err(|_| format!("{}: the work fails in Wasm", self.entry.name))?;
		Ok(u64::from_le_bytes(bytes))
	}

	/// The two targets must agree to the bit: what consensus rests on.
	fn agree(&self) -> Result<()> {
		for times in [1, 64, 200] {
			let (native, wasm) = (self.checksum(times)?, self.checksum_in_wasm(times)?);
			if native != wasm {
				let name = self.entry.name;
				return Err(format!("{name}: natively {native:016x}, in Wasm {wasm:016x}").into());
			}
		}
		Ok(())
	}
}
