//! How times are taken: as the fastest of many short runs.
//!
//! Whatever disturbs a run makes it longer, never shorter. On a machine that does other things a run
//! of a millisecond has a fair chance to pass undisturbed, one of a second has none.

use crate::Result;
use std::time::{Duration, Instant};

/// How patiently to measure.
pub struct Clock {
	/// Length of a run to aim at.
	run: Duration,
	/// Runs of which the fastest counts.
	runs: u32,
}

/// The fastest time of a piece of work.
#[derive(Clone, Copy, Debug)]
pub struct Fastest {
	/// Per piece.
	pub nanoseconds: f64,
}

impl Clock {
	/// 200 runs of 2 ms.
	pub const fn thorough() -> Self {
		Self { run: Duration::from_millis(2), runs: 200 }
	}

	/// 20 runs of 1 ms.
	pub const fn quick() -> Self {
		Self { run: Duration::from_millis(1), runs: 20 }
	}

	/// Time of one piece of work, where `work(n)` does `n`: what `work(0)` takes is subtracted.
	pub fn per_piece(&self, mut work: impl FnMut(u32) -> Result<()>) -> Result<Fastest> {
		let pieces = self.pieces(&mut work)?;
		let (mut nothing, mut fastest) = (Duration::MAX, Duration::MAX);
		for _ in 0..self.runs {
			nothing = nothing.min(time(&mut work, 0)?);
			fastest = fastest.min(time(&mut work, pieces)?);
		}
		let net = fastest.saturating_sub(nothing);
		Ok(Fastest { nanoseconds: net.as_nanos() as f64 / f64::from(pieces) })
	}

	/// How many pieces make a run. Preparations do not count, nor what disturbs one of a few.
	fn pieces(&self, work: &mut impl FnMut(u32) -> Result<()>) -> Result<u32> {
		let mut fastest = |pieces| -> Result<Duration> {
			let mut fastest = Duration::MAX;
			for _ in 0..5 {
				fastest = fastest.min(time(work, pieces)?);
			}
			Ok(fastest)
		};
		let nothing = fastest(0)?;
		let mut pieces = 1u32;
		while fastest(pieces)?.saturating_sub(nothing) < self.run && pieces < 1 << 24 {
			pieces *= 2;
		}
		Ok(pieces)
	}

	/// Time of one run of something that cannot be repeated within a run. `before` is not timed.
	pub fn per_run<T>(
		&self,
		mut before: impl FnMut() -> Result<()>,
		mut work: impl FnMut() -> Result<T>,
		mut after: impl FnMut() -> Result<()>,
	) -> Result<Fastest> {
		let mut fastest = Duration::MAX;
		for _ in 0..self.runs {
			before()?;
			let began = Instant::now();
			let done = work();
			fastest = fastest.min(began.elapsed());
			done?;
			after()?;
		}
		Ok(Fastest { nanoseconds: fastest.as_nanos() as f64 })
	}
}

fn time(work: &mut impl FnMut(u32) -> Result<()>, pieces: u32) -> Result<Duration> {
	let began = Instant::now();
	work(pieces)?;
	Ok(began.elapsed())
}
