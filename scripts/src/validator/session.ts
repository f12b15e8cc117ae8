// Validators as the chain sees them: who is in the session, whose keys, who authored a block.

import type { ApiPromise } from "@polkadot/api";
import { big } from "../lib/views.ts";

type Json = Record<string, unknown>;

/** How an account stands as a validator. */
export interface Standing {
	/** What it has bonded, in the smallest unit of BLST. */
	bonded: bigint;
	/** What is being taken out: amounts with the eras in which they are free. */
	unlocking: { value: bigint; era: number }[];
	/** Its preferences as a candidate; nothing if it is none. */
	prefs: { commission: number; blocked: boolean } | undefined;
	/** Its session keys, as `session.setKeys` took them; nothing if there are none. */
	keys: string | undefined;
	/** Whether it is to validate in the next session, and whether it does in this one. */
	next: boolean;
	now: boolean;
	/** Whether the chain has disabled it for an offence. */
	disabled: boolean;
	/** What it has earned in the present era, in points. */
	points: number;
	era: number;
}

/** How the account stands, at a block or now. */
export async function standingOf(api: ApiPromise, stash: string): Promise<Standing> {
	const { staking, session } = api.query;
	const [ledger, prefs, candidate, keys, queued, validators, disabled, active] = await Promise.all([
		staking!["ledger"]!(stash),
		staking!["validators"]!(stash),
		isCandidate(api, stash),
		session!["nextKeys"]!(stash),
		session!["queuedKeys"]!(),
		session!["validators"]!(),
		session!["disabledValidators"]!(),
		staking!["activeEra"]!(),
	]);
	const held = ledger.toPrimitive() as { active: unknown; unlocking: Json[] } | null;
	const era = Number((active.toPrimitive() as { index: number } | null)?.index ?? 0);
	const points = (await staking!["erasRewardPoints"]!(era)).toJSON() as { individual: Record<string, number> };
	const present = validators.toPrimitive() as string[];
	const off = (disabled.toPrimitive() as (number | [number, unknown])[]).map((one) =>
		Array.isArray(one) ? one[0] : one,
	);
	return {
		bonded: big(held?.active ?? 0),
		unlocking: (held?.unlocking ?? []).map(({ value, era: due }) => ({ value: big(value), era: Number(due) })),
		prefs: candidate ? (prefs.toPrimitive() as { commission: number; blocked: boolean }) : undefined,
		keys: keys.isEmpty ? undefined : keys.toHex(),
		next: (queued.toPrimitive() as [string, unknown][]).some(([who]) => who === stash),
		now: present.includes(stash),
		disabled: off.includes(present.indexOf(stash)),
		points: Number(points.individual[stash] ?? 0),
		era,
	};
}

/** Preferences of those who are no candidates read as zeros: there is an entry, or there is none. */
async function isCandidate(api: ApiPromise, stash: string): Promise<boolean> {
	return Number((await api.query["staking"]!["validators"]!.size(stash)).toString()) > 0;
}

/** The account that authored a block: its digest has the place in the list of the session. */
export async function authorOf(api: ApiPromise, block: number): Promise<string | undefined> {
	const hash = await api.rpc.chain.getBlockHash(block);
	const [{ digest }, at] = await Promise.all([api.rpc.chain.getHeader(hash), api.at(hash)]);
	const log = digest.logs.find((one) => one.isPreRuntime && one.asPreRuntime[0].toString() === "BABE");
	if (!log) return undefined;
	// A variant (primary or secondary), then the place as u32.
	const claim = log.asPreRuntime[1].toU8a(true);
	const index = new DataView(claim.buffer, claim.byteOffset).getUint32(1, true);
	const validators = (await at.query["session"]!["validators"]!()).toPrimitive() as string[];
	return validators[index];
}

/** Slots to the end of this session. */
export async function slotsLeft(api: ApiPromise): Promise<number> {
	const { babe } = api.query;
	const numbers = await Promise.all(
		["genesisSlot", "epochIndex", "currentSlot"].map(async (name) => Number((await babe![name]!()).toString())),
	);
	const [genesis, epoch, slot] = numbers as [number, number, number];
	const length = Number(api.consts["babe"]!["epochDuration"]!.toString());
	return Math.max(0, genesis + (epoch + 1) * length - slot);
}
