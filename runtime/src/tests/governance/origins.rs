//! Which origin each call needs: found by making every call there is, with each of them.

use super::{on_a_chain, root};
use crate::{
	governance::{origins::Origin, TechnicalCollective},
	AccountId, OriginCaller, RiskParams, Runtime, RuntimeCall, RuntimeOrigin,
};
use core::fmt::Write;
use frame_support::{
	dispatch::RawOrigin,
	storage::{with_transaction, TransactionOutcome},
	traits::{CallMetadata, GetCallMetadata, PalletInfoAccess},
};
use parity_scale_codec::Decode;
use sp_keyring::Sr25519Keyring::Bob;
use sp_runtime::{
	traits::{Dispatchable, TrailingZeroInput},
	DispatchError,
};
use std::collections::BTreeMap;
use std::{fs, path::PathBuf};

type RawMembers = pallet_collective::RawOrigin<AccountId, TechnicalCollective>;

const BEGIN: &str = "<!-- origins -->\n";
const END: &str = "<!-- end of origins -->\n";

/// Every call of the runtime with zeros for arguments, or a one and then zeros where the first is an
/// enumeration that has no nought.
fn every_call() -> Vec<RuntimeCall> {
	let call = |bytes: &[u8]| RuntimeCall::decode(&mut TrailingZeroInput::new(bytes)).ok();
	let mut calls = Vec::new();
	for pallet in 0..=u8::MAX {
		for index in 0..=u8::MAX {
			calls.extend(call(&[pallet, index]).or_else(|| call(&[pallet, index, 1])));
		}
	}
	calls
}

fn names(call: &RuntimeCall) -> (&'static str, &'static str) {
	let CallMetadata { pallet_name, function_name } = call.get_call_metadata();
	(pallet_name, function_name)
}

/// Everything that `pallet-risk-params` stores.
pub(super) fn thresholds() -> Vec<(Vec<u8>, Vec<u8>)> {
	let prefix = sp_io::hashing::twox_128(RiskParams::name().as_bytes());
	let mut stored = Vec::new();
	let mut key = prefix.to_vec();
	while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
		stored.push((next.clone(), sp_io::storage::get(&next).unwrap().to_vec()));
		key = next;
	}
	stored
}

/// What a call comes to with an origin, and whether it has changed a threshold. Nothing stays.
fn tried(call: &RuntimeCall, origin: OriginCaller) -> (Result<(), DispatchError>, bool) {
	let before = thresholds();
	let tried = with_transaction(|| {
		let result = call.clone().dispatch(RuntimeOrigin::from(origin));
		let result = result.map(|_| ()).map_err(|refused| refused.error);
		TransactionOutcome::Rollback(Ok::<_, DispatchError>((result, thresholds() != before)))
	});
	tried.unwrap()
}

/// The origins that are tried, with their names. Bob has no key of sudo.
fn origins() -> Vec<(&'static str, OriginCaller)> {
	vec![
		("signed", RawOrigin::Signed(Bob.to_account_id()).into()),
		("Root", root()),
		("WhitelistedCaller", Origin::WhitelistedCaller.into()),
		("RiskAdmin", Origin::RiskAdmin.into()),
		("RiskGuardian", Origin::RiskGuardian.into()),
		("OracleAdmin", Origin::OracleAdmin.into()),
		("ListingAdmin", Origin::ListingAdmin.into()),
		("ReferendumCanceller", Origin::ReferendumCanceller.into()),
		("ReferendumKiller", Origin::ReferendumKiller.into()),
		("BigSpender", Origin::BigSpender.into()),
		("two thirds of the technical collective", RawMembers::Members(2, 3).into()),
	]
}

#[test]
fn every_call_is_found() {
	let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
	for call in every_call() {
		let (pallet, name) = names(&call);
		found.entry(pallet).or_default().push(name);
	}
	for pallet in RuntimeCall::get_module_names() {
		for name in RuntimeCall::get_call_names(pallet) {
			let is_found = found.get(pallet).is_some_and(|calls| calls.contains(name));
			assert!(is_found, "{pallet}.{name}");
		}
	}
}

#[test]
fn no_signed_call_changes_a_threshold() {
	on_a_chain(|| {
		let signed = || OriginCaller::from(RawOrigin::Signed(Bob.to_account_id()));
		for call in every_call() {
			let (result, changed) = tried(&call, signed());
			assert!(!changed, "{call:?}");
			if names(&call).0 == RiskParams::name() {
				assert_eq!(result, Err(DispatchError::BadOrigin), "{call:?}");
			}
		}
	});
}

/// For each pallet, its calls by the origins that are not refused as such.
fn table() -> String {
	let mut by_origins: BTreeMap<(usize, String), Vec<&str>> = BTreeMap::new();
	let modules = RuntimeCall::get_module_names();
	for call in every_call() {
		let (pallet, name) = names(&call);
		// Root's needs an executor, to read the version of the new code.
		let allowed = match (pallet, name) {
			("System", "set_code") => "Root".to_string(),
			_ => origins()
				.into_iter()
				.filter(|(_, origin)| {
					let refused = tried(&call, origin.clone()).0.err();
					// One origin may do less than the pallet would let it.
					let filtered = frame_system::Error::<Runtime>::CallFiltered.into();
					refused != Some(DispatchError::BadOrigin) && refused != Some(filtered)
				})
				.map(|(name, _)| name)
				.collect::<Vec<_>>()
				.join(", "),
		};
		let position = modules.iter().position(|module| *module == pallet).unwrap();
		by_origins.entry((position, allowed)).or_default().push(name);
	}
	let mut table = String::from("\n| pallet | calls | origins |\n|---|---|---|\n");
	for ((position, allowed), calls) in by_origins {
		let calls: Vec<String> = calls.iter().map(|call| format!("`{call}`")).collect();
		let allowed = if allowed.is_empty() { "none of these" } else { &allowed };
		writeln!(table, "| {} | {} | {allowed} |", modules[position], calls.join(", ")).unwrap();
	}
	table.push('\n');
	table
}

#[test]
fn the_document_says_which_origin_each_call_needs() {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/origins.md");
	let document = fs::read_to_string(&path).unwrap();
	let begin = document.find(BEGIN).unwrap() + BEGIN.len();
	let end = document.find(END).unwrap();
	on_a_chain(|| {
		let table = table();
		if std::env::var("BALLAST_WRITE_GOVERNANCE").is_ok() {
			let written = [&document[..begin], &table, &document[end..]].concat();
			fs::write(&path, written).unwrap();
			return;
		}
		assert_eq!(&document[begin..end], table, "write it anew: BALLAST_WRITE_GOVERNANCE=1");
	});
}
