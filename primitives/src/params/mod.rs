//! Governed thresholds: one value per group, so that related thresholds are validated together.
//!
//! These are plain types; `pallet-risk-params` owns their hard ranges, greatest steps and the rules
//! between fields. Default values are those of the parameter study in `docs/parameters.md`.

mod cash;
mod funds;
mod liquidation;
mod margin;
mod oracle;
mod pool;
mod trades;
mod underlying;
mod vaults;

pub use cash::CashRules;
pub use funds::FundRules;
pub use liquidation::LiquidationRules;
pub use margin::{MarginRules, ScenarioRule, ScenarioSet, SpotMove, VolMove, MAX_SCENARIOS};
pub use oracle::OracleRules;
pub use pool::PoolRules;
pub use trades::TradeRules;
pub use underlying::{OpeningFault, UnderlyingRisk};
pub use vaults::VaultRules;

/// The derives of every group.
macro_rules! group {
	($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $ty:ty,)* }) => {
		$(#[$doc])*
		#[derive(
			Clone, Debug, PartialEq, Eq, parity_scale_codec::Encode, parity_scale_codec::Decode,
			parity_scale_codec::DecodeWithMemTracking, parity_scale_codec::MaxEncodedLen,
			scale_info::TypeInfo, serde::Serialize, serde::Deserialize,
		)]
		pub struct $name { $($(#[$field_doc])* pub $field: $ty,)* }
	};
}
pub(crate) use group;
