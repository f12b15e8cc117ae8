// Option vaults over RPC, against the node: two vaults on two underlyings are opened, refuse bad input,
// sell their options, pay calls in kind and puts in cash, and turn to their second round. Everything is
// decoded by Polkadot.js without custom types.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { actors, ASSET, operators, UNDERLYING } from "../lib/actors.ts";
import { key, send, type Call } from "../lib/chain.ts";
import { Operators, type Observation } from "../lib/oracle.ts";
import { fixed, ONE, scaled } from "../lib/units.ts";
import { payoffError, unit } from "../lib/vault-sums.ts";
import { encodeTerms, holding, offered, rounds, vault, type Terms, type Vault } from "../lib/vaults.ts";
import { big, callApi } from "../lib/views.ts";
import { Desk, EXPIRY_DAY } from "../demo/desk.ts";
import { Journal } from "../demo/journal.ts";
import { CALLS, PUTS, wallet } from "../demo/vaults/people.ts";
import { reportVaults } from "../demo/vaults/report.ts";
import { refuses, withNodes, withSpec } from "./support.ts";

type Json = Record<string, unknown>;

/** Seconds of market time in a block: the round from 11 to 13 March 2020 takes 57 of them. */
const BLOCK = 2_400;

const { keeper: manager, covered: stays, prudent: leaves, buyer, bidder: late } = actors;

/** People who only try what is refused: one transaction each at a time. */
const STRANGERS = ["Bob", "Charlie", "Dave", "Eve", "Ferdie", "Writer", "Provider"].map((name) =>
	key(`//${name}`),
);

const flat = (volatility: number) => Array<number>(6).fill(volatility);

const market = (btc: number, eth: number): Observation[] => [
	{ underlying: UNDERLYING.BTC, spot: btc, volatility: flat(0.65) },
	{ underlying: UNDERLYING.ETH, spot: eth, volatility: flat(0.75) },
];
const CALM = market(8000, 200);
/** Calls at 8500 and puts at 190 are in the money. */
const MOVED = market(9500, 160);

const TERMS: Terms = {
	strike: { Distance: 0.05 },
	expiry: "Weekly",
	start: 1.5,
	reserve: 0.92,
	auction: 14_400,
	managementFee: 0.02,
	performanceFee: 0.1,
	capacity: scaled(100, ASSET.BTC.decimals),
};
const PUT_TERMS: Terms = { ...TERMS, capacity: scaled(100_000, ASSET.USD.decimals) };

type Attempt = readonly [condition: string, call: Call];

/** Each is refused with its condition; many at a time, each by somebody else. */
async function areRefused(api: ApiPromise, attempts: readonly Attempt[]): Promise<void> {
	for (let i = 0; i < attempts.length; i += STRANGERS.length) {
		const some = attempts.slice(i, i + STRANGERS.length);
		await Promise.all(
			some.map(([condition, call], j) => refuses(condition, () => send(api, STRANGERS[j]!, call))),
		);
	}
}

class Scene {
	readonly desk: Desk;

	private constructor(
		readonly api: ApiPromise,
		readonly feeders: Operators,
		readonly journal: Journal,
	) {
		this.desk = new Desk(api);
	}

	static async open(api: ApiPromise): Promise<Scene> {
		const kept = new Set(["optionVaults", "options", "margin", "liquidation"]);
		return new Scene(api, await Operators.connect(api, operators), await Journal.open(api, kept));
	}

	get calls() {
		return this.api.tx["optionVaults"]!;
	}

	/** Does something while prices are fed. */
	async during<T>(prices: Observation[], work: Promise<T>): Promise<T> {
		let done = false;
		const [result] = await Promise.all([
			work.finally(() => (done = true)),
			(async () => {
				while (!done) await this.feeders.round(prices);
			})(),
		]);
		return result;
	}

