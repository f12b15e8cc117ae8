//! Reads portfolios, their market and their rules from a folder of five files:
//! `derive_pmrm2_{cases,options,collaterals,feeds,scenarios}.csv`, joined on `case`.
//!
//! Columns are found by name; lines that begin with `#` are comments. Numbers are decimals, with or without
//! an exponent; digits beyond the eighteenth are cut off.

use ballast_math::{
	black76::Kind,
	contingency::{Basis, Confidence, Depeg, DiscountRule, StaticDiscount},
	kernels::exp,
	margin_model::{Book, Expiry, Holding, Leg, Perpetual},
	portfolio_margin::{
		BasisRole, CollateralRule, Factors, Netting, PortfolioModel, Rates, Rules, Shift, VolRule,
	},
	requirement::Exercise,
	scenario::{Skew, SkewCap, SkewShock, SpotMove, VolMove, VolShock},
	Rounding, E18, Q64,
};
use std::{collections::HashMap, fs, path::Path};

/// Seconds over which settlement averages the forward, at the end of an option's life.
const AVERAGED_SECONDS: i128 = 1_800;
const YEAR_SECONDS: i128 = 31_536_000;

/// One line of a file: text by column.
pub struct Row {
	file: String,
	fields: HashMap<String, String>,
}

impl Row {
	/// The text of a column.
	pub fn text(&self, column: &str) -> Result<&str, String> {
		let text = self.fields.get(column).map(|text| text.trim());
		text.ok_or_else(|| format!("{}: no column {column}", self.file))
	}

	/// The number of a column.
	pub fn number(&self, column: &str) -> Result<Q64, String> {
		let text = self.text(column)?;
		decimal(text)
			.and_then(Q64::from_e18)
			.ok_or_else(|| format!("{}: {column} is not a number in range: {text:?}", self.file))
	}

	fn whole(&self, column: &str) -> Result<i128, String> {
		let text = self.text(column)?;
		text.parse().map_err(|_| format!("{}: {column} is not a whole number: {text:?}", self.file))
	}
}

/// An exact decimal in units of 1e-18, digits beyond cut off; `None` for other text or an overflow.
pub fn decimal(text: &str) -> Option<i128> {
	if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
		let exponent: i32 = exponent.parse().ok()?;
		let power = exponent.unsigned_abs().min(60);
		return (0..power).try_fold(decimal(mantissa)?, |value, _| {
			if exponent < 0 {
				Some(value / 10)
			} else {
				value.checked_mul(10)
			}
		});
	}
	let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
	let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
	let fraction = fraction.get(..18).unwrap_or(fraction);
	let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
	if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
		return None;
	}
	let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
	let fraction: i128 = format!("{fraction:0<18}").parse().ok()?;
	let value = whole.checked_mul(E18)?.checked_add(fraction)?;
	Some(if negative { -value } else { value })
}

/// The rows of one file.
pub fn rows(folder: &Path, name: &str) -> Result<Vec<Row>, String> {
	let path = folder.join(format!("derive_pmrm2_{name}.csv"));
	let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
	let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
	let header: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
	lines
		.map(|line| {
			let fields: Vec<&str> = line.split(',').collect();
			if fields.len() != header.len() {
				return Err(format!("{}: {} fields in {line:?}", path.display(), fields.len()));
			}
			let fields = header.iter().zip(fields).map(|(k, v)| (k.to_string(), v.to_string()));
			Ok(Row { file: path.display().to_string(), fields: fields.collect() })
		})
		.collect()
}

/// A portfolio with its market and rules.
pub struct Case {
	/// As the files name it.
	pub case: String,
	row: Row,
	shifts: Vec<Shift>,
	/// As the files number them.
	pub scenarios: Vec<String>,
	collateral: Vec<CollateralRule>,
	holdings: Vec<Holding>,
	legs: Vec<Leg>,
	expiries: Vec<Expiry>,
}

/// All cases of a folder, in the order of the first file.
pub fn cases(folder: &Path) -> Result<Vec<Case>, String> {
	let mut parts = HashMap::new();
	for name in ["options", "collaterals", "feeds", "scenarios"] {
		let mut by_case: HashMap<String, Vec<Row>> = HashMap::new();
		for row in rows(folder, name)? {
			by_case.entry(row.text("case")?.to_string()).or_default().push(row);
		}
		parts.insert(name, by_case);
	}
	let none = Vec::new();
	rows(folder, "cases")?
		.into_iter()
		.map(|row| {
			let case = row.text("case")?.to_string();
			let of = |name: &str| parts.get(name).and_then(|p| p.get(&case)).unwrap_or(&none);
			let (collateral, holdings) = collateral(of("collaterals"))?;
			let (legs, expiries) = legs(of("options"), of("feeds"))?;
			let shifts = of("scenarios").iter().map(shift).collect::<Result<_, _>>()?;
			let index = |row: &Row| row.text("scenario_idx").map(str::to_string);
			let scenarios = of("scenarios").iter().map(index).collect::<Result<_, _>>()?;
			Ok(Case { case, row, shifts, scenarios, collateral, holdings, legs, expiries })
		})
		.collect()
}

