// What happened: every event of the story's blocks that matters for it.

import type { ApiPromise } from "@polkadot/api";
import { bestNumber, onBlock } from "../lib/chain.ts";
import { human } from "../lib/units.ts";
import { big } from "../lib/views.ts";
import type { Candle } from "./market.ts";

export interface Entry {
	block: number;
	section: string;
	method: string;
	data: Record<string, unknown>;
	/** Whether an offchain worker's transaction caused it, a signed one, or a hook. */
	by: "worker" | "user" | "hook";
}

/** Puts an entry into words, if it is worth any. */
export type Teller = (entry: Entry, names: ReadonlyMap<string, string>) => string | undefined;

const KEPT = new Set(["liquidation", "riskPool", "margin", "options"]);

export class Journal {
	readonly entries: Entry[] = [];
	readonly candles: Candle[] = [];
	/** Names of accounts whose equity was seen to be negative. */
	readonly bankrupt = new Set<string>();
	private told = 0;
	private stop: (() => void) | undefined;
	private read: Promise<void> = Promise.resolve();
	private last: number | undefined;

	private constructor(
		private readonly api: ApiPromise,
		private readonly kept: ReadonlySet<string>,
	) {}

	/** Begins a journal of the events of these sections. */
	static async open(api: ApiPromise, kept: ReadonlySet<string> = KEPT): Promise<Journal> {
		const journal = new Journal(api, kept);
		journal.stop = await onBlock(api, (header) => {
			journal.read = journal.read.then(() => journal.catchUp(header.number.toNumber()));
		});
		return journal;
	}

	/** Notes the block in which a candle's feeds were included. */
	fed(candle: Candle): void {
		this.candles.push(candle);
	}

	/** Waits until every block so far is read; returns the last one's number. */
	async caughtUp(): Promise<number> {
		const best = await bestNumber(this.api);
		this.read = this.read.then(() => this.catchUp(best));
		await this.read;
		return this.last ?? best;
	}

	/** Waits until every block so far is read, and stops; returns the last one's number. */
	async close(): Promise<number> {
		const last = await this.caughtUp();
		this.stop?.();
		return last;
	}

	/** Whether an expiry has been settled for every holder. */
	get settled(): boolean {
		return this.entries.some(({ method }) => method === "SeriesCompleted");
	}

	/** The entries of one kind. */
	all(section: string, method: string): Entry[] {
		return this.entries.filter((e) => e.section === section && e.method === method);
	}

	private async catchUp(number: number): Promise<void> {
		for (let n = (this.last ?? number - 1) + 1; n <= number; n += 1) {
			await this.readBlock(n);
		}
		this.last = Math.max(number, this.last ?? number);
	}

	private async readBlock(block: number): Promise<void> {
		const hash = await this.api.rpc.chain.getBlockHash(block);
		const [{ block: body }, at] = await Promise.all([
			this.api.rpc.chain.getBlock(hash),
			this.api.at(hash),
		]);
		const records = (await at.query["system"]!["events"]!()) as unknown as {
			phase: { isApplyExtrinsic: boolean; asApplyExtrinsic: { toNumber(): number } };
			event: { section: string; method: string; data: { toHuman(): unknown; names: string[] | null; toPrimitive(): unknown } };
		}[];
		for (const { phase, event } of records) {
			if (!this.kept.has(event.section)) continue;
			const extrinsic = phase.isApplyExtrinsic
				? body.extrinsics[phase.asApplyExtrinsic.toNumber()]
				: undefined;
			const by = extrinsic === undefined ? "hook" : extrinsic.isSigned ? "user" : "worker";
			const names = event.data.names ?? [];
			const values = event.data.toPrimitive() as unknown[];
			const data = Object.fromEntries(names.map((name, i) => [name, values[i]]));
			this.entries.push({ block, section: event.section, method: event.method, data, by });
		}
	}

	/** What has happened since the last call, for people. */
	news(names: ReadonlyMap<string, string>, teller: Teller = tell): string[] {
		const fresh = this.entries.slice(this.told);
		this.told = this.entries.length;
		return fresh.flatMap((entry) => teller(entry, names) ?? []);
	}
}

function tell(entry: Entry, names: ReadonlyMap<string, string>): string | undefined {
	const { data, block, by } = entry;
	const who = (field: string) => names.get(String(data[field])) ?? String(data[field]).slice(0, 8);
	const usd = (field: string) => `${human(big(data[field]))} USD`;
	const share = () => `${(Number(big(data["share"])) / 1e16).toFixed(1)}%`;
	switch (`${entry.section}.${entry.method}`) {
		case "liquidation.LiquidationStarted":
			return `block ${block}: ${who("account")} is under auction (by ${by}), equity ${usd("equity")}, maintenance ${usd("maintenance")}`;
		case "liquidation.BidAccepted":
			return `block ${block}: ${who("bidder")} takes ${share()} of ${who("account")}, pays ${usd("payment")}, deficit ${usd("deficit")}`;
		case "liquidation.TakenOver":
			return `block ${block}: the pool takes over ${share()} of ${who("account")}, deficit ${usd("deficit")}`;
		case "liquidation.AuctionEnded":
			return `block ${block}: the auction of ${who("account")} has ended`;
		case "riskPool.LossBorne":
			return `block ${block}: ${String(data["step"])} bears ${usd("amount")} of ${who("defaulter")}'s deficit`;
		case "riskPool.DeficitUncovered":
			return `block ${block}: ${usd("amount")} of a deficit stay uncovered`;
		case "options.SeriesSettled":
			return `block ${block}: series ${String(data["series"])} settles at ${human(big(data["price"]))}, payoff ${human(big(data["payoff"]))}`;
		default:
			return undefined;
	}
}
