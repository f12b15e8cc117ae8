// A referendum raises BTC's scan range, and an account at the edge is liquidated only when the ramp of the
// maintenance range reaches it; its twin has seen it coming and topped up. For one node and for networks.

import assert from "node:assert/strict";
import type { ApiPromise } from "@polkadot/api";
import { actors, UNDERLYING } from "../lib/actors.ts";
import { blocksFrom, send } from "../lib/chain.ts";
import type { Observation } from "../lib/oracle.ts";
import { fixed } from "../lib/units.ts";
import { big, callApi, health, marketNow, scanRange, unwrap } from "../lib/views.ts";
import { Desk, type Contract } from "../demo/desk.ts";
import { Journal } from "../demo/journal.ts";
import { inProgress, proposedCall } from "../governance/referenda.ts";
import { Feed } from "./feed.ts";
import { carry, script, type Said } from "./referenda.ts";
import { booksAreRight, eventually } from "./support.ts";

/** A story with figures of its own. */
export interface Setting {
	api: ApiPromise;
	url: string;
	/** The new volatility multiple of the scan range, of three now. */
	multiple: number;
	/** Blocks within which the ramp must have come to its end. */
	blocks: number;
}

const DAY = 86_400;
const SPOT = 8_000;
const STRIKE = 7_500;
const CONTRACTS = 20;
/** The week's volatility sets the scan range, the longer ones the value of the options. */
const WEEK = 0.65;
/** Who has seen it coming, and who has not. */
const { prudent, writer: careless, provider } = actors;

const market = (later: number): Observation[] => [
	{ underlying: UNDERLYING.BTC, spot: SPOT, volatility: [WEEK, WEEK, later, later, later, later] },
];

export class Ramp {
	private readonly desk: Desk;
	private readonly put: Contract;

	private constructor(
		private readonly setting: Setting,
		private readonly feed: Feed,
		now: number,
	) {
		this.desk = new Desk(setting.api);
		const expiry = (Math.floor(now / DAY) + 60) * DAY + 8 * 3_600;
		this.put = { underlying: "BTC", kind: "Put", strike: STRIKE, expiry };
	}

	/** Plays it. Ends with the books. */
	static async play(setting: Setting): Promise<void> {
		const feed = await Feed.begin(setting.api, market(WEEK));
		try {
			const ramp = new Ramp(setting, feed, await marketNow(setting.api));
			await ramp.list();
			await ramp.write();
			const excess = await ramp.toTheEdge();
			await ramp.vote();
			await ramp.watch(excess);
		} finally {
			await feed.stop();
		}
		await booksAreRight(setting.api);
	}

	private get api(): ApiPromise {
		return this.setting.api;
	}

	/** Proposes through the script, has everybody vote, and waits until the call is made. */
	private async carried(args: string[]): Promise<Said> {
		const by = ["--from", "//Alice", "--vote", "aye", "--balance", "900000", "--follow"];
		const known = new Set((await inProgress(this.api)).map(([index]) => index));
		const said = script("propose", this.setting.url, [...args, ...by]);
		const [index, ongoing] = await eventually("the referendum", 240_000, async () =>
			(await inProgress(this.api)).find(([number]) => !known.has(number)),
		);
		// Anybody can read what is voted on.
		assert.ok(await proposedCall(this.api, ongoing), "the call of the referendum is not to be read");
		await carry(this.api, [index], ["//Alice"]);
		const { code, out, err } = await said;
		assert.equal(code, 0, out + err);
		return { code, out, err };
	}

	/** Options are listed by referendum too: nobody else may. */
	private async list(): Promise<void> {
		const args = [UNDERLYING.BTC, "European", "Cash", this.put.expiry, [fixed(STRIKE).toString()]];
		await this.carried(["--track", "listing_admin", "--call", "options.listGrid", "--args", JSON.stringify(args)]);
	}

	/** Both write the same puts, and take out all that initial margin leaves. */
	private async write(): Promise<void> {
		const { api, desk, feed } = this;
		await Promise.all([
			send(api, provider, desk.deposit(2_000_000)),
			send(api, prudent, desk.deposit(100_000)),
			send(api, careless, desk.deposit(100_000)),
		]);
		await send(api, provider, api.tx["riskPool"]!["deposit"]!(fixed(2_000_000)));
		await feed.more(2);
		for (const who of [prudent, careless]) {
			await send(api, who, await desk.sell(this.put, CONTRACTS, 1));
			await feed.more(1);
		}
		// The same to the cent: what the second sale brought differs from the first.
		for (const who of [prudent, careless]) await desk.thinOut(who, 10);
	}

	/** What the account has above its maintenance margin, and that margin. */
	private async excess(who = careless): Promise<{ excess: bigint; maintenance: bigint }> {
		const { equity, maintenance } = await health(this.api, who.address);
		return { excess: equity - maintenance, maintenance };
	}

