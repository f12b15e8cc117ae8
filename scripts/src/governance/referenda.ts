// Referenda as the chain's storage has them.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import type { Codec } from "@polkadot/types/types";
import { bnToU8a, compactAddLength, stringToU8a, u8aConcat } from "@polkadot/util";
import { blake2AsHex } from "@polkadot/util-crypto";
import { big } from "../lib/views.ts";
import { decode } from "./calls.ts";
import { BILLION } from "./tracks.ts";

type Json = Record<string, unknown>;

/** A referendum that is not over. */
export interface Ongoing {
	track: number;
	/** The origin that the call will have: `RiskAdmin`, `Root`. */
	origin: string;
	/** The bounded call, as the storage has it. */
	proposal: Json;
	submitted: number;
	hasDecisionDeposit: boolean;
	/** Block in which the decision began. */
	decidingSince: number | undefined;
	/** Block in which confirmation ends if nothing changes. */
	confirmingUntil: number | undefined;
	inQueue: boolean;
	ayes: bigint;
	nays: bigint;
	/** Tokens that voted for it, without conviction. */
	support: bigint;
}

/** How a referendum ended, and in which block. `approved`: its call is scheduled. */
export type Ending = "approved" | "rejected" | "cancelled" | "timedOut" | "killed";

/** Which of its deposits are still reserved, whether they can be had back or not. */
export interface Deposits {
	submission: boolean;
	decision: boolean;
}

export type Referendum =
	| { ongoing: Ongoing; ending?: undefined }
	| { ongoing?: undefined; ending: Ending; block: number; deposits: Deposits };

/** The referendum of a number, now or at a block; nothing if there is none. */
export async function referendum(
	api: ApiPromise,
	index: number,
	block?: number,
): Promise<Referendum | undefined> {
	const query = block === undefined ? api.query : (await api.at(await api.rpc.chain.getBlockHash(block))).query;
	return understood(await query["referenda"]!["referendumInfoFor"]!(index));
}

/** All referenda that are not over, by number. */
export async function inProgress(api: ApiPromise): Promise<[number, Ongoing][]> {
	const entries = await api.query["referenda"]!["referendumInfoFor"]!.entries();
	return entries
		.flatMap(([key, info]): [number, Ongoing][] => {
			const found = understood(info);
			return found?.ongoing ? [[Number(key.args[0]!.toString()), found.ongoing]] : [];
		})
		.sort(([a], [b]) => a - b);
}

function understood(info: Codec): Referendum | undefined {
	// Not `toPrimitive`, which renames `hash`.
	const json = info.toJSON() as Json | null;
	if (!json) return undefined;
	const [kind, value] = Object.entries(json)[0]!;
	if (kind !== "ongoing") {
		// A killed one has its block alone.
		const [block, submission, decision] = Array.isArray(value) ? value : [value];
		return {
			ending: kind as Ending,
			block: Number(block),
			deposits: { submission: Boolean(submission), decision: Boolean(decision) },
		};
	}
	const found = value as Json;
	const deciding = found["deciding"] as { since: number; confirming: number | null } | null;
	const tally = found["tally"] as Json;
	return {
		ongoing: {
			track: Number(found["track"]),
			origin: originName(found["origin"] as Json),
			proposal: found["proposal"] as Json,
			submitted: Number(found["submitted"]),
			hasDecisionDeposit: found["decisionDeposit"] !== null,
			decidingSince: deciding?.since,
			confirmingUntil: deciding?.confirming ?? undefined,
			inQueue: found["inQueue"] === true,
			ayes: big(tally["ayes"]),
			nays: big(tally["nays"]),
			support: big(tally["support"]),
		},
	};
}

function originName(origin: Json): string {
	const [pallet, inner] = Object.entries(origin)[0]!;
	if (typeof inner === "string") return inner;
	const name = Object.keys(inner as Json)[0] ?? pallet;
	return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The call that a referendum would make; nothing while nobody has noted its preimage. */
export async function proposedCall(api: ApiPromise, { proposal }: Ongoing): Promise<RuntimeCall | undefined> {
	const [kind, value] = Object.entries(proposal)[0]!;
	if (kind === "inline") return decode(api, value as string);
	const { hash, len } = value as { hash: string; len: number };
	const image = await api.query["preimage"]!["preimageFor"]!([hash, len]);
	if (image.isEmpty) return undefined;
	return decode(api, (image as unknown as { unwrap(): { toU8a(bare: true): Uint8Array } }).unwrap().toU8a(true));
}

/** Shares of the votes and of all tokens that are for it, in billionths, rounded down. */
export async function standing(
	api: ApiPromise,
	{ ayes, nays, support }: Ongoing,
): Promise<{ approval: bigint; support: bigint }> {
	const [total, inactive] = await Promise.all([
		api.query["balances"]!["totalIssuance"]!(),
		api.query["balances"]!["inactiveIssuance"]!(),
	]);
	const electorate = big(total.toString()) - big(inactive.toString());
	const votes = ayes + nays;
	return {
		approval: votes === 0n ? 0n : (ayes * BILLION) / votes,
		support: electorate === 0n ? 0n : (support * BILLION) / electorate,
	};
}

/** The name under which the scheduler keeps the call of an approved referendum. */
export function taskName(index: number): string {
	const text = compactAddLength(stringToU8a("enactment"));
	return blake2AsHex(u8aConcat(stringToU8a("assembly"), text, bnToU8a(index, { bitLength: 32 })), 256);
}
