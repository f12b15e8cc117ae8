//! Thousands of random calls on random markets; the ledgers of money are checked after every call,
//! everything after every block.

mod actions;
mod bilateral;
mod governing;
mod tally;
mod vaults;
mod walk;

use self::{tally::Tally, walk::Walk};
use std::{
	thread::{self, JoinHandle},
	time::Instant,
};

/// Seeds that have failed once, one per line; `#` begins a comment.
const REGRESSIONS: &str = include_str!("../../../regressions/random_walk.txt");
/// Seeds of the ordinary run.
const SEEDS: [u64; 6] = [1, 2, 3, 4, 5, 6];
/// Calls of the ordinary run, at least.
const CALLS_MIN: u64 = 10_000;
/// More seeds, counted from here.
const MORE_SEEDS_FROM: u64 = 1_000;
/// Walks at a time.
const THREADS: usize = 2;
/// Unoptimised frames of a whole runtime are large.
const STACK: usize = 32 << 20;

fn regressions() -> Vec<u64> {
	let lines = REGRESSIONS.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
	lines.filter(|line| !line.is_empty()).map(|line| line.parse().expect("a seed")).collect()
}

fn more_seeds() -> u64 {
	let more = std::env::var("BALLAST_WALK_SEEDS").ok();
	more.map_or(0, |more| more.parse().expect("BALLAST_WALK_SEEDS is a number"))
}

fn start(seed: u64) -> (u64, JoinHandle<Tally>) {
	let walk = thread::Builder::new().stack_size(STACK).spawn(move || Walk::new(seed).run());
	(seed, walk.expect("a thread"))
}

/// Walks all seeds; panics with the numbers of those that fail.
fn walk_all(seeds: &[u64]) -> Tally {
	let (mut total, mut failed) = (Tally::default(), Vec::new());
	for seeds in seeds.chunks(THREADS) {
		let walks: Vec<_> = seeds.iter().copied().map(start).collect();
		for (seed, walk) in walks {
			match walk.join() {
				Ok(tally) => total.add(tally),
				Err(_) => failed.push(seed),
			}
		}
	}
	let told = "add them to integration-tests/regressions/random_walk.txt with the correction";
	assert!(failed.is_empty(), "walks of seeds {failed:?} have failed: {told}");
	total
}

#[test]
fn nothing_that_users_do_breaks_an_invariant() {
	let began = Instant::now();
	let old = regressions();
	if !old.is_empty() {
		walk_all(&old);
	}
	let more = MORE_SEEDS_FROM..MORE_SEEDS_FROM + more_seeds();
	let seeds: Vec<u64> = SEEDS.into_iter().chain(more).collect();
	let tally = walk_all(&seeds);
	let seconds = began.elapsed().as_secs_f64();
	println!("{tally}\n{} calls in {seconds:.0} s", tally.calls());
	assert!(tally.calls() >= CALLS_MIN, "{} calls", tally.calls());
	tally.assert_progress();
}
