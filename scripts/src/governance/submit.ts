// A proposal on the chain: preimage, referendum, decision deposit, votes.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import { stringPascalCase } from "@polkadot/util";
import { send, type Call } from "../lib/chain.ts";
import { wholeToken, type Track } from "./tracks.ts";

/** How to vote. */
export interface Vote {
	aye: boolean;
	/** `None`, or `Locked1x` to `Locked6x`. */
	conviction: string;
	/** In the smallest unit of BLST. */
	balance: bigint;
}

/** When an approved call is made: so many blocks later, or at a block; not before the track allows it. */
export type Enactment = { After: number } | { At: number };

/**
 * The origin of a track. Metadata does not connect them; the runtime names both alike: `risk_admin` has
 * `Origins.RiskAdmin`, `root` has `system.Root`.
 */
export function originOf(api: ApiPromise, track: Track): Record<string, string> {
	const origin: Record<string, string> =
		track.name === "root" ? { system: "Root" } : { Origins: stringPascalCase(track.name) };
	const submit = api.tx["referenda"]!["submit"]!;
	const type = submit.meta.args[0]!.type.toString();
	try {
		api.registry.createType(type, origin);
	} catch {
		throw new Error(`the runtime has no origin for the track ${track.name}`);
	}
	return origin;
}

/** Notes the preimage unless somebody has, and submits the referendum; returns its number. */
export async function submit(
	api: ApiPromise,
	who: KeyringPair,
	track: Track,
	call: RuntimeCall,
	enactment: Enactment = { After: 0 },
): Promise<number> {
	const { preimage, referenda, utility } = api.tx;
	const bytes = call.toU8a();
	const lookup = { hash: call.hash.toHex(), len: bytes.length };
	const noted = await api.query["preimage"]!["preimageFor"]!([lookup.hash, lookup.len]);
	const calls: Call[] = noted.isEmpty ? [preimage!["notePreimage"]!(call.toHex())] : [];
	calls.push(referenda!["submit"]!(originOf(api, track), { Lookup: lookup }, enactment));
	const { events } = await send(api, who, utility!["batchAll"]!(calls));
	const submitted = events.find(({ section, method }) => section === "referenda" && method === "Submitted");
	if (!submitted) throw new Error("the referendum was not submitted");
	return Number((submitted.data as unknown as unknown[])[0]);
}

/** A vote as a call. */
export function voteCall(api: ApiPromise, index: number, { aye, conviction, balance }: Vote): Call {
	return api.tx["convictionVoting"]!["vote"]!(index, { Standard: { vote: { aye, conviction }, balance } });
}

/** Places the decision deposit and votes, in one transaction. */
export async function begin(
	api: ApiPromise,
	who: KeyringPair,
	index: number,
	wanted: { deposit: boolean; vote?: Vote | undefined },
): Promise<void> {
	const calls: Call[] = [];
	if (wanted.deposit) calls.push(api.tx["referenda"]!["placeDecisionDeposit"]!(index));
	if (wanted.vote) calls.push(voteCall(api, index, wanted.vote));
	if (calls.length > 0) await send(api, who, api.tx["utility"]!["batchAll"]!(calls));
}

/** What the proposer needs for it, for people. */
export function costs(api: ApiPromise, track: Track, call: RuntimeCall): string {
	const token = wholeToken(api);
	const blst = (amount: bigint) => `${Number((amount * 1000n) / token) / 1000} BLST`;
	const submission = BigInt(api.consts["referenda"]!["submissionDeposit"]!.toString());
	return `deposits: ${blst(submission)} to submit, ${blst(track.decisionDeposit)} for the decision, and for the preimage of ${call.encodedLength} bytes`;
}
