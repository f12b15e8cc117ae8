//! The only place where the oracle is read.
//!
//! orml-oracle keeps a combined value for ever: with too few fresh values it returns the previous
//! one, and a removed operator leaves the combined value behind. So only raw values of present
//! operators are read, each with the time at which it was fed, and medians are taken here.

use crate::observation::Observation;
use alloc::vec::Vec;
use ballast_primitives::{Moment, UnderlyingId};
use ballast_traits::RiskParameters;
use core::marker::PhantomData;
use frame_support::traits::{SortedMembers, Time};
use orml_oracle::TimestampedValue;
use orml_traits::CombineData;

/// The newest value of one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawValue<AccountId, Value> {
	/// Who fed it.
	pub operator: AccountId,
	/// What was fed.
	pub value: Value,
	/// Market time at which it was fed, in seconds.
	pub fed_at: Moment,
}

/// The operators' newest values.
pub trait RawFeeds<AccountId, Key, Value> {
	/// The newest value of every present operator that has ever fed this key. Costs one read and
	/// one read per operator.
	fn raw(key: &Key) -> Vec<RawValue<AccountId, Value>>;

	/// How many operators there are.
	fn operators() -> u32;
}

/// The moment type of an oracle instance.
type OracleMoment<R, I> = <<R as orml_oracle::Config<I>>::Time as Time>::Moment;

/// Values that root feeds in nobody's name do not count: root is not an operator.
impl<R, I> RawFeeds<R::AccountId, R::OracleKey, R::OracleValue> for orml_oracle::Pallet<R, I>
where
	R: orml_oracle::Config<I>,
	I: 'static,
	OracleMoment<R, I>: Into<Moment>,
{
	fn raw(key: &R::OracleKey) -> Vec<RawValue<R::AccountId, R::OracleValue>> {
		R::Members::sorted_members()
			.into_iter()
			.filter_map(|operator| {
				let TimestampedValue { value, timestamp } = Self::raw_values(&operator, key)?;
				Some(RawValue { operator, value, fed_at: timestamp.into() })
			})
			.collect()
	}

	fn operators() -> u32 {
		u32::try_from(R::Members::sorted_members().len()).unwrap_or(u32::MAX)
	}
}

/// How orml-oracle combines values for its own storage and interface: their median, for
/// volatilities tenor by tenor.
///
/// Nothing of ours relies on the combined value. It is kept sensible for those who look at the
/// oracle, under the same governed rules as the accepted ticks: values that cannot be true or are too
/// old do not count, and with fewer than the quorum the previous value stays.
pub struct CombineMedian<R, Parameters, I = ()>(PhantomData<(R, Parameters, I)>);

impl<R, Parameters, I>
	CombineData<R::OracleKey, TimestampedValue<R::OracleValue, OracleMoment<R, I>>>
	for CombineMedian<R, Parameters, I>
where
	R: orml_oracle::Config<I, OracleKey = UnderlyingId>,
	R::OracleValue: Observation,
	I: 'static,
	OracleMoment<R, I>: Into<Moment>,
	Parameters: RiskParameters,
{
	fn combine_data(
		underlying: &UnderlyingId,
		values: Vec<TimestampedValue<R::OracleValue, OracleMoment<R, I>>>,
		previous: Option<TimestampedValue<R::OracleValue, OracleMoment<R, I>>>,
	) -> Option<TimestampedValue<R::OracleValue, OracleMoment<R, I>>> {
		let now: Moment = R::Time::now().into();
		let limits = R::OracleValue::limits(&Parameters::oracle(*underlying));
		let fresh: Vec<_> = values
			.into_iter()
			.filter(|raw| {
				let fed_at: Moment = raw.timestamp.into();
				raw.value.is_plausible() && now.saturating_sub(fed_at) <= limits.raw_age_max
			})
			.collect();
		let count = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
		if count < limits.quorum {
			return previous;
		}
		let plain: Vec<R::OracleValue> = fresh.iter().map(|raw| raw.value).collect();
		let newest = fresh.iter().map(|raw| raw.timestamp).max();
		match (R::OracleValue::median(&plain), newest) {
			(Some(value), Some(timestamp)) => Some(TimestampedValue { value, timestamp }),
			_ => previous,
		}
	}
}
