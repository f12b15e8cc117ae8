//! The table of tracks.

use super::on_a_chain;
use crate::{
	constants::{
		currency::BLST,
		time::{DAYS, HOURS, MINUTES},
	},
	governance::{
		origins::{Origin, Pace},
		tracks::{Tracks, TRACKS},
	},
	BlockNumber, Runtime,
};
use core::fmt::Write;
use pallet_referenda::{Curve, TracksInfo};
use sp_runtime::Perbill;
use std::{fs, path::PathBuf};

/// What encloses the table in the document.
const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- end of table -->\n";

fn name_of(bytes: &[u8]) -> String {
	String::from_utf8(bytes.to_vec()).unwrap().trim_end_matches('\0').into()
}

#[test]
fn decisions_take_as_long_as_the_design_says() {
	let decisions: Vec<(u16, String, BlockNumber)> = TRACKS
		.iter()
		.map(|track| (track.id, name_of(&track.info.name), track.info.decision_period))
		.collect();
	let expected = [
		(0, "root", 14 * DAYS),
		(1, "whitelisted_caller", 3 * DAYS),
		(10, "risk_admin", 5 * DAYS),
		(11, "risk_guardian", 6 * HOURS),
		(12, "oracle_admin", 5 * DAYS),
		(13, "listing_admin", 5 * DAYS),
		(20, "referendum_canceller", 3 * DAYS),
		(21, "referendum_killer", 3 * DAYS),
		(30, "small_spender", 2 * DAYS),
		(31, "medium_spender", 7 * DAYS),
		(32, "big_spender", 14 * DAYS),
	]
	.map(|(id, name, decision)| (id, name.to_string(), decision));
	assert_eq!(decisions, expected);
}

#[test]
fn periods_follow_the_pace_of_the_chain() {
	on_a_chain(|| {
		// Half an hour of market time in a block of three seconds.
		assert_eq!(Pace::<Runtime>::get(), 600);
		let decision = |id| Tracks::info(id).unwrap().decision_period;
		assert_eq!((decision(0), decision(10), decision(11)), (14 * 48, 5 * 48, 12));
		Pace::<Runtime>::put(1);
		assert_eq!((decision(0), decision(10), decision(11)), (14 * DAYS, 5 * DAYS, 6 * HOURS));
		Pace::<Runtime>::put(BlockNumber::MAX);
		assert!(Tracks::tracks().all(|track| track.info.min_enactment_period == 1));
	});
}

#[test]
fn every_origin_has_a_track_and_every_track_an_origin() {
	let origins = [
		Origin::WhitelistedCaller,
		Origin::RiskAdmin,
		Origin::RiskGuardian,
		Origin::OracleAdmin,
		Origin::ListingAdmin,
		Origin::ReferendumCanceller,
		Origin::ReferendumKiller,
		Origin::SmallSpender,
		Origin::MediumSpender,
		Origin::BigSpender,
	];
	let mut tracks: Vec<u16> =
		origins.iter().map(|origin| Tracks::track_for(&(*origin).into()).unwrap()).collect();
	tracks.push(Tracks::track_for(&super::root()).unwrap());
	tracks.sort_unstable();
	assert_eq!(tracks, TRACKS.map(|track| track.id));
	let signed = frame_system::RawOrigin::Signed(crate::AccountId::new([1; 32]));
	assert_eq!(Tracks::track_for(&signed.into()), Err(()));
}

#[test]
fn curves_only_fall_and_never_ask_for_less_than_half_of_the_votes() {
	for track in TRACKS {
		let name = name_of(&track.info.name);
		for curve in [&track.info.min_approval, &track.info.min_support] {
			let points: Vec<Perbill> =
				(0..=100).map(|x| curve.threshold(Perbill::from_percent(x))).collect();
			assert!(points.windows(2).all(|pair| pair[1] <= pair[0]), "{name}");
		}
		let at_the_end = track.info.min_approval.threshold(Perbill::one());
		assert!(at_the_end >= Perbill::from_parts(499_999_000), "{name}: {at_the_end:?}");
	}
}

