// What the live table shows, read from the chain.

import type { ApiPromise } from "@polkadot/api";
import { UNDERLYING } from "../lib/actors.ts";
import { auctions, health, pool, scanRange, type Health } from "../lib/views.ts";

export interface AccountLine {
	name: string;
	equity: bigint;
	maintenance: bigint;
	status: Health["status"];
}

export interface Snapshot {
	accounts: AccountLine[];
	scan: number;
	auctions: number;
	insurance: bigint | undefined;
	/** Absent while a price that the pool depends on cannot be used. */
	pool: { nav: bigint; sharePrice: number } | undefined;
}

export type Watched = readonly { name: string; address: string }[];

/** Reads the table's line at the best block. */
export async function snapshot(api: ApiPromise, watched: Watched): Promise<Snapshot> {
	const [lines, scan, running, funds] = await Promise.all([
		Promise.all(watched.map(async (one) => ({ ...one, health: await health(api, one.address) }))),
		scanRange(api, UNDERLYING.BTC),
		auctions(api),
		// While a price is not usable the pool has no value that anybody could name.
		pool(api).catch(() => undefined),
	]);
	return {
		accounts: lines.map(({ name, health: { equity, maintenance, status } }) => ({
			name,
			equity,
			maintenance,
			status,
		})),
		scan,
		auctions: running.length,
		insurance: funds?.insuranceFund,
		pool: funds && { nav: funds.nav, sharePrice: Number(funds.price) / 1e18 },
	};
}
