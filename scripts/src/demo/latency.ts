// How long after the feed that broke an account its auction began.

import { big } from "../lib/views.ts";
import type { Journal } from "./journal.ts";

export interface Latency {
	/** Auctions that an offchain worker began. */
	byWorker: number;
	/** Of all auctions, those that began in the block after a feed. */
	nextBlock: number;
	all: number;
	text: string;
}

/** Compares each start of an auction with the latest feed before it. */
export function latency(journal: Journal): Latency {
	const starts = journal.all("liquidation", "LiquidationStarted");
	const delays = starts.map(({ block }) => {
		const feeds = journal.candles.map((candle) => candle.block).filter((fed) => fed < block);
		return block - Math.max(...feeds, 0);
	});
	const byWorker = starts.filter(({ by }) => by === "worker").length;
	const nextBlock = delays.filter((delay) => delay === 1).length;
	const failing = starts.filter(({ data }) => big(data["equity"]) < 0n).length;
	const text =
		`${starts.length} in all, ${byWorker} by the offchain worker, ` +
		`${nextBlock} in the block after a feed; ${failing} of them with negative equity`;
	return { byWorker, nextBlock, all: starts.length, text };
}
