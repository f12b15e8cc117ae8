//! Margins the portfolios of a folder.
//!
//! ```text
//! cargo run --release -p ballast-math --example portfolio_margin -- DIR [--scenarios]
//! ```
//!
//! `DIR` holds `derive_pmrm2_{cases,options,collaterals,feeds,scenarios}.csv`, joined on their column `case`:
//! positions, market, scenario set and rules. Output: `case,mm,im`, the mark of everything over the
//! maintenance and the initial requirement; with `--scenarios` instead `case,scenario,pnl`. 18 decimals, rounded
//! down. A case without a result prints `error:<Condition>` and makes the exit code 1.

#[path = "portfolio_margin/reader.rs"]
mod reader;

use ballast_math::{
	margin_model::MarginModel, portfolio_margin::MAX_SHIFTS, MathError, Rounding, E18, Q64,
};
use reader::Case;
use std::{
	env,
	io::{self, BufWriter, Write},
	path::PathBuf,
	process::ExitCode,
};

fn text(value: Q64) -> Result<String, MathError> {
	let scaled = value.to_e18(Rounding::Floor).ok_or(MathError::Overflow)?;
	let sign = if scaled < 0 { "-" } else { "" };
	let (magnitude, one) = (scaled.unsigned_abs(), E18.unsigned_abs());
	Ok(format!("{sign}{}.{:018}", magnitude / one, magnitude % one))
}

fn margins(case: &Case) -> Result<String, String> {
	let (model, book) = (case.model()?, case.book()?);
	let line = model.margins(&book).and_then(|required| {
		let (mm, im) = (required.maintenance_excess()?, required.initial_excess()?);
		Ok(format!("{},{},{}\n", case.case, text(mm)?, text(im)?))
	});
	line.map_err(|error| format!("{},error:{error:?},error:{error:?}\n", case.case))
}

fn profits(case: &Case) -> Result<String, String> {
	let (model, book) = (case.model()?, case.book()?);
	let mut profits = [Q64::ZERO; MAX_SHIFTS];
	let lines = model.profits(&book, &mut profits).and_then(|profits| {
		let numbered = case.scenarios.iter().zip(profits);
		numbered
			.map(|(index, pnl)| Ok(format!("{},{index},{}\n", case.case, text(*pnl)?)))
			.collect()
	});
	lines.map_err(|error| format!("{},,error:{error:?}\n", case.case))
}

fn run() -> Result<bool, String> {
	let mut folder = None;
	let mut scenarios = false;
	for argument in env::args().skip(1) {
		match argument.as_str() {
			"--scenarios" => scenarios = true,
			_ if folder.is_none() && !argument.starts_with('-') => folder = Some(argument),
			other => return Err(format!("unexpected argument {other:?}")),
		}
	}
	let folder = PathBuf::from(folder.ok_or("usage: portfolio_margin DIR [--scenarios]")?);
	let cases = reader::cases(&folder)?;
	let mut out = BufWriter::new(io::stdout().lock());
	let mut sound = true;
	let header = if scenarios { "case,scenario,pnl" } else { "case,mm,im" };
	let mut write = |text: &str| out.write_all(text.as_bytes()).map_err(|error| error.to_string());
	write(&format!("{header}\n"))?;
	for case in &cases {
		let lines = if scenarios { profits(case) } else { margins(case) };
		sound &= lines.is_ok();
		write(&lines.unwrap_or_else(|error| error))?;
	}
	out.flush().map_err(|error| error.to_string())?;
	Ok(sound)
}

fn main() -> ExitCode {
	match run() {
		Ok(true) => ExitCode::SUCCESS,
		Ok(false) => ExitCode::FAILURE,
		Err(error) => {
			eprintln!("{error}");
			ExitCode::from(2)
		}
	}
}