fn shift(row: &Row) -> Result<Shift, String> {
	let (volatility, skew) = match row.text("vol_shock")?.to_ascii_lowercase().as_str() {
		"up" => (VolMove::Up, Skew::None),
		"none" => (VolMove::None, Skew::None),
		"down" => (VolMove::Down, Skew::None),
		"linear" => (VolMove::None, Skew::Linear),
		"abs" => (VolMove::None, Skew::Absolute),
		other => return Err(format!("unknown move of volatility {other:?}")),
	};
	Ok(Shift {
		spot: SpotMove::Multiple(row.number("spot_shock")?),
		volatility,
		skew,
		weight: row.number("dampening")?,
		relief: Q64::ZERO,
	})
}

/// The collateral of a case; each row is an asset of its own, none of them the underlying itself.
fn collateral(rows: &[Row]) -> Result<(Vec<CollateralRule>, Vec<Holding>), String> {
	let mut collateral = Vec::new();
	let mut holdings = Vec::new();
	for (row, asset) in rows.iter().zip(1u32..) {
		collateral.push(CollateralRule {
			asset,
			moves_with_spot: matches!(row.text("is_risk_cancelling")?, "1" | "true" | "True"),
			haircut: Rates {
				maintenance: row.number("mm_haircut")?,
				initial: row.number("im_haircut_extra")?,
			},
		});
		holdings.push(Holding {
			asset,
			quantity: row.number("amount")?,
			price: row.number("price")?,
			confidence: row.number("confidence")?,
		});
	}
	Ok((collateral, holdings))
}

/// What the feeds say of one expiry.
struct Feed {
	years: Q64,
	forward: Q64,
	discount: Q64,
	/// The part of the forward that is averaged already.
	fixed: Q64,
	expiry: Expiry,
}

fn feed(row: &Row) -> Result<Feed, String> {
	let range = || "a feed is out of range".to_string();
	let seconds = row.whole("sec_to_expiry")?.max(0);
	let years = Q64::from_ratio(seconds, YEAR_SECONDS, Rounding::Nearest).ok_or_else(range)?;
	let forward = row.number("forward")?;
	let known = (AVERAGED_SECONDS - seconds).max(0);
	let fixed = Q64::from_ratio(known, AVERAGED_SECONDS, Rounding::Nearest)
		.and_then(|share| forward.checked_mul(share, Rounding::Nearest))
		.ok_or_else(range)?;
	// A negative rate counts as none.
	let discount = row
		.number("rate")?
		.max(Q64::ZERO)
		.checked_mul(years, Rounding::Nearest)
		.and_then(Q64::checked_neg)
		.and_then(|exponent| exp(exponent).ok())
		.ok_or_else(range)?;
	let confidence =
		row.number("forward_conf")?.min(row.number("rate_conf")?).min(row.number("vol_conf")?);
	let number = u64::try_from(seconds).map_err(|_| range())?;
	Ok(Feed { years, forward, discount, fixed, expiry: Expiry { expiry: number, confidence } })
}

fn legs(options: &[Row], feeds: &[Row]) -> Result<(Vec<Leg>, Vec<Expiry>), String> {
	let feeds: Vec<Feed> = feeds.iter().map(feed).collect::<Result<_, _>>()?;
	let leg = |row: &Row| -> Result<Leg, String> {
		let seconds = row.whole("sec_to_expiry")?.max(0);
		let feed = feeds
			.iter()
			.find(|feed| i128::from(feed.expiry.expiry) == seconds)
			.ok_or_else(|| format!("no feed for an option of {seconds} s"))?;
		Ok(Leg {
			kind: match row.text("is_call")? {
				"1" | "true" | "True" => Kind::Call,
				_ => Kind::Put,
			},
			exercise: Exercise::European,
			strike: row.number("strike")?,
			expiry: feed.expiry.expiry,
			years: feed.years,
			forward: feed.forward,
			fixed: feed.fixed,
			discount: feed.discount,
			volatility: row.number("vol_from_svi")?,
			quantity: row.number("amount")?,
		})
	};
	let legs = options.iter().map(leg).collect::<Result<_, _>>()?;
	Ok((legs, feeds.iter().map(|feed| feed.expiry).collect()))
}

