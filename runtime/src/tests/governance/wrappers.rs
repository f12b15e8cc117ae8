//! No way of handing a call of `pallet-risk-params` on makes somebody else of who signs it.

use super::{on_a_chain, origins::thresholds, pass_blocks};
use crate::{
	configs::utility::ProxyType,
	genesis::clearing,
	governance::{origins::Origin, TechnicalCollective},
	AccountId, BlockNumber, Multisig, OriginCaller, Proxy, RiskParams, Runtime, RuntimeCall,
	RuntimeEvent, RuntimeOrigin, System,
};
use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	Ratio, UnderlyingId, Usd,
};
use ballast_traits::RiskParameters;
use frame_support::{
	assert_ok,
	dispatch::RawOrigin,
	storage::{with_transaction, TransactionOutcome},
	traits::{GetCallMetadata, PalletInfoAccess},
	weights::Weight,
};
use pallet_risk_params::{Call, GroupKey, GuardedValue};
use parity_scale_codec::Encode;
use sp_keyring::Sr25519Keyring::{Bob, Charlie};
use sp_runtime::{
	traits::{BlakeTwo256, Dispatchable, Hash},
	DispatchError,
};
use std::collections::BTreeSet;

type RawMembers = pallet_collective::RawOrigin<AccountId, TechnicalCollective>;

const BTC: UnderlyingId = UnderlyingId(1);
const ETH: UnderlyingId = UnderlyingId(2);
const DOT: UnderlyingId = UnderlyingId(3);

/// A twentieth more.
fn more(value: Ratio) -> Ratio {
	Ratio::from_inner(value.into_inner() * 105 / 100)
}

/// A scan floor a little higher.
fn tighter(underlying: UnderlyingId) -> UnderlyingRisk {
	let risk = RiskParams::underlying(underlying).unwrap();
	UnderlyingRisk { scan_floor: more(risk.scan_floor), ..risk }
}

fn cash() -> CashRules {
	let rules = RiskParams::cash();
	CashRules { interest_margin: more(rules.interest_margin), ..rules }
}

fn soon() -> BlockNumber {
	System::block_number() + 20
}

/// Something there for every call to end.
fn prepare() {
	let guard = GuardedValue::Underlying(ETH, tighter(ETH));
	assert_ok!(RiskParams::guard(RuntimeOrigin::root(), guard, soon()));
	assert_ok!(RiskParams::halt(RuntimeOrigin::root(), DOT, soon()));
	assert_ok!(RiskParams::ramp(RuntimeOrigin::root(), GuardedValue::Cash(cash()), 20));
	// A group changes once in a block.
	pass_blocks(1);
}

/// Every call of the pallet, each of which changes something if root makes it.
fn calls() -> Vec<RuntimeCall> {
	let (margin, liquidation) = (RiskParams::margin(), RiskParams::liquidation());
	let (pool, funds, trades) = (RiskParams::pool(), RiskParams::funds(), RiskParams::trades());
	let insurance_target = Usd::from_inner(funds.insurance_target.into_inner() * 21 / 20);
	let margin = MarginRules { initial_factor: more(margin.initial_factor), ..margin };
	let calls: Vec<Call<Runtime>> = vec![
		Call::set_underlying_risk { underlying: BTC, value: tighter(BTC) },
		Call::set_oracle_rules {
			underlying: BTC,
			value: OracleRules { operators_min: 2, ..clearing::replay_oracle_rules() },
		},
		Call::set_margin_rules { value: margin.clone() },
		Call::set_liquidation_rules {
			value: LiquidationRules { penalty: more(liquidation.penalty), ..liquidation },
		},
		Call::set_pool_rules {
			value: PoolRules { spread_of_mark: more(pool.spread_of_mark), ..pool },
		},
		Call::set_cash_rules { value: cash() },
		Call::set_vault_rules { value: VaultRules { auction_min: 800, ..RiskParams::vaults() } },
		Call::guard { value: GuardedValue::Underlying(BTC, tighter(BTC)), until: soon() },
		Call::halt { underlying: BTC, until: soon() },
		Call::lift_guard { key: GroupKey::Underlying(ETH) },
		Call::lift_halt { underlying: DOT },
		Call::set_fund_rules { value: FundRules { insurance_target, ..funds } },
		Call::set_trade_rules {
			value: TradeRules { collar_share: more(trades.collar_share), ..trades },
		},
		Call::ramp { value: GuardedValue::Margin(margin), over: 20 },
		Call::cancel_ramp { key: GroupKey::Cash },
	];
	calls.into_iter().map(RuntimeCall::from).collect()
}

