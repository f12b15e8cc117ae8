//! The transaction extension that puts feeds first and takes the block's ticks after them.

use crate::{Config, Pallet, WeightInfo};
use core::marker::PhantomData;
use frame_support::{
	dispatch::DispatchInfo,
	traits::{Contains, Get},
	weights::Weight,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{
		AsSystemOriginSigner, DispatchInfoOf, Dispatchable, TransactionExtension, ValidateResult,
	},
	transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
};

/// Puts operators' feeds before all other transactions of a block, and accepts the block's ticks
/// before the first transaction that is not a feed. Signs nothing and carries nothing.
///
/// - A feed signed by an operator gets [`Config::FeedPriority`]. Nobody else can have it: a feed of
///   an account that is not an operator is an ordinary transaction. An operator that feeds twice in
///   a block pays for the second, which fails.
/// - Every other transaction sees prices that do not change any more in its block. A feed that
///   comes after such a transaction counts for the next block.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct PrioritiseFeeds<T>(PhantomData<T>);

impl<T> PrioritiseFeeds<T> {
	/// The extension; there is nothing to choose.
	pub const fn new() -> Self {
		Self(PhantomData)
	}
}

impl<T> Default for PrioritiseFeeds<T> {
	fn default() -> Self {
		Self::new()
	}
}

impl<T> core::fmt::Debug for PrioritiseFeeds<T> {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		f.write_str("PrioritiseFeeds")
	}
}

impl<T> TransactionExtension<T::RuntimeCall> for PrioritiseFeeds<T>
where
	T: Config + Send + Sync,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo>,
	<T::RuntimeCall as Dispatchable>::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + Clone,
{
	const IDENTIFIER: &'static str = "PrioritiseFeeds";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	/// A look at the operators or at whether the ticks are accepted; acceptance itself is charged
	/// by `on_initialize`.
	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		if T::IsFeed::contains(call) {
			T::WeightInfo::prioritise_feed()
		} else {
			T::WeightInfo::look_whether_accepted()
		}
	}

	fn validate(
		&self,
		origin: T::RuntimeOrigin,
		call: &T::RuntimeCall,
		_info: &DispatchInfoOf<T::RuntimeCall>,
		_len: usize,
		_self_implicit: Self::Implicit,
		_inherited_implication: &impl Encode,
		_source: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let first = T::IsFeed::contains(call)
			&& origin.as_system_origin_signer().is_some_and(T::IsOperator::contains);
		let priority = if first { T::FeedPriority::get() } else { 0 };
		Ok((ValidTransaction { priority, ..Default::default() }, (), origin))
	}

	fn prepare(
		self,
		_val: Self::Val,
		_origin: &T::RuntimeOrigin,
		call: &T::RuntimeCall,
		_info: &DispatchInfoOf<T::RuntimeCall>,
		_len: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		if !T::IsFeed::contains(call) {
			Pallet::<T>::do_accept_ticks();
		}
		Ok(())
	}
}
