//! Measures the weights of our pallets: runs their benchmarks in the compiled Wasm, at points of their
//! components, fits lines through times, reads and writes, and writes each pallet's `src/weights.rs`.
//!
//! No published tool does that for the runtime's generation: docs/decisions/0001-two-sdk-generations.md.

mod chain;
mod fit;
mod host;
mod steps;
mod template;

use crate::{table, Result};
use chain::{utf8, Chain, Point, StorageItem};
use fit::Measured;
use frame_benchmarking::{BenchmarkList, BenchmarkMetadata};
use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
};
use template::Origin;

/// The runtime with its benchmarks: one of the forms in which the builder gives it.
#[cfg(feature = "weights")]
#[allow(dead_code)]
mod wasm {
	include!(concat!(env!("OUT_DIR"), "/runtime_binary.rs"));
}

/// Without the feature there is none.
#[cfg(not(feature = "weights"))]
mod wasm {
	pub const WASM_BINARY: Option<&[u8]> = None;
}

pub const USAGE: &str = "
usage: ballast-bench weights [--pallet NAME] [--steps 10] [--repeat 10] [--check] [--root FOLDER]
  measures the weights of one pallet, or of all of ours, and writes FOLDER/pallets/NAME/src/weights.rs
  --check: runs every benchmark once at both ends of its components, verifies what it did, and asks that
    the file has its function; writes nothing";

/// What is asked for.
struct Options {
	pallet: Option<String>,
	steps: u32,
	repeats: u32,
	is_check: bool,
	root: PathBuf,
}

impl Options {
	fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
		let mut options = Self {
			pallet: None,
			steps: 10,
			repeats: 10,
			is_check: false,
			root: PathBuf::from("."),
		};
		while let Some(argument) = arguments.next() {
			let mut value = || arguments.next().ok_or(format!("{argument} of what?"));
			match argument.as_str() {
				"--pallet" => options.pallet = Some(value()?),
				"--steps" => options.steps = value()?.parse()?,
				"--repeat" => options.repeats = value()?.parse()?,
				"--root" => options.root = PathBuf::from(value()?),
				"--check" => options.is_check = true,
				_ => return Err(USAGE.trim_start().into()),
			}
		}
		if options.is_check {
			(options.steps, options.repeats) = (2, 1);
		}
		if options.steps < 2 || options.repeats == 0 {
			return Err("a line needs two steps, and a time one run".into());
		}
		Ok(options)
	}
}

/// Runs the command.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
	let options = Options::parse(arguments)?;
	let code = wasm::WASM_BINARY
		.ok_or("built without the runtime's benchmarks: build with the feature `weights`")?;
	let chain = Chain::new(code)?;
	let (lists, items) = chain.list()?;
	table::describe_machine();
	let mut found = false;
	for list in &lists {
		let crate_name = utf8(&list.pallet).replace('_', "-");
		let folder = crate_name.trim_start_matches("pallet-");
		let path = options.root.join("pallets").join(folder).join("src/weights.rs");
		// Others' pallets bring their own weights.
		if !path.exists() || options.pallet.as_deref().is_some_and(|pallet| pallet != folder) {
			continue;
		}
		found = true;
		let measured = measure(&chain, list, &items, &options)?;
		if options.is_check {
			check(&path, &measured)?;
		} else {
			write(&path, &crate_name, &measured, &options)?;
		}
	}
	if found {
		Ok(())
	} else {
		Err("there is no such pallet, or none with benchmarks".into())
	}
}

/// Runs all benchmarks of a pallet.
fn measure(
	chain: &Chain,
	list: &BenchmarkList,
	items: &[StorageItem],
	options: &Options,
) -> Result<Vec<Measured>> {
	println!("\n{} ({})", utf8(&list.instance), utf8(&list.pallet));
	println!("{:32} {:>12} {:>7} {:>7}", "at most", "us", "reads", "writes");
	let mut benchmarks: Vec<&BenchmarkMetadata> = list.benchmarks.iter().collect();
	benchmarks.sort_by(|one, other| one.name.cmp(&other.name));
	benchmarks
		.into_iter()
		.map(|benchmark| {
			let (mut times, mut counts) = (Vec::new(), Vec::new());
			for components in steps::points(&benchmark.components, options.steps) {
				let point = Point {
					pallet: &list.pallet,
					instance: &list.instance,
					benchmark: &benchmark.name,
					components,
				};
				chain.verify(&point)?;
				counts.extend(chain.count(&point)?);
				times.extend(chain.time(&point, options.repeats)?);
			}
			let measured = Measured::fit(benchmark, &times, &counts, items)?;
			let reads = counts.iter().map(|count| count.reads).max().unwrap_or_default();
			let writes = counts.iter().map(|count| count.writes).max().unwrap_or_default();
			let micros = measured.greatest as f64 / 1e3;
			println!("{:32} {micros:>12.1} {reads:>7} {writes:>7}", measured.name);
			Ok(measured)
		})
		.collect()
}

/// Asks that the pallet's file has a function for each benchmark, with its components.
fn check(path: &Path, measured: &[Measured]) -> Result<()> {
	let text = fs::read_to_string(path)?;
	let absent: Vec<String> = measured
		.iter()
		.map(template::signature)
		.filter(|signature| !text.contains(&format!("{signature};")))
		.collect();
	if absent.is_empty() {
		return Ok(());
	}
	Err(format!("{} lacks {}: measure again", path.display(), absent.join(", ")).into())
}

fn write(path: &Path, pallet: &str, measured: &[Measured], options: &Options) -> Result<()> {
	let date = Command::new("date").args(["-u", "+%Y-%m-%d"]).output()?.stdout;
	let origin = Origin {
		pallet: pallet.into(),
		date: utf8(&date).trim().into(),
		machine: table::machine(),
		steps: options.steps,
		repeats: options.repeats,
	};
	fs::write(path, template::file(&origin, measured)?)?;
	let formatted = Command::new("rustfmt")
		.args(["--edition", "2021", "--config-path"])
		.args([&options.root, path])
		.status()?;
	if !formatted.success() {
		return Err(format!("rustfmt refuses {}", path.display()).into());
	}
	println!("written: {}", path.display());
	Ok(())
}
