//! The table, and what machine it was made on.

use std::fs;

/// A line of the table; times in nanoseconds.
pub struct Row {
	/// What is timed.
	pub name: String,
	/// Natively, if that exists.
	pub native: Option<f64>,
	/// In Wasm under the executor.
	pub wasm: f64,
	/// In Wasm, to be reached.
	pub goal: Option<u32>,
}

/// Width of the first column.
const NAME: usize = 58;

/// Prints rows as they come.
pub struct Table {
	missed: Vec<String>,
	goals: usize,
}

impl Table {
	/// Prints the head.
	pub fn new() -> Self {
		Self { missed: Vec::new(), goals: 0 }
	}

	/// Prints the names of the columns, and of what follows.
	pub fn head(&self, title: &str) {
		println!("\n{title:NAME$} {:>12} {:>12} {:>9}", "native_ns", "wasm_ns", "goal_ns");
	}

	/// Prints a row.
	pub fn add(&mut self, row: Row) {
		let native = row.native.map_or("-".into(), number);
		let goal = row.goal.map_or("-".into(), |goal| goal.to_string());
		println!("{:NAME$} {native:>12} {:>12} {goal:>9}", row.name, number(row.wasm));
		let Some(goal) = row.goal else { return };
		self.goals += 1;
		if row.wasm > f64::from(goal) {
			let over = (row.wasm / f64::from(goal) - 1.0) * 100.0;
			self.missed.push(format!("{}: {over:.0}% over", row.name.trim()));
		}
	}

	/// Says which goals are missed.
	pub fn close(self) {
		println!();
		if self.goals > 0 {
			println!("goals met: {} of {}", self.goals - self.missed.len(), self.goals);
		}
		for line in self.missed {
			println!("  missed: {line}");
		}
	}
}

/// Three significant digits or whole nanoseconds.
fn number(nanoseconds: f64) -> String {
	if nanoseconds < 100.0 {
		format!("{nanoseconds:.1}")
	} else {
		format!("{nanoseconds:.0}")
	}
}

/// Processor and number of cores.
pub fn machine() -> String {
	let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
	let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
	let model = model.map_or("unknown processor", |(_, model)| model);
	let cores = std::thread::available_parallelism().map_or(0, usize::from);
	format!("{model}, {cores} cores")
}

/// Prints processor, load and executor.
pub fn describe_machine() {
	let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
	let load = load.split(' ').next().unwrap_or("unknown");
	println!("{}, load {load}", machine());
	println!("Wasm: sc-executor as the node configures it (compiled by wasmtime, on-chain heap)");
}
