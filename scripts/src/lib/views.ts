// The runtime APIs as plain values: what scripts and tests read.

import type { ApiPromise } from "@polkadot/api";
import type { Codec } from "@polkadot/types/types";

/** An 18-decimal number of the chain. JSON gives large ones as hex or decimal text. */
export function big(value: unknown): bigint {
	if (typeof value === "bigint") return value;
	if (typeof value === "number" || typeof value === "string") {
		if (typeof value === "string" && value.startsWith("-0x")) return -BigInt(value.slice(1));
		return BigInt(value);
	}
	return BigInt(String(value));
}

export interface Health {
	status: "Safe" | "BelowInitial" | "Liquidatable" | "Bankrupt" | "Unknown";
	equity: bigint;
	initial: bigint;
	maintenance: bigint;
	cash: bigint;
	collateral: bigint;
	options: bigint;
}

type Json = Record<string, unknown>;

/** Calls a runtime API by its camel-case names and gives its answer. */
export async function callApi(
	api: ApiPromise,
	name: string,
	method: string,
	...args: unknown[]
): Promise<Codec> {
	const found = api.call[name]?.[method];
	if (!found) throw new Error(`the runtime has no API ${name}.${method}`);
	return found(...args);
}

/** A function of a runtime API that not every runtime has, how many arguments it takes, and of which types. */
export function optionalApi(
	api: ApiPromise,
	name: string,
	method: string,
): { ask: (...args: unknown[]) => Promise<Codec>; parameters: number; types: string[] } | undefined {
	const found = api.call[name]?.[method];
	if (!found) return undefined;
	// Polkadot.js has the definition beside the function, and does not say so in its types.
	const { meta } = found as unknown as { meta: { params: { type: string }[] } };
	return { ask: found, parameters: meta.params.length, types: meta.params.map(({ type }) => type) };
}

/** The value of a `Result`, or an error that names it. */
export function unwrap(answer: Codec, what: string): Json {
	const json = answer.toPrimitive() as { ok?: Json; err?: unknown };
	if (json && typeof json === "object" && "ok" in json && json.ok !== undefined) return json.ok;
	throw new Error(`${what}: ${JSON.stringify(json)}`);
}

/** Equity, requirements and status of an account. */
export async function health(api: ApiPromise, who: string): Promise<Health> {
	const json = unwrap(await callApi(api, "marginApi", "health", who), `health of ${who}`);
	return {
		status: json["status"] as Health["status"],
		equity: big(json["equity"]),
		initial: big(json["initial"]),
		maintenance: big(json["maintenance"]),
		cash: big(json["cash"]),
		collateral: big(json["collateral"]),
		options: big(json["options"]),
	};
}

export interface Pool {
	nav: bigint;
	shares: bigint;
	price: bigint;
	capital: bigint;
	stressLoss: bigint;
	insuranceFund: bigint;
	deficitAccount: bigint;
}

/** The mutual pool and the insurance fund. */
export async function pool(api: ApiPromise): Promise<Pool> {
	const json = unwrap(await callApi(api, "poolApi", "pool"), "the pool");
	return {
		nav: big(json["nav"]),
		shares: big(json["shares"]),
		price: big(json["price"]),
		capital: big(json["capital"]),
		stressLoss: big(json["stressLoss"]),
		insuranceFund: big(json["insuranceFund"]),
		deficitAccount: big(json["deficitAccount"]),
	};
}

export interface Auction {
	account: string;
	stage: string;
	startedAt: number;
	lastBid: number;
	compensation: bigint;
	largestShare: bigint;
	equity: bigint;
	maintenance: bigint;
}

/** Every auction that is running. */
export async function auctions(api: ApiPromise): Promise<Auction[]> {
	const list = (await callApi(api, "liquidationApi", "auctions")).toPrimitive() as [string, Json][];
	return list.map(([account, json]) => ({
		account,
		stage: String(json["stage"]),
		startedAt: Number(json["startedAt"]),
		lastBid: Number(json["lastBid"]),
		compensation: big(json["compensation"]),
		largestShare: big(json["largestShare"]),
		equity: big(json["equity"]),
		maintenance: big(json["maintenance"]),
	}));
}

/** The id of a European series that is settled in cash, by its terms. */
export async function seriesId(
	api: ApiPromise,
	terms: { underlying: number; kind: "Call" | "Put"; strike: bigint; expiry: number },
): Promise<number> {
	const full = { ...terms, style: "European", settlement: "Cash" };
	const json = (await callApi(api, "optionsApi", "seriesByTerms", full)).toPrimitive() as Json | null;
	if (!json) throw new Error(`no such series: ${terms.kind} ${terms.strike} ${terms.expiry}`);
	return Number(json["id"]);
}

/** What the account may withdraw now, in 18-decimal dollars. */
export async function withdrawable(api: ApiPromise, who: string): Promise<bigint> {
	const answer = (await callApi(api, "marginApi", "withdrawable", who)).toPrimitive();
	const json = answer as { ok?: unknown; err?: unknown };
	if (json.ok === undefined) throw new Error(`withdrawable of ${who}: ${JSON.stringify(answer)}`);
	return big(json.ok);
}

/** Maintenance scan range of an underlying, as a share of spot. */
export async function scanRange(api: ApiPromise, underlying: number): Promise<number> {
	const json = (await callApi(api, "marketApi", "market", underlying)).toPrimitive() as Json | null;
	const state = (json?.["state"] ?? {}) as Json;
	const scan = (state["scan"] ?? {}) as Json;
	return Number(big(scan["maintenance"] ?? 0)) / 1e18;
}

/** Market time, in seconds since 1970-01-01 UTC. */
export async function marketNow(api: ApiPromise): Promise<number> {
	return Number(big((await callApi(api, "marketApi", "now")).toPrimitive()));
}
