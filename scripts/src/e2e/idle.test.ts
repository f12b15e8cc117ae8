// Liquidation without keepers and without offchain workers: the chain finds the account by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { actors, operators, UNDERLYING } from "../lib/actors.ts";
import { send } from "../lib/chain.ts";
import { Operators, type Observation } from "../lib/oracle.ts";
import { fixed } from "../lib/units.ts";
import { Desk, EXPIRY_MONTH, type Contract } from "../demo/desk.ts";
import { Journal } from "../demo/journal.ts";
import { withNodes } from "./support.ts";

/**
 * Blocks within which the round robin of `on_idle` must have found the account: it looks at one
 * account a block on the development preset, and there are the provider's, the writer's, the pool's
 * and the deposit queue's, and one more for the block in which it starts over.
 */
const WITHIN = 5;

const PUT: Contract = { underlying: "BTC", kind: "Put", strike: 7500, expiry: EXPIRY_MONTH };

const market = (spot: number): Observation[] => [
	{ underlying: UNDERLYING.BTC, spot, volatility: [0.65, 0.65, 0.65, 0.65, 0.65, 0.65] },
];

test("with offchain workers off, on_idle starts the auction", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev", "--offchain-worker", "never"] });
		const feeders = await Operators.connect(api, operators);
		const desk = new Desk(api);
		const list = api.tx["options"]!["listGrid"]!(UNDERLYING.BTC, "European", "Cash", EXPIRY_MONTH, [fixed(7500)]);
		await Promise.all([
			feeders.round(market(8000)),
			send(api, actors.sudo, api.tx["sudo"]!["sudo"]!(list)),
			send(api, actors.provider, desk.deposit(2_000_000)),
			send(api, actors.writer, desk.deposit(100_000)),
		]);
		const invest = api.tx["riskPool"]!["deposit"]!(fixed(2_000_000));
		await Promise.all([feeders.round(market(8000)), send(api, actors.provider, invest)]);
		await feeders.round(market(8000));
		await Promise.all([
			feeders.round(market(8000)),
			send(api, actors.writer, await desk.sell(PUT, 20, 1)),
		]);
		await Promise.all([feeders.round(market(8000)), desk.thinOut(actors.writer, 10)]);

		const journal = await Journal.open(api);
		const broken = await feeders.round(market(7000));
		for (let i = 0; i < WITHIN; i += 1) await feeders.round(market(7000));
		await journal.close();
		const [first] = journal.all("liquidation", "LiquidationStarted");
		assert.ok(first, "no auction was started");
		assert.equal(first.by, "hook");
		assert.equal(first.data["account"], actors.writer.address);
		assert.ok(first.block <= broken + WITHIN, `started in block ${first.block}, fed in ${broken}`);
		console.log(`on_idle started the auction ${first.block - broken} blocks after the feed`);
	});
});
