// The tracks of referenda and what they ask for, from the chain's metadata.

import type { ApiPromise } from "@polkadot/api";
import { big } from "../lib/views.ts";

/** One, as the chain counts shares here. */
export const BILLION = 1_000_000_000n;

/** What is asked for over the decision period; shares in billionths. */
export type Curve =
	| { linearDecreasing: { length: unknown; floor: unknown; ceil: unknown } }
	| { steppedDecreasing: { begin: unknown; end: unknown; step: unknown; period: unknown } }
	| { reciprocal: { factor: unknown; xOffset: unknown; yOffset: unknown } };

export interface Track {
	id: number;
	/** As in the metadata: `risk_admin`. */
	name: string;
	maxDeciding: number;
	decisionDeposit: bigint;
	/** Periods in blocks. */
	prepare: number;
	decision: number;
	confirm: number;
	enactment: number;
	approval: Curve;
	support: Curve;
}

type Json = Record<string, unknown>;

/** The tracks of this chain, with its own periods, in order of their numbers. */
export function tracksOf(api: ApiPromise): Track[] {
	const list = api.consts["referenda"]?.["tracks"]?.toJSON();
	if (!Array.isArray(list)) throw new Error("this chain has no referenda");
	return (list as [unknown, Json][]).map(([id, info]) => ({
		id: Number(id),
		name: nameOf(info["name"]),
		maxDeciding: Number(info["maxDeciding"]),
		decisionDeposit: big(info["decisionDeposit"]),
		prepare: Number(info["preparePeriod"]),
		decision: Number(info["decisionPeriod"]),
		confirm: Number(info["confirmPeriod"]),
		enactment: Number(info["minEnactmentPeriod"]),
		approval: info["minApproval"] as Curve,
		support: info["minSupport"] as Curve,
	}));
}

/** The track of a number or a name. */
export function trackOf(api: ApiPromise, which: string | number): Track {
	const tracks = tracksOf(api);
	const wanted = String(which).replaceAll("-", "_");
	const found = tracks.find(({ id, name }) => String(id) === wanted || name === wanted);
	if (found) return found;
	throw new Error(`no track ${which}; there are: ${tracks.map(({ name }) => name).join(", ")}`);
}

/** Metadata has names as text, padded with zeros or not. */
function nameOf(value: unknown): string {
	const text = String(value);
	const plain = text.startsWith("0x") ? Buffer.from(text.slice(2), "hex").toString() : text;
	return plain.replace(/\0+$/, "");
}

/** What the curve asks for at `x`, both in billionths, rounded as the chain does. */
export function threshold(curve: Curve, x: bigint): bigint {
	if ("linearDecreasing" in curve) {
		const { length, floor, ceil } = curve.linearDecreasing;
		const span = big(ceil) - big(floor);
		const gone = x < big(length) ? (x * BILLION) / big(length) : BILLION;
		return big(ceil) - (gone * span) / BILLION;
	}
	if ("steppedDecreasing" in curve) {
		const { begin, end, step, period } = curve.steppedDecreasing;
		const fallen = big(begin) - big(step) * (x / big(period));
		return fallen > big(end) ? fallen : big(end);
	}
	const { factor, xOffset, yOffset } = curve.reciprocal;
	const at = x + big(xOffset);
	if (at === 0n) return BILLION;
	const y = floorDiv(big(factor) * BILLION, at) + big(yOffset);
	return y < 0n ? 0n : y > BILLION ? BILLION : y;
}

function floorDiv(a: bigint, b: bigint): bigint {
	const quotient = a / b;
	return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Seconds between blocks. */
export function blockSeconds(api: ApiPromise): number {
	return Number(big(api.consts["babe"]!["expectedBlockTime"]!)) / 1000;
}

/** One BLST in its smallest unit. */
export function wholeToken(api: ApiPromise): bigint {
	return 10n ** BigInt(api.registry.chainDecimals[0] ?? 12);
}

/** A period in the largest unit that it is a multiple of. */
function period(blocks: number, seconds: number): string {
	const units = [
		[86_400, "d"],
		[3_600, "h"],
		[60, "min"],
	] as const;
	const found = units.find(([length]) => (blocks * seconds) % length === 0);
	return found ? `${(blocks * seconds) / found[0]} ${found[1]}` : `${blocks} ${blocks === 1 ? "block" : "blocks"}`;
}

/** What a curve asks for at the beginning and at the end. */
function ends(curve: Curve): string {
	const percent = (x: bigint) => `${(Number(threshold(curve, x)) / 1e7).toFixed(1)}%`;
	return `${percent(0n)} to ${percent(BILLION)}`;
}

/** The tracks of this chain as the table of `docs/governance.md`. */
export function table(api: ApiPromise): string {
	const seconds = blockSeconds(api);
	const rows = tracksOf(api).map((track) => {
		const periods = [track.prepare, track.decision, track.confirm, track.enactment];
		const cells = [
			track.id,
			`\`${track.name}\``,
			track.maxDeciding,
			track.decisionDeposit / wholeToken(api),
			...periods.map((blocks) => period(blocks, seconds)),
			ends(track.approval),
			ends(track.support),
		];
		return `| ${cells.join(" | ")} |\n`;
	});
	return (
		"| | track | deciding | deposit, BLST | preparation | decision | confirmation | enactment | approval | support |\n" +
		"|---:|---|---:|---:|---:|---:|---:|---:|---|---|\n" +
		rows.join("")
	);
}
