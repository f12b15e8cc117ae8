// Option vaults over RPC: the runtime API's answers as plain values, and what managers decide.

import type { ApiPromise } from "@polkadot/api";
import { fixed } from "./units.ts";
import { big, callApi, unwrap } from "./views.ts";

type Json = Record<string, unknown>;

/** A price per share, exactly: so many of the asset's smallest unit for so many shares. */
export interface SharePrice {
	assets: bigint;
	shares: bigint;
}

/** What a round writes; of one that is over for good, nothing. */
export interface Running {
	series: number;
	strike: bigint;
	expiry: number;
	sold: bigint;
	premium: bigint;
	assets: bigint;
}

/** A premium auction. */
export interface Selling extends Running {
	offered: bigint;
	start: bigint;
	reserve: bigint;
	began: number;
	ends: number;
}

export type Stage = "idle" | "selling" | "locked" | "settled";

export interface Vault {
	id: number;
	account: string;
	manager: string;
	strategy: "CoveredCall" | "CashSecuredPut";
	underlying: number;
	asset: number;
	decimals: number;
	/** Shares of one, in 18 decimals. */
	managementFee: bigint;
	performanceFee: bigint;
	round: number;
	stage: Stage;
	selling: Selling | undefined;
	locked: (Running & { began: number }) | undefined;
	closed: boolean;
	assets: bigint;
	shares: bigint;
	price: SharePrice;
	highWater: SharePrice;
	queuedDeposits: bigint;
	queuedWithdrawals: bigint;
	claimable: bigint;
	/** Fees not paid out yet, the manager's and the treasury's. */
	fees: { manager: bigint; treasury: bigint };
	annualised: bigint | undefined;
}

const sharePrice = (json: unknown): SharePrice => {
	const { assets, shares } = json as Json;
	return { assets: big(assets), shares: big(shares) };
};

const running = (json: Json): Running => ({
	series: Number(json["series"]),
	strike: big(json["strike"]),
	expiry: Number(json["expiry"]),
	sold: big(json["sold"]),
	premium: big(json["premium"]),
	assets: big(json["assets"]),
});

function selling(json: Json): Selling {
	const auction = json["auction"] as Json;
	return {
		...running(json),
		offered: big(json["offered"]),
		start: big(auction["start"]),
		reserve: big(auction["reserve"]),
		began: Number(auction["began"]),
		ends: Number(auction["ends"]),
	};
}

/** A vault; fails if there is no such. */
export async function vault(api: ApiPromise, id: number): Promise<Vault> {
	const answer = await callApi(api, "optionVaultsApi", "vault", id);
	const json = answer.toPrimitive() as Json | null;
	if (!json) throw new Error(`there is no vault ${id}`);
	const state = json["state"] as Partial<Record<Stage, Json>>;
	const [stage] = Object.keys(state) as Stage[];
	if (!stage) throw new Error(`vault ${id} is in no state`);
	const terms = json["terms"] as Json;
	const fees = json["fees"] as Json;
	const { annualised } = json;
	return {
		id,
		account: String(json["account"]),
		manager: String(json["manager"]),
		strategy: json["strategy"] as Vault["strategy"],
		underlying: Number(json["underlying"]),
		asset: Number(json["asset"]),
		decimals: Number(json["decimals"]),
		managementFee: big(terms["managementFee"]),
		performanceFee: big(terms["performanceFee"]),
		round: Number(json["round"]),
		stage,
		selling: state.selling && selling(state.selling),
		locked: state.locked && { ...running(state.locked), began: Number(state.locked["began"]) },
		closed: json["closed"] === true,
		assets: big(json["assets"]),
		shares: big(json["shares"]),
		price: sharePrice(json["price"]),
		highWater: sharePrice(json["highWater"]),
		queuedDeposits: big(json["queuedDeposits"]),
		queuedWithdrawals: big(json["queuedWithdrawals"]),
		claimable: big(json["claimable"]),
		fees: { manager: big(fees["manager"]), treasury: big(fees["treasury"]) },
		annualised: annualised === null ? undefined : big(annualised),
	};
}

