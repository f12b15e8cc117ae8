//! What portfolios need in a calm market.

use crate::{
	defaults::{Risk, HORIZON, RISKS},
	history::{steady_ranges, Implied, Ranges, FITTED},
	number::{f, math, q, Failure},
	portfolios::{book, replayed, standard, Market, Portfolio, Standard},
	table::header,
	venues::{Own, Venue},
};
use ballast_math::{
	margin_model::Leg,
	requirement::{self, requirement, Margins},
	scenario::{SpotMove, VolMove},
	Q64,
};

/// A market in which nothing has happened for long.
struct Calm {
	implied: Implied,
}

impl Market for Calm {
	fn time(&self) -> u64 {
		0
	}

	fn spot(&self) -> Q64 {
		Q64::from_int(100)
	}

	fn volatility(&self, years: f64) -> Q64 {
		q(self.implied.at(years))
	}
}

/// A portfolio opened there.
struct Opened {
	market: Calm,
	ranges: [Ranges; 2],
	portfolio: Portfolio,
	legs: Vec<Leg>,
}

fn open(risk: &Risk, standard: &Standard) -> Result<Opened, Failure> {
	let market = Calm { implied: Implied::new(FITTED, risk.calm) };
	let ranges = [steady_ranges(risk, risk.calm, HORIZON)?; 2];
	let portfolio = standard.open(&market);
	let mut legs = Vec::new();
	portfolio.legs(&market, &mut legs)?;
	Ok(Opened { market, ranges, portfolio, legs })
}

/// Initial and maintenance requirement, in per cent of spot.
fn required(
	risk: &Risk,
	standard: &Standard,
	venue: &Venue<'_>,
) -> Result<Option<(f64, f64)>, Failure> {
	let opened = open(risk, standard)?;
	let spot = opened.market.spot();
	let holdings = opened.portfolio.holdings(spot);
	let book = book(spot, Q64::ZERO, &holdings, &opened.legs);
	let required = venue.margins(risk, &opened.ranges, &book)?;
	Ok(required.map(|required| (f(required.initial), f(required.maintenance))))
}

/// All portfolios under all models.
pub fn print(venues: &[(&str, Venue<'_>)]) -> Result<(), Failure> {
	println!("## Capital\n\nInitial (maintenance) requirement, per cent of spot.\n");
	header(&["underlying", "portfolio", "days"], venues.iter().map(|(name, _)| *name));
	for risk in &RISKS {
		for portfolio in &standard() {
			print!("| {} | {} | {} |", risk.name, portfolio.name, portfolio.days);
			for (_, venue) in venues {
				match required(risk, portfolio, venue)? {
					Some((initial, maintenance)) => print!(" {initial:.1} ({maintenance:.1}) |"),
					None => print!(" |"),
				}
			}
			println!();
		}
		let positions = replayed();
		print!("| {} | mean initial, eight short positions | 7, 30 |", risk.name);
		for (_, venue) in venues {
			let mut sum = 0.0;
			for portfolio in &positions {
				sum += required(risk, portfolio, venue)?.ok_or("a model without straddles")?.0;
			}
			print!(" {:.1} |", sum / positions.len() as f64);
		}
		println!();
	}
	Ok(())
}

/// What the chain's own initial requirement is made of, for one underlying.
pub fn print_parts(own: &Own<'_>, risk: &Risk) -> Result<(), Failure> {
	println!("\n## Parts of the requirement, {}, per cent of spot\n", risk.name);
	let columns = ["scan", "basis", "vol-term", "long value", "at most", "shorts", "initial"];
	header(&["portfolio", "days", "worst scenario"], columns.into_iter());
	for standard in &standard() {
		let opened = open(risk, standard)?;
		let model = own.at(risk, &opened.ranges)?;
		let book = requirement::Book {
			spot: opened.market.spot(),
			units: opened.portfolio.units,
			legs: &opened.legs,
		};
		let margins = requirement(&book, &model.grid, &own.contingencies).map_err(math)?;
		let Margins { basis, vol_term, discount, contingency_mm, contingency_im, .. } = margins;
		let scan = f(own.contingencies.initial_factor) * f(margins.loss_im);
		let worst = usize::from(margins.binding_im);
		print!("| {} | {} | {} |", standard.name, standard.days, scenario(own, worst)?);
		print!(" {scan:.1} | {:.1} | {:.1} | {:.1} |", f(basis), f(vol_term), f(discount));
		if let Some(l_max) = margins.l_max {
			let bound = f(l_max) + f(contingency_mm) + f(contingency_im);
			assert!(
				f(margins.initial) <= bound + 1e-12,
				"{} needs more than it can lose",
				standard.name
			);
		}
		let l_max = margins.l_max.map_or(String::new(), |l_max| format!("{:.1}", f(l_max)));
		let shorts = f(contingency_mm) + f(contingency_im);
		println!(" {l_max} | {shorts:.1} | {:.1} |", f(margins.initial));
	}
	Ok(())
}

/// A scenario in words.
fn scenario(own: &Own<'_>, index: usize) -> Result<String, Failure> {
	let scenario = own.scenarios.get(index).ok_or("a scenario")?;
	let spot = match scenario.spot {
		SpotMove::ScanRanges(ranges) => format!("{:+.2} R", f(ranges)),
		SpotMove::Multiple(multiple) => format!("{:.2} S", f(multiple)),
	};
	let volatility = match scenario.volatility {
		VolMove::Up => "up",
		VolMove::None => "same",
		VolMove::Down => "down",
	};
	Ok(format!("{spot}, {volatility}"))
}