	/** Feeds prices until both vaults have come so far. */
	async until(
		prices: Observation[],
		what: string,
		reached: (one: Vault) => boolean,
	): Promise<[Vault, Vault]> {
		for (let block = 0; block < 70; block += 1) {
			await this.feeders.round(prices);
			const [calls, puts] = await this.vaults();
			if (reached(calls) && reached(puts)) return [calls, puts];
		}
		throw new Error(`not within 70 rounds of prices: ${what}`);
	}

	vaults(): Promise<[Vault, Vault]> {
		return Promise.all([vault(this.api, CALLS), vault(this.api, PUTS)]);
	}
}

/** Both vaults are opened, and every term outside its bounds is refused by name. */
async function opening({ api, calls, desk }: Scene): Promise<void> {
	const open = (strategy: string, underlying: number, terms: Terms): Call =>
		calls["openVault"]!(strategy, underlying, encodeTerms(terms));
	const wrong = (condition: string, terms: Partial<Terms>): Attempt => [
		`optionVaults.${condition}`,
		open("CoveredCall", UNDERLYING.BTC, { ...TERMS, ...terms }),
	];
	await Promise.all([
		desk.all(manager, [
			open("CoveredCall", UNDERLYING.BTC, TERMS),
			open("CashSecuredPut", UNDERLYING.ETH, PUT_TERMS),
		]),
		desk.all(stays, [desk.depositBitcoin(6), desk.deposit(60_000)]),
		desk.all(leaves, [desk.depositBitcoin(4), desk.deposit(30_000)]),
		desk.all(buyer, [desk.depositBitcoin(1), desk.deposit(50_000)]),
		send(api, late, desk.deposit(20_000)),
		areRefused(api, [
			wrong("StrikeOutOfBounds", { strike: { Distance: 0.01 } }),
			wrong("StrikeOutOfBounds", { strike: { Delta: 0.36 } }),
			wrong("ReserveTooLow", { reserve: 0.89 }),
			wrong("StartOutOfBounds", { start: 3.01 }),
			wrong("AuctionOutOfBounds", { auction: 14_401 }),
			wrong("ManagementFeeTooHigh", { managementFee: 0.021 }),
			wrong("PerformanceFeeTooHigh", { performanceFee: 0.21 }),
			wrong("CapacityZero", { capacity: 0n }),
			["optionVaults.UnderlyingNotListed", open("CoveredCall", 99, TERMS)],
		]),
	]);
}

/** Deposits wait for the first round; what has no sense before it is refused by name. */
async function depositing({ api, calls, desk }: Scene): Promise<void> {
	const deposit = (id: number, amount: bigint): Call => calls["deposit"]!(id, amount);
	const [bitcoin, dollars] = [ASSET.BTC.decimals, ASSET.USD.decimals];
	const nobody = STRANGERS[0]!.address;
	await Promise.all([
		desk.all(stays, [deposit(CALLS, scaled(6, bitcoin)), deposit(PUTS, scaled(60_000, dollars))]),
		desk.all(leaves, [
			deposit(CALLS, scaled(4, bitcoin)),
			deposit(PUTS, scaled(30_000, dollars)),
			calls["cancelDeposit"]!(PUTS, scaled(10_000, dollars)),
		]),
		areRefused(
			api,
			(
				[
					["AmountZero", deposit(PUTS, 0n)],
					["DepositTooSmall", deposit(PUTS, scaled(9, dollars))],
					["CapacityExceeded", deposit(PUTS, scaled(100_001, dollars))],
					["VaultUnknown", deposit(7, scaled(1_000, dollars))],
					["NothingQueued", calls["cancelDeposit"]!(PUTS, 1n)],
					["InsufficientShares", calls["requestWithdrawal"]!(PUTS, 1n)],
					["NothingToClaim", calls["claim"]!(PUTS, nobody)],
					["NotManager", calls["scheduleTerms"]!(PUTS, encodeTerms(PUT_TERMS))],
					["NotManager", calls["closeVault"]!(PUTS)],
					["MarketNotUsable", calls["openRound"]!(PUTS)],
					["NotSelling", calls["buy"]!(PUTS, ONE, ONE, EXPIRY_DAY)],
					["VaultNotClosed", calls["removeVault"]!(PUTS)],
					["NotLocked", calls["settleRound"]!(PUTS)],
					["NoFees", calls["payFees"]!(PUTS)],
				] as const
			).map(([condition, call]): Attempt => [`optionVaults.${condition}`, call]),
		),
	]);
	const puts = await vault(api, PUTS);
	assert.equal(puts.queuedDeposits, scaled(80_000, dollars));
	const waits = await holding(api, PUTS, leaves.address);
	assert.equal(waits.queuedDeposit, scaled(20_000, dollars));
	const none = (await callApi(api, "optionVaultsApi", "vault", 7)).toPrimitive();
	assert.equal(none, null);
}