	/**
	 * Moves the longer volatilities, which the scan range does not look at, until the account stands so far above its
	 * maintenance margin as less than half of the way of the scan range will take.
	 */
	private async toTheEdge(): Promise<bigint> {
		const range = await scanRange(this.api, UNDERLYING.BTC);
		const rise = (await this.target(this.setting.multiple)) - range;
		assert.ok(rise > 0, "the referendum would raise nothing");
		let [before, at] = [WEEK, WEEK + 0.04];
		let last = Number((await this.excess()).excess) / 1e18;
		for (let turn = 0; turn < 12; turn += 1) {
			await this.feed.set(market(at));
			const { excess, maintenance } = await this.excess();
			const now = Number(excess) / 1e18;
			// Losses grow faster than the range, so that it is reached earlier than this says.
			const wanted = (Number(maintenance) / 1e18 / range) * rise * 0.5;
			if (Math.abs(now - wanted) < 0.2 * wanted) return excess;
			const slope = (now - last) / (at - before);
			const next = at + (wanted - now) / slope;
			[before, last] = [at, now];
			at = Math.min(Math.max(next, WEEK), 0.94);
			if (Math.abs(at - before) < 1e-6) throw new Error("the account does not come to the edge");
		}
		throw new Error("the account did not come to the edge in time");
	}

	/** The scan range to which this multiple leads, as `docs/parameters.md` has it. */
	private async target(multiple: number): Promise<number> {
		const answer = await callApi(this.api, "riskParamsApi", "underlyingRisk", UNDERLYING.BTC);
		const risk = answer.toPrimitive() as Record<string, unknown>;
		const share = (name: string) => Number(big(risk[name])) / 1e18;
		const beta = share("scanStressedWeight");
		const horizon = Math.sqrt(Number(risk["scanHorizon"]) / (365 * DAY));
		const free = (1 - beta) * multiple * WEEK * horizon + beta * share("scanStressed");
		return Math.min(share("scanCap"), Math.max(share("scanFloor"), free));
	}

	/** The referendum. Nobody is near liquidation until its call is made. */
	private async vote(): Promise<void> {
		assert.equal(await this.seconds(careless.address), null, "the account is on its way already");
		const set = [`scanMultiple=${this.setting.multiple * 100}%`];
		const call = ["--call", "riskParams.setUnderlyingRisk", "--args", `[${UNDERLYING.BTC}]`];
		await this.carried(["--track", "risk_admin", ...call, ...set.flatMap((one) => ["--set", one])]);
	}

	/** Seconds of market time to liquidation, as the account is shown them; null: not in sight. */
	private async seconds(who: string): Promise<number | null> {
		const shown = unwrap(await callApi(this.api, "marginApi", "explain", who), "the explanation");
		return shown["secondsToLiquidation"] as number | null;
	}

	/** The ramp: one tops up, the other is liquidated when it is reached, and not before. */
	private async watch(excess: bigint): Promise<void> {
		const { api } = this;
		const journal = await Journal.open(api, new Set(["liquidation"]));
		const target = await this.target(this.setting.multiple);
		const due = await eventually("the account is shown its time", 60_000, async () => {
			const [now, left] = await Promise.all([marketNow(api), this.seconds(careless.address)]);
			return left === null ? undefined : now + left;
		});
		assert.ok((await health(api, careless.address)).status !== "Liquidatable", "liquidated by the enactment");
		const dollars = Math.ceil(Number(excess) / 1e18) * 10;
		await send(api, prudent, this.desk.deposit(dollars));
		assert.equal(await this.seconds(prudent.address), null, "the top-up was not enough");

		const ranges: number[] = [];
		let first: number | undefined;
		for await (const block of blocksFrom(api)) {
			first ??= block;
			ranges.push(await scanRange(api, UNDERLYING.BTC));
			if (ranges.at(-1)! >= target - 1e-6) break;
			assert.ok(block < first + this.setting.blocks, `the ramp does not end: ${ranges.at(-1)} of ${target}`);
		}
		await this.feed.more(3);
		await journal.close();

		const rises = ranges.filter((range, i) => i > 0 && range > ranges[i - 1]!);
		assert.ok(rises.length >= 4, `the range jumped: ${ranges}`);
		assert.ok(ranges.every((range, i) => i === 0 || range >= ranges[i - 1]!), `the range fell: ${ranges}`);
		const started = journal.all("liquidation", "LiquidationStarted");
		assert.deepEqual(started.map(({ data }) => data["account"]), [careless.address]);
		const at = await (await api.at(await api.rpc.chain.getBlockHash(started[0]!.block))).call["marketApi"]!["now"]!();
		const late = Number(big(at.toPrimitive())) - due;
		const block = await this.secondsOfABlock();
		console.log(
			`scan range ${ranges[0]!.toFixed(5)} to ${target.toFixed(5)} in ${ranges.length} blocks; liquidated ${late} s of market time after what was shown`,
		);
		assert.ok(late >= -2 * block, `liquidated ${-late} s before its time`);
		assert.ok(late <= 6 * block, `liquidated ${late} s after its time`);
		const { status } = await health(api, prudent.address);
		assert.ok(status === "Safe" || status === "BelowInitial", `who topped up is ${status}`);
	}

	/** Market time that passes in a block. */
	private async secondsOfABlock(): Promise<number> {
		const best = (await this.api.rpc.chain.getHeader()).number.toNumber();
		const times = await Promise.all(
			[best - 10, best].map(async (block) => {
				const at = await this.api.at(await this.api.rpc.chain.getBlockHash(block));
				return Number(big((await at.call["marketApi"]!["now"]!()).toPrimitive()));
			}),
		);
		return (times[1]! - times[0]!) / 10;
	}
}
