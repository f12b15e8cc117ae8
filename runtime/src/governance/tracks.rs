//! The tracks of referenda: the table of `docs/governance.md` as data.
//!
//! Periods are those of a production chain. A chain whose preset says that it runs faster has them
//! divided by its pace, rounded up: see [`scaled`].

use super::origins::{Origin, Pace};
use crate::{
	constants::{
		currency::BLST,
		time::{DAYS, HOURS, MINUTES},
	},
	Balance, BlockNumber, OriginCaller, Runtime,
};
use alloc::borrow::Cow;
use frame_system::RawOrigin;
use pallet_referenda::{Curve, Track, TrackInfo};
use sp_runtime::{str_array as name, FixedI64};

/// Number of a track.
pub type TrackId = u16;

/// A share in per cent.
const fn percent(value: u128) -> FixedI64 {
	FixedI64::from_rational(value, 100)
}

/// Approval of what changes everything: all votes at first, three in five at the end. Root may set thresholds
/// and prices, too, so it never asks for less than [`APPROVAL_OF_RISK`] does at the end.
const APPROVAL_OF_ROOT: Curve =
	Curve::make_reciprocal(4, 14, percent(80), percent(60), percent(100));
/// Support of what changes everything: half of all tokens at first, one in twenty at the end, as
/// [`SUPPORT_OF_RISK`].
const SUPPORT_OF_ROOT: Curve = Curve::make_linear(14, 14, percent(5), percent(50));
/// Approval of what the technical collective has whitelisted.
const APPROVAL_OF_WHITELISTED: Curve =
	Curve::make_reciprocal(8, 72, percent(96), percent(50), percent(100));
/// Support of it: a tenth of all tokens after eight hours is enough, one in two hundred at the end.
const SUPPORT_OF_WHITELISTED: Curve =
	Curve::make_reciprocal(8, 72, percent(10), FixedI64::from_rational(5, 1_000), percent(50));
/// Approval of thresholds, and of who says what prices are: never below three votes in five.
const APPROVAL_OF_RISK: Curve = Curve::make_linear(5, 5, percent(60), percent(100));
/// Support of thresholds and prices: real support is needed to the end, one token in twenty.
const SUPPORT_OF_RISK: Curve = Curve::make_linear(5, 5, percent(5), percent(50));
/// Approval of the guardian: quick if nearly all agree, never below three votes in five.
const APPROVAL_OF_GUARDIAN: Curve =
	Curve::make_reciprocal(1, 6, percent(90), percent(60), percent(100));
/// Support of the guardian: it can only tighten, so that little is enough.
const SUPPORT_OF_GUARDIAN: Curve =
	Curve::make_reciprocal(1, 6, percent(5), percent(1), percent(20));
/// Approval of listings: linear to one half.
const APPROVAL_OF_LISTINGS: Curve = Curve::make_linear(5, 5, percent(50), percent(100));
/// Support of listings.
const SUPPORT_OF_LISTINGS: Curve =
	Curve::make_reciprocal(24, 120, percent(10), percent(1), percent(50));
/// Approval of the end of a referendum.
const APPROVAL_OF_END: Curve = Curve::make_linear(3, 3, percent(50), percent(100));
/// Support of the end of a referendum.
const SUPPORT_OF_END: Curve = Curve::make_reciprocal(8, 72, percent(5), percent(1), percent(50));
/// Approval of spending: linear to one half.
const APPROVAL_OF_SPENDING: Curve = Curve::make_linear(1, 1, percent(50), percent(100));
/// Support of small spending.
const SUPPORT_OF_SMALL: Curve = Curve::make_reciprocal(8, 48, percent(1), percent(0), percent(50));
/// Support of medium spending.
const SUPPORT_OF_MEDIUM: Curve = Curve::make_reciprocal(2, 7, percent(3), percent(0), percent(50));
/// Support of big spending.
const SUPPORT_OF_BIG: Curve = Curve::make_reciprocal(7, 14, percent(5), percent(1), percent(50));

/// The periods of a track, in blocks of a production chain.
struct Periods {
	prepare: BlockNumber,
	decision: BlockNumber,
	confirm: BlockNumber,
	enactment: BlockNumber,
}

/// A row of the table.
const fn track(
	id: TrackId,
	called: &str,
	max_deciding: u32,
	decision_deposit: Balance,
	periods: Periods,
	(min_approval, min_support): (Curve, Curve),
) -> Track<TrackId, Balance, BlockNumber> {
	Track {
		id,
		info: TrackInfo {
			name: name(called),
			max_deciding,
			decision_deposit,
			prepare_period: periods.prepare,
			decision_period: periods.decision,
			confirm_period: periods.confirm,
			min_enactment_period: periods.enactment,
			min_approval,
			min_support,
		},
	}
}

/// Decided at a time where somebody waits for help: so many that it is dear to take every place with proposals
/// that are for nothing.
const OF_EMERGENCY: u32 = 100;

/// Periods of the administrators of thresholds, operators and listings.
const OF_ADMINS: Periods =
	Periods { prepare: HOURS, decision: 5 * DAYS, confirm: 12 * HOURS, enactment: 12 * HOURS };
/// Periods of what ends a referendum.
const OF_END: Periods =
	Periods { prepare: HOURS, decision: 3 * DAYS, confirm: 3 * HOURS, enactment: 10 * MINUTES };