/// What wraps a call: the transactions that it takes, of which the last one makes it.
type Wrapper = fn(RuntimeCall) -> Vec<(OriginCaller, RuntimeCall)>;

fn bob() -> OriginCaller {
	RawOrigin::Signed(Bob.to_account_id()).into()
}

fn by_bob(call: impl Into<RuntimeCall>) -> Vec<(OriginCaller, RuntimeCall)> {
	vec![(bob(), call.into())]
}

/// Two of Bob and Charlie.
fn as_multi(call: RuntimeCall) -> Vec<(OriginCaller, RuntimeCall)> {
	let by = |who: AccountId, other, maybe_timepoint| {
		let call = pallet_multisig::Call::as_multi {
			threshold: 2,
			other_signatories: vec![other],
			maybe_timepoint,
			call: Box::new(call.clone()),
			max_weight: Weight::MAX,
		};
		(RawOrigin::Signed(who).into(), call.into())
	};
	let (bob, charlie) = (Bob.to_account_id(), Charlie.to_account_id());
	vec![by(bob.clone(), charlie.clone(), None), by(charlie, bob, Some(Multisig::timepoint()))]
}

const WRAPPERS: [(&str, Wrapper); 19] = [
	("none", |call| by_bob(call)),
	("batch", |call| by_bob(pallet_utility::Call::batch { calls: vec![call] })),
	("batch_all", |call| by_bob(pallet_utility::Call::batch_all { calls: vec![call] })),
	("force_batch", |call| by_bob(pallet_utility::Call::force_batch { calls: vec![call] })),
	("as_derivative", |call| {
		by_bob(pallet_utility::Call::as_derivative { index: 0, call: Box::new(call) })
	}),
	("if_else", |call| {
		let (main, fallback) = (Box::new(call.clone()), Box::new(call));
		by_bob(pallet_utility::Call::if_else { main, fallback })
	}),
	("dispatch_as", |call| {
		let as_origin = Box::new(super::root());
		by_bob(pallet_utility::Call::dispatch_as { as_origin, call: Box::new(call) })
	}),
	("dispatch_as_fallible", |call| {
		let as_origin = Box::new(super::root());
		by_bob(pallet_utility::Call::dispatch_as_fallible { as_origin, call: Box::new(call) })
	}),
	("with_weight", |call| {
		by_bob(pallet_utility::Call::with_weight { call: Box::new(call), weight: Weight::zero() })
	}),
	("proxy", |call| {
		let real = Charlie.to_account_id().into();
		let call = Box::new(call);
		by_bob(pallet_proxy::Call::proxy { real, force_proxy_type: None, call })
	}),
	("proxy_announced", |call| {
		let (delegate, real) = (Bob.to_account_id().into(), Charlie.to_account_id().into());
		let call = Box::new(call);
		by_bob(pallet_proxy::Call::proxy_announced { delegate, real, force_proxy_type: None, call })
	}),
	("as_multi_threshold_1", |call| {
		let other_signatories = vec![Charlie.to_account_id()];
		let call = Box::new(call);
		by_bob(pallet_multisig::Call::as_multi_threshold_1 { other_signatories, call })
	}),
	("as_multi", as_multi),
	("sudo", |call| by_bob(pallet_sudo::Call::sudo { call: Box::new(call) })),
	("sudo_as", |call| {
		let who = Charlie.to_account_id().into();
		by_bob(pallet_sudo::Call::sudo_as { who, call: Box::new(call) })
	}),
	("schedule", |call| {
		let (when, call) = (soon(), Box::new(call));
		let maybe_periodic = None;
		by_bob(pallet_scheduler::Call::schedule { when, maybe_periodic, priority: 0, call })
	}),
	("whitelisted", |call| {
		let call = Box::new(call);
		by_bob(pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { call })
	}),
	// Bob is a member.
	("execute", |call| {
		let length_bound = u32::try_from(call.encoded_size()).unwrap();
		by_bob(pallet_collective::Call::execute { proposal: Box::new(call), length_bound })
	}),
	("propose", |call| {
		let length_bound = u32::try_from(call.encoded_size()).unwrap();
		let proposal = Box::new(call);
		by_bob(pallet_collective::Call::propose { threshold: 1, proposal, length_bound })
	}),
];

