//! The pallets whose weights can be measured on this runtime.

frame_benchmarking::define_benchmarks!(
	[pallet_balances, Balances]
	[pallet_membership, OracleMembers]
	[pallet_multisig, Multisig]
	[pallet_proxy, Proxy]
	[pallet_sudo, Sudo]
	[pallet_timestamp, Timestamp]
	[pallet_utility, Utility]
	[orml_oracle, SpotOracle]
	[orml_oracle, VolatilityOracle]
);