/** The answers of the runtime API as Polkadot.js names them. */
async function names({ api }: Scene): Promise<void> {
	const keys = (json: unknown) => Object.keys(json as Json).sort().join(" ");
	const call = async (method: string, ...args: unknown[]) =>
		(await callApi(api, "optionVaultsApi", method, ...args)).toPrimitive();
	const shown = (await call("vault", CALLS)) as Json;
	assert.equal(
		keys(shown),
		"account annualised asset assets claimable closed decimals fees highWater id manager price " +
			"queuedDeposits queuedWithdrawals round scheduled shares state strategy terms underlying",
	);
	assert.deepEqual(await call("vaults"), [shown, await call("vault", PUTS)]);
	assert.equal(shown["strategy"], "CoveredCall");
	assert.deepEqual([shown["asset"], shown["decimals"]], [ASSET.BTC.id, ASSET.BTC.decimals]);
	const { strike, expiry, auction, reserve } = shown["terms"] as Json;
	assert.equal(big((strike as Json)["distance"]), fixed(0.05));
	assert.deepEqual([expiry, auction, big(reserve)], ["Weekly", 14_400, fixed(0.92)]);
	const { selling } = shown["state"] as { selling: Json };
	assert.equal(keys(selling), "assets auction expiry offered premium series sold strike");
	assert.equal(keys(selling["auction"]), "began ends reserve start");
	const holder = await call("holder", CALLS, stays.address);
	assert.equal(keys(holder), "claimable queuedDeposit queuedWithdrawal shares value");
	const offer = (await call("offered", CALLS, ONE)) as { ok: Json };
	assert.equal(keys(offer.ok), "premium price unsold");
	const stored = (await api.query["optionVaults"]!["vaults"]!(CALLS)).toPrimitive() as Json;
	assert.deepEqual(stored["state"], shown["state"]);
	assert.equal(stored["manager"], manager.address);
	assert.equal(await api.query["optionVaults"]!["nextVaultId"]!().then(String), "2");
}

/** Strikes by the rule, the auction by the average mark. */
async function opened(journal: Journal, [calls, puts]: [Vault, Vault]): Promise<void> {
	await journal.caughtUp();
	const expected = [
		{ one: calls, strike: 8500, quantity: "10" },
		// 80,000 dollars cover 421.05 strikes of 190.
		{ one: puts, strike: 190, quantity: "421.05" },
	];
	for (const { one, strike, quantity } of expected) {
		const [event] = journal
			.all("optionVaults", "RoundOpened")
			.filter(({ data }) => data["vault"] === one.id);
		assert.ok(event && one.selling);
		assert.equal(event.by, "hook");
		const { data } = event;
		assert.deepEqual([data["round"], data["expiry"]], [0, EXPIRY_DAY]);
		assert.equal(big(data["strike"]), fixed(strike));
		assert.equal(big(data["offered"]), fixed(quantity));
		assert.equal(big(data["start"]), (big(data["mark"]) * 3n + 1n) / 2n);
		assert.deepEqual(
			[one.selling.series, one.selling.start, one.selling.ends],
			[data["series"], big(data["start"]), data["ends"]],
		);
		assert.equal(one.selling.ends - one.selling.began, TERMS.auction);
	}
	assert.equal(calls.assets, scaled(10, ASSET.BTC.decimals));
	assert.equal(calls.shares, fixed(10));
}

