// Black Thursday, one half-hourly close a block.

import type { ApiPromise } from "@polkadot/api";
import { operators, UNDERLYING } from "../lib/actors.ts";
import { Operators, VolatilityModel, type Observation } from "../lib/oracle.ts";
import { marketNow } from "../lib/views.ts";
import { CLOSES, FIRST_CLOSE, ROW_SECONDS } from "./prices.ts";

/** Long-run volatilities that the model reverts to. */
const LONG_RUN = { BTC: 0.65, ETH: 0.75 };

export interface Candle {
	/** Row of the table. */
	row: number;
	/** When the candle closed, in seconds since 1970-01-01 UTC. */
	closedAt: number;
	btc: number;
	eth: number;
	/** Block in which the last of the feeds was included. */
	block: number;
}

export class Market {
	/** The row that was fed last; -1 before the first. */
	row = -1;
	private readonly models = {
		BTC: new VolatilityModel(LONG_RUN.BTC),
		ETH: new VolatilityModel(LONG_RUN.ETH),
	};
	private volatility: { btc: number[]; eth: number[] } = { btc: [], eth: [] };

	private constructor(
		private readonly api: ApiPromise,
		private readonly feeders: Operators,
	) {}

	static async open(api: ApiPromise): Promise<Market> {
		return new Market(api, await Operators.connect(api, operators));
	}

	/** Rows that have not been fed yet. */
	get left(): number {
		return CLOSES.length - 1 - this.row;
	}

	/** Feeds the next close and waits until all five operators' values are in a block. */
	async next(): Promise<Candle> {
		this.advance();
		return this.feed();
	}

	/** Feeds the close of the half hour that the chain's next block stands for; the last one after the end. */
	async follow(): Promise<Candle> {
		const closed = (await marketNow(this.api)) + ROW_SECONDS;
		const due = Math.floor((closed - FIRST_CLOSE) / ROW_SECONDS);
		while (this.row < Math.max(due, 0) && this.left > 0) this.advance();
		return this.feed();
	}

	/** Feeds the present close once more: time passes, the price stands still. */
	async again(): Promise<Candle> {
		return this.feed();
	}

	/** The present row's closes. */
	private close(): readonly [number, number] {
		const close = CLOSES[this.row];
		if (!close) throw new Error("the price table has ended");
		return close;
	}

	private advance(): void {
		this.row += 1;
		const [btc, eth] = this.close();
		this.volatility = { btc: this.models.BTC.next(btc), eth: this.models.ETH.next(eth) };
	}

	private async feed(): Promise<Candle> {
		const [btc, eth] = this.close();
		const observations: Observation[] = [
			{ underlying: UNDERLYING.BTC, spot: btc, volatility: this.volatility.btc },
			{ underlying: UNDERLYING.ETH, spot: eth, volatility: this.volatility.eth },
		];
		const block = await this.feeders.round(observations);
		const closedAt = FIRST_CLOSE + this.row * ROW_SECONDS;
		return { row: this.row, closedAt, btc, eth, block };
	}
}
