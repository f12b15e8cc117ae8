// The second act: two option vaults on the days of Black Thursday. Their first round begins on the
// evening of 11 March and expires on Friday, 13 March 2020, 08:00 UTC; their second one begins there.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { ASSET } from "../../lib/actors.ts";
import { onBlock, Refused } from "../../lib/chain.ts";
import { fixed, human } from "../../lib/units.ts";
import { holding, offered, vault, type Selling, type Vault } from "../../lib/vaults.ts";
import { marketNow } from "../../lib/views.ts";
import { EXPIRY_DAY } from "../desk.ts";
import { Journal } from "../journal.ts";
import { Market } from "../market.ts";
import { FIRST_CLOSE, ROW_SECONDS } from "../prices.ts";
import { report, type Check } from "../report.ts";
import { CALLS, NAMES, People, PEOPLE, PUTS, refusal, wallet } from "./people.ts";
import { reportVaults } from "./report.ts";
import { VaultTable, type Line } from "./table.ts";
import { amount, clock, tellVaults, unitsOf } from "./tell.ts";

const KEPT = new Set(["optionVaults", "options", "margin", "liquidation", "riskPool"]);
const IDS = [CALLS, PUTS] as const;

/** Market time at which the withdrawal is queued and the late deposit made: 12 March, 12:00 and 20:00. */
const FLIGHT = EXPIRY_DAY - 20 * 3600;
const JOINING = EXPIRY_DAY - 12 * 3600;
/** Market time at which the act ends, whatever has not happened: 13 March, 18:00. */
const END = EXPIRY_DAY + 10 * 3600;

/** What has happened at a block, for whoever acts on it. */
interface Moment {
	now: number;
	vaults: readonly Vault[];
}

/** Somebody's part: done once, at the first block at which it is due. */
interface Part {
	who: KeyringPair;
	due: (moment: Moment) => boolean;
	act: (moment: Moment) => Promise<void>;
}

export class VaultAct {
	private readonly table = new VaultTable();
	private readonly people: People;
	private readonly facts: Check[] = [];
	/** Parts that have not begun. */
	private ahead: Part[];
	/** What each person is about: one thing after the other, so that their nonces follow one another. */
	private readonly busy = new Map<KeyringPair, Promise<void>>();
	private failure: unknown;

	private constructor(
		private readonly api: ApiPromise,
		private readonly market: Market,
		private readonly journal: Journal,
	) {
		this.people = new People(api);
		this.ahead = this.script();
	}

	static async open(api: ApiPromise): Promise<VaultAct> {
		return new VaultAct(api, await Market.open(api), await Journal.open(api, KEPT));
	}

	/** Plays everything and checks it. */
	async play(): Promise<Check[]> {
		this.table.say("the manager opens both vaults; people deposit, before there is any price");
		await this.people.arrive();
		await this.people.begin();
		await this.firstClose();
		await this.step();
		await Promise.all([this.step(), this.people.invest()]);
		let now = 0;
		while (now < END && this.ahead.length > 0) {
			const moment = await this.step();
			this.react(moment);
			({ now } = moment);
		}
		// What people have begun goes into the blocks of the next prices.
		const all = Promise.all(this.busy.values());
		await Promise.all([all, this.step().then(() => this.step())]);
		if (this.failure) throw this.failure;
		return this.check();
	}

	/** Waits until the chain's clock has come to the first close. */
	private async firstClose(): Promise<void> {
		const early = async () => (await marketNow(this.api)) + ROW_SECONDS < FIRST_CLOSE;
		if (!(await early())) return;
		await new Promise<void>((resolve, reject) => {
			const stop = onBlock(this.api, () => {
				early().then((still) => {
					if (still) return;
					void stop.then((unsubscribe) => unsubscribe());
					resolve();
				}, reject);
			});
			stop.catch(reject);
		});
	}

	/** One half hour: the feeds, the table, the news. */
	private async step(): Promise<Moment> {
		const candle = await this.market.follow();
		this.journal.fed(candle);
		const [now, ...vaults] = await Promise.all([
			marketNow(this.api),
			...IDS.map((id) => vault(this.api, id)),
		]);
		const lines = await Promise.all(vaults.map((one) => this.line(one)));
		this.table.print(now, candle, lines);
		for (const line of this.journal.news(NAMES, tellVaults)) this.table.say(line);
		return { now, vaults };
	}

	private async line(one: Vault): Promise<Line> {
		// Nothing is offered once an auction is over, and its end comes with the end of a block.
		const offer = one.selling && (await offered(this.api, one.id, fixed(1)).catch(() => undefined));
		return { vault: one, offer };
	}

	/** Begins what is due; nobody waits for it, since the next prices must be fed. */
	private react(moment: Moment): void {
		if (this.failure) throw this.failure;
		const due = this.ahead.filter((part) => part.due(moment));
		this.ahead = this.ahead.filter((part) => !due.includes(part));
		for (const { who, act } of due) {
			const before = this.busy.get(who) ?? Promise.resolve();
			const after = before.then(() => act(moment)).catch((error: unknown) => {
				this.failure ??= error;
			});
			this.busy.set(who, after);
		}
	}

