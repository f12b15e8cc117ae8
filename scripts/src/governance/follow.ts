// A referendum from its submission to what its call has done.

import type { ApiPromise } from "@polkadot/api";
import type { DispatchError } from "@polkadot/types/interfaces";
import { blocksFrom, eventsAt, nameOf, Refused, type Happened } from "../lib/chain.ts";
import { blocksAsTime, type Say } from "../lib/progress.ts";
import { referendum, standing, taskName, type Ending, type Ongoing } from "./referenda.ts";
import { BILLION, blockSeconds, threshold, trackOf, type Track } from "./tracks.ts";

/** How it ended. */
export type Outcome =
	| { kind: "enacted"; block: number; events: Happened[] }
	| { kind: "refused"; block: number; refused: Refused }
	/** Approved in this block, but the agenda was full: its call is not scheduled, and never made. */
	| { kind: "lost"; block: number }
	| { kind: Exclude<Ending, "approved">; block: number };

/** Follows a referendum to its end, and says at each block how far it is. */
export async function follow(api: ApiPromise, index: number, say: Say): Promise<Outcome> {
	const name = `referendum ${index}`;
	let approvedAt: number | undefined;
	for await (const block of blocksFrom(api)) {
		const found = await referendum(api, index, block);
		if (!found) throw new Error(`there is no ${name}`);
		if (found.ongoing) {
			const { line, phase } = await progress(api, found.ongoing, block);
			say(`${name}, block ${block}: ${line}`, phase);
			continue;
		}
		if (found.ending !== "approved") return { kind: found.ending, block: found.block };
		if (approvedAt === undefined) {
			approvedAt = found.block;
			// It may have been approved, and enacted, before anybody looked.
			for (let past = approvedAt; past < block; past += 1) {
				const outcome = await enacted(api, index, past);
				if (outcome) return outcome;
			}
		}
		const outcome = await enacted(api, index, block);
		if (outcome) return outcome;
		const waits = await waiting(api, index, block);
		if (waits === undefined) return { kind: "lost", block: approvedAt };
		say(`${name}, block ${block}: approved in block ${approvedAt}, ${waits}`, "approved");
	}
	throw new Error("the chain has no more blocks");
}

/** Where the scheduler has the call of an approved referendum after a block; nothing if it does not have it. */
async function waiting(api: ApiPromise, index: number, block: number): Promise<string | undefined> {
	const { scheduler } = (await api.at(await api.rpc.chain.getBlockHash(block))).query;
	const name = taskName(index);
	const place = (await scheduler!["lookup"]!(name)).toPrimitive() as [number, number] | null;
	if (place) {
		const left = place[0] - block;
		return `enacted in block ${place[0]}, in ${left} blocks (${blocksAsTime(left, blockSeconds(api))})`;
	}
	// What has found no room in its block keeps its place in the agenda, without an entry of its name.
	const agendas = await scheduler!["agenda"]!.entries();
	const tasks = agendas.flatMap(([, agenda]) => agenda.toJSON() as ({ maybeId: string | null } | null)[]);
	return tasks.some((task) => task?.maybeId === name) ? "enacted as soon as a block has room" : undefined;
}

/** What the scheduler did with its call in this block, if it tried it. */
async function enacted(api: ApiPromise, index: number, block: number): Promise<Outcome | undefined> {
	const events = await eventsAt(api, block);
	const name = taskName(index);
	const at = events.findIndex(({ section, data }) => section === "scheduler" && data["id"]?.toString() === name);
	const event = events[at];
	if (!event) return undefined;
	if (event.method !== "Dispatched") {
		return { kind: "refused", block, refused: new Refused(`scheduler.${event.method}`, "the call was not made") };
	}
	const mine = since(events, at);
	for (const { data } of [event, ...mine]) {
		const failed = errorIn(data);
		if (failed) return { kind: "refused", block, refused: nameOf(api, failed) };
	}
	return { kind: "enacted", block, events: mine };
}

/** The events of the call whose `Dispatched` is at this place: those since the scheduler's last one. */
function since(events: readonly Happened[], at: number): Happened[] {
	const before = events.slice(0, at);
	return before.slice(before.map(({ section }) => section).lastIndexOf("scheduler") + 1);
}

/** The error of an event with a result or an error: of the call itself, or of one that it made in turn. */
function errorIn(data: Happened["data"]): DispatchError | undefined {
	const result = data["result"] as unknown as
		| { isErr?: boolean; asErr?: DispatchError & { error?: DispatchError } }
		| undefined;
	if (result?.isErr && result.asErr) return result.asErr.error ?? result.asErr;
	const error = data["error"] as unknown as (DispatchError & { isModule?: boolean }) | undefined;
	return error && "isModule" in error ? error : undefined;
}

const percent = (share: bigint) => `${(Number(share) / 1e7).toFixed(2)}%`;

/** How far a referendum is that is not over. */
async function progress(
	api: ApiPromise,
	it: Ongoing,
	block: number,
): Promise<{ line: string; phase: string }> {
	const track = trackOf(api, it.track);
	const time = (blocks: number) => `${blocks} blocks (${blocksAsTime(blocks, blockSeconds(api))})`;
	const now = await standing(api, it);
	const votes = `approval ${percent(now.approval)}, support ${percent(now.support)}`;
	if (it.decidingSince === undefined) {
		if (it.inQueue) return { line: `waits for a free place on ${track.name}; ${votes}`, phase: "queued" };
		const left = it.submitted + track.prepare - block;
		if (left > 0) return { line: `preparing, ${time(left)} left; ${votes}`, phase: "preparing" };
		const what = it.hasDecisionDeposit ? "decision begins" : "waits for the decision deposit";
		return { line: `${what}; ${votes}`, phase: what };
	}
	const passed = block - it.decidingSince;
	const asked = needed(track, passed);
	const need = `approval ${percent(now.approval)} of ${percent(asked.approval)} needed, support ${percent(now.support)} of ${percent(asked.support)} needed`;
	if (it.confirmingUntil !== undefined) {
		const left = Math.max(0, it.confirmingUntil - block);
		return { line: `confirming, ${time(left)} left; ${need}`, phase: `confirming until ${it.confirmingUntil}` };
	}
	const left = Math.max(0, track.decision - passed);
	const passes = passesAfter(track, now);
	const hope =
		passes === undefined
			? "with these votes it fails"
			: passes > passed
				? `with these votes it begins to confirm in ${time(passes - passed)}`
				: "confirmation begins";
	const tally = `${it.ayes}/${it.nays}/${it.support}`;
	return { line: `deciding, ${time(left)} left; ${need}; ${hope}`, phase: `deciding ${tally}` };
}

/** What the track asks for so many blocks into the decision. */
export function needed(track: Track, passed: number): { approval: bigint; support: bigint } {
	const x = passed >= track.decision ? BILLION : (BigInt(passed) * BILLION) / BigInt(track.decision);
	return { approval: threshold(track.approval, x), support: threshold(track.support, x) };
}

/** Blocks into the decision from which on these votes are enough; nothing if they never are. */
export function passesAfter(
	track: Track,
	votes: { approval: bigint; support: bigint },
): number | undefined {
	const enough = (passed: number) => {
		const asked = needed(track, passed);
		return votes.approval >= asked.approval && votes.support >= asked.support;
	};
	if (!enough(track.decision)) return undefined;
	let [low, high] = [0, track.decision];
	// What is asked for only falls.
	while (low < high) {
		const middle = (low + high) >> 1;
		if (enough(middle)) high = middle;
		else low = middle + 1;
	}
	return low;
}
