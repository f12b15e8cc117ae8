// Who does what in the vaults' act, and when.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { actors, ASSET, UNDERLYING } from "../../lib/actors.ts";
import { Refused, send, type Call, type Included } from "../../lib/chain.ts";
import { fixed, scaled } from "../../lib/units.ts";
import { encodeTerms, holding, offered, type Terms, type Vault } from "../../lib/vaults.ts";
import { marketNow } from "../../lib/views.ts";
import { Desk } from "../desk.ts";

/** The two vaults, by their numbers: the first that are opened. */
export const CALLS = 0;
export const PUTS = 1;

export const PEOPLE = {
	manager: actors.keeper,
	/** Stays in both vaults. */
	patient: actors.covered,
	/** Leaves both after the first round. */
	leaver: actors.prudent,
	/** Joins both in the middle of the first round. */
	late: actors.bidder,
	/** Buys as soon as an auction is open. */
	eager: actors.writer,
	/** Waits for a lower price. */
	bargain: actors.buyer,
	/** Capital of the mutual pool. */
	provider: actors.provider,
};

export const NAMES: ReadonlyMap<string, string> = new Map(
	Object.entries(PEOPLE).map(([name, { address }]) => [address, name]),
);

/** Four hours of auction, from one and a half times the mark down to 92% of it. */
const COMMON = {
	expiry: "Weekly",
	start: 1.5,
	reserve: 0.92,
	auction: 4 * 3600,
	managementFee: 0.02,
	performanceFee: 0.1,
} as const;

const CALL_TERMS: Terms = {
	...COMMON,
	strike: { Distance: 0.03 },
	capacity: scaled(100, ASSET.BTC.decimals),
};
const PUT_TERMS: Terms = {
	...COMMON,
	strike: { Delta: 0.3 },
	capacity: scaled(1_000_000, ASSET.USD.decimals),
};

/** Seconds of market time for which a limit stands. */
const DEADLINE = 2 * 3600;

export class People {
	readonly desk: Desk;

	constructor(private readonly api: ApiPromise) {
		this.desk = new Desk(api);
	}

	/** The manager opens both vaults; everybody deposits into their margin accounts. */
	async arrive(): Promise<void> {
		const { api, desk } = this;
		const open = (strategy: string, terms: Terms) =>
			api.tx["optionVaults"]!["openVault"]!(strategy, UNDERLYING.BTC, encodeTerms(terms));
		await Promise.all([
			desk.all(PEOPLE.manager, [open("CoveredCall", CALL_TERMS), open("CashSecuredPut", PUT_TERMS)]),
			desk.all(PEOPLE.patient, [desk.depositBitcoin(6), desk.deposit(60_000)]),
			desk.all(PEOPLE.leaver, [desk.depositBitcoin(4), desk.deposit(40_000)]),
			desk.all(PEOPLE.late, [desk.depositBitcoin(2), desk.deposit(20_000)]),
			desk.all(PEOPLE.eager, [desk.depositBitcoin(1), desk.deposit(50_000)]),
			desk.all(PEOPLE.bargain, [desk.depositBitcoin(1), desk.deposit(50_000)]),
			send(api, PEOPLE.provider, desk.deposit(1_000_000)),
		]);
	}

	/** Deposits of the first hour, from margin accounts into the vaults. */
	async begin(): Promise<void> {
		await Promise.all([this.join(PEOPLE.patient, 6, 60_000), this.join(PEOPLE.leaver, 4, 40_000)]);
	}

	/** Somebody deposits bitcoin into the call vault and dollars into the put vault. */
	join(who: KeyringPair, bitcoin: number, dollars: number): Promise<Included> {
		const deposit = this.api.tx["optionVaults"]!["deposit"]!;
		return this.desk.all(who, [
			deposit(CALLS, scaled(bitcoin, ASSET.BTC.decimals)),
			deposit(PUTS, scaled(dollars, ASSET.USD.decimals)),
		]);
	}

	/** Capital for the mutual pool, the buyer of last resort. */
	invest(): Promise<Included> {
		const call = this.api.tx["riskPool"]!["deposit"]!(fixed(1_000_000));
		return send(this.api, PEOPLE.provider, call);
	}

	/** Buys contracts at today's price, or at a share of it that nobody offers. */
	async buy(who: KeyringPair, vault: Vault, contracts: number, share = 1): Promise<Included> {
		const quantity = fixed(contracts);
		const { premium } = await offered(this.api, vault.id, quantity);
		// A twentieth more than it costs: the price may rise with the market until the next block.
		const most = share === 1 ? (premium * 21n) / 20n : (premium * fixed(share)) / fixed(1);
		const deadline = (await marketNow(this.api)) + DEADLINE;
		const call = this.api.tx["optionVaults"]!["buy"]!(vault.id, quantity, most, deadline);
		return send(this.api, who, call);
	}

	/** Tries to withdraw everything at once. */
	async snatch(who: KeyringPair, vault: number): Promise<Included> {
		const { shares } = await holding(this.api, vault, who.address);
		return send(this.api, who, this.api.tx["optionVaults"]!["withdraw"]!(vault, shares));
	}

	/** Queues everything that somebody has in both vaults to leave. */
	async leave(who: KeyringPair): Promise<Included> {
		const calls = await Promise.all(
			[CALLS, PUTS].map(async (id): Promise<Call> => {
				const { shares } = await holding(this.api, id, who.address);
				return this.api.tx["optionVaults"]!["requestWithdrawal"]!(id, shares);
			}),
		);
		return this.desk.all(who, calls);
	}

	/** Claims what a withdrawal has brought and takes it out to the wallet. */
	async takeOut(who: KeyringPair): Promise<{ bitcoin: bigint; dollars: bigint }> {
		const { optionVaults, margin } = this.api.tx;
		const [calls, puts] = await Promise.all(
			[CALLS, PUTS].map((id) => holding(this.api, id, who.address)),
		);
		const [bitcoin, dollars] = [calls!.claimable, puts!.claimable];
		await this.desk.all(who, [
			optionVaults!["claim"]!(CALLS, who.address),
			optionVaults!["claim"]!(PUTS, who.address),
			margin!["withdrawCollateral"]!(ASSET.BTC.id, bitcoin),
			margin!["withdraw"]!(dollars),
		]);
		return { bitcoin, dollars };
	}

	/** Pays the fees of both vaults to the manager and the treasury. */
	async payFees(vaults: readonly Vault[]): Promise<void> {
		const due = vaults.filter(({ fees }) => fees.manager + fees.treasury > 0n);
		const calls = due.map(({ id }) => this.api.tx["optionVaults"]!["payFees"]!(id));
		if (calls.length > 0) await this.desk.all(PEOPLE.manager, calls);
	}
}

/** Does something that must be refused; returns the condition. */
export async function refusal(action: Promise<unknown>): Promise<string> {
	try {
		await action;
	} catch (error) {
		if (error instanceof Refused) return error.condition;
		throw error;
	}
	throw new Error("something was accepted that must be refused");
}

/** What somebody has of an asset outside the clearing house. */
export async function wallet(api: ApiPromise, who: string, asset: number): Promise<bigint> {
	const found = (await api.query["assets"]!["account"]!(asset, who)).toPrimitive();
	return BigInt(String((found as { balance?: unknown } | null)?.balance ?? 0));
}