/// The error of the call inside, where the one around it has succeeded.
fn error_inside(event: RuntimeEvent) -> Option<DispatchError> {
	use pallet_collective::Event::{Executed, MemberExecuted};
	match event {
		RuntimeEvent::Utility(
			pallet_utility::Event::BatchInterrupted { error, .. }
			| pallet_utility::Event::ItemFailed { error },
		) => Some(error),
		RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => result.err(),
		RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result, .. }) => {
			result.err()
		}
		RuntimeEvent::TechnicalCommittee(
			Executed { result, .. } | MemberExecuted { result, .. },
		) => result.err(),
		_ => None,
	}
}

/// Makes these calls and takes them back: why the last of them, or the one inside it, failed, and whether a
/// threshold has changed.
fn attempt(transactions: Vec<(OriginCaller, RuntimeCall)>) -> (Option<DispatchError>, bool) {
	let before = thresholds();
	let attempted = with_transaction(|| {
		let mut error = None;
		for (origin, call) in transactions {
			System::reset_events();
			let result = call.dispatch(RuntimeOrigin::from(origin));
			error = result.err().map(|refused| refused.error);
		}
		let inside = || System::events().into_iter().find_map(|one| error_inside(one.event));
		let outcome = (error.or_else(inside), thresholds() != before);
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(outcome))
	});
	attempted.unwrap()
}

#[test]
fn root_changes_something_with_every_call() {
	on_a_chain(|| {
		prepare();
		let mut found = BTreeSet::new();
		for call in calls() {
			assert_eq!(attempt(vec![(super::root(), call.clone())]), (None, true), "{call:?}");
			found.insert(call.get_call_metadata().function_name);
		}
		let all = RuntimeCall::get_call_names(RiskParams::name());
		assert_eq!(found, all.iter().copied().collect());
	});
}

#[test]
fn whoever_signs_changes_nothing_however_it_is_wrapped() {
	on_a_chain(|| {
		prepare();
		let real = RuntimeOrigin::signed(Charlie.to_account_id());
		assert_ok!(Proxy::add_proxy(real, Bob.to_account_id().into(), ProxyType::Any, 0));
		for call in calls() {
			for (name, wrapper) in WRAPPERS {
				let (error, changed) = attempt(wrapper(call.clone()));
				assert!(!changed, "{name}: {call:?}");
				let expected = match name {
					"proxy_announced" => pallet_proxy::Error::<Runtime>::Unannounced.into(),
					"sudo" | "sudo_as" => pallet_sudo::Error::<Runtime>::RequireSudo.into(),
					_ => DispatchError::BadOrigin,
				};
				assert_eq!(error, Some(expected), "{name}: {call:?}");
			}
		}
	});
}

#[test]
fn neither_do_spenders_members_or_nobody() {
	on_a_chain(|| {
		prepare();
		let origins: Vec<OriginCaller> = vec![
			RawOrigin::None.into(),
			Origin::SmallSpender.into(),
			Origin::MediumSpender.into(),
			Origin::BigSpender.into(),
			Origin::WhitelistedCaller.into(),
			Origin::ReferendumCanceller.into(),
			Origin::ReferendumKiller.into(),
			RawMembers::Member(Bob.to_account_id()).into(),
			RawMembers::Members(1, 3).into(),
			RawMembers::Members(2, 3).into(),
			RawMembers::Members(3, 3).into(),
		];
		for origin in origins {
			for call in calls() {
				let batch = pallet_utility::Call::batch_all { calls: vec![call.clone()] };
				for call in [call, batch.into()] {
					let refused = (Some(DispatchError::BadOrigin), false);
					assert_eq!(attempt(vec![(origin.clone(), call.clone())]), refused, "{call:?}");
				}
			}
		}
	});
}

#[test]
fn a_whitelisted_call_is_made_by_the_track_only() {
	on_a_chain(|| {
		prepare();
		for call in calls() {
			let call_hash = BlakeTwo256::hash_of(&call);
			assert_ok!(crate::Whitelist::whitelist_call(RuntimeOrigin::root(), call_hash));
			let dispatch = pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
				call: Box::new(call),
			};
			let (error, changed) = attempt(by_bob(dispatch));
			assert_eq!((error, changed), (Some(DispatchError::BadOrigin), false));
		}
	});
}
