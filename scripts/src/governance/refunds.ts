// Deposits of referenda that are over. The chain gives nothing back by itself: anybody may ask it to, for whoever
// placed them.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { send } from "../lib/chain.ts";
import { referendum, type Referendum } from "./referenda.ts";

/** The calls that give back what can be had back, and what cannot, for people. */
export function refunds(found: Referendum): { calls: string[]; kept: string | undefined } {
	if (found.ongoing) return { calls: [], kept: undefined };
	const { ending, deposits } = found;
	const both = ending === "approved" || ending === "cancelled";
	const calls = [
		...(deposits.decision ? ["refundDecisionDeposit"] : []),
		...(deposits.submission && both ? ["refundSubmissionDeposit"] : []),
	];
	const kept = deposits.submission && !both ? `the submission deposit stays reserved: the referendum was ${ending}` : undefined;
	return { calls, kept };
}

/** Takes back, if somebody signs, what deposits of a referendum that is over can be had; returns lines for people. */
export async function takeBack(api: ApiPromise, index: number, who: KeyringPair | undefined): Promise<string[]> {
	const found = await referendum(api, index);
	if (!found) return [];
	const { calls, kept } = refunds(found);
	const lines = kept === undefined ? [] : [kept];
	if (calls.length === 0) return lines;
	const names = calls.map((name) => `referenda.${name}(${index})`).join(" and ");
	if (!who) return [`deposits come back by ${names}, which anybody may call`, ...lines];
	try {
		await send(api, who, api.tx["utility"]!["batchAll"]!(calls.map((name) => api.tx["referenda"]![name]!(index))));
		return [`deposits are back: ${names}`, ...lines];
	} catch (error) {
		return [`deposits are not back (${error instanceof Error ? error.message : error}): call ${names}`, ...lines];
	}
}
