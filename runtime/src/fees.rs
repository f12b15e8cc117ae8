//! Fees as `pallet-transaction-payment` charges them, without letting a tip buy a place before a
//! price feed.

use crate::{priorities::USER_MAX, Runtime, RuntimeCall, RuntimeOrigin};
use frame_support::{dispatch::DispatchResult, weights::Weight};
use pallet_transaction_payment::ChargeTransactionPayment;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{
		DispatchInfoOf, Implication, PostDispatchInfoOf, TransactionExtension, ValidateResult,
	},
	transaction_validity::{TransactionSource, TransactionValidityError},
};

type Charge = ChargeTransactionPayment<Runtime>;

/// Charges exactly what [`ChargeTransactionPayment`] charges, under the same name and in the same
/// encoding, and caps the priority that a tip buys at [`USER_MAX`]. Upstream's priority saturates
/// at the greatest number there is: who tips enough would trade before the feed that is about to
/// move the price.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ChargeFees(Charge);

impl ChargeFees {
	/// With this tip, in the native token.
	pub fn from_tip(tip: crate::Balance) -> Self {
		Self(Charge::from(tip))
	}
}

impl TransactionExtension<RuntimeCall> for ChargeFees {
	const IDENTIFIER: &'static str = <Charge as TransactionExtension<RuntimeCall>>::IDENTIFIER;
	type Implicit = ();
	type Val = <Charge as TransactionExtension<RuntimeCall>>::Val;
	type Pre = <Charge as TransactionExtension<RuntimeCall>>::Pre;

	fn weight(&self, call: &RuntimeCall) -> Weight {
		self.0.weight(call)
	}

	fn validate(
		&self,
		origin: RuntimeOrigin,
		call: &RuntimeCall,
		info: &DispatchInfoOf<RuntimeCall>,
		len: usize,
		implicit: (),
		implication: &impl Implication,
		source: TransactionSource,
	) -> ValidateResult<Self::Val, RuntimeCall> {
		let (mut valid, val, origin) =
			self.0.validate(origin, call, info, len, implicit, implication, source)?;
		valid.priority = valid.priority.min(USER_MAX);
		Ok((valid, val, origin))
	}

	fn prepare(
		self,
		val: Self::Val,
		origin: &RuntimeOrigin,
		call: &RuntimeCall,
		info: &DispatchInfoOf<RuntimeCall>,
		len: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		self.0.prepare(val, origin, call, info, len)
	}

	fn post_dispatch_details(
		pre: Self::Pre,
		info: &DispatchInfoOf<RuntimeCall>,
		post_info: &PostDispatchInfoOf<RuntimeCall>,
		len: usize,
		result: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		Charge::post_dispatch_details(pre, info, post_info, len, result)
	}
}
