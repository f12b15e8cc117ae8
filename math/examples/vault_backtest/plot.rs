//! Value per share beside holding, in dollars on a logarithmic scale, as SVG: a panel for every underlying and
//! vault.

use crate::{
	calendar::{self, DAY},
	report::{Entry, Point},
};
use std::fmt::Write;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 320.0;
/// Around the lines of a panel: left, right, above, below.
const MARGINS: (f64, f64, f64, f64) = (56.0, 16.0, 44.0, 30.0);
const HOLDING: &str = "#8a8f98";
/// Of the prices at which options were sold, in the order in which they were named.
const COLOURS: [&str; 4] = ["#0b62c4", "#d1630a", "#1b8a4b", "#8a3fb5"];

/// All panels, two in a row.
pub fn svg(entries: &[Entry]) -> String {
	let mut panels: Vec<Vec<&Entry>> = Vec::new();
	for entry in entries {
		let same = |panel: &&mut Vec<&Entry>| {
			panel.iter().all(|other| other.name == entry.name && other.strategy == entry.strategy)
		};
		match panels.iter_mut().find(same) {
			Some(panel) => panel.push(entry),
			None => panels.push(vec![entry]),
		}
	}
	let columns = panels.len().clamp(1, 2);
	let rows = panels.len().div_ceil(2);
	let (width, height) = (WIDTH * columns as f64, HEIGHT * rows as f64);
	let mut svg = format!(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
		height=\"{height}\" font-family=\"sans-serif\" font-size=\"11\">\n\
		<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
	);
	for (index, panel) in panels.iter().enumerate() {
		let (x, y) = (WIDTH * (index % 2) as f64, HEIGHT * (index / 2) as f64);
		let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">");
		Panel::of(panel).draw(&mut svg);
		svg.push_str("</g>\n");
	}
	svg.push_str("</svg>\n");
	svg
}

struct Line {
	label: String,
	colour: &'static str,
	/// Times, and values of which the first is one.
	points: Vec<(u64, f64)>,
}

struct Panel {
	title: String,
	lines: Vec<Line>,
	times: (u64, u64),
	values: (f64, f64),
}

impl Panel {
	fn of(entries: &[&Entry]) -> Self {
		let all: Vec<Vec<Point>> = entries.iter().map(|entry| entry.points()).collect();
		let line = |points: &[Point], of: &dyn Fn(&Point) -> f64| {
			let first = points.first().map_or(1.0, of);
			points.iter().map(|point| (point.time, of(point) / first)).collect()
		};
		let mut lines = Vec::new();
		if let Some(points) = all.first() {
			let points = line(points, &|point| point.spot);
			lines.push(Line { label: "holding".into(), colour: HOLDING, points });
		}
		for ((entry, points), colour) in entries.iter().zip(&all).zip(COLOURS.iter().cycle()) {
			let label = format!("vault, sold at {:.0}% of mark", 100.0 * entry.sold);
			lines.push(Line { label, colour, points: line(points, &|point| point.dollars) });
		}
		let points = || lines.iter().flat_map(|line| &line.points);
		let times = points().fold((u64::MAX, 0), |(a, b), (time, _)| (a.min(*time), b.max(*time)));
		let values = points().fold((f64::INFINITY, 0.0), |(a, b): (f64, f64), (_, value)| {
			(a.min(*value), b.max(*value))
		});
		let title = entries.first().map_or_else(String::new, |entry| {
			format!("{}, {}: value in USD, start = 1", escaped(&entry.name), entry.vault())
		});
		// nothing lost leaves a line at the bottom, everything none
		let least = values.0.max(values.1 / 1e6);
		Self { title, lines, times, values: (least / 1.1, values.1 * 1.1) }
	}

	fn x(&self, time: u64) -> f64 {
		let (left, right, ..) = MARGINS;
		let span = (self.times.1 - self.times.0).max(1) as f64;
		left + (WIDTH - left - right) * time.saturating_sub(self.times.0) as f64 / span
	}

	fn y(&self, value: f64) -> f64 {
		let (_, _, above, below) = MARGINS;
		let (least, most) = self.values;
		let part = (value.max(least) / least).ln() / (most / least).ln();
		HEIGHT - below - (HEIGHT - above - below) * part
	}

	/// Values at which the scale is marked: ones, twos and fives; every half where that leaves too few.
	fn marks(&self) -> Vec<f64> {
		let (least, most) = self.values;
		let decades = -6..=6;
		let scaled = |steps: &[f64]| -> Vec<f64> {
			let all = decades.clone().flat_map(|decade| {
				steps.iter().map(move |step| step * 10f64.powi(decade)).collect::<Vec<_>>()
			});
			all.filter(|mark| (least..=most).contains(mark)).collect()
		};
		let coarse = scaled(&[1.0, 2.0, 5.0]);
		if coarse.len() >= 3 {
			return coarse;
		}
		scaled(&[1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
	}

	fn draw(&self, svg: &mut String) {
		let (left, right, above, below) = MARGINS;
		let (end, bottom) = (WIDTH - right, HEIGHT - below);
		let _ = writeln!(
			svg,
			"<text x=\"{left}\" y=\"16\" font-size=\"13\" font-weight=\"bold\">{}</text>",
			self.title
		);
		for mark in self.marks() {
			let y = self.y(mark);
			let _ = writeln!(
				svg,
				"<line x1=\"{left}\" y1=\"{y:.1}\" x2=\"{end}\" y2=\"{y:.1}\" stroke=\"#e3e5e8\"/>\
				<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
				left - 6.0,
				y + 4.0,
				(mark * 1e6).round() / 1e6
			);
		}
		for year in calendar::year_of(self.times.0) + 1..=calendar::year_of(self.times.1) {
			let x = self.x(calendar::days_of(year, 1, 1) * DAY);
			let _ = writeln!(
				svg,
				"<line x1=\"{x:.1}\" y1=\"{above}\" x2=\"{x:.1}\" y2=\"{bottom}\" stroke=\"#e3e5e8\"/>\
				<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{year}</text>",
				bottom + 16.0
			);
		}
		let mut x = left;
		for line in &self.lines {
			let points: Vec<String> = line
				.points
				.iter()
				.map(|(time, value)| format!("{:.1},{:.1}", self.x(*time), self.y(*value)))
				.collect();
			let _ = writeln!(
				svg,
				"<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" points=\"{}\"/>\
				<text x=\"{x:.0}\" y=\"34\" fill=\"{}\">{}</text>",
				line.colour,
				points.join(" "),
				line.colour,
				line.label
			);
			x += 8.0 + 6.2 * line.label.len() as f64;
		}
	}
}

/// Text as it stands in XML.
fn escaped(text: &str) -> String {
	text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
