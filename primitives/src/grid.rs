//! Which strikes and expiries may be listed.

use crate::{time::DAY, Moment, Price};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Greatest strike. Far beyond any price that the feed accepts.
pub const STRIKE_MAX: Price = Price::from_int(1_000_000_000_000);
/// Greatest number of days ahead that a grid may allow: the domain of the pricing is three years.
pub const DAYS_MAX: u32 = 1_095;

/// Which strikes and expiries an underlying's series may have.
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
	Serialize,
	Deserialize,
)]
pub struct Grid {
	/// Strikes are positive multiples of it.
	pub strike_step: Price,
	/// Time of day of every expiry, in seconds after midnight UTC: 28800 is 08:00.
	pub expiry_time: Moment,
	/// Days ahead that a series may expire, at most.
	pub days_max: u32,
}

impl Grid {
	/// Whether there is any strike and expiry on it, within what can be priced.
	pub fn is_valid(&self) -> bool {
		!self.strike_step.is_zero()
			&& self.strike_step <= STRIKE_MAX
			&& self.expiry_time < DAY
			&& (1..=DAYS_MAX).contains(&self.days_max)
	}

	/// Whether a strike is on it.
	pub fn has_strike(&self, strike: Price) -> bool {
		let rest = strike.into_inner().checked_rem(self.strike_step.into_inner());
		!strike.is_zero() && rest == Some(0)
	}

	/// Whether an expiry is on it.
	pub fn has_expiry(&self, expiry: Moment) -> bool {
		expiry.checked_rem(DAY) == Some(self.expiry_time)
	}

	/// Last moment at which a series listed now may expire.
	pub fn last_expiry(&self, now: Moment) -> Moment {
		now.saturating_add(DAY.saturating_mul(self.days_max.into()))
	}
}
