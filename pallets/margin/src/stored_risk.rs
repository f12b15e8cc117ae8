//! A series' risk as it lies in storage: plain types that know nothing of the pallet.

use ballast_math::{
	fixed::Q64,
	risk_array::{RiskArray, SeriesRisk, SideRisk, MAX_ENTRIES},
	MathError,
};
use ballast_primitives::Averaging;
use frame_support::traits::ConstU32;
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::BoundedVec;

/// Everything that the values of a series depend on besides its terms. Two equal ticks have the same
/// values; whatever moves a value moves the tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tick {
	/// Blake2-128 of what all series of an underlying share: market time, spot, surface, scan
	/// ranges, risk of the underlying, margin rules.
	pub market: [u8; 16],
	/// What is averaged already of the expiry's settlement price.
	pub averaging: Option<Averaging>,
}

/// The risk of one series at one tick.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredRisk {
	/// What it was computed from.
	pub tick: Tick,
	/// Bits of the forward, its fixed part and the discount factor (64 of them fractional).
	market: [i128; 3],
	/// One contract held.
	long: StoredSide,
	/// One contract owed, if it counts for more.
	short: Option<StoredSide>,
}

/// Mark and risk array of one contract.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
struct StoredSide {
	/// Bits of the mark, 64 of them fractional.
	mark: i128,
	/// The power of two of every mantissa.
	exponent: i8,
	/// One per entry of the scenario set.
	mantissas: BoundedVec<i64, ConstU32<{ MAX_ENTRIES as u32 }>>,
}

impl From<&SideRisk> for StoredSide {
	fn from(side: &SideRisk) -> Self {
		Self {
			mark: side.mark.to_bits(),
			exponent: side.array.exponent(),
			// An array has no more entries than its bound.
			mantissas: BoundedVec::truncate_from(side.array.mantissas().to_vec()),
		}
	}
}

impl StoredSide {
	fn risk(&self) -> Result<SideRisk, MathError> {
		let array = RiskArray::from_parts(self.exponent, &self.mantissas)?;
		Ok(SideRisk { mark: Q64::from_bits(self.mark), array })
	}
}

impl StoredRisk {
	/// As it is stored.
	pub fn new(tick: Tick, risk: &SeriesRisk) -> Self {
		Self {
			tick,
			market: [risk.forward, risk.fixed, risk.discount].map(Q64::to_bits),
			long: (&risk.long).into(),
			short: risk.short.as_ref().map(Into::into),
		}
	}

	/// As it was computed. `OutOfDomain` for what no computation stores.
	pub fn risk(&self) -> Result<SeriesRisk, MathError> {
		let [forward, fixed, discount] = self.market.map(Q64::from_bits);
		let short = self.short.as_ref().map(StoredSide::risk).transpose()?;
		Ok(SeriesRisk { forward, fixed, discount, long: self.long.risk()?, short })
	}
}
