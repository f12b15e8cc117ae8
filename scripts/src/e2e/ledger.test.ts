// Two people trade without the pool, one writes a covered call, the other exercises an American put:
// over RPC, against the node.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { actors, ASSET, operators, UNDERLYING } from "../lib/actors.ts";
import { send, type Call } from "../lib/chain.ts";
import { Operators, type Observation } from "../lib/oracle.ts";
import { fixed } from "../lib/units.ts";
import { big, callApi, health, marketNow, unwrap } from "../lib/views.ts";
import { Desk, EXPIRY_MONTH } from "../demo/desk.ts";
import { Journal } from "../demo/journal.ts";
import { withNodes } from "./support.ts";

const market = (spot: number): Observation[] => [
	{ underlying: UNDERLYING.BTC, spot, volatility: [0.65, 0.65, 0.65, 0.65, 0.65, 0.65] },
];

/** Ids of an in-kind call and an American put, in the order in which they are listed. */
const IN_KIND_CALL = 0;
const AMERICAN_PUT = 1;

type Json = Record<string, unknown>;

const view = async (api: ApiPromise, who: string): Promise<Json> =>
	(await callApi(api, "marginApi", "account", who)).toPrimitive() as Json;

const position = (account: Json, series: number): Json => {
	const found = (account["positions"] as Json[]).find((one) => one["series"] === series);
	assert.ok(found, `no position in series ${series}: ${JSON.stringify(account)}`);
	return found;
};

/** The writer offers one contract at mid-collar, the buyer accepts. */
async function trade(
	api: ApiPromise,
	feeders: Operators,
	offer: number,
	series: number,
): Promise<void> {
	const { blockTrades } = api.tx;
	const collar = unwrap(await callApi(api, "blockTradesApi", "collar", series), "collar");
	const price = (big(collar["low"]) + big(collar["high"])) / 2n;
	const expires = (await marketNow(api)) + 7200;
	const to = actors.buyer.address;
	const made = blockTrades!["offer"]!(series, "Sell", fixed(1), price, to, expires);
	await Promise.all([feeders.round(market(8000)), send(api, actors.covered, made)]);
	const accepted = blockTrades!["accept"]!(offer, fixed(1));
	await Promise.all([feeders.round(market(8000)), send(api, actors.buyer, accepted)]);
}

test("covered calls, block trades and early exercise", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"] });
		const feeders = await Operators.connect(api, operators);
		const desk = new Desk(api);
		const { options, sudo, utility, margin } = api.tx;
		const list = (kind: string, style: string, settlement: string): Call =>
			options!["listSeries"]!(UNDERLYING.BTC, kind, style, settlement, fixed(9000), EXPIRY_MONTH);
		const listed = utility!["batchAll"]!([
			list("Call", "European", "InKind"),
			list("Put", "American", "Cash"),
		]);
		const journal = await Journal.open(api, new Set(["margin", "blockTrades"]));
		await Promise.all([
			feeders.round(market(8000)),
			send(api, actors.sudo, sudo!["sudo"]!(listed)),
			desk.all(actors.covered, [desk.deposit(20_000), desk.depositBitcoin(2)]),
			send(api, actors.buyer, desk.deposit(20_000)),
		]);
		await feeders.round(market(8000));

		await trade(api, feeders, 0, IN_KIND_CALL);
		await trade(api, feeders, 1, AMERICAN_PUT);
		const writer = await view(api, actors.covered.address);
		const cover = position(writer, IN_KIND_CALL)["cover"] as Json;
		assert.equal(big(cover["units"]), fixed(1), "a unit is locked behind the call");
		const [coins] = writer["collateral"] as [number, unknown][];
		assert.deepEqual([coins?.[0], big(coins?.[1])], [ASSET.BTC.id, fixed(1)]);
		assert.equal((await health(api, actors.covered.address)).status, "Safe");

		// The put is in the money; the price that counts is the first one after the request.
		const request = margin!["requestExercise"]!(AMERICAN_PUT, fixed("0.4"));
		await Promise.all([feeders.round(market(8000)), send(api, actors.buyer, request)]);
		for (let i = 0; i < 4; i += 1) await feeders.round(market(7900));
		await journal.close();
		const [exercised] = journal.all("margin", "Exercised");
		assert.ok(exercised, "nothing was exercised");
		assert.equal(exercised.by, "hook");
		assert.equal(big(exercised.data["price"]), fixed(7900));
		assert.equal(big(exercised.data["amount"]), fixed(440));
		const folded = journal.all("margin", "PositionFolded").map((event) => event.data);
		assert.equal(folded[0]?.["who"], actors.covered.address);
		// What is left of a short is rounded up: a unit of 1e-18.
		assert.equal(big(folded[0]?.["after"]), fixed("-0.6") - 1n);
		const paid = journal.all("margin", "ClaimPaid").map((event) => big(event.data["amount"]));
		assert.deepEqual(paid, [fixed(440)]);
		const buyer = position(await view(api, actors.buyer.address), AMERICAN_PUT);
		assert.equal(big(buyer["quantity"]), fixed("0.6"));

		const report = unwrap(await callApi(api, "marginApi", "checkIdentities"), "identities");
		assert.ok(big(report["residue"]) >= 0n && big(report["residue"]) < 1_000n);
		const explained = unwrap(
			await callApi(api, "marginApi", "explain", actors.covered.address),
			"the account, explained",
		);
		console.log(`the writer, explained: ${JSON.stringify(explained).length} bytes of JSON`);
	});
});