/** Two purchases of each vault, the second one cheaper; bad bids are refused by name. */
async function selling(scene: Scene): Promise<void> {
	const { api, calls, journal } = scene;
	const [some, later] = [1n << 100n, EXPIRY_DAY];
	const buy = (contracts: string, most: bigint, deadline: number): Call =>
		calls["buy"]!(CALLS, fixed(contracts), most, deadline);
	const { premium } = await offered(api, CALLS, ONE);
	const wrong = (
		[
			["SlippageExceeded", buy("1", premium / 2n, later)],
			["DeadlinePassed", buy("1", some, later - 172_800)],
			["QuantityTooLarge", buy("10.01", some, later)],
			["QuantityTooSmall", buy("0.001", some, later)],
			["QuantityOffStep", buy("0.015", some, later)],
			["AuctionOpen", calls["closeAuction"]!(CALLS)],
			["RoundRunning", calls["openRound"]!(CALLS)],
		] as const
	).map(([condition, call]): Attempt => [`optionVaults.${condition}`, call]);
	await Promise.all([
		purchase(scene),
		areRefused(api, wrong),
		refuses("optionVaults.AssetsLocked", () => send(api, stays, calls["withdraw"]!(CALLS, ONE))),
	]);
	await purchase(scene);
	await journal.caughtUp();
	const sales = journal.all("optionVaults", "ContractsSold").map(({ data }) => data);
	for (const id of [CALLS, PUTS]) {
		const { selling, locked } = await vault(api, id);
		const [first, second] = sales.filter((sale) => sale["vault"] === id);
		assert.ok(first && second, `vault ${id} has sold ${sales.length} times`);
		assert.ok(big(second["price"]) < big(first["price"]), "the price did not fall");
		assert.equal(first["buyer"], buyer.address);
		const sold = (selling ?? locked)!;
		assert.equal(sold.premium, big(first["premium"]) + big(second["premium"]));
		assert.equal(sold.sold, big(first["quantity"]) + big(second["quantity"]));
	}
}

/** The buyer takes three calls and a hundred puts. */
function purchase({ calls, desk }: Scene): Promise<unknown> {
	return desk.all(buyer, [
		calls["buy"]!(CALLS, fixed(3), scaled(1, ASSET.BTC.decimals), EXPIRY_DAY),
		calls["buy"]!(PUTS, fixed(100), scaled(10_000, ASSET.USD.decimals), EXPIRY_DAY),
	]);
}

/** While everything is locked nobody gets anything at once; who comes or goes is queued. */
async function locked({ api, calls, desk }: Scene): Promise<void> {
	const { shares } = await holding(api, PUTS, leaves.address);
	assert.equal(shares, fixed(20_000));
	await Promise.all([
		desk.all(leaves, [
			calls["requestWithdrawal"]!(CALLS, fixed(4)),
			calls["requestWithdrawal"]!(PUTS, shares),
		]),
		send(api, late, calls["deposit"]!(PUTS, scaled(10_000, ASSET.USD.decimals))),
		refuses("optionVaults.AssetsLocked", () => send(api, stays, calls["withdraw"]!(PUTS, ONE))),
		areRefused(api, [
			["optionVaults.NotSettledYet", calls["settleRound"]!(PUTS)],
			["optionVaults.NotSelling", calls["closeAuction"]!(PUTS)],
			["optionVaults.NothingToTurn", calls["turn"]!(PUTS)],
		]),
	]);
	const puts = await vault(api, PUTS);
	assert.equal(puts.stage, "locked");
	assert.equal(puts.queuedDeposits, scaled(10_000, ASSET.USD.decimals));
	assert.equal(puts.queuedWithdrawals, shares);
	assert.equal(puts.assets, puts.locked!.assets + puts.locked!.premium);
}