impl Case {
	/// The book and the market it is in.
	pub fn book(&self) -> Result<Book<'_>, String> {
		let number = |column: &str| self.row.number(column);
		let unsettled = number("unrealised_perp_pnl")?.checked_add(number("unrealised_funding")?);
		Ok(Book {
			spot: number("spot")?,
			spot_confidence: number("spot_conf")?,
			quote_price: number("stable_price")?,
			cash: number("cash")?,
			perpetual: Perpetual {
				quantity: number("num_perps")?,
				price: number("perp_price")?,
				confidence: number("perp_conf")?,
				unsettled: unsettled.ok_or("unsettled profit is out of range")?,
			},
			holdings: &self.holdings,
			legs: &self.legs,
			expiries: &self.expiries,
		})
	}

	/// The scenarios and rules.
	pub fn model(&self) -> Result<PortfolioModel<'_>, String> {
		let number = |column: &str| self.row.number(column);
		let rates = |maintenance: &str, initial: &str| -> Result<Rates, String> {
			Ok(Rates { maintenance: number(maintenance)?, initial: number(initial)? })
		};
		let rules = Rules {
			range_mm: Q64::ZERO,
			range_im: Q64::ZERO,
			volatility: self.volatility()?,
			skew: self.skew()?,
			discount: self.discount()?,
			factors: Factors {
				maintenance: number("mm_factor")?,
				initial: number("im_factor")?,
				depeg: Depeg {
					threshold: number("peg_loss_threshold")?,
					slope: number("peg_loss_factor")?,
				},
				on_contingencies: false,
			},
			basis: Basis {
				up: number("basis_spot_up")?,
				down: number("basis_spot_down")?,
				base: number("basis_add_factor")?,
				per_year: number("basis_mult_factor")?,
			},
			basis_role: BasisRole::Scenario,
			perpetuals: rates("mm_perp_pct", "im_perp_pct")?,
			shorts: rates("mm_option_pct", "im_option_pct")?,
			netting: Netting::StrikeAndExpiry,
			confidence: Confidence {
				threshold: number("conf_threshold")?,
				slope: number("conf_margin")?,
			},
			bounded: false,
			collateral: &self.collateral,
		};
		Ok(PortfolioModel { shifts: &self.shifts, rules })
	}

	fn volatility(&self) -> Result<VolRule, String> {
		let number = |column: &str| self.row.number(column);
		let floor_years = number("dte_floor_days")?
			.checked_div(Q64::from_int(365), Rounding::Nearest)
			.ok_or("the floor on days is out of range")?;
		Ok(VolRule {
			shock: VolShock {
				up: number("vol_range_up")?,
				down: number("vol_range_down")?,
				short_power: number("short_term_power")?,
				long_power: number("long_term_power")?,
				floor_years,
				cap: Q64::MAX,
				least_up: number("min_vol_up_shock")?,
			},
			least_left: Q64::ZERO,
		})
	}

	fn skew(&self) -> Result<SkewShock, String> {
		let number = |column: &str| self.row.number(column);
		let cap = |cap: &str, root: &str| -> Result<SkewCap, String> {
			Ok(SkewCap { cap: number(cap)?, per_root_year: number(root)? })
		};
		Ok(SkewShock {
			linear: cap("linear_cap", "linear_cbase")?,
			absolute: cap("abs_cap", "abs_cbase")?,
			least_width: number("min_k_star")?,
			width_scale: number("width_scale")?,
			level: number("vol_param_static")?,
			slope: number("vol_param_scale")?,
		})
	}

	fn discount(&self) -> Result<StaticDiscount, String> {
		let rule = |base: &str, multiple: &str, added: &str| -> Result<DiscountRule, String> {
			Ok(DiscountRule {
				base: self.row.number(base)?,
				rate_multiple: self.row.number(multiple)?,
				rate_added: self.row.number(added)?,
			})
		};
		Ok(StaticDiscount {
			long: rule("long_base_static_discount", "long_rate_mult", "long_rate_add")?,
			short: rule("short_base_static_discount", "short_rate_mult", "short_rate_add")?,
		})
	}

	/// A number of the case's own row, such as an expected result.
	#[allow(dead_code, reason = "the example prints results, the test compares them")]
	pub fn number(&self, column: &str) -> Result<Q64, String> {
		self.row.number(column)
	}
}
