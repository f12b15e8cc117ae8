//! The average price over a settlement window. Knows no `Config`.
//!
//! Rule: the window is as long as governed and ends at expiry. If less than the governed share of it
//! was covered by usable prices, it moves later by a sixth of its length, again and again, until a
//! window is covered enough. The price is the time-weighted average over what is covered.

use ballast_primitives::{params::OracleRules, units::ACCURACY, Averaging, Moment, Price, Ratio};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Steps in which a window moves later; its length is a multiple of as many seconds.
pub const SLICES: usize = 6;
/// The same as a number of seconds.
const SLICES_SECS: Moment = 6;
const _: () = assert!(SLICES_SECS as usize == SLICES);

/// A price that was in force from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
	/// The price.
	pub price: Price,
	/// When it began to count.
	pub from: Moment,
	/// When it ceased to count; after `from`.
	pub to: Moment,
}

/// A sixth of a window.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
struct Slice {
	/// Sum of price (18 decimals) times seconds.
	weighted: u128,
	/// Seconds in which there was a usable price.
	covered: Moment,
}

/// The window of one expiry, open from its start until its price is known.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Window {
	/// Market time at which it starts.
	start: Moment,
	/// Seconds in a slice, at least one.
	slice: Moment,
	/// Its slices, in order of time.
	slices: [Slice; SLICES],
}

/// The average over a window that is covered enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Average {
	/// Time-weighted average price, rounded to nearest.
	pub price: Price,
	/// Seconds of the window that it covers.
	pub covered: Moment,
}

/// An expiry whose settlement price is wanted.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Watch {
	/// Market time of the expiry.
	expiry: Moment,
	/// Its window, once it has begun. Rules that change later do not change its length.
	window: Option<Window>,
}

impl Watch {
	/// An expiry whose window has not begun.
	pub const fn new(expiry: Moment) -> Self {
		Self { expiry, window: None }
	}

	/// Market time of the expiry.
	pub const fn expiry(&self) -> Moment {
		self.expiry
	}

	/// Its window, once it has begun.
	pub const fn window(&self) -> Option<&Window> {
		self.window.as_ref()
	}

	/// Opens the window when it is time and brings it up to `now`; gives the average once it is
	/// known, and from then on every time.
	pub fn advance(
		&mut self,
		held: Option<Held>,
		rules: &OracleRules,
		now: Moment,
	) -> Option<Average> {
		let mut window = match self.window {
			Some(window) => window,
			None => Window::before(self.expiry, rules.settlement_window),
		};
		if now <= window.start() {
			return None;
		}
		let average = window.advance(held, now, rules.settlement_coverage);
		self.window = Some(window);
		average
	}

	/// What is known of the settlement price, once its window has begun.
	pub fn averaging(&self, now: Moment) -> Option<Averaging> {
		self.window?.averaging(now)
	}

	/// Where the window ends now, if it has moved later since.
	pub fn moved_since(&self, before: &Self) -> Option<Moment> {
		let end = self.window?.end();
		let was = before.window.map_or(self.expiry, |window| window.end());
		(end > was).then_some(end)
	}
}

impl Window {
	/// The window of this length (rounded down to a multiple of six seconds, at least six) that
	/// ends at `expiry`.
	pub fn before(expiry: Moment, length: Moment) -> Self {
		let slice = length.checked_div(SLICES_SECS).unwrap_or(1).max(1);
		let start = expiry.saturating_sub(slice.saturating_mul(SLICES_SECS));
		Self { start, slice, slices: Default::default() }
	}

	/// Market time at which it starts.
	pub const fn start(&self) -> Moment {
		self.start
	}

	/// Market time at which it ends.
	pub const fn end(&self) -> Moment {
		self.start.saturating_add(self.length())
	}

	/// Its length in seconds.
	pub const fn length(&self) -> Moment {
		self.slice.saturating_mul(SLICES_SECS)
	}