/** Calls are paid in kind, puts in cash, at the settlement price; fees and price per share follow. */
async function settled({ api }: Scene): Promise<void> {
	const expected = [
		{ id: CALLS, sold: 6, price: 9500 },
		{ id: PUTS, sold: 200, price: 160 },
	];
	for (const { id, sold, price } of expected) {
		const one = await vault(api, id);
		const [record, ...others] = await rounds(api, id);
		assert.ok(record && others.length === 0);
		assert.deepEqual([record.round, record.expiry, record.sold], [0, EXPIRY_DAY, fixed(sold)]);
		const { payoff, price: per } = record.outcome;
		assert.ok(payoff > 0n && payoffError(one, record, fixed(price), payoff) < unit(one.decimals));
		assert.equal(
			per.assets,
			record.assets + record.premium - payoff - record.outcome.managementFee - record.outcome.performanceFee,
		);
		assert.ok(record.outcome.managementFee > 0n, "no management fee");
		// Both have lost: nothing is above the high-water mark.
		assert.equal(record.outcome.performanceFee, 0n);
		assert.ok(one.annualised !== undefined && one.annualised < 0n);
	}
}

/** Who leaves has the price of the settled round in the wallet; who came late lost nothing of it. */
async function afterwards({ api, calls, desk, journal }: Scene): Promise<void> {
	const [puts] = (await rounds(api, PUTS)).slice(-1);
	assert.ok(puts);
	const gone = await holding(api, PUTS, leaves.address);
	const { assets, shares } = puts.outcome.price;
	assert.equal(gone.claimable, (fixed(20_000) * assets) / shares);
	assert.equal(gone.shares, 0n);
	const joined = await holding(api, PUTS, late.address);
	assert.equal(joined.shares, (scaled(10_000, ASSET.USD.decimals) * shares) / assets);
	const before = await wallet(api, leaves.address, ASSET.USD.id);
	await Promise.all([
		desk.all(leaves, [
			calls["claim"]!(PUTS, leaves.address),
			calls["claim"]!(CALLS, leaves.address),
			api.tx["margin"]!["withdraw"]!(gone.claimable),
		]),
		desk.all(manager, [calls["payFees"]!(CALLS), calls["payFees"]!(PUTS)]),
	]);
	const after = await wallet(api, leaves.address, ASSET.USD.id);
	assert.equal(after - before, gone.claimable);
	await journal.caughtUp();
	const fees = journal.all("optionVaults", "FeesPaid").map(({ data }) => data);
	for (const { vault: id, manager: its, treasury } of fees) {
		const [record] = await rounds(api, Number(id));
		const charged = record!.outcome.managementFee;
		// A fifth is the treasury's, rounded down.
		assert.deepEqual([big(treasury), big(its)], [charged / 5n, charged - charged / 5n]);
	}
	assert.equal(fees.length, 2);
}

test("a round of two vaults, from bad terms to the wallet", async () => {
	await withSpec({ preset: "dev", marketSeconds: BLOCK }, (chain) =>
		withNodes(async (start) => {
			const { api } = await start({ args: ["--dev", "--chain", chain] });
			const scene = await Scene.open(api);
			await opening(scene);
			await depositing(scene);
			const first = await scene.until(CALM, "both sell", ({ stage }) => stage === "selling");
			await opened(scene.journal, first);
			await names(scene);
			await scene.during(CALM, selling(scene));
			await scene.until(CALM, "both are locked", ({ stage }) => stage === "locked");
			await scene.during(CALM, locked(scene));
			await scene.until(MOVED, "both sell again", ({ round, stage }) => round === 1 && stage === "selling");
			await settled(scene);
			await scene.during(MOVED, afterwards(scene));
			for (const { what, holds, figures } of await reportVaults(api, scene.journal)) {
				assert.ok(holds, `${what}: ${figures}`);
				console.log(`${what}: ${figures}`);
			}
		}),
	);
});
