// Bad input over RPC: each is refused with the named error, and changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { actors, ASSET, operators, UNDERLYING } from "../lib/actors.ts";
import { key, send, type Call } from "../lib/chain.ts";
import { Operators, spotFeed, type Observation } from "../lib/oracle.ts";
import { fixed, scaled } from "../lib/units.ts";
import { auctions, health, marketNow, type Auction } from "../lib/views.ts";
import { Desk, EXPIRY_DAY, EXPIRY_MONTH, type Contract } from "../demo/desk.ts";
import { refuses, withNodes } from "./support.ts";

const MOST = (1n << 127n) - 1n;
const PUT: Contract = { underlying: "BTC", kind: "Put", strike: 7500, expiry: EXPIRY_MONTH };
/** 12 March 2020, 08:00 UTC: fourteen hours, 28 blocks, after the chain's first. */
const EXPIRY_SOON = EXPIRY_DAY - 86_400;
const SOON: Contract = { ...PUT, strike: 8000, expiry: EXPIRY_SOON };

const at = (spot: number): Observation[] => [
	{ underlying: UNDERLYING.BTC, spot, volatility: [0.65, 0.65, 0.65, 0.65, 0.65, 0.65] },
];
const market = at(8000);

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
		api.query["options"]!["sidesOf"]!.entries(),
		api.query["liquidation"]!["auctions"]!.entries(),
		api.query["assets"]!["account"]!.entries(),
	]);
	return JSON.stringify(entries.map((map) => map.map(([k, v]) => [k.toHex(), v.toHex()])));
}

async function prepare(api: ApiPromise): Promise<{ desk: Desk; feeders: Operators }> {
	const feeders = await Operators.connect(api, operators);
	const desk = new Desk(api);
	const grid = ({ expiry, strike }: Contract) =>
		api.tx["options"]!["listGrid"]!(UNDERLYING.BTC, "European", "Cash", expiry, [fixed(strike)]);
	const lists = api.tx["utility"]!["batchAll"]!([grid(SOON), grid(PUT)]);
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
		// A series that nobody has ever traded is removed when it expires.
		send(api, actors.buyer, await desk.buy(SOON, 1, 5_000)),
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
		of("riskPool.TicketUnknown", buyer, riskPool!["cancelDeposit"]!(0)),
		of("proxy.NotProxy", buyer, somebodyElses(api)),
		of("BadOrigin", buyer, api.tx["riskParams"]!["setMarginRules"]!(await marginRules(api))),
	];
}

/** A withdrawal from the writer's account, tried by somebody who is not its proxy. */
function somebodyElses(api: ApiPromise): Call {
	const withdraw = api.tx["margin"]!["withdraw"]!(scaled(1, ASSET.USD.decimals));
	return api.tx["proxy"]!["proxy"]!(actors.writer.address, null, withdraw);
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
		await expiredSeries(api, desk, feeders);
		await wrongBids(api, desk, feeders);
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

/** After its expiry a series cannot be traded any more. */
async function expiredSeries(api: ApiPromise, desk: Desk, feeders: Operators): Promise<void> {
	const expired = await desk.series(SOON);
	while ((await marketNow(api)) < EXPIRY_SOON) await feeders.round(market);
	const deadline = EXPIRY_SOON + 30 * 86_400;
	const buy = api.tx["riskPool"]!["buy"]!(expired, fixed(1), fixed(9_000), deadline);
	await Promise.all([
		refuses("riskPool.SeriesExpired", () => send(api, actors.buyer, buy)),
		feeders.round(market),
	]);
}

/** Bids above their limit, or for an auction that has changed, are refused. */
async function wrongBids(api: ApiPromise, desk: Desk, feeders: Operators): Promise<void> {
	const { bidder, writer } = actors;
	await Promise.all([send(api, bidder, desk.deposit(300_000)), feeders.round(market)]);
	await Promise.all([desk.thinOut(writer, 10), feeders.round(market)]);
	const fallen = at(7000);
	let auction: Auction | undefined;
	for (let i = 0; i < 5 && !auction; i += 1) {
		await feeders.round(fallen);
		auction = (await auctions(api)).find(({ account }) => account === writer.address);
	}
	assert.ok(auction, "no auction was started");
	const { lastBid } = auction;
	const bid = (limit: bigint, seen: number) => () =>
		send(api, bidder, api.tx["liquidation"]!["bid"]!(writer.address, fixed(1), limit, seen));
	await Promise.all([
		refuses("liquidation.PriceLimitExceeded", bid(fixed(-1_000_000), lastBid)),
		feeders.round(fallen),
	]);
	await Promise.all([
		refuses("liquidation.AuctionChanged", bid(fixed(1_000_000), lastBid + 7)),
		feeders.round(fallen),
	]);
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
	await refuses("margin.PriceNotUsable", () => send(api, actors.buyer, withdraw));
}
