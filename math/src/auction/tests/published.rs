//! Step by step against the published test suite of another venue's Dutch auction.

use super::*;
use std::path::PathBuf;

/// Rows of a published table, if the folder with published tables is there.
fn table(file: &str) -> Vec<Vec<String>> {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors").join(file);
	let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
	let mut lines = text.lines().filter(|line| !line.starts_with('#'));
	let header = lines.next().expect("a header");
	let columns = header.split(',').count();
	let rows: Vec<Vec<String>> =
		lines.map(|line| line.split(',').map(str::to_owned).collect()).collect();
	assert!(rows.iter().all(|row| row.len() == columns), "{file} is torn");
	assert!(!rows.is_empty(), "{file} has rows");
	rows
}

#[test]
fn derives_solvent_auctions_are_reproduced_through_the_discount() {
	for row in table("derive_liquidation_solvent_auction.csv") {
		let n: Vec<Q64> = row.iter().skip(3).map(|text| number(text)).collect();
		let [discount, equity, excess, buffered, reserved, _, f, share, bid, equity_after, excess_after, _, f_after] =
			n[..]
		else {
			panic!("thirteen numbers a row, not {}", n.len());
		};
		let maintenance = equity.checked_sub(excess).unwrap();
		let before = State {
			equity,
			maintenance,
			reserved,
			buffer: ratio(20, 100),
			penalty: Q64::ZERO,
			compensation: compensation_of_discount(equity, maintenance, reserved, discount)
				.unwrap(),
		};
		assert_close(before.buffered_excess().unwrap(), buffered, 100 * TRILLIONTH);
		assert_close(before.largest_share().unwrap(), f, TRILLIONTH);
		let paid = share.checked_mul(before.price_of_whole().unwrap(), Rounding::Nearest).unwrap();
		assert_close(paid, bid, 100 * TRILLIONTH);
		let (next, _) = after(&before, share, whole(0));
		assert_close(next.equity, equity_after, 100 * TRILLIONTH);
		assert_close(next.excess().unwrap(), excess_after, 100 * TRILLIONTH);
		// The table goes on at the same discount, with the bid's cash set aside.
		let next = State {
			compensation: compensation_of_discount(
				next.equity,
				next.maintenance.max(Q64::from_bits(1)),
				next.reserved,
				discount,
			)
			.unwrap(),
			..next
		};
		assert_close(next.largest_share().unwrap(), f_after, 4 * TRILLIONTH);
	}
}

#[test]
fn derives_discount_is_this_curve_upside_down() {
	for row in table("derive_auction_discount.csv") {
		let seconds = |i: usize| row[i].parse::<u64>().unwrap();
		let from_one = |i: usize| Q64::ONE.checked_sub(number(&row[i])).unwrap();
		let curve = Curve {
			start: from_one(0),
			fast: from_one(1),
			fast_length: seconds(2),
			full_length: seconds(2) + seconds(3),
		};
		assert_close(curve.compensation(seconds(4)).unwrap(), from_one(5), 4);
	}
}

#[test]
fn derives_insolvent_auction_is_this_curve_below_zero() {
	for row in table("derive_insolvent_auction.csv") {
		let (equity, excess) = (number(&row[0]), number(&row[1]));
		let curve = Curve {
			start: Q64::ZERO,
			fast: Q64::ZERO,
			fast_length: 0,
			full_length: row[3].parse().unwrap(),
		};
		let g = curve.compensation(row[2].parse().unwrap()).unwrap();
		let before = state(equity, equity.checked_sub(excess).unwrap(), g);
		let to_bidder = before.price_of_whole().unwrap().checked_neg().unwrap();
		let share = number(&row[4]);
		let paid = share.checked_mul(to_bidder, Rounding::Nearest).unwrap();
		assert_close(paid, number(&row[5]), TRILLIONTH);
		// and all of it is deficit
		let (_, fill) = after(&before, share, whole(0));
		assert_close(fill.deficit, number(&row[5]), TRILLIONTH);
	}
}
