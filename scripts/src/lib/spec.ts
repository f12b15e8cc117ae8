// Specifications of chains that differ from the presets in how fast their clocks are.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportSpec } from "./binary.ts";

/** What differs from the preset. */
export interface Clocks {
	preset: "dev" | "local";
	/** Seconds of market time in a block. Prices stay usable for four blocks. */
	marketSeconds?: number;
	/** How many times faster governance is than on a production chain. */
	pace?: number;
}

/** Seconds after which a block's prices grow old. */
const BLOCKS_OF_A_PRICE = 4;

/** Writes the specification into the folder and returns the file. */
export function writeSpec(folder: string, { preset, marketSeconds, pace }: Clocks): string {
	// As text: JSON in JavaScript would round balances.
	let spec = exportSpec(preset);
	if (marketSeconds !== undefined) spec = withMarket(spec, marketSeconds);
	if (pace !== undefined) spec = replaced(spec, /("pace":\s*)\d+/g, `$1${pace}`);
	const file = join(folder, "chain.json");
	writeFileSync(file, spec);
	return file;
}

function withMarket(spec: string, seconds: number): string {
	const ages = /("(?:raw|spot)_age_max":\s*)\d+/g;
	const aged = replaced(spec, ages, `$1${BLOCKS_OF_A_PRICE * seconds}`);
	const perBlock = /("perBlock":\s*\{\s*"seconds":\s*)\d+/;
	if (perBlock.test(aged)) return aged.replace(perBlock, `$1${seconds}`);
	// The history of prices must have ended when the clock begins.
	const days = [...aged.matchAll(/"day":\s*(\d+)/g)].map(([, day]) => Number(day));
	const start = (Math.max(...days) + 1) * 86_400;
	const clock = `"timeScale": { "perBlock": { "seconds": ${seconds}, "start": ${start} } }`;
	return replaced(aged, /"timeScale":\s*"realTime"/gi, clock);
}

function replaced(text: string, pattern: RegExp, by: string): string {
	if (!pattern.test(text)) throw new Error(`the specification has nothing like ${pattern.source}`);
	pattern.lastIndex = 0;
	return text.replace(pattern, by);
}
