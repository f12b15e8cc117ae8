// A connection to a chain: transactions that are waited for, errors by name, blocks as they come.

import { createConnection } from "node:net";
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import type { SubmittableExtrinsic } from "@polkadot/api/types";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { DispatchError, EventRecord, Header } from "@polkadot/types/interfaces";
import type { Codec, ISubmittableResult } from "@polkadot/types/types";

export type Call = SubmittableExtrinsic<"promise", ISubmittableResult>;

/** A dispatchable refused a transaction: `section.Name`, and what its documentation says. */
export class Refused extends Error {
	constructor(
		readonly condition: string,
		readonly explanation: string,
	) {
		super(`${condition}: ${explanation}`);
	}
}

export interface Included {
	blockHash: string;
	blockNumber: number;
	events: { section: string; method: string; data: Record<string, unknown> }[];
}

/** Waits, in milliseconds. */
export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Whether somebody listens at this address. */
export function listens(port: number, host = "127.0.0.1"): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = createConnection(port, host);
		socket.once("connect", () => (socket.destroy(), resolve(true)));
		socket.once("error", () => resolve(false));
	});
}

/** Connects and waits until the node answers; fails after the given time. */
export async function connect(url: string, timeoutMs = 120_000): Promise<ApiPromise> {
	const { hostname, port } = new URL(url);
	const deadline = Date.now() + timeoutMs;
	// A provider that cannot connect at first rejects a promise that nobody can catch.
	while (!(await listens(Number(port), hostname))) {
		if (Date.now() > deadline) throw new Error(`nobody listens at ${url}`);
		await sleep(250);
	}
	const provider = new WsProvider(url, 500);
	const api = new ApiPromise({ provider, noInitWarn: true });
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`no answer from ${url}`)), timeoutMs);
	});
	try {
		await Promise.race([api.isReady, late]);
		return api;
	} catch (error) {
		await api.disconnect().catch(() => undefined);
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

/** Fails once the node has been away for so long: what was asked of it would be waited for for ever. */
export function lost(api: ApiPromise, afterMs = 60_000): Promise<never> {
	return new Promise((_, reject) => {
		let timer: NodeJS.Timeout | undefined;
		api.on("connected", () => {
			clearTimeout(timer);
			timer = undefined;
		});
		// Said again at each attempt that fails.
		api.on("disconnected", () => {
			timer ??= setTimeout(() => reject(new Error("the node does not answer any more")), afterMs);
		});
	});
}

const keyring = new Keyring({ type: "sr25519" });

/** The development key of a derivation path such as `//Alice`. */
export function key(path: string): KeyringPair {
	return keyring.addFromUri(path);
}

/** The name of a dispatch error: `section.Name`. */
export function nameOf(api: ApiPromise, error: DispatchError): Refused {
	if (error.isModule) {
		const { section, name, docs } = api.registry.findMetaError(error.asModule);
		return new Refused(`${section}.${name}`, docs.join(" "));
	}
	return new Refused(error.toString(), "");
}

/** Of a signature: which of the account's transactions it is, and whether it is over the metadata. */
export interface SignOptions {
	nonce?: number;
	mode?: 0 | 1;
	metadataHash?: `0x${string}`;
}

/**
 * Signs, submits and waits until the transaction is in a block.
 * @throws Refused if its dispatch failed, or if the pool would not take it.
 */
export function send(
	api: ApiPromise,
	who: KeyringPair,
	call: Call,
	options: SignOptions = {},
): Promise<Included> {
	return new Promise((resolve, reject) => {
		let unsubscribe: (() => void) | undefined;
		const done = (outcome: () => void) => {
			unsubscribe?.();
			outcome();
		};
		call
			.signAndSend(who, { nonce: -1, ...options }, (result) => {
				const { status, dispatchError, events } = result;
				if (status.isInvalid || status.isDropped || status.isUsurped) {
					const refused = new Refused(`transaction.${status.type}`, "not taken by the pool");
					done(() => inBlockAnyhow(api, result.txHash.toHex(), refused).then(resolve, reject));
				} else if (status.isInBlock || status.isFinalized) {
					// One that comes right after the other takes its place.
					const blockHash = (status.isInBlock ? status.asInBlock : status.asFinalized).toHex();
					done(() => {
						if (dispatchError) reject(nameOf(api, dispatchError));
						else resolve(included(blockHash, result, events));
					});
				}
			})
			.then((stop) => (unsubscribe = stop))
			.catch((error: Error) => reject(new Refused("transaction.Invalid", error.message)));
	});
}

/**
 * A pool that validates a transaction anew just after a block with it was imported calls it invalid: looks for it in
 * the newest blocks.
 */
async function inBlockAnyhow(api: ApiPromise, txHash: string, refused: Refused): Promise<Included> {
	const best = await bestNumber(api);
	for (let number = best; number > Math.max(0, best - 4); number -= 1) {
		const blockHash = await api.rpc.chain.getBlockHash(number);
		const { block } = await api.rpc.chain.getBlock(blockHash);
		const index = block.extrinsics.findIndex(({ hash }) => hash.toHex() === txHash);
		if (index < 0) continue;
		const at = await api.at(blockHash);
		const all = [...((await at.query["system"]!["events"]!()) as unknown as Iterable<EventRecord>)];
		const events = all.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eq(index));
		const failed = events.find(({ event }) => event.section === "system" && event.method === "ExtrinsicFailed");
		if (failed) throw nameOf(api, failed.event.data[0] as DispatchError);
		return { blockHash: blockHash.toHex(), blockNumber: number, events: plain(events) };
	}
	throw refused;
}