/** What a round has brought. */
export interface Outcome {
	payoff: bigint;
	managementFee: bigint;
	performanceFee: bigint;
	price: SharePrice;
}

export interface RoundRecord extends Running {
	round: number;
	began: number;
	ended: number;
	outcome: Outcome;
}

/** The last rounds of a vault, oldest first. */
export async function rounds(api: ApiPromise, id: number): Promise<RoundRecord[]> {
	const list = (await callApi(api, "optionVaultsApi", "rounds", id)).toPrimitive() as Json[];
	return list.map((json) => ({
		...running(json),
		round: Number(json["round"]),
		began: Number(json["began"]),
		ended: Number(json["ended"]),
		outcome: outcome(json["outcome"]),
	}));
}

/** What a round has brought, of a record or an event. */
export function outcome(of: unknown): Outcome {
	const json = of as Json;
	return {
		payoff: big(json["payoff"]),
		managementFee: big(json["managementFee"]),
		performanceFee: big(json["performanceFee"]),
		price: sharePrice(json["price"]),
	};
}

/** What somebody has in a vault. */
export interface Holding {
	shares: bigint;
	value: bigint;
	queuedDeposit: bigint;
	queuedWithdrawal: bigint;
	claimable: bigint;
}

export async function holding(api: ApiPromise, id: number, who: string): Promise<Holding> {
	const answer = await callApi(api, "optionVaultsApi", "holder", id, who);
	const json = answer.toPrimitive() as Json | null;
	if (!json) throw new Error(`there is no vault ${id}`);
	return {
		shares: big(json["shares"]),
		value: big(json["value"]),
		queuedDeposit: big(json["queuedDeposit"]),
		queuedWithdrawal: big(json["queuedWithdrawal"]),
		claimable: big(json["claimable"]),
	};
}

/** What contracts cost in a premium auction. */
export interface Offered {
	unsold: bigint;
	price: bigint;
	premium: bigint;
}

/** What so many contracts (18 decimals) cost now; fails while nothing is sold. */
export async function offered(api: ApiPromise, id: number, quantity: bigint): Promise<Offered> {
	const answer = await callApi(api, "optionVaultsApi", "offered", id, quantity);
	const json = unwrap(answer, `offer of vault ${id}`);
	return {
		unsold: big(json["unsold"]),
		price: big(json["price"]),
		premium: big(json["premium"]),
	};
}

/** What a manager decides, shares as decimal numbers. */
export interface Terms {
	strike: { Delta: number } | { Distance: number };
	expiry: "Weekly" | "Monthly";
	start: number;
	reserve: number;
	/** Seconds of market time. */
	auction: number;
	managementFee: number;
	performanceFee: number;
	/** In the smallest unit of the vault's asset. */
	capacity: bigint;
}

/** Terms as the chain takes them. */
export function encodeTerms(terms: Terms): Json {
	const [[rule, share]] = Object.entries(terms.strike) as [[string, number]];
	return {
		...terms,
		strike: { [rule]: fixed(share) },
		start: fixed(terms.start),
		reserve: fixed(terms.reserve),
		managementFee: fixed(terms.managementFee),
		performanceFee: fixed(terms.performanceFee),
	};
}

/** Price per whole share in whole units of the asset, for display only. */
export function perShare({ assets, shares }: SharePrice, decimals: number): number {
	return shares === 0n ? 1 : (Number(assets) / 10 ** decimals / Number(shares)) * 1e18;
}

/** The account in which a vault keeps what waits outside its rounds. */
export function waitingAccount(api: ApiPromise, id: number): string {
	const pallet = api.consts["optionVaults"]?.["palletId"]?.toU8a();
	if (!pallet) throw new Error("the vaults' pallet has no id");
	const bytes = new Uint8Array(32);
	const prefix = new TextEncoder().encode("modl");
	bytes.set(prefix);
	bytes.set(pallet, prefix.length);
	const tail = prefix.length + pallet.length;
	bytes[tail] = "w".charCodeAt(0);
	new DataView(bytes.buffer).setUint32(tail + 1, id, true);
	return api.registry.createType("AccountId", bytes).toString();
}
