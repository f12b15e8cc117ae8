// Black Thursday as a story: who trades what before the fall, who bids during it.

import type { ApiPromise } from "@polkadot/api";
import { actors, UNDERLYING } from "../lib/actors.ts";
import { Refused, send } from "../lib/chain.ts";
import { fixed, human } from "../lib/units.ts";
import { auctions, health } from "../lib/views.ts";
import { Desk, EXPIRY_DAY, EXPIRY_MONTH, type Contract } from "./desk.ts";
import { Journal } from "./journal.ts";
import { Market, type Candle } from "./market.ts";
import { snapshot } from "./state.ts";
import { Table } from "./table.ts";

/** Accounts of the live table. */
export const WATCHED = [
	{ name: "thin", address: actors.writer.address },
	{ name: "late", address: actors.keeper.address },
	{ name: "prudent", address: actors.prudent.address },
	{ name: "covered", address: actors.covered.address },
	{ name: "bidder", address: actors.bidder.address },
] as const;

const NAMES = new Map<string, string>([
	...WATCHED.map(({ name, address }): [string, string] => [address, name]),
	[actors.buyer.address, "buyer"],
	[actors.provider.address, "provider"],
]);

/** Dollars that the people of the story start with at the clearing house. */
const PROVIDED = 3_000_000;
const INSURANCE = 8_000;

const BTC_DAY_PUT: Contract = { underlying: "BTC", kind: "Put", strike: 7500, expiry: EXPIRY_DAY };
const BTC_MONTH_PUT: Contract = { ...BTC_DAY_PUT, expiry: EXPIRY_MONTH };
const BTC_CALL: Contract = { ...BTC_MONTH_PUT, kind: "Call", strike: 8500 };
const ETH_PUT: Contract = { underlying: "ETH", kind: "Put", strike: 180, expiry: EXPIRY_DAY };

/** Rows at which the thin and the late writer take out their spare cash. */
const THIN_ROW = 6;
const LATE_ROW = 14;
/** Rows after the expiry of 13 March that are still played. */
const LAST_ROW = 80;

export class Story {
	private readonly table = new Table();
	private readonly desk: Desk;

	private constructor(
		private readonly api: ApiPromise,
		private readonly market: Market,
		private readonly journal: Journal,
	) {
		this.desk = new Desk(api);
	}

	static async open(api: ApiPromise): Promise<Story> {
		return new Story(api, await Market.open(api), await Journal.open(api));
	}

	/** Plays everything; returns what happened. */
	async play(): Promise<Journal> {
		await this.prepare();
		await this.trade();
		while (this.market.row < LAST_ROW && this.market.left > 0) {
			await this.candle();
		}
		await this.settle();
		await this.journal.close();
		return this.journal;
	}

	private async prepare(): Promise<void> {
		this.table.say("the first prices; series are listed; everybody deposits");
		await this.together(() => Promise.all([this.list(), this.fund()]));
		const { api } = this;
		const invest = (dollars: number) => api.tx["riskPool"]!["deposit"]!(fixed(dollars));
		const donate = (dollars: number) => api.tx["riskPool"]!["donateInsurance"]!(fixed(dollars));
		await this.together(() =>
			this.desk.all(actors.provider, [invest(PROVIDED), donate(INSURANCE)]),
		);
		// Deposits are priced at the next tick.
		await this.candle();
	}

	private list(): Promise<unknown> {
		const { api } = this;
		const grid = (underlying: number, expiry: number, strikes: number[]) =>
			api.tx["options"]!["listGrid"]!(underlying, "European", "Cash", expiry, strikes.map((k) => fixed(k)));
		const btc = [6500, 7000, 7500, 8000, 8500];
		const eth = [160, 180, 200];
		const listings = [EXPIRY_DAY, EXPIRY_MONTH].flatMap((expiry) => [
			grid(UNDERLYING.BTC, expiry, btc),
			grid(UNDERLYING.ETH, expiry, eth),
		]);
		const batch = api.tx["utility"]!["batchAll"]!(listings);
		return send(api, actors.sudo, api.tx["sudo"]!["sudo"]!(batch));
	}

