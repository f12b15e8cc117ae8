// Bad input over RPC: each is refused with the named error, and changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { actors, ASSET, operators, UNDERLYING } from "../lib/actors.ts";
import { key, send, type Call } from "../lib/chain.ts";
import { Operators, spotFeed, type Observation } from "../lib/oracle.ts";
import { fixed, scaled } from "../lib/units.ts";
import { health, marketNow } from "../lib/views.ts";
import { Desk, EXPIRY_DAY, EXPIRY_MONTH, type Contract } from "../demo/desk.ts";
import { refuses, withNodes } from "./support.ts";

const MOST = (1n << 127n) - 1n;
const PUT: Contract = { underlying: "BTC", kind: "Put", strike: 7500, expiry: EXPIRY_MONTH };

const market: Observation[] = [
	{ underlying: UNDERLYING.BTC, spot: 8000, volatility: [0.65, 0.65, 0.65, 0.65, 0.65, 0.65] },
];

interface Attempt {
	condition: string;
	who: KeyringPair;
	call: Call;
}

/** The ledger, the pool and the listing, as bytes. */
async function state(api: ApiPromise): Promise<string> {
	const entries = await Promise.all([
		api.query["margin"]!["accounts"]!.entries(),
		api.query["margin"]!["holdings"]!.entries(),
		api.query["riskPool"]!["shares"]!.entries(),
		api.query["options"]!["openInterest"]!.entries(),
		api.query["liquidation"]!["auctions"]!.entries(),
		api.query["assets"]!["account"]!.entries(),
	]);
	return JSON.stringify(entries.map((map) => map.map(([k, v]) => [k.toHex(), v.toHex()])));
}

async function prepare(api: ApiPromise): Promise<{ desk: Desk; feeders: Operators }> {
	const feeders = await Operators.connect(api, operators);
	const desk = new Desk(api);
	const grid = (expiry: number) =>
		api.tx["options"]!["listGrid"]!(UNDERLYING.BTC, expiry, [fixed(7500)]);
	const lists = api.tx["utility"]!["batchAll"]!([grid(EXPIRY_DAY), grid(EXPIRY_MONTH)]);
	await Promise.all([
		feeders.round(market),
		send(api, actors.sudo, api.tx["sudo"]!["sudo"]!(lists)),
		send(api, actors.provider, desk.deposit(2_000_000)),
		send(api, actors.writer, desk.deposit(100_000)),
		send(api, actors.buyer, desk.deposit(10_000)),
	]);
	const invest = api.tx["riskPool"]!["deposit"]!(fixed(2_000_000));
	await Promise.all([feeders.round(market), send(api, actors.provider, invest)]);
	await feeders.round(market);
	await Promise.all([
		feeders.round(market),
		send(api, actors.writer, await desk.sell(PUT, 20, 1)),
	]);
	return { desk, feeders };
}

async function attempts(api: ApiPromise, desk: Desk): Promise<Attempt[]> {
	const { margin, riskPool, liquidation } = api.tx;
	const [put, now] = [await desk.series(PUT), await marketNow(api)];
	const later = now + 86_400;
	// All its cash: the account has it, but the options it has written need a part of it.
	const { cash } = await health(api, actors.writer.address);
	const everything = cash / 10n ** BigInt(18 - ASSET.USD.decimals);
	const { writer, buyer, bidder } = actors;
	const of = (condition: string, who: KeyringPair, call: Call): Attempt => ({ condition, who, call });
	return [
		of("margin.AmountZero", buyer, margin!["deposit"]!(0)),
		of("margin.AmountZero", buyer, margin!["withdraw"]!(0)),
		of("margin.InsufficientCash", buyer, margin!["withdraw"]!(scaled(10_001, 6))),
		of("margin.BelowInitialMargin", writer, margin!["withdraw"]!(everything)),
		of("margin.AssetNotEligible", buyer, margin!["depositCollateral"]!(99, 1)),
		of("riskPool.SeriesUnknown", buyer, riskPool!["buy"]!(4_000_000, fixed(1), MOST, later)),
		of("riskPool.QuantityTooSmall", buyer, riskPool!["buy"]!(put, 1, MOST, later)),
		of("riskPool.SlippageExceeded", buyer, riskPool!["buy"]!(put, fixed(1), fixed(1), later)),
		of("riskPool.DeadlinePassed", buyer, riskPool!["buy"]!(put, fixed(1), MOST, now - 1)),
		of("riskPool.InsufficientShares", buyer, riskPool!["requestWithdrawal"]!(fixed(1))),
		of("liquidation.NotInAuction", bidder, liquidation!["bid"]!(writer.address, fixed(1), MOST, 0)),
		of("liquidation.NotLiquidatable", bidder, liquidation!["liquidate"]!(writer.address)),
		of("BadOrigin", buyer, api.tx["riskParams"]!["setMarginRules"]!(await marginRules(api))),
	];
}

async function marginRules(api: ApiPromise): Promise<unknown> {
	return api.call["riskParamsApi"]!["marginRules"]!();
}

test("bad input is refused with a named error and changes nothing", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"] });
		const { desk, feeders } = await prepare(api);
		const before = await state(api);
		const [first, ...others] = await attempts(api, desk);
		assert.ok(first);
		for (const { condition, who, call } of [first, ...others]) {
			await Promise.all([refuses(condition, () => send(api, who, call)), feeders.round(market)]);
		}
		await enormousAmounts(api, feeders);
		assert.equal(await state(api), before, "a refused call has changed the state");
		await strangersFeed(api);
		await stalePrice(api, desk);
	});
});

async function enormousAmounts(api: ApiPromise, feeders: Operators): Promise<void> {
	const buyer = actors.buyer;
	for (const call of [
		api.tx["margin"]!["deposit"]!(MOST),
		api.tx["riskPool"]!["deposit"]!(MOST),
		api.tx["riskPool"]!["donateInsurance"]!(MOST),
	]) {
		const [outcome] = await Promise.all([
			send(api, buyer, call).then(
				() => "accepted",
				() => "refused",
			),
			feeders.round(market),
		]);
		assert.equal(outcome, "refused", `${call.method.section}.${call.method.method}`);
	}
}

/** Somebody who is not an operator cannot feed. */
async function strangersFeed(api: ApiPromise): Promise<void> {
	const stranger = key("//Ferdie");
	await refuses("spotOracle.NoPermission", () => send(api, stranger, spotFeed(api, market)));
}

/** When operators fall silent trades stop, and deposits go on. */
async function stalePrice(api: ApiPromise, desk: Desk): Promise<void> {
	const put = await desk.series(PUT);
	const deadline = (await marketNow(api)) + 30 * 86_400;
	const buy = () => api.tx["riskPool"]!["buy"]!(put, fixed(1), fixed(9_000), deadline);
	let blocks = 0;
	for (; blocks < 8; blocks += 1) {
		const refused = await send(api, actors.buyer, buy()).then(
			() => undefined,
			(error: { condition?: string }) => error.condition,
		);
		if (refused === "riskPool.PriceStale") break;
		assert.equal(refused, undefined);
	}
	assert.ok(blocks < 8, "trades never stopped");
	await send(api, actors.buyer, desk.deposit(1));
	const withdraw = api.tx["margin"]!["withdraw"]!(scaled(1, ASSET.USD.decimals));
	await refuses("margin.PriceNotUsable", () => send(api, actors.writer, withdraw));
}