	private script(): Part[] {
		const { patient, leaver, late, eager, bargain } = PEOPLE;
		return [
			this.haggle(late, CALLS, 0.1),
			this.buys(eager, CALLS, 0, 0.1, 3),
			this.buys(eager, PUTS, 0, 0.1, 4),
			this.buys(bargain, CALLS, 0, 0.45, 3),
			this.buys(bargain, PUTS, 0, 0.45, 4),
			this.buys(bargain, CALLS, 0, 0.7, 2),
			{ who: leaver, due: ({ now }) => now >= FLIGHT, act: () => this.flight(leaver) },
			{ who: late, due: ({ now }) => now >= JOINING, act: () => this.joins(late) },
			{
				who: leaver,
				due: ({ vaults }) => vaults.every(({ round }) => round >= 1),
				act: ({ vaults }) => this.afterwards(leaver, patient, vaults),
			},
			this.buys(eager, CALLS, 1, 0, 3),
			this.buys(eager, PUTS, 1, 0, 4),
		];
	}

	/** A part in a premium auction, once it has come so far. */
	private inAuction(
		who: KeyringPair,
		id: number,
		round: number,
		progress: number,
		act: (one: Vault) => Promise<void>,
	): Part {
		const isDue = (now: number, { began, ends }: Selling) => now - began >= progress * (ends - began);
		return {
			who,
			due: ({ now, vaults }) => {
				const { round: running, selling } = vaults[id]!;
				return running === round && selling !== undefined && isDue(now, selling);
			},
			act: ({ vaults }) => act(vaults[id]!),
		};
	}

	private buys(
		who: KeyringPair,
		id: number,
		round: number,
		progress: number,
		contracts: number,
	): Part {
		return this.inAuction(who, id, round, progress, async (one) => {
			await this.attempt("a purchase", this.people.buy(who, one, contracts));
		});
	}

	/** Half of the price is not enough for anybody. */
	private haggle(who: KeyringPair, id: number, progress: number): Part {
		return this.inAuction(who, id, 0, progress, async (one) => {
			const condition = await refusal(this.people.buy(who, one, 1, 0.5));
			this.table.say(`${unitsOf(id).vault}: somebody offers half of the price: ${condition}`);
			this.fact("half of the price is refused", condition === "optionVaults.SlippageExceeded", condition);
		});
	}

	/** After the fall one depositor wants everything back at once, cannot have it, and queues. */
	private async flight(who: KeyringPair): Promise<void> {
		const condition = await refusal(this.people.snatch(who, PUTS));
		this.table.say(`put vault: leaver wants everything at once: ${condition}`);
		this.fact("what is locked cannot be withdrawn", condition === "optionVaults.AssetsLocked", condition);
		await this.people.leave(who);
	}

	private async joins(who: KeyringPair): Promise<void> {
		await this.people.join(who, 2, 20_000);
	}

	/** The first round is over: who leaves is paid, who stays is in the second one. */
	private async afterwards(
		leaver: KeyringPair,
		patient: KeyringPair,
		vaults: readonly Vault[],
	): Promise<void> {
		const assets = [ASSET.BTC.id, ASSET.USD.id];
		const purse = () => Promise.all(assets.map((asset) => wallet(this.api, leaver.address, asset)));
		const before = await purse();
		const { bitcoin, dollars } = await this.people.takeOut(leaver);
		const after = await purse();
		const came = after.map((one, i) => one - before[i]!);
		const text = `${amount(CALLS, came[0]!)} and ${amount(PUTS, came[1]!)}`;
		this.table.say(`leaver takes out to the wallet: ${text}`);
		this.fact(
			"the withdrawal is in the wallet, to the unit",
			came[0] === bitcoin && came[1] === dollars && bitcoin > 0n && dollars > 0n,
			text,
		);
		const [gone, stays] = await Promise.all(
			[leaver, patient].map((who) => Promise.all(IDS.map((id) => holding(this.api, id, who.address)))),
		);
		this.fact(
			"who stays has shares in the next round, who has left has none",
			stays!.every(({ shares }) => shares > 0n) && gone!.every(({ shares }) => shares === 0n),
			stays!.map(({ shares, value }, id) => `${human(shares, 4)} shares worth ${amount(id, value)}`).join(", "),
		);
		await this.people.payFees(vaults);
	}

	/** Somebody's transaction may come too late: that is said, not hidden. */
	private async attempt(what: string, action: Promise<unknown>): Promise<void> {
		try {
			await action;
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			this.table.say(`${what} was refused: ${error.condition}`);
		}
	}

	private fact(what: string, holds: boolean, figures: string): void {
		this.facts.push({ what, holds, figures });
	}

	private async check(): Promise<Check[]> {
		const { facts, api, journal } = this;
		const missed = this.ahead.length;
		const all = {
			what: "everybody has done their part",
			holds: missed === 0,
			figures: `${missed} parts left at ${clock(await marketNow(api))}`,
		};
		return [all, ...facts, ...(await reportVaults(api, journal)), ...(await report(api, journal))];
	}
}
