//! What the pallet tells.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet, imported into it by `lib.rs`.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The risk of an underlying was set. All of it is in force from this block on, unless `RampBegun`
		/// follows.
		UnderlyingRiskSet {
			/// The underlying.
			underlying: UnderlyingId,
			/// Its risk.
			risk: UnderlyingRisk,
		},
		/// The oracle rules of an underlying were set.
		OracleRulesSet {
			/// The underlying.
			underlying: UnderlyingId,
			/// Its oracle rules.
			rules: OracleRules,
		},
		/// The margin rules were set: from this block on, unless `RampBegun` follows.
		MarginRulesSet {
			/// The rules.
			rules: MarginRules,
		},
		/// The rules of cash were set: from this block on, unless `RampBegun` follows.
		CashRulesSet {
			/// The rules.
			rules: CashRules,
		},
		/// The liquidation rules were set.
		LiquidationRulesSet {
			/// The rules.
			rules: LiquidationRules,
		},
		/// The rules of the mutual pool were set: from this block on, unless `RampBegun` follows.
		PoolRulesSet {
			/// The rules.
			rules: PoolRules,
		},
		/// The bounds of option vaults were set.
		VaultRulesSet {
			/// The rules.
			rules: VaultRules,
		},
		/// The rules of the insurance fund, the waterfall and revenue were set.
		FundRulesSet {
			/// The rules.
			rules: FundRules,
		},
		/// The rules of trades between two accounts were set.
		TradeRulesSet {
			/// The rules.
			rules: TradeRules,
		},
		/// The guardian has tightened a group. Of each figure the tighter is in force, this or that of
		/// governance; what raises maintenance margin comes in steps.
		Guarded {
			/// The group, and what the guardian asks for.
			value: GuardedValue,
			/// The first block in which all of it is in force.
			arrives: BlockNumberFor<T>,
			/// The first block in which the guard is over.
			until: BlockNumberFor<T>,
		},
		/// What the guardian has made of a group is over; what governance has is in force, as far as its own
		/// ramp has come.
		GuardEnded {
			/// The group.
			key: GroupKey,
			/// Why.
			reason: GuardEnd,
		},
		/// An underlying was closed to new open interest.
		UnderlyingHalted {
			/// The underlying.
			underlying: UnderlyingId,
			/// The first block in which it is open again.
			until: BlockNumberFor<T>,
		},
		/// An underlying is open to new open interest again.
		HaltEnded {
			/// The underlying.
			underlying: UnderlyingId,
			/// Why.
			reason: GuardEnd,
		},
		/// A group is on its way to the value that governance has set before this event. `riskParamsApi.ramps` shows
		/// where it comes from and where it goes.
		RampBegun {
			/// The group.
			key: GroupKey,
			/// The first block in which all of the new value is in force.
			ends: BlockNumberFor<T>,
		},
		/// A group is no longer on its way.
		RampEnded {
			/// The group.
			key: GroupKey,
			/// Why.
			reason: RampEnd,
		},
	}
}
