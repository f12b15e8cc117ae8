//! What meets a validator that breaks the rules of consensus, proven by two of its own signatures.

use super::election::{has_keys, MAX_CANDIDATES, MAX_SEATS};
use crate::{AccountId, Runtime, RuntimeCall, Staking};
use frame_support::{traits::Contains, weights::Weight};
use pallet_session::historical::IdentificationTuple;
use pallet_staking::{Invulnerables, MinimumValidatorCount, Validators, WeightInfo as _};
use sp_runtime::{Perbill, SaturatedConversion};
use sp_staking::{
	offence::{OffenceDetails, OnOffenceHandler},
	SessionIndex, StakingInterface,
};

/// `pallet-staking` notes the slash and disables the offender for the rest of its era; the offender is
/// then chilled, so that it is not elected again before its operator has looked at it.
///
/// Nobody is chilled who is needed to fill the least number of seats: a fault of the software that makes
/// many sign twice must not leave the chain without candidates.
pub struct SlashAndChill;

impl OnOffenceHandler<AccountId, IdentificationTuple<Runtime>, Weight> for SlashAndChill {
	fn on_offence(
		offenders: &[OffenceDetails<AccountId, IdentificationTuple<Runtime>>],
		fractions: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		let slashed = <Staking as OnOffenceHandler<
			AccountId,
			IdentificationTuple<Runtime>,
			Weight,
		>>::on_offence(offenders, fractions, session);
		offenders.iter().for_each(|details| chill(&details.offender.0));
		let chills = weight_of_chill().saturating_mul(offenders.len() as u64);
		slashed.saturating_add(chills)
	}
}

/// Takes an offender off the list of candidates.
fn chill(offender: &AccountId) {
	let is_candidate = Validators::<Runtime>::contains_key(offender);
	let is_spared = Invulnerables::<Runtime>::get().contains(offender);
	if is_candidate && !is_spared && !is_needed(offender) {
		// A candidate has a stake, and is refused for no other reason.
		let chilled = <Staking as StakingInterface>::chill(offender);
		debug_assert!(chilled.is_ok());
	}
}

/// Whether no more candidates can be elected than have to be, and this is one of them.
fn is_needed(candidate: &AccountId) -> bool {
	let fewest = MinimumValidatorCount::<Runtime>::get().saturated_into();
	let mut able = Validators::<Runtime>::iter_keys().filter(has_keys);
	has_keys(candidate) && able.nth(fewest).is_none()
}

/// A chill, and what is read to decide it: four values, and every candidate with its keys.
fn weight_of_chill() -> Weight {
	let reads = u64::from(MAX_CANDIDATES).saturating_mul(2).saturating_add(4);
	<Runtime as pallet_staking::Config>::WeightInfo::chill()
		.saturating_add(<Runtime as frame_system::Config>::DbWeight::get().reads(reads))
}

/// Weights of reports of equivocation.
///
/// Upstream's bounds, which count a slash of as many nominators as a validator can have, and what they
/// leave out: the chill, and the record of keys, which is looked at once before and once in the dispatch.
///
/// Both bounds are for one offender. Who is reported for a round or a slot in which others were before is
/// slashed together with them anew, and that is not in the weight; nor are slashes that take effect and
/// records that are forgotten as an era begins. It is upstream's way of counting; blocks in which eras
/// begin carry no transactions.
pub struct ReportWeights;

impl ReportWeights {
	/// Twice the record of a session with every seat taken.
	fn records() -> Weight {
		let entries = Weight::from_parts(ENTRY_REF_TIME, 0).saturating_mul(MAX_SEATS.into());
		let record = <Runtime as frame_system::Config>::DbWeight::get().reads(1);
		record.saturating_add(entries).saturating_mul(2)
	}
}

/// Decoding an entry of 96 bytes and comparing a key, in picoseconds: far less than this microsecond.
const ENTRY_REF_TIME: u64 = 1_000_000;

impl pallet_babe::WeightInfo for ReportWeights {
	fn plan_config_change() -> Weight {
		<() as pallet_babe::WeightInfo>::plan_config_change()
	}

	fn report_equivocation(validators: u32, nominators: u32) -> Weight {
		<() as pallet_babe::WeightInfo>::report_equivocation(validators, nominators)
			.saturating_add(Self::records())
			.saturating_add(weight_of_chill())
	}
}

impl pallet_grandpa::WeightInfo for ReportWeights {
	fn report_equivocation(validators: u32, nominators: u32) -> Weight {
		<() as pallet_grandpa::WeightInfo>::report_equivocation(validators, nominators)
			.saturating_add(Self::records())
			.saturating_add(weight_of_chill())
	}

	fn note_stalled() -> Weight {
		<() as pallet_grandpa::WeightInfo>::note_stalled()
	}
}

/// Every call but those that the origin that may cancel a slash could make besides: slashes without a
/// proof, the least commission, and repairs of ledgers. Root, which passes every filter, still can.
pub struct SlashesAreProven;
impl Contains<RuntimeCall> for SlashesAreProven {
	fn contains(call: &RuntimeCall) -> bool {
		use pallet_staking::Call::{
			deprecate_controller_batch, manual_slash, restore_ledger, set_min_commission,
		};
		!matches!(
			call,
			RuntimeCall::Staking(
				manual_slash { .. }
					| restore_ledger { .. }
					| deprecate_controller_batch { .. }
					| set_min_commission { .. }
			)
		)
	}
}