	/// Seconds of it that are covered.
	pub fn covered(&self) -> Moment {
		self.slices.iter().fold(0, |sum: Moment, slice| sum.saturating_add(slice.covered))
	}

	/// Whether no slice covers more than its length.
	pub fn is_sound(&self) -> bool {
		self.slice > 0 && self.slices.iter().all(|slice| slice.covered <= self.slice)
	}

	/// Brings the window up to `now` with the price that was in force since it was last brought up
	/// to date; gives the average if the window has ended and `coverage` of it is covered, and
	/// moves it later otherwise.
	///
	/// At most thirteen steps: six take the window into the held price, which then covers it
	/// wholly; six more take it past a held price that is shorter; then it is empty and jumps.
	pub fn advance(&mut self, held: Option<Held>, now: Moment, coverage: Ratio) -> Option<Average> {
		let mut recorded = self.start;
		for _ in 0..=SLICES.saturating_mul(2) {
			let end = self.end();
			if let Some(held) = held {
				self.record(held.price, held.from.max(recorded), held.to.min(end));
			}
			if now < end {
				return None;
			}
			if let Some(average) = self.average(coverage) {
				return Some(average);
			}
			recorded = end;
			self.slide();
		}
		self.jump_past(now);
		None
	}

	/// Adds a price that was in force from one moment to another to the slices they lie in.
	fn record(&mut self, price: Price, from: Moment, to: Moment) {
		let mut begin = self.start;
		for slice in self.slices.iter_mut() {
			let end = begin.saturating_add(self.slice);
			let seconds = to.min(end).saturating_sub(from.max(begin));
			// below 10^30 times the seconds of a window: far from the range
			let weight = price.into_inner().saturating_mul(u128::from(seconds));
			slice.weighted = slice.weighted.saturating_add(weight);
			slice.covered = slice.covered.saturating_add(seconds);
			begin = end;
		}
	}

	/// The average, if enough of the window is covered.
	fn average(&self, coverage: Ratio) -> Option<Average> {
		let covered = self.covered();
		let have = u128::from(covered).saturating_mul(ACCURACY);
		let need = u128::from(self.length()).saturating_mul(coverage.into_inner());
		if covered == 0 || have < need {
			return None;
		}
		let sum = self.slices.iter().fold(0u128, |sum, slice| sum.saturating_add(slice.weighted));
		let seconds = u128::from(covered);
		let half = seconds.checked_div(2)?;
		let price = sum.saturating_add(half).checked_div(seconds)?;
		Some(Average { price: Price::from_inner(price), covered })
	}

	/// The average as known so far: what has been covered counts for its share of what will have
	/// been covered if the rest of the window is. `None` while nothing is covered.
	fn averaging(&self, now: Moment) -> Option<Averaging> {
		let covered = self.covered();
		let whole = u128::from(covered.saturating_add(self.end().saturating_sub(now)));
		if covered == 0 {
			return None;
		}
		let sum = self.slices.iter().fold(0u128, |sum, slice| sum.saturating_add(slice.weighted));
		let fixed = Price::from_inner(sum.checked_div(whole)?);
		let done = u128::from(covered).saturating_mul(ACCURACY).checked_div(whole)?;
		Some(Averaging { fixed, share: Ratio::from_inner(ACCURACY.saturating_sub(done)) })
	}

	/// Moves the window later by one slice.
	fn slide(&mut self) {
		self.slices.rotate_left(1);
		if let Some(last) = self.slices.last_mut() {
			*last = Slice::default();
		}
		self.start = self.start.saturating_add(self.slice);
	}

	/// Moves an empty window later by whole slices until it ends after `now`, if it does not yet.
	fn jump_past(&mut self, now: Moment) {
		let Some(behind) = now.checked_sub(self.end()) else { return };
		let steps = behind.checked_div(self.slice).unwrap_or(0).saturating_add(1);
		self.slices = Default::default();
		self.start = self.start.saturating_add(steps.saturating_mul(self.slice));
	}
}