	private fund(): Promise<unknown> {
		const { desk } = this;
		return Promise.all([
			send(this.api, actors.provider, desk.deposit(PROVIDED + INSURANCE)),
			send(this.api, actors.buyer, desk.deposit(100_000)),
			send(this.api, actors.writer, desk.deposit(100_000)),
			send(this.api, actors.keeper, desk.deposit(100_000)),
			send(this.api, actors.prudent, desk.deposit(100_000)),
			send(this.api, actors.covered, desk.depositBitcoin(10)),
			send(this.api, actors.bidder, desk.deposit(400_000)),
		]);
	}

	private async trade(): Promise<void> {
		const { desk, api } = this;
		this.table.say("puts and calls are written to the pool, puts are bought from it");
		await this.together(async () => {
			const [thin, late, prudent, covered, bought, eth] = await Promise.all([
				desk.sell(BTC_MONTH_PUT, 20, 1),
				desk.sell(BTC_MONTH_PUT, 20, 1),
				desk.sell(BTC_DAY_PUT, 10, 1),
				desk.sell(BTC_CALL, 10, 1),
				desk.buy(BTC_DAY_PUT, 20, 50_000),
				desk.buy(ETH_PUT, 200, 50_000),
			]);
			await Promise.all([
				send(api, actors.writer, thin),
				send(api, actors.keeper, late),
				send(api, actors.prudent, prudent),
				send(api, actors.covered, covered),
				desk.all(actors.buyer, [bought, eth]),
			]);
		});
	}

	/** Does something while the present prices are fed again, so that no price grows old. */
	private async together<T>(work: () => Promise<T>): Promise<T> {
		if (this.market.row < 0) await this.market.next();
		const [result] = await Promise.all([work(), this.market.again()]);
		return result;
	}

	/** One half hour: the feeds, what people do next, the table. */
	private async candle(): Promise<void> {
		const candle = await this.market.next();
		this.journal.fed(candle);
		const state = await snapshot(this.api, WATCHED);
		this.table.print(candle, state);
		for (const { name, equity, status } of state.accounts) {
			if (status !== "Bankrupt" || this.journal.bankrupt.has(name)) continue;
			this.journal.bankrupt.add(name);
			this.table.say(`${name} is bankrupt: equity ${human(equity)} USD`);
		}
		for (const line of this.journal.news(NAMES)) this.table.say(line);
		await this.react(candle);
	}

	private async react(candle: Candle): Promise<void> {
		if (candle.row === THIN_ROW) await this.thinOut(actors.writer, "thin");
		if (candle.row === LATE_ROW) await this.thinOut(actors.keeper, "late");
		for (const auction of await auctions(this.api)) {
			// The bidder takes what it may of the first writer's book, and nothing of the second's.
			if (auction.account !== actors.writer.address || auction.largestShare === 0n) continue;
			await this.attempt("the bidder's bid", () =>
				this.desk.bid(actors.bidder, auction, auction.largestShare, 100_000),
			);
		}
	}

	private async thinOut(who: typeof actors.writer, name: string): Promise<void> {
		await this.attempt(`the ${name} writer takes out spare cash`, () =>
			this.desk.thinOut(who, 100),
		);
		const { equity, initial } = await health(this.api, who.address);
		this.table.say(`${name}: equity ${human(equity)} against initial margin ${human(initial)}`);
	}

	/** Somebody's transaction in a falling market may come too late: that is said, not hidden. */
	private async attempt(what: string, action: () => Promise<unknown>): Promise<void> {
		try {
			await action();
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			this.table.say(`${what} was refused: ${error.condition}`);
		}
	}

	/** The expired series are settled by the chain itself; waits for it. */
	private async settle(): Promise<void> {
		for (let i = 0; i < 6 && !this.journal.settled; i += 1) {
			await this.market.again();
		}
	}
}
