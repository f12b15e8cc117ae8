// What a validator does on the chain: joins, changes its keys, leaves.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { blocksFrom, send, type Call } from "../lib/chain.ts";
import { blocksAsTime, type Say } from "../lib/progress.ts";
import { big } from "../lib/views.ts";
import { blockSeconds, wholeToken } from "../governance/tracks.ts";
import { authorOf, slotsLeft, standingOf, type Standing } from "./session.ts";

/** An amount for people. */
export function blst(api: ApiPromise, amount: bigint): string {
	return `${Number((amount * 10_000n) / wholeToken(api)) / 10_000} BLST`;
}

/** What is to be done: in words, and as one transaction. */
export interface Plan {
	words: string[];
	calls: Call[];
}

/** Bonds what is missing of a stake, sets session keys, and stands for election. */
export async function joining(
	api: ApiPromise,
	stash: string,
	wanted: { stake: bigint; commission: number; payee: string; keys: string },
): Promise<Plan> {
	const { staking, session } = api.tx;
	const plan: Plan = { words: [], calls: [] };
	const [standing, least, account] = await Promise.all([
		standingOf(api, stash),
		api.query["staking"]!["minValidatorBond"]!(),
		api.query["system"]!["account"]!(stash),
	]);
	if (wanted.stake < big(least.toString())) {
		throw new Error(`a validator stakes at least ${blst(api, big(least.toString()))}`);
	}
	const missing = wanted.stake - standing.bonded;
	const { data } = account.toPrimitive() as { data: { free: unknown } };
	if (missing > big(data.free)) {
		throw new Error(`${stash} has ${blst(api, big(data.free))} free, and ${blst(api, missing)} are to be bonded`);
	}
	if (standing.bonded === 0n) {
		plan.words.push(`bond ${blst(api, wanted.stake)}; rewards go to ${wanted.payee}`);
		plan.calls.push(staking!["bond"]!(wanted.stake, wanted.payee));
	} else if (missing > 0n) {
		plan.words.push(`bond ${blst(api, missing)} more`);
		plan.calls.push(staking!["bondExtra"]!(missing));
	}
	if (standing.keys !== wanted.keys) {
		plan.words.push("set session keys, which the node makes and keeps");
		plan.calls.push(session!["setKeys"]!(wanted.keys, "0x"));
	}
	plan.words.push(`stand for election with a commission of ${wanted.commission}%`);
	const commission = BigInt(Math.round(wanted.commission * 1e7));
	plan.calls.push(staking!["validate"]!({ commission, blocked: false }));
	return plan;
}

/** Takes the candidacy back and begins to take all of the stake out. */
export async function leaving(api: ApiPromise, stash: string): Promise<Plan> {
	const { bonded, prefs } = await standingOf(api, stash);
	const plan: Plan = { words: [], calls: [] };
	if (prefs) {
		plan.words.push("be no candidate any more; keep the node running until it is out of the session");
		plan.calls.push(api.tx["staking"]!["chill"]!());
	}
	if (bonded > 0n) {
		const eras = api.consts["staking"]!["bondingDuration"]!.toString();
		plan.words.push(`unbond ${blst(api, bonded)}: free after ${eras} eras, until then it can be slashed`);
		plan.calls.push(api.tx["staking"]!["unbond"]!(bonded));
	}
	if (plan.calls.length === 0) throw new Error(`${stash} is no candidate and has nothing bonded`);
	return plan;
}

/** Takes out what is free. With the last of it go the session keys. */
export async function withdrawing(api: ApiPromise, stash: string): Promise<Plan> {
	const { bonded, unlocking, keys, now, next } = await standingOf(api, stash);
	// The era that is planned decides, which is a session ahead of the active one.
	const era = Number((await api.query["staking"]!["currentEra"]!()).toString());
	const free = unlocking.filter((one) => one.era <= era);
	if (free.length === 0) {
		const first = unlocking[0];
		throw new Error(first ? `nothing is free before era ${first.era}; it is era ${era}` : "nothing is unbonded");
	}
	const plan: Plan = { words: [], calls: [] };
	const all = bonded === 0n && free.length === unlocking.length;
	if (all && keys) {
		if (now || next) throw new Error("the account is still in the session: its keys are needed");
		plan.words.push("remove the session keys");
		plan.calls.push(api.tx["session"]!["purgeKeys"]!());
	}
	plan.words.push(`take out ${blst(api, free.reduce((sum, { value }) => sum + value, 0n))}`);
	const spans = (await api.query["staking"]!["slashingSpans"]!(stash)).toPrimitive() as { prior: unknown[] } | null;
	plan.calls.push(api.tx["staking"]!["withdrawUnbonded"]!(spans ? spans.prior.length + 1 : 0));
	return plan;
}

/** Does what was planned, all or nothing. */
export async function carryOut(api: ApiPromise, who: KeyringPair, { calls }: Plan): Promise<void> {
	await send(api, who, calls.length === 1 ? calls[0]! : api.tx["utility"]!["batchAll"]!(calls));
}

/** Follows a candidate until it has authored a block; gives the block. */
export async function untilAuthoring(api: ApiPromise, stash: string, say: Say): Promise<number> {
	for await (const block of blocksFrom(api)) {
		const standing = await standingOf(api, stash);
		if (standing.now && (await authorOf(api, block)) === stash) return block;
		const left = await slotsLeft(api);
		const session = `the session ends in ${left} slots (${blocksAsTime(left, blockSeconds(api))})`;
		const phase = phaseOf(standing);
		say(`block ${block}, era ${standing.era}: ${phase}; ${session}`, phase);
	}
	throw new Error("the chain has no more blocks");
}

/** What somebody who wants to validate waits for. */
export function phaseOf({ prefs, now, next, bonded, keys, disabled }: Standing): string {
	if (disabled) return "disabled for an offence";
	if (now) return next ? "elected, and in the session" : "in the session, not in the next";
	if (next) return "elected for the next session";
	if (prefs) return keys ? "a candidate, not elected yet" : "a candidate without session keys";
	return bonded > 0n ? "bonded, no candidate" : "not bonded";
}