function included(
	blockHash: string,
	result: ISubmittableResult,
	events: ISubmittableResult["events"],
): Included {
	const blockNumber =
		"blockNumber" in result && result.blockNumber ? Number(result.blockNumber) : 0;
	return {
		blockHash,
		blockNumber,
		events: plain(events),
	};
}

function plain(events: readonly EventRecord[]): Included["events"] {
	return events.map(({ event }) => ({
		section: event.section,
		method: event.method,
		data: event.data.toJSON() as Record<string, unknown>,
	}));
}

/** Calls back on every new best block until the returned function is called. */
export function onBlock(api: ApiPromise, callback: (header: Header) => void): Promise<() => void> {
	return api.rpc.chain.subscribeNewHeads(callback);
}

/** Waits for a best block of at least this number. */
export async function untilBlock(api: ApiPromise, number: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		let stop: (() => void) | undefined;
		let reached = false;
		onBlock(api, (header) => {
			if (header.number.toNumber() >= number) {
				reached = true;
				stop?.();
				resolve();
			}
		})
			.then((unsubscribe) => {
				stop = unsubscribe;
				if (reached) unsubscribe();
			})
			.catch(reject);
	});
}

/** An event of a block, as the chain decodes it. */
export interface Happened {
	section: string;
	method: string;
	/** Its fields by name. */
	data: Record<string, Codec>;
}

/** The events of a block, in order. */
export async function eventsAt(api: ApiPromise, block: number): Promise<Happened[]> {
	const at = await api.at(await api.rpc.chain.getBlockHash(block));
	const records = (await at.query["system"]!["events"]!()) as unknown as Iterable<EventRecord>;
	return [...records].map(({ event }) => ({
		section: event.section,
		method: event.method,
		data: Object.fromEntries((event.data.names ?? []).map((name, i) => [name, event.data[i]!])),
	}));
}

/** The numbers of all best blocks from `first` on (the present one if absent), each as soon as there is one. */
export async function* blocksFrom(api: ApiPromise, first?: number): AsyncGenerator<number, never> {
	let next = first ?? (await bestNumber(api));
	for (;;) {
		const best = await bestNumber(api);
		while (next <= best) yield next++;
		await sleep(500);
	}
}

/** The number of the best block. */
export async function bestNumber(api: ApiPromise): Promise<number> {
	return (await api.rpc.chain.getHeader()).number.toNumber();
}