/// The tracks, in order of their numbers, with the periods of a production chain.
pub const TRACKS: [Track<TrackId, Balance, BlockNumber>; 11] = [
	track(
		0,
		"root",
		1,
		5_000 * BLST,
		Periods { prepare: 2 * HOURS, decision: 14 * DAYS, confirm: DAYS, enactment: DAYS },
		(APPROVAL_OF_ROOT, SUPPORT_OF_ROOT),
	),
	track(
		1,
		"whitelisted_caller",
		OF_EMERGENCY,
		500 * BLST,
		Periods {
			prepare: 30 * MINUTES,
			decision: 3 * DAYS,
			confirm: 30 * MINUTES,
			enactment: 10 * MINUTES,
		},
		(APPROVAL_OF_WHITELISTED, SUPPORT_OF_WHITELISTED),
	),
	track(10, "risk_admin", 10, 500 * BLST, OF_ADMINS, (APPROVAL_OF_RISK, SUPPORT_OF_RISK)),
	track(
		11,
		"risk_guardian",
		OF_EMERGENCY,
		200 * BLST,
		Periods {
			prepare: 5 * MINUTES,
			decision: 6 * HOURS,
			confirm: 15 * MINUTES,
			enactment: MINUTES,
		},
		(APPROVAL_OF_GUARDIAN, SUPPORT_OF_GUARDIAN),
	),
	// Operators make prices, and prices make margins: no easier than thresholds.
	track(12, "oracle_admin", 10, 500 * BLST, OF_ADMINS, (APPROVAL_OF_RISK, SUPPORT_OF_RISK)),
	track(
		13,
		"listing_admin",
		10,
		200 * BLST,
		OF_ADMINS,
		(APPROVAL_OF_LISTINGS, SUPPORT_OF_LISTINGS),
	),
	track(
		20,
		"referendum_canceller",
		OF_EMERGENCY,
		500 * BLST,
		OF_END,
		(APPROVAL_OF_END, SUPPORT_OF_END),
	),
	track(
		21,
		"referendum_killer",
		OF_EMERGENCY,
		2_000 * BLST,
		OF_END,
		(APPROVAL_OF_END, SUPPORT_OF_END),
	),
	track(
		30,
		"small_spender",
		20,
		20 * BLST,
		Periods { prepare: HOURS, decision: 2 * DAYS, confirm: 6 * HOURS, enactment: 6 * HOURS },
		(APPROVAL_OF_SPENDING, SUPPORT_OF_SMALL),
	),
	track(
		31,
		"medium_spender",
		20,
		100 * BLST,
		Periods { prepare: 2 * HOURS, decision: 7 * DAYS, confirm: DAYS, enactment: DAYS },
		(APPROVAL_OF_SPENDING, SUPPORT_OF_MEDIUM),
	),
	track(
		32,
		"big_spender",
		10,
		500 * BLST,
		Periods { prepare: 4 * HOURS, decision: 14 * DAYS, confirm: 2 * DAYS, enactment: 2 * DAYS },
		(APPROVAL_OF_SPENDING, SUPPORT_OF_BIG),
	),
];

/// A period of a production chain, at the pace of this one. Never nothing.
pub fn scaled(period: BlockNumber) -> BlockNumber {
	at_pace(period, Pace::<Runtime>::get())
}

/// A period at a pace, rounded up.
fn at_pace(period: BlockNumber, pace: BlockNumber) -> BlockNumber {
	period.div_ceil(pace.max(1)).max(1)
}

/// The tracks at the pace of this chain.
pub struct Tracks;

impl pallet_referenda::TracksInfo<Balance, BlockNumber> for Tracks {
	type Id = TrackId;
	type RuntimeOrigin = OriginCaller;

	fn tracks() -> impl Iterator<Item = Cow<'static, Track<TrackId, Balance, BlockNumber>>> {
		let pace = Pace::<Runtime>::get();
		TRACKS.into_iter().map(move |mut track| {
			for period in [
				&mut track.info.prepare_period,
				&mut track.info.decision_period,
				&mut track.info.confirm_period,
				&mut track.info.min_enactment_period,
			] {
				*period = at_pace(*period, pace);
			}
			Cow::Owned(track)
		})
	}

	// The pace changes no number, and this is asked where there is no state to read it from.
	fn check_integrity() -> Result<(), &'static str> {
		let is_sorted = TRACKS.windows(2).all(|pair| match pair {
			[first, second] => first.id < second.id,
			_ => true,
		});
		is_sorted.then_some(()).ok_or("the tracks are not in order of their numbers")
	}

	fn track_for(origin: &OriginCaller) -> Result<TrackId, ()> {
		match origin {
			OriginCaller::system(RawOrigin::Root) => Ok(0),
			OriginCaller::Origins(origin) => Ok(match origin {
				Origin::WhitelistedCaller => 1,
				Origin::RiskAdmin => 10,
				Origin::RiskGuardian => 11,
				Origin::OracleAdmin => 12,
				Origin::ListingAdmin => 13,
				Origin::ReferendumCanceller => 20,
				Origin::ReferendumKiller => 21,
				Origin::SmallSpender => 30,
				Origin::MediumSpender => 31,
				Origin::BigSpender => 32,
			}),
			_ => Err(()),
		}
	}
}