/// Thresholds, operators, and root, which may set both.
#[test]
fn thresholds_and_prices_need_real_support_to_the_end() {
	for id in [0, 10, 12] {
		let track = TRACKS.into_iter().find(|track| track.id == id).unwrap();
		let name = name_of(&track.info.name);
		let [support, approval] = [track.info.min_support, track.info.min_approval]
			.map(|curve| curve.threshold(Perbill::one()));
		assert_eq!(support, Perbill::from_percent(5), "{name}");
		// A hyperbola ends a billionth or two off.
		let off = approval.deconstruct().abs_diff(Perbill::from_percent(60).deconstruct());
		assert!(off <= 1_000, "{name}: {approval:?}");
	}
}

#[test]
fn at_no_time_does_root_ask_for_less_than_the_risk_admin_at_the_end() {
	let [root, risk] = [0, 10].map(|id| TRACKS.into_iter().find(|track| track.id == id).unwrap());
	let least = |curve: &Curve| curve.threshold(Perbill::one()).deconstruct();
	for x in (0..=100).map(Perbill::from_percent) {
		let asked = root.info.min_support.threshold(x).deconstruct();
		assert!(asked >= least(&risk.info.min_support), "support at {x:?}: {asked}");
		// Off by rounding, see above.
		let asked = root.info.min_approval.threshold(x).deconstruct() + 1_000;
		assert!(asked >= least(&risk.info.min_approval), "approval at {x:?}: {asked}");
	}
}

#[test]
fn what_cannot_wait_has_places_enough() {
	for id in [1, 11, 20, 21] {
		let track = TRACKS.into_iter().find(|track| track.id == id).unwrap();
		assert_eq!(track.info.max_deciding, 100, "{}", name_of(&track.info.name));
	}
}

/// A period in the largest unit that it is a multiple of.
fn period(blocks: BlockNumber) -> String {
	for (unit, name) in [(DAYS, "d"), (HOURS, "h"), (MINUTES, "min")] {
		if blocks.is_multiple_of(unit) {
			return format!("{} {name}", blocks / unit);
		}
	}
	format!("{blocks} blocks")
}

/// What a curve asks for at the beginning and at the end.
fn ends(curve: &Curve) -> String {
	let percent = |at| f64::from(curve.threshold(at).deconstruct()) / 1e7;
	format!("{:.1}% to {:.1}%", percent(Perbill::zero()), percent(Perbill::one()))
}

fn table() -> String {
	let mut table = String::from(
		"\n| | track | deciding | deposit, BLST | preparation | decision | confirmation | enactment | approval | support |\n\
		 |---:|---|---:|---:|---:|---:|---:|---:|---|---|\n",
	);
	for track in TRACKS {
		let info = track.info;
		let name = name_of(&info.name);
		writeln!(
			table,
			"| {} | `{name}` | {} | {} | {} | {} | {} | {} | {} | {} |",
			track.id,
			info.max_deciding,
			info.decision_deposit / BLST,
			period(info.prepare_period),
			period(info.decision_period),
			period(info.confirm_period),
			period(info.min_enactment_period),
			ends(&info.min_approval),
			ends(&info.min_support),
		)
		.unwrap();
	}
	table.push('\n');
	table
}

#[test]
fn the_document_has_the_table_of_tracks() {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/governance.md");
	let document = fs::read_to_string(&path).unwrap();
	let begin = document.find(BEGIN).unwrap() + BEGIN.len();
	let end = document.find(END).unwrap();
	if std::env::var("BALLAST_WRITE_GOVERNANCE").is_ok() {
		let written = [&document[..begin], &table(), &document[end..]].concat();
		fs::write(&path, written).unwrap();
		return;
	}
	assert_eq!(&document[begin..end], table(), "write it anew: BALLAST_WRITE_GOVERNANCE=1");
}
