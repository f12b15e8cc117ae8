//! Market time: the chain's clock, or a faster one on development chains.

use crate::{Config, Pallet, Scale};
use ballast_primitives::Moment;
use core::marker::PhantomData;
use frame_support::traits::{Get, Time, UnixTime};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::traits::UniqueSaturatedInto;

/// How market time runs. Set by genesis, never changed.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
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
#[serde(rename_all = "camelCase")]
pub enum TimeScale {
	/// Market time is the timestamp of the block.
	#[default]
	RealTime,
	/// Every block is worth the same time, for development: days pass in minutes.
	PerBlock {
		/// Market time of block 0.
		start: Moment,
		/// Seconds of market time that a block is worth.
		seconds: u32,
	},
}

/// Market time as a clock for other pallets: the oracle stamps what operators feed with it, so that
/// ages are measured in market time. Seconds.
pub struct MarketTime<T>(PhantomData<T>);

impl<T: Config> Time for MarketTime<T> {
	type Moment = Moment;

	fn now() -> Moment {
		Pallet::<T>::market_now()
	}
}

impl<T: Config> Pallet<T> {
	/// Seconds of market time from one block to the next, if none is late. At least one.
	pub(crate) fn block_length() -> Moment {
		match Scale::<T>::get() {
			TimeScale::RealTime => T::BlockTime::get(),
			TimeScale::PerBlock { seconds, .. } => seconds.into(),
		}
		.max(1)
	}

	/// Market time of this block, in seconds.
	pub(crate) fn market_now() -> Moment {
		match Scale::<T>::get() {
			TimeScale::RealTime => T::UnixTime::now().as_secs(),
			TimeScale::PerBlock { start, seconds } => {
				let block: u64 = frame_system::Pallet::<T>::block_number().unique_saturated_into();
				start.saturating_add(block.saturating_mul(u64::from(seconds)))
			}
		}
	}
}
