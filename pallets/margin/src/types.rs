//! What the ledger stores and shows besides accounts: plain types that know nothing of the pallet.

use crate::{Cover, MAX_POSITIONS};
use ballast_primitives::{Amount, AssetId, Moment, Quantity, Ratio, SeriesId, UnderlyingId, Usd};
use frame_support::{traits::ConstU32, BoundedBTreeSet, BoundedVec};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use alloc::vec::Vec;

/// Most distinct expiries with positions that are not settled.
pub const MAX_EXPIRIES: u32 = 256;
/// Most requests to exercise that wait for a tick.
pub const MAX_EXERCISE_REQUESTS: u32 = 64;

/// What the ledger holds of one asset for all accounts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Holding {
	/// Decimals of the asset when it was first deposited: a later change of its metadata must not
	/// change what deposits are worth.
	pub decimals: u8,
	/// Sum of deposits less withdrawals. The custody account may hold more (unsolicited
	/// transfers), never less.
	pub total: Quantity,
}

/// Progress of the settlement of one series. Amounts are of the asset that it settles in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settling {
	/// What shorts have really paid so far.
	pub collected: Amount,
	/// What longs have received so far.
	pub paid: Amount,
	/// Contracts of longs not paid yet; what folding rounds away stays here to the end.
	pub longs_open: Quantity,
	/// Contracts of shorts that have not paid yet.
	pub shorts_open: Quantity,
}

/// What early exercise of one series has to pay and where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ExercisePot {
	/// What assigned shorts have really paid so far.
	pub collected: Usd,
	/// What exercised longs have received so far.
	pub paid: Usd,
	/// What exercised longs are still owed.
	pub claims: Usd,
}

/// A request to exercise, to be done at the first tick accepted after it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ExerciseRequest<AccountId> {
	/// The holder.
	pub who: AccountId,
	/// The series.
	pub series: SeriesId,
	/// Market time of the request: a tick must be later.
	pub at: Moment,
}

/// Positions to be transferred: series and signed contracts.
pub type TransferList = BoundedVec<(SeriesId, Quantity), ConstU32<MAX_POSITIONS>>;

/// Requests that wait.
pub type ExerciseQueue<AccountId> =
	BoundedVec<ExerciseRequest<AccountId>, ConstU32<MAX_EXERCISE_REQUESTS>>;

/// Expiries with positions.
pub type Expiries = BoundedBTreeSet<Moment, ConstU32<MAX_EXPIRIES>>;

/// A pass of the settlement sweep over all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pass<AccountId> {
	/// It settles what expired up to here.
	pub until: Moment,
	/// The account visited last.
	pub after: Option<AccountId>,
	/// Whether it met a position that could not be settled yet: another pass must follow.
	pub unfinished: bool,
}

/// An account as the runtime API shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountView {
	/// Signed cash; negative is a loan.
	pub cash: Usd,
	/// Units held of each collateral asset.
	pub collateral: Vec<(AssetId, Quantity)>,
	/// Positions, brought up to date.
	pub positions: Vec<PositionView>,
}

/// A position as the runtime API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PositionView {
	/// Its series.
	pub series: SeriesId,
	/// Contracts held; negative is short.
	pub quantity: Quantity,
	/// What is locked behind it.
	pub cover: Option<Cover>,
	/// Contracts that are exercised at the next accepted tick.
	pub requested: Quantity,
	/// What exercised contracts are still owed.
	pub claim: Usd,
}

/// Value and requirement of an account's holdings on one underlying, term by term.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnderlyingRequirement {
	/// The underlying.
	pub underlying: UnderlyingId,
	/// Whether its prices may be used now. If not, there is no requirement and the value is known
	/// only to lie between `least` and `greatest`.
	pub usable: bool,
	/// Mark of the collateral units.
	pub collateral: Usd,
	/// Mark of the options, long minus short.
	pub options: Usd,
	/// Least value of both over the last price plus and minus the scan cap; their mark if usable.
	pub least: Usd,
	/// Greatest value of both over the same range; their mark if usable.
	pub greatest: Usd,
	/// Worst weighted loss over the scenarios at the maintenance range, before any cap.
	pub loss: Usd,
	/// Scan part of maintenance margin.
	pub scan_maintenance: Usd,
	/// Scan part of initial margin.
	pub scan_initial: Usd,
	/// The most that these holdings can lose, where that is bounded.
	pub greatest_loss: Option<Usd>,
	/// Charge for spot and forward moving apart; in the scan parts, like the next three.
	pub basis: Usd,
	/// Charge for volatility moving at one tenor and not at another.
	pub vol_term: Usd,
	/// Charge for operators that disagree on the price.
	pub confidence: Usd,
	/// What long options do not count for, the further their expiry the more.
	pub discount: Usd,
	/// Requirement on a stable asset below its peg; in the contingency of maintenance margin.
	pub peg: Usd,
	/// Factor on the initial scan loss: the governed one, and what a quote currency below its peg adds.
	pub initial_factor: Ratio,
	/// Factor on it for net shorts while open interest nears its cap.
	pub open_interest_factor: Ratio,
	/// Short contingency of maintenance margin.
	pub contingency_maintenance: Usd,
	/// What initial margin adds to it.
	pub contingency_initial: Usd,
	/// Maintenance margin.
	pub maintenance: Usd,
	/// Initial margin.
	pub initial: Usd,
	/// Index of the worst scenario at the maintenance range.
	pub binding_maintenance: u8,
	/// Index of the worst scenario at the initial range.
	pub binding_initial: u8,
}

/// The money identity: `held = cash + covers + claims + dues + fees + deficit + residue`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct IdentityReport {
	/// Quote currency that the ledger holds.
	pub held: Usd,
	/// Signed cash of all accounts, with interest.
	pub cash: Usd,
	/// Cash that is locked behind short puts.
	pub covers: Usd,
	/// Settled series: payoff times (longs not paid - shorts that have not paid); and what exercised
	/// longs are owed.
	pub claims: Usd,
	/// Money of folds: what longs are owed less what shorts owe.
	pub dues: Usd,
	/// Interest margin that the insurance fund has not received yet.
	pub fees: Usd,
	/// Balance of the deficit account, never positive.
	pub deficit: Usd,
	/// What roundings have left with the house, never negative.
	pub residue: Usd,
	/// Roundings so far: the residue is at most one unit (1e-18) of each, and three per account and
	/// series that is being settled.
	pub roundings: u64,
	/// Accounts of the clearing house.
	pub accounts: u32,
	/// Quote currency in the custody account beyond `held`: unsolicited transfers.
	pub surplus: Usd,
}
