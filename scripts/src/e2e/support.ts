// What the end-to-end tests share: nodes that are stopped whatever happens, and refusals.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiPromise } from "@polkadot/api";
import { connect, Refused, sleep } from "../lib/chain.ts";
import { BINARY, NodeProcess, type NodeOptions } from "../lib/node.ts";

export interface Running {
	node: NodeProcess;
	api: ApiPromise;
}

/** Runs `body` with started nodes; stops them all at the end and shows their logs on failure. */
export async function withNodes(
	body: (start: (options: NodeOptions) => Promise<Running>) => Promise<void>,
): Promise<void> {
	const running: Running[] = [];
	const start = async (options: NodeOptions): Promise<Running> => {
		const node = await NodeProcess.start(options);
		try {
			const one = { node, api: await connect(node.url) };
			running.push(one);
			return one;
		} catch (error) {
			showLog(node);
			await node.stop();
			throw error;
		}
	};
	try {
		await body(start);
	} catch (error) {
		for (const { node } of running) showLog(node);
		throw error;
	} finally {
		for (const { node, api } of running) {
			await api.disconnect().catch(() => undefined);
			await node.stop();
		}
	}
}

/**
 * Runs `body` with the file of a development chain's specification in which a block is worth so many
 * seconds of market time; prices stay usable for as many blocks as before.
 */
export async function withClock(
	seconds: number,
	body: (chain: string) => Promise<void>,
): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "ballast-chain-"));
	try {
		const command = ["export-chain-spec", "--chain", "dev"];
		const maxBuffer = 1 << 28;
		const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
		let spec = execFileSync(BINARY, command, { maxBuffer, stdio }).toString();
		// As text: JSON in JavaScript would round balances.
		const block = Number(/"perBlock":\s*\{\s*"seconds":\s*(\d+)/.exec(spec)?.[1]);
		assert.ok(block > 0, "the development chain has another clock");
		spec = spec.replace(/("perBlock":\s*\{\s*"seconds":\s*)\d+/, `$1${seconds}`);
		spec = spec.replace(
			/("(?:raw|spot)_age_max":\s*)(\d+)/g,
			(_, name: string, age: string) => `${name}${(Number(age) / block) * seconds}`,
		);
		const file = join(folder, "chain.json");
		writeFileSync(file, spec);
		await body(file);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function showLog(node: NodeProcess): void {
	const lines = readFileSync(node.logFile, "utf8").split("\n").slice(-40);
	console.error(`--- end of ${node.logFile}\n${lines.join("\n")}`);
}

/** Asserts that the action is refused with this condition (`section.Name`), and says so. */
export async function refuses(
	condition: string,
	action: () => Promise<unknown>,
	saying = /(?:)/,
): Promise<void> {
	let outcome: unknown;
	try {
		await action();
	} catch (error) {
		outcome = error;
	}
	assert.ok(outcome instanceof Refused, `expected ${condition}, got ${String(outcome ?? "success")}`);
	assert.equal(outcome.condition, condition, outcome.message);
	assert.match(outcome.message, saying);
}

/** Waits until `probe` gives something, asking every half second. */
export async function eventually<T>(
	what: string,
	timeoutMs: number,
	probe: () => Promise<T | undefined>,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const value = await probe().catch(() => undefined);
		if (value !== undefined) return value;
		if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
		await sleep(500);
	}
}
